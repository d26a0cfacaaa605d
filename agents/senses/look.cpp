#include "agents/senses/look.h"

#include <algorithm>
#include <cmath>

namespace huntsman::agents::senses {

namespace {

using math::Vec2;
using math::Vec3;

// Illuminance on level ground under a clear sky, by the sun's height; logarithms are linear
// between.
struct SkyLight {
    double elevation_rad, lx;
};
constexpr SkyLight kClearSky[] = {
    {-18 * kDegree, 0.001}, {-12 * kDegree, 0.008}, {-6 * kDegree, 3.4},   {0, 400},
    {5 * kDegree, 4000},    {10 * kDegree, 10000},  {20 * kDegree, 25000}, {40 * kDegree, 60000},
    {60 * kDegree, 90000},  {90 * kDegree, 110000}};

double clear_sky_lx(double elevation_rad) {
    const SkyLight* const end = std::end(kClearSky);
    const SkyLight* const after = std::find_if(std::begin(kClearSky), end, [&](const SkyLight& s) {
        return s.elevation_rad > elevation_rad;
    });
    if (after == std::begin(kClearSky)) return after->lx;
    if (after == end) return (end - 1)->lx;
    const SkyLight& before = *(after - 1);
    const double u =
        (elevation_rad - before.elevation_rad) / (after->elevation_rad - before.elevation_rad);
    return before.lx * std::pow(after->lx / before.lx, u);
}

// The sun dazzles while it stands lower than a windscreen's upper edge.
constexpr double kLowSun_rad = 25 * kDegree;
// Share of a low sun in the light on level ground; the rest is the sky's.
constexpr double kDirectShare = 0.6;

}  // namespace

Daylight daylight(const world::Environment& environment) {
    const double elevation = environment.sun_elevation_rad;
    Daylight light;
    const double clear_lx = clear_sky_lx(elevation);
    const double clouds = 0.75 * std::pow(environment.cloud_cover, 3.4);
    light.ambient_lx = clear_lx * (1 - clouds);
    light.to_sun_W = Vec3(std::cos(elevation) * math::direction(environment.sun_azimuth_rad),
                          std::sin(elevation));
    if (elevation > 0 && elevation < kLowSun_rad) {
        const double direct_lx = kDirectShare * clear_lx / std::sin(std::max(elevation, kDegree));
        light.glare_lx = direct_lx * (1 - environment.cloud_cover);
    }
    const double rain = environment.rain_mm_h;
    light.extinction_per_m = environment.fog_per_m + 0.337e-3 * std::pow(rain, 0.63);
    light.windscreen = 1 / (1 + rain / 25);
    return light;
}

double dipped_light_lx(double distance_m, double aside_rad) {
    constexpr double kIntensity_cd = 5000;       // on a standing person; see the header
    constexpr double kWidth_rad = 20 * kDegree;  // where 1/e is left
    constexpr double kNearest_m = 3;             // closer by the beam passes beside and below
    const double d = std::max(distance_m, kNearest_m);
    return kIntensity_cd / (d * d) * std::exp(-math::square(aside_rad / kWidth_rad));
}

double contrast_in_glare(const Daylight& light, double from_sun_rad) {
    if (light.glare_lx <= 0) return 1;
    constexpr double kReflectance = 0.3;  // of roads and surroundings
    constexpr double kLeast_deg = 1;      // the formula holds from there on
    const double background = kReflectance * light.ambient_lx / math::kPi;
    const double veil =
        10 * light.glare_lx / math::square(std::max(from_sun_rad / kDegree, kLeast_deg));
    return background / (background + veil);
}

double detection_probability(const LookFactors& f) {
    if (f.eccentricity_rad > kField_rad || f.size_rad <= 0) return 0;
    constexpr double kNoticed_rad = kNoticed_arcmin / 60 * kDegree;
    constexpr double kHalfMotion_rad_s = 2 * kDegree;
    const double noticed = kNoticed_rad * (1 + f.eccentricity_rad / kDoubling_rad);
    const double root = std::sqrt(std::max(f.light_lx, 0.0));
    const double sensitivity = root / (root + std::sqrt(kRootToWeber_lx));
    const double motion = 1 + f.motion_rad_s / (f.motion_rad_s + kHalfMotion_rad_s);
    const double v2 = math::square(f.size_rad / noticed * f.contrast * sensitivity * motion);
    const double rate =
        kMostRate_per_s * (f.expected ? kExpected : 1) * f.attention * v2 / (1 + v2);
    return 1 - std::exp(-rate * kLook_s);
}

double highest_probability(double attention, bool expected) {
    return 1 - std::exp(-kMostRate_per_s * (expected ? kExpected : 1) * attention * kLook_s);
}

double apparent_motion_rad_s(const Vec2& to_target_m, const Vec2& v_mps, double size_m) {
    const double square = std::max(glm::dot(to_target_m, to_target_m), 1.0);  // not closer than 1 m
    const double across = std::abs(math::cross(to_target_m, v_mps)) / square;
    const double closing = -glm::dot(to_target_m, v_mps) / std::sqrt(square);
    return across + size_m * std::max(closing, 0.0) / square;
}

}  // namespace huntsman::agents::senses
