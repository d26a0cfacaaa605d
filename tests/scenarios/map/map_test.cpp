// What must hold of every map that is compiled and driven, on maps made by others.
#include "scenarios/map/map.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "engine/road/lane_curve.h"
#include "engine/road/programmes.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::map {
namespace {

namespace math = engine::math;
namespace road = engine::road;
using math::Vec2;
using math::Vec3;
using namespace engine::world;

const std::filesystem::path kMaps =
    std::filesystem::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/opendrive";

class Interop : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        const auto file = kMaps / (std::string(GetParam()) + ".xodr");
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "no map " << file;
        auto reading = opendrive::read(file);
        ASSERT_TRUE(reading) << reading.error().text();
        model = std::move(reading->model);
        network = road::compile(model, road::RoadGeometry(model));
    }
    RoadModel model;
    RoadNetwork network;
};

TEST_P(Interop, LinkedLanesJoin) {
    for (const Lane& lane : network.lanes) {
        for (const LaneId next : lane.successors) {
            const LaneSample &a = lane.samples.back(), &b = network.lanes[next].samples.front();
            EXPECT_LT(glm::length(a.p - b.p), 0.01) << lane.id << " to " << next;
            EXPECT_LT(std::abs(math::wrap_angle(a.heading_rad - b.heading_rad)), 1e-3)
                << lane.id << " to " << next;
            const auto& back = network.lanes[next].predecessors;
            EXPECT_NE(std::find(back.begin(), back.end(), lane.id), back.end());
        }
    }
}

TEST_P(Interop, LanesLieOnTheModelAndTheSurface) {
    const road::RoadGeometry geometry(model);
    World world;
    world.road_model = model;
    world.roads = network;
    const road::RoadMap map(world);
    for (const Lane& lane : network.lanes) {
        if (lane.kind != LaneKind::kDriving) continue;
        for (double s = 0.5; s < lane.length_m; s += 7.3) {
            const LaneSample q = road::lane_at(lane, s);
            const road::RoadPlace place = geometry.project(lane.road, q.p);
            const int id = geometry.lane_at(lane.road, place.s_m, place.t_m);
            const auto section = geometry.section_at(lane.road, place.s_m);
            const double centre = 0.5 * (geometry.inner_t_m(lane.road, section, id, place.s_m) +
                                         geometry.outer_t_m(lane.road, section, id, place.s_m));
            // Ends that the map leaves apart are drawn together over 6 m.
            const bool mended = s < 6.0 || s > lane.length_m - 6.0;
            if (q.width_m > 0.5) {
                EXPECT_NEAR(place.t_m, centre, mended ? road::kLargestMend_m : 0.003)
                    << lane.id << " at " << s;
            }
            // In junctions other roads blend in; those of Town03's hill differ by 26 cm.
            const double tolerance = lane.in_junction() ? 0.15 : 0.005;
            EXPECT_NEAR(map.surface(q.p + Vec3(0, 0, 0.3)).height_m, q.p.z, tolerance)
                << lane.id << " at " << s;
            EXPECT_TRUE(map.on_road(q.p));
        }
    }
}

TEST_P(Interop, ExactlyOneYieldsWhereWaysMeet) {
    for (const Junction& junction : network.junctions) {
        for (const LaneId c : junction.connections) {
            for (const Conflict& conflict : network.lanes[c].conflicts) {
                const auto& back = network.lanes[conflict.other].conflicts;
                const auto mirrored = std::find_if(back.begin(), back.end(),
                                                   [&](const Conflict& x) { return x.other == c; });
                ASSERT_NE(mirrored, back.end());
                const Lane &a = network.lanes[c], &b = network.lanes[conflict.other];
                const bool signals = a.signal_group != kNone && b.signal_group != kNone;
                if (!signals) {
                    EXPECT_NE(conflict.yields, mirrored->yields);
                }
                EXPECT_FALSE(conflict.yields && mirrored->yields);
            }
        }
    }
}

TEST_P(Interop, NoRingOfYields) {
    // Depth-first search over "gives way to" finds no way back.
    std::vector<int> state(network.lanes.size(), 0);
    const auto visit = [&](const auto& self, LaneId lane) -> bool {
        state[lane] = 1;
        for (const Conflict& conflict : network.lanes[lane].conflicts) {
            if (!conflict.yields) continue;
            if (state[conflict.other] == 1) return false;
            if (state[conflict.other] == 0 && !self(self, conflict.other)) return false;
        }
        state[lane] = 2;
        return true;
    };
    for (const Lane& lane : network.lanes) {
        if (state[lane.id] != 0) continue;
        EXPECT_TRUE(visit(visit, lane.id)) << lane.id;
    }
}

TEST_P(Interop, NothingThatMeetsIsGreenTogether) {
    for (const auto& found : road::conflicting_greens(network)) {
        ADD_FAILURE() << found.reason << ": " << found.a << " and " << found.b;
    }
}

TEST_P(Interop, NeighboursRunSideBySide) {
    for (const Lane& lane : network.lanes) {
        for (const LaneId side : {lane.left, lane.right}) {
            if (side == kNone) continue;
            const Lane& other = network.lanes[side];
            EXPECT_EQ(other.road, lane.road);
            EXPECT_NEAR(other.length_m, lane.length_m, 0.15 * lane.length_m + 2.0);
            const LaneSample a = road::lane_at(lane, 0.5 * lane.length_m);
            const LaneSample b = road::lane_at(other, 0.5 * other.length_m);
            const double t =
                math::cross(math::direction(a.heading_rad), math::xy(b.p) - math::xy(a.p));
            EXPECT_EQ(t > 0, side == lane.left) << lane.id;
        }
    }
}

TEST_P(Interop, PavementsAreAGraphOffTheCarriageway) {
    const road::RoadMap map(network);
    for (const Walkway& walkway : network.walkways) {
        ASSERT_GE(walkway.points.size(), 2U);
        ASSERT_LT(walkway.from, network.walk_nodes.size());
        ASSERT_LT(walkway.to, network.walk_nodes.size());
        EXPECT_EQ(network.walk_nodes[walkway.from].p, walkway.points.front());
        EXPECT_EQ(network.walk_nodes[walkway.to].p, walkway.points.back());
        EXPECT_GT(walkway.length_m, 0);
        if (walkway.crossing != kNone) continue;
        for (std::size_t i = 0; i + 1 < walkway.points.size(); ++i) {
            const Vec3 middle = 0.5 * (walkway.points[i] + walkway.points[i + 1]);
            EXPECT_FALSE(map.on_road(middle, -0.5)) << walkway.id;
        }
    }
}

TEST_P(Interop, TheSameModelGivesTheSameNetwork) {
    const RoadNetwork again = road::compile(model, road::RoadGeometry(model));
    ASSERT_EQ(again.lanes.size(), network.lanes.size());
    for (const Lane& lane : network.lanes) {
        const Lane& other = again.lanes[lane.id];
        ASSERT_EQ(other.samples.size(), lane.samples.size());
        for (std::size_t i = 0; i < lane.samples.size(); ++i) {
            ASSERT_EQ(other.samples[i].p, lane.samples[i].p);
            ASSERT_EQ(other.samples[i].heading_rad, lane.samples[i].heading_rad);
        }
        EXPECT_EQ(other.successors, lane.successors);
    }
}

TEST_P(Interop, EverybodyStartsOnTheRoadAndApart) {
    auto world = build(model, {.seed = 3});
    ASSERT_TRUE(world) << world.error().text();
    const road::RoadMap map(*world);
    ASSERT_FALSE(world->spawns.empty());
    EXPECT_EQ(world->spawns.front().id, kEgo);
    EXPECT_GE(world->spawns.size(), 10U);
    for (const Spawn& spawn : world->spawns) {
        const double ground = map.surface(spawn.X_WB.p + Vec3(0, 0, 0.3)).height_m;
        if (spawn.lane == kNone) continue;
        EXPECT_NEAR(spawn.X_WB.p.z, ground, 0.02);
        EXPECT_TRUE(map.on_road(spawn.X_WB.p));
    }
    // The route's lanes follow each other, and the goal lies on the last.
    ASSERT_FALSE(world->ego_route.empty());
    for (std::size_t i = 0; i + 1 < world->ego_route.size(); ++i) {
        const Lane& lane = world->roads.lanes[world->ego_route[i]];
        const LaneId next = world->ego_route[i + 1];
        EXPECT_TRUE(lane.left == next || lane.right == next ||
                    std::find(lane.successors.begin(), lane.successors.end(), next) !=
                        lane.successors.end());
    }
    EXPECT_GT(world->ego_goal_s_m, 0);
    EXPECT_LE(world->ego_goal_s_m, world->roads.lanes[world->ego_route.back()].length_m);
}

INSTANTIATE_TEST_SUITE_P(Maps, Interop,
                         testing::Values("straight_500m_roadmarks", "curve_r100",
                                         "curves_elevation", "e6mini", "jolengatan", "velodrome",
                                         "fabriksgatan_traffic_lights", "simple_4way_intersection",
                                         "Town01", "Town03"),
                         [](const auto& map) { return std::string(map.param); });

// How much of a map hangs together: CARLA's towns do but for lanes in the middle of the road.
TEST(MapComponents, TownsAreConnected) {
    for (const char* name : {"Town01", "Town03"}) {
        const auto file = kMaps / (std::string(name) + ".xodr");
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "no map " << file;
        auto reading = opendrive::read(file);
        ASSERT_TRUE(reading);
        const auto network = road::compile(reading->model, road::RoadGeometry(reading->model));
        const auto component = road::strong_components(network);
        double all = 0, largest = 0;
        for (const Lane& lane : network.lanes) {
            if (lane.kind != LaneKind::kDriving) continue;
            all += lane.length_m;
            if (component[lane.id] == 0) largest += lane.length_m;
        }
        EXPECT_GT(largest, 0.9 * all) << name;
    }
}

TEST(Recentre, FarMapsComeNearAndTheOffsetKnows) {
    RoadModel model;
    Road one;
    one.length_m = 100;
    PlanPiece piece;
    piece.length_m = 100;
    piece.x_m = 691000;
    piece.y_m = 5334000;
    one.plan.push_back(piece);
    model.roads.push_back(one);
    model.offset.x_m = 7;
    recentre(model);
    EXPECT_EQ(model.roads[0].plan[0].x_m, 0);
    EXPECT_EQ(model.roads[0].plan[0].y_m, 0);
    EXPECT_EQ(model.offset.x_m, 691007);
    EXPECT_EQ(model.offset.y_m, 5334000);
    // What is near stays.
    model.roads[0].plan[0].x_m = 500;
    recentre(model);
    EXPECT_EQ(model.roads[0].plan[0].x_m, 500);
}

std::string straight_road(const char* id, double x, double length, double width) {
    std::string lanes;
    for (const auto& [side, lane] : {std::pair("left", 1), std::pair("right", -1)}) {
        lanes += fmt::format(
            R"(<{0}><lane id="{1}" type="driving"><width sOffset="0" a="{2}" b="0" c="0" d="0"/></lane></{0}>)",
            side, lane, width);
        if (lane > 0) lanes += R"(<center><lane id="0" type="none"/></center>)";
    }
    return fmt::format(R"(<road id="{}" junction="-1" length="{}"><link/><planView>
<geometry s="0" x="{}" y="0" hdg="0" length="{}"><line/></geometry></planView>
<lanes><laneSection s="0">{}</laneSection></lanes></road>)",
                       id, length, x, length, lanes);
}
engine::core::Result<World> build_roads(const std::string& roads) {
    auto reading = opendrive::parse(
        R"(<OpenDRIVE><header revMajor="1" revMinor="7"/>)" + roads + "</OpenDRIVE>", "map");
    EXPECT_TRUE(reading.ok());
    return build(std::move(reading->model), {.vehicles = 3, .pedestrians = 0});
}

TEST(Build, LanesNarrowerThanUsualAreDriven) {
    auto world = build_roads(straight_road("1", 0, 400, 2.2));
    ASSERT_TRUE(world.ok()) << world.error().text();
    EXPECT_FALSE(world->ego_route.empty());
    EXPECT_EQ(world->spawns.size(), 4U);
    world = build_roads(straight_road("1", 0, 400, 1.9));
    ASSERT_FALSE(world.ok());
    EXPECT_NE(world.error().message.find("the widest driven lane is 1.90 m wide"),
              std::string::npos)
        << world.error().text();
}

TEST(Build, MapsTooLargeForTheirLandAreRefused) {
    const auto world =
        build_roads(straight_road("1", 0, 200, 3.5) + straight_road("2", 45e3, 200, 3.5));
    ASSERT_FALSE(world.ok());
    EXPECT_NE(world.error().message.find("the roads lie in 45.2 by 0.0 km"), std::string::npos)
        << world.error().text();
}

// Blocks stand on the lanes every 30 m: all start between them.
TEST(Build, NobodyStartsInWhatStandsOnALane) {
    std::string objects;
    for (int i = 0; i < 13; ++i) {
        objects += fmt::format(
            R"(<object id="{}" type="obstacle" s="{}" t="{}" zOffset="0" hdg="0" length="1.5" width="2.5" height="1.2"/>)",
            i, 10 + 30 * i, i % 2 == 0 ? -1.75 : 1.75);
    }
    std::string road = straight_road("1", 0, 400, 3.5);
    road.insert(road.find("</road>"), "<objects>" + objects + "</objects>");
    auto reading = opendrive::parse(
        R"(<OpenDRIVE><header revMajor="1" revMinor="7"/>)" + road + "</OpenDRIVE>", "map");
    ASSERT_TRUE(reading.ok());
    const auto world = build(std::move(reading->model), {.vehicles = 12, .pedestrians = 0});
    ASSERT_TRUE(world.ok()) << world.error().text();
    EXPECT_GT(world->spawns.size(), 4U);
    int blocks = 0;
    for (const StaticObject& object : world->objects) {
        if (!object.collides || object.semantic != Semantic::kOther) continue;
        ++blocks;
        for (const Spawn& spawn : world->spawns) {
            const math::Box2 taken = footprint(object.extent, object.X_WB);
            EXPECT_FALSE(
                math::overlap(taken, footprint(world->archetype_of(spawn).extent, spawn.X_WB)))
                << spawn.id << " in " << object.id;
        }
    }
    EXPECT_GE(blocks, 13);
}

}  // namespace
}  // namespace huntsman::scenarios::map
