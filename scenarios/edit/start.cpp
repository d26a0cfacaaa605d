#include "scenarios/edit/start.h"

#include <algorithm>

#include "scenarios/edit/parts.h"

namespace huntsman::scenarios::edit {

using engine::core::Severity;

Start::Start(openscenario::StoryFile reading, const model::Place& place,
             const engine::math::Vec2& origin_W)
    : reading_(std::move(reading)),
      geometry_(place.world.road_model),
      player_(reading_.story, geometry_, origin_W),
      state_(player_.begin()) {}

std::unique_ptr<Start> start_of(const Draft& draft, const Context& context) {
    if (!draft.story || !context.place) return nullptr;
    auto reading = compile(draft);
    const bool whole = std::ranges::none_of(
        reading.findings, [](const auto& f) { return f.severity == Severity::kError; });
    if (!whole) return nullptr;
    return std::make_unique<Start>(std::move(reading), *context.place,
                                   context.place->world.story_origin_W);
}

std::optional<WorldPose> pose_of(const Draft& draft, const Start* start, const Vec2& origin_W,
                                 const std::string& entity) {
    if (!draft.story) return std::nullopt;
    const story::Element* actions = find_private(draft.story->root, entity);
    const story::Element* teleport =
        actions != nullptr ? action_in(*actions, "TeleportAction") : nullptr;
    const story::Element* where = teleport != nullptr ? teleport->child("Position") : nullptr;
    if (where == nullptr) return std::nullopt;
    std::optional<WorldPose> pose;
    if (const auto written = written_pose(*where)) {
        pose = WorldPose{Vec3(written->p + origin_W, written->z_m.value_or(0)),
                         written->heading_rad.value_or(0)};
    }
    if (start == nullptr) return pose;
    const auto index = start->story().entity(entity);
    if (index == story::kNoIndex) return pose;
    const auto& state = start->state().entities[index];
    return WorldPose{state.p_W, state.heading_rad};
}

}  // namespace huntsman::scenarios::edit
