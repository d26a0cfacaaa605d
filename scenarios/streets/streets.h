// All that is seen of the roads of a map: carriageways, kerbs and pavements, marks, signs and
// signals, and what stands beside them. From any road model, a file's or a generated town's.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/math/geometry.h"
#include "engine/road/road_geometry.h"
#include "engine/world/world.h"

namespace huntsman::scenarios::streets {

using engine::math::Vec2;
using engine::math::Vec3;

// A part of the plan that roads cover, with the height of the road's edge at each corner [m].
struct OutlinePolygon {
    std::vector<Vec3> border;              // counter-clockwise
    std::vector<std::vector<Vec3>> holes;  // clockwise: land inside
};

// The edges of all roads: carriageways with pavements, medians and verge lanes. Ground, decks of
// bridges and floors of tunnels are apart, so that land may lie under the one and over the other.
struct Outline {
    std::vector<OutlinePolygon> ground, bridges, tunnels;
};

struct Streets {
    Outline outline;
    std::vector<engine::math::Box2> furniture;  // ground that poles, signs and the like stand on
    // Boxes of things that stand on driven lanes, and the heights of their feet [m].
    std::vector<std::pair<engine::math::Box2, double>> obstacles;
    std::uint64_t triangles = 0;        // of the finest level
    std::vector<std::string> left_out;  // objects that the world lacks, one sentence each, and why
};

// Objects of the model stand where the model says, on driven lanes too; they are static objects
// that collide. Bodies that go on along the road (rails, walls) end where a lane is driven.
//
// Appends meshes, instances and static objects to a world; `world.road_model` must be what
// `geometry` was made from, or equal. Heads of signals in `world.roads`, if any, get their object
// ids. Object ids follow those that are already there.
Streets add_streets(const engine::road::RoadGeometry& geometry, engine::world::World& world);

}  // namespace huntsman::scenarios::streets
