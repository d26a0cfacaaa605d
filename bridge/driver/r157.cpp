#include "bridge/driver/r157.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace huntsman::bridge::driver {

using engine::math::cross;
using engine::math::direction;

namespace {

constexpr double kNever_s = std::numeric_limits<double>::infinity();
constexpr double kRisk_s = 4.0;  // a hit that is further away needs no braking yet
constexpr double kWander_m = 0.375;
constexpr double kHardLead_mps2 = 5.0, kHeadway_s = 2.0;
constexpr double kAtRest_mps = 0.3;

double since_s(std::int64_t then_us, std::int64_t now_us) {
    return 1e-6 * static_cast<double>(now_us - then_us);
}

// A deceleration that builds up from the moment, `since_us`, in which it begins.
double built_up(bool wanted, double most_mps2, double jerk_mps3,
                std::optional<std::int64_t>& since_us, std::int64_t now_us) {
    if (!wanted) {
        since_us.reset();
        return 0.0;
    }
    if (!since_us) since_us = now_us;
    return std::min(most_mps2, jerk_mps3 * since_s(*since_us, now_us));
}

// Whether it goes the ego's way.
bool goes_along(const RoadUser& user) {
    constexpr double kShare = 0.7;  // of its speed along the route
    return user.along_mps > kShare * glm::length(user.v);
}

// Whether the vehicle is on its way from the lane beside into the ego's.
bool cuts_in(const messages::Route& route, const RoadUser& user) {
    constexpr double kSideways_mps = 0.1;  // beyond the wandering within a lane
    if (user.person || !goes_along(user)) return false;
    const double left_mps = cross(direction(user.heading_rad), user.v);
    const double towards_mps = user.at.t_m > 0 ? -left_mps : left_mps;
    // Lanes beside are as wide as the ego's unless the route says how wide.
    const auto& point = point_at(route, user.at.s_m);
    const auto& side = user.at.t_m > 0 ? point.left() : point.right();
    const double beside_m = side.width_m() > 0 ? side.width_m() : point.width_m();
    const double middle_m = 0.5 * (point.width_m() + beside_m);
    return towards_mps > kSideways_mps && std::abs(user.at.t_m) < middle_m - kWander_m;
}

}  // namespace

const R157Reaction::Known* R157Reaction::find(const RoadUser& user) const {
    const auto at = known_.find(user.object->track());
    return at == known_.end() ? nullptr : &at->second;
}

void R157Reaction::Danger::add(const Danger& other) {
    risk |= other.risk;
    in_path |= other.in_path;
    collision_s = std::min(collision_s, other.collision_s);
    along_mps = other.along_mps;
}

bool R157Reaction::brakes_hard(const RoadUser& user, std::int64_t now_us) const {
    const Known* before = find(user);
    if (before == nullptr || before->seen_us == now_us) return false;
    return before->along_mps - user.along_mps > kHardLead_mps2 * since_s(before->seen_us, now_us);
}

R157Reaction::Danger R157Reaction::judge(const messages::Observation& observation,
                                         const RoadUser& user, const Demand& demand) const {
    const messages::EgoVehicle& vehicle = observation.vehicle();
    const double speed = demand.speed_mps();
    const double closing = speed - user.along_mps;
    Danger danger{.along_mps = user.along_mps};
    if (user.at.s_m < demand.front_m()) return danger;

    const double to_hit_s = closing > 0.0 ? std::max(0.0, user.rear_gap_m) / closing : kNever_s;
    danger.in_path = std::abs(user.at.t_m) < 0.5 * vehicle.width_m() + user.half.y;
    if (danger.in_path) {
        danger.collision_s = to_hit_s;
        const Known* before = find(user);
        const bool reacted = before != nullptr && before->reacted;
        danger.risk =
            to_hit_s < (reacted ? kNever_s : kRisk_s) ||
            (user.rear_gap_m < kHeadway_s * speed && brakes_hard(user, observation.time_us()));
        return danger;
    }
    if (cuts_in(observation.route(), user)) {
        danger.risk = to_hit_s < kRisk_s;
        return danger;
    }
    const auto meeting = predict_meeting(observation.route(), OffsetProfile(), user);
    if (!meeting || meeting->leave_s_m < demand.front_m() || goes_along(user)) return danger;
    // Whoever was a risk once is one until it is out of the way, however late the braking ego
    // comes.
    const Known* before = find(user);
    if (before != nullptr && before->risk_us) {
        danger.risk = true;
    } else if (speed > kAtRest_mps) {
        const double enter_s = std::max(0.0, meeting->enter_s_m - demand.front_m()) / speed;
        const double leave_s = (meeting->leave_s_m + vehicle.rear_m()) / speed;
        danger.risk = enter_s < std::min(kRisk_s, meeting->leave_s) && leave_s > meeting->enter_s;
    }
    return danger;
}

bool R157Reaction::react(Known& known, const Danger& danger, std::int64_t now_us) const {
    constexpr double kReaction_s = kR157Perception_s + kR157Delay_s;
    constexpr double kRounding_s = 1e-6;
    known.seen_us = now_us;
    known.along_mps = danger.along_mps;
    if (!danger.risk) {
        // A danger that was over before the foot was on the brake was none.
        if (!known.reacted) known.risk_us.reset();
        return false;
    }
    if (!known.risk_us) known.risk_us = now_us;
    known.reacted |= since_s(*known.risk_us, now_us) >= kReaction_s - kRounding_s;
    return known.reacted;
}

double R157Reaction::brake_mps2(const messages::Observation& observation,
                                const std::vector<RoadUser>& users, Demand& demand) {
    constexpr double kEmergencyJerk_mps3 = kR157Emergency_mps2 / 0.6;  // full after this time
    constexpr double kForgotten_s = 1.0;                               // not seen for so long
    const std::int64_t now_us = observation.time_us();
    std::map<std::uint32_t, Danger> dangers;
    for (const RoadUser& user : users) {
        const Danger danger = judge(observation, user, demand);
        dangers[user.object->track()].add(danger);
        const Known* before = find(user);
        if (before != nullptr && before->reacted && danger.in_path && !danger.risk) {
            demand.follow(user.rear_gap_m, std::max(0.0, user.along_mps));
        }
    }
    bool brake = false, emergency = false;
    for (const auto& [track, danger] : dangers) {
        brake |= react(known_[track], danger, now_us);
        emergency |= danger.collision_s < kR157Emergency_s;
    }
    std::erase_if(known_, [&](const auto& each) {
        return since_s(each.second.seen_us, now_us) > kForgotten_s;
    });
    return std::max(
        built_up(brake, kR157Brake_mps2, kR157Jerk_mps3, braking_us_, now_us),
        built_up(emergency, kR157Emergency_mps2, kEmergencyJerk_mps3, emergency_us_, now_us));
}

}  // namespace huntsman::bridge::driver
