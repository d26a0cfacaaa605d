// A camera's picture as lines are drawn over it: where points fall at the moment their line is
// exposed, and what the picture shows before them.
#pragma once

#include <span>

#include "sensors/capture/motion.h"
#include "sensors/capture/resample.h"
#include "sensors/labels/sample.h"
#include "sensors/lens/model.h"
#include "sensors/overlay/canvas.h"

namespace huntsman::sensors::overlay {

using labels::CameraSample;
using labels::Sample;

// A point in the picture.
struct Spot {
    Vec2 pixel{0, 0};
    double depth_m = 0;  // as the picture's depth is measured, at the moment of the point's line
};

// What becomes of the parts of a line that lie behind what the picture shows.
enum class Behind : std::uint8_t { kLeftOut, kFaint, kDrawn };

struct Stroke {
    Rgb colour{255, 255, 255};
    int width = 1;
    Behind behind = Behind::kLeftOut;
    // The body that the line belongs to: it does not hide its own lines.
    labels::ActorId own = engine::world::kNoActor;
    bool faint = false;  // everywhere
};

class Eye {
  public:
    // Both must outlive it.
    Eye(const Sample& sample, const CameraSample& camera);

    const CameraSample& camera() const { return camera_; }
    const Vec3& p_W() const { return motion_.X_WC.p; }  // at the middle line's moment
    // Whether a pixel's place lies in the picture.
    bool within(const Vec2& pixel) const;

    // Where a point falls that is at p_W when the middle line is exposed and moves with v_W: under
    // a rolling shutter, at the moment its own line is. False where the lens does not see it or it
    // lies far outside of the picture.
    bool place(const Vec3& p_W, const Vec3& v_W, Spot& spot) const;
    bool place(const Vec3& p_W, Spot& spot) const { return place(p_W, Vec3(0), spot); }

    // Whether the picture shows something nearer there, by more than the tolerance below. Without
    // depth nothing is hidden; nor is what stands before a pixel of the body `own`.
    //
    // Compared is the farthest of 3×3 pixels, since a point of the road falls between pixels whose
    // depths differ by z² / (h f): 4 m at 60 m for eyes 1.4 m above the road with f = 680. In two
    // exported towns none of 44,000 points of lane lines on the road lay behind that, but for
    // those beyond a crest, which did so by 20 m and more. On top come 30 cm for the thickness of
    // signals and signs, and 2 % of the depth, which are 3 cm of height for those eyes.
    bool hidden(const Spot& spot, labels::ActorId own = engine::world::kNoActor) const;
    static double tolerance_m(double depth_m) { return 0.3 + 0.02 * depth_m; }

    // A line through points of W at the middle line's moment, bent as lens and shutter bend it, cut
    // into pieces of at most 2 px of which each is hidden or not. `twist` is how its body moves.
    // `closed` joins the last point to the first.
    void draw(Canvas& canvas, std::span<const Vec3> path_W, bool closed, const Stroke& stroke,
              const capture::Twist& twist = {}) const;

  private:
    void draw_piece(Canvas& canvas, const Vec3& a_W, const Spot& a, const Vec3& b_W, const Spot& b,
                    const Stroke& stroke, const capture::Twist& twist) const;

    const CameraSample& camera_;
    lens::Model lens_;
    capture::CameraMotion motion_;
    bool along_z_, rolling_;
};

}  // namespace huntsman::sensors::overlay
