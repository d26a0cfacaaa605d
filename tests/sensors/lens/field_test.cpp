#include "sensors/lens/field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace huntsman::sensors::lens {
namespace {

using engine::math::kPi;
using engine::world::LensModel;

constexpr double kDegree = kPi / 180;

Lens usual() { return {.fx = 300, .fy = 300, .cx = 320, .cy = 200}; }

TEST(MonotoneAngle, IsWhereTheDerivativeVanishes) {
    // r (1 - 0.5 r²) grows up to r² = 1 / 1.5; 1 % of the rate at the centre is left just before.
    Lens pinhole{.k = {-0.5}};
    EXPECT_NEAR(monotone_angle(pinhole), std::atan(std::sqrt(1 / 1.5)), 0.01);
    EXPECT_LT(monotone_angle(pinhole), std::atan(std::sqrt(1 / 1.5)));
    // θ (1 - 0.1 θ²): θ² = (1 - 0.01) / 0.3 has 1 % left.
    Lens fisheye{.model = LensModel::kKannalaBrandt, .k = {-0.1}};
    EXPECT_NEAR(monotone_angle(fisheye), std::sqrt(0.99 / 0.3), 1e-9);
    // θ (1 - 0.25 θ): 1 - 0.5 θ = 0.01.
    Lens f_theta{.model = LensModel::kFTheta, .k = {-0.25}};
    EXPECT_NEAR(monotone_angle(f_theta), 1.98, 1e-9);
    // A denominator 1 - 0.25 r² vanishes at r = 2.
    Lens rational{.k = {0, 0, 0, -0.25}};
    EXPECT_LT(monotone_angle(rational), std::atan(2.0));
    EXPECT_GT(monotone_angle(rational), std::atan(1.7));
    EXPECT_EQ(monotone_angle({.model = LensModel::kEquirectangular}), kPi);
}

TEST(Check, AcceptsWhatTheModelsCanDo) {
    EXPECT_TRUE(check(usual(), 640, 400).ok());
    for (const auto model :
         {LensModel::kKannalaBrandt, LensModel::kFTheta, LensModel::kEquirectangular}) {
        EXPECT_TRUE(check(lens_for_fov(model, 640, 320, 190 * kDegree), 640, 320).ok());
    }
}

TEST(Check, ImpossibleLensesAreRefusedInOneSentence) {
    const auto expect = [](const Lens& lens, const char* part, int width = 640) {
        const auto status = check(lens, width, 400);
        ASSERT_FALSE(status.ok()) << part;
        EXPECT_NE(status.error().message.find(part), std::string::npos) << status.error().message;
    };
    const auto changed = [](auto change) {
        Lens lens = usual();
        change(lens);
        return lens;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinite = std::numeric_limits<double>::infinity();
    expect(changed([&](Lens& l) { l.fx = nan; }), "not finite");
    expect(changed([&](Lens& l) { l.k[4] = infinite; }), "not finite");
    expect(changed([](Lens& l) { l.fy = 0; }), "focal lengths");
    expect(changed([](Lens& l) { l.fx = -300; }), "focal lengths");
    expect(changed([](Lens& l) { l.cx = 3000; }), "principal point");
    expect(changed([](Lens& l) { l.max_angle_rad = 0; }), "field reaches 0 degrees");
    expect(changed([](Lens& l) { l.max_angle_rad = 1.6; }), "field reaches 91.67");
    expect(changed([](Lens& l) { l.k = {-0.5}; }), "fold the picture");
    expect(changed([](Lens& l) { l.k = {0, 0, 0, -1}; }), "fold the picture");
    expect(changed([](Lens& l) { l.p = {0.5, 0}; }), "fold the picture");
    expect(changed([](Lens& l) { l.max_angle_rad = 0.8; }), "does not reach pixel");
    expect(changed([](Lens& l) {
               l.k = {-0.31, 0.12, -0.02};
               l.max_angle_rad = monotone_angle(l);
           }),
           "does not reach pixel", 2000);
    expect(changed([](Lens& l) {
               l.model = LensModel::kEquirectangular;
               l.fx = l.fy = 90;
           }),
           "at most 360 by 180");
}

TEST(FieldOfView, OfAPinholeIsTwiceTheArcTangent) {
    const auto view = field_of_view(usual(), 640, 400);
    EXPECT_NEAR(view.horizontal_rad, 2 * std::atan(320.0 / 300), 1e-12);
    EXPECT_NEAR(view.vertical_rad, 2 * std::atan(200.0 / 300), 1e-12);
    EXPECT_NEAR(view.diagonal_rad, 2 * std::atan(std::hypot(320, 200) / 300), 1e-12);
}

TEST(FieldOfView, CountsEachSideOfAShiftedPrincipalPoint) {
    Lens lens = usual();
    lens.cx = -30;  // left of the picture: the left border lies on the right
    const auto view = field_of_view(lens, 640, 400);
    EXPECT_NEAR(view.left_rad, -std::atan(0.1), 1e-12);
    EXPECT_NEAR(view.horizontal_rad, std::atan(670.0 / 300) - std::atan(0.1), 1e-12);
}

TEST(FieldOfView, EndsWhereAFisheyesFieldEnds) {
    Lens lens{.model = LensModel::kKannalaBrandt,
              .fx = 150,
              .fy = 150,
              .cx = 320,
              .cy = 200,
              .max_angle_rad = 95 * kDegree};
    const auto view = field_of_view(lens, 640, 400);
    EXPECT_NEAR(view.horizontal_rad, 190 * kDegree, 1e-12);  // 320 px would be 122 degrees
    EXPECT_NEAR(view.vertical_rad, 2 * 200.0 / 150, 1e-12);
}

TEST(LensForFov, HasTheAskedFieldInEveryModel) {
    const Lens shapes[] = {
        {.k = {-0.2, 0.03}},
        {.k = {-0.2, 0.03}, .p = {1e-3, 2e-3}, .s = {1e-3}},
        {.model = LensModel::kKannalaBrandt, .k = {-0.02, 0.003}, .max_angle_rad = kPi},
        {.model = LensModel::kFTheta, .k = {0.01, -0.03}, .max_angle_rad = kPi},
        {.model = LensModel::kEquirectangular, .max_angle_rad = kPi}};
    for (const Lens& shape : shapes) {
        const Lens lens = lens_for_fov(shape, 640, 400, 80 * kDegree);
        // Tangential terms move the two borders against each other, by less than this.
        EXPECT_NEAR(field_of_view(lens, 640, 400).horizontal_rad, 80 * kDegree,
                    shape.p[0] != 0 ? 3e-4 : 1e-9)
            << name(shape.model);
    }
}

TEST(Scaled, ShowsTheSameInAnotherSize) {
    const Lens lens = lens_for_fov({.k = {-0.2, 0.03}}, 640, 400, 80 * kDegree);
    Vec2 a, b;
    const Vec3 p(0.3, -0.2, 1);
    ASSERT_TRUE(project(lens, p, a));
    ASSERT_TRUE(project(scaled(lens, 2, 3), p, b));
    EXPECT_NEAR(b.x, 2 * a.x, 1e-9);
    EXPECT_NEAR(b.y, 3 * a.y, 1e-9);
}

}  // namespace
}  // namespace huntsman::sensors::lens
