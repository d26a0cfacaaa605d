// Which joint of engine/figure a node of a skeleton is, by the names that programs give them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/figure/skeleton.h"
#include "engine/import/model.h"
#include "scenarios/models/description.h"

namespace huntsman::scenarios::models {

// Of a name as Mixamo, Unreal, VRM, Biped and Daz give it: "mixamorig:LeftArm", "upperarm_l",
// "J_Bip_L_UpperArm", "Bip01 L UpperArm", "lShldrBend". Nothing
// for the spine, whose joints are known by their order.
std::optional<engine::figure::Joint> joint_named(std::string_view name);

// The joint of each node of the model: its own, or that of the nearest node above that has one; and
// which node is each joint, kNoIndex where none is.
struct Matched {
    std::vector<engine::figure::Joint> joint_of;  // by node
    std::array<std::uint32_t, engine::figure::kJointCount> node_of{};
};
// The description's rules come first. Errors: a rule that names no joint or no node; no node for
// pelvis, head, an upper or lower arm, hand, thigh, calf or foot.
engine::core::Result<Matched> match_joints(const engine::import::Model& model,
                                           const std::vector<JointRule>& rules);

}  // namespace huntsman::scenarios::models
