#include "bridge/error_model/fit.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/core/describe.h"

namespace huntsman::bridge::error_model {

using engine::math::Vec2;
using score::PerceivedClass;
using ClassSamples = score::PerceptionJudge::ClassSamples;

namespace {

constexpr double kPrior = 10;  // samples that the mean of all bands counts as

// A true object in a frame, and what became of it.
struct Seen {
    Vec2 p{0, 0};
    std::size_t band = 0;
    bool asked = false;  // visible, and within the bands
    bool missed = true;
    Vec2 error{0, 0};  // where it is not missed
};
struct Frame {
    std::vector<Seen> truths;
    std::vector<std::size_t> false_bands;  // of each false object
};

struct Counts {
    std::int64_t truths = 0, missed = 0, pairs = 0, false_objects = 0, frames = 0;
    double squares = 0;  // of errors along both axes
    void add(const Counts& other) {
        truths += other.truths;
        missed += other.missed;
        pairs += other.pairs;
        false_objects += other.false_objects;
        frames += other.frames;
        squares += other.squares;
    }
};

std::size_t band_of(const std::vector<double>& ends_m, double distance_m) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ends_m, distance_m) - ends_m.begin());
}

// Detections by falling score take the nearest object that is free.
void match(std::vector<std::pair<double, Vec2>> detections, const std::vector<double>& ends_m,
           double match_m, Frame& frame) {
    std::ranges::stable_sort(detections,
                             [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<bool> taken(frame.truths.size(), false);
    for (const auto& [score, p] : detections) {
        std::optional<std::size_t> nearest;
        double nearest_m = match_m;
        for (std::size_t i = 0; i < frame.truths.size(); ++i) {
            const double distance = glm::length(frame.truths[i].p - p);
            if (taken[i] || distance > nearest_m) continue;
            nearest = i;
            nearest_m = distance;
        }
        if (nearest) {
            taken[*nearest] = true;
            frame.truths[*nearest].missed = false;
            frame.truths[*nearest].error = p - frame.truths[*nearest].p;
        } else {
            frame.false_bands.push_back(band_of(ends_m, glm::length(p)));
        }
    }
}

std::vector<Frame> frames_of(const ClassSamples& samples, std::uint32_t count,
                             const std::vector<double>& ends_m, const FitSettings& settings) {
    std::vector<Frame> frames(count);
    std::vector<std::vector<std::pair<double, Vec2>>> detections(count);
    for (std::size_t i = 0; i < samples.truths.size(); ++i) {
        const auto& truth = samples.truths[i];
        if (truth.frame >= count) continue;
        const std::size_t band = band_of(ends_m, glm::length(truth.centre));
        frames[truth.frame].truths.push_back(
            {.p = truth.centre, .band = band, .asked = !truth.ignore && band < ends_m.size()});
    }
    for (const auto& detection : samples.detections) {
        if (detection.frame >= count || detection.score < settings.seen_score) continue;
        detections[detection.frame].emplace_back(detection.score, detection.centre);
    }
    for (std::size_t f = 0; f < count; ++f) {
        match(std::move(detections[f]), ends_m, settings.match_m, frames[f]);
    }
    return frames;
}

std::vector<Counts> count(const std::vector<Frame>& frames, std::size_t bands) {
    std::vector<Counts> counts(bands);
    for (const Frame& frame : frames) {
        for (Counts& one : counts) ++one.frames;
        for (const Seen& seen : frame.truths) {
            if (!seen.asked) continue;
            Counts& one = counts[seen.band];
            ++one.truths;
            if (seen.missed) {
                ++one.missed;
            } else {
                ++one.pairs;
                one.squares += glm::dot(seen.error, seen.error);
            }
        }
        for (const std::size_t band : frame.false_bands) {
            if (band < bands) ++counts[band].false_objects;
        }
    }
    return counts;
}

std::vector<Band> bands_from(const std::vector<Counts>& counts, const std::vector<double>& ends_m) {
    Counts all;
    for (const Counts& one : counts) all.add(one);
    const auto share = [](double of, double in) { return in > 0 ? of / in : 0.0; };
    const double miss = all.truths > 0 ? share(static_cast<double>(all.missed),
                                               static_cast<double>(all.truths))
                                       : 1.0;  // nothing that was asked for was ever seen
    const double variance = share(all.squares, 2.0 * static_cast<double>(all.pairs));
    std::vector<Band> bands;
    for (std::size_t b = 0; b < counts.size(); ++b) {
        const Counts& one = counts[b];
        const auto truths = static_cast<double>(one.truths), pairs = static_cast<double>(one.pairs);
        bands.push_back(
            {.to_m = ends_m[b],
             .miss = (static_cast<double>(one.missed) + kPrior * miss) / (truths + kPrior),
             .position_sd_m = std::sqrt((0.5 * one.squares + kPrior * variance) / (pairs + kPrior)),
             .false_per_frame =
                 share(static_cast<double>(one.false_objects), static_cast<double>(one.frames)),
             .truths = one.truths,
             .pairs = one.pairs,
             .false_objects = one.false_objects});
    }
    return bands;
}

// How misses of one frame go with those of the next: sums of an autocorrelation. An object of the
// next frame that is nearest, and near enough, is the same one.
struct Persistence {
    double together = 0, alone = 0;
    std::int64_t links = 0;
    double frame_s = 0;  // sum over links

    void add(const std::vector<Frame>& frames, const std::vector<Band>& bands, double step_s) {
        constexpr double kSame_m = 3.0;
        for (std::size_t f = 0; f + 1 < frames.size(); ++f) {
            for (const Seen& now : frames[f].truths) {
                const Seen* same = nullptr;
                double nearest_m = kSame_m;
                for (const Seen& next : frames[f + 1].truths) {
                    const double distance = glm::length(next.p - now.p);
                    if (distance >= nearest_m) continue;
                    same = &next;
                    nearest_m = distance;
                }
                if (same == nullptr || !now.asked || !same->asked) continue;
                const double p = bands[now.band].miss, q = bands[same->band].miss;
                together += ((now.missed ? 1.0 : 0.0) - p) * ((same->missed ? 1.0 : 0.0) - q);
                alone += std::sqrt(p * (1.0 - p) * q * (1.0 - q));
                ++links;
                frame_s += step_s;
            }
        }
    }
    double mean_s() const {
        constexpr double kLongest_s = 10;
        if (links == 0 || alone <= 0.0 || together <= 0.0) return 0.0;
        const double correlation = together / alone;
        const double step_s = frame_s / static_cast<double>(links);
        if (correlation >= std::exp(-step_s / kLongest_s)) return kLongest_s;
        return -step_s / std::log(correlation);
    }
};

// Odds ratio of misses at night and by day over the bands.
double night_odds(const std::vector<Counts>& night, const std::vector<Counts>& day) {
    double above = 0, below = 0;
    for (std::size_t b = 0; b < day.size(); ++b) {
        const auto a = static_cast<double>(night[b].missed);
        const auto c = static_cast<double>(day[b].missed);
        const auto seen_night = static_cast<double>(night[b].truths) - a;
        const auto seen_day = static_cast<double>(day[b].truths) - c;
        const double all = static_cast<double>(night[b].truths + day[b].truths);
        if (all == 0) continue;
        above += a * seen_day / all;
        below += seen_night * c / all;
    }
    // Half a sample on both sides keeps it finite.
    return (above + 0.5) / (below + 0.5);
}

// Whether day and night have enough objects at the same distances to be told apart.
bool can_compare(const std::vector<Counts>& night, const std::vector<Counts>& day) {
    constexpr std::int64_t kEnough = 30;
    std::int64_t both = 0;
    for (std::size_t b = 0; b < day.size(); ++b) both += std::min(night[b].truths, day[b].truths);
    return both >= kEnough;
}

ClassErrors fit_class(const std::vector<RunSamples>& runs, PerceivedClass c,
                      const std::vector<double>& ends_m, const FitSettings& settings) {
    std::vector<std::vector<Frame>> frames;
    std::vector<Counts> night(ends_m.size()), day(ends_m.size()), all(ends_m.size());
    for (const RunSamples& run : runs) {
        frames.push_back(frames_of(run.samples.classes[static_cast<std::size_t>(c)],
                                   run.samples.frames, ends_m, settings));
        const auto counts = count(frames.back(), ends_m.size());
        for (std::size_t b = 0; b < counts.size(); ++b) {
            (run.night ? night : day)[b].add(counts[b]);
            all[b].add(counts[b]);
        }
    }
    const bool apart = can_compare(night, day);
    ClassErrors errors{.bands = bands_from(apart ? day : all, ends_m)};
    if (apart) {
        errors.night_odds = night_odds(night, day);
        for (const Counts& one : night) errors.night_truths += one.truths;
    }
    const std::vector<Band> at_night = apart ? bands_from(night, ends_m) : errors.bands;
    Persistence persistence;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        persistence.add(frames[r], runs[r].night ? at_night : errors.bands, runs[r].frame_s);
    }
    errors.persistence_s = persistence.mean_s();
    errors.links = persistence.links;
    return errors;
}

}  // namespace

Model fit(const std::vector<RunSamples>& runs, const FitSettings& settings) {
    std::int64_t frames = 0, nights = 0;
    for (const RunSamples& run : runs) {
        frames += run.samples.frames;
        nights += run.night ? 1 : 0;
    }
    Model model;
    model.summary = fmt::format(
        "fitted to {} frames of {} runs, {} of them at night; detections from a score "
        "of {} within {} m of an object",
        frames, runs.size(), nights, settings.seen_score, settings.match_m);
    model.vehicle = fit_class(runs, PerceivedClass::kVehicle, settings.vehicle_bands_m, settings);
    model.pedestrian =
        fit_class(runs, PerceivedClass::kPedestrian, settings.pedestrian_bands_m, settings);
    model.not_measured =
        "The samples tell of places alone: velocity, heading, size and latency are left without "
        "error, hidden_odds at 1 (an object that is hardly visible is not asked for), signals and "
        "things as they are.";
    for (const auto& [name, errors] :
         {std::pair("vehicles", &model.vehicle), std::pair("people", &model.pedestrian)}) {
        if (errors->night_truths > 0) continue;
        model.not_measured += fmt::format(
            " Too few {} at the same distances by day and at night: night_odds is 1, and bands are "
            "of both together.",
            name);
    }
    return model;
}

}  // namespace huntsman::bridge::error_model
