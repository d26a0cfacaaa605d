// A problem of a scenario in the making: one sentence, and where to go to mend it.
#pragma once

#include <optional>
#include <string>

#include "engine/core/findings.h"
#include "engine/math/vec.h"

namespace huntsman::scenarios::edit {

// An error keeps the scenario from being run. Any of the places may be empty.
struct Problem {
    engine::core::Severity severity = engine::core::Severity::kError;
    std::string message;  // one sentence
    std::string rule;     // short and stable: "attribute.missing"
    std::string actor;    // name of an entity of the story
    std::string element;  // path of an element of the story: see elements.h
    std::string field;    // of the scenario: "town.vehicles"
    std::optional<engine::math::Vec2> p_W;
    std::string file;  // that it is about, where it is not the draft
    int line = 0;      // of that file, from 1
};

}  // namespace huntsman::scenarios::edit
