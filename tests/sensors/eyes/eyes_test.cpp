#include "sensors/eyes/eyes.h"

#include <gtest/gtest.h>

namespace huntsman::sensors::eyes {
namespace {

using engine::core::kTick_us;
using engine::core::TimeUs;
using engine::world::Camera;
using engine::world::Rig;

std::vector<TimeUs> due_times(const Rig& rig, const Camera& camera, TimeUs until_us) {
    std::vector<TimeUs> times;
    for (TimeUs t = 0; t < until_us; t += kTick_us) {
        if (due(rig, camera, t)) times.push_back(t);
    }
    return times;
}

TEST(Due, CameraWithoutOwnTimesFollowsTheRig) {
    const Rig rig{.cameras = {Camera{}}, .rate_hz = 10};
    EXPECT_EQ(due_times(rig, rig.cameras[0], 300'001),
              (std::vector<TimeUs>{0, 100'000, 200'000, 300'000}));
    EXPECT_EQ(step_us(rig), 100'000);
}

TEST(Due, PeriodsBetweenTicksKeepTheirMean) {
    const Rig rig{.cameras = {Camera{.period_us = 27'778}}, .rate_hz = 36};
    const auto times = due_times(rig, rig.cameras[0], 10'000'000);
    // 36 Hz for ten seconds.
    EXPECT_EQ(times.size(), 360U);
    for (std::size_t k = 0; k < times.size(); ++k) {
        const TimeUs exact = static_cast<TimeUs>(k) * 27'778;
        EXPECT_GE(times[k], exact);
        EXPECT_LT(times[k], exact + kTick_us);
    }
}

TEST(Due, PhaseShiftsEveryPicture) {
    const Rig rig{.cameras = {Camera{.phase_us = 33'000}}, .rate_hz = 10};
    EXPECT_EQ(due_times(rig, rig.cameras[0], 250'000),
              (std::vector<TimeUs>{35'000, 135'000, 235'000}));
    EXPECT_EQ(step_us(rig), kTick_us);
}

TEST(Create, MissingSensorIsNamedWithItsCamera) {
    const Rig rig{.cameras = {Camera{.name = "main", .sensor = "/nonexistent/no_such_sensor.json"}},
                  .rate_hz = 10};
    engine::core::JobPool pool(1);
    const auto eyes = Eyes::create(rig, 1, pool);
    ASSERT_FALSE(eyes.ok());
    EXPECT_NE(eyes.error().text().find("camera main"), std::string::npos);
    EXPECT_NE(eyes.error().text().find("no_such_sensor.json"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::sensors::eyes
