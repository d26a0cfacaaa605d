// Places things beside the roads, where nothing else stands.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/core/dice.h"
#include "engine/math/geometry.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/world_builder.h"

namespace huntsman::scenarios::dressing {

using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;

using engine::core::Dice;

using catalogue::box_extent;

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

// A builder that also keeps what ground is taken.
struct Builder : catalogue::WorldBuilder {
    using catalogue::WorldBuilder::WorldBuilder;
    Occupied occupied;
};

}  // namespace huntsman::scenarios::dressing
