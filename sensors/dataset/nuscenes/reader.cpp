#include <cstring>
#include <map>

#include "engine/core/files.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/nuscenes/lidarseg.h"
#include "sensors/dataset/nuscenes/tables.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::math::RigidTransform;
using engine::math::Vec3;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

// Rows of a table by token.
using Table = std::map<std::string, Json>;

struct Tick {
    Json json;
    bool key = false;
    std::vector<Json> data;         // rows of sample_data
    std::vector<Json> annotations;  // of key frames
};

const Json& row_of(const Table& table, const std::string& token, const char* name) {
    const auto found = table.find(token);
    if (found == table.end()) {
        throw BadField(fmt::format("{} {} is not in its table", name, token));
    }
    return found->second;
}
Table by_token(std::vector<Json> rows) {
    Table table;
    for (Json& row : rows) {
        std::string own = text(row, "token");
        if (!table.try_emplace(std::move(own), std::move(row)).second) {
            throw BadField("token " + shown(row) + " stands twice");
        }
    }
    return table;
}

class Reader : public SceneReader {
  public:
    Reader(fs::path folder, std::string scene, Vec3 p_MW, std::vector<Tick> ticks, Table calibrated,
           Table poses, ThingNumbers numbers)
        : folder_(std::move(folder)),
          scene_(std::move(scene)),
          p_MW_(p_MW),
          ticks_(std::move(ticks)),
          calibrated_(std::move(calibrated)),
          poses_(std::move(poses)),
          numbers_(std::move(numbers)) {}
    std::size_t count() const override { return ticks_.size(); }

    Result<Sample> read(std::size_t index) const override {
        const Tick& tick = ticks_[index];
        try {
            Json json = tick.json;
            for (const char* none : {"cameras", "objects", "signals", "signs", "lanes", "marks"}) {
                json[none] = Json::array();
            }
            Sample sample = sample_from_json(json);
            for (const Json& row : tick.data) {
                HM_TRY(in_row(place("sample_data", row), [&] { return read_data(row, sample); }));
            }
            for (const Json& row : tick.annotations) {
                sample.objects.push_back(
                    in_row(place("sample_annotation", row), [&] { return object_of(row); }));
            }
            std::sort(sample.objects.begin(), sample.objects.end(),
                      [](const auto& a, const auto& b) { return a.id < b.id; });
            refine_points(sample);
            return sample;
        } catch (const BadField& bad) {
            return Error{.message = fmt::format("sample {}: {}", index, bad.what()),
                         .file = (folder_ / "tables").string()};
        }
    }

  private:
    static std::string place(const char* table, const Json& row) {
        return fmt::format("row {} of {}", shown(field(row, "token")), table);
    }
    // The path within this folder, wherever the folder lies now.
    fs::path file_of(const Json& row) const {
        const std::string& name = text(row, "filename");
        const std::string prefix = "scenes/" + scene_ + "/";
        if (!name.starts_with(prefix) || name.find("..") != std::string::npos) {
            bad_field("filename", name, "a path below " + prefix);
        }
        return folder_ / name.substr(prefix.size());
    }

    Status read_data(const Json& row, Sample& sample) const {
        const fs::path path = file_of(row);
        const Json& calibrated =
            row_of(calibrated_, text(row, "calibrated_sensor_token"), "calibrated_sensor");
        const Json& pose = row_of(poses_, text(row, "ego_pose_token"), "ego_pose");
        const RigidTransform X_BS = in_row(place("calibrated_sensor", calibrated), [&] {
            return RigidTransform{quaternion(calibrated, "rotation"),
                                  vec3(calibrated, "translation")};
        });
        HM_TAKE(const std::string bytes, engine::core::read_file(path));
        if (!calibrated.contains("huntsman")) {
            sample.lidar.X_BL = X_BS;
            constexpr std::size_t kRow = 5 * sizeof(float);
            if (bytes.size() % kRow != 0) {
                return Error{.message = fmt::format("has {} bytes, expected a multiple of {}",
                                                    bytes.size(), kRow),
                             .file = path.string()};
            }
            for (std::size_t at = 0; at < bytes.size(); at += kRow) {
                float v[5];
                std::memcpy(v, bytes.data() + at, kRow);
                if (!(v[4] >= 0 && v[4] <= 255)) {
                    return Error{.message = fmt::format("point {} has ring {}, expected 0 to 255",
                                                        at / kRow, v[4]),
                                 .file = path.string()};
                }
                sample.lidar.points.push_back(
                    {v[0], v[1], v[2], v[3], static_cast<std::uint8_t>(v[4]), 0});
            }
            if (!flag(row, "is_key_frame")) return {};
            return read_points(folder_, text(row, "token"), numbers_, sample.lidar);
        }
        CameraSample c;
        c.camera = c.stated = camera_from_json(field(calibrated, "huntsman"));
        c.time_us = integer<std::int64_t>(row, "timestamp") - kEpoch_us;
        const RigidTransform X_WB{quaternion(pose, "rotation"), vec3(pose, "translation") - p_MW_};
        c.X_WC = X_WB * X_BS;
        auto image = decode_picture(bytes, c.camera.width, c.camera.height);
        if (!image) return at_place(path, c.camera.name, image.error());
        c.image = std::move(*image);
        sample.cameras.push_back(std::move(c));
        return {};
    }

    labels::ObjectLabel object_of(const Json& row) const {
        const Json& own = field(row, "huntsman");
        labels::ObjectLabel o;
        o.id = integer<engine::world::ActorId>(own, "id");
        o.semantic = semantic_from_name(text(own, "semantic"));
        o.kind = text(own, "kind");
        o.X_WO = {quaternion(row, "rotation"), vec3(row, "translation") - p_MW_};
        const Vec3 size = vec3(row, "size");
        o.size_m = {size.y, size.x, size.z};
        o.v_W = vec3(own, "v_W");
        o.w_W = vec3(own, "w_W");
        o.parked = flag(own, "parked");
        o.distance_m = number(own, "distance_m");
        o.visible_px = integer<std::uint32_t>(own, "visible_px");
        o.amodal_px = integer<std::uint32_t>(own, "amodal_px");
        o.lidar_points = integer<std::uint32_t>(row, "num_lidar_pts");
        return o;
    }

    fs::path folder_;
    std::string scene_;
    Vec3 p_MW_;
    std::vector<Tick> ticks_;
    Table calibrated_, poses_;
    ThingNumbers numbers_;
};

}  // namespace

SceneReaderResult open_reader(const fs::path& folder, const SceneRecord& scene) {
    fs::path path;
    try {
        const auto rows = [&](const char* table) {
            path = table_path(folder, table);
            return table_rows(path);
        };
        std::vector<Tick> ticks;
        for (Json& json : rows("tick")) {
            const bool key = flag(json, "is_key_frame");
            ticks.push_back({std::move(json), key, {}, {}});
        }
        std::map<std::string, std::size_t> tick_of_sample;
        for (Json& row : rows("sample_data")) {
            const auto tick = integer<std::uint64_t>(field(row, "huntsman"), "tick");
            if (tick >= ticks.size()) bad_field("tick", tick, "one of tick.jsonl");
            if (ticks[tick].key) tick_of_sample[text(row, "sample_token")] = tick;
            ticks[tick].data.push_back(std::move(row));
        }
        for (Json& row : rows("sample_annotation")) {
            const auto found = tick_of_sample.find(text(row, "sample_token"));
            if (found == tick_of_sample.end()) {
                bad_field("sample_token", row["sample_token"], "that of a key frame");
            }
            ticks[found->second].annotations.push_back(std::move(row));
        }
        Table calibrated = by_token(rows("calibrated_sensor"));
        Table poses = by_token(rows("ego_pose"));
        path = folder / "scene.json";
        return std::unique_ptr<SceneReader>(std::make_unique<Reader>(
            folder, scene.name, vec3(scene.extra, "p_MW"), std::move(ticks), std::move(calibrated),
            std::move(poses), thing_numbers_from_json(field(scene.extra, "lidar_things"))));
    } catch (const BadField& bad) {
        return Error{.message = bad.what(), .file = path.string()};
    }
}

}  // namespace huntsman::sensors::dataset::nuscenes
