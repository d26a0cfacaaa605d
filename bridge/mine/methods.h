// What the methods of search.h share: the points evaluated so far, and how more are asked for.
// Inside this room only.
#pragma once

#include <span>

#include "bridge/mine/search.h"
#include "engine/core/random.h"

namespace huntsman::bridge::mine {

// The largest number below 1.
inline constexpr double kBelowOne = 1.0 - 0x1.0p-53;

// Into [0, 1) by reflection at the borders.
double fold(double x);

// Results of `points` by `evaluate`, at most `batch` in one call. Error: as of `search`.
engine::core::Result<std::vector<Evaluation>> evaluate_all(const std::vector<Point>& points,
                                                           std::size_t batch,
                                                           const Evaluate& evaluate);

// The points of one search.
class Progress {
  public:
    Progress(const Space& space, const SearchSettings& settings, const Evaluate& evaluate)
        : dimensions_(space.size()), settings_(settings), evaluate_(evaluate) {}

    std::size_t dimensions() const { return dimensions_; }
    const SearchSettings& settings() const { return settings_; }
    // Points chosen together: as set, else `own`.
    std::size_t generation(std::size_t own) const {
        return settings_.generation == 0 ? own : settings_.generation;
    }
    bool finished() const { return found_.size() >= settings_.budget; }
    const std::vector<Found>& found() const { return found_; }
    std::vector<Found> take() && { return std::move(found_); }

    // Evaluates the points, or as many of the first as the budget still has. Returns what is new,
    // valid until the next call.
    engine::core::Result<std::span<const Found>> evaluate(std::vector<Point> points);

    // A point of the declared distribution.
    Point uniform(const engine::core::Key& key) const;

  private:
    std::size_t dimensions_;
    const SearchSettings& settings_;
    const Evaluate& evaluate_;
    std::vector<Found> found_;
};

// Whether at least half of the points failed: a search by steps has arrived.
bool mostly_failed(std::span<const Found> points);

engine::core::Status search_cross_entropy(Progress& progress, const engine::core::Key& key);
engine::core::Status search_cma_es(Progress& progress, const engine::core::Key& key);
engine::core::Status search_map_elites(Progress& progress, const engine::core::Key& key);

}  // namespace huntsman::bridge::mine
