#include "bridge/run/runner.h"

#include <future>

namespace huntsman::bridge::run {

using engine::core::Result;
using loop::RunOptions;
using loop::RunResult;

Result<std::optional<loop::Ways>> ways_of(Runner& runner, const RunOptions& options,
                                          const RunCallbacks& callbacks) {
    if (!parts::has<parts::Prediction>(options.ideal)) return std::optional<loop::Ways>();
    loop::Ways ways;
    RunOptions without = options;
    std::erase(without.ideal, parts::Part(parts::Prediction{}));
    const loop::Observer observer{
        .sense = {},
        .frame = [&](const loop::FrameView& view) -> engine::core::Status {
            ways.note(view.state);
            return {};
        },
        .finished = {}};
    HM_TRY(runner.run(without, {.progress = {},
                                .stop = callbacks.stop,
                                .observers = {observer},
                                .make_driver = callbacks.make_driver}));
    return std::optional(std::move(ways));
}

Result<RunResult> Runner::run(const RunOptions& options, const RunCallbacks& callbacks) {
    HM_TAKE(auto ways, ways_of(*this, options, callbacks));
    // The device gets ready while the driver is opened and the world built.
    std::future<Result<engine::render::Renderer*>> opening;
    if (options.images) {
        opening =
            std::async(std::launch::async, [&] { return resources_.renderer(options.quality); });
    }
    HM_TAKE(auto driver, callbacks.make_driver(options));
    HM_TAKE(const auto created, loop::Session::create(resources_, options,
                                                      {.driver = std::move(driver),
                                                       .ways = std::move(ways),
                                                       .stop = callbacks.stop,
                                                       .trace = callbacks.trace}));
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
