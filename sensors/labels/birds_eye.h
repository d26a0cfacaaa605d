// The surroundings seen from above: where one may drive, where something stands, and which of it
// the cameras see.
#pragma once

#include <map>
#include <span>

#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// What does not change about a place on the ground; filled where it is first asked for.
class GroundRaster {
  public:
    static constexpr double kCell_m = 0.5;
    struct Cell {
        float z_m = 0;
        bool drivable = false;
        std::uint32_t stands = engine::world::kNone;  // index into World::objects
    };
    // Both must outlive the object.
    GroundRaster(const engine::world::World& world, const engine::road::RoadMap& map);
    // The cell that holds p, on the level of p.z.
    const Cell& at(const Vec3& p_W);

  private:
    static constexpr int kTile = 32;  // cells
    struct Key {
        int x, y, level;
        auto operator<=>(const Key&) const = default;
    };
    struct Tile {
        std::array<Cell, static_cast<std::size_t>(kTile* kTile)> cells;
    };
    Tile make(const Key& key, double z_m) const;
    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    std::map<Key, Tile> tiles_;
};

// A cell is seen if a camera sees its ground at its middle, or what stands there at one of three
// heights. `objects` are those of the sample, which stand at their boxes.
BirdsEye label_birds_eye(GroundRaster& ground, const engine::world::World& world,
                         const engine::world::State& state, std::span<const ObjectLabel> objects,
                         std::span<const CameraSample> cameras, double cell_m, int cells);

}  // namespace huntsman::sensors::labels
