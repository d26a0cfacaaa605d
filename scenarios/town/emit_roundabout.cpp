#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kApron_m = 1.5, kApronGap_m = 0.3;  // widths inside the ring's lane
constexpr double kRingWalk_m = 2.5;
constexpr double kRingSpeed_mps = 25 / 3.6;
constexpr double kRingCorner_m = 12.0;  // radius of the kerbs between ring and arms
constexpr int kRingDriving = -1, kRingGutter = -2, kRingPavement = -3;  // lane ids

// A ring of roads with one junction per arm. Ring road k runs from arm k to arm k + 1.
class Roundabout {
  public:
    Roundabout(Emitter& emitter, const Node& node)
        : emitter_(emitter), node_(node), roads_(node.arms.size()) {}

    // False where a connection would be too tight.
    bool build(const std::string& group_id) {
        for (std::size_t k = 0; k < roads_.size(); ++k) add_ring_road(k);
        JunctionGroup group;
        group.id = group_id;
        group.type = "roundabout";
        for (std::size_t k = 0; k < roads_.size(); ++k) {
            ArmJunction at = begin_junction(k);
            group.junctions.push_back(emitter_.model.junctions[at.junction].id);
            add_ring_connection(at);
            if (!add_entries(at) || !add_exits(at) || !add_pavements(at)) return false;
        }
        emitter_.model.junction_groups.push_back(std::move(group));
        return true;
    }

  private:
    using End = Emitter::End;

    // Where an arm meets the ring.
    struct ArmJunction {
        const Arm& arm;
        std::uint32_t junction = kNone;
        End ring_in, ring_out;            // ends of the ring's roads
        double in_rad = 0, out_rad = 0;   // their directions from the centre
        std::uint32_t ring_road = kNone;  // the connecting road along the ring
    };

    Pose2 ring_pose(double angle_rad, double radius_m) const {
        const Vec2 out = math::direction(angle_rad);
        return {node_.p + radius_m * out, math::wrap_angle(angle_rad + 0.5 * math::kPi),
                1.0 / radius_m};
    }

    Path arc(double from_rad, double to_rad) const {
        Path path(ring_pose(from_rad, node_.ring_m));
        path.append((to_rad - from_rad) * node_.ring_m, 1.0 / node_.ring_m);
        return path;
    }

    Profile lane_offset() const { return {{0, 0.5 * kRingLane_m, 0, 0, 0}}; }

    // Lanes of the ring: its lane, the strip to the kerb, pavement; inside an apron.
    static std::vector<LaneJoin> ring_lanes(bool pavement) {
        std::vector<LaneJoin> lanes;
        const auto constant = [](double width) { return Profile{{0, width, 0, 0, 0}}; };
        lanes.push_back({plain_lane(2, LaneType::kBorder, constant(kApron_m), kPavement_m), 2, 2});
        lanes.push_back({plain_lane(1, LaneType::kShoulder, constant(kApronGap_m)), 1, 1});
        lanes.push_back({plain_lane(kRingDriving, LaneType::kDriving, constant(kRingLane_m)),
                         kRingDriving, kRingDriving});
        if (pavement) {
            lanes.push_back(
                {plain_lane(kRingGutter, LaneType::kShoulder, constant(kGutter_m)), 0, 0});
            lanes.push_back(
                {plain_lane(kRingPavement, LaneType::kSidewalk, constant(kRingWalk_m), kPavement_m),
                 0, 0});
        }
        return lanes;
    }

    void add_ring_road(std::size_t k) {
        const Arm &from = node_.arms[k], &to = node_.arms[(k + 1) % node_.arms.size()];
        double gap = to.angle_rad - from.angle_rad;
        if (gap <= 0) gap += 2 * math::kPi;
        const Path path = arc(from.angle_rad + kRingBeta_rad, from.angle_rad + gap - kRingBeta_rad);
        Road road;
        roads_[k] = static_cast<std::uint32_t>(emitter_.model.roads.size());
        road.id = std::to_string(roads_[k]);
        road.name = "Roundabout";
        road.length_m = path.length_m();
        road.plan = path.plan();
        road.elevation = {{0, node_.z_m, 0, 0, 0}};
        road.lane_offset = lane_offset();
        road.types.push_back({0, "town", emitter_.style.country, kRingSpeed_mps});
        LaneSection section;
        for (const LaneJoin& join : ring_lanes(true)) {
            if (join.lane.id == kRingDriving) section.lanes.push_back(ModelLane{});
            section.lanes.push_back(join.lane);
            if (join.lane.id == kRingDriving) {
                section.lanes.back().speeds.push_back({0, kRingSpeed_mps});
            }
        }
        road.sections.push_back(std::move(section));
        emitter_.model.roads.push_back(std::move(road));
    }

    ArmJunction begin_junction(std::size_t k) {
        const Arm& arm = node_.arms[k];
        const std::size_t before = (k + roads_.size() - 1) % roads_.size();
        return {arm,
                emitter_.add_junction("Roundabout"),
                {roads_[before], ContactPoint::kEnd},
                {roads_[k], ContactPoint::kStart},
                arm.angle_rad - kRingBeta_rad,
                arm.angle_rad + kRingBeta_rad};
    }

    void add_ring_connection(ArmJunction& at) {
        at.ring_road =
            emitter_.add_connection(at.junction, arc(at.in_rad, at.out_rad), node_.z_m, at.ring_in,
                                    at.ring_out, ring_lanes(false), lane_offset(), kRingSpeed_mps);
    }

    // Lanes from the arm into the ring; who is on the ring goes first.
    bool add_entries(const ArmJunction& at) {
        RoadModel& model = emitter_.model;
        const Pose2 ring = ring_pose(at.out_rad, node_.ring_m);
        for (const ArmLane& in : at.arm.in) {
            const Pose2 from{emitter_.layout.arm_point(node_, at.arm, at.arm.cut_m, in.offset_m),
                             math::wrap_angle(at.arm.angle_rad + math::kPi), 0};
            const auto path =
                Path::between(from, {ring.p, ring.heading_rad, 0}, kWidestTurn_m, kLeastTurn_m);
            if (!path) return false;
            const std::uint32_t entry = emitter_.add_turn(
                at.junction, *path, node_.z_m, {emitter_.end_of(at.arm), in.id, in.width_m},
                {at.ring_out, kRingDriving, kRingLane_m}, kRingSpeed_mps);
            model.junctions[at.junction].priorities.push_back(
                {model.roads[at.ring_road].id, model.roads[entry].id, at.ring_road, entry});
        }
        return true;
    }

    bool add_exits(const ArmJunction& at) {
        const Pose2 ring = ring_pose(at.in_rad, node_.ring_m);
        for (const ArmLane& out : at.arm.out) {
            const Pose2 to{emitter_.layout.arm_point(node_, at.arm, at.arm.cut_m, out.offset_m),
                           at.arm.angle_rad, 0};
            const auto path =
                Path::between({ring.p, ring.heading_rad, 0}, to, kWidestTurn_m, kLeastTurn_m);
            if (!path) return false;
            emitter_.add_turn(at.junction, *path, node_.z_m,
                              {at.ring_in, kRingDriving, kRingLane_m},
                              {emitter_.end_of(at.arm), out.id, out.width_m}, kRingSpeed_mps);
        }
        return true;
    }

    Emitter::KerbEnd ring_kerb(double angle_rad, const End& road) const {
        Emitter::KerbEnd out;
        const Pose2 q = ring_pose(angle_rad, node_.ring_m + 0.5 * kRingLane_m + kGutter_m);
        out.kerb = {q.p, q.heading_rad, 0};
        out.road = road;
        out.walk_m = kRingWalk_m;
        out.gutter_m = kGutter_m;
        out.walk_lane = kRingPavement;
        out.gutter_lane = kRingGutter;
        return out;
    }

    // From the arm to the ring, and from the ring to the arm.
    bool add_pavements(const ArmJunction& at) {
        return emitter_.add_corner(at.junction, node_.z_m, emitter_.kerb_end(at.arm, true, node_),
                                   ring_kerb(at.out_rad, at.ring_out), kRingCorner_m) &&
               emitter_.add_corner(at.junction, node_.z_m, ring_kerb(at.in_rad, at.ring_in),
                                   emitter_.kerb_end(at.arm, false, node_), kRingCorner_m);
    }

    Emitter& emitter_;
    const Node& node_;
    std::vector<std::uint32_t> roads_;
};

}  // namespace

double roundabout_cut_m(const Node& node, const Arm& arm) {
    // The entry's lane meets the ring's tangent where its junction ends.
    double lane = 0;
    for (const auto* lanes : {&arm.in, &arm.out}) {
        for (const ArmLane& l : *lanes) lane = std::max(lane, std::abs(l.offset_m));
    }
    const double c = std::cos(kRingBeta_rad), s = std::sin(kRingBeta_rad);
    const double back = (node.ring_m * s - 0.5 * lane) / c;
    return node.ring_m * c + back * s + back + 1.5;
}

bool Emitter::add_roundabout(std::uint32_t index) {
    return Roundabout(*this, layout.nodes[index]).build("roundabout" + std::to_string(index));
}

}  // namespace huntsman::scenarios::town
