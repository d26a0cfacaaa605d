// Hands out ids of static objects, places meshes, and keeps what is taken.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/core/dice.h"
#include "engine/math/geometry.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::dressing {

using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;

using engine::core::Dice;

// Boxes on a grid, to ask quickly whether a new one would stand in another.
class Occupied {
  public:
    bool free(const Box2& box) const {
        bool clear = true;
        each_cell(box, [&](const std::pair<int, int>& cell) {
            const auto found = cells_.find(cell);
            if (found == cells_.end()) return;
            for (const std::uint32_t i : found->second) {
                clear = clear && !engine::math::overlap(boxes_[i], box);
            }
        });
        return clear;
    }
    void add(const Box2& box) {
        const auto index = static_cast<std::uint32_t>(boxes_.size());
        boxes_.push_back(box);
        each_cell(box, [&](const std::pair<int, int>& cell) { cells_[cell].push_back(index); });
    }
    bool take(const Box2& box) {
        if (!free(box)) return false;
        add(box);
        return true;
    }

  private:
    static constexpr double kCell_m = 24.0;
    template <typename Use>
    static void each_cell(const Box2& box, Use use) {
        const double reach = glm::length(box.half);
        const auto cell = [](double v) { return static_cast<int>(std::floor(v / kCell_m)); };
        for (int y = cell(box.centre.y - reach); y <= cell(box.centre.y + reach); ++y) {
            for (int x = cell(box.centre.x - reach); x <= cell(box.centre.x + reach); ++x) {
                use(std::pair(x, y));
            }
        }
    }
    std::vector<Box2> boxes_;
    std::map<std::pair<int, int>, std::vector<std::uint32_t>> cells_;
};

struct WorldBuilder {
    engine::world::World& world;
    engine::world::ActorId next_object;
    Occupied occupied;

    explicit WorldBuilder(engine::world::World& w)
        : world(w),
          next_object(w.objects.empty()
                          ? engine::world::kFirstStaticObject
                          : std::max(engine::world::kFirstStaticObject, w.objects.back().id + 1)) {}

    std::uint32_t add_mesh(engine::world::Mesh mesh) {
        return catalogue::add_mesh(world.scene, std::move(mesh));
    }
    engine::world::ActorId add_object(engine::world::Semantic semantic,
                                      const engine::math::RigidTransform& X_WB,
                                      const engine::world::Extent& extent, bool collides) {
        engine::world::StaticObject object;
        object.id = next_object++;
        object.semantic = semantic;
        object.X_WB = X_WB;
        object.extent = extent;
        object.collides = collides;
        world.objects.push_back(object);
        return object.id;
    }
    engine::world::Instance& add_instance(std::uint32_t mesh,
                                          const engine::math::RigidTransform& X_WM,
                                          engine::world::Semantic semantic,
                                          engine::world::ActorId object) {
        engine::world::Instance instance;
        instance.mesh = mesh;
        instance.X_WM = X_WM;
        instance.semantic = semantic;
        instance.object = object;
        world.scene.instances.push_back(instance);
        return world.scene.instances.back();
    }
};

inline engine::world::Extent box_extent(double length_m, double width_m, double height_m) {
    engine::world::Extent extent;
    extent.front_m = extent.rear_m = 0.5 * length_m;
    extent.width_m = width_m;
    extent.height_m = height_m;
    return extent;
}

}  // namespace huntsman::scenarios::dressing
