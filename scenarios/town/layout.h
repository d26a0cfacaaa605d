// The town's plan before it becomes lanes: streets between junctions, their cross-sections and the
// corners at which kerbs meet.
//
// Along a street s runs from its first junction's centre to its last one's; offsets are to the left
// of that direction. An arm is a street's end at a junction, looked at outwards from the centre.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/core/random.h"
#include "engine/world/road_network.h"
#include "scenarios/town/path.h"

namespace huntsman::scenarios::town {

constexpr double kGutter_m = 0.25;    // between the outer lane's edge and the kerb
constexpr double kBay_m = 2.2;        // width of a parking strip
constexpr double kPlace_m = 6.0;      // length of a parking place
constexpr double kBayTaper_m = 1.5;   // over which the kerb comes out again
constexpr double kPavement_m = 0.12;  // height of pavements over the road
constexpr double kDropped_m = 0.02;   // height of the kerb where people cross
constexpr double kCrossingWidth_m = 3.0;
constexpr double kStopGap_m = 1.0;      // stop line before the crossing
constexpr double kOuterCorner_m = 2.0;  // radius of the pavements' outer corners
constexpr double kCrossingGap_m = 0.5;  // crossing from the junction's edge

struct Span {
    double begin_m = 0, end_m = 0;
};

// What lies beside the lanes on one side of a street.
struct Side {
    double outer_m = 0;      // centre line to the pavement's outer edge
    std::vector<Span> bays;  // where the kerb steps back for parked vehicles
};

struct Street {
    std::uint32_t from = 0, to = 0;  // junction nodes
    Path path;
    double begin_m = 0, end_m = 0;  // where the junctions' areas end
    bool arterial = false;
    int lanes = 1;  // of each direction
    double lane_width_m = 3.4;
    double speed_limit_mps = 13.9;
    Side left, right;
    std::vector<double> zebras_m;                 // centres of crossings between the junctions
    std::vector<engine::world::LaneId> forward;   // innermost lane first
    std::vector<engine::world::LaneId> backward;  // innermost lane first

    double kerb_m() const { return lanes * lane_width_m + kGutter_m; }
    // Distance of the kerb from the centre line, with the bays.
    double kerb_m(const Side& side, double s_m) const;
    const Side& side(bool left_side) const { return left_side ? left : right; }
};

struct Arm {
    std::uint32_t street = 0;
    bool at_start = true;  // of the street
    double angle_rad = 0;  // outwards
    Vec2 u{1, 0};          // outwards
    double cut_m = 0;      // distance from the centre where the street's lanes end
    bool main = false;     // has way over arms that are not
    bool crossing = false;
    engine::world::Control control = engine::world::Control::kUncontrolled;
    std::vector<engine::world::LaneId> in, out;  // innermost first

    double crossing_m() const { return cut_m + kCrossingGap_m + 0.5 * kCrossingWidth_m; }
    double stop_m() const {  // distance of the stop line
        return cut_m + kStopGap_m + (crossing ? kCrossingGap_m + kCrossingWidth_m : 0.0);
    }
};

struct Node {
    Vec2 p{0, 0};
    std::vector<Arm> arms;  // counter-clockwise
    bool signalled = false;
};

struct Layout {
    std::vector<Node> nodes;  // junctions: three or four arms
    std::vector<Street> streets;

    const Side& arm_side(const Arm& arm, bool left) const {
        const Street& street = streets[arm.street];
        return arm.at_start == left ? street.left : street.right;
    }
    // The point at a distance along an arm, offset to the left of the outward direction.
    Vec2 arm_point(const Node& node, const Arm& arm, double along_m, double left_m) const {
        return node.p + along_m * arm.u + left_m * engine::math::perp(arm.u);
    }
    // A line around the corner between arm `corner` and the next one counter-clockwise, from
    // distance `from_m` on the first, `left_m` to its left, to `to_m` on the next, `right_m` to its
    // right; rounded by `radius_m`. Points at most 0.8 m apart on the arc.
    std::vector<Vec2> corner_line(const Node& node, std::size_t corner, double from_m,
                                  double left_m, double to_m, double right_m,
                                  double radius_m) const;
    double corner_radius_m(const Node& node, std::size_t corner) const;
};

// A plan that passes all checks of its geometry. Tries again with other draws where one fails;
// nothing when too many fail, which sizes of 300 m and more never met.
std::optional<Layout> make_layout(const engine::core::Key& key, double size_m);

}  // namespace huntsman::scenarios::town
