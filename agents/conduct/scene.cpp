#include "agents/conduct/scene.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/aside.h"
#include "agents/conduct/course.h"

namespace huntsman::agents::conduct {

OnWay Way::project(const Vec2& p) const {
    double best = 1e30;
    OnWay out;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Vec2 ab = points[i + 1] - points[i], ap = p - points[i];
        const double length = s_m[i + 1] - s_m[i];
        const double raw = glm::dot(ap, ab) / (length * length);
        const double u = std::clamp(raw, 0.0, 1.0);
        const Vec2 off = ap - u * ab;
        const double d2 = glm::dot(off, off);
        if (d2 >= best) continue;
        best = d2;
        // Before the first and past the last point s goes on along the end's direction.
        const bool outer = (i == 0 && raw < 0.0) || (i + 2 == points.size() && raw > 1.0);
        out.s_m = s_m[i] + (outer ? raw : u) * length;
        out.tangent = ab / length;
        out.t_m = stretch[i] * math::cross(out.tangent, ap);
        out.z_m = z_m[i] + u * (z_m[i + 1] - z_m[i]);
    }
    return out;
}

namespace {

constexpr double kBelieved = 0.25;      // existence from which on somebody is reckoned with
constexpr double kLegsAhead_m = 150.0;  // along which the ways of others are followed

void place(RoadUser& user, const world::Extent& extent, const math::Vec3& p, double yaw_rad,
           const Vec2& v) {
    user.p = math::xy(p);
    user.z_m = p.z;
    user.yaw_rad = yaw_rad;
    user.x = math::direction(yaw_rad);
    user.centre = user.p + extent.centre_x_m() * user.x;
    user.half = {0.5 * extent.length_m(), 0.5 * extent.width_m};
    user.v = v;
    user.speed = glm::dot(v, user.x);
    user.front = extent.front_m;
    user.rear = extent.rear_m;
}

RoadUser oneself(const Self& self, const world::Archetype& archetype) {
    RoadUser user;
    user.id = self.id;
    user.archetype = self.archetype;
    user.person = !world::is_vehicle(archetype.semantic);
    place(user, archetype.extent, self.X_WB.p, self.X_WB.yaw_rad(), math::xy(self.v_W));
    user.waited_s = self.mind->waited_s();
    return user;
}

RoadUser believed(const world::Track& track, const world::Archetype& archetype) {
    RoadUser user;
    user.id = track.id;
    user.archetype = track.archetype;
    user.track = &track;
    user.person = !world::is_vehicle(track.kind);
    place(user, archetype.extent, track.p_W, track.yaw_rad, track.v_W);
    user.a = track.a_mps2;
    user.waited_s = track.standing_s;
    return user;
}

}  // namespace

void Way::add(const math::Vec3& place, double stretch_there, double inward_there_m) {
    const Vec2 p = math::xy(place);
    const double step = points.empty() ? 0.0 : glm::length(p - points.back());
    if (!points.empty() && step < 1e-6) return;
    s_m.push_back(points.empty() ? 0.0 : s_m.back() + step);
    points.push_back(p);
    z_m.push_back(place.z);
    stretch.push_back(stretch_there);
    inward_m.push_back(inward_there_m);
}

double Way::aside_at(double ahead_m) const {
    const double gone_m = aside_slope * std::max(0.0, ahead_m);
    return aside_from_m + std::clamp(aside_to_m - aside_from_m, -gone_m, gone_m);
}

void Way::clear() {
    leg_count = 0;
    aside_from_m = aside_to_m = aside_slope = 0;
    points.clear();
    s_m.clear();
    z_m.clear();
    stretch.clear();
    inward_m.clear();
    boxes.clear();
}

void Scene::add_lane_points(std::size_t index, const world::Extent& extent, const world::Lane& lane,
                            double start_m, double from_m, double reach_m) {
    Way& way = ways[index];
    const std::uint32_t kind = road_users[index].archetype;
    const auto add = [&](const math::Vec3& place, double s) {
        way.add(place, book->stretch(lane.id, s), book->keep_left_m(lane.id, s, extent));
    };
    // Past what stands on the lane.
    const Detours& detours = book->detours();
    const auto beside = [&](double s) {
        const world::LaneSample q = book->map().at(lane.id, s);
        const double off_m = detours.offset_m(lane.id, kind, s) + way.aside_at(start_m + s);
        return q.p + math::Vec3(off_m * math::perp(math::direction(q.heading_rad)), 0.0);
    };
    const bool aside = way.aside_from_m != 0.0 || way.aside_to_m != 0.0;
    double last = from_m;
    if (way.points.empty()) add(beside(last), last);
    if (aside || !detours.on(lane.id, kind).empty()) {
        // The lane's own points may be far apart.
        constexpr double kStep_m = 1.0;
        for (double s = last + kStep_m; s < lane.length_m + kStep_m; s += kStep_m) {
            const double here = std::min(s, lane.length_m);
            if (start_m + here > reach_m) break;
            add(beside(here), here);
        }
        return;
    }
    // Not denser than needed.
    const double bend_per_m = extent.front_m > kLongFront_m ? 0.01 : 0.02;
    for (const world::LaneSample& sample : lane.samples) {
        const double step = sample.s_m - last;
        const bool end = &sample == &lane.samples.back();
        const double wanted = std::abs(sample.curvature_per_m) > bend_per_m ? 1.0 : 4.0;
        if (step <= 0.0 || (step < wanted && !end)) continue;
        if (start_m + last > reach_m) break;
        add(sample.p, sample.s_m);
        last = sample.s_m;
    }
}

void Scene::build_way(std::size_t index, const world::DriverMind::Route& route, double s_m,
                      double t_m, bool with_points) {
    const world::RoadNetwork& roads = book->roads();
    const RoadUser& user = road_users[index];
    const std::uint32_t kind = user.archetype;
    const world::Extent& extent = book->archetypes()[kind].extent;
    Way& way = ways[index];
    const double beside_m = book->detours().offset_m(route[0], kind, s_m);
    way.offset_m = (t_m - beside_m) * book->stretch(route[0], s_m);
    if (index == kSelf && self.mind->driver().aside_m != 0.0) {
        way.aside_from_m = t_m - beside_m;
        way.aside_to_m = self.mind->driver().aside_m;
        way.aside_slope = aside_slope(user.speed);
        way.offset_m = 0.0;
    }
    const bool is_long = user.front > kLongFront_m;
    double reach = std::max(horizon_m(user.speed), is_long ? kLongAhead_m + 10.0 : 0.0);
    if (index != kSelf) reach = std::max(reach, kLegsAhead_m);
    const auto follows = [&](std::size_t k) {
        const auto& next = roads.lanes[route[k - 1]].successors;
        return std::find(next.begin(), next.end(), route[k]) != next.end();
    };

    // Legs as far as one looks.
    double start = -s_m;
    for (std::size_t k = 0; k < route.size() && route[k] != world::kNone; ++k) {
        if ((k > 0 && !follows(k)) || start > reach) break;
        const world::Lane& lane = roads.lanes[route[k]];
        way.legs[way.leg_count++] = {lane.id, start};
        if (with_points) {
            add_lane_points(index, extent, lane, start, k == 0 ? s_m : 0.0, reach);
        }
        start += lane.length_m;
    }
    way.end_m = start;
    if (!with_points) return;
    const auto& last = roads.lanes[way.legs[way.leg_count - 1].lane];
    // Where the map ends traffic goes on and leaves it; the ego's run ends on the map.
    const bool leaves = user.id != world::kEgo && book->leaves(last.id);
    way.dead_end = (last.successors.empty() && !leaves) ||
                   (way.leg_count < route.size() && route[way.leg_count] != world::kNone &&
                    !follows(way.leg_count));
    if (way.points.size() == 1) {  // at the very end of the last lane
        way.add({way.points[0] + user.x, way.z_m[0]}, way.stretch[0], way.inward_m[0]);
    }
    way.low = way.high = way.points[0];
    for (const Vec2& p : way.points) {
        way.low = glm::min(way.low, p);
        way.high = glm::max(way.high, p);
    }
}

void Scene::take_road_users() {
    const auto& kinds = book->archetypes();
    road_users.clear();
    road_users.push_back(oneself(self, kinds[self.archetype]));
    for (const world::Track& track : self.mind->beliefs.tracks) {
        if (track.exists < kBelieved) continue;
        road_users.push_back(believed(track, kinds[track.archetype]));
    }
    if (ways.size() < road_users.size()) ways.resize(road_users.size());
    for (std::size_t i = 0; i < road_users.size(); ++i) ways[i].clear();
}

void Scene::build_ways() {
    for (std::size_t i = 0; i < road_users.size(); ++i) {
        const RoadUser& user = road_users[i];
        if (user.person) continue;
        if (i == kSelf) {
            const world::DriverMind& mind = self.mind->driver();
            if (mind.route[0] == world::kNone) continue;
            build_way(i, mind.route, mind.lane_s_m, mind.lane_t_m, true);
            if (user.front > kLongFront_m) predict_boxes(i, self.steer_rad);
        } else {
            const world::Track& track = *user.track;
            if (track.lane == world::kNone) continue;
            build_way(i, book->believed_route(track), track.lane_s_m, track.lane_t_m,
                      user.front > kLongFront_m);
        }
    }
}

void Scene::add_comer(std::size_t index, world::LaneId connection, double start_m) {
    const double back = line_back_m(book->roads(), book->roads().lanes[connection]);
    if (comers[connection].empty()) touched_.push_back(connection);
    comers[connection].push_back({static_cast<std::uint32_t>(index), connection, start_m,
                                  start_m - back - road_users[index].front});
}

void Scene::find_comers(std::size_t index) {
    const world::RoadNetwork& roads = book->roads();
    const Way& way = ways[index];
    bool first = true;
    for (std::size_t k = 0; k < way.leg_count; ++k) {
        const world::Lane& lane = roads.lanes[way.legs[k].lane];
        if (!lane.in_junction()) continue;
        add_comer(index, lane.id, way.legs[k].start_m);
        // Who does not say which way it will take, where none is straight on, may take any.
        if (index != kSelf && first && k > 0 && lane.turn != world::Turn::kStraight &&
            !indicates(road_users[index].track->lamps)) {
            for (const world::LaneId other : roads.lanes[way.legs[k - 1].lane].successors) {
                if (other != lane.id) add_comer(index, other, way.legs[k].start_m);
            }
        }
        first = false;
    }
}

// People on crossings and at them, as they seem.
void Scene::find_crossers() {
    constexpr double kWalks_mps = 0.3, kAtKerb_m = 0.9;
    for (std::size_t i = 1; i < road_users.size(); ++i) {
        const RoadUser& user = road_users[i];
        if (!user.person) continue;
        const auto found = book->crossing_at(user.p3());
        if (!found) continue;
        const double speed = glm::dot(user.v, found->along);
        const double from_kerb_m = std::min(found->place_m, found->length_m - found->place_m);
        const double inward = found->place_m < 0.5 * found->length_m ? 1.0 : -1.0;
        const bool at_kerb = from_kerb_m < kAtKerb_m;
        // Whoever passes by or turns away is none.
        const bool turned_in = inward * glm::dot(user.x, found->along) > 0.5;
        if (at_kerb && inward * speed < kWalks_mps && !turned_in) continue;
        if (crossers[found->crossing].empty()) crossed_.push_back(found->crossing);
        crossers[found->crossing].push_back({static_cast<std::uint32_t>(i), found->place_m, speed,
                                             at_kerb && inward * speed < kWalks_mps});
    }
}

void Scene::build(const LaneBook& lane_book, const Self& agent) {
    book = &lane_book;
    self = agent;
    comers.resize(book->roads().lanes.size());
    crossers.resize(book->roads().crossings.size());
    for (const world::LaneId lane : touched_) comers[lane].clear();
    for (const world::CrossingId crossing : crossed_) crossers[crossing].clear();
    touched_.clear();
    crossed_.clear();
    sweepers.clear();

    take_road_users();
    build_ways();
    if (road_users[kSelf].person) return;
    for (std::size_t i = 0; i < road_users.size(); ++i) find_comers(i);
    find_sweepers();
    find_crossers();
}

// The stop line lies on the lane before.
double Scene::line_back_m(const world::RoadNetwork& roads, const world::Lane& connection) {
    return connection.predecessors.empty()
               ? 0.0
               : roads.lanes[connection.predecessors.front()].length_m - connection.stop_s_m;
}

void Scene::predict_boxes(std::size_t index, double steer_rad) {
    const RoadUser& user = road_users[index];
    const world::VehicleSpec& spec = book->archetypes()[user.archetype].vehicle;
    Way& way = ways[index];
    way.boxes = follow({&spec, user.front, user.rear, user.half.y, user.p, user.yaw_rad, steer_rad},
                       {way.points, way.s_m, way.inward_m, {&user.speed, 1}}, kLongAhead_m);
}

math::Box2 Scene::box_at(std::size_t vehicle, std::size_t k) const {
    const RoadUser& user = road_users[vehicle];
    const Way& way = ways[vehicle];
    if (k == 0) return {user.centre, user.yaw_rad, user.half};
    if (k < way.boxes.size()) return way.boxes[k];
    const Vec2 x = (way.points[k] - way.points[k - 1]) / (way.s_m[k] - way.s_m[k - 1]);
    return {way.points[k] + way.inward_m[k] * math::perp(x) + 0.5 * (user.front - user.rear) * x,
            std::atan2(x.y, x.x), user.half};
}

std::optional<Scene::NextLine> Scene::next_line(std::size_t vehicle) const {
    const Way& way = ways[vehicle];
    for (std::size_t k = 1; k < way.leg_count; ++k) {
        const world::Lane& lane = book->roads().lanes[way.legs[k].lane];
        if (!lane.in_junction()) continue;
        const double line_m =
            way.legs[k].start_m - line_back_m(book->roads(), lane) - road_users[vehicle].front;
        if (line_m >= kPastLine_m) return NextLine{std::max(0.0, line_m), lane.id};
    }
    return std::nullopt;
}

double Scene::claim_m(std::size_t vehicle) const {
    const auto line = next_line(vehicle);
    return std::min(
        next_detour_m(*this, vehicle),
        line ? std::max(0.0, line->ahead_m - book->hold_m(line->connection)) : kLongAhead_m);
}

void Scene::find_sweepers() {
    constexpr double kNear_m = 22.0, kAhead_m = kLongAhead_m, kCornerAhead_m = 6.0;
    // Long vehicles weigh their meetings early.
    const double reach_m = road_users[kSelf].front > kLongFront_m ? kMeetingReach_m : kSweepReach_m;
    std::size_t count = 0;
    for (std::size_t i = 0; i < road_users.size(); ++i) {
        const Way& way = ways[i];
        if (road_users[i].person || road_users[i].front <= kLongFront_m) continue;
        const Vec2 off = road_users[i].centre - road_users[kSelf].centre;
        if (glm::dot(off, off) > reach_m * reach_m) continue;
        // Past a stop line, on the way into or through a bend.
        // Two long vehicles have no room in bends in which a long one and a car have.
        bool turning = false, bending = false;
        const double claimed_m = claim_m(i);
        for (std::size_t k = 0; k < way.leg_count; ++k) {
            const world::Lane& lane = book->roads().lanes[way.legs[k].lane];
            // Between junctions only bends as tight as corners count, from a little before them.
            const bool corner = book->radius_m(lane.id) < (lane.in_junction() ? 40.0 : 16.0);
            const double line = lane.in_junction() ? line_back_m(book->roads(), lane) + kPastLine_m
                                                   : kCornerAhead_m;
            const bool there = way.legs[k].start_m + lane.length_m > 0.0 &&
                               way.legs[k].start_m - line - road_users[i].front < 0.0;
            turning = turning || (there && corner);
            bending = bending || (there && book->radius_m(lane.id) < 80.0);
        }
        if (!turning && !bending) continue;
        if (i != kSelf) predict_boxes(i, 0);
        if (sweepers.size() == count) sweepers.emplace_back();
        Sweeper& sweeper = sweepers[count++];
        sweeper.vehicle = static_cast<std::uint32_t>(i);
        sweeper.boxes.clear();
        sweeper.near = sweeper.claimed = 0;
        for (std::size_t k = 0; k < way.points.size() && way.s_m[k] < kAhead_m; ++k) {
            sweeper.boxes.push_back(box_at(i, k));
            if (turning && way.s_m[k] < kNear_m) sweeper.near = k + 1;
            if (way.s_m[k] <= claimed_m) sweeper.claimed = k + 1;
        }
    }
    sweepers.resize(count);
}

world::Aspect Scene::group_aspect(world::SignalGroupId group) const {
    const auto& signals = self.mind->beliefs.signals;
    return group < signals.size() ? signals[group] : world::Aspect::kOff;
}

world::Aspect Scene::aspect(world::LaneId connection) const {
    return group_aspect(book->roads().lanes[connection].signal_group);
}

}  // namespace huntsman::agents::conduct
