// Kinds of actors, and how they are described in a scenario.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::situations {

// A kind of actor, from the library file.
struct ActorKind {
    std::string type;  // "vehicle", "pedestrian", "object"
    std::string category, role, model;
    double length_m = 0, width_m = 0, height_m = 0;
    double x_m = 0;  // of the box's centre before the reference point
    double mass_kg = 0;
    double max_speed_mps = 0, max_acceleration_mps2 = 0, max_deceleration_mps2 = 0;
};
using ActorKinds = std::map<std::string, ActorKind>;

// Those of assets/scenarios/situations/library/kinds.json.
engine::core::Result<ActorKinds> load_kinds();

// <Vehicle>, <Pedestrian> or <MiscObject>.
story::Element described(const ActorKind& kind);

// An element that is made, not read.
story::Element element(std::string name, std::vector<story::Attribute> attributes = {},
                       std::vector<story::Element> children = {});
// As few digits as give the same number again.
std::string text(double number);

}  // namespace huntsman::scenarios::situations
