#include "agents/conduct/passing.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "agents/conduct/scene.h"
#include "engine/driving/motion.h"
#include "engine/road/beside.h"

namespace huntsman::agents::conduct {

namespace driving = engine::driving;

namespace {

constexpr double kRoom_m = 0.45;        // beside the body when passing
constexpr double kTightRoom_m = 0.32;   // where that is needed to keep to the lane
constexpr double kInWay_m = 0.28;       // drivers stop for what is nearer to their body
constexpr double kOverhang_m = 0.5;     // the nose of a long vehicle may swing over a kerb
constexpr double kBorder_m = 0.1;       // kept to kerbs and to lanes that are not used
constexpr double kLead_m = 0.8;         // straight on beside it before and after
constexpr double kSpeed_mps = 5.5;      // of moving aside,
constexpr double kSideways_mps2 = 1.2;  // with this lateral acceleration
constexpr double kSteerShare = 0.6;     // of the tightest arc: the rest corrects
constexpr double kFurthest_m = 3.6;     // further off its lane a driver is lost
constexpr double kReach_m = 8.0;        // what stands further from a lane's middle is not weighed

// What stands on or beside a lane, along and across it.
struct Block {
    double low_m = 0, high_m = 0, left_m = 0, right_m = 0;
    bool in_way(double offset_m, double half_m) const {
        return left_m > offset_m - half_m - kInWay_m && right_m < offset_m + half_m + kInWay_m;
    }
};

struct Vehicle {
    double half = 0, front = 0, rear = 0;
    double curvature_per_m = 0;
};

// The lane that alone goes on from `lane`, or leads to it, outside junctions.
world::LaneId only_next(const world::RoadNetwork& roads, world::LaneId lane, bool forward) {
    const auto& links = forward ? roads.lanes[lane].successors : roads.lanes[lane].predecessors;
    if (links.size() != 1 || links.front() == lane) return world::kNone;
    const world::Lane& next = roads.lanes[links.front()];
    const auto& back = forward ? next.predecessors : next.successors;
    return back.size() != 1 || next.in_junction() ? world::kNone : next.id;
}

// Lays out ways past blocks on one lane and its ends for one kind of vehicle.
class Layout {
  public:
    // `blocks` in the lane's s, those of the lanes before and after it included.
    Layout(const road::RoadMap& map, world::LaneId lane, const std::vector<Block>& blocks,
           const Vehicle& vehicle)
        : map_(map),
          lane_(map.lane(lane)),
          before_(only_next(map.network(), lane, false)),
          after_(only_next(map.network(), lane, true)),
          blocks_(blocks),
          vehicle_(vehicle) {}

    // Those that touch the lane.
    std::vector<Detour> all() const {
        std::vector<Detour> detours;
        double done_m = -1e9;  // up to where the way past the former blocks leads
        for (const Block& block : blocks_) {
            if (block.low_m < done_m || !block.in_way(0.0, vehicle_.half)) continue;
            const auto detour = best(block);
            if (!detour) continue;
            done_m = detour->swerve.hold_m;
            if (detour->swerve.end_m > 0.0 && detour->swerve.begin_m < lane_.length_m) {
                detours.push_back(*detour);
            }
        }
        return detours;
    }

  private:
    std::optional<Detour> best(const Block& first) const {
        std::optional<Detour> found;
        const auto cost = [](const Detour& d) {
            const double lane = d.beside.empty() ? 0.0 : (d.oncoming ? 200.0 : 100.0);
            return lane + (d.tight ? 10.0 : 0.0) + std::abs(d.swerve.offset_m);
        };
        for (const double side : {1.0, -1.0}) {
            for (const double room : {kRoom_m, kTightRoom_m}) {
                const auto detour = past(first, side, room);
                if (detour && (!found || cost(*detour) < cost(*found))) found = detour;
            }
        }
        return found;
    }

    std::optional<Detour> past(const Block& first, double side, double room_m) const {
        const double body = vehicle_.front + vehicle_.rear + 2.0 * kLead_m;
        const auto wanted = [&](const Block& b) {
            return side > 0 ? b.left_m + vehicle_.half + room_m
                            : b.right_m - vehicle_.half - room_m;
        };
        double low = first.low_m, high = first.high_m, offset = wanted(first), shortest = 0;
        for (bool grown = true; grown;) {
            grown = false;
            if (std::abs(offset) > kFurthest_m) return {};
            shortest = driving::shortest_move_m(offset, vehicle_.curvature_per_m);
            for (const Block& b : blocks_) {
                // Beside the straight part, or so close behind that there is no way back before.
                const bool near = b.low_m < high + kLead_m && b.high_m > low - body;
                const bool next = b.low_m > high && b.low_m < high + body + 2.0 * shortest;
                if (!(near && b.in_way(offset, vehicle_.half)) &&
                    !((near || next) && b.in_way(0.0, vehicle_.half))) {
                    continue;
                }
                const double more = wanted(b);
                if (b.low_m >= low && b.high_m <= high && side * more <= side * offset) continue;
                low = std::min(low, b.low_m);
                high = std::max(high, b.high_m);
                offset = side > 0 ? std::max(offset, more) : std::min(offset, more);
                grown = true;
            }
        }
        if (side * offset <= 0.0) return {};
        // Comfortably, but back before the next and not out before the last.
        const double comfortable =
            std::max(shortest, driving::move_length_m(offset, kSpeed_mps, kSideways_mps2));
        double out = comfortable, back = comfortable;
        for (const Block& b : blocks_) {
            if (!b.in_way(0.0, vehicle_.half)) continue;
            if (b.high_m < low) out = std::min(out, 0.5 * (low - b.high_m - body));
            if (b.low_m > high) back = std::min(back, 0.5 * (b.low_m - high - body));
        }
        out = std::max(out, shortest);
        back = std::max(back, shortest);
        Detour detour;
        driving::Swerve& swerve = detour.swerve;
        detour.tight = room_m < kRoom_m;
        swerve.offset_m = offset;
        swerve.full_m = low - vehicle_.front - kLead_m;
        swerve.hold_m = high + vehicle_.rear + kLead_m;
        swerve.begin_m = swerve.full_m - out;
        swerve.end_m = swerve.hold_m + back;
        // Its body is out of the lane beside when most of the way back is made.
        constexpr double kBackShare = 0.8;
        detour.back_m = swerve.hold_m + kBackShare * back;
        detour.speed_mps = std::min(
            kSpeed_mps, driving::move_speed_mps(offset, std::min(out, back), kSideways_mps2));
        if (!fits(detour, side) || !clear(swerve)) return {};
        return detour;
    }

    // A place of the lane's s, on the lane before or after it too; none beyond those.
    std::optional<road::LanePlace> at(double s_m) const {
        if (s_m < 0.0) {
            if (before_ == world::kNone) return {};
            const double s = s_m + map_.lane(before_).length_m;
            if (s < 0.0) return {};
            return road::LanePlace{before_, s, 0.0};
        }
        if (s_m <= lane_.length_m) return road::LanePlace{lane_.id, s_m, 0.0};
        if (after_ == world::kNone || s_m - lane_.length_m > map_.lane(after_).length_m) return {};
        return road::LanePlace{after_, s_m - lane_.length_m, 0.0};
    }

    // Whether its body keeps to the lane or, if need be, to those beside it; fills in which.
    bool fits(Detour& detour, double side) const {
        const driving::Swerve& swerve = detour.swerve;
        bool leaves = false;
        for (double s = swerve.begin_m; s < swerve.end_m + vehicle_.front; s += 1.0) {
            const auto place = at(s);
            if (!place) return false;
            const double rear = side * swerve.at(s), behind = s - vehicle_.front;
            const double bow = side * (swerve.at(behind) + vehicle_.front * swerve.slope(behind));
            const double out = std::max(rear, bow);
            const double edge = std::max(rear, bow - kOverhang_m) + vehicle_.half + kBorder_m;
            const double own = 0.5 * map_.at(place->lane, place->s_m).width_m;
            if (out < 0.05 || edge <= own) continue;
            const road::LaneBeside there = road::lane_beside(map_, place->lane, place->s_m, side);
            if (there.lane == world::kNone || edge > own + there.width_m) return false;
            leaves = true;
            detour.oncoming = detour.oncoming || there.oncoming;
        }
        if (!leaves) return true;
        for (double s = swerve.begin_m + 0.5 * vehicle_.front; s < detour.back_m + vehicle_.front;
             s += 1.0) {
            const auto place = at(s);
            if (!place) return false;
            const world::LaneId lane = road::lane_beside(map_, place->lane, place->s_m, side).lane;
            if (lane == world::kNone) continue;
            const double there =
                map_.project(lane, math::xy(map_.at(place->lane, place->s_m).p)).s_m;
            const auto known = std::find_if(detour.beside.begin(), detour.beside.end(),
                                            [&](const auto& b) { return b.lane == lane; });
            if (known == detour.beside.end()) {
                detour.beside.push_back({lane, there, there});
            } else {
                known->enter_m = std::min(known->enter_m, there);
                known->leave_m = std::max(known->leave_m, there);
            }
        }
        return true;
    }

    // Whether nothing stands in the way beside the lane; what stands on it has its own detour.
    bool clear(const driving::Swerve& swerve) const {
        constexpr int kSteps = 4;
        for (const Block& b : blocks_) {
            if (b.in_way(0.0, vehicle_.half)) continue;
            const double from = std::max(b.low_m - vehicle_.front, swerve.begin_m);
            const double to = std::min(b.high_m + vehicle_.rear, swerve.end_m);
            for (int i = 0; i <= kSteps && from < to; ++i) {
                if (b.in_way(swerve.at(from + (to - from) * i / kSteps), vehicle_.half)) {
                    return false;
                }
            }
        }
        return true;
    }

    const road::RoadMap& map_;
    const world::Lane& lane_;
    world::LaneId before_, after_;
    const std::vector<Block>& blocks_;  // by s
    const Vehicle& vehicle_;
};

// What stands at each lane outside junctions and at the lanes before and after it, by s.
std::vector<std::vector<Block>> blocks_at_lanes(const road::RoadMap& map,
                                                const std::vector<math::Box2>& boxes,
                                                const std::vector<double>& z_m) {
    const world::RoadNetwork& roads = map.network();
    std::vector<std::vector<Block>> own(roads.lanes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const math::Box2& box = boxes[i];
        for (const world::LaneId id : map.lanes_near(math::Vec3(box.centre, z_m[i]), kReach_m)) {
            const world::Lane& lane = map.lane(id);
            if (lane.in_junction() || lane.kind != world::LaneKind::kDriving) continue;
            const road::LanePlace place = map.project(id, box.centre);
            const world::LaneSample there = map.at(id, place.s_m);
            if (std::abs(there.p.z - z_m[i]) > road::kLevel_m) continue;
            const Vec2 x = math::direction(there.heading_rad);
            // What lies before a lane's start or behind its end is another's.
            const double beyond = glm::dot(box.centre - math::xy(there.p), x);
            if (std::abs(beyond) > 0.1) continue;
            const Vec2 y = math::direction(box.yaw_rad);
            const double c = std::abs(glm::dot(x, y)), s = std::abs(math::cross(x, y));
            const double along = c * box.half.x + s * box.half.y;
            const double across = s * box.half.x + c * box.half.y;
            own[id].push_back(
                {place.s_m - along, place.s_m + along, place.t_m + across, place.t_m - across});
        }
    }
    std::vector<std::vector<Block>> blocks(own.size());
    for (world::LaneId lane = 0; lane < own.size(); ++lane) {
        const auto add = [&](world::LaneId from, double by_m) {
            for (Block b : own[from]) {
                b.low_m += by_m;
                b.high_m += by_m;
                blocks[lane].push_back(b);
            }
        };
        const world::LaneId before = only_next(roads, lane, false);
        const world::LaneId after = only_next(roads, lane, true);
        if (before != world::kNone) add(before, -roads.lanes[before].length_m);
        add(lane, 0.0);
        if (after != world::kNone) add(after, roads.lanes[lane].length_m);
        std::stable_sort(blocks[lane].begin(), blocks[lane].end(),
                         [](const Block& a, const Block& b) { return a.low_m < b.low_m; });
    }
    return blocks;
}

const Detour* widest(const std::vector<Detour>& detours, double s_m) {
    const Detour* best = nullptr;
    double most = 0.0;
    for (const Detour& detour : detours) {
        const double offset = std::abs(detour.swerve.at(s_m));
        if (offset <= most) continue;
        most = offset;
        best = &detour;
    }
    return best;
}

// How far ahead of its origin the start of `lane` lies on somebody's way; infinity: not on it.
double lane_ahead_m(const Scene& scene, std::size_t index, world::LaneId lane) {
    constexpr double kNowhere_m = 1e30;
    const Way& way = scene.ways[index];
    for (std::size_t k = 0; k < way.leg_count; ++k) {
        if (way.legs[k].lane == lane) return way.legs[k].start_m;
    }
    if (index != kSelf) return kNowhere_m;
    // Further ahead than it looks itself.
    const world::DriverMind& mind = scene.self.mind->driver();
    if (mind.route[0] == world::kNone) return kNowhere_m;
    double start = -mind.lane_s_m;
    for (const world::LaneId id : mind.route) {
        if (id == world::kNone) break;
        if (id == lane) return start;
        start += scene.book->roads().lanes[id].length_m;
    }
    return kNowhere_m;
}

// Whether somebody will be on this stretch of a detour while the vehicle is there, from `enter_s`
// to `leave_s`. `patient`: it has not waited long; else it goes where the other can let it go.
bool in_the_way(const Scene& scene, std::size_t self, std::size_t other,
                const Detour::Beside& there, double enter_s, double leave_s, bool patient) {
    constexpr double kBefore_s = 2.0, kAfter_s = 0.5;  // between the two of them
    constexpr double kStanding_mps = 0.3;
    constexpr double kSoon_m = 30.0;     // so near somebody who stands may come any time
    constexpr double kForGood_s = 20.0;  // but not one who has stood so long,
    constexpr double kFirst_s = 1.0;     // and of two who wait the one goes who came first
    constexpr double kGiving_mps2 = 2.0, kGiving_m = 10.0;
    const RoadUser& user = scene.road_users[other];
    const double start = lane_ahead_m(scene, other, there.lane);
    const double in = start + there.enter_m - user.front;
    const double out = start + there.leave_m + user.rear;
    if (start > 1e29 || out < 0.0) return false;
    const double v = std::max(0.0, user.speed);
    if (v < kStanding_mps && in > 0.0) {
        const double mine = scene.road_users[self].waited_s;
        return in < kSoon_m && user.waited_s < kForGood_s && mine < user.waited_s + kFirst_s;
    }
    if (!patient && in > kGiving_m && driving::stopping_mps2(v, in - kGiving_m) < kGiving_mps2) {
        return false;
    }
    const double limit = std::max(v, scene.book->roads().lanes[there.lane].speed_limit_mps);
    const double its_enter_s = driving::travel_time_s(v, in, limit);
    const double its_leave_s = v < kStanding_mps ? 1e9 : out / v;
    return its_enter_s < leave_s + kBefore_s && its_leave_s + kAfter_s > enter_s;
}

// Whoever stands or creeps on the vehicle's way so that it would have to wait in the lane beside:
// those between the two take their place first. `end_m`: where it is back, ahead of its origin.
std::optional<std::size_t> no_room_behind(const Scene& scene, std::size_t self, double end_m) {
    constexpr double kGap_m = 3.0;
    // Where the next wait may come soon, whoever is as slow as on a detour may stop there.
    constexpr double kSoon_m = 30.0, kGoing_mps = 2.0, kGoingOn_mps = 6.0;
    const double next_m = next_detour_m(scene, self, end_m);
    const double creeping_mps = next_m < end_m + kSoon_m ? kGoingOn_mps : kGoing_mps;
    const Way& mine = scene.ways[self];
    const auto rear_ahead_m = [&](std::size_t other) {
        const Way& theirs = scene.ways[other];
        for (std::size_t k = 0; k < mine.leg_count && theirs.leg_count > 0; ++k) {
            if (mine.legs[k].lane != theirs.legs[0].lane) continue;
            return mine.legs[k].start_m - theirs.legs[0].start_m - scene.road_users[other].rear;
        }
        return -1.0;
    };
    // Who goes faster may have to wait before its own next detour, if it still can.
    const auto waits_in_m = [&](std::size_t other) {
        constexpr double kLate_mps2 = 3.5;
        const double v = scene.road_users[other].speed;
        if (v <= creeping_mps) return 0.0;
        const double way_m = next_detour_m(scene, other, 0.0);
        return driving::stopping_mps2(v, way_m) > kLate_mps2 ? 1e9 : way_m;
    };
    double queue_m = 1e9, rear_of_last = 0.0;
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < scene.road_users.size(); ++i) {
        if (i == self || scene.road_users[i].person) continue;
        const double rear = rear_ahead_m(i);
        if (rear <= 0.0 || rear + waits_in_m(i) >= queue_m) continue;
        queue_m = rear + waits_in_m(i);
        rear_of_last = rear;
        last = i;
    }
    if (!last) return {};
    for (std::size_t i = 0; i < scene.road_users.size(); ++i) {
        const RoadUser& user = scene.road_users[i];
        if (i == self || i == *last || user.person) continue;
        const double rear = rear_ahead_m(i);
        if (rear > 0.0 && rear < rear_of_last) queue_m -= user.front + user.rear + kGap_m;
    }
    if (queue_m > end_m + scene.road_users[self].front + kGap_m) return {};
    return last;
}

// The detour that a vehicle is on, moved out or about to; none: it is on none.
const Detour* begun(const Scene& scene, std::size_t index) {
    const Way& way = scene.ways[index];
    if (way.leg_count == 0) return nullptr;
    const double s = -way.legs[0].start_m;
    for (const Detour& detour :
         scene.book->detours().on(way.legs[0].lane, scene.road_users[index].archetype)) {
        if (!detour.beside.empty() && s >= detour.swerve.begin_m && s < detour.back_m) {
            return &detour;
        }
    }
    return nullptr;
}

// Lets those pass who are on a detour over this vehicle's lane: stops before the stretch.
void let_pass(const Scene& scene, std::size_t self, PassingDuty& duty) {
    constexpr double kLatest_mps2 = 4.0;
    const double v = std::max(0.0, scene.road_users[self].speed);
    for (std::size_t i = 0; i < scene.road_users.size(); ++i) {
        if (i == self || scene.road_users[i].person) continue;
        const Detour* detour = begun(scene, i);
        if (detour == nullptr || !detour->oncoming) continue;
        for (const Detour::Beside& there : detour->beside) {
            const double line = lane_ahead_m(scene, self, there.lane) + there.enter_m -
                                scene.road_users[self].front;
            if (line < 0.0 || line > 1e29) continue;
            if (driving::stopping_mps2(v, line) > kLatest_mps2) continue;
            if (duty.line_m >= 0.0 && duty.line_m <= line) continue;
            // Further back where that is still easy: who comes back needs room to swing.
            constexpr double kBack_m = 9.0;
            const bool easy =
                line > kBack_m && driving::stopping_mps2(v, line - kBack_m) < kLatest_mps2;
            duty.line_m = easy ? line - kBack_m : line;
            duty.whom = scene.road_users[i].id;
        }
    }
}

}  // namespace

double next_detour_m(const Scene& scene, std::size_t vehicle, double from_m) {
    double next = 1e9;
    const Way& way = scene.ways[vehicle];
    const std::uint32_t kind = scene.road_users[vehicle].archetype;
    for (std::size_t k = 0; k < way.leg_count; ++k) {
        for (const Detour& detour : scene.book->detours().on(way.legs[k].lane, kind)) {
            const double begin = way.legs[k].start_m + detour.swerve.begin_m;
            if (!detour.beside.empty() && begin > from_m) next = std::min(next, begin);
        }
    }
    return next;
}

Detours::Detours(const world::World& world, const road::RoadMap& map,
                 const std::vector<math::Box2>& boxes, const std::vector<double>& z_m) {
    lanes_.resize(map.network().lanes.size());
    const auto blocks = blocks_at_lanes(map, boxes, z_m);
    for (world::LaneId lane = 0; lane < blocks.size(); ++lane) {
        if (blocks[lane].empty()) continue;
        std::vector<std::vector<Detour>> kinds(world.archetypes.size());
        bool any = false;
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            const world::Archetype& archetype = world.archetypes[kind];
            if (!world::is_vehicle(archetype.semantic)) continue;
            const world::VehicleSpec& spec = archetype.vehicle;
            const Vehicle vehicle{0.5 * archetype.extent.width_m, archetype.extent.front_m,
                                  archetype.extent.rear_m,
                                  kSteerShare * std::tan(spec.max_steer_rad) / spec.wheelbase_m};
            kinds[kind] = Layout(map, lane, blocks[lane], vehicle).all();
            any = any || !kinds[kind].empty();
        }
        if (any) lanes_[lane] = std::move(kinds);
    }
}

double Detours::offset_m(world::LaneId lane, std::uint32_t archetype, double s_m) const {
    const Detour* detour = widest(on(lane, archetype), s_m);
    return detour == nullptr ? 0.0 : detour->swerve.at(s_m);
}

double Detours::slope(world::LaneId lane, std::uint32_t archetype, double s_m) const {
    const Detour* detour = widest(on(lane, archetype), s_m);
    return detour == nullptr ? 0.0 : detour->swerve.slope(s_m);
}

road::LanePlace own_lane(const road::RoadMap& map, const road::LanePlace& place, const Vec2& p,
                         double yaw_rad) {
    if (std::cos(map.at(place.lane, place.s_m).heading_rad - yaw_rad) > 0.0) return place;
    for (const double side : {1.0, -1.0}) {
        const road::LaneBeside beside = road::lane_beside(map, place.lane, place.s_m, side);
        if (beside.lane != world::kNone && beside.oncoming) return map.project(beside.lane, p);
    }
    return place;
}

PassingDuty weigh_passing(const Scene& scene, std::size_t self) {
    constexpr double kEarly_mps2 = 0.9;  // slowing down before; the free-road law comes late
    constexpr double kLate_mps2 = 3.5;   // harder braking than this is no way to wait
    constexpr double kSlack_s = 1.0;     // of one's own pace
    constexpr double kPatience_s = 8.0;  // then others are made to wait
    PassingDuty duty;
    const RoadUser& me = scene.road_users[self];
    const Way& way = scene.ways[self];
    const std::uint32_t kind = scene.self.archetype;
    const double v = std::max(0.0, me.speed);
    for (std::size_t k = 0; k < way.leg_count; ++k) {
        const double start = way.legs[k].start_m;
        for (const Detour& detour : scene.book->detours().on(way.legs[k].lane, kind)) {
            const driving::Swerve& swerve = detour.swerve;
            const double begin = start + swerve.begin_m;
            if (start + swerve.end_m < 0.0) continue;
            duty.speed_mps =
                std::min(duty.speed_mps, std::sqrt(detour.speed_mps * detour.speed_mps +
                                                   2.0 * kEarly_mps2 * std::max(0.0, begin)));
            // Only the next one is decided on, and once begun it is driven to its end.
            if (begin <= 0.0 || detour.beside.empty() || duty.line_m >= 0.0) continue;
            if (driving::stopping_mps2(v, begin) > kLate_mps2) continue;
            const double back = start + detour.back_m;
            const double enter_s = driving::travel_time_s(v, begin, detour.speed_mps);
            const double leave_s = kSlack_s + driving::travel_time_s(std::min(v, detour.speed_mps),
                                                                     back, detour.speed_mps);
            if (const auto queue = no_room_behind(scene, self, start + swerve.end_m)) {
                duty.line_m = begin;
                duty.whom = scene.road_users[*queue].id;
                continue;
            }
            for (std::size_t i = 0; i < scene.road_users.size(); ++i) {
                if (i == self || scene.road_users[i].person) continue;
                const bool waits =
                    std::any_of(detour.beside.begin(), detour.beside.end(), [&](const auto& b) {
                        return in_the_way(scene, self, i, b, enter_s, leave_s,
                                          me.waited_s < kPatience_s);
                    });
                if (!waits) continue;
                duty.line_m = begin;
                duty.whom = scene.road_users[i].id;
                break;
            }
        }
    }
    let_pass(scene, self, duty);
    return duty;
}

}  // namespace huntsman::agents::conduct
