#include "engine/world/story_state.h"

namespace huntsman::engine::world {

void ScriptedEnvironment::apply_to(Environment& environment) const {
    const auto set = [](const std::optional<double>& given, double& value) {
        if (given) value = *given;
    };
    set(sun_azimuth_rad, environment.sun_azimuth_rad);
    set(sun_elevation_rad, environment.sun_elevation_rad);
    set(cloud_cover, environment.cloud_cover);
    set(fog_per_m, environment.fog_per_m);
    set(rain_mm_h, environment.rain_mm_h);
    set(snow_cover, environment.snow_cover);
    set(wetness, environment.wetness);
    set(puddles, environment.puddles);
    set(friction, environment.friction);
}

}  // namespace huntsman::engine::world
