// Where things are seen, what labels say of them, and that neither depends on company.
#include <cmath>
#include <cstdlib>

#include "engine/render/bench_render.h"
#include "tests/engine/render/renderer_fixture.h"
#include "tests/support/street.h"

namespace huntsman::engine::render {
namespace {

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

TEST_F(RendererTest, ActorsAppearInTheirColourAndVanishWithTheState) {
    auto w = tests::support::make_street();
    w.spawns.resize(1);  // the ego alone
    w.spawns[0].X_WB = math::upright({0, -1.8, 0}, 0);
    auto state = world::initial_state(w);
    const View ahead = camera({0, -1.8, 1.4}, 0, 0);
    const auto pixels = [&](const Frame& frame, world::ActorId id) {
        return std::count_if(frame.ids.begin(), frame.ids.end(),
                             [&](std::uint32_t word) { return world::actor_of(word) == id; });
    };
    const Frame empty = picture(w, ahead, state);
    world::Spawn spawn{.archetype = 0,  // the car
                       .X_WB = math::upright({14, -1.8, 0}, 0),
                       .tint = {0.9F, 0.02F, 0.02F}};
    const auto red = world::add_actor(state, w, spawn);
    ASSERT_TRUE(red.ok());
    const Frame there = again(ahead, state);
    EXPECT_EQ(pixels(empty, *red), 0);
    EXPECT_GT(pixels(there, *red), 100);

    // Another car in its place has another id and another colour.
    EXPECT_TRUE(world::remove_actor(state, *red));
    spawn.tint = {0.02F, 0.02F, 0.9F};
    const auto blue = world::add_actor(state, w, spawn);
    ASSERT_TRUE(blue.ok());
    const Frame after = again(ahead, state);
    EXPECT_EQ(pixels(after, *red), 0);
    EXPECT_EQ(pixels(after, *blue), pixels(there, *red));
    double red_before = 0, red_after = 0;
    for (std::size_t i = 0; i < there.ids.size(); ++i) {
        if (world::actor_of(there.ids[i]) != *red) continue;
        red_before += there.image.pixels[3 * i] - there.image.pixels[3 * i + 2];
        red_after += after.image.pixels[3 * i] - after.image.pixels[3 * i + 2];
    }
    EXPECT_GT(red_before, red_after);
    EXPECT_LT(red_after, 0);
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

// What comes without a picture is what comes with it; where linear radiance has an edge that is
// smoothed depends on the exposure, which only pictures are metered for.
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
    ASSERT_EQ(with[0].linear.size(), without[0].linear.size());
    std::size_t other = 0;
    for (std::size_t i = 0; i < with[0].linear.size(); ++i) {
        other += with[0].linear[i] != without[0].linear[i];
    }
    EXPECT_LT(other, with[0].linear.size() / 10);
    // And it is smoothed at all: not what single points have.
    request.linear = false;
    request.parts = true;
    std::vector<Frame> points;
    ASSERT_TRUE(renderer->render(state, request, points).ok());
    std::size_t smoothed = 0;
    for (std::size_t i = 0; i < points[0].parts.size(); ++i) {
        smoothed += points[0].parts[i].radiance[1] != without[0].linear[3 * i + 1];
    }
    EXPECT_GT(smoothed, points[0].parts.size() / 200);
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

}  // namespace
}  // namespace huntsman::engine::render
