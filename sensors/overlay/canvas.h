// A layer in the making, and lines through a lens.
#pragma once

#include <span>
#include <string_view>

#include "sensors/labels/sample.h"
#include "sensors/overlay/colours.h"
#include "sensors/overlay/overlay.h"

namespace huntsman::sensors::overlay {

using engine::core::Image;
using labels::CameraSample;
using labels::Sample;
using labels::Vec2;
using labels::Vec3;

// Draws in three channels on a colour that no label has, which becomes transparent in the end.
class Canvas {
  public:
    Canvas(int width, int height);
    Image& image() { return image_; }
    void line(const Vec2& a, const Vec2& b, const Rgb& colour, int width = 1);
    void disc(const Vec2& centre, double radius, const Rgb& colour);
    void ring(const Vec2& centre, double radius, const Rgb& colour);
    // On a dark ground, kept inside of the picture.
    void text(double x, double y, std::string_view text, const Rgb& colour);
    Image finished() const;  // RGBA

  private:
    Image image_;
};

// The place of a point of W in a camera's picture; false where the lens does not see it or it lies
// far outside.
bool pixel_of(const CameraSample& camera, const Vec3& p_W, Vec2& pixel);

// A line in W, bent as the lens bends it. `closed` joins the last point to the first.
void draw_path(Canvas& canvas, const CameraSample& camera, std::span<const Vec3> path_W,
               bool closed, const Rgb& colour, int width = 1);

// Whether the camera's picture shows a pixel of a road user or parked vehicle, as its labels say.
// Formats that tell of no pixels (nuscenes: which camera, kitti: how many) get the benefit of the
// doubt.
bool shows_object(const CameraSample& camera, const labels::ObjectLabel& object);

// All actors and objects of which the camera's picture has a pixel, sorted; empty without ids.
std::vector<labels::ActorId> actors_in(const CameraSample& camera);

void draw_dense(const CameraSample& camera, Layer layer, Canvas& canvas);
void draw_road(const Sample& sample, const CameraSample& camera, Layer layer, Canvas& canvas);
void draw_objects(const Sample& sample, const CameraSample& camera, Layer layer, Canvas& canvas);

}  // namespace huntsman::sensors::overlay
