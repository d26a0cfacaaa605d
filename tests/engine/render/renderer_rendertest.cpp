#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "engine/render/bench_render.h"
#include "engine/render/exposure.h"
#include "engine/render/renderer.h"
#include "tests/support/mesh_builder.h"
#include "tests/support/street.h"

namespace huntsman::engine::render {
namespace {

using math::kPi;
using math::Vec3;
using tests::support::make_mesh;
using tests::support::MeshBuilder;
using world::Material;
using world::Semantic;

// A camera at `p` that looks along yaw and pitch.
View camera(const Vec3& p, double yaw_rad, double pitch_rad, int width = 128, int height = 96) {
    return {.X_WC = {math::camera_rotation(yaw_rad, pitch_rad), p},
            .width = width,
            .height = height,
            .fx = 100,
            .fy = 100,
            .cx = 0.5 * width,
            .cy = 0.5 * height};
}

world::World world_of(world::Mesh mesh, const math::RigidTransform& X_WM, Semantic semantic,
                      world::ActorId id = world::kNoActor) {
    world::World w;
    w.environment.cloud_cover = 0;
    w.environment.turbidity = 2;
    w.scene.meshes.push_back(std::move(mesh));
    w.scene.instances.push_back({.mesh = 0, .X_WM = X_WM, .object = id, .semantic = semantic});
    w.size_m = 200;
    return w;
}

world::Mesh ground(Material material) {
    MeshBuilder b;
    b.material(material).quad({-400, -400, 0}, {800, 0, 0}, {0, 800, 0}, 800, 800);
    return make_mesh("ground", {b.lod(0)});
}

class RendererTest : public testing::Test {
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

    // Loads and renders once; ids and depth included.
    static Frame picture(const world::World& w, const View& view, const world::State& state = {}) {
        EXPECT_TRUE(renderer->load(w).ok());
        return again(view, state);
    }
    static Frame again(const View& view, const world::State& state) {
        std::vector<Frame> frames;
        const auto status =
            renderer->render(state, {.views = {&view, 1}, .ids = true, .depth = true}, frames);
        EXPECT_TRUE(status.ok()) << status.error().text();
        return frames.at(0);
    }

    static std::unique_ptr<Renderer> renderer;
};
std::unique_ptr<Renderer> RendererTest::renderer;

double grey(const Frame& f, int x, int y) {
    const std::uint8_t* p = f.image.row(y) + 3 * x;
    return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
}
double mean_grey(const Frame& f) {
    double sum = 0;
    for (int y = 0; y < f.image.height; ++y) {
        for (int x = 0; x < f.image.width; ++x) sum += grey(f, x, y);
    }
    return sum / (f.image.width * f.image.height);
}
std::size_t index(const Frame& f, int x, int y) {
    return static_cast<std::size_t>(y * f.image.width + x);
}

TEST_F(RendererTest, DepthOfThePlaneIsWhereTheRaysMeetIt) {
    constexpr double kHeight = 1.5, kPitch = -0.3;
    const View view = camera({3, -7, kHeight}, 0.7, kPitch);
    const Frame f = picture(world_of(ground(Material::kAsphalt), {}, Semantic::kRoad), view);
    int checked = 0;
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x) {
            const Vec3 ray_C((x + 0.5 - view.cx) / view.fx, (y + 0.5 - view.cy) / view.fy, 1);
            const double descent = -view.X_WC.rotate(ray_C).z;
            // Rays that meet the plane within its 400 m.
            if (descent < kHeight / 200) continue;
            const double z = kHeight / descent;
            EXPECT_NEAR(f.depth_m[index(f, x, y)], z, 1e-3 + 1e-4 * z);
            EXPECT_EQ(f.ids[index(f, x, y)], static_cast<std::uint32_t>(Semantic::kRoad) << 24);
            ++checked;
        }
    }
    EXPECT_GT(checked, view.width * view.height / 2);
}

TEST_F(RendererTest, NothingIsSkyAtInfiniteDepth) {
    const View view = camera({0, 0, 5}, 0, 0.8);
    const Frame f = picture(world_of(ground(Material::kAsphalt), {}, Semantic::kRoad), view);
    for (std::size_t i = 0; i < f.ids.size(); ++i) {
        EXPECT_EQ(f.ids[i], static_cast<std::uint32_t>(Semantic::kSky) << 24);
        EXPECT_TRUE(std::isinf(f.depth_m[i]));
    }
    // A clear sky away from the sun is blue.
    const std::uint8_t* p = f.image.row(10) + 3 * 64;
    EXPECT_GT(p[2], p[0] + 15);
}

TEST_F(RendererTest, BoxCoversThePixelsOfItsProjection) {
    MeshBuilder b;
    b.material(Material::kConcrete).box({-1, -1, -1}, {1, 1, 1});
    // Seen straight on: the front face at 9 m covers |u - cx| <= f / 9.
    const View view = camera({0, 0, 0}, 0, 0);
    const Frame f = picture(
        world_of(make_mesh("box", {b.lod(0)}), {{1, 0, 0, 0}, {10, 0, 0}}, Semantic::kCar, 12345),
        view);
    const double half = view.fx / 9;
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x) {
            const double away =
                std::max(std::abs(x + 0.5 - view.cx), std::abs(y + 0.5 - view.cy)) - half;
            // Pixels whose centre lies within a thousandth of the edge may fall either way.
            if (std::abs(away) < 1e-3) continue;
            const std::uint32_t id = f.ids[index(f, x, y)];
            EXPECT_EQ(id == (static_cast<std::uint32_t>(Semantic::kCar) << 24 | 12345U), away < 0)
                << x << " " << y;
            if (away < 0) {
                EXPECT_NEAR(f.depth_m[index(f, x, y)], 9, 1e-3);
            }
        }
    }
}

TEST_F(RendererTest, NearerBoxHidesTheFartherInAnyOrder) {
    MeshBuilder b;
    b.material(Material::kConcrete).box({-1, -1, -1}, {1, 1, 1});
    auto w =
        world_of(make_mesh("box", {b.lod(0)}), {{1, 0, 0, 0}, {20, 0, 0}}, Semantic::kCar, 20001);
    w.scene.instances.push_back({.mesh = 0, .X_WM = {{1, 0, 0, 0}, {10, 0, 0}}, .object = 20002});
    const View view = camera({0, 0, 0}, 0, 0);
    for (int order = 0; order < 2; ++order) {
        const Frame f = picture(w, view);
        EXPECT_EQ(f.ids[index(f, 64, 48)] & 0xffffffU, 20002U);
        std::swap(w.scene.instances[0], w.scene.instances[1]);
    }
}

TEST_F(RendererTest, SameInputsGiveTheSameBits) {
    const auto w = tests::support::make_street();
    auto state = world::initial_state(w);
    std::vector<View> views;
    for (const auto& c : tests::support::eight_cameras(160, 100)) {
        views.push_back({w.spawns[0].X_WB * c.X_BC, c.width, c.height, c.lens.fx, c.lens.fy,
                         c.lens.cx, c.lens.cy});
    }
    std::vector<Frame> first, second, third;
    const RenderRequest request{.views = views, .ids = true, .depth = true};
    ASSERT_TRUE(renderer->load(w).ok());
    ASSERT_TRUE(renderer->render(state, request, first).ok());
    // A still scene stays still.
    ASSERT_TRUE(renderer->render(state, request, second).ok());
    // Another renderer knows nothing of this one.
    auto other = Renderer::create(Quality::kStandard);
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE((*other)->load(w).ok());
    ASSERT_TRUE((*other)->render(state, request, third).ok());
    for (std::size_t i = 0; i < views.size(); ++i) {
        EXPECT_EQ(first[i].image.pixels, second[i].image.pixels) << i;
        EXPECT_EQ(first[i].image.pixels, third[i].image.pixels) << i;
        EXPECT_EQ(first[i].ids, third[i].ids) << i;
        EXPECT_EQ(first[i].depth_m, third[i].depth_m) << i;
    }
    EXPECT_EQ((*other)->validation_messages(), 0U);
    EXPECT_GT(renderer->timing().triangles, 10000U);
}

// Rasterisation starts from another place of the atlas, so that single edge pixels may differ.
TEST_F(RendererTest, AViewLooksTheSameAloneAndInCompany) {
    const auto w = tests::support::make_street();
    const auto state = world::initial_state(w);
    const auto cameras = tests::support::eight_cameras(160, 100);
    std::vector<View> views;
    for (const auto& c : cameras) {
        // One place for all, so that the shared shadow maps lie the same.
        views.push_back({{c.X_BC.q, {0, -1.8, 1.4}},
                         c.width,
                         c.height,
                         c.lens.fx,
                         c.lens.fy,
                         c.lens.cx,
                         c.lens.cy});
    }
    ASSERT_TRUE(renderer->load(w).ok());
    std::vector<Frame> together;
    ASSERT_TRUE(renderer->render(state, {.views = views}, together).ok());
    for (const std::size_t i : {0UL, 7UL}) {
        const Frame alone = picture(w, views[i], state);
        std::size_t other_ids = 0;
        double difference = 0;
        for (std::size_t p = 0; p < alone.ids.size(); ++p) {
            other_ids += alone.ids[p] != together[i].ids[p];
            for (std::size_t c = 0; c < 3; ++c) {
                difference +=
                    std::abs(alone.image.pixels[3 * p + c] - together[i].image.pixels[3 * p + c]);
            }
        }
        EXPECT_LE(other_ids, alone.ids.size() / 1000) << i;
        EXPECT_LT(difference / static_cast<double>(3 * alone.ids.size()), 0.3) << i;
    }
}

// The tone curve of resolve.comp, to get from radiance to the picture's bytes.
double shown(double c, double exposure) {
    const double x = std::max(0.0, c * exposure - 0.004);
    return 255 * x * (6.2 * x + 0.5) / (x * (6.2 * x + 1.7) + 0.06);
}

TEST_F(RendererTest, LinearRadianceIsThePictureBeforeExposureAndToneCurve) {
    const auto w = tests::support::make_street();
    const View views[] = {camera({0, -1.8, 1.4}, 0, 0), camera({0, -1.8, 1.4}, 2, 0)};
    ASSERT_TRUE(renderer->load(w).ok());
    const world::State state = world::initial_state(w);
    std::vector<Frame> frames, plain, both;
    ASSERT_TRUE(renderer->render(state, {.views = views, .linear = true}, frames).ok());
    ASSERT_TRUE(renderer->render(state, {.views = views}, plain).ok());
    ASSERT_TRUE(
        renderer->render(state, {.views = views, .linear = true, .parts = true}, both).ok());
    for (std::size_t v = 0; v < 2; ++v) {
        const Frame& f = frames[v];
        EXPECT_EQ(f.image.pixels, plain[v].image.pixels);
        EXPECT_TRUE(plain[v].linear.empty());
        ASSERT_EQ(f.linear.size(), f.image.pixels.size());
        EXPECT_EQ(both[v].linear, f.linear);
        ASSERT_EQ(both[v].parts.size(), f.image.pixels.size() / 3);
        // One exposure, a whole number of 64ths of a stop, explains all pixels.
        int best = 0;
        double least = 1e30;
        for (int step = -64 * 6; step <= 64 * 20; ++step) {
            double sum = 0;
            for (std::size_t i = 0; i < f.linear.size(); i += 97) {
                sum +=
                    std::abs(shown(f.linear[i], exposure_scale(step / 64.0)) - f.image.pixels[i]);
            }
            if (sum < least) least = sum, best = step;
        }
        for (std::size_t i = 0; i < f.linear.size(); ++i) {
            const shader::PixelParts& parts = both[v].parts[i / 3];
            // Rounding to bytes is half a step; lamps are shown no brighter than a picture can.
            if ((parts.shape >> shader::kKindShift & 7U) != shader::kKindEmitter) {
                EXPECT_NEAR(shown(f.linear[i], exposure_scale(best / 64.0)), f.image.pixels[i],
                            0.51);
            }
            EXPECT_GE(parts.direct[i % 3], 0);
            EXPECT_LE(parts.direct[i % 3] + parts.air[i % 3], 1.0001 * f.linear[i]);
        }
    }
}

TEST_F(RendererTest, ExposureSettlesForBrightAndForDarkScenes) {
    const View view = camera({0, 0, 2}, 2.5, -0.6);
    for (const double elevation : {1.2, 0.02}) {
        auto w = world_of(ground(Material::kConcrete), {}, Semantic::kRoad);
        w.environment.sun_elevation_rad = elevation;
        const Frame f = picture(w, view);
        // Middle grey, neither black nor burnt out.
        EXPECT_GT(mean_grey(f), 80) << elevation;
        EXPECT_LT(mean_grey(f), 180) << elevation;
    }
}

TEST_F(RendererTest, ExposureFollowsAChangeOverSomeFrames) {
    auto w = world_of(ground(Material::kConcrete), {}, Semantic::kRoad);
    // The sky away from the sun is dimmer than sunlit concrete.
    const View down = camera({0, 0, 2}, 2.5, -0.6), up = camera({0, 0, 2}, 3.9, 0.75);
    world::State state;
    const Frame before = picture(w, down, state);
    state.time_us = 100000;
    const Frame first_up = again(up, state);
    for (int i = 0; i < 20; ++i) {
        state.time_us += 100000;
        again(up, state);
    }
    state.time_us += 100000;
    const Frame settled_up = again(up, state);
    state.time_us += 100000;
    const Frame first_down = again(down, state);
    EXPECT_LT(mean_grey(first_up), mean_grey(settled_up) - 10);
    EXPECT_GT(mean_grey(first_down), mean_grey(before) + 10);
    for (int i = 0; i < 40; ++i) {
        state.time_us += 100000;
        again(down, state);
    }
    const Frame after = again(down, state);
    EXPECT_EQ(after.image.pixels, before.image.pixels);
}

// Linear light of a pixel on a grey plane tilted about the axis across the sun, relative to the
// same plane facing the sun. Both lie in one picture, so that exposure is common.
TEST_F(RendererTest, TiltedPlanesFollowTheCosineLaw) {
    // The sun stands at the zenith; plates of equal colour are tilted by known angles.
    world::World w;
    w.environment.sun_elevation_rad = 0.5 * kPi;
    w.environment.cloud_cover = 0;
    w.environment.turbidity = 1;
    w.size_m = 200;
    MeshBuilder b;
    // Soot-dark and rough, so that the tone curve stays in its lower, nearly linear part.
    b.material(Material::kRubber).quad({-1, -1, 0}, {2, 0, 0}, {0, 2, 0}, 1, 1);
    w.scene.meshes.push_back(make_mesh("plate", {b.lod(0)}));
    const double tilts[] = {0.0, 0.6, 1.2};
    for (int i = 0; i < 3; ++i) {
        const double t = tilts[i];
        w.scene.instances.push_back(
            {.mesh = 0,
             .X_WM = {{std::cos(0.5 * t), 0, std::sin(0.5 * t), 0}, {0, 4.0 * (i - 1), 0}}});
    }
    // Seen from above.
    const View view{.X_WC = {math::camera_rotation(0, -0.5 * kPi), {0, 0, 12}},
                    .width = 128,
                    .height = 96,
                    .fx = 100,
                    .fy = 100,
                    .cx = 64,
                    .cy = 48};
    const Frame f = picture(w, view);
    double value[3];
    for (int i = 0; i < 3; ++i) {
        // World y = 4 (i - 1) lies at u = cx - f · y / 12.
        const int x = static_cast<int>(64 - 100 * 4.0 * (i - 1) / 12);
        value[i] = grey(f, x, 48);
    }
    EXPECT_GT(value[0], value[1] + 5);
    EXPECT_GT(value[1], value[2] + 5);
}

TEST_F(RendererTest, LitLampIsBrightInItsColourAndUnlitIsDark) {
    MeshBuilder b;
    b.material(Material::kLamp, Semantic::kNothing, world::Lamp::kSignalRed)
        .colour({0.5F, 0.02F, 0.02F})
        .box({-0.2, -0.2, -0.2}, {0.2, 0.2, 0.2});
    auto w = world_of(make_mesh("lamp", {b.lod(0)}), {{1, 0, 0, 0}, {3, 0, 2}},
                      Semantic::kTrafficSignal, 10001);
    w.scene.instances[0].signal_group = 0;
    w.roads.signal_groups.push_back({});
    w.scene.meshes.push_back(ground(Material::kConcrete));
    w.scene.instances.push_back({.mesh = 1, .semantic = Semantic::kRoad});
    const View view = camera({0, 0, 2}, 0, -0.1);
    world::State state;
    state.signals = {world::Aspect::kRed};
    const Frame lit = picture(w, view, state);
    state.signals = {world::Aspect::kGreen};
    state.time_us = 100000;
    const Frame unlit = again(view, state);
    std::size_t at = 0;
    for (std::size_t i = 0; i < lit.ids.size(); ++i) {
        if ((lit.ids[i] & 0xffffffU) == 10001U) at = i;
    }
    ASSERT_NE(at, 0U);
    EXPECT_GT(lit.image.pixels[3 * at], 200);
    EXPECT_GT(lit.image.pixels[3 * at], 2 * lit.image.pixels[3 * at + 1]);
    EXPECT_LT(unlit.image.pixels[3 * at], 130);
}

TEST_F(RendererTest, BoxThrowsAShadowAwayFromTheSun) {
    auto w = world_of(ground(Material::kConcrete), {}, Semantic::kRoad);
    w.scene.instances[0].casts_shadow = false;
    w.environment.sun_azimuth_rad = 0;
    w.environment.sun_elevation_rad = 0.25 * kPi;
    MeshBuilder b;
    b.material(Material::kConcrete).box({-1, -1, 0}, {1, 1, 2});
    w.scene.meshes.push_back(make_mesh("box", {b.lod(0)}));
    w.scene.instances.push_back({.mesh = 1, .semantic = Semantic::kOther});
    // From above: the sun stands in +x, so the shadow reaches from x = -1 to x = -3.
    const View view{.X_WC = {math::camera_rotation(0, -0.5 * kPi), {0, 0, 14}},
                    .width = 128,
                    .height = 128,
                    .fx = 100,
                    .fy = 100,
                    .cx = 64,
                    .cy = 64};
    const Frame f = picture(w, view);
    const auto at = [&](double x, double y) {
        return grey(f, static_cast<int>(64 - 100 * y / 14), static_cast<int>(64 - 100 * x / 14));
    };
    EXPECT_LT(at(-2.0, 0), 0.75 * at(4.0, 0));
    EXPECT_LT(at(-2.7, 0.5), 0.75 * at(4.0, 0));
    EXPECT_GT(at(-3.4, 0), 0.85 * at(4.0, 0));
    EXPECT_GT(at(-2.0, 1.5), 0.85 * at(4.0, 0));
}

TEST_F(RendererTest, MovingCasterTakesItsShadowAlong) {
    auto w = world_of(ground(Material::kConcrete), {}, Semantic::kRoad);
    w.scene.instances[0].casts_shadow = false;
    w.environment.sun_azimuth_rad = 0;
    w.environment.sun_elevation_rad = 0.25 * kPi;
    MeshBuilder b;
    b.material(Material::kConcrete).box({-1, -1, 1}, {1, 1, 2});
    w.scene.meshes.push_back(make_mesh("box", {b.lod(0)}));
    w.archetypes.push_back({.name = "box", .parts = {{world::PartRole::kBody, 1, {0, 0, 0}}}});
    world::State state;
    state.actors.push_back({.id = 2, .archetype = 0, .X_WB = math::upright({0, 3, 0}, 0)});
    const View view{.X_WC = {math::camera_rotation(0, -0.5 * kPi), {0, 0, 14}},
                    .width = 128,
                    .height = 128,
                    .fx = 100,
                    .fy = 100,
                    .cx = 64,
                    .cy = 64};
    const auto at = [&](const Frame& f, double x, double y) {
        return grey(f, static_cast<int>(64 - 100 * y / 14), static_cast<int>(64 - 100 * x / 14));
    };
    const Frame before = picture(w, view, state);
    state.actors[0].X_WB.p.y = -3;
    state.time_us = 100000;
    const Frame after = again(view, state);
    EXPECT_LT(at(before, -2, 3), 0.75 * at(before, -2, -3));
    EXPECT_LT(at(after, -2, -3), 0.75 * at(after, -2, 3));
}

TEST_F(RendererTest, BadRequestsAreErrors) {
    ASSERT_TRUE(renderer->load(world_of(ground(Material::kAsphalt), {}, Semantic::kRoad)).ok());
    std::vector<Frame> frames;
    EXPECT_FALSE(renderer->render({}, {}, frames).ok());
    std::vector<View> views = {camera({0, 0, 1}, 0, 0, 0, 64)};
    EXPECT_FALSE(renderer->render({}, {.views = views}, frames).ok());
    views = {camera({0, 0, 1}, 0, 0, 1 << 20, 64)};
    EXPECT_FALSE(renderer->render({}, {.views = views}, frames).ok());
    views.assign(kMostViews + 1, camera({0, 0, 1}, 0, 0, 64, 64));
    EXPECT_FALSE(renderer->render({}, {.views = views}, frames).ok());
}

TEST_F(RendererTest, ViewsOfDifferentSizesLookAsAlone) {
    const auto w = tests::support::make_street();
    const auto state = world::initial_state(w);
    // One place for all, so that the shared shadow maps lie the same.
    std::vector<View> views;
    for (const auto& [width, height] : {std::pair(160, 100), {64, 128}, {200, 40}}) {
        views.push_back(camera({0, -1.8, 1.4}, 0.4, -0.1, width, height));
    }
    ASSERT_TRUE(renderer->load(w).ok());
    std::vector<Frame> together;
    ASSERT_TRUE(renderer->render(state, {.views = views, .depth = true}, together).ok());
    for (std::size_t i = 0; i < views.size(); ++i) {
        const Frame alone = picture(w, views[i], state);
        ASSERT_EQ(alone.ids.size(), together[i].ids.size());
        // Rasterisation starts from another place of the atlas: single edge pixels.
        std::size_t other_ids = 0, other_depths = 0;
        for (std::size_t p = 0; p < alone.ids.size(); ++p) {
            other_ids += alone.ids[p] != together[i].ids[p];
            const double near = std::abs(alone.depth_m[p] - together[i].depth_m[p]);
            other_depths += near > 1e-3 * alone.depth_m[p];
        }
        EXPECT_LT(other_ids, alone.ids.size() / 500) << i;
        EXPECT_LT(other_depths, alone.ids.size() / 500) << i;
    }
}

// What comes without a picture is what comes with it.
TEST_F(RendererTest, LabelsDoNotNeedThePicture) {
    const auto w = tests::support::make_street();
    const auto state = world::initial_state(w);
    const View view = camera({0, -1.8, 1.4}, 0.4, -0.1);
    ASSERT_TRUE(renderer->load(w).ok());
    std::vector<Frame> with, without;
    RenderRequest request{.views = {&view, 1}, .depth = true, .shape = true, .linear = true};
    ASSERT_TRUE(renderer->render(state, request, with).ok());
    request.picture = false;
    ASSERT_TRUE(renderer->render(state, request, without).ok());
    EXPECT_TRUE(without[0].image.pixels.empty());
    EXPECT_EQ(with[0].ids, without[0].ids);
    EXPECT_EQ(with[0].depth_m, without[0].depth_m);
    EXPECT_EQ(with[0].shape, without[0].shape);
    EXPECT_EQ(with[0].linear, without[0].linear);
}

// The ground's normal points up, whatever the camera.
TEST_F(RendererTest, ShapeTellsNormalsInTheWorld) {
    ASSERT_TRUE(renderer->load(world_of(ground(Material::kAsphalt), {}, Semantic::kRoad)).ok());
    const View view = camera({3, -7, 1.5}, 0.7, -0.9);
    std::vector<Frame> frames;
    ASSERT_TRUE(renderer->render({}, {.views = {&view, 1}, .shape = true}, frames).ok());
    for (const std::uint32_t word : frames[0].shape) {
        EXPECT_GT(unpack_normal(word).z, 1 - 1e-5);
    }
}

// At another moment an actor is where its velocity takes it, what stands stays, and the labels of
// both moments come from one call.
TEST_F(RendererTest, ViewsOfOtherMomentsShowActorsOnTheirWay) {
    auto w = tests::support::make_street();
    w.scene.instances.clear();
    w.objects.clear();
    auto state = world::initial_state(w);
    ASSERT_GT(state.actors.size(), 1U);
    world::ActorState& actor = state.actors[1];
    state.actors.resize(2);
    actor.X_WB = math::upright({40, -1.8, 0}, 0);
    actor.v_W = {10, 0, 0};
    // From the side, 7 m from its flank, while it drives past.
    const View view = camera({41, 6.1, 0.7}, -0.5 * math::kPi, 0);
    View later = view;
    later.after_s = 0.1;
    const std::vector<View> views = {view, later};
    ASSERT_TRUE(renderer->load(w).ok());
    std::vector<Frame> frames;
    ASSERT_TRUE(renderer->render(state, {.views = views}, frames).ok());
    const auto mean_column = [&](const Frame& f) {
        double sum = 0, count = 0;
        for (int y = 0; y < f.image.height; ++y) {
            for (int x = 0; x < f.image.width; ++x) {
                if (world::actor_of(f.ids[index(f, x, y)]) != actor.id) continue;
                sum += x;
                count += 1;
            }
        }
        EXPECT_GT(count, 100);
        return sum / count;
    };
    // It drives to the left of who looks at its left flank, by 1 m. How far away its surface is
    // differs by half a metre from sill to roof.
    const double moved = mean_column(frames[0]) - mean_column(frames[1]);
    EXPECT_NEAR(moved, view.fx * 1.0 / 7.3, 1.0);
}

TEST_F(RendererTest, EmptyWorldIsSky) {
    const Frame f = picture({}, camera({0, 0, 1}, 0, 0.3));
    EXPECT_EQ(f.ids[0], static_cast<std::uint32_t>(Semantic::kSky) << 24);
}

TEST(RenderBench, RowsHoldWhatWasAskedFor) {
    const auto w = tests::support::make_street();
    const auto cameras = tests::support::eight_cameras(640, 400);
    const RenderBenchCase cases[] = {{2, 96, 60, Quality::kFast, 3},
                                     {8, 64, 40, Quality::kFast, 2}};
    int encoded = 0;
    const auto rows = bench_render(w, world::initial_state(w), w.spawns[0].X_WB, cameras, cases,
                                   [&](const core::Image& image) {
                                       encoded += image.width > 0;
                                       return core::Status();
                                   });
    ASSERT_TRUE(rows.ok()) << rows.error().text();
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[1].cameras, 8);
    EXPECT_GT((*rows)[0].min_ms, 0);
    EXPECT_LE((*rows)[0].min_ms, (*rows)[0].median_ms);
    EXPECT_EQ(encoded, 2 * 3 + 8 * 2);
    const RenderBenchCase many[] = {{9, 64, 40, Quality::kFast, 1}};
    EXPECT_FALSE(bench_render(w, {}, {}, cameras, many).ok());
}

TEST(RendererWithoutWorld, SaysSo) {
    auto renderer = Renderer::create(Quality::kFast);
    ASSERT_TRUE(renderer.ok());
    const View view = camera({0, 0, 1}, 0, 0);
    std::vector<Frame> frames;
    EXPECT_FALSE((*renderer)->render({}, {.views = {&view, 1}}, frames).ok());
}

TEST_F(RendererTest, WaterDarkensTheRoadAndSnowLightensItStepByStep) {
    const View view = camera({0, 0, 1.5}, 0, -0.8);
    std::vector<Frame> frames;
    // Radiance does not depend on exposure.
    const auto mean = [&](double wetness, double puddles, double snow) {
        world::World w = world_of(ground(Material::kAsphalt), {}, Semantic::kRoad);
        w.environment.cloud_cover = 1;
        w.environment.wetness = wetness;
        w.environment.puddles = puddles;
        w.environment.snow_cover = snow;
        EXPECT_TRUE(renderer->load(w).ok());
        EXPECT_TRUE(renderer
                        ->render({},
                                 {.views = {&view, 1}, .ids = true, .depth = true, .parts = true},
                                 frames)
                        .ok());
        double sum = 0;
        for (const shader::PixelParts& p : frames.at(0).parts) {
            sum += std::pow((p.surface >> 8 & 255U) / 255.0, 2.0);
        }
        return sum / static_cast<double>(frames.at(0).parts.size());
    };
    const double dry = mean(0, 0, 0);
    const std::vector<std::uint32_t> ids = frames.at(0).ids;
    const std::vector<float> depth = frames.at(0).depth_m;
    EXPECT_NEAR(dry, 0.10, 0.05);
    double before = dry;
    for (const double wetness : {0.25, 0.5, 1.0}) {
        const double now = mean(wetness, 0, 0);
        EXPECT_LT(now, before) << wetness;
        before = now;
    }
    EXPECT_LT(mean(1, 1, 0), before);
    before = dry;
    for (const double snow : {0.3, 0.6, 1.0}) {
        const double now = mean(0, 0, snow);
        EXPECT_GT(now, before) << snow;
        before = now;
    }
    EXPECT_GT(before, 0.7) << "fresh snow";
    // Weather is no geometry.
    EXPECT_EQ(frames.at(0).ids, ids);
    EXPECT_EQ(frames.at(0).depth_m, depth);
}

TEST_F(RendererTest, RainIsSeenInTheLinearOutputAndNotInLabels) {
    const View view = camera({0, 0, 1.5}, 0, 0.0);
    world::World w = world_of(ground(Material::kAsphalt), {}, Semantic::kRoad);
    w.environment.cloud_cover = 1;
    const auto shot = [&](double rain) {
        w.environment.rain_mm_h = rain;
        EXPECT_TRUE(renderer->load(w).ok());
        std::vector<Frame> frames;
        EXPECT_TRUE(renderer
                        ->render({},
                                 {.views = {&view, 1}, .ids = true, .depth = true, .linear = true},
                                 frames)
                        .ok());
        return frames.at(0);
    };
    const Frame dry = shot(0), wet = shot(20), again = shot(20);
    EXPECT_EQ(dry.ids, wet.ids);
    EXPECT_EQ(dry.depth_m, wet.depth_m);
    EXPECT_EQ(wet.linear, again.linear) << "the same drops for the same moment";
    // Along a row the air alone would change all pixels by nearly the same factor; streaks do not.
    int streaks = 0;
    for (int y = 60; y < 90; ++y) {
        for (int x = 1; x < view.width; ++x) {
            const std::size_t i = 3 * static_cast<std::size_t>(y * view.width + x);
            const double here = wet.linear[i] / dry.linear[i],
                         left = wet.linear[i - 3] / dry.linear[i - 3];
            streaks += std::abs(here / left - 1) > 0.05 ? 1 : 0;
        }
    }
    EXPECT_GT(streaks, 20);
}

}  // namespace
}  // namespace huntsman::engine::render
