// nuScenes: 13 tables over pictures and lidar sweeps.
#include <algorithm>
#include <map>
#include <set>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/nuscenes/lidarseg.h"
#include "sensors/dataset/nuscenes/tables.h"
#include "sensors/dataset/pixels.h"
#include "sensors/dataset/sample_json.h"
#include "sensors/labels/palettes.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::math::RigidTransform;
using labels::CameraSample;
using labels::Sample;
namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 2;  // 2: with classes and things of points
constexpr char kMapFile[] = "map.png";

// Float32 x, y, z, intensity and ring, in L.
std::string point_cloud(const labels::LidarSweep& sweep) {
    std::vector<float> values;
    values.reserve(5 * sweep.points.size());
    for (const labels::LidarPoint& p : sweep.points) {
        values.insert(values.end(), {p.x, p.y, p.z, p.intensity, static_cast<float>(p.ring)});
    }
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// A row that still wants the tokens before and after it.
struct Chained {
    Json row;
    std::int64_t time_us = 0;
};

class Writer : public SceneWriter {
  public:
    Writer(SceneFolder folder, const SceneInfo& scene, const Options& options,
           engine::core::JobPool* pool)
        : folder_(std::move(folder)),
          info_(scene),
          options_(options),
          pool_(pool),
          id_(fmt::format("{}|{}", scene.name, scene.seed)),
          mask_(map_mask(scene.world)) {}

    Status add(const Sample& sample) override {
        const std::int64_t previous_us =
            folder_.record().samples == 0 ? -1 : folder_.record().last_us;
        HM_TRY(folder_.accept(sample));
        const std::uint64_t tick = folder_.record().samples - 1;
        const bool key = is_key_frame(previous_us, sample.time_us);
        if (key) add_key_frame(sample, tick);

        // Pictures of this tick, and points where there are some.
        std::vector<EncodeJob> jobs;
        for (const CameraSample& c : sample.cameras) {
            if (c.image.pixels.empty()) continue;
            const std::string file =
                file_name(key, c.camera.name, c.time_us, options_.lossless_images ? "png" : "jpg");
            jobs.push_back({file, [&, this] {
                                return encode_picture(c.image, options_.lossless_images,
                                                      options_.jpeg_quality);
                            }});
            add_data(key, tick, c.camera.name, calibrated(c), c.time_us,
                     c.X_WC * c.camera.X_BC.inverse(), file, c.camera.width, c.camera.height);
        }
        if (options_.lidar && !sample.lidar.points.empty()) {
            const std::string file = file_name(key, kLidarChannel, sample.time_us, "pcd.bin");
            jobs.push_back({file, [&] { return point_cloud(sample.lidar); }});
            add_data(key, tick, kLidarChannel, calibrated(sample.lidar), sample.time_us,
                     sample.ego.X_WB, file, 0, 0);
            if (key) {
                const std::string own = token("sample_data", id_, kLidarChannel, tick);
                const auto bytes = point_bytes(sample, numbers_);
                for (std::size_t k = 0; k < kPointTables.size(); ++k) {
                    jobs.push_back(
                        {point_file(kPointTables[k], own), [b = bytes[k]] { return b; }});
                    put(kPointTables[k].name, point_row(kPointTables[k], own));
                }
            }
        }
        HM_TAKE(const NamedBytes files, encode_all(jobs, pool_));
        for (const auto& [name, bytes] : files) HM_TRY(folder_.write(name, bytes));

        // What no table of nuScenes has a place for.
        Sample rest;
        rest.scene = sample.scene;
        rest.frame = sample.frame;
        rest.time_us = sample.time_us;
        rest.state_hash = sample.state_hash;
        rest.box_range_m = sample.box_range_m;
        rest.environment = sample.environment;
        rest.ego = sample.ego;
        Json json = to_json(rest);
        json["is_key_frame"] = key;
        rows_["tick"].push_back(json.dump());
        return {};
    }

    Status finish() override {
        finish_data();
        finish_annotations();
        finish_samples();
        const std::string log = token("log", id_);
        put("log", {{"token", log},
                    {"logfile", info_.name},
                    {"vehicle", "huntsman"},
                    {"date_captured", "2020-09-13"},
                    {"location", place_of(info_)}});
        for (const auto& [table, rows] : rows_) {
            std::string lines;
            for (const std::string& row : rows) lines += row + "\n";
            HM_TRY(folder_.write("tables/" + table + ".jsonl", lines));
        }
        HM_TRY(folder_.write(kMapFile, encode_grey(mask_.pixels, mask_.width, mask_.height)));
        folder_.extra()["p_MW"] = to_json(mask_.p_MW);
        folder_.extra()["log_token"] = log;
        folder_.extra()["sensors"] = sensors_;
        folder_.extra()["lidar_things"] = thing_numbers_to_json(numbers_);
        return folder_.finish();
    }

  private:
    void put(const std::string& table, const Json& row) { rows_[table].push_back(row.dump()); }
    std::string sample_token(std::uint64_t tick) const { return token("sample", id_, tick); }
    std::string file_name(bool key, const std::string& channel, std::int64_t time_us,
                          const char* ending) const {
        return fmt::format("{}/{}/{}__{}__{}.{}", key ? "samples" : "sweeps", channel, info_.name,
                           channel, kEpoch_us + time_us, ending);
    }
    Json in_map(const engine::math::Vec3& p_W) const { return to_json(p_W + mask_.p_MW); }

    void add_key_frame(const Sample& sample, std::uint64_t tick) {
        key_ticks_.push_back(tick);
        key_times_.push_back(sample.time_us);
        samples_.push_back({{{"token", sample_token(tick)},
                             {"timestamp", kEpoch_us + sample.time_us},
                             {"prev", ""},
                             {"next", ""},
                             {"scene_token", token("scene", id_)}},
                            sample.time_us});
        for (const labels::ObjectLabel& o : sample.objects) {
            const char* category = labels::nuscenes_category(o.semantic, o.kind);
            if (category == nullptr || (o.visible_px == 0 && o.lidar_points == 0)) continue;
            const double share = static_cast<double>(o.visible_px) / std::max(1U, o.amodal_px);
            const char* attribute = labels::nuscenes_attribute(
                o.semantic, o.parked, glm::length(engine::math::xy(o.v_W)));
            categories_.emplace(o.id, category);
            annotations_[o.id].push_back(
                {{"token", token("sample_annotation", id_, tick, o.id)},
                 {"sample_token", sample_token(tick)},
                 {"instance_token", token("instance", id_, o.id)},
                 {"visibility_token", std::to_string(visibility_level(share))},
                 {"attribute_tokens", attribute == nullptr
                                          ? Json::array()
                                          : Json::array({token("attribute", attribute)})},
                 {"translation", in_map(o.X_WO.p)},
                 {"size", Json::array({o.size_m.y, o.size_m.x, o.size_m.z})},
                 {"rotation", to_json(o.X_WO.q)},
                 {"prev", ""},
                 {"next", ""},
                 {"num_lidar_pts", o.lidar_points},
                 {"num_radar_pts", 0},
                 {"huntsman",
                  {{"id", o.id},
                   {"semantic", engine::world::name(o.semantic)},
                   {"kind", o.kind},
                   {"v_W", to_json(o.v_W)},
                   {"w_W", to_json(o.w_W)},
                   {"parked", o.parked},
                   {"distance_m", o.distance_m},
                   {"visible_px", o.visible_px},
                   {"amodal_px", o.amodal_px}}}});
        }
    }

    // Rows of sensors as they first appear: what users are told of them.
    std::string calibrated(const CameraSample& c) {
        const std::string own = token("calibrated_sensor", id_, c.camera.name);
        if (!sensors_.emplace(c.camera.name, "camera").second) return own;
        const engine::world::Lens& lens = c.stated.lens;
        const engine::math::Vec2 centre = labels::first_pixel_at_zero({lens.cx, lens.cy});
        put("calibrated_sensor",
            {{"token", own},
             {"sensor_token", token("sensor", c.camera.name)},
             {"translation", to_json(c.stated.X_BC.p)},
             {"rotation", to_json(c.stated.X_BC.q)},
             {"camera_intrinsic",
              Json::array({Json::array({lens.fx, 0.0, centre.x}),
                           Json::array({0.0, lens.fy, centre.y}), Json::array({0.0, 0.0, 1.0})})},
             {"huntsman", to_json(c.stated)}});
        return own;
    }
    std::string calibrated(const labels::LidarSweep& sweep) {
        const std::string own = token("calibrated_sensor", id_, kLidarChannel);
        if (!sensors_.emplace(kLidarChannel, "lidar").second) return own;
        put("calibrated_sensor", {{"token", own},
                                  {"sensor_token", token("sensor", kLidarChannel)},
                                  {"translation", to_json(sweep.X_BL.p)},
                                  {"rotation", to_json(sweep.X_BL.q)},
                                  {"camera_intrinsic", Json::array()}});
        return own;
    }

    void add_data(bool key, std::uint64_t tick, const std::string& channel,
                  const std::string& calibrated_token, std::int64_t time_us,
                  const RigidTransform& X_WB, const std::string& file, int width, int height) {
        const std::string own = token("sample_data", id_, channel, tick);
        const std::string pose = token("ego_pose", id_, channel, tick);
        put("ego_pose", {{"token", pose},
                         {"timestamp", kEpoch_us + time_us},
                         {"rotation", to_json(X_WB.q)},
                         {"translation", in_map(X_WB.p)}});
        data_[channel].push_back(
            {{{"token", own},
              {"sample_token", ""},
              {"ego_pose_token", pose},
              {"calibrated_sensor_token", calibrated_token},
              {"timestamp", kEpoch_us + time_us},
              {"fileformat", channel == kLidarChannel ? "pcd" : file.substr(file.rfind('.') + 1)},
              {"is_key_frame", key},
              {"height", height},
              {"width", width},
              {"filename", "scenes/" + info_.name + "/" + file},
              {"prev", ""},
              {"next", ""},
              {"huntsman", {{"tick", tick}}}},
             time_us});
    }

    void finish_data() {
        for (auto& [channel, rows] : data_) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                Json& row = rows[i].row;
                if (i > 0) row["prev"] = rows[i - 1].row["token"];
                if (i + 1 < rows.size()) row["next"] = rows[i + 1].row["token"];
                // Key frames name their sample, sweeps the one that is closest in time.
                const auto tick = row["huntsman"]["tick"].get<std::uint64_t>();
                std::size_t closest = 0;
                for (std::size_t k = 1; k < key_ticks_.size(); ++k) {
                    const auto away = [&](std::size_t at) {
                        return std::abs(key_times_[at] - rows[i].time_us);
                    };
                    if (away(k) < away(closest)) closest = k;
                }
                const bool key = row["is_key_frame"].get<bool>();
                row["sample_token"] = sample_token(key ? tick : key_ticks_[closest]);
                put("sample_data", row);
            }
        }
    }
    void finish_annotations() {
        for (auto& [id, rows] : annotations_) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (i > 0) rows[i]["prev"] = rows[i - 1]["token"];
                if (i + 1 < rows.size()) rows[i]["next"] = rows[i + 1]["token"];
            }
            for (const Json& row : rows) put("sample_annotation", row);
            put("instance", {{"token", token("instance", id_, id)},
                             {"category_token", token("category", categories_.at(id))},
                             {"nbr_annotations", rows.size()},
                             {"first_annotation_token", rows.front()["token"]},
                             {"last_annotation_token", rows.back()["token"]}});
        }
        rows_.try_emplace("sample_annotation");
        rows_.try_emplace("instance");
        for (const PointTable& table : kPointTables) rows_.try_emplace(table.name);
    }
    void finish_samples() {
        for (std::size_t i = 0; i < samples_.size(); ++i) {
            Json& row = samples_[i].row;
            if (i > 0) row["prev"] = samples_[i - 1].row["token"];
            if (i + 1 < samples_.size()) row["next"] = samples_[i + 1].row["token"];
            put("sample", row);
        }
        if (samples_.empty()) return;
        put("scene", {{"token", token("scene", id_)},
                      {"log_token", token("log", id_)},
                      {"nbr_samples", samples_.size()},
                      {"first_sample_token", samples_.front().row["token"]},
                      {"last_sample_token", samples_.back().row["token"]},
                      {"name", info_.name},
                      {"description", folder_.record().description}});
    }

    SceneFolder folder_;
    SceneInfo info_;
    Options options_;
    engine::core::JobPool* pool_;
    std::string id_;  // of the scene, in all tokens
    MapMask mask_;
    std::map<std::string, std::vector<std::string>> rows_;  // finished, by table
    std::vector<Chained> samples_;                          // key frames
    std::vector<std::uint64_t> key_ticks_;
    std::vector<std::int64_t> key_times_;
    std::map<std::string, std::vector<Chained>> data_;  // by channel
    std::map<engine::world::ActorId, std::vector<Json>> annotations_;
    std::map<engine::world::ActorId, const char*> categories_;
    std::map<std::string, std::string> sensors_;  // channel → modality
    ThingNumbers numbers_;
};

std::string table_text(const std::vector<std::string>& rows) {
    std::string text = "[\n";
    for (std::size_t i = 0; i < rows.size(); ++i)
        text += rows[i] + (i + 1 < rows.size() ? ",\n" : "\n");
    return text + "]\n";
}

class Nuscenes : public Format {
  public:
    explicit Nuscenes(const Options& options) : Format(options) {}
    std::string name() const override { return "nuscenes"; }
    int version() const override { return kVersion; }
    Wanted wanted(engine::core::TimeUs previous_us, engine::core::TimeUs time_us) const override {
        const bool key = is_key_frame(previous_us, time_us);
        return {.ids = key, .lidar = key && options().lidar};
    }
    Status accepts(const engine::world::Rig& rig) const override {
        for (const engine::world::Camera& camera : rig.cameras) {
            if (camera.name != kLidarChannel) continue;
            return Error{.message = std::string("a camera is named ") + kLidarChannel +
                                    ", which is the lidar's channel in nuScenes; expected another "
                                    "name"};
        }
        return {};
    }
    std::vector<std::string> caveats(const engine::world::Rig& rig) const override {
        std::string names;
        for (const engine::world::Camera& camera : rig.cameras) {
            if (!is_ideal(camera.lens)) {
                names += (names.empty() ? "" : ", ") + camera.name;
            }
        }
        if (names.empty()) return {};
        return {"nuScenes knows pinholes only: what its readers project into pictures of " + names +
                " lies off by what the lens distorts; the whole lens stands in the column huntsman "
                "of calibrated_sensor"};
    }
    Result<std::unique_ptr<SceneWriter>> open_scene(const SceneInfo& scene, const fs::path& folder,
                                                    engine::core::JobPool* pool) const override {
        return open_writer<Writer>(*this, scene, folder, scene, options(), pool);
    }

    Status assemble(const fs::path& dataset, const DatasetInfo& info,
                    std::span<const std::string> names) const override {
        HM_TAKE(const std::vector<SceneRecord> scenes, read_scenes(dataset, *this, names));
        const fs::path tables = dataset / kTables;
        FileSet files;
        const auto write = [&](const char* table, const std::vector<std::string>& rows) {
            return files.add(tables / (std::string(table) + ".json"), table_text(rows));
        };
        // Rows of scenes, one after the other.
        for (const char* table : kSceneTables) {
            std::vector<std::string> rows;
            for (const SceneRecord& scene : scenes) {
                const fs::path path = table_path(dataset / "scenes" / scene.name, table);
                HM_TAKE(const std::string lines, engine::core::read_file(path));
                for (std::string& row : lines_of(lines)) rows.push_back(std::move(row));
            }
            HM_TRY(write(table, rows));
        }
        // What all scenes share.
        std::vector<std::string> rows;
        for (const char* category : lidarseg_categories()) {
            rows.push_back(Json{
                {"token", token("category", category)},
                {"name", category},
                {"description", ""},
                {"index",
                 rows.size()}}.dump());
        }
        HM_TRY(write("category", rows));
        rows.clear();
        for (const char* attribute : labels::nuscenes_attributes()) {
            rows.push_back(Json{
                {"token", token("attribute", attribute)}, {"name", attribute}, {"description", ""}}
                               .dump());
        }
        HM_TRY(write("attribute", rows));
        rows.clear();
        constexpr const char* kLevels[] = {"v0-40", "v40-60", "v60-80", "v80-100"};
        for (int level = 1; level <= 4; ++level) {
            rows.push_back(Json{{"token", std::to_string(level)},
                                {"level", kLevels[level - 1]},
                                {"description", "share of the silhouette that the cameras see"}}
                               .dump());
        }
        HM_TRY(write("visibility", rows));
        try {
            HM_TRY(write("sensor", sensor_rows(scenes)));
            HM_TRY(write("map", map_rows(scenes)));
        } catch (const BadField& bad) {
            return Error{.message = bad.what(), .file = dataset.string()};
        }
        HM_TRY(assemble_points(files, dataset, scenes));
        HM_TRY(files.add(tables / "splits.json", splits(scenes)));
        HM_TRY(add_manifest(files, dataset, *this, info, scenes));
        return files.commit();
    }

  private:
    static std::vector<std::string> sensor_rows(const std::vector<SceneRecord>& scenes) {
        std::map<std::string, std::string> sensors;
        for (const SceneRecord& scene : scenes) {
            const Json& own = field(scene.extra, "sensors");
            for (const auto& [channel, modality] : own.items())
                sensors[channel] = text(own, channel);
        }
        std::vector<std::string> rows;
        for (const auto& [channel, modality] : sensors) {
            rows.push_back(Json{
                {"token", token("sensor", channel)}, {"channel", channel}, {"modality", modality}}
                               .dump());
        }
        return rows;
    }
    // Scenes with the same mask share a row.
    static std::vector<std::string> map_rows(const std::vector<SceneRecord>& scenes) {
        std::map<std::string, Json> maps;
        for (const SceneRecord& scene : scenes) {
            for (const FileRecord& file : scene.files) {
                if (file.path != kMapFile) continue;
                const std::string own =
                    token("map", engine::core::hex(file.hash), field(scene.extra, "p_MW").dump());
                const auto [at, fresh] = maps.try_emplace(own);
                if (fresh) {
                    at->second = {{"token", own},
                                  {"log_tokens", Json::array()},
                                  {"category", "semantic_prior"},
                                  {"filename", "scenes/" + scene.name + "/" + kMapFile}};
                }
                at->second["log_tokens"].push_back(text(scene.extra, "log_token"));
            }
        }
        std::vector<std::string> rows;
        for (const auto& [own, row] : maps) rows.push_back(row.dump());
        return rows;
    }
    static std::string splits(const std::vector<SceneRecord>& scenes) {
        const auto validation = validation_scenes(scenes);
        Json splits = {{"huntsman_all", Json::array()},
                       {"huntsman_train", Json::array()},
                       {"huntsman_val", Json::array()}};
        for (const SceneRecord& scene : scenes) {
            splits["huntsman_all"].push_back(scene.name);
            splits[std::string("huntsman_") + split_of(validation, scene.name)].push_back(
                scene.name);
        }
        return splits.dump(1) + "\n";
    }
};

}  // namespace

std::unique_ptr<Format> make_format(const Options& options) {
    return std::make_unique<Nuscenes>(options);
}

}  // namespace huntsman::sensors::dataset::nuscenes
