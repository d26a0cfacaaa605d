// COCO scenes back into samples, and the check of what spans scenes.
#include <algorithm>
#include <map>

#include "engine/core/files.h"
#include "sensors/dataset/coco/runs.h"
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
                if (found == pictures.end())
                    bad_field("cameras", name, "one with a picture in images.jsonl");
                HM_TRY(read_picture(found->second, name.get<std::string>(), sample));
            }
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = fmt::format("sample {}: {}", index, bad.what()),
                         .file = (folder / "tables").string()};
        }
    }

  private:
    fs::path file_of(const Json& row) const {
        const std::string& name = text(row, "file_name");
        const std::string prefix = "scenes/" + scene + "/";
        if (!name.starts_with(prefix) || name.find("..") != std::string::npos) {
            bad_field("file_name", name, "a path below " + prefix);
        }
        return folder / name.substr(prefix.size());
    }

    Status read_picture(const Picture& p, const std::string& name, Sample& sample) const {
        const auto camera = cameras.find(name);
        if (camera == cameras.end()) throw BadField("camera " + name + " is not in scene.json");
        CameraSample c{.camera = camera->second, .stated = camera->second};
        c.time_us = integer<std::int64_t>(field(p.image, "huntsman"), "time_us");
        const fs::path picture = file_of(p.image), segments = file_of(p.panoptic);
        HM_TAKE(const std::string bytes, engine::core::read_file(picture));
        HM_TAKE(const std::string coded, engine::core::read_file(segments));
        const int w = c.camera.width, h = c.camera.height;
        auto image = decode_picture(bytes, w, h);
        if (!image) return at_place(picture, name, image.error());
        c.image = std::move(*image);
        const auto colours = decode_picture(coded, w, h);
        if (!colours) return at_place(segments, name, colours.error());

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
            if (word == words.end()) {
                throw BadField(
                    fmt::format("camera {}: segment {} of the picture is not in "
                                "panoptic.jsonl",
                                name, id));
            }
            c.ids.push_back(word->second);
        }
        for (const Json& row : p.annotations) {
            c.objects.push_back(in_row("annotation " + shown(field(row, "id")),
                                       [&] { return object_of(row, w, h); }));
        }
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
        if (area < 0) {
            bad_field("counts", counts, fmt::format("the runs of a mask of {}×{} pixels", w, h));
        }
        if (area != o.visible_px) {
            throw BadField(
                fmt::format("its mask has {} pixels, its area is {}", area, o.visible_px));
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

SceneReaderResult open_reader(const fs::path& folder, const SceneRecord& scene) {
    fs::path path = folder / "scene.json";
    const auto rows = [&](const char* table) {
        path = table_path(folder, table);
        return table_rows(path);
    };
    try {
        auto reader = std::make_unique<Reader>();
        reader->folder = folder;
        reader->scene = scene.name;
        const Json& cameras = field(scene.extra, "cameras");
        for (const auto& [name, camera] : cameras.items()) {
            reader->cameras[name] = camera_from_json(camera);
        }
        reader->ticks = rows("ticks");
        std::vector<Picture*> by_id;
        for (Json& row : rows("images")) {
            const Json& own = field(row, "huntsman");
            Picture& p =
                reader->pictures[{integer<std::uint64_t>(own, "tick"), text(own, "camera")}];
            if (integer<std::uint64_t>(row, "id") != by_id.size() + 1) {
                throw BadField(fmt::format("row {0}: id is {1}, expected {0}", by_id.size() + 1,
                                           shown(row["id"])));
            }
            by_id.push_back(&p);
            p.image = std::move(row);
        }
        const auto picture_of = [&](const Json& row) -> Picture& {
            const auto id = integer<std::uint64_t>(row, "image_id");
            if (id < 1 || id > by_id.size()) {
                throw BadField(fmt::format("{} is of image {}, expected one of 1 to {}", shown(row),
                                           id, by_id.size()));
            }
            return *by_id[id - 1];
        };
        for (Json& row : rows("annotations")) {
            picture_of(row).annotations.push_back(std::move(row));
        }
        for (Json& row : rows("panoptic")) {
            Picture& picture = picture_of(row);
            picture.panoptic = std::move(row);
        }
        return std::unique_ptr<SceneReader>(std::move(reader));
    } catch (const BadField& bad) {
        return Error{.message = bad.what(), .file = path.string()};
    }
}

void check_files(const fs::path& dataset, const Manifest& manifest, Findings& findings) {
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

}  // namespace huntsman::sensors::dataset::coco
