// Lamps: their beams, which tiles of a picture they are listed for, and when they are lit.
#include "engine/render/lights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/render/sky.h"
#include "engine/render/supersample.h"

namespace huntsman::engine::render {
namespace {

using math::Vec3;
using world::Lamp;

constexpr double kDegree = math::kPi / 180;

TEST(DippedBeam, KeepsWithinTheLimitsOfTheRegulation) {
    const auto at = [](double left_deg, double up_deg) {
        return dipped_beam_kcd(std::tan(left_deg * kDegree), std::tan(up_deg * kDegree));
    };
    // UN Regulation 149, class C: B50L at most 0.35 kcd, 75R at least 10.1, 50R at least 10.1.
    EXPECT_LE(at(3.43, 0.57), 0.35);
    EXPECT_GE(at(-1.15, -0.57), 10.1);
    EXPECT_GE(at(-1.72, -0.86), 10.1);
    // The kerb side reaches farther than the oncoming side.
    EXPECT_GT(at(-2.5, -0.2), 4 * at(2.5, -0.2));
}

TEST(DippedBeam, TableHoldsTheRootsOfTheBeam) {
    const std::vector<float> table = beam_table();
    ASSERT_EQ(table.size(), static_cast<std::size_t>(shader::kBeamColumns * shader::kBeamRows));
    const int row = 20, column = 33;
    const double h = shader::kBeamWide * (1 - 2 * (column + 0.5) / shader::kBeamColumns);
    const double v = shader::kBeamHigh -
                     (shader::kBeamHigh - shader::kBeamLow) * (row + 0.5) / shader::kBeamRows;
    const double root = table[static_cast<std::size_t>(row * shader::kBeamColumns + column)];
    EXPECT_NEAR(root * root, dipped_beam_kcd(h, v), 1e-5);
}

// Looks along +x from the origin.
View view() {
    return {.X_WC = {math::camera_rotation(0, 0), {0, 0, 0}},
            .width = 640,
            .height = 320,
            .fx = 320,
            .fy = 320,
            .cx = 320,
            .cy = 160};
}
bool lists(const LightList& list, int x, int y, std::uint32_t light) {
    const auto& tile = list.tiles[static_cast<std::size_t>(y * LightList::columns(640) + x)];
    for (const std::uint32_t word : {tile.x, tile.y, tile.z, tile.w}) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            if ((word >> shift & 255U) == light) return true;
        }
    }
    return false;
}

TEST(LightTiles, HoldALampWhereItsLightMayFallAndNowhereElse) {
    // Brake lamps reach 9 m: 40 m ahead that is 72 pixels about the middle.
    const LitLamp ahead{.lamp = Lamp::kBrake, .p_W = {40, 0, 0}, .axis_W = {-1, 0, 0}};
    const LitLamp behind{.lamp = Lamp::kBrake, .p_W = {-40, 0, 0}, .axis_W = {-1, 0, 0}};
    const LitLamp both[] = {ahead, behind};
    const View v = view();
    LightList list;
    list.build(both, {}, {&v, 1}, {0, 0, 0});
    ASSERT_EQ(list.lights.size(), 2U);
    ASSERT_EQ(list.tiles.size(), 100U);
    EXPECT_TRUE(lists(list, 5, 5, 0));
    EXPECT_FALSE(lists(list, 0, 5, 0));
    EXPECT_FALSE(lists(list, 9, 5, 0));
    EXPECT_FALSE(lists(list, 5, 0, 0));
    for (int y = 0; y < 10; ++y) {
        for (int x = 0; x < 10; ++x) EXPECT_FALSE(lists(list, x, y, 1)) << "behind the camera";
    }
}

TEST(LightTiles, TakeTheNearestWhenThereAreTooMany) {
    std::vector<LitLamp> row;
    for (int i = 300; i > 0; --i) {
        row.push_back({.lamp = Lamp::kStreet, .p_W = {0.5 * i, 0, 6}, .axis_W = {0, 0, -1}});
    }
    const View v = view();
    LightList list;
    list.build(row, {}, {&v, 1}, {0, 0, 0});
    ASSERT_EQ(list.lights.size(), std::size_t{shader::kMostLights});
    EXPECT_FLOAT_EQ(list.lights.front().p_range.x, 0.5F);
    EXPECT_TRUE(lists(list, 5, 5, 0));
    EXPECT_TRUE(lists(list, 5, 5, 15));
    EXPECT_FALSE(lists(list, 5, 5, 16)) << "a tile holds sixteen";
}

TEST(Darkness, LightsLampsAtNightOnly) {
    const auto at = [](double elevation_deg) {
        world::Environment e;
        e.sun_elevation_rad = elevation_deg * kDegree;
        return darkness_of(make_sky(e));
    };
    const Darkness noon = at(50), dusk = at(-1), night = at(-20);
    EXPECT_FALSE(noon.street_lamps || noon.lamps_matter);
    EXPECT_EQ(noon.lit_windows, 0);
    EXPECT_TRUE(dusk.lamps_matter);
    EXPECT_TRUE(night.street_lamps && night.lamps_matter);
    EXPECT_GT(night.lit_windows, dusk.lit_windows);
}

TEST(Twilight, HasTheIlluminanceOfTheAlmanac) {
    const auto lux = [](double elevation_deg) {
        world::Environment e;
        e.sun_elevation_rad = elevation_deg * kDegree;
        e.cloud_cover = 0;
        return 1e3 * make_sky(e).diffuse_horizontal_klx();
    };
    // Clear sky: some 600 lx at sunset and 3.4 lx at the end of civil twilight; by half a
    // magnitude.
    EXPECT_NEAR(std::log10(lux(0)), std::log10(600), 0.2);
    EXPECT_NEAR(std::log10(lux(-6)), std::log10(3.4), 0.2);
    EXPECT_GT(lux(-3), lux(-4));
}

TEST(NightSky, HasTheIlluminanceOfAFullMoonAndATown) {
    world::Environment e;
    e.sun_elevation_rad = -30 * kDegree;
    e.cloud_cover = 0;
    const Sky sky = make_sky(e);
    const double moon_lux = 1e3 * sky.sun_light_klx.y;
    EXPECT_GT(moon_lux, 0.1);  // 0.05 to 0.3 lx [Kyba et al. 2017]
    EXPECT_LT(moon_lux, 0.3);
    EXPECT_GT(sky.sun_direction.z, 0) << "the moon is up";
    const double sky_lux = 1e3 * sky.diffuse_horizontal_klx();
    EXPECT_GT(sky_lux, 0.005);
    EXPECT_LT(sky_lux, 0.5);
}

TEST(Supersampling, KeepsTheRaysOfPixelsAndTheMeanOfColours) {
    const View coarse = view(), fine = doubled(coarse);
    // The four samples of a pixel lie around its centre.
    const auto slope = [](const View& v, double x) { return (x - v.cx) / v.fx; };
    EXPECT_DOUBLE_EQ(slope(coarse, 10.5), 0.5 * (slope(fine, 20.5) + slope(fine, 21.5)));
    Frame frame;
    frame.image = {.width = 2, .height = 2, .channels = 3, .pixels = {}};
    for (const int value : {10, 20, 30, 40}) {
        for (int c = 0; c < 3; ++c) {
            frame.image.pixels.push_back(static_cast<std::uint8_t>(value + c));
        }
    }
    frame.ids = {1, 2, 3, 4};
    frame.linear.assign(12, 2.0F);
    halve(frame);
    EXPECT_EQ(frame.image.width, 1);
    ASSERT_EQ(frame.image.pixels.size(), 3U);
    EXPECT_EQ(frame.image.pixels[0], 25);
    EXPECT_EQ(frame.image.pixels[2], 27);
    ASSERT_EQ(frame.ids.size(), 1U);
    EXPECT_EQ(frame.ids[0], 4U);
    EXPECT_EQ(frame.linear, std::vector<float>(3, 2.0F));
}

}  // namespace
}  // namespace huntsman::engine::render
