// What is an answer that can be driven on, and what is nonsense.
#pragma once

#include <string>

#include "bridge/messages/huntsman.pb.h"
#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

// One sentence begins with what the driver did, as "answers a trajectory of 1 point, expected 2 to
// 1000". Fine are: pedals or a trajectory of 2 to 1000 points whose times begin at 0 or later and
// increase strictly (`perception_alone`: a perception instead); every number finite, places within
// 100 km; known classes and states. Cost: a pass over the numbers.
engine::core::Status check_answer(const messages::Action& action, bool perception_alone);

// Pedals so far beyond their range that degrees or percent may be meant, though they can be cut:
// what is odd, or empty.
std::string excess_of(const messages::Pedals& pedals, const messages::EgoVehicle& vehicle);

}  // namespace huntsman::bridge::rpc
