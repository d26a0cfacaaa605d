#include "bridge/report/run_json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "bridge/loop/latency_fields.h"
#include "bridge/score/score_fields.h"
#include "engine/core/describe_json.h"
#include "engine/core/hash.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::report {

using loop::RunResult;
using nlohmann::ordered_json;
using score::PerceivedClass;
using score::PerceptionJudge;

namespace {

constexpr double kNearRange_m = 30;

double mean_precision(const PerceptionJudge& judge, PerceivedClass c, double range_m) {
    double mean = 0;
    for (const double match_m : score::kMatchDistances_m) {
        mean += judge.average_precision(c, match_m, range_m) /
                static_cast<double>(score::kMatchDistances_m.size());
    }
    return mean;
}

// Over the classes that there were any of, within nuScenes' reaches; NaN without any.
double mean_precision(const PerceptionJudge& judge) {
    double sum = 0;
    int terms = 0;
    for (const PerceivedClass c : score::kPerceivedClasses) {
        const double mean = mean_precision(judge, c, PerceptionJudge::reach_m(c));
        if (!std::isfinite(mean)) continue;
        sum += mean;
        ++terms;
    }
    return terms > 0 ? sum / terms : std::numeric_limits<double>::quiet_NaN();
}

ordered_json perception_json(const PerceptionJudge& judge) {
    if (!judge.any()) return nullptr;
    ordered_json json;
    for (const PerceivedClass c : score::kPerceivedClasses) {
        ordered_json of_class;
        for (const double range_m : {kNearRange_m, PerceptionJudge::reach_m(c)}) {
            ordered_json of_range;
            for (const double match_m : score::kMatchDistances_m) {
                of_range[fmt::format("ap_{}m", match_m)] =
                    judge.average_precision(c, match_m, range_m);
            }
            of_range["mean"] = mean_precision(judge, c, range_m);
            of_class[fmt::format("within_{:.0f}m", range_m)] = of_range;
        }
        json[name(c)] = of_class;
    }
    json["map"] = mean_precision(judge);
    return json;
}

double degrees(double rad) { return rad / engine::core::kRadiansInDegree; }

ordered_json carla_json(const score::CarlaScore& score) {
    return {{"driving_score", score.driving_score},
            {"route_completion_percent", score.route_completion_percent},
            {"penalty", score.penalty}};
}

ordered_json nuscenes_json(const PerceptionJudge& judge) {
    if (!judge.any()) return nullptr;
    std::vector<score::TruePositiveErrors> classes;
    for (const PerceivedClass c : score::kPerceivedClasses) {
        classes.push_back(judge.true_positive_errors(c, PerceptionJudge::reach_m(c)));
    }
    const double map = mean_precision(judge);
    const score::TruePositiveErrors errors = score::mean_errors(classes);
    return {{"score_without_attributes", score::detection_score_without_attributes(map, errors)},
            {"map", map},
            {"translation_error_m", errors.translation_m},
            {"scale_error", errors.scale},
            {"orientation_error_rad", errors.orientation_rad},
            {"velocity_error_mps", errors.velocity_mps}};
}

// Means over the plans, and how many there were.
template <typename Means>
ordered_json plans_json(const Means& means, const score::PlanScores& plans) {
    ordered_json json;
    engine::core::write_fields(means, json);
    json["plans_scored"] = plans.scored.size();
    json["plans_not_scored"] = plans.too_late + plans.unusable;
    return json;
}

// By the names of bridge/score/profiles.h.
ordered_json scores_json(const RunResult& r) {
    ordered_json json;
    json["carla_2_0"] = carla_json(score::carla_2_0_score(r.carla));
    auto& of_carla = json["carla_2_1"];
    of_carla = carla_json(score::carla_score(r.carla));
    auto& counts = of_carla["counts"];
    engine::core::write_fields(r.carla, counts);
    counts["minimum_speed_percent"] = r.carla.minimum_speed_percent;
    auto& of_bench2drive = json["bench2drive"];
    of_bench2drive = carla_json(score::bench2drive_score(r.carla));
    of_bench2drive["success"] = score::bench2drive_success(r.carla);
    of_bench2drive["efficiency_percent"] =
        score::bench2drive_efficiency(r.carla.minimum_speed_percent);
    of_bench2drive["smoothness"] = r.bench2drive_smoothness;
    auto& of_nuplan = json["nuplan_closed_loop"];
    of_nuplan = {{"score", score::nuplan_score(r.nuplan)}};
    engine::core::write_fields(r.nuplan, of_nuplan);
    if (r.plans.any()) {
        json["navsim_pdms"] = plans_json(score::pdms_means(r.plans), r.plans);
        json["navsim_epdms_no_human_filter"] = plans_json(score::epdms_means(r.plans), r.plans);
    }
    json["nuscenes_detection"] = nuscenes_json(r.perception);
    json["room_s"] = r.room_s;
    json["smallest_time_to_collision_s"] = r.smallest_ttc_s;
    json["smallest_gap_m"] = r.smallest_gap_m;
    return json;
}

std::string plans_text(const score::PlanScores& plans) {
    const std::size_t others = plans.too_late + plans.unusable;
    if (plans.scored.empty()) return fmt::format("none of {} plans could be scored", others);
    return fmt::format("{:.3f}  (EPDMS without human filter {:.3f}; {} plans, {} not scored)",
                       score::pdms_means(plans).score, score::epdms_means(plans).score,
                       plans.scored.size(), others);
}

}  // namespace

ordered_json latency_json(const RunResult& r) {
    const loop::LatencySummary summary = loop::summary(r.latency);
    return {{"kind", kind(r.options.latency)},
            {"mean_ms", summary.mean_ms},
            {"median_ms", summary.median_ms},
            {"p95_ms", summary.p95_ms},
            {"max_ms", summary.max_ms},
            {"answers", r.latency.answers_us.size()},
            {"frames_dropped", r.latency.frames_dropped},
            {"answers_late", r.latency.answers_late}};
}

bool is_comparable(const RunResult& r) {
    return !is_measured(r.options.latency) && r.driver_faults.frames == 0;
}

ordered_json driver_faults_json(const RunResult& r) {
    if (r.driver_faults.frames == 0) return nullptr;
    ordered_json json = {
        {"frames", r.driver_faults.frames},
        {"on_driver_fault", name(r.options.on_driver_fault.value_or(loop::OnDriverFault::kStop))},
        {"reasons", ordered_json::array()}};
    for (const auto& reason : r.driver_faults.reasons) {
        json["reasons"].push_back({{"what", reason.what},
                                   {"first_time_s", reason.first_time_s},
                                   {"frames", reason.frames}});
    }
    return json;
}

std::string latency_line(const RunResult& r) {
    const auto& latency = r.options.latency;
    std::string line = is_measured(latency) ? "measured" : text(latency);
    if (std::holds_alternative<loop::ConstantLatency>(latency)) line += " ms";
    if (r.latency.answers_us.empty()) return line + "; no answers";
    const loop::LatencySummary summary = loop::summary(r.latency);
    return line + fmt::format(
                      "; mean {:.1f}, median {:.1f}, 95 % up to {:.1f}, longest {:.1f} ms; "
                      "{} frames dropped, {} of {} answers late",
                      summary.mean_ms, summary.median_ms, summary.p95_ms, summary.max_ms,
                      r.latency.frames_dropped, r.latency.answers_late,
                      r.latency.answers_us.size());
}

std::string run_json(const RunResult& r) {
    ordered_json json;
    json["schema_version"] = 1;
    json["scenario"] = r.scenario;
    json["seed"] = r.seed;
    json["driver"] = r.driver;
    loop::write_json(json, "latency_ms", r.options.latency);
    json["latency"] = latency_json(r);
    json["driver_faults"] = driver_faults_json(r);
    json["comparable"] = is_comparable(r);
    json["ticks"] = r.ticks;
    json["frames"] = r.frames;
    json["sim_time_s"] = r.sim_time_s;
    json["wall_time_s"] = r.wall_time_s;
    json["real_time_factor"] = r.wall_time_s > 0 ? r.sim_time_s / r.wall_time_s : 0.0;
    json["state_hash"] = engine::core::hex(r.state_hash);
    json["image_hash"] =
        r.options.images ? ordered_json(engine::core::hex(r.image_hash)) : ordered_json(nullptr);
    json["valid"] = r.valid;
    json["incomplete"] = r.incomplete;
    json["end_reason"] = r.end_reason;
    json["notes"] = r.notes;
    json["collision_disagreements"] = r.collision_disagreements;
    json["environment"] = {
        {"light", r.environment.light},
        {"weather", r.environment.weather},
        {"sun_elevation_deg", r.environment.sun_elevation_rad * 180 / engine::math::kPi},
        {"friction", r.environment.friction}};
    json["route"] = {{"length_m", r.route_m}, {"progress_m", r.progress_m}};

    json["scores"] = r.valid ? scores_json(r) : ordered_json(nullptr);
    json["infractions"] = ordered_json::array();
    for (const auto& failure : r.failures) {
        const auto& i = failure.infraction;
        json["infractions"].push_back(
            {{"kind", name(i.kind)},
             {"tick", i.tick},
             {"time_s", engine::core::seconds(i.time_us)},
             {"other", i.other},
             {"other_class", failure.other},
             {"position_m", {i.p_W.x, i.p_W.y, i.p_W.z}},
             {"ego_speed_mps", i.ego_speed_mps},
             {"distance_m", i.distance_m},
             {"bearing_deg", degrees(i.bearing_rad)},
             {"heading_deg", degrees(i.heading_rad)},
             {"other_speed_mps", i.other_speed_mps},
             {"value", i.value},
             {"at_fault", i.at_fault},
             {"occlusion", failure.occlusion},
             {"perceived",
              failure.perceived ? ordered_json(*failure.perceived) : ordered_json(nullptr)},
             {"picture", failure.picture}});
    }
    if (r.options.scenario.story.given()) {
        auto& story = json["story"];
        const auto& source = r.options.scenario.story;
        story["file"] = source.file.empty() ? source.situation : source.file;
        story["parameters"] = ordered_json::object();
        for (const auto& [name, value] : r.story_values) story["parameters"][name] = value;
    }
    json["verdict"] = nullptr;
    if (r.valid) {
        json["verdict"] = ordered_json::object();
        engine::core::write_fields(r.verdict, json["verdict"]);
        // What was stopped has not passed yet.
        if (r.incomplete && r.verdict.passed) json["verdict"]["passed"] = nullptr;
    }
    json["perception"] = perception_json(r.perception);
    json["stage_ms"] = ordered_json::object();
    for (const auto& [stage, ms] : r.stage_ms) json["stage_ms"][stage] = ms;
    json["peak_memory_mb"] = r.peak_memory_mb;
    json["device"] = r.device.empty() ? ordered_json(nullptr) : ordered_json(r.device);
    return json.dump(2) + "\n";
}

std::string summary_table(const RunResult& r) {
    std::string text;
    const auto row = [&](const std::string& what, const std::string& value) {
        text += fmt::format("  {:<30}{}\n", what, value);
    };
    row("driver", r.driver);
    row("scenario, seed", fmt::format("{}, {} ({}, {})", r.scenario, r.seed, r.environment.light,
                                      r.environment.weather));
    row("simulated",
        fmt::format("{:.1f} s in {:.1f} s ({:.2f} of real time), {}", r.sim_time_s, r.wall_time_s,
                    r.wall_time_s > 0 ? r.sim_time_s / r.wall_time_s : 0.0,
                    r.incomplete ? "incomplete: " + r.end_reason : r.end_reason));
    row("route", fmt::format("{:.0f} of {:.0f} m", r.progress_m, r.route_m));
    if (!std::holds_alternative<loop::ConstantLatency>(r.options.latency) &&
        !r.latency.answers_us.empty()) {
        row("latency", fmt::format("{}, mean {:.1f} ms; {} frames dropped, {} late",
                                   kind(r.options.latency), loop::summary(r.latency).mean_ms,
                                   r.latency.frames_dropped, r.latency.answers_late));
    }
    if (r.valid) {
        const auto carla = score::carla_score(r.carla);
        row("CARLA driving score",
            fmt::format("{:.1f}  (completion {:.1f} % x penalty {:.3f})", carla.driving_score,
                        carla.route_completion_percent, carla.penalty));
        row("nuPlan closed loop", fmt::format("{:.3f}", score::nuplan_score(r.nuplan)));
        if (r.plans.any()) row("NAVSIM PDMS of plans", plans_text(r.plans));
    } else {
        row("scores", "none: the run is invalid");
    }
    if (!r.valid || (r.incomplete && r.verdict.passed)) {
        row("verdict", "none: the run did not come to its end");
    } else if (const auto* failure = r.verdict.first_failure()) {
        row("verdict", fmt::format("failed at {:.2f} s: {}", failure->time_s.value_or(r.sim_time_s),
                                   failure->reason));
    } else {
        row("verdict", "passed");
    }
    if (r.perception.any()) {
        for (const PerceivedClass c : score::kPerceivedClasses) {
            const double ap = r.perception.average_precision(c, 2.0, kNearRange_m);
            row(fmt::format("AP {} (2 m, to 30 m)", name(c)),
                std::isfinite(ap) ? fmt::format("{:.3f}", ap) : "none was to be seen");
        }
    }
    std::map<std::string, int> kinds;
    for (const auto& failure : r.failures) ++kinds[name(failure.infraction.kind)];
    std::string list;
    for (const auto& [kind, count] : kinds) {
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, kind);
    }
    row("failures", list.empty() ? "none" : list);
    row("state hash", engine::core::hex(r.state_hash));
    if (r.options.images) row("image hash", engine::core::hex(r.image_hash));
    return text;
}

}  // namespace huntsman::bridge::report
