// Inside of a live run: what its callers and its worker share, and what the worker alone has.
//
// The worker does one small piece of work after the other, a tick or so, and looks in between at
// what is wanted of it. Callers only write down what they want; so nothing has to be interrupted.
// What takes long in one piece is made by the maker, whose future the worker looks at now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "bridge/live/live_run.h"
#include "bridge/live/maker.h"
#include "bridge/live/making.h"
#include "bridge/live/timeline.h"

namespace huntsman::bridge::live {

using Clock = std::chrono::steady_clock;

// Simulated time against the clock. What falls behind is not caught up with.
class Pace {
  public:
    void restart() { begun_ = false; }
    // When the simulated time is due.
    Clock::time_point due(double time_s, double speed);

  private:
    bool begun_ = false;
    double speed_ = 0, from_s_ = 0;
    Clock::time_point from_;
};

struct LiveRun::Impl {
    explicit Impl(LiveSettings s);
    ~Impl();

    // ---- Shared, under `mutex`
    mutable std::mutex mutex;
    std::condition_variable wanted;              // the worker waits for it
    mutable std::condition_variable idle_now;    // `wait` waits for it
    std::deque<std::function<void()>> commands;  // for the worker, which runs them unlocked
    bool stop = false, idle = true;
    std::uint64_t asked = 0;   // calls so far
    std::uint64_t run_no = 0;  // of the run that was asked for last

    bool playing = false, follow = true;  // follow: what is shown is the head
    double speed = 1;
    std::int64_t shown_tick = 0;
    std::optional<std::int64_t> target;  // to be computed up to
    bool wants_head = false;             // the session is to be made ready
    Clock::time_point exact_from{};      // not before, while the pointer moves
    std::map<engine::world::ActorId, std::optional<engine::world::VehicleCommand>> hands;
    bool hands_changed = false;

    MomentPtr shown;
    MomentPtr pictured;  // the last moment with pictures, and these
    std::shared_ptr<const std::vector<engine::core::Image>> pictures;
    Timeline timeline;
    std::shared_ptr<const Future> other;
    std::shared_ptr<const loop::RunResult> result;
    loop::RunOptions options;
    Progress progress;
    RunStatus facts;  // about the head; the rest is filled in when it is asked for
    std::optional<std::int64_t> camera_us;  // the rig's period
    double achieved = 0;
    Clock::time_point achieved_at{};
    double achieved_s = -1;

    // ---- The worker's
    const LiveSettings settings;
    std::shared_ptr<run::Runner> runner;
    std::shared_ptr<SessionMaker> sessions;  // used by jobs of the maker alone
    struct Present {                         // the future that is computed
        std::uint64_t run_no = 0;
        loop::RunOptions options;
        std::shared_ptr<const Built> built;
        std::optional<engine::sim::Recording> past;  // computed again up to `from_tick`
        std::int64_t from_tick = 0;
        bool whole_past = false;  // to its end, without a driver
        bool pictures = false;    // are wanted, whoever drives
        bool over = false;
        std::optional<Fork> change;  // to be made where the head goes on
        MadeSession head;
        bool begun = false;  // the head stands at a moment
        MomentPtr last;      // of the head
    } present;
    struct {  // goes through what is computed, for ticks between kept moments
        MadeSession session;
        std::int64_t end_tick = -1;  // of its recording
    } cursor;
    std::future<engine::core::Result<Stand>> making_stand;
    std::function<void()> when_ready;  // after the stand
    std::future<engine::core::Result<MadeSession>> making_head, making_cursor;
    std::future<engine::core::Status> saving;
    std::shared_ptr<std::atomic<bool>> stop_saving;
    std::shared_ptr<std::atomic<double>> save_share;
    Pace pace;
    Maker maker;         // its jobs use what is above
    std::thread worker;  // last: it uses all others

    // ---- Calls
    void ask(const std::function<void()>& write_down);
    void begin_another(loop::RunOptions of, const char* what);
    void go_to(std::int64_t tick);
    std::int64_t head_tick() const { return facts.head_tick; }

    // ---- The worker
    void work();
    bool work_once();  // false: there is nothing to do
    bool run_command();
    bool look_at_jobs();
    // Whether the time came before another call did.
    bool wait_until(Clock::time_point when);

    // Under the lock: whether what the worker has is what was asked for last. What it finds out
    // about another run is of no interest any more.
    bool is_current() const { return present.run_no == run_no; }

    enum class Next { kNothing, kHead, kAhead, kLive, kBack, kShowHead, kExact };
    Next next() const;  // under the lock

    void drop_present();
    void do_prepare(std::uint64_t no, loop::RunOptions of, std::function<void()> then);
    void do_load(std::uint64_t no, const engine::sim::Recording& recording, std::int64_t tick);
    void do_fork(const Fork& fork);
    void do_end();
    void do_save(std::filesystem::path folder);
    void take_stand(engine::core::Result<Stand> made);
    void take_head(engine::core::Result<MadeSession> made);
    void make_head();
    bool head_is_ready();
    void go_on_replaying();
    void make_change();
    bool step_session();  // false: it ended or failed, and that is dealt with
    void step_head(bool paced);
    void apply_hands();
    void publish();
    void note_head();
    void finish_head();
    void fail_head(const std::string& why);
    void play_back();
    void show_exactly();
    void say(std::string what, double share);
    void complain(std::string error);
    std::optional<engine::sim::Recording> known_recording() const;
};

}  // namespace huntsman::bridge::live
