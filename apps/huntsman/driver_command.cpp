// huntsman driver: looks at a driver by itself.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/huntsman/common.h"
#include "apps/huntsman/run_flags.h"
#include "bridge/check/check.h"
#include "bridge/run/driver_spec.h"
#include "sensors/rig/rig.h"

namespace huntsman::apps {

namespace {

using bridge::check::Reference;
using bridge::check::Report;
using engine::core::Error;
using engine::core::Result;
using nlohmann::ordered_json;

struct CheckArguments {
    bridge::run::RunSettings run;
    std::int64_t moments = 20;
    std::string against;
    double tolerance = 1e-4;
    bool json = false;
};

// Of the driver of --against, which is gone before the other one is looked at.
Result<std::optional<Reference>> reference_for(const CheckArguments& arguments,
                                               bridge::loop::RunOptions options,
                                               const bridge::check::Trial& trial) {
    if (arguments.against.empty()) return std::optional<Reference>();
    options.driver = arguments.against;
    HM_TAKE(const auto driver, bridge::run::make_driver(options));
    if (!driver) {
        return Error{.message = "--against is " + options.driver +
                                ", expected a driver that is asked for actions"};
    }
    if (driver->needs_images() && trial.moments[0].pictures.empty()) {
        return Error{.message = "--against is " + options.driver +
                                ", which needs pictures, but the checked driver asks for none"};
    }
    HM_TAKE(Reference reference, bridge::check::reference_of(*driver, trial));
    reference.tolerance = arguments.tolerance;
    return std::optional<Reference>(std::move(reference));
}

Result<Report> checked(const CheckArguments& arguments) {
    HM_TAKE(bridge::loop::RunOptions options, bridge::run::to_options(arguments.run));
    if (arguments.moments < 2 || arguments.moments > 1000) {
        return Error{.message =
                         fmt::format("--moments is {}, expected 2 to 1000", arguments.moments)};
    }
    if (!(arguments.tolerance >= 0)) {
        return Error{.message =
                         fmt::format("--tolerance is {}, expected 0 or more", arguments.tolerance)};
    }
    // Before the run, so that a driver that cannot be had is said at once.
    const double own_mb = bridge::check::own_memory_mb();
    HM_TAKE(const auto driver, bridge::run::make_driver(options));
    if (!driver) {
        return Error{.message = "--driver is " + options.driver +
                                ", expected one that is asked for actions"};
    }
    const double driver_mb = bridge::check::own_memory_mb() - own_mb;
    options.images = options.images && driver->needs_images();
    HM_TAKE(const auto rig, sensors::rig::load(options.rig, options.width, options.height));
    bridge::loop::Resources resources(options.threads);
    HM_TAKE(const auto moments,
            bridge::check::record_moments(resources, options,
                                          static_cast<std::size_t>(arguments.moments)));
    bridge::check::Trial trial{
        .rig = rig, .moments = moments, .period_s = 1 / rig.rate_hz, .stop = &stop_flag()};
    HM_TAKE(const auto reference, reference_for(arguments, options, trial));
    if (reference) trial.reference = &*reference;
    // Without what the recorded run and the other driver have left here.
    const double recorded_mb = bridge::check::own_memory_mb();
    trial.memory_mb = [&]() -> std::optional<double> {
        if (options.driver.starts_with("exec:")) return bridge::check::children_memory_mb();
        if (options.driver.find(':') != std::string::npos &&
            !options.driver.starts_with("torch:") && !options.driver.starts_with("errors:")) {
            return {};  // another's process
        }
        return driver_mb + bridge::check::own_memory_mb() - recorded_mb;
    };
    return bridge::check::check_driver(*driver, trial);
}

ordered_json to_json(const Report& r) {
    ordered_json json{
        {"driver", r.driver},         {"pictures", r.pictures}, {"truth", r.truth},
        {"answers", r.answers},       {"min_ms", r.min_ms},     {"median_ms", r.median_ms},
        {"p95_ms", r.p95_ms},         {"max_ms", r.max_ms},     {"same_twice", r.same_twice},
        {"violations", r.violations}, {"notes", r.notes}};
    if (r.memory_mb) json["memory_mb"] = *r.memory_mb;
    if (r.growth_mb) json["growth_mb"] = *r.growth_mb;
    if (const auto& c = r.comparison) {
        json["against"] = {{"driver", c->driver},
                           {"most", c->most},
                           {"field", c->field},
                           {"moments", c->moments},
                           {"other", c->other}};
    }
    return json;
}

void print(const Report& r) {
    std::printf("%s\n", r.driver.c_str());
    std::printf("  asks for     %s%s\n", r.pictures ? "pictures" : "no pictures",
                r.truth ? " and what is truly there" : "");
    std::printf("  answers      %zu, the same twice: %s\n", r.answers, r.same_twice ? "yes" : "no");
    std::printf("  latency      %.1f ms median, %.1f at least, %.1f at 95 %%, %.1f at most\n",
                r.median_ms, r.min_ms, r.p95_ms, r.max_ms);
    if (r.memory_mb) {
        std::printf("  memory       %.0f MB, %+.0f MB since the first answers\n", *r.memory_mb,
                    r.growth_mb.value_or(0));
    } else {
        std::printf("  memory       not known: its process was not started here\n");
    }
    if (const auto& c = r.comparison) {
        std::printf("  against %s: %s, %zu of %zu moments with other parts\n", c->driver.c_str(),
                    c->field.empty()
                        ? "the same numbers"
                        : fmt::format("{} differs by {:.2g} at most", c->field, c->most).c_str(),
                    c->other, c->moments);
    }
    for (const std::string& note : r.notes) std::printf("  note: %s\n", note.c_str());
    for (const std::string& violation : r.violations) {
        std::printf("  violation: %s\n", violation.c_str());
    }
    if (r.violations.empty()) std::printf("keeps to the contract\n");
}

int check(const CheckArguments& arguments) {
    const auto report = checked(arguments);
    if (!report) return fail(report.error());
    if (arguments.json) {
        std::printf("%s\n", to_json(*report).dump(1).c_str());
    } else {
        print(*report);
    }
    return report->violations.empty() ? 0 : 1;
}

}  // namespace

void add_driver(CLI::App& app, Body& chosen) {
    CLI::App* command = app.add_subcommand("driver", "Look at a driver by itself.");
    command->require_subcommand(1);
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* sub = command->add_subcommand(
        "check",
        "Try a driver with moments of a run, blank and damaged ones: latency, memory, whether it "
        "answers the same twice, and each violation of the contract. Exit code 1 if there is "
        "one.\nExample: huntsman driver check exec:\"python3 my_driver.py\"");
    sub->add_option("DRIVER", arguments->run.driver, bridge::run::driver_help())->required();
    add_world_flags(*sub, arguments->run);
    sub->add_option("--moments", arguments->moments, "Camera ticks of the run that it is given")
        ->capture_default_str();
    auto* against =
        sub->add_option("--against", arguments->against,
                        "Driver whose answers to the recorded moments are expected, as of the same "
                        "network in this process");
    sub->add_option("--tolerance", arguments->tolerance,
                    "Greatest difference from --against of any number")
        ->needs(against)
        ->capture_default_str();
    sub->add_option("--driver-deadline-ms", arguments->run.driver_deadline_ms,
                    "Longest time for an answer [ms]");
    sub->add_option("--driver-tls-ca", arguments->run.driver_tls_ca,
                    "PEM file of who may sign its certificate, on another machine");
    sub->add_option("--driver-token-file", arguments->run.driver_token_file,
                    "File whose first line is the token that it expects");
    sub->add_option("--network", arguments->run.network, "Network of the driver \"network\"");
    sub->add_flag("--no-images", arguments->run.no_images, "Without pictures");
    sub->add_flag("--json", arguments->json, "As JSON");
    sub->callback([arguments, &chosen] { chosen = [arguments] { return check(*arguments); }; });
}

}  // namespace huntsman::apps
