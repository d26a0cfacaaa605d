#include "bridge/suite/cell.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bridge/report/run_json.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/files.h"
#include "engine/core/hash.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using loop::RunOptions;
using loop::RunResult;
using nlohmann::ordered_json;
using score::PerceptionJudge;

namespace {

std::string content_hash(const std::filesystem::path& file) {
    const auto content = engine::core::read_file(file);
    return content ? engine::core::hex(engine::core::hash_bytes(content->data(), content->size()))
                   : "none";
}

// The same for all cells of a process.
const std::string& program_hash() {
    static const std::string hash = content_hash("/proc/self/exe");
    return hash;
}

std::string driver_file_hash(const RunOptions& cell) {
    const std::filesystem::path network = run::network_file(cell);
    return network.empty() ? "none" : content_hash(network);
}

// Letters, digits and underscores; others become underscores.
std::string plain(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return text.substr(0, 40);
}

// Samples as flat lists of numbers: a truth is [frame, x, y, ignored, distance], a detection
// [frame, x, y, score, distance].
ordered_json samples_json(const PerceptionJudge& judge) {
    if (!judge.any()) return nullptr;
    const PerceptionJudge::Samples samples = judge.samples();
    ordered_json json = {{"frames", samples.frames}};
    for (const auto c : score::kPerceivedClasses) {
        const auto& of_class = samples.classes[static_cast<std::size_t>(c)];
        ordered_json truths = ordered_json::array(), detections = ordered_json::array();
        for (std::size_t i = 0; i < of_class.truths.size(); ++i) {
            const auto& t = of_class.truths[i];
            truths.push_back(
                {t.frame, t.centre.x, t.centre.y, t.ignore ? 1 : 0, of_class.truth_distance_m[i]});
        }
        for (std::size_t i = 0; i < of_class.detections.size(); ++i) {
            const auto& d = of_class.detections[i];
            detections.push_back(
                {d.frame, d.centre.x, d.centre.y, d.score, of_class.detection_distance_m[i]});
        }
        json[name(c)] = {{"truths", std::move(truths)}, {"detections", std::move(detections)}};
    }
    return json;
}

PerceptionJudge judge_of(const ordered_json& json) {
    PerceptionJudge::Samples samples;
    samples.frames = json.at("frames").get<std::uint32_t>();
    for (const auto c : score::kPerceivedClasses) {
        auto& of_class = samples.classes[static_cast<std::size_t>(c)];
        const auto& both = json.at(name(c));
        for (const auto& row : both.at("truths")) {
            const auto t = row.get<std::array<double, 5>>();
            of_class.truths.push_back({static_cast<std::uint32_t>(t[0]), {t[1], t[2]}, t[3] != 0});
            of_class.truth_distance_m.push_back(t[4]);
        }
        for (const auto& row : both.at("detections")) {
            const auto d = row.get<std::array<double, 5>>();
            of_class.detections.push_back({static_cast<std::uint32_t>(d[0]), {d[1], d[2]}, d[3]});
            of_class.detection_distance_m.push_back(d[4]);
        }
    }
    return PerceptionJudge::of(std::move(samples));
}

CellResult parse(const std::string& text) {
    const auto json = ordered_json::parse(text);
    const auto& run = json.at("run");
    CellResult cell;
    cell.driver = json.at("inputs").at("driver").get<std::string>();
    cell.scenario = run.at("scenario").get<std::string>();
    cell.seed = run.at("seed").get<std::uint64_t>();
    cell.valid = run.at("valid").get<bool>();
    cell.end_reason = run.at("end_reason").get<std::string>();
    cell.sim_time_s = run.at("sim_time_s").get<double>();
    cell.wall_time_s = run.at("wall_time_s").get<double>();
    cell.progress_m = run.at("route").at("progress_m").get<double>();
    if (cell.valid) {  // an invalid run has no score
        const auto& carla = run.at("scores").at("carla_2_1");
        const auto& counts = carla.at("counts");
        cell.driving_score = carla.at("driving_score").get<double>();
        cell.nuplan = run.at("scores").at("nuplan_closed_loop").at("score").get<double>();
        for (const char* kind : {"collision_pedestrian", "collision_vehicle", "collision_static"}) {
            cell.collisions += counts.at(kind).get<int>();
        }
        cell.red_lights = counts.at("red_light").get<int>();
    }
    cell.notes = run.at("notes").get<std::vector<std::string>>();
    for (const auto& infraction : run.at("infractions")) {
        ++cell.failures[infraction.at("kind").get<std::string>()];
    }
    const auto& samples = json.at("perception_samples");
    if (!samples.is_null()) cell.perception = judge_of(samples);
    return cell;
}

}  // namespace

std::string file_name(const RunOptions& cell) {
    const std::string inputs = to_json(cell) + driver_file_hash(cell) + program_hash();
    return fmt::format("{}-{}-{}-{}.json", plain(cell.driver.substr(0, cell.driver.find(':'))),
                       plain(cell.scenario.name), cell.scenario.town.seed,
                       engine::core::hex(engine::core::hash_bytes(inputs.data(), inputs.size())));
}

Status write_cell(const std::filesystem::path& folder, const RunResult& result) {
    const ordered_json json = {
        {"schema_version", 1},
        {"inputs", ordered_json::parse(to_json(result.options))},
        {"program", program_hash()},
        {"driver_file", driver_file_hash(result.options)},
        {"run", ordered_json::parse(report::run_json(result))},
        {"perception_samples", samples_json(result.perception)},
    };
    return engine::core::write_file(folder / file_name(result.options), json.dump() + "\n");
}

Result<CellResult> read_cell(const std::filesystem::path& file) {
    HM_TAKE(const auto text, engine::core::read_file(file));
    try {
        return parse(text);
    } catch (const nlohmann::json::exception&) {
        return Error{.message = "is not the result of a cell; remove it to have it made again",
                     .file = file.string()};
    }
}

}  // namespace huntsman::bridge::suite
