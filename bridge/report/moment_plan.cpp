#include "bridge/report/moment_plan.h"

#include <fmt/format.h>

#include <span>
#include <vector>

#include "engine/world/pose.h"

namespace huntsman::bridge::report {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

std::string polygon(std::span<const Vec2> points, const Vec2& middle, const std::string& style) {
    std::string text = "<polygon points=\"";
    for (const Vec2& p : points) {
        text += fmt::format("{:.2f},{:.2f} ", p.x - middle.x, middle.y - p.y);
    }
    return text + "\" " + style + "/>";
}

std::string shape(const loop::Session& session, const engine::world::ActorState& actor,
                  const Vec2& place, const std::string& style) {
    const auto& archetype = session.world().archetypes[actor.archetype];
    const auto box = engine::world::footprint(archetype.extent, actor.X_WB);
    if (glm::length(box.centre - place) > 1.6 * kPlanReach_m) return "";
    return polygon(box.corners(), place, style);
}

}  // namespace

std::string plan_begin() {
    return fmt::format("<svg viewBox=\"{0} {0} {1} {1}\" class=\"plan\" role=\"img\">",
                       -kPlanReach_m, 2 * kPlanReach_m);
}

std::string plan_lanes(const loop::Session& session, const Vec3& place) {
    std::string svg;
    for (const auto id : session.road_map().lanes_near(place, 2 * kPlanReach_m)) {
        std::vector<Vec2> left, right;
        for (const auto& sample : session.road_map().lane(id).samples) {
            const Vec2 p = engine::math::xy(sample.p);
            const Vec2 ahead = engine::math::direction(sample.heading_rad);
            const Vec2 side = Vec2(-ahead.y, ahead.x) * (0.5 * sample.width_m);
            left.push_back(p + side);
            right.push_back(p - side);
        }
        left.insert(left.end(), right.rbegin(), right.rend());
        svg += polygon(left, engine::math::xy(place),
                       "fill=\"#e4e8ed\" stroke=\"#fff\" stroke-width=\"0.15\"");
    }
    return svg;
}

std::string plan_actors(const loop::Session& session, const Vec2& place, const std::string& ego,
                        const std::string& other) {
    std::string svg;
    for (const auto& actor : session.state().actors) {
        svg += shape(session, actor, place, actor.id == engine::world::kEgo ? ego : other);
    }
    return svg;
}

std::string plan_actor(const loop::Session& session, engine::world::ActorId id, const Vec2& place,
                       const std::string& style) {
    const auto* actor = session.state().find(id);
    return actor == nullptr ? "" : shape(session, *actor, place, style);
}

}  // namespace huntsman::bridge::report
