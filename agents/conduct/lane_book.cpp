#include "agents/conduct/lane_book.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/beliefs/track.h"
#include "agents/conduct/course.h"
#include "engine/driving/motion.h"
#include "engine/road/rings.h"
#include "engine/world/boxes.h"

namespace huntsman::agents::conduct {

using math::Vec2;
using world::kNone;
using world::LaneId;

namespace {

// Whether the lane and its neighbours of the same direction all lack the links of this end.
template <typename Links>
bool edge(const world::RoadNetwork& roads, LaneId id, Links links) {
    const auto open = [&](LaneId lane) { return links(roads.lanes[lane]).empty(); };
    if (!open(id) || roads.lanes[id].in_junction()) return false;
    // At most as many neighbours as there are lanes: data may link them in a circle.
    LaneId lane = roads.lanes[id].left;
    for (std::size_t i = 0; lane != kNone && i < roads.lanes.size(); ++i) {
        if (!open(lane)) return false;
        lane = roads.lanes[lane].left;
    }
    lane = roads.lanes[id].right;
    for (std::size_t i = 0; lane != kNone && i < roads.lanes.size(); ++i) {
        if (!open(lane)) return false;
        lane = roads.lanes[lane].right;
    }
    return true;
}

// Whether a box stands on a driven lane, its middle or anywhere on its rim.
bool reaches_road(const road::RoadMap& map, const math::Box2& box, double z_m) {
    constexpr double kStep_m = 1.0;  // lanes are wider
    if (map.on_road(math::Vec3(box.centre, z_m))) return true;
    const auto corners = box.corners();
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec2 from = corners[i], side = corners[(i + 1) % corners.size()] - from;
        const int steps = std::max(1, static_cast<int>(std::ceil(glm::length(side) / kStep_m)));
        for (int k = 0; k < steps; ++k) {
            const Vec2 p = from + static_cast<double>(k) / steps * side;
            if (map.on_road(math::Vec3(p, z_m))) return true;
        }
    }
    return false;
}

// A box that is longer or wider than a vehicle in pieces that are not.
std::vector<math::Box2> pieces_of(const math::Box2& box) {
    constexpr double kVehicle_m = 6.0, kPiece_m = 2.0;
    if (2.0 * std::max(box.half.x, box.half.y) <= kVehicle_m) return {box};
    const int columns = std::max(1, static_cast<int>(std::ceil(2.0 * box.half.x / kPiece_m)));
    const int rows = std::max(1, static_cast<int>(std::ceil(2.0 * box.half.y / kPiece_m)));
    const Vec2 half(box.half.x / columns, box.half.y / rows), x = math::direction(box.yaw_rad);
    std::vector<math::Box2> pieces;
    for (int i = 0; i < columns * rows; ++i) {
        const int column = i % columns, row = i / columns;
        const Vec2 p = box.centre + ((2 * column + 1) * half.x - box.half.x) * x +
                       ((2 * row + 1) * half.y - box.half.y) * math::perp(x);
        pieces.push_back({p, box.yaw_rad, half});
    }
    return pieces;
}

// How far the road falls towards the left, as the sine of its bank.
double bank_of(const road::RoadMap& map, const world::LaneSample& q) {
    const math::Vec3 n = map.surface(q.p + math::Vec3(0, 0, 0.3)).normal;
    return glm::dot(math::xy(n), math::perp(math::direction(q.heading_rad)));
}

// Who of two connections gives way to the other: by their conflict where their lanes meet, by their
// signs where only a sweep does.
std::pair<bool, bool> order_of_way(const world::Lane& a, const world::Lane& b) {
    const auto yields = [](const world::Lane& lane, world::LaneId other) {
        return std::any_of(lane.conflicts.begin(), lane.conflicts.end(),
                           [&](const auto& c) { return c.other == other && c.yields; });
    };
    const bool a_yields = yields(a, b.id), b_yields = yields(b, a.id);
    if (a_yields || b_yields) return {a_yields, b_yields};
    const auto has_sign = [](const world::Lane& lane) {
        return lane.control == world::Control::kYield || lane.control == world::Control::kStop;
    };
    return {has_sign(a) && !has_sign(b), has_sign(b) && !has_sign(a)};
}

}  // namespace

bool leaves_map(const world::RoadNetwork& roads, LaneId lane) {
    return edge(
        roads, lane, [](const world::Lane& l) -> const auto& { return l.successors; });
}
bool enters_map(const world::RoadNetwork& roads, LaneId lane) {
    return edge(
        roads, lane, [](const world::Lane& l) -> const auto& { return l.predecessors; });
}

LaneBook::LaneBook(const world::World& world, const road::RoadMap& map, bool open_edges)
    : map_(&map), archetypes_(&world.archetypes) {
    const world::RoadNetwork& roads = map.network();
    for (const world::Archetype& archetype : world.archetypes) {
        const double front = archetype.extent.front_m;
        if (!world::is_vehicle(archetype.semantic) || front <= kLongFront_m) continue;
        if (bus_ == nullptr || front > bus_->extent.front_m) bus_ = &archetype;
    }
    for (const world::Lane& lane : roads.lanes) find_speeds(lane, !world.road_model.empty());
    find_crossings();
    find_crossing_cells();
    find_cycle_lanes();
    find_believed_ways();
    find_rights_of_way();
    on_ring_ = road::lanes_on_rings(roads);
    for_buses_ = road::lanes_for_buses(roads, on_ring_);
    find_ways_on(open_edges);

    // Room that long vehicles take in turns.
    aside_m_.assign(roads.lanes.size(), 0.0);
    sweeps_.resize(roads.lanes.size());
    for (const world::Junction& junction : roads.junctions) find_sweeps(junction);
    find_boxes(world);
    find_covers(world);
    detours_ = Detours(world, map, obstacles_, obstacle_z_m_);
    walks_ = WalkBook(world, map);
    fill_cells();
    find_tight_lanes();
    find_roomy_lanes();
    hold_m_.assign(roads.lanes.size(), 0.0);
    for (const world::Junction& junction : roads.junctions) find_holds(junction);
}

// Limit and bends at every metre, then a backward pass for slowing down in time.
void LaneBook::find_speeds(const world::Lane& lane, bool banked) {
    const auto count = static_cast<std::size_t>(std::ceil(lane.length_m)) + 1;
    std::vector<double> speeds(count), stretch(count, 1.0);
    double sharpest = 1e-6, widest = 1.0;
    for (std::size_t i = 0; i < count; ++i) {
        const world::LaneSample q = map_->at(lane.id, static_cast<double>(i));
        const double bend = std::abs(q.curvature_per_m);
        sharpest = std::max(sharpest, bend);
        double bank = 0.0, cosine = 1.0;
        if (bend > 1e-4) {
            bank = banked ? bank_of(*map_, q) : 0.0;
            cosine = std::sqrt(std::max(0.1, 1.0 - bank * bank));
            stretch[i] = 1.0 / cosine;
            widest = std::max(widest, stretch[i]);
        }
        const double curvature = std::copysign(std::max(bend, 1e-6), q.curvature_per_m);
        const double comfortable_mps =
            engine::driving::bend_speed_mps(kLateral_mps2, curvature, bank, cosine);
        speeds[i] = std::min(lane.speed_limit_mps, comfortable_mps);
    }
    for (std::size_t i = count - 1; i-- > 0;) {
        speeds[i] =
            std::min(speeds[i], std::sqrt(speeds[i + 1] * speeds[i + 1] + 2 * kSlowing_mps2));
    }
    radius_.push_back(1.0 / sharpest);
    // Up to a bank of 18 degrees nobody sees the difference.
    stretch_.push_back(widest > 1.05 ? std::move(stretch) : std::vector<double>{});
    slowest_.push_back(*std::min_element(speeds.begin(), speeds.end()));
    speeds_.push_back(std::move(speeds));
}

void LaneBook::find_crossings() {
    crossings_.resize(roads().lanes.size());
    for (const world::Crossing& crossing : roads().crossings) {
        const Vec2 a = math::xy(crossing.a), ab = math::xy(crossing.b) - a;
        for (const auto& span : crossing.lanes) {
            const Vec2 middle =
                math::xy(map_->at(span.lane, 0.5 * (span.s_begin_m + span.s_end_m)).p);
            crossings_[span.lane].push_back({crossing.id, span.s_begin_m, span.s_end_m,
                                             glm::dot(middle - a, ab) / glm::length(ab)});
        }
    }
    for (auto& list : crossings_) {
        std::sort(list.begin(), list.end(),
                  [](const auto& x, const auto& y) { return x.begin_m < y.begin_m; });
    }
}

namespace {

constexpr double kKerbStep_m = 2.0;    // from a crossing's end, where people wait
constexpr double kBesideLine_m = 0.5;  // beside it, where they still walk along it

std::int64_t cell_at(double x_m, double y_m, double cell_m) {
    const auto x = static_cast<std::int64_t>(std::floor(x_m / cell_m));
    const auto y = static_cast<std::int64_t>(std::floor(y_m / cell_m));
    return (x << 32) ^ (y & 0xffffffff);
}

}  // namespace

void LaneBook::find_crossing_cells() {
    for (const world::Crossing& crossing : roads().crossings) {
        const double margin_m = 0.5 * crossing.width_m + kKerbStep_m + kBesideLine_m;
        const Vec2 low = glm::min(math::xy(crossing.a), math::xy(crossing.b)) - margin_m;
        const Vec2 high = glm::max(math::xy(crossing.a), math::xy(crossing.b)) + margin_m;
        const auto index = [](double v) { return std::floor(v / kCrossingCell_m); };
        for (double x = index(low.x); x <= index(high.x); x += 1) {
            for (double y = index(low.y); y <= index(high.y); y += 1) {
                crossing_cells_.emplace_back(cell_at((x + 0.5) * kCrossingCell_m,
                                                     (y + 0.5) * kCrossingCell_m, kCrossingCell_m),
                                             crossing.id);
            }
        }
    }
    std::sort(crossing_cells_.begin(), crossing_cells_.end());
}

std::optional<OnCrossing> LaneBook::crossing_at(const math::Vec3& p) const {
    const std::int64_t cell = cell_at(p.x, p.y, kCrossingCell_m);
    for (auto at = std::lower_bound(crossing_cells_.begin(), crossing_cells_.end(),
                                    std::pair(cell, world::CrossingId{0}));
         at != crossing_cells_.end() && at->first == cell; ++at) {
        const world::Crossing& crossing = roads().crossings[at->second];
        const Vec2 ab = math::xy(crossing.b - crossing.a), off = math::xy(p - crossing.a);
        const double length = glm::length(ab);
        const Vec2 along = ab / length;
        const double place = glm::dot(off, along);
        if (place < -kKerbStep_m || place > length + kKerbStep_m) continue;
        if (std::abs(math::cross(along, off)) > 0.5 * crossing.width_m + kBesideLine_m) continue;
        if (std::abs(p.z - crossing.a.z) > road::kLevel_m) continue;
        return OnCrossing{crossing.id, place, length, along};
    }
    return std::nullopt;
}

void LaneBook::find_covers(const world::World& world) {
    constexpr double kTall_m = 1.2, kLong_m = 1.5, kBeside_m = 3.0;
    covers_.resize(roads().lanes.size());
    for (const world::StaticObject& object : world.objects) {
        const world::Extent& extent = object.extent;
        if (!object.collides || extent.height_m < kTall_m || extent.length_m() < kLong_m) continue;
        const math::Box2 box = world::footprint(extent, object.X_WB);
        if (glm::length(box.half) > 8.0) continue;  // houses stand behind the pavement
        for (const world::LaneId id :
             map_->lanes_near(math::Vec3(box.centre, object.X_WB.p.z), 8.0)) {
            const world::Lane& lane = roads().lanes[id];
            if (lane.kind != world::LaneKind::kDriving || lane.in_junction()) continue;
            const road::LanePlace place = map_->project(id, box.centre);
            const world::LaneSample q = map_->at(id, place.s_m);
            if (std::abs(q.p.z - object.X_WB.p.z) > road::kLevel_m) continue;
            const Vec2 x = math::direction(q.heading_rad), y = math::direction(box.yaw_rad);
            const double c = std::abs(glm::dot(x, y)), s = std::abs(math::cross(x, y));
            const double along = c * box.half.x + s * box.half.y;
            const double inner = std::abs(place.t_m) - (s * box.half.x + c * box.half.y);
            if (inner < 0.8 || inner > 0.5 * q.width_m + kBeside_m) continue;
            covers_[id].push_back(
                {place.s_m - along, place.s_m + along, inner, place.t_m > 0 ? 1.0 : -1.0});
        }
    }
    for (auto& list : covers_) {
        std::sort(list.begin(), list.end(),
                  [](const Cover& a, const Cover& b) { return a.from_m < b.from_m; });
    }
}

bool indicates(std::uint32_t lamps) {
    return ((lamps & world::bit(world::Lamp::kTurnLeft)) != 0) !=
           ((lamps & world::bit(world::Lamp::kTurnRight)) != 0);
}

world::DriverMind::Route LaneBook::believed_route(const world::Track& track) const {
    world::DriverMind::Route route = world::DriverMind::no_route();
    route[0] = track.lane;
    const bool left = (track.lamps & world::bit(world::Lamp::kTurnLeft)) != 0;
    std::size_t shown = !indicates(track.lamps) ? 0 : left ? 1 : 2;
    for (std::size_t k = 1; k < route.size(); ++k) {
        // An indicator is about the next junction.
        if (roads().lanes[route[k - 1]].in_junction()) shown = 0;
        route[k] = believed_next_[route[k - 1]][shown];
        if (route[k] == kNone) break;
    }
    return route;
}

void LaneBook::find_believed_ways() {
    const std::array<std::uint32_t, 3> lamps{0, world::bit(world::Lamp::kTurnLeft),
                                             world::bit(world::Lamp::kTurnRight)};
    for (const world::Lane& lane : roads().lanes) {
        auto& next = believed_next_.emplace_back();
        for (std::size_t i = 0; i < lamps.size(); ++i) {
            next[i] = beliefs::believed_successor(*map_, lane, lamps[i]);
        }
    }
}

// Rights of way seen from the other side.
void LaneBook::find_rights_of_way() {
    for (const world::Lane& lane : roads().lanes) {
        std::vector<char> flags;
        for (const world::Conflict& conflict : lane.conflicts) {
            const auto& back = roads().lanes[conflict.other].conflicts;
            flags.push_back(std::any_of(back.begin(), back.end(), [&](const auto& c) {
                return c.other == lane.id && c.yields;
            }));
        }
        other_yields_.push_back(std::move(flags));
    }
}

// What lies ahead of each lane: the longest way on, lane by lane until nothing changes. Going
// round a roundabout leads nowhere: its lanes lead as far as the best of its exits.
void LaneBook::find_ways_on(bool open_edges) {
    for (const world::Lane& lane : roads().lanes) {
        leaves_.push_back(open_edges && leaves_map(roads(), lane.id) ? 1 : 0);
        onward_m_.push_back(leaves(lane.id) ? kEnough_m : lane.length_m);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (const world::Lane& lane : roads().lanes) {
            double best = onward_m_[lane.id];
            for (const world::LaneId next : lane.successors) {
                if (radius_m(next) < kLeastRadius_m) continue;
                const bool round = on_ring(lane.id) && on_ring(next);
                const double length = round ? 0.0 : lane.length_m;
                best = std::max(best, std::min(kEnough_m, length + onward_m_[next]));
            }
            for (const world::LaneId side : {lane.left, lane.right}) {
                if (side != world::kNone)
                    best = std::max(best, std::min(kEnough_m, onward_m_[side]));
            }
            changed = changed || best > onward_m_[lane.id];
            onward_m_[lane.id] = best;
        }
    }
}

// Static boxes: all for people, those on the carriageway for drivers.
void LaneBook::find_boxes(const world::World& world) {
    Vec2 high{0, 0};
    for (const world::StaticObject& object : world.objects) {
        if (!object.collides) continue;
        const math::Box2 box = world::footprint(object.extent, object.X_WB);
        const double radius = glm::length(box.half) + kReach_m;
        if (boxes_.empty()) low_ = high = box.centre;
        low_ = glm::min(low_, box.centre - radius);
        high = glm::max(high, box.centre + radius);
        const double z = object.X_WB.p.z;
        boxes_.push_back(box);
        box_z_m_.push_back(z);
        if (!reaches_road(*map_, box, z)) continue;
        // Of a house or a wall the pieces that stand on the road count: all of it, seen along a
        // lane that it is not parallel to, would take more room than it has.
        for (const math::Box2& piece : pieces_of(box)) {
            if (!reaches_road(*map_, piece, z)) continue;
            obstacles_.push_back(piece);
            obstacle_ids_.push_back(object.id);
            obstacle_z_m_.push_back(z);
        }
    }
    columns_ = static_cast<std::int64_t>((high.x - low_.x) / kCell_m) + 1;
    rows_ = static_cast<std::int64_t>((high.y - low_.y) / kCell_m) + 1;
}

void LaneBook::fill_cells() {
    cells_.resize(static_cast<std::size_t>(columns_ * rows_));
    for (std::uint32_t i = 0; i < boxes_.size(); ++i) {
        // Cells within reach of the box; the cell's own diagonal counts as half a cell around it.
        math::Box2 wide = boxes_[i];
        wide.half += Vec2(kReach_m);
        const double radius = glm::length(wide.half);
        const Vec2 from = (boxes_[i].centre - radius - low_) / kCell_m;
        const Vec2 to = (boxes_[i].centre + radius - low_) / kCell_m;
        for (auto y = static_cast<std::int64_t>(from.y); y <= static_cast<std::int64_t>(to.y);
             ++y) {
            for (auto x = static_cast<std::int64_t>(from.x); x <= static_cast<std::int64_t>(to.x);
                 ++x) {
                if (x < 0 || y < 0 || x >= columns_ || y >= rows_) continue;
                const math::Box2 cell{low_ + kCell_m * Vec2(static_cast<double>(x) + 0.5,
                                                            static_cast<double>(y) + 0.5),
                                      0.0, Vec2(0.5 * kCell_m)};
                if (math::overlap(cell, wide)) {
                    cells_[static_cast<std::size_t>(y * columns_ + x)].push_back(i);
                }
            }
        }
    }
}

double LaneBook::keep_left_m(world::LaneId lane, double s_m, const world::Extent& extent) const {
    if (extent.front_m <= kLongFront_m) return 0.0;
    // Half of the nose's excursion front²/(2R), as far as the lane has room.
    const double front = extent.front_m;
    const world::LaneSample q = map_->at(lane, s_m + 0.5 * front);
    const double room = std::max(0.0, 0.5 * (q.width_m - extent.width_m) - 0.1);
    const double inward = std::clamp(0.25 * q.curvature_per_m * front * front, -room, room);
    constexpr double kOver_m = 4.0;  // along which it moves aside
    return inward + aside_m_[lane] * std::clamp(s_m / kOver_m, 0.0, 1.0);
}

LaneBook::Drive LaneBook::drive_bus(LaneId id) const {
    constexpr double kBefore_m = 25.0, kAfter_m = 20.0, kStep_m = 1.0;
    const auto& lanes = roads().lanes;
    const world::Lane& lane = lanes[id];
    std::vector<Vec2> points;
    std::vector<double> along_m, inward, speed;
    Drive drive;
    Follower bus{&bus_->vehicle, bus_->extent.front_m, bus_->extent.rear_m,
                 0.5 * bus_->extent.width_m};
    const auto add = [&](LaneId on, double from_m, double to_m, double offset_m) {
        for (double s = from_m; s < to_m; s += kStep_m) {
            const world::LaneSample q = map_->at(on, s);
            const Vec2 p = math::xy(q.p);
            if (points.empty()) {
                bus.yaw_rad = q.heading_rad;
            } else if (glm::length(p - points.back()) < 0.25 * kStep_m) {
                continue;
            }
            along_m.push_back(points.empty() ? 0.0
                                             : along_m.back() + glm::length(p - points.back()));
            points.push_back(p);
            inward.push_back(keep_left_m(on, s, bus_->extent));
            speed.push_back(speed_mps(on, s));
            drive.s_m.push_back(offset_m + s);
        }
    };
    if (!lane.predecessors.empty()) {
        const world::Lane& before = lanes[lane.predecessors.front()];
        add(before.id, std::max(0.0, before.length_m - kBefore_m), before.length_m,
            -before.length_m);
    }
    add(id, 0.0, lane.length_m, 0.0);
    if (!lane.successors.empty()) {
        const world::Lane& after = lanes[lane.successors.front()];
        add(after.id, 0.0, std::min(after.length_m, kAfter_m), lane.length_m);
    }
    if (points.size() < 3) return {};
    bus.p = points.front() + inward.front() * math::perp(math::direction(bus.yaw_rad));
    drive.boxes = follow(bus, {points, along_m, inward, speed}, along_m.back());
    drive.s_m.resize(std::min(drive.s_m.size(), drive.boxes.size()));
    return drive;
}

bool LaneBook::touches(world::LaneId id) const {
    // How far a driven bus deviates from the prediction, and how far behind the lane's end its body
    // still swings.
    constexpr double kBeside_m = 0.6, kSwing_m = 8.0;
    const Drive drive = drive_bus(id);
    for (std::size_t i = 0; i < drive.s_m.size(); ++i) {
        if (drive.s_m[i] < 0.0 || drive.s_m[i] > roads().lanes[id].length_m + kSwing_m) continue;
        math::Box2 bus = drive.boxes[i];
        const Vec2 x = math::direction(bus.yaw_rad);
        bus.half.y += kBeside_m;
        bool touched = false;
        for (const double ahead : {-5.0, 0.0, 5.0}) {
            near_boxes(bus.centre + ahead * x, [&](const math::Box2& box, double) {
                touched = touched || math::overlap(bus, box);
            });
        }
        if (touched) return true;
    }
    return false;
}

void LaneBook::find_tight_lanes() {
    const auto& lanes = roads().lanes;
    tight_.assign(lanes.size(), 0);
    if (bus_ == nullptr) return;
    for (const world::Lane& lane : lanes) {
        double& aside = aside_m_[lane.id];
        bool tight = touches(lane.id);
        // In a junction there is room beside the lane. To the inside of the bend first.
        const double inside = map_->at(lane.id, 0.5 * lane.length_m).curvature_per_m < 0 ? -1 : 1;
        for (const double m : {0.4, 0.8, 1.2, -0.4, -0.8, 1.6}) {
            if (!tight || !lane.in_junction()) break;
            aside = inside * m;
            tight = touches(lane.id);
        }
        if (tight) aside = 0.0;
        tight_[lane.id] = tight ? 1 : 0;
    }
}

void LaneBook::find_roomy_lanes() {
    const auto& lanes = roads().lanes;
    roomy_.assign(lanes.size(), 1);
    const auto roomy = [&](LaneId lane) { return roomy_[lane] != 0; };
    for (bool changed = true; changed;) {
        changed = false;
        for (const world::Lane& lane : lanes) {
            if (!roomy(lane.id)) continue;
            const bool goes_on =
                lane.successors.empty() || std::ranges::any_of(lane.successors, roomy);
            if (goes_on && !tight(lane.id)) continue;
            roomy_[lane.id] = 0;
            changed = true;
        }
    }
}

void LaneBook::find_sweeps(const world::Junction& junction) {
    if (bus_ == nullptr) return;
    // The bus, and half a car with room beside it.
    const double front_m = bus_->extent.front_m, rear_m = bus_->extent.rear_m;
    const double half_width_m = 0.5 * bus_->extent.width_m;
    constexpr double kBeside_m = 1.2;
    constexpr double kStep_m = 0.5;
    const auto& lanes = roads().lanes;
    std::vector<std::vector<Vec2>> points;
    for (const world::LaneId b : junction.connections) {
        points.emplace_back();
        for (double t = 0.0; t <= lanes[b].length_m; t += kStep_m) {
            points.back().push_back(math::xy(map_->at(b, t).p));
        }
    }
    for (const world::LaneId a : junction.connections) {
        if (radius_[a] > 40.0) continue;  // it keeps to its lane
        for (std::size_t j = 0; j < junction.connections.size(); ++j) {
            const world::LaneId b = junction.connections[j];
            if (a == b || lanes[a].predecessors == lanes[b].predecessors) continue;
            // Rear axle along a; the body's box against points of b.
            double a_begin = 1e9, a_end = -1e9, b_begin = 1e9, b_end = -1e9;
            // The nose is in the junction before the axle is; up to the line it stays in its lane.
            for (double s = -front_m; s <= lanes[a].length_m; s += kStep_m) {
                const world::LaneSample q = map_->at(a, s);
                const Vec2 x = math::direction(q.heading_rad);
                const Vec2 axle = math::xy(q.p) + std::min(0.0, s) * x;
                for (std::size_t k = 0; k < points[j].size(); ++k) {
                    const double t = kStep_m * static_cast<double>(k);
                    const Vec2 off = points[j][k] - axle;
                    const double along = glm::dot(off, x), across = math::cross(x, off);
                    if (along < -rear_m || along > front_m ||
                        std::abs(across) > half_width_m + kBeside_m) {
                        continue;
                    }
                    a_begin = std::min(a_begin, s);
                    a_end = std::max(a_end, s);
                    b_begin = std::min(b_begin, t);
                    b_end = std::max(b_end, t);
                }
            }
            if (a_end < a_begin) continue;
            // In terms of the front bumper's and the rear's place, like a plain conflict.
            a_begin += front_m;
            a_end = std::max(a_begin, a_end - rear_m);
            const auto [a_yields, b_yields] = order_of_way(lanes[a], lanes[b]);
            sweeps_[a].push_back({b, a_begin, a_end, b_begin, b_end, true, a_yields, b_yields});
            sweeps_[b].push_back({a, b_begin, b_end, a_begin, a_end, false, b_yields, a_yields});
        }
    }
}

void LaneBook::find_holds(const world::Junction& junction) {
    // Room beside a bus that turns in.
    constexpr double kBeside_m = 0.3, kMost_m = 14.0, kStep_m = 0.5, kBend_m = 25.0;
    if (bus_ == nullptr) return;
    const auto& lanes = roads().lanes;
    const double length_m = bus_->extent.length_m();
    const math::Vec2 half(0.5 * length_m, 0.5 * bus_->extent.width_m);
    std::vector<std::pair<LaneId, math::Box2>> swept;  // by the lane that they come from
    for (const LaneId id : junction.connections) {
        const world::Lane& lane = lanes[id];
        if (radius_[id] > kBend_m || lane.predecessors.empty() || lane.successors.empty()) continue;
        const Drive drive = drive_bus(id);
        for (std::size_t i = 0; i < drive.s_m.size(); ++i) {
            if (drive.s_m[i] < 0.0) continue;
            math::Box2 box = drive.boxes[i];
            box.half += Vec2(kBeside_m);
            swept.emplace_back(lane.predecessors.front(), box);
        }
    }
    for (const LaneId id : junction.connections) {
        const world::Lane& lane = lanes[id];
        if (lane.predecessors.empty() || on_ring(lane.predecessors.front())) continue;
        const LaneId entry = lane.predecessors.front();
        const double most = std::min(kMost_m, 0.5 * lanes[entry].length_m);
        for (double& hold = hold_m_[id]; hold < most; hold += kStep_m) {
            // A bus that stands there.
            const world::LaneSample q = map_->at(entry, lane.stop_s_m - hold);
            const Vec2 x = math::direction(q.heading_rad);
            const math::Box2 bus{math::xy(q.p) - half.x * x, q.heading_rad, half};
            if (std::none_of(swept.begin(), swept.end(), [&](const auto& box) {
                    return box.first != entry && math::overlap(bus, box.second);
                })) {
                break;
            }
        }
    }
}

void LaneBook::find_cycle_lanes() {
    const auto& lanes = roads().lanes;
    cycle_lanes_.assign(lanes.size(), kNone);
    for (const world::Lane& cycle : lanes) {
        if (cycle.kind != world::LaneKind::kCycle) continue;
        for (const world::Lane& lane : lanes) {
            const bool beside = lane.kind == world::LaneKind::kDriving && lane.road == cycle.road &&
                                lane.section == cycle.section &&
                                lane.model_lane * cycle.model_lane > 0 &&
                                std::abs(lane.model_lane - cycle.model_lane) == 1;
            if (beside) cycle_lanes_[lane.id] = cycle.id;
        }
    }
}

std::optional<double> LaneBook::cycle_lane_m(LaneId lane, double s_m) const {
    constexpr double kLeast_m = 0.9;  // where it opens or ends it is too narrow
    const LaneId cycle = cycle_lanes_[lane];
    if (cycle == kNone) return std::nullopt;
    const Vec2 p = math::xy(map_->at(lane, s_m).p);
    const road::LanePlace place = map_->project(cycle, p);
    const world::LaneSample q = map_->at(cycle, place.s_m);
    if (q.width_m < kLeast_m) return std::nullopt;
    return math::cross(math::direction(map_->at(lane, s_m).heading_rad), math::xy(q.p) - p);
}

double LaneBook::speed_mps(world::LaneId lane, double s_m) const {
    const auto& speeds = speeds_[lane];
    const double s = std::clamp(s_m, 0.0, static_cast<double>(speeds.size() - 1));
    const auto i = static_cast<std::size_t>(s);
    if (i + 1 >= speeds.size()) return speeds.back();
    const double u = s - static_cast<double>(i);
    return speeds[i] + u * (speeds[i + 1] - speeds[i]);
}

}  // namespace huntsman::agents::conduct
