#include "scenarios/map/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/describe_numbers.h"
#include "engine/road/compile.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/dressing/dressing.h"
#include "scenarios/journey/environment.h"
#include "scenarios/journey/journey.h"
#include "scenarios/map/map_fields.h"
#include "scenarios/streets/streets.h"

namespace huntsman::scenarios::map {

using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::math::Vec2;
using namespace engine::world;

void recentre(RoadModel& model, double far_m) {
    Vec2 low(1e30), high(-1e30);
    for (const Road& road : model.roads) {
        for (const PlanPiece& piece : road.plan) {
            low = glm::min(low, Vec2(piece.x_m, piece.y_m));
            high = glm::max(high, Vec2(piece.x_m, piece.y_m));
        }
    }
    if (low.x > high.x) return;
    const Vec2 middle = glm::round(0.5 * (low + high));
    if (glm::length(middle) <= far_m) return;
    for (Road& road : model.roads) {
        for (PlanPiece& piece : road.plan) {
            piece.x_m -= middle.x;
            piece.y_m -= middle.y;
        }
    }
    // A point of the map is the point of the projection turned back and moved by the offset.
    const double c = std::cos(model.offset.heading_rad), n = std::sin(model.offset.heading_rad);
    model.offset.x_m += c * middle.x - n * middle.y;
    model.offset.y_m += n * middle.x + c * middle.y;
    model.west_m -= middle.x;
    model.east_m -= middle.x;
    model.south_m -= middle.y;
    model.north_m -= middle.y;
}

Status check(const MapParameters& p) { return engine::core::check_ranges(p); }

Result<World> build(RoadModel model, const MapParameters& parameters,
                    std::vector<std::string>* left_out) {
    HM_TRY(check(parameters));
    const Key key = Key(parameters.seed).with("map");
    const auto corner = [&] {
        return model.roads.empty() || model.roads.front().plan.empty()
                   ? Vec2(0)
                   : Vec2(model.roads.front().plan.front().x_m,
                          model.roads.front().plan.front().y_m);
    };
    const Vec2 before = corner();
    recentre(model);
    World world;
    world.story_origin_W = corner() - before;
    world.road_model = std::move(model);
    const engine::road::RoadGeometry geometry(world.road_model);
    world.roads =
        engine::road::compile(world.road_model, geometry, {.seed = key.with("signals").bits()});
    world.seed = parameters.seed;
    for (const Lane& lane : world.roads.lanes) {
        for (const LaneSample& q : lane.samples) {
            world.size_m =
                std::max({world.size_m, 2 * std::abs(q.p.x) + 100, 2 * std::abs(q.p.y) + 100});
        }
    }
    world.environment = journey::environment(key);
    // Nobody could drive on a steep bank in the wet.
    constexpr double kSteep_rad = 0.5;
    const bool steep = std::any_of(
        world.road_model.roads.begin(), world.road_model.roads.end(), [&](const Road& road) {
            return std::any_of(road.superelevation.begin(), road.superelevation.end(),
                               [&](const Cubic& c) { return std::abs(c.a) > kSteep_rad; });
        });
    if (steep && world.environment.wetness > 0) {
        world.environment.wetness = 0;
        world.environment.friction = 1;
        world.environment.weather = "cloudy";
    }
    HM_TAKE(const catalogue::Catalogue catalogue, catalogue::load_shipped());
    world.archetypes = catalogue::archetypes(catalogue, world.scene);
    const auto streets = streets::add_streets(geometry, world);
    if (left_out != nullptr) *left_out = streets.left_out;
    HM_TRY(journey::add_journey({parameters.vehicles, parameters.route_m, parameters.way,
                                 world.story_origin_W, streets.obstacles},
                                catalogue, key, world));
    HM_TRY(dressing::dress(
        {parameters.density, parameters.age, parameters.parked_share, key.with("dressing")},
        catalogue, geometry, streets, world));
    HM_TRY(journey::add_people(parameters.pedestrians, catalogue, key, world));
    return world;
}

}  // namespace huntsman::scenarios::map
