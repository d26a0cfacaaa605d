#include "bridge/trace/osi/weather.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace huntsman::bridge::trace::osi {

using engine::math::kPi;

Conditions::Precipitation precipitation_of(double rain_mm_h) {
    if (rain_mm_h < 0.1) return Conditions::PRECIPITATION_NONE;
    if (rain_mm_h < 0.5) return Conditions::PRECIPITATION_VERY_LIGHT;
    if (rain_mm_h < 1.9) return Conditions::PRECIPITATION_LIGHT;
    if (rain_mm_h < 8.1) return Conditions::PRECIPITATION_MODERATE;
    if (rain_mm_h < 34) return Conditions::PRECIPITATION_HEAVY;
    if (rain_mm_h < 149) return Conditions::PRECIPITATION_VERY_HEAVY;
    return Conditions::PRECIPITATION_EXTREME;
}

Conditions::Fog fog_of(double extinction_per_m) {
    const double visibility_m = extinction_per_m > 0 ? -std::log(0.05) / extinction_per_m
                                                     : std::numeric_limits<double>::infinity();
    if (visibility_m < 50) return Conditions::FOG_DENSE;
    if (visibility_m < 200) return Conditions::FOG_THICK;
    if (visibility_m < 1000) return Conditions::FOG_LIGHT;
    if (visibility_m < 2000) return Conditions::FOG_MIST;
    if (visibility_m < 4000) return Conditions::FOG_POOR_VISIBILITY;
    if (visibility_m < 10000) return Conditions::FOG_MODERATE_VISIBILITY;
    if (visibility_m < 40000) return Conditions::FOG_GOOD_VISIBILITY;
    return Conditions::FOG_EXCELLENT_VISIBILITY;
}

Daylight daylight_of(double sun_elevation_rad, double cloud_cover) {
    // Twilight: sun's elevation [degrees] and light of a clear sky [lx].
    struct Twilight {
        double elevation_deg, lx;
    };
    constexpr Twilight kTwilight[] = {{-18, 0.0006}, {-12, 0.008}, {-6, 3.4}, {0, 800}};
    const double elevation_deg = sun_elevation_rad * 180 / kPi;
    if (elevation_deg <= kTwilight[0].elevation_deg) return {kTwilight[0].lx, 0};
    for (std::size_t i = 1; i < std::size(kTwilight); ++i) {
        const auto &a = kTwilight[i - 1], &b = kTwilight[i];
        if (elevation_deg >= b.elevation_deg) continue;
        const double t = (elevation_deg - a.elevation_deg) / (b.elevation_deg - a.elevation_deg);
        return {a.lx * std::pow(b.lx / a.lx, t), 0};
    }
    // Day. 127.5 klx before the atmosphere; extinction over 1 / sin of the elevation.
    struct Sky {
        double extinction, a_lx, b_lx, power;
        Daylight at(double sine) const {
            const double sun = 127.5e3 * std::exp(-extinction / std::max(sine, 1e-3));
            return {sun * sine + a_lx + b_lx * std::pow(sine, power), sun};
        }
    };
    constexpr Sky kClear{0.21, 800, 15.5e3, 0.5}, kPartly{0.80, 300, 45e3, 1},
        kCloudy{std::numeric_limits<double>::infinity(), 300, 21e3, 1};
    const double sine = std::sin(sun_elevation_rad);
    const double cover = std::clamp(cloud_cover, 0.0, 1.0);
    const Sky &less = cover < 0.5 ? kClear : kPartly, &more = cover < 0.5 ? kPartly : kCloudy;
    const double t = cover < 0.5 ? 2 * cover : 2 * cover - 1;
    const Daylight low = less.at(sine), high = more.at(sine);
    return {low.ground_lx + t * (high.ground_lx - low.ground_lx),
            low.sun_lx + t * (high.sun_lx - low.sun_lx)};
}

Conditions::AmbientIllumination illumination_of(double ground_lx) {
    if (ground_lx < 0.01) return Conditions::AMBIENT_ILLUMINATION_LEVEL1;
    if (ground_lx < 1) return Conditions::AMBIENT_ILLUMINATION_LEVEL2;
    if (ground_lx < 3) return Conditions::AMBIENT_ILLUMINATION_LEVEL3;
    if (ground_lx < 10) return Conditions::AMBIENT_ILLUMINATION_LEVEL4;
    if (ground_lx < 20) return Conditions::AMBIENT_ILLUMINATION_LEVEL5;
    if (ground_lx < 400) return Conditions::AMBIENT_ILLUMINATION_LEVEL6;
    if (ground_lx < 1000) return Conditions::AMBIENT_ILLUMINATION_LEVEL7;
    if (ground_lx < 10000) return Conditions::AMBIENT_ILLUMINATION_LEVEL8;
    return Conditions::AMBIENT_ILLUMINATION_LEVEL9;
}

double azimuth_from_north(double azimuth_from_east_rad) {
    const double azimuth = std::fmod(azimuth_from_east_rad - 0.5 * kPi, 2 * kPi);
    return azimuth < 0 ? azimuth + 2 * kPi : azimuth;
}

namespace {

// OSI counts clouds in eighths of the sky.
osi3::EnvironmentalConditions::CloudLayer::FractionalCloudCover cover_of(double share) {
    using Layer = osi3::EnvironmentalConditions::CloudLayer;
    constexpr Layer::FractionalCloudCover kEighths[] = {
        Layer::FRACTIONAL_CLOUD_COVER_ZERO_OKTAS,  Layer::FRACTIONAL_CLOUD_COVER_ONE_OKTAS,
        Layer::FRACTIONAL_CLOUD_COVER_TWO_OKTAS,   Layer::FRACTIONAL_CLOUD_COVER_THREE_OKTAS,
        Layer::FRACTIONAL_CLOUD_COVER_FOUR_OKTAS,  Layer::FRACTIONAL_CLOUD_COVER_FIVE_OKTAS,
        Layer::FRACTIONAL_CLOUD_COVER_SIX_OKTAS,   Layer::FRACTIONAL_CLOUD_COVER_SEVEN_OKTAS,
        Layer::FRACTIONAL_CLOUD_COVER_EIGHT_OKTAS,
    };
    return kEighths[static_cast<std::size_t>(std::lround(8 * std::clamp(share, 0.0, 1.0)))];
}

}  // namespace

void set_conditions(Conditions* to, const engine::world::World& world,
                    const engine::world::Environment& environment, engine::core::TimeUs time_us) {
    const Daylight light = daylight_of(environment.sun_elevation_rad, environment.cloud_cover);
    to->set_ambient_illumination(illumination_of(light.ground_lx));
    to->set_precipitation(precipitation_of(environment.rain_mm_h));
    to->set_fog(fog_of(environment.fog_per_m));
    to->mutable_clouds()->set_fractional_cloud_cover(cover_of(environment.cloud_cover));
    to->mutable_sun()->set_azimuth(azimuth_from_north(environment.sun_azimuth_rad));
    to->mutable_sun()->set_elevation(environment.sun_elevation_rad);
    to->mutable_sun()->set_intensity(light.sun_lx);
    if (!world.weather.sun) return;
    // Date and time of worlds that have them, in UTC and as the sun has it at the place.
    const auto& clock = *world.weather.sun;
    const double hours = clock.hour + clock.speed * engine::core::seconds(time_us) / 3600;
    const std::chrono::year_month_day date{std::chrono::year(clock.year),
                                           std::chrono::month(static_cast<unsigned>(clock.month)),
                                           std::chrono::day(static_cast<unsigned>(clock.day))};
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    to->set_unix_timestamp(days * 86400 + std::llround(hours * 3600));
    double local_s = std::fmod(hours * 3600 + clock.longitude_rad * 43200 / kPi, 86400);
    if (local_s < 0) local_s += 86400;
    to->mutable_time_of_day()->set_seconds_since_midnight(
        static_cast<std::uint32_t>(std::min(local_s, 86399.0)));
}

}  // namespace huntsman::bridge::trace::osi
