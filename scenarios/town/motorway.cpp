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

Path straight(const Vec2& a, const Vec2& b) {
    const Vec2 d = b - a;
    Path out(Pose2{a, std::atan2(d.y, d.x), 0});
    out.append(glm::length(d), 0.0);
    return out;
}

// The motorway around the town, its interchange and the street that leads there.
class Motorway {
  public:
    Motorway(Layout& layout, double size_m) : layout_(layout), size_m_(size_m) {}

    // False where the town has no streets that it could join, or too little room.
    bool add() {
        if (!find_ends() || !lay_line()) return false;
        add_nodes();
        add_carriageways();
        // The street from the town to the ramps, passing below.
        add_street(north_, near_, StreetKind::kArterial, straight(top_, layout_.nodes[near_].p));
        add_street(near_, far_, StreetKind::kArterial,
                   straight(layout_.nodes[near_].p, layout_.nodes[far_].p));
        return add_ramps();
    }

  private:
    // The street ends where it joins the town, and those of the street to its interchange.
    bool find_ends() {
        east_ = outermost(layout_, {1, 0});
        west_ = outermost(layout_, {-1, 0});
        north_ = outermost(layout_, {0, 1});
        if (east_ == kNone || west_ == kNone || north_ == kNone || east_ == west_) return false;
        top_ = layout_.nodes[north_].p;
        return top_.y >= 0.3 * size_m_;
    }

    // Out to the east, back along the north, in from the west.
    bool lay_line() {
        const double tangent = kRadius_m * unit_tangent_m(0.5 * math::kPi);
        const double need = std::abs(top_.x) + kGoreAt_m + kGore_m + 40.0 + tangent;
        const double x = std::max(need, 0.5 * size_m_ + 60.0);
        north_m_ = 0.5 * size_m_ + kNorth_m;
        const Vec2 e = layout_.nodes[east_].p, w = layout_.nodes[west_].p;
        const auto path = Path::rounded({e, {x, e.y}, {x, north_m_}, {-x, north_m_}, {-x, w.y}, w},
                                        std::vector<double>(4, kRadius_m), 40.0, 60.0);
        if (!path) return false;
        line_ = *path;
        const double middle = interchange_m();
        first_gore_m_ = middle - kGoreAt_m - kGore_m;
        second_gore_m_ = middle + kGoreAt_m;
        bridge_m_ = middle - kBridgeHalf_m;
        return true;
    }

    // The interchange's middle, along the line.
    double interchange_m() const {
        double middle = 0, nearest = 1e30;
        for (double s = 0; s < line_.length_m(); s += 1.0) {
            const Vec2 p = line_.at(s).p;
            if (std::abs(p.y - north_m_) < 0.01 && std::abs(p.x - top_.x) < nearest) {
                nearest = std::abs(p.x - top_.x);
                middle = s;
            }
        }
        return middle + (line_.at(middle).p.x - top_.x);  // it runs westwards here
    }

    std::uint32_t add_node(const Vec2& p, Node::Kind kind) {
        Node node;
        node.p = p;
        node.kind = kind;
        layout_.nodes.push_back(node);
        return static_cast<std::uint32_t>(layout_.nodes.size() - 1);
    }

    // The two gores, and where the ramps meet the street below.
    void add_nodes() {
        gore_a_ = add_node(line_.at(first_gore_m_ + 0.5 * kGore_m).p, Node::Kind::kGore);
        gore_b_ = add_node(line_.at(second_gore_m_ + 0.5 * kGore_m).p, Node::Kind::kGore);
        near_ = add_node({top_.x, north_m_ - kRampAside_m}, Node::Kind::kCrossing);
        far_ = add_node({top_.x, north_m_ + kRampAside_m}, Node::Kind::kCrossing);
    }

    Street& add_street(std::uint32_t from, std::uint32_t to, StreetKind kind, const Path& line) {
        Street street;
        street.from = from;
        street.to = to;
        street.kind = kind;
        street.path = line;
        layout_.streets.push_back(std::move(street));
        return layout_.streets.back();
    }

    // Three stretches of one line.
    void add_carriageways() {
        add_street(east_, gore_a_, StreetKind::kMotorway, line_).end_m = first_gore_m_;
        Street& bridge = add_street(gore_a_, gore_b_, StreetKind::kMotorway, line_);
        bridge.begin_m = first_gore_m_ + kGore_m;
        bridge.end_m = second_gore_m_;
        // Up, level over the street, down.
        const double up = bridge_m_ - kRise_m - bridge.begin_m;
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
        add_street(gore_b_, west_, StreetKind::kMotorway, line_).begin_m = second_gore_m_ + kGore_m;
    }

    // Westbound traffic is on the far side: it leaves at the first gore.
    bool add_ramps() {
        const double first = first_gore_m_ + kGore_m, second = second_gore_m_;
        return add_ramp(gore_a_, far_, ramp_points(first, 1, -1), true) &&
               add_ramp(gore_b_, far_, ramp_points(second, -1, -1), false) &&
               add_ramp(gore_b_, near_, ramp_points(second, -1, 1), true) &&
               add_ramp(gore_a_, near_, ramp_points(first, 1, 1), false);
    }

    // From the gore towards the node: `sign` is the direction along the motorway, `side` 1 to its
    // left and -1 to its right.
    std::vector<Vec2> ramp_points(double gore_end_m, double sign, double side) const {
        const auto spot = [&](double s, double aside) { return line_.at(s).left(aside); };
        return {spot(gore_end_m, side * kRampOut_m),
                spot(gore_end_m + sign * 40.0, side * kRampOut_m),
                spot(gore_end_m + sign * 110.0, side * kRampAside_m),
                layout_.nodes[side < 0 ? far_ : near_].p};
    }

    bool add_ramp(std::uint32_t gore, std::uint32_t node, std::vector<Vec2> points, bool off) {
        if (!off) std::reverse(points.begin(), points.end());
        const auto way = Path::rounded(points, {150.0, 150.0}, 5.0, 60.0);
        if (!way) return false;
        add_street(off ? gore : node, off ? node : gore, StreetKind::kRamp, *way);
        return true;
    }

    Layout& layout_;
    double size_m_;
    std::uint32_t east_ = kNone, west_ = kNone, north_ = kNone;  // nodes of the town
    std::uint32_t gore_a_ = kNone, gore_b_ = kNone, near_ = kNone, far_ = kNone;
    Vec2 top_{0, 0};      // of the node in the north
    double north_m_ = 0;  // y of the motorway's northern side
    Path line_;
    double first_gore_m_ = 0, second_gore_m_ = 0;  // where the gores begin, along the line
    double bridge_m_ = 0;                          // where the bridge begins
};

}  // namespace

bool add_motorway(Layout& layout, double size_m) { return Motorway(layout, size_m).add(); }

}  // namespace huntsman::scenarios::town
