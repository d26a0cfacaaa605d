// Stories made by hand on a straight road.
#pragma once

#include <gtest/gtest.h>

#include "scenarios/player/player.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::player {

using engine::core::kTick_us;
using engine::core::seconds;
using story::ElementKind;
using story::Index;
using story::kNoIndex;

// A story on a straight road of 1 km with one lane each way, lane -1 along s.
class PlayedStory : public testing::Test {
  protected:
    PlayedStory() : model_(tests::straight_model(1000)), geometry_(model_) {}

    Index add_car(const char* name, double s_m, double speed_mps) {
        const auto index = static_cast<Index>(story_.entities.size());
        story::Entity entity;
        entity.name = name;
        entity.box = {.length_m = 5, .width_m = 2, .height_m = 1.5, .x_m = 1.4};
        story_.entities.push_back(entity);
        story_.init.push_back(
            {index,
             story::TeleportAction{story::LanePlace{model_.roads[0].id, -1, s_m, 0, {}}},
             {}});
        story_.init.push_back({index, story::SpeedAction{.value = speed_mps}, {}});
        return index;
    }
    Index add(ElementKind kind, Index parent) {
        const auto index = static_cast<Index>(story_.elements.size());
        story_.elements.push_back({.kind = kind, .parent = parent});
        if (parent != kNoIndex) story_.elements[parent].children.push_back(index);
        return index;
    }
    // A manoeuvre of the actor; its group's act and story start at once.
    Index add_maneuver(Index actor, std::uint32_t executions = 1) {
        const Index act = add(ElementKind::kAct, add(ElementKind::kStory, kNoIndex));
        const Index group = add(ElementKind::kGroup, act);
        story_.elements[group].actors = {actor};
        story_.elements[group].max_executions = executions;
        return add(ElementKind::kManeuver, group);
    }
    static story::Condition after(double time_s) {
        return {.kind = story::SimulationTimeCondition{.value_s = time_s}};
    }
    Index add_event(Index maneuver, story::Condition condition, story::ActionKind action,
                    story::Priority priority = story::Priority::kOverride) {
        const Index event = add(ElementKind::kEvent, maneuver);
        story_.elements[event].priority = priority;
        story_.elements[event].start = story::Trigger{{story::ConditionGroup{{condition}}}};
        const Index child = add(ElementKind::kAction, event);
        story_.elements[child].is_private = true;
        story_.elements[child].action = std::move(action);
        return event;
    }
    static story::SpeedAction speed(double target_mps, double time_s,
                                    story::Shape shape = story::Shape::kLinear) {
        return {.dynamics = {.shape = shape, .value = time_s}, .value = target_mps};
    }
    StoryState play(double until_s) {
        const Player player(story_, geometry_);
        StoryState state = player.begin();
        while (seconds(state.time_us) < until_s - 1e-9 && !state.finished) {
            player.step(state, kTick_us);
        }
        return state;
    }

    engine::world::RoadModel model_;
    engine::road::RoadGeometry geometry_;
    story::Story story_;
};

}  // namespace huntsman::scenarios::player
