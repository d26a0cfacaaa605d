#include "bridge/failures/uncertainty.h"

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::failures {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr double kActs = 0.3;  // score below which bridge/driver ignores an object

double uncertainty_of(double score) {
    const double away = score < kActs ? (kActs - score) / kActs : (score - kActs) / (1 - kActs);
    return std::clamp(1 - away, 0.0, 1.0);
}

// The stretches of one run, one at each sample's time.
void add_windows(const std::vector<double>& frames, double frame_s, std::size_t run,
                 std::int64_t samples, double period_s, std::vector<UncertainWindow>& windows) {
    const auto frame_at = [&](std::int64_t sample) {
        return static_cast<std::size_t>(
            std::llround(static_cast<double>(sample) * period_s / frame_s));
    };
    for (std::int64_t first = 0; frame_at(first + samples) <= frames.size(); ++first) {
        const std::size_t from = frame_at(first), to = frame_at(first + samples);
        if (from == to) return;
        double sum = 0;
        for (std::size_t i = from; i < to; ++i) sum += frames[i];
        windows.push_back({run, first, sum / static_cast<double>(to - from)});
    }
}

}  // namespace

std::vector<double> uncertainty_of_frames(const score::PerceptionJudge::Samples& samples) {
    std::vector<double> frames(samples.frames, 0.0);
    for (const auto& of_class : samples.classes) {
        for (const auto& detection : of_class.detections) {
            if (detection.frame >= frames.size()) continue;
            double& frame = frames[detection.frame];
            frame = std::max(frame, uncertainty_of(detection.score));
        }
    }
    return frames;
}

Result<std::vector<UncertainWindow>> most_uncertain(std::span<const JudgedRun> runs,
                                                    std::size_t count, std::int64_t samples,
                                                    double period_s) {
    std::vector<UncertainWindow> windows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        HM_TAKE(const auto store, suite::Store::open(runs[i].file, database::Access::kReadOnly));
        HM_TAKE(const auto perceived, store.perception_of(runs[i].key));
        if (!perceived || perceived->frames == 0) continue;
        const double frame_s = runs[i].sim_time_s / static_cast<double>(perceived->frames);
        add_windows(uncertainty_of_frames(*perceived), frame_s, i, samples, period_s, windows);
    }
    if (windows.empty()) {
        return Error{.message =
                         "uncertainty cannot be had: no run here has perception scores, which only "
                         "runs of a driver that looks at pictures have, not those of its stand-in"};
    }
    std::ranges::stable_sort(windows, std::greater<>(), &UncertainWindow::uncertainty);
    std::vector<UncertainWindow> chosen;
    for (const UncertainWindow& window : windows) {
        if (chosen.size() == count) break;
        const bool overlaps = std::ranges::any_of(chosen, [&](const UncertainWindow& other) {
            return other.run == window.run &&
                   std::abs(other.first_sample - window.first_sample) < samples;
        });
        if (!overlaps) chosen.push_back(window);
    }
    if (chosen.size() == count) return chosen;
    return Error{.message =
                     fmt::format("only {} stretches of {:g} s of runs have perception "
                                 "scores, expected {}; fewer failures or neighbours, or "
                                 "more runs, are needed",
                                 chosen.size(), static_cast<double>(samples) * period_s, count)};
}

}  // namespace huntsman::bridge::failures
