// Independent looks at sheets: what lies over a point, what is covered twice.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/streets/surface/surface.h"

namespace huntsman::scenarios::streets {

// Triangles of sheets by square cells of the plan.
class Cover2 {
  public:
    struct Hit {
        double z_m = 0;
        Cover cover = Cover::kAsphalt;
        std::size_t sheet = 0;
    };
    explicit Cover2(const std::vector<Sheet>& sheets) {
        for (std::size_t s = 0; s < sheets.size(); ++s) {
            for (const Sheet::Triangle& t : sheets[s].triangles) {
                Item item{{}, {}, t.cover, s};
                Vec2 lo(1e30), hi(-1e30);
                for (std::size_t i = 0; i < 3; ++i) {
                    const SheetVertex& v = sheets[s].vertices[t.v[i]];
                    item.p[i] = to_metres(v.xy);
                    item.z[i] = to_metres(v.z);
                    lo = glm::min(lo, item.p[i]);
                    hi = glm::max(hi, item.p[i]);
                }
                for (int x = cell(lo.x); x <= cell(hi.x); ++x) {
                    for (int y = cell(lo.y); y <= cell(hi.y); ++y) {
                        cells_[{x, y}].push_back(items_.size());
                    }
                }
                items_.push_back(item);
            }
        }
    }
    // All triangles over a point, borders included.
    std::vector<Hit> at(const Vec2& q) const {
        std::vector<Hit> hits;
        const auto found = cells_.find({cell(q.x), cell(q.y)});
        if (found == cells_.end()) return hits;
        for (const std::size_t name : found->second) {
            const Item& item = items_[name];
            const double all = engine::math::cross(item.p[1] - item.p[0], item.p[2] - item.p[0]);
            if (all <= 0) continue;
            double w[3];
            bool inside = true;
            for (std::size_t i = 0; i < 3; ++i) {
                const Vec2 &a = item.p[(i + 1) % 3], &b = item.p[(i + 2) % 3];
                w[i] = engine::math::cross(b - a, q - a) / all;
                inside = inside && w[i] >= 0;
            }
            if (!inside) continue;
            hits.push_back(
                {w[0] * item.z[0] + w[1] * item.z[1] + w[2] * item.z[2], item.cover, item.sheet});
        }
        return hits;
    }

  private:
    struct Item {
        Vec2 p[3];
        double z[3];
        Cover cover;
        std::size_t sheet;
    };
    static int cell(double v) { return static_cast<int>(std::floor(v / 5.0)); }
    std::vector<Item> items_;
    std::map<std::pair<int, int>, std::vector<std::size_t>> cells_;
};

// Share of outline edges, by length, beyond which there is ground of the same height after all:
// cracks.
inline double crack_share(const Surface& surface, std::size_t level = 0) {
    const Cover2 ground(surface.sheets[level]);
    double all = 0, cracks = 0;
    const std::vector<bool> take(surface.tiles.size(), true);
    for (const OutlineEdge& e : open_sides(surface.sheets[level], take)) {
        const Vec2 a = to_metres(e.a), b = to_metres(e.b);
        const double length = glm::length(b - a);
        if (length < 1e-3) continue;
        all += length;
        // 3 mm to the right of the middle.
        const Vec2 q = 0.5 * (a + b) - 0.003 / length * engine::math::perp(b - a);
        const double z = 0.5 * to_metres(e.a_z + e.b_z);
        for (const auto& hit : ground.at(q)) {
            if (std::abs(hit.z_m - z) < 0.05) {
                cracks += length;
                break;
            }
        }
    }
    return all > 0 ? cracks / all : 0;
}

// Share of the ground that triangles cover twice or more at one height, by one point of each.
inline double double_cover_share(const Surface& surface) {
    const Cover2 ground(surface.sheets[0]);
    double all = 0, twice = 0;
    std::uint64_t draw = 1;
    for (const Sheet& sheet : surface.sheets[0]) {
        for (const Sheet::Triangle& t : sheet.triangles) {
            double w[2];
            for (double& u : w) {
                draw = draw * 6364136223846793005ULL + 1442695040888963407ULL;
                u = static_cast<double>(draw >> 11) * 0x1p-53;
            }
            if (w[0] + w[1] > 1) {
                w[0] = 1 - w[0];
                w[1] = 1 - w[1];
            }
            const auto at = [&](std::uint32_t v) {
                return Vec3(to_metres(sheet.vertices[v].xy), to_metres(sheet.vertices[v].z));
            };
            const Vec3 p =
                at(t.v[0]) + w[0] * (at(t.v[1]) - at(t.v[0])) + w[1] * (at(t.v[2]) - at(t.v[0]));
            int over = 0;
            for (const auto& hit : ground.at(Vec2(p))) over += std::abs(hit.z_m - p.z) < 0.5;
            const double area = area_m2(
                {sheet.vertices[t.v[0]].xy, sheet.vertices[t.v[1]].xy, sheet.vertices[t.v[2]].xy});
            all += area;
            if (over > 1) twice += area;
        }
    }
    return all > 0 ? twice / all : 0;
}

}  // namespace huntsman::scenarios::streets
