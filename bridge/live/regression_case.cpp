#include "bridge/live/regression_case.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bridge/faults/fault.h"
#include "bridge/suite/suite.h"
#include "engine/core/assets.h"
#include "engine/core/files.h"

namespace huntsman::bridge::live {

namespace fs = std::filesystem;
using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using nlohmann::ordered_json;
using scenarios::story::Criterion;

namespace {

// Letters, digits, dashes, dots and underscores; what else there is becomes an underscore.
std::string file_name(std::string name) {
    std::ranges::replace_if(
        name,
        [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '.';
        },
        '_');
    return name.empty() || name.front() == '.' ? "case" + name : name;
}

Result<std::string> scenario_text(const RegressionCase& regression, const fs::path& file) {
    auto json = ordered_json::parse(regression.scenario, nullptr, false);
    if (!json.is_object()) {
        return Error{.message = "the scenario is not a JSON object, expected a scenario's text",
                     .file = file.string()};
    }
    json["name"] = regression.name;
    if (!regression.criteria.empty()) {
        auto& list = json["criteria"] = ordered_json::array();
        for (const Criterion& criterion : regression.criteria) {
            list.push_back(ordered_json::parse(scenarios::story::text_of(criterion)));
        }
    }
    std::string text = json.dump(2) + "\n";
    HM_TRY(scenarios::model::parse(text, file.string()));
    return text;
}

// What the run's options say otherwise than a suite does by itself.
ordered_json group_of(const RegressionCase& regression, const std::string& scenario) {
    const loop::RunOptions& options = regression.options;
    const loop::RunOptions usual;
    ordered_json group;
    group["scenarios"] = {scenario};
    const auto rigs = engine::core::assets_folder() / "rigs";
    const bool shipped = options.rig.parent_path() == rigs;
    if (!options.rig.empty() && !(shipped && options.rig.stem() == "eight_cameras")) {
        group["rig"] = shipped ? options.rig.stem().string() : fs::absolute(options.rig).string();
    }
    if (options.width != usual.width || options.height != usual.height) {
        group["size"] = fmt::format("{}x{}", options.width, options.height);
    }
    if (options.quality != usual.quality) group["quality"] = name(options.quality);
    if (options.latency != usual.latency && !loop::is_measured(options.latency)) {
        group["latency_ms"] = loop::text(options.latency);
    }
    if (options.takeover != usual.takeover) group["takeover"] = name(options.takeover);
    if (!options.faults.empty()) {
        auto& list = group["faults"] = ordered_json::array();
        for (const auto& fault : options.faults) list.push_back(faults::text(fault));
    }
    if (!regression.tags.empty()) group["tags"] = regression.tags;
    return group;
}

Result<std::string> suite_text(const RegressionCase& regression, const std::string& scenario) {
    ordered_json suite;
    std::error_code ignored;
    if (fs::exists(regression.suite, ignored)) {
        HM_TAKE(const std::string text, engine::core::read_file(regression.suite));
        HM_TRY(suite::parse_suite(text, regression.suite));  // says what is wrong, and where
        suite = ordered_json::parse(text);
    } else {
        suite["schema_version"] = 1;
        suite["summary"] = "Failures that are not to come back.";
        suite["gate"] = {{"metric", "passed"}, {"margin", 0}};
        suite["groups"] = ordered_json::array();
    }
    ordered_json group = group_of(regression, scenario);
    for (auto& there : suite["groups"]) {
        if (there.value("scenarios", ordered_json()) == group["scenarios"]) {
            there = std::move(group);
            return suite.dump(2) + "\n";
        }
    }
    suite["groups"].push_back(std::move(group));
    return suite.dump(2) + "\n";
}

}  // namespace

Result<fs::path> save(const RegressionCase& regression) {
    const fs::path file = fs::absolute(regression.folder) / (file_name(regression.name) + ".json");
    HM_TAKE(const std::string scenario, scenario_text(regression, file));
    HM_TRY(engine::core::make_writable_folder(regression.folder));
    const fs::path suite_folder = fs::absolute(regression.suite).parent_path();
    HM_TRY(engine::core::make_writable_folder(suite_folder));
    const std::string named =
        file.lexically_normal().lexically_proximate(suite_folder.lexically_normal()).string();
    HM_TAKE(const std::string suite, suite_text(regression, named));

    // The suite reads the scenario, so this comes first; what was there comes back on an error.
    std::error_code ignored;
    const bool was_there = fs::exists(file, ignored);
    std::string before;
    if (was_there) {
        HM_TAKE(before, engine::core::read_file(file));
    }
    HM_TRY(engine::core::write_file(file, scenario));
    Status saved;
    if (const auto cells = suite::parse_suite(suite, regression.suite); !cells) {
        saved = cells.error();
    } else {
        saved = engine::core::write_file(regression.suite, suite);
    }
    if (saved) return file;
    if (was_there) {
        HM_TRY(engine::core::write_file(file, before));
    } else {
        fs::remove(file, ignored);
    }
    return saved.error();
}

std::vector<Criterion> criteria_of(const loop::RunResult& result) {
    std::vector<Criterion> judged = result.options.scenario.criteria;
    if (judged.empty()) judged = scenarios::story::default_criteria();
    std::vector<Criterion> criteria;
    bool own = false;  // of the story, which stay where they are
    for (const auto& verdict : result.verdict.criteria) {
        if (verdict.passed) continue;
        const auto found = std::ranges::find_if(judged, [&](const Criterion& criterion) {
            return verdict.kind == scenarios::story::kind(criterion.rule) &&
                   (criterion.name.empty() || criterion.name == verdict.name);
        });
        if (found != judged.end()) {
            criteria.push_back(*found);
        } else {
            own = true;
        }
    }
    if (own) return {};
    if (!criteria.empty()) return criteria;
    criteria = scenarios::story::default_criteria();
    const bool near = std::ranges::any_of(result.failures, [](const loop::Failure& failure) {
        return failure.infraction.kind == score::InfractionKind::kNearMiss;
    });
    constexpr double kCalm_s = 0.5;
    if (near) {
        criteria.push_back({.name = "min_time_to_collision",
                            .rule = scenarios::story::MinTimeToCollision{.at_least_s = kCalm_s}});
    }
    return criteria;
}

}  // namespace huntsman::bridge::live
