#include "agents/traffic/traffic.h"

#include <vector>

#include "agents/conduct/drivers.h"
#include "agents/conduct/people.h"
#include "agents/population/population.h"
#include "agents/traffic/control.h"

namespace huntsman::agents::traffic {

namespace road = engine::road;
namespace world = engine::world;

struct Traffic::Impl {
    const world::World& world;
    conduct::LaneBook book;
    population::Population population;
    engine::core::Key seed;
    bool drive_ego;
    // Rebuilt at each call; kept for their memory only.
    conduct::Scene scene;
    std::vector<conduct::Steps> decisions;

    Impl(const world::World& w, const road::RoadMap& map, bool drives_ego, bool open_edges)
        : world(w),
          book(w, map, open_edges),
          population(w, book),
          seed(engine::core::Key(w.seed).with("traffic")),
          drive_ego(drives_ego) {}

    bool is_agent(const world::ActorState& actor) const {
        return conduct::is_agent(actor, drive_ego);
    }
    bool is_vehicle(const world::ActorState& actor) const {
        return world::is_vehicle(world.archetypes[actor.archetype].semantic);
    }
};

Traffic::Traffic(const world::World& world, const road::RoadMap& map, bool drive_ego,
                 bool open_edges)
    : impl_(std::make_unique<Impl>(world, map, drive_ego, open_edges)) {}
Traffic::~Traffic() = default;

void Traffic::populate(world::State& state) const { impl_->population.update(state, impl_->seed); }

void Traffic::think(world::State& state) {
    Impl& impl = *impl_;
    impl.scene.build(impl.book, impl.world, state, impl.drive_ego);

    // Everyone decides from the same snapshot; then all decisions take effect.
    impl.decisions.resize(state.actors.size());
    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        const world::ActorState& actor = state.actors[i];
        if (!impl.is_agent(actor)) continue;
        if (impl.is_vehicle(actor)) {
            impl.decisions[i].mind.own =
                conduct::think_driver(impl.scene, impl.world, i, impl.seed);
        } else {
            impl.decisions[i] = conduct::think_person(impl.scene, impl.world, i, impl.seed);
        }
    }
    for (std::size_t i = 0; i < state.actors.size(); ++i) {
        world::ActorState& actor = state.actors[i];
        if (!impl.is_agent(actor)) continue;
        actor.mind = impl.decisions[i].mind;
        if (!impl.is_vehicle(actor)) actor.walk = impl.decisions[i].walk;
    }
}

void Traffic::act(world::State& state) {
    const bool dipped_beam = wants_dipped_beam(world::environment_at(impl_->world, state.time_us));
    for (world::ActorState& actor : state.actors) {
        if (impl_->is_agent(actor) && impl_->is_vehicle(actor)) {
            drive(impl_->book, impl_->world, dipped_beam, actor);
        } else if (impl_->is_vehicle(actor)) {
            // Lamps go by themselves, as a modern car's do.
            actor.lamps = lamps_of(actor, dipped_beam);
            if (!actor.scripted) continue;
            actor.lamps = (actor.lamps & ~actor.scripted->lamps_ruled) | actor.scripted->lamps_lit;
        }
    }
}

}  // namespace huntsman::agents::traffic
