// The town's plan before it becomes a road model: streets between nodes, their cross-sections, and
// how each node joins its arms.
//
// All is laid out for traffic that drives on the right; the model of a left-hand town is mirrored
// at its end. Along a street s runs on its path from the first node to the last one; offsets are to
// the left. An arm is a street's end at a node, looked at outwards from the node's centre.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/world/road_model.h"
#include "engine/world/road_network.h"
#include "scenarios/town/path.h"
#include "scenarios/town/town.h"

namespace huntsman::scenarios::town {

constexpr double kGutter_m = 0.25;    // between the outer lane's edge and the kerb
constexpr double kBay_m = 2.2;        // width of a parking strip
constexpr double kPlace_m = 6.0;      // length of a parking place
constexpr double kBayTaper_m = 2.0;   // over which the kerb comes out again
constexpr double kPavement_m = 0.12;  // height of pavements over the road
constexpr double kCrossingWidth_m = 3.0;
constexpr double kStopGap_m = 1.0;      // stop line before the crossing
constexpr double kCrossingGap_m = 0.5;  // crossing from the junction's edge

struct Span {
    double begin_m = 0, end_m = 0;
};

// One lane of a cross-section.
struct Strip {
    engine::world::LaneType type = engine::world::LaneType::kDriving;
    double width_m = 3.4;
    double height_m = 0;  // over the road
};

// What lies on one side of a street's middle line, from the inside out.
struct Side {
    std::vector<Strip> strips;
    std::vector<Span> bays;  // where the parking strip is open; it has no width elsewhere

    // Distances from the middle line, the parking strip closed [m].
    double kerb_m() const;   // to the first raised strip beyond the lanes
    double outer_m() const;  // to the outer edge of all
    int driven() const;      // number of driving lanes
};

enum class StreetKind { kLocal, kOneWay, kArterial, kMotorway, kRamp };

// A stretch on which one side's lanes make room for roadworks.
struct Works {
    Span span;  // of full width
    double width_m = 1.3;
};

struct Street {
    std::uint32_t from = 0, to = 0;  // nodes
    StreetKind kind = StreetKind::kLocal;
    Path path;
    double begin_m = 0, end_m = 0;  // where the nodes' areas end
    double middle_m = 0;            // of lane 0, to the left of the path
    double speed_limit_mps = 13.9;
    Side left, right;
    std::vector<double> zebras_m;  // centres of crossings between the nodes
    std::optional<Works> works;    // on the right side
    bool bus_stops = false;
    engine::world::Profile elevation;           // over s - begin_m; empty: from node to node
    std::uint32_t road = engine::world::kNone;  // in the model

    double length_m() const { return end_m - begin_m; }
    bool arterial() const { return kind == StreetKind::kArterial; }
};

// A driving lane where it ends or begins at a node.
struct ArmLane {
    int id = 0;           // in the street's road
    double offset_m = 0;  // of its centre, left of the outward direction
    double width_m = 0;
};

struct Arm {
    std::uint32_t street = 0;
    bool at_start = true;  // of the street
    double angle_rad = 0;  // outwards
    Vec2 u{1, 0};          // outwards
    double cut_m = 0;      // distance from the centre where the street's road ends
    // Distances from the arm's axis, seen outwards.
    double left_kerb_m = 0, right_kerb_m = 0, left_outer_m = 0, right_outer_m = 0;
    std::vector<ArmLane> in, out;  // innermost first
    bool main = false;             // has way over arms that are not
    bool crossing = false;
    engine::world::Control control = engine::world::Control::kUncontrolled;

    double stop_m() const {  // distance of the stop line
        return cut_m + kStopGap_m + (crossing ? kCrossingGap_m + kCrossingWidth_m : 0.0);
    }
};

struct Node {
    enum class Kind { kCrossing, kRoundabout, kDeadEnd, kGore };
    Kind kind = Kind::kCrossing;
    Vec2 p{0, 0};
    double z_m = 0;
    std::vector<Arm> arms;  // counter-clockwise
    bool signalled = false;
    bool equal = false;  // right before left
    double ring_m = 0;   // radius of a roundabout's lane
};

struct Layout {
    std::vector<Node> nodes;
    std::vector<Street> streets;
    // A railway on a viaduct across the town, if any.
    std::optional<Path> railway;

    Vec2 arm_point(const Node& node, const Arm& arm, double along_m, double left_m) const {
        return node.p + along_m * arm.u + left_m * engine::math::perp(arm.u);
    }
};

// What the parameters leave open is drawn from the key first (see town.h), so that a plan and its
// dressing agree.
std::optional<Layout> make_layout(const engine::core::Key& key, const TownStyle& style,
                                  double size_m);

double corner_radius_m(const Layout& layout, const Node& node, std::size_t corner);

}  // namespace huntsman::scenarios::town
