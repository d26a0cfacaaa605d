// huntsman blame: which part of the stack a failure is due to.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/suite_command.h"
#include "bridge/hunt/blame.h"

namespace huntsman::apps {

void add_blame(CLI::App& app, Body& chosen) {
    auto settings = std::make_shared<bridge::hunt::BlameSettings>();
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand(
        "blame",
        "Make a failing run again with one part of the stack ideal at a time (perception, tracks, "
        "\n"
        "latency, a camera, ...) and with one thing of the world changed, and say what mends it.\n"
        "Example: huntsman blame 3f2a9c01d4e5 --results hunt.sqlite --pictures blame");
    command->add_option("RUN", settings->run, "Key of the run, or its beginning")->required();
    command->add_option("--results", settings->results, "Results file that holds it")
        ->default_val("hunt.sqlite");
    command->add_option("--pictures", settings->pictures,
                        "Folder for pictures of what was perceived and what was there");
    command->add_option("--jobs", settings->jobs, "Runs made at once")->capture_default_str();
    command->add_option("--threads", settings->threads, "Of all runs together; 0: all cores")
        ->capture_default_str();
    command->add_flag("--json", *json, "Print one JSON document on stdout");
    command->callback([settings, json, &chosen] {
        chosen = [settings, json] {
            engine::core::Result<bridge::hunt::Blame> blame = engine::core::Error{};
            {
                Progress bar("blame");
                blame = bridge::hunt::blame(*settings, runs_callbacks(bar));
            }
            if (!blame) return fail(blame.error());
            const std::string answer =
                *json ? bridge::hunt::to_json(*blame).dump(2) + "\n" : bridge::hunt::text(*blame);
            std::fputs(answer.c_str(), stdout);
            return 0;
        };
    });
}

}  // namespace huntsman::apps
