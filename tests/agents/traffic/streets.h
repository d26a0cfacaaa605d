// Streets for tests of agents.
#pragma once

#include "engine/core/time.h"
#include "engine/world/world.h"
#include "tests/support/networks.h"

namespace huntsman::agents::traffic {

// A straight street with a crossing at x = 100: walkway 0 leads east along the southern pavement to
// it, 1 runs over it, 2 leads on east along the northern pavement. Signalled: people have green
// from 10 s to 25 s of a cycle of 60 s.
inline engine::world::RoadNetwork street_with_crossing(bool signalled) {
    engine::world::RoadNetwork roads = tests::straight_road();
    const engine::math::Vec3 nodes[] = {{60, -5, 0}, {100, -5, 0}, {100, 5, 0}, {140, 5, 0}};
    for (const engine::math::Vec3& p : nodes) roads.walk_nodes.push_back({p, {}});
    for (std::uint32_t i = 0; i < 3; ++i) {
        engine::world::Walkway walkway;
        walkway.id = i;
        walkway.points = {nodes[i], nodes[i + 1]};
        walkway.width_m = i == 1 ? 3.0 : 2.0;
        walkway.length_m = glm::length(nodes[i + 1] - nodes[i]);
        walkway.from = i;
        walkway.to = i + 1;
        roads.walk_nodes[i].walkways.push_back(i);
        roads.walk_nodes[i + 1].walkways.push_back(i);
        roads.walkways.push_back(walkway);
    }
    engine::world::Crossing crossing;
    crossing.id = 0;
    crossing.a = {100, -3.75, 0};
    crossing.b = {100, 3.75, 0};
    crossing.lanes = {{0, 98.5, 101.5}, {1, 398.5, 401.5}};
    crossing.walkway = 1;
    roads.walkways[1].crossing = 0;
    if (signalled) {
        crossing.signal_group = 0;
        roads.signal_groups = {{engine::world::kNone, 0, true}};
        engine::world::SignalProgram program;
        program.groups = {0};
        program.phases = {{10 * engine::core::kMicrosPerSecond, {engine::world::Aspect::kRed}},
                          {15 * engine::core::kMicrosPerSecond, {engine::world::Aspect::kGreen}},
                          {35 * engine::core::kMicrosPerSecond, {engine::world::Aspect::kRed}}};
        roads.programs = {program};
    }
    roads.crossings = {crossing};
    return roads;
}

// Two lanes of one direction along x, of which the left one ends at 150 m; the right one goes on as
// lane 2.
inline engine::world::RoadNetwork lane_drop() {
    engine::world::RoadNetwork roads = tests::two_lane_one_way(150.0);
    engine::world::Lane on = roads.lanes[0];
    on.id = 2;
    on.left = on.right = engine::world::kNone;
    for (auto& sample : on.samples) sample.p.x += 150.0;
    on.predecessors = {0};
    on.successors.clear();
    roads.lanes[0].successors = {2};
    roads.lanes[1].successors.clear();
    roads.lanes.push_back(on);
    return roads;
}

// A junction of four arms with a stop sign on each: everybody gives way to everybody.
inline engine::world::RoadNetwork all_way_stop() {
    engine::world::RoadNetwork roads = tests::four_way(false);
    for (engine::world::Lane& lane : roads.lanes) {
        if (!lane.in_junction()) continue;
        lane.control = engine::world::Control::kStop;
        for (engine::world::Conflict& conflict : lane.conflicts) conflict.yields = true;
    }
    return roads;
}

// A van that stands on lane 0 of a straight road and leaves room for one.
inline engine::world::StaticObject standing_van(double x_m) {
    engine::world::StaticObject van;
    van.id = engine::world::kFirstStaticObject;
    van.semantic = engine::world::Semantic::kVan;
    van.extent = {2.6, 2.6, 2.0, 2.3};
    van.X_WB = engine::math::upright({x_m, -1.9, 0.0}, 0.0);
    van.collides = true;
    return van;
}

}  // namespace huntsman::agents::traffic
