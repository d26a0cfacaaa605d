#include "sensors/dataset/dataset.h"

#include <algorithm>
#include <array>

#include "engine/core/files.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::is_temporary;
using engine::core::Result;
using engine::core::Status;
namespace fs = std::filesystem;

namespace {

struct Maker {
    const char* name;
    std::unique_ptr<Format> (*make)(const Options&);
};
constexpr std::array<Maker, 5> kMakers = {{{"nuscenes", nuscenes::make_format},
                                           {"kitti", kitti::make_format},
                                           {"coco", coco::make_format},
                                           {"webdataset", webdataset::make_format},
                                           {"video", video::make_format}}};
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

namespace {

// Texts without their quotes.
std::string plain(const Json& value) {
    const std::string text = shown(value);
    return value.is_string() && text.ends_with('"') ? text.substr(1, text.size() - 2) : text;
}
// Where two JSON values differ first, as "place = one, asked for was other"; empty: nowhere.
std::string difference(const std::string& place, const Json& here, const Json& asked) {
    if (here == asked) return {};
    const auto below = [&](const std::string& part) {
        return place.empty() ? part : place + "." + part;
    };
    if (here.is_object() && asked.is_object()) {
        for (const auto& [key, value] : here.items()) {
            if (!asked.contains(key)) return below(key) + " = " + plain(value) + ", not asked for";
            const std::string found = difference(below(key), value, asked[key]);
            if (!found.empty()) return found;
        }
        for (const auto& [key, value] : asked.items()) {
            if (!here.contains(key)) return "no " + below(key) + ", asked for was " + plain(value);
        }
    }
    if (here.is_array() && asked.is_array()) {
        const std::size_t both = std::min(here.size(), asked.size());
        for (std::size_t i = 0; i < both; ++i) {
            const std::string found = difference(below(std::to_string(i)), here[i], asked[i]);
            if (!found.empty()) return found;
        }
        return fmt::format("{} {}, asked for were {}", here.size(), place, asked.size());
    }
    return place + " = " + plain(here) + ", asked for was " + plain(asked);
}
// Whether it holds nothing but what an export leaves that ended before huntsman.json was there.
bool is_barely_begun(const fs::path& dataset) {
    std::error_code code;
    for (fs::directory_iterator at(dataset, code), end; !code && at != end; at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (is_temporary(name)) continue;
        if (name != "scenes" || !at->is_directory(code)) return false;
        for (fs::directory_iterator in(at->path(), code); !code && in != end; in.increment(code)) {
            if (!is_temporary(in->path().filename().string())) return false;
        }
    }
    return !code;
}

}  // namespace

Status prepare(const fs::path& dataset, const Format& format, const DatasetInfo& info) {
    const fs::path path = dataset / "huntsman.json";
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        if (fs::is_directory(dataset, ignored) && !is_barely_begun(dataset)) {
            return Error{.message =
                             "is a folder with other things and without huntsman.json; "
                             "expected a dataset, an empty folder or none",
                         .file = dataset.string()};
        }
        HM_TRY(engine::core::make_writable_folder(dataset / "scenes"));
        return begin_manifest(dataset, format, info);
    }
    HM_TAKE(const Manifest there, read_manifest(dataset));
    const auto other = [&](const std::string& what) {
        return Error{.message = what + "; export to another folder", .file = path.string()};
    };
    if (there.format != format.name() || there.format_version != format.version()) {
        return other(fmt::format("a dataset as {} version {} is here, asked for was {} version {}",
                                 there.format, there.format_version, format.name(),
                                 format.version()));
    }
    for (const std::string& found :
         {difference("", to_json(there.options), to_json(format.options())),
          difference("", to_json(there.info.settings), to_json(info.settings)),
          difference("", {{"rig", to_json(there.info.rig)}}, {{"rig", to_json(info.rig)}})}) {
        if (!found.empty()) return other("the dataset that is here has " + found);
    }
    return {};
}

Status remove_leftovers(const fs::path& dataset) {
    std::error_code code;
    std::vector<fs::path> folders = {dataset}, halves;
    for (fs::recursive_directory_iterator at(dataset, code), end; !code && at != end;
         at.increment(code)) {
        if (FileSet::is_fresh_name(at->path())) {
            halves.push_back(at->path());
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_directory(code)) continue;
        folders.push_back(at->path());
        // Scenes are whole.
        if (at->path() == dataset / "scenes") at.disable_recursion_pending();
    }
    if (code) {
        return Error{.message = "cannot be listed: " + code.message(), .file = dataset.string()};
    }
    for (const fs::path& half : halves) {
        fs::remove_all(half, code);
        if (code) {
            return Error{.message = "cannot be removed: " + code.message(), .file = half.string()};
        }
    }
    for (const fs::path& folder : folders) HM_TRY(engine::core::remove_temporaries(folder));
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
