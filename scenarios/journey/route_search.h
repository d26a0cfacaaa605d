// The search for the ego's route. Not for others.
#pragma once

#include <vector>

#include "engine/core/dice.h"
#include "engine/core/result.h"
#include "engine/road/road_map.h"
#include "engine/world/world.h"
#include "scenarios/journey/way.h"

namespace huntsman::scenarios::journey {

using engine::core::Dice;

struct Route {
    std::vector<engine::world::LaneId> lanes;
    double start_s_m = 0;
    double length_m = 0;  // from the start to the goal
    double goal_s_m = 0;
    double score = -1e30;
};

// Lanes that a vehicle may start on: driven, outside junctions, part of a way, and long, or the
// longest there are. They are as wide as usual, or, where no lane is, at least `fits_m` wide.
std::vector<engine::world::LaneId> start_lanes(const engine::world::World& world, double fits_m);

// The greatest of the least widths of all driven lanes outside junctions [m]; 0: there are none.
double widest_lane_m(const engine::world::World& world);

Route find_route(const engine::world::World& world,
                 const std::vector<engine::world::LaneId>& starts, double wanted_m, Dice& dice);

// The best of the walks from one place.
Route route_from(const engine::world::World& world, engine::world::LaneId start, double start_s_m,
                 double wanted_m, Dice& dice);

// The route along a given way. Where only its start is given the search goes on from there, where
// only its end is, the start is the one of some lanes whose way is nearest to the wanted length.
// Errors name the place and what is wrong with it.
engine::core::Result<Route> given_route(const engine::world::World& world,
                                        const engine::road::RoadMap& map, const Way& way,
                                        const engine::math::Vec2& origin_W,
                                        const std::vector<engine::world::LaneId>& starts,
                                        double wanted_m, Dice& dice);

// Length that can be driven from the start of a lane before all ways end, at most `enough_m`.
double room_ahead_m(const engine::world::RoadNetwork& network, engine::world::LaneId lane,
                    double enough_m);

}  // namespace huntsman::scenarios::journey
