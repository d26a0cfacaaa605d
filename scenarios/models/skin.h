// The skin of a model that others made: points in metres, each carried by joints of engine/figure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/import/model.h"
#include "engine/math/transform.h"
#include "scenarios/models/description.h"
#include "scenarios/models/joint_names.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::models {

using Places = std::array<engine::math::Vec3, engine::figure::kJointCount>;

struct Skin {
    // One for each material of each mesh; `material` and uv of the file. Points have no colour yet.
    struct Part {
        std::uint32_t material = 0;
        bool has_uv = false;
        people::Piece piece;
    };
    std::vector<Part> parts;
    Places joints{};
    std::array<bool, engine::figure::kJointCount> known{};  // joints that the file has
};

// As the file's nodes pose it, in frame B of engine/figure but for the place of its origin.
// Errors: no triangle; a height out of 0.5 to 2.5 m.
engine::core::Result<Skin> skin_of(const engine::import::Model& model, const Matched& matched,
                                   const Description& description);

// Which way up and ahead are in the file, by where head and toes are; z ahead and y up where the
// joints do not tell.
struct Axes {
    Axis forward = Axis::kZ, up = Axis::kY;
};
Axes axes_of(const engine::import::Model& model, const Matched& matched);

// Joints that the file lacks, in the proportions of a mean body; fingers and toes that no bone
// moves are cut off hands and feet.
void complete_joints(Skin& skin);

// Turns arms and legs to where they are at rest, the feet onto the ground and the origin between
// them.
void bring_to_rest(Skin& skin);

// Least and greatest coordinates of all points.
struct Box {
    engine::math::Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
};
Box box_of(const Skin& skin);

}  // namespace huntsman::scenarios::models
