// A chessboard, drawn through each lens, photographed from many sides and calibrated by OpenCV: the
// intrinsics that come back are those that were asked for.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "engine/core/random.h"
#include "sensors/capture/capture.h"
#include "sensors/lens/field.h"
#include "sensors/lens/lens.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::sensors::capture {
namespace {

using engine::core::Key;
using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::render::Quality;
using engine::render::Renderer;
using engine::world::Camera;
using engine::world::LensModel;
using tests::support::make_mesh;
using tests::support::MeshBuilder;

constexpr int kColumns = 9, kRows = 6;  // inner corners
constexpr double kSquare_m = 0.15;
constexpr double kHeight_m = 3;  // of the board's middle
// Pictures are drawn this much finer and averaged: a calibration to a tenth of a pixel needs edges
// that are known better than that, and a renderer's samples lie on a grid.
constexpr int kFiner = 3;

// A corner on the board, which stands upright and faces -x.
Vec3 corner_W(int column, int row) {
    return {0, -kSquare_m * (column - 0.5 * (kColumns - 1)),
            kHeight_m - kSquare_m * (row - 0.5 * (kRows - 1))};
}

engine::world::World board_world() {
    engine::world::World w;
    w.environment.cloud_cover = 1;
    w.environment.sun_azimuth_rad = 3;  // before the board
    w.size_m = 100;
    MeshBuilder board;
    board.material(engine::world::Material::kSign);
    for (int row = -1; row < kRows; ++row) {
        for (int column = -1; column < kColumns; ++column) {
            const bool white = (row + column) % 2 == 0;
            board.colour(white ? std::array<float, 3>{0.8F, 0.8F, 0.8F}
                               : std::array<float, 3>{0.03F, 0.03F, 0.03F});
            // Counter-clockwise seen from -x.
            const Vec3 a = corner_W(column, row);
            board.quad(a, Vec3(0, 0, -kSquare_m), Vec3(0, -kSquare_m, 0), 1, 1);
        }
    }
    w.scene.meshes.push_back(make_mesh("board", {board.lod(0)}));
    w.scene.instances.push_back({.mesh = 0, .object = 20000});
    w.archetypes.resize(1);
    w.archetypes[0].name = "ego";
    w.spawns = {{.id = 1}};
    return w;
}

struct View {
    std::vector<cv::Point3f> board;    // corners in the board's own plane [m]
    std::vector<cv::Point2f> picture;  // where they were found, first pixel at (0, 0)
    std::vector<Vec2> truth;           // where the lens puts them
};

class BoardTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto created = Renderer::create(Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
        ASSERT_TRUE(renderer->load(board_world()).ok());
    }
    static void TearDownTestSuite() { renderer.reset(); }

    // Pictures from `count` places at about `distance_m`, with the board in ever another part of
    // the picture, up to `spread_rad` from the axis.
    std::vector<View> photograph(const Camera& camera, int count, double distance_m,
                                 double spread_rad) {
        const engine::world::World world = board_world();
        Capture capture(pool);
        std::vector<View> views;
        for (int i = 0; i < count; ++i) {
            const Key key = Key(7).with(static_cast<std::uint64_t>(i));
            // From where: up to 35 degrees off the board's normal.
            const double side = key.uniform(-0.6, 0.6, 0), up = key.uniform(-0.6, 0.6, 1);
            const Vec3 from =
                Vec3(0, 0, kHeight_m) + distance_m * key.uniform(0.85, 1.2, 2) *
                                            glm::normalize(Vec3(-1, std::tan(side), std::tan(up)));
            // Aimed beside it.
            const Vec3 to = Vec3(0, 0, kHeight_m) - from;
            const double turn = 2 * engine::math::kPi * i / 7.0;
            const double off = spread_rad * (i % 4) / 3.0;
            const double yaw = std::atan2(to.y, to.x) + off * std::cos(turn);
            const double pitch = std::atan2(to.z, std::hypot(to.x, to.y)) + off * std::sin(turn);
            auto state = engine::world::initial_state(world);
            state.actors[0].X_WB.p = from;
            Camera aimed = camera;
            aimed.lens = lens::scaled(camera.lens, kFiner, kFiner);
            aimed.width *= kFiner;
            aimed.height *= kFiner;
            aimed.X_BC = {engine::math::camera_rotation(yaw, pitch), Vec3(0)};
            std::vector<Shot> shots;
            const auto status = capture.take(*renderer, world, state,
                                             {.cameras = {&aimed, 1}, .radiance = true}, shots);
            EXPECT_TRUE(status.ok()) << status.error().text();
            if (!status) return views;
            if (auto view = find_corners(shots[0], camera, from, aimed.X_BC.q)) {
                views.push_back(std::move(*view));
            }
        }
        return views;
    }

    static std::optional<View> find_corners(const Shot& shot, const Camera& camera,
                                            const Vec3& from, const engine::math::Quat& R_WC) {
        View view;
        const RigidTransform X_CW = RigidTransform{R_WC, from}.inverse();
        for (int row = 0; row < kRows; ++row) {
            for (int column = 0; column < kColumns; ++column) {
                Vec2 pixel;
                constexpr double kBorder_px = 14;
                if (!lens::project(camera.lens, X_CW * corner_W(column, row), pixel) ||
                    pixel.x < kBorder_px || pixel.y < kBorder_px ||
                    pixel.x > camera.width - kBorder_px || pixel.y > camera.height - kBorder_px) {
                    return std::nullopt;  // the whole board or none of it
                }
                view.truth.push_back(pixel);
                view.board.emplace_back(static_cast<float>(kSquare_m * column),
                                        static_cast<float>(kSquare_m * row), 0.0F);
                // From a rough place, as a detector of chessboards gives.
                view.picture.emplace_back(static_cast<float>(std::lround(pixel.x - 0.5)),
                                          static_cast<float>(std::lround(pixel.y - 0.5)));
            }
        }
        float brightest = 1e-6F;
        for (std::size_t i = 0; i < shot.ids.size(); ++i) {
            if (engine::world::actor_of(shot.ids[i]) == 20000) {
                brightest = std::max(brightest, shot.radiance[3 * i + 1]);
            }
        }
        cv::Mat grey(camera.height, camera.width, CV_32F);
        for (int y = 0; y < camera.height; ++y) {
            for (int x = 0; x < camera.width; ++x) {
                float sum = 0;
                for (int k = 0; k < kFiner * kFiner; ++k) {
                    const int fine_x = kFiner * x + k % kFiner, fine_y = kFiner * y + k / kFiner;
                    const auto i = static_cast<std::size_t>(fine_y * shot.width + fine_x);
                    sum += std::min(1.0F, shot.radiance[3 * i + 1] / brightest);
                }
                grey.at<float>(y, x) = sum / (kFiner * kFiner);
            }
        }
        // The blur of a lens, without which edges fall where the samples happen to.
        cv::GaussianBlur(grey, grey, {0, 0}, 1.2);
        cv::cornerSubPix(grey, view.picture, {5, 5}, {-1, -1},
                         {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 60, 1e-4});
        return view;
    }

    static std::unique_ptr<Renderer> renderer;
    engine::core::JobPool pool{2};
};
std::unique_ptr<Renderer> BoardTest::renderer;

Camera make_camera(LensModel model, double f) {
    Camera camera{.name = "c", .width = 640, .height = 400};
    camera.lens = {.model = model, .fx = f, .fy = 1.01 * f, .cx = 325.3, .cy = 196.8};
    camera.lens.max_angle_rad = model == LensModel::kPinhole ? 1.2 : 1.5;
    return camera;
}

// Mean distance of found corners from where the lens puts them.
double mean_miss_px(const std::vector<View>& views) {
    double sum = 0, count = 0;
    for (const View& v : views) {
        for (std::size_t i = 0; i < v.truth.size(); ++i) {
            sum += std::hypot(static_cast<double>(v.picture[i].x) + 0.5 - v.truth[i].x,
                              static_cast<double>(v.picture[i].y) + 0.5 - v.truth[i].y);
            count += 1;
        }
    }
    return sum / std::max(1.0, count);
}

struct Boards {
    std::vector<std::vector<cv::Point3f>> board;
    std::vector<std::vector<cv::Point2f>> picture;
};
Boards boards_of(const std::vector<View>& views) {
    Boards boards;
    for (const View& v : views) {
        boards.board.push_back(v.board);
        boards.picture.push_back(v.picture);
    }
    return boards;
}

// How far a calibrated lens puts directions of the true lens's pixels from those pixels, in the
// mean over the middle two thirds of the picture, where boards were.
template <typename Project>
double mean_difference_px(const Camera& camera, const Project& project) {
    double sum = 0;
    int count = 0;
    for (int y = camera.height / 6; y < camera.height * 5 / 6; y += 20) {
        for (int x = camera.width / 6; x < camera.width * 5 / 6; x += 20) {
            Vec3 ray;
            EXPECT_TRUE(lens::unproject(camera.lens, Vec2(x, y), ray));
            const Vec2 found = project(ray);
            sum += std::hypot(found.x + 0.5 - x, found.y + 0.5 - y);
            ++count;
        }
    }
    return sum / count;
}

TEST_F(BoardTest, PinholeWithDistortionIsCalibratedBack) {
    Camera camera = make_camera(LensModel::kPinhole, 420);
    camera.lens.k = {-0.22, 0.06, -0.008};
    camera.lens.p = {0.0012, -0.0008};
    const auto views = photograph(camera, 16, 2.0, 0.2);
    ASSERT_GE(views.size(), 12U);
    const Boards boards = boards_of(views);
    cv::Mat matrix, distortion;
    std::vector<cv::Mat> turns, places;
    const double rms = cv::calibrateCamera(boards.board, boards.picture, {640, 400}, matrix,
                                           distortion, turns, places);
    EXPECT_LT(rms, 0.1);
    EXPECT_LT(mean_miss_px(views), 0.1);
    EXPECT_NEAR(matrix.at<double>(0, 0), camera.lens.fx, 0.002 * camera.lens.fx);
    EXPECT_NEAR(matrix.at<double>(1, 1), camera.lens.fy, 0.002 * camera.lens.fy);
    EXPECT_NEAR(matrix.at<double>(0, 2), camera.lens.cx - 0.5, 1.0);
    EXPECT_NEAR(matrix.at<double>(1, 2), camera.lens.cy - 0.5, 1.0);
    const double difference = mean_difference_px(camera, [&](const Vec3& ray) {
        std::vector<cv::Point2d> out;
        cv::projectPoints(std::vector<cv::Point3d>{{ray.x, ray.y, ray.z}}, cv::Vec3d(0, 0, 0),
                          cv::Vec3d(0, 0, 0), matrix, distortion, out);
        return Vec2(out[0].x, out[0].y);
    });
    // A shift of the principal point and a turn of the camera look alike.
    EXPECT_LT(difference, 1.0);
    RecordProperty("rms_px", std::to_string(rms));
    std::printf("pinhole: %zu boards, reprojection %.3f px, corners %.3f px from truth\n",
                views.size(), rms, mean_miss_px(views));
}

// Kannala–Brandt, and f-theta with even coefficients, which is the same curve.
TEST_F(BoardTest, FisheyesAreCalibratedBack) {
    for (const LensModel model : {LensModel::kKannalaBrandt, LensModel::kFTheta}) {
        Camera camera = make_camera(model, 240);
        constexpr double k1 = -0.03, k2 = 0.004;
        camera.lens.k = model == LensModel::kKannalaBrandt ? std::array<double, 6>{k1, k2}
                                                           : std::array<double, 6>{0, k1, 0, k2, 0};
        const auto views = photograph(camera, 16, 1.1, 0.4);
        ASSERT_GE(views.size(), 12U) << name(model);
        const Boards boards = boards_of(views);
        cv::Mat matrix, distortion;
        std::vector<cv::Mat> turns, places;
        const double rms = cv::fisheye::calibrate(
            boards.board, boards.picture, {640, 400}, matrix, distortion, turns, places,
            cv::fisheye::CALIB_RECOMPUTE_EXTRINSIC | cv::fisheye::CALIB_FIX_SKEW);
        EXPECT_LT(rms, 0.1) << name(model);
        EXPECT_LT(mean_miss_px(views), 0.1) << name(model);
        EXPECT_NEAR(matrix.at<double>(0, 0), camera.lens.fx, 0.003 * camera.lens.fx);
        EXPECT_NEAR(matrix.at<double>(1, 1), camera.lens.fy, 0.003 * camera.lens.fy);
        EXPECT_NEAR(matrix.at<double>(0, 2), camera.lens.cx - 0.5, 1.0);
        EXPECT_NEAR(matrix.at<double>(1, 2), camera.lens.cy - 0.5, 1.0);
        std::printf("%s: %zu boards, reprojection %.3f px, corners %.3f px from truth\n",
                    name(model), views.size(), rms, mean_miss_px(views));
    }
}

// OpenCV has no such model: corners are where longitude and latitude say.
TEST_F(BoardTest, EquirectangularCornersAreWhereTheyBelong) {
    Camera camera = make_camera(LensModel::kEquirectangular, 200);
    camera.lens.max_angle_rad = 3.1;
    const auto views = photograph(camera, 8, 0.95, 0.4);
    ASSERT_GE(views.size(), 6U);
    EXPECT_LT(mean_miss_px(views), 0.1);
    std::printf("equirectangular: %zu boards, corners %.3f px from truth\n", views.size(),
                mean_miss_px(views));
}

}  // namespace
}  // namespace huntsman::sensors::capture
