// Archetypes for what a story asks for: the kind that fits best, in exactly the size that is asked
// for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/catalogue.h"

namespace huntsman::scenarios::catalogue {

// What a story says of an entity, in OpenSCENARIO's words.
struct Wanted {
    enum class Kind : std::uint8_t { kVehicle, kPedestrian, kObject };
    Kind kind = Kind::kVehicle;
    std::string name;      // of the entity, for errors
    std::string category;  // "car", "motorbike", "wheelchair", "barrier", ...
    std::string role;      // "police", "ambulance", "fire", ... or empty
    std::string model;     // "car_police", ...
    struct Box {
        double length_m = 0, width_m = 0, height_m = 0;
        double centre_x_m = 0;  // of its centre before the entity's reference point
    };
    std::optional<Box> box;  // none: in the size that the kind has
    double mass_kg = 0;      // 0: as the volume has it
};

// The model that fits best: first by category (and role: an ambulance may be called a van), then by
// words of the model's name, then by size. Models for stories that ask for words are taken only
// where category, role or model has one of them. nullptr where the catalogue has no vehicle, no
// person or animal, or no thing, whichever is wanted. The box's sizes are above 0.
const Model* best_match(const Catalogue& catalogue, const Wanted& wanted);

// Adds archetypes for what is wanted to a world.
class Fitting {
  public:
    explicit Fitting(const Catalogue& catalogue);  // which must outlive the object

    // The index in World::archetypes of an archetype of the best matching kind whose box is the one
    // that is wanted, and whose origin is the entity's reference point, on the ground below it
    // (height and side of the box's centre are not used). It is added, with its meshes, where the
    // world does not have it yet; equal wishes share one. A box that is the kind's own within 1 cm,
    // or none, gives the kind as it is.
    //
    // A person whose box is longer than high by half lies on its back along the box, and keeps
    // still; one with a pram, a suitcase or a dog does not.
    //
    // Of several members of the cast that a kind has the entity's name tells which one it gets:
    // another name may give another archetype.
    //
    // Parts, pivots, wheels and key points are stretched with the box. Wheels stay round; people
    // keep their proportions within the box, since boxes of people leave room for their stride.
    // Mass and forces grow with the volume unless the mass is given. VehicleSpec::wheelbase_m is
    // the distance of the axles also where the origin does not lie below the rear one.
    //
    // An error where a size is not from 1 cm to 300 m, the centre more than 300 m away, or the mass
    // negative or above 1000 t, and where the catalogue has nothing of that sort. To be called
    // before anything that takes the world's meshes is made.
    engine::core::Result<std::uint32_t> add(const Wanted& wanted, engine::world::World& world);

  private:
    // A kind as its file has it.
    struct Made {
        engine::world::Archetype archetype;
        engine::world::StaticScene scene;
    };
    const Made& made(const Model& model, std::size_t member);
    engine::core::Result<std::uint32_t> add_standing(const Wanted& wanted,
                                                     engine::world::World& world);

    const Catalogue& catalogue_;
    std::map<std::pair<const Model*, std::size_t>, Made> made_;  // by model and member
};

}  // namespace huntsman::scenarios::catalogue
