// What writer and reader of nuScenes share: tokens, tables and the map mask. The layout is that of
// the nuScenes schema [Caesar et al. 2020, nuscenes-devkit docs/schema_nuscenes.md].
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>

#include "engine/core/time.h"
#include "sensors/dataset/fields.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset::nuscenes {

constexpr char kTables[] = "v1.0-huntsman";  // folder, and version for the devkit
constexpr engine::core::TimeUs kKeyPeriod_us = 500'000;
// Microseconds since 1970 at a scene's time 0; no scene has a date of its own.
constexpr std::int64_t kEpoch_us = 1'600'000'000'000'000;
constexpr char kLidarChannel[] = "LIDAR_TOP";

// Tables of a scene, as lines in tables/NAME.jsonl, and those that `assemble` makes.
constexpr std::array<const char*, 8> kSceneTables = {
    "instance", "calibrated_sensor", "ego_pose",         "log", "scene",
    "sample",   "sample_data",       "sample_annotation"};
constexpr std::array<const char*, 5> kSharedTables = {"category", "attribute", "visibility",
                                                      "sensor", "map"};

// Whether a sample is a key frame: the first one, and the first of each half second.
bool is_key_frame(engine::core::TimeUs previous_us, engine::core::TimeUs time_us);

// 32 hexadecimal digits from what the row is about.
template <typename... Parts>
std::string token(const char* table, const Parts&... parts);
std::string token_of_text(const std::string& text);
template <typename... Parts>
std::string token(const char* table, const Parts&... parts) {
    std::string text = table;
    ((text += fmt::format("|{}", parts)), ...);
    return token_of_text(text);
}

// 1: up to 40 % visible, 2: to 60, 3: to 80, 4: more.
int visibility_level(double visible_share);

// Where cars may drive, 10 pixels a metre, row 0 in the north: the devkit's map mask, whose frame M
// has its origin in the south-west corner. At most `kMaskReach_m` from the ego's start.
constexpr double kMaskReach_m = 400;
struct MapMask {
    engine::math::Vec3 p_MW{0, 0, 0};  // added to points of W
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;  // 255 drivable
};
MapMask map_mask(const engine::world::World& world);

}  // namespace huntsman::sensors::dataset::nuscenes
