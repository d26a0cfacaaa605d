#include "scenarios/model/story_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "engine/core/random.h"
#include "engine/road/road_geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "engine/world/weather.h"
#include "engine/world/weather_fields.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/fitted.h"
#include "scenarios/model/removal.h"
#include "scenarios/player/player.h"
#include "scenarios/situations/place.h"

namespace huntsman::scenarios::model {

using engine::core::Error;
using engine::core::Finding;
using engine::core::Key;
using engine::core::Result;
using engine::core::Severity;
using engine::core::Status;
using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::road::RoadMap;
using namespace engine::world;

namespace {

Error refuse(const Finding& finding, const story::Document& document) {
    return {.message = finding.message,
            .file = finding.file < document.files.size() ? document.files[finding.file].string()
                                                         : std::string(),
            .line = finding.line};
}

Status keeps_ego(const openscenario::StoryFile& reading, const StorySource& source) {
    const std::string& ego = reading.story.entities[reading.story.ego].name;
    if (std::ranges::find(source.without, ego) == source.without.end()) return {};
    return Error{.message = fmt::format("leaves out \"{}\", which is the ego", ego),
                 .file = source.file.empty() ? source.situation : source.file};
}

// ---- The ego's route

constexpr double kReach_m = 30.0;  // from a place to the lane that it means

// The places that the story wants the ego to pass, in order.
std::vector<story::Place> waypoints(const story::Story& s) {
    std::vector<story::Place> places;
    const auto take = [&](const story::ActionKind& action) {
        if (const auto* route = std::get_if<story::AssignRouteAction>(&action)) {
            for (const auto& waypoint : route->route.waypoints) places.push_back(waypoint.place);
        } else if (const auto* to = std::get_if<story::AcquirePositionAction>(&action)) {
            places.push_back(to->place);
        }
        return !places.empty();
    };
    for (const story::InitAction& init : s.init) {
        if (init.entity == s.ego && take(init.action)) return places;
    }
    for (const story::StoryElement& element : s.elements) {
        if (element.kind != story::ElementKind::kAction) continue;
        // Action, event, manoeuvre, group.
        const auto& event = s.elements[element.parent];
        const auto& group = s.elements[s.elements[event.parent].parent];
        const bool of_ego = std::ranges::find(group.actors, s.ego) != group.actors.end();
        if (of_ego && take(element.action)) return places;
    }
    return places;
}

struct Route {
    std::vector<LaneId> lanes;
    double goal_s_m = 0;
};

// Straight on until the roads end, or for as long as any run is.
Route straight_on(const RoadNetwork& roads, LaneId first) {
    constexpr double kEnough_m = 5000;
    Route route{.lanes = {first}};
    std::set<LaneId> taken{first};
    double length = roads.lanes[first].length_m;
    while (length < kEnough_m) {
        const auto& next = roads.lanes[route.lanes.back()].successors;
        if (next.empty()) break;
        const auto straight = std::ranges::find_if(
            next, [&](LaneId lane) { return roads.lanes[lane].turn == Turn::kStraight; });
        const LaneId lane = straight != next.end() ? *straight : next.front();
        if (!taken.insert(lane).second) break;
        route.lanes.push_back(lane);
        length += roads.lanes[lane].length_m;
    }
    route.goal_s_m = std::max(0.0, roads.lanes[route.lanes.back()].length_m - 1.0);
    return route;
}

Result<Route> route_of(const openscenario::StoryFile& reading, const player::Player& player,
                       const StoryState& state, const RoadMap& map) {
    const story::Story& s = reading.story;
    const ScriptedEntity& ego = state.entities[s.ego];
    const std::string file = reading.document.files.front().string();
    // An ego that starts in a field has its route on the roads all the same.
    constexpr double kFar_m = 2000;
    auto start = map.nearest_lane(ego.p_W, ego.heading_rad, kReach_m);
    if (!start) start = map.nearest_lane(ego.p_W, ego.heading_rad, kFar_m);
    if (!start) {
        return Error{.message = fmt::format("the ego \"{}\" starts at ({:.1f}, {:.1f}), expected a "
                                            "driven lane within {} m",
                                            s.entities[s.ego].name, ego.p_W.x, ego.p_W.y, kFar_m),
                     .file = file,
                     .line = s.entities[s.ego].origin.line};
    }
    const auto places = waypoints(s);
    if (places.empty()) return straight_on(map.network(), start->lane);
    Route route{.lanes = {start->lane}, .goal_s_m = start->s_m};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto fail = [&](const char* what) {
            return Error{.message = fmt::format("waypoint {} of the ego's route {}", i + 1, what),
                         .file = file};
        };
        const auto place = player.locate(state, places[i]);
        if (!place) return fail("is a place that the roads do not have");
        const auto lane = map.nearest_lane(place->p_W, place->heading_rad, kReach_m);
        if (!lane) return fail("is not near a driven lane");
        // A first waypoint at or behind the start is passed already.
        if (lane->lane == route.lanes.back() && lane->s_m <= route.goal_s_m) continue;
        const auto more = map.route(route.lanes.back(), lane->lane);
        if (more.empty()) return fail("cannot be reached from the place before it");
        route.lanes.insert(route.lanes.end(), more.begin() + 1, more.end());
        route.goal_s_m = lane->s_m;
    }
    return route;
}

// ---- Looks

catalogue::Wanted wanted_of(const story::Entity& entity) {
    using Kind = catalogue::Wanted::Kind;
    catalogue::Wanted wanted{.kind = entity.kind == story::EntityKind::kPedestrian
                                         ? Kind::kPedestrian
                                     : entity.kind == story::EntityKind::kObject ? Kind::kObject
                                                                                 : Kind::kVehicle,
                             .name = entity.name,
                             .category = entity.category,
                             .role = entity.role,
                             .model = entity.model,
                             .mass_kg = entity.mass_kg};
    const story::Box& box = entity.box;
    if (box.length_m > 0 && box.width_m > 0 && box.height_m > 0) {
        wanted.box = {box.length_m, box.width_m, box.height_m, box.x_m};
    }
    return wanted;
}

// What the story says of light and weather at its start.
void show_environment(const ScriptedEnvironment& story, Environment& environment) {
    story.apply_to(environment);
    if (story.sun_elevation_rad) {
        constexpr double kLow_rad = 0.4;
        environment.light = *story.sun_elevation_rad < 0          ? "dusk"
                            : *story.sun_elevation_rad < kLow_rad ? "low sun"
                                                                  : "day";
    }
    if (!story.cloud_cover && !story.fog_per_m && !story.rain_mm_h && !story.snow_cover) return;
    WeatherState now;
    engine::core::copy_common(environment, now);
    environment.weather = word_of(now);
}

// ---- Room

Box2 padded_footprint(const World& world, std::uint32_t archetype,
                      const engine::math::RigidTransform& X_WB, double along_m) {
    Box2 box = footprint(world.archetypes[archetype].extent, X_WB);
    box.half += engine::math::Vec2(along_m, 0.3);
    return box;
}

void make_room(const StoryState& state, World& world) {
    constexpr double kLevel_m = engine::road::kLevel_m, kAlong_m = 8.0;
    const auto stands_in = [&](const Box2& box, double z_m, double along_m) {
        for (std::size_t i = 0; i < state.entities.size(); ++i) {
            const ScriptedEntity& entity = state.entities[i];
            if (!entity.present || std::abs(entity.p_W.z - z_m) > kLevel_m) continue;
            const auto X_WB = engine::math::upright(entity.p_W, entity.heading_rad);
            const Box2 taken =
                padded_footprint(world, world.story_roles[i].archetype, X_WB, along_m);
            if (engine::math::overlap(box, taken)) return true;
        }
        return false;
    };
    std::set<ActorId> gone;
    for (const Spawn& spawn : world.spawns) {
        if (spawn.id == kEgo) continue;
        const Box2 box = footprint(world.archetype_of(spawn).extent, spawn.X_WB);
        const double along_m = is_vehicle(world.archetype_of(spawn).semantic) ? kAlong_m : 0.5;
        if (stands_in(box, spawn.X_WB.p.z, along_m)) gone.insert(spawn.id);
    }
    for (const StaticObject& object : world.objects) {
        if (!object.labelled) continue;
        const Box2 box = footprint(object.extent, object.X_WB);
        if (stands_in(box, object.X_WB.p.z, 0.5)) gone.insert(object.id);
    }
    leave_out(gone, world);
}

}  // namespace

Result<openscenario::StoryFile> read_story(const Scenario& scenario) {
    HM_TAKE(auto reading,
            openscenario::read(scenario.story.file, {.parameters = scenario.story.parameters,
                                                     .ego = scenario.story.ego,
                                                     .without = scenario.story.without}));
    for (const Finding& finding : reading.findings) {
        if (finding.severity == Severity::kError) return refuse(finding, reading.document);
    }
    if (reading.story.ego == story::kNoIndex) {
        return Error{.message = "has no vehicle, expected one that is the ego",
                     .file = scenario.story.file};
    }
    const story::Entity& ego = reading.story.entities[reading.story.ego];
    if (ego.kind == story::EntityKind::kPedestrian || ego.kind == story::EntityKind::kObject) {
        return Error{.message = fmt::format("the ego \"{}\" is not a vehicle", ego.name),
                     .file = scenario.story.file,
                     .line = ego.origin.line};
    }
    HM_TRY(keeps_ego(reading, scenario.story));
    return reading;
}

const situations::PlaceFinder& Sites::finder() {
    std::call_once(once_,
                   [&] { finder_ = std::make_unique<const situations::PlaceFinder>(roads_); });
    return *finder_;
}

namespace {

// Where the scenario wants its situation, or else on a site that its seed draws.
Result<situations::Placed> place_at(const Scenario& scenario,
                                    const situations::Situation& situation,
                                    const situations::Values& values,
                                    const situations::PlaceFinder& finder, const Vec2& origin_W) {
    if (scenario.story.at.empty()) {
        return situations::place_anywhere(situation, finder, scenario.town.seed, values,
                                          scenario.map);
    }
    const auto at = point_of(scenario.story.at);
    if (!at) return Error{fmt::format("at is {}, expected X,Y in metres", scenario.story.at)};
    return situations::place_nearest(situation, finder, origin_W + *at, values, scenario.map);
}

}  // namespace

std::optional<Vec2> point_of(const std::string& text) {
    double x = 0, y = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), " %lf , %lf %c", &x, &y, &rest) != 2) return std::nullopt;
    // Further away no road can be.
    constexpr double kFar_m = 1e7;
    if (!(std::abs(x) <= kFar_m && std::abs(y) <= kFar_m)) return std::nullopt;
    return Vec2(x, y);
}

Result<openscenario::StoryFile> place_situation(const Scenario& scenario, Sites& sites,
                                                World& world) {
    HM_TAKE(const auto situation, situations::load(scenario.story.situation));
    situations::Values given;
    for (const auto& [name, text] : scenario.story.parameters) {
        char* end = nullptr;
        given[name] = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0') {
            return Error{
                .message = fmt::format("parameter {} is {}, expected a number", name, text),
                .file = situation.file.string()};
        }
    }
    HM_TAKE(const auto values, situations::with_values(situation, given));
    auto placed = place_at(scenario, situation, values, sites.finder(), world.story_origin_W);
    if (!placed) {
        Error error = placed.error();
        error.message = fmt::format("{} cannot be placed: {}", situation.name, error.message);
        error.file = scenario.map.empty() ? fmt::format("the town of seed {}", scenario.town.seed)
                                          : scenario.map;
        return error;
    }
    // Its places are those of the world.
    world.story_origin_W = {0, 0};
    HM_TRY(openscenario::take_out(placed->document, scenario.story.without));
    auto reading = openscenario::compile(std::move(placed->document),
                                         {.parameters = {}, .ego = scenario.story.ego});
    for (const Finding& finding : reading.findings) {
        if (finding.severity == Severity::kError) return refuse(finding, reading.document);
    }
    HM_TRY(keeps_ego(reading, scenario.story));
    return reading;
}

Status add_story(const openscenario::StoryFile& reading, World& world) {
    const story::Story& s = reading.story;
    const engine::road::RoadGeometry geometry(world.road_model);
    const RoadMap map(world);
    const player::Player player(s, geometry, world.story_origin_W);
    for (const Finding& finding : player.check()) return refuse(finding, reading.document);
    const StoryState state = player.begin();

    HM_TAKE(const catalogue::Catalogue catalogue, catalogue::load_shipped());
    Spawn& ego_spawn = world.spawns.front();
    catalogue::Fitting fitting(catalogue);
    const Key key = Key(world.seed).with("story");
    for (std::size_t i = 0; i < s.entities.size(); ++i) {
        const Key own = key.with(s.entities[i].name);
        const bool person = s.entities[i].kind == story::EntityKind::kPedestrian;
        // The cameras are mounted on the shipped car.
        if (i == s.ego && s.entities[i].category == "car") {
            world.story_roles.push_back({ego_spawn.archetype, ego_spawn.tint});
            continue;
        }
        auto archetype = fitting.add(wanted_of(s.entities[i]), world);
        if (!archetype) {
            Error error = archetype.error();
            error.file = reading.document.files.empty()
                             ? ""
                             : reading.document.files[s.entities[i].origin.file].string();
            error.line = s.entities[i].origin.line;
            return error;
        }
        world.story_roles.push_back(
            {*archetype,
             (person ? catalogue.cloths : catalogue.paints).pick(own.uniform(0), own.uniform(1))});
    }
    const ScriptedEntity& ego = state.entities[s.ego];
    HM_TAKE(Route route, route_of(reading, player, state, map));
    const auto lane = map.project(route.lanes.front(), engine::math::xy(ego.p_W));
    Vec3 p = ego.p_W;
    p.z = map.surface(p + Vec3(0, 0, 1)).height_m;
    ego_spawn.archetype = world.story_roles[s.ego].archetype;
    ego_spawn.tint = world.story_roles[s.ego].tint;
    ego_spawn.X_WB = engine::math::upright(p, ego.heading_rad);
    ego_spawn.speed_mps = ego.speed_mps;
    ego_spawn.lane = lane.lane;
    ego_spawn.lane_s_m = lane.s_m;
    world.ego_route = std::move(route.lanes);
    world.ego_goal_s_m = route.goal_s_m;
    make_room(state, world);
    show_environment(state.environment, world.environment);
    return {};
}

}  // namespace huntsman::scenarios::model
