#include "scenarios/dressing/land.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace huntsman::scenarios::dressing {

namespace math = engine::math;
using engine::world::Terrain;
using streets::Ring;
using streets::Rings;

namespace {

constexpr double kRoadMargin_m = 0.6;  // kept free between roads and what is solid
constexpr double kTerrainCell_m = 4.0;
constexpr double kTerrainMargin_m = 160;  // of the terrain around all roads
constexpr double kEdgeReach_m = 7.0;      // within which the roads' edges set the height

Ring to_ring(const std::vector<Vec3>& border) {
    Ring ring;
    for (const Vec3& p : border) ring.push_back(streets::to_lattice(math::xy(p)));
    return ring;
}

// Bridges and what is close to them.
Rings around_bridges(const streets::Outline& outline) {
    Rings rings;
    for (const streets::OutlinePolygon& polygon : outline.bridges) {
        rings.push_back(to_ring(polygon.border));
    }
    constexpr double kBeside_m = 4.0;
    return streets::grow(streets::simplified(streets::unite(rings), 0.05), kBeside_m);
}

Rings all_roads(const streets::Outline& outline) {
    Rings rings;
    for (const auto* polygons : {&outline.ground, &outline.bridges, &outline.tunnels}) {
        for (const streets::OutlinePolygon& polygon : *polygons) {
            rings.push_back(to_ring(polygon.border));
            for (const auto& hole : polygon.holes) rings.push_back(to_ring(hole));
        }
    }
    return streets::unite(rings);
}

// Points of the roads' edges, at most two metres apart.
void add_edge(const std::vector<Vec3>& ring, std::vector<Vec3>& edges) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec3 &a = ring[i], &b = ring[(i + 1) % ring.size()];
        const int steps =
            std::max(1, static_cast<int>(std::ceil(glm::length(math::xy(b - a)) / 2.0)));
        for (int k = 0; k < steps; ++k) {
            edges.push_back(a + (b - a) * (static_cast<double>(k) / steps));
        }
    }
}

std::vector<Vec3> edges_of(const streets::Outline& outline) {
    std::vector<Vec3> edges;
    for (const streets::OutlinePolygon& polygon : outline.ground) {
        add_edge(polygon.border, edges);
        for (const auto& hole : polygon.holes) add_edge(hole, edges);
    }
    return edges;
}

// Heights of a grid's points; those of weight 0 are free.
struct Sheet {
    std::size_t columns, rows;
    std::vector<double> z, w;
};

// Heights that the roads' edges set, each weighted by closeness.
Sheet sheet_near(const std::vector<Vec3>& edges, const Terrain& terrain) {
    const auto columns = static_cast<std::size_t>(terrain.columns);
    const std::size_t count = columns * terrain.rows;
    std::vector<double> weight(count, 0.0), sum(count, 0.0);
    for (const Vec3& p : edges) {
        const Vec2 at = (math::xy(p) - terrain.origin) / kTerrainCell_m;
        const int reach = static_cast<int>(std::ceil(kEdgeReach_m / kTerrainCell_m));
        const int c = static_cast<int>(std::lround(at.x)), r = static_cast<int>(std::lround(at.y));
        for (int j = std::max(0, r - reach);
             j <= std::min<int>(static_cast<int>(terrain.rows) - 1, r + reach); ++j) {
            for (int i = std::max(0, c - reach);
                 i <= std::min<int>(static_cast<int>(columns) - 1, c + reach); ++i) {
                const Vec2 off = (Vec2(i, j) - at) * kTerrainCell_m;
                const double d2 = glm::dot(off, off);
                if (d2 > kEdgeReach_m * kEdgeReach_m) continue;
                const double fade = 1.0 - d2 / (kEdgeReach_m * kEdgeReach_m);
                const double w = fade * fade / (d2 + 0.5);
                const std::size_t k =
                    static_cast<std::size_t>(j) * columns + static_cast<std::size_t>(i);
                weight[k] += w;
                sum[k] += w * p.z;
            }
        }
    }
    Sheet sheet{columns, terrain.rows, std::vector<double>(count, 0.0), std::move(weight)};
    for (std::size_t i = 0; i < count; ++i) {
        if (sheet.w[i] > 0) sheet.z[i] = sum[i] / sheet.w[i];
    }
    return sheet;
}

// Means of edges far and near are not yet the edges' own heights: what is missing at each edge
// goes to the corners of its cell, again and again.
void correct(const std::vector<Vec3>& edges, const Vec2& origin, Sheet& sheet) {
    const std::size_t columns = sheet.columns, count = sheet.z.size();
    constexpr int kCorrections = 16;
    for (int round = 0; round < kCorrections; ++round) {
        std::vector<double> missing(count, 0.0), share(count, 0.0);
        for (const Vec3& p : edges) {
            const Vec2 at = (math::xy(p) - origin) / kTerrainCell_m;
            const auto c = static_cast<std::size_t>(at.x), r = static_cast<std::size_t>(at.y);
            const double u = at.x - static_cast<double>(c), v = at.y - static_cast<double>(r);
            const std::size_t i = r * columns + c;
            const std::array<std::size_t, 4> corner{i, i + 1, i + columns, i + columns + 1};
            const std::array<double, 4> part{(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
            double here = 0;
            for (std::size_t k = 0; k < 4; ++k) here += part[k] * sheet.z[corner[k]];
            for (std::size_t k = 0; k < 4; ++k) {
                missing[corner[k]] += part[k] * (p.z - here);
                share[corner[k]] += part[k];
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (share[i] > 0) sheet.z[i] += missing[i] / share[i];
        }
    }
}

double mean_of(const Sheet& sheet) {
    double mean = 0, total = 0;
    for (std::size_t i = 0; i < sheet.z.size(); ++i) {
        if (sheet.w[i] <= 0) continue;
        mean += sheet.z[i];
        total += 1;
    }
    return total > 0 ? mean / total : 0.0;
}

Sheet coarser(const Sheet& fine) {
    Sheet coarse{(fine.columns + 1) / 2, (fine.rows + 1) / 2, {}, {}};
    coarse.z.assign(coarse.columns * coarse.rows, 0.0);
    coarse.w.assign(coarse.columns * coarse.rows, 0.0);
    for (std::size_t r = 0; r < fine.rows; ++r) {
        for (std::size_t c = 0; c < fine.columns; ++c) {
            const std::size_t i = r * fine.columns + c, k = (r / 2) * coarse.columns + c / 2;
            if (fine.w[i] <= 0) continue;
            coarse.z[k] += fine.z[i];
            coarse.w[k] += 1;
        }
    }
    for (std::size_t k = 0; k < coarse.z.size(); ++k) {
        if (coarse.w[k] > 0) coarse.z[k] /= coarse.w[k];
    }
    return coarse;
}

// Each free point takes its neighbours' mean, a number of times.
void relax(Sheet& level) {
    constexpr int kRounds = 24;
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t r = 0; r < level.rows; ++r) {
            for (std::size_t c = 0; c < level.columns; ++c) {
                const std::size_t i = r * level.columns + c;
                if (level.w[i] > 0) continue;
                const double left = level.z[c > 0 ? i - 1 : i];
                const double right = level.z[c + 1 < level.columns ? i + 1 : i];
                const double down = level.z[r > 0 ? i - level.columns : i];
                const double up = level.z[r + 1 < level.rows ? i + level.columns : i];
                level.z[i] = 0.25 * (left + right + down + up);
            }
        }
    }
}

}  // namespace

Land::Land(const streets::Outline& outline)
    : roads(all_roads(outline)),
      on_road(roads),
      near_road(streets::grow(streets::simplified(roads, 0.05), kRoadMargin_m)),
      near_bridge(around_bridges(outline)) {
    low = Vec2(1e30);
    high = Vec2(-1e30);
    for (const Ring& ring : roads) {
        for (const auto& point : ring) {
            low = glm::min(low, streets::to_metres(point));
            high = glm::max(high, streets::to_metres(point));
        }
    }
    if (roads.empty()) low = high = Vec2(0);
    for (const streets::OutlinePolygon& polygon : outline.ground) {
        for (const auto& hole : polygon.holes) {
            Block block;
            block.low = Vec2(1e30);
            block.high = Vec2(-1e30);
            for (std::size_t i = 0; i < hole.size(); ++i) {
                const Vec2 p = math::xy(hole[i]), q = math::xy(hole[(i + 1) % hole.size()]);
                block.border.push_back(p);
                block.area_m2 -= 0.5 * math::cross(p, q);
                block.low = glm::min(block.low, p);
                block.high = glm::max(block.high, p);
            }
            blocks.push_back(std::move(block));
        }
    }
}

bool Land::free(const Box2& box, bool close) const {
    // Its border every metre and a half, and its inside every three; closer where nothing is kept
    // between it and the road.
    const double step_m = close ? 0.5 : 1.5;
    const int inside = close ? 6 : 2;
    const Vec2 along = math::direction(box.yaw_rad), across = math::perp(along);
    const auto steps = [](double half, double step) {
        return std::max(1, static_cast<int>(std::ceil(2 * half / step)));
    };
    const int nx = steps(box.half.x, step_m), ny = steps(box.half.y, step_m);
    for (int i = 0; i <= nx; ++i) {
        for (int j = 0; j <= ny; ++j) {
            const bool rim = i == 0 || j == 0 || i == nx || j == ny;
            if (!rim && (i % inside != 0 || j % inside != 0)) continue;
            const double x = -box.half.x + 2 * box.half.x * i / nx;
            const double y = -box.half.y + 2 * box.half.y * j / ny;
            const Vec2 p = box.centre + x * along + y * across;
            if (close ? on_road(p) : near_road(p)) return false;
            if (near_bridge(p)) return false;
        }
    }
    return true;
}

Terrain make_terrain(const streets::Outline& outline, const Land& land) {
    Terrain terrain;
    terrain.cell_m = kTerrainCell_m;
    terrain.origin = land.low - kTerrainMargin_m;
    const Vec2 size = land.high - land.low + 2 * kTerrainMargin_m;
    terrain.columns = static_cast<std::uint32_t>(std::ceil(size.x / kTerrainCell_m)) + 1;
    terrain.rows = static_cast<std::uint32_t>(std::ceil(size.y / kTerrainCell_m)) + 1;

    // A smooth sheet through the roads' edges, from coarse to fine.
    const std::vector<Vec3> edges = edges_of(outline);
    Sheet finest = sheet_near(edges, terrain);
    correct(edges, terrain.origin, finest);
    const double mean = mean_of(finest);
    std::vector<Sheet> levels;
    levels.push_back(std::move(finest));
    while (levels.back().columns > 8 && levels.back().rows > 8) {
        levels.push_back(coarser(levels.back()));
    }
    for (std::size_t l = levels.size(); l-- > 0;) {
        Sheet& level = levels[l];
        // Free points start from the coarser sheet.
        for (std::size_t r = 0; r < level.rows; ++r) {
            for (std::size_t c = 0; c < level.columns; ++c) {
                const std::size_t i = r * level.columns + c;
                if (level.w[i] > 0) continue;
                level.z[i] = l + 1 < levels.size()
                                 ? levels[l + 1].z[(r / 2) * levels[l + 1].columns + c / 2]
                                 : mean;
            }
        }
        relax(level);
    }
    terrain.heights_m.resize(levels[0].z.size());
    for (std::size_t i = 0; i < levels[0].z.size(); ++i) {
        terrain.heights_m[i] = static_cast<float>(levels[0].z[i]);
    }
    return terrain;
}

LandHeight::LandHeight(const Terrain& terrain, const engine::core::Key& key)
    : terrain_(&terrain),
      low_(terrain.origin),
      high_(terrain.origin + terrain.cell_m * Vec2(terrain.columns - 1.0, terrain.rows - 1.0)) {
    for (std::uint64_t i = 0; i < 6; ++i) phase_[i] = key.uniform(0, 2 * math::kPi, i);
}

double LandHeight::operator()(const Vec2& p) const {
    const double base = terrain_->height_m(p);
    const Vec2 out = glm::max(Vec2(0.0), glm::max(low_ - p, p - high_));
    const double distance = glm::length(out);
    if (distance <= 0) return base;
    // Gentle hills that grow with the distance.
    constexpr double kFull_m = 1400.0, kHighest_m = 55.0;
    const double u = std::min(1.0, distance / kFull_m);
    const double grow = u * u * (3.0 - 2.0 * u);
    const double waves = std::sin(p.x / 310 + phase_[0]) * std::sin(p.y / 280 + phase_[1]) +
                         0.6 * std::sin(p.x / 140 + p.y / 190 + phase_[2]) +
                         0.5 * std::sin(p.y / 120 - p.x / 230 + phase_[3]);
    return base + grow * kHighest_m * std::max(0.0, 0.45 + 0.4 * waves);
}

}  // namespace huntsman::scenarios::dressing
