// The formats behind the seams of dataset.h and read.h.
#pragma once

#include "sensors/dataset/read.h"
#include "sensors/dataset/scene_folder.h"

namespace huntsman::sensors::dataset {

// Reads one scene back; const and safe on several threads.
class SceneReader {
  public:
    virtual ~SceneReader() = default;
    virtual std::size_t count() const = 0;
    virtual engine::core::Result<labels::Sample> read(std::size_t index) const = 0;
};
using SceneReaderResult = engine::core::Result<std::unique_ptr<SceneReader>>;

// Something that is wrong with the files that span scenes.
using Findings = std::vector<Finding>;

// Each format has a folder and a namespace of its own, with its writer, its reader of one scene's
// folder and, where it has files that span scenes, the check that appends what is wrong with them.
namespace nuscenes {
std::unique_ptr<Format> make_format(const Options& options);
SceneReaderResult open_reader(const std::filesystem::path& folder, const SceneRecord& scene);
void check_files(const std::filesystem::path& dataset, const Manifest& manifest,
                 Findings& findings);
}  // namespace nuscenes
namespace kitti {
std::unique_ptr<Format> make_format(const Options& options);
SceneReaderResult open_reader(const std::filesystem::path& folder, const SceneRecord& scene);
void check_files(const std::filesystem::path& dataset, const Manifest& manifest,
                 Findings& findings);
}  // namespace kitti
namespace coco {
std::unique_ptr<Format> make_format(const Options& options);
SceneReaderResult open_reader(const std::filesystem::path& folder, const SceneRecord& scene);
void check_files(const std::filesystem::path& dataset, const Manifest& manifest,
                 Findings& findings);
}  // namespace coco
namespace webdataset {
std::unique_ptr<Format> make_format(const Options& options);
SceneReaderResult open_reader(const std::filesystem::path& folder, const SceneRecord& scene);
void check_files(const std::filesystem::path& dataset, const Manifest& manifest,
                 Findings& findings);
}  // namespace webdataset
namespace video {
std::unique_ptr<Format> make_format(const Options& options);
SceneReaderResult open_reader(const std::filesystem::path& folder, const SceneRecord& scene);
}  // namespace video

// A pinhole without distortion: all that a matrix can state.
bool is_ideal(const engine::world::Lens& lens);

// The error of `what` with the place in front of it.
engine::core::Error at_place(const std::filesystem::path& file, const std::string& place,
                             const engine::core::Error& what);

}  // namespace huntsman::sensors::dataset
