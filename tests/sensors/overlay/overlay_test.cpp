#include "sensors/overlay/overlay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sensors/lens/lens.h"
#include "sensors/overlay/colours.h"
#include "sensors/overlay/page.h"
#include "tests/support/box_scene.h"

namespace huntsman::sensors::overlay {
namespace {

using engine::core::Image;
using labels::Vec2;
using labels::Vec3;

const engine::world::World& world() {
    static const auto made = tests::support::make_box_world(320, 200);
    return made;
}
const labels::Sample& sample() {
    static const auto made = [] {
        auto one = tests::support::make_box_sample(world(), "scene", 3);
        // The scene's stop line is far, and half of it behind cars: one that is near.
        one.marks.push_back(
            {"arrow", {{15, -1.9, 0}, {18, -1.9, 0}, {18, -1.6, 0}, {15, -1.6, 0}}});
        // Its signal is far too: a head that is large enough for a text.
        one.signals[0].width_m = 1;
        one.signals[0].height_m = 3;
        // The scene has labels of a signal and a sign but no boxes for them: a pixel of each.
        for (auto& camera : one.cameras) {
            camera.ids[0] = engine::world::id_word(engine::world::Semantic::kTrafficSignal,
                                                   one.signals[0].object);
            camera.ids[1] =
                engine::world::id_word(engine::world::Semantic::kTrafficSign, one.signs[0].object);
        }
        return one;
    }();
    return made;
}
Rgb colour_at(const Image& image, int x, int y) {
    const std::uint8_t* p = image.row(y) + image.channels * x;
    return {p[0], p[1], p[2]};
}
bool shown(const Image& layer, int x, int y) { return layer.row(y)[4 * x + 3] != 0; }

TEST(Overlay, EveryLayerOfTheBoxSceneShowsSomethingInSomeCamera) {
    for (std::size_t i = 0; i < kLayers; ++i) {
        const auto layer = static_cast<Layer>(i);
        EXPECT_EQ(layer_of(name(layer)), layer);
        std::size_t count = 0;
        for (const auto& camera : sample().cameras) {
            const Image drawn = draw_layer(sample(), camera, layer);
            ASSERT_EQ(drawn.width, 320);
            for (std::size_t k = 3; k < drawn.pixels.size(); k += 4)
                count += drawn.pixels[k] / 255U;
        }
        EXPECT_GT(count, 20U) << name(layer);
    }
    EXPECT_FALSE(layer_of("colour").has_value());
}

TEST(Overlay, DepthIsColouredByItsLogarithm) {
    const auto& camera = sample().cameras.front();
    const Image layer = draw_layer(sample(), camera, Layer::kDepth);
    int compared = 0;
    for (int y = 0; y < 160; y += 7) {
        for (int x = 0; x < 320; x += 7) {
            const double depth =
                static_cast<double>(camera.depth_m[static_cast<std::size_t>(y * 320 + x)]);
            EXPECT_EQ(shown(layer, x, y), std::isfinite(depth));
            if (!std::isfinite(depth)) continue;
            const double share = std::log(std::max(1.0, depth)) / std::log(100.0);
            EXPECT_EQ(colour_at(layer, x, y), turbo(1 - share));
            ++compared;
        }
    }
    EXPECT_GT(compared, 100);
}

TEST(Overlay, VisibleBoxesAreDrawnOnTheirBorderPixels) {
    const auto& camera = sample().cameras.front();
    const Image layer = draw_layer(sample(), camera, Layer::kBoxes);
    int drawn = 0;
    for (const auto& object : camera.objects) {
        if (object.visible.empty()) continue;
        // Lower corners: names stand at the upper ones. Another box may lie on top.
        drawn +=
            colour_at(layer, object.visible.x0, object.visible.y1 - 1) == instance_colour(object.id)
                ? 1
                : 0;
    }
    EXPECT_GE(drawn, 3);
}

TEST(Overlay, EdgesOfBoxesBendWithAFishEye) {
    labels::Sample one = sample();
    one.cameras.resize(1);
    auto& camera = one.cameras.front();
    camera.camera.lens.model = engine::world::LensModel::kKannalaBrandt;
    camera.camera.lens.fx = camera.camera.lens.fy = 110;
    camera.camera.lens.k = {};
    camera.camera.lens.max_angle_rad = 1.5;
    camera.objects.clear();
    // One long box across the view, 3 m ahead and below.
    labels::ObjectLabel box;
    box.id = 77;
    box.X_WO = camera.X_WC;
    box.X_WO.p = camera.X_WC * Vec3(0, 1.0, 3.0);
    box.size_m = {8, 0.2, 0.2};
    one.objects = {box};
    camera.objects.push_back({.id = 77, .visible_px = 1, .amodal_px = 1, .amodal_inside_px = 1});
    const Image layer = draw_layer(one, camera, Layer::kBoxes3d);
    for (const double along : {-3.9, -2.0, 0.0, 2.0, 3.9}) {
        // On the lower edge nearest to the camera.
        Vec2 pixel;
        ASSERT_TRUE(lens::project(camera.camera.lens, Vec3(along, 1.1, 2.9), pixel));
        bool found = false;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                found = found || shown(layer, static_cast<int>(pixel.x) + dx,
                                       static_cast<int>(pixel.y) + dy);
            }
        }
        EXPECT_TRUE(found) << along;
    }
    // The straight line between the ends is not where the edge is.
    Vec2 a, b;
    ASSERT_TRUE(lens::project(camera.camera.lens, Vec3(-3.9, 1.1, 2.9), a));
    ASSERT_TRUE(lens::project(camera.camera.lens, Vec3(0, 1.1, 2.9), b));
    EXPECT_GT(std::abs(a.y - b.y), 5);
}

std::size_t pixels_of(const labels::Sample& from, std::size_t camera, Layer layer) {
    const Image drawn = draw_layer(from, from.cameras[camera], layer);
    std::size_t count = 0;
    for (std::size_t k = 3; k < drawn.pixels.size(); k += 4) count += drawn.pixels[k] != 0;
    return count;
}

TEST(Overlay, WhatAPictureHasNoPixelOfIsNotDrawnOverIt) {
    labels::Sample hidden = sample();
    for (auto& camera : hidden.cameras) {
        // A wall before everything.
        std::fill(camera.ids.begin(), camera.ids.end(),
                  engine::world::id_word(engine::world::Semantic::kBuilding, 10500));
        for (auto& object : camera.objects) {
            object.visible_px = 0;
            object.visible = {};
        }
    }
    for (const Layer layer : {Layer::kBoxes, Layer::kBoxes3d, Layer::kKeypoints, Layer::kMinds,
                              Layer::kSignals, Layer::kSigns}) {
        std::size_t before = 0;
        for (std::size_t i = 0; i < hidden.cameras.size(); ++i) {
            before += pixels_of(sample(), i, layer);
            EXPECT_EQ(pixels_of(hidden, i, layer), 0U) << name(layer);
        }
        EXPECT_GT(before, 20U) << name(layer);
    }
}

// Above whom: a green disc where it knows of the ego, a red ring where it does not.
TEST(Overlay, MindsTellWhetherTheyHaveSeenTheEgo) {
    const Rgb green = {90, 230, 110}, red = {255, 90, 80};
    labels::Sample one = sample();
    const auto count = [&](const Rgb& colour) {
        int pixels = 0;
        for (const CameraSample& camera : one.cameras) {
            const Image layer = draw_layer(one, camera, Layer::kMinds);
            for (int y = 0; y < layer.height; ++y) {
                for (int x = 0; x < layer.width; ++x) {
                    pixels += shown(layer, x, y) && colour_at(layer, x, y) == colour;
                }
            }
        }
        return pixels;
    };
    EXPECT_GT(count(green), 40);
    EXPECT_EQ(count(red), 0);
    for (auto& object : one.objects) {
        object.mind.has_seen_ego = false;
        object.mind.believed_ego.reset();
    }
    EXPECT_EQ(count(green), 0);
    EXPECT_GT(count(red), 40);
}

TEST(Overlay, BoxesWithoutCountsOfPixelsAreDrawn) {
    // As KITTI is read: boxes in the picture and in space, no pixels.
    labels::Sample kitti = sample();
    auto& camera = kitti.cameras.front();
    const std::size_t before = pixels_of(kitti, 0, Layer::kBoxes3d);
    camera.ids.clear();
    for (auto& object : camera.objects) object.visible_px = object.amodal_px = 0;
    for (auto& object : kitti.objects) object.visible_px = object.amodal_px = 0;
    EXPECT_GE(pixels_of(kitti, 0, Layer::kBoxes3d), before);
    EXPECT_GT(before, 20U);
}

TEST(Overlay, BlendingMixesByOpacityWhereTheLayerShows) {
    Image picture = encode::blank(2, 1, {100, 100, 100});
    Image layer{.width = 2, .height = 1, .channels = 4, .pixels = {200, 0, 100, 255, 9, 9, 9, 0}};
    blend(picture, layer, 0.5);
    EXPECT_EQ(picture.pixels, (std::vector<std::uint8_t>{150, 50, 100, 100, 100, 100}));
    blend(picture, layer, 0);
    EXPECT_EQ(picture.pixels[0], 150);
}

TEST(Overlay, NoTwoClassesShareAColour) {
    std::set<Rgb> colours;
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        colours.insert(semantic_colour(static_cast<engine::world::Semantic>(k)));
    }
    EXPECT_EQ(colours.size(), static_cast<std::size_t>(engine::world::kSemantics));
}

TEST(Overlay, FlowColoursTurnWithDirectionAndFadeWithLength) {
    EXPECT_EQ(flow_colour(0, 0), (Rgb{255, 255, 255}));
    EXPECT_EQ(flow_colour(1, 0), (Rgb{255, 0, 0}));
    const Rgb left = flow_colour(-1, 0);
    EXPECT_EQ(left[0], 0);
    EXPECT_EQ(left[1], left[2]);
}

TEST(Overlay, FromAboveAheadIsUp) {
    labels::Sample one;
    one.birds_eye.cells = 100;
    one.birds_eye.cell_m = 0.5;
    one.birds_eye.drivable.assign(10000, 0);
    one.birds_eye.occupied.assign(10000, 0);
    // Cell of x = 10.25, y = 5.25 in B.
    one.birds_eye.occupied[(50 - 20 - 1) * 100 + (50 - 10 - 1)] = 1;
    one.ego.X_WB = engine::math::upright({100, 50, 2}, 1.0);
    labels::ObjectLabel object;
    object.id = 5;
    object.X_WO = one.ego.X_WB * engine::math::upright({-10, -10, 0}, 0);
    object.size_m = {4, 2, 1.5};
    one.objects = {object};
    const Image top = draw_birds_eye(one, 200);
    EXPECT_EQ(colour_at(top, 39 * 2, 29 * 2), (Rgb{150, 90, 50}));
    // The object's right rear corner: x = -12, y = -11.
    EXPECT_EQ(colour_at(top, 100 + 44, 100 + 48), instance_colour(5));
    // Free space is tinted up to where it ends: 20 m ahead, nothing elsewhere.
    one.birds_eye.free_m.assign(360, 0.0F);
    for (const std::size_t k : {358U, 359U, 0U, 1U, 2U}) one.birds_eye.free_m[k] = 20;
    const Image free = draw_birds_eye(one, 200);
    EXPECT_NE(colour_at(free, 100, 100 - 2 * 19 * 2), colour_at(top, 100, 100 - 2 * 19 * 2));
    EXPECT_EQ(colour_at(free, 100, 100 - 2 * 21 * 2), colour_at(top, 100, 100 - 2 * 21 * 2));
    EXPECT_EQ(colour_at(free, 60, 100), colour_at(top, 60, 100));
    EXPECT_TRUE(draw_birds_eye({}, 100).pixels.empty());
}

TEST(Overlay, ThePageHoldsEverythingAndAsksForNothing) {
    const std::array<Layer, 3> layers = {Layer::kDepth, Layer::kBoxes, Layer::kMinds};
    Page page("a </script> title", layers, std::span(layers).first(1), true);
    ASSERT_TRUE(page.add("scene \"x\", sample 3", sample()).ok());
    ASSERT_TRUE(page.add("again", sample()).ok());
    const std::string html = page.html();
    EXPECT_EQ(html.find("http"), std::string::npos);
    EXPECT_EQ(html.find("a </script> title"), std::string::npos);
    std::size_t ends = 0, pictures = 0;
    for (auto at = html.find("</script>"); at != std::string::npos;
         at = html.find("</script>", at + 1)) {
        ++ends;
    }
    for (auto at = html.find("\"image\":"); at != std::string::npos;
         at = html.find("\"image\":", at + 1)) {
        ++pictures;
    }
    EXPECT_EQ(ends, 1U);
    EXPECT_EQ(pictures, 2 * sample().cameras.size());
    EXPECT_NE(html.find("\"shown\":[\"depth\"]"), std::string::npos);
    // Only what covers the picture fades.
    EXPECT_NE(html.find("\"dense\":[\"depth\"],\"opacity\":70"), std::string::npos);
    EXPECT_NE(html.find("scene \\u0022x\\u0022, sample 3"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::sensors::overlay
