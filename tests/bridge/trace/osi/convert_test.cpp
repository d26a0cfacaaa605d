#include "bridge/trace/osi/convert.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::bridge::trace::osi {
namespace {

using engine::math::kPi;
using engine::math::Quat;
using engine::math::Vec3;

Quat about(const Vec3& axis, double angle) {
    const Vec3 v = std::sin(0.5 * angle) * axis;
    return {std::cos(0.5 * angle), v.x, v.y, v.z};
}
Quat from_angles(double roll, double pitch, double yaw) {
    return about({0, 0, 1}, yaw) * about({0, 1, 0}, pitch) * about({1, 0, 0}, roll);
}

TEST(OsiAngles, AreYawThenPitchThenRoll) {
    for (const double yaw : {-3.0, -0.4, 0.0, 2.9}) {
        for (const double pitch : {-1.2, 0.0, 0.3}) {
            const Angles a = angles_of(from_angles(-0.2, pitch, yaw));
            EXPECT_NEAR(a.roll, -0.2, 1e-12);
            EXPECT_NEAR(a.pitch, pitch, 1e-12);
            EXPECT_NEAR(a.yaw, yaw, 1e-12);
        }
    }
}

TEST(OsiAngles, PitchIsPositiveWhereTheFrontIsLow) {
    // The front points down by a tenth.
    const Vec3 front = from_angles(0, std::asin(0.1), 0) * Vec3(1, 0, 0);
    EXPECT_NEAR(front.z, -0.1, 1e-12);
}

TEST(OsiAngles, RatesAreTheDerivativesOfTheAngles) {
    const Vec3 w_W(0.3, -0.2, 0.7);
    const Quat q = from_angles(0.2, -0.4, 1.1);
    // Central difference: errors of the order of h².
    constexpr double h = 1e-5;
    const double w = glm::length(w_W);
    const Angles before = angles_of(about(w_W / w, -h * w) * q);
    const Angles after = angles_of(about(w_W / w, h * w) * q);
    const Angles rates = rates_of(angles_of(q), w_W, q);
    EXPECT_NEAR(rates.roll, (after.roll - before.roll) / (2 * h), 1e-8);
    EXPECT_NEAR(rates.pitch, (after.pitch - before.pitch) / (2 * h), 1e-8);
    EXPECT_NEAR(rates.yaw, (after.yaw - before.yaw) / (2 * h), 1e-8);
}

TEST(OsiAngles, RatesStayFiniteWhereACarStandsOnItsNose) {
    const Quat q = from_angles(0, 0.5 * kPi, 0);
    const Angles rates = rates_of(angles_of(q), {1, 2, 3}, q);
    EXPECT_TRUE(std::isfinite(rates.roll) && std::isfinite(rates.yaw));
}

TEST(OsiTime, MicrosecondsBecomeSecondsAndNanoseconds) {
    osi3::Timestamp stamp;
    set(&stamp, 12'345'678);
    EXPECT_EQ(stamp.seconds(), 12);
    EXPECT_EQ(stamp.nanos(), 345'678'000U);
}

TEST(OsiVersion, IsThatOfTheDefinitions) { EXPECT_EQ(version_text(), "3.8.0"); }

TEST(OsiIds, KindsDoNotMeet) {
    EXPECT_GT(id_of(IdKind::kLane, 0), engine::world::kLastId);
    EXPECT_NE(id_of(IdKind::kLane, 7), id_of(IdKind::kJunction, 7));
}

}  // namespace
}  // namespace huntsman::bridge::trace::osi
