#include "bridge/live/live_run.h"

#include <algorithm>
#include <cmath>

#include "bridge/live/live_impl.h"

namespace huntsman::bridge::live {

using engine::world::ActorId;
using engine::world::VehicleCommand;

namespace {

constexpr double kFastest = 1e4;

// Camera ticks: the first tick at or after each k · period.
std::int64_t frame_at(std::int64_t tick, std::int64_t period_us) {
    return tick * engine::core::kTick_us / period_us;
}
std::int64_t tick_of(std::int64_t frame, std::int64_t period_us) {
    return (frame * period_us + engine::core::kTick_us - 1) / engine::core::kTick_us;
}

}  // namespace

LiveRun::LiveRun(LiveSettings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
LiveRun::~LiveRun() = default;

LiveRun::Impl::Impl(LiveSettings s)
    : timeline(s.most_bytes),
      settings(std::move(s)),
      runner(std::make_shared<run::Runner>(settings.threads, settings.kept_places)),
      sessions(std::make_shared<SessionMaker>(runner, settings.make_driver)),
      worker([this] { work(); }) {}

LiveRun::Impl::~Impl() {
    {
        const std::lock_guard lock(mutex);
        stop = true;
        if (stop_saving) *stop_saving = true;
        wanted.notify_all();
    }
    worker.join();
}

// Every call: writes down what is wanted and wakes the worker.
void LiveRun::Impl::ask(const std::function<void()>& write_down) {
    const std::lock_guard lock(mutex);
    write_down();
    idle = false;
    ++asked;
    ++facts.revision;
    wanted.notify_all();
}

// What was asked of the run before is of no interest any more.
void LiveRun::Impl::begin_another(loop::RunOptions of, const char* what) {
    commands.clear();
    ++run_no;
    playing = wants_head = false;
    follow = true;
    shown_tick = 0;
    target.reset();
    hands.clear();
    timeline.clear();
    other.reset();
    result.reset();
    options = std::move(of);
    progress = {.what = what, .share = -1, .running = true, .error = {}};
    facts = {.driver = options.driver, .revision = facts.revision};
}

void LiveRun::Impl::go_to(std::int64_t tick) {
    tick = std::max<std::int64_t>(tick, 0);
    if (facts.ready) tick = std::min(tick, facts.ended ? facts.head_tick : facts.last_tick);
    target.reset();
    progress.error.clear();
    constexpr std::chrono::milliseconds kPointerRests(120);
    exact_from = Clock::now() + (playing ? Clock::duration::zero() : kPointerRests);
    if (tick > facts.head_tick || !facts.ready) {
        target = tick;
        follow = true;
        return;
    }
    shown_tick = tick;
    follow = tick == facts.head_tick;
    if (auto kept = timeline.at(tick)) shown = std::move(kept);
}

void LiveRun::prepare(loop::RunOptions options) {
    impl_->ask([&] {
        impl_->begin_another(options, "building the world");
        impl_->commands.push_back(
            [impl = impl_.get(), no = impl_->run_no, of = std::move(options)]() mutable {
                impl->do_prepare(no, std::move(of), {});
            });
    });
}

void LiveRun::load(engine::sim::Recording recording, std::int64_t tick) {
    impl_->ask([&] {
        impl_->begin_another({}, "building the world");
        impl_->facts.from_recording = true;
        impl_->commands.push_back([impl = impl_.get(), no = impl_->run_no,
                                   of = std::move(recording),
                                   tick] { impl->do_load(no, of, tick); });
    });
}

void LiveRun::play(double speed) {
    impl_->ask([&] {
        Impl& run = *impl_;
        run.speed = std::isfinite(speed) && speed > 0 ? std::min(speed, kFastest) : 0;
        run.progress.error.clear();
        // From the end it begins again.
        if (run.facts.ended && run.follow) run.go_to(0);
        run.playing = true;
    });
}

void LiveRun::pause() {
    impl_->ask([&] {
        impl_->playing = false;
        impl_->target.reset();
    });
}

void LiveRun::step() {
    impl_->ask([&] {
        impl_->playing = false;
        impl_->go_to(impl_->target.value_or(impl_->shown_tick) + 1);
    });
}

void LiveRun::step_frame(int by) {
    impl_->ask([&] {
        Impl& run = *impl_;
        run.playing = false;
        const std::int64_t period = run.camera_us.value_or(100'000);
        const std::int64_t from = run.target.value_or(run.shown_tick);
        std::int64_t frame = frame_at(from, period);
        // Back from between two camera ticks is to the earlier one.
        if (by < 0 && tick_of(frame, period) < from) ++frame;
        run.go_to(tick_of(std::max<std::int64_t>(0, frame + by), period));
    });
}

void LiveRun::seek(std::int64_t tick) {
    impl_->ask([&] { impl_->go_to(tick); });
}

void LiveRun::end_here() {
    impl_->ask([&] {
        impl_->playing = false;
        impl_->target.reset();
        impl_->commands.push_back([impl = impl_.get()] { impl->do_end(); });
    });
}

void LiveRun::fork(Fork fork) {
    impl_->ask([&] {
        Impl& run = *impl_;
        run.hands.clear();
        run.progress.error.clear();
        run.commands.push_back([impl = &run, of = std::move(fork)] { impl->do_fork(of); });
    });
}

void LiveRun::drive(ActorId actor, const VehicleCommand& command) {
    impl_->ask([&] {
        Impl& run = *impl_;
        run.hands[actor] = command;
        run.hands_changed = true;
        const bool past = !run.follow || run.facts.from_recording;
        if (!past || !run.facts.ready) return;
        // The first command in the past makes another future; those that follow go on with it.
        run.follow = true;
        run.facts.from_recording = false;
        run.commands.push_back(
            [impl = &run, tick = run.shown_tick] { impl->do_fork({.tick = tick}); });
    });
}

void LiveRun::release(ActorId actor) {
    impl_->ask([&] {
        const auto hand = impl_->hands.find(actor);
        if (hand == impl_->hands.end()) return;
        hand->second.reset();
        impl_->hands_changed = true;
    });
}

void LiveRun::cancel() {
    impl_->ask([&] {
        Impl& run = *impl_;
        run.playing = run.wants_head = false;
        run.target.reset();
        run.commands.clear();
        run.progress = {};
        if (run.stop_saving) *run.stop_saving = true;
        run.commands.push_back([impl = &run] {
            impl->making_stand = {};
            impl->making_head = {};
            impl->making_cursor = {};
        });
    });
}

void LiveRun::save_run(std::filesystem::path folder) {
    impl_->ask([&] {
        impl_->progress.error.clear();
        impl_->commands.push_back([impl = impl_.get(), to = std::move(folder)]() mutable {
            impl->do_save(std::move(to));
        });
    });
}

Progress LiveRun::progress() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->progress;
}

RunStatus LiveRun::status() const {
    const std::lock_guard lock(impl_->mutex);
    const Impl& run = *impl_;
    RunStatus status = run.facts;
    status.playing = run.playing;
    status.speed = run.speed;
    status.achieved = run.playing ? run.achieved : 0;
    status.shown_tick = run.shown_tick;
    for (const auto& [actor, command] : run.hands) {
        if (command) status.by_hand.push_back(actor);
    }
    return status;
}

MomentPtr LiveRun::moment() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->shown;
}

std::shared_ptr<const std::vector<engine::core::Image>> LiveRun::pictures() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->pictured && impl_->pictured == impl_->shown ? impl_->pictures : nullptr;
}

std::shared_ptr<const Moments> LiveRun::moments() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->timeline.all();
}

std::shared_ptr<const Future> LiveRun::other() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->other;
}

std::shared_ptr<const loop::RunResult> LiveRun::result() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->result;
}

loop::RunOptions LiveRun::options() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->options;
}

bool LiveRun::wait(double most_s) const {
    std::unique_lock lock(impl_->mutex);
    return impl_->idle_now.wait_for(lock, std::chrono::duration<double>(most_s),
                                    [&] { return impl_->idle; });
}

}  // namespace huntsman::bridge::live
