// Light, shadows, exposure and weather in the renderer's pictures.
#include <cmath>

#include "engine/render/display.h"
#include "engine/render/exposure.h"
#include "tests/engine/render/renderer_fixture.h"
#include "tests/support/street.h"

namespace huntsman::engine::render {
namespace {

// From radiance to the picture's bytes.
double shown(double c, double exposure) { return 255 * displayed(c * exposure); }

// Of the quality without a lens, whose pixels show nothing of their neighbours.
TEST_F(RendererTest, LinearRadianceIsThePictureBeforeExposureAndToneCurve) {
    auto created = Renderer::create(Quality::kFast);
    ASSERT_TRUE(created.ok()) << created.error().text();
    Renderer& fast = **created;
    const auto w = tests::support::make_street();
    const View views[] = {camera({0, -1.8, 1.4}, 0, 0), camera({0, -1.8, 1.4}, 2, 0)};
    ASSERT_TRUE(fast.load(w).ok());
    const world::State state = world::initial_state(w);
    std::vector<Frame> frames, plain, both;
    ASSERT_TRUE(fast.render(state, {.views = views, .linear = true}, frames).ok());
    ASSERT_TRUE(fast.render(state, {.views = views}, plain).ok());
    ASSERT_TRUE(fast.render(state, {.views = views, .linear = true, .parts = true}, both).ok());
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
    std::vector<std::size_t> shows;  // the lamp
    for (std::size_t i = 0; i < lit.ids.size(); ++i) {
        if ((lit.ids[i] & 0xffffffU) == 10001U) shows.push_back(i);
    }
    ASSERT_FALSE(shows.empty());
    // A pixel away from its rim.
    const std::size_t at = shows[shows.size() / 2];
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
    w.archetypes.push_back({.name = "box", .parts = {{.mesh = 1}}});
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
