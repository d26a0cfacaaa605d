#include "agents/conduct/people.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "agents/conduct/aside.h"
#include "agents/conduct/deliberate.h"
#include "agents/conduct/gaze.h"
#include "agents/conduct/gestures.h"
#include "agents/conduct/own_crossing.h"
#include "agents/conduct/periods.h"
#include "engine/driving/motion.h"
#include "engine/road/signals.h"

namespace huntsman::agents::conduct {
namespace {

using engine::core::Key;
using world::Intention;
using world::kNone;

constexpr double kPersonalRadius_m = 0.28;
constexpr double kForce_m_s2 = 2.1, kForceRange_m = 0.3;  // social force [facts]
constexpr double kRelaxation_s = 0.5;
constexpr double kLook_s = 0.6;  // a glance before stepping on a zebra
constexpr double kCarHalfWidth_m = 1.1;
// Accepted gaps grow with the width of the road: by 0.179 of that at 7.5 m for each metre, after
// 2.2, 5.9 and 9.6 s at 4, 7.5 and 11 m [facts]; a little more gives that in behaviour.
constexpr double kUsualWidth_m = 7.5, kShare_per_m = 0.185, kLeastShare = 0.3;
constexpr double kWillStop_mps2 = 3.0;      // harder braking is not expected of anybody
constexpr double kLetsCross = 0.6;          // of those who have seen somebody at a zebra
constexpr double kLetsCrossAnywhere = 0.2;  // and away from crossings
constexpr double kBesideRoad_m = 0.75;      // of a way away from crossings, at each end
constexpr double kCreepsOn_mps = 2.0;       // whoever waves somebody on is not faster
constexpr double kStandingCar_mps = 0.3;
constexpr double kGreenShare = 0.35;    // of the crossing time that must be left of the green,
constexpr double kGreenEnough_s = 3.0;  // or this: signals give time to clear after it

double has_seen_me(const RoadUser& user) {
    return user.track != nullptr && user.track->mind ? user.track->mind->has_seen_me : 0.0;
}

// A place on a walkway: s along it, t to the left of its own direction.
struct OnWalkway {
    double s_m = 0, t_m = 0;
    Vec2 tangent{1, 0};
};
OnWalkway project(const world::Walkway& walkway, const Vec2& p) {
    OnWalkway out;
    double best = std::numeric_limits<double>::infinity(), start = 0;
    for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
        const Vec2 a = math::xy(walkway.points[i]), ab = math::xy(walkway.points[i + 1]) - a;
        const double length = glm::length(ab);
        if (length <= 0.0) continue;
        const double u = std::clamp(glm::dot(p - a, ab) / (length * length), 0.0, 1.0);
        const Vec2 off = p - (a + u * ab);
        const double d2 = glm::dot(off, off);
        if (d2 < best) {
            best = d2;
            out = {start + u * length, math::cross(ab / length, p - a), ab / length};
        }
        start += length;
    }
    return out;
}
OnWalkway at(const world::Walkway& walkway, double s_m, Vec2& p) {
    double start = 0;
    OnWalkway out;
    for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
        const Vec2 a = math::xy(walkway.points[i]), ab = math::xy(walkway.points[i + 1]) - a;
        const double length = glm::length(ab);
        if (length <= 0.0) continue;
        const bool last = i + 2 == walkway.points.size();
        const double u = std::clamp((s_m - start) / length, 0.0, 1.0);
        p = a + u * ab;
        out = {start + u * length, 0.0, ab / length};
        if (s_m <= start + length || last) break;
        start += length;
    }
    return out;
}

// The next edge of the walk at a node: any but the one just walked, unless it is the only one.
world::WalkwayId next_walkway(const world::RoadNetwork& roads, std::uint32_t node,
                              world::WalkwayId current, const Key& key, std::uint32_t draw) {
    const auto& edges = roads.walk_nodes[node].walkways;
    const std::size_t others = edges.size() - 1;
    if (others == 0) return current;
    std::size_t pick = key.index(others, draw);
    for (const world::WalkwayId edge : edges) {
        if (edge == current) continue;
        if (pick-- == 0) return edge;
    }
    return current;
}

// Pushes of other people, as an acceleration.
Vec2 social_force(const Scene& scene, std::size_t self, const Vec2& wish) {
    const RoadUser& me = scene.road_users[self];
    Vec2 force{0, 0};
    const auto push = [&](const Vec2& away, double clearance_m) {
        const double distance = glm::length(away);
        if (distance < 1e-6) return;
        const Vec2 n = away / distance;
        const double strength = kForce_m_s2 * std::exp(std::min(1.0, -clearance_m / kForceRange_m));
        // Ahead counts fully, behind little; whoever is met head-on is passed on the right.
        const double facing = -glm::dot(n, wish);
        const double weight = 0.55 + 0.45 * facing;
        const Vec2 sidestep = facing > 0.7 ? -math::perp(wish) : Vec2(0, 0);
        force += strength * weight * (n + 0.8 * sidestep);
    };
    for (std::size_t j = 0; j < scene.road_users.size(); ++j) {
        const RoadUser& other = scene.road_users[j];
        if (j == self || !other.person || !same_level(me, other)) continue;
        Vec2 away = me.p - other.p;
        if (glm::dot(away, away) > 9.0) continue;
        // Meeting somebody is foreseen half a second ahead.
        const Vec2 soon = away + 0.5 * (me.v - other.v);
        if (glm::dot(soon, soon) < glm::dot(away, away) && glm::length(soon) > 0.05) away = soon;
        push(away, glm::length(away) - 2.0 * kPersonalRadius_m);
    }
    return force;
}

// The offset to the left of the walkway at which a person passes what stands on it: the wanted one
// where it is free, else the free one closest to where the person is; nothing where all is blocked.
std::optional<double> free_offset(const Scene& scene, const RoadUser& me, const OnWalkway& here,
                                  double sign, double wanted_m, double limit_m) {
    constexpr double kAhead_m = 2.6, kBehind_m = 0.3;
    constexpr double kClear_m = kPersonalRadius_m + 0.1;
    const Vec2 left = math::perp(here.tangent);
    // Blocked stretches across the walkway. More than a handful of things never stand together.
    struct Blocked {
        double low, high;
    };
    std::array<Blocked, 12> blocked{};
    std::size_t count = 0;
    const auto add = [&](const math::Box2& box, double z_m) {
        if (std::abs(z_m - me.z_m) > road::kLevel_m) return;
        const Vec2 x = math::direction(box.yaw_rad), off = box.centre - me.p;
        const double c = std::abs(glm::dot(x, here.tangent));
        const double s = std::abs(math::cross(x, here.tangent));
        const double half_s = c * box.half.x + s * box.half.y + kPersonalRadius_m;
        const double half_t = s * box.half.x + c * box.half.y + kClear_m;
        const double along = sign * glm::dot(off, here.tangent);
        if (along + half_s < -kBehind_m || along - half_s > kAhead_m || count == blocked.size()) {
            return;
        }
        const double t = here.t_m + glm::dot(off, left);
        blocked[count++] = {t - half_t, t + half_t};
    };
    scene.book->near_boxes(me.p + sign * 1.2 * here.tangent, add);
    for (const RoadUser& user : scene.road_users) {
        if (user.person || std::abs(user.speed) > kStandingCar_mps) continue;
        if (glm::dot(user.centre - me.p, user.centre - me.p) > 100.0) continue;
        add({user.centre, user.yaw_rad, user.half}, user.z_m);
    }
    const auto is_free = [&](double t) {
        for (std::size_t i = 0; i < count; ++i) {
            if (t > blocked[i].low + 1e-9 && t < blocked[i].high - 1e-9) return false;
        }
        return true;
    };
    if (is_free(wanted_m)) return wanted_m;
    std::optional<double> best;
    for (std::size_t i = 0; i < count; ++i) {
        for (const double t : {blocked[i].low, blocked[i].high}) {
            if (std::abs(t) > limit_m || !is_free(t)) continue;
            if (!best || std::abs(t - here.t_m) < std::abs(*best - here.t_m)) best = t;
        }
    }
    return best;
}

// Whether somebody obeys the red light that it stands at now.
bool obeys_red(const Scene& scene, const world::Crossing& crossing,
               const world::PedestrianMind& mind, const Key& seed) {
    const Key key = seed.with(scene.self.id).with("red on foot").with(crossing.id);
    return key.uniform(mind.decisions) < scene.self.traits->obeys_signals;
}

// Whether it is time to cross, and how good that is, -1 to 1.
double prospect_of_crossing(const Scene& scene, const world::Crossing& crossing,
                            const world::PedestrianMind& mind, const Traits& walker,
                            const Key& seed) {
    const double length = glm::length(math::xy(crossing.b - crossing.a));
    const auto& walkway = scene.book->roads().walkways[mind.walkway];
    const Vec2 from =
        math::xy(mind.walkway_forward ? walkway.points.front() : walkway.points.back());
    const Vec2 a = math::xy(crossing.a), ab = math::xy(crossing.b) - a;
    const double place = glm::dot(from - a, ab) / glm::length(ab);
    if (crossing.signal_group != kNone && obeys_red(scene, crossing, mind, seed)) {
        if (scene.group_aspect(crossing.signal_group) != world::Aspect::kGreen) return -1;
        const double left_s = engine::road::time_to_change_s(
            scene.book->roads(), crossing.signal_group, scene.self.time_us);
        const bool enough =
            left_s > std::min(kGreenShare * length / walker.walking_mps, kGreenEnough_s);
        // Nor at green before a vehicle that turns and cannot stop any more.
        return enough && all_can_stop(scene, crossing.id, place, place < 0.5 * length) ? 1 : -1;
    }
    return advantage_of_crossing(scene, crossing.id, place, place < 0.5 * length, mind.waited_s);
}

// How good it is to go now for somebody who waits at a crossing or at its own way over the road.
double prospect_of_going(const Scene& scene, const world::Crossing* crossing,
                         const world::PedestrianMind& mind, const Key& seed) {
    const Traits& walker = *scene.self.traits;
    if (walker.role == profiles::Role::kAnimal) return 1;  // knows nothing of traffic
    if (believed_emergency(scene)) return -1;
    if (lets_go(*scene.self.mind) != world::kNoActor) return -1;  // waits for who was waved on
    if (mind.own_crossing) {
        return advantage_of_own_crossing(scene, *mind.own_crossing, mind.waited_s);
    }
    return prospect_of_crossing(scene, *crossing, mind, walker, seed);
}

// Whether a decision to cross has come about. Who is careful looks both ways first and steps out
// with the eyes on the road; who is not may do so without.
bool decides_to_cross(const Scene& scene, const world::Crossing* crossing,
                      const world::PedestrianMind& mind, const Key& seed,
                      world::Deliberation& deliberation) {
    constexpr std::uint32_t kOwn = 0x4000'0000;  // not the id of a crossing
    const bool careful = scene.self.traits->careful();
    const double drift = prospect_of_going(scene, crossing, mind, seed);
    const std::uint32_t place = mind.own_crossing ? kOwn + mind.own_crossing->beyond : crossing->id;
    deliberate(deliberation, place, drift, scene.self, seed);
    const double looks_s = careful ? kBothWays_s : kLook_s;
    // What was decided is not done where it is no good any more.
    return deliberation.going && drift > 0 && deliberation.since_s > looks_s &&
           !(careful && scene.self.mind->glance.away);
}

// Where a person wants to walk, and how far from the walkway's middle it may be.
struct Aim {
    Vec2 wish{0, 0};  // unit vector, or 0
    double speed_mps = 0;
    double room_m = 0;
};

double half_room_m(const world::Walkway& walkway) {
    return std::max(0.0, 0.5 * walkway.width_m - kPersonalRadius_m - 0.15);
}

// At the end of a walkway: the next one on the shortest way to the goal, and a new goal where there
// is none yet or this is it.
void choose_walkway(const Scene& scene, const RoadUser& me, const Key& seed,
                    world::PedestrianMind& mind, OnWalkway& here) {
    const world::RoadNetwork& roads = scene.book->roads();
    const world::Walkway& old = roads.walkways[mind.walkway];
    const double left_m = mind.walkway_forward ? old.length_m - here.s_m : here.s_m;
    if (mind.intention == Intention::kWaitToCross || left_m >= 0.5) return;
    const std::uint32_t node = mind.walkway_forward ? old.to : old.from;
    const WalkBook& walks = scene.book->walks();
    const Key key = seed.with(me.id).with("walk");
    if (mind.goal_node == kNone || mind.goal_node == node) {
        mind.goal_node = walks.draw_goal(node, mind.walkway, key, mind.decisions++);
    }
    world::WalkwayId next = walks.next(node, mind.goal_node);
    if (next == kNone) {
        mind.goal_node = kNone;
        next = next_walkway(roads, node, mind.walkway, key, mind.decisions++);
    }
    const bool turns_back = next == mind.walkway;
    mind.walkway = next;
    const world::Walkway& walkway = roads.walkways[next];
    mind.walkway_forward = turns_back ? !mind.walkway_forward : walkway.from == node;
    mind.intention = walkway.crossing != kNone ? Intention::kWaitToCross : Intention::kWalk;
    mind.waited_s = 0.0;
    here = project(walkway, me.p);
}

// Begins a way over the road away from crossings, and ends it on the other side, or on this one for
// somebody who has turned back.
void choose_own_crossing(const Scene& scene, const Key& seed, world::PedestrianMind& mind,
                         const OnWalkway& here) {
    constexpr double kArrived_m = 0.4;
    const RoadUser& me = scene.road_users[kSelf];
    if (!mind.own_crossing) {
        if (mind.intention != Intention::kWalk) return;
        const world::Walkway& walkway = scene.book->roads().walkways[mind.walkway];
        if (!leaves_walkway(scene, walkway, here.s_m, mind, seed)) return;
        mind.own_crossing = way_over(*scene.book, me.p3(), here.tangent);
        if (!mind.own_crossing) return;
        mind.intention = Intention::kWaitToCross;
        mind.walkway_forward = true;  // of the way over the road
        mind.waited_s = 0.0;
        return;
    }
    if (mind.intention != Intention::kCrossRoad) return;
    const Vec2 way = mind.own_crossing->to_W - mind.own_crossing->from_W;
    const double length_m = glm::length(way);
    const double at_m = glm::dot(me.p - mind.own_crossing->from_W, way / length_m);
    const bool over = mind.walkway_forward;
    if (over ? at_m < length_m - kArrived_m : at_m > kArrived_m) return;
    if (over) mind.walkway = mind.own_crossing->beyond;
    const Key key = seed.with(me.id).with("walk");
    mind.walkway_forward = key.uniform(mind.decisions++) < 0.5;
    mind.own_crossing.reset();
    mind.goal_node = kNone;
    mind.intention = Intention::kWalk;
    mind.waited_s = 0.0;
}

// A person who waits stands at the kerb, side by side with others.
Aim aim_at_kerb(const world::Walkway& walkway, const RoadUser& me, const Traits& walker,
                const world::PedestrianMind& mind) {
    const double sign = mind.walkway_forward ? 1.0 : -1.0;
    Aim aim{.room_m = half_room_m(walkway)};
    Vec2 target;
    const OnWalkway start = at(walkway, mind.walkway_forward ? 0.0 : walkway.length_m, target);
    target -= sign * math::perp(start.tangent) * (walker.side - 0.4) * 2.0 * aim.room_m;
    const Vec2 to = target - me.p;
    const double distance = glm::length(to);
    aim.speed_mps = std::min(walker.walking_mps, 1.5 * std::max(0.0, distance - 0.15));
    if (distance > 1e-6) aim.wish = to / distance;
    return aim;
}

// A point ahead on the walkway, on one's own side of the middle and past what stands there. Turns
// back where there is no way past.
Aim aim_along(const Scene& scene, const world::Walkway& walkway, const OnWalkway& here,
              const RoadUser& me, const Traits& walker, world::PedestrianMind& mind) {
    const double sign = mind.walkway_forward ? 1.0 : -1.0;
    Aim aim{.speed_mps = walker.walking_mps, .room_m = half_room_m(walkway)};
    const double wanted = -sign * walker.side * aim.room_m;
    const std::optional<double> offset =
        free_offset(scene, me, here, sign, wanted,
                    0.5 * walkway.width_m + (mind.intention == Intention::kCrossRoad ? 4.0 : 0.2));
    // No way past, or none found for a while: back where one came from. On the road one waits
    // longer, as what is in the way may be a car.
    const bool walks = mind.intention == Intention::kWalk;
    if ((walks && !offset) || mind.waited_s > (walks ? 4.0 : 8.0)) {
        mind.walkway_forward = !mind.walkway_forward;
        mind.goal_node = kNone;
        mind.waited_s = 0.0;
    }
    const double t = offset.value_or(wanted);
    aim.room_m = std::max(aim.room_m, std::abs(t));
    const bool around = t != wanted;
    Vec2 target;
    const OnWalkway goal = at(walkway, here.s_m + sign * (around ? 0.8 : 2.0), target);
    target += math::perp(goal.tangent) * t;
    const Vec2 to = target - me.p;
    aim.wish = to / std::max(glm::length(to), 1e-6);
    if (mind.intention == Intention::kCrossRoad) aim.speed_mps *= 1.1;
    return aim;
}

// Takes away what would lead a person into a vehicle that stands: it slides along it.
Vec2 along_standing_cars(const Scene& scene, Vec2 velocity) {
    constexpr double kSoon_s = 0.4, kBeside_m = 0.32;
    const RoadUser& me = scene.road_users[kSelf];
    for (const RoadUser& user : scene.road_users) {
        if (user.person || std::abs(user.speed) > kStandingCar_mps || !same_level(me, user))
            continue;
        const Vec2 off = me.p + kSoon_s * velocity - user.centre;
        const double along = glm::dot(off, user.x), across = math::cross(user.x, off);
        const double into_along = user.half.x + kBeside_m - std::abs(along);
        const double into_across = user.half.y + kBeside_m - std::abs(across);
        if (into_along <= 0 || into_across <= 0) continue;
        const Vec2 outward = into_along < into_across
                                 ? std::copysign(1.0, along) * user.x
                                 : std::copysign(1.0, across) * math::perp(user.x);
        velocity -= std::min(0.0, glm::dot(velocity, outward)) * outward;
    }
    return velocity;
}

// What comes of an aim: others push aside, nobody leaves the pavement or walks into a moving car.
Vec2 walking_velocity(const Scene& scene, std::size_t self, const OnWalkway& here, const Aim& aim,
                      double own_speed_mps) {
    const RoadUser& me = scene.road_users[self];
    Vec2 velocity = aim.speed_mps * aim.wish;
    velocity += kRelaxation_s * social_force(scene, self, aim.wish);
    const Vec2 left = math::perp(here.tangent);
    if (std::abs(here.t_m) > aim.room_m) {
        const double outward = glm::dot(velocity, left) * (here.t_m > 0 ? 1.0 : -1.0);
        if (outward > -0.3) velocity -= (outward + 0.3) * (here.t_m > 0 ? 1.0 : -1.0) * left;
    }
    const double size = glm::length(velocity);
    const double most = 1.3 * own_speed_mps;
    if (size > most) velocity *= most / size;
    const Vec2 next = me.p + 0.9 * aim.wish;
    for (const RoadUser& user : scene.road_users) {
        if (user.person || std::abs(user.speed) <= kStandingCar_mps) continue;
        if (!same_level(me, user)) continue;
        const Vec2 off = next - user.centre;
        if (std::abs(glm::dot(off, user.x)) < user.half.x + 0.35 &&
            std::abs(math::cross(user.x, off)) < user.half.y + 0.35) {
            return Vec2(0, 0);
        }
    }
    return along_standing_cars(scene, velocity);
}

}  // namespace

namespace {

// A vehicle that comes to the lane of a crossing.
struct Coming {
    const RoadUser* vehicle = nullptr;
    double arrives_s = 0;   // at the crossing; 0 when on it
    double needs_mps2 = 0;  // to stop before it
    bool gives_way = false;
    double enter_s = 0, clear_s = 0;  // of the person: into its way, and out of it
    double out_s = 0;                 // of the vehicle, when on the crossing
};

// The lanes of a crossing.
std::vector<LaneCrossed> lanes_of(const LaneBook& book, world::CrossingId id) {
    std::vector<LaneCrossed> lanes;
    for (const auto& span : book.roads().crossings[id].lanes) {
        double place_m = 0;
        for (const CrossingOnLane& c : book.crossings(span.lane)) {
            if (c.crossing == id) place_m = c.place_m;
        }
        lanes.push_back({span.lane, span.s_begin_m, span.s_end_m, place_m});
    }
    return lanes;
}

// Calls visit(coming) for all vehicles that the person would meet on its way to the other end.
template <typename Visit>
void visit_coming(const Scene& scene, const std::vector<LaneCrossed>& lanes, double place_m,
                  bool towards_b, double speed_mps, Visit visit) {
    for (const LaneCrossed& span : lanes) {
        // When the person is out of this lane's way.
        const double ahead = (span.place_m - place_m) * (towards_b ? 1.0 : -1.0);
        if (ahead < -kCarHalfWidth_m) continue;
        Coming coming;
        coming.clear_s = (ahead + kCarHalfWidth_m + kPersonalRadius_m) / speed_mps;
        coming.enter_s = std::max(0.0, ahead - kCarHalfWidth_m - kPersonalRadius_m) / speed_mps;
        for (std::size_t i = 1; i < scene.road_users.size(); ++i) {
            const RoadUser& user = scene.road_users[i];
            const Way& way = scene.ways[i];
            for (std::size_t k = 0; k < way.leg_count; ++k) {
                if (way.legs[k].lane != span.lane) continue;
                const double begin = way.legs[k].start_m + span.s_begin_m - user.front;
                const double end = way.legs[k].start_m + span.s_end_m + user.rear;
                if (end < 0.0) continue;  // has passed
                const double v = std::max(user.speed, 0.0);
                coming.vehicle = &user;
                coming.arrives_s = begin < 0.0 ? 0.0 : begin / std::max(v, 0.01);
                coming.out_s = begin < 0.0 ? end / std::max(v, 0.3) : 0.0;
                coming.needs_mps2 = engine::driving::stopping_mps2(v, std::max(begin, 0.01));
                // Standing or almost, or slowing down enough to stop before.
                coming.gives_way =
                    begin >= 0.0 && (v < 0.5 || (user.a < -0.8 && v < 6.0 &&
                                                 coming.needs_mps2 < std::min(-1.1 * user.a, 3.5)));
                visit(coming);
            }
        }
    }
}

}  // namespace

double crossing_margin_s(const Scene& scene, world::CrossingId id, double place_m, bool towards_b,
                         double speed_mps) {
    double margin = std::numeric_limits<double>::infinity();
    const auto lanes = lanes_of(*scene.book, id);
    visit_coming(scene, lanes, place_m, towards_b, speed_mps, [&](const Coming& c) {
        if (c.gives_way) return;
        if (c.out_s > 0.0) {
            // On the crossing: passable when it leaves before the person comes.
            if (c.out_s > c.enter_s) margin = std::min(margin, -c.out_s);
            return;
        }
        margin = std::min(margin, c.arrives_s - c.clear_s);
    });
    return margin;
}

bool all_can_stop(const Scene& scene, world::CrossingId id, double place_m, bool towards_b) {
    bool all = true;
    visit_coming(scene, lanes_of(*scene.book, id), place_m, towards_b,
                 scene.self.traits->walking_mps, [&](const Coming& c) {
                     if (c.gives_way || c.out_s > 0.0 || c.arrives_s > c.clear_s) return;
                     all = all && c.needs_mps2 < kWillStop_mps2;
                 });
    return all;
}

namespace {

// How good it is to cross these lanes now. `lets_cross` is the share of those who have seen
// somebody there that lets them go.
double advantage_over(const Scene& scene, const std::vector<LaneCrossed>& lanes, double width_m,
                      double place_m, bool towards_b, double waited_s, double lets_cross) {
    const Traits& traits = *scene.self.traits;
    // Critical gaps on foot are measured from when a gap opens; so much of it goes by while it is
    // decided.
    constexpr double kDecides = 0.7;  // of the reaction time
    const double critical =
        critical_now_s(critical_on_foot_s(traits.on_foot_s, width_m), waited_s, traits) -
        kDecides * traits.reaction_s;
    double advantage = 1;
    visit_coming(scene, lanes, place_m, towards_b, traits.walking_mps, [&](const Coming& c) {
        if (c.gives_way) return;
        double one = advantage_of_gap(c.arrives_s, critical);
        if (c.out_s > 0.0) one = c.out_s > c.enter_s ? -1.0 : 1.0;
        // Whoever has seen me is likely to let me go, where it still can.
        if (c.out_s <= 0.0 && c.needs_mps2 < kWillStop_mps2) {
            const double lets = lets_cross * has_seen_me(*c.vehicle);
            one = lets + (1 - lets) * one;
        }
        if (lets_go_first(*c.vehicle) && c.vehicle->speed < kCreepsOn_mps) one = 1;
        advantage = std::min(advantage, one);
    });
    return advantage;
}

}  // namespace

double advantage_of_crossing(const Scene& scene, world::CrossingId id, double place_m,
                             bool towards_b, double waited_s) {
    const world::Crossing& crossing = scene.book->roads().crossings[id];
    const double width_m = glm::length(math::xy(crossing.b - crossing.a));
    return advantage_over(scene, lanes_of(*scene.book, id), width_m, place_m, towards_b, waited_s,
                          kLetsCross);
}

double advantage_of_own_crossing(const Scene& scene, const world::OwnCrossing& way,
                                 double waited_s) {
    const double z_m = scene.road_users[kSelf].z_m;
    return advantage_over(scene, lanes_crossed(*scene.book, way, z_m),
                          glm::length(way.to_W - way.from_W) - 2 * kBesideRoad_m, 0, true, waited_s,
                          kLetsCrossAnywhere);
}

double critical_on_foot_s(double on_foot_s, double width_m) {
    return on_foot_s * std::max(kLeastShare, 1 + kShare_per_m * (width_m - kUsualWidth_m));
}

Steps think_person(const Scene& scene, const Key& seed, world::Deliberation& deliberation) {
    constexpr std::size_t self = kSelf;
    const world::RoadNetwork& roads = scene.book->roads();
    const RoadUser& me = scene.road_users[self];
    Steps steps{scene.self.mind->pedestrian(), {}, {}};
    world::PedestrianMind& mind = steps.mind;
    steps.walk.heading_rad = scene.self.walk.heading_rad;
    const double dt_s = scene.self.dt_s;
    const bool lies = scene.self.X_WB.rotate({0, 0, 1}).z < 0.8;
    if (mind.walkway >= roads.walkways.size() || lies) return steps;
    const Traits& walker = *scene.self.traits;
    mind.waited_s = glm::length(me.v) < 0.15 ? mind.waited_s + dt_s : 0.0;

    OnWalkway here = project(roads.walkways[mind.walkway], me.p);
    if (!mind.own_crossing) choose_walkway(scene, me, seed, mind, here);
    choose_own_crossing(scene, seed, mind, here);
    world::Walkway own_way;
    if (mind.own_crossing) {
        own_way = as_walkway(*mind.own_crossing, me.z_m);
        here = project(own_way, me.p);
    }
    const world::Walkway& walkway = mind.own_crossing ? own_way : roads.walkways[mind.walkway];

    // Waiting at a crossing: look, and go when it is right.
    const world::Crossing* crossing =
        walkway.crossing != kNone ? &roads.crossings[walkway.crossing] : nullptr;
    if (mind.intention != Intention::kWaitToCross) deliberation = {};
    if (mind.intention == Intention::kWaitToCross && (crossing != nullptr || mind.own_crossing) &&
        decides_to_cross(scene, crossing, mind, seed, deliberation)) {
        mind.intention = Intention::kCrossRoad;
        mind.waited_s = 0.0;
    }
    const Vec2 forward = (mind.walkway_forward ? 1.0 : -1.0) * here.tangent;
    const double forward_yaw = std::atan2(forward.y, forward.x);

    const bool waits = mind.intention == Intention::kWaitToCross;
    const Aim aim = waits ? aim_at_kerb(walkway, me, walker, mind)
                          : aim_along(scene, walkway, here, me, walker, mind);
    steps.walk.velocity_mps = waits ? aim.speed_mps * aim.wish
                                    : walking_velocity(scene, self, here, aim, walker.walking_mps);
    if (waits) {
        steps.walk.heading_rad = forward_yaw;
    } else if (glm::length(steps.walk.velocity_mps) > 0.2) {
        steps.walk.heading_rad = std::atan2(steps.walk.velocity_mps.y, steps.walk.velocity_mps.x);
    }

    // Eyes: on the road before crossing, else where one walks.
    mind.gaze_rad = gaze_of_person(scene, mind, forward_yaw);
    mind.lane_s_m = here.s_m;
    mind.lane_t_m = here.t_m;
    mind.target_speed_mps = aim.speed_mps;
    steps.signalled = signal_of_person(scene, mind);
    return steps;
}

}  // namespace huntsman::agents::conduct
