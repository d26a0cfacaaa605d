#include "agents/senses/sight_map.h"

#include <algorithm>
#include <cmath>

namespace huntsman::agents::senses {

namespace {

constexpr double kBoxCell_m = 8;

// Street lamps: luminous intensity downwards, of the order that gives the 7.5 to 15 lx of
// residential and minor roads [EN 13201-2, classes P1, C4]; beyond the range less than 0.3 lx.
constexpr double kStreetLamp_cd = 1500;
constexpr double kStreetLampRange_m = 30;

math::Bounds2 bounds_of(const SightBox& box) {
    const Vec2 reach(std::abs(box.x.x) * box.half.x + std::abs(box.x.y) * box.half.y,
                     std::abs(box.x.y) * box.half.x + std::abs(box.x.x) * box.half.y);
    return {box.centre - reach, box.centre + reach};
}

bool hides(const world::StaticObject& object) {
    const world::Extent& e = object.extent;
    return std::max(e.length_m(), e.width_m) >= SightMap::kThinnest_m &&
           e.height_m >= SightMap::kLowest_m;
}

// The middle of the lit surfaces of a mesh's street lamps, if it has any.
std::vector<Vec3> street_lamps_of(const world::Mesh& mesh) {
    std::vector<Vec3> lamps;
    if (mesh.lods.empty()) return lamps;
    const world::MeshLod& lod = mesh.lods.front();
    for (const world::Submesh& part : lod.submeshes) {
        if (part.material != world::Material::kLamp || part.lamp != world::Lamp::kStreet ||
            part.index_count == 0) {
            continue;
        }
        Vec3 sum{0, 0, 0};
        for (std::uint32_t i = 0; i < part.index_count; ++i) {
            const float* p = lod.vertices[lod.indices[part.first_index + i]].p;
            sum += Vec3(p[0], p[1], p[2]);
        }
        lamps.push_back(sum / static_cast<double>(part.index_count));
    }
    return lamps;
}

}  // namespace

SightMap::SightMap(const world::World& world) {
    std::vector<math::Bounds2> bounds;
    for (const world::StaticObject& object : world.objects) {
        if (!hides(object)) continue;
        boxes_.push_back(sight_box(object.extent, object.X_WB));
        bounds.push_back(bounds_of(boxes_.back()));
    }
    near_ = math::GridIndex(bounds, kBoxCell_m);

    std::vector<std::vector<Vec3>> lamps_of_mesh;
    for (const world::Mesh& mesh : world.scene.meshes) {
        lamps_of_mesh.push_back(street_lamps_of(mesh));
    }
    bounds.clear();
    for (const world::Instance& instance : world.scene.instances) {
        for (const Vec3& p_M : lamps_of_mesh[instance.mesh]) {
            lamps_.push_back(instance.X_WM * p_M);
            const Vec2 p = math::xy(lamps_.back());
            bounds.push_back({p - kStreetLampRange_m, p + kStreetLampRange_m});
        }
    }
    lit_by_ = math::GridIndex(bounds, kStreetLampRange_m);
}

PointSet SightMap::hidden(const Vec3& eye_W, const Silhouette& points, PointSet open) const {
    if (boxes_.empty()) return 0;
    const Fan fan(eye_W, points);
    PointSet hidden = 0;
    // Looks through the cells of a strip; true once all is hidden.
    const auto look_through = [&](const math::GridIndex::Cells& cells) {
        for (int y = cells.y0; y <= cells.y1; ++y) {
            for (int x = cells.x0; x <= cells.x1; ++x) {
                for (const std::uint32_t item : near_.items(x, y)) {
                    const SightBox& box = boxes_[item];
                    if (!fan.may_meet(box)) continue;
                    hidden |= hidden_by(box, eye_W, points, open & ~hidden);
                    if (hidden == open) return true;
                }
            }
        }
        return false;
    };
    // Along the axis that the fan runs along most: its reach across is between two slopes.
    const int main = std::abs(fan.to_middle.x) >= std::abs(fan.to_middle.y) ? 0 : 1;
    const int across = 1 - main;
    const double sign = fan.to_middle[main] < 0 ? -1 : 1;
    double slope_low = 1e9, slope_high = -1e9, nearest = 1e9, farthest = 0;
    Vec2 low = fan.eye, high = fan.eye;
    for (const Vec3& p : points) {
        const Vec2 d = math::xy(p) - fan.eye;
        const double along = sign * d[main];
        nearest = std::min(nearest, along);
        farthest = std::max(farthest, along);
        slope_low = std::min(slope_low, d[across] / along);
        slope_high = std::max(slope_high, d[across] / along);
        low = glm::min(low, math::xy(p));
        high = glm::max(high, math::xy(p));
    }
    // Of something close by the few cells around.
    const double step = near_.cell_m();
    if (nearest < 0.5 * step) {
        look_through(near_.touched({low, high}));
        return hidden;
    }
    // Else strip by strip away from the eye, each as wide as the grid's cells and one of their
    // rows.
    const double at = sign * (fan.eye[main] - near_.low()[main]);
    double b = step * (std::floor(at / step) + 1) - at;
    for (double a = 0; a < farthest; a = b, b += step) {
        const double end = std::min(b, farthest);
        math::Bounds2 strip;
        strip.low[main] = strip.high[main] = fan.eye[main] + sign * (b - 0.5 * step);
        strip.low[across] = fan.eye[across] + std::min(slope_low * a, slope_low * end);
        strip.high[across] = fan.eye[across] + std::max(slope_high * a, slope_high * end);
        if (look_through(near_.touched(strip))) break;
    }
    return hidden;
}

double SightMap::street_light_lx(const Vec3& p_W) const {
    double sum = 0;
    for (const std::uint32_t item : lit_by_.at(math::xy(p_W))) {
        const Vec3 d = lamps_[item] - p_W;
        const double square = glm::dot(d, d);
        if (d.z <= 0 || square > math::square(kStreetLampRange_m)) continue;
        sum += kStreetLamp_cd * d.z / (square * std::sqrt(square));
    }
    return sum;
}

}  // namespace huntsman::agents::senses
