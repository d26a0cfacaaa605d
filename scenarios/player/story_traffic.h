// Traffic that a story lets come and go: sources, sinks, swarms and areas, as OpenSCENARIO XML 1.3
// says.
//
// Its road users are agents of the run: they appear on lanes and walkways with room around them,
// drive and walk by their own minds, and vanish where the story says. What is running, and whom it
// has brought, is in StoryState::traffic; draws come from the world's seed, the action and the
// tick.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/road/foot_places.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "scenarios/player/player.h"

namespace huntsman::scenarios::player {

class StoryTraffic {
  public:
    // All must outlive the object.
    StoryTraffic(const story::Story& story, const engine::world::World& world,
                 const engine::road::RoadMap& map, const Player& player);

    // Lets come and go who is due, after the story's own step of this length. Errors: the ids of
    // actors are used up.
    engine::core::Status step(engine::world::State& state, engine::core::TimeUs dt_us) const;

  private:
    using Running = engine::world::RunningTraffic;
    // Whether road users may appear at a place.
    using Allows = std::function<bool(const engine::math::Vec3&)>;
    // Where a running action's road users are.
    struct Region;

    const story::TrafficAction& action_of(const Running& running) const;
    engine::core::Status run(const story::TrafficSource& source, Running& running,
                             engine::world::State& state, double dt_s,
                             const engine::core::Key& key) const;
    engine::core::Status run(const story::TrafficSink& sink, Running& running,
                             engine::world::State& state, double dt_s,
                             const engine::core::Key& key) const;
    engine::core::Status run(const story::TrafficSwarm& swarm, Running& running,
                             engine::world::State& state, double dt_s,
                             const engine::core::Key& key) const;
    engine::core::Status run(const story::TrafficArea& area, Running& running,
                             engine::world::State& state, double dt_s,
                             const engine::core::Key& key) const;
    // Lets one appear where that is allowed; nobody where no place was found this time.
    engine::core::Result<bool> bring(const story::TrafficMix& mix, const Allows& allows,
                                     std::optional<double> speed_mps, Running& running,
                                     engine::world::State& state,
                                     const engine::core::Key& key) const;
    std::uint32_t draw_kind(const story::TrafficMix& mix, const engine::core::Key& key) const;
    bool set_on_lane(std::size_t place, std::optional<double> speed_mps,
                     engine::world::Spawn& spawn) const;
    bool is_free(const engine::world::State& state, const engine::world::Spawn& spawn) const;
    // Whether an actor belongs to the traffic: neither the ego nor an entity of the story.
    bool is_traffic(const engine::world::State& state,
                    const engine::world::ActorState& actor) const;

    const story::Story& story_;
    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    const Player& player_;
    bool any_ = false;                            // the story has traffic actions
    std::vector<engine::road::LanePlace> lanes_;  // places on lanes
    engine::road::FootPlaces feet_;
    std::map<std::string, std::vector<std::uint32_t>, std::less<>>
        kinds_;  // archetypes by category
};

}  // namespace huntsman::scenarios::player
