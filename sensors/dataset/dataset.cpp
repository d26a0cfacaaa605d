#include "sensors/dataset/dataset.h"

#include <algorithm>
#include <array>

#include "engine/core/files.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
namespace fs = std::filesystem;

namespace {

struct Maker {
    const char* name;
    std::unique_ptr<Format> (*make)(const Options&);
};
constexpr std::array<Maker, 5> kMakers = {{{"nuscenes", make_nuscenes},
                                           {"kitti", make_kitti},
                                           {"coco", make_coco},
                                           {"webdataset", make_webdataset},
                                           {"video", make_video}}};
constexpr std::array<const char*, kMakers.size()> kNames = {"nuscenes", "kitti", "coco",
                                                            "webdataset", "video"};

}  // namespace

bool is_ideal(const engine::world::Lens& lens) {
    const auto zero = [](double v) { return v == 0; };
    return lens.model == engine::world::LensModel::kPinhole &&
           std::all_of(lens.k.begin(), lens.k.end(), zero) &&
           std::all_of(lens.p.begin(), lens.p.end(), zero) &&
           std::all_of(lens.s.begin(), lens.s.end(), zero);
}

std::span<const char* const> format_names() { return kNames; }

Result<std::unique_ptr<Format>> make_format(const std::string& name, const Options& options) {
    if (options.jpeg_quality < 1 || options.jpeg_quality > 100) {
        return Error{
            .message = fmt::format("JPEG quality {} is outside of 1 to 100", options.jpeg_quality)};
    }
    for (const Maker& maker : kMakers) {
        if (name == maker.name) return maker.make(options);
    }
    std::string known;
    for (const char* n : kNames) known += std::string(known.empty() ? "" : ", ") + n;
    return Error{.message = "there is no format '" + name + "'; known are: " + known};
}

Status prepare(const fs::path& dataset, const Format& format, const DatasetInfo& info) {
    const fs::path path = dataset / "huntsman.json";
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        if (fs::is_directory(dataset, ignored) && !fs::is_empty(dataset, ignored)) {
            return Error{.message =
                             "is a folder with other things and without huntsman.json; "
                             "expected a dataset, an empty folder or none",
                         .file = dataset.string()};
        }
        HM_TRY(engine::core::make_writable_folder(dataset / "scenes"));
        return write_manifest(dataset,
                              {format.name(), format.version(), format.options(), info, {}, {}});
    }
    const Result<Manifest> there = read_manifest(dataset);
    if (!there) return there.error();
    const auto other = [&](const std::string& what) {
        return Error{.message = what + "; export to another folder", .file = path.string()};
    };
    if (there->format != format.name() || there->format_version != format.version()) {
        return other(fmt::format("a dataset as {} version {} is here, asked for was {} version {}",
                                 there->format, there->format_version, format.name(),
                                 format.version()));
    }
    if (!(there->options == format.options())) {
        return other("the dataset that is here was written with other options");
    }
    for (const auto& [key, value] : info.settings) {
        const auto found = there->info.settings.find(key);
        const bool set = found != there->info.settings.end();
        if (set && found->second == value) continue;
        if (std::holds_alternative<Document>(value)) {
            return other("the dataset that is here was written with another " + key);
        }
        return other(fmt::format("the dataset that is here has {} = {}, asked for was {}", key,
                                 set ? text_of(found->second) : "nothing", text_of(value)));
    }
    if (there->info.settings.size() != info.settings.size()) {
        return other("the dataset that is here was written with other settings");
    }
    if (to_json(there->info.rig) != to_json(info.rig)) {
        return other("the dataset that is here was written with another rig");
    }
    return {};
}

Result<std::vector<std::string>> finished_scenes(const fs::path& dataset) {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator at(dataset / "scenes", code), end; !code && at != end;
         at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (is_plain_name(name) && fs::exists(at->path() / "scene.json")) names.push_back(name);
    }
    if (code) {
        return Error{.message = "cannot be listed: " + code.message(),
                     .file = (dataset / "scenes").string()};
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace huntsman::sensors::dataset
