#include "scenarios/town/layout.h"

#include <algorithm>
#include <numeric>

#include "engine/core/dice.h"
#include "engine/math/geometry.h"
#include "scenarios/town/graph.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

using engine::core::Dice;

namespace math = engine::math;
using engine::world::kNone;
using engine::world::LaneType;

double Side::kerb_m() const {
    double sum = 0;
    for (const Strip& strip : strips) {
        // The kerb is where the first raised strip beyond the lanes begins.
        if (strip.type == LaneType::kSidewalk) break;
        if (strip.type != LaneType::kParking) sum += strip.width_m;
    }
    return sum;
}
double Side::outer_m() const {
    double sum = 0;
    for (const Strip& strip : strips) {
        if (strip.type != LaneType::kParking) sum += strip.width_m;
    }
    return sum;
}
int Side::driven() const {
    return static_cast<int>(std::count_if(strips.begin(), strips.end(), [](const Strip& strip) {
        return strip.type == LaneType::kDriving;
    }));
}

double corner_radius_m(const Layout& layout, const Node& node, std::size_t corner) {
    const auto wide = [&](const Arm& arm) {
        const StreetKind kind = layout.streets[arm.street].kind;
        return kind != StreetKind::kLocal && kind != StreetKind::kOneWay;
    };
    const Arm &a = node.arms[corner], &b = node.arms[(corner + 1) % node.arms.size()];
    return wide(a) || wide(b) ? 8.0 : 6.0;
}

void fill_arm(const Street& street, Arm& arm) {
    const Pose2 q = street.path.at(arm.at_start ? 0.0 : street.path.length_m());
    arm.angle_rad = math::wrap_angle(q.heading_rad + (arm.at_start ? 0 : math::kPi));
    arm.u = math::direction(arm.angle_rad);
    // Looking outwards, the street's left side is on the left at its start, on the right at its
    // end.
    const Side& left = arm.at_start ? street.left : street.right;
    const Side& right = arm.at_start ? street.right : street.left;
    const double middle = arm.at_start ? street.middle_m : -street.middle_m;
    arm.left_kerb_m = left.kerb_m() + middle;
    arm.right_kerb_m = right.kerb_m() - middle;
    arm.left_outer_m = left.outer_m() + middle;
    arm.right_outer_m = right.outer_m() - middle;
    // Traffic keeps to the right: what is on the left comes in.
    const auto lanes = [&](const Side& side, bool on_left) {
        std::vector<ArmLane> out;
        double inner = 0;
        int id = 0;
        for (const Strip& strip : side.strips) {
            ++id;
            const double width = strip.type == LaneType::kParking ? 0.0 : strip.width_m;
            if (strip.type == LaneType::kDriving) {
                const double offset = inner + 0.5 * width;
                const bool model_left = on_left == arm.at_start;
                out.push_back(
                    {model_left ? id : -id, (on_left ? offset : -offset) + middle, width});
            }
            inner += width;
        }
        return out;
    };
    arm.in = lanes(left, true);
    arm.out = lanes(right, false);
}

namespace {

constexpr double kReserve_m = 31.0;  // straight at a node: its area, crossing, stop line
constexpr double kRingReserve_m = 37.0;
constexpr double kLeastRadius_m = 21.0;  // of a street's middle line
constexpr double kLimits_mps[] = {30 / 3.6, 40 / 3.6, 50 / 3.6};

// Which points become roundabouts: of local streets that meet at wide angles.
std::vector<char> choose_roundabouts(const Graph& graph, Dice& dice, const TownStyle& style) {
    std::vector<char> out(graph.p.size(), 0);
    constexpr double kLeastGap_rad = 76.0 * math::kPi / 180.0;
    for (std::uint32_t node = 0; node < graph.p.size(); ++node) {
        const auto around = graph.edges_of(node);
        if (around.size() < 3 || !dice.chance(style.roundabout_share)) continue;
        std::vector<double> angles;
        bool fits = true;
        for (const std::uint32_t e : around) {
            const Vec2 d = graph.out_of(node, graph.edges[e]);
            angles.push_back(std::atan2(d.y, d.x));
            const Vec2 there = graph.p[graph.other(e, node)];
            fits = fits && graph.edges[e].kind == StreetKind::kLocal &&
                   glm::length(there - graph.p[node]) > 78.0;
        }
        std::sort(angles.begin(), angles.end());
        for (std::size_t i = 0; i < angles.size(); ++i) {
            const double next = i + 1 < angles.size() ? angles[i + 1] : angles[0] + 2 * math::kPi;
            fits = fits && next - angles[i] > kLeastGap_rad;
        }
        out[node] = fits ? 1 : 0;
    }
    return out;
}

// Streets: chains of edges between nodes; nothing where one is too tight.
std::optional<Layout> make_streets(const Graph& graph, Dice& dice, const TownStyle& style) {
    Layout layout;
    const std::vector<char> ring = choose_roundabouts(graph, dice, style);
    std::vector<std::uint32_t> node_of(graph.p.size(), kNone);
    for (std::uint32_t n = 0; n < graph.p.size(); ++n) {
        const std::size_t degree = graph.edges_of(n).size();
        if (degree == 0 || degree == 2) continue;
        node_of[n] = static_cast<std::uint32_t>(layout.nodes.size());
        Node node;
        node.p = graph.p[n];
        if (degree == 1) node.kind = Node::Kind::kDeadEnd;
        if (ring[n] != 0) {
            node.kind = Node::Kind::kRoundabout;
            node.ring_m = dice.uniform(16.5, 19.0);
        }
        layout.nodes.push_back(node);
    }
    std::vector<char> used(graph.edges.size(), 0);
    for (std::uint32_t start = 0; start < graph.p.size(); ++start) {
        if (node_of[start] == kNone) continue;
        for (const std::uint32_t first : graph.edges_of(start)) {
            if (used[first] != 0) continue;
            // Follow the chain to the next node.
            std::vector<Vec2> corners{graph.p[start]};
            std::vector<double> radii;
            std::uint32_t at = start, edge = first;
            for (;;) {
                used[edge] = 1;
                const GraphEdge& e = graph.edges[edge];
                const std::uint32_t next = graph.other(edge, at);
                if (e.bow_m != 0.0) {
                    corners.push_back(graph.middle(e));
                    radii.push_back(300.0);
                }
                corners.push_back(graph.p[next]);
                at = next;
                if (node_of[at] != kNone) break;
                radii.push_back(dice.uniform(30, 60));
                const auto pair = graph.edges_of(at);
                edge = pair[0] == edge ? pair[1] : pair[0];
            }
            const double reserve = ring[start] != 0 || ring[at] != 0 ? kRingReserve_m : kReserve_m;
            auto path = Path::rounded(corners, radii, reserve, kLeastRadius_m);
            if (!path) return std::nullopt;
            Street street;
            street.from = node_of[start];
            street.to = node_of[at];
            street.path = *path;
            street.kind = graph.edges[first].kind;
            layout.streets.push_back(std::move(street));
        }
    }
    return layout;
}

// Some local streets become one-way, as long as every street can still be reached from every other.
void choose_one_ways(Layout& layout, Dice& dice, const TownStyle& style) {
    // Which directions a street can be driven in: along, against.
    const auto reaches_all = [&] {
        const std::size_t count = layout.streets.size();
        const auto drives = [&](std::size_t street, bool along) {
            const StreetKind kind = layout.streets[street].kind;
            return along || (kind != StreetKind::kOneWay && kind != StreetKind::kRamp);
        };
        std::vector<std::vector<std::uint32_t>> from(2 * count), to(2 * count);
        for (std::uint32_t a = 0; a < count; ++a) {
            for (const bool along : {true, false}) {
                if (!drives(a, along)) continue;
                const std::uint32_t node = along ? layout.streets[a].to : layout.streets[a].from;
                const bool dead_end = layout.nodes[node].kind == Node::Kind::kDeadEnd;
                for (std::uint32_t b = 0; b < count; ++b) {
                    for (const bool onward : {true, false}) {
                        const Street& next = layout.streets[b];
                        if ((onward ? next.from : next.to) != node || !drives(b, onward)) continue;
                        if (a == b && !dead_end) continue;
                        const std::uint32_t i = 2 * a + (along ? 0 : 1);
                        const std::uint32_t j = 2 * b + (onward ? 0 : 1);
                        from[i].push_back(j);
                        to[j].push_back(i);
                    }
                }
            }
        }
        std::size_t wanted = 0;
        for (std::size_t i = 0; i < count; ++i) wanted += drives(i, false) ? 2 : 1;
        for (const auto* edges : {&from, &to}) {
            std::vector<char> seen(2 * count, 0);
            std::vector<std::uint32_t> open{0};
            seen[0] = 1;
            std::size_t reached = 1;
            while (!open.empty()) {
                const std::uint32_t i = open.back();
                open.pop_back();
                for (const std::uint32_t j : (*edges)[i]) {
                    if (seen[j] != 0) continue;
                    seen[j] = 1;
                    ++reached;
                    open.push_back(j);
                }
            }
            if (reached != wanted) return false;
        }
        return true;
    };
    for (Street& street : layout.streets) {
        if (street.kind != StreetKind::kLocal || !dice.chance(style.one_way_share)) continue;

        const auto plain = [&](std::uint32_t n) {
            return layout.nodes[n].kind == Node::Kind::kCrossing;
        };
        if (!plain(street.from) || !plain(street.to)) continue;
        street.kind = StreetKind::kOneWay;
        if (!reaches_all()) street.kind = StreetKind::kLocal;
    }
}

// Cross-sections.
void add_sides(Layout& layout, Dice& dice, const TownStyle& style) {
    const double local_width = dice.uniform(3.45, 3.6) - 0.35 * style.age;
    const double main_width = dice.uniform(3.3, 3.5);
    const auto meets_ramp = [&](std::uint32_t node) {
        return std::any_of(layout.streets.begin(), layout.streets.end(), [&](const Street& s) {
            return s.kind == StreetKind::kRamp && (s.from == node || s.to == node);
        });
    };
    for (Street& street : layout.streets) {
        const double pavement = street.arterial() ? dice.uniform(3.0, 4.0) : dice.uniform(2.3, 3.2);
        const bool cycles = dice.chance(style.cycle_share);
        const std::size_t parking = dice.index(4);  // bit 0: left, bit 1: right
        const bool median = dice.chance(0.4);
        const double limit = kLimits_mps[dice.index(3)];
        const int one_way_lanes = dice.chance(0.4) ? 2 : 1;
        const Strip gutter{LaneType::kShoulder, kGutter_m, 0};
        const Strip walk{LaneType::kSidewalk, pavement, kPavement_m};
        const Strip bay{LaneType::kParking, kBay_m, 0};
        const auto build = [&](int lanes, double width, bool parks, bool middle) {
            Side side;
            if (middle) side.strips.push_back({LaneType::kMedian, 0.9, kPavement_m});
            for (int i = 0; i < lanes; ++i) side.strips.push_back({LaneType::kDriving, width, 0});
            if (cycles && lanes > 0 && !parks && street.kind != StreetKind::kOneWay) {
                side.strips.push_back({LaneType::kBiking, 1.6, 0});
            }
            side.strips.push_back(gutter);
            if (parks) {
                side.strips.push_back(bay);
                side.bays.push_back({});  // placed when the nodes' areas are known
            }
            side.strips.push_back(walk);
            return side;
        };
        switch (street.kind) {
            case StreetKind::kLocal:
                street.left = build(1, local_width, (parking & 1U) != 0, false);
                street.right = build(1, local_width, (parking & 2U) != 0, false);
                street.speed_limit_mps = limit;
                break;
            case StreetKind::kOneWay:
                street.left = build(0, 0, (parking & 1U) != 0, false);
                street.right = build(one_way_lanes, local_width, (parking & 2U) != 0, false);
                street.middle_m = 0.5 * one_way_lanes * local_width;
                street.speed_limit_mps = limit;
                break;
            case StreetKind::kArterial:
                street.left = build(2, main_width, false, median);
                street.right = build(2, main_width, false, median);
                if (meets_ramp(street.from) && meets_ramp(street.to)) {
                    // Below a motorway nobody walks: there is no way over its ramps.
                    street.left.strips.pop_back();
                    street.right.strips.pop_back();
                }
                street.speed_limit_mps = kLimits_mps[2];
                street.bus_stops =
                    dice.chance(0.5) && street.right.strips.back().type == LaneType::kSidewalk;
                break;
            case StreetKind::kMotorway: {
                Side side;
                side.strips = {{LaneType::kMedian, 2.0, 0},
                               {LaneType::kDriving, 3.6, 0},
                               {LaneType::kDriving, 3.6, 0},
                               {LaneType::kShoulder, 2.5, 0}};
                street.left = street.right = side;
                street.speed_limit_mps = 100 / 3.6;
                break;
            }
            case StreetKind::kRamp:
                street.left.strips = {{LaneType::kShoulder, 0.5, 0}};
                street.right.strips = {{LaneType::kDriving, 4.0, 0}, {LaneType::kShoulder, 1.5, 0}};
                street.middle_m = 2.0;
                street.speed_limit_mps = 60 / 3.6;
                break;
        }
    }
}

// Arms in order, and how far each node reaches into them. False where arms meet too sharply or a
// street becomes too short.
bool add_arms(Layout& layout) {
    for (std::uint32_t i = 0; i < layout.streets.size(); ++i) {
        const Street& street = layout.streets[i];
        for (const bool at_start : {true, false}) {
            Arm arm;
            arm.street = i;
            arm.at_start = at_start;
            fill_arm(street, arm);
            layout.nodes[at_start ? street.from : street.to].arms.push_back(arm);
        }
    }
    constexpr double kSharpest_rad = 58.0 * math::kPi / 180.0;
    constexpr double kOpen_rad = 150.0 * math::kPi / 180.0;
    for (Node& node : layout.nodes) {
        std::sort(node.arms.begin(), node.arms.end(),
                  [](const Arm& a, const Arm& b) { return a.angle_rad < b.angle_rad; });
        if (node.kind == Node::Kind::kGore) continue;
        if (node.kind == Node::Kind::kDeadEnd) {
            Arm& arm = node.arms[0];
            arm.cut_m = turning_circle(arm).reach_m;
            continue;
        }
        if (node.kind == Node::Kind::kRoundabout) {
            for (Arm& arm : node.arms) arm.cut_m = roundabout_cut_m(node, arm);
            continue;
        }
        for (Arm& arm : node.arms) {
            arm.cut_m = std::max(arm.left_kerb_m, arm.right_kerb_m) + 4.0;
        }
        for (std::size_t k = 0; k < node.arms.size(); ++k) {
            Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
            double gap = b.angle_rad - a.angle_rad;
            if (gap <= 0) gap += 2 * math::kPi;
            if (gap < kSharpest_rad) return false;
            if (gap >= kOpen_rad) continue;
            // Where two lines at offsets from the arms meet, seen along each arm.
            const double c = std::cos(gap), s = std::sin(gap);
            const double ha = a.left_kerb_m, hb = b.right_kerb_m;
            const double oa = a.left_outer_m, ob = b.right_outer_m;
            const double round =
                corner_radius_m(layout, node, k) * unit_tangent_m(math::kPi - gap) + 0.3;
            a.cut_m = std::max({a.cut_m, (hb + ha * c) / s + round, (ob + oa * c) / s + 1.0});
            b.cut_m = std::max({b.cut_m, (ha + hb * c) / s + round, (oa + ob * c) / s + 1.0});
        }
    }
    for (Street& street : layout.streets) {
        if (street.end_m == 0) street.end_m = street.path.length_m();
    }
    for (const Node& node : layout.nodes) {
        if (node.kind == Node::Kind::kGore) continue;
        for (const Arm& arm : node.arms) {
            Street& street = layout.streets[arm.street];
            if (arm.at_start) {
                street.begin_m = arm.cut_m;
            } else {
                street.end_m = street.path.length_m() - arm.cut_m;
            }
            // The crossing must lie on the straight part.
            const double longest = node.kind == Node::Kind::kRoundabout ? 33.0 : 29.0;
            if (arm.cut_m > longest) return false;
        }
    }
    constexpr double kShortest_m = 14.0;
    return std::all_of(layout.streets.begin(), layout.streets.end(),
                       [&](const Street& street) { return street.length_m() > kShortest_m; });
}

// Which junctions have signals, which arms have way, where people cross.
void add_control(Layout& layout, Dice& dice) {
    using engine::world::Control;
    for (Node& node : layout.nodes) {
        const auto walks = [&](const Arm& arm) {
            return arm.left_outer_m > arm.left_kerb_m && arm.right_outer_m > arm.right_kerb_m;
        };
        const auto room = [&](const Arm& arm) {
            return layout.streets[arm.street].length_m() > 24.0;
        };
        if (node.kind == Node::Kind::kRoundabout) {
            for (Arm& arm : node.arms) {
                arm.control = Control::kYield;
                arm.crossing = walks(arm) && room(arm) && dice.chance(0.5);
            }
            continue;
        }
        if (node.kind != Node::Kind::kCrossing) continue;
        const std::size_t n = node.arms.size();
        std::size_t arterials = 0, fast = 0;
        for (const Arm& arm : node.arms) {
            const StreetKind kind = layout.streets[arm.street].kind;
            arterials += kind == StreetKind::kArterial || kind == StreetKind::kMotorway ? 1 : 0;
            fast += kind == StreetKind::kMotorway || kind == StreetKind::kRamp ? 1 : 0;
        }
        // The main road: the arterial, else the two arms that run straightest through.
        const auto big = [&](const Arm& arm) {
            const StreetKind kind = layout.streets[arm.street].kind;
            return kind == StreetKind::kArterial || kind == StreetKind::kMotorway;
        };
        if (arterials == 2) {
            for (Arm& arm : node.arms) arm.main = big(arm);
        } else {
            std::array<std::size_t, 2> best{0, 1};
            double straightest = 2;
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = i + 1; j < n; ++j) {
                    const double d = glm::dot(node.arms[i].u, node.arms[j].u);
                    if (d < straightest) {
                        straightest = d;
                        best = {i, j};
                    }
                }
            }
            for (std::size_t i = 0; i < n; ++i) node.arms[i].main = i == best[0] || i == best[1];
        }
        const double likely = fast > 0 ? 1.0
                              : n == 4 ? (arterials > 0 ? 1.0 : 0.45)
                                       : (arterials > 0 ? 0.5 : 0.0);
        node.signalled = dice.chance(likely);
        node.equal = arterials == 0 && dice.chance(n == 3 ? 0.25 : 0.1) && !node.signalled;
        const bool stop = dice.chance(0.4);
        for (Arm& arm : node.arms) {
            if (node.signalled) {
                arm.control = Control::kSignal;
            } else if (!arm.main && !node.equal) {
                arm.control = stop ? Control::kStop : Control::kYield;
            }
            arm.crossing =
                (node.signalled || dice.chance(arm.main ? 0.35 : 0.6)) && walks(arm) && room(arm);
        }
    }
}

// Crossings between nodes on long streets, and parking strips that keep clear of them.
void add_zebras_and_bays(Layout& layout, Dice& dice, const TownStyle& style) {
    for (Street& street : layout.streets) {
        const double length = street.length_m();
        const bool walks = street.kind != StreetKind::kMotorway && street.kind != StreetKind::kRamp;
        if (walks && length > 70 && dice.chance(0.28)) {
            street.zebras_m.push_back(street.begin_m + length * dice.uniform(0.4, 0.6));
        }
        // Roadworks, where nothing else is in the way.
        const bool works = dice.chance(style.works_share) && street.kind == StreetKind::kLocal;
        if (works && length > 80 && street.zebras_m.empty()) {
            const double begin = street.begin_m + 26.0;
            street.works =
                Works{{begin, std::min(begin + dice.uniform(14, 30), street.end_m - 26.0)},
                      dice.uniform(1.1, 1.4)};
        }
        constexpr double kClear_m = 14.0;  // of nodes: crossing, stop line, sight
        const double begin = street.begin_m + kClear_m, end = street.end_m - kClear_m;
        for (Side* side : {&street.left, &street.right}) {
            if (side->bays.empty()) continue;
            side->bays.clear();
            if (street.works) continue;
            const auto add = [&](double from, double to) {
                const double places = std::floor((to - from) / kPlace_m);
                if (places >= 2) side->bays.push_back({from, from + places * kPlace_m});
            };
            if (street.zebras_m.empty()) {
                add(begin, end);
            } else {
                add(begin, street.zebras_m[0] - 7.0);
                add(street.zebras_m[0] + 7.0, end);
            }
        }
    }
}

// Crossings are added until every pavement can be reached from every other.
void join_pavements(Layout& layout) {
    // Street sides as sets: 2·street for the left side, 2·street + 1 for the right one.
    std::vector<std::size_t> parent(2 * layout.streets.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parent[i] != i) i = parent[i];
        return i;
    };
    const auto join = [&](std::size_t a, std::size_t b) { parent[root(a)] = root(b); };
    const auto side = [](const Arm& arm, bool left) {
        return 2 * static_cast<std::size_t>(arm.street) + (arm.at_start == left ? 0 : 1);
    };
    const auto paved = [](const Arm& arm) { return arm.left_outer_m > arm.left_kerb_m; };
    for (std::size_t i = 0; i < layout.streets.size(); ++i) {
        if (!layout.streets[i].zebras_m.empty()) join(2 * i, 2 * i + 1);
    }
    for (const Node& node : layout.nodes) {
        if (node.kind == Node::Kind::kGore) continue;
        for (std::size_t k = 0; k < node.arms.size(); ++k) {
            const Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
            if (paved(a) && paved(b)) join(side(a, true), side(b, false));
            if (a.crossing) join(side(a, true), side(a, false));
        }
    }
    for (Node& node : layout.nodes) {
        if (node.kind == Node::Kind::kGore) continue;
        for (Arm& arm : node.arms) {
            const bool fits = layout.streets[arm.street].length_m() > 20.0;
            if (!paved(arm) || !fits || root(side(arm, true)) == root(side(arm, false))) continue;
            arm.crossing = true;
            join(side(arm, true), side(arm, false));
        }
    }
}

}  // namespace

std::optional<Layout> make_layout(const engine::core::Key& key, const TownStyle& style,
                                  double size_m) {
    // A plan that breaks a rule of its geometry is drawn again, a little less crooked each time.
    constexpr std::uint64_t kAttempts = 100, kStraight = 30;
    for (std::uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
        Dice dice(key.with("layout").with(attempt));
        TownStyle eased = style;
        eased.age *= std::max(0.0, 1.0 - static_cast<double>(attempt) / kStraight);
        const Graph graph = make_graph(dice, eased, size_m);
        auto layout = make_streets(graph, dice, style);
        if (!layout) continue;
        if (style.motorway && !add_motorway(*layout, size_m)) continue;
        choose_one_ways(*layout, dice, style);
        add_sides(*layout, dice, style);
        if (!add_arms(*layout)) continue;
        add_control(*layout, dice);
        add_zebras_and_bays(*layout, dice, style);
        join_pavements(*layout);
        add_heights(*layout, key.with("hills"), style);
        if (style.railway) add_railway(*layout, dice, size_m);
        return layout;
    }
    return std::nullopt;
}

}  // namespace huntsman::scenarios::town
