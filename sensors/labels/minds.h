// What is in the minds of road users, as far as the state knows it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/world/state.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

// How far and how wide road users look: a person's field for moving things, without turning the
// head, is about 190 degrees wide [Traquair 1938, as given in textbooks of perimetry].
constexpr double kLook_m = 60;
constexpr double kHalfField_rad = 1.66;

// The probability with which an agent goes at the place that it deliberates about; nothing where it
// does not deliberate. It goes once its evidence e has risen to 1, and waits firmly at -1. Taken as
// equally likely to rise and to fall, since how the situation goes on is not known, evidence gets
// from e to 1 before -1 with the probability (1 + e) / 2 [Feller 1968, XIV.2]. 1 once it has
// decided to go.
std::optional<double> goes_probability(const engine::world::Deliberation& deliberation);

// The mind of one agent, without whom it sees. Beliefs are measured against `state`; road users
// that labels do not list (hidden from sensors) are left out. `profiles` are the names of
// ActorState::profile; one that they do not hold gives an empty name.
MindLabel mind_of(const engine::world::World& world, const engine::world::State& state,
                  const engine::world::ActorState& agent, std::span<const std::string> profiles);

// All beliefs of an agent, sorted by id, with their errors.
std::vector<BeliefLabel> beliefs_of(const engine::world::State& state,
                                    const engine::world::ActorState& agent);
// Whether a belief is of those that MindLabel::wrong_beliefs lists.
bool is_wrong(const BeliefLabel& belief);

// Fills the minds of the labels that are actors. Whom somebody sees: those of the labels, and
// the ego, within kLook_m and the half field about the gaze, to whom the straight line from eye to
// middle meets no other road user's or static object's ground rectangle that is higher than it.
void label_minds(const engine::world::World& world, const engine::world::State& state,
                 std::span<const std::string> profiles, std::span<ObjectLabel> labels);

// References
// [Feller 1968] W. Feller: An Introduction to Probability Theory and Its Applications, volume 1,
//     third edition. Wiley.

}  // namespace huntsman::sensors::labels
