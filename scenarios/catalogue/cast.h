// The people and animals that were made when the program was built (docs/people.md,
// docs/animals.md), as parts of archetypes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/figure/model.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::catalogue {

// One of the cast, or an animal, ready to be shown.
struct CastMember {
    std::string name;  // its kind and a number: "child_7"; of an animal its file's: "labrador"
    std::shared_ptr<const engine::figure::Skeleton> skeleton;
    engine::figure::Gesture hold = engine::figure::Gesture::kNone;
    engine::world::Mesh skin;
    double height_m = 0;                 // at rest, with shoes, hair and hat
    engine::math::Vec3 size_m{0, 0, 0};  // of its box at rest
    // Of Motion::kJoint; each shows the mesh of `pieces` with its index. Parts of which a member
    // has nothing are left out.
    std::vector<engine::world::Part> parts;
    std::vector<engine::world::Mesh> pieces;
    std::vector<engine::world::BodyPoint> body_points;  // of people

    std::string kind() const { return name.substr(0, name.find('_')); }
};

// Empty where the program was built without the data of bodies.
const std::vector<std::shared_ptr<const CastMember>>& shipped_cast();
// Names of the shipped animals, sorted, and one of them; null where there is none of the name.
const std::vector<std::string>& shipped_animals();
std::shared_ptr<const CastMember> shipped_animal(std::string_view name);
// Hash of the files that people and animals are kept in.
std::uint64_t shipped_cast_hash();

using Pictures = std::vector<std::shared_ptr<const engine::world::Picture>>;

// A member made of a model; each of the 17 pieces has triangles in its second level. `pictures`
// are those that points of Matter::kPicture wear.
std::shared_ptr<const CastMember> cast_member(const engine::figure::Model& model,
                                              const Pictures& pictures = {});

// Gives an archetype the figure of a member, after the parts that it has; the meshes are appended
// to the scene. `p_BF` is the figure's place in the body's frame.
void add_figure(const CastMember& member, engine::figure::Activity activity,
                const engine::math::Vec3& p_BF, engine::world::Archetype& archetype,
                engine::world::StaticScene& scene);

}  // namespace huntsman::scenarios::catalogue
