// Phantoms: people and vehicles that nobody sees, but that may be behind what hides a part of the
// kerb or of a lane.
//
// Density. Where a stretch has been hidden for long, people stand behind it as a Poisson process
// of a constant rate per metre; a stretch that was seen empty fills up again with a time
// constant. Somebody is there with the probability 1 - exp(-rate · length · filled).
//
// Speed. Driving at v past the edge, the worst moment for somebody to step out is reach_s before I
// would be there: earlier leaves me more way to brake, later lets me pass first. After my reaction
// time I brake with b and touch at u² = v² - 2 b v (reach_s - reaction_s), or at v where the
// reaction takes longer. With the probability P that somebody is there and comes out just then, the
// expected cost is P u². It stays at most C for
//     v = (f + sqrt(f² + 4 C / P)) / 2,   f = 2 b max(0, reach_s - reaction_s),
// where f is the speed from which I can stop in any case.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/world/ids.h"

namespace huntsman::agents::beliefs {

// A hidden part of the kerb or of a lane along my way.
struct HiddenStretch {
    double from_m = 0, to_m = 0;  // along my way from my front; from_m <= to_m
    double beside_m = 0;          // from its nearest point to the ground that I sweep
    engine::world::Semantic kind = engine::world::Semantic::kPedestrian;  // who may be there
    double rate_per_m = 0;  // their number per metre where it has been hidden for long
    double speed_mps = 0;   // their speed when they come out, above 0
    double hidden_s = 1e9;  // since it was last seen empty
};

struct Phantom {
    engine::world::Semantic kind = engine::world::Semantic::kPedestrian;
    double exists = 0;   // probability that at least one is there
    double along_m = 0;  // along my way to the first place where it could come out
    double reach_s = 0;  // its time from there to the ground that I sweep
};

constexpr double kFills_s = 20;  // time constant of a stretch that was seen empty

// One phantom for each stretch that reaches in front of me and is hidden within `horizon_m` (the
// stopping distance), in their order; stretches whose phantom is less likely than `least` have
// none.
std::vector<Phantom> phantoms_behind(std::span<const HiddenStretch> stretches, double horizon_m,
                                     double least = 1e-4);

// Number of people behind a hidden metre of kerb, by place. Assumed, not measured: the order is
// what matters.
enum class KerbPlace : std::uint8_t { kOpenRoad, kHomes, kShops, kBusStop, kSchool, kCrossing };
double people_per_m(KerbPlace place);
// A child that runs, and an adult who does not look.
constexpr double kRunsOut_mps = 3.0, kStepsOut_mps = 1.5;

struct PhantomCost {
    double comes_out = 0.02;    // probability that somebody who is there comes out as I pass
    double bound_m2ps2 = 0.05;  // C: expected square of the speed of impact
    double reaction_s = 1.0;
    double brake_mps2 = 6.0;    // b, in an emergency
    double comfort_mps2 = 2.0;  // slowing until the edge
};
// The highest speed at the edge that keeps the expected cost within the bound; infinite where
// nobody can be there.
double edge_speed_mps(const Phantom& phantom, const PhantomCost& cost);
// The highest speed now: from it, comfortable braking reaches each edge at its speed.
double phantom_speed_mps(std::span<const Phantom> phantoms, const PhantomCost& cost);

}  // namespace huntsman::agents::beliefs
