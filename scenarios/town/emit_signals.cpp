#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "engine/math/geometry.h"
#include "engine/road/plan_piece.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

namespace {

constexpr double kLowHead_m = 2.45, kOverhead_m = 5.1;  // lower edge of signal heads
constexpr double kWalkHead_m = 2.05;
constexpr double kReadFrom_m = 0.2;  // of the reference on the arm, beyond its end

bool opposite(const Arm& a, const Arm& b) { return glm::dot(a.u, b.u) < -0.7; }

double heading_at(const Road& road, double s_m) {
    const PlanPiece* piece = &road.plan[0];
    for (const PlanPiece& next : road.plan) {
        if (next.s_m <= s_m) piece = &next;
    }
    return engine::road::plan_point(*piece, s_m - piece->s_m).heading_rad;
}

// The signal heads of one junction and the controllers that switch them.
class JunctionSignals {
  public:
    JunctionSignals(Emitter& emitter, const Node& node)
        : emitter_(emitter),
          node_(node),
          junction_(static_cast<std::uint32_t>(emitter.model.junctions.size() - 1)) {}

    void add_heads(const Arm& arm) {
        add_near_head(arm);
        if (arm.crossing) add_walk_heads(arm);
        if (!add_far_heads(arm) && !arm.in.empty()) add_corner_head(arm);
    }

    // Controllers in this order switch one after the other.
    void add_controllers() {
        const char* const names[] = {"main road", "side road", "people over the main road",
                                     "people over the side road"};
        RoadModel& model = emitter_.model;
        for (int g = 0; g < 4; ++g) {
            if (groups_[g].empty()) continue;
            SignalController controller;
            controller.id = std::to_string(model.controllers.size());
            controller.name = names[g];
            for (const std::string& id : groups_[g]) controller.controls.push_back({id, ""});
            model.junctions[junction_].controllers.push_back({controller.id, "", g});
            model.controllers.push_back(std::move(controller));
        }
    }

  private:
    static std::size_t axis(const Arm& arm) { return arm.main ? 0 : 1; }
    // Ahead of who waits; without a crossing the road ends at the line.
    static double pole_m(const Arm& arm) { return arm.crossing ? arm.stop_m() - 0.6 : arm.cut_m; }
    std::uint32_t road_of(const Arm& arm) const { return emitter_.layout.streets[arm.street].road; }

    ModelSignal& add_lamp(std::uint32_t road, double s_m, double t_m, Orientation orientation,
                          double z_m) {
        ModelSignal& signal = emitter_.add_signal(road, s_m, t_m, orientation);
        signal.dynamic = true;
        signal.country = "OpenDRIVE";
        signal.type = "1000001";
        signal.subtype = "-1";
        signal.name = "traffic light";
        signal.z_offset_m = z_m;
        signal.width_m = 0.35;
        signal.height_m = 0.9;
        return signal;
    }

    // A head that stands elsewhere controls the traffic of an arm.
    void control(const Arm& arm, ModelSignal& head) {
        head.validity.push_back({0, 0});
        groups_[axis(arm)].push_back(head.id);
        SignalReference reference;
        reference.id = head.id;
        std::tie(reference.s_m, reference.t_m) =
            emitter_.on_road(arm, arm.cut_m + kReadFrom_m, arm.left_kerb_m + kPoleFromKerb_m);
        reference.orientation = inbound(arm);
        emitter_.model.roads[road_of(arm)].signal_references.push_back(reference);
    }

    void add_near_head(const Arm& arm) {
        if (arm.in.empty()) return;
        const auto [s, t] = emitter_.on_road(arm, pole_m(arm), arm.left_kerb_m + kPoleFromKerb_m);
        groups_[axis(arm)].push_back(add_lamp(road_of(arm), s, t, inbound(arm), kLowHead_m).id);
    }

    void add_walk_heads(const Arm& arm) {
        for (const double left :
             {arm.left_kerb_m + kPoleFromKerb_m, -(arm.right_kerb_m + kPoleFromKerb_m)}) {
            const auto [s, t] = emitter_.on_road(arm, pole_m(arm), left);
            ModelSignal& walk = add_lamp(road_of(arm), s, t, Orientation::kForward, kWalkHead_m);
            walk.type = "1000002";
            walk.name = "pedestrian light";
            walk.width_m = 0.3;
            walk.height_m = 0.6;
            // It looks across the road.
            walk.h_offset_rad = t > 0 ? 0.5 * math::kPi : -0.5 * math::kPi;
            walk.validity.push_back({0, 0});
            groups_[2 + axis(arm)].push_back(walk.id);
        }
    }

    // The heads on this arm that traffic from the opposite arms sees beyond the junction. False
    // where no arm is opposite.
    bool add_far_heads(const Arm& arm) {
        bool has_opposite = false;
        for (const Arm& other : node_.arms) {
            if (&other == &arm || !opposite(arm, other)) continue;
            has_opposite = true;
            if (other.in.empty()) continue;
            const bool wide = arm.out.size() > 1;
            const double offset = wide ? -0.5 * (arm.out.front().offset_m + arm.out.back().offset_m)
                                       : arm.right_kerb_m + kPoleFromKerb_m;
            const auto [s, t] = emitter_.on_road(arm, pole_m(arm), -std::abs(offset));
            control(other,
                    add_lamp(road_of(arm), s, t, outbound(arm), wide ? kOverhead_m : kLowHead_m));
        }
        return has_opposite;
    }

    // The head on the pavement straight ahead of a stem's traffic.
    void add_corner_head(const Arm& arm) {
        for (std::uint32_t r = 0; r < emitter_.model.roads.size(); ++r) {
            const auto at_m = kerb_ahead(arm, emitter_.model.roads[r]);
            if (!at_m) continue;
            const double heading = heading_at(emitter_.model.roads[r], *at_m);
            ModelSignal& head =
                add_lamp(r, *at_m, -kPoleFromKerb_m, Orientation::kForward, kLowHead_m);
            head.h_offset_rad = math::wrap_angle(arm.angle_rad - heading - math::kPi);
            control(arm, head);
            return;
        }
    }

    // Where the arm's axis, shifted to its traffic's right, meets the kerb of a corner beyond the
    // junction, along the corner's road.
    std::optional<double> kerb_ahead(const Arm& arm, const Road& corner) const {
        const std::uint32_t road = road_of(arm);
        if (corner.junction != junction_ || corner.predecessor.index == road ||
            corner.successor.index == road) {
            return std::nullopt;
        }
        const auto& lanes = corner.sections[0].lanes;
        if (lanes.back().type != LaneType::kSidewalk || lanes.back().id != -1) return std::nullopt;
        const PlanPiece& piece = corner.plan[0];
        const Vec2 from(piece.x_m, piece.y_m);
        const Vec2 along_corner = math::direction(piece.heading_rad);
        const Vec2 middle = from + 0.5 * corner.length_m * along_corner;
        if (glm::dot(middle - node_.p, arm.u) > -1.0) return std::nullopt;
        const Vec2 axis_point = node_.p + 1.8 * math::perp(arm.u);
        const double det = math::cross(arm.u, along_corner);
        if (std::abs(det) < 0.3) return std::nullopt;
        const double s = math::cross(axis_point - from, arm.u) / -det;
        return std::clamp(s, 0.5, corner.length_m - 0.5);
    }

    Emitter& emitter_;
    const Node& node_;
    std::uint32_t junction_;
    // Ids: vehicles of the main axis and of the other, people who cross either.
    std::vector<std::string> groups_[4];
};

}  // namespace

void Emitter::add_signals(std::uint32_t index) {
    const Node& node = layout.nodes[index];
    JunctionSignals signals(*this, node);
    for (const Arm& arm : node.arms) signals.add_heads(arm);
    signals.add_controllers();
}

}  // namespace huntsman::scenarios::town
