// How a decision to go or to wait comes about: evidence adds up until it is enough.
//
// A drift-diffusion model [Ratcliff 1978; Giles 2019 and Pekkanen 2022 for people at the kerb]:
//   dE = (2 / reaction time) drift dt + kNoise_per_sqrt_s dW,   -1 <= E <= 1.
// Drift is the advantage of going over waiting, -1 to 1. At E = 1 it has been decided to go. Clear
// cases take a reaction time from -1 to 1; near 0 one hesitates. Who has decided but sees the
// advantage vanish gives up while that is still possible.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"

namespace huntsman::agents::conduct {

// One step of the deliberation about a place; another place begins anew.
void deliberate(world::Deliberation& deliberation, std::uint32_t place, double drift,
                const Self& self, const engine::core::Key& seed);

// Advantage of going before somebody who leaves a gap, where gaps of `critical_s` are taken in half
// of the cases [-1, 1].
double advantage_of_gap(double gap_s, double critical_s);

// The gap that half take [s], from a critical gap: after a wait, and for somebody who cares for
// others more or less than most.
double critical_now_s(double critical_s, double waited_s, const Traits& traits);

// References
// [Giles 2019] O. Giles et al.: At the zebra crossing: modelling complex decision processes with
//     variable-drift diffusion models. CogSci.
// [Pekkanen 2022] J. Pekkanen et al.: Variable-drift diffusion models of pedestrian road-crossing
//     decisions. Computational Brain & Behavior 5.
// [Ratcliff 1978] R. Ratcliff: A theory of memory retrieval. Psychological Review 85.

}  // namespace huntsman::agents::conduct
