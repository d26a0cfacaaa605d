// huntsman failures: what the catalogue holds.
#include "apps/huntsman/failures_command.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "bridge/failures/catalogue.h"

namespace huntsman::apps {

using bridge::failures::Catalogue;
using bridge::failures::Row;
using nlohmann::ordered_json;

namespace {

struct FailuresArguments {
    std::string catalogue = "runs/failures.db";
    bridge::failures::Filter filter;
    std::int64_t id = 0;
    bool json = false;
};

ordered_json to_json(const Row& row) {
    return {{"id", row.id},
            {"kind", row.kind},
            {"tick", row.tick},
            {"time_s", row.time_s},
            {"scenario", row.scenario},
            {"seed", row.seed},
            {"driver", row.driver},
            {"actor", row.actor},
            {"actor_class", row.actor_class},
            {"light", row.light},
            {"weather", row.weather},
            {"occlusion", row.occlusion},
            {"distance_m", row.distance_m},
            {"speed_mps", row.speed_mps},
            {"value", row.value},
            {"picture", row.picture},
            {"run", row.run},
            {"command", row.command},
            {"rerun", row.rerun}};
}

int list(const FailuresArguments& arguments) {
    auto catalogue = Catalogue::open_existing(arguments.catalogue);
    if (!catalogue) return fail(catalogue.error());
    auto rows = (*catalogue)->list(arguments.filter);
    if (!rows) return fail(rows.error());
    if (arguments.json) {
        ordered_json document = {{"schema_version", 1}, {"failures", ordered_json::array()}};
        for (const Row& row : *rows) document["failures"].push_back(to_json(row));
        std::printf("%s\n", document.dump(2).c_str());
        return 0;
    }
    std::printf("%6s  %-20s %-16s %6s %8s %8s  %-10s %-12s %s\n", "id", "kind", "scenario", "seed",
                "time s", "km/h", "driver", "other", "weather");
    for (const Row& row : *rows) {
        std::printf("%6lld  %-20s %-16s %6llu %8.2f %8.1f  %-10s %-12s %s, %s\n",
                    static_cast<long long>(row.id), row.kind.c_str(), row.scenario.c_str(),
                    static_cast<unsigned long long>(row.seed), row.time_s, 3.6 * row.speed_mps,
                    row.driver.c_str(), row.actor_class.c_str(), row.light.c_str(),
                    row.weather.c_str());
    }
    if (rows->empty()) std::printf("no failures of this kind\n");
    return 0;
}

int show(const FailuresArguments& arguments) {
    auto catalogue = Catalogue::open_existing(arguments.catalogue);
    if (!catalogue) return fail(catalogue.error());
    auto row = (*catalogue)->find(arguments.id);
    if (!row) return fail(row.error());
    if (arguments.json) {
        std::printf("%s\n", to_json(*row).dump(2).c_str());
        return 0;
    }
    const auto line = [](const char* what, const std::string& value) {
        std::printf("  %-12s%s\n", what, value.c_str());
    };
    line("failure", fmt::format("{}  {}", row->id, row->kind));
    line("when", fmt::format("tick {}, {:.2f} s", row->tick, row->time_s));
    line("where",
         fmt::format("scenario {}, seed {}, driver {}", row->scenario, row->seed, row->driver));
    line("other", row->actor == 0 ? "-" : fmt::format("{} ({})", row->actor_class, row->actor));
    line("conditions",
         fmt::format("{}, {}, occlusion {:.2f}, distance {:.1f} m, speed {:.1f} km/h", row->light,
                     row->weather, row->occlusion, row->distance_m, 3.6 * row->speed_mps));
    line("value", fmt::format("{:.3f}", row->value));
    line("picture", row->picture.empty() ? "-" : row->picture);
    line("again", row->command);
    line("whole run", row->rerun);
    return 0;
}

}  // namespace

void add_failures(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<FailuresArguments>();
    CLI::App* command = app.add_subcommand(
        "failures",
        "List and show what went wrong in runs so far, in single runs and in results files.\n"
        "Example: huntsman failures list --kind near_miss");
    command->require_subcommand(1);
    add_failures_of_results(*command, chosen);
    add_failures_export(*command, chosen);
    CLI::App* listing = command->add_subcommand(
        "list", "The latest failures.\nExample: huntsman failures list --limit 20 --json");
    listing->add_option("--kind", arguments->filter.kind, "Only this kind");
    listing->add_option("--driver", arguments->filter.driver, "Only of this driver");
    listing->add_option("--scenario", arguments->filter.scenario, "Only of this scenario");
    listing->add_option("--limit", arguments->filter.limit, "At most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000));
    CLI::App* showing = command->add_subcommand(
        "show",
        "One failure with the command that shows it again.\nExample: huntsman failures show 3");
    showing->add_option("ID", arguments->id, "Number of the failure")->required();
    for (CLI::App* sub : {listing, showing}) {
        sub->add_option("--catalogue", arguments->catalogue, "SQLite file")->capture_default_str();
        sub->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    }
    listing->callback([arguments, &chosen] { chosen = [arguments] { return list(*arguments); }; });
    showing->callback([arguments, &chosen] { chosen = [arguments] { return show(*arguments); }; });
}

}  // namespace huntsman::apps
