// What one agent is like: values drawn from its profile, fixed for the run by its key.
#pragma once

#include "agents/profiles/profile.h"
#include "engine/core/random.h"
#include "engine/driving/car_following.h"
#include "engine/world/ids.h"

namespace huntsman::agents::conduct {

struct Traits {
    profiles::Role role = profiles::Role::kDriver;
    engine::driving::Idm idm;
    double speed_factor = 1;  // of the limit
    // Gaps in time that it accepts half of the times [s].
    double left_turn_s = 4.87, merge_s = 6.5, cross_s = 6.5, on_foot_s = 6.5;
    double reaction_s = 1;
    profiles::Glances glances;
    double attention = 1, hearing = 1;
    double social_rad = 0.5;
    double patience_s = 20;
    double obeys_signals = 1;    // of the red lights
    double obeys_direction = 1;  // of the streets
    // Steps that it thinks ahead: 0 takes others as they move now, 1 infers what they want and have
    // seen, 2 also what they expect of itself.
    int level = 2;
    double uses_crossings = 1;
    bool blue_light = false;  // and siren
    double delivers = 0;      // share of the streets in which it stops
    double walking_mps = 1.34;
    double side = 0.5;  // place on the pavement, share of the room right of its middle

    // Does not look away while others may cross its way.
    bool careful() const { return attention >= 0.8; }
};

// `mean_mps` is the walking speed of the person's kind over that of adults, 1.34 m/s.
Traits traits_of(const profiles::Profile& profile, const engine::core::Key& seed,
                 engine::world::ActorId id, double mean_mps = 1.34);

}  // namespace huntsman::agents::conduct
