// Field lists of weather, light and sun; see engine/core/describe.h.
#pragma once

#include "engine/core/describe.h"
#include "engine/world/world.h"

namespace huntsman::engine::world {

// What a state of the programme and the environment have in common.
namespace about {

constexpr core::About kTurbidity{
    .low = 1.7, .high = 10, .doc = "haze: 2 very clear, 3 clear, 6 hazy (Linke)"};
constexpr core::About kCloudCover = core::share("share of the sky");
constexpr core::About kFog{
    .low = 0, .high = 1, .doc = "extinction; visibility is about 3.9 m / fog"};
constexpr core::About kRain{.low = 0, .high = 200, .doc = "falling rain"};
constexpr core::About kWetness = core::share("film of water on the road");
constexpr core::About kPuddles = core::share("share of hollows that are filled");
constexpr core::About kSnowCover = core::share("share of the ground that is white");

}  // namespace about

constexpr void describe(core::Of<WeatherState>, auto&& field) {
    using W = WeatherState;
    field("time_s", &W::time_s,
          {.low = 0, .high = 1e6, .doc = "since the run's start, rising", .required = true});
    field("cloud_cover", &W::cloud_cover, about::kCloudCover);
    field("turbidity", &W::turbidity, about::kTurbidity);
    field("fog_per_m", &W::fog_per_m, about::kFog);
    field("rain_mm_h", &W::rain_mm_h, about::kRain);
    field("wetness", &W::wetness, about::kWetness);
    field("puddles", &W::puddles, about::kPuddles);
    field("snow_cover", &W::snow_cover, about::kSnowCover);
}

constexpr void describe(core::Of<Environment>, auto&& field) {
    using E = Environment;
    field("sun_azimuth_rad", &E::sun_azimuth_rad,
          core::degrees("sun_azimuth_deg", -360, 360, "from east towards north"));
    field("sun_elevation_rad", &E::sun_elevation_rad,
          core::degrees("sun_elevation_deg", -90, 90, "above the horizon"));
    field("turbidity", &E::turbidity, about::kTurbidity);
    field("cloud_cover", &E::cloud_cover, about::kCloudCover);
    field("fog_per_m", &E::fog_per_m, about::kFog);
    field("wetness", &E::wetness, about::kWetness);
    field("rain_mm_h", &E::rain_mm_h, about::kRain);
    field("puddles", &E::puddles, about::kPuddles);
    field("snow_cover", &E::snow_cover, about::kSnowCover);
    field("friction", &E::friction,
          {.low = 0.05, .high = 1.2, .doc = "tyre-road coefficient of the road as it is"});
    field("light", &E::light, {.doc = "a word for catalogues: day, low sun, dusk"});
    field("weather", &E::weather, {.doc = "a word for catalogues: clear, cloudy, rain-wet, ..."});
}

constexpr void describe(core::Of<SunClock>, auto&& field) {
    using S = SunClock;
    field("latitude_rad", &S::latitude_rad,
          core::degrees("latitude_deg", -90, 90, "of the map, north positive"));
    field("longitude_rad", &S::longitude_rad,
          core::degrees("longitude_deg", -180, 180, "of the map, east positive"));
    // Files have them as one text, "date": "2024-06-21".
    field("year", &S::year, {.low = 1950, .high = 2050, .in_files = false});
    field("month", &S::month, {.low = 1, .high = 12, .in_files = false});
    field("day", &S::day, {.low = 1, .high = 31, .in_files = false});
    field("hour", &S::hour,
          {.low = 0, .high = 24, .doc = "universal time at the run's start", .key = "hour_utc"});
    field("speed", &S::speed,
          {.low = 0,
           .high = 1e5,
           .doc = "how much faster the sun moves than the run",
           .key = "clock_speed"});
}

}  // namespace huntsman::engine::world
