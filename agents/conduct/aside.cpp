#include "agents/conduct/aside.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/wrong_way.h"
#include "engine/driving/motion.h"

namespace huntsman::agents::conduct {

namespace {

constexpr double kToEdge_m = 0.3;           // between a two-wheeler and the edge of its lane
constexpr double kTurnsFrom_m = 40.0;       // before a turn across the road, in the lane's middle
constexpr double kPassing_m = 1.2;          // beside a two-wheeler that is passed,
constexpr double kPassingStanding_m = 0.6;  // and one that stands
constexpr double kFilters_m = 0.5;          // beside the bodies of a queue
constexpr double kFilters_mps = 3.5;        // past a queue, at most
constexpr double kQueue_mps = 1.0;          // as fast as this it still is a queue
constexpr double kSlower = 0.75;            // of the liked speed: who is so slow is passed
constexpr double kLooksAhead_m = 30.0, kBack_m = 3.0;
constexpr double kClearOfLine_m = 12.0;    // between the end of a pass and the next stop line
constexpr double kSpareTime_s = 1.5;       // until somebody comes who would be in the way
constexpr double kBeside_m = 0.25;         // to everybody else
constexpr double kBesideOncoming_m = 1.0;  // and to those who come towards it
constexpr double kMiddle_m = 0.1;          // over the lane's edge that needs no care
constexpr double kHazardStands_s = 1.0;
constexpr double kBegun_m = 0.8;      // off the offset of a pass that has begun
constexpr double kAlongside_m = 1.0;  // between the bumpers, when it is not broken off
constexpr double kLeastPass_mps = 2.0;
constexpr double kMostOver_m = 3.2;  // off the middle of the lane
constexpr double kStanding_mps = 0.3;
constexpr double kMakesWay_mps = 2.5;  // at the side, for an emergency vehicle behind
constexpr double kParksFrom_m = 25.0;  // before the place of a delivery
constexpr double kPassingAll_m = 0.5;  // of emergency vehicles, beside everybody

bool rides_at_side(world::Semantic semantic) {
    return semantic == world::Semantic::kBicycle || semantic == world::Semantic::kScooter;
}

// One road user as the one who moves aside sees it: along its way, and across its lane.
struct Beside {
    double s_m = 0, half_s_m = 0;  // of the middle, from the origin
    double t_m = 0, half_t_m = 0;  // to the left of the lane's middle
    double along_mps = 0;
};

// One driver's choice of where to keep.
class Choice {
  public:
    Choice(const Scene& scene, double wanted_mps)
        : scene_(scene),
          me_(scene.road_users[kSelf]),
          way_(scene.ways[kSelf]),
          mind_(scene.self.mind->driver()),
          kind_(scene.book->archetypes()[scene.self.archetype].semantic),
          v_(std::max(0.0, me_.speed)),
          wanted_mps_(wanted_mps),
          side_(scene.book->roads().left_hand ? 1.0 : -1.0) {
        const world::Lane& lane = scene.book->roads().lanes[way_.legs[0].lane];
        half_lane_m_ = 0.5 * scene.book->map().at(lane.id, mind_.lane_s_m).width_m;
        in_junction_ = lane.in_junction();
    }

    AsideDuty duty() {
        const double rest_m = usual_m();
        if (const auto past = pass(rest_m)) return *past;
        // Back to where it rides otherwise, when nobody is there.
        return {is_free(mind_.aside_m, rest_m, v_, 1.5) ? rest_m : mind_.aside_m};
    }
    bool in_junction() const { return in_junction_; }
    // To the side of the road, when nobody is there.
    double at_kerb_m() const {
        const double to_m = side_ * std::max(0.0, half_lane_m_ - me_.half.y - 0.1);
        return is_free(mind_.aside_m, to_m, v_, 1.5) ? to_m : mind_.aside_m;
    }

  private:
    std::optional<Beside> beside(const RoadUser& user) const {
        if (user.track == nullptr || !same_level(me_, user)) return std::nullopt;
        const OnWay at = way_.project(user.centre);
        const double c = std::abs(glm::dot(user.x, at.tangent));
        const double s = std::abs(math::cross(user.x, at.tangent));
        return Beside{at.s_m, c * user.half.x + s * user.half.y,
                      at.t_m + way_.aside_at(std::max(0.0, at.s_m)),
                      s * user.half.x + c * user.half.y, glm::dot(user.v, at.tangent)};
    }

    // Where it rides when nothing is in the way.
    double usual_m() const {
        if (!rides_at_side(kind_)) return 0;
        for (std::size_t k = 0; k < way_.leg_count; ++k) {
            if (way_.legs[k].start_m > kTurnsFrom_m) break;
            const world::Lane& lane = scene_.book->roads().lanes[way_.legs[k].lane];
            const world::Turn across = side_ < 0 ? world::Turn::kLeft : world::Turn::kRight;
            const bool turns =
                lane.in_junction() && (lane.turn == across || lane.turn == world::Turn::kUTurn);
            if (turns || scene_.book->on_ring(lane.id)) return 0;
            // The way past what stands on the lane is laid out from its middle.
            if (!scene_.book->detours().on(lane.id, scene_.self.archetype).empty()) return 0;
        }
        if (const auto cycle_m = scene_.book->cycle_lane_m(way_.legs[0].lane, mind_.lane_s_m)) {
            return *cycle_m;
        }
        return side_ * std::max(0.0, half_lane_m_ - kToEdge_m - me_.half.y);
    }

    // Whether it may move from one offset to another and stay there for a time: nobody is believed
    // where it would be.
    bool is_free(double from_m, double to_m, double speed_mps, double time_s,
                 const RoadUser* but = nullptr) const {
        if (from_m == to_m) return true;
        for (const RoadUser& user : scene_.road_users) {
            if (&user == but || user.person) continue;
            const auto other = beside(user);
            if (!other) continue;
            const double comes_m = rides_at_side(kind_) ? kFilters_m : kBesideOncoming_m;
            const double room_m =
                me_.half.y + other->half_t_m + (other->along_mps < -1.0 ? comes_m : kBeside_m);
            if (other->t_m < std::min(from_m, to_m) - room_m ||
                other->t_m > std::max(from_m, to_m) + room_m) {
                continue;
            }
            const double gain_m = (other->along_mps - speed_mps) * time_s;
            const double near_m = other->s_m - other->half_s_m - me_.front;
            const double far_m = other->s_m + other->half_s_m + me_.rear;
            // Ahead of it all the time, or behind it all the time; who stays in the lane that it
            // is in now is followed as before.
            const bool kept = std::abs(other->t_m - from_m) < std::abs(other->t_m - to_m) &&
                              other->along_mps >= 0;
            if (near_m > 0 && (kept || near_m + std::min(0.0, gain_m) > kBack_m)) continue;
            if (far_m < 0 && far_m + std::max(0.0, gain_m) < -kBack_m) continue;
            return false;
        }
        return true;
    }

    bool is_near(const RoadUser& user) const {
        const Vec2 off = user.centre - me_.p;
        const double reach_m = kLooksAhead_m + me_.front + user.half.x;
        return !user.person && user.track != nullptr && glm::dot(off, off) < reach_m * reach_m &&
               glm::dot(user.x, me_.x) > 0.7;
    }
    // Whether somebody is to be passed where that is possible.
    bool is_passed(const RoadUser& user) const {
        if (filters(user) || stands_with_hazard_lights(user)) return true;
        if (user.speed >= kSlower * wanted_mps_ || rides_at_side(kind_)) return false;
        return scene_.self.traits->blue_light || world::is_two_wheeler(kind_of(user));
    }

    // Whom it would have to pass: the first one ahead in the way that it has at `rest_m`.
    const RoadUser* next_ahead(double rest_m, Beside& place) const {
        const RoadUser* found = nullptr;
        for (const RoadUser& user : scene_.road_users) {
            if (!is_near(user)) continue;
            const auto other = beside(user);
            if (!other || other->s_m + other->half_s_m < -me_.rear) continue;
            const double reach_m = other->half_t_m + me_.half.y + needs_m(user);
            if (std::abs(other->t_m - rest_m) > reach_m - 1e-3) continue;
            if (found != nullptr && other->s_m > place.s_m) continue;
            found = &user;
            place = *other;
        }
        return found != nullptr && is_passed(*found) ? found : nullptr;
    }

    bool filters(const RoadUser& user) const {
        return rides_at_side(kind_) && user.speed < kQueue_mps && !rides_at_side(kind_of(user));
    }
    world::Semantic kind_of(const RoadUser& user) const {
        return scene_.book->archetypes()[user.archetype].semantic;
    }
    double needs_m(const RoadUser& user) const {
        if (filters(user)) return kFilters_m;
        if (scene_.self.traits->blue_light) return kPassingAll_m;
        return user.speed < kStanding_mps ? kPassingStanding_m : kPassing_m;
    }
    // Who waits before it, so that it is no use to pass.
    bool queues(const Beside& place) const {
        return std::any_of(
            scene_.road_users.begin() + 1, scene_.road_users.end(), [&](const RoadUser& user) {
                if (user.person || user.speed > kQueue_mps || glm::dot(user.x, me_.x) < 0.7 ||
                    stands_with_hazard_lights(user)) {
                    return false;
                }
                const auto other = beside(user);
                const double gap_m = other ? other->s_m - place.s_m : 0.0;
                return gap_m > 0.5 && gap_m < 25.0 && std::abs(other->t_m) < half_lane_m_;
            });
    }

    // Nothing but the road goes on for a distance: no stop line, crossing or way past things.
    bool goes_on(double distance_m) const {
        if (in_junction_ || way_.end_m < distance_m) return false;
        const auto line = scene_.next_line(kSelf);
        if (line && line->ahead_m < distance_m + kClearOfLine_m) return false;
        for (std::size_t k = 0; k < way_.leg_count && way_.legs[k].start_m < distance_m; ++k) {
            for (const CrossingOnLane& c : scene_.book->crossings(way_.legs[k].lane)) {
                const double at_m = way_.legs[k].start_m + c.begin_m;
                if (at_m > 0 && at_m < distance_m) return false;
            }
            for (const Detour& detour :
                 scene_.book->detours().on(way_.legs[k].lane, scene_.self.archetype)) {
                if (way_.legs[k].start_m + detour.swerve.end_m > 0) return false;
            }
        }
        return true;
    }

    // The move past whoever is ahead, if it is worth it and free, or has begun.
    std::optional<AsideDuty> pass(double rest_m) const {
        if (std::ranges::none_of(scene_.road_users, [&](const RoadUser& user) {
                return is_near(user) && is_passed(user);
            })) {
            return std::nullopt;
        }
        Beside place;
        const RoadUser* ahead = next_ahead(rest_m, place);
        if (ahead == nullptr) return std::nullopt;
        const bool filter = filters(*ahead);
        const double reach_m = place.half_t_m + me_.half.y + needs_m(*ahead);
        const double mps = filter ? std::min(wanted_mps_, kFilters_mps) : wanted_mps_;
        // At the side first, where it is wide enough; else over the middle.
        if (filter) {
            const double at_side_m = place.t_m + side_ * reach_m;
            if (std::abs(at_side_m) + me_.half.y + kMiddle_m <= half_lane_m_) {
                return AsideDuty{at_side_m, mps};
            }
        }
        const double to_m = place.t_m - side_ * reach_m;
        if (std::abs(to_m) > kMostOver_m) return std::nullopt;
        const bool begun = mind_.aside_m != rest_m && std::abs(mind_.aside_m - to_m) < kBegun_m;
        const bool alongside = place.s_m - place.half_s_m - me_.front < kAlongside_m;
        if (begun && alongside) {
            // Further over only where nobody drives.
            const bool further = std::abs(to_m) > std::abs(mind_.aside_m) &&
                                 is_free(mind_.aside_m, to_m, mps, kSpareTime_s, ahead);
            return AsideDuty{further ? to_m : mind_.aside_m, mps};
        }
        if (!has_time(*ahead, place, to_m, std::max(mps, kLeastPass_mps))) return std::nullopt;
        return AsideDuty{to_m, mps};
    }

    // Whether road and others leave the time for a pass.
    bool has_time(const RoadUser& ahead, const Beside& place, double to_m, double pass_mps) const {
        constexpr double kLeastGain_mps = 0.5;
        const double length_m = place.s_m + place.half_s_m + me_.rear + kBack_m;
        const double slower_mps = std::max(0.0, place.along_mps);
        const double gains_mps = pass_mps - slower_mps;
        if (gains_mps < kLeastGain_mps) return false;
        const double time_s =
            engine::driving::travel_time_s(std::max(0.0, v_ - slower_mps), length_m, gains_mps);
        const bool anywhere = filters(ahead) || scene_.self.traits->blue_light;
        const double distance_m = length_m + slower_mps * time_s;
        if (!anywhere && (!goes_on(distance_m) || queues(place))) return false;
        return is_free(mind_.aside_m, to_m, pass_mps, time_s + kSpareTime_s, &ahead);
    }

    const Scene& scene_;
    const RoadUser& me_;
    const Way& way_;
    const world::DriverMind& mind_;
    world::Semantic kind_;
    double v_, wanted_mps_;
    double side_;  // of the road that traffic keeps to: right -1
    double half_lane_m_ = 0;
    bool in_junction_ = false;
};

// Whether somebody is believed to drive towards a place.
bool comes_towards(const RoadUser& user, const Vec2& p) { return glm::dot(user.x, p - user.p) > 0; }

}  // namespace

bool stands_with_hazard_lights(const RoadUser& user) {
    const std::uint32_t both =
        world::bit(world::Lamp::kTurnLeft) | world::bit(world::Lamp::kTurnRight);
    return user.track != nullptr && (user.track->lamps & both) == both &&
           user.speed < kStanding_mps && user.waited_s > kHazardStands_s;
}

double aside_slope(double speed_mps) {
    return std::clamp(1.2 / std::max(speed_mps, 0.1), 0.1, 0.35);
}

double cycling_mps(world::Semantic semantic) {
    constexpr double kBicycle_mps = 5.3, kScooter_mps = 5.6;  // 20 km/h: the limit of scooters
    if (semantic == world::Semantic::kBicycle) return kBicycle_mps;
    return semantic == world::Semantic::kScooter ? kScooter_mps : 1e9;
}

std::optional<Emergency> believed_emergency(const Scene& scene) {
    constexpr double kSeen_m = 70.0, kUnseen_s = 3.0, kHeard_s = 1.0, kHeard_m = 40.0;
    constexpr double kBehind_rad = 2.2, kMoves_mps = 0.5;
    if (scene.self.traits->blue_light) return std::nullopt;
    const RoadUser& me = scene.road_users[kSelf];
    std::optional<Emergency> found;
    for (const RoadUser& user : scene.road_users) {
        if (user.track == nullptr || (user.track->lamps & world::bit(world::Lamp::kBlue)) == 0 ||
            user.track->unseen_s > kUnseen_s || !same_level(me, user)) {
            continue;
        }
        const double distance_m = glm::length(user.p - me.p);
        // Who stands at an accident, or has driven past, is none.
        if (distance_m > kSeen_m || user.speed < kMoves_mps || !comes_towards(user, me.p)) continue;
        const bool behind = glm::dot(user.x, me.x) > 0.5 && glm::dot(user.p - me.p, me.x) < 0;
        if (!found || distance_m < found->distance_m) found = {user.id, distance_m, behind};
    }
    const auto& siren = scene.self.mind->beliefs.siren;
    if (found || !siren || siren->ago_s > kHeard_s) return found;
    // Only heard: who has seen where it is goes by that.
    const world::Track* track = scene.self.mind->beliefs.find(siren->source);
    if (track != nullptr && track->unseen_s < kUnseen_s) return std::nullopt;
    const double off_rad = std::abs(math::wrap_angle(siren->bearing_rad - me.yaw_rad));
    return Emergency{siren->source, kHeard_m, off_rad > kBehind_rad};
}

double delivery_ahead_m(const Scene& scene, const engine::core::Key& seed) {
    constexpr double kStreet_m = 80.0, kFromEnds_m = 30.0;
    const Way& way = scene.ways[kSelf];
    const Traits& traits = *scene.self.traits;
    if (traits.delivers <= 0 || scene.road_users[kSelf].front > kLongFront_m) return 1e9;
    const world::Lane& lane = scene.book->roads().lanes[way.legs[0].lane];
    if (lane.in_junction() || lane.length_m < kStreet_m || lane.right != world::kNone ||
        !scene.book->detours().on(lane.id, scene.self.archetype).empty() ||
        !scene.book->crossings(lane.id).empty()) {
        return 1e9;
    }
    const engine::core::Key key = seed.with(scene.self.id).with("delivers").with(lane.id);
    if (key.uniform(0) >= traits.delivers) return 1e9;
    const double place_m = key.uniform(kFromEnds_m, lane.length_m - kFromEnds_m, 1);
    const double ahead_m = place_m - (-way.legs[0].start_m);
    return ahead_m > kDelivers_m ? ahead_m : 1e9;
}

AsideDuty weigh_aside(const Scene& scene, double wanted_mps, const engine::core::Key& seed) {
    const RoadUser& me = scene.road_users[kSelf];
    if (scene.ways[kSelf].leg_count == 0) return {};
    const auto emergency = believed_emergency(scene);
    const double slow_mps = emergency && emergency->behind ? kMakesWay_mps : 1e9;
    if (me.front > kLongFront_m) return {0, slow_mps};
    Choice choice(scene, wanted_mps);
    if (emergency && emergency->behind && !choice.in_junction()) {
        return {choice.at_kerb_m(), slow_mps};
    }
    if (const auto wrong = weigh_wrong_side(scene, seed)) return *wrong;
    if (comes_at(scene)) return {choice.at_kerb_m()};
    const world::DriverMind& mind = scene.self.mind->driver();
    if (mind.parked_s > 0 || delivery_ahead_m(scene, seed) < kParksFrom_m)
        return {choice.at_kerb_m()};
    return choice.duty();
}

}  // namespace huntsman::agents::conduct
