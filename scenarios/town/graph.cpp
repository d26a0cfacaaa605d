#include "scenarios/town/graph.h"

#include <algorithm>
#include <cmath>

namespace huntsman::scenarios::town {

namespace math = engine::math;

std::vector<std::uint32_t> Graph::edges_of(std::uint32_t node) const {
    std::vector<std::uint32_t> out;
    for (std::uint32_t e = 0; e < edges.size(); ++e) {
        if (!edges[e].removed && (edges[e].a == node || edges[e].b == node)) out.push_back(e);
    }
    return out;
}

Vec2 Graph::middle(const GraphEdge& e) const {
    return 0.5 * (p[e.a] + p[e.b]) + e.bow_m * glm::normalize(math::perp(p[e.b] - p[e.a]));
}

Vec2 Graph::out_of(std::uint32_t node, const GraphEdge& e) const {
    const Vec2 to = e.bow_m != 0.0 ? middle(e) : p[e.a == node ? e.b : e.a];
    return glm::normalize(to - p[node]);
}

bool Graph::connected() const {
    std::vector<std::vector<std::uint32_t>> next(p.size());
    std::size_t used = 0;
    for (const GraphEdge& e : edges) {
        if (e.removed) continue;
        next[e.a].push_back(e.b);
        next[e.b].push_back(e.a);
    }
    std::uint32_t start = 0;
    for (std::uint32_t i = 0; i < p.size(); ++i) {
        if (next[i].empty()) continue;
        start = i;
        ++used;
    }
    std::vector<char> seen(p.size(), 0);
    std::vector<std::uint32_t> open{start};
    seen[start] = 1;
    std::size_t count = 1;
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        for (const std::uint32_t to : next[at]) {
            if (seen[to] != 0) continue;
            seen[to] = 1;
            ++count;
            open.push_back(to);
        }
    }
    return count == used;
}

namespace {

constexpr double kMargin_m = 28.0;      // room for the outermost pavements and houses
constexpr double kArterials_m = 420.0;  // wanted distance between main roads

struct GridLines {
    std::vector<double> x;
    std::vector<char> main;
};

// Positions of the grid's lines, uneven inside, and which of them are main roads.
GridLines lines(Dice& dice, double span, double block_m, bool always_main) {
    GridLines out;
    const int count =
        std::max(3, static_cast<int>(std::lround(span / (block_m * dice.uniform(0.9, 1.1)))) + 1);
    const double step = span / (count - 1);
    for (int i = 0; i < count; ++i) {
        const bool inner = i > 0 && i + 1 < count;
        out.x.push_back(-0.5 * span + i * step + (inner ? dice.uniform(-0.1, 0.1) * step : 0.0));
        out.main.push_back(0);
    }
    const int mains = std::max(1, static_cast<int>(std::lround(span / kArterials_m)));
    for (int m = 0; m < mains; ++m) {
        const double at = span * (m + dice.uniform(0.35, 0.65)) / mains;
        const int i = std::clamp(static_cast<int>(std::lround(at / step)), 1, count - 2);
        const bool wanted = always_main || mains > 1 || dice.chance(0.7);
        if (wanted && count > 3) out.main[static_cast<std::size_t>(i)] = 1;
    }
    return out;
}

// Where streets would meet too sharply, the points around go back towards the regular grid.
void calm(Graph& graph) {
    constexpr double kSharpest = 0.42;  // cosine of 65 degrees
    for (int round = 0; round < 40; ++round) {
        std::vector<char> moves(graph.p.size(), 0);
        for (std::uint32_t node = 0; node < graph.p.size(); ++node) {
            const auto around = graph.edges_of(node);
            for (std::size_t i = 0; i < around.size(); ++i) {
                for (std::size_t j = i + 1; j < around.size(); ++j) {
                    const GraphEdge &e = graph.edges[around[i]], &f = graph.edges[around[j]];
                    if (glm::dot(graph.out_of(node, e), graph.out_of(node, f)) < kSharpest)
                        continue;
                    for (const std::uint32_t p : {e.a, e.b, f.a, f.b}) moves[p] = 1;
                }
            }
        }
        if (std::none_of(moves.begin(), moves.end(), [](char m) { return m != 0; })) return;
        for (std::size_t p = 0; p < moves.size(); ++p) {
            if (moves[p] != 0) graph.p[p] = graph.rest[p] + 0.6 * (graph.p[p] - graph.rest[p]);
        }
    }
}

// Some inner local streets do not run through: they are left out, or end in a turning circle.
void thin_out(Graph& graph, Dice& dice, const TownStyle& style) {
    const double share = dice.uniform(0.12, 0.26);
    const auto count = static_cast<std::uint32_t>(graph.edges.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        if (graph.edges[i].kind != StreetKind::kLocal) continue;
        const std::uint32_t ends[2] = {graph.edges[i].a, graph.edges[i].b};
        if (graph.border[ends[0]] != 0 && graph.border[ends[1]] != 0) continue;
        if (!dice.chance(share)) continue;
        const auto stays = [&](std::uint32_t node) {
            const std::size_t degree = graph.edges_of(node).size();
            return degree > 3 || (degree == 3 && graph.border[node] != 0 && dice.chance(0.3));
        };
        const bool leave_a = stays(ends[0]), leave_b = stays(ends[1]);
        const bool dead_end = dice.chance(style.dead_end_share);
        const bool from_a = dice.chance(0.5);
        const double reach = dice.uniform(0.5, 0.6);
        if (dead_end && (from_a ? leave_b : leave_a)) {
            // Cut loose at one end: it becomes a dead end that starts at the other.
            const std::uint32_t stem = from_a ? ends[0] : ends[1];
            const std::uint32_t loose = from_a ? ends[1] : ends[0];
            if (glm::length(graph.p[loose] - graph.p[stem]) * reach < 48.0) continue;
            graph.edges[i].removed = true;
            if (!graph.connected()) {
                graph.edges[i].removed = false;
                continue;
            }
            const auto tip = static_cast<std::uint32_t>(graph.p.size());
            graph.p.push_back(graph.p[stem] + reach * (graph.p[loose] - graph.p[stem]));
            graph.rest.push_back(graph.p.back());
            graph.border.push_back(0);
            graph.edges.push_back({stem, tip, StreetKind::kLocal, false, 0});
            continue;
        }
        if (!leave_a || !leave_b) continue;
        graph.edges[i].removed = true;
        if (!graph.connected()) graph.edges[i].removed = false;
    }
}

// A crossroads becomes two staggered junctions: one side street moves along the main one.
void stagger(Graph& graph, Dice& dice) {
    const auto count = static_cast<std::uint32_t>(graph.p.size());
    for (std::uint32_t node = 0; node < count; ++node) {
        const auto around = graph.edges_of(node);
        if (around.size() != 4 || !dice.chance(0.08)) continue;
        const bool local = std::all_of(around.begin(), around.end(), [&](std::uint32_t e) {
            return graph.edges[e].kind == StreetKind::kLocal;
        });
        if (!local) continue;
        // The two arms that run straightest through, and one of the others.
        std::uint32_t along = around[0], side = around[1];
        for (const std::uint32_t e : around) {
            const double d = std::abs(glm::dot(graph.out_of(node, graph.edges[e]),
                                               graph.out_of(node, graph.edges[along])));
            if (e != along && d < 0.5) side = e;
        }
        const double shift = dice.uniform(44, 52);
        const std::uint32_t far = graph.other(along, node);
        if (glm::length(graph.p[far] - graph.p[node]) < shift + 60.0) continue;
        const Vec2 way = glm::normalize(graph.p[far] - graph.p[node]);
        const Vec2 place = graph.p[node] + shift * way;
        // The side street must still meet both ends at a wide angle.
        const std::uint32_t end = graph.other(side, node);
        const Vec2 turned = glm::normalize(graph.p[end] - place);
        bool wide = std::abs(glm::dot(turned, way)) < 0.4;
        for (const std::uint32_t e : graph.edges_of(end)) {
            wide =
                wide && (e == side || glm::dot(graph.out_of(end, graph.edges[e]), -turned) < 0.42);
        }
        if (!wide) continue;
        const auto fresh = static_cast<std::uint32_t>(graph.p.size());
        graph.p.push_back(place);
        graph.rest.push_back(graph.p.back());
        graph.border.push_back(graph.border[node]);
        graph.edges[along].removed = true;
        graph.edges.push_back({node, fresh, StreetKind::kLocal, false, 0});
        graph.edges.push_back({fresh, far, StreetKind::kLocal, false, 0});
        GraphEdge& moved = graph.edges[side];
        (moved.a == node ? moved.a : moved.b) = fresh;
    }
}

// Some streets between junctions are bowed; bows that would make a corner too sharp are taken back.
void bow(Graph& graph, Dice& dice, const TownStyle& style) {
    for (GraphEdge& edge : graph.edges) {
        const bool bends = graph.edges_of(edge.a).size() < 3 || graph.edges_of(edge.b).size() < 3;
        const double size = dice.uniform(7, 14) * (dice.chance(0.5) ? 1 : -1);
        const bool wanted = dice.chance(0.2 + 0.5 * style.age);
        const double length = glm::length(graph.p[edge.b] - graph.p[edge.a]);
        if (edge.kind == StreetKind::kLocal && !edge.removed && !bends && wanted && length > 75) {
            edge.bow_m = size;
        }
    }
    constexpr double kSharpest = 0.469;  // cosine of 62 degrees
    for (std::uint32_t node = 0; node < graph.p.size(); ++node) {
        const auto around = graph.edges_of(node);
        for (const std::uint32_t e : around) {
            for (const std::uint32_t f : around) {
                if (e == f || glm::dot(graph.out_of(node, graph.edges[e]),
                                       graph.out_of(node, graph.edges[f])) < kSharpest) {
                    continue;
                }
                graph.edges[e].bow_m = graph.edges[f].bow_m = 0;
            }
        }
    }
}

}  // namespace

Graph make_graph(Dice& dice, const TownStyle& style, double size_m) {
    Graph graph;
    const double span = size_m - 2 * kMargin_m;
    const GridLines xs = lines(dice, span, style.block_m, style.motorway);
    const GridLines ys = lines(dice, span, style.block_m, true);
    const std::size_t columns = xs.x.size(), rows = ys.x.size();
    // Old towns are crooked: single points off the line, and lines that wander together.
    const double jitter = 3.0 + 8.0 * style.age, sway = 22.0 * style.age;
    const double wave = dice.uniform(260, 420), phase_x = dice.uniform(0, 6.3),
                 phase_y = dice.uniform(0, 6.3);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            const double jx = xs.main[c] != 0 ? 2.0 : jitter, jy = ys.main[r] != 0 ? 2.0 : jitter;
            double x = xs.x[c] + dice.uniform(-jx, jx), y = ys.x[r] + dice.uniform(-jy, jy);
            const double dx = sway * std::sin(2 * math::kPi * y / wave + phase_x);
            const double dy = sway * std::sin(2 * math::kPi * x / wave + phase_y);
            x += dx;
            y += dy;
            const bool side_x = c == 0 || c + 1 == columns, side_y = r == 0 || r + 1 == rows;
            if (side_x) x = std::clamp(x, -0.5 * span, 0.5 * span);
            if (side_y) y = std::clamp(y, -0.5 * span, 0.5 * span);
            graph.p.push_back({x, y});
            graph.rest.push_back({xs.x[c], ys.x[r]});
            graph.border.push_back(side_x || side_y ? 1 : 0);
        }
    }
    const auto index = [&](std::size_t c, std::size_t r) {
        return static_cast<std::uint32_t>(r * columns + c);
    };
    const auto kind = [](bool main) { return main ? StreetKind::kArterial : StreetKind::kLocal; };
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            if (c + 1 < columns) {
                graph.edges.push_back(
                    {index(c, r), index(c + 1, r), kind(ys.main[r] != 0), false, 0});
            }
            if (r + 1 < rows) {
                graph.edges.push_back(
                    {index(c, r), index(c, r + 1), kind(xs.main[c] != 0), false, 0});
            }
        }
    }
    calm(graph);
    thin_out(graph, dice, style);
    stagger(graph, dice);
    bow(graph, dice, style);
    return graph;
}

}  // namespace huntsman::scenarios::town
