// Optical flow between two pictures of one camera, from depth and the motion of what each pixel
// shows: exact, not estimated.
#pragma once

#include "engine/world/state.h"
#include "sensors/capture/motion.h"
#include "sensors/capture/resample.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// A picture with what is needed to follow its points to another moment.
struct PictureAt {
    const CameraSample* sample = nullptr;
    const engine::world::State* state = nullptr;
    const capture::SceneMotion* twists = nullptr;
    capture::CameraMotion motion;
};

// Fills rows [first, last) of `flow` (height × width × 2): where the point that a pixel of `from`
// shows lies in `to`, minus the pixel. NaN where it is outside, hidden, or no longer there.
//
// A point counts as seen in `to` if one of the four pixels around it shows the same thing at its
// depth, within 2 % and 5 cm.
void flow_rows(const engine::world::World& world, const PictureAt& from, const PictureAt& to,
               int first, int last, std::vector<float>& flow);

}  // namespace huntsman::sensors::labels
