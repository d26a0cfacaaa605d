// Commands on single positions of the story: points of routes and trajectories, places of triggers.

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/edit/elements.h"
#include "scenarios/edit/request.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::edit {

using situations::text;
using story::Element;

namespace {

Error no_position(const std::string& path) {
    return sentence(fmt::format("there is no position at \"{}\"", path));
}

// The pose that a command gives, with the heading that the position has now.
Result<StoryPose> pose_of(const Request& request, const Element& before) {
    HM_TAKE(const Vec2 origin, story_origin(request));
    StoryPose pose{.p = Vec2(request.number("x"), request.number("y")) - origin};
    if (const auto written = written_pose(before)) pose.heading_rad = written->heading_rad;
    return pose;
}

Result<Draft> move_point(const Request& request) {
    const std::string path = request.text("path");
    HM_TAKE(Draft next, with_own_story(request));
    Element* found = find_element(edit_story(next), path);
    if (found == nullptr || found->name != "Position") return no_position(path);
    HM_TAKE(const StoryPose pose, pose_of(request, *found));
    *found = position(pose);
    return next;
}

// A point of a route or of a polyline.
struct Point {
    Element* list = nullptr;  // <Route> or <Polyline>
    std::size_t index = 0;    // of the point among the list's children
};
Result<Point> point_at(Element& root, const std::string& path) {
    const std::size_t end = path.rfind('/');
    if (end == std::string::npos || path.substr(end + 1) != "Position") return no_position(path);
    const std::string of_point = path.substr(0, end);
    const std::size_t list_end = of_point.rfind('/');
    Element* point = find_element(root, of_point);
    const bool known = point != nullptr && list_end != std::string::npos &&
                       (point->name == "Waypoint" || point->name == "Vertex");
    if (!known) {
        return sentence(
            fmt::format("\"{}\" is not a point of a route or of a trajectory's polyline", path));
    }
    Element* list = find_element(root, of_point.substr(0, list_end));
    return Point{list, static_cast<std::size_t>(point - list->children.data())};
}

std::optional<double> time_of(const Element& vertex) {
    const std::string* value = vertex.attribute("time");
    return value != nullptr ? story::to_number(*value) : std::nullopt;
}

Result<Draft> insert_point(const Request& request) {
    HM_TAKE(Draft next, with_own_story(request));
    HM_TAKE(const Point at, point_at(edit_story(next), request.text("path")));
    auto& points = at.list->children;
    Element made = points[at.index];
    const Element* before = made.child("Position");
    if (before == nullptr) return no_position(request.text("path"));
    HM_TAKE(const StoryPose pose, pose_of(request, *before));
    child_of(made, "Position") = position(pose);
    // Between its neighbours in time, or as long after the last as that was after the one before.
    const auto here = time_of(points[at.index]);
    const auto later = at.index + 1 < points.size() ? time_of(points[at.index + 1]) : std::nullopt;
    const auto earlier = at.index > 0 ? time_of(points[at.index - 1]) : std::nullopt;
    if (here && later) {
        made.set("time", text(0.5 * (*here + *later)));
    } else if (here) {
        made.set("time", text(*here + (earlier ? std::max(0.1, *here - *earlier) : 1.0)));
    }
    points.insert(points.begin() + static_cast<std::ptrdiff_t>(at.index) + 1, std::move(made));
    return next;
}

Result<Draft> remove_point(const Request& request) {
    constexpr std::ptrdiff_t kLeast = 2;
    HM_TAKE(Draft next, with_own_story(request));
    HM_TAKE(const Point at, point_at(edit_story(next), request.text("path")));
    auto& points = at.list->children;
    const std::string name = points[at.index].name;
    const auto count =
        std::ranges::count_if(points, [&](const Element& each) { return each.name == name; });
    if (count <= kLeast) return sentence("a path has two points at least, remove it as a whole");
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(at.index));
    return next;
}

}  // namespace

std::vector<Command> point_commands() {
    constexpr const char* kGroup = "actors";
    const ParameterInfo path = text_of("path", "of a <Position> of the story");
    return {
        {{"move_point",
          kGroup,
          "Move point",
          "moves a point of a path, or the place of a trigger",
          {path, coordinate("x"), coordinate("y")}},
         move_point},
        {{"insert_point",
          kGroup,
          "Insert point",
          "adds a point to a route or trajectory, behind the one named",
          {path, coordinate("x"), coordinate("y")}},
         insert_point},
        {{"remove_point",
          kGroup,
          "Remove point",
          "takes a point out of a route or trajectory",
          {path}},
         remove_point},
    };
}

}  // namespace huntsman::scenarios::edit
