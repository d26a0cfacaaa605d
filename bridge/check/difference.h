// How two answers differ.
#pragma once

#include <string>

#include "bridge/messages/huntsman.pb.h"

namespace huntsman::bridge::check {

struct Difference {
    double most = 0;    // between two numbers; infinite where only one of them is finite
    std::string field;  // whose numbers differ most, as "PerceivedObject.x_m"; empty: all are equal
    std::string other;  // what differs otherwise: more objects, another class, no trajectory
};
Difference difference(const messages::Action& a, const messages::Action& b);

}  // namespace huntsman::bridge::check
