#include "scenarios/town/layout.h"

#include <algorithm>
#include <numeric>

#include "engine/math/geometry.h"
#include "scenarios/town/dice.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;

double Street::kerb_m(const Side& side, double s_m) const {
    double bump = 0;
    for (const Span& bay : side.bays) {
        // Full width inside, a straight taper outside.
        const double outside = std::max(bay.begin_m - s_m, s_m - bay.end_m);
        bump = std::max(bump, std::clamp(1.0 - outside / kBayTaper_m, 0.0, 1.0));
    }
    return kerb_m() + bump * kBay_m;
}

double Layout::corner_radius_m(const Node& node, std::size_t corner) const {
    const Arm &a = node.arms[corner], &b = node.arms[(corner + 1) % node.arms.size()];
    return streets[a.street].arterial || streets[b.street].arterial ? 8.0 : 6.0;
}

std::vector<Vec2> Layout::corner_line(const Node& node, std::size_t corner, double from_m,
                                      double left_m, double to_m, double right_m,
                                      double radius_m) const {
    const Arm &a = node.arms[corner], &b = node.arms[(corner + 1) % node.arms.size()];
    const Vec2 start = arm_point(node, a, from_m, left_m);
    const Vec2 end = arm_point(node, b, to_m, -right_m);
    double gap = b.angle_rad - a.angle_rad;
    if (gap <= 0) gap += 2 * math::kPi;
    std::vector<Vec2> line;
    constexpr double kOpen_rad = 150.0 * math::kPi / 180.0;
    if (gap < kOpen_rad) {
        // Line, arc, line; the arc turns the way from inbound on a to outbound on b.
        const double cosine = std::cos(gap), sine = std::sin(gap);
        const Vec2 meet = arm_point(node, a, (right_m + left_m * cosine) / sine, left_m);
        if (const auto path = Path::rounded({start, meet, end}, {radius_m}, 0.0, 0.0)) {
            for (const double s : path->stations(0, path->length_m(), 50.0, 0.8)) {
                line.push_back(path->at(s).p);
            }
            return line;
        }
    }
    // Nearly straight on: a cubic.
    const double reach = 0.36 * glm::length(end - start);
    const Vec2 p1 = start - reach * a.u, p2 = end - reach * b.u;
    constexpr int kSteps = 10;
    for (int i = 0; i <= kSteps; ++i) {
        const double u = static_cast<double>(i) / kSteps, v = 1 - u;
        line.push_back(v * v * v * start + 3 * v * v * u * p1 + 3 * v * u * u * p2 +
                       u * u * u * end);
    }
    return line;
}

namespace {

// The grid that a town grows from.
struct Grid {
    int columns = 0, rows = 0;  // of nodes
    std::vector<Vec2> p;
    int main_row = -1, main_column = -1;  // arterials; -1: none
    struct Edge {
        std::uint32_t a, b;
        bool arterial, removed;
        double bow_m;  // offset of its middle to the left
    };
    std::vector<Edge> edges;

    std::vector<std::uint32_t> edges_of(std::uint32_t node) const {
        std::vector<std::uint32_t> out;
        for (std::uint32_t e = 0; e < edges.size(); ++e) {
            if (!edges[e].removed && (edges[e].a == node || edges[e].b == node)) out.push_back(e);
        }
        return out;
    }
    bool border(std::uint32_t node) const {
        const int c = static_cast<int>(node) % columns, r = static_cast<int>(node) / columns;
        return c == 0 || r == 0 || c == columns - 1 || r == rows - 1;
    }
    Vec2 out_of(std::uint32_t node, const Edge& e) const {
        const Vec2 other = p[e.a == node ? e.b : e.a];
        const Vec2 middle =
            0.5 * (p[e.a] + p[e.b]) + e.bow_m * glm::normalize(math::perp(p[e.b] - p[e.a]));
        return glm::normalize((e.bow_m != 0.0 ? middle : other) - p[node]);
    }
    bool connected() const {
        std::vector<char> seen(p.size(), 0);
        std::vector<std::uint32_t> open{0};
        seen[0] = 1;
        std::size_t count = 1;
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            for (const std::uint32_t e : edges_of(at)) {
                const std::uint32_t next = edges[e].a == at ? edges[e].b : edges[e].a;
                if (seen[next] == 0) {
                    seen[next] = 1;
                    ++count;
                    open.push_back(next);
                }
            }
        }
        return count == p.size();
    }
};

Grid make_grid(Dice& dice, double size_m) {
    Grid grid;
    constexpr double kMargin_m = 28.0;  // room for the outermost pavements and houses
    const double span = size_m - 2 * kMargin_m;
    const auto cells = [&] {
        return std::max(2, static_cast<int>(std::lround(span / dice.uniform(88, 122))));
    };
    grid.columns = cells() + 1;
    grid.rows = cells() + 1;
    // Positions of the grid's lines, uneven inside.
    const auto lines = [&](int count) {
        std::vector<double> x;
        const double step = span / (count - 1);
        for (int i = 0; i < count; ++i) {
            const bool inner = i > 0 && i + 1 < count;
            x.push_back(-0.5 * span + i * step + (inner ? dice.uniform(-0.1, 0.1) * step : 0.0));
        }
        return x;
    };
    const std::vector<double> xs = lines(grid.columns), ys = lines(grid.rows);
    grid.main_row = grid.rows > 2 ? dice.integer(1, grid.rows - 2) : -1;
    if (grid.columns > 3 && dice.chance(0.6)) grid.main_column = dice.integer(1, grid.columns - 2);
    for (int r = 0; r < grid.rows; ++r) {
        for (int c = 0; c < grid.columns; ++c) {
            // Arterials wander less; the border stays inside the square.
            const double jx = c == grid.main_column ? 3.0 : 9.0;
            const double jy = r == grid.main_row ? 3.0 : 9.0;
            const bool side_x = c == 0 || c == grid.columns - 1;
            const bool side_y = r == 0 || r == grid.rows - 1;
            double x = xs[static_cast<std::size_t>(c)] + dice.uniform(-jx, jx);
            double y = ys[static_cast<std::size_t>(r)] + dice.uniform(-jy, jy);
            if (side_x) x = std::clamp(x, -0.5 * span, 0.5 * span);
            if (side_y) y = std::clamp(y, -0.5 * span, 0.5 * span);
            grid.p.push_back({x, y});
        }
    }
    const auto index = [&](int c, int r) {
        return static_cast<std::uint32_t>(r * grid.columns + c);
    };
    for (int r = 0; r < grid.rows; ++r) {
        for (int c = 0; c < grid.columns; ++c) {
            if (c + 1 < grid.columns) {
                grid.edges.push_back({index(c, r), index(c + 1, r), r == grid.main_row, false, 0});
            }
            if (r + 1 < grid.rows) {
                grid.edges.push_back(
                    {index(c, r), index(c, r + 1), c == grid.main_column, false, 0});
            }
        }
    }

    // Some inner local streets are left out: T-junctions, longer blocks.
    const double share = dice.uniform(0.1, 0.26);
    for (std::uint32_t e = 0; e < grid.edges.size(); ++e) {
        Grid::Edge& edge = grid.edges[e];
        if (edge.arterial || (grid.border(edge.a) && grid.border(edge.b))) continue;
        if (!dice.chance(share)) continue;
        const auto stays = [&](std::uint32_t node) {
            const std::size_t degree = grid.edges_of(node).size();
            return degree > 3 || (degree == 3 && grid.border(node) && dice.chance(0.3));
        };
        if (!stays(edge.a) || !stays(edge.b)) continue;
        edge.removed = true;
        if (!grid.connected()) edge.removed = false;
    }
    // Some streets between junctions are bowed.
    for (Grid::Edge& edge : grid.edges) {
        const bool bends = grid.edges_of(edge.a).size() < 3 || grid.edges_of(edge.b).size() < 3;
        const double bow = dice.uniform(7, 14) * (dice.chance(0.5) ? 1 : -1);
        const bool wanted = dice.chance(0.45);
        if (!edge.arterial && !edge.removed && !bends && wanted) edge.bow_m = bow;
    }
    // Bows that would make a corner too sharp are taken back.
    constexpr double kSharpest = 0.469;  // cosine of 62 degrees
    for (std::uint32_t node = 0; node < grid.p.size(); ++node) {
        const auto around = grid.edges_of(node);
        for (const std::uint32_t e : around) {
            for (const std::uint32_t f : around) {
                if (e == f || glm::dot(grid.out_of(node, grid.edges[e]),
                                       grid.out_of(node, grid.edges[f])) < kSharpest) {
                    continue;
                }
                grid.edges[e].bow_m = grid.edges[f].bow_m = 0;
            }
        }
    }
    return grid;
}

// Streets: chains of edges between junctions; nothing where one is too tight.
std::optional<Layout> make_streets(const Grid& grid, Dice& dice) {
    Layout layout;
    constexpr double kReserve_m = 27.0;  // straight at a junction: its area, crossing, stop line
    constexpr double kLeastRadius_m = 25.0;  // of a street's centre line
    std::vector<std::uint32_t> node_of(grid.p.size(), engine::world::kNone);
    for (std::uint32_t n = 0; n < grid.p.size(); ++n) {
        if (grid.edges_of(n).size() < 3) continue;
        node_of[n] = static_cast<std::uint32_t>(layout.nodes.size());
        layout.nodes.push_back({grid.p[n], {}, false});
    }
    const double local_width = dice.uniform(3.25, 3.45), main_width = dice.uniform(3.3, 3.5);
    std::vector<char> used(grid.edges.size(), 0);
    for (std::uint32_t start = 0; start < grid.p.size(); ++start) {
        if (node_of[start] == engine::world::kNone) continue;
        for (const std::uint32_t first : grid.edges_of(start)) {
            if (used[first] != 0) continue;
            // Follow the chain to the next junction.
            std::vector<Vec2> corners{grid.p[start]};
            std::vector<double> radii;
            std::uint32_t at = start, edge = first;
            for (;;) {
                used[edge] = 1;
                const Grid::Edge& e = grid.edges[edge];
                const std::uint32_t next = e.a == at ? e.b : e.a;
                if (e.bow_m != 0.0) {
                    corners.push_back(0.5 * (grid.p[e.a] + grid.p[e.b]) +
                                      e.bow_m *
                                          glm::normalize(math::perp(grid.p[e.b] - grid.p[e.a])));
                    radii.push_back(400.0);
                }
                corners.push_back(grid.p[next]);
                at = next;
                if (node_of[at] != engine::world::kNone) break;
                radii.push_back(dice.uniform(27, 60));
                const auto pair = grid.edges_of(at);
                edge = pair[0] == edge ? pair[1] : pair[0];
            }
            auto path = Path::rounded(corners, radii, kReserve_m, kLeastRadius_m);
            if (!path || at == start) return std::nullopt;
            Street street;
            street.from = node_of[start];
            street.to = node_of[at];
            street.path = *path;
            street.arterial = grid.edges[first].arterial;
            street.lanes = street.arterial ? 2 : 1;
            street.lane_width_m = street.arterial ? main_width : local_width;
            constexpr double kLimits[] = {8.333, 11.111, 13.889};  // 30, 40, 50 km/h
            street.speed_limit_mps = street.arterial ? kLimits[2] : kLimits[dice.index(3)];
            layout.streets.push_back(std::move(street));
        }
    }
    return layout;
}

// Pavements and parking strips beside the lanes.
void add_sides(Layout& layout, Dice& dice) {
    for (Street& street : layout.streets) {
        // 0: no parking; 1, 2: one side; 3: both.
        const std::size_t parking = street.arterial ? 0 : dice.index(4);
        const double pavement = street.arterial ? dice.uniform(3.2, 4.0) : dice.uniform(2.4, 3.2);
        const auto make = [&](bool has) {
            Side side;
            side.outer_m = street.kerb_m() + pavement + (has ? kBay_m : 0.0);
            if (has) side.bays.push_back({});  // placed when the junctions' areas are known
            return side;
        };
        street.left = make((parking & 1U) != 0);
        street.right = make((parking & 2U) != 0);
    }
}

// Arms in order, and how far each junction reaches into them. False where arms meet too sharply or
// a street becomes too short.
bool add_arms(Layout& layout) {
    for (std::uint32_t i = 0; i < layout.streets.size(); ++i) {
        const Street& street = layout.streets[i];
        for (const bool at_start : {true, false}) {
            const PathPoint q = street.path.at(at_start ? 0 : street.path.length_m());
            Arm arm;
            arm.street = i;
            arm.at_start = at_start;
            arm.angle_rad = math::wrap_angle(q.heading_rad + (at_start ? 0 : math::kPi));
            arm.u = math::direction(arm.angle_rad);
            layout.nodes[at_start ? street.from : street.to].arms.push_back(arm);
        }
    }
    constexpr double kSharpest_rad = 60.0 * math::kPi / 180.0;
    constexpr double kOpen_rad = 150.0 * math::kPi / 180.0;
    for (Node& node : layout.nodes) {
        std::sort(node.arms.begin(), node.arms.end(),
                  [](const Arm& a, const Arm& b) { return a.angle_rad < b.angle_rad; });
        for (Arm& arm : node.arms) arm.cut_m = layout.streets[arm.street].kerb_m() + 4.0;
        for (std::size_t k = 0; k < node.arms.size(); ++k) {
            Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
            double gap = b.angle_rad - a.angle_rad;
            if (gap <= 0) gap += 2 * math::kPi;
            if (gap < kSharpest_rad) return false;
            if (gap >= kOpen_rad) continue;
            // Where two lines at offsets from the arms meet, seen along each arm.
            const double c = std::cos(gap), s = std::sin(gap);
            const double ha = layout.streets[a.street].kerb_m();
            const double hb = layout.streets[b.street].kerb_m();
            const double round = layout.corner_radius_m(node, k) / std::tan(0.5 * gap);
            const double oa = layout.arm_side(a, true).outer_m;
            const double ob = layout.arm_side(b, false).outer_m;
            a.cut_m = std::max({a.cut_m, (hb + ha * c) / s + round, (ob + oa * c) / s + 1.0});
            b.cut_m = std::max({b.cut_m, (ha + hb * c) / s + round, (oa + ob * c) / s + 1.0});
        }
    }
    constexpr double kShortest_m = 30.0;
    for (Street& street : layout.streets) street.end_m = street.path.length_m();
    for (const Node& node : layout.nodes) {
        for (const Arm& arm : node.arms) {
            Street& street = layout.streets[arm.street];
            if (arm.at_start) {
                street.begin_m = arm.cut_m;
            } else {
                street.end_m = street.path.length_m() - arm.cut_m;
            }
            if (arm.cut_m > 22.0) return false;  // the crossing must lie on the straight part
        }
    }
    return std::all_of(layout.streets.begin(), layout.streets.end(), [&](const Street& street) {
        return street.end_m - street.begin_m > kShortest_m;
    });
}

// Which junctions have signals, which arms have way, where people cross.
void add_control(Layout& layout, Dice& dice) {
    using engine::world::Control;
    for (Node& node : layout.nodes) {
        const std::size_t n = node.arms.size();
        std::size_t arterials = 0;
        for (const Arm& arm : node.arms) arterials += layout.streets[arm.street].arterial ? 1 : 0;
        // The main road: the arterial, else the two arms that run straightest through.
        if (arterials == 2 || arterials == 4) {
            for (Arm& arm : node.arms) arm.main = layout.streets[arm.street].arterial;
        }
        if (arterials != 2) {
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
        const double likely = n == 4 ? (arterials > 0 ? 1.0 : 0.45) : (arterials > 0 ? 0.5 : 0.0);
        node.signalled = dice.chance(likely);
        const bool equal = n == 3 && arterials == 0 && dice.chance(0.25);  // right before left
        const bool stop = dice.chance(0.4);
        for (Arm& arm : node.arms) {
            if (node.signalled) {
                arm.control = Control::kSignal;
            } else if (!arm.main && !equal) {
                arm.control = stop ? Control::kStop : Control::kYield;
            }
            arm.crossing = node.signalled || dice.chance(arm.main ? 0.35 : 0.6);
        }
    }
}

// Crossings between junctions on long streets, and parking strips that keep clear of them.
void add_zebras_and_bays(Layout& layout, Dice& dice) {
    for (Street& street : layout.streets) {
        const double length = street.end_m - street.begin_m;
        if (length > 70 && dice.chance(0.28)) {
            street.zebras_m.push_back(street.begin_m + length * dice.uniform(0.4, 0.6));
        }
        constexpr double kClear_m = 14.0;  // of junctions: crossing, stop line, sight
        const double begin = street.begin_m + kClear_m, end = street.end_m - kClear_m;
        for (Side* side : {&street.left, &street.right}) {
            if (side->bays.empty()) continue;
            side->bays.clear();
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
    for (std::size_t i = 0; i < layout.streets.size(); ++i) {
        if (!layout.streets[i].zebras_m.empty()) join(2 * i, 2 * i + 1);
    }
    for (const Node& node : layout.nodes) {
        for (std::size_t k = 0; k < node.arms.size(); ++k) {
            join(side(node.arms[k], true), side(node.arms[(k + 1) % node.arms.size()], false));
            if (node.arms[k].crossing) join(side(node.arms[k], true), side(node.arms[k], false));
        }
    }
    for (Node& node : layout.nodes) {
        for (Arm& arm : node.arms) {
            if (root(side(arm, true)) == root(side(arm, false))) continue;
            arm.crossing = true;
            join(side(arm, true), side(arm, false));
        }
    }
}

}  // namespace

std::optional<Layout> make_layout(const engine::core::Key& key, double size_m) {
    constexpr std::uint64_t kAttempts = 400;
    for (std::uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
        Dice dice(key.with("layout").with(attempt));
        const Grid grid = make_grid(dice, size_m);
        auto layout = make_streets(grid, dice);
        if (!layout) continue;
        add_sides(*layout, dice);
        if (!add_arms(*layout)) continue;
        add_control(*layout, dice);
        add_zebras_and_bays(*layout, dice);
        join_pavements(*layout);
        return layout;
    }
    return std::nullopt;
}

}  // namespace huntsman::scenarios::town
