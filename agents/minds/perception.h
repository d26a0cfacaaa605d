// How the state comes to be believed: what each agent sees at a think, and what it makes of it.
//
// This is the only way from the state to a mind. Decisions are made from beliefs (agents/conduct).
//
// Who looks elsewhere, at a phone or a display, notices little of what goes on around: of people on
// the phone a quarter noticed a clown on a unicycle beside their way [Hyman 2010].
//
//   Hyman, I. et al.: Did you see the unicycling clown? Applied Cognitive Psychology 24, 2010.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/beliefs/track.h"
#include "agents/conduct/lane_book.h"
#include "agents/conduct/traits.h"
#include "agents/senses/senses.h"
#include "engine/world/state.h"

namespace huntsman::agents::minds {

namespace core = engine::core;
namespace math = engine::math;
namespace road = engine::road;
namespace world = engine::world;

struct PerceptionOptions {
    // For comparisons.
    bool all_knowing = false;  // everybody knows everything near as it is
    bool other_minds = true;   // others' minds are thought about
};

class Perception {
  public:
    // World and book must outlive it. `ego_is_agent` as for Traffic.
    Perception(const world::World& world, const conduct::LaneBook& book, bool ego_is_agent,
               const PerceptionOptions& options);

    const senses::SightMap& sight_map() const { return senses_.map(); }

    // Takes the moment that all of them look at.
    void begin(const world::State& state);

    // Lets `dt_s` pass for the beliefs of an agent, and then look. `mind` is its own.
    void perceive(const world::ActorState& agent, const conduct::Traits& traits, double dt_s,
                  world::Mind& mind);

  private:
    void look(const world::ActorState& agent, const conduct::Traits& traits,
              const world::Mind& mind);
    void look_at_all(const world::ActorState& agent);
    int rhythm(const world::Track& track, double dt_s) const;
    void find_missed(const world::ActorState& agent, const senses::Gaze& gaze,
                     const world::Beliefs& beliefs);
    void look_at_signals(const world::Mind& mind, world::Beliefs& beliefs) const;
    bool others_cross(const world::ActorState& agent) const;
    void turn_glance(const world::ActorState& agent, const conduct::Traits& traits,
                     world::Glance& glance) const;
    void listen(const world::ActorState& agent, const conduct::Traits& traits, double dt_s,
                world::Mind& mind);
    beliefs::Seen seen(const world::ActorState& agent, std::uint32_t body, double share,
                       double distance_m) const;
    road::LanePlace place_of(const world::ActorState& actor) const;

    const world::World* world_;
    const conduct::LaneBook* book_;
    bool ego_is_agent_;
    PerceptionOptions options_;
    senses::Senses senses_;
    core::Key key_;
    std::vector<std::vector<world::SignalGroupId>> groups_;  // by junction
    // Of the moment.
    const world::State* state_ = nullptr;
    double dt_s_ = 0;  // since the agent that is looking looked last
    struct Shown {
        const world::ActorState* actor = nullptr;
        road::LanePlace place;  // of vehicles
    };
    std::vector<Shown> shown_;  // by body
    senses::Senses::Scratch scratch_;
    std::vector<senses::Sound> sounds_;  // of the moment
    std::vector<senses::Heard> heard_;
    std::vector<senses::Sighting> sightings_;
    std::vector<world::ActorId> expected_;
    std::vector<beliefs::Seen> seen_;
    std::vector<beliefs::Missed> missed_;
};

}  // namespace huntsman::agents::minds
