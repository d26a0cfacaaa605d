// The graph of streets that a town grows from: points, and edges between them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/dice.h"
#include "engine/math/geometry.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

using engine::core::Dice;

struct GraphEdge {
    std::uint32_t a = 0, b = 0;
    StreetKind kind = StreetKind::kLocal;
    bool removed = false;
    double bow_m = 0;  // offset of its middle to the left
};

struct Graph {
    std::vector<Vec2> p;
    std::vector<Vec2> rest;    // where the points would lie in a regular grid
    std::vector<char> border;  // on the town's edge
    std::vector<GraphEdge> edges;

    std::vector<std::uint32_t> edges_of(std::uint32_t node) const;
    // Unit vector in which an edge leaves a node.
    Vec2 out_of(std::uint32_t node, const GraphEdge& edge) const;
    bool connected() const;
    std::uint32_t other(std::uint32_t edge, std::uint32_t node) const {
        return edges[edge].a == node ? edges[edge].b : edges[edge].a;
    }
    Vec2 middle(const GraphEdge& edge) const;
};

Graph make_graph(Dice& dice, const TownStyle& style, double size_m);

}  // namespace huntsman::scenarios::town
