// A person that others made: a skinned mesh, brought to the skeleton and rest pose of
// engine/figure, so that all motion of the program moves it.
#pragma once

#include <memory>
#include <vector>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "engine/figure/model.h"
#include "engine/world/scene.h"
#include "scenarios/models/description.h"
#include "scenarios/models/joint_names.h"

namespace huntsman::scenarios::models {

struct BuiltPerson {
    engine::figure::Model model;
    std::vector<std::shared_ptr<const engine::world::Picture>> pictures;  // of Matter::kPicture
    std::vector<std::pair<engine::figure::Joint, std::string>> nodes;     // what was found where
    double width_m = 0, length_m = 0;                                     // at rest
};

// Triangles of its levels of detail at most.
inline constexpr std::array<std::size_t, 3> kPersonBudgets = {8000, 2000, 300};

// Stages: read the file; find the joints by names (match_joints); pose the skin as the file's nodes
// do; metres and frame B; straighten arms and legs to the rest pose; points of the face and soles
// from the mesh; levels of detail. Errors: no skin; joints that are missing; a height of less than
// 0.5 or more than 2.5 m; a part of the body that no triangle follows. The result depends on the
// description and the model's files alone.
engine::core::Result<BuiltPerson> build_person(const Description& description,
                                               engine::core::Findings& findings);

// Joints, measures and levels, as text.
std::string person_report(const BuiltPerson& person);

}  // namespace huntsman::scenarios::models
