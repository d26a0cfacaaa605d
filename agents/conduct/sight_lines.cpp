#include "agents/conduct/sight_lines.h"

#include <algorithm>

namespace huntsman::agents::conduct {

namespace {

constexpr double kEye_m = 1.2, kEyeBehindFront_m = 2.0;  // of a car's driver
constexpr double kTarget_m = 0.8;                        // height of what is looked for
constexpr double kStep_m = 6.0;
constexpr double kFar_s = 1e3;
constexpr int kBatches = 3;  // of points along a lane: so far one looks

}  // namespace

SightLines::SightLines(const LaneBook& book, const senses::SightMap& map)
    : book_(&book), map_(&map), known_(book.roads().lanes.size()) {}

// From where the paths meet back along the lanes that lead there.
double SightLines::visible_m(const math::Vec3& eye_W, const world::Lane& other,
                             double meet_m) const {
    const world::Lane* lane = &other;
    double s = meet_m, back_m = 0;
    for (int batch = 0; batch < kBatches; ++batch) {
        senses::Silhouette points{};
        std::size_t count = 0;
        for (; count < points.size(); ++count) {
            while (s < kStep_m && !lane->predecessors.empty()) {
                lane = &book_->roads().lanes[lane->predecessors.front()];
                s += lane->length_m;
            }
            if (s < kStep_m) break;  // the road begins there
            s -= kStep_m;
            points[count] = book_->map().at(lane->id, s).p + math::Vec3(0, 0, kTarget_m);
        }
        if (count == 0) return 1e6;
        const unsigned hidden = map_->hidden(eye_W, points, (1U << count) - 1);
        for (std::size_t i = 0; i < count; ++i) {
            if ((hidden >> i & 1U) != 0) return back_m;
            back_m += kStep_m;
        }
        if (count < points.size()) return 1e6;
    }
    return 1e6;
}

SightLines::Times SightLines::look(world::LaneId id) const {
    Times times;
    times.fill(kFar_s);
    const auto& lanes = book_->roads().lanes;
    const world::Lane& connection = lanes[id];
    if (connection.predecessors.empty()) return times;
    const world::Lane& before = lanes[connection.predecessors.front()];
    for (std::size_t k = 0; k < kBefore_m.size(); ++k) {
        const double s = connection.stop_s_m - kBefore_m[k] - kEyeBehindFront_m;
        const auto place = s > before.length_m ? book_->map().at(id, s - before.length_m)
                                               : book_->map().at(before.id, std::max(0.0, s));
        const math::Vec3 eye = place.p + math::Vec3(0, 0, kEye_m);
        for (const world::Conflict& conflict : connection.conflicts) {
            if (!conflict.yields) continue;
            const world::Lane& other = lanes[conflict.other];
            const double speed = std::max(3.0, other.speed_limit_mps);
            times[k] = std::min(times[k], visible_m(eye, other, conflict.other_s_begin_m) / speed);
        }
    }
    return times;
}

double SightLines::shortest_s(world::LaneId connection, double before_m) const {
    auto& known = known_[connection];
    if (!known) known = look(connection);
    // From the place before: further back one sees less.
    const auto at = std::ranges::lower_bound(kBefore_m, before_m);
    const auto k = at == kBefore_m.end() ? kBefore_m.size() - 1
                                         : static_cast<std::size_t>(at - kBefore_m.begin());
    return (*known)[k];
}

}  // namespace huntsman::agents::conduct
