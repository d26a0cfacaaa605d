#include "bridge/driver/road_users.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace huntsman::bridge::driver {

using engine::math::cross;
using engine::math::direction;
using engine::math::Vec2;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSideMargin_m = 0.35;    // kept beside the body when passing
constexpr double kPersonMargin_m = 0.35;  // more for people, who may step aside
constexpr double kThingMargin_m = 0.2;    // beside what cannot move: it will not come nearer
constexpr double kLevel_m = 2.5;          // objects further above or below are elsewhere
constexpr double kScoreFloor = 0.3;       // objects below are no reason to brake

// Whether it is on the ego's path now; then the ego follows it or stops behind it.
bool follow(const RoadUser& user, const OffsetProfile& profile, Demand& demand) {
    constexpr double kTooNear_m = 1.0, kSameSpeedShare = 0.3;
    const bool ahead = user.at.s_m > demand.front_m() - 0.5 * user.half.x;
    const double beside = user.at.t_m - profile.at(user.at.s_m);
    if (std::abs(beside) >= user.margin_m + user.half.y || !ahead) return false;
    const double leader = std::max(0.0, user.along_mps);
    demand.follow(user.rear_gap_m, leader);
    if (user.rear_gap_m < kTooNear_m) {
        demand.at_most(-kHardBrake_mps2 * (leader < demand.speed_mps() ? 1.0 : kSameSpeedShare));
    }
    return true;
}

// A person on a crossing ahead, or stepping onto it, has precedence.
void give_way_at_crossings(const messages::Route& route, const RoadUser& user, Demand& demand) {
    constexpr double kBeside_m = 1.5;      // people do not keep to the paint
    constexpr double kReach_m = 9.0;       // two lanes and the pavement's edge
    constexpr double kStepping_mps = 0.4;  // towards the route
    constexpr double kFirm_mps2 = 5.0, kBefore_m = 0.5;
    for (const auto& event : route.events()) {
        if (event.kind() != messages::EVENT_CROSSING) continue;
        const double to_crossing = event.s_m() - demand.front_m();
        const bool near_it =
            user.at.s_m > event.s_m() - kBeside_m && user.at.s_m < event.s_end_m() + kBeside_m;
        const double left = cross(direction(user.heading_rad), user.v);
        const double toward = user.at.t_m > 0 ? -left : left;
        const double lane_m = 0.5 * point_at(route, user.at.s_m).width_m();
        if (!near_it || to_crossing <= -kBefore_m || std::abs(user.at.t_m) >= kReach_m ||
            (toward <= kStepping_mps && std::abs(user.at.t_m) >= lane_m)) {
            continue;
        }
        const double needed = demand.speed_mps() * demand.speed_mps() / (2.0 * kFirm_mps2);
        if (to_crossing > needed) {
            demand.stop_before(event.s_m() - kBefore_m);
        } else if (to_crossing > 0.0) {
            demand.at_most(-kHardBrake_mps2);  // too late to stop before it, not to be slower
        }
    }
}

// How much earlier or later than the other the ego wants to be at the place where they meet [s].
double caution_s(const RoadUser& user, const Duties& duties, double waiting_s) {
    constexpr double kWithPrecedence_s = 0.6, kGivingWay_s = 1.6, kImpatient_s = 0.8;
    constexpr double kPatience_s = 6.0;  // after waiting this long smaller gaps are taken
    if (!duties.gives_way || user.person) return kWithPrecedence_s;
    return waiting_s > kPatience_s ? kImpatient_s : kGivingWay_s;
}

void answer_meeting(const messages::EgoVehicle& vehicle, const RoadUser& user,
                    const Meeting& meeting, const Passage& passage, const Duties& duties,
                    double waiting_s, Demand& demand) {
    constexpr double kBehind_m = 1.0;                        // room to what comes behind the ego
    constexpr double kBefore_m = 1.0;                        // where the ego stops for it
    constexpr double kMergeShare = 0.7, kMerging_mps = 1.0;  // of its speed along the route
    constexpr double kLeastGap_m = 1.0;
    constexpr double kImminent_s = 2.0, kAtOnce_s = 1.5;
    constexpr double kFirm_mps2 = 6.0;
    const double reach = meeting.enter_s_m - demand.front_m();
    if (reach < 0.0) return;
    // Same direction: a leader that merges when it is ahead, its own affair when it is not.
    const bool merges =
        user.along_mps > kMergeShare * glm::length(user.v) && user.along_mps > kMerging_mps;
    if (merges && !duties.gives_way) {
        if (user.rear_gap_m > 0.0) {
            demand.follow(std::max(kLeastGap_m, user.rear_gap_m), user.along_mps);
        }
        return;
    }
    const double ego_enter = passage.time_s(reach);
    const double ego_leave = passage.time_s(meeting.leave_s_m + vehicle.rear_m() + kBehind_m);
    const double caution = caution_s(user, duties, waiting_s);
    if (ego_enter >= meeting.leave_s + caution || ego_leave <= meeting.enter_s - caution) return;
    // With precedence only an imminent crossing makes us brake.
    if (!duties.gives_way && !user.person && meeting.enter_s > kImminent_s) return;
    const bool line =
        duties.line_s_m < meeting.enter_s_m && reach > 0.0 && duties.line_s_m > demand.front_m();
    const double stop_s =
        std::min(meeting.enter_s_m - kBefore_m, line ? duties.line_s_m : kInfinity);
    const double distance = stop_s - demand.front_m();
    const double speed2 = demand.speed_mps() * demand.speed_mps();
    // Past the point of stopping it is safer to clear the place before a vehicle, unless it is
    // imminent; for a person we always brake.
    if (user.person && distance < speed2 / (2.0 * kHardBrake_mps2)) {
        demand.at_most(-kHardBrake_mps2);
    } else if (distance > speed2 / (2.0 * kFirm_mps2) || meeting.enter_s < kAtOnce_s) {
        demand.stop_before(stop_s);
    }
}

// Where a road user is after so long, on the way that is known of it; at its ends it goes on as it
// moves now.
Vec2 place_on_way(const RoadUser& user, double t_s) {
    Vec2 p = user.p;
    double from_s = 0;
    for (const auto& place : user.object->way()) {
        const Vec2 next(place.x_m(), place.y_m());
        if (place.t_s() >= t_s) return glm::mix(p, next, (t_s - from_s) / (place.t_s() - from_s));
        p = next;
        from_s = place.t_s();
    }
    return p + user.v * (t_s - from_s);
}

}  // namespace

std::optional<RoadUser> road_user(const messages::Observation& observation,
                                  const messages::PerceivedObject& object) {
    if (object.score() < kScoreFloor) return {};
    const messages::EgoVehicle& vehicle = observation.vehicle();
    RoadUser user;
    user.object = &object;
    user.person = object.object_class() == messages::OBJECT_PEDESTRIAN;
    user.p = {object.x_m(), object.y_m()};
    user.v = {object.velocity_x_mps(), object.velocity_y_mps()};
    user.at = project(observation.route(), user.p);
    const double foot = object.z_m() - 0.5 * object.height_m();
    if (std::abs(foot - user.at.z_m) > kLevel_m) return {};
    user.heading_rad = point_at(observation.route(), user.at.s_m).heading_rad();
    user.half = half_extent_on_route(object, user.heading_rad);
    user.along_mps = glm::dot(user.v, direction(user.heading_rad));
    const bool thing = object.object_class() == messages::OBJECT_UNSPECIFIED;
    user.margin_m =
        thing ? 0.5 * vehicle.width_m() + kThingMargin_m
              : 0.5 * vehicle.width_m() + kSideMargin_m + (user.person ? kPersonMargin_m : 0.0);
    user.rear_gap_m = user.at.s_m - user.half.x - vehicle.front_m();
    return user;
}

std::optional<Meeting> predict_meeting(const messages::Route& route, const OffsetProfile& profile,
                                       const RoadUser& user) {
    constexpr double kHorizon_s = 4.0, kStep_s = 0.2;
    constexpr double kStanding_mps = 0.4;  // goes nowhere that matters
    const bool known = user.object->way_size() > 0;
    if (!known && glm::length(user.v) < kStanding_mps) return {};
    Meeting meeting{.enter_s_m = kInfinity};
    for (double t = kStep_s; t <= kHorizon_s; t += kStep_s) {
        const OnRoute then = project(route, known ? place_on_way(user, t) : user.p + user.v * t);
        // Its extents there: a long vehicle beside our lane is across it where we turn.
        const Vec2 half =
            half_extent_on_route(*user.object, point_at(route, then.s_m).heading_rad());
        const double beside = then.t_m - profile.at(then.s_m);
        if (std::abs(beside) >= user.margin_m + half.y || then.s_m <= 0.0) continue;
        if (meeting.enter_s_m == kInfinity) meeting.enter_s = t;
        meeting.enter_s_m = std::min(meeting.enter_s_m, then.s_m - half.x);
        meeting.leave_s_m = std::max(meeting.leave_s_m, then.s_m + half.x);
        meeting.leave_s = t;
    }
    if (meeting.enter_s_m == kInfinity) return {};
    return meeting;
}

std::vector<RoadUser> road_users(const messages::Observation& observation,
                                 const messages::Perception& perception) {
    std::vector<RoadUser> users;
    users.reserve(static_cast<std::size_t>(perception.objects_size()));
    for (const auto& object : perception.objects()) {
        if (const auto user = road_user(observation, object)) users.push_back(*user);
    }
    return users;
}

void weigh_road_users(const messages::Observation& observation, const std::vector<RoadUser>& users,
                      const OffsetProfile& profile, const Passage& passage, const Duties& duties,
                      double waiting_s, Demand& demand) {
    constexpr double kReach_m = 80.0;  // whoever is further away counts for passing alone
    const messages::Route& route = observation.route();
    for (const RoadUser& user : users) {
        if (glm::length(user.p) > kReach_m) continue;
        if (follow(user, profile, demand)) continue;
        if (user.person) give_way_at_crossings(route, user, demand);
        if (const auto meeting = predict_meeting(route, profile, user)) {
            answer_meeting(observation.vehicle(), user, *meeting, passage, duties, waiting_s,
                           demand);
        }
    }
}

}  // namespace huntsman::bridge::driver
