// The shipped descriptions of vehicles that are made of numbers.
#pragma once

#include <string>
#include <vector>

#include "engine/core/assets.h"
#include "scenarios/models/build.h"

namespace huntsman::scenarios::bodywork {

inline std::vector<models::Description> shipped_bodies() {
    std::vector<models::Description> bodies;
    for (const std::string& name : engine::core::shipped("models")) {
        auto description = models::load_description(models::description_path(name));
        if (description && description->body) bodies.push_back(std::move(*description));
    }
    return bodies;
}

}  // namespace huntsman::scenarios::bodywork
