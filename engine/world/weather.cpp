#include "engine/world/weather.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/world/state.h"
#include "engine/world/weather_fields.h"

namespace huntsman::engine::world {

namespace {

constexpr double kPi = std::numbers::pi;
double radians(double degrees) { return degrees * kPi / 180.0; }

// Days since noon of 1 January 2000 (UTC) [Meeus 1998, eq. 7.1].
double days_since_2000(const SunClock& clock, double run_time_s) {
    int y = clock.year, m = clock.month;
    if (m <= 2) {
        --y;
        m += 12;
    }
    const int century = y / 100, leap = 2 - century + century / 4;
    const double julian =
        std::floor(365.25 * (y + 4716)) + std::floor(30.6001 * (m + 1)) + clock.day + leap - 1524.5;
    return julian - 2451545.0 + (clock.hour + clock.speed * run_time_s / 3600.0) / 24.0;
}

}  // namespace

SunPosition sun_position(const SunClock& clock, double run_time_s) {
    const double days = days_since_2000(clock, run_time_s), t = days / 36525.0;
    // Mean longitude and anomaly, the equation of the centre, true longitude [Meeus 1998, ch. 25].
    const double mean_longitude = 280.46646 + t * (36000.76983 + 0.0003032 * t);
    const double anomaly = radians(357.52911 + t * (35999.05029 - 0.0001537 * t));
    const double centre = (1.914602 - t * (0.004817 + 0.000014 * t)) * std::sin(anomaly) +
                          (0.019993 - 0.000101 * t) * std::sin(2 * anomaly) +
                          0.000289 * std::sin(3 * anomaly);
    const double node = radians(125.04 - 1934.136 * t);
    const double longitude = radians(mean_longitude + centre - 0.00569 - 0.00478 * std::sin(node));
    const double tilt = radians(23.4392911 - 0.0130042 * t + 0.00256 * std::cos(node));
    // Right ascension and declination, then the hour angle from sidereal time [ch. 12, 13].
    const double ascension = std::atan2(std::cos(tilt) * std::sin(longitude), std::cos(longitude));
    const double declination = std::asin(std::sin(tilt) * std::sin(longitude));
    const double sidereal = radians(280.46061837 + 360.98564736629 * days);
    const double hour = sidereal + clock.longitude_rad - ascension;
    const double sine = std::sin(clock.latitude_rad) * std::sin(declination) +
                        std::cos(clock.latitude_rad) * std::cos(declination) * std::cos(hour);
    // East and north components of the direction to the sun.
    const double east = -std::cos(declination) * std::sin(hour);
    const double north = std::sin(declination) * std::cos(clock.latitude_rad) -
                         std::cos(declination) * std::sin(clock.latitude_rad) * std::cos(hour);
    return {std::atan2(north, east), std::asin(std::clamp(sine, -1.0, 1.0))};
}

double friction_of(const WeatherState& state) {
    const auto level = [](double v) { return std::clamp(v, 0.0, 1.0); };
    const double wet = 1.0 - 0.3 * level(state.wetness);
    const double standing = wet + level(state.puddles) * (std::min(wet, 0.55) - wet);
    return standing + level(state.snow_cover) * (std::min(standing, 0.3) - standing);
}

WeatherState weather_at(const WeatherProgramme& programme, double time_s) {
    const auto& states = programme.states;
    if (states.empty()) return {};
    const auto after =
        std::upper_bound(states.begin(), states.end(), time_s,
                         [](double t, const WeatherState& s) { return t < s.time_s; });
    if (after == states.begin()) return states.front();
    if (after == states.end()) return states.back();
    const WeatherState &a = *(after - 1), &b = *after;
    const double u = (time_s - a.time_s) / (b.time_s - a.time_s);
    WeatherState now = core::between(a, b, u);
    now.time_s = time_s;
    return now;
}

namespace {

// A word for the light of a sun at this height.
const char* light_of(double sun_elevation_rad) {
    constexpr double kLow_rad = 0.4;
    return sun_elevation_rad < 0 ? "dusk" : sun_elevation_rad < kLow_rad ? "low sun" : "day";
}

}  // namespace

Environment environment_at(const World& world, core::TimeUs time_us) {
    Environment e = world.environment;
    const double time_s = core::seconds(time_us);
    if (!world.weather.states.empty()) {
        const WeatherState now = weather_at(world.weather, time_s);
        core::copy_common(now, e);
        e.friction = friction_of(now);
        e.weather = word_of(now);
    }
    if (world.weather.sun) {
        const SunPosition sun = sun_position(*world.weather.sun, time_s);
        e.sun_azimuth_rad = sun.azimuth_rad;
        e.sun_elevation_rad = sun.elevation_rad;
        e.light = light_of(sun.elevation_rad);
    }
    return e;
}

Environment environment_at(const World& world, const State& state) {
    return state.environment ? *state.environment : environment_at(world, state.time_us);
}

void set_words(Environment& environment) {
    WeatherState now;
    core::copy_common(environment, now);
    environment.weather = word_of(now);
    environment.light = light_of(environment.sun_elevation_rad);
}

std::string word_of(const WeatherState& state) {
    if (state.snow_cover > 0.3) return "snow";
    if (state.rain_mm_h > 0.2) return "rain";
    if (state.wetness > 0.3) return "rain-wet";
    if (state.fog_per_m > 0.004) return "fog";
    return state.cloud_cover > 0.4 ? "cloudy" : "clear";
}

}  // namespace huntsman::engine::world
