// Joints of animals by the names that files have for them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/figure/skeleton.h"
#include "scenarios/animals/animal.h"

namespace huntsman::scenarios::animals {

struct NamedJoint {
    const char* name;
    engine::figure::Joint joint;  // of the left, where there are two
    std::array<double, 3> Joints::*at;
};
const std::vector<NamedJoint>& named_joints();

std::optional<engine::figure::Joint> joint_named(std::string_view name);
// Whether an animal has it once.
bool is_middle(engine::figure::Joint joint);

engine::figure::Skeleton skeleton_of(const Joints& joints, double height_m);

}  // namespace huntsman::scenarios::animals
