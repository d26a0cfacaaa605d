#include "agents/conduct/wrong_way.h"

#include <algorithm>
#include <cmath>

#include "engine/road/beside.h"

namespace huntsman::agents::conduct {
namespace {

using engine::core::Key;

constexpr double kOpposite = -0.7;  // cosine between the directions of who come towards each other

// Who comes the other way on the lane at an offset to the left of the way: time until they meet.
double meets_s(const Scene& scene, double offset_m) {
    constexpr double kHears_m = 80.0, kBody_m = 2.6;
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    double soonest_s = 1e9;
    for (const RoadUser& user : scene.road_users) {
        if (user.track == nullptr || user.person || !same_level(me, user)) continue;
        const OnWay at = way.project(user.centre);
        const double t_m = at.t_m + way.aside_at(std::max(0.0, at.s_m));
        if (at.s_m < 0 || std::abs(t_m - offset_m) > 0.5 * kBody_m) continue;
        if (glm::dot(user.x, at.tangent) > kOpposite) continue;
        // A horn from there tells at once.
        const bool warned = user.track->gesture == world::Gesture::kHorn && at.s_m < kHears_m;
        const double closing_mps = std::max(0.5, me.speed + user.speed);
        soonest_s = std::min(soonest_s, warned ? 0.0 : (at.s_m - user.half.x) / closing_mps);
    }
    return soonest_s;
}

// Whether its own lane is free beside it.
bool is_own_lane_free(const Scene& scene, double half_lane_m) {
    constexpr double kRoom_m = 3.0, kComesUp_s = 2.0;
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    return std::ranges::none_of(scene.road_users, [&](const RoadUser& user) {
        if (user.track == nullptr || user.person || !same_level(me, user)) return false;
        const OnWay at = way.project(user.centre);
        const double t_m = at.t_m + way.aside_at(std::max(0.0, at.s_m));
        if (std::abs(t_m) > half_lane_m) return false;
        const double ahead_m = at.s_m - user.half.x - me.front;
        const double behind_m = -at.s_m - user.half.x - me.rear;
        const double comes_m = kComesUp_s * std::max(0.0, user.speed - me.speed);
        return ahead_m < kRoom_m && behind_m < kRoom_m + comes_m;
    });
}

}  // namespace

std::optional<AsideDuty> weigh_wrong_side(const Scene& scene, const Key& seed) {
    constexpr double kLongEnough_m = 80.0;  // of a street
    constexpr double kBegins_m = 40.0;      // from its begin, at most
    constexpr double kAhead_m = 45.0;       // to the next stop line, crossing or end
    constexpr double kShortest_m = 80.0, kLongest_m = 250.0;  // of a stretch
    constexpr double kOver_m = 1.0;     // off its lane's middle: it is over there
    constexpr double kAtHome_m = 0.5;   // closer to it: it is back
    constexpr double kMostOff_m = 3.7;  // further off it would lose its lane
    constexpr double kNotices_s = 3.0, kSeesNobody_s = 10.0;  // until it meets somebody
    const Traits& traits = *scene.self.traits;
    const world::DriverMind& mind = scene.self.mind->driver();
    if (traits.obeys_direction >= 1.0) return std::nullopt;
    const RoadUser& me = scene.road_users[kSelf];
    const LaneBook& book = *scene.book;
    const world::Lane& lane = book.roads().lanes[scene.ways[kSelf].legs[0].lane];
    const double s_m = mind.lane_s_m;
    const double side = book.roads().left_hand ? -1.0 : 1.0;  // of the oncoming lane
    const bool over = side * mind.lane_t_m > kOver_m && side * mind.aside_m > kOver_m;
    // On the way back its way leads over gradually, as long as it keeps aside on purpose.
    constexpr double kHome_m = 0.01;
    const AsideDuty home{side * kHome_m};
    if (!over && mind.aside_m == home.offset_m) {
        return std::abs(mind.lane_t_m) > kAtHome_m ? std::optional(home) : std::nullopt;
    }
    const Key key = seed.with(me.id).with("direction").with(lane.id);
    const auto obeys = [&] { return key.uniform(0) < traits.obeys_direction; };
    const double end_m = kBegins_m + key.uniform(kShortest_m, kLongest_m, 1);
    const auto line = scene.next_line(kSelf);
    const bool crossing = std::ranges::any_of(book.crossings(lane.id), [&](const auto& c) {
        return c.end_m > s_m && c.begin_m < s_m + kAhead_m;
    });
    const double rest_m = lane.length_m - s_m;
    bool goes_on = !lane.in_junction() && (side > 0 ? lane.left : lane.right) == world::kNone &&
                   rest_m > kAhead_m && s_m < end_m && !(line && line->ahead_m < kAhead_m) &&
                   !crossing;
    double to_m = side * mind.aside_m;
    if (goes_on) {
        const auto beside = engine::road::lane_beside(book.map(), lane.id, s_m, side);
        to_m = 0.5 * book.map().at(lane.id, s_m).width_m + 0.5 * beside.width_m;
        goes_on = beside.lane != world::kNone && beside.oncoming && to_m < kMostOff_m &&
                  book.detours().on(lane.id, scene.self.archetype).empty() &&
                  book.detours().on(beside.lane, scene.self.archetype).empty();
    }
    if (!over) {
        constexpr double kVaries_m = 0.5;  // of the roads' widths
        const bool on_its_way = std::abs(side * mind.aside_m - to_m) < kVaries_m;
        const bool begins = on_its_way || (mind.aside_m == 0.0 && s_m < kBegins_m &&
                                           lane.length_m > kLongEnough_m &&
                                           meets_s(scene, side * to_m) > kSeesNobody_s);
        if (!goes_on || !begins || obeys()) return std::nullopt;
        return AsideDuty{side * to_m};
    }
    if (goes_on && meets_s(scene, side * to_m) > kNotices_s) return AsideDuty{side * to_m};
    const double half_lane_m = 0.5 * book.map().at(lane.id, s_m).width_m;
    if (is_own_lane_free(scene, half_lane_m)) return home;
    return AsideDuty{mind.aside_m, 0.5 * me.speed};
}

std::optional<HeadOn> comes_at(const Scene& scene) {
    constexpr double kMeets_m = 100.0, kBetween_m = 15.0;
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    if (scene.book->roads().lanes[way.legs[0].lane].in_junction()) return std::nullopt;
    // In a junction the ways of others lead over one's own.
    double until_m = way.end_m;
    for (std::size_t k = 1; k < way.leg_count; ++k) {
        if (!scene.book->roads().lanes[way.legs[k].lane].in_junction()) continue;
        until_m = way.legs[k].start_m;
        break;
    }
    std::optional<HeadOn> found;
    for (const RoadUser& user : scene.road_users) {
        if (user.track == nullptr || user.person || !same_level(me, user)) continue;
        const Vec2 off = user.centre - me.centre;
        if (glm::dot(off, off) > kMeets_m * kMeets_m || glm::dot(off, me.x) < 0) continue;
        const OnWay at = way.project(user.centre);
        // Squarely in the way: not who only swings out in a bend.
        if (std::abs(at.t_m) > me.half.y || glm::dot(user.x, at.tangent) > kOpposite) continue;
        if (at.s_m > until_m) continue;
        const double gap_m = at.s_m - user.half.x - me.front;
        const double mine = std::max(0.0, me.speed), theirs = std::max(0.0, user.speed);
        const double share = mine + theirs > 0.5 ? mine / (mine + theirs) : 0.5;
        const double stop_m = std::max(0.0, share * gap_m - 0.5 * kBetween_m);
        if (!found || stop_m < found->stop_m) found = {user.id, stop_m};
    }
    return found;
}

}  // namespace huntsman::agents::conduct
