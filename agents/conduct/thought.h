// What one driver weighs at a `think`: each rule reads it and may hold the driver back.
#pragma once

#include "agents/conduct/scene.h"
#include "engine/core/random.h"
#include "engine/driving/car_following.h"

namespace huntsman::agents::conduct {

// The best reason found so far to drive slowly.
struct Restraint {
    double acceleration_mps2 = 0;
    world::ActorId leader = world::kNoActor;
    world::Intention intention = world::Intention::kFollow;
};

// Everything one driver weighs, filled step by step.
struct Thought {
    static constexpr double kLongWait_s = 8.0;  // after which less room is enough
    static constexpr double kLineGap_m = 1.5;   // to a stop line

    const Scene& scene;
    std::size_t self;
    const Traits& driver;
    const RoadUser& me;
    const Way& way;
    world::DriverMind& mind;
    world::Deliberation& deliberation;
    const engine::core::Key& seed;
    double v = 0, v0 = 0;
    double queue_end_m = 1e9;  // rear of the first slow thing ahead, from the origin
    world::ActorId queue_end = world::kNoActor;
    Restraint restraint;

    void restrain(double acceleration, world::ActorId leader, world::Intention intention) {
        if (acceleration >= restraint.acceleration_mps2) return;
        restraint = {acceleration, leader, intention};
    }
    void stop_at(double gap_m, world::ActorId leader, world::Intention intention) {
        engine::driving::Idm idm = driver.idm;
        idm.jam_gap_m = kLineGap_m;
        restrain(engine::driving::follow_acceleration(idm, v, v0, gap_m, 0.0), leader, intention);
    }
    // Room behind what is ahead to stand wholly beyond a point of the way.
    bool room_beyond(double point_m) const {
        return queue_end_m - driver.idm.jam_gap_m - me.front - me.rear >= point_m;
    }
};

}  // namespace huntsman::agents::conduct
