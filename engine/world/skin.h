// Vertices of a figure's skin where its joints carry them.
#pragma once

#include <array>

#include "engine/figure/skeleton.h"
#include "engine/math/transform.h"
#include "engine/world/scene.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// The joints' motion of a figure from rest, by which its skin's vertices are blended; into B.
figure::SkinningRows skinning_of(const Archetype& archetype, const ActorState& actor);
figure::SkinningRows skinning_of(const Figure& own, const figure::Frames& frames_B);

// The blended motion of a vertex: three rows of a linear part and a shift.
std::array<float, 12> blended_rows(const figure::SkinningRows& rows, const Binding& binding);

// Where a vertex is, in B.
math::Vec3 skinned_point(const figure::SkinningRows& rows, const Vertex& vertex,
                         const Binding& binding);

}  // namespace huntsman::engine::world
