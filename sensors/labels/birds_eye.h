// The surroundings seen from above: where one may drive, where something stands, and which of it
// the cameras see.
#pragma once

#include <array>
#include <map>
#include <span>

#include "engine/core/job_pool.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "sensors/capture/capture.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// What does not change about a place on the ground; filled where it is first asked for.
class GroundRaster {
  public:
    static constexpr double kCell_m = 0.5;
    struct Cell {
        float z_m = 0;
        bool drivable = false;
        bool stands = false;  // something that does not move
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
        std::array<std::array<Cell, kTile>, kTile> cells;  // rows along y
    };
    Tile make(const Key& key, double z_m) const;
    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    std::map<Key, Tile> tiles_;
};

// A cell is seen if a camera sees its ground, or the surface of what stands there: at the middle of
// the cell, at one of three heights if something stands there, or at any of the pixels (every
// second of every second line) that show a place in it. Behind its walls a house is not seen; of a
// road user every cell is seen at which a camera sees any of it. `objects` are those of the sample,
// which stand at their boxes; `motions` those of the cameras.
BirdsEye label_birds_eye(GroundRaster& ground, const engine::world::State& state,
                         std::span<const ObjectLabel> objects,
                         std::span<const CameraSample> cameras,
                         std::span<const capture::CameraMotion> motions,
                         engine::core::JobPool& pool, double cell_m, int cells);

}  // namespace huntsman::sensors::labels
