// What could be perceived from the car: true perception without what is hidden, for runs with ideal
// parts (bridge/parts).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "agents/senses/bodies.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/core/time.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::bridge::loop {

// Where road users were in a run, in W, at its camera ticks in turn.
class Ways {
  public:
    void note(const engine::world::State& state);
    // Its places from `now_us` on, up to 4 s, with times after now and relative to where it was
    // then; empty where it was not there, or nothing is known after now.
    struct Place {
        double t_s = 0;
        engine::math::Vec2 moved_m{0, 0};
    };
    std::vector<Place> from(engine::world::ActorId id, engine::core::TimeUs now_us) const;

  private:
    struct Noted {
        engine::core::TimeUs time_us = 0;
        engine::math::Vec2 p{0, 0};
    };
    std::map<engine::world::ActorId, std::vector<Noted>> noted_;
};

// Of camera ticks in turn. A road user that moves can be seen where a straight line leads from one
// of the cameras to a part of it, past everything else, whatever the light; and for 3 s from then
// on. What never moves can always be seen.
class Actual {
  public:
    // The world must outlive the object, and so must `ways`, which may be null.
    Actual(const engine::world::World& world, const Ways* ways);
    messages::Perception at(const engine::world::State& state, const messages::Route& route);

  private:
    // From one of the cameras, in W.
    struct View {
        engine::math::Vec3 eye_W{0, 0, 0};
        agents::senses::Sight sight;
    };
    bool can_be_seen(const std::vector<View>& views, engine::core::TimeUs now_us,
                     engine::world::ActorId id);

    const engine::world::World& world_;
    const Ways* ways_;
    agents::senses::SightMap map_;
    agents::senses::Bodies bodies_;
    std::map<engine::world::ActorId, engine::core::TimeUs> seen_us_;
};

}  // namespace huntsman::bridge::loop
