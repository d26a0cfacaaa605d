#include "bridge/hunt/facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/score/judge.h"

namespace huntsman::bridge::hunt {

using nlohmann::ordered_json;

namespace {

double number(const ordered_json& json, const char* key, double otherwise = 0) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : otherwise;
}
std::string word(const ordered_json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// From where the other comes, as the ego sees it.
constexpr std::array kGeometries = {
    "", "standing", "oncoming", "from the left", "from the right", "the same way", "behind"};
std::size_t geometry(const ordered_json& infraction) {
    if (word(infraction, "other_class").empty()) return 0;
    constexpr double kStands_mps = 0.3, kBehind_deg = 120, kAlong_deg = 45;
    if (std::abs(number(infraction, "bearing_deg")) > kBehind_deg) return 6;
    if (number(infraction, "other_speed_mps") < kStands_mps) return 1;
    const double heading_deg = number(infraction, "heading_deg");
    if (std::abs(heading_deg) < kAlong_deg) return 5;
    if (std::abs(heading_deg) > 180 - kAlong_deg) return 2;
    return heading_deg < 0 ? 3 : 4;  // who heads to the right comes from the left
}

// What the driver perceived of the other in the last second; empty where it does not say.
std::string cause(const ordered_json& infraction) {
    const auto perceived = infraction.find("perceived");
    if (perceived == infraction.end() || !perceived->is_number()) return "";
    const double share = perceived->get<double>();
    constexpr double kHardly = 0.15, kMostly = 0.75;
    return share < kHardly ? "not perceived" : share < kMostly ? "hardly perceived" : "perceived";
}

// The infraction that tells most: a collision, else the last near miss.
const ordered_json* telling(const ordered_json& run) {
    const ordered_json* last = nullptr;
    for (const auto& infraction : run.at("infractions")) {
        const std::string kind = word(infraction, "kind");
        if (kind.starts_with("collision")) return &infraction;
        if (kind == "near_miss") last = &infraction;
    }
    return last;
}

const ordered_json* first_broken(const ordered_json& verdict) {
    const ordered_json* first = nullptr;
    for (const auto& criterion : verdict.at("criteria")) {
        if (criterion.value("passed", true) || criterion.value("note", false)) continue;
        if (first == nullptr || number(criterion, "tick", 1e18) < number(*first, "tick", 1e18)) {
            first = &criterion;
        }
    }
    return first;
}

}  // namespace

Facts facts_of(const std::string& run_json) {
    const auto run = ordered_json::parse(run_json, nullptr, false);
    if (!run.is_object() || !run.value("valid", false) || !run.contains("verdict") ||
        !run.at("verdict").is_object()) {
        Facts none;
        none.evaluation.valid = false;
        return none;
    }
    Facts facts;
    const auto& scores = run.at("scores");
    const auto& verdict = run.at("verdict");
    const ordered_json* infraction = telling(run);
    const std::size_t from = infraction != nullptr ? geometry(*infraction) : 0;
    const double speed_mps = infraction != nullptr ? number(*infraction, "ego_speed_mps") : 0;
    const ordered_json* broken = first_broken(verdict);
    facts.evaluation.failed = broken != nullptr;
    if (broken == nullptr) {
        const double near =
            1 - number(scores, "smallest_time_to_collision_s") / score::kLongestTtc_s;
        const double close = 1 - number(scores, "smallest_gap_m") / score::kFarthestGap_m;
        facts.evaluation.severity = 0.5 * (near + close) * 0.999;
    } else {
        constexpr double kFast_mps = 20;
        const bool hit = word(*broken, "kind") == "no_collision";
        const double closing_mps = hit ? number(*broken, "extreme") : 0;
        facts.evaluation.severity = 1 + std::clamp(closing_mps / kFast_mps, 0.0, 1.0);
        facts.reason = word(*broken, "reason");
        facts.failed_at_s = number(*broken, "time_s");
        facts.signature = {.kind = word(*broken, "kind"), .other = {}, .geometry = {}, .cause = {}};
        if (hit && infraction != nullptr) {
            facts.signature.other = word(*infraction, "other_class");
            facts.signature.geometry = kGeometries[from];
            facts.signature.cause = cause(*infraction);
        }
    }
    const bool night = number(run.at("environment"), "sun_elevation_deg") < -6;
    facts.evaluation.niche = {infraction != nullptr, static_cast<int>(from),
                              static_cast<int>(speed_mps / 4), night};
    return facts;
}

}  // namespace huntsman::bridge::hunt
