// COCO: instances, key points of people and panoptic segments.
#include <algorithm>
#include <map>

#include "engine/core/files.h"
#include "sensors/dataset/coco_rle.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"
#include "sensors/labels/palettes.h"

namespace huntsman::sensors::dataset {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
using engine::world::Semantic;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 1;

// Numbers and names of COCO where it has the class [Lin et al. 2014; Kirillov et al. 2019]; from
// 1001 on our own.
struct Category {
    int id;
    const char* name;
    const char* super;
    bool thing;
};
constexpr Category kCategories[] = {{1, "person", "person", true},
                                    {2, "bicycle", "vehicle", true},
                                    {3, "car", "vehicle", true},
                                    {4, "motorcycle", "vehicle", true},
                                    {6, "bus", "vehicle", true},
                                    {8, "truck", "vehicle", true},
                                    {10, "traffic light", "outdoor", true},
                                    {149, "road", "ground", false},
                                    {184, "tree-merged", "plant", false},
                                    {185, "fence-merged", "structural", false},
                                    {187, "sky-other-merged", "sky", false},
                                    {191, "pavement-merged", "ground", false},
                                    {193, "grass-merged", "plant", false},
                                    {197, "building-other-merged", "building", false},
                                    {1001, "pole", "structural", false},
                                    {1002, "traffic sign", "outdoor", false},
                                    {1003, "other", "other", false}};
int category_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kPedestrian:
            return 1;
        case Semantic::kBicycle:
            return 2;
        case Semantic::kCar:
        case Semantic::kVan:
            return 3;
        case Semantic::kMotorcycle:
            return 4;
        case Semantic::kBus:
            return 6;
        case Semantic::kTruck:
            return 8;
        case Semantic::kTrafficSignal:
            return 10;
        case Semantic::kRoad:
        case Semantic::kRoadMark:
            return 149;
        case Semantic::kVegetation:
            return 184;
        case Semantic::kFence:
            return 185;
        case Semantic::kSky:
            return 187;
        case Semantic::kSidewalk:
        case Semantic::kKerb:
            return 191;
        case Semantic::kTerrain:
            return 193;
        case Semantic::kBuilding:
            return 197;
        case Semantic::kPole:
            return 1001;
        case Semantic::kTrafficSign:
            return 1002;
        case Semantic::kOther:
            return 1003;
        case Semantic::kNothing:
            return 0;
    }
    return 0;
}
bool is_thing(int category) { return category > 0 && category <= 10; }

// Pixels that show one thing, or all of one kind of stuff.
struct Segment {
    int category = 0;
    std::uint32_t word = 0;  // without part; stuff: without identity
    Runs runs;
    labels::PixelBox box;
    std::uint32_t area = 0;
};

// Segments in order of category and identity, so that numbers do not depend on where they appear.
std::vector<Segment> segments_of(const CameraSample& c) {
    const int w = c.camera.width, h = c.camera.height;
    std::map<std::pair<int, std::uint32_t>, Segment> segments;
    // Down the columns, as masks run.
    std::uint32_t last_word = 0;
    Segment* last = nullptr;
    for (int x = 0; x < w; ++x) {
        for (int y = 0; y < h; ++y) {
            const std::uint32_t word =
                c.ids[static_cast<std::size_t>(y) * static_cast<std::size_t>(w) +
                      static_cast<std::size_t>(x)];
            if (last == nullptr || word != last_word) {
                const Semantic semantic = engine::world::semantic_of(word);
                const ActorId actor = engine::world::actor_of(word);
                // The own bonnet is nothing to be found, as in Cityscapes.
                const int category = actor == engine::world::kEgo ? 0 : category_of(semantic);
                const bool thing = is_thing(category) && actor != engine::world::kNoActor;
                const std::pair<int, std::uint32_t> key{category, thing ? actor : 0};
                last = &segments[key];
                last->category = category;
                last->word = engine::world::id_word(semantic, key.second);
                last_word = word;
            }
            last->runs.add(static_cast<std::uint32_t>(x * h + y));
            if (last->box.empty()) {
                last->box = {x, y, x + 1, y + 1};
            } else {
                last->box = {std::min(last->box.x0, x), std::min(last->box.y0, y),
                             std::max(last->box.x1, x + 1), std::max(last->box.y1, y + 1)};
            }
            ++last->area;
        }
    }
    std::vector<Segment> list;
    for (auto& [key, segment] : segments) {
        if (key.first != 0) list.push_back(std::move(segment));
    }
    return list;
}
Json box_json(const labels::PixelBox& b) {
    return Json::array({b.x0, b.y0, b.width(), b.height()});
}

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const Options& options, engine::core::JobPool* pool)
        : folder_(std::move(folder)), options_(options), pool_(pool) {}

    Status add(const Sample& sample) override {
        HM_TRY(folder_.accept(sample));
        const std::uint64_t tick = folder_.record().samples - 1;
        std::vector<EncodeJob> jobs;
        Json cameras = Json::array();
        for (const CameraSample& c : sample.cameras) {
            if (c.image.pixels.empty() || c.ids.empty()) continue;
            const std::string file = fmt::format("{}/{:06d}.{}", c.camera.name, tick,
                                                 options_.lossless_images ? "png" : "jpg");
            jobs.push_back({file, [&, this] {
                                return encode_picture(c.image, options_.lossless_images,
                                                      options_.jpeg_quality);
                            }});
            add_picture(sample, c, tick, file, jobs);
            if (!folder_.extra()["cameras"].contains(c.camera.name)) {
                folder_.extra()["cameras"][c.camera.name] = to_json(c.stated);
            }
            cameras.push_back(c.camera.name);
        }
        ticks_.push_back({{"time_us", sample.time_us}, {"cameras", std::move(cameras)}});
        const Result<NamedBytes> files = encode_all(jobs, pool_);
        if (!files) return files.error();
        for (const auto& [name, bytes] : *files) HM_TRY(folder_.write(name, bytes));
        return {};
    }

    Status finish() override {
        HM_TRY(write_rows("ticks", ticks_));
        HM_TRY(write_rows("images", images_));
        HM_TRY(write_rows("annotations", annotations_));
        HM_TRY(write_rows("panoptic", panoptic_));
        folder_.extra()["images"] = images_.size();
        folder_.extra()["annotations"] = annotations_.size();
        return folder_.finish();
    }

  private:
    Status write_rows(const char* table, const std::vector<Json>& rows) {
        std::string lines;
        for (const Json& row : rows) lines += row.dump() + "\n";
        return folder_.write(std::string("tables/") + table + ".jsonl", lines);
    }

    // Ids count from 1 within the scene; `assemble` adds those of the scenes before.
    void add_picture(const Sample& sample, const CameraSample& c, std::uint64_t tick,
                     const std::string& file, std::vector<EncodeJob>& jobs) {
        const int w = c.camera.width, h = c.camera.height;
        const std::uint64_t image = images_.size() + 1;
        const std::string prefix = "scenes/" + folder_.record().name + "/";
        images_.push_back({{"id", image},
                           {"width", w},
                           {"height", h},
                           {"file_name", prefix + file},
                           {"license", 1},
                           {"huntsman",
                            {{"scene", folder_.record().name},
                             {"tick", tick},
                             {"camera", c.camera.name},
                             {"time_us", c.time_us},
                             {"sample_time_us", sample.time_us}}}});
        const std::vector<Segment> segments = segments_of(c);
        std::vector<std::uint8_t> colours(3 * c.ids.size());
        Json infos = Json::array();
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const Segment& s = segments[i];
            // R + 256 G + 65536 B.
            const std::size_t id = i + 1;
            s.runs.for_each_pixel([&](std::uint32_t at) {
                const std::size_t x = at / static_cast<std::uint32_t>(h);
                const std::size_t y = at % static_cast<std::uint32_t>(h);
                std::uint8_t* pixel = colours.data() + 3 * (y * static_cast<std::size_t>(w) + x);
                for (unsigned k = 0; k < 3; ++k) {
                    pixel[k] = static_cast<std::uint8_t>(id >> 8 * k & 255U);
                }
            });
            infos.push_back({{"id", id},
                             {"category_id", s.category},
                             {"area", s.area},
                             {"bbox", box_json(s.box)},
                             {"iscrowd", 0},
                             {"huntsman", {{"word", s.word}}}});
            if (!is_thing(s.category) || engine::world::actor_of(s.word) == 0) continue;
            annotations_.push_back(annotation(c, s, image));
        }
        const std::string segments_file =
            fmt::format("panoptic/{}/{:06d}.png", c.camera.name, tick);
        panoptic_.push_back({{"image_id", image},
                             {"file_name", prefix + segments_file},
                             {"segments_info", std::move(infos)}});
        jobs.push_back(
            {segments_file, [colours = std::move(colours), w, h]() -> Result<std::string> {
                 return encode_picture({w, h, 3, colours}, true, 0);
             }});
    }

    Json annotation(const CameraSample& c, const Segment& s, std::uint64_t image) const {
        const ActorId actor = engine::world::actor_of(s.word);
        Json row = {{"id", annotations_.size() + 1},
                    {"image_id", image},
                    {"category_id", s.category},
                    {"segmentation",
                     {{"size", Json::array({c.camera.height, c.camera.width})},
                      {"counts", s.runs.text(static_cast<std::uint32_t>(c.ids.size()))}}},
                    {"area", s.area},
                    {"bbox", box_json(s.box)},
                    {"iscrowd", 0},
                    {"huntsman", {{"id", actor}}}};
        const labels::ObjectInCamera* object = c.find(actor);
        if (object == nullptr) return row;
        row["huntsman"]["occlusion"] = object->occlusion();
        row["huntsman"]["truncation"] = object->truncation();
        row["huntsman"]["amodal_bbox"] = box_json(object->amodal);
        if (!object->has_keypoints || !options_.keypoints) return row;
        Json points = Json::array();
        int known = 0;
        for (const labels::Keypoint& k : object->keypoints) {
            const bool inside = k.seen != labels::Seen::kOutside;
            known += inside;
            points.push_back(inside ? k.pixel.x : 0.0);
            points.push_back(inside ? k.pixel.y : 0.0);
            points.push_back(static_cast<int>(k.seen));
        }
        row["keypoints"] = std::move(points);
        row["num_keypoints"] = known;
        return row;
    }

    SceneFolder folder_;
    Options options_;
    engine::core::JobPool* pool_;
    std::vector<Json> ticks_, images_, annotations_, panoptic_;
};

Json category_json(const Category& c) {
    return {{"id", c.id}, {"name", c.name}, {"supercategory", c.super}};
}
Json head_json(const DatasetInfo& info) {
    return {{"info", {{"description", info.name}, {"version", std::to_string(kVersion)}}},
            {"licenses", Json::array({{{"id", 1}, {"name", "the user's own"}, {"url", ""}}})}};
}

// Rows of a scene's table; throws BadField.
std::vector<Json> rows_of(const fs::path& folder, const char* table) {
    const fs::path path = folder / "tables" / (std::string(table) + ".jsonl");
    const Result<std::string> content = engine::core::read_file(path);
    if (!content) throw BadField(content.error().text());
    std::vector<Json> rows;
    for (std::size_t at = 0; at < content->size();) {
        const std::size_t end = std::min(content->find('\n', at), content->size());
        try {
            rows.push_back(parse_json(content->substr(at, end - at)));
        } catch (const BadField& bad) {
            throw BadField(fmt::format("{}:{}: {}", path.string(), rows.size() + 1, bad.what()));
        }
        at = end + 1;
    }
    return rows;
}

class Coco : public Format {
  public:
    explicit Coco(const Options& options) : Format(options) {}
    std::string name() const override { return "coco"; }
    int version() const override { return kVersion; }
    Wanted wanted(engine::core::TimeUs, engine::core::TimeUs) const override {
        return {.ids = true, .keypoints = options().keypoints};
    }
    Result<std::unique_ptr<SceneWriter>> open_scene(const SceneInfo& scene, const fs::path& folder,
                                                    engine::core::JobPool* pool) const override {
        Result<SceneFolder> made = SceneFolder::create(*this, scene, folder);
        if (!made) return made.error();
        made->extra()["cameras"] = Json::object();
        return std::unique_ptr<SceneWriter>(
            std::make_unique<Writer>(std::move(*made), options(), pool));
    }

    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        const Result<std::vector<SceneRecord>> scenes = read_scenes(dataset, *this, names);
        if (!scenes) return scenes.error();
        try {
            Json instances = head_json(info), people = head_json(info), panoptic = head_json(info);
            Json images = Json::array(), things = Json::array(), persons = Json::array(),
                 segments = Json::array();
            std::uint64_t image_base = 0, annotation_base = 0;
            const auto validation = validation_scenes(*scenes);
            Json drawn = Json::object();
            for (const SceneRecord& scene : *scenes) {
                const fs::path folder = dataset / "scenes" / scene.name;
                drawn[scene.name] = {{"description", scene.description},
                                     {"split", split_of(validation, scene.name)},
                                     {"conditions", to_json(scene.conditions)}};
                for (Json& row : rows_of(folder, "images")) {
                    row["id"] = integer<std::uint64_t>(row, "id") + image_base;
                    row["huntsman"]["split"] = split_of(validation, scene.name);
                    images.push_back(std::move(row));
                }
                for (Json& row : rows_of(folder, "annotations")) {
                    row["id"] = integer<std::uint64_t>(row, "id") + annotation_base;
                    row["image_id"] = integer<std::uint64_t>(row, "image_id") + image_base;
                    if (row.contains("keypoints")) {
                        persons.push_back(row);
                        row.erase("keypoints");
                        row.erase("num_keypoints");
                    }
                    things.push_back(std::move(row));
                }
                for (Json& row : rows_of(folder, "panoptic")) {
                    row["image_id"] = integer<std::uint64_t>(row, "image_id") + image_base;
                    segments.push_back(std::move(row));
                }
                image_base += integer<std::uint64_t>(scene.extra, "images");
                annotation_base += integer<std::uint64_t>(scene.extra, "annotations");
            }
            Json thing_list = Json::array(), all_list = Json::array();
            for (const Category& c : kCategories) {
                Json json = category_json(c);
                if (c.thing) thing_list.push_back(json);
                json["isthing"] = c.thing ? 1 : 0;
                all_list.push_back(std::move(json));
            }
            Json person = category_json(kCategories[0]);
            person["keypoints"] = labels::kKeypointNames;
            // Pairs of the names above, counted from 1 [COCO].
            person["skeleton"] = Json::parse(
                "[[16,14],[14,12],[17,15],[15,13],[12,13],[6,12],[7,13],[6,7],[6,8],[7,9],[8,10],"
                "[9,11],[2,3],[1,2],[1,3],[2,4],[3,5],[4,6],[5,7]]");
            instances["images"] = people["images"] = panoptic["images"] = std::move(images);
            instances["annotations"] = std::move(things);
            instances["categories"] = std::move(thing_list);
            people["annotations"] = std::move(persons);
            people["categories"] = Json::array({std::move(person)});
            panoptic["annotations"] = std::move(segments);
            panoptic["categories"] = std::move(all_list);
            Assembly assembly(dataset);
            for (auto& [file, json] : {std::pair<const char*, Json&>{"instances", instances},
                                       {"person_keypoints", people},
                                       {"panoptic", panoptic}}) {
                json["info"]["huntsman"] = {{"scenes", drawn}};
                HM_TRY(
                    assembly.write(fmt::format("annotations/{}.json", file), json.dump() + "\n"));
            }
            return assembly.finish(*this, info, *scenes);
        } catch (const BadField& bad) {
            return Error{.message = bad.what(), .file = dataset.string()};
        }
    }
};

// --- reading ---

struct Picture {
    Json image, panoptic;
    std::vector<Json> annotations;
};

class Reader : public SceneReader {
  public:
    fs::path folder;
    std::string scene;
    std::map<std::string, engine::world::Camera> cameras;
    std::vector<Json> ticks;
    std::map<std::pair<std::uint64_t, std::string>, Picture> pictures;  // by tick and camera

    std::size_t count() const override { return ticks.size(); }
    Result<Sample> read(std::size_t index) const override {
        try {
            Sample sample{.scene = scene, .frame = index};
            sample.time_us = integer<std::int64_t>(ticks[index], "time_us");
            for (const Json& name : list(ticks[index], "cameras")) {
                if (!name.is_string()) bad_field("cameras", name, "names");
                const auto found = pictures.find({index, name.get<std::string>()});
                if (found == pictures.end()) bad_field("cameras", name, "one with a picture");
                HM_TRY(read_picture(found->second, name.get<std::string>(), sample));
            }
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = fmt::format("sample {}: {}", index, bad.what()),
                         .file = (folder / "tables").string()};
        }
    }

  private:
    Result<std::string> file_of(const Json& row) const {
        const std::string& name = text(row, "file_name");
        const std::string prefix = "scenes/" + scene + "/";
        if (!name.starts_with(prefix) || name.find("..") != std::string::npos) {
            bad_field("file_name", name, "a path below " + prefix);
        }
        return engine::core::read_file(folder / name.substr(prefix.size()));
    }

    Status read_picture(const Picture& p, const std::string& name, Sample& sample) const {
        const auto camera = cameras.find(name);
        if (camera == cameras.end()) throw BadField("camera " + name + " is not in scene.json");
        CameraSample c{.camera = camera->second, .stated = camera->second};
        c.time_us = integer<std::int64_t>(field(p.image, "huntsman"), "time_us");
        const Result<std::string> bytes = file_of(p.image), coded = file_of(p.panoptic);
        if (!bytes) return bytes.error();
        if (!coded) return coded.error();
        const int w = c.camera.width, h = c.camera.height;
        auto image = decode_picture(*bytes, w, h);
        if (!image) return at_place(folder / name, "picture", image.error());
        c.image = std::move(*image);
        const auto colours = decode_picture(*coded, w, h);
        if (!colours) return at_place(folder / "panoptic" / name, "segments", colours.error());

        // Words of the id buffer from segments.
        std::map<std::uint32_t, std::uint32_t> words{{0U, 0U}};
        for (const Json& s : list(p.panoptic, "segments_info")) {
            words[integer<std::uint32_t>(s, "id")] =
                integer<std::uint32_t>(field(s, "huntsman"), "word");
        }
        for (std::size_t i = 0; i < colours->pixels.size(); i += 3) {
            const std::uint32_t id = colours->pixels[i] | colours->pixels[i + 1] << 8U |
                                     static_cast<std::uint32_t>(colours->pixels[i + 2]) << 16U;
            const auto word = words.find(id);
            if (word == words.end()) throw BadField(fmt::format("segment {} has no row", id));
            c.ids.push_back(word->second);
        }
        for (const Json& row : p.annotations) c.objects.push_back(object_of(row, w, h));
        std::sort(c.objects.begin(), c.objects.end(),
                  [](const auto& a, const auto& b) { return a.id < b.id; });
        sample.cameras.push_back(std::move(c));
        return {};
    }

    static labels::ObjectInCamera object_of(const Json& row, int w, int h) {
        constexpr int kFar = 1 << 20;
        const auto box_of = [&](const Json& object, const char* key) {
            const Json& b = list_of(object, key, 4);
            const int x = integer_of<int>(b[0], key, -kFar, kFar);
            const int y = integer_of<int>(b[1], key, -kFar, kFar);
            return labels::PixelBox{x, y, x + integer_of<int>(b[2], key, 0, kFar),
                                    y + integer_of<int>(b[3], key, 0, kFar)};
        };
        const Json& own = field(row, "huntsman");
        labels::ObjectInCamera o{.id = integer<ActorId>(own, "id")};
        o.visible = box_of(row, "bbox");
        if (own.contains("amodal_bbox")) o.amodal = box_of(own, "amodal_bbox");
        o.visible_px = integer<std::uint32_t>(row, "area");
        const std::string& counts = text(field(row, "segmentation"), "counts");
        const std::int64_t area =
            area_of_runs(counts, static_cast<std::int64_t>(w) * static_cast<std::int64_t>(h));
        if (area != o.visible_px) {
            throw BadField(fmt::format("annotation {}: its mask has {} pixels, its area is {}",
                                       integer<std::uint64_t>(row, "id"), area, o.visible_px));
        }
        o.has_keypoints = row.contains("keypoints");
        if (o.has_keypoints) {
            const Json& points = list_of(row, "keypoints", 3 * labels::kKeypoints);
            for (std::size_t i = 0; i < labels::kKeypoints; ++i) {
                o.keypoints[i].pixel = {number_of(points[3 * i], "keypoints"),
                                        number_of(points[3 * i + 1], "keypoints")};
                o.keypoints[i].seen = static_cast<labels::Seen>(
                    integer_of<int>(points[3 * i + 2], "keypoints", 0, 2));
            }
        }
        return o;
    }
};

}  // namespace

std::unique_ptr<Format> make_coco(const Options& options) {
    return std::make_unique<Coco>(options);
}

SceneReaderResult read_coco(const fs::path& folder, const SceneRecord& scene) {
    try {
        auto reader = std::make_unique<Reader>();
        reader->folder = folder;
        reader->scene = scene.name;
        const Json& cameras = field(scene.extra, "cameras");
        for (const auto& [name, camera] : cameras.items()) {
            reader->cameras[name] = camera_from_json(camera);
        }
        reader->ticks = rows_of(folder, "ticks");
        std::vector<Picture*> by_id;
        for (Json& row : rows_of(folder, "images")) {
            const Json& own = field(row, "huntsman");
            Picture& p =
                reader->pictures[{integer<std::uint64_t>(own, "tick"), text(own, "camera")}];
            if (integer<std::uint64_t>(row, "id") != by_id.size() + 1) {
                bad_field("id", row["id"], std::to_string(by_id.size() + 1));
            }
            by_id.push_back(&p);
            p.image = std::move(row);
        }
        const auto picture_of = [&](const Json& row) -> Picture& {
            return *by_id[integer<std::uint64_t>(row, "image_id", 1, by_id.size()) - 1];
        };
        for (Json& row : rows_of(folder, "annotations")) {
            picture_of(row).annotations.push_back(std::move(row));
        }
        for (Json& row : rows_of(folder, "panoptic")) {
            Picture& picture = picture_of(row);
            picture.panoptic = std::move(row);
        }
        return std::unique_ptr<SceneReader>(std::move(reader));
    } catch (const BadField& bad) {
        return Error{.message = bad.what(), .file = folder.string()};
    }
}

void check_coco(const fs::path& dataset, const Manifest& manifest, Findings& findings) {
    std::uint64_t images = 0, annotations = 0;
    for (const SceneEntry& entry : manifest.scenes) {
        const Result<SceneRecord> scene = read_scene(dataset / "scenes" / entry.name);
        if (!scene) continue;  // said already
        try {
            images += integer<std::uint64_t>(scene->extra, "images");
            annotations += integer<std::uint64_t>(scene->extra, "annotations");
        } catch (const BadField& bad) {
            findings.push_back({"scene " + entry.name, bad.what()});
        }
    }
    for (const char* name : {"instances.json", "person_keypoints.json", "panoptic.json"}) {
        const fs::path path = dataset / "annotations" / name;
        const auto wrong = [&](const std::string& what) {
            findings.push_back({path.string(), what});
        };
        const Result<std::string> content = engine::core::read_file(path);
        if (!content) {
            wrong(content.error().message);
            continue;
        }
        try {
            const Json json = parse_json(*content);
            std::map<std::uint64_t, int> seen, own;
            for (const Json& row : list(json, "images")) {
                if (++seen[integer<std::uint64_t>(row, "id")] > 1) {
                    wrong("image " + row["id"].dump() + " stands twice");
                }
            }
            for (const Json& row : list(json, "annotations")) {
                if (seen.count(integer<std::uint64_t>(row, "image_id")) == 0) {
                    wrong("an annotation is of image " + row["image_id"].dump() +
                          ", which is not there");
                }
                if (row.contains("id") && ++own[integer<std::uint64_t>(row, "id")] > 1) {
                    wrong("annotation " + row["id"].dump() + " stands twice");
                }
            }
            if (seen.size() != images) {
                wrong(fmt::format("has {} images, the scenes have {}", seen.size(), images));
            }
            const bool all = std::string(name) == "instances.json";
            if (all && own.size() != annotations) {
                wrong(
                    fmt::format("has {} annotations, the scenes have {}", own.size(), annotations));
            }
        } catch (const BadField& bad) {
            wrong(bad.what());
        }
    }
}

}  // namespace huntsman::sensors::dataset
