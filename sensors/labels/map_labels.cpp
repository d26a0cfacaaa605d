#include "sensors/labels/map_labels.h"

#include <cmath>
#include <set>

#include "engine/core/check.h"
#include "engine/math/geometry.h"
#include "engine/road/lane_curve.h"

namespace huntsman::sensors::labels {

using engine::world::Lane;
using engine::world::MarkType;
using engine::world::World;

namespace {

bool near(const Vec3& a, const Vec3& b, double range_m) {
    return glm::length(engine::math::xy(a - b)) <= range_m;
}

const char* name(MarkType type) {
    switch (type) {
        case MarkType::kUnmarked:
            return "none";
        case MarkType::kSolid:
            return "solid";
        case MarkType::kBroken:
            return "broken";
        case MarkType::kSolidSolid:
            return "solid_solid";
        case MarkType::kSolidBroken:
            return "solid_broken";
        case MarkType::kBrokenSolid:
            return "broken_solid";
        case MarkType::kBrokenBroken:
            return "broken_broken";
        case MarkType::kBottsDots:
            return "botts_dots";
        case MarkType::kGrass:
            return "grass";
        case MarkType::kCurb:
            return "kerb";
        case MarkType::kCustom:
            return "custom";
        case MarkType::kEdge:
            return "edge";
        case MarkType::kCount:
            break;
    }
    HM_CHECK(false, "mark type {}", static_cast<int>(type));
}

// The mark on the outer border of a lane of the road model, in the middle of its section.
std::string outer_mark(const engine::world::LaneSection& section, int lane, double middle_m) {
    std::string mark = "none";
    for (const auto& model : section.lanes) {
        if (model.id != lane) continue;
        for (const auto& m : model.marks) {
            if (m.s_offset_m <= middle_m || mark == "none") mark = name(m.type);
        }
    }
    return mark;
}

// The marks on both sides. A lane's outer border is on its right where traffic keeps right.
void add_marks(const World& world, const Lane& lane, LaneLabel& label) {
    label.left_mark = label.right_mark = "none";
    if (lane.in_junction() || lane.road >= world.road_model.roads.size()) return;
    const auto& road = world.road_model.roads[lane.road];
    if (lane.section >= road.sections.size() || lane.model_lane == 0) return;
    const auto& section = road.sections[lane.section];
    const double end = lane.section + 1 < road.sections.size() ? road.sections[lane.section + 1].s_m
                                                               : road.length_m;
    const double middle = 0.5 * (end - section.s_m);
    const int inner = lane.model_lane > 0 ? lane.model_lane - 1 : lane.model_lane + 1;
    const std::string outside = outer_mark(section, lane.model_lane, middle);
    const std::string inside = outer_mark(section, inner, middle);
    label.left_mark = road.left_hand ? outside : inside;
    label.right_mark = road.left_hand ? inside : outside;
}

}  // namespace

std::vector<LaneLabel> label_lanes(const World& world, const Vec3& p_W, double range_m,
                                   std::span<const SignalLabel> signals) {
    std::set<engine::world::LaneId> governed;
    for (const SignalLabel& signal : signals) {
        governed.insert(signal.governs.begin(), signal.governs.end());
    }
    std::vector<LaneLabel> labels;
    for (const Lane& lane : world.roads.lanes) {
        const bool reaches = std::any_of(lane.samples.begin(), lane.samples.end(),
                                         [&](const auto& s) { return near(s.p, p_W, range_m); });
        if (!reaches && !governed.contains(lane.id)) continue;
        LaneLabel label{.lane = lane.id,
                        .kind = lane.kind,
                        .in_junction = lane.in_junction(),
                        .turn = lane.turn,
                        .speed_limit_mps = lane.speed_limit_mps,
                        .successors = lane.successors,
                        .predecessors = lane.predecessors,
                        .left = lane.left,
                        .right = lane.right};
        // Points at most 2 m apart.
        const int steps = std::max(1, static_cast<int>(std::ceil(lane.length_m / 2.0)));
        for (int i = 0; i <= steps; ++i) {
            const auto at = engine::road::lane_at(lane, lane.length_m * i / steps);
            const Vec3 left(engine::math::perp(engine::math::direction(at.heading_rad)), 0);
            label.centre_W.push_back(at.p);
            label.left_W.push_back(at.p + 0.5 * at.width_m * left);
            label.right_W.push_back(at.p - 0.5 * at.width_m * left);
        }
        add_marks(world, lane, label);
        labels.push_back(std::move(label));
    }
    return labels;
}

std::vector<MarkLabel> label_marks(const World& world, const Vec3& p_W, double range_m) {
    std::vector<MarkLabel> labels;
    for (const auto& symbol : world.road_symbols) {
        if (symbol.outline_W.empty() || !near(symbol.outline_W.front(), p_W, range_m)) continue;
        labels.push_back({symbol.type, symbol.outline_W});
    }
    return labels;
}

std::vector<SignalLabel> label_signals(const World& world, const engine::world::State& state,
                                       double range_m) {
    std::vector<SignalLabel> labels;
    const Vec3& ego_W = state.actors.front().X_WB.p;
    for (std::uint32_t i = 0; i < world.roads.signal_heads.size(); ++i) {
        const auto& head = world.roads.signal_heads[i];
        if (!near(head.p, ego_W, range_m)) continue;
        const bool grouped = head.group < world.roads.signal_groups.size();
        labels.push_back(
            {.head = i,
             .object = head.object,
             .p_W = head.p,
             .heading_rad = head.heading_rad,
             .width_m = head.width_m,
             .height_m = head.height_m,
             .for_pedestrians = grouped && world.roads.signal_groups[head.group].for_pedestrians,
             .aspect = head.group < state.signals.size() ? state.signals[head.group]
                                                         : engine::world::Aspect::kOff,
             .governs = head.governs});
    }
    return labels;
}

std::vector<SignLabel> label_signs(const World& world, const Vec3& p_W, double range_m) {
    std::vector<SignLabel> labels;
    for (const auto& plate : world.sign_plates) {
        if (!near(plate.p_W, p_W, range_m)) continue;
        SignLabel label{.object = plate.object,
                        .p_W = plate.p_W,
                        .heading_rad = plate.heading_rad,
                        .meaning = plate.meaning};
        if (plate.road < world.road_model.roads.size()) {
            const auto& signals = world.road_model.roads[plate.road].signals;
            if (plate.signal < signals.size()) {
                const auto& s = signals[plate.signal];
                label.type =
                    s.subtype.empty() || s.subtype == "-1" ? s.type : s.type + "-" + s.subtype;
            }
        }
        labels.push_back(std::move(label));
    }
    return labels;
}

}  // namespace huntsman::sensors::labels
