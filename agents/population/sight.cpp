#include "agents/population/sight.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace huntsman::agents::population {

namespace {

constexpr double kLooks_rad = 0.5 * math::kPi;  // to either side of the gaze
constexpr double kMargin_m = 0.3;               // around a body's box

// Corners and middle of a body's box, somewhat larger than it is, low, at half height and at its
// top.
std::array<senses::Silhouette, 3> outline_of(const world::Extent& extent,
                                             const math::RigidTransform& X_WB) {
    std::array<senses::Silhouette, 3> levels;
    const double front = extent.front_m + kMargin_m, rear = -extent.rear_m - kMargin_m;
    const double side = 0.5 * extent.width_m + kMargin_m;
    const std::array heights{0.1, 0.5 * extent.height_m, extent.height_m + kMargin_m};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const double z = heights[i];
        levels[i] = {X_WB * Vec3(front, side, z), X_WB * Vec3(front, -side, z),
                     X_WB * Vec3(rear, side, z), X_WB * Vec3(rear, -side, z),
                     X_WB * Vec3(extent.centre_x_m(), 0, z)};
    }
    return levels;
}

}  // namespace

Sight::Sight(const world::World& world) : map_(world) {
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
    const auto body = outline_of(kind.extent, X_WB);
    return std::any_of(eyes_E_.begin(), eyes_E_.end(), [&](const Vec3& eye_E) {
        return std::any_of(body.begin(), body.end(), [&](const senses::Silhouette& level) {
            return map_.hidden(ego->X_WB * eye_E, level, senses::kAllPoints) != senses::kAllPoints;
        });
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
