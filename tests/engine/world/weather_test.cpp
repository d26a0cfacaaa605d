#include "engine/world/weather.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/math/vec.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {
namespace {

constexpr double kDegree = math::kPi / 180;
constexpr double kTolerance_deg = 0.02;  // what weather.h states

SunClock clock_at(double latitude_deg, double longitude_deg, int year, int month, int day,
                  double hour) {
    SunClock clock;
    clock.latitude_rad = latitude_deg * kDegree;
    clock.longitude_rad = longitude_deg * kDegree;
    clock.year = year;
    clock.month = month;
    clock.day = day;
    clock.hour = hour;
    return clock;
}

// Highest elevation within half a day of the clock's hour, and the azimuth there [deg].
std::pair<double, double> culmination(const SunClock& clock) {
    std::pair best(-90.0, 0.0);
    for (int s = -12 * 3600; s <= 12 * 3600; s += 20) {
        const SunPosition sun = sun_position(clock, s);
        if (sun.elevation_rad / kDegree > best.first) {
            best = {sun.elevation_rad / kDegree, sun.azimuth_rad / kDegree};
        }
    }
    return best;
}

// The March equinox of 2024 was on 20 March, 03:06 UTC (US Naval Observatory). Where it was noon
// then, the sun stood over the equator.
TEST(SunPosition, EquinoxNoonElevationIsNinetyLessLatitude) {
    for (const double latitude : {-60.0, -33.9, 10.0, 52.5, 70.0}) {
        const auto [elevation, azimuth] =
            culmination(clock_at(latitude, 135.4, 2024, 3, 20, 3.0 + 6.0 / 60));
        EXPECT_NEAR(elevation, 90 - std::abs(latitude), kTolerance_deg);
        // To the south of the northern half of the earth, to the north of the southern.
        EXPECT_NEAR(azimuth, latitude > 0 ? -90 : 90, 1.0) << latitude;
    }
}

// Solstices of 2024: 20 June, 20:51 and 21 December, 09:20 UTC (US Naval Observatory), the sun then
// over 23.436 degrees north and south (mean obliquity of 2024, IAU 2006). Declination changes by
// less than 0.004 degrees in the twelve hours around.
TEST(SunPosition, SolsticeNoonElevations) {
    constexpr double kObliquity_deg = 23.436;
    struct Place {
        double latitude, longitude;
    };
    const Place berlin{52.52, 13.405}, sydney{-33.868, 151.209};
    const auto noon = [](const Place& place, int month, int day) {
        const double hour = 12 - place.longitude / 15;
        return culmination(clock_at(place.latitude, place.longitude, 2024, month, day, hour)).first;
    };
    EXPECT_NEAR(noon(berlin, 6, 20), 90 - 52.52 + kObliquity_deg, kTolerance_deg);
    EXPECT_NEAR(noon(berlin, 12, 21), 90 - 52.52 - kObliquity_deg, kTolerance_deg);
    EXPECT_NEAR(noon(sydney, 6, 20), 90 - 33.868 - kObliquity_deg, kTolerance_deg);
    EXPECT_NEAR(noon(sydney, 12, 21), 90 - 33.868 + kObliquity_deg, kTolerance_deg);
}

// The worked example of [Reda, Andreas 2004, Solar Position Algorithm, NREL/TP-560-34302, table
// A5.1]: 17 October 2003, 19:30:30 UTC, 39.742476 N, 105.1786 W. Elevation before refraction
// 39.872046, azimuth 194.340241 from north to east.
TEST(SunPosition, MatchesThePublishedExampleOfNrel) {
    const SunPosition sun =
        sun_position(clock_at(39.742476, -105.1786, 2003, 10, 17, 19 + 30.0 / 60 + 30.0 / 3600), 0);
    EXPECT_NEAR(sun.elevation_rad / kDegree, 39.872046, kTolerance_deg);
    EXPECT_NEAR(sun.azimuth_rad / kDegree, 90 - 194.340241, kTolerance_deg);
}

// [Meeus 1998, example 25.a]: 13 October 1992, 0 h: declination -7.78507 degrees. At the north pole
// that is the elevation, at any hour.
TEST(SunPosition, MatchesTheExampleOfMeeusAtThePole) {
    const SunPosition sun = sun_position(clock_at(90, 0, 1992, 10, 13, 0), 0);
    EXPECT_NEAR(sun.elevation_rad / kDegree, -7.78507, 0.01);
}

TEST(SunPosition, MovesFromEastToWestAndStaysUpInThePolarSummer) {
    const double morning = sun_position(clock_at(45, 0, 2024, 3, 20, 7), 0).azimuth_rad;
    const double evening = sun_position(clock_at(45, 0, 2024, 3, 20, 17), 0).azimuth_rad;
    EXPECT_GT(std::cos(morning), 0.9);
    EXPECT_LT(std::cos(evening), -0.9);
    for (int hour = 0; hour < 24; ++hour) {
        EXPECT_GT(sun_position(clock_at(75, 20, 2024, 6, 21, hour), 0).elevation_rad, 0.1);
        EXPECT_LT(sun_position(clock_at(75, 20, 2024, 12, 21, hour), 0).elevation_rad, -0.1);
    }
}

TEST(SunPosition, ClockSpeedAndDaysAddUp) {
    SunClock clock = clock_at(52.5, 13.4, 2024, 12, 31, 23);
    clock.speed = 60;
    // Two minutes of the run are two hours: it is 1 o'clock of the next year.
    const SunPosition fast = sun_position(clock, 120);
    const SunPosition later = sun_position(clock_at(52.5, 13.4, 2025, 1, 1, 1), 0);
    EXPECT_NEAR(fast.elevation_rad, later.elevation_rad, 1e-9);
    EXPECT_NEAR(fast.azimuth_rad, later.azimuth_rad, 1e-9);
}

WeatherState state_of(double wetness, double puddles, double snow) {
    WeatherState state;
    state.wetness = wetness;
    state.puddles = puddles;
    state.snow_cover = snow;
    return state;
}

TEST(Weather, RunsLinearlyBetweenItsStatesAndStandsStillOutside) {
    WeatherProgramme programme;
    WeatherState a = state_of(0, 0.2, 0), b = state_of(1, 0.6, 0.5);
    a.time_s = 10;
    b.time_s = 30;
    a.cloud_cover = 0.1;
    b.cloud_cover = 0.9;
    a.turbidity = 2;
    b.turbidity = 6;
    a.fog_per_m = 0.001;
    b.fog_per_m = 0.003;
    a.rain_mm_h = 0;
    b.rain_mm_h = 8;
    programme.states = {a, b};
    const auto fields = [](const WeatherState& s) {
        return std::array{s.cloud_cover, s.turbidity, s.fog_per_m, s.rain_mm_h,
                          s.wetness,     s.puddles,   s.snow_cover};
    };
    for (const double time_s : {-5.0, 0.0, 10.0, 13.0, 20.0, 29.5, 30.0, 31.0, 1e6}) {
        const double u = std::clamp((time_s - 10) / 20, 0.0, 1.0);
        const auto now = fields(weather_at(programme, time_s)), from = fields(a), to = fields(b);
        for (std::size_t i = 0; i < now.size(); ++i) {
            EXPECT_NEAR(now[i], from[i] + u * (to[i] - from[i]), 1e-12) << time_s << ' ' << i;
        }
    }
}

TEST(Weather, FrictionHasItsKnownCornersAndOnlyFalls) {
    EXPECT_EQ(friction_of(state_of(0, 0, 0)), 1.0);
    EXPECT_NEAR(friction_of(state_of(1, 0, 0)), 0.7, 1e-12);
    EXPECT_NEAR(friction_of(state_of(1, 1, 0)), 0.55, 1e-12);
    EXPECT_NEAR(friction_of(state_of(0, 1, 0)), 0.55, 1e-12);
    EXPECT_NEAR(friction_of(state_of(0, 0, 1)), 0.3, 1e-12);
    EXPECT_NEAR(friction_of(state_of(1, 1, 1)), 0.3, 1e-12);
    EXPECT_NEAR(friction_of(state_of(7, -1, 0)), 0.7, 1e-12);  // beyond its range: at its end
    // More of anything never grips better.
    for (double w = 0; w <= 1; w += 0.1) {
        for (double p = 0; p <= 1; p += 0.1) {
            for (double s = 0; s <= 1; s += 0.1) {
                const double here = friction_of(state_of(w, p, s));
                EXPECT_LE(friction_of(state_of(w + 0.1, p, s)), here + 1e-12);
                EXPECT_LE(friction_of(state_of(w, p + 0.1, s)), here + 1e-12);
                EXPECT_LE(friction_of(state_of(w, p, s + 0.1)), here + 1e-12);
                EXPECT_GE(here, 0.3 - 1e-12);
            }
        }
    }
}

TEST(Weather, WordsSayWhatIsWorst) {
    WeatherState state;
    EXPECT_EQ(word_of(state), "clear");
    state.cloud_cover = 0.9;
    EXPECT_EQ(word_of(state), "cloudy");
    state.fog_per_m = 0.01;
    EXPECT_EQ(word_of(state), "fog");
    state.wetness = 0.8;
    EXPECT_EQ(word_of(state), "rain-wet");
    state.rain_mm_h = 3;
    EXPECT_EQ(word_of(state), "rain");
    state.snow_cover = 0.9;
    EXPECT_EQ(word_of(state), "snow");
}

TEST(Environment, StaysAsItIsWithoutAProgramme) {
    World world;
    world.environment.friction = 0.42;
    world.environment.weather = "odd";
    world.environment.sun_elevation_rad = 0.3;
    const Environment later = environment_at(world, core::TimeUs{60'000'000});
    EXPECT_EQ(later.friction, 0.42);
    EXPECT_EQ(later.weather, "odd");
    EXPECT_EQ(later.sun_elevation_rad, 0.3);
}

TEST(Environment, FollowsTheProgrammeAndTheSun) {
    World world;
    world.environment.friction = 0.42;
    WeatherState dry, rain = state_of(1, 0, 0);
    rain.time_s = 100;
    rain.rain_mm_h = 10;
    rain.cloud_cover = 1;
    world.weather.states = {dry, rain};
    const Environment begin = environment_at(world, 0);
    EXPECT_EQ(begin.weather, "clear");
    EXPECT_EQ(begin.friction, 1.0);
    const Environment middle = environment_at(world, core::TimeUs{50'000'000});
    EXPECT_NEAR(middle.wetness, 0.5, 1e-12);
    EXPECT_NEAR(middle.friction, 0.85, 1e-12);
    EXPECT_NEAR(middle.rain_mm_h, 5, 1e-12);
    EXPECT_EQ(middle.weather, "rain");
    EXPECT_EQ(environment_at(world, core::TimeUs{200'000'000}).friction, 0.7);

    // Berlin in June: night, low sun, day.
    SunClock clock = clock_at(52.52, 13.405, 2024, 6, 20, 0);
    clock.speed = 3600;  // an hour a second
    world.weather.sun = clock;
    EXPECT_EQ(environment_at(world, 0).light, "dusk");
    EXPECT_EQ(environment_at(world, core::TimeUs{5'000'000}).light, "low sun");
    const Environment noon = environment_at(world, core::TimeUs{11'100'000});
    EXPECT_EQ(noon.light, "day");
    EXPECT_NEAR(noon.sun_elevation_rad / kDegree, 60.9, 0.1);
}

}  // namespace
}  // namespace huntsman::engine::world
