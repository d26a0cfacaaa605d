#include "apps/huntsman/bench_story.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/core/wall_time.h"
#include "scenarios/player/player.h"

namespace huntsman::apps {

using engine::core::WallClock;
using nlohmann::ordered_json;
namespace story = scenarios::story;

namespace {

constexpr double kRoad_m = 20'000;
constexpr int kLanes = 3;

engine::world::RoadModel long_road() {
    engine::world::RoadModel model;
    engine::world::Road& road = model.roads.emplace_back();
    road.id = "1";
    road.length_m = kRoad_m;
    engine::world::PlanPiece piece;
    piece.length_m = kRoad_m;
    road.plan.push_back(piece);
    auto& section = road.sections.emplace_back();
    for (int id = 0; id >= -kLanes; --id) {
        engine::world::ModelLane lane;
        lane.id = id;
        if (id != 0) {
            lane.type = engine::world::LaneType::kDriving;
            lane.widths.push_back({.s_m = 0, .a = 3.5});
        }
        section.lanes.push_back(lane);
    }
    return model;
}

story::Condition by_entity(story::Index who, story::ConditionKind kind) {
    story::Condition condition;
    condition.triggering = {who};
    condition.edge = story::Edge::kRising;
    condition.kind = std::move(kind);
    return condition;
}

// Actors in a row, three lanes wide, each measuring itself against the one ahead.
story::Story make_story(story::Index actors) {
    story::Story result;
    const auto add = [&](story::ElementKind kind, story::Index parent) {
        const auto index = static_cast<story::Index>(result.elements.size());
        result.elements.push_back({.kind = kind, .parent = parent});
        if (parent != story::kNoIndex) result.elements[parent].children.push_back(index);
        return index;
    };
    const story::Index act =
        add(story::ElementKind::kAct, add(story::ElementKind::kStory, story::kNoIndex));
    for (story::Index i = 0; i < actors; ++i) {
        story::Entity entity;
        entity.name = "car";
        entity.box = {.length_m = 4.5, .width_m = 1.8, .height_m = 1.5, .x_m = 1.4};
        result.entities.push_back(entity);
        const story::LanePlace place{
            .road = "1", .lane = -1 - static_cast<int>(i) % kLanes, .s_m = 100 + 20.0 * i};
        result.init.push_back({i, story::TeleportAction{place}, {}});
        result.init.push_back({i, story::SpeedAction{.value = 15.0 + i % 7}, {}});
        const story::Index ahead = (i + 1) % actors;
        const story::ConditionKind kinds[] = {
            story::TimeHeadwayCondition{
                .entity = ahead, .value_s = 1, .measure = {.frame = story::Frame::kRoad}},
            story::RelativeDistanceCondition{
                .entity = ahead, .value_m = 15, .measure = {.freespace = true}},
            story::ReachPositionCondition{.place = place, .tolerance_m = 1}};
        const story::Index group = add(story::ElementKind::kGroup, act);
        result.elements[group].actors = {i};
        const story::Index maneuver = add(story::ElementKind::kManeuver, group);
        for (const auto& kind : kinds) {
            const story::Index event = add(story::ElementKind::kEvent, maneuver);
            result.elements[event].max_executions = 1'000'000;
            result.elements[event].priority = story::Priority::kParallel;
            result.elements[event].start =
                story::Trigger{{story::ConditionGroup{{by_entity(i, kind)}}}};
            const story::Index action = add(story::ElementKind::kAction, event);
            result.elements[action].is_private = true;
            result.elements[action].action =
                story::SpeedAction{.dynamics = {.shape = story::Shape::kSinusoidal, .value = 3},
                                   .value = 14.0 + i % 5};
        }
    }
    return result;
}

}  // namespace

ordered_json bench_story(int repeats, int ticks) {
    const engine::world::RoadModel model = long_road();
    const engine::road::RoadGeometry geometry(model);
    ordered_json rows = ordered_json::array();
    for (const story::Index actors : {10U, 100U, 400U}) {
        const story::Story script = make_story(actors);
        const scenarios::player::Player player(script, geometry);
        std::vector<double> ms;
        for (int r = 0; r < repeats; ++r) {
            auto state = player.begin();
            const auto start = WallClock::now();
            for (int i = 0; i < ticks; ++i) player.step(state, engine::core::kTick_us);
            ms.push_back(1e3 * engine::core::seconds_since(start) / ticks);
        }
        std::ranges::sort(ms);
        rows.push_back({{"actors", actors},
                        {"conditions", 3 * actors},
                        {"tick_min_ms", ms.front()},
                        {"tick_median_ms", ms[ms.size() / 2]}});
    }
    return rows;
}

}  // namespace huntsman::apps
