// Trees, hedges, lamps, benches and parked vehicles.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/catalogue/furniture.h"
#include "scenarios/dressing/houses.h"

namespace huntsman::scenarios::dressing {

// Meshes of furniture, each added to the scene when it is first needed.
class Shelf {
  public:
    explicit Shelf(WorldBuilder& builder) : builder_(builder) {}
    template <typename Make>
    std::uint32_t get(const char* name, int variant, Make make) {
        const auto key = std::pair(std::string(name), variant);
        const auto found = meshes_.find(key);
        if (found != meshes_.end()) return found->second;
        return meshes_[key] = builder_.add_mesh(make());
    }

  private:
    WorldBuilder& builder_;
    std::map<std::pair<std::string, int>, std::uint32_t> meshes_;
};

struct Scene {
    const DressingParameters& parameters;
    const catalogue::Catalogue& catalogue;
    const engine::road::RoadGeometry& geometry;
    const Land& land;
    const LandHeight& height;
    WorldBuilder& builder;
    Shelf& shelf;
};

// Lamps, street trees, benches and bins on pavements, clear of the way along their middle.
void add_pavement_furniture(Scene& scene, const std::vector<Front>& fronts);

// Hedges and fences of front gardens, trees of yards, parks and the land outside.
void add_greenery(Scene& scene, const std::vector<Lot>& lots, std::vector<Zone>& zones);

// Vehicles in parking places: objects of the model, and parking lanes where it has none.
void add_parked(Scene& scene);

}  // namespace huntsman::scenarios::dressing
