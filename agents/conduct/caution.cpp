#include "agents/conduct/caution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agents/beliefs/other_mind.h"
#include "agents/beliefs/phantom.h"
#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {

namespace {

constexpr double kThinkAhead_m = 50.0;  // as far as one thinks of it
constexpr double kThinkBeside_m = 6.0;  // from the vehicle's side
constexpr double kPasses_by = 0.01;     // who walks along the road steps out so rarely
constexpr double kHidden = 0.1;         // who went behind something comes out again
constexpr double kUnseen_s = 0.5;       // since when somebody counts as hidden
constexpr double kFacesRoad = 0.25;     // who stands there and looks across
constexpr double kBound_m2ps2 = 2.0;    // for people who are there: expected square of the impact
constexpr double kPhantomBound_m2ps2 = 0.08;  // for those who may be there

beliefs::PhantomCost cost_of(const Traits& traits, double bound_m2ps2) {
    beliefs::PhantomCost cost;
    cost.reaction_s = traits.reaction_s;
    cost.bound_m2ps2 = bound_m2ps2;
    return cost;
}

// Whether somebody at a place ahead who sees the driver must expect it to stop for them: it lets
// them go by a sign, or slows down hard enough to stop before, as people on foot judge it.
bool seems_to_stop(const Scene& scene, const RoadUser& person, double ahead_m) {
    constexpr double kSlows_mps2 = 0.8, kSlow_mps = 6.0, kHardest_mps2 = 3.5;
    const world::Mind& mind = *scene.self.mind;
    if (lets_go(mind) == person.id) return true;
    const double slows_mps2 = -mind.driver().acceleration_mps2;
    const double v = std::max(0.0, scene.road_users[kSelf].speed);
    const double needs_mps2 = engine::driving::stopping_mps2(v, std::max(0.01, ahead_m));
    return slows_mps2 > kSlows_mps2 && v < kSlow_mps &&
           needs_mps2 < std::min(1.1 * slows_mps2, kHardest_mps2);
}

// Probability that a person steps out in front of the vehicle: not having seen it, or expecting it
// to stop.
double steps_out(const RoadUser& person, const Vec2& towards_way, bool expects_stop) {
    const world::Track& track = *person.track;
    double crosses = kPasses_by;
    const double inward = glm::dot(person.x, towards_way);
    if (track.unseen_s > kUnseen_s) {
        crosses = kHidden;
    } else if (inward > 0.7) {
        crosses = kFacesRoad;
        if (track.mind) {
            crosses =
                beliefs::goals_of(track.mind->goal)[static_cast<std::size_t>(world::Goal::kCross)];
        }
    }
    const double seen = track.mind ? track.mind->has_seen_me : 0.5;
    return person.track->exists * crosses * (expects_stop ? 1 : 1 - seen);
}

// People beside the way.
double past_people_mps(const Scene& scene) {
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    double speed = std::numeric_limits<double>::infinity();
    beliefs::PhantomCost cost = cost_of(*scene.self.traits, kBound_m2ps2);
    cost.comes_out = 1;
    for (const RoadUser& user : scene.road_users) {
        if (!user.person || user.track == nullptr || !same_level(me, user)) continue;
        const Vec2 off = user.p - me.p;
        if (glm::dot(off, me.x) < 0 || glm::dot(off, off) > kThinkAhead_m * kThinkAhead_m) continue;
        const OnWay at = way.project(user.p);
        const double beside = std::abs(at.t_m) - me.half.y - user.half.y;
        if (at.s_m < me.front || beside < 0 || beside > kThinkBeside_m) continue;
        const Vec2 inward = math::perp(at.tangent) * (at.t_m > 0 ? -1.0 : 1.0);
        const bool expects_stop =
            scene.self.options.second_order && seems_to_stop(scene, user, at.s_m - me.front);
        const beliefs::Phantom phantom{.exists = steps_out(user, inward, expects_stop),
                                       .along_m = at.s_m - me.front,
                                       .reach_s = beside / beliefs::kStepsOut_mps};
        speed = std::min(speed, beliefs::phantom_speed_mps({&phantom, 1}, cost));
    }
    return speed;
}

// What hides the kerb.
double past_covers_mps(const Scene& scene) {
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    const beliefs::PhantomCost cost = cost_of(*scene.self.traits, kPhantomBound_m2ps2);
    const double rate = beliefs::people_per_m(beliefs::KerbPlace::kHomes);
    double speed = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < way.leg_count && way.legs[k].start_m < kThinkAhead_m; ++k) {
        for (const Cover& cover : scene.book->covers(way.legs[k].lane)) {
            const double from = way.legs[k].start_m + cover.from_m - me.front;
            const double to = way.legs[k].start_m + cover.to_m - me.front;
            if (to < 0) continue;
            if (from > kThinkAhead_m) break;
            const beliefs::HiddenStretch hidden{
                .from_m = std::max(0.0, from),
                .to_m = to,
                .beside_m = std::max(0.0, cover.inner_m - me.half.y),
                .rate_per_m = rate,
                .speed_mps = beliefs::kRunsOut_mps};
            const auto phantoms = beliefs::phantoms_behind({&hidden, 1}, kThinkAhead_m);
            speed = std::min(speed, beliefs::phantom_speed_mps(phantoms, cost));
        }
    }
    return speed;
}

}  // namespace

double careful_speed_mps(const Scene& scene) {
    double speed = std::numeric_limits<double>::infinity();
    const SceneOptions& options = scene.self.options;
    if (options.other_minds) speed = std::min(speed, past_people_mps(scene));
    if (options.phantoms) speed = std::min(speed, past_covers_mps(scene));
    return speed;
}

}  // namespace huntsman::agents::conduct
