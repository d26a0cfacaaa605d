#include "scenarios/streets/surface/places.h"

#include <algorithm>

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using engine::road::RoadGeometry;
using world::kNone;

Ground::Ground(const RoadGeometry& geometry, const Surface& surface)
    : geometry_(geometry), surface_(surface), tiles_(geometry.model().roads.size()) {
    std::vector<std::uint32_t> of_junction(geometry.model().junctions.size(), kNone);
    for (std::uint32_t t = 0; t < surface.tiles.size(); ++t) {
        const Tile& tile = surface.tiles[t];
        if (tile.junction != kNone) {
            of_junction[tile.junction] = t;
        } else {
            tiles_[tile.road].push_back(t);
        }
    }
    for (std::uint32_t r = 0; r < tiles_.size(); ++r) {
        const std::uint32_t junction = geometry.model().roads[r].junction;
        if (junction < of_junction.size() && of_junction[junction] != kNone) {
            tiles_[r].push_back(of_junction[junction]);
        }
    }
}

std::uint32_t Ground::tile_of(std::uint32_t road, double s_m) const {
    for (const std::uint32_t t : tiles_[road]) {
        const Tile& tile = surface_.tiles[t];
        if (tile.junction != kNone || s_m <= tile.s_end_m) return t;
    }
    return tiles_[road].empty() ? kNone : tiles_[road].back();
}

SurfaceSample Ground::at(std::uint32_t road, double s_m, const Vec2& p) const {
    const std::uint32_t junction = model().roads[road].junction;
    if (junction < surface_.ground_of.size() && surface_.ground_of[junction] != kNone) {
        return surface_.junctions[surface_.ground_of[junction]].field.at(p, Cover::kAsphalt);
    }
    const auto place = geometry_.project_near(road, Vec3(p, geometry_.elevation_m(road, s_m)), s_m);
    const std::uint32_t section = geometry_.section_at(road, place.s_m);
    return sample_surface(geometry_, road, section, geometry_.lane_at(road, place.s_m, place.t_m),
                          place.s_m, place.t_m);
}

Vec3 Ground::point(std::uint32_t road, double s_m, double t_m) const {
    return geometry_.pose({road, s_m, t_m, 0}).p;
}

Cover Ground::cover(std::uint32_t road, double s_m, double t_m) const {
    for (const Span& span : surface_.roads[road].spans) {
        if (s_m < span.stations.front() - 1e-9 || s_m > span.stations.back() + 1e-9) continue;
        // On the middle line itself the lane beside it counts.
        int id = geometry_.lane_at(road, s_m, t_m);
        for (const double aside : {-1e-3, 1e-3}) {
            if (id == 0) id = geometry_.lane_at(road, s_m, t_m + aside);
        }
        for (const LaneStrip& strip : span.lanes) {
            if (strip.lane != id) continue;
            for (const Cover c : strip.covers) {
                if (c != Cover::kKerbStone || strip.covers.size() == 1) return c;
            }
        }
    }
    return Cover::kCount;
}

math::RigidTransform Ground::pose(std::uint32_t road, double s_m, double t_m, double z_m,
                                  double heading_rad, double pitch_rad, double roll_rad) const {
    const Vec3 p = point(road, s_m, t_m) + Vec3(0, 0, z_m);
    const double yaw = geometry_.reference(road, s_m).heading_rad + heading_rad;
    const math::Quat pitch(std::cos(0.5 * pitch_rad), 0, std::sin(0.5 * pitch_rad), 0);
    const math::Quat roll(std::cos(0.5 * roll_rad), std::sin(0.5 * roll_rad), 0, 0);
    return {math::yaw_rotation(yaw) * pitch * roll, p};
}

std::vector<Vec3> object_corners(const Ground& ground, std::uint32_t road,
                                 const world::ModelObject& object) {
    const auto X = ground.pose(road, object.s_m, object.t_m, object.z_offset_m, object.heading_rad,
                               object.pitch_rad, object.roll_rad);
    std::vector<Vec3> corners;
    const world::Outline* outline = nullptr;
    for (const world::Outline& o : object.outlines) {
        if (outline == nullptr && o.outer && o.corners.size() >= 3) outline = &o;
    }
    if (outline != nullptr) {
        for (const world::OutlineCorner& c : outline->corners) {
            corners.push_back(c.local ? X * Vec3(c.a, c.b, c.z)
                                      : ground.point(road, c.a, c.b) + Vec3(0, 0, c.z));
        }
    } else if (object.length_m > 0 && object.width_m > 0) {
        const double x = 0.5 * object.length_m, y = 0.5 * object.width_m;
        for (const Vec3& c : {Vec3(x, y, 0), Vec3(-x, y, 0), Vec3(-x, -y, 0), Vec3(x, -y, 0)}) {
            corners.push_back(X * c);
        }
    } else if (object.radius_m > 0) {
        for (int i = 0; i < 12; ++i) {
            const double a = 2 * math::kPi * i / 12;
            corners.push_back(
                X * Vec3(object.radius_m * std::cos(a), object.radius_m * std::sin(a), 0));
        }
    }
    return corners;
}

}  // namespace huntsman::scenarios::streets
