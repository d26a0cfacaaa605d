// The plan that progress is compared with, on a straight road and a circle.
#include "bridge/score/plan_reference.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bridge/score/centre_line.h"

namespace huntsman::bridge::score {
namespace {

using namespace engine::world;
using engine::math::Vec2;

// Two lanes through these points, the second from the 60th on, as a route; nobody is on them.
struct Line {
    RoadNetwork roads;
    std::optional<engine::road::RoadMap> map;
    PlanScene scene;

    explicit Line(std::vector<Vec2> points) {
        const auto middle = points.begin() + 60;
        add_lane({points.begin(), middle + 1});
        add_lane({middle, points.end()});
        map.emplace(roads);
        scene.map = &*map;
        scene.extent = {.front_m = 3.5, .rear_m = 1.0, .width_m = 1.8, .height_m = 1.5};
        scene.route = {0, 1};
        scene.allowed_mps.assign(points.size(), 10);
        scene.centre_line = std::move(points);
        scene.red.resize(kPlanMoments);
    }
    void add_lane(const std::vector<Vec2>& points) {
        Lane lane;
        lane.id = static_cast<LaneId>(roads.lanes.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            const std::size_t from = std::min(i, points.size() - 2);
            const Vec2 ahead = points[from + 1] - points[from];
            if (i > 0) lane.length_m += glm::length(points[i] - points[i - 1]);
            lane.samples.push_back({.s_m = lane.length_m,
                                    .p = {points[i], 0},
                                    .heading_rad = std::atan2(ahead.y, ahead.x)});
        }
        roads.lanes.push_back(lane);
    }
    static Line straight() {
        std::vector<Vec2> points;
        for (int x = 0; x <= 250; ++x) points.emplace_back(x, 0);
        return Line(points);
    }
    void put(double x, double y, double speed_mps) {
        PlanOther other{.moments = {}};
        for (std::size_t i = 0; i < kPlanMoments; ++i) {
            other.moments.push_back(PlanOther::Moment{
                .box = {.centre = {x + 0.1 * speed_mps * static_cast<double>(i), y},
                        .half = {2, 0.9}},
                .speed_mps = speed_mps});
        }
        scene.others.push_back(other);
    }
};

TEST(CentreLine, PlacesAndPointsOfACorner) {
    const std::vector<Vec2> points = {{0, 0}, {10, 0}, {10, 10}};
    const CentreLine line(points);
    EXPECT_EQ(line.length_m(), 20);
    const LinePlace place = line.project({4, 3});
    EXPECT_EQ(place.s_m, 4);
    EXPECT_EQ(place.t_m, 3);
    EXPECT_EQ(line.project({13, 6}).s_m, 16);
    EXPECT_EQ(line.project({13, 6}).t_m, -3);
    EXPECT_EQ(line.project({13, 14}).distance_m, 5);
    EXPECT_EQ(line.point(15), Vec2(10, 5));
    EXPECT_EQ(line.point(99), Vec2(10, 10));
    // Half of a right angle at the corner, a quarter more half way to the end.
    EXPECT_NEAR(line.heading_rad(10), engine::math::kPi / 4, 1e-12);
    EXPECT_NEAR(line.heading_rad(15), 3 * engine::math::kPi / 8, 1e-12);
    EXPECT_EQ(line.interpolate(std::vector<double>{0, 1, 5}, 15), 3);
}

TEST(ReferencePlan, KeepsTheAllowedSpeedOnAFreeRoad) {
    const Line line = Line::straight();
    const ReferencePlan plan = reference_plan(line.scene, {{20, 0}, 0, 10});
    EXPECT_NEAR(plan.terms.progress_m, 40, 1e-9);
    EXPECT_EQ(pdms(plan.terms, 1), 1);
}

TEST(ReferencePlan, StartsAsTheIdmDoes) {
    // On a free road a = 1.5 (1 - (v/10)⁴), integrated finely by itself.
    const Line line = Line::straight();
    const ReferencePlan plan = reference_plan(line.scene, {{20, 0}, 0, 0});
    double x = 0, v = 0;
    for (int i = 0; i < 4000; ++i) {
        x += 0.001 * v;
        v += 0.001 * 1.5 * (1 - std::pow(v / 10, 4));
    }
    EXPECT_NEAR(plan.terms.progress_m, x, 0.02);
}

TEST(ReferencePlan, StopsBehindAStandingCarAndBeforeARedLight) {
    Line line = Line::straight();
    line.put(60, 0, 0);  // its rear at 58
    const ReferencePlan plan = reference_plan(line.scene, {{20, 0}, 0, 10});
    EXPECT_EQ(plan.terms.no_at_fault_collision, 1);
    EXPECT_LT(plan.states.back().p_W.x + 3.5, 58);
    EXPECT_GT(plan.states.back().p_W.x, 35);
    // The second lane, from x = 60 on, shows red.
    Line light = Line::straight();
    for (auto& red : light.scene.red) red = {1};
    const ReferencePlan waits = reference_plan(light.scene, {{20, 0}, 0, 10});
    EXPECT_EQ(waits.terms.traffic_light, 1);
    EXPECT_LT(waits.states.back().p_W.x + 3.5, 60);
    EXPECT_GT(waits.states.back().p_W.x, 35);
    // Whoever is past the line goes on.
    EXPECT_NEAR(reference_plan(light.scene, {{58, 0}, 0, 10}).terms.progress_m, 40, 1e-9);
}

TEST(ReferencePlan, WhoeverIsBesideTheLineOrDrivesAwayDoesNotStopIt) {
    Line line = Line::straight();
    line.put(40, 2.0, 0);  // 2.0 - 0.9 > 0.9
    line.put(60, 0, 20);
    const ReferencePlan plan = reference_plan(line.scene, {{20, 0}, 0, 10});
    EXPECT_GT(plan.terms.progress_m, 35);
}

TEST(ReferencePlan, ComesOntoTheLineSmoothly) {
    const Line line = Line::straight();
    const PlanState ego{{20, 0.6}, 0.03, 10};
    const ReferencePlan plan = reference_plan(line.scene, ego);
    ASSERT_EQ(plan.states.size(), kPlanStates);
    EXPECT_EQ(plan.states[0].p_W, ego.p_W);
    EXPECT_NEAR(plan.states[1].yaw_rad, 0.03, 0.02);
    EXPECT_NEAR(plan.states.back().p_W.y, 0, 1e-9);
    for (std::size_t i = 1; i < kPlanStates; ++i) {
        EXPECT_LT(glm::length(plan.states[i].p_W - plan.states[i - 1].p_W), 1.1);
    }
    EXPECT_EQ(plan.terms.comfort, 1);
}

TEST(ReferencePlan, BrakesBeforeASlowStretch) {
    Line line = Line::straight();
    for (std::size_t i = 50; i < line.scene.allowed_mps.size(); ++i) line.scene.allowed_mps[i] = 4;
    const ReferencePlan plan = reference_plan(line.scene, {{20, 0}, 0, 10});
    for (const PlanState& state : plan.states) {
        // A step of 0.1 s late.
        if (state.p_W.x > 51) EXPECT_LT(state.speed_mps, 4.3) << state.p_W.x;
    }
    EXPECT_GT(plan.terms.progress_m, 20);
}

TEST(ReferencePlan, KeepsToABend) {
    // A circle of 30 m radius.
    std::vector<Vec2> points;
    for (int i = 0; i < 150; ++i) {
        const double angle = i / 30.0;
        points.emplace_back(30 * std::sin(angle), 30 - 30 * std::cos(angle));
    }
    Line line{points};
    line.scene.allowed_mps.assign(points.size(), 8);
    const CentreLine centre(line.scene.centre_line);
    const PlanState ego{centre.point(20), centre.heading_rad(20), 8};
    const ReferencePlan plan = reference_plan(line.scene, ego);
    for (const PlanState& state : plan.states) {
        EXPECT_NEAR(glm::length(state.p_W - Vec2(0, 30)), 30, 0.02);
    }
    EXPECT_EQ(plan.terms.drivable_area, 1);
    EXPECT_EQ(plan.terms.comfort, 1);
}

}  // namespace
}  // namespace huntsman::bridge::score
