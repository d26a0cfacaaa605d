#include "engine/render/contact_map.h"

#include <algorithm>
#include <cmath>

#include "engine/world/pose.h"

namespace huntsman::engine::render {
namespace {

constexpr double kTexel = ContactMap::kSide_m / ContactMap::kSize;

struct Shade {
    double strength = 0;                 // share of the light kept away below the body
    double outside_m = 0, inside_m = 0;  // from where to where it grows, about the box's edge
};

Shade shade_of(world::Semantic semantic) {
    const bool slim = world::is_two_wheeler(semantic) || semantic == world::Semantic::kAnimal;
    if (world::is_person(semantic) || slim) return {0.55, 0.25, 0.10};
    if (world::is_vehicle(semantic)) return {0.88, 0.35, 0.45};
    if (semantic == world::Semantic::kBuilding) return {0.45, 1.6, 0.1};
    return {0.45, 0.30, 0.05};
}

// Draws one body as a rounded box; the strongest body counts where several overlap.
void draw(ContactMap& map, const math::Box2& box, const Shade& shade) {
    const double reach = glm::length(box.half) + shade.outside_m;
    const auto texel = [](double p) { return static_cast<int>(std::floor(p / kTexel)); };
    const int x0 = texel(box.centre.x - reach), x1 = texel(box.centre.x + reach);
    const int y0 = texel(box.centre.y - reach), y1 = texel(box.centre.y + reach);
    const math::Vec2 ahead = math::direction(box.yaw_rad), left = math::perp(ahead);
    for (int y = y0; y <= y1; ++y) {
        for (int x = x0; x <= x1; ++x) {
            const math::Vec2 p = math::Vec2(x + 0.5, y + 0.5) * kTexel - box.centre;
            const math::Vec2 beyond(std::abs(glm::dot(p, ahead)) - box.half.x,
                                    std::abs(glm::dot(p, left)) - box.half.y);
            // Signed distance to the box, negative inside.
            const double distance = glm::length(glm::max(beyond, math::Vec2(0))) +
                                    std::min(0.0, std::max(beyond.x, beyond.y));
            const double t = std::clamp(
                (shade.outside_m - distance) / (shade.outside_m + shade.inside_m), 0.0, 1.0);
            const auto value =
                static_cast<std::uint8_t>(255.0 * shade.strength * t * t * (3 - 2 * t));
            constexpr int kMask = ContactMap::kSize - 1;
            const int place = (y & kMask) * ContactMap::kSize + (x & kMask);
            std::uint8_t& old = map.share[static_cast<std::size_t>(place)];
            old = std::max(old, value);
        }
    }
}

}  // namespace

void ContactMap::build(const world::World& world, const world::State& state,
                       const math::Vec3& rig_W) {
    share.assign(static_cast<std::size_t>(kSize) * kSize, 0);
    const auto near_rig = [&](const math::Vec3& p, double reach) {
        const math::Vec2 d = glm::abs(math::xy(p) - math::xy(rig_W));
        return std::max(d.x, d.y) + reach < 0.5 * kSide_m;
    };
    for (const world::StaticObject& object : world.objects) {
        const double reach = object.extent.length_m() + object.extent.width_m;
        if (!near_rig(object.X_WB.p, reach)) continue;
        draw(*this, world::footprint(object.extent, object.X_WB), shade_of(object.semantic));
    }
    for (const world::ActorState& actor : state.actors) {
        if (actor.archetype >= world.archetypes.size() || !near_rig(actor.X_WB.p, 10)) continue;
        if ((actor.hidden_from & world::kPictures) != 0) continue;
        const world::Archetype& archetype = world.archetypes[actor.archetype];
        draw(*this, world::footprint(archetype.extent, actor.X_WB), shade_of(archetype.semantic));
    }
}

}  // namespace huntsman::engine::render
