// A layer in the making.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sensors/labels/sample.h"
#include "sensors/overlay/colours.h"
#include "sensors/overlay/overlay.h"

namespace huntsman::sensors::overlay {

using engine::core::Image;
using labels::CameraSample;
using labels::Sample;
using labels::Vec2;
using labels::Vec3;

class Eye;
constexpr std::uint8_t kFaintAlpha = 90;  // of what lies behind what the picture shows

// Draws in three channels on a colour that no label has, which becomes transparent in the end.
class Canvas {
  public:
    Canvas(int width, int height);
    Image& image() { return image_; }
    // Faint lines lie below all others.
    void line(const Vec2& a, const Vec2& b, const Rgb& colour, int width = 1, bool faint = false);
    void disc(const Vec2& centre, double radius, const Rgb& colour);
    void ring(const Vec2& centre, double radius, const Rgb& colour);
    // On a dark ground, kept inside of the picture and clear of other texts: a little above or
    // below where it should be if need be, left out where there is no room. So the most important
    // come first.
    void text(double x, double y, std::string_view text, const Rgb& colour);
    Image finished() const;  // RGBA

  private:
    struct Text {
        int left, top;
        std::string letters;
        Rgb colour;
    };
    std::vector<Text> texts_;  // drawn in the end, above all lines
    Image image_, faint_;      // the latter empty until something faint is drawn
};

// Whether the camera's picture shows a pixel of a road user or parked vehicle, as its labels say.
// Formats that tell of no pixels (nuscenes: which camera, kitti: how many) get the benefit of the
// doubt.
bool shows_object(const CameraSample& camera, const labels::ObjectLabel& object);

// All actors and objects of which the camera's picture has a pixel, sorted; empty without ids.
std::vector<labels::ActorId> actors_in(const CameraSample& camera);

// Names and colours of classes, at the bottom.
using ClassSet = std::array<bool, 32>;
void draw_legend(const ClassSet& present, Canvas& canvas);

void draw_dense(const CameraSample& camera, Layer layer, Canvas& canvas);
void draw_road(const Sample& sample, const Eye& eye, Layer layer, Canvas& canvas);
void draw_objects(const Sample& sample, const Eye& eye, Layer layer, Canvas& canvas);

}  // namespace huntsman::sensors::overlay
