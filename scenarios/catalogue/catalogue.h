// What stands and moves in a town: vehicles and people as archetypes with their meshes. Which there
// are, and how they look, say the files of assets/actors (docs/actors.md); see models.h.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/catalogue/models.h"

namespace huntsman::scenarios::models {
struct BuiltModel;
}

namespace huntsman::scenarios::catalogue {

struct CastMember;

// Draws an index by weight.
class Weights {
  public:
    void add(std::uint32_t index, double weight);
    bool empty() const { return up_to_.empty(); }
    // For a uniform draw in [0, 1).
    std::uint32_t pick(double draw) const;
    double of(std::uint32_t index) const;  // 0 where it was not added

  private:
    struct Entry {
        std::uint32_t index;
        double sum;  // of the weights so far
    };
    std::vector<Entry> up_to_;
};

// Colours of paint or cloth.
struct Palette {
    double darkest = 1;  // factor of the darkest shade of a colour
    double spread = 0;   // how much more the lightest shade has
    double most = 1;     // what no channel exceeds
    struct Shade {
        double weight = 1;
        std::array<float, 3> colour{};  // linear
    };
    std::vector<Shade> colours;
    // For two uniform draws: which colour, and how light.
    std::array<float, 3> pick(double which, double shade) const;
};

struct Model {
    std::string name;  // of its file
    std::variant<VehicleModel, PersonModel, SolidModel> of_kind;
    // Of models that only stories ask for: they must ask for one of these words; see fitted.h.
    std::string words;
    // Of vehicles that show one of assets/models; may lack its meshes, see baked_models.h.
    std::shared_ptr<const models::BuiltModel> imported;
    std::shared_ptr<const CastMember> person;  // of people of the shipped cast
    // Those of the cast who may ride it, or of people for stories be it; the measures hold each.
    std::vector<std::shared_ptr<const CastMember>> members;
    std::shared_ptr<const CastMember> animal;  // of those that show one
};

struct Catalogue {
    std::vector<Model> models;  // in the order of the list, which gives archetypes their index
    // No world has them unless a story asks for them.
    std::vector<Model> for_stories;
    std::uint32_t ego = 0;  // index
    std::array<float, 3> ego_colour{};
    Weights moving, parked, walking;  // indices of vehicles and of people
    Palette paints, cloths;
};

// Reads catalogue.json and the file of each actor in it. Riders are those of the shipped cast, or
// plain figures where it has none of their kinds. Errors name file, line and what was expected.
engine::core::Result<Catalogue> load(const std::filesystem::path& folder);
// That of assets/actors. In place of the kinds of people are those of the shipped cast of each
// kind, where there are any: the first under the kind's index, the others after all.
engine::core::Result<Catalogue> load_shipped();
// Of the content of all its files and of the models' descriptions, as 16 hexadecimal digits.
std::string shipped_hash();

// A model's box about its origin.
engine::world::Extent extent_of(const Model& model);
// The archetype of a model; its meshes are appended to the scene. `member` : which of its members,
// if it has any, modulo their number.
engine::world::Archetype archetype_of(const Model& model, engine::world::StaticScene& scene,
                                      std::size_t member = 0);
// Those of all models but the ones for stories.
std::vector<engine::world::Archetype> archetypes(const Catalogue& catalogue,
                                                 engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
