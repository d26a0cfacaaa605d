#include "bridge/suite/parting.h"

#include <algorithm>
#include <cmath>

#include "bridge/report/moment_plan.h"
#include "bridge/report/output.h"
#include "bridge/run/runner.h"
#include "engine/core/hash.h"
#include "engine/world/pose.h"

namespace huntsman::bridge::suite {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::core::Status;
using engine::math::Vec2;

namespace {

// One of the two runs, driven again.
struct Again {
    loop::RunResult result;
    std::string driver;
    std::int64_t last_tick() const {
        return result.recording.chain.empty() ? 0 : result.recording.chain.back().tick;
    }
};

Result<loop::RunOptions> options_of(const Side& side, const std::string& cell) {
    const CellRun& run = side.runs.at(cell);
    HM_TAKE(const Store store, Store::open(side.file, database::Access::kReadOnly));
    HM_TAKE(const std::string inputs, store.inputs(run.key));
    return loop::options_from_json(inputs, side.file);
}

struct Wanted {
    std::int64_t tick = 0;
    std::string what;
};

// From which row of the timelines on the two egos are apart.
std::optional<double> apart_from_s(const Again& a, const Again& b) {
    constexpr double kApart_m = 0.5;
    const auto &rows = a.result.timeline, &others = b.result.timeline;
    for (std::size_t i = 0; i < std::min(rows.size(), others.size()); ++i) {
        if (glm::length(rows[i].p_W - others[i].p_W) > kApart_m) return rows[i].time_s;
    }
    return std::nullopt;
}

// The first thing that the second run did wrong.
std::optional<Wanted> failure_of(const Again& b) {
    if (const auto* broken = b.result.verdict.first_failure()) {
        return Wanted{broken->tick.value_or(b.last_tick()), "the second run: " + broken->reason};
    }
    if (b.result.failures.empty()) return std::nullopt;
    const loop::Failure& first = b.result.failures.front();
    return Wanted{
        first.infraction.tick,
        fmt::format("the second run: {} {}", score::name(first.infraction.kind), first.other)};
}

// What is shown, in order of time and at least 0.2 s apart.
std::vector<Wanted> moments_of(const Again& a, const Again& b, std::int64_t first_tick) {
    const double tick_s = engine::core::seconds(engine::core::kTick_us);
    std::vector<Wanted> all{{first_tick, "the runs part"}};
    if (const auto apart_s = apart_from_s(a, b)) {
        all.push_back({std::llround(*apart_s / tick_s), "half a metre apart"});
    }
    if (auto failure = failure_of(b)) all.push_back(std::move(*failure));
    const std::int64_t last = std::min(a.last_tick(), b.last_tick());
    for (Wanted& one : all) one.tick = std::min(one.tick, last);
    std::ranges::stable_sort(all, {}, &Wanted::tick);
    std::vector<Wanted> shown;
    for (Wanted& one : all) {
        const bool close =
            !shown.empty() && static_cast<double>(one.tick - shown.back().tick) * tick_s < 0.2;
        if (close) {
            shown.back().what += "; " + one.what;
        } else {
            shown.push_back(std::move(one));
        }
    }
    return shown;
}

// ---- The view from above

std::string plan_svg(const loop::Session& a, const loop::Session& b) {
    const engine::math::Vec3 place = b.state().actors.front().X_WB.p;
    const Vec2 middle = engine::math::xy(place);
    std::string svg = report::plan_begin() + report::plan_lanes(b, place);
    svg += report::plan_actors(a, middle, "fill=\"#2a5d9f\" fill-opacity=\"0.55\"",
                               "fill=\"none\" stroke=\"#2a5d9f\" stroke-width=\"0.25\"");
    svg += report::plan_actors(b, middle, "fill=\"#b3261e\" fill-opacity=\"0.55\"",
                               "fill=\"none\" stroke=\"#b3261e\" stroke-width=\"0.25\"");
    return svg + "</svg>";
}

// ---- One cell

bool stopped(const PartingCallbacks& callbacks) {
    return callbacks.stop != nullptr && callbacks.stop->load();
}

// Pictures of a size at which one sees something, whatever the drivers looked at.
engine::sim::Recording at_showing_size(const engine::sim::Recording& recording,
                                       loop::RunOptions options) {
    options.width = 480;
    options.height = 300;
    options.quality = engine::render::Quality::kStandard;
    return {.inputs = to_json(options), .external = recording.external, .chain = recording.chain};
}

class CellAgain {
  public:
    CellAgain(run::Runner& runner, const PartingCallbacks& callbacks,
              std::function<void(double)> progress)
        : runner_(runner), callbacks_(callbacks), progress_(std::move(progress)) {}

    Result<Parting> show(const Compared& compared, const std::string& cell) {
        Parting parting{.cell = cell};
        std::vector<Again> both;
        for (const Side* side : {&compared.a, &compared.b}) {
            auto again = drive(*side, cell, parting);
            if (!again) return again.error();
            if (!parting.trouble.empty()) return parting;
            both.push_back(std::move(*again));
        }
        const auto &a = both[0], &b = both[1];
        const auto difference =
            engine::sim::first_difference(a.result.recording.chain, b.result.recording.chain);
        if (!difference) {
            parting.trouble = "the two runs are the same when they are driven again";
            return parting;
        }
        const auto wanted = moments_of(a, b, difference->tick);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            HM_TAKE(auto moment, moment_at(wanted[i], a, b));
            parting.moments.push_back(std::move(moment));
            progress_(0.4 + 0.6 * static_cast<double>(i + 1) / static_cast<double>(wanted.size()));
        }
        return parting;
    }

  private:
    // Sets `trouble` where the run cannot be had as it was.
    Result<Again> drive(const Side& side, const std::string& cell, Parting& parting) {
        const CellRun& before = side.runs.at(cell);
        if (before.failed) {
            parting.trouble = fmt::format("{} has no result: {}", side.driver, before.reason);
            return Again{};
        }
        HM_TAKE(const auto options, options_of(side, cell));
        run::RunCallbacks of_run;
        of_run.stop = callbacks_.stop;
        auto result = runner_.run(options, of_run);
        if (stopped(callbacks_)) return interrupted();
        if (!result) {
            parting.trouble =
                fmt::format("{} cannot drive it again: {}", side.driver, result.error().text());
            return Again{};
        }
        if (engine::core::hex(result->state_hash) != before.state_hash) {
            parting.trouble = fmt::format(
                "{} drives it otherwise now: the result is of another program or other assets",
                side.driver);
        }
        return Again{std::move(*result), side.driver};
    }

    Result<std::unique_ptr<loop::Session>> replayed(const Again& run, std::int64_t tick) const {
        return loop::replay(runner_.resources(),
                            at_showing_size(run.result.recording, run.result.options), tick);
    }

    Result<PartingMoment> moment_at(const Wanted& wanted, const Again& a, const Again& b) const {
        if (stopped(callbacks_)) return interrupted();
        HM_TAKE(const auto first, replayed(a, wanted.tick));
        HM_TAKE(const auto second, replayed(b, wanted.tick));
        PartingMoment moment{.what = wanted.what,
                             .time_s = engine::core::seconds(second->state().time_us)};
        const auto place = [](const loop::Session& session) {
            return session.state().actors.front().X_WB.p;
        };
        moment.apart_m = glm::length(place(*first) - place(*second));
        moment.plan = plan_svg(*first, *second);
        constexpr auto kQuality = engine::render::Quality::kStandard;
        HM_TAKE(moment.a_jpeg, report::session_sheet(runner_.resources(), *first, kQuality));
        HM_TAKE(moment.b_jpeg, report::session_sheet(runner_.resources(), *second, kQuality));
        return moment;
    }

    static Error interrupted() { return {.message = "interrupted", .kind = ErrorKind::kInvalid}; }

    run::Runner& runner_;
    const PartingCallbacks& callbacks_;
    std::function<void(double)> progress_;
};

}  // namespace

Status add_partings(Compared& compared, std::size_t most, const PartingCallbacks& callbacks) {
    HM_TRY(rendering_device());
    run::Runner runner(0, 1);
    const auto& worst = compared.report.worst;
    const std::size_t count = std::min(most, worst.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto progress = [&](double share) {
            if (!callbacks.progress) return;
            callbacks.progress((static_cast<double>(i) + share) / static_cast<double>(count),
                               worst[i].id);
        };
        progress(0);
        HM_TAKE(auto parting, CellAgain(runner, callbacks, progress).show(compared, worst[i].id));
        compared.partings.push_back(std::move(parting));
    }
    return {};
}

}  // namespace huntsman::bridge::suite
