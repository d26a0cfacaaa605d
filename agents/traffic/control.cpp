#include "agents/traffic/control.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/aside.h"
#include "agents/conduct/backing.h"
#include "agents/conduct/course.h"
#include "agents/conduct/drivers.h"
#include "engine/driving/motion.h"
#include "engine/driving/pedals.h"
#include "engine/math/constants.h"

namespace huntsman::agents::traffic {

using conduct::aim_ahead_m;
using conduct::Detours;
using math::Vec2;
using world::kNone;
namespace {

using world::kNone;

// Place on the current lane by Newton's method from the last place.
void localise(const LaneBook& book, const Vec2& p, world::DriverMind& mind) {
    const world::Lane& lane = book.roads().lanes[mind.route[0]];
    double s = mind.lane_s_m;
    for (int i = 0; i < 2; ++i) {
        const world::LaneSample q = book.map().at(lane.id, s);
        const Vec2 tangent = math::direction(q.heading_rad);
        const Vec2 off = p - math::xy(q.p);
        mind.lane_t_m = math::cross(tangent, off);
        const double slope = std::max(0.3, 1.0 - q.curvature_per_m * mind.lane_t_m);
        // Past the lane's end s goes on, so that the route can be advanced.
        const double beyond = s - std::clamp(s, 0.0, lane.length_m);
        s += (glm::dot(off, tangent) - beyond) / slope;
    }
    if (s < 0 && conduct::backs_off(mind) && lane.predecessors.size() == 1) {
        // Backwards onto the lane that it came from.
        std::shift_right(mind.route.begin(), mind.route.end(), 1);
        mind.route[0] = lane.predecessors.front();
        s += book.roads().lanes[mind.route[0]].length_m;
    }
    mind.lane_s_m = std::max(0.0, s);
}

// The way at a distance ahead: the route's centre line, or the way past what stands on it; straight
// on past the last known lane.
world::LaneSample sample_ahead(const LaneBook& book, std::uint32_t archetype,
                               const world::DriverMind& mind, double ahead_m) {
    double s = mind.lane_s_m + ahead_m;
    std::size_t k = 0;
    while (true) {
        const world::Lane& lane = book.roads().lanes[mind.route[k]];
        const bool more = k + 1 < mind.route.size() && mind.route[k + 1] != kNone &&
                          std::find(lane.successors.begin(), lane.successors.end(),
                                    mind.route[k + 1]) != lane.successors.end();
        if (s <= lane.length_m || !more) {
            world::LaneSample q = book.map().at(lane.id, s);
            const double rest = std::max(0.0, s - lane.length_m);
            const double aside = book.detours().offset_m(lane.id, archetype, s);
            const Vec2 along = math::direction(q.heading_rad);
            q.p += math::Vec3(rest * along + aside * math::perp(along), 0.0);
            return q;
        }
        s -= lane.length_m;
        ++k;
    }
}

// Indicators from 35 m before a turn to its end, of somebody at s of the first of these lanes. They
// blink at 1.5 Hz; the state holds whether they are in use, the picture decides on the blinking.
std::uint32_t turn_lamps(const world::RoadNetwork& roads, std::span<const world::LaneId> ahead,
                         double s_m) {
    constexpr double kBefore_m = 35.0;
    double start = -s_m;
    for (const world::LaneId id : ahead) {
        if (id == kNone || start > kBefore_m) break;
        const world::Lane& lane = roads.lanes[id];
        if (lane.in_junction()) {
            if (lane.turn == world::Turn::kLeft || lane.turn == world::Turn::kUTurn) {
                return world::bit(world::Lamp::kTurnLeft);
            }
            return lane.turn == world::Turn::kRight ? world::bit(world::Lamp::kTurnRight) : 0;
        }
        start += lane.length_m;
    }
    return 0;
}

std::uint32_t lamps(const LaneBook& book, const LampsInUse& in_use,
                    const world::ActorState& actor) {
    using world::bit;
    using world::Lamp;
    std::uint32_t lit = lamps_of(actor, in_use.dipped_beam);
    if (in_use.blue_light) lit |= bit(Lamp::kBlue);
    if (actor.mind.driver().parked_s > 0.0) {
        return lit | bit(Lamp::kTurnLeft) | bit(Lamp::kTurnRight);
    }
    const world::DriverMind& mind = actor.mind.driver();
    lit |= turn_lamps(book.roads(), mind.route, mind.lane_s_m);
    // Before a change of lane.
    if (mind.checked_s > 0.0) lit |= bit(mind.change_left ? Lamp::kTurnLeft : Lamp::kTurnRight);
    // While moving out and back around what stands there, too.
    constexpr double kMoving = 0.03;  // sideways for each metre ahead
    const Detours& detours = book.detours();
    const world::LaneId lane = mind.route[0];
    double beside = mind.lane_t_m, slope = 0.0;
    if (lane != kNone) {
        beside -= detours.offset_m(lane, actor.archetype, mind.lane_s_m) + mind.aside_m;
        slope = detours.slope(lane, actor.archetype, mind.lane_s_m);
    }
    if (beside < -1.2 || slope > kMoving) lit |= bit(Lamp::kTurnLeft);
    if (beside > 1.2 || slope < -kMoving) lit |= bit(Lamp::kTurnRight);
    return lit;
}

// Backwards along the lane, at the speed that the mind wants.
void back_off(const LaneBook& book, const world::VehicleSpec& spec, world::ActorState& actor,
              double v, double rise) {
    constexpr double kAim_m = 4.0, kGain_per_s = 1.5;
    const world::DriverMind& mind = actor.mind.driver();
    world::VehicleCommand& command = actor.vehicle;
    const double back_mps = -mind.target_speed_mps;
    engine::driving::set_pedals(spec, kGain_per_s * (back_mps + v), -v, -rise, command);
    command.reverse = true;
    // The circle through a point behind is the one on which the rear axle reaches it.
    if (mind.route[0] >= book.roads().lanes.size()) return;
    world::LaneSample aim = book.map().at(mind.route[0], std::max(0.0, mind.lane_s_m - kAim_m));
    const double before_m = std::max(0.0, kAim_m - mind.lane_s_m);
    aim.p -= math::Vec3(before_m * math::direction(aim.heading_rad), 0.0);
    const Vec2 to = math::xy(glm::conjugate(actor.X_WB.q) * (aim.p - actor.X_WB.p));
    command.steer_rad = std::clamp(
        engine::driving::pursuit_steer_rad(spec.wheelbase_m, to.y, std::max(1.0, glm::dot(to, to))),
        -spec.max_steer_rad, spec.max_steer_rad);
}

}  // namespace

std::uint32_t lamps_of(const world::ActorState& actor, bool dipped_beam) {
    using world::bit;
    using world::Lamp;
    std::uint32_t lit = 0;
    if (dipped_beam) lit |= bit(Lamp::kHead) | bit(Lamp::kTail);
    if (actor.vehicle.brake > 0.02) lit |= bit(Lamp::kBrake);
    if (actor.vehicle.reverse) lit |= bit(Lamp::kReverse);
    return lit;
}

std::uint32_t route_lamps(const LaneBook& book, std::span<const world::LaneId> route,
                          const world::ActorState& actor) {
    constexpr double kOnRoute_m = 4.0;
    const auto place = book.map().nearest_lane(actor.X_WB.p, actor.X_WB.yaw_rad(), kOnRoute_m);
    if (!place) return 0;
    const auto at = std::find(route.begin(), route.end(), place->lane);
    return turn_lamps(book.roads(), {at, route.end()}, place->s_m);
}

bool wants_dipped_beam(const world::Environment& sky) {
    return sky.sun_elevation_rad < 0.12 || sky.light != "day" || sky.weather != "clear" ||
           sky.fog_per_m > 0.002 || sky.cloud_cover > 0.9;
}

void drive(const LaneBook& book, const world::World& world, const LampsInUse& in_use,
           world::ActorState& actor) {
    world::DriverMind& mind = actor.mind.driver();
    const world::VehicleSpec& spec = world.archetypes[actor.archetype].vehicle;
    const Vec2 p = math::xy(actor.X_WB.p);
    const double yaw = actor.X_WB.yaw_rad();
    const Vec2 x = math::direction(yaw);
    const double v = glm::dot(math::xy(actor.v_W), x);
    world::VehicleCommand& command = actor.vehicle;
    command.reverse = false;

    if (mind.route[0] < book.roads().lanes.size()) {
        localise(book, p, mind);
        conduct::advance_route(book, mind);
        // Pure pursuit from the rear axle: the circle through the point ahead.
        const double aside = book.detours().offset_m(mind.route[0], actor.archetype, mind.lane_s_m);
        // On purpose to the side, gradually.
        const double beside = mind.lane_t_m - aside;
        const double ahead = aim_ahead_m(spec, v, beside - mind.aside_m);
        const double most = conduct::aside_slope(v) * ahead;
        const double on_purpose =
            mind.aside_m == 0.0 ? 0.0 : beside + std::clamp(mind.aside_m - beside, -most, most);
        const world::Extent& extent = world.archetypes[actor.archetype].extent;
        // Seen from the car, so that on a banked road the plane is the road's.
        const world::LaneSample aim = sample_ahead(book, actor.archetype, mind, ahead);
        Vec2 to = math::xy(glm::conjugate(actor.X_WB.q) * (aim.p - actor.X_WB.p));
        to.y += on_purpose + book.keep_left_m(mind.route[0], mind.lane_s_m, extent);
        // The car goes where its rear axle goes, which slips sideways on a bank. With all of the
        // slip taken out it would weave.
        const Vec2 gone = math::xy(glm::conjugate(actor.X_WB.q) * actor.v_W);
        constexpr double kFast_mps = 4.0, kSlipShare = 0.6;
        const double across =
            gone.x > kFast_mps ? math::cross(glm::normalize(Vec2(gone.x, kSlipShare * gone.y)), to)
                               : to.y;
        // Steering is bounded by the road's curvature here and at the point ahead, plus a lateral
        // acceleration for changes of lane: beyond it the tyres give way at speed. On a bank the
        // component of gravity adds to it.
        constexpr double kChange_mps2 = 3.5;
        const double bank = std::abs(actor.X_WB.rotate({0, 1, 0}).z);
        const double most_mps2 = kChange_mps2 + math::kGravity_mps2 * bank;
        const double more_rad = std::atan(most_mps2 * spec.wheelbase_m / std::max(1.0, v * v));
        const auto bend_rad = [&](const world::LaneSample& q) {
            return std::atan(spec.wheelbase_m * q.curvature_per_m);
        };
        const double here = bend_rad(book.map().at(mind.route[0], mind.lane_s_m));
        const double there = bend_rad(aim);
        const double wanted = engine::driving::pursuit_steer_rad(spec.wheelbase_m, across,
                                                                 std::max(1.0, glm::dot(to, to)));
        command.steer_rad = std::clamp(
            std::clamp(wanted, std::min(here, there) - more_rad, std::max(here, there) + more_rad),
            -spec.max_steer_rad, spec.max_steer_rad);
    }

    const double rise = actor.X_WB.rotate({1, 0, 0}).z;
    if (conduct::backs_off(mind)) {
        back_off(book, spec, actor, v, rise);
    } else {
        engine::driving::set_pedals(spec, mind.acceleration_mps2, v, rise, command);
    }
    actor.lamps = lamps(book, in_use, actor);
}

}  // namespace huntsman::agents::traffic
