// What all formats share about a scene's folder: files with their hashes, scene.json, and the
// checks on samples that come in.
#pragma once

#include <set>

#include "sensors/dataset/dataset.h"
#include "sensors/dataset/fields.h"
#include "sensors/dataset/file_set.h"

namespace huntsman::sensors::dataset {

struct FileRecord {
    std::string path;  // relative to the scene's folder
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;  // XXH3 of the content; of archives the chain of their members
};

// scene.json.
struct SceneRecord {
    std::string format;
    int format_version = 0;
    std::string name;
    std::uint64_t seed = 0;
    std::string scenario, description;
    Values conditions;
    std::uint64_t samples = 0;
    std::int64_t first_us = 0, last_us = 0;  // of samples
    std::vector<FileRecord> files;
    Json extra;  // the format's own
    std::uint64_t bytes() const;
};
engine::core::Result<SceneRecord> read_scene(const std::filesystem::path& folder);

// huntsman.json.
struct SceneEntry {
    std::string name;
    std::uint64_t seed = 0;
    std::string scenario, description, split;
    Values conditions;
    std::uint64_t samples = 0, bytes = 0;
    std::uint64_t hash = 0;  // of scene.json
};
struct Manifest {
    std::string format;
    int format_version = 0;
    Options options;
    DatasetInfo info;
    std::vector<SceneEntry> scenes;  // by name
    std::vector<FileRecord> files;   // what spans scenes; paths relative to the dataset
};
engine::core::Result<Manifest> read_manifest(const std::filesystem::path& dataset);
// Reads the scenes that were asked for, in order of name, each once.
engine::core::Result<std::vector<SceneRecord>> read_scenes(const std::filesystem::path& dataset,
                                                           const Format& format,
                                                           std::span<const std::string> names);

// Of the scenes in order of their seeds, the second of each five is for validation: two scenes have
// one of each, and seeds that are added behind leave those before them where they are.
std::set<std::string> validation_scenes(std::span<const SceneRecord> scenes);
inline const char* split_of(const std::set<std::string>& validation, const std::string& scene) {
    return validation.count(scene) > 0 ? "val" : "train";
}

std::string place_of(const SceneInfo& scene);  // what was drawn, or the scenario

// huntsman.json without scenes, of a dataset that begins; and that of these scenes and of all files
// that were added before it.
engine::core::Status begin_manifest(const std::filesystem::path& dataset, const Format& format,
                                    const DatasetInfo& info);
engine::core::Status add_manifest(FileSet& files, const std::filesystem::path& dataset,
                                  const Format& format, const DatasetInfo& info,
                                  const std::vector<SceneRecord>& scenes);
Json to_json(const Options& options);

// tables/NAME.jsonl in a scene's folder, and its rows; throws BadField, which names the line.
std::filesystem::path table_path(const std::filesystem::path& folder, const std::string& table);
std::vector<Json> table_rows(const std::filesystem::path& table);

// The beginning of every writer: names are checked, the folder made.
class SceneFolder {
  public:
    static engine::core::Result<SceneFolder> create(const Format& format, const SceneInfo& scene,
                                                    const std::filesystem::path& folder);
    const std::filesystem::path& path() const { return path_; }
    const SceneRecord& record() const { return record_; }
    Json& extra() { return record_.extra; }

    // To be called first for each sample: order of time, shapes of pictures and labels.
    engine::core::Status accept(const labels::Sample& sample);
    engine::core::Status write(const std::string& file, std::string_view content);
    // For a file that was written by other means.
    void note(const FileRecord& file) { record_.files.push_back(file); }
    engine::core::Status finish();

  private:
    std::filesystem::path path_;
    SceneRecord record_;
    bool finished_ = false;
};

// A writer of a new folder, made from the folder and `arguments`.
template <typename Writer, typename... Arguments>
engine::core::Result<std::unique_ptr<SceneWriter>> open_writer(const Format& format,
                                                               const SceneInfo& scene,
                                                               const std::filesystem::path& folder,
                                                               const Arguments&... arguments) {
    HM_TAKE(SceneFolder made, SceneFolder::create(format, scene, folder));
    return std::unique_ptr<SceneWriter>(std::make_unique<Writer>(std::move(made), arguments...));
}

// Letters, digits, '-' and '_' only: fit for file names everywhere.
bool is_plain_name(const std::string& name);

}  // namespace huntsman::sensors::dataset
