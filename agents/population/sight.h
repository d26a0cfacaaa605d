// Whether anybody could see somebody appear or vanish.
#pragma once

#include <vector>

#include "agents/senses/sight_map.h"
#include "engine/road/foot_places.h"
#include "engine/world/state.h"

namespace huntsman::agents::population {

namespace math = engine::math;
namespace road = engine::road;
namespace world = engine::world;
using math::Vec2;
using math::Vec3;

class Sight {
  public:
    // Farther away than this an appearance is too small in the ego's pictures to matter.
    static constexpr double kVehicle_m = 120, kPerson_m = 90;
    // Other road users notice who appears nearer than this where they look.
    static constexpr double kOthers_m = 15;
    // Those whom the ego has left behind by more do not count, as they are to leave themselves: a
    // crowd could never go otherwise. From the middle of the ego's surroundings.
    static constexpr double kBehind_m = road::FootPlaces::kPresent_m + 15;

    // The world must outlive the object.
    explicit Sight(const world::World& world);

    // Whether the ego's cameras could see a body of this kind: nearer than the above, and not
    // wholly behind what never moves. Without an ego nobody is in sight.
    bool of_ego(const world::State& state, const world::Archetype& kind,
                const math::RigidTransform& X_WB) const;
    // The same of anybody: besides the ego those who look towards the place from nearby.
    // `without` does not count.
    bool of_anyone(const world::State& state, const world::Archetype& kind,
                   const math::RigidTransform& X_WB, world::ActorId without) const;

  private:
    senses::SightMap map_;
    std::vector<Vec3> eyes_E_;  // of the ego's cameras, in its frame
};

}  // namespace huntsman::agents::population
