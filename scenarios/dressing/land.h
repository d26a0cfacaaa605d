// The land between the roads: its extent, its height, and what covers it.
#pragma once

#include <vector>

#include "engine/core/random.h"
#include "engine/math/geometry.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/streets/streets.h"
#include "scenarios/streets/surface/polygons.h"

namespace huntsman::scenarios::dressing {

using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;

// What a piece of land is covered with.
enum class Ground : std::uint8_t { kGrass, kLawn, kPaved, kSlabs, kSoil, kGravel };

struct Zone {
    Ground ground = Ground::kLawn;
    std::vector<Vec2> border;  // counter-clockwise
};

// Land that roads enclose.
struct Block {
    std::vector<Vec2> border;  // clockwise, as a hole of the roads
    Vec2 low{0, 0}, high{0, 0};
    double area_m2 = 0;
    bool park = false;
};

struct Land {
    Vec2 low{0, 0}, high{0, 0};       // of all roads
    streets::Rings roads;             // ground, bridges and tunnels together
    streets::InsideTest on_road;      // the same
    streets::InsideTest near_road;    // within 0.6 m of them
    streets::InsideTest near_bridge;  // below or beside a bridge: nothing tall stands there
    std::vector<Block> blocks;
    explicit Land(const streets::Outline& outline);

    // Whether a box is free of roads: with a margin, or close up to them as walls may stand.
    bool free(const Box2& box, bool close = false) const;
};

// Heights of the land: those of the roads' edges beside roads, a smooth sheet between.
engine::world::Terrain make_terrain(const streets::Outline& outline, const Land& land);

// Height of the land as it is seen: the terrain, and hills far outside of it.
class LandHeight {
  public:
    LandHeight(const engine::world::Terrain& terrain, const engine::core::Key& key);
    double operator()(const Vec2& p) const;

  private:
    const engine::world::Terrain* terrain_;
    Vec2 low_, high_;
    double phase_[6];
};

// Meshes of the land around the roads, out to the horizon. Zones later in the list lie on top.
void add_land(const streets::Outline& outline, const Land& land, const std::vector<Zone>& zones,
              const LandHeight& height, engine::world::World& world);

}  // namespace huntsman::scenarios::dressing
