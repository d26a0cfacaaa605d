#include "agents/population/sight.h"

#include <algorithm>
#include <cmath>

namespace huntsman::agents::population {

namespace {

constexpr double kLooks_rad = 0.5 * math::kPi;  // to either side of the gaze
constexpr double kMargin_m = 0.3;               // around a body, for what its points leave out

senses::Silhouette silhouette_around(const world::Archetype& kind,
                                     const math::RigidTransform& X_WB) {
    world::Extent extent = kind.extent;
    extent.front_m += kMargin_m;
    extent.rear_m += kMargin_m;
    extent.width_m += 2 * kMargin_m;
    extent.height_m += kMargin_m;
    return senses::silhouette(kind.semantic, extent, X_WB);
}

}  // namespace

Sight::Sight(const world::World& world) : world_(&world), map_(world) {
    for (const world::Camera& camera : world.rig.cameras) eyes_E_.push_back(camera.X_BC.p);
    constexpr double kEyes_m = 1.4;
    if (eyes_E_.empty()) eyes_E_.emplace_back(0, 0, kEyes_m);
}

bool Sight::of_ego(const world::State& state, const world::Archetype& kind,
                   const math::RigidTransform& X_WB) const {
    const world::ActorState* ego = state.find(world::kEgo);
    if (ego == nullptr) return false;
    const double far_m = world::is_vehicle(kind.semantic) ? kVehicle_m : kPerson_m;
    if (glm::length(math::xy(X_WB.p - ego->X_WB.p)) > far_m) return false;
    const senses::Silhouette body = silhouette_around(kind, X_WB);
    return std::any_of(eyes_E_.begin(), eyes_E_.end(), [&](const Vec3& eye_E) {
        return map_.hidden(ego->X_WB * eye_E, body, senses::kAllPoints) != senses::kAllPoints;
    });
}

bool Sight::of_anyone(const world::State& state, const world::Archetype& kind,
                      const math::RigidTransform& X_WB, world::ActorId without) const {
    const world::ActorState* ego = state.find(world::kEgo);
    const auto is_left_behind = [&](const world::ActorState& other) {
        return ego != nullptr && glm::length(math::xy(other.X_WB.p) -
                                             road::FootPlaces::middle(ego->X_WB)) > kBehind_m;
    };
    const auto notices = [&](const world::ActorState& other) {
        if (other.id == world::kEgo || other.id == without) return false;
        const Vec2 to = math::xy(X_WB.p - other.X_WB.p);
        if (glm::length(to) > kOthers_m) return false;
        const double aside = std::atan2(to.y, to.x) - other.mind.gaze_rad();
        return std::abs(math::wrap_angle(aside)) < kLooks_rad && !is_left_behind(other);
    };
    const bool noticed = std::any_of(state.actors.begin(), state.actors.end(), notices);
    return noticed || of_ego(state, kind, X_WB);
}

}  // namespace huntsman::agents::population
