// A body that follows a line: known answers of pure pursuit and of a turning body's swing.
#include "agents/conduct/course.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::agents::traffic {

using namespace conduct;  // NOLINT
namespace {

using engine::math::Box2;
using engine::math::Vec2;

constexpr double kFront_m = 8.5, kRear_m = 3.4, kHalfWidth_m = 1.275;

engine::world::VehicleSpec bus() {
    engine::world::VehicleSpec spec;
    spec.wheelbase_m = 5.85;
    spec.max_steer_rad = 0.88;
    return spec;
}

// A straight line along x, then an arc to the left, of points a metre apart.
struct Course {
    std::vector<Vec2> points;
    std::vector<double> s_m, inward_m;

    Course(double straight_m, double radius_m, double arc_m, double inward = 0.0) {
        for (double s = 0; s <= straight_m + arc_m; s += 1.0) {
            const double turn = std::max(0.0, s - straight_m) / radius_m;
            points.emplace_back(std::min(s, straight_m) + radius_m * std::sin(turn),
                                radius_m * (1.0 - std::cos(turn)));
            s_m.push_back(points.size() == 1 ? 0.0
                                             : s_m.back() + glm::length(points.back() -
                                                                        points[points.size() - 2]));
            inward_m.push_back(inward);
        }
    }
    std::vector<Box2> drive(const engine::world::VehicleSpec& spec, double speed_mps) const {
        return follow({&spec, kFront_m, kRear_m, kHalfWidth_m},
                      {points, s_m, inward_m, {&speed_mps, 1}}, s_m.back());
    }
};

TEST(Follow, OnAStraightLineEachBoxLiesOverItsPoint) {
    const auto spec = bus();
    const Course course(60, 1, 0);
    const auto boxes = course.drive(spec, 5);
    ASSERT_EQ(boxes.size(), course.points.size());
    for (std::size_t k = 0; k < boxes.size(); ++k) {
        EXPECT_NEAR(boxes[k].yaw_rad, 0.0, 1e-12);
        EXPECT_NEAR(boxes[k].centre.x, course.points[k].x + 0.5 * (kFront_m - kRear_m), 0.51);
        EXPECT_NEAR(boxes[k].centre.y, 0.0, 1e-12);
    }
    EXPECT_EQ(boxes[0].half, Vec2(0.5 * (kFront_m + kRear_m), kHalfWidth_m));
}

// On a long arc the rear axle keeps to the line, and the middle of the nose is sqrt(R² + front²)
// from the centre.
TEST(Follow, OnAnArcTheNoseSwingsOutAsGeometrySays) {
    const auto spec = bus();
    constexpr double kRadius_m = 15.0;
    const auto boxes = Course(30, kRadius_m, 60).drive(spec, 4);
    const Box2& box = boxes[75];
    const Vec2 x = engine::math::direction(box.yaw_rad), middle(30, kRadius_m);
    const Vec2 axle = box.centre - 0.5 * (kFront_m - kRear_m) * x;
    EXPECT_NEAR(glm::length(axle - middle), kRadius_m, 0.15);
    EXPECT_NEAR(glm::length(axle + kFront_m * x - middle), std::hypot(kRadius_m, kFront_m), 0.15);
}

TEST(Follow, KeepsTheRearAxleAsFarToTheLeftAsIsAsked) {
    const auto spec = bus();
    const auto boxes = Course(60, 1, 0, 0.5).drive(spec, 5);
    EXPECT_NEAR(boxes.back().centre.y, 0.5, 0.02);
    EXPECT_NEAR(boxes.back().yaw_rad, 0.0, 0.02);
}

}  // namespace
}  // namespace huntsman::agents::traffic
