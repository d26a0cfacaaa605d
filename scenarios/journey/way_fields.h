// Field list of the ego's way; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "scenarios/journey/way.h"

namespace huntsman::scenarios::journey {

constexpr void describe(engine::core::Of<Way>, auto&& field) {
    field("from", &Way::from, {.doc = "where the ego starts"});
    field("via", &Way::via, {.doc = "places it passes, separated by ;"});
    field("to", &Way::to, {.doc = "where its route ends"});
}

}  // namespace huntsman::scenarios::journey
