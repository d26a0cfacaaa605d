// Parts of stories as commands make them, and where they stand in the tree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/math/vec.h"
#include "scenarios/situations/kinds.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::edit {

using engine::math::Vec2;
using engine::math::Vec3;

// A pose in the coordinates of the story.
struct StoryPose {
    Vec2 p{0, 0};
    std::optional<double> z_m;
    std::optional<double> heading_rad;
};

// ---- Making

story::Element position(const StoryPose& pose);  // <Position> with a WorldPosition
story::Element teleport(const StoryPose& pose);  // <PrivateAction>
// <PrivateAction>; dynamics of "step" take no time.
story::Element speed_action(double mps, const char* shape, const char* dimension, double value);
struct PathPoint {
    std::optional<double> time_s;
    StoryPose pose;
};
// <PrivateAction> along a polyline; timed where its points have times.
story::Element follow_trajectory(const std::string& name, const std::vector<PathPoint>& points);
story::Element assign_route(const std::string& name, const std::vector<StoryPose>& waypoints);
story::Element condition(const std::string& name, story::Element kind, double delay_s = 0);
story::Element trigger(const char* name, story::Element condition);
story::Element time_condition(double time_s);                              // <ByValueCondition>
story::Element by_entity(const std::string& entity, story::Element kind);  // <ByEntityCondition>

// A story with nobody in it.
story::Element empty_story(const std::string& map);

// ---- Finding; made where they are missing

story::Element& child_of(story::Element& parent, const char* name);
story::Element& init_actions(story::Element& root);
story::Element& private_of(story::Element& root, const std::string& entity);

// ---- Finding; nullptr where there is none

story::Element* object_of(story::Element& root, const std::string& entity);
const story::Element* object_of(const story::Element& root, const std::string& entity);
const story::Element* find_private(const story::Element& root, const std::string& entity);
// The first action of a kind ("TeleportAction") in a <Private>, within the groups it stands in.
story::Element* action_in(story::Element& private_actions, const char* kind);
const story::Element* action_in(const story::Element& private_actions, const char* kind);
std::vector<std::string> entity_names(const story::Element& root);
// `wanted`, or with a number behind it, so that no entity has the name.
std::string fresh_entity_name(const story::Element& root, const std::string& wanted);
// The same for names of the storyboard's elements.
std::string fresh_element_name(const story::Element& root, const std::string& wanted);

// The pose of a <Position> that is a WorldPosition of plain numbers.
std::optional<StoryPose> written_pose(const story::Element& position);

// Calls `visit(element)` for the element and all below it, parents first.
template <typename E, typename Visit>
void for_each_element(E& element, Visit&& visit) {
    visit(element);
    for (auto& child : element.children) for_each_element(child, visit);
}

}  // namespace huntsman::scenarios::edit
