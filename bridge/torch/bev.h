// The bird's-eye-view network's geometry: its grid on the ground, the fixed lift from pictures to
// the grid, and the coding of boxes and signal crops. No LibTorch here.
//
// Grid: kRows cells along x (forward) and kColumns along y (left) of kCell_m each in the body
// frame; cell (i, j) is centred at x = kX0_m + (i + ½)·kCell_m, y = kY0_m + (j + ½)·kCell_m.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "bridge/messages/huntsman.pb.h"
#include "engine/core/image.h"
#include "engine/math/transform.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::torch {

constexpr int kRows = 64, kColumns = 50;
constexpr double kCell_m = 1.2;
constexpr double kX0_m = -30.0, kY0_m = -30.0;
constexpr std::array<double, 4> kHeights_m = {0.2, 0.9, 1.6, 2.6};

constexpr int kInputWidth = 128, kInputHeight = 80;  // of each camera's reduced picture
constexpr int kFeatureStride = 4;                    // of the features that are lifted
constexpr int kCropSide = 32;                        // of a signal head's picture

// Channels of the network's map.
enum Channel {
    kHeatVehicle,
    kHeatPerson,
    kOffsetX,
    kOffsetY,
    kLogLength,
    kLogWidth,
    kLogHeight,
    kSinYaw,
    kCosYaw,
    kHeightZ,
    kChannels
};

struct CameraGeometry {
    int width = 0, height = 0;  // pixels of the picture as it came
    engine::world::Lens lens;
    engine::math::RigidTransform X_BC;
};
CameraGeometry geometry_of(const engine::world::Camera& camera);

// A sparse matrix in bags: row r of the lifted tensor (cell-major: (i·kColumns + j)·heights + k) is
// the weighted sum of feature rows index[offset[r] .. offset[r+1]). A feature row is
// (camera·feature height + y)·feature width + x. Cells that no camera sees have an empty bag.
struct Lift {
    std::vector<std::int64_t> index;
    std::vector<std::int64_t> offset;
    std::vector<float> weight;
};
Lift make_lift(std::span<const CameraGeometry> cameras);

// Area-averaged reduction to 3 × kInputHeight × kInputWidth, planes, 8 bit.
void reduce_picture(const std::uint8_t* rgb, int width, int height, std::uint8_t* planes);

// The square around a mapped signal head in the camera that shows it largest, as
// 3 × kCropSide × kCropSide planes. False where no camera shows it at 5 pixels height or more, or
// where it is seen from behind.
struct CropPlace {
    int camera = -1;
    double u = 0, v = 0;   // centre [px]
    double side_px = 0;    // of the square
    double height_px = 0;  // of the head
};
bool place_crop(const messages::SignalPlace& head, std::span<const CameraGeometry> cameras,
                CropPlace& place);
void cut_crop(const std::uint8_t* rgb, int width, int height, const CropPlace& place,
              std::uint8_t* planes);

// Peaks of the two heat maps (after the sigmoid) with their boxes, as a Perception's objects, best
// first. `maps` is kChannels × kRows × kColumns.
void decode_boxes(std::span<const float> maps, double lowest_score,
                  messages::Perception& perception);

// A true object for training, in the body frame.
struct TrainingBox {
    bool person = false;
    std::uint8_t unused[3] = {};
    float x_m = 0, y_m = 0, z_m = 0, length_m = 0, width_m = 0, height_m = 0, yaw_rad = 0;
    bool ignore = false;  // hardly visible: no reward and no penalty there
    std::uint8_t unused_too[3] = {};
};
// Shards hold it as it is: without padding, whose bytes are not determined.
static_assert(sizeof(TrainingBox) == 2 * 4 + 7 * sizeof(float));
// Target maps of the same shape as the network's, and masks: `box_mask` (kRows × kColumns) is 1 at
// centres, `heat_mask` (2 × kRows × kColumns) is 0 where nothing may be learned.
struct Target {
    std::vector<float> maps, box_mask, heat_mask;
};
void make_target(std::span<const TrainingBox> boxes, Target& target);

}  // namespace huntsman::bridge::torch
