#include "bridge/live/views.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "bridge/live/view_budget.h"
#include "bridge/live/view_renderer.h"

namespace huntsman::bridge::live {

using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kQuiet(200);  // after which pictures become large
constexpr std::chrono::seconds kRetry(3);         // after an error

bool same(const engine::math::RigidTransform& a, const engine::math::RigidTransform& b) {
    return a.p == b.p && a.q == b.q;
}
bool same(const ViewWanted& a, const ViewWanted& b) {
    return a.id == b.id && same(a.X_WC, b.X_WC) && a.horizontal_fov_rad == b.horizontal_fov_rad &&
           a.camera == b.camera && a.lens == b.lens && a.width == b.width && a.height == b.height &&
           a.without == b.without && a.ids == b.ids && a.depth == b.depth && a.layers == b.layers &&
           a.opacity == b.opacity && a.perceived == b.perceived;
}
bool same(const std::vector<ViewWanted>& a, const std::vector<ViewWanted>& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return same(x, y); });
}

// What the renderer would refuse is made into what it takes.
void tidy(ViewWanted& view) {
    constexpr int kSmallest = 16, kLargest = 8192;
    view.width = std::clamp(view.width, kSmallest, kLargest);
    view.height = std::clamp(view.height, kSmallest, kLargest);
    constexpr double kNarrow_rad = 0.01, kWide_rad = 3.0;
    const bool finite = std::isfinite(view.horizontal_fov_rad);
    view.horizontal_fov_rad =
        finite ? std::clamp(view.horizontal_fov_rad, kNarrow_rad, kWide_rad) : 1.2;
    const auto& X = view.X_WC;
    for (const double number : {X.p.x, X.p.y, X.p.z, X.q.x, X.q.y, X.q.z, X.q.w}) {
        if (!std::isfinite(number)) view.X_WC = {};
    }
}

// The interface comes first. Threads that this one starts inherit it.
void be_nice() {
#ifdef __linux__
    constexpr int kNicer = 10;
    const auto me = static_cast<id_t>(gettid());
    setpriority(PRIO_PROCESS, me, getpriority(PRIO_PROCESS, me) + kNicer);
#endif
}

}  // namespace

struct ViewWorker::Impl {
    explicit Impl(ViewSettings s) : settings(s), worker([this] { work(); }) {}
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            stop = true;
            changed.notify_all();
        }
        worker.join();
    }

    // ---- Under `mutex`
    mutable std::mutex mutex;
    std::condition_variable changed;
    mutable std::condition_variable rested;
    ViewSettings settings;
    MomentPtr moment;
    std::vector<ViewWanted> views;
    std::uint64_t generation = 0;  // of what is wanted
    Clock::time_point changed_at{};
    std::map<std::uint32_t, ViewPicturePtr> fresh;
    ViewStatus status;
    bool stop = false, resting = true;
    // The device that is to be shared, and whether the worker has it.
    engine::gpu::Device* device = nullptr;
    bool switches = false;
    std::condition_variable switched;

    // ---- The worker's
    struct Round {
        MomentPtr moment;
        std::vector<ViewWanted> views;
        std::uint64_t generation = 0;
        double scale = 1;
        bool settle = true;
        bool large = false;  // of one view, while nothing changes
        // No round: another device is to be used.
        bool switches = false;
        engine::gpu::Device* device = nullptr;
    };
    ViewBudget budget;
    double active_scale = 0.5;
    std::uint64_t seen = 0, serial = 0;
    std::vector<double> done;  // scale of each view of generation `seen`
    MomentPtr before;          // of the last round of all views
    std::vector<std::uint32_t> ids_before;
    bool exposures_hold = false;  // the renderer's are those of that round
    bool worked_before = false;   // this device has rendered
    std::thread worker;           // last: it uses all others

    void ask(const auto& write_down) {
        const std::lock_guard lock(mutex);
        write_down();
        ++generation;
        changed_at = Clock::now();
        resting = false;
        changed.notify_all();
    }

    void work();
    std::optional<Round> next_round();
    Round round_of_all();
    bool run(ViewRenderer& renderer, const Round& round);
    void finish(const Round& round, std::uint32_t id);
    static double megapixels(const std::vector<ViewWanted>& of);
    void report(const ViewRenderer& renderer, const engine::core::Error& error);
};

void ViewWorker::Impl::work() {
    be_nice();
    ViewRenderer renderer(settings.quality, settings.threads);
    while (const auto round = next_round()) {
        if (round->switches) {
            renderer.use(round->device);
            const std::lock_guard lock(mutex);
            switches = worked_before = exposures_hold = false;
            fresh.clear();
            status.error.clear();
            switched.notify_all();
            continue;
        }
        if (run(renderer, *round)) continue;
        // Wait for another device, or for something else to draw.
        std::unique_lock lock(mutex);
        const bool lost = std::exchange(worked_before, false);
        if (!lost) {
            changed.wait_for(lock, kRetry, [&] { return stop || switches; });
        }
    }
}

// All views, as small as they must be, once something has changed; then one after the other as
// large as they may be. Nothing: the end.
std::optional<ViewWorker::Impl::Round> ViewWorker::Impl::next_round() {
    std::unique_lock lock(mutex);
    while (!stop) {
        if (switches) {
            Round round{.switches = true, .device = device};
            return round;
        }
        const bool nothing = !moment || views.empty();
        if (!nothing && generation != seen) return round_of_all();
        const auto smallest = std::ranges::min_element(done);
        const bool small = settings.idle_rounds && smallest != done.end() && *smallest < 1;
        if (nothing || !small || generation != seen) {
            seen = generation;
            if (nothing) done.clear();
            resting = true;
            status.busy = false;
            rested.notify_all();
            changed.wait(lock, [&] { return stop || switches || generation != seen; });
            continue;
        }
        const auto quiet_from = changed_at + kQuiet;
        if (Clock::now() < quiet_from) {
            changed.wait_until(lock, quiet_from,
                               [&] { return stop || switches || generation != seen; });
            continue;
        }
        const auto which = static_cast<std::size_t>(smallest - done.begin());
        Round round{.moment = moment, .views = {views[which]}, .generation = generation};
        round.large = true;
        status.busy = true;
        return round;
    }
    return std::nullopt;
}

ViewWorker::Impl::Round ViewWorker::Impl::round_of_all() {
    Round round{.moment = moment, .views = views, .generation = generation};
    // Small changes are not worth other sizes.
    constexpr double kWorthIt = 0.1;
    const double wanted = budget.scale(megapixels(views), settings.round_ms, settings.smallest);
    if (wanted == 1 || std::abs(wanted - active_scale) > kWorthIt * active_scale) {
        active_scale = wanted;
    }
    round.scale = active_scale;
    // Exposure goes on from the picture before where the same views show what comes next.
    std::vector<std::uint32_t> ids;
    for (const ViewWanted& view : views) ids.push_back(view.id);
    const bool goes_on = exposures_hold && before && ids == ids_before &&
                         before->world == moment->world &&
                         moment->state.time_us > before->state.time_us;
    round.settle = !goes_on;
    ids_before = std::move(ids);
    before = moment;
    status.busy = true;
    return round;
}

bool ViewWorker::Impl::run(ViewRenderer& renderer, const Round& round) {
    const std::uint64_t loads = renderer.loads();
    const bool opened = renderer.device() != nullptr;
    const auto start = Clock::now();
    auto pictures = renderer.render(round.moment, round.views, round.scale, round.settle);
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    if (!pictures) {
        // A device that fails is given up; what cannot be drawn is waited out.
        const bool machine = pictures.error().kind == engine::core::ErrorKind::kMachine;
        if (machine || !renderer.device()) renderer.forget();
        report(renderer, pictures.error());
        return false;
    }
    worked_before = true;
    exposures_hold = !round.large;
    // What a device or a town takes to get ready is no part of what pictures cost.
    if (!round.large && opened && loads == renderer.loads()) {
        budget.add(round.scale * round.scale * megapixels(round.views), ms);
    }

    const std::lock_guard lock(mutex);
    status.error.clear();
    status.device = renderer.device()->device;
    status.software = renderer.device()->software;
    status.round_ms = ms;
    status.scale = round.scale;
    status.loads = renderer.loads();
    ++status.rounds;
    if (!round.large) {
        seen = round.generation;
        done.assign(round.views.size(), round.scale);
    }
    for (std::size_t i = 0; i < pictures->size(); ++i) {
        auto& picture = (*pictures)[i];
        if (!picture) {  // there is no such camera
            finish(round, round.views[i].id);
            continue;
        }
        picture->full_size = round.scale >= 1;
        picture->ms = ms;
        picture->serial = ++serial;
        if (round.large) {
            // A larger picture of what is not wanted any more would be a step back.
            if (round.generation != generation) continue;
            finish(round, picture->id);
        }
        fresh[picture->id] = std::move(picture);
    }
    return true;
}

// Under the lock: the view needs no larger picture.
void ViewWorker::Impl::finish(const Round& round, std::uint32_t id) {
    if (round.generation != seen) return;
    for (std::size_t i = 0; i < std::min(views.size(), done.size()); ++i) {
        if (views[i].id == id) done[i] = 1;
    }
}

// Megapixels of a round at full size.
double ViewWorker::Impl::megapixels(const std::vector<ViewWanted>& of) {
    double sum = 0;
    for (const ViewWanted& view : of) sum += 1e-6 * view.width * view.height;
    return sum;
}

void ViewWorker::Impl::report(const ViewRenderer& renderer, const engine::core::Error& error) {
    const std::lock_guard lock(mutex);
    status.error = error.text();
    if (!renderer.device()) status.device.clear();
    status.busy = false;
    exposures_hold = false;
    rested.notify_all();
}

// ---- The public side

ViewWorker::ViewWorker(ViewSettings settings) : impl_(std::make_unique<Impl>(settings)) {}
ViewWorker::~ViewWorker() = default;

void ViewWorker::set_device(engine::gpu::Device* device) {
    impl_->ask([&] {
        impl_->device = device;
        impl_->switches = true;
    });
    std::unique_lock lock(impl_->mutex);
    impl_->switched.wait(lock, [&] { return !impl_->switches; });
}

void ViewWorker::show(MomentPtr moment) {
    {
        const std::lock_guard lock(impl_->mutex);
        if (impl_->moment == moment) return;
    }
    impl_->ask([&] { impl_->moment = std::move(moment); });
}

void ViewWorker::want(std::vector<ViewWanted> views) {
    for (ViewWanted& view : views) tidy(view);
    {
        const std::lock_guard lock(impl_->mutex);
        if (same(impl_->views, views)) return;
    }
    impl_->ask([&] { impl_->views = std::move(views); });
}

void ViewWorker::set_idle_rounds(bool on) {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->settings.idle_rounds == on) return;
    impl_->settings.idle_rounds = on;
    // Whoever rests looks again.
    impl_->seen = impl_->seen == impl_->generation ? impl_->generation - 1 : impl_->seen;
    impl_->changed.notify_all();
}

void ViewWorker::set_round_ms(double ms) {
    constexpr double kShortest_ms = 5;
    const std::lock_guard lock(impl_->mutex);
    impl_->settings.round_ms = std::max(ms, kShortest_ms);
}

std::vector<ViewPicturePtr> ViewWorker::take() {
    const std::lock_guard lock(impl_->mutex);
    std::vector<ViewPicturePtr> pictures;
    for (auto& [id, picture] : impl_->fresh) pictures.push_back(std::move(picture));
    impl_->fresh.clear();
    return pictures;
}

ViewStatus ViewWorker::status() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->status;
}

bool ViewWorker::wait(double most_s) const {
    std::unique_lock lock(impl_->mutex);
    return impl_->rested.wait_for(lock, std::chrono::duration<double>(most_s),
                                  [&] { return impl_->resting || !impl_->status.error.empty(); });
}

}  // namespace huntsman::bridge::live
