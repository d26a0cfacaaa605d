// What the 3D view shows: map, actors, signals, what the driver perceived.
#pragma once

#include <set>

#include "bridge/loop/session.h"
#include "foxglove/CameraCalibration.pb.h"
#include "foxglove/FrameTransforms.pb.h"
#include "foxglove/PosesInFrame.pb.h"
#include "foxglove/SceneUpdate.pb.h"

namespace huntsman::bridge::trace::fox {

// Lanes' borders and centres, crossings and paint with a meaning, in W. It does not change.
foxglove::SceneUpdate map_scene(const engine::world::World& world, engine::core::TimeUs time_us);

// Boxes of actors that sensors may see and, of those in `before` that are gone, deletions; `before`
// becomes those of now. Parked vehicles come with the first.
foxglove::SceneUpdate actor_scene(const loop::FrameView& view, bool first,
                                  std::set<engine::world::ActorId>& before);

// A ball of its colour at each signal head.
foxglove::SceneUpdate signal_scene(const loop::FrameView& view);

// What the driver perceived, in the ego's frame; first takes away what was there before.
foxglove::SceneUpdate perceived_scene(const loop::FrameView& view);

// W to the ego, and the ego to its cameras.
foxglove::FrameTransforms transforms(const loop::FrameView& view);

// The planned trajectory, and the route ahead; in the ego's frame.
foxglove::PosesInFrame plan(const loop::FrameView& view);
foxglove::PosesInFrame route(const loop::FrameView& view);

// Intrinsics under OpenCV's names and pixel coordinates, as Foxglove wants them: smaller by 0.5
// than ours. False for lenses that it has no model of: f-theta, equirectangular, and pinholes with
// thin-prism coefficients.
bool set_calibration(const engine::world::Camera& camera, engine::core::TimeUs time_us,
                     foxglove::CameraCalibration& to);

}  // namespace huntsman::bridge::trace::fox
