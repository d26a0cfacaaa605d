// huntsman hunt: searches the parameters of situations for the distinct ways in which a driver
// fails; huntsman rate: how often it does; huntsman shrink: what one of the failures needs.
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/suite_command.h"
#include "bridge/hunt/hunt.h"
#include "bridge/hunt/rate.h"
#include "bridge/hunt/shrink.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/files.h"

namespace huntsman::apps {

namespace {

struct HuntArguments {
    bridge::hunt::HuntSettings settings;
    std::string html;
    bool json = false;
};

struct RateArguments {
    bridge::hunt::RateSettings settings;
    bool json = false;
};

int hunt(const HuntArguments& arguments) {
    const auto hunt = bridge::hunt::to_hunt(arguments.settings);
    if (!hunt) return fail(hunt.error());
    const auto write_page = [&](const bridge::hunt::HuntResult& result, bool live) {
        return engine::core::write_file(arguments.html, bridge::hunt::html(*hunt, result, live));
    };
    if (!arguments.html.empty()) {
        if (const auto begun = write_page({}, true); !begun) return fail(begun.error());
    }
    engine::core::Result<bridge::hunt::HuntResult> result = engine::core::Error{};
    {
        Progress bar(hunt->name);
        bridge::hunt::HuntCallbacks callbacks{.runs = runs_callbacks(bar)};
        std::string so_far = bridge::hunt::progress_text(*hunt, {});
        callbacks.runs.progress = [&](double share, const bridge::suite::Item&) {
            bar.show(share, so_far);
        };
        callbacks.batch = [&](const bridge::hunt::HuntResult& found) {
            so_far = bridge::hunt::progress_text(*hunt, found);
            if (!arguments.html.empty()) (void)write_page(found, true);
        };
        result = bridge::hunt::run(*hunt, callbacks);
    }
    if (!result) return fail(result.error());
    if (!arguments.html.empty()) {
        if (const auto written = write_page(*result, false); !written) return fail(written.error());
    }
    if (!hunt->settings.save.empty()) {
        const auto saved = bridge::hunt::save_scenarios(*hunt, *result);
        if (!saved) return fail(saved.error());
    }
    const std::string answer = arguments.json ? bridge::hunt::to_json(*hunt, *result).dump(2) + "\n"
                                              : bridge::hunt::text(*hunt, *result);
    std::fputs(answer.c_str(), stdout);
    return 0;
}

int rate(const RateArguments& arguments) {
    engine::core::Result<bridge::hunt::Rate> rate = engine::core::Error{};
    {
        Progress bar("rate " + arguments.settings.hunt.spaces);
        rate = bridge::hunt::rate(arguments.settings, runs_callbacks(bar));
    }
    if (!rate) return fail(rate.error());
    const std::string answer = arguments.json
                                   ? bridge::hunt::to_json(arguments.settings, *rate).dump(2) + "\n"
                                   : bridge::hunt::text(arguments.settings, *rate);
    std::fputs(answer.c_str(), stdout);
    return 0;
}

// What is searched and who drives.
void add_space(CLI::App& command, bridge::hunt::HuntSettings& s) {
    command.add_option("--towns", s.towns, "Seeds of towns it is placed in, FIRST..LAST")
        ->capture_default_str();
    command
        .add_option("--weather", s.weather, "on: the sun's elevation and rain are parameters too")
        ->capture_default_str();
    command
        .add_option("--driver", s.driver,
                    "Whose failures are searched: " + bridge::run::driver_help())
        ->capture_default_str();
    command.add_option("--network", s.network, "Network file of the network driver");
    command.add_option("--fault", s.faults, "Something that is wrong on purpose; may be repeated");
    command.add_option("--seed", s.seed, "Of the random numbers")->capture_default_str();
    command.add_option("--seconds", s.seconds, "Simulated time of a run [s]")
        ->capture_default_str();
    command.add_option("--size", s.size, "Size of each picture [px]")->capture_default_str();
    command.add_option("--quality", s.quality, "fast, standard or high")->capture_default_str();
    command.add_option("--out", s.out, "Results file (SQLite) that keeps all runs")
        ->default_val("hunt.sqlite");
    command.add_option("--jobs", s.jobs, "Runs made at once")->capture_default_str();
    command.add_option("--threads", s.threads, "Of all runs together; 0: all cores")
        ->capture_default_str();
    command
        .add_option("--stall-limit", s.stall_limit_s,
                    "A run without progress for so long has failed [s of wall time]")
        ->capture_default_str();
}

}  // namespace

void add_hunt(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<HuntArguments>();
    CLI::App* command = app.add_subcommand(
        "hunt",
        "Search the parameters of situations for the distinct ways in which a driver fails. The\n"
        "same command goes on where it was; a larger budget adds to what is there.\n"
        "Example: huntsman hunt cpnco --towns 2001..2003 --driver network --stand-in "
        "errors:network.json --budget 500");
    auto& s = arguments->settings;
    command
        ->add_option(
            "SPACES", s.spaces,
            "Shipped situations or files of such, tag:TAG, all, OpenSCENARIO files, or town for "
            "plain driving; "
            "several with commas between")
        ->required();
    add_space(*command, s);
    command->add_option("--stand-in", s.stand_in,
                        "Drives in its place while searching, without pictures: errors:FILE.json");
    command
        ->add_option("--method", s.method,
                     fmt::format("{}", fmt::join(bridge::mine::method_names(), ", ")))
        ->capture_default_str();
    command
        ->add_option("--budget", s.budget,
                     "Runs of all searches together, or wall time as 30min or 2h")
        ->capture_default_str();
    command
        ->add_option("--searches", s.searches, "Independent searches of each space, by --seed on")
        ->capture_default_str();
    command
        ->add_option("--generation", s.generation,
                     "Points chosen before the results of any are known, at most so many jobs are "
                     "busy; 0: the method's own number")
        ->capture_default_str();
    command
        ->add_option("--confirm", s.confirm,
                     "Runs of each distinct failure that the driver itself makes")
        ->capture_default_str();
    command->add_option("--shards", s.shards, "Parts that the searches are split into")
        ->capture_default_str();
    command->add_option("--shard", s.shard, "Which part to make, from 0")->capture_default_str();
    command->add_option("--save", s.save,
                        "Folder that gets a scenario file of each distinct failure");
    command->add_option("--html", arguments->html, "Page to write, anew after each batch");
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return hunt(*arguments); }; });
}

void add_rate(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<RateArguments>();
    CLI::App* command = app.add_subcommand(
        "rate",
        "Estimate how often a driver fails on a situation under the declared distribution of its\n"
        "parameters, with a 95 % interval: for failures that are too rare to be counted.\n"
        "Example: huntsman rate cpfa --towns 2001..2003 --weather on --driver errors:network.json");
    auto& s = arguments->settings;
    command->add_option("SPACE", s.hunt.spaces, "A shipped situation, a file of one, or town")
        ->required();
    add_space(*command, s.hunt);
    command->add_option("--per-level", s.per_level, "Runs of each level of a repeat")
        ->capture_default_str();
    command
        ->add_option("--importance", s.importance,
                     "Runs of importance sampling of a repeat; 0: subset simulation alone")
        ->capture_default_str();
    command->add_option("--repeats", s.repeats, "Independent repeats, which give the interval")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return rate(*arguments); }; });
}

void add_shrink(CLI::App& app, Body& chosen) {
    auto settings = std::make_shared<bridge::hunt::ShrinkSettings>();
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand(
        "shrink",
        "Take away from a failing run what it does not need to fail in the same way: faults,\n"
        "weather, parameters off nominal, traffic, time.\n"
        "Example: huntsman shrink 3f2a9c01d4e5 --results hunt.sqlite --save minimal.json");
    command->add_option("RUN", settings->run, "Key of the run, or its beginning")->required();
    command->add_option("--results", settings->results, "Results file that holds it")
        ->default_val("hunt.sqlite");
    command->add_option("--save", settings->save, "Scenario file to write");
    command->add_option("--jobs", settings->jobs, "Runs made at once")->capture_default_str();
    command->add_option("--threads", settings->threads, "Of all runs together; 0: all cores")
        ->capture_default_str();
    command->add_flag("--json", *json, "Print one JSON document on stdout");
    command->callback([settings, json, &chosen] {
        chosen = [settings, json] {
            engine::core::Result<bridge::hunt::Shrunk> shrunk = engine::core::Error{};
            {
                Progress bar("shrink");
                shrunk = bridge::hunt::shrink(*settings, runs_callbacks(bar));
            }
            if (!shrunk) return fail(shrunk.error());
            const std::string answer = *json ? bridge::hunt::to_json(*shrunk).dump(2) + "\n"
                                             : bridge::hunt::text(*shrunk, *settings);
            std::fputs(answer.c_str(), stdout);
            return 0;
        };
    });
}

}  // namespace huntsman::apps
