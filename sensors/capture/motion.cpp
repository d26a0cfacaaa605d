#include "sensors/capture/motion.h"

#include <algorithm>

#include "engine/world/pose.h"

namespace huntsman::sensors::capture {

using engine::math::RigidTransform;
using engine::math::Vec3;

SceneMotion::SceneMotion(const engine::world::World& world, const engine::world::State& state) {
    // Central difference over a time in which nothing turns far.
    constexpr double kStep_s = 1e-4;
    for (const auto& actor : state.actors) {
        const auto& archetype = world.archetypes[actor.archetype];
        const auto before = engine::world::advanced(archetype, actor, -kStep_s);
        const auto after = engine::world::advanced(archetype, actor, kStep_s);
        ids_.push_back(actor.id);
        first_.push_back(twists_.size());
        const auto from = engine::world::part_poses(archetype, before);
        const auto to = engine::world::part_poses(archetype, after);
        for (std::size_t i = 0; i < from.size(); ++i) {
            const RigidTransform &a = from[i], &b = to[i];
            auto turn = b.q * glm::conjugate(a.q);
            if (turn.w < 0) turn = -turn;
            twists_.push_back({.p_W = 0.5 * (a.p + b.p),
                               .v_W = (b.p - a.p) / (2 * kStep_s),
                               .w_W = Vec3(turn.x, turn.y, turn.z) / kStep_s});
        }
    }
    first_.push_back(twists_.size());
}

const Twist& SceneMotion::of(std::uint32_t word) const {
    const auto id = engine::world::actor_of(word);
    const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (found == ids_.end() || *found != id) return still_;
    const auto actor = static_cast<std::size_t>(found - ids_.begin());
    const std::size_t twist = first_[actor] + engine::world::part_of(word);
    return twist < first_[actor + 1] ? twists_[twist] : still_;
}

}  // namespace huntsman::sensors::capture
