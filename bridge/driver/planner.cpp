#include "bridge/driver/planner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::bridge::driver {

using engine::math::cross;
using engine::math::direction;
using engine::math::Vec2;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kComfortLateral_mps2 = 2.2;  // in curves
constexpr double kGravity_mps2 = 9.81;
constexpr double kLevelBank = 0.03;  // a slope across that drivers do not feel
constexpr double kComfortBrake_mps2 = 2.5;
constexpr double kHardBrake_mps2 = 7.0;
constexpr double kEasyBrake_mps2 = 2.5;
constexpr double kReleaseJerk_mps3 = 6.0;
constexpr double kSideMargin_m = 0.35;  // kept beside the body when passing
constexpr double kThingMargin_m = 0.2;  // beside what cannot move: it will not come nearer
constexpr double kPredictionHorizon_s = 4.0;
constexpr double kFrame_s = 0.1;             // before the first frame, which nothing tells
constexpr double kMemory_s = 1.5;            // a signal's state is trusted this long unseen
constexpr double kLevel_m = 2.5;             // objects further above or below are elsewhere
constexpr double kScoreFloor = 0.3;          // objects below are no reason to brake
constexpr double kPatience_s = 6.0;          // after waiting this long smaller gaps are taken
constexpr double kUnknownPatience_s = 20.0;  // an unreadable signal then becomes a give-way line

// A place relative to the route: s along it, t to the left.
struct OnRoute {
    double s_m = 0, t_m = kInfinity;
    double z_m = 0;  // of the route there
};

OnRoute project(const messages::Route& route, const Vec2& p) {
    OnRoute best;
    double best_distance = kInfinity;
    for (int i = 0; i + 1 < route.points_size(); ++i) {
        const auto &a = route.points(i), &b = route.points(i + 1);
        const Vec2 pa(a.x_m(), a.y_m()), ab(b.x_m() - a.x_m(), b.y_m() - a.y_m());
        const double length2 = glm::dot(ab, ab);
        if (length2 <= 0.0) continue;
        const double along = std::clamp(glm::dot(p - pa, ab) / length2, 0.0, 1.0);
        const Vec2 offset = p - (pa + ab * along);
        const double distance = glm::length(offset);
        if (distance < best_distance) {
            best_distance = distance;
            best = {a.s_m() + along * (b.s_m() - a.s_m()),
                    std::copysign(distance, cross(ab, offset)),
                    a.z_m() + along * (b.z_m() - a.z_m())};
        }
    }
    return best;
}

const messages::RoutePoint& point_at(const messages::Route& route, double s_m) {
    int low = 0, high = route.points_size() - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (route.points(middle).s_m() < s_m) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return route.points(low);
}

// Half the space an object takes across the route and along it.
Vec2 half_extent_on_route(const messages::PerceivedObject& object, double route_heading) {
    const double angle = object.yaw_rad() - route_heading;
    const double c = std::abs(std::cos(angle)), s = std::abs(std::sin(angle));
    return {0.5 * (object.length_m() * c + object.width_m() * s),
            0.5 * (object.length_m() * s + object.width_m() * c)};
}

// Speed from which `deceleration` stops within `distance`.
double stoppable_speed(double distance_m, double deceleration_mps2) {
    return std::sqrt(2.0 * deceleration_mps2 * std::max(0.0, distance_m));
}

// Deceleration that stops exactly after `distance`, as an acceleration (negative).
double stop_within(double speed_mps, double distance_m) {
    if (distance_m <= 0.05) return -kHardBrake_mps2;
    return -speed_mps * speed_mps / (2.0 * distance_m);
}

// The ego's own passage: the time at which its reference point reaches s, at its present speed or,
// when slow, while accelerating gently, and no faster than bends and limits allow.
class Passage {
  public:
    // `cap_mps` of each point of the route ahead.
    Passage(const std::vector<std::pair<double, double>>& s_and_cap_mps, double speed_mps) {
        constexpr double kStart_mps2 = 1.5, kSlow_mps = 2.0, kLeast_mps = 0.3;
        // Half the time in which the acceleration builds up, for whoever has not begun to.
        double t =
            0.5 * kStart_mps2 / kLaunchJerk_mps3 * std::max(0.0, 1.0 - speed_mps / kSlow_mps);
        double s = 0.0, v = speed_mps;
        points_.emplace_back(s, t);
        for (const auto& [s_m, cap_mps] : s_and_cap_mps) {
            if (s_m <= s) continue;
            const double step = s_m - s;
            const double faster = std::sqrt(v * v + 2.0 * kStart_mps2 * step);
            const double slower = std::sqrt(std::max(0.0, v * v - 2.0 * kComfortBrake_mps2 * step));
            const double next = std::clamp(cap_mps, slower, std::max(slower, faster));
            t += step / std::max(kLeast_mps, 0.5 * (v + next));
            s = s_m;
            v = next;
            points_.emplace_back(s, t);
        }
        last_mps_ = std::max(kLeast_mps, v);
    }
    double time_s(double s_m) const {
        if (s_m <= 0.0) return 0.0;
        const auto after = std::lower_bound(points_.begin(), points_.end(), s_m,
                                            [](const auto& p, double s) { return p.first < s; });
        if (after == points_.end()) {
            return points_.back().second + (s_m - points_.back().first) / last_mps_;
        }
        const auto before = after - 1;
        const double share = (s_m - before->first) / (after->first - before->first);
        return before->second + share * (after->second - before->second);
    }

  private:
    std::vector<std::pair<double, double>> points_;  // s, time
    double last_mps_ = 0;
};

}  // namespace

double idm_acceleration(const IdmParameters& p, double speed_mps, double desired_mps, double gap_m,
                        double leader_speed_mps) {
    const double free = 1.0 - std::pow(speed_mps / std::max(0.1, desired_mps), p.exponent);
    if (!std::isfinite(gap_m)) return p.acceleration_mps2 * std::max(free, -2.0);
    const double wanted_gap =
        p.standstill_gap_m +
        std::max(0.0, speed_mps * p.headway_s +
                          speed_mps * (speed_mps - leader_speed_mps) /
                              (2.0 * std::sqrt(p.acceleration_mps2 * p.deceleration_mps2)));
    const double ratio = wanted_gap / std::max(0.3, gap_m);
    return std::max(p.acceleration_mps2 * (free - ratio * ratio), -kHardBrake_mps2);
}

double pure_pursuit_steer(double wheelbase_m, double target_x_m, double target_y_m) {
    const double distance2 = target_x_m * target_x_m + target_y_m * target_y_m;
    if (distance2 < 0.01) return 0.0;
    return std::atan(2.0 * wheelbase_m * target_y_m / distance2);
}

messages::Pedals pedals_for(const messages::EgoVehicle& vehicle, double acceleration_mps2,
                            double steer_rad, double speed_mps, double grade) {
    messages::Pedals pedals;
    pedals.set_steer_rad(std::clamp(steer_rad, -vehicle.max_steer_rad(), vehicle.max_steer_rad()));
    // Rolling and air resistance of a passenger car, so that a wanted 0 holds the speed.
    const double resistance_mps2 = speed_mps > 0.3 ? 0.12 + 0.00037 * speed_mps * speed_mps : 0.0;
    const double weight_mps2 = kGravity_mps2 * grade / std::sqrt(1.0 + grade * grade);
    const double demand = acceleration_mps2 + resistance_mps2 + weight_mps2;
    if (demand >= 0.0) {
        pedals.set_throttle(std::clamp(demand / vehicle.full_throttle_mps2(), 0.0, 1.0));
    } else {
        pedals.set_brake(std::clamp(-demand / vehicle.full_brake_mps2(), 0.0, 1.0));
    }
    // At rest with no wish to go: hold.
    if (speed_mps < 0.3 && acceleration_mps2 <= 0.05) {
        pedals.set_throttle(0.0);
        pedals.set_brake(std::max(0.3, pedals.brake()));
    }
    return pedals;
}

void Planner::reset() { *this = Planner(); }

messages::Pedals Planner::plan(const messages::Observation& observation,
                               const messages::Perception& perception) {
    const messages::Route& route = observation.route();
    const messages::EgoVehicle& vehicle = observation.vehicle();
    const double speed = std::max(0.0, observation.motion().speed_mps());
    const double grade = observation.motion().grade();
    double dt = kFrame_s;
    if (last_time_us_ >= 0) {
        dt = 1e-6 * static_cast<double>(observation.time_us() - last_time_us_);
        odometer_m_ += speed * dt;
        // Waiting at a give-way line; forgotten once the car has got going, not at its first metre.
        if (speed < 0.3 && yielding_) waiting_s_ += dt;
        if (speed > 3.0 || !yielding_) waiting_s_ = 0.0;
        unreadable_s_ = speed < 0.3 && unreadable_ ? unreadable_s_ + dt : 0.0;
    }
    last_time_us_ = observation.time_us();
    if (route.points_size() < 2) return pedals_for(vehicle, -3.0, 0.0, speed, grade);

    for (const auto& seen : perception.signals()) {
        if (seen.state() != messages::SIGNAL_UNKNOWN) {
            signals_[seen.head()] = {seen.state(), observation.time_us()};
        }
    }

    // Steering: a target point that lies further ahead the faster we go.
    const double lookahead = std::clamp(0.55 * speed + 2.2, 3.2, 26.0);
    const auto& target = point_at(route, lookahead);
    // The car goes where its rear axle goes, which slips sideways on a bank. With all of the slip
    // taken out it would weave.
    constexpr double kSlipShare = 0.4, kFast_mps = 4.0;
    const double slip =
        speed > kFast_mps ? kSlipShare * std::atan2(observation.motion().slip_mps(), speed) : 0.0;
    const double c = std::cos(slip), n = std::sin(slip);
    const double steer =
        pure_pursuit_steer(vehicle.wheelbase_m(), c * target.x_m() + n * target.y_m(),
                           c * target.y_m() - n * target.x_m());

    // Desired speed: limits and curves ahead, each reached by comfortable braking.
    double desired = kInfinity;
    std::vector<std::pair<double, double>> caps;
    for (const auto& point : route.points()) {
        if (point.s_m() < -1.0) continue;
        // Gravity helps in a banked bend, and pulls down its bank whoever is slow.
        const double bend = std::max(1e-4, std::abs(point.curvature_per_m()));
        const double pull = kGravity_mps2 * std::copysign(1.0, point.curvature_per_m()) *
                            (std::abs(point.bank()) > kLevelBank ? point.bank() : 0.0);
        const double level = std::sqrt(std::max(0.1, 1.0 - point.bank() * point.bank()));
        const double curve = std::sqrt(std::max(0.5, kComfortLateral_mps2 + pull) / (bend * level));
        const double here = std::min(point.speed_limit_mps(), curve);
        caps.emplace_back(point.s_m(), here);
        const double ahead = std::max(0.0, point.s_m() - 1.0);
        desired = std::min(desired, std::sqrt(here * here + 2.0 * 1.5 * ahead));
    }
    // Slowing for a bend begins before it.
    for (std::size_t i = caps.size(); i-- > 1;) {
        const double there = caps[i].second, step = caps[i].first - caps[i - 1].first;
        caps[i - 1].second =
            std::min(caps[i - 1].second, std::sqrt(there * there + 2.0 * 1.5 * step));
    }
    const Passage passage(caps, speed);
    const IdmParameters idm;
    double acceleration = idm_acceleration(idm, speed, desired, kInfinity, 0.0);
    const auto ask = [&](double wanted) { acceleration = std::min(acceleration, wanted); };
    // Stop with the front bumper at s (of the route, measured from B's origin).
    const auto stop_before = [&](double s_m) {
        const double distance = s_m - vehicle.front_m();
        ask(std::max(idm_acceleration(idm, speed, desired, distance + idm.standstill_gap_m, 0.0),
                     std::min(stop_within(speed, distance) * 1.15, -0.0)));
        if (distance < 0.4 && speed < 1.0) ask(-2.0);
    };

    // Lines and crossings of the route.
    bool must_yield = false;  // a give-way line is close ahead or just passed
    unreadable_ = false;
    bool red = false;
    double yield_line_s = kInfinity;
    for (const auto& event : route.events()) {
        const double to_line = event.s_m() - vehicle.front_m();
        switch (event.kind()) {
            case messages::EVENT_SIGNAL: {
                if (to_line < -1.0) {
                    if (event.turns_across()) must_yield = true;
                    break;
                }
                if (event.turns_across() && to_line < 12.0) {
                    must_yield = true;
                    yield_line_s = std::min(yield_line_s, event.s_m() + 4.0);
                }
                // The most recent certain sight among the heads that rule this line; of two seen at
                // once the more restrictive (red before yellow before green).
                SignalMemory memory;
                for (const auto& head : event.heads()) {
                    const auto known = signals_.find(head.head());
                    if (known == signals_.end()) continue;
                    const SignalMemory& sight = known->second;
                    if (memory.state == messages::SIGNAL_UNKNOWN ||
                        sight.seen_us > memory.seen_us ||
                        (sight.seen_us == memory.seen_us && sight.state < memory.state)) {
                        memory = sight;
                    }
                }
                const double age =
                    1e-6 * static_cast<double>(observation.time_us() - memory.seen_us);
                if (age > kMemory_s) memory.state = messages::SIGNAL_UNKNOWN;
                const bool unknown = memory.state == messages::SIGNAL_UNKNOWN;
                unreadable_ = unreadable_ || (unknown && to_line < 10.0);
                if (unknown && unreadable_s_ > kUnknownPatience_s) {
                    must_yield = true;
                    break;
                }
                red = red || (memory.state == messages::SIGNAL_RED && to_line < 10.0);
                const double braking = speed * speed / (2.0 * kComfortBrake_mps2);
                const bool can_stop = to_line > 0.7 * braking - 0.5;
                const bool stop = memory.state == messages::SIGNAL_RED ||
                                  (memory.state == messages::SIGNAL_YELLOW && can_stop) ||
                                  (unknown && to_line < braking + 8.0);
                if (stop && (can_stop || speed < 3.0 || to_line > -0.2)) stop_before(event.s_m());
                break;
            }
            case messages::EVENT_STOP: {
                if (to_line < -1.0) {
                    if (to_line > -12.0) must_yield = true;
                    break;
                }
                if (speed < 0.25 && to_line < 2.5) stop_line_odometer_m_ = odometer_m_;
                if (odometer_m_ - stop_line_odometer_m_ > 4.0) stop_before(event.s_m());
                must_yield = must_yield || to_line < 15.0;
                yield_line_s = std::min(yield_line_s, event.s_m());
                break;
            }
            case messages::EVENT_YIELD:
                if (to_line > -12.0 && to_line < 25.0) {
                    must_yield = true;
                    if (to_line > -1.0) {
                        yield_line_s = std::min(yield_line_s, event.s_m());
                        // Approach slowly enough to see and stop.
                        const double approach = std::max(4.0, stoppable_speed(to_line + 4.0, 2.0));
                        ask(idm_acceleration(idm, speed, approach, kInfinity, 0.0));
                    }
                }
                break;
            case messages::EVENT_GOAL:
                stop_before(event.s_m() + vehicle.front_m());
                break;
            default:
                break;
        }
    }

    yielding_ = must_yield && !red && !unreadable_;

    // Other road users.
    const double half_width = 0.5 * vehicle.width_m() + kSideMargin_m;
    for (const auto& object : perception.objects()) {
        if (object.score() < kScoreFloor) continue;
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        const Vec2 p(object.x_m(), object.y_m());
        const Vec2 v(object.velocity_x_mps(), object.velocity_y_mps());
        const OnRoute at = project(route, p);
        // On a bridge over the route, or under it.
        const double foot = object.z_m() - 0.5 * object.height_m();
        if (std::abs(foot - at.z_m) > kLevel_m) continue;
        const double heading = point_at(route, at.s_m).heading_rad();
        const Vec2 half = half_extent_on_route(object, heading);
        const double along_speed = glm::dot(v, direction(heading));
        const bool thing = object.object_class() == messages::OBJECT_UNSPECIFIED;
        const double margin =
            thing ? 0.5 * vehicle.width_m() + kThingMargin_m : half_width + (person ? 0.35 : 0.0);

        // On our path now: follow or stop behind it.
        const double rear_gap = at.s_m - half.x - vehicle.front_m();
        if (std::abs(at.t_m) < margin + half.y && at.s_m > vehicle.front_m() - 0.5 * half.x) {
            const double leader = std::max(0.0, along_speed);
            ask(idm_acceleration(idm, speed, desired, rear_gap, leader));
            if (rear_gap < 1.0) ask(-kHardBrake_mps2 * (leader < speed ? 1.0 : 0.3));
            continue;
        }
        // A person on a crossing ahead, or stepping onto it, has precedence.
        if (person) {
            for (const auto& event : route.events()) {
                if (event.kind() != messages::EVENT_CROSSING) continue;
                const double to_crossing = event.s_m() - vehicle.front_m();
                const bool near_it = at.s_m > event.s_m() - 1.5 && at.s_m < event.s_end_m() + 1.5;
                const double toward =
                    at.t_m > 0 ? -cross(direction(heading), v) : cross(direction(heading), v);
                if (near_it && to_crossing > -0.5 && std::abs(at.t_m) < 9.0 &&
                    (toward > 0.4 || std::abs(at.t_m) < 0.5 * point_at(route, at.s_m).width_m())) {
                    const double needed = speed * speed / (2.0 * 5.0);
                    if (to_crossing > needed) {
                        stop_before(event.s_m() - 0.5);
                    } else if (to_crossing > 0.0) {
                        ask(-kHardBrake_mps2);  // too late to stop before it, not to be slower
                    }
                }
            }
        }
        // Its predicted path meets ours: who is there when?
        if (glm::length(v) < 0.4) continue;
        double enter_s = kInfinity, leave_s = 0.0, enter_t = 0.0, leave_t = 0.0;
        for (double t = 0.2; t <= kPredictionHorizon_s; t += 0.2) {
            const Vec2 q = p + v * t;
            const OnRoute then = project(route, q);
            // Its extents there: a long vehicle beside our lane is across it where we turn.
            const Vec2 half_then =
                half_extent_on_route(object, point_at(route, then.s_m).heading_rad());
            if (std::abs(then.t_m) < margin + half_then.y && then.s_m > 0.0) {
                if (enter_s == kInfinity) enter_t = t;
                enter_s = std::min(enter_s, then.s_m - half_then.x);
                leave_s = std::max(leave_s, then.s_m + half_then.x);
                leave_t = t;
            }
        }
        if (enter_s == kInfinity) continue;
        const double reach = enter_s - vehicle.front_m();
        if (reach < 0.0) continue;
        const double ego_enter = passage.time_s(reach);
        const double ego_leave = passage.time_s(leave_s + vehicle.rear_m() + 1.0);
        // Same direction: a leader that merges when it is ahead, its own affair when it is not.
        const bool merges = along_speed > 0.7 * glm::length(v) && along_speed > 1.0;
        if (merges && !must_yield) {
            if (rear_gap > 0.0) {
                ask(idm_acceleration(idm, speed, desired, std::max(1.0, rear_gap), along_speed));
            }
            continue;
        }
        const double caution = must_yield && !person ? (waiting_s_ > kPatience_s ? 0.8 : 1.6) : 0.6;
        const bool collide = ego_enter < leave_t + caution && ego_leave > enter_t - caution;
        if (!collide) continue;
        // With precedence only an imminent crossing makes us brake.
        if (!must_yield && !person && enter_t > 2.0) continue;
        const double stop_s = std::min(
            enter_s - 1.0, yield_line_s < enter_s && reach > 0.0 && yield_line_s > vehicle.front_m()
                               ? yield_line_s
                               : enter_s - 1.0);
        const double distance = stop_s - vehicle.front_m();
        // Past the point of stopping it is safer to clear the place before a vehicle, unless it is
        // imminent; for a person we always brake.
        if (person && distance < speed * speed / (2.0 * kHardBrake_mps2)) {
            ask(-kHardBrake_mps2);
        } else if (distance > speed * speed / (2.0 * 6.0) || enter_t < 1.5) {
            stop_before(stop_s);
        }
    }
    acceleration = std::clamp(acceleration, -kHardBrake_mps2, idm.acceleration_mps2);
    // The pedals are eased: the brake's last part is let go within half a second, and the throttle
    // comes after it.
    const double before = std::max(acceleration_mps2_, -kEasyBrake_mps2);
    acceleration =
        std::min(acceleration, before < 0.0 ? std::min(0.0, before + kReleaseJerk_mps3 * dt)
                                            : before + kLaunchJerk_mps3 * dt);
    acceleration_mps2_ = acceleration;
    return pedals_for(vehicle, acceleration, steer, speed, grade);
}

}  // namespace huntsman::bridge::driver
