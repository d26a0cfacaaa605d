// The quality tiers show one world at different cost.
#include <gtest/gtest.h>

#include <numeric>

#include "engine/render/renderer.h"
#include "engine/world/ids.h"
#include "tests/support/street.h"

namespace huntsman::engine::render {
namespace {

Frame picture(Quality quality, const world::World& w, const View& view) {
    auto renderer = Renderer::create(quality);
    EXPECT_TRUE(renderer.ok());
    EXPECT_TRUE((*renderer)->load(w).ok());
    std::vector<Frame> frames;
    const auto status = (*renderer)->render(
        world::initial_state(w), {.views = {&view, 1}, .ids = true, .depth = true}, frames);
    EXPECT_TRUE(status.ok());
    return std::move(frames.at(0));
}

TEST(Quality, LabelsAreTheSameUpToEdgesAndPicturesAboutAsBright) {
    const world::World w = tests::support::make_street();
    const View view{.X_WC = {math::camera_rotation(0, -0.02), {0, -1.8, 1.4}},
                    .width = 320,
                    .height = 200,
                    .fx = 160,
                    .fy = 160,
                    .cx = 160,
                    .cy = 100};
    const Frame standard = picture(Quality::kStandard, w, view);
    const auto brightness = [](const Frame& f) {
        return std::accumulate(f.image.pixels.begin(), f.image.pixels.end(), 0.0) /
               static_cast<double>(f.image.pixels.size());
    };
    for (const Quality quality : {Quality::kFast, Quality::kHigh}) {
        const Frame other = picture(quality, w, view);
        ASSERT_EQ(other.ids.size(), standard.ids.size()) << name(quality);
        ASSERT_EQ(other.depth_m.size(), standard.depth_m.size());
        EXPECT_EQ(other.image.width, 320);
        int differing = 0, stray = 0;
        for (int y = 1; y < 199; ++y) {
            for (int x = 1; x < 319; ++x) {
                const std::uint32_t id = other.ids[static_cast<std::size_t>(y * 320 + x)];
                if (id == standard.ids[static_cast<std::size_t>(y * 320 + x)]) continue;
                ++differing;
                // At an edge a neighbour has the label.
                bool near = false;
                for (int j = -1; j <= 1; ++j) {
                    for (int i = -1; i <= 1; ++i) {
                        near = near ||
                               standard.ids[static_cast<std::size_t>((y + j) * 320 + x + i)] == id;
                    }
                }
                if (!near) ++stray;
            }
        }
        // Levels of detail move edges by their error, so a few lie two pixels off.
        EXPECT_LT(differing, 320 * 200 / 25) << name(quality);
        EXPECT_LT(stray, 320 * 200 / 250) << name(quality);
        EXPECT_NEAR(brightness(other) / brightness(standard), 1, 0.04) << name(quality);
    }
}

TEST(Quality, DepthIsThatOfPixelsCentresInEveryTier) {
    const world::World w = tests::support::make_street();
    constexpr double kHeight_m = 1.4, kFocal_px = 160;
    const View view{.X_WC = {math::camera_rotation(0, 0), {0, -1.8, kHeight_m}},
                    .width = 320,
                    .height = 200,
                    .fx = kFocal_px,
                    .fy = kFocal_px,
                    .cx = 160,
                    .cy = 100};
    for (const Quality quality : {Quality::kFast, Quality::kStandard, Quality::kHigh}) {
        const Frame frame = picture(quality, w, view);
        int road = 0;
        for (int y = 110; y < 200; ++y) {
            const std::size_t i = static_cast<std::size_t>(y * 320 + 160);
            if (world::semantic_of(frame.ids[i]) != world::Semantic::kRoad) continue;
            ++road;
            const double expected_m = kHeight_m * kFocal_px / (y + 0.5 - 100);
            EXPECT_NEAR(frame.depth_m[i], expected_m, 1e-3 + 1e-4 * expected_m)
                << name(quality) << " line " << y;
        }
        EXPECT_GT(road, 30) << name(quality);
    }
}

TEST(Quality, NamesComeBack) {
    for (const Quality quality : {Quality::kFast, Quality::kStandard, Quality::kHigh}) {
        EXPECT_EQ(quality_of(name(quality)), quality);
    }
    EXPECT_FALSE(quality_of("best"));
}

}  // namespace
}  // namespace huntsman::engine::render
