// huntsman evaluate: several drivers over several worlds, compared in one table.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "apps/huntsman/suite_command.h"
#include "bridge/suite/evaluation.h"

namespace huntsman::apps {

namespace {

struct EvaluateArguments {
    bridge::suite::EvaluationSettings settings;
    bool json = false;
};

int evaluate(const EvaluateArguments& arguments) {
    auto evaluation = bridge::suite::to_evaluation(arguments.settings);
    if (!evaluation) return fail(evaluation.error());
    engine::core::Result<bridge::suite::Verdict> verdict = engine::core::Error{};
    {
        Progress bar("evaluate");
        bridge::suite::RunsCallbacks callbacks = runs_callbacks(bar);
        verdict = bridge::suite::evaluate(std::move(*evaluation), callbacks);
    }
    if (!verdict) return fail(verdict.error());
    const std::string answer = arguments.json ? bridge::suite::to_json(*verdict).dump(2) + "\n"
                                              : bridge::suite::text(verdict->table);
    std::fputs(answer.c_str(), stdout);
    return verdict->passed ? 0 : 1;
}

}  // namespace

void add_evaluate(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = app.add_subcommand(
        "evaluate",
        "Compare drivers over many worlds. A run that fails is a result with its reason; exits 1\n"
        "then and below --minimum-score. For regression tests.\n"
        "Example: huntsman evaluate --drivers network,oracle,none --seeds 2001..2010 --seconds 30");
    auto& settings = arguments->settings;
    add_run_flags(*command, settings.run);
    command->add_option("--drivers", settings.drivers, "Drivers, with commas between")
        ->capture_default_str();
    command->add_option("--seeds", settings.seeds, "FIRST..LAST")->capture_default_str();
    command->add_option("--cells", settings.cells,
                        "JSON file that lists the runs, in the place of --drivers and --seeds "
                        "(see docs/using.md)");
    command->add_option("--out", settings.out,
                        "Folder that keeps the results; the same command goes on where it was");
    command->add_flag("--retry", settings.retry, "Make those runs again that failed in --out");
    command->add_option("--jobs", settings.jobs, "Runs made at once")->capture_default_str();
    command
        ->add_option("--stall-limit", settings.stall_limit_s,
                     "A run without progress for so long has failed [s of wall time]")
        ->capture_default_str();
    command->add_option("--minimum-score", settings.minimum_score,
                        "Mean CARLA driving score that the first driver must reach");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback(
        [arguments, &chosen] { chosen = [arguments] { return evaluate(*arguments); }; });
}

}  // namespace huntsman::apps
