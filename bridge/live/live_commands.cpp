// What callers ask a live run for that takes more than writing it down.
#include <algorithm>

#include "bridge/live/live_impl.h"
#include "bridge/loop/session.h"

namespace huntsman::bridge::live {

using engine::core::Result;
using engine::core::Status;

void LiveRun::Impl::drop_present() {
    making_stand = {};
    making_head = {};
    making_cursor = {};
    when_ready = {};
    cursor = {};
    present = {};
}

void LiveRun::Impl::do_prepare(std::uint64_t no, loop::RunOptions of, std::function<void()> then) {
    drop_present();
    present.run_no = no;
    say("building the world", -1);
    present.options = of;
    present.pictures = of.images;
    when_ready = std::move(then);
    making_stand = maker.make<Result<Stand>>(
        [kept = runner, of = std::move(of)] { return make_stand(kept->resources(), of); });
}

void LiveRun::Impl::take_stand(Result<Stand> made) {
    if (!made) {
        const std::uint64_t no = present.run_no;
        drop_present();
        present.run_no = no;
        const std::lock_guard lock(mutex);
        if (!is_current()) return;
        progress = {.what = {}, .share = 0, .running = false, .error = made.error().text()};
        playing = false;
        target.reset();
        return;
    }
    present.built = made->built;
    {
        const std::lock_guard lock(mutex);
        if (!is_current()) return;
        shown = made->moment;
        shown_tick = 0;
        timeline.clear();
        timeline.add(made->moment);
        camera_us = static_cast<std::int64_t>(1e6 / shown->world->rig.rate_hz + 0.5);
        facts.ready = true;
        facts.last_tick = engine::core::from_seconds(present.options.scenario.duration_s) /
                          engine::core::kTick_us;
        if (target) target = std::min(*target, facts.last_tick);
        ++facts.revision;
    }
    if (auto then = std::exchange(when_ready, {})) then();
}

void LiveRun::Impl::do_load(std::uint64_t no, const engine::sim::Recording& recording,
                            std::int64_t tick) {
    auto of = loop::options_from_json(recording.inputs, "the recording's inputs");
    if (!of || recording.chain.empty()) {
        drop_present();
        return complain(of ? "the recording is empty" : of.error().text());
    }
    {
        const std::lock_guard lock(mutex);
        if (run_no != no) return;
        options = *of;
        facts.driver = of->driver;
    }
    const std::int64_t last = recording.chain.back().tick;
    do_prepare(no, std::move(*of), [this, recording, tick, last] {
        present.past = recording;
        present.whole_past = true;
        const std::lock_guard lock(mutex);
        if (!is_current()) return;
        facts.last_tick = last;
        const std::int64_t wanted_tick = std::min(target.value_or(tick), last);
        if (wanted_tick > 0) target = wanted_tick;
    });
}

void LiveRun::Impl::do_fork(const Fork& fork) {
    if (!present.built) return complain("there is no run to fork");
    loop::RunOptions of = present.options;
    if (!fork.driver.empty()) of.driver = fork.driver;
    bool looks = false;
    if (of.driver != kByHand) {
        const auto kind = run::find_driver("the driver of the fork is", of.driver);
        if (!kind) return complain(kind.error().text());
        looks = (*kind)->needs_images;
    }
    of.images = present.pictures || looks;
    auto recording = known_recording();
    const std::int64_t known =
        recording && !recording->chain.empty() ? recording->chain.back().tick : std::int64_t{0};
    if (fork.tick < 0 || fork.tick > known) {
        return complain(fmt::format("the fork is at tick {}, expected 0 to {}, which is computed",
                                    fork.tick, known));
    }
    if (fork.tick == 0) recording.reset();  // nothing to compute again
    making_head = {};
    making_cursor = {};
    cursor = {};
    present.head = {};
    const std::lock_guard lock(mutex);
    if (!is_current()) return;
    other =
        std::make_shared<const Future>(Future{present.options, fork.tick, timeline.all(), result});
    present.options = of;
    present.past = std::move(recording);
    present.from_tick = fork.tick;
    present.whole_past = present.over = present.begun = false;
    present.change.reset();
    if (fork.environment || !fork.moved.empty()) present.change = fork;
    present.last = timeline.at(fork.tick - 1);
    if (auto there = timeline.at(fork.tick)) shown = std::move(there);
    shown_tick = fork.tick;
    timeline.cut(fork.tick);
    result.reset();
    options = of;
    follow = wants_head = true;
    target.reset();
    hands_changed = !hands.empty();
    progress.error.clear();
    facts = {
        .ready = true,
        .head_tick = fork.tick,
        .last_tick = engine::core::from_seconds(of.scenario.duration_s) / engine::core::kTick_us,
        .driver = of.driver,
        .forked_at = fork.tick,
        .revision = facts.revision + 1};
}

void LiveRun::Impl::do_end() {
    if (present.head.session && present.begun && !present.head.session->replaying()) {
        finish_head();
    } else if (present.whole_past) {
        complain("a run that is over cannot be ended");
    } else if (!present.over) {
        complain("nothing has been driven yet");
    }
}

void LiveRun::Impl::do_save(std::filesystem::path folder) {
    if (saving.valid()) return complain("another run is being saved");
    auto recording = present.built ? known_recording() : std::nullopt;
    if (!recording || recording->chain.empty()) return complain("there is no run to save yet");
    RunToSave run{.folder = std::move(folder),
                  .options = present.options,
                  .built = present.built,
                  .recording = std::move(*recording),
                  .result = nullptr};
    say("saving the run", 0);
    const std::lock_guard lock(mutex);
    run.result = result;
    stop_saving = std::make_shared<std::atomic<bool>>(false);
    save_share = std::make_shared<std::atomic<double>>(0);
    saving = maker.make<Status>(
        [kept = runner, run = std::move(run), stop = stop_saving, share = save_share] {
            return save(kept->resources(), run, *stop, [&](double done) { *share = done; });
        });
}

}  // namespace huntsman::bridge::live
