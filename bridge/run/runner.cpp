#include "bridge/run/runner.h"

#include <future>

namespace huntsman::bridge::run {

using engine::core::Result;
using loop::RunOptions;
using loop::RunResult;

Result<RunResult> Runner::run(const RunOptions& options, const RunCallbacks& callbacks) {
    // The device gets ready while the driver is opened and the world built.
    std::future<Result<engine::render::Renderer*>> opening;
    if (options.images) {
        opening =
            std::async(std::launch::async, [&] { return resources_.renderer(options.quality); });
    }
    HM_TAKE(auto driver, callbacks.make_driver(options));
    HM_TAKE(const auto created,
            loop::Session::create(
                resources_, options,
                {.driver = std::move(driver), .stop = callbacks.stop, .trace = callbacks.trace}));
    loop::Session& session = *created;
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
