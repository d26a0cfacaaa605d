// The roads of a world while things are put beside and onto them.
#pragma once

#include <functional>
#include <string>

#include "engine/math/geometry.h"
#include "engine/math/grid_index.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/world_builder.h"
#include "scenarios/streets/streets.h"
#include "scenarios/streets/surface/places.h"

namespace huntsman::scenarios::streets {

// Where lanes are driven, and where carriageways are, junctions included.
class DrivenMap {
  public:
    explicit DrivenMap(const Surface& surface);
    // Whether a point lies on a driven lane, or closer than `margin_m` to one, that lies between
    // 3 m below and 1 m above it.
    bool at(const Vec3& p, double margin_m = 0) const { return any(p, margin_m, Use::kDriven); }
    // The same of all lanes that are no pavement, verge or median.
    bool carriageway(const Vec3& p, double margin_m = 0) const {
        return any(p, margin_m, Use::kCarriageway);
    }
    // The same of all lanes but verges and medians of grass.
    bool paved(const Vec3& p, double margin_m = 0) const { return any(p, margin_m, Use::kPaved); }

  private:
    enum class Use : std::uint8_t { kPaved, kCarriageway, kDriven };
    struct Cell {
        Vec2 corners[4];  // counter-clockwise
        double z;
        Use use;
    };
    bool any(const Vec3& p, double margin_m, Use least) const;
    std::vector<Cell> cells_;
    engine::math::GridIndex near_;
};

class StreetScene {
  public:
    StreetScene(const Ground& ground, engine::world::World& world, Streets& streets);

    const Ground& ground() const { return ground_; }
    const DrivenMap& driven() const { return driven_; }
    engine::world::World& world() { return builder_.world(); }
    double lowest_m() const { return lowest_m_; }  // height of the lowest road

    std::uint32_t mesh(const std::string& key, const std::function<engine::world::Mesh()>& make) {
        return builder_.mesh(key, make);
    }
    engine::world::Instance& add_instance(std::uint32_t mesh,
                                          const engine::math::RigidTransform& X_WM,
                                          engine::world::Semantic semantic,
                                          engine::world::ActorId object) {
        return builder_.add_instance(mesh, X_WM, semantic, object);
    }
    // A static object without a mesh, and the ground that it takes.
    engine::world::ActorId add_object(engine::world::Semantic semantic,
                                      const engine::math::RigidTransform& X_WB,
                                      const engine::world::Extent& extent, bool collides = true);

    // An object of an upright box (length along x, width along y) with a mesh at its foot.
    engine::world::ActorId add(std::uint32_t mesh, const engine::math::RigidTransform& X,
                               engine::world::Semantic semantic, double length_m, double width_m,
                               double height_m);
    // Names something of the map that the world lacks.
    void leave_out(std::string what) { streets_.left_out.push_back(std::move(what)); }
    // Whether none of a box stands on a driven lane.
    bool free(const engine::math::RigidTransform& X, double length_m, double width_m) const;

  private:
    const Ground& ground_;
    catalogue::WorldBuilder builder_;
    Streets& streets_;
    DrivenMap driven_;
    double lowest_m_ = 0;
};

// Traffic lights on poles and mast arms, static signs on posts.
void add_signals(StreetScene& scene);
// Objects of the model: barriers, poles, trees, cones, shelters, buildings, islands.
void add_objects(StreetScene& scene);
// Decks, parapets and piers of bridges, walls and ceilings of tunnels.
void add_structures(StreetScene& scene);

}  // namespace huntsman::scenarios::streets
