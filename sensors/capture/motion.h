// How everything that a pixel may show moves at the moment of a state: one rigid motion for each
// part of each actor. What is fixed to the ground does not move.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::sensors::capture {

// A rigid body's motion in W.
struct Twist {
    engine::math::Vec3 p_W{0, 0, 0};  // a point of the body,
    engine::math::Vec3 v_W{0, 0, 0};  // its velocity [m/s]
    engine::math::Vec3 w_W{0, 0, 0};  // and the body's angular velocity [rad/s]
    engine::math::Vec3 velocity_at(const engine::math::Vec3& q_W) const {
        return v_W + glm::cross(w_W, q_W - p_W);
    }
};

class SceneMotion {
  public:
    SceneMotion(const engine::world::World& world, const engine::world::State& state);
    // Of what a word of the id buffer shows.
    const Twist& of(std::uint32_t word) const;

  private:
    std::vector<engine::world::ActorId> ids_;  // sorted
    std::vector<std::size_t> first_;           // twist of each actor, and the end
    std::vector<Twist> twists_;                // of their parts
    Twist still_;
};

}  // namespace huntsman::sensors::capture
