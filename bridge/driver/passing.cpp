#include "bridge/driver/passing.h"

#include <algorithm>
#include <cmath>

#include "engine/driving/motion.h"

namespace huntsman::bridge::driver {

using engine::driving::move_length_m;
using engine::driving::move_speed_mps;
using engine::driving::shortest_move_m;
using engine::driving::travel_time_s;
using engine::math::direction;
using engine::math::Vec2;

// Something that stands and may have to be passed.
struct Blocker {
    const RoadUser* user = nullptr;
    double low_m = 0, high_m = 0;    // along the route
    double left_m = 0, right_m = 0;  // across it
    double room_m = 0;               // wanted beside it
    double stood_s = 0;

    bool thing() const { return user->object->object_class() == messages::OBJECT_UNSPECIFIED; }
    bool in_way(double offset_m) const {
        return std::abs(user->at.t_m - offset_m) < user->margin_m + user->half.y;
    }
    bool in_way(const OffsetProfile& profile) const {
        return in_way(profile.at(low_m)) || in_way(profile.at(user->at.s_m)) ||
               in_way(profile.at(high_m));
    }
};

namespace {

constexpr double kThingRoom_m = 0.4;    // beside the body when passing a thing,
constexpr double kVehicleRoom_m = 0.6;  // and a vehicle, whose doors may open
constexpr double kTight_m = 0.15;       // so much less where that is needed to keep to the lane
constexpr double kBorder_m = 0.1;       // kept to kerbs and to lanes that are not used
constexpr double kLead_m = 0.5;         // straight on beside it before and after
constexpr double kPassing_mps = 7.0;    // slow: whoever stands there may move
constexpr double kSideways_mps2 = 1.2;  // comfortable lateral acceleration
constexpr double kSteerShare = 0.6;     // of the tightest arc: the rest corrects
constexpr double kWaitSlack_m = 1.5;    // waits so much before the last place to move out from
constexpr double kPassSlowing_mps2 = 2.5;
constexpr double kEarly_mps2 = 1.0;  // slowing down before moving out
constexpr double kFaster = 1.25;     // than wanted the ego may be then, after braking firmly
constexpr double kPassFirm_mps2 = 3.5;
constexpr double kGap_m = 2.5;       // to those behind whom the ego comes back
constexpr double kLongest_m = 30.0;  // of what is passed at once in another lane

constexpr double kStill_mps = 0.3;
constexpr double kParked_s = 1.0;    // stands, if only for now: may be passed within the lane
constexpr double kSuspect_s = 3.0;   // may stand for good: the ego keeps room to move out
constexpr double kForGood_s = 15.0;  // stands for good where nothing explains it
constexpr double kForgotten_us = 2e6;
constexpr double kQueueAhead_m = 40.0;  // a line, junction or crossing so near explains standing
constexpr double kColumn_m = 15.0;      // and so does a vehicle so near before it

// Of the tightest arc to plan with.
double curvature(const messages::EgoVehicle& vehicle) {
    return kSteerShare * std::tan(vehicle.max_steer_rad()) / vehicle.wheelbase_m();
}

// One side on which a group of blockers can be passed.
struct Way {
    Swerve swerve;
    double speed_mps = 0;  // while moving out
    double wait_s_m = 0;   // the ego's place from which it can still move out, with some slack
    bool beside = false, oncoming = false;  // uses the lane beside
    bool possible = false;                  // there is room
    bool ready = false;                     // and it is free now
    bool waits = false;                     // worth to wait for
};

class Plan {
  public:
    Plan(const messages::Observation& observation, const std::vector<RoadUser>& users,
         std::vector<Blocker> blockers, double speed_mps)
        : route_(observation.route()),
          vehicle_(observation.vehicle()),
          users_(users),
          blockers_(std::move(blockers)),
          speed_mps_(speed_mps),
          curvature_per_m_(curvature(vehicle_)) {}

    // The first blocker ahead that is in the way of the profile.
    const Blocker* first(const OffsetProfile& profile) const;
    // The way past it that takes least of the road, those that are free now first.
    Way best(const Blocker& first) const;

  private:
    Way way(const Blocker& first, double side, double less_room_m) const;
    bool fits(Way& way, double side) const;
    bool clear(const Way& way) const;
    bool alone(const Blocker& blocker) const;
    bool oncoming_free(const Way& way, double side) const;
    bool beside_free(const Way& way, double side) const;
    // Place of somebody along the route, on which it may lie before or behind what is told of it.
    Vec2 place(const RoadUser& user) const;
    bool in_lane_beside(const RoadUser& user, const Vec2& place, double side) const;
    double border_m(const messages::RoutePoint& point, double side) const {
        return 0.5 * point.width_m() - side * point.offset_m();
    }
    static const messages::RouteSide& beside(const messages::RoutePoint& point, double side) {
        return side > 0 ? point.left() : point.right();
    }

    const messages::Route& route_;
    const messages::EgoVehicle& vehicle_;
    const std::vector<RoadUser>& users_;
    std::vector<Blocker> blockers_;  // by place along the route
    double speed_mps_;
    double curvature_per_m_;
};

const Blocker* Plan::first(const OffsetProfile& profile) const {
    for (const Blocker& blocker : blockers_) {
        if (blocker.low_m > vehicle_.front_m() && blocker.in_way(profile)) return &blocker;
    }
    return nullptr;
}

// Whether nothing explains that a vehicle stands: no line, junction, crossing or thing ahead,
// nobody before it.
bool Plan::alone(const Blocker& blocker) const {
    const double end = blocker.high_m + kQueueAhead_m;
    for (const auto& event : route_.events()) {
        if (event.kind() != messages::EVENT_GOAL && event.s_end_m() > blocker.low_m &&
            event.s_m() < end) {
            return false;
        }
    }
    for (const auto& point : route_.points()) {
        if (point.in_junction() && point.s_m() > blocker.low_m && point.s_m() < end) return false;
    }
    // Who stands before a thing means to pass it.
    for (const Blocker& other : blockers_) {
        if (other.thing() && other.in_way(0.0) && other.high_m > blocker.high_m &&
            other.low_m < end) {
            return false;
        }
    }
    for (const RoadUser& user : users_) {
        const double gap = user.at.s_m - user.half.x - blocker.high_m;
        if (&user != blocker.user && user.object->object_class() == messages::OBJECT_VEHICLE &&
            gap > -1.0 && gap < kColumn_m &&
            std::abs(user.at.t_m) < 0.5 * point_at(route_, user.at.s_m).width_m()) {
            return false;
        }
    }
    return true;
}

Way Plan::best(const Blocker& first) const {
    const auto cost = [](const Way& w) {
        if (!w.possible) return 1e9;
        return (w.ready ? 0.0 : 1e3) +
               (w.oncoming ? 200.0
                : w.beside ? 100.0
                           : 0.0) +
               std::abs(w.swerve.offset_m);
    };
    Way best;
    for (const double side : {1.0, -1.0}) {
        Way roomy = way(first, side, 0.0);
        if (!roomy.possible || roomy.beside) {
            const Way tight = way(first, side, kTight_m);
            if (tight.possible && !tight.beside) roomy = tight;
        }
        if (cost(roomy) < cost(best)) best = roomy;
    }
    return best;
}

Way Plan::way(const Blocker& first, double side, double less_room_m) const {
    const double half_width = 0.5 * vehicle_.width_m();
    const auto wanted = [&](const Blocker& b) {
        const double away = half_width + b.room_m - less_room_m;
        return side > 0 ? b.left_m + away : b.right_m - away;
    };
    // All that must be passed in one go: what stands in the way beside the first, and what comes
    // before the ego could be back.
    double low = first.low_m, high = first.high_m, offset = wanted(first), shortest = 0;
    bool suspect = true, for_good = true, parked = true;
    std::vector<const Blocker*> group{&first};
    for (bool grown = true; grown;) {
        grown = false;
        shortest = shortest_move_m(offset, curvature_per_m_);
        for (const Blocker& b : blockers_) {
            if (std::find(group.begin(), group.end(), &b) != group.end()) continue;
            const double apart = b.low_m - high, body = vehicle_.front_m() + vehicle_.rear_m();
            const bool near = apart < kLead_m && b.high_m > low - body - kLead_m;
            const bool next = apart >= kLead_m && apart < body + 2 * (shortest + kLead_m);
            if (!(near && b.in_way(offset)) && !((near || next) && b.in_way(0.0))) continue;
            group.push_back(&b);
            low = std::min(low, b.low_m);
            high = std::max(high, b.high_m);
            offset = side > 0 ? std::max(offset, wanted(b)) : std::min(offset, wanted(b));
            grown = true;
        }
    }
    for (const Blocker* b : group) {
        if (b->thing()) continue;
        const bool unexplained = alone(*b);
        parked = parked && b->stood_s >= kParked_s;
        suspect = suspect && unexplained && b->stood_s >= kSuspect_s;
        for_good = for_good && unexplained && b->stood_s >= kForGood_s;
    }

    Way way;
    Swerve& swerve = way.swerve;
    swerve.offset_m = offset;
    swerve.full_m = low - vehicle_.front_m() - kLead_m;
    swerve.hold_m = high + vehicle_.rear_m() + kLead_m;
    if (side * offset <= 0.0 || swerve.full_m < shortest) return way;
    const double length =
        std::clamp(move_length_m(offset, kPassing_mps, kSideways_mps2), shortest, swerve.full_m);
    swerve.begin_m = swerve.full_m - length;
    way.speed_mps = std::min(kPassing_mps, move_speed_mps(offset, length, kSideways_mps2));
    way.wait_s_m = swerve.full_m - shortest - kWaitSlack_m;
    // Back before a line or junction, if that is near.
    double back = move_length_m(offset, kPassing_mps, kSideways_mps2);
    for (const auto& event : route_.events()) {
        if ((event.kind() == messages::EVENT_SIGNAL || event.kind() == messages::EVENT_STOP ||
             event.kind() == messages::EVENT_YIELD) &&
            event.s_m() > swerve.begin_m) {
            back = std::min(back, event.s_m() - vehicle_.front_m() - swerve.hold_m);
        }
    }
    for (const auto& point : route_.points()) {
        if (point.in_junction() && point.s_m() > swerve.begin_m) {
            back = std::min(back, point.s_m() - vehicle_.front_m() - swerve.hold_m);
        }
    }
    // And before whoever stands next on the lane.
    for (const Blocker& b : blockers_) {
        if (b.low_m > high && b.in_way(0.0)) {
            back = std::min(back, b.low_m - vehicle_.front_m() - kGap_m - swerve.hold_m);
        }
    }
    swerve.end_m = swerve.hold_m + std::max(back, shortest);
    way.possible = fits(way, side) && clear(way) &&
                   (!way.beside || (back >= shortest && high - low < kLongest_m));
    if (!way.possible) return way;
    const double soon = kFaster * way.speed_mps;
    const bool slow_enough = speed_mps_ * speed_mps_ <=
                             soon * soon + 2.0 * kPassFirm_mps2 * std::max(0.0, swerve.begin_m);
    way.waits = first.thing() || suspect;
    way.ready = slow_enough && (way.beside ? for_good : parked) &&
                (!way.beside || (way.oncoming ? oncoming_free(way, side) : beside_free(way, side)));
    return way;
}

// Whether the body keeps to the lane or, if need be, to the one beside it.
bool Plan::fits(Way& way, double side) const {
    const Swerve& swerve = way.swerve;
    const double front = vehicle_.front_m();
    if (route_.points().rbegin()->s_m() < swerve.end_m) return false;
    for (const auto& point : route_.points()) {
        const double s = point.s_m();
        if (s < swerve.begin_m || s > swerve.end_m + front) continue;
        // Its rear axle here, and its front when the rear axle is behind.
        const double rear = side * swerve.at(s);
        const double bow = side * (swerve.at(s - front) + front * swerve.slope(s - front));
        const double edge = std::max(rear, bow) + 0.5 * vehicle_.width_m() + kBorder_m;
        const double own = border_m(point, side);
        if (std::max(rear, bow) < 0.05 || edge <= own) continue;
        const auto& there = beside(point, side);
        if (point.in_junction() || edge > own + there.width_m()) return false;
        way.beside = true;
        way.oncoming = way.oncoming || there.oncoming();
    }
    return true;
}

// Whether nothing stands in the way beside the lane. What stands on it behind is passed later.
bool Plan::clear(const Way& way) const {
    constexpr int kSteps = 4;  // of the ego's way past it
    const Swerve& swerve = way.swerve;
    for (const Blocker& b : blockers_) {
        if (b.in_way(0.0)) continue;
        const double from = std::max(b.low_m - vehicle_.front_m(), swerve.begin_m);
        const double to = std::min(b.high_m + vehicle_.rear_m(), swerve.end_m);
        for (int i = 0; i <= kSteps && from < to; ++i) {
            if (b.in_way(swerve.at(from + (to - from) * i / kSteps))) return false;
        }
    }
    return true;
}

Vec2 Plan::place(const RoadUser& user) const {
    const auto& first = *route_.points().begin();
    const auto& last = *route_.points().rbegin();
    const Vec2 from_last = user.p - Vec2(last.x_m(), last.y_m());
    const Vec2 along = direction(last.heading_rad());
    if (glm::dot(from_last, along) > 0.0) {
        return {last.s_m() + glm::dot(from_last, along), engine::math::cross(along, from_last)};
    }
    if (user.p.x < first.x_m()) return user.p;
    return {user.at.s_m, user.at.t_m};
}

bool Plan::in_lane_beside(const RoadUser& user, const Vec2& place, double side) const {
    constexpr double kOver_m = 0.2;
    const auto& last = *route_.points().rbegin();
    // Beyond what is known of the road it may bend: whoever is there comes along it.
    if (place.x > last.s_m()) return std::abs(place.y) < 0.5 * (place.x - last.s_m()) + 10.0;
    const auto& point = point_at(route_, place.x);
    const double own = border_m(point, side);
    return side * place.y + user.half.y > own + kOver_m &&
           side * place.y - user.half.y < own + std::max(3.0, beside(point, side).width_m());
}

bool Plan::oncoming_free(const Way& way, double side) const {
    constexpr double kLaunch_s = 1.0;  // from rest, until the car moves
    constexpr double kBefore_m = 3.0;  // moved so far out the ego is still in its lane
    constexpr double kAfter_s = 2.0, kAfter_m = 5.0;
    constexpr double kBackShare = 0.7;  // of the way back: the ego is out of the oncoming lane
    constexpr double kStarting_mps = 4.0, kGaining_mps2 = 1.0;
    const Swerve& swerve = way.swerve;
    const double launch = speed_mps_ < 1.0 ? kLaunch_s : 0.0;
    const double enter = travel_time_s(speed_mps_, swerve.begin_m, kPassing_mps);
    const double back_m = swerve.hold_m + kBackShare * (swerve.end_m - swerve.hold_m);
    const double back = launch + travel_time_s(speed_mps_, swerve.full_m, way.speed_mps) +
                        travel_time_s(way.speed_mps, back_m - swerve.full_m, kPassing_mps);
    // Whoever has stood there for some time does not come, nor does anybody behind.
    const auto stands = [&](const RoadUser& user) {
        return std::any_of(blockers_.begin(), blockers_.end(), [&](const Blocker& b) {
            return b.user == &user && b.stood_s > kSuspect_s;
        });
    };
    double held_m = 1e9;
    for (const RoadUser& user : users_) {
        const Vec2 at = place(user);
        if (at.x - user.half.x > back_m + vehicle_.front_m() && in_lane_beside(user, at, side) &&
            stands(user)) {
            held_m = std::min(held_m, at.x);
        }
    }
    for (const RoadUser& user : users_) {
        if (user.object->object_class() != messages::OBJECT_VEHICLE) continue;
        const Vec2 at = place(user);
        if (!in_lane_beside(user, at, side) || at.x + user.half.x < 0.0 || at.x > held_m) continue;
        double v = -user.along_mps;
        if (std::abs(v) < kStill_mps) {
            if (stands(user)) continue;
            v = kStarting_mps;
        }
        const double limit = point_at(route_, at.x).speed_limit_mps();
        const double later = 0.5 * (v + std::max(v, std::min(limit, v + kGaining_mps2 * back)));
        const bool passes_before = v > 0.0 && at.x + user.half.x - v * enter <
                                                  swerve.begin_m + vehicle_.front_m() + kBefore_m;
        const bool comes_after =
            at.x - user.half.x - later * (back + kAfter_s) > back_m + vehicle_.front_m() + kAfter_m;
        if (!passes_before && !comes_after) return false;
    }
    return true;
}

bool Plan::beside_free(const Way& way, double side) const {
    constexpr double kClear_m = 5.0;
    const double enter = travel_time_s(speed_mps_, way.swerve.begin_m, kPassing_mps);
    const double out =
        enter + travel_time_s(std::min(speed_mps_, way.speed_mps),
                              way.swerve.full_m - std::max(0.0, way.swerve.begin_m), way.speed_mps);
    for (const RoadUser& user : users_) {
        if (user.object->object_class() != messages::OBJECT_VEHICLE) continue;
        const Vec2 at = place(user);
        if (at.x > way.swerve.end_m || !in_lane_beside(user, at, side)) continue;
        // Somewhere between now and when it is over the ego would be where the other is.
        for (const double t : {enter, 0.5 * (enter + out), out}) {
            const double own = t <= enter ? std::max(0.0, way.swerve.begin_m)
                                          : way.swerve.full_m * t / std::max(out, 1e-3);
            const double gap = std::abs(at.x + user.along_mps * t - own) - user.half.x -
                               std::max(vehicle_.front_m(), vehicle_.rear_m());
            if (gap < kClear_m) return false;
        }
        // Nor may it have to brake for the ego.
        if (at.x < 0.0 && at.x + user.along_mps * out > -vehicle_.rear_m()) return false;
    }
    return true;
}

Swerve moved(Swerve swerve, double by_m) {
    for (double* s : {&swerve.begin_m, &swerve.full_m, &swerve.hold_m, &swerve.end_m}) *s += by_m;
    return swerve;
}

// Slow enough to move out as the profile says.
void slow_for(const OffsetProfile& profile, Demand& demand) {
    for (const Swerve& swerve : profile.swerves()) {
        // Up to full beside it the length counts in which it moves out.
        const double speed =
            swerve.full_m > 0.0
                ? std::min(kPassing_mps,
                           move_speed_mps(swerve.offset_m, swerve.full_m - swerve.begin_m,
                                          kSideways_mps2))
                : kPassing_mps;
        demand.keep_to(
            std::sqrt(speed * speed + 2.0 * kEarly_mps2 * std::max(0.0, swerve.begin_m)));
    }
}

}  // namespace

void Passing::watch(const std::vector<RoadUser>& users, std::int64_t now_us) {
    for (const RoadUser& user : users) {
        if (user.object->object_class() != messages::OBJECT_VEHICLE) continue;
        const std::uint32_t track = user.object->track();
        if (glm::length(user.v) > kStill_mps) {
            standing_.erase(track);
        } else if (track != 0) {
            standing_.try_emplace(track, Standing{now_us, now_us}).first->second.seen_us = now_us;
        }
    }
    std::erase_if(standing_, [&](const auto& known) {
        return static_cast<double>(now_us - known.second.seen_us) > kForgotten_us;
    });
}

double Passing::stood_s(const RoadUser& user, std::int64_t now_us) const {
    const auto known = standing_.find(user.object->track());
    return known == standing_.end() ? 0.0
                                    : 1e-6 * static_cast<double>(now_us - known->second.since_us);
}

std::vector<Blocker> Passing::blockers(const std::vector<RoadUser>& users,
                                       std::int64_t now_us) const {
    std::vector<Blocker> blockers;
    for (const RoadUser& user : users) {
        const bool thing = user.object->object_class() == messages::OBJECT_UNSPECIFIED;
        if (user.person || (!thing && glm::length(user.v) > kStill_mps)) continue;
        if (!std::isfinite(user.at.t_m)) continue;
        blockers.push_back({.user = &user,
                            .low_m = user.at.s_m - user.half.x,
                            .high_m = user.at.s_m + user.half.x,
                            .left_m = user.at.t_m + user.half.y,
                            .right_m = user.at.t_m - user.half.y,
                            .room_m = thing ? kThingRoom_m : kVehicleRoom_m,
                            .stood_s = stood_s(user, now_us)});
    }
    std::stable_sort(blockers.begin(), blockers.end(),
                     [](const Blocker& a, const Blocker& b) { return a.low_m < b.low_m; });
    return blockers;
}

OffsetProfile Passing::begun_profile() const {
    OffsetProfile profile;
    for (const Swerve& swerve : begun_) profile.add(moved(swerve, -travelled_m_));
    return profile;
}

bool Passing::mend_begun(const Blocker& blocker, const messages::EgoVehicle& vehicle) {
    bool mended = false;
    for (Swerve& swerve : begun_) {
        const double hold = swerve.hold_m - travelled_m_, end = swerve.end_m - travelled_m_;
        if (hold < 0.0 || blocker.low_m - vehicle.front_m() - kLead_m > end) continue;
        const double longer = blocker.high_m + vehicle.rear_m() + kLead_m - hold;
        const double sooner =
            std::min(end - hold - shortest_move_m(swerve.offset_m, curvature(vehicle)),
                     end - (blocker.low_m - vehicle.front_m() - kGap_m));
        if (blocker.thing() && longer > 0.0 && !blocker.in_way(swerve.offset_m)) {
            swerve.hold_m += longer;
            swerve.end_m += longer;
            mended = true;
        } else if (!blocker.thing() && sooner > 0.1) {
            swerve.end_m -= sooner;
            mended = true;
        }
    }
    return mended;
}

OffsetProfile Passing::weigh(const messages::Observation& observation,
                             const std::vector<RoadUser>& users, Demand& demand) {
    watch(users, observation.time_us());
    const Plan plan(observation, users, blockers(users, observation.time_us()), demand.speed_mps());
    std::erase_if(begun_, [&](const Swerve& s) { return s.end_m < travelled_m_; });
    OffsetProfile profile = begun_profile();
    constexpr int kMostAtOnce = 4;
    for (int i = 0; i < kMostAtOnce; ++i) {
        const Blocker* blocker = plan.first(profile);
        if (blocker == nullptr) break;
        if (mend_begun(*blocker, observation.vehicle())) {
            profile = begun_profile();
            continue;
        }
        const Way way = plan.best(*blocker);
        if (!way.possible) break;
        if (!way.ready) {
            // Comfortably, even if that is a little further on.
            const double stop = demand.speed_mps() * demand.speed_mps() / (2.0 * kPassSlowing_mps2);
            if (way.waits) demand.stop_before(demand.front_m() + std::max(way.wait_s_m, stop));
            break;
        }
        profile.add(way.swerve);
        if (way.swerve.begin_m <= 0.0) {
            begun_.push_back(moved(way.swerve, travelled_m_));
        }
    }
    slow_for(profile, demand);
    return profile;
}

}  // namespace huntsman::bridge::driver
