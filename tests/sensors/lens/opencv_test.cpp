// Against OpenCV, whose names and meanings of intrinsics ours are; its first pixel's centre is
// (0, 0).
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/calib3d.hpp>
#include <vector>

#include "engine/core/random.h"
#include "sensors/lens/field.h"

namespace huntsman::sensors::lens {
namespace {

using engine::core::Key;
using engine::math::kPi;
using engine::world::LensModel;

constexpr int kWidth = 640, kHeight = 400;

cv::Mat matrix_of(const Lens& lens) {
    return (cv::Mat_<double>(3, 3) << lens.fx, 0, lens.cx - 0.5, 0, lens.fy, lens.cy - 0.5, 0, 0,
            1);
}

// k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4
std::vector<double> twelve(const Lens& lens) {
    return {lens.k[0], lens.k[1], lens.p[0], lens.p[1], lens.k[2], lens.k[3],
            lens.k[4], lens.k[5], lens.s[0], lens.s[1], lens.s[2], lens.s[3]};
}

Lens drawn(LensModel model, const Key& key) {
    Lens lens{.model = model,
              .fx = key.uniform(250, 400, 0),
              .fy = key.uniform(250, 400, 1),
              .cx = key.uniform(280, 350, 2),
              .cy = key.uniform(180, 220, 3)};
    const bool pinhole = model == LensModel::kPinhole;
    for (std::uint64_t i = 0; i < (pinhole ? 6U : 4U); ++i) {
        lens.k[i] = key.uniform(-0.08, 0.08, 10 + i);
    }
    if (pinhole) {
        for (std::uint64_t i = 0; i < 2; ++i) lens.p[i] = key.uniform(-0.005, 0.005, 20 + i);
        for (std::uint64_t i = 0; i < 4; ++i) lens.s[i] = key.uniform(-0.005, 0.005, 30 + i);
    }
    lens.max_angle_rad = std::min(pinhole ? 1.2 : 1.5, monotone_angle(lens));
    return lens;
}

std::vector<Vec3> points_in_front(const Lens& lens, const Key& key) {
    std::vector<Vec3> points;
    for (std::uint64_t i = 0; i < 200; ++i) {
        const double angle = lens.max_angle_rad * key.uniform(0.001, 0.999, 2 * i);
        const double azimuth = key.uniform(0, 2 * kPi, 2 * i + 1);
        points.push_back(5.0 * Vec3(std::sin(angle) * std::cos(azimuth),
                                    std::sin(angle) * std::sin(azimuth), std::cos(angle)));
    }
    return points;
}

std::vector<cv::Point3d> for_opencv(const std::vector<Vec3>& points) {
    std::vector<cv::Point3d> result;
    for (const Vec3& p : points) result.emplace_back(p.x, p.y, p.z);
    return result;
}

TEST(OpenCv, ProjectPointsWithTwelveCoefficientsAgrees) {
    for (std::uint64_t run = 0; run < 40; ++run) {
        const Key key = Key(11).with(run);
        const Lens lens = drawn(LensModel::kPinhole, key);
        const auto points = points_in_front(lens, key.with("points"));
        std::vector<cv::Point2d> theirs;
        cv::projectPoints(for_opencv(points), cv::Vec3d(0, 0, 0), cv::Vec3d(0, 0, 0),
                          matrix_of(lens), twelve(lens), theirs);
        for (std::size_t i = 0; i < points.size(); ++i) {
            Vec2 ours;
            ASSERT_TRUE(project(lens, points[i], ours));
            EXPECT_NEAR(ours.x - 0.5, theirs[i].x, 1e-8);
            EXPECT_NEAR(ours.y - 0.5, theirs[i].y, 1e-8);
        }
    }
}

TEST(OpenCv, FisheyeProjectPointsAgrees) {
    for (std::uint64_t run = 0; run < 40; ++run) {
        const Key key = Key(12).with(run);
        const Lens lens = drawn(LensModel::kKannalaBrandt, key);
        const auto points = points_in_front(lens, key.with("points"));
        std::vector<cv::Point2d> theirs;
        cv::fisheye::projectPoints(for_opencv(points), theirs, cv::Vec3d(0, 0, 0),
                                   cv::Vec3d(0, 0, 0), matrix_of(lens),
                                   std::vector<double>(lens.k.begin(), lens.k.begin() + 4));
        for (std::size_t i = 0; i < points.size(); ++i) {
            Vec2 ours;
            ASSERT_TRUE(project(lens, points[i], ours));
            EXPECT_NEAR(ours.x - 0.5, theirs[i].x, 1e-8);
            EXPECT_NEAR(ours.y - 0.5, theirs[i].y, 1e-8);
        }
    }
}

// Corners of a board 10 × 7 with squares of 10 cm, held before the camera in many ways; views in
// which a corner is not in the picture are left out.
struct Views {
    std::vector<std::vector<cv::Point3f>> board;
    std::vector<std::vector<cv::Point2f>> corners;
};

Views views_of_board(const Lens& lens) {
    Views views;
    const Key key(13);
    for (std::uint64_t view = 0; views.board.size() < 24 && view < 2000; ++view) {
        const Key draw = key.with(view);
        const double tilt_x = draw.uniform(-0.6, 0.6, 0), tilt_y = draw.uniform(-0.6, 0.6, 1);
        const engine::math::Quat turn =
            engine::math::Quat(std::cos(tilt_x / 2), std::sin(tilt_x / 2), 0, 0) *
            engine::math::Quat(std::cos(tilt_y / 2), 0, std::sin(tilt_y / 2), 0);
        // Anywhere within the field.
        const double angle = 0.8 * std::min(lens.max_angle_rad, 1.2) * draw.uniform(2);
        const double azimuth = draw.uniform(0, 2 * kPi, 3);
        const Vec3 place =
            draw.uniform(0.7, 1.6, 4) * Vec3(std::sin(angle) * std::cos(azimuth),
                                             std::sin(angle) * std::sin(azimuth), std::cos(angle));
        std::vector<cv::Point3f> board;
        std::vector<cv::Point2f> corners;
        bool all = true;
        for (int i = 0; all && i < 70; ++i) {
            const Vec3 corner(0.1 * (i % 10), 0.1 * (i / 10), 0);
            Vec2 pixel;
            all = project(lens, turn * (corner - Vec3(0.45, 0.3, 0)) + place, pixel) &&
                  pixel.x > 0 && pixel.y > 0 && pixel.x < kWidth && pixel.y < kHeight;
            board.emplace_back(corner.x, corner.y, 0);
            corners.emplace_back(pixel.x - 0.5, pixel.y - 0.5);
        }
        if (!all) continue;
        views.board.push_back(board);
        views.corners.push_back(corners);
    }
    return views;
}

TEST(OpenCv, CalibrationOfABoardGivesBackAPinholesIntrinsics) {
    const Lens lens{.fx = 430,
                    .fy = 433,
                    .cx = 325.5,
                    .cy = 196.5,
                    .k = {-0.28, 0.08, -0.01},
                    .p = {5e-4, -3e-4},
                    .max_angle_rad = 0.95};
    ASSERT_TRUE(check(lens, kWidth, kHeight).ok());
    const Views views = views_of_board(lens);
    ASSERT_EQ(views.board.size(), 24U);
    cv::Mat matrix, coefficients, rotations, places;
    const double reprojection_px = cv::calibrateCamera(
        views.board, views.corners, {kWidth, kHeight}, matrix, coefficients, rotations, places);
    // Corners are exact up to single precision.
    EXPECT_LT(reprojection_px, 0.001);
    EXPECT_NEAR(matrix.at<double>(0, 0), lens.fx, 0.01);
    EXPECT_NEAR(matrix.at<double>(1, 1), lens.fy, 0.01);
    EXPECT_NEAR(matrix.at<double>(0, 2) + 0.5, lens.cx, 0.01);
    EXPECT_NEAR(matrix.at<double>(1, 2) + 0.5, lens.cy, 0.01);
    EXPECT_NEAR(coefficients.at<double>(0), lens.k[0], 1e-3);
    EXPECT_NEAR(coefficients.at<double>(1), lens.k[1], 1e-3);
    EXPECT_NEAR(coefficients.at<double>(2), lens.p[0], 1e-5);
    EXPECT_NEAR(coefficients.at<double>(3), lens.p[1], 1e-5);
}

TEST(OpenCv, CalibrationOfABoardGivesBackAFisheyesIntrinsics) {
    const Lens lens{.model = LensModel::kKannalaBrandt,
                    .fx = 240,
                    .fy = 242,
                    .cx = 317.5,
                    .cy = 203.5,
                    .k = {-0.03, 0.004, -0.002, 0.0004},
                    .max_angle_rad = 1.5};
    ASSERT_TRUE(check(lens, kWidth, kHeight).ok());
    const Views views = views_of_board(lens);
    ASSERT_EQ(views.board.size(), 24U);
    cv::Mat matrix, coefficients, rotations, places;
    const double reprojection_px = cv::fisheye::calibrate(
        views.board, views.corners, {kWidth, kHeight}, matrix, coefficients, rotations, places,
        cv::fisheye::CALIB_RECOMPUTE_EXTRINSIC | cv::fisheye::CALIB_FIX_SKEW);
    EXPECT_LT(reprojection_px, 0.001);
    EXPECT_NEAR(matrix.at<double>(0, 0), lens.fx, 0.01);
    EXPECT_NEAR(matrix.at<double>(1, 1), lens.fy, 0.01);
    EXPECT_NEAR(matrix.at<double>(0, 2) + 0.5, lens.cx, 0.01);
    EXPECT_NEAR(matrix.at<double>(1, 2) + 0.5, lens.cy, 0.01);
    for (int i = 0; i < 4; ++i) EXPECT_NEAR(coefficients.at<double>(i), lens.k[i], 1e-3);
}

// The other two models have no calibration there: the best fit of OpenCV's model to them.
TEST(OpenCv, AnFThetaLensCalibratesAsTheFisheyeItIsCloseTo) {
    const Lens lens{.model = LensModel::kFTheta,
                    .fx = 240,
                    .fy = 240,
                    .cx = 320,
                    .cy = 200,
                    .k = {0, -0.03, 0, 0.004},
                    .max_angle_rad = 1.5};
    ASSERT_TRUE(check(lens, kWidth, kHeight).ok());
    const Views views = views_of_board(lens);
    ASSERT_EQ(views.board.size(), 24U);
    cv::Mat matrix, coefficients, rotations, places;
    const double reprojection_px = cv::fisheye::calibrate(
        views.board, views.corners, {kWidth, kHeight}, matrix, coefficients, rotations, places,
        cv::fisheye::CALIB_RECOMPUTE_EXTRINSIC | cv::fisheye::CALIB_FIX_SKEW);
    // Even powers alone: the same polynomial with other names.
    EXPECT_LT(reprojection_px, 0.001);
    EXPECT_NEAR(matrix.at<double>(0, 0), lens.fx, 0.01);
    EXPECT_NEAR(coefficients.at<double>(0), -0.03, 1e-3);
    EXPECT_NEAR(coefficients.at<double>(1), 0.004, 1e-3);
}

}  // namespace
}  // namespace huntsman::sensors::lens
