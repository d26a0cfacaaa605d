// Pictures in the size and format that a driver asks for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/messages/drive.pb.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::rpc {

// One camera as the driver is given it.
struct Given {
    std::size_t camera = 0;  // in the rig
    int width = 0, height = 0;
    std::uint64_t offset = 0;  // of its pixels from those of the first camera
    std::uint64_t bytes() const {
        return 3ULL * static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
    }
};

// The cameras that `wants` names, in its order. Errors, one sentence: no such camera, one named
// twice, sizes beyond those of cameras, an unknown format.
engine::core::Result<std::vector<Given>> given_cameras(const messages::Wants& wants,
                                                       const engine::world::Rig& rig);

// `rgb` is height × width × 3 of the camera; `out` has given.bytes(). A smaller size takes the mean
// of the area that each pixel covers, rounded; a larger one the nearest pixel. Cost: a copy, or for
// another size a pass over the picture.
void write_picture(const driver::CameraPicture& picture, const Given& given,
                   messages::PixelFormat format, std::span<std::uint8_t> out);

// The camera without pixels, with the intrinsics of a picture of this size.
void describe_camera(const engine::world::Camera& camera, int width, int height,
                     messages::CameraImage& message);

}  // namespace huntsman::bridge::rpc
