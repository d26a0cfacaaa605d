// COCO: instances, key points of people and panoptic segments.
#include "engine/core/array_view.h"
#include "engine/core/files.h"
#include "sensors/dataset/coco/segments.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset::coco {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::ActorId;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 1;

Json box_json(const labels::PixelBox& b) {
    return Json::array({b.x0, b.y0, b.width(), b.height()});
}

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const Options& options, engine::core::JobPool* pool)
        : folder_(std::move(folder)), options_(options), pool_(pool) {
        folder_.extra()["cameras"] = Json::object();
    }

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
        HM_TAKE(const NamedBytes files, encode_all(jobs, pool_));
        for (const auto& [name, bytes] : files) HM_TRY(folder_.write(name, bytes));
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
        const engine::core::ArrayView<std::uint8_t> rows(colours, h, 3 * std::size_t(w));
        Json infos = Json::array();
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const Segment& s = segments[i];
            // R + 256 G + 65536 B.
            const std::size_t id = i + 1;
            s.runs.for_each_pixel([&](std::uint32_t at) {
                const std::size_t x = at / static_cast<std::uint32_t>(h);
                const std::size_t y = at % static_cast<std::uint32_t>(h);
                std::uint8_t* pixel = &rows(y, 3 * x);
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
        // Of its categories only the person has key points: riders are part of their vehicles.
        const bool person = s.category == categories().front().id;
        if (!person || !object->has_keypoints || !options_.keypoints) return row;
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
        return open_writer<Writer>(*this, scene, folder, options(), pool);
    }

    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        HM_TAKE(const std::vector<SceneRecord> scenes, read_scenes(dataset, *this, names));
        fs::path path;  // that is read
        try {
            Json instances = head_json(info), people = head_json(info), panoptic = head_json(info);
            Json images = Json::array(), things = Json::array(), persons = Json::array(),
                 segments = Json::array();
            std::uint64_t image_base = 0, annotation_base = 0;
            const auto validation = validation_scenes(scenes);
            Json drawn = Json::object();
            for (const SceneRecord& scene : scenes) {
                drawn[scene.name] = {{"description", scene.description},
                                     {"split", split_of(validation, scene.name)},
                                     {"conditions", to_json(scene.conditions)}};
                const auto rows = [&](const char* table) {
                    path = table_path(dataset / "scenes" / scene.name, table);
                    return table_rows(path);
                };
                for (Json& row : rows("images")) {
                    row["id"] = integer<std::uint64_t>(row, "id") + image_base;
                    row["huntsman"]["split"] = split_of(validation, scene.name);
                    images.push_back(std::move(row));
                }
                for (Json& row : rows("annotations")) {
                    row["id"] = integer<std::uint64_t>(row, "id") + annotation_base;
                    row["image_id"] = integer<std::uint64_t>(row, "image_id") + image_base;
                    if (row.contains("keypoints")) {
                        persons.push_back(row);
                        row.erase("keypoints");
                        row.erase("num_keypoints");
                    }
                    things.push_back(std::move(row));
                }
                for (Json& row : rows("panoptic")) {
                    row["image_id"] = integer<std::uint64_t>(row, "image_id") + image_base;
                    segments.push_back(std::move(row));
                }
                path = dataset / "scenes" / scene.name / "scene.json";
                image_base += integer<std::uint64_t>(scene.extra, "images");
                annotation_base += integer<std::uint64_t>(scene.extra, "annotations");
            }
            Json thing_list = Json::array(), all_list = Json::array();
            for (const Category& c : categories()) {
                Json json = category_json(c);
                if (c.thing) thing_list.push_back(json);
                json["isthing"] = c.thing ? 1 : 0;
                all_list.push_back(std::move(json));
            }
            Json person = category_json(categories().front());
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
            FileSet files;
            for (auto& [file, json] : {std::pair<const char*, Json&>{"instances", instances},
                                       {"person_keypoints", people},
                                       {"panoptic", panoptic}}) {
                json["info"]["huntsman"] = {{"scenes", drawn}};
                HM_TRY(files.add(dataset / "annotations" / (std::string(file) + ".json"),
                                 json.dump() + "\n"));
            }
            HM_TRY(add_manifest(files, dataset, *this, info, scenes));
            return files.commit();
        } catch (const BadField& bad) {
            return Error{.message = bad.what(), .file = path.string()};
        }
    }
};

}  // namespace

std::unique_ptr<Format> make_format(const Options& options) {
    return std::make_unique<Coco>(options);
}

}  // namespace huntsman::sensors::dataset::coco
