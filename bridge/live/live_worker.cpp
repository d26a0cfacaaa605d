// The worker of a live run: one piece of work after the other.
#include <algorithm>

#include "bridge/live/live_impl.h"
#include "bridge/live/moment_of.h"
#include "engine/core/wall_time.h"

namespace huntsman::bridge::live {

using engine::core::Result;
using engine::core::Status;

namespace {

// A piece of work that is not a single step.
constexpr std::chrono::milliseconds kPiece(20), kLook(10);

template <class T>
bool is_ready(const std::future<T>& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

Clock::time_point Pace::due(double time_s, double speed) {
    const auto now = Clock::now();
    if (!(speed > 0)) return now;
    const auto at = [&] {
        return from_ + std::chrono::duration_cast<Clock::duration>(
                           std::chrono::duration<double>((time_s - from_s_) / speed));
    };
    constexpr std::chrono::milliseconds kBehind(100);
    const bool late = begun_ && speed == speed_ && now - at() > kBehind;
    if (!begun_ || speed != speed_ || late) {
        begun_ = true;
        speed_ = speed;
        from_s_ = time_s;
        from_ = now;
    }
    return at();
}

void LiveRun::Impl::work() {
    while (true) {
        std::uint64_t seen = 0;
        {
            const std::lock_guard lock(mutex);
            if (stop) return;
            seen = asked;
        }
        bool worked = false;
        try {
            worked = work_once();
        } catch (const std::exception& error) {
            fail_head(error.what());
            worked = true;
        }
        if (worked) continue;
        std::unique_lock lock(mutex);
        if (stop) return;
        if (asked != seen) continue;
        if (saving.valid()) {
            wanted.wait_for(lock, kLook, [&] { return stop || asked != seen; });
            continue;
        }
        idle = true;
        progress = {.what = {}, .share = 0, .running = false, .error = progress.error};
        idle_now.notify_all();
        wanted.wait(lock, [&] { return stop || asked != seen; });
    }
}

bool LiveRun::Impl::work_once() {
    if (run_command() || look_at_jobs()) return true;
    Next what = Next::kNothing;
    {
        const std::lock_guard lock(mutex);
        if (!is_current()) return false;
        if (facts.ended) {
            target.reset();
            wants_head = false;
            playing = playing && !follow;
        }
        what = next();
        if (what == Next::kLive || what == Next::kBack) {
            progress = {.what = "playing", .share = -1, .running = true, .error = progress.error};
        }
    }
    switch (what) {
        case Next::kNothing:
            pace.restart();
            return false;
        case Next::kHead:
            if (head_is_ready()) {
                const std::lock_guard lock(mutex);
                wants_head = false;
            }
            return true;
        case Next::kAhead:
            step_head(false);
            return true;
        case Next::kLive:
            step_head(true);
            return true;
        case Next::kBack:
            play_back();
            return true;
        case Next::kShowHead:
            publish();
            return true;
        case Next::kExact:
            show_exactly();
            return true;
    }
    return false;
}

LiveRun::Impl::Next LiveRun::Impl::next() const {
    if (!facts.ready) return Next::kNothing;
    if (target && !facts.ended) return Next::kAhead;
    if (playing) return follow ? Next::kLive : Next::kBack;
    if (wants_head) return Next::kHead;
    if (!follow) {
        return shown && shown->tick != shown_tick ? Next::kExact : Next::kNothing;
    }
    const auto& head = present.head.session;
    const bool stands = head && present.begun && (present.whole_past || !head->replaying());
    return stands && shown_tick != facts.head_tick ? Next::kShowHead : Next::kNothing;
}

bool LiveRun::Impl::run_command() {
    std::function<void()> command;
    {
        const std::lock_guard lock(mutex);
        if (commands.empty()) return false;
        command = std::move(commands.front());
        commands.pop_front();
    }
    command();
    return true;
}

bool LiveRun::Impl::look_at_jobs() {
    if (is_ready(saving)) {
        const Status saved = saving.get();
        if (!saved) complain(saved.error().text());
        return true;
    }
    if (making_stand.valid()) {
        if (is_ready(making_stand)) {
            take_stand(making_stand.get());
        } else {
            wait_until(Clock::now() + kLook);
        }
        return true;
    }
    if (making_head.valid()) {
        if (is_ready(making_head)) {
            take_head(making_head.get());
        } else {
            wait_until(Clock::now() + kLook);
        }
        return true;
    }
    if (saving.valid() && save_share) {
        const std::lock_guard lock(mutex);
        if (!playing && !*stop_saving) {
            progress = {.what = "saving the run",
                        .share = *save_share,
                        .running = true,
                        .error = progress.error};
        }
    }
    return false;
}

bool LiveRun::Impl::wait_until(Clock::time_point when) {
    std::unique_lock lock(mutex);
    return !wanted.wait_until(lock, when, [&, seen = asked] { return stop || asked != seen; });
}

void LiveRun::Impl::say(std::string what, double share) {
    const std::lock_guard lock(mutex);
    if (!commands.empty()) return;  // something else comes first
    progress = {.what = std::move(what), .share = share, .running = true, .error = progress.error};
}

void LiveRun::Impl::complain(std::string error) {
    const std::lock_guard lock(mutex);
    progress.error = std::move(error);
    ++facts.revision;
}

// ---- The head

void LiveRun::Impl::make_head() {
    say(present.past ? "going back in the run" : "loading the driver", -1);
    SessionWanted of{.options = present.options,
                     .built = present.built,
                     .past = present.past,
                     .fork_tick = std::nullopt,
                     .driven = !present.whole_past};
    if (present.past && !present.whole_past) of.fork_tick = present.from_tick;
    making_head = maker.make<Result<MadeSession>>(
        [maker_of = sessions, of = std::move(of)] { return maker_of->make(of); });
}

void LiveRun::Impl::take_head(Result<MadeSession> made) {
    if (!made) return fail_head(made.error().text());
    present.head = std::move(*made);
    present.begun = false;
    pace.restart();
}

// Makes it and computes it to where it goes on from, piece by piece.
bool LiveRun::Impl::head_is_ready() {
    if (!present.head.session) {
        make_head();
        return false;
    }
    if (present.past && !present.whole_past && present.head.session->replaying()) {
        go_on_replaying();
        return false;
    }
    if (present.change) {
        make_change();
        return false;
    }
    return true;
}

bool LiveRun::Impl::step_session() {
    loop::Session& session = *present.head.session;
    if (const Status status = session.step(); !status) {
        fail_head(status.error().text());
        return false;
    }
    present.begun = true;
    if (session.ended()) finish_head();
    return present.head.session != nullptr;
}

// Weather and actors of a fork; they show a tick later.
void LiveRun::Impl::make_change() {
    if (!present.begun && !step_session()) return;
    loop::Session& session = *present.head.session;
    const Fork change = *std::exchange(present.change, std::nullopt);
    for (const MovedActor& moved : change.moved) {
        const Status placed = session.place(
            moved.id,
            {.p_W = moved.X_WB.p, .yaw_rad = moved.X_WB.yaw_rad(), .speed_mps = moved.speed_mps});
        if (!placed) complain(placed.error().text());
    }
    if (change.environment) {
        auto environment = engine::world::environment_at(session.world(), session.state());
        change.environment->apply_to(environment);
        const Status set = session.set_environment(environment);
        if (!set) complain(set.error().text());
    }
    if (!step_session()) return;
    note_head();
    publish();
}

void LiveRun::Impl::go_on_replaying() {
    loop::Session& session = *present.head.session;
    const auto until = Clock::now() + kPiece;
    while (session.replaying() && Clock::now() < until) {
        if (!step_session()) return;
    }
    const auto from = static_cast<double>(std::max<std::int64_t>(present.from_tick, 1));
    say("computing the run again", static_cast<double>(session.state().tick) / from);
    if (session.replaying()) return;
    note_head();
    publish();
}

void LiveRun::Impl::step_head(bool paced) {
    if (!head_is_ready()) return;
    loop::Session& session = *present.head.session;
    double at_speed = 0;
    {
        const std::lock_guard lock(mutex);
        at_speed = speed;
        if (target) {
            progress = {.what = "computing",
                        .share = static_cast<double>(facts.head_tick) /
                                 static_cast<double>(std::max<std::int64_t>(*target, 1)),
                        .running = true,
                        .error = progress.error};
        }
    }
    const double next_s = engine::core::seconds(session.state().time_us +
                                                (present.begun ? engine::core::kTick_us : 0));
    if (paced && !wait_until(pace.due(next_s, at_speed))) return;
    apply_hands();
    if (!step_session()) return;
    note_head();
    bool there = false;
    {
        const std::lock_guard lock(mutex);
        there = target && facts.head_tick >= *target;
        if (there) target.reset();
    }
    if (session.at_frame() || there) publish();
}

void LiveRun::Impl::apply_hands() {
    loop::Session& session = *present.head.session;
    if (present.whole_past) return;
    decltype(hands) now;
    {
        const std::lock_guard lock(mutex);
        if (!hands_changed) return;
        hands_changed = false;
        now = hands;
        std::erase_if(hands, [](const auto& hand) { return !hand.second; });
    }
    for (const auto& [actor, command] : now) {
        if (actor == engine::world::kEgo) {
            if (present.head.hands) {
                present.head.hands->take(command);
            } else {
                complain("the story moves the ego, which nobody else can drive then");
            }
        } else if (session.state().find(actor) == nullptr) {
            complain(fmt::format("there is no actor {} to drive", actor));
        } else if (command) {
            session.command(actor, *command);
        } else {
            session.release(actor);
        }
    }
}

void LiveRun::Impl::note_head() {
    const loop::Session& session = *present.head.session;
    const std::lock_guard lock(mutex);
    if (!is_current()) return;
    facts.head_tick = session.state().tick;
    facts.state_hash = session.state_hash();
    ++facts.revision;
}

// The moment at which the head stands.
void LiveRun::Impl::publish() {
    const auto moment = moment_of(*present.head.session, world_of(present.built), present.last,
                                  settings.thumbnail_width);
    present.last = moment;
    std::shared_ptr<std::vector<engine::core::Image>> taken;
    const loop::FrameView view = present.head.session->view();
    if (moment->at_frame && view.has_images) {
        taken = std::make_shared<std::vector<engine::core::Image>>();
        for (const auto& frame : view.frames) taken->push_back(frame.image);
    }
    const std::lock_guard lock(mutex);
    if (!is_current()) return;
    if (moment->at_frame) timeline.add(moment);
    if (taken) {
        pictured = moment;
        pictures = std::move(taken);
    }
    if (follow) {
        shown = moment;
        shown_tick = moment->tick;
    }
    ++facts.revision;
    const auto now = Clock::now();
    const double wall_s = std::chrono::duration<double>(now - achieved_at).count();
    const double passed_s = moment->plots.time_s - achieved_s;
    if (passed_s > 0 && wall_s > 0 && wall_s < 10) {
        constexpr double kNewest = 0.3;
        achieved += kNewest * (passed_s / wall_s - achieved);
    }
    achieved_at = now;
    achieved_s = moment->plots.time_s;
}

void LiveRun::Impl::finish_head() {
    auto finished = present.head.session->finish();
    if (!finished) return fail_head(finished.error().text());
    present.head = {};
    present.over = true;
    const std::lock_guard lock(mutex);
    if (!is_current()) return;
    result = std::make_shared<const loop::RunResult>(std::move(*finished));
    facts.ended = true;
    facts.end_reason = result->end_reason;
    facts.valid = result->valid;
    facts.head_tick = result->ticks;
    facts.state_hash = result->state_hash;
    if (!result->valid) progress.error = result->end_reason;
    target.reset();
    ++facts.revision;
}

void LiveRun::Impl::fail_head(const std::string& why) {
    present.head = {};
    present.over = true;
    const std::lock_guard lock(mutex);
    if (!is_current()) return;
    const double time_s = engine::core::seconds(facts.head_tick * engine::core::kTick_us);
    result =
        std::make_shared<const loop::RunResult>(loop::failed_run(present.options, why, time_s));
    facts.ended = true;
    facts.end_reason = why;
    facts.valid = false;
    progress.error = why;
    playing = wants_head = false;
    target.reset();
    ++facts.revision;
}

// ---- The past

void LiveRun::Impl::play_back() {
    MomentPtr coming;
    double at_speed = 0;
    {
        const std::lock_guard lock(mutex);
        if (!is_current()) return;
        coming = timeline.after(shown_tick);
        at_speed = speed;
        if (!coming) {  // at the head
            follow = true;
            if (present.last) shown = present.last;
            shown_tick = shown ? shown->tick : 0;
            return;
        }
    }
    constexpr std::chrono::milliseconds kFastest(10);
    const auto when =
        at_speed > 0 ? pace.due(coming->plots.time_s, at_speed) : Clock::now() + kFastest;
    if (!wait_until(when)) return;
    const std::lock_guard lock(mutex);
    if (!is_current() || !playing || follow || shown_tick >= coming->tick) return;
    shown = coming;
    shown_tick = coming->tick;
    ++facts.revision;
}

// A tick between kept moments, computed from the recording.
void LiveRun::Impl::show_exactly() {
    std::int64_t tick = 0;
    Clock::time_point from;
    MomentPtr near;
    {
        const std::lock_guard lock(mutex);
        tick = shown_tick;
        from = exact_from;
        near = shown;
    }
    if (Clock::now() < from && !wait_until(from)) return;
    const auto give_up = [&](const std::string& why) {
        cursor = {};
        if (!why.empty()) complain(why);
        const std::lock_guard lock(mutex);
        if (shown && shown_tick == tick) shown_tick = shown->tick;
    };
    if (making_cursor.valid()) {
        if (!is_ready(making_cursor)) {
            wait_until(Clock::now() + kLook);
            return;
        }
        auto made = making_cursor.get();
        if (!made) return give_up(made.error().text());
        cursor.session = std::move(*made);
        // A session that has not begun stands at no moment yet.
        if (const Status status = cursor.session.session->step(); !status) {
            return give_up(status.error().text());
        }
    }
    loop::Session* session = cursor.session.session.get();
    if (session == nullptr || session->state().tick > tick || cursor.end_tick < tick) {
        const auto recording = known_recording();
        if (!recording || recording->chain.empty()) return give_up("");
        cursor.session = {};
        cursor.end_tick = recording->chain.back().tick;
        if (cursor.end_tick < tick) return give_up("");
        say("going back in the run", -1);
        making_cursor = maker.make<Result<MadeSession>>(
            [maker_of = sessions, of = SessionWanted{.options = present.options,
                                                     .built = present.built,
                                                     .past = *recording,
                                                     .fork_tick = std::nullopt,
                                                     .driven = false}] {
                return maker_of->make(of);
            });
        return;
    }
    const auto until = Clock::now() + kPiece;
    while (session->state().tick < tick && !session->ended() && Clock::now() < until) {
        if (const Status status = session->step(); !status) return give_up(status.error().text());
    }
    if (session->ended()) return give_up("");
    if (session->state().tick < tick) return;
    auto moment = moment_of(*session, world_of(present.built), near, settings.thumbnail_width);
    const std::lock_guard lock(mutex);
    if (!is_current() || follow || shown_tick != tick) return;
    shown = std::move(moment);
    ++facts.revision;
}

std::optional<engine::sim::Recording> LiveRun::Impl::known_recording() const {
    const auto& session = present.head.session;
    if (present.whole_past) return present.past;
    {
        const std::lock_guard lock(mutex);
        if (present.over && result && !result->recording.chain.empty()) return result->recording;
    }
    if (session && present.begun && !session->replaying()) return session->recording();
    return present.past;
}

}  // namespace huntsman::bridge::live
