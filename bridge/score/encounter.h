// How close two road users come in space and time.
#pragma once

#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "engine/math/geometry.h"
#include "engine/world/ids.h"

namespace huntsman::bridge::score {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Whether two places can be on one road: a bridge and the road under it do not meet, a grade of 8 %
// does.
bool same_level(const engine::math::Vec3& a, const engine::math::Vec3& b);

// Time until two boxes touch when both keep their velocities and headings, exact; 0 where they do
// already, infinity if they never do.
double contact_time_s(const engine::math::Box2& a, const engine::math::Vec2& v_a,
                      const engine::math::Box2& b, const engine::math::Vec2& v_b);

// Gaps between footprints as a's driver sees them, 0 where they overlap in that direction.
// Longitudinal: to a box in the strip that a's width takes; lateral: to a box beside a. Infinity
// where it is not there.
struct Gaps {
    double longitudinal_m = 0, lateral_m = 0;
};
Gaps gaps(const engine::math::Box2& a, const engine::math::Box2& b);

// Post-encroachment times between one road user and others: the time between one of the two leaving
// a place and the other entering it, where their paths cross (headings differ by more than 30
// degrees: whoever follows on the same path encroaches on nothing). Samples are given in the order
// of time; the resolution is their distance.
class Encroachments {
  public:
    // Footprints older than this are forgotten: longer times are not found.
    static constexpr double kHorizon_s = 5;

    struct Footprint {
        engine::math::Box2 box;
        double z_m = 0;
    };
    // The ego's footprint now, before those of others at this time.
    void see_ego(double time_s, const Footprint& now);
    // The time by which the later of the two missed the other, where the later one is at such a
    // place now; 0 where they overlap.
    std::optional<double> see_other(double time_s, engine::world::ActorId other,
                                    const Footprint& now);

  private:
    struct Stay {
        Footprint at;
        double until_s = 0;  // when it was last there
    };
    using Track = std::deque<Stay>;
    static void remember(Track& track, double time_s, const Footprint& now);
    // When `track` was last at a place of `now` that it reached on a crossing path.
    static std::optional<double> last_there(const Track& track, const Footprint& now);

    Track ego_;
    std::map<engine::world::ActorId, Track> others_;
};

}  // namespace huntsman::bridge::score
