#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kLeastKerb_m = 2.5;  // radius of a kerb's corner

// Which lanes (from, to; innermost 0) serve a movement between roads of so many lanes.
std::vector<std::array<std::size_t, 2>> lane_pairs(Turn turn, std::size_t in, std::size_t out) {
    if (turn == Turn::kLeft) return {{0, 0}};
    if (turn == Turn::kRight) return {{in - 1, out - 1}};
    std::vector<std::array<std::size_t, 2>> pairs;
    for (std::size_t i = 0; i < std::min(in, out); ++i) pairs.push_back({i, i});
    return pairs;
}

Turn turn_between(const Arm& from, const Arm& to) {
    constexpr double kStraight_rad = 40.0 * math::kPi / 180.0;
    const double turn = math::wrap_angle(to.angle_rad - from.angle_rad - math::kPi);
    if (std::abs(turn) < kStraight_rad) return Turn::kStraight;
    return turn > 0 ? Turn::kLeft : Turn::kRight;
}

}  // namespace

ModelLane plain_lane(int id, LaneType type, const Profile& width, double height_m) {
    ModelLane lane;
    lane.id = id;
    lane.type = type;
    lane.widths = width;
    if (height_m > 0) lane.heights.push_back({0, height_m, height_m});
    return lane;
}

std::uint32_t Emitter::add_junction(const std::string& name) {
    ModelJunction junction;
    junction.id = std::to_string(100000 + model.junctions.size());
    junction.name = name;
    model.junctions.push_back(std::move(junction));
    return static_cast<std::uint32_t>(model.junctions.size() - 1);
}

void Emitter::set_junction(const End& end, std::uint32_t junction) {
    if (end.road == kNone) return;
    Road& road = model.roads[end.road];
    RoadLink& link = end.contact == ContactPoint::kStart ? road.predecessor : road.successor;
    link.kind = RoadLink::Kind::kJunction;
    link.index = junction;
    link.id = model.junctions[junction].id;
}

Emitter::End Emitter::end_of(const Arm& arm) const {
    return {layout.streets[arm.street].road,
            arm.at_start ? ContactPoint::kStart : ContactPoint::kEnd};
}

std::uint32_t Emitter::add_connection(std::uint32_t junction, const Path& path, double z_m,
                                      const End& from, const End& to, std::vector<LaneJoin> lanes,
                                      const Profile& lane_offset, double speed_mps) {
    Road road;
    const auto index = static_cast<std::uint32_t>(model.roads.size());
    road.id = std::to_string(index);
    road.length_m = path.length_m();
    road.plan = path.plan();
    road.elevation = {{0, z_m, 0, 0, 0}};
    road.lane_offset = lane_offset;
    road.junction = junction;
    road.junction_id = model.junctions[junction].id;
    if (speed_mps > 0) road.types.push_back({0, "town", style.country, speed_mps});
    const auto link = [&](const End& end) {
        RoadLink out;
        if (end.road == kNone) return out;
        out.kind = RoadLink::Kind::kRoad;
        out.index = end.road;
        out.id = model.roads[end.road].id;
        out.contact = end.contact;
        return out;
    };
    road.predecessor = link(from);
    road.successor = link(to);

    LaneSection section;
    JunctionConnection entry, back;  // from either end
    std::sort(lanes.begin(), lanes.end(),
              [](const LaneJoin& a, const LaneJoin& b) { return a.lane.id > b.lane.id; });
    bool zero = false;
    const auto middle = [&] {
        section.lanes.push_back(ModelLane{});
        zero = true;
    };
    for (LaneJoin& join : lanes) {
        if (join.lane.id < 0 && !zero) middle();
        if (join.from != 0) {
            join.lane.predecessors.push_back(join.from);
            if (join.lane.id < 0) entry.lanes.push_back({join.from, join.lane.id});
        }
        if (join.to != 0) {
            join.lane.successors.push_back(join.to);
            back.lanes.push_back({join.to, join.lane.id});
        }
        if (speed_mps > 0 && is_driven(join.lane.type)) {
            join.lane.speeds.push_back({0, speed_mps});
        }
        section.lanes.push_back(std::move(join.lane));
    }
    if (!zero) middle();
    road.sections.push_back(std::move(section));
    model.roads.push_back(std::move(road));

    set_junction(from, junction);
    set_junction(to, junction);
    ModelJunction& owner = model.junctions[junction];
    const auto connect = [&](JunctionConnection& connection, const End& end, ContactPoint contact) {
        connection.id = std::to_string(owner.connections.size());
        connection.incoming = end.road;
        connection.incoming_id = model.roads[end.road].id;
        connection.connecting = index;
        connection.connecting_id = model.roads[index].id;
        connection.contact = contact;
        owner.connections.push_back(std::move(connection));
    };
    if (from.road != kNone && !entry.lanes.empty()) {
        connect(entry, from, ContactPoint::kStart);
    } else if (to.road != kNone && !back.lanes.empty()) {
        // Pavements that begin at a road without any are walked from their other end.
        connect(back, to, ContactPoint::kEnd);
    }
    return index;
}

std::uint32_t Emitter::add_turn(std::uint32_t junction, const Path& path, double z_m,
                                const LaneEnd& from, const LaneEnd& to, double speed_mps) {
    const double length = path.length_m();
    return add_connection(
        junction, path, z_m, from.road, to.road,
        {{plain_lane(-1, LaneType::kDriving, eased_profile(from.width_m, to.width_m, length)),
          from.lane, to.lane}},
        eased_profile(0.5 * from.width_m, 0.5 * to.width_m, length), speed_mps);
}

Emitter::KerbEnd Emitter::kerb_end(const Arm& arm, bool left_of_arm, const Node& node) const {
    const Street& street = layout.streets[arm.street];
    const Side& side = arm.at_start == left_of_arm ? street.left : street.right;
    const bool model_left = arm.at_start == left_of_arm;
    KerbEnd out;
    out.road = end_of(arm);
    const double kerb = left_of_arm ? arm.left_kerb_m : -arm.right_kerb_m;
    out.kerb.p = layout.arm_point(node, arm, arm.cut_m, kerb);
    // Corners are walked inwards on an arm's left side and outwards on its right side.
    out.kerb.heading_rad =
        left_of_arm ? math::wrap_angle(arm.angle_rad + math::kPi) : arm.angle_rad;
    int id = 0;
    for (const Strip& strip : side.strips) {
        ++id;
        const int lane = model_left ? id : -id;
        if (strip.type == LaneType::kSidewalk) {
            out.walk_m = strip.width_m;
            out.walk_lane = lane;
        } else if (strip.type == LaneType::kDriving) {
            out.gutter_m = 0;
        } else if (strip.type != LaneType::kParking && strip.type != LaneType::kMedian) {
            // Together with a cycle lane it is no lane's continuation.
            const bool alone = strip.type == LaneType::kShoulder && out.gutter_m == 0;
            out.gutter_m += strip.width_m;
            out.gutter_lane = alone ? lane : 0;
        }
    }
    // Roadworks have no width here but take an id.
    if (!model_left && street.works) {
        if (out.walk_lane != 0) --out.walk_lane;
        if (out.gutter_lane != 0) --out.gutter_lane;
    }
    return out;
}

bool Emitter::add_corner(std::uint32_t junction, double z_m, const KerbEnd& from, const KerbEnd& to,
                         double radius_m) {
    const bool walks = from.walk_m > 0 || to.walk_m > 0;
    if (!walks && to.gutter_lane == 0) return true;
    const auto path = Path::between(from.kerb, to.kerb, radius_m, kLeastKerb_m);
    if (!path) return false;
    const double length = path->length_m();
    std::vector<LaneJoin> lanes;
    if (from.gutter_m > 0 || to.gutter_m > 0) {
        lanes.push_back(
            {plain_lane(1, LaneType::kShoulder, eased_profile(from.gutter_m, to.gutter_m, length)),
             from.gutter_lane, to.gutter_lane});
    }
    if (walks) {
        lanes.push_back({plain_lane(-1, LaneType::kSidewalk,
                                    eased_profile(from.walk_m, to.walk_m, length), kPavement_m),
                         from.walk_lane, to.walk_lane});
    }
    add_connection(junction, *path, z_m, from.road, to.road, std::move(lanes), {}, 0);
    return true;
}

bool Emitter::add_crossing_node(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    const std::uint32_t junction = add_junction("Junction");
    for (std::size_t f = 0; f < node.arms.size(); ++f) {
        const Arm& from = node.arms[f];
        if (from.in.empty()) continue;
        std::vector<char> leads(from.in.size(), 0);  // lanes that have a way on
        const auto connect = [&](const Arm& to, std::size_t i, std::size_t o) {
            const ArmLane &in = from.in[i], &out = to.out[o];
            const Turn turn = turn_between(from, to);
            const Pose2 a{layout.arm_point(node, from, from.cut_m, in.offset_m),
                          math::wrap_angle(from.angle_rad + math::kPi), 0};
            const Pose2 b{layout.arm_point(node, to, to.cut_m, out.offset_m), to.angle_rad, 0};
            // A right turn runs parallel to its kerb.
            double radius = kWidestTurn_m;
            if (turn == Turn::kRight) {
                const std::size_t corner = f;
                radius = corner_radius_m(layout, node, corner) +
                         std::max(from.left_kerb_m - in.offset_m, to.right_kerb_m + out.offset_m);
            }
            const auto path = Path::between(a, b, radius, kLeastTurn_m);
            if (!path) return false;
            leads[i] = 1;
            const double speed = std::min(layout.streets[from.street].speed_limit_mps,
                                          layout.streets[to.street].speed_limit_mps);
            add_turn(junction, *path, node.z_m, {end_of(from), in.id, in.width_m},
                     {end_of(to), out.id, out.width_m}, speed);
            return true;
        };
        const Arm* ahead = nullptr;
        for (const Arm& to : node.arms) {
            if (&to == &from || to.out.empty()) continue;
            const Turn turn = turn_between(from, to);
            if (turn == Turn::kStraight) ahead = &to;
            for (const auto& [i, o] : lane_pairs(turn, from.in.size(), to.out.size())) {
                if (!connect(to, i, o)) return false;
            }
        }
        // A lane without a way on merges into the road ahead, or follows its neighbour's turn.
        for (std::size_t i = 0; i < leads.size(); ++i) {
            if (leads[i] != 0) continue;
            const Arm* to = ahead;
            for (std::size_t k = 0; to == nullptr && k < node.arms.size(); ++k) {
                if (k != f && !node.arms[k].out.empty()) to = &node.arms[k];
            }
            if (to == nullptr || !connect(*to, i, std::min(i, to->out.size() - 1))) return false;
        }
    }
    for (std::size_t k = 0; k < node.arms.size(); ++k) {
        const Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
        if (!add_corner(junction, node.z_m, kerb_end(a, true, node), kerb_end(b, false, node),
                        corner_radius_m(layout, node, k))) {
            return false;
        }
    }
    return true;
}

TurningCircle turning_circle(const Arm& arm) {
    TurningCircle circle;
    const double lane = arm.in.empty() ? 1.7 : std::abs(arm.in[0].offset_m);
    circle.out_turn_rad =
        std::acos((circle.out_radius_m + lane) / (circle.out_radius_m + circle.ring_radius_m));
    circle.reach_m = (circle.out_radius_m + circle.ring_radius_m) * std::sin(circle.out_turn_rad);
    return circle;
}

bool Emitter::add_dead_end(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    const Arm& arm = node.arms[0];
    if (arm.in.size() != 1 || arm.out.size() != 1) return false;
    const std::uint32_t junction = add_junction("Turning circle");
    const TurningCircle circle = turning_circle(arm);
    const ArmLane &in = arm.in[0], &out = arm.out[0];
    Path path(Pose2{layout.arm_point(node, arm, arm.cut_m, in.offset_m),
                    math::wrap_angle(arm.angle_rad + math::kPi), 0});
    // Right, around to the left, right again.
    path.append(circle.out_radius_m * circle.out_turn_rad, -1.0 / circle.out_radius_m);
    path.append(circle.ring_radius_m * (math::kPi + 2 * circle.out_turn_rad),
                1.0 / circle.ring_radius_m);
    path.append(circle.out_radius_m * circle.out_turn_rad, -1.0 / circle.out_radius_m);
    const KerbEnd a = kerb_end(arm, true, node), b = kerb_end(arm, false, node);
    const double length = path.length_m();
    std::vector<LaneJoin> lanes;
    lanes.push_back(
        {plain_lane(-1, LaneType::kDriving, eased_profile(in.width_m, out.width_m, length)), in.id,
         out.id});
    lanes.push_back(
        {plain_lane(-2, LaneType::kShoulder, eased_profile(a.gutter_m, b.gutter_m, length)),
         a.gutter_lane, b.gutter_lane});
    lanes.push_back({plain_lane(-3, LaneType::kSidewalk, eased_profile(a.walk_m, b.walk_m, length),
                                kPavement_m),
                     a.walk_lane, b.walk_lane});
    add_connection(junction, path, node.z_m, end_of(arm), end_of(arm), std::move(lanes),
                   eased_profile(0.5 * in.width_m, 0.5 * out.width_m, length), 20 / 3.6);
    return true;
}

bool Emitter::add_gore(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    const std::uint32_t junction = add_junction("Ramps");
    // The motorway before and after, and the ramps that leave and join.
    const Arm *before = nullptr, *after = nullptr;
    std::vector<const Arm*> ramps;
    for (const Arm& arm : node.arms) {
        const StreetKind kind = layout.streets[arm.street].kind;
        if (kind == StreetKind::kRamp) {
            ramps.push_back(&arm);
        } else {
            (arm.at_start ? after : before) = &arm;
        }
    }
    if (before == nullptr || after == nullptr) return false;
    const Street &in = layout.streets[before->street], &out = layout.streets[after->street];
    Path along(in.path.at(in.end_m));
    along.append(out.begin_m - in.end_m, 0.0);
    // Both directions as one connecting road of the motorway's own cross-section.
    std::vector<LaneJoin> lanes;
    for (const ModelLane& lane : model.roads[in.road].sections[0].lanes) {
        if (lane.id == 0) continue;
        LaneJoin join;
        join.lane = lane;
        join.lane.speeds.clear();
        join.from = join.to = lane.id;
        lanes.push_back(std::move(join));
    }
    const std::uint32_t main =
        add_connection(junction, along, node.z_m, end_of(*before), end_of(*after), std::move(lanes),
                       {}, in.speed_limit_mps);
    JunctionConnection back;
    back.id = std::to_string(model.junctions[junction].connections.size());
    back.incoming = out.road;
    back.incoming_id = model.roads[out.road].id;
    back.connecting = main;
    back.connecting_id = model.roads[main].id;
    back.contact = ContactPoint::kEnd;
    for (const ModelLane& lane : model.roads[main].sections[0].lanes) {
        if (lane.id > 0) back.lanes.push_back({lane.id, lane.id});
    }
    model.junctions[junction].connections.push_back(std::move(back));

    for (const Arm* arm : ramps) {
        const Street& ramp = layout.streets[arm->street];
        const bool off = arm->at_start;  // it leaves the motorway
        const Pose2 end = off ? ramp.path.at(ramp.begin_m) : ramp.path.at(ramp.end_m);
        // Which carriageway it belongs to, and so which stretch it leaves or joins.
        const Pose2 start = along.start();
        const bool forward = glm::dot(end.along(), start.along()) > 0;
        const bool at_before = off == forward;
        const Arm& road = at_before ? *before : *after;
        const auto& arm_lanes = off ? road.in : road.out;
        const ArmLane& lane = arm_lanes.back();
        const Pose2 mouth = at_before ? along.start() : along.end();
        const double sign = forward ? -1.0 : 1.0;
        Pose2 on_road{mouth.left(sign * std::abs(lane.offset_m)),
                      forward ? mouth.heading_rad : math::wrap_angle(mouth.heading_rad + math::kPi),
                      0};
        const Pose2 on_ramp{end.p, end.heading_rad, 0};
        const auto path = off ? Path::between(on_road, on_ramp, kWidestTurn_m, 30.0)
                              : Path::between(on_ramp, on_road, kWidestTurn_m, 30.0);
        if (!path) return false;
        const LaneEnd at_road{end_of(road), lane.id, lane.width_m}, at_ramp{end_of(*arm), -1, 4.0};
        const std::uint32_t ramp_road = add_turn(junction, *path, node.z_m, off ? at_road : at_ramp,
                                                 off ? at_ramp : at_road, 80 / 3.6);
        if (!off) {
            model.junctions[junction].priorities.push_back(
                {model.roads[main].id, model.roads[ramp_road].id, main, ramp_road});
        }
    }
    return true;
}

bool Emitter::add_junctions() {
    for (std::uint32_t i = 0; i < layout.nodes.size(); ++i) {
        bool built = false;
        switch (layout.nodes[i].kind) {
            case Node::Kind::kCrossing:
                built = add_crossing_node(i);
                break;
            case Node::Kind::kRoundabout:
                built = add_roundabout(i);
                break;
            case Node::Kind::kDeadEnd:
                built = add_dead_end(i);
                break;
            case Node::Kind::kGore:
                built = add_gore(i);
                break;
        }
        if (!built) return false;
        add_signs(i);
    }
    return true;
}

}  // namespace huntsman::scenarios::town
