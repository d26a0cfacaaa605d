// Drivers that run a network in process.
#pragma once

#include <filesystem>
#include <memory>

#include "bridge/driver/driver.h"

namespace huntsman::bridge::torch {

// The shipped perception network, a tracker and the shared planner. Pictures of any size are
// reduced to the network's input; the lift follows the cameras' own calibration.
engine::core::Result<std::unique_ptr<driver::Driver>> make_network_driver(
    const std::filesystem::path& network);

// Anyone's TorchScript network. The contract, all tensors on the CPU:
//
//   forward(images      uint8   [cameras, 3, height, width]   sRGB
//           intrinsics  float32 [cameras, 4]                  fx, fy, cx, cy [px]
//           extrinsics  float32 [cameras, 4, 4]               X_BC
//           motion      float32 [5]   speed, yaw rate, acceleration x, y, steering [m/s, rad/s, …]
//           route       float32 [80, 5]  x, y, heading, speed limit, 1 in junctions; each metre
//           ahead
//          ) -> control, or (control, objects)
//   control  float32 [3]     steering [rad, left positive], throttle 0..1, brake 0..1
//            float32 [T, 5]  trajectory: t, x, y, heading, speed; t strictly increasing, T >= 2
//   objects  float32 [N, 10] class (1 vehicle, 2 pedestrian), score, x, y, z, length, width,
//   height,
//                            yaw, speed along yaw
//
// The file is tried with a blank observation of `cameras` pictures of the given size when it is
// opened; a mismatch says what was expected and what came.
engine::core::Result<std::unique_ptr<driver::Driver>> make_contract_driver(
    const std::filesystem::path& file, int cameras, int width, int height);

// For `huntsman doctor`; an error where LibTorch cannot be loaded.
struct TorchReport {
    std::string version;
    int threads = 0;  // that it is told to use for inference
};
engine::core::Result<TorchReport> torch_report();

}  // namespace huntsman::bridge::torch
