#include "engine/road/compile.h"

#include <algorithm>

#include "engine/road/compile_parts.h"
#include "engine/road/conflicts.h"

namespace huntsman::engine::road {

using world::kNone;
using world::Lane;
using world::LaneId;

world::RoadNetwork compile(const world::RoadModel& model, const RoadGeometry& geometry,
                           const CompileOptions& options) {
    parts::Draft draft{model, geometry, options, {}, {}, {}, {}, {}, {}};
    std::size_t left_hand = 0;
    for (const world::Road& road : model.roads) left_hand += road.left_hand ? 1 : 0;
    draft.network.left_hand = 2 * left_hand > model.roads.size();

    parts::make_pieces(draft);
    parts::link_pieces(draft);
    parts::find_neighbours(draft);
    parts::make_lanes(draft);
    parts::make_junctions(draft);
    for (const world::Junction& junction : draft.network.junctions) {
        compute_conflicts(draft.network, junction.id, draft.way_level);
    }
    parts::make_crossings(draft);
    parts::set_lines_back(draft);
    parts::make_signals(draft);
    parts::make_walks(draft);
    return std::move(draft.network);
}

std::vector<std::uint32_t> strong_components(const world::RoadNetwork& network) {
    const std::size_t count = network.lanes.size();
    std::vector<std::vector<LaneId>> next(count), before(count);
    for (const Lane& lane : network.lanes) {
        if (lane.kind != world::LaneKind::kDriving) continue;
        next[lane.id] = lane.successors;
        for (const LaneId side : {lane.left, lane.right}) {
            if (side != kNone) next[lane.id].push_back(side);
        }
        for (const LaneId to : next[lane.id]) before[to].push_back(lane.id);
    }
    // Kosaraju's two searches, without recursion.
    std::vector<char> seen(count, 0);
    std::vector<LaneId> order;
    for (LaneId root = 0; root < count; ++root) {
        if (seen[root] != 0 || network.lanes[root].kind != world::LaneKind::kDriving) continue;
        std::vector<std::pair<LaneId, std::size_t>> path{{root, 0}};
        seen[root] = 1;
        while (!path.empty()) {
            auto& [at, edge] = path.back();
            if (edge == next[at].size()) {
                order.push_back(at);
                path.pop_back();
                continue;
            }
            const LaneId to = next[at][edge++];
            if (seen[to] != 0) continue;
            seen[to] = 1;
            path.emplace_back(to, 0);
        }
    }
    std::vector<std::uint32_t> component(count, kNone);
    std::vector<std::pair<std::size_t, LaneId>> sizes;  // count of lanes, lowest lane
    for (auto root = order.rbegin(); root != order.rend(); ++root) {
        if (component[*root] != kNone) continue;
        const auto index = static_cast<std::uint32_t>(sizes.size());
        sizes.emplace_back(0, *root);
        std::vector<LaneId> open{*root};
        component[*root] = index;
        while (!open.empty()) {
            const LaneId at = open.back();
            open.pop_back();
            ++sizes[index].first;
            sizes[index].second = std::min(sizes[index].second, at);
            for (const LaneId to : before[at]) {
                if (component[to] != kNone) continue;
                component[to] = index;
                open.push_back(to);
            }
        }
    }
    // Largest first.
    std::vector<std::uint32_t> rank(sizes.size()), place(sizes.size());
    for (std::uint32_t i = 0; i < rank.size(); ++i) rank[i] = i;
    std::sort(rank.begin(), rank.end(), [&](std::uint32_t a, std::uint32_t b) {
        return sizes[a].first != sizes[b].first ? sizes[a].first > sizes[b].first
                                                : sizes[a].second < sizes[b].second;
    });
    for (std::uint32_t i = 0; i < rank.size(); ++i) place[rank[i]] = i;
    for (std::uint32_t& c : component) {
        if (c != kNone) c = place[c];
    }
    return component;
}

}  // namespace huntsman::engine::road
