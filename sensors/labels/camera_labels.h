// Labels of one camera's picture: what its pixels show, and every object as this camera has it.
#pragma once

#include "sensors/capture/motion.h"
#include "sensors/capture/resample.h"
#include "sensors/labels/bodies.h"

namespace huntsman::sensors::labels {

// Normals in C of a shot's shape words: × 3; zero for sky.
void decode_normals(const CameraSample& sample, const capture::CameraMotion& motion,
                    std::span<const std::uint32_t> shape, std::vector<float>& normals_C);

// The objects of `labels` that this camera sees or would see if nothing hid them. Without `amodal`
// only visible pixels are counted, and those count as all. `plan` is the shot's, if known.
std::vector<ObjectInCamera> label_camera(
    const Bodies& bodies, const engine::world::State& state, const capture::SceneMotion& twists,
    const capture::CameraMotion& motion, std::span<const ObjectLabel> labels,
    const CameraSample& sample, const capture::CameraPlan* plan, bool amodal, double lod_error_px);

}  // namespace huntsman::sensors::labels
