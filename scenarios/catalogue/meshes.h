// Meshes of actors, built from profiles. Internal to the catalogue.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/world/world.h"
#include "scenarios/catalogue/models.h"
#include "scenarios/models/build.h"

namespace huntsman::scenarios::catalogue {

constexpr const char *kBodyMesh = "body", *kWheelMesh = "wheel", *kSolidsMesh = "solids",
                     *kInteriorMesh = "interior";

// What parts of each kind of model can show, and where people's parts hang.
std::vector<const char*> vehicle_meshes();
std::vector<const char*> person_meshes();
std::vector<const char*> person_joints();
std::vector<const char*> solid_meshes();

// The parts of an archetype whose measures are there, with their meshes appended to the scene.
// `imported` is that of VehicleModel::model, which then shows body, wheels and interior.
void add_vehicle_parts(const VehicleModel& model, const models::BuiltModel* imported,
                       engine::world::Archetype& archetype, engine::world::StaticScene& scene);
void add_solid_parts(const SolidModel& model, engine::world::Archetype& archetype,
                     engine::world::StaticScene& scene);
// And its body points.
void add_person_parts(const PersonModel& model, engine::world::Archetype& archetype,
                      engine::world::StaticScene& scene);

// A wheel: turns about y, its hub at the origin.
engine::world::Mesh wheel_mesh(const std::string& name, const Axle& axle);

// Appends parts that show wheels or solids; `wheels` are those of the archetype's axles.
class PartBuilder {
  public:
    PartBuilder(const std::vector<Axle>& axles, engine::world::Archetype& archetype,
                engine::world::StaticScene& scene);
    void add_wheel(std::size_t wheel);
    void add_solids(const PartModel& part);

  private:
    engine::world::Archetype& archetype_;
    engine::world::StaticScene& scene_;
    std::vector<const Axle*> axle_of_;  // by wheel
    // Axles of the same measures share a mesh.
    std::vector<std::pair<const Axle*, std::uint32_t>> wheel_meshes_;
};

}  // namespace huntsman::scenarios::catalogue
