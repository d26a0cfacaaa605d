// Vertices of a figure's skin where its joints carry them.
#pragma once

#include <array>

#include "engine/figure/skeleton.h"
#include "engine/math/transform.h"
#include "engine/world/pose.h"
#include "engine/world/scene.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// Three rows of four numbers for each joint of a figure, then of its companion.
using SkinRows = std::array<std::array<float, 12>, kMostJoints>;

// The joints' motion of a figure from rest, by which its skin's vertices are blended; into B.
SkinRows skinning_of(const Archetype& archetype, const ActorState& actor);
SkinRows skinning_of(const Figure& own, const JointFrames& frames_B);

// The blended motion of a vertex: three rows of a linear part and a shift.
std::array<float, 12> blended_rows(const SkinRows& rows, const Binding& binding);

// Where a vertex is, in B.
math::Vec3 skinned_point(const SkinRows& rows, const Vertex& vertex, const Binding& binding);

}  // namespace huntsman::engine::world
