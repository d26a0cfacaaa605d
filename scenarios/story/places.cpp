// Places, routes and trajectories.

#include <algorithm>

#include "engine/core/describe.h"
#include "scenarios/story/compiler.h"

namespace huntsman::scenarios::story {

namespace {

// The one child of a position that says which kind it is.
const Element* kind_of(const Element& position) {
    return position.children.empty() ? nullptr : &position.children.front();
}

}  // namespace

Orientation Compiler::own_orientation(const Element& element, bool relative) {
    return {.relative = relative,
            .heading_rad = number(element, "h"),
            .pitch_rad = number(element, "p"),
            .roll_rad = number(element, "r")};
}

Orientation Compiler::orientation(const Element& place) {
    const Element* given = place.child("Orientation");
    if (given == nullptr) return {.relative = true};
    const bool relative =
        one_of<bool>(*given, "type", {{"relative", true}, {"absolute", false}}, false);
    return own_orientation(*given, relative);
}

Place Compiler::place(const Element& position) {
    const Element* kind = kind_of(position);
    if (kind == nullptr) return WorldPlace{};
    const Element& e = *kind;
    if (e.name == "WorldPosition") {
        return WorldPlace{.x_m = number_or(e, "x", 0),
                          .y_m = number_or(e, "y", 0),
                          .z_m = number(e, "z"),
                          .orientation = own_orientation(e, false)};
    }
    if (e.name == "RelativeWorldPosition") {
        return RelativeWorldPlace{entity(e), number_or(e, "dx", 0), number_or(e, "dy", 0),
                                  number_or(e, "dz", 0), orientation(e)};
    }
    if (e.name == "RelativeObjectPosition") {
        return RelativeObjectPlace{entity(e), number_or(e, "dx", 0), number_or(e, "dy", 0),
                                   number_or(e, "dz", 0), orientation(e)};
    }
    if (e.name == "RoadPosition") {
        return RoadPlace{text(e, "roadId"), number_or(e, "s", 0), number_or(e, "t", 0),
                         orientation(e)};
    }
    if (e.name == "RelativeRoadPosition") {
        return RelativeRoadPlace{entity(e), number_or(e, "ds", 0), number_or(e, "dt", 0),
                                 orientation(e)};
    }
    if (e.name == "LanePosition") {
        return LanePlace{text(e, "roadId"), integer(e, "laneId").value_or(0), number_or(e, "s", 0),
                         number_or(e, "offset", 0), orientation(e)};
    }
    if (e.name == "RelativeLanePosition") {
        const auto along_lane = number(e, "dsLane");
        return RelativeLanePlace{.entity = entity(e),
                                 .lanes = integer(e, "dLane").value_or(0),
                                 .ds_m = along_lane ? *along_lane : number_or(e, "ds", 0),
                                 .along_lane = along_lane.has_value(),
                                 .offset_m = number_or(e, "offset", 0),
                                 .orientation = orientation(e)};
    }
    if (e.name == "GeoPosition") {
        report(engine::core::Severity::kWarning, e, "position.geo",
               "<GeoPosition> is kept and not played: the entity stays where it is");
        constexpr double kDegree = engine::core::kRadiansInDegree;
        const auto latitude = number(e, "latitudeDeg"), longitude = number(e, "longitudeDeg");
        auto altitude = number(e, "altitude");
        if (!altitude) altitude = number(e, "height");
        return GeoPlace{latitude ? *latitude * kDegree : number_or(e, "latitude", 0),
                        longitude ? *longitude * kDegree : number_or(e, "longitude", 0), altitude,
                        orientation(e)};
    }
    if (e.name == "TrajectoryPosition") {
        TrajectoryPlace result{.trajectory = {},
                               .s_m = number_or(e, "s", 0),
                               .t_m = number_or(e, "t", 0),
                               .orientation = orientation(e)};
        if (auto found = trajectory_ref(e)) result.trajectory.push_back(std::move(*found));
        return result;
    }
    if (e.name != "RoutePosition") return WorldPlace{};
    RoutePlace result;
    result.orientation = orientation(e);
    if (auto found = route_ref(e)) result.route.push_back(std::move(*found));
    const Element* inside = e.child("InRoutePosition");
    if (inside == nullptr) return result;
    if (const Element* current = inside->child("FromCurrentEntity")) {
        result.entity = entity(*current);
    } else if (const Element* road = inside->child("FromRoadCoordinates")) {
        result.path_s_m = number_or(*road, "pathS", 0);
        result.t_m = number_or(*road, "t", 0);
    } else if (const Element* lane = inside->child("FromLaneCoordinates")) {
        result.path_s_m = number_or(*lane, "pathS", 0);
        result.lane = integer(*lane, "laneId").value_or(0);
        result.lane_offset_m = number_or(*lane, "laneOffset", 0);
    }
    return result;
}

Route Compiler::route(const Element& element) {
    Route result;
    result.name = text(element, "name");
    result.closed = flag_or(element, "closed", false);
    for (const Element* item : element.all("Waypoint")) {
        Waypoint& waypoint = result.waypoints.emplace_back();
        if (const Element* position = item->child("Position")) waypoint.place = place(*position);
        waypoint.strategy =
            one_of<RouteStrategy>(*item, "routeStrategy",
                                  {{"fastest", RouteStrategy::kFastest},
                                   {"leastIntersections", RouteStrategy::kLeastIntersections},
                                   {"random", RouteStrategy::kRandom},
                                   {"shortest", RouteStrategy::kShortest}},
                                  RouteStrategy::kShortest);
    }
    return result;
}

std::optional<Route> Compiler::route_ref(const Element& owner) {
    std::optional<Route> result;
    const Element* reference = owner.child("RouteRef");
    inline_or_catalogue(reference != nullptr ? *reference : owner, "Route",
                        [&](const Element& element) { result = route(element); });
    return result;
}

std::optional<Trajectory> Compiler::trajectory_ref(const Element& owner) {
    std::optional<Trajectory> result;
    const Element* reference = owner.child("TrajectoryRef");
    inline_or_catalogue(reference != nullptr ? *reference : owner, "Trajectory",
                        [&](const Element& element) { result = trajectory(element); });
    return result;
}

Trajectory Compiler::trajectory(const Element& element) {
    Trajectory result;
    result.name = text(element, "name");
    result.closed = flag_or(element, "closed", false);
    if (const Element* shape = element.child("Shape")) trajectory_shape(*shape, result);
    check_times(element, result);
    return result;
}

void Compiler::trajectory_shape(const Element& shape, Trajectory& result) {
    const auto place_in = [this](const Element& owner, const char* name) {
        const Element* position = owner.child(name);
        return position != nullptr ? place(*position) : Place(WorldPlace{});
    };
    if (const Element* polyline = shape.child("Polyline")) {
        Polyline line;
        for (const Element* item : polyline->all("Vertex")) {
            line.vertices.push_back({number(*item, "time"), place_in(*item, "Position")});
        }
        result.shape = std::move(line);
    } else if (const Element* clothoid = shape.child("Clothoid")) {
        ClothoidSegment segment;
        segment.start = place_in(*clothoid, "Position");
        segment.length_m = amount_or(*clothoid, "length", 0);
        segment.curvature_start = number_or(*clothoid, "curvature", 0);
        auto change = number(*clothoid, "curvaturePrime");
        if (!change) change = number(*clothoid, "curvatureDot");
        segment.curvature_end = segment.curvature_start + change.value_or(0) * segment.length_m;
        segment.time_start_s = number(*clothoid, "startTime");
        result.shape = ClothoidSpline{{std::move(segment)}, number(*clothoid, "stopTime")};
    } else if (const Element* spline = shape.child("ClothoidSpline")) {
        ClothoidSpline line;
        line.time_end_s = number(*spline, "timeEnd");
        for (const Element* item : spline->all("ClothoidSplineSegment")) {
            ClothoidSegment& segment = line.segments.emplace_back();
            if (item->child("PositionStart")) segment.start = place_in(*item, "PositionStart");
            segment.curvature_start = number_or(*item, "curvatureStart", 0);
            segment.curvature_end = number_or(*item, "curvatureEnd", 0);
            segment.length_m = amount_or(*item, "length", 0);
            segment.heading_offset_rad = number_or(*item, "hOffset", 0);
            segment.time_start_s = number(*item, "timeStart");
        }
        result.shape = std::move(line);
    } else if (const Element* nurbs = shape.child("Nurbs")) {
        Nurbs curve;
        curve.order = integer(*nurbs, "order").value_or(2);
        for (const Element* item : nurbs->all("ControlPoint")) {
            curve.points.push_back({.time_s = number(*item, "time"),
                                    .weight = number_or(*item, "weight", 1),
                                    .place = place_in(*item, "Position")});
        }
        for (const Element* item : nurbs->all("Knot")) {
            curve.knots.push_back(number_or(*item, "value", 0));
        }
        const auto points = static_cast<int>(curve.points.size());
        if (curve.order < 2 || curve.order > points) {
            error(*nurbs, "trajectory.nurbs",
                  fmt::format("a NURBS of {} control points has the order {}, expected 2 to {}",
                              points, curve.order, points));
        } else if (static_cast<int>(curve.knots.size()) != points + curve.order) {
            error(*nurbs, "trajectory.nurbs",
                  fmt::format("a NURBS of {} control points and order {} has {} knots, expected {}",
                              points, curve.order, curve.knots.size(), points + curve.order));
        } else if (!std::ranges::is_sorted(curve.knots) ||
                   curve.knots.front() == curve.knots.back()) {
            error(*nurbs, "trajectory.nurbs", "the knots of a NURBS do not ascend");
        }
        result.shape = std::move(curve);
    }
}

void Compiler::check_times(const Element& at, const Trajectory& trajectory) {
    // Longer ones would fill the memory with samples.
    constexpr double kLongest_m = 1e5;
    double length_m = 0;
    std::vector<std::optional<double>> times;
    std::size_t points = 0;
    if (const auto* line = std::get_if<Polyline>(&trajectory.shape)) {
        for (const auto& vertex : line->vertices) times.push_back(vertex.time_s);
        points = line->vertices.size();
        if (points < 2) {
            error(at, "trajectory.short",
                  fmt::format("the trajectory \"{}\" has {} points, expected at least 2",
                              trajectory.name, points));
        }
    } else if (const auto* spline = std::get_if<ClothoidSpline>(&trajectory.shape)) {
        for (const auto& segment : spline->segments) {
            times.push_back(segment.time_start_s);
            length_m += segment.length_m;
        }
        times.push_back(spline->time_end_s);
    } else if (const auto* nurbs = std::get_if<Nurbs>(&trajectory.shape)) {
        for (const auto& point : nurbs->points) times.push_back(point.time_s);
    }
    if (length_m > kLongest_m) {
        error(at, "trajectory.long",
              fmt::format("the trajectory \"{}\" is {} m long, expected at most {} m",
                          trajectory.name, length_m, kLongest_m));
    }
    std::optional<double> before;
    for (const auto& time : times) {
        if (time && before && *time < *before) {
            error(at, "trajectory.time",
                  fmt::format("the trajectory \"{}\" goes back in time, from {} s to {} s",
                              trajectory.name, *before, *time));
            return;
        }
        if (time) before = time;
    }
}

}  // namespace huntsman::scenarios::story
