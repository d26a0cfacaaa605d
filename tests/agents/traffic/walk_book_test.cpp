// People on foot have places to go, and go there the shortest way.
#include "agents/conduct/walk_book.h"

#include <algorithm>
#include <limits>
#include <set>

#include "tests/agents/traffic/rig.h"

namespace huntsman::agents::traffic {
namespace {

using math::Vec3;

constexpr std::uint32_t kSide = 4;
constexpr double kBlock_m = 40;

// Pavements along the streets of a grid, without streets; one of them is missing.
world::RoadNetwork grid() {
    world::RoadNetwork roads;
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        roads.walk_nodes.push_back({Vec3(kBlock_m * (i % kSide), kBlock_m * (i / kSide), 0), {}});
    }
    const auto join = [&](std::uint32_t a, std::uint32_t b) {
        world::Walkway walkway;
        walkway.id = static_cast<world::WalkwayId>(roads.walkways.size());
        walkway.points = {roads.walk_nodes[a].p, roads.walk_nodes[b].p};
        walkway.length_m = kBlock_m;
        walkway.from = a;
        walkway.to = b;
        roads.walk_nodes[a].walkways.push_back(walkway.id);
        roads.walk_nodes[b].walkways.push_back(walkway.id);
        roads.walkways.push_back(walkway);
    };
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        if (i % kSide + 1 < kSide && i != 5) join(i, i + 1);
        if (i + kSide < kSide * kSide) join(i, i + kSide);
    }
    return roads;
}

std::uint32_t other_end(const world::Walkway& walkway, std::uint32_t node) {
    return walkway.from == node ? walkway.to : walkway.from;
}

// Lengths of the shortest ways between all nodes [Floyd 1962].
std::vector<std::vector<double>> all_ways(const world::RoadNetwork& roads) {
    const std::size_t n = roads.walk_nodes.size();
    std::vector<std::vector<double>> d(n, std::vector<double>(n, 1e9));
    for (std::size_t i = 0; i < n; ++i) d[i][i] = 0;
    for (const world::Walkway& w : roads.walkways) d[w.from][w.to] = d[w.to][w.from] = w.length_m;
    for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) d[i][j] = std::min(d[i][j], d[i][k] + d[k][j]);
        }
    }
    return d;
}

TEST(WalkBook, LeadsToEveryGoalTheShortestWay) {
    Rig rig(grid());
    const WalkBook walks(rig.world, *rig.map);
    const auto ways = all_ways(rig.world.roads);
    int found = 0;
    for (std::uint32_t from = 0; from < kSide * kSide; ++from) {
        for (std::uint32_t goal = 0; goal < kSide * kSide; ++goal) {
            std::uint32_t node = from;
            double length = 0;
            while (node != goal) {
                const world::WalkwayId next = walks.next(node, goal);
                ASSERT_NE(next, world::kNone);
                length += rig.world.roads.walkways[next].length_m;
                node = other_end(rig.world.roads.walkways[next], node);
                ASSERT_LT(length, 1000);
            }
            EXPECT_NEAR(length, ways[from][goal], 1e-9);
            ++found;
        }
    }
    EXPECT_EQ(found, 256);
}

TEST(WalkBook, GoalsAreSomeWayOffAndNotBack) {
    Rig rig(grid());
    const WalkBook walks(rig.world, *rig.map);
    const auto ways = all_ways(rig.world.roads);
    const engine::core::Key key(3);
    std::set<std::uint32_t> goals;
    for (std::uint32_t node = 0; node < kSide * kSide; ++node) {
        const world::WalkwayId came = rig.world.roads.walk_nodes[node].walkways.front();
        for (std::uint32_t draw = 0; draw < 20; ++draw) {
            const std::uint32_t goal = walks.draw_goal(node, came, key, draw);
            ASSERT_NE(goal, world::kNone);
            EXPECT_GT(ways[node][goal], WalkBook::kNearest_m);
            EXPECT_NE(walks.next(node, goal), came);
            EXPECT_EQ(walks.draw_goal(node, came, key, draw), goal) << "the same draw";
            goals.insert(goal);
        }
    }
    EXPECT_GT(goals.size(), 8U);
}

TEST(WalkBook, KnowsNoWayWhereNoneIs) {
    world::RoadNetwork roads = grid();
    roads.walk_nodes.push_back({Vec3(1000, 0, 0), {}});
    Rig rig(std::move(roads));
    const WalkBook walks(rig.world, *rig.map);
    const std::uint32_t alone = kSide * kSide;
    EXPECT_EQ(walks.draw_goal(alone, world::kNone, engine::core::Key(1), 0), world::kNone);
    EXPECT_EQ(walks.next(0, alone), world::kNone);
}

TEST(Walking, PeopleReachTheirGoalsAndThenGoOn) {
    Rig rig(grid());
    const auto person = rig.add_person(0, 5, true);
    rig.start();
    std::uint32_t goal = world::kNone;
    int reached = 0;
    rig.run(400.0, [&] {
        const auto& mind = rig.actor(person).mind.pedestrian();
        if (mind.goal_node == goal) return;
        if (goal != world::kNone) {
            ++reached;
            const Vec3 p = rig.world.roads.walk_nodes[goal].p;
            EXPECT_LT(glm::length(rig.actor(person).X_WB.p - p), 2.0);
        }
        goal = mind.goal_node;
    });
    EXPECT_GE(reached, 2);
}

}  // namespace
}  // namespace huntsman::agents::traffic
