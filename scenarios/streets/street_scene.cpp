#include "scenarios/streets/street_scene.h"

#include <algorithm>

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using world::ActorId;
using world::Semantic;

namespace {

constexpr double kCell_m = 8.0;

}  // namespace

DrivenMap::DrivenMap(const Surface& surface) {
    std::vector<math::Bounds2> bounds;
    for (const RoadSpans& road : surface.roads) {
        for (const Span& span : road.spans) {
            for (const LaneStrip& lane : span.lanes) {
                const Cover cover = lane_cover(lane);
                if (cover == Cover::kGrass) continue;
                const bool carriageway = cover == Cover::kAsphalt || cover == Cover::kCycleway;
                const std::uint32_t l = lane.first_column, r = l + lane.columns() - 1;
                for (std::size_t i = 0; i + 1 < span.stations.size(); ++i) {
                    const SurfacePoint &l0 = span.at(i, l), &r0 = span.at(i, r),
                                       &l1 = span.at(i + 1, l), &r1 = span.at(i + 1, r);
                    Cell cell{
                        {to_metres(r0.xy), to_metres(r1.xy), to_metres(l1.xy), to_metres(l0.xy)},
                        0.25 * to_metres(l0.z + r0.z + l1.z + r1.z),
                        world::is_driven(lane.type) ? Use::kDriven
                        : carriageway               ? Use::kCarriageway
                                                    : Use::kPaved};
                    math::Bounds2 box{Vec2(1e30), Vec2(-1e30)};
                    for (const Vec2& c : cell.corners) {
                        box.low = glm::min(box.low, c);
                        box.high = glm::max(box.high, c);
                    }
                    bounds.push_back(box);
                    cells_.push_back(cell);
                }
            }
        }
    }
    near_ = math::GridIndex(bounds, kCell_m);
}

bool DrivenMap::any(const Vec3& p, double margin_m, Use least) const {
    const Vec2 q = math::xy(p);
    return near_.any({q - margin_m, q + margin_m}, [&](std::uint32_t index) {
        const Cell& cell = cells_[index];
        if (cell.use < least) return false;
        if (p.z - cell.z > 3.0 || cell.z - p.z > 1.0) return false;
        bool inside = true;
        double nearest = 1e30;
        for (unsigned i = 0; i < 4; ++i) {
            const Vec2 &a = cell.corners[i], &b = cell.corners[(i + 1) % 4];
            inside = inside && math::cross(b - a, q - a) >= 0;
            if (margin_m > 0) {
                nearest = std::min(nearest, math::closest_on_segment(q, a, b).distance_m);
            }
        }
        return inside || nearest < margin_m;
    });
}

StreetScene::StreetScene(const Ground& ground, world::World& world, Streets& streets)
    : ground_(ground), builder_(world), streets_(streets), driven_(ground.surface()) {
    double lowest = 1e30;
    for (const Sheet& sheet : ground.surface().sheets.back()) {
        for (const SheetVertex& v : sheet.vertices) lowest = std::min(lowest, to_metres(v.z));
    }
    if (lowest < 1e29) lowest_m_ = lowest;
}

ActorId StreetScene::add_object(Semantic semantic, const math::RigidTransform& X_WB,
                                const world::Extent& extent, bool collides) {
    const ActorId id = builder_.add_object(semantic, X_WB, extent, collides);
    if (collides) {
        const Vec3 centre = X_WB * Vec3(extent.centre_x_m(), 0, 0);
        const math::Box2 box{
            math::xy(centre), X_WB.yaw_rad(), {0.5 * extent.length_m(), 0.5 * extent.width_m}};
        streets_.furniture.push_back(box);
        const math::RigidTransform X = math::upright(centre, X_WB.yaw_rad());
        if (!free(X, extent.length_m(), extent.width_m)) {
            streets_.obstacles.emplace_back(box, centre.z);
        }
    }
    return id;
}

ActorId StreetScene::add(std::uint32_t mesh, const math::RigidTransform& X, Semantic semantic,
                         double length_m, double width_m, double height_m) {
    const ActorId id = add_object(semantic, X, {0.5 * length_m, 0.5 * length_m, width_m, height_m});
    add_instance(mesh, X, semantic, id);
    return id;
}

bool StreetScene::free(const math::RigidTransform& X, double length_m, double width_m) const {
    for (const double x : {-0.5, 0.0, 0.5}) {
        for (const double y : {-0.5, 0.0, 0.5}) {
            if (driven_.at(X * Vec3(x * length_m, y * width_m, 0.1))) return false;
        }
    }
    return true;
}

}  // namespace huntsman::scenarios::streets
