// nuScenes-lidarseg and -panoptic: a class for each point of the key frames' lidar sweeps, and
// which thing it hit, as the devkit has them [Fong et al. 2022, nuscenes-devkit
// docs/instructions_lidarseg.md]: the tables `lidarseg` and `panoptic`, a byte a point in
// lidarseg/VERSION/TOKEN_lidarseg.bin, 1000 times the class plus the number of the thing, or plus
// 0, in panoptic/VERSION/TOKEN_panoptic.npz, and the column `index` of `category`.
//
// The files lie in their scenes' folders, as scenes are written whole or not at all; `assemble`
// links them to where the devkit looks for them.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sensors/dataset/formats.h"

namespace huntsman::sensors::dataset::nuscenes {

// A table, and the folder and ending of its files.
struct PointTable {
    const char* name;
    const char* ending;
};
constexpr std::array<PointTable, 2> kPointTables = {{{"lidarseg", "bin"}, {"panoptic", "npz"}}};

// The 32 categories by index: 0 noise, 1 to 23 things with boxes, 24 to 31 all else.
std::span<const char* const> lidarseg_categories();
// The index of what a point hit; `kind` is the archetype's name, empty where there is no label.
std::uint8_t lidarseg_index(engine::world::Semantic semantic, const std::string& kind);

// Of a scene: the row of a sweep, and its file's name within the scene's folder.
Json point_row(const PointTable& table, const std::string& sample_data_token);
std::string point_file(const PointTable& table, const std::string& sample_data_token);

// Things by class, in the order of their first points in the scene: the number of one is its place
// plus 1. A class's thousandth and later ones have the number 0.
using ThingNumbers = std::map<std::uint8_t, std::vector<engine::world::ActorId>>;
Json thing_numbers_to_json(const ThingNumbers& numbers);
ThingNumbers thing_numbers_from_json(const Json& json);  // throws BadField

// Contents of the files of both tables. Vehicles and people are things.
std::array<std::string, kPointTables.size()> point_bytes(const labels::Sample& sample,
                                                         ThingNumbers& numbers);
// Gives each point a word: the first class that has this index, such as `building` for
// static.manmade, and the actor where the point hit a thing.
engine::core::Status read_points(const std::filesystem::path& scene_folder,
                                 const std::string& sample_data_token, const ThingNumbers& numbers,
                                 labels::LidarSweep& sweep);
// Cars and vans share an index: points take the class of the box of their actor.
void refine_points(labels::Sample& sample);

// Tables and folders of the whole set; none where no scene has a sweep.
engine::core::Status assemble_points(FileSet& files, const std::filesystem::path& dataset,
                                     const std::vector<SceneRecord>& scenes);

// Whether tables, files and scenes agree: each key frame's sweep has one row and one file of each
// table, which is the scene's, and there are no others.
void check_point_tables(const std::filesystem::path& dataset, const Manifest& manifest,
                        std::span<const Json> sample_data, Findings& findings);

// Points of vehicles and people lie in a box of their class, and each box holds the points that its
// row counts. Points were measured during a turn of 50 ms before the sample: a box is moved to each
// moment. Points beyond the labelled range are passed over.
void check_points(const labels::Sample& sample,
                  const std::function<void(const std::string& what)>& report);

}  // namespace huntsman::sensors::dataset::nuscenes
