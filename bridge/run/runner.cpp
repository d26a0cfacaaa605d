#include "bridge/run/runner.h"

#include <future>

#include "bridge/torch/drivers.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::run {

using engine::core::Error;
using engine::core::Result;
using loop::RunOptions;
using loop::RunResult;

Result<std::unique_ptr<driver::Driver>> make_driver(const RunOptions& options) {
    const std::string& name = options.driver;
    if (name == "none") return driver::make_none_driver();
    if (name == "oracle") return driver::make_oracle_driver();
    if (name == "network") return torch::make_network_driver(options.network);
    if (name.starts_with("torch:")) {
        const auto rig = sensors::rig::load(options.rig, options.width, options.height);
        if (!rig) return rig.error();
        return torch::make_contract_driver(name.substr(6), static_cast<int>(rig->cameras.size()),
                                           options.width, options.height);
    }
    return Error{.message =
                     "driver is " + name + ", expected oracle, network, torch:FILE.pt or none"};
}

Result<RunResult> Runner::run(const RunOptions& options, const RunCallbacks& callbacks) {
    // The device gets ready while the driver is opened and the world built.
    std::future<Result<engine::render::Renderer*>> opening;
    if (options.images) {
        opening =
            std::async(std::launch::async, [&] { return resources_.renderer(options.quality); });
    }
    auto driver = make_driver(options);
    if (!driver) return driver.error();
    auto created = loop::Session::create(
        resources_, options,
        {.driver = std::move(*driver), .stop = callbacks.stop, .trace = callbacks.trace});
    if (!created) return created.error();
    loop::Session& session = **created;
    for (const loop::Observer& observer : callbacks.observers) session.subscribe(observer);
    while (!session.ended()) {
        HM_TRY(session.step());
        const auto& state = session.state();
        if (callbacks.progress && state.tick % 20 == 0) {
            callbacks.progress(engine::core::seconds(state.time_us) / options.scenario.duration_s);
        }
    }
    return session.finish();
}

}  // namespace huntsman::bridge::run
