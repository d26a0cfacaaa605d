// The formats behind the seams of dataset.h and read.h.
#pragma once

#include "sensors/dataset/read.h"
#include "sensors/dataset/scene_folder.h"

namespace huntsman::sensors::dataset {

std::unique_ptr<Format> make_nuscenes(const Options& options);
std::unique_ptr<Format> make_kitti(const Options& options);
std::unique_ptr<Format> make_coco(const Options& options);
std::unique_ptr<Format> make_webdataset(const Options& options);
std::unique_ptr<Format> make_video(const Options& options);

// Reads one scene back; const and safe on several threads.
class SceneReader {
  public:
    virtual ~SceneReader() = default;
    virtual std::size_t count() const = 0;
    virtual engine::core::Result<labels::Sample> read(std::size_t index) const = 0;
};
using SceneReaderResult = engine::core::Result<std::unique_ptr<SceneReader>>;
SceneReaderResult read_nuscenes(const std::filesystem::path& folder, const SceneRecord& scene);
SceneReaderResult read_kitti(const std::filesystem::path& folder, const SceneRecord& scene);
SceneReaderResult read_coco(const std::filesystem::path& folder, const SceneRecord& scene);
SceneReaderResult read_webdataset(const std::filesystem::path& folder, const SceneRecord& scene);
SceneReaderResult read_video(const std::filesystem::path& folder, const SceneRecord& scene);

// Appends what is wrong with the files that span scenes.
using Findings = std::vector<Finding>;
void check_nuscenes(const std::filesystem::path& dataset, const Manifest& manifest,
                    Findings& findings);
void check_kitti(const std::filesystem::path& dataset, const Manifest& manifest,
                 Findings& findings);
void check_coco(const std::filesystem::path& dataset, const Manifest& manifest, Findings& findings);
void check_webdataset(const std::filesystem::path& dataset, const Manifest& manifest,
                      Findings& findings);

// A pinhole without distortion: all that a matrix can state.
bool is_ideal(const engine::world::Lens& lens);

// The error of `what` with the place in front of it.
engine::core::Error at_place(const std::filesystem::path& file, const std::string& place,
                             const engine::core::Error& what);

}  // namespace huntsman::sensors::dataset
