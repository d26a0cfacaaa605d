#include "sensors/lens/lens.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"
#include "sensors/lens/field.h"

namespace huntsman::sensors::lens {
namespace {

using engine::core::Key;
using engine::math::kPi;
using engine::world::LensModel;

constexpr double kDegree = kPi / 180;

// Lenses of every model as calibrations give them, and harsher ones drawn at random.
std::vector<Lens> many_lenses() {
    std::vector<Lens> lenses;
    const auto add = [&](Lens lens, double widest_rad) {
        lens.fx = 610;
        lens.fy = 604;
        lens.cx = 322.4;
        lens.cy = 197.1;
        lens.max_angle_rad = widest_rad;
        lens.max_angle_rad = std::min(widest_rad, monotone_angle(lens));
        lenses.push_back(lens);
    };
    add({.model = LensModel::kPinhole}, 1.5);
    add({.model = LensModel::kPinhole, .k = {-0.31, 0.12, -0.02}}, 1.5);
    // A real dashboard lens with the rational model.
    add({.model = LensModel::kPinhole, .k = {4.1, 2.3, 0.09, 4.5, 3.8, 0.6}}, 1.2);
    add({.model = LensModel::kPinhole,
         .k = {-0.31, 0.12, -0.02},
         .p = {1.2e-3, -8e-4},
         .s = {2e-3, -1e-4, -1e-3, 3e-4}},
        1.0);
    add({.model = LensModel::kKannalaBrandt}, kPi);
    add({.model = LensModel::kKannalaBrandt, .k = {0.08, -0.03, 0.005, -0.0006}}, 1.9);
    add({.model = LensModel::kFTheta}, kPi);
    add({.model = LensModel::kFTheta, .k = {0.01, -0.06, 0.02, -0.01, 0.001}}, 1.9);
    add({.model = LensModel::kEquirectangular}, kPi);
    const Key key(7);
    for (std::uint64_t i = 0; i < 60; ++i) {
        const Key draw = key.with(i);
        Lens lens{.model = static_cast<LensModel>(i % 3)};
        for (std::uint64_t c = 0; c < 6; ++c) lens.k[c] = draw.uniform(-0.1, 0.1, c);
        if (lens.model == LensModel::kPinhole) {
            for (std::uint64_t c = 0; c < 2; ++c) lens.p[c] = draw.uniform(-0.004, 0.004, 10 + c);
            for (std::uint64_t c = 0; c < 4; ++c) lens.s[c] = draw.uniform(-0.004, 0.004, 20 + c);
        }
        add(lens, lens.model == LensModel::kPinhole ? 1.3 : 2.2);
    }
    return lenses;
}

Vec3 direction(double angle_rad, double azimuth_rad) {
    return {std::sin(angle_rad) * std::cos(azimuth_rad),
            std::sin(angle_rad) * std::sin(azimuth_rad), std::cos(angle_rad)};
}

TEST(Lens, RoundTripsAreExactOverTheWholeField) {
    std::size_t rays = 0;
    for (const Lens& lens : many_lenses()) {
        SCOPED_TRACE(testing::Message() << name(lens.model) << " k1 " << lens.k[0] << " field "
                                        << lens.max_angle_rad / kDegree);
        ASSERT_GT(lens.max_angle_rad, 0.3);
        for (int i = 0; i <= 60; ++i) {
            // Straight behind has no place in a fisheye's picture, and every longitude at a pole.
            const double angle = std::min(lens.max_angle_rad * i / 60, kPi - 1e-3);
            for (int j = 0; j < 24; ++j) {
                const Vec3 ray = direction(angle, 2 * kPi * (j + 0.3) / 24);
                Vec2 pixel, again;
                Vec3 back;
                ASSERT_TRUE(project(lens, ray * 7.5, pixel)) << angle;
                ASSERT_TRUE(unproject(lens, pixel, back)) << angle;
                EXPECT_NEAR(glm::length(back), 1, 1e-12);
                EXPECT_LE(glm::length(back - ray), 1e-9) << angle << " " << j;
                ASSERT_TRUE(project(lens, back, again));
                EXPECT_LE(glm::length(again - pixel), 1e-9 * lens.fx) << angle << " " << j;
                ++rays;
            }
        }
    }
    EXPECT_GT(rays, 90'000U);
}

TEST(Lens, DirectionsAndPixelsBeyondTheFieldAreNotSeen) {
    for (const Lens& lens : many_lenses()) {
        if (lens.max_angle_rad > kPi - 0.1) continue;
        Vec2 pixel{-1, -2};
        EXPECT_FALSE(project(lens, direction(lens.max_angle_rad + 1e-6, 0.4), pixel));
        EXPECT_FALSE(project(lens, {0, 0, -1}, pixel));
        EXPECT_EQ(pixel, Vec2(-1, -2));
        // A pixel just outside of the rim.
        ASSERT_TRUE(project(lens, direction(lens.max_angle_rad - 1e-9, 0.4), pixel));
        const Vec2 centre(lens.cx, lens.cy);
        Vec3 ray{9, 9, 9};
        EXPECT_FALSE(unproject(lens, centre + (pixel - centre) * 1.001, ray));
        EXPECT_EQ(ray, Vec3(9, 9, 9));
    }
}

TEST(Lens, ManyAtOnceHaveTheBitsOfOne) {
    for (const Lens& lens : many_lenses()) {
        constexpr int kWidth = 97, kFirst = 130, kLast = 141;  // no multiple of anything
        std::vector<Vec3> rays(kWidth * (kLast - kFirst));
        unproject_rows(lens, kWidth, kFirst, kLast, rays);
        for (std::size_t i = 0; i < rays.size(); ++i) {
            const Vec2 pixel(static_cast<double>(i % kWidth) + 0.5,
                             static_cast<double>(i / kWidth) + kFirst + 0.5);
            Vec3 ray(0, 0, 0);
            unproject(lens, pixel, ray);
            ASSERT_EQ(ray, rays[i]);
        }
    }
}

TEST(Lens, APlainPinholeIsTheTextbookFormulaToTheBit) {
    const Lens lens{.fx = 431.7, .fy = 431.7, .cx = 320, .cy = 200};
    const Vec3 p(1.7, -0.3, 12.9);
    Vec2 pixel;
    ASSERT_TRUE(project(lens, p, pixel));
    EXPECT_EQ(pixel.x, lens.fx * p.x / p.z + lens.cx);
    EXPECT_EQ(pixel.y, lens.fy * p.y / p.z + lens.cy);
}

TEST(Lens, AnFThetaPolynomialHasItsPixelsPerRadian) {
    const Lens lens{.model = LensModel::kFTheta,
                    .fx = 300,
                    .fy = 300,
                    .cx = 500,
                    .cy = 400,
                    .k = {0.1, -0.02},
                    .max_angle_rad = 1.6};
    Vec2 pixel;
    ASSERT_TRUE(project(lens, direction(1.5, 0), pixel));
    // 300 θ (1 + 0.1 θ - 0.02 θ²) at 1.5 rad.
    EXPECT_NEAR(pixel.x, 500 + 300 * 1.5 * (1 + 0.15 - 0.045), 1e-9);
    EXPECT_NEAR(pixel.y, 400, 1e-12);
}

TEST(Lens, AnEquirectangularPictureHasLongitudeAcrossAndLatitudeDown) {
    const Lens lens = lens_for_fov(LensModel::kEquirectangular, 720, 360, 2 * kPi);
    Vec2 pixel;
    ASSERT_TRUE(project(lens, {1, 0, 0}, pixel));  // to the right
    EXPECT_NEAR(pixel.x, 540, 1e-9);
    EXPECT_NEAR(pixel.y, 180, 1e-9);
    ASSERT_TRUE(project(lens, {0, 1, 1}, pixel));  // 45 degrees down
    EXPECT_NEAR(pixel.y, 270, 1e-9);
    Vec3 ray;
    ASSERT_TRUE(unproject(lens, {0.5, 180}, ray));  // behind
    EXPECT_LT(ray.z, -0.99);
}

}  // namespace
}  // namespace huntsman::sensors::lens
