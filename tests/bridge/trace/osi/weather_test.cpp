#include "bridge/trace/osi/weather.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::bridge::trace::osi {
namespace {

using engine::math::kPi;

TEST(OsiWeather, RainHasTheClassesOfTheStandard) {
    EXPECT_EQ(precipitation_of(0), Conditions::PRECIPITATION_NONE);
    EXPECT_EQ(precipitation_of(0.0999), Conditions::PRECIPITATION_NONE);
    EXPECT_EQ(precipitation_of(0.1), Conditions::PRECIPITATION_VERY_LIGHT);
    EXPECT_EQ(precipitation_of(1.9), Conditions::PRECIPITATION_MODERATE);
    EXPECT_EQ(precipitation_of(33), Conditions::PRECIPITATION_HEAVY);
    EXPECT_EQ(precipitation_of(200), Conditions::PRECIPITATION_EXTREME);
}

TEST(OsiWeather, FogHasTheClassesOfTheStandard) {
    // 5 % of the light is left after 3.0 / extinction.
    EXPECT_EQ(fog_of(0), Conditions::FOG_EXCELLENT_VISIBILITY);
    EXPECT_EQ(fog_of(2.9957 / 49), Conditions::FOG_DENSE);
    EXPECT_EQ(fog_of(2.9957 / 51), Conditions::FOG_THICK);
    EXPECT_EQ(fog_of(2.9957 / 999), Conditions::FOG_LIGHT);
    EXPECT_EQ(fog_of(2.9957 / 1001), Conditions::FOG_MIST);
    EXPECT_EQ(fog_of(2.9957 / 39000), Conditions::FOG_GOOD_VISIBILITY);
}

TEST(OsiWeather, SunIsCountedFromNorthOverWest) {
    EXPECT_NEAR(azimuth_from_north(0.5 * kPi), 0, 1e-12);       // north
    EXPECT_NEAR(azimuth_from_north(kPi), 0.5 * kPi, 1e-12);     // west
    EXPECT_NEAR(azimuth_from_north(-0.5 * kPi), kPi, 1e-12);    // south
    EXPECT_NEAR(azimuth_from_north(0), 1.5 * kPi, 1e-12);       // east
    EXPECT_NEAR(azimuth_from_north(7 * kPi), 0.5 * kPi, 1e-9);  // west, turns later
}

TEST(OsiWeather, DaylightHasKnownValues) {
    // The zenith under a clear sky: 127.5 exp(-0.21) + 0.8 + 15.5 klx.
    EXPECT_NEAR(daylight_of(0.5 * kPi, 0).ground_lx, 127.5e3 * std::exp(-0.21) + 16.3e3, 1);
    // Overcast: 0.3 + 21 klx, and no sun.
    EXPECT_NEAR(daylight_of(0.5 * kPi, 1).ground_lx, 21.3e3, 1);
    EXPECT_EQ(daylight_of(0.5 * kPi, 1).sun_lx, 0);
    // The end of civil twilight.
    EXPECT_NEAR(daylight_of(-6 * kPi / 180, 0).ground_lx, 3.4, 1e-6);
}

TEST(OsiWeather, LightGrowsWithTheSun) {
    for (const double cover : {0.0, 0.3, 0.7, 1.0}) {
        double before = 0;
        for (double deg = -20; deg <= 90; deg += 0.5) {
            const double lx = daylight_of(deg * kPi / 180, cover).ground_lx;
            // Twilight is that of a clear sky; under clouds the step to day may go down.
            if (deg != 0) EXPECT_GE(lx, before) << deg << " " << cover;
            before = lx;
        }
    }
}

TEST(OsiWeather, IlluminationHasTheLevelsOfTheStandard) {
    EXPECT_EQ(illumination_of(0.0006), Conditions::AMBIENT_ILLUMINATION_LEVEL1);
    EXPECT_EQ(illumination_of(0.5), Conditions::AMBIENT_ILLUMINATION_LEVEL2);
    EXPECT_EQ(illumination_of(3), Conditions::AMBIENT_ILLUMINATION_LEVEL4);
    EXPECT_EQ(illumination_of(399), Conditions::AMBIENT_ILLUMINATION_LEVEL6);
    EXPECT_EQ(illumination_of(120000), Conditions::AMBIENT_ILLUMINATION_LEVEL9);
}

TEST(OsiWeather, TimeOfDayIsThatOfThePlace) {
    engine::world::World world;
    world.weather.sun = {
        .longitude_rad = 15 * kPi / 180, .year = 1970, .month = 1, .day = 2, .hour = 6};
    Conditions conditions;
    set_conditions(&conditions, world, {}, 10'000'000);
    EXPECT_EQ(conditions.unix_timestamp(), 86400 + 6 * 3600 + 10);
    EXPECT_EQ(conditions.time_of_day().seconds_since_midnight(), 7U * 3600 + 10);
    world.weather.sun.reset();
    Conditions none;
    set_conditions(&none, world, {}, 0);
    EXPECT_FALSE(none.has_time_of_day());
}

}  // namespace
}  // namespace huntsman::bridge::trace::osi
