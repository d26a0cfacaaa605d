// huntsman error-model: models of what a driver's perception gets wrong.
#include <cstdio>
#include <memory>

#include "apps/huntsman/common.h"
#include "bridge/error_model/fit.h"
#include "bridge/suite/store.h"
#include "engine/core/files.h"

namespace huntsman::apps {

namespace {

struct FitArguments {
    std::string results, driver = "network", suite, out;
};

int fit(const FitArguments& arguments) {
    namespace error_model = bridge::error_model;
    const auto store =
        bridge::suite::Store::open(arguments.results, bridge::database::Access::kReadOnly);
    if (!store) return fail(store.error());
    const auto samples = store->run_samples(arguments.driver, arguments.suite);
    if (!samples) return fail(samples.error());
    error_model::Model model = error_model::fit(*samples);
    model.summary = "driver " + arguments.driver + ": " + model.summary;
    const auto written = engine::core::write_file(arguments.out, error_model::to_json(model));
    if (!written) return fail(written.error());
    std::printf("%s\n%s\n", model.summary.c_str(), model.not_measured.c_str());
    std::printf("  %-12s%8s%8s%9s%9s%8s%9s%9s\n", "class", "to [m]", "miss", "objects", "sd [m]",
                "pairs", "false", "of");
    const std::pair<const char*, const error_model::ClassErrors*> classes[] = {
        {"vehicle", &model.vehicle}, {"pedestrian", &model.pedestrian}};
    for (const auto& [name, errors] : classes) {
        for (const auto& band : errors->bands) {
            std::printf("  %-12s%8.0f%8.3f%9lld%9.2f%8lld%9.3f%9lld\n", name, band.to_m, band.miss,
                        static_cast<long long>(band.truths), band.position_sd_m,
                        static_cast<long long>(band.pairs), band.false_per_frame,
                        static_cast<long long>(band.false_objects));
        }
        std::printf("  %-12spersistence %.2f s (%lld links), night odds %.2f (%lld objects)\n",
                    name, errors->persistence_s, static_cast<long long>(errors->links),
                    errors->night_odds, static_cast<long long>(errors->night_truths));
    }
    return 0;
}

}  // namespace

void add_error_model(CLI::App& app, Body& chosen) {
    CLI::App* group = app.add_subcommand(
        "error-model",
        "Models of what a driver's perception gets wrong, for runs without pictures\n"
        "(--driver errors:FILE.json).\n"
        "Example: huntsman error-model fit results.sqlite --driver network --out model.json");
    group->require_subcommand(1);
    auto arguments = std::make_shared<FitArguments>();
    CLI::App* command = group->add_subcommand(
        "fit",
        "Fit a model to a driver's measured errors.\n"
        "Example: huntsman error-model fit results.sqlite --driver network --out model.json");
    command->add_option("RESULTS", arguments->results, "Results file of 'huntsman suite run'")
        ->required();
    command->add_option("--driver", arguments->driver, "Whose errors")->capture_default_str();
    command->add_option("--suite", arguments->suite, "Of this suite's runs alone");
    command->add_option("--out", arguments->out, "Model file to write")->required();
    command->callback([arguments, &chosen] { chosen = [arguments] { return fit(*arguments); }; });
}

}  // namespace huntsman::apps
