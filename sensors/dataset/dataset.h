// Datasets on disk: one seam for all formats.
//
// A dataset is a folder:
//   huntsman.json          format, version, options, rig, scenes with what was drawn for them
//   scenes/NAME/           one scene: everything that it holds, and scene.json, written last
//   ...                    what spans scenes, made from them by `assemble` (docs/formats.md); sizes
//                          and hashes stand in huntsman.json
//
// A scene is written into a folder of its own, which whoever exports may give any name and rename
// to scenes/NAME when `finish` has succeeded; nothing in it knows its path. So a scene is there
// whole or not at all, scenes may be written by several threads or processes at once, and what
// `assemble` makes depends on the scenes' content alone, never on the order they came in, on the
// host or on the clock.
//
//   auto format = make_format("nuscenes", options);
//   prepare(folder, **format, info);
//   auto writer = (*format)->open_scene(scene, folder / "scenes" / ".writing-NAME");
//   (*writer)->add(sample); ...; (*writer)->finish();  rename
//   (*format)->assemble(folder, info, names);
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset {

// The file format of huntsman.json and scene.json.
constexpr int kDatasetVersion = 2;

// What a dataset holds, as far as its format has a place for it.
struct Options {
    int jpeg_quality = 95;         // 1..100
    bool lossless_images = false;  // PNG instead of JPEG; KITTI always
    bool depth = true, normals = true, flow = true;
    bool birds_eye = true, keypoints = true, lidar = true;
    bool raw = false, linear = false;  // mosaic and radiance before the sensor
    bool operator==(const Options&) const = default;
};

// What a sample given to a writer should hold; the rest may be left empty.
struct Wanted {
    bool ids = true, depth = false, normals = false, flow = false;
    bool birds_eye = false, keypoints = false, lidar = false, raw = false, linear = false;
};

// A JSON document as text.
struct Document {
    explicit Document(std::string text) : json(std::move(text)) {}
    std::string json;
    bool operator==(const Document&) const = default;
};
// What stands in a manifest under a name. Numbers survive to the last bit.
using Value = std::variant<std::string, double, std::int64_t, Document>;
using Values = std::map<std::string, Value>;
std::string text_of(const Value& value);  // for messages

// One run that becomes a scene. What `world` refers to must outlive the scene's writer.
struct SceneInfo {
    std::string name;  // letters, digits, '-' and '_', unique in the dataset
    std::uint64_t seed = 0;
    std::string scenario;
    const engine::world::World& world;
    std::string description;  // empty: what was drawn, in words
    Values conditions;        // what was drawn: "weather" → "rain", "vehicles" → 12, ...
};

// What was drawn, or what stands for it where it was not: "dusk, rain, 12 vehicles, 30 people,
// town".
std::string in_words(const Values& conditions, const std::string& light, const std::string& weather,
                     const std::string& scenario);

// What holds for all scenes of a dataset.
struct DatasetInfo {
    std::string name;  // of the folder, for manifests
    Values settings;   // how it was asked for: "seconds" → 20, ...
    engine::world::Rig rig;
};

// Takes samples in order of time and writes them as they come. Without a successful `finish` the
// scene is not there. After an error nothing more may be added.
class SceneWriter {
  public:
    virtual ~SceneWriter() = default;
    virtual engine::core::Status add(const labels::Sample& sample) = 0;
    virtual engine::core::Status finish() = 0;
};

class Format {
  public:
    virtual ~Format() = default;
    virtual std::string name() const = 0;  // "nuscenes", ...
    virtual int version() const = 0;       // of what it writes; other versions are refused
    const Options& options() const { return options_; }

    // What the sample of `time_us` should hold when the one before it was of `previous_us` (-1:
    // there was none). Only nuScenes asks for different things at different times.
    virtual Wanted wanted(engine::core::TimeUs previous_us, engine::core::TimeUs time_us) const = 0;

    // Whether it can hold what the rig's cameras see; asked before a dataset is begun.
    virtual engine::core::Status accepts(const engine::world::Rig&) const { return {}; }

    // `folder` is created and must not hold a scene yet. Pictures are encoded by `pool`, or by the
    // caller of `add` where there is none.
    virtual engine::core::Result<std::unique_ptr<SceneWriter>> open_scene(
        const SceneInfo& scene, const std::filesystem::path& folder,
        engine::core::JobPool* pool = nullptr) const = 0;

    // What readers of the tables will get wrong about this rig, a sentence each.
    virtual std::vector<std::string> caveats(const engine::world::Rig&) const { return {}; }

    // Writes what spans scenes from scenes/NAME of each of `scenes`, then huntsman.json. May be
    // done again when more scenes have come.
    virtual engine::core::Status assemble(const std::filesystem::path& dataset,
                                          const DatasetInfo& info,
                                          std::span<const std::string> scenes) const = 0;

  protected:
    explicit Format(const Options& options) : options_(options) {}

  private:
    Options options_;
};

// nuscenes, kitti, coco, webdataset, video; in this order.
std::span<const char* const> format_names();
engine::core::Result<std::unique_ptr<Format>> make_format(const std::string& name,
                                                          const Options& options);

// Creates the folder with a huntsman.json without scenes, or checks that what is there has the same
// format, versions, options, settings and rig, so that an export can be taken up again.
engine::core::Status prepare(const std::filesystem::path& dataset, const Format& format,
                             const DatasetInfo& info);

// Removes unfinished files that a killed export left beside the scenes. For the one that writes
// only.
engine::core::Status remove_leftovers(const std::filesystem::path& dataset);

// Names of the scenes that are there whole, sorted.
engine::core::Result<std::vector<std::string>> finished_scenes(
    const std::filesystem::path& dataset);

}  // namespace huntsman::sensors::dataset
