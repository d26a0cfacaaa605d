#include "sensors/dataset/nuscenes/lidarseg.h"

#include <algorithm>
#include <array>
#include <set>

#include "engine/core/files.h"
#include "sensors/dataset/nuscenes/npz.h"
#include "sensors/dataset/nuscenes/tables.h"
#include "sensors/dataset/sample_json.h"
#include "sensors/labels/palettes.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::world::Semantic;
using labels::ObjectLabel;
using labels::Vec3;
namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, 32> kCategories = {"noise",
                                                     "animal",
                                                     "human.pedestrian.adult",
                                                     "human.pedestrian.child",
                                                     "human.pedestrian.construction_worker",
                                                     "human.pedestrian.personal_mobility",
                                                     "human.pedestrian.police_officer",
                                                     "human.pedestrian.stroller",
                                                     "human.pedestrian.wheelchair",
                                                     "movable_object.barrier",
                                                     "movable_object.debris",
                                                     "movable_object.pushable_pullable",
                                                     "movable_object.trafficcone",
                                                     "static_object.bicycle_rack",
                                                     "vehicle.bicycle",
                                                     "vehicle.bus.bendy",
                                                     "vehicle.bus.rigid",
                                                     "vehicle.car",
                                                     "vehicle.construction",
                                                     "vehicle.emergency.ambulance",
                                                     "vehicle.emergency.police",
                                                     "vehicle.motorcycle",
                                                     "vehicle.trailer",
                                                     "vehicle.truck",
                                                     "flat.driveable_surface",
                                                     "flat.other",
                                                     "flat.sidewalk",
                                                     "flat.terrain",
                                                     "static.manmade",
                                                     "static.other",
                                                     "static.vegetation",
                                                     "vehicle.ego"};

// Of what has no boxes.
const char* background(Semantic semantic) {
    switch (semantic) {
        case Semantic::kRoad:
        case Semantic::kRoadMark:
            return "flat.driveable_surface";
        case Semantic::kSidewalk:
        case Semantic::kKerb:
            return "flat.sidewalk";
        case Semantic::kTerrain:
            return "flat.terrain";
        case Semantic::kBuilding:
        case Semantic::kFence:
        case Semantic::kPole:
        case Semantic::kTrafficSignal:
        case Semantic::kTrafficSign:
            return "static.manmade";
        case Semantic::kVegetation:
            return "static.vegetation";
        case Semantic::kOther:
            return "static.other";
        default:
            return "noise";
    }
}

// Our class of an index: the first that it stands for; false for those that we never write.
bool semantic_of_index(std::uint8_t index, Semantic& semantic) {
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        semantic = static_cast<Semantic>(k);
        for (const char* kind : labels::nuscenes_kinds()) {
            if (lidarseg_index(semantic, kind) == index) return true;
        }
    }
    return false;
}

bool has_limbs(Semantic semantic) {
    return engine::world::is_person(semantic) || engine::world::is_two_wheeler(semantic) ||
           semantic == Semantic::kAnimal;
}

// The folder that the devkit lists, relative to the dataset.
fs::path folder_of_all(const PointTable& table) { return fs::path(table.name) / kTables; }
std::string file_name(const PointTable& table, const std::string& token) {
    return token + "_" + table.name + "." + table.ending;
}

constexpr std::size_t kMostOfAClass = 999;

}  // namespace

std::span<const char* const> lidarseg_categories() { return kCategories; }

std::uint8_t lidarseg_index(Semantic semantic, const std::string& kind) {
    const char* boxed = labels::nuscenes_category(semantic, kind);
    const std::string_view category = boxed != nullptr ? boxed : background(semantic);
    const auto found = std::find(kCategories.begin(), kCategories.end(), category);
    return static_cast<std::uint8_t>(found - kCategories.begin());
}

Json point_row(const PointTable& table, const std::string& token) {
    return {{"token", token},
            {"sample_data_token", token},
            {"filename", (folder_of_all(table) / file_name(table, token)).generic_string()}};
}
std::string point_file(const PointTable& table, const std::string& token) {
    return std::string(table.name) + "/" + file_name(table, token);
}

Json thing_numbers_to_json(const ThingNumbers& numbers) {
    Json json = Json::object();
    for (const auto& [index, ids] : numbers) json[std::to_string(index)] = ids;
    return json;
}
ThingNumbers thing_numbers_from_json(const Json& json) {
    ThingNumbers numbers;
    for (std::size_t index = 0; index < kCategories.size(); ++index) {
        const std::string name = std::to_string(index);
        if (!json.is_object() || !json.contains(name)) continue;
        auto& ids = numbers[static_cast<std::uint8_t>(index)];
        for (const Json& id : list(json, name)) {
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() > engine::world::kLastId) {
                bad_field(name, id, "numbers of actors");
            }
            ids.push_back(id.get<engine::world::ActorId>());
        }
    }
    return numbers;
}

std::array<std::string, kPointTables.size()> point_bytes(const labels::Sample& sample,
                                                         ThingNumbers& numbers) {
    std::string classes;
    std::vector<std::uint16_t> things;
    for (const labels::LidarPoint& point : sample.lidar.points) {
        const auto semantic = engine::world::semantic_of(point.id);
        const auto id = engine::world::actor_of(point.id);
        const ObjectLabel* object = sample.find(id);
        const std::uint8_t index = lidarseg_index(semantic, object != nullptr ? object->kind : "");
        classes += static_cast<char>(index);
        std::size_t number = 0;
        if (engine::world::is_actor(semantic) && id != engine::world::kNoActor) {
            auto& ids = numbers[index];
            const auto found = std::find(ids.begin(), ids.end(), id);
            number = static_cast<std::size_t>(found - ids.begin()) + 1;
            if (found == ids.end() && ids.size() < kMostOfAClass) ids.push_back(id);
            if (number > kMostOfAClass) number = 0;
        }
        things.push_back(static_cast<std::uint16_t>(1000 * index + number));
    }
    return {classes, encode_npz(things)};
}

Status read_points(const fs::path& folder, const std::string& token, const ThingNumbers& numbers,
                   labels::LidarSweep& sweep) {
    const fs::path class_file = folder / point_file(kPointTables[0], token);
    HM_TAKE(const std::string classes, engine::core::read_file(class_file));
    if (classes.size() != sweep.points.size()) {
        return Error{.message = fmt::format("has {} bytes, expected one for each of {} points",
                                            classes.size(), sweep.points.size()),
                     .file = class_file.string()};
    }
    const fs::path thing_file = folder / point_file(kPointTables[1], token);
    HM_TAKE(const std::string bytes, engine::core::read_file(thing_file));
    const Result<std::vector<std::uint16_t>> things = decode_npz(bytes, sweep.points.size());
    if (!things) return Error{.message = things.error().message, .file = thing_file.string()};

    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto index = static_cast<std::uint8_t>(classes[i]);
        Semantic semantic = Semantic::kNothing;
        if (!semantic_of_index(index, semantic)) {
            return Error{
                .message = fmt::format("point {} has class {}, which is none of ours", i, index),
                .file = class_file.string()};
        }
        const std::size_t number = (*things)[i] % 1000U;
        const auto ids = numbers.find(index);
        if ((*things)[i] / 1000U != index ||
            (number > 0 && (ids == numbers.end() || number > ids->second.size()))) {
            return Error{.message = fmt::format("point {} has {}, expected {} times 1000 and the "
                                                "number of a thing",
                                                i, (*things)[i], index),
                         .file = thing_file.string()};
        }
        sweep.points[i].id = engine::world::id_word(
            semantic, number > 0 ? ids->second[number - 1] : engine::world::kNoActor);
    }
    return {};
}

void refine_points(labels::Sample& sample) {
    for (labels::LidarPoint& point : sample.lidar.points) {
        const auto id = engine::world::actor_of(point.id);
        const ObjectLabel* object = sample.find(id);
        if (object == nullptr || lidarseg_index(object->semantic, "") !=
                                     lidarseg_index(engine::world::semantic_of(point.id), "")) {
            continue;
        }
        point.id = engine::world::id_word(object->semantic, id);
    }
}

Status assemble_points(FileSet& set, const fs::path& dataset,
                       const std::vector<SceneRecord>& scenes) {
    for (const PointTable& table : kPointTables) {
        std::string rows;
        std::vector<fs::path> files;
        for (const SceneRecord& scene : scenes) {
            const fs::path folder = dataset / "scenes" / scene.name;
            const fs::path lines = table_path(folder, table.name);
            HM_TAKE(const std::string content, engine::core::read_file(lines));
            for (const std::string& row : lines_of(content)) {
                rows += (rows.empty() ? "" : ",\n") + row;
            }
            const std::string prefix = std::string(table.name) + "/";
            for (const FileRecord& file : scene.files) {
                if (file.path.starts_with(prefix)) files.push_back(folder / file.path);
            }
        }
        // Made anew, since the devkit counts what lies there.
        const fs::path path = dataset / kTables / (std::string(table.name) + ".json");
        std::error_code code;
        const fs::path fresh = FileSet::fresh_name(dataset / table.name);
        fs::remove_all(fresh, code);
        if (rows.empty()) {
            fs::remove_all(dataset / table.name, code);
            fs::remove(path, code);
            continue;
        }
        set.add_folder(dataset / table.name);
        const fs::path all = fresh / kTables;
        HM_TRY(engine::core::make_writable_folder(all));
        for (const fs::path& from : files) {
            const fs::path to = all / from.filename();
            fs::create_hard_link(from, to, code);
            if (code) fs::copy_file(from, to, code);
            if (code) {
                return Error{.message = "cannot be made: " + code.message(), .file = to.string()};
            }
        }
        HM_TRY(set.add(path, "[\n" + rows + "\n]\n"));
    }
    return {};
}

namespace {

void check_table(const fs::path& dataset, const Manifest& manifest, const PointTable& table,
                 const std::set<std::string>& sweeps, Findings& findings) {
    const fs::path path = dataset / kTables / (std::string(table.name) + ".json");
    const auto wrong = [&](const std::string& what) { findings.push_back({path.string(), what}); };
    std::error_code code;
    if (!fs::exists(path, code)) {
        if (!sweeps.empty()) wrong(fmt::format("is not there, {} sweeps are", sweeps.size()));
        return;
    }
    const Result<std::string> content = engine::core::read_file(path);
    if (!content) return wrong(content.error().message);
    std::set<std::string> seen;
    try {
        const Json rows = parse_json(*content);
        if (!rows.is_array()) return wrong("is not a list of rows");
        for (const Json& row : rows) {
            const std::string& token = text(row, "sample_data_token");
            if (!seen.insert(token).second) wrong("sweep " + token + " has several rows");
            if (sweeps.count(token) == 0) wrong("row " + token + ": no key frame's sweep");
            if (row != point_row(table, token)) wrong("row " + token + ": its file is another one");
        }
    } catch (const BadField& bad) {
        return wrong(bad.what());
    }
    for (const std::string& token : sweeps) {
        if (seen.count(token) == 0) wrong("has no row for sweep " + token);
    }
    // The linked files, and no others.
    const std::string ending = std::string(".") + table.ending;
    std::size_t files = 0, own = 0;
    const auto files_of = [](const fs::path& folder) {
        std::vector<fs::path> paths;
        std::error_code unreadable;
        for (fs::directory_iterator at(folder, unreadable), end; !unreadable && at != end;
             at.increment(unreadable)) {
            paths.push_back(at->path());
        }
        return paths;
    };
    for (const fs::path& path_of_all : files_of(dataset / folder_of_all(table))) {
        files += path_of_all.extension() == ending;
    }
    for (const SceneEntry& scene : manifest.scenes) {
        const fs::path folder = dataset / "scenes" / scene.name / table.name;
        for (const fs::path& from : files_of(folder)) {
            const fs::path to = dataset / folder_of_all(table) / from.filename();
            ++own;
            if (fs::equivalent(from, to, code)) continue;
            const Result<std::string> a = engine::core::read_file(from);
            const Result<std::string> b = engine::core::read_file(to);
            if (!a || !b || *a != *b) {
                findings.push_back({to.string(), "is not the scene's file " + from.string()});
            }
        }
    }
    if (files != seen.size() || own != files) {
        wrong(fmt::format("has {} rows for {} files, of which the scenes have {}", seen.size(),
                          files, own));
    }
}

}  // namespace

void check_point_tables(const fs::path& dataset, const Manifest& manifest,
                        std::span<const Json> sample_data, Findings& findings) {
    std::set<std::string> sweeps;  // of key frames
    for (const Json& row : sample_data) {
        if (row.contains("is_key_frame") && row["is_key_frame"] == true &&
            row.contains("fileformat") && row["fileformat"] == "pcd") {
            sweeps.insert(text(row, "token"));
        }
    }
    for (const PointTable& table : kPointTables) {
        check_table(dataset, manifest, table, sweeps, findings);
    }
}

void check_points(const labels::Sample& sample,
                  const std::function<void(const std::string& what)>& report) {
    // Six standard deviations of the range, and limbs that swing during the turn.
    constexpr double kTurn_s = 0.05, kNoise_m = 0.12, kLimbs_m = 0.25;
    constexpr int kMoments = 6;
    // Centres may be nearer than the farthest point of a thing by half a long bus.
    constexpr double kLongest_m = 12;
    if (sample.lidar.points.empty()) return;

    // Boxes of each class; children and adults are people.
    const auto group = [](Semantic semantic) { return lidarseg_index(semantic, ""); };
    std::array<std::vector<std::size_t>, kCategories.size()> of_class;
    std::vector<labels::RigidTransform> X_OW;
    for (std::size_t i = 0; i < sample.objects.size(); ++i) {
        of_class[group(sample.objects[i].semantic)].push_back(i);
        X_OW.push_back(sample.objects[i].X_WO.inverse());
    }
    const auto inside = [&](std::size_t i, const Vec3& p_W) {
        const ObjectLabel& object = sample.objects[i];
        const double slack = kNoise_m + (has_limbs(object.semantic) ? kLimbs_m : 0.0);
        // Turning is left to the slack: 10 cm at the end of a bus that turns by 20 degrees a
        // second.
        const double reach = 0.5 * glm::length(object.size_m) + glm::length(object.v_W) * kTurn_s;
        if (glm::length(p_W - object.X_WO.p) > reach + 2 * slack) return false;
        for (int k = 0; k < kMoments; ++k) {
            const double before_s = kTurn_s * k / (kMoments - 1);
            const Vec3 over =
                glm::abs(X_OW[i] * (p_W + before_s * object.v_W)) - 0.5 * object.size_m;
            // Half of what it moves between two moments.
            const double step = 0.5 * glm::length(object.v_W) * kTurn_s / (kMoments - 1);
            if (std::max({over.x, over.y, over.z}) <= slack + step) return true;
        }
        return false;
    };

    std::vector<std::uint32_t> held(sample.objects.size(), 0);
    std::size_t homeless = 0, first = 0;
    const auto X_WL = sample.ego.X_WB * sample.lidar.X_BL;
    for (std::size_t i = 0; i < sample.lidar.points.size(); ++i) {
        const labels::LidarPoint& point = sample.lidar.points[i];
        const Semantic semantic = engine::world::semantic_of(point.id);
        if (!engine::world::is_actor(semantic)) continue;
        const Vec3 p_L(static_cast<double>(point.x), static_cast<double>(point.y),
                       static_cast<double>(point.z));
        const Vec3 p_W = X_WL * p_L;
        bool any = false;
        for (const std::size_t box : of_class[group(semantic)]) {
            if (!inside(box, p_W)) continue;
            ++held[box];
            any = true;
        }
        if (any || glm::length(p_L) + kLongest_m > sample.box_range_m) continue;
        if (homeless++ == 0) first = i;
    }
    if (homeless > 0) {
        const labels::LidarPoint& point = sample.lidar.points[first];
        report(
            fmt::format("lidarseg: {} points lie in no box of their class, the first is point {}, "
                        "a {} at ({:.2f}, {:.2f}, {:.2f})",
                        homeless, first, engine::world::name(engine::world::semantic_of(point.id)),
                        point.x, point.y, point.z));
    }
    for (std::size_t i = 0; i < sample.objects.size(); ++i) {
        const ObjectLabel& object = sample.objects[i];
        if (held[i] >= object.lidar_points) continue;
        report(fmt::format(
            "lidarseg: object {} ({}) counts {} points, {} of its class lie in its "
            "box",
            object.id, engine::world::name(object.semantic), object.lidar_points, held[i]));
    }
}

}  // namespace huntsman::sensors::dataset::nuscenes
