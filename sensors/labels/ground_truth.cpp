#include "sensors/labels/ground_truth.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "engine/world/pose.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::labels {

using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::ActorState;
using engine::world::State;
using engine::world::StaticObject;
using engine::world::World;

namespace {

constexpr double kNear_m = 0.05;  // what is closer to the camera's plane is cut off

TrueObject make(const RigidTransform& X_BW, const RigidTransform& X_WO, ActorId id,
                engine::world::Semantic semantic, const engine::world::Extent& extent,
                const Vec3& v_W) {
    TrueObject object;
    object.id = id;
    object.semantic = semantic;
    object.centre_B = X_BW * engine::world::box_centre(extent, X_WO);
    object.size_m = {extent.length_m(), extent.width_m, extent.height_m};
    object.yaw_rad = (X_BW * X_WO).yaw_rad();
    object.velocity_B = engine::math::xy(X_BW.rotate(v_W));
    object.distance_m = glm::length(engine::math::xy(object.centre_B));
    return object;
}

// Sutherland–Hodgman against one half plane: keeps what has inside(p) >= 0.
template <typename Signed>
std::vector<Vec2> clip(const std::vector<Vec2>& polygon, Signed inside) {
    std::vector<Vec2> result;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2 &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
        const double da = inside(a), db = inside(b);
        if (da >= 0) result.push_back(a);
        if ((da >= 0) != (db >= 0)) result.push_back(a + (b - a) * (da / (da - db)));
    }
    return result;
}

// Andrew's monotone chain.
std::vector<Vec2> convex_hull(std::vector<Vec2> points) {
    std::sort(points.begin(), points.end(),
              [](const Vec2& a, const Vec2& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    std::vector<Vec2> hull(2 * points.size());
    std::size_t count = 0;
    const auto add = [&](const Vec2& p, std::size_t floor) {
        while (count >= floor + 2 &&
               engine::math::cross(hull[count - 1] - hull[count - 2], p - hull[count - 1]) <= 0) {
            --count;
        }
        hull[count++] = p;
    };
    for (const Vec2& p : points) add(p, 0);
    const std::size_t upper = count - 1;
    for (auto p = points.rbegin() + 1; p != points.rend(); ++p) add(*p, upper);
    hull.resize(count - 1);
    return hull;
}

}  // namespace

std::vector<TrueObject> objects_around(const World& world, const State& state, double range_m) {
    const ActorState* ego = state.find(engine::world::kEgo);
    HM_CHECK(ego != nullptr, "the state has no ego");
    const RigidTransform X_BW = ego->X_WB.inverse();
    std::vector<TrueObject> objects;
    for (const ActorState& actor : state.actors) {
        if (actor.id == engine::world::kEgo) continue;
        if ((actor.hidden_from & engine::world::kSensors) != 0) continue;
        const auto& archetype = world.archetypes[actor.archetype];
        TrueObject object =
            make(X_BW, actor.X_WB, actor.id, archetype.semantic, archetype.extent, actor.v_W);
        if (object.distance_m <= range_m) objects.push_back(object);
    }
    for (const StaticObject& fixed : world.objects) {
        if (!fixed.labelled) continue;
        TrueObject object = make(X_BW, fixed.X_WB, fixed.id, fixed.semantic, fixed.extent, Vec3(0));
        if (object.distance_m <= range_m) objects.push_back(object);
    }
    return objects;
}

double projected_area_px(const engine::world::Camera& camera, const RigidTransform& X_CB,
                         const Vec3& centre_B, const Vec3& size_m, double yaw_rad) {
    const RigidTransform X_CO = X_CB * engine::math::upright(centre_B, yaw_rad);
    Vec3 corners[8];
    for (unsigned i = 0; i < 8; ++i) {
        corners[i] = X_CO * Vec3((i & 1 ? 0.5 : -0.5) * size_m.x, (i & 2 ? 0.5 : -0.5) * size_m.y,
                                 (i & 4 ? 0.5 : -0.5) * size_m.z);
    }
    std::vector<Vec2> points;
    if (!lens::plain_pinhole(camera.lens)) {
        // Edges are curves: points along them that the lens sees.
        constexpr int kSteps = 8;
        for (unsigned i = 0; i < 8; ++i) {
            for (const unsigned axis : {1U, 2U, 4U}) {
                const unsigned j = i ^ axis;
                for (int step = 0; step <= kSteps && j > i; ++step) {
                    const double t = static_cast<double>(step) / kSteps;
                    Vec2 pixel;
                    if (lens::project(camera.lens, corners[i] + (corners[j] - corners[i]) * t,
                                      pixel)) {
                        points.push_back(pixel);
                    }
                }
            }
        }
    } else {
        // Corners in front of the near plane, and the points where edges cross it.
        const auto add = [&](const Vec3& p) {
            points.emplace_back(camera.lens.fx * p.x / p.z + camera.lens.cx,
                                camera.lens.fy * p.y / p.z + camera.lens.cy);
        };
        for (unsigned i = 0; i < 8; ++i) {
            if (corners[i].z >= kNear_m) add(corners[i]);
            for (const unsigned axis : {1U, 2U, 4U}) {
                const unsigned j = i ^ axis;
                if (j < i) continue;
                if ((corners[i].z >= kNear_m) == (corners[j].z >= kNear_m)) continue;
                const double along = (kNear_m - corners[i].z) / (corners[j].z - corners[i].z);
                add(corners[i] + (corners[j] - corners[i]) * along);
            }
        }
    }
    if (points.size() < 3) return 0.0;
    std::vector<Vec2> hull = convex_hull(points);
    hull = clip(hull, [](const Vec2& p) { return p.x; });
    hull = clip(hull, [&](const Vec2& p) { return camera.width - p.x; });
    hull = clip(hull, [](const Vec2& p) { return p.y; });
    hull = clip(hull, [&](const Vec2& p) { return camera.height - p.y; });
    double twice_area = 0.0;
    for (std::size_t i = 0; i < hull.size(); ++i) {
        twice_area += engine::math::cross(hull[i], hull[(i + 1) % hull.size()]);
    }
    return 0.5 * std::abs(twice_area);
}

void count_visible(const World& world, std::span<const std::span<const std::uint32_t>> id_buffers,
                   std::vector<TrueObject>& objects) {
    HM_CHECK(id_buffers.size() == world.rig.cameras.size(), "{} id buffers for {} cameras",
             id_buffers.size(), world.rig.cameras.size());
    std::vector<std::uint32_t> counts(objects.size());
    for (std::size_t c = 0; c < id_buffers.size(); ++c) {
        std::fill(counts.begin(), counts.end(), 0U);
        // Neighbouring pixels mostly show the same thing: look an id up only when it changes.
        std::uint32_t last = 0;
        std::uint32_t* counter = nullptr;
        for (const std::uint32_t word : id_buffers[c]) {
            const std::uint32_t id = engine::world::actor_of(word);
            if (id != last) {
                last = id;
                const auto found =
                    std::lower_bound(objects.begin(), objects.end(), id,
                                     [](const TrueObject& a, std::uint32_t b) { return a.id < b; });
                counter = found != objects.end() && found->id == id
                              ? &counts[static_cast<std::size_t>(found - objects.begin())]
                              : nullptr;
            }
            if (counter != nullptr) ++*counter;
        }
        const auto& camera = world.rig.cameras[c];
        const RigidTransform X_CB = camera.X_BC.inverse();
        for (std::size_t i = 0; i < objects.size(); ++i) {
            if (counts[i] == 0) continue;
            TrueObject& object = objects[i];
            object.pixels += counts[i];
            const double area =
                projected_area_px(camera, X_CB, object.centre_B, object.size_m, object.yaw_rad);
            if (area > 0.0) {
                object.visible_share =
                    std::max(object.visible_share, std::min(1.0, counts[i] / area));
            }
        }
    }
}

}  // namespace huntsman::sensors::labels
