// nuScenes-lidarseg: a class for each point of the key frames' lidar sweeps, as the devkit has it
// [Fong et al. 2022, nuscenes-devkit docs/instructions_lidarseg.md]: the table `lidarseg`, one byte
// a point in lidarseg/VERSION/TOKEN_lidarseg.bin, and the column `index` of `category`.
//
// The files lie in their scenes' folders, as scenes are written whole or not at all; `assemble`
// links them to where the devkit looks for them.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "sensors/dataset/formats.h"

namespace huntsman::sensors::dataset::nuscenes {

constexpr char kLidarseg[] = "lidarseg";  // the table, and the folder

// The 32 categories by index: 0 noise, 1 to 23 things with boxes, 24 to 31 all else.
std::span<const char* const> lidarseg_categories();
// The index of what a point hit; `kind` is the archetype's name, empty where there is no label.
std::uint8_t lidarseg_index(engine::world::Semantic semantic, const std::string& kind);

// Of a scene: the row of a sweep, the file's name within the scene's folder, and its content.
Json lidarseg_row(const std::string& sample_data_token);
std::string lidarseg_file(const std::string& sample_data_token);
std::string lidarseg_bytes(const labels::Sample& sample);
// Gives each point the word of a class with this index: the first of those that share it, such as
// `building` for static.manmade, and no actor.
engine::core::Status read_lidarseg(const std::filesystem::path& file, labels::LidarSweep& sweep);

// Table and folder of the whole set; none where no scene has a sweep.
engine::core::Status assemble_lidarseg(const std::filesystem::path& dataset,
                                       const std::vector<SceneRecord>& scenes);

// Whether table, files and scenes agree: each key frame's sweep has one row and one file, which is
// the scene's, and there are no others.
void check_lidarseg(const std::filesystem::path& dataset, const Manifest& manifest,
                    std::span<const Json> sample_data, Findings& findings);

// Points of vehicles and people lie in a box of their class, and each box holds the points that its
// row counts. Points were measured during a turn of 50 ms before the sample: a box is moved to each
// moment. Points beyond the labelled range are passed over.
void check_points(const labels::Sample& sample,
                  const std::function<void(const std::string& what)>& report);

}  // namespace huntsman::sensors::dataset::nuscenes
