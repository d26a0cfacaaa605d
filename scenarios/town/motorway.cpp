#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using engine::world::kNone;

namespace {

constexpr double kNorth_m = 130.0;   // of the motorway beyond the town's last street
constexpr double kRadius_m = 120.0;  // of its corners
constexpr double kGore_m = 80.0;     // length over which a ramp leaves or joins
constexpr double kGoreAt_m = 240.0;  // its near end from the interchange's middle
constexpr double kRise_m = 190.0;    // over which the motorway climbs to its bridge
constexpr double kBridgeHalf_m = 28.0;
constexpr double kClearance_m = 6.6;   // of its deck over the road below
constexpr double kRampAside_m = 27.0;  // of the ramps' straight parts
constexpr double kRampOut_m = 15.0;    // of a ramp where it begins

// The arterial street's end at a node: a node at the town's edge that an arterial reaches from
// inside. Its other arms lie along the edge.
std::uint32_t outermost(const Layout& layout, const Vec2& towards) {
    std::uint32_t best = kNone;
    double far = -1e30;
    for (std::uint32_t n = 0; n < layout.nodes.size(); ++n) {
        int arterials = 0, arms = 0;
        bool straight = false;
        for (const Street& street : layout.streets) {
            if (street.from != n && street.to != n) continue;
            ++arms;
            if (street.kind != StreetKind::kArterial) continue;
            ++arterials;
            const Pose2 q = street.from == n ? street.path.start() : street.path.end().reversed();
            straight = straight || glm::dot(q.along(), towards) < -0.8;
        }
        const double reach = glm::dot(layout.nodes[n].p, towards);
        const bool fits = arterials == 1 && straight && arms == 3 &&
                          layout.nodes[n].kind == Node::Kind::kCrossing;
        if (fits && reach > far) {
            far = reach;
            best = n;
        }
    }
    return best;
}

}  // namespace

bool add_motorway(Layout& layout, double size_m) {
    const std::uint32_t east = outermost(layout, {1, 0});
    const std::uint32_t west = outermost(layout, {-1, 0});
    const std::uint32_t north = outermost(layout, {0, 1});
    if (east == kNone || west == kNone || north == kNone || east == west) return false;
    const Vec2 top = layout.nodes[north].p;
    if (top.y < 0.3 * size_m) return false;

    // Out to the east, back along the north, in from the west.
    const double tangent = kRadius_m * unit_tangent_m(0.5 * math::kPi);
    const double need = std::abs(top.x) + kGoreAt_m + kGore_m + 40.0 + tangent;
    const double x = std::max(need, 0.5 * size_m + 60.0), y = 0.5 * size_m + kNorth_m;
    const Vec2 e = layout.nodes[east].p, w = layout.nodes[west].p;
    const auto path = Path::rounded({e, {x, e.y}, {x, y}, {-x, y}, {-x, w.y}, w},
                                    std::vector<double>(4, kRadius_m), 40.0, 60.0);
    if (!path) return false;

    // Where the interchange's middle lies on it.
    double middle = 0, nearest = 1e30;
    for (double s = 0; s < path->length_m(); s += 1.0) {
        const Vec2 p = path->at(s).p;
        if (std::abs(p.y - y) < 0.01 && std::abs(p.x - top.x) < nearest) {
            nearest = std::abs(p.x - top.x);
            middle = s;
        }
    }
    middle += path->at(middle).p.x - top.x;  // it runs westwards here

    // Nodes: the two gores, and where the ramps meet the street below.
    const auto add_node = [&](const Vec2& p, Node::Kind kind) {
        Node node;
        node.p = p;
        node.kind = kind;
        layout.nodes.push_back(node);
        return static_cast<std::uint32_t>(layout.nodes.size() - 1);
    };
    const double first = middle - kGoreAt_m - kGore_m, second = middle + kGoreAt_m;
    const std::uint32_t gore_a = add_node(path->at(first + 0.5 * kGore_m).p, Node::Kind::kGore);
    const std::uint32_t gore_b = add_node(path->at(second + 0.5 * kGore_m).p, Node::Kind::kGore);
    const std::uint32_t near = add_node({top.x, y - kRampAside_m}, Node::Kind::kCrossing);
    const std::uint32_t far = add_node({top.x, y + kRampAside_m}, Node::Kind::kCrossing);

    const auto add_street = [&](std::uint32_t from, std::uint32_t to, StreetKind kind,
                                const Path& line) -> Street& {
        Street street;
        street.from = from;
        street.to = to;
        street.kind = kind;
        street.path = line;
        layout.streets.push_back(std::move(street));
        return layout.streets.back();
    };
    // The motorway in three stretches of one line.
    add_street(east, gore_a, StreetKind::kMotorway, *path).end_m = first;
    {
        Street& bridge = add_street(gore_a, gore_b, StreetKind::kMotorway, *path);
        bridge.begin_m = first + kGore_m;
        bridge.end_m = second;
        // Up, level over the street, down.
        const double up = middle - kBridgeHalf_m - kRise_m - bridge.begin_m;
        const auto rise = [](double s, double from, double by, double length) {
            return engine::world::Cubic{s, from, 0, 3 * by / (length * length),
                                        -2 * by / (length * length * length)};
        };
        bridge.elevation = {
            {0, 0, 0, 0, 0},
            rise(up, 0, kClearance_m, kRise_m),
            {up + kRise_m, kClearance_m, 0, 0, 0},
            rise(up + kRise_m + 2 * kBridgeHalf_m, kClearance_m, -kClearance_m, kRise_m),
            {up + 2 * kRise_m + 2 * kBridgeHalf_m, 0, 0, 0, 0}};
    }
    add_street(gore_b, west, StreetKind::kMotorway, *path).begin_m = second + kGore_m;

    // The street from the town to the ramps, passing below.
    const auto line = [](const Vec2& a, const Vec2& b) {
        const Vec2 d = b - a;
        Path out(Pose2{a, std::atan2(d.y, d.x), 0});
        out.append(glm::length(d), 0.0);
        return out;
    };
    add_street(north, near, StreetKind::kArterial, line(top, layout.nodes[near].p));
    add_street(near, far, StreetKind::kArterial, line(layout.nodes[near].p, layout.nodes[far].p));

    // Ramps. Westbound traffic is on the far side: it leaves at the first gore.
    const auto spot = [&](double s, double aside) { return path->at(s).left(aside); };
    const auto ramp = [&](double gore_end, double sign, double side) {
        // From the gore towards the node: `sign` is the direction along the motorway.
        return std::vector<Vec2>{spot(gore_end, side * kRampOut_m),
                                 spot(gore_end + sign * 40.0, side * kRampOut_m),
                                 spot(gore_end + sign * 110.0, side * kRampAside_m),
                                 layout.nodes[side < 0 ? far : near].p};
    };
    const std::vector<double> radii{150.0, 150.0};
    const auto add_ramp = [&](std::uint32_t gore, std::uint32_t node, std::vector<Vec2> points,
                              bool off) {
        if (!off) std::reverse(points.begin(), points.end());
        const auto way = Path::rounded(points, radii, 5.0, 60.0);
        if (!way) return false;
        add_street(off ? gore : node, off ? node : gore, StreetKind::kRamp, *way);
        return true;
    };
    return add_ramp(gore_a, far, ramp(first + kGore_m, 1, -1), true) &&
           add_ramp(gore_b, far, ramp(second, -1, -1), false) &&
           add_ramp(gore_b, near, ramp(second, -1, 1), true) &&
           add_ramp(gore_a, near, ramp(first + kGore_m, 1, 1), false);
}

}  // namespace huntsman::scenarios::town
