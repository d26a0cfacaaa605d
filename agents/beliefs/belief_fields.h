// Field lists of beliefs; see engine/core/describe.h. Their order is the order in which beliefs are
// hashed.
#pragma once

#include "agents/beliefs/phantom.h"
#include "engine/core/describe.h"

namespace huntsman::agents::beliefs {

constexpr void describe(core::Of<Phantom>, auto&& field) {
    using P = Phantom;
    field("kind", &P::kind, {.doc = "semantic class"});
    field("exists", &P::exists, core::share("probability that somebody is there"));
    field("along_m", &P::along_m, {.low = 0, .doc = "my way to where it could come out"});
    field("reach_s", &P::reach_s, {.low = 0, .doc = "its time from there to my way"});
}

}  // namespace huntsman::agents::beliefs
