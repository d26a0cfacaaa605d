#include "bridge/live/making.h"

#include <algorithm>

#include "bridge/live/moment_of.h"
#include "bridge/report/output.h"
#include "engine/core/files.h"
#include "engine/core/shell.h"

namespace huntsman::bridge::live {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

scenarios::model::BuiltScenario Built::copy() const {
    scenarios::model::BuiltScenario made = scenario;
    made.world.rig = rig;
    return made;
}

std::shared_ptr<const engine::world::World> world_of(std::shared_ptr<const Built> built) {
    const auto* world = &built->scenario.world;
    return {std::move(built), world};
}

Result<Stand> make_stand(loop::Resources& resources, const loop::RunOptions& options) {
    auto built = std::make_shared<Built>();
    HM_TAKE(built->scenario, loop::build_world(options, &built->notes, &resources));
    built->rig = built->scenario.world.rig;
    loop::RunOptions blind = options;
    blind.images = false;
    blind.latency = {};  // one that is to be measured needs a driver
    HM_TAKE(const auto session, loop::Session::create(resources, blind, {.world = built->copy()}));
    HM_TRY(session->step());
    built->scenario.world.rig = session->world().rig;
    Stand stand{.built = std::move(built), .moment = nullptr};
    if (session->ended()) return Error{.message = session->end_reason()};
    stand.moment = moment_of(*session, world_of(stand.built), nullptr, 0);
    return stand;
}

Result<std::shared_ptr<driver::Driver>> SessionMaker::driver_of(const loop::RunOptions& options) {
    const std::string key =
        fmt::format("{}\n{}\n{}\n{}x{}", options.driver, options.network.string(),
                    options.rig.string(), options.width, options.height);
    if (kept_ && key == kept_key_) return kept_;
    kept_.reset();
    HM_TAKE(std::shared_ptr<driver::Driver> driver, make_(options));
    if (driver && driver->needs_images()) {
        kept_ = driver;
        kept_key_ = key;
    }
    return driver;
}

Result<MadeSession> SessionMaker::make(const SessionWanted& wanted) {
    MadeSession made{.runner = runner_, .session = nullptr};
    loop::Setup setup{
        .world = wanted.built->copy(), .recording = wanted.past, .fork_tick = wanted.fork_tick};
    loop::RunOptions options = wanted.options;
    if (wanted.driven && options.driver != loop::kScripted) {
        std::shared_ptr<driver::Driver> driver;
        if (options.driver != kByHand) {
            HM_TAKE(driver, driver_of(options));
        }
        auto hands = std::make_unique<Hands>(std::move(driver));
        made.hands = hands.get();
        setup.driver = std::move(hands);
        HM_TAKE(setup.ways, run::ways_of(*runner_, options, {.make_driver = make_}));
    }
    if (!wanted.driven) options.images = false;
    HM_TAKE(made.session, loop::Session::create(runner_->resources(), options, std::move(setup)));
    // A session that is given its world does not know what was left out of it.
    made.session->subscribe(
        {.finished = [notes = wanted.built->notes](loop::RunResult& result) -> Status {
            result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
            return {};
        }});
    return made;
}

Status save(loop::Resources& resources, const RunToSave& run, const std::atomic<bool>& stop,
            const std::function<void(double share)>& progress) {
    HM_TRY(engine::core::make_writable_folder(run.folder));
    report::Output output(run.folder, {.video = false}, &resources.pool());
    HM_TRY(output.begin(run.options));
    const std::string command =
        "huntsman replay --verify " + engine::core::shell_word(run.folder.string());
    const auto write = [&]() -> Status {
        loop::RunOptions blind = run.options;
        blind.images = false;
        HM_TAKE(const auto session,
                loop::Session::create(resources, blind,
                                      {.world = run.built->copy(), .recording = run.recording}));
        const loop::Observer observer = output.observer(command);
        session->subscribe({.frame = observer.frame});
        const double last = run.recording.chain.empty()
                                ? 1.0
                                : static_cast<double>(run.recording.chain.back().tick);
        while (!session->ended()) {
            if (stop) return Error{.message = "saving was cancelled"};
            HM_TRY(session->step());
            progress(static_cast<double>(session->state().tick) / std::max(1.0, last));
        }
        HM_TAKE(auto result, session->finish());
        if (run.result) {
            result = *run.result;
        } else {
            result.options = run.options;
            result.driver = run.options.driver;
            result.incomplete = true;
            result.end_reason = "saved while it was going on";
        }
        return observer.finished(result);
    };
    const Status status = write();
    if (!status) {
        // What stays says why; that the folder cannot be written either is no further news.
        const Status ignored = output.fail(run.options, status.error());
        (void)ignored;
    }
    return status;
}

}  // namespace huntsman::bridge::live
