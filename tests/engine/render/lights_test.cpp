// Lamps: their beams, which tiles of a picture they are listed for, and when they are lit.
#include "engine/render/lights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/render/lamp_shadows.h"
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

shader::GpuLight light_at(const Vec3& p, std::uint32_t shape) {
    const auto f = [](double x) { return static_cast<float>(x); };
    return {.p_range = {f(p.x), f(p.y), f(p.z), 0.03F},
            .colour = {1, 1, 1, f(shape)},
            .axis = {0, 0, -1, 0}};
}

TEST(LampShadows, TheNearestLampsOfStreetsAndOthersHaveThem) {
    std::vector<shader::GpuLight> lights = {
        light_at({2, 0.5, 0}, shader::kLightBeam),   // the rig's own
        light_at({0, 3, 0}, shader::kLightLens),     // lights too little
        light_at({60, 0, 6}, shader::kLightStreet),  // too far
        light_at({0, 10, 6}, shader::kLightStreet), light_at({20, 0, 0}, shader::kLightBeam)};
    const auto views = choose_shadowed(lights, {0, 0, 0});
    ASSERT_EQ(views.size(), 2U);
    EXPECT_EQ(views[0].p_W, Vec3(0, 10, 6));
    EXPECT_EQ(views[1].p_W, Vec3(20, 0, 0));
    for (const int none : {0, 1, 2}) EXPECT_EQ(lights[static_cast<std::size_t>(none)].axis.w, 0);
    EXPECT_NEAR(lights[3].axis.w, 1.999, 1e-6);
    EXPECT_NEAR(lights[4].axis.w, 2.999, 1e-6);
}

TEST(LampShadows, FadeBeforeALampLosesItsLayer) {
    // One more lamp than there are layers, which comes nearer until it takes the last one's layer.
    const auto share_of_last = [](double rival_m) {
        std::vector<shader::GpuLight> lights;
        for (std::uint32_t i = 0; i < shader::kLampShadows; ++i) {
            lights.push_back(light_at({10.0 + i, 0, 0}, shader::kLightStreet));
        }
        lights.push_back(light_at({0, rival_m, 0}, shader::kLightStreet));
        choose_shadowed(lights, {0, 0, 0});
        const float w = lights[shader::kLampShadows - 1].axis.w;
        return w - std::floor(w);
    };
    const double last_m = 10.0 + shader::kLampShadows - 1;
    EXPECT_NEAR(share_of_last(last_m + 20), 0.999, 1e-5);
    EXPECT_NEAR(share_of_last(last_m + 3), 0.5, 1e-5);
    EXPECT_NEAR(share_of_last(last_m + 0.006), 0.001, 1e-5);
    EXPECT_EQ(share_of_last(last_m - 1), 0);
}

TEST(LampShadows, TheMapLooksAlongTheLampsAxis) {
    for (const Vec3& axis :
         {Vec3(0, 0, -1), Vec3(1, 0, 0), glm::normalize(Vec3(0.3, -0.9, -0.2))}) {
        shader::GpuLight light = light_at({1, 2, 3}, shader::kLightBeam);
        light.axis = {static_cast<float>(axis.x), static_cast<float>(axis.y),
                      static_cast<float>(axis.z), 0};
        const LampView view = lamp_view(light);
        EXPECT_NEAR(glm::length(view.axis - axis), 0, 1e-6);
        EXPECT_NEAR(glm::length(glm::cross(view.right, view.axis) - view.up), 0, 1e-6);
        EXPECT_NEAR(glm::length(view.up), 1, 1e-6);
        EXPECT_NEAR(glm::dot(view.right, view.axis), 0, 1e-6);
    }
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

TEST(Supersampling, LabelsAreThoseOfCentresAndColoursTheTentsMean) {
    const View coarse = view(), fine = doubled(coarse);
    const auto slope = [](double x, double c, double f) { return (x - c) / f; };
    EXPECT_DOUBLE_EQ(slope(10.5, coarse.cx, coarse.fx), slope(20.5, fine.cx, fine.fx));
    EXPECT_DOUBLE_EQ(slope(7.5, coarse.cy, coarse.fy), slope(14.5, fine.cy, fine.fy));

    // Four pixels a side; one sample is lit: a centre, one between two centres, one amid four.
    constexpr std::size_t kFine = 8, kCoarse = 4;
    const auto pictured = [](std::size_t lit_x, std::size_t lit_y) {
        Frame frame;
        frame.image = {.width = kFine, .height = kFine, .channels = 3, .pixels = {}};
        frame.image.pixels.resize(3 * kFine * kFine);
        frame.linear.resize(3 * kFine * kFine);
        for (std::size_t i = 0; i < kFine * kFine; ++i) {
            frame.ids.push_back(static_cast<std::uint32_t>(i));
        }
        frame.image.pixels[3 * (lit_y * kFine + lit_x) + 1] = 160;
        frame.linear[3 * (lit_y * kFine + lit_x) + 2] = 16;
        halve(frame);
        return frame;
    };
    const auto green = [](const Frame& f, std::size_t x, std::size_t y) {
        return static_cast<int>(f.image.pixels.at(3 * (y * kCoarse + x) + 1));
    };
    const auto blue = [](const Frame& f, std::size_t x, std::size_t y) {
        return f.linear.at(3 * (y * kCoarse + x) + 2);
    };
    const Frame centre = pictured(4, 2);
    EXPECT_EQ(centre.image.width, 4);
    ASSERT_EQ(centre.image.pixels.size(), 48U);
    EXPECT_EQ(green(centre, 2, 1), 40);
    EXPECT_EQ(blue(centre, 2, 1), 4);
    EXPECT_EQ(green(centre, 1, 1), 0);
    const Frame between = pictured(3, 2);
    for (const std::size_t x : {1U, 2U}) {
        EXPECT_EQ(green(between, x, 1), 20);
        EXPECT_EQ(blue(between, x, 1), 2);
    }
    const Frame amid = pictured(3, 3);
    for (const std::size_t x : {1U, 2U}) {
        for (const std::size_t y : {1U, 2U}) EXPECT_EQ(green(amid, x, y), 10);
    }
    ASSERT_EQ(centre.ids.size(), 16U);
    for (std::size_t y = 0; y < 4; ++y) {
        for (std::size_t x = 0; x < 4; ++x) {
            EXPECT_EQ(centre.ids[y * 4 + x], 2 * y * kFine + 2 * x);
        }
    }
}

TEST(Supersampling, EvenLightStaysAsItIsUpToTheBorder) {
    Frame frame;
    frame.image = {.width = 6, .height = 4, .channels = 3, .pixels = {}};
    frame.image.pixels.assign(72, 77);
    frame.linear.assign(72, 0.3F);
    halve(frame);
    EXPECT_EQ(frame.image.pixels, std::vector<std::uint8_t>(18, 77));
    for (const float value : frame.linear) EXPECT_FLOAT_EQ(value, 0.3F);
}

}  // namespace
}  // namespace huntsman::engine::render
