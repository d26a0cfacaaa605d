// huntsman train: render training towns, train the perception network.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "bridge/run/settings.h"
#include "bridge/train/train.h"

namespace huntsman::apps {

namespace {

struct TrainArguments {
    bridge::train::TrainOptions options;
    std::string rig, size = "640x400", work = "runs/training", out = "runs/training/perception.pt";
    bool json = false;
};

int train(TrainArguments arguments) {
    auto size = bridge::run::parse_size(arguments.size);
    if (!size) return fail(size.error());
    auto& options = arguments.options;
    std::tie(options.width, options.height) = *size;
    options.rig = arguments.rig.empty() ? assets_folder() / "rigs" / "eight_cameras.json"
                                        : std::filesystem::path(arguments.rig);
    options.work = arguments.work;
    options.network = arguments.out;
    engine::core::Result<bridge::train::TrainResult> result = engine::core::Error{};
    {
        Progress progress("train");
        result = bridge::train::train(
            options,
            {.progress = [&](const std::string& what, double share) { progress.show(share, what); },
             .stop = &stop_flag()});
    }
    if (!result) return fail(result.error());
    if (!result->complete) {
        std::fprintf(stderr, "huntsman: interrupted; the same command goes on from %s\n",
                     arguments.work.c_str());
        return 1;
    }
    if (arguments.json) {
        const nlohmann::ordered_json document = {{"schema_version", 1},
                                                 {"network", arguments.out},
                                                 {"parameters", result->parameters},
                                                 {"samples", result->samples},
                                                 {"validation_samples", result->validation_samples},
                                                 {"epochs", result->epochs},
                                                 {"training_loss", result->training_loss},
                                                 {"validation_loss", result->validation_loss}};
        std::printf("%s\n", document.dump(2).c_str());
    } else {
        std::printf(
            "  %lld parameters, %d samples, %d epochs\n  training loss %.3f, on towns not "
            "seen %.3f\n  written to %s\n",
            static_cast<long long>(result->parameters), result->samples, result->epochs,
            result->training_loss, result->validation_loss, arguments.out.c_str());
    }
    return 0;
}

}  // namespace

void add_train(CLI::App& app, Body& chosen) {
    auto arguments = std::make_shared<TrainArguments>();
    CLI::App* command = app.add_subcommand(
        "train",
        "Train the perception network on rendered training towns (seeds below 1000).\n"
        "Interrupted, the same command goes on where it was.\n"
        "Example: huntsman train --towns 4 --seconds 20 --epochs 2 --work runs/small --out "
        "small.pt");
    auto& o = arguments->options;
    command->add_option("--out", arguments->out, "The network's file")->capture_default_str();
    command->add_option("--work", arguments->work, "Folder of samples and checkpoint")
        ->capture_default_str();
    command->add_option("--rig", arguments->rig,
                        "Camera rig (default: assets/rigs/eight_cameras.json)");
    command->add_option("--size", arguments->size, "Size of the rendered pictures [px]")
        ->capture_default_str();
    command->add_option("--first-town", o.first_town, "Seed of the first training town")
        ->capture_default_str();
    command->add_option("--towns", o.towns, "Number of towns; a tenth is kept for validation")
        ->capture_default_str();
    command->add_option("--seconds", o.seconds, "Time driven in each town [s]")
        ->capture_default_str();
    command->add_option("--samples-per-second", o.samples_per_s, "Frames kept of it")
        ->capture_default_str();
    command->add_option("--epochs", o.epochs, "Times each frame is learned from")
        ->capture_default_str();
    command->add_option("--batch", o.batch, "Frames a step")->capture_default_str();
    command->add_option("--learning-rate", o.learning_rate, "Peak of the schedule")
        ->capture_default_str();
    command->add_option("--seed", o.seed, "Of weights, shuffling and augmentation")
        ->capture_default_str();
    command->add_option("--threads", o.threads, "Worker threads while rendering; 0 takes all cores")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Print one JSON document on stdout");
    command->callback([arguments, &chosen] { chosen = [arguments] { return train(*arguments); }; });
}

}  // namespace huntsman::apps
