// Labels of rendered pictures against geometry in closed form.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "engine/world/pose.h"
#include "sensors/labels/audit.h"
#include "sensors/labels/labeller.h"
#include "sensors/lens/lens.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::sensors::labels {
namespace {

using engine::render::Quality;
using engine::render::Renderer;
using engine::world::Camera;
using engine::world::LensModel;
using engine::world::Material;
using engine::world::Readout;
using engine::world::Semantic;
using engine::world::State;
using tests::support::make_mesh;
using tests::support::MeshBuilder;

// Open ground, the ego without a body, a car-sized box (actor 2) and a wall (actor 3).
engine::world::World make_world() {
    engine::world::World w;
    w.environment.cloud_cover = 0;
    w.size_m = 200;
    MeshBuilder ground;
    ground.material(Material::kConcrete).quad({-400, -400, 0}, {800, 0, 0}, {0, 800, 0}, 1, 1);
    w.scene.meshes.push_back(make_mesh("ground", {ground.lod(0)}));
    w.scene.instances.push_back({.mesh = 0, .semantic = Semantic::kRoad});
    MeshBuilder car;
    car.material(Material::kPlastic).box({-1, -0.9, 0}, {3.4, 0.9, 1.5});
    w.scene.meshes.push_back(make_mesh("car", {car.lod(0)}));
    MeshBuilder wall;
    wall.material(Material::kPlastic).box({-0.1, -1, 0}, {0.1, 1, 3});
    w.scene.meshes.push_back(make_mesh("wall", {wall.lod(0)}));
    w.archetypes.resize(3);
    w.archetypes[0].name = "ego";
    w.archetypes[1].name = "car";
    w.archetypes[1].parts.push_back({.mesh = 1});
    w.archetypes[2].name = "wall";
    w.archetypes[2].semantic = Semantic::kTruck;
    w.archetypes[2].parts.push_back({.mesh = 2});
    for (auto& a : w.archetypes) {
        a.extent = {.front_m = 3.4, .rear_m = 1, .width_m = 1.8, .height_m = 1.5};
    }
    w.spawns = {{.id = 1, .archetype = 0}, {.id = 2, .archetype = 1}, {.id = 3, .archetype = 2}};
    return w;
}

Camera make_camera(LensModel model = LensModel::kPinhole, double f = 250) {
    Camera camera{.name = "c", .width = 320, .height = 200};
    camera.X_BC = {engine::math::camera_rotation(0, -0.05), {0, 0, 1.5}};
    camera.lens = {.model = model,
                   .fx = f,
                   .fy = f,
                   .cx = 160,
                   .cy = 100,
                   .max_angle_rad = model == LensModel::kPinhole ? 1.5 : 3.1};
    return camera;
}

class GeometryTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto created = Renderer::create(Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
    }
    static void TearDownTestSuite() { renderer.reset(); }

    // Samples of some states, all through one camera.
    std::vector<Sample> label(const Camera& camera, const std::vector<State>& states) {
        EXPECT_TRUE(renderer->load(world).ok());
        const engine::road::RoadMap map(world);
        Labeller labeller(world, map, pool, {.map = false});
        capture::Capture capture(pool);
        std::vector<Sample> samples;
        const auto keep = [&](std::vector<Sample> more) {
            for (Sample& s : more) samples.push_back(std::move(s));
        };
        for (const State& one : states) {
            std::vector<capture::Shot> shots;
            const auto status =
                capture.take(*renderer, world, one, {.cameras = {&camera, 1}}, shots);
            EXPECT_TRUE(status.ok()) << status.error().text();
            Moment moment{.scene = "s", .frame = samples.size(), .state = one};
            moment.pictures.push_back(
                {.camera = camera, .stated = camera, .shot = std::move(shots[0])});
            keep(labeller.add(std::move(moment)));
        }
        keep(labeller.finish());
        return samples;
    }
    void SetUp() override {
        state = engine::world::initial_state(world);
        state.actors[1].X_WB = engine::math::upright({12, 1, 0}, 0.4);
        state.actors[2].X_WB = engine::math::upright({-50, 0, 0}, 0);
    }

    static std::unique_ptr<Renderer> renderer;
    engine::core::JobPool pool{2};
    engine::world::World world = make_world();
    State state;
};
std::unique_ptr<Renderer> GeometryTest::renderer;

State later(const State& state, double dt_s) {
    State next = state;
    next.time_us += static_cast<engine::core::TimeUs>(dt_s * 1e6);
    for (auto& actor : next.actors) actor = engine::world::advanced(actor, dt_s);
    return next;
}

// Flow against the projections of a point before and after, worked out from the poses alone.
void check_flow(const std::vector<Sample>& samples, const State& a, const State& b,
                std::size_t least) {
    const CameraSample &from = samples.at(0).cameras[0], &to = samples.at(1).cameras[0];
    std::size_t checked = 0, on_car = 0;
    double worst = 0;
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 320; ++x) {
            const std::size_t i = static_cast<std::size_t>(y * 320 + x);
            const Vec2 flow(static_cast<double>(from.flow_next[2 * i]),
                            static_cast<double>(from.flow_next[2 * i + 1]));
            if (!std::isfinite(flow.x) || !std::isfinite(from.depth_m[i])) continue;
            Vec3 ray;
            ASSERT_TRUE(lens::unproject(from.camera.lens, Vec2(x + 0.5, y + 0.5), ray));
            const double depth = static_cast<double>(from.depth_m[i]);
            const bool along_z = lens::depth_along_z(from.camera.lens);
            Vec3 p_W = from.X_WC * (ray * (along_z ? depth / ray.z : depth));
            if (engine::world::actor_of(from.ids[i]) == 2) {
                p_W = b.actors[1].X_WB * (a.actors[1].X_WB.inverse() * p_W);
                ++on_car;
            }
            Vec2 pixel;
            ASSERT_TRUE(lens::project(to.camera.lens, to.X_WC.inverse() * p_W, pixel));
            worst = std::max(worst, glm::length(pixel - Vec2(x + 0.5, y + 0.5) - flow));
            ++checked;
        }
    }
    EXPECT_LT(worst, 0.05);
    EXPECT_GT(checked, least);
    EXPECT_GT(on_car, 300U);
}

TEST_F(GeometryTest, FlowIsThatOfTwoProjections) {
    state.actors[0].v_W = {8, 0.5, 0};
    state.actors[0].w_W = {0, 0, 0.2};
    state.actors[1].v_W = {-3, -6, 0};
    state.actors[1].w_W = {0, 0, 0.5};
    const State next = later(state, 0.1);
    for (const auto& [model, f] : {std::pair(LensModel::kPinhole, 250.0),
                                   {LensModel::kKannalaBrandt, 150.0},
                                   {LensModel::kFTheta, 120.0}}) {
        const auto samples = label(make_camera(model, f), {state, next});
        ASSERT_EQ(samples.size(), 2U);
        check_flow(samples, state, next, 20000);
        for (const Violation& v : audit(samples[0], &samples[1])) {
            ADD_FAILURE() << name(model) << " " << v.rule << ": " << v.what;
        }
    }
}

// The ground's flow while lines are read one after another, from the plane alone.
TEST_F(GeometryTest, FlowUnderRollingShutterIsThatOfTheLinesMoments) {
    state.actors[0].v_W = {12, 0, 0};
    state.actors[0].w_W = {0, 0, 0.3};
    state.actors[1].X_WB.p = {-50, 5, 0};
    const State next = later(state, 0.1);
    Camera camera = make_camera();
    camera.shutter = {Readout::kTopToBottom, 20000};
    const auto samples = label(camera, {state, next});
    const auto motion = [&](const State& s) { return capture::camera_motion(camera, s); };
    std::size_t checked = 0;
    double worst = 0;
    for (int y = 110; y < 200; y += 2) {
        for (int x = 0; x < 320; x += 3) {
            const CameraSample& c = samples[0].cameras[0];
            const std::size_t i = static_cast<std::size_t>(y * 320 + x);
            const Vec2 flow(static_cast<double>(c.flow_next[2 * i]),
                            static_cast<double>(c.flow_next[2 * i + 1]));
            if (!std::isfinite(flow.x)) continue;
            Vec3 ray;
            ASSERT_TRUE(lens::unproject(camera.lens, Vec2(x + 0.5, y + 0.5), ray));
            const auto X_WC = motion(state).at(capture::line_time_s(camera, y));
            const Vec3 ray_W = X_WC.rotate(ray);
            const Vec3 p_W = X_WC.p - ray_W * (X_WC.p.z / ray_W.z);
            // The line that reads it in the next picture, by bisection.
            double low = -10, high = 210;
            Vec2 pixel;
            for (int step = 0; step < 60; ++step) {
                const double line = 0.5 * (low + high);
                const double time = 0.02 * (line / 199.0 - 0.5);
                ASSERT_TRUE(
                    lens::project(camera.lens, motion(next).at(time).inverse() * p_W, pixel));
                (pixel.y - 0.5 > line ? low : high) = line;
            }
            worst = std::max(worst, glm::length(pixel - Vec2(x + 0.5, y + 0.5) - flow));
            ++checked;
        }
    }
    EXPECT_GT(checked, 2000U);
    EXPECT_LT(worst, 0.05);
}

TEST_F(GeometryTest, WhatTheNextPictureDoesNotShowHasNoFlow) {
    // The car drives behind the wall, which stands close by.
    state.actors[1].X_WB = engine::math::upright({15, 2.5, 0}, -0.5 * engine::math::kPi);
    state.actors[2].X_WB = engine::math::upright({8, 0, 0}, 0);
    state.actors[1].v_W = {0, -8, 0};
    const State next = later(state, 0.1);
    const auto samples = label(make_camera(), {state, next});
    const CameraSample& c = samples.at(0).cameras[0];
    std::size_t with = 0, without = 0;
    for (std::size_t i = 0; i < c.ids.size(); ++i) {
        if (engine::world::actor_of(c.ids[i]) != 2) continue;
        ++(std::isfinite(c.flow_next[2 * i]) ? with : without);
    }
    // 0.8 m of it go behind the wall in this time.
    EXPECT_GT(without, 100U);
    EXPECT_GT(with, 100U);
    for (const float f : samples[0].cameras[0].flow_previous) EXPECT_TRUE(std::isnan(f));
    for (const float f : samples[1].cameras[0].flow_next) EXPECT_TRUE(std::isnan(f));
}

// Hidden shares against a picture of the object alone.
TEST_F(GeometryTest, OcclusionIsWhatAPictureWithoutTheOthersSays) {
    for (const auto& [model, f, readout] :
         {std::tuple(LensModel::kPinhole, 250.0, Readout::kGlobal),
          {LensModel::kPinhole, 250.0, Readout::kTopToBottom},
          {LensModel::kKannalaBrandt, 150.0, Readout::kGlobal},
          {LensModel::kEquirectangular, 50.0, Readout::kGlobal}}) {
        Camera camera = make_camera(model, f);
        camera.shutter = {readout, readout == Readout::kGlobal ? 0 : 20000};
        state.actors[1].v_W = {0, 5, 0};
        for (const double wall_y : {-1.0, 0.2, 1.2, 3.0}) {
            State hidden = state;
            hidden.actors[2].X_WB = engine::math::upright({6, wall_y, 0}, 0.1);
            State alone = state;
            const Sample with = label(camera, {hidden}).at(0);
            const Sample without = label(camera, {alone}).at(0);
            const ObjectInCamera* car = with.cameras[0].find(2);
            const ObjectInCamera* bare = without.cameras[0].find(2);
            ASSERT_NE(car, nullptr);
            ASSERT_NE(bare, nullptr);
            // Edges of the silhouette may round another way: half a pixel around it.
            const double edge = car->amodal.width() + car->amodal.height();
            EXPECT_NEAR(car->amodal_inside_px, bare->visible_px, 0.25 * edge) << name(model);
            EXPECT_NEAR(car->occlusion(),
                        1.0 - static_cast<double>(car->visible_px) / bare->visible_px,
                        0.25 * edge / bare->visible_px);
            EXPECT_LT(bare->occlusion(), 0.25 * edge / bare->visible_px);
            EXPECT_EQ(with.objects[0].visible_px, car->visible_px);
        }
    }
}

// A car that leaves the picture: what lies beyond its border counts as cut off.
TEST_F(GeometryTest, TruncationIsTheShareBeyondTheBorder) {
    const Camera camera = make_camera();
    Camera wide = camera;  // the same picture with a border of 160 columns more on each side
    wide.width = 640;
    wide.lens.cx = 320;
    for (const double y : {7.0, 8.0, 9.0}) {
        state.actors[1].X_WB = engine::math::upright({12, y, 0}, 1.5);
        const Sample cut = label(camera, {state}).at(0), whole = label(wide, {state}).at(0);
        const ObjectInCamera *a = cut.cameras[0].find(2), *b = whole.cameras[0].find(2);
        ASSERT_NE(b, nullptr);
        if (a == nullptr) continue;
        EXPECT_NEAR(a->amodal_px, b->visible_px, 0.02 * b->visible_px);
        EXPECT_NEAR(a->truncation(), 1.0 - static_cast<double>(a->visible_px) / b->visible_px,
                    0.02);
        EXPECT_GT(a->truncation(), 0.1);
    }
}

TEST_F(GeometryTest, BoxOfABoxIsTheBox) {
    const Sample sample = label(make_camera(), {state}).at(0);
    const ObjectLabel* car = sample.find(2);
    ASSERT_NE(car, nullptr);
    EXPECT_NEAR(car->size_m.x, 4.4, 1e-6);
    EXPECT_NEAR(car->size_m.y, 1.8, 1e-6);
    EXPECT_NEAR(car->size_m.z, 1.5, 1e-6);
    const Vec3 centre = state.actors[1].X_WB * Vec3(1.2, 0, 0.75);
    EXPECT_LT(glm::length(car->X_WO.p - centre), 1e-6);
}

TEST_F(GeometryTest, NormalsAreThoseOfTheGroundInTheCamera) {
    const Sample sample = label(make_camera(), {state}).at(0);
    const CameraSample& c = sample.cameras[0];
    const Vec3 up_C = c.X_WC.inverse().rotate({0, 0, 1});
    std::size_t checked = 0;
    for (std::size_t i = 0; i < c.ids.size(); ++i) {
        if (engine::world::semantic_of(c.ids[i]) != Semantic::kRoad) continue;
        for (int k = 0; k < 3; ++k) {
            // Normals have 11 bits an axis.
            EXPECT_NEAR(c.normals_C[3 * i + static_cast<std::size_t>(k)], up_C[k], 2e-3);
        }
        ++checked;
    }
    EXPECT_GT(checked, 10000U);
}

}  // namespace
}  // namespace huntsman::sensors::labels
