#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "sensors/capture/capture.h"
#include "sensors/lens/lens.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::sensors::capture {
namespace {

using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::render::Quality;
using engine::render::Renderer;
using engine::world::Camera;
using engine::world::LensModel;
using engine::world::Material;
using engine::world::Readout;
using engine::world::Semantic;
using tests::support::make_mesh;
using tests::support::MeshBuilder;

constexpr double kEye_m = 1.5;

// Open ground, the ego without a body, and a box of 4×2×3 m that is actor 2.
engine::world::World make_world() {
    engine::world::World w;
    w.environment.cloud_cover = 0;
    w.environment.turbidity = 2;
    w.size_m = 200;
    MeshBuilder ground;
    ground.material(Material::kConcrete).quad({-4000, -4000, 0}, {8000, 0, 0}, {0, 8000, 0}, 1, 1);
    w.scene.meshes.push_back(make_mesh("ground", {ground.lod(0)}));
    w.scene.instances.push_back({.mesh = 0, .semantic = Semantic::kRoad});
    MeshBuilder box;
    box.material(Material::kPlastic).box({-2, -1, 0}, {2, 1, 3});
    w.scene.meshes.push_back(make_mesh("box", {box.lod(0)}));
    w.archetypes.resize(2);
    w.archetypes[0].name = "ego";
    w.archetypes[1].name = "box";
    w.archetypes[1].parts.push_back({.mesh = 1});
    w.spawns = {{.id = 1, .archetype = 0}, {.id = 2, .archetype = 1}};
    return w;
}

Camera make_camera(LensModel model, double f, int width = 320, int height = 200) {
    Camera camera{.name = "c", .width = width, .height = height};
    camera.X_BC = {engine::math::camera_rotation(0, 0), {0, 0, kEye_m}};
    camera.lens = {.model = model,
                   .fx = f,
                   .fy = f,
                   .cx = 0.5 * width,
                   .cy = 0.5 * height,
                   .max_angle_rad = model == LensModel::kPinhole ? 1.5 : 3.1};
    return camera;
}

class CaptureTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        setenv("HUNTSMAN_VALIDATION", "1", 1);
        auto created = Renderer::create(Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(renderer->validation_messages(), 0U);
        renderer.reset();
    }
    Shot take(const Camera& camera, CaptureRequest request = {}) {
        EXPECT_TRUE(renderer->load(world).ok());
        request.cameras = {&camera, 1};
        std::vector<Shot> shots;
        const auto status = Capture(pool).take(*renderer, world, state, request, shots);
        EXPECT_TRUE(status.ok()) << status.error().text();
        return std::move(shots.at(0));
    }
    void SetUp() override { state = engine::world::initial_state(world); }
    engine::world::ActorState& ego() { return state.actors[0]; }
    engine::world::ActorState& box() { return state.actors[1]; }

    static std::unique_ptr<Renderer> renderer;
    engine::core::JobPool pool{2};
    engine::world::World world = make_world();
    engine::world::State state;
};
std::unique_ptr<Renderer> CaptureTest::renderer;

std::size_t at(const Shot& shot, int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(shot.width) +
           static_cast<std::size_t>(x);
}

// Depth of the ground against the plane, for every pixel that looks down; returns how many.
int check_ground(const Shot& shot, const Camera& camera, const CameraMotion& motion) {
    int checked = 0;
    for (int y = 0; y < shot.height; ++y) {
        for (int x = 0; x < shot.width; ++x) {
            Vec3 ray;
            if (!lens::unproject(camera.lens, Vec2(x + 0.5, y + 0.5), ray)) continue;
            const auto X_WC = motion.at(line_time_s(camera, line_of(camera.shutter.readout, x, y)));
            const double descent = -X_WC.rotate(ray).z;
            const std::size_t i = at(shot, x, y);
            if (engine::world::actor_of(shot.ids[i]) != 0) continue;
            if (descent < 0.01) continue;  // beyond 150 m a pixel covers many metres
            const double range = X_WC.p.z / descent;
            const double depth = lens::depth_along_z(camera.lens) ? range * ray.z : range;
            EXPECT_NEAR(shot.depth_m[i], depth, 1e-3 + 1e-4 * depth) << x << " " << y;
            EXPECT_EQ(engine::world::semantic_of(shot.ids[i]), Semantic::kRoad);
            ++checked;
            if (testing::Test::HasFailure() && checked > 20) return checked;
        }
    }
    return checked;
}

TEST_F(CaptureTest, GroundDepthIsExactThroughEveryLens) {
    box().X_WB.p = {-500, 0, 0};
    Camera brown = make_camera(LensModel::kPinhole, 250);
    brown.lens.k = {-0.28, 0.07, 0.001};
    brown.lens.p = {0.001, -0.0007};
    Camera fisheye = make_camera(LensModel::kKannalaBrandt, 100);
    fisheye.lens.k = {0.02, -0.004};
    for (const Camera& camera : {make_camera(LensModel::kPinhole, 250), brown, fisheye,
                                 make_camera(LensModel::kFTheta, 90),
                                 make_camera(LensModel::kEquirectangular, 320 / (2 * kPi))}) {
        const Shot shot = take(camera);
        EXPECT_GT(check_ground(shot, camera, camera_motion(camera, state)), 20000)
            << name(camera.lens.model);
    }
}

// Driving, turning and nodding while the lines are read one after another.
TEST_F(CaptureTest, GroundDepthIsThatOfEachLinesMoment) {
    box().X_WB.p = {-500, 0, 0};
    ego().v_W = {20, 1, 0.2};
    ego().w_W = {0.05, 0.1, 0.5};
    for (const Readout readout : {Readout::kTopToBottom, Readout::kBottomToTop,
                                  Readout::kLeftToRight, Readout::kRightToLeft}) {
        Camera camera = make_camera(LensModel::kPinhole, 250);
        camera.shutter = {readout, 22850};
        const Shot shot = take(camera);
        EXPECT_GT(check_ground(shot, camera, camera_motion(camera, state)), 20000) << name(readout);
    }
}

// A box crosses 20 m away at 15 m/s while 200 lines are read in 22.85 ms: in each line its leading
// edge is where it was at that line's moment.
TEST_F(CaptureTest, MovingEdgeSkewsAsItsLinesAreRead) {
    Camera camera = make_camera(LensModel::kPinhole, 600);
    box().X_WB = engine::math::upright({22, 0, 0}, 0);
    box().v_W = {0, 15, 0};
    for (const Readout readout : {Readout::kTopToBottom, Readout::kBottomToTop}) {
        camera.shutter = {readout, 22850};
        const Shot shot = take(camera);
        int lines = 0;
        double worst = 0, sum = 0;
        for (int y = 0; y < camera.height; ++y) {
            // The face is 20 m away; it moves to the left of the picture.
            const double time = line_time_s(camera, y);
            const double edge = camera.lens.cx - 600 * (1 + 15 * time) / 20;
            int first = -1;
            for (int x = 0; x < camera.width && first < 0; ++x) {
                if (engine::world::actor_of(shot.ids[at(shot, x, y)]) == 2) first = x;
            }
            if (first < 0) continue;
            // The first pixel whose centre lies on the box.
            worst = std::max(worst, std::abs(first - edge));
            sum += first - edge;
            ++lines;
        }
        EXPECT_GT(lines, 80);
        // Two roundings to whole pixels, of what was drawn and of where it is read.
        EXPECT_LT(worst, 1.0) << name(readout);
        EXPECT_LT(std::abs(sum / lines), 0.1) << name(readout);
    }
}

// The same by turning: what stands leans as the camera pans.
TEST_F(CaptureTest, PanningMakesStandingEdgesLean) {
    Camera camera = make_camera(LensModel::kPinhole, 600);
    camera.shutter = {Readout::kTopToBottom, 22850};
    box().X_WB = engine::math::upright({22, 0, 0}, 0);
    ego().w_W = {0, 0, 0.6};
    const Shot shot = take(camera);
    double worst = 0;
    int lines = 0;
    for (int y = 0; y < camera.height; ++y) {
        const double turned = 0.6 * line_time_s(camera, y);
        const double edge = camera.lens.cx - 600 * std::tan(std::atan2(1.0, 20.0) - turned);
        for (int x = 0; x < camera.width; ++x) {
            if (engine::world::actor_of(shot.ids[at(shot, x, y)]) != 2) continue;
            worst = std::max(worst, std::abs(x - edge));
            ++lines;
            break;
        }
    }
    EXPECT_GT(lines, 80);
    EXPECT_LT(worst, 0.6);
}

TEST_F(CaptureTest, VelocityAcrossThePictureIsThatOfTwoProjections) {
    Camera camera = make_camera(LensModel::kKannalaBrandt, 150);
    camera.lens.k = {0.02, -0.004};
    camera.sensor = "any";
    box().X_WB = engine::math::upright({12, 2, 0}, 0.3);
    box().v_W = {3, -8, 0};
    box().w_W = {0, 0, 0.4};
    ego().v_W = {10, 0, 0};
    ego().w_W = {0, 0, 0.2};
    const Shot shot = take(camera, {.velocity = true});
    const CameraMotion motion = camera_motion(camera, state);
    int checked[2] = {0, 0};
    for (int y = 0; y < camera.height; y += 3) {
        for (int x = 0; x < camera.width; x += 3) {
            const std::size_t i = at(shot, x, y);
            if (!std::isfinite(shot.depth_m[i])) continue;
            Vec3 ray;
            ASSERT_TRUE(lens::unproject(camera.lens, Vec2(x + 0.5, y + 0.5), ray));
            const Vec3 p_W = motion.X_WC * (ray * static_cast<double>(shot.depth_m[i]));
            const bool on_box = engine::world::actor_of(shot.ids[i]) == 2;
            constexpr double kStep_s = 1e-3;
            Vec2 ends[2];
            for (int k = 0; k < 2; ++k) {
                const double t = k == 0 ? -kStep_s : kStep_s;
                const auto moved = engine::world::initial_state(world);
                Vec3 q_W = p_W;
                if (on_box) {
                    const Vec3 arm = p_W - box().X_WB.p;
                    q_W = box().X_WB.p + box().v_W * t + engine::math::yaw_rotation(0.4 * t) * arm;
                }
                ASSERT_TRUE(lens::project(camera.lens, motion.at(t).inverse() * q_W, ends[k]));
            }
            const Vec2 expected = (ends[1] - ends[0]) / (2 * kStep_s);
            // Where two views meet, the lens's scale is known from one side only.
            const double near = 0.02 + 0.01 * glm::length(expected);
            EXPECT_NEAR(shot.velocity_px_s[2 * i], expected.x, near);
            EXPECT_NEAR(shot.velocity_px_s[2 * i + 1], expected.y, near);
            ++checked[on_box ? 1 : 0];
        }
    }
    EXPECT_GT(checked[0], 500);
    EXPECT_GT(checked[1], 50);
}

// A picture of all around has no seams: where two views meet, neighbours differ no more than
// elsewhere. The sky's gradients and the bare ground have no edges but the horizon.
TEST_F(CaptureTest, ViewsMeetWithoutSeams) {
    box().X_WB.p = {-500, 0, 0};
    const Camera camera = make_camera(LensModel::kEquirectangular, 640 / (2 * kPi), 640, 320);
    const Shot shot = take(camera, {.radiance = true});
    const auto plan = plan_camera(camera, 1);
    ASSERT_TRUE(plan.ok());
    double seam = 0, elsewhere = 0;
    int seams = 0;
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x + 1 < camera.width; ++x) {
            const std::size_t i = at(shot, x, y);
            if (shot.ids[i] != shot.ids[i + 1]) continue;
            // The sun's disc is an edge.
            if (shot.radiance[3 * i] > 20 || shot.radiance[3 * i + 3] > 20) continue;
            const double difference = std::abs(shot.radiance[3 * i] - shot.radiance[3 * i + 3]) /
                                      (0.1 + static_cast<double>(shot.radiance[3 * i]));
            const bool meet = plan->pixels[i].view != plan->pixels[i + 1].view;
            (meet ? seam : elsewhere) = std::max(meet ? seam : elsewhere, difference);
            seams += meet ? 1 : 0;
        }
    }
    EXPECT_GT(seams, 400);
    EXPECT_LE(seam, 1.5 * elsewhere + 0.02);
}

// A lens with next to no distortion shows what one with none does.
TEST_F(CaptureTest, ResampledPictureIsTheDirectOne) {
    box().X_WB = engine::math::upright({12, 2, 0}, 0.3);
    Camera camera = make_camera(LensModel::kPinhole, 250);
    const Shot direct = take(camera);
    camera.lens.k[0] = 1e-9;
    const Shot resampled = take(camera);
    ASSERT_EQ(direct.picture.pixels.size(), resampled.picture.pixels.size());
    double difference = 0;
    std::size_t other = 0;
    for (std::size_t i = 0; i < direct.picture.pixels.size(); ++i) {
        difference += std::abs(direct.picture.pixels[i] - resampled.picture.pixels[i]);
    }
    for (std::size_t i = 0; i < direct.ids.size(); ++i) other += direct.ids[i] != resampled.ids[i];
    EXPECT_LT(difference / static_cast<double>(direct.picture.pixels.size()), 1.0);
    EXPECT_LT(other, direct.ids.size() / 300);
}

TEST_F(CaptureTest, SameInputsGiveTheSameBitsWithAnyNumberOfThreads) {
    box().X_WB = engine::math::upright({12, 2, 0}, 0.3);
    box().v_W = {0, 5, 0};
    Camera camera = make_camera(LensModel::kKannalaBrandt, 150);
    camera.shutter = {Readout::kTopToBottom, 20000};
    camera.sensor = "any";
    std::vector<Shot> one, four;
    ASSERT_TRUE(renderer->load(world).ok());
    const CaptureRequest request{.cameras = {&camera, 1}, .velocity = true};
    engine::core::JobPool single(1), many(4);
    ASSERT_TRUE(Capture(single).take(*renderer, world, state, request, one).ok());
    ASSERT_TRUE(Capture(many).take(*renderer, world, state, request, four).ok());
    EXPECT_EQ(one[0].radiance, four[0].radiance);
    EXPECT_EQ(one[0].ids, four[0].ids);
    EXPECT_EQ(one[0].depth_m, four[0].depth_m);
    EXPECT_EQ(one[0].velocity_px_s, four[0].velocity_px_s);
}

}  // namespace
}  // namespace huntsman::sensors::capture
