// MAP-Elites: the most severe point of each niche, varied [Mouret and Clune 2015].
#include <algorithm>
#include <map>

#include "bridge/mine/methods.h"

namespace huntsman::bridge::mine {

using engine::core::Key;
using engine::core::Status;

namespace {

constexpr std::size_t kGeneration = 16;
// Random points before the first variation, for each dimension: enough for a first archive.
constexpr std::size_t kFirstPerDimension = 5;
constexpr double kRandomShare = 0.1;  // of all later points
// Deviations of the variation: in all directions, and along the line between two elites, in widths
// of the cube and of their distance [Vassiliades and Mouret 2018, section 4].
constexpr double kIso = 0.02, kLine = 0.2;

class Archive {
  public:
    void add(const Found& found, std::size_t index) {
        if (!found.e.valid) return;
        const auto [cell, is_new] = by_niche_.try_emplace(found.e.niche, elites_.size());
        if (is_new) {
            elites_.push_back({index, found.e.severity});
        } else if (found.e.severity > elites_[cell->second].severity) {
            elites_[cell->second] = {index, found.e.severity};
        }
    }
    bool empty() const { return elites_.empty(); }
    // Index of the elite of a random niche, all alike.
    std::size_t pick(const Key& key) const { return elites_[key.index(elites_.size())].index; }

  private:
    struct Elite {
        std::size_t index;  // among the points found
        double severity;
    };
    std::vector<Elite> elites_;  // in the order in which niches were found
    std::map<std::vector<int>, std::size_t> by_niche_;
};

// Ends at the cube's borders: extremes are often a niche of their own, and reflection would seldom
// reach them.
Point vary(const Point& a, const Point& b, const Key& key) {
    const double along = kLine * key.with("line").normal();
    Point u(a.size());
    for (std::size_t j = 0; j < u.size(); ++j) {
        const double to = a[j] + kIso * key.with("iso").normal(j) + along * (b[j] - a[j]);
        u[j] = std::clamp(to, 0.0, kBelowOne);
    }
    return u;
}

}  // namespace

Status search_map_elites(Progress& progress, const Key& key) {
    const std::size_t generation = progress.generation(kGeneration);
    const std::size_t first = kFirstPerDimension * progress.dimensions();
    Archive archive;
    while (!progress.finished()) {
        const std::size_t before = progress.found().size();
        std::vector<Point> points;
        for (std::size_t i = before; i < before + generation; ++i) {
            const Key of = key.with(i);
            const bool random =
                i < first || archive.empty() || of.with("random").uniform() < kRandomShare;
            if (random) {
                points.push_back(progress.uniform(of));
            } else {
                points.push_back(vary(progress.found()[archive.pick(of.with("parent"))].u,
                                      progress.found()[archive.pick(of.with("other"))].u, of));
            }
        }
        HM_TAKE(const auto added, progress.evaluate(std::move(points)));
        for (std::size_t i = 0; i < added.size(); ++i) archive.add(added[i], before + i);
    }
    return {};
}

}  // namespace huntsman::bridge::mine
