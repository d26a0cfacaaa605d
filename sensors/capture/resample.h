// From the views that were drawn to the picture on the image plane, with labels.
#pragma once

#include <span>

#include "sensors/capture/motion.h"
#include "sensors/capture/plan.h"
#include "sensors/capture/shot.h"

namespace huntsman::sensors::capture {

// Where a camera is and how it moves, at the middle line's moment.
struct CameraMotion {
    engine::math::RigidTransform X_WC;
    engine::math::Vec3 v_W{0, 0, 0}, w_W{0, 0, 0};  // of C's origin and of C
    engine::math::RigidTransform at(double after_s) const;
};

struct ShotParts {
    bool radiance = true, labels = true, velocity = false;
};

// Mends the depth of single pixels of bodies in a frame: where a triangle is thinner than a pixel a
// rasteriser extrapolates its depth. A pixel that is nearer, or farther, than all its neighbours of
// the same thing (three at least) by half a percent takes the depth of the closest of them.
void mend_slivers(engine::render::Frame& frame, int width);

// Fills rows [first, last) of a shot whose buffers already have their sizes. `frames` are those of
// the plan's views.
//
// Radiance is interpolated between four pixels of a view. What a pixel shows (id, normal) is that
// of the nearest one; its depth is interpolated, in 1/z, along the surface only, which is exact on
// planes. A pixel whose line is exposed a little before or after its view's moment is read from
// where its surface was then, found in two steps from the surface's own motion and the camera's.
void resample_rows(const CameraPlan& plan, const CameraMotion& camera, const SceneMotion& motion,
                   std::span<const engine::render::Frame> frames, const ShotParts& parts, int first,
                   int last, Shot& shot);

}  // namespace huntsman::sensors::capture
