#include "sensors/dataset/scene_folder.h"

#include <algorithm>

#include "engine/core/check.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
namespace fs = std::filesystem;

namespace {

constexpr char kSceneFile[] = "scene.json";
constexpr char kManifestFile[] = "huntsman.json";

Json json_of(const Options& o) {
    return {{"jpeg_quality", o.jpeg_quality},
            {"lossless_images", o.lossless_images},
            {"depth", o.depth},
            {"normals", o.normals},
            {"flow", o.flow},
            {"birds_eye", o.birds_eye},
            {"keypoints", o.keypoints},
            {"lidar", o.lidar},
            {"raw", o.raw},
            {"linear", o.linear}};
}
Options options_of(const Json& j) {
    Options o;
    o.jpeg_quality = integer<int>(j, "jpeg_quality", 1, 100);
    o.lossless_images = flag(j, "lossless_images");
    o.depth = flag(j, "depth");
    o.normals = flag(j, "normals");
    o.flow = flag(j, "flow");
    o.birds_eye = flag(j, "birds_eye");
    o.keypoints = flag(j, "keypoints");
    o.lidar = flag(j, "lidar");
    o.raw = flag(j, "raw");
    o.linear = flag(j, "linear");
    return o;
}
Value value_of(const Json& value, const std::string& key) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return integer_of<std::int64_t>(value, key);
    if (value.is_number()) return number_of(value, key);
    if (!value.is_object()) bad_field(key, value, "a text, a number or an object");
    return Document(value.dump());
}
Values values_of(const Json& object, const std::string& key) {
    const Json& own = field(object, key);
    if (!own.is_object()) bad_field(key, own, "an object");
    Values values;
    for (const auto& [name, value] : own.items()) values.emplace(name, value_of(value, name));
    return values;
}
// Neither absolute nor out of the folder.
bool stays_inside(const std::string& path) {
    const fs::path p(path);
    return !path.empty() && p.is_relative() &&
           std::none_of(p.begin(), p.end(), [](const fs::path& part) { return part == ".."; });
}
std::uint64_t hash_of(const Json& object, const std::string& key) {
    const std::string& digits = text(object, key);
    const bool good =
        digits.size() == 16 && digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!good) bad_field(key, digits, "16 hexadecimal digits");
    return std::stoull(digits, nullptr, 16);
}
FileRecord file_of(const Json& j) {
    if (!stays_inside(text(j, "path"))) bad_field("path", text(j, "path"), "a relative path");
    return {text(j, "path"), integer<std::uint64_t>(j, "bytes"), hash_of(j, "xxh3")};
}
Json to_json(const std::vector<FileRecord>& files) {
    Json list = Json::array();
    for (const FileRecord& f : files) {
        list.push_back({{"path", f.path}, {"bytes", f.bytes}, {"xxh3", engine::core::hex(f.hash)}});
    }
    return list;
}
std::string plain_name(const Json& object, const std::string& key) {
    const std::string& name = text(object, key);
    if (!is_plain_name(name)) bad_field(key, name, "letters, digits, '-' and '_'");
    return name;
}
void check_version(const Json& json) {
    const int version = integer<int>(json, "version");
    if (version != kDatasetVersion) {
        throw BadField(
            fmt::format("version is {}, this program reads version {}", version, kDatasetVersion));
    }
}

template <typename T>
Result<T> read_json(const fs::path& path, T (*convert)(const Json&)) {
    HM_TAKE(std::string content, engine::core::read_file(path));
    try {
        return convert(parse_json(content));
    } catch (const BadField& bad) {
        return Error{.message = bad.what(), .file = path.string()};
    } catch (const nlohmann::json::exception& bad) {
        return Error{.message = bad.what(), .file = path.string()};
    }
}

SceneRecord scene_of(const Json& j) {
    check_version(j);
    SceneRecord r;
    r.format = text(j, "format");
    r.format_version = integer<int>(j, "format_version");
    r.name = plain_name(j, "name");
    r.seed = integer<std::uint64_t>(j, "seed");
    r.scenario = text(j, "scenario");
    r.description = text(j, "description");
    r.conditions = values_of(j, "conditions");
    r.samples = integer<std::uint64_t>(j, "samples");
    r.first_us = integer<std::int64_t>(j, "first_us");
    r.last_us = integer<std::int64_t>(j, "last_us");
    for (const Json& f : list(j, "files")) r.files.push_back(file_of(f));
    r.extra = field(j, "extra");
    return r;
}

Manifest manifest_of(const Json& j) {
    check_version(j);
    Manifest m;
    m.format = text(j, "format");
    m.format_version = integer<int>(j, "format_version");
    m.options = options_of(field(j, "options"));
    m.info.name = text(j, "name");
    m.info.settings = values_of(j, "settings");
    m.info.rig = rig_from_json(field(j, "rig"));
    for (const Json& s : list(j, "scenes")) {
        m.scenes.push_back({plain_name(s, "name"), integer<std::uint64_t>(s, "seed"),
                            text(s, "scenario"), text(s, "description"), text(s, "split"),
                            values_of(s, "conditions"), integer<std::uint64_t>(s, "samples"),
                            integer<std::uint64_t>(s, "bytes"), hash_of(s, "xxh3")});
    }
    for (const Json& f : list(j, "files")) m.files.push_back(file_of(f));
    return m;
}

// A condition, or what stands for it where it was not drawn.
std::string drawn_or(const Values& conditions, const char* key, const std::string& other) {
    const auto found = conditions.find(key);
    return found == conditions.end() ? other : text_of(found->second);
}

}  // namespace

std::string text_of(const Value& value) {
    if (const auto* document = std::get_if<Document>(&value)) return document->json;
    if (const auto* word = std::get_if<std::string>(&value)) return *word;
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    return std::to_string(std::get<std::int64_t>(value));
}

Json to_json(const Values& values) {
    Json json = Json::object();
    for (const auto& [key, value] : values) {
        if (const auto* document = std::get_if<Document>(&value)) {
            json[key] = Json::parse(document->json, nullptr, false);
            HM_CHECK(json[key].is_object(), "{} is {}", key, document->json);
        } else if (const auto* word = std::get_if<std::string>(&value)) {
            json[key] = *word;
        } else if (const auto* number = std::get_if<double>(&value)) {
            json[key] = *number;
        } else {
            json[key] = std::get<std::int64_t>(value);
        }
    }
    return json;
}

std::string place_of(const SceneInfo& scene) {
    return drawn_or(scene.conditions, "places", scene.scenario);
}
std::string in_words(const Values& conditions, const std::string& light, const std::string& weather,
                     const std::string& scenario) {
    std::string words =
        drawn_or(conditions, "light", light) + ", " + drawn_or(conditions, "weather", weather);
    for (const auto& [key, what] : {std::pair("vehicles", "vehicles"), {"pedestrians", "people"}}) {
        const std::string count = drawn_or(conditions, key, "");
        if (!count.empty()) words += ", " + count + " " + what;
    }
    return words + ", " + drawn_or(conditions, "places", scenario);
}

std::set<std::string> validation_scenes(std::span<const SceneRecord> scenes) {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const SceneRecord& scene : scenes) order.emplace_back(scene.seed, scene.name);
    std::sort(order.begin(), order.end());
    std::set<std::string> names;
    for (std::size_t i = 1; i < order.size(); i += 5) names.insert(order[i].second);
    return names;
}

bool is_plain_name(const std::string& name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    constexpr std::size_t kLongest = 48;  // so that names of members of archives fit
    return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), plain);
}

std::uint64_t SceneRecord::bytes() const {
    std::uint64_t sum = 0;
    for (const FileRecord& file : files) sum += file.bytes;
    return sum;
}

Result<SceneRecord> read_scene(const fs::path& folder) {
    return read_json<SceneRecord>(folder / kSceneFile, scene_of);
}
Result<Manifest> read_manifest(const fs::path& dataset) {
    return read_json<Manifest>(dataset / kManifestFile, manifest_of);
}

Json to_json(const Options& options) { return json_of(options); }

std::string text_of(const Manifest& m) {
    Json scenes = Json::array();
    std::uint64_t samples = 0, bytes = 0;
    for (const SceneEntry& s : m.scenes) {
        scenes.push_back({{"name", s.name},
                          {"seed", s.seed},
                          {"scenario", s.scenario},
                          {"description", s.description},
                          {"split", s.split},
                          {"conditions", to_json(s.conditions)},
                          {"samples", s.samples},
                          {"bytes", s.bytes},
                          {"xxh3", engine::core::hex(s.hash)}});
        samples += s.samples;
        bytes += s.bytes;
    }
    const Json json = {{"version", kDatasetVersion},
                       {"format", m.format},
                       {"format_version", m.format_version},
                       {"name", m.info.name},
                       {"options", json_of(m.options)},
                       {"settings", to_json(m.info.settings)},
                       {"rig", to_json(m.info.rig)},
                       {"samples", samples},
                       {"bytes", bytes},
                       {"scenes", std::move(scenes)},
                       {"files", to_json(m.files)}};
    return json.dump(1) + "\n";
}

Result<std::vector<SceneRecord>> read_scenes(const fs::path& dataset, const Format& format,
                                             std::span<const std::string> names) {
    std::vector<std::string> sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<SceneRecord> scenes;
    for (const std::string& name : sorted) {
        const fs::path folder = dataset / "scenes" / name;
        HM_TAKE(SceneRecord scene, read_scene(folder));
        if (scene.format != format.name() || scene.format_version != format.version() ||
            scene.name != name) {
            return Error{.message = fmt::format("is scene {} as {} version {}, expected scene {} "
                                                "as {} version {}",
                                                scene.name, scene.format, scene.format_version,
                                                name, format.name(), format.version()),
                         .file = (folder / kSceneFile).string()};
        }
        scenes.push_back(std::move(scene));
    }
    return scenes;
}

Status begin_manifest(const fs::path& dataset, const Format& format, const DatasetInfo& info) {
    const Manifest manifest{format.name(), format.version(), format.options(), info, {}, {}};
    return engine::core::write_file(dataset / kManifestFile, text_of(manifest));
}

Status add_manifest(FileSet& files, const fs::path& dataset, const Format& format,
                    const DatasetInfo& info, const std::vector<SceneRecord>& scenes) {
    Manifest manifest{format.name(), format.version(), format.options(), info, {}, {}};
    for (const FileSet::Written& file : files.written()) {
        manifest.files.push_back(
            {file.path.lexically_relative(dataset).generic_string(), file.bytes, file.hash});
    }
    const std::set<std::string> validation = validation_scenes(scenes);
    for (const SceneRecord& scene : scenes) {
        HM_TAKE(const std::string file,
                engine::core::read_file(dataset / "scenes" / scene.name / kSceneFile));
        manifest.scenes.push_back({scene.name, scene.seed, scene.scenario, scene.description,
                                   split_of(validation, scene.name), scene.conditions,
                                   scene.samples, scene.bytes(),
                                   engine::core::hash_bytes(file.data(), file.size())});
    }
    return files.add(dataset / kManifestFile, text_of(manifest));
}

fs::path table_path(const fs::path& folder, const std::string& table) {
    return folder / "tables" / (table + ".jsonl");
}

std::vector<Json> table_rows(const fs::path& table) {
    const Result<std::string> content = engine::core::read_file(table);
    if (!content) throw BadField(content.error().message);
    return parse_json_lines(*content);
}

Result<SceneFolder> SceneFolder::create(const Format& format, const SceneInfo& scene,
                                        const fs::path& folder) {
    if (!is_plain_name(scene.name)) {
        return Error{.message = "a scene named '" + scene.name +
                                "'; names have 1 to 48 letters, digits, '-' and '_'"};
    }
    if (fs::exists(folder / kSceneFile)) {
        return Error{.message = "holds a scene already", .file = folder.string()};
    }
    HM_TRY(engine::core::make_writable_folder(folder));
    SceneFolder made;
    made.path_ = folder;
    made.record_ = {.format = format.name(),
                    .format_version = format.version(),
                    .name = scene.name,
                    .seed = scene.seed,
                    .scenario = scene.scenario,
                    .description = scene.description.empty()
                                       ? in_words(scene.conditions, scene.world.environment.light,
                                                  scene.world.environment.weather, scene.scenario)
                                       : scene.description,
                    .conditions = scene.conditions,
                    .extra = Json::object()};
    return made;
}

Status SceneFolder::accept(const labels::Sample& sample) {
    HM_CHECK(!finished_, "scene {} is finished", record_.name);
    if (record_.samples > 0 && sample.time_us <= record_.last_us) {
        return Error{.message = fmt::format("scene {}: the sample of {} µs comes after that of {}",
                                            record_.name, sample.time_us, record_.last_us)};
    }
    for (const labels::CameraSample& c : sample.cameras) {
        const auto pixels =
            static_cast<std::size_t>(c.camera.width) * static_cast<std::size_t>(c.camera.height);
        const auto fits = [&](std::size_t size, std::size_t channels) {
            return size == 0 || size == channels * pixels;
        };
        const bool image = c.image.pixels.empty() ||
                           (c.image.width == c.camera.width && c.image.height == c.camera.height &&
                            c.image.channels == 3 && fits(c.image.pixels.size(), 3));
        if (!is_plain_name(c.camera.name) || c.camera.name.size() > 32) {
            return Error{.message = "a camera named '" + c.camera.name +
                                    "'; names have 1 to 32 letters, digits, '-' and '_'"};
        }
        if (!image || !fits(c.ids.size(), 1) || !fits(c.depth_m.size(), 1) ||
            !fits(c.normals_C.size(), 3) || !fits(c.flow_next.size(), 2) ||
            !fits(c.flow_previous.size(), 2) || !fits(c.raw.size(), 1) ||
            !fits(c.linear.size(), 3)) {
            return Error{.message = fmt::format("scene {}, {} µs: a label of camera {} has not "
                                                "the size of its {}×{} picture",
                                                record_.name, sample.time_us, c.camera.name,
                                                c.camera.width, c.camera.height)};
        }
    }
    if (record_.samples == 0) record_.first_us = sample.time_us;
    record_.last_us = sample.time_us;
    ++record_.samples;
    return {};
}

Status SceneFolder::write(const std::string& file, std::string_view content) {
    const fs::path path = path_ / file;
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code) {
        return Error{.message = "cannot be created as a folder: " + code.message(),
                     .file = path.parent_path().string()};
    }
    HM_TRY(engine::core::write_file(path, content));
    note({file, content.size(), engine::core::hash_bytes(content.data(), content.size())});
    return {};
}

Status SceneFolder::finish() {
    HM_CHECK(!finished_, "scene {} is finished", record_.name);
    if (record_.samples == 0) {
        return Error{.message = "scene " + record_.name + " has no samples"};
    }
    const Json json = {{"version", kDatasetVersion},
                       {"format", record_.format},
                       {"format_version", record_.format_version},
                       {"name", record_.name},
                       {"seed", record_.seed},
                       {"scenario", record_.scenario},
                       {"description", record_.description},
                       {"conditions", to_json(record_.conditions)},
                       {"samples", record_.samples},
                       {"first_us", record_.first_us},
                       {"last_us", record_.last_us},
                       {"extra", record_.extra},
                       {"files", to_json(record_.files)}};
    HM_TRY(engine::core::write_file(path_ / kSceneFile, json.dump(1) + "\n"));
    finished_ = true;
    return {};
}

}  // namespace huntsman::sensors::dataset
