// A vehicle from afar: one closed skin over its body, sampled by rays.
//
// Cross-sections of a body are star-shaped well enough: rays towards its spine find their outline.
// Sections and angles are chosen where the outline or what it is made of changes most. The skin is
// open below, where nobody looks from afar.
#pragma once

#include "engine/world/scene.h"
#include "scenarios/models/surface.h"
#include "scenarios/models/tree.h"

namespace huntsman::scenarios::models {

struct ShellQuad {
    std::array<Vec3, 4> p;  // counter-clockwise from outside
    std::array<Vec3, 4> n;
    Kind kind = Kind::kPaint;
    Rgb colour{};
    bool left = false;
};

// At most about `budget` triangles. `tree` holds the faces `numbers` of the surface, in B. Empty
// where the body has no outline.
std::vector<ShellQuad> shell_of(const Surface& surface, const Tree& tree,
                                const std::vector<std::uint32_t>& numbers, double budget);

}  // namespace huntsman::scenarios::models
