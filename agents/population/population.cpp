#include "agents/population/population.h"

#include <algorithm>

namespace huntsman::agents::population {

Population::Population(const world::World& world, const LaneBook& book)
    : anybody_(std::any_of(world.spawns.begin(), world.spawns.end(),
                           [](const world::Spawn& spawn) { return spawn.id != world::kEgo; })) {
    if (!anybody_) return;
    sight_.emplace(world);
    walkers_.emplace(world, book.map());
    edges_.emplace(world, book);
    if (edges_->exits().empty() && edges_->entries().empty()) {
        edges_.reset();
        vehicles_.emplace(world, book);
    }
}

void Population::update(world::State& state, const engine::core::Key& key) const {
    if (!anybody_) return;
    const auto now = static_cast<std::uint64_t>(state.tick);
    if (edges_) edges_->update(state, *sight_, key.with("edges").with(now));
    if (vehicles_) vehicles_->update(state, *sight_, key.with("vehicles").with(now));
    walkers_->update(state, *sight_, key.with("walkers").with(now));
}

}  // namespace huntsman::agents::population
