#include "scenarios/streets/surface/surface.h"

#include <algorithm>
#include <numeric>

#include "scenarios/streets/surface/overlaps.h"

namespace huntsman::scenarios::streets {

namespace world = engine::world;
using engine::road::RoadGeometry;
using world::kNone;

namespace {

constexpr double kTile_m = 90.0;
constexpr double kWidestJunction_m = 4000.0;

// Stations of a span within a tile, at one level.
std::vector<std::uint32_t> within(const Span& span, const std::vector<std::uint32_t>& kept,
                                  double from_m, double to_m) {
    std::vector<std::uint32_t> out;
    for (const std::uint32_t i : kept) {
        if (span.stations[i] > from_m - 1e-9 && span.stations[i] < to_m + 1e-9) out.push_back(i);
    }
    return out;
}

std::vector<std::uint32_t> all_stations(const Span& span) {
    std::vector<std::uint32_t> out(span.stations.size());
    std::iota(out.begin(), out.end(), 0U);
    return out;
}

// Areas of the tiles of roads that end at a junction.
Rings taken_by_roads(const world::RoadModel& model, std::uint32_t junction,
                     const std::vector<RoadSpans>& roads) {
    Rings rings;
    const auto add = [&](std::uint32_t road, bool at_end) {
        const RoadSpans& all = roads[road];
        if (all.cuts.size() < 2) return;
        const double from = at_end ? all.cuts[all.cuts.size() - 2] : all.cuts[0];
        const double to = at_end ? all.cuts.back() : all.cuts[1];
        for (const Span& span : all.spans) {
            const auto kept = within(span, all_stations(span), from, to);
            if (kept.size() < 2) continue;
            // Runs of lanes that touch; a lane that is missing between two leaves a gap.
            Ring ring = strip_ring(span, kept, 0, span.lanes.size() - 1);
            if (area_m2(ring) < 0) std::reverse(ring.begin(), ring.end());
            rings.push_back(std::move(ring));
        }
    };
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const world::Road& road = model.roads[r];
        if (road.junction != kNone) continue;
        const auto meets = [&](const world::RoadLink& link) {
            return link.kind == world::RoadLink::Kind::kJunction && link.index == junction;
        };
        if (meets(road.predecessor)) add(r, false);
        if (meets(road.successor)) add(r, true);
    }
    // Roads that do not say where they end, but connecting roads do.
    for (const world::Road& connecting : model.roads) {
        if (connecting.junction != junction) continue;
        for (const world::RoadLink* link : {&connecting.predecessor, &connecting.successor}) {
            if (link->kind != world::RoadLink::Kind::kRoad || link->index >= roads.size() ||
                model.roads[link->index].junction != kNone ||
                link->contact == world::ContactPoint::kUnknown) {
                continue;
            }
            add(link->index, link->contact == world::ContactPoint::kEnd);
        }
    }
    return unite(rings);
}

}  // namespace

Surface build_surface(const RoadGeometry& geometry) {
    const world::RoadModel& model = geometry.model();
    Surface surface;
    const auto road_count = static_cast<std::uint32_t>(model.roads.size());
    surface.roads.resize(road_count);
    surface.wheels = std::make_unique<engine::road::RoadSurface>(model, nullptr);
    const auto stretches = find_stretches(geometry);
    const auto level_at = [&](std::uint32_t r, double s) {
        for (const Stretch& stretch : stretches[r]) {
            if (s >= stretch.s_begin_m && s <= stretch.s_end_m) return stretch.level;
        }
        return Level::kGround;
    };
    for (std::uint32_t r = 0; r < road_count; ++r) {
        const world::Road& road = model.roads[r];
        RoadSpans& out = surface.roads[r];
        const bool connecting = road.junction != kNone;
        // Tiles end where bridges and tunnels do, and are of about equal length between.
        std::vector<double> ends{0.0};
        for (const Stretch& stretch : stretches[r]) {
            for (const double s : {stretch.s_begin_m, stretch.s_end_m}) {
                if (s > ends.back() + 1.0 && s < road.length_m - 1.0) ends.push_back(s);
            }
        }
        ends.push_back(road.length_m);
        if (connecting) ends = {0.0, road.length_m};
        out.cuts.push_back(0.0);
        for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
            const double length = ends[e + 1] - ends[e];
            const int tiles =
                connecting ? 1 : std::max(1, static_cast<int>(std::ceil(length / kTile_m)));
            for (int i = 1; i <= tiles; ++i) out.cuts.push_back(ends[e] + length * i / tiles);
        }
        out.spans = sample_road(geometry, r, kLevelsOfDetail[0].tolerance, out.cuts);
        if (out.spans.empty()) out.cuts.clear();
    }

    // Stations of each span at each level.
    auto& kept = surface.kept;
    for (std::size_t level = 0; level < kLevels; ++level) {
        kept[level].resize(road_count);
        for (std::uint32_t r = 0; r < road_count; ++r) {
            for (const Span& span : surface.roads[r].spans) {
                kept[level][r].push_back(level == 0
                                             ? all_stations(span)
                                             : coarser(span, kLevelsOfDetail[level].tolerance));
            }
        }
    }

    // Tiles of roads first: junctions are welded to them.
    std::uint32_t patch = 0;
    for (std::uint32_t r = 0; r < road_count; ++r) {
        const RoadSpans& road = surface.roads[r];
        if (model.roads[r].junction != kNone || road.spans.empty()) continue;
        for (std::size_t t = 0; t + 1 < road.cuts.size(); ++t) {
            surface.tiles.push_back({r, kNone, road.cuts[t], road.cuts[t + 1],
                                     level_at(r, 0.5 * (road.cuts[t] + road.cuts[t + 1]))});
            for (std::size_t level = 0; level < kLevels; ++level) {
                Sheet sheet;
                for (std::uint32_t k = 0; k < road.spans.size(); ++k) {
                    const auto part =
                        within(road.spans[k], kept[level][r][k], road.cuts[t], road.cuts[t + 1]);
                    if (part.size() >= 2) add_span(road.spans[k], part, patch + k, sheet);
                }
                surface.sheets[level].push_back(std::move(sheet));
            }
            patch += static_cast<std::uint32_t>(road.spans.size());
        }
    }
    surface.ground_of.assign(model.junctions.size(), kNone);
    for (std::uint32_t j = 0; j < model.junctions.size(); ++j) {
        std::vector<const Span*> spans;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> names;
        for (std::uint32_t r = 0; r < road_count; ++r) {
            if (model.roads[r].junction != j) continue;
            for (std::uint32_t k = 0; k < surface.roads[r].spans.size(); ++k) {
                spans.push_back(&surface.roads[r].spans[k]);
                names.emplace_back(r, k);
            }
        }
        Bounds extent;
        for (const Span* span : spans) {
            for (const SurfacePoint& p : span->points) extent.add(p.xy);
        }
        // Connecting roads that lie kilometres apart are no junction.
        const std::int64_t most = to_lattice(kWidestJunction_m);
        if (spans.empty() || extent.hi.x - extent.lo.x > most || extent.hi.y - extent.lo.y > most) {
            continue;
        }
        surface.ground_of[j] = static_cast<std::uint32_t>(surface.junctions.size());
        surface.junctions.push_back({j, LaneField(std::move(spans), surface.wheels.get()), {}});
        JunctionGround& ground = surface.junctions.back();
        const Rings taken = taken_by_roads(model, j, surface.roads);
        // A junction is on a bridge, or in a tunnel, where most of its roads are.
        std::array<int, 3> votes{};
        for (const auto& [r, k] : names) {
            ++votes[static_cast<std::size_t>(level_at(r, 0.5 * model.roads[r].length_m))];
        }
        const auto level_of_junction =
            static_cast<Level>(std::max_element(votes.begin(), votes.end()) - votes.begin());
        surface.tiles.push_back({kNone, j, 0, 0, level_of_junction});
        for (std::size_t level = 0; level < kLevels; ++level) {
            std::vector<std::vector<std::uint32_t>> stations;
            for (const auto& [r, k] : names) stations.push_back(kept[level][r][k]);
            surface.sheets[level].push_back(junction_sheet(
                geometry, stations, ground.field, taken, kLevelsOfDetail[level].tolerance, patch,
                level == 0 ? &ground.carriageway : nullptr));
        }
        ++patch;
    }

    const std::vector<Meeting> meetings = find_meetings(surface.sheets[kLevels - 1]);
    for (std::size_t level = 0; level < kLevels; ++level) {
        cut_meetings(meetings, surface.sheets[level]);
        weld(surface.sheets[level]);
        auto outline = close_sides(surface.sheets[level]);
        if (level == 0) surface.outline = std::move(outline);
    }
    return surface;
}

}  // namespace huntsman::scenarios::streets
