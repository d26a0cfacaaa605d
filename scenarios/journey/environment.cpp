#include "scenarios/journey/environment.h"

#include "engine/core/dice.h"

namespace huntsman::scenarios::journey {

using engine::core::Dice;

engine::world::Environment environment(const engine::core::Key& key) {
    Dice dice(key.with("environment"));
    engine::world::Environment e;
    e.sun_azimuth_rad = dice.uniform(-3.141592653589793, 3.141592653589793);
    e.sun_elevation_rad = dice.chance(0.25) ? dice.uniform(0.25, 0.4) : dice.uniform(0.4, 1.1);
    // The words follow the numbers.
    const double kind = dice.uniform(0, 1);
    if (kind < 0.55) {
        e.cloud_cover = dice.uniform(0.0, 0.3);
        e.turbidity = dice.uniform(2.2, 3.5);
        e.weather = "clear";
    } else if (kind < 0.8) {
        e.cloud_cover = dice.uniform(0.5, 0.95);
        e.turbidity = dice.uniform(3.0, 5.5);
        e.weather = "cloudy";
    } else {
        e.cloud_cover = dice.uniform(0.75, 1.0);
        e.turbidity = dice.uniform(4.0, 6.0);
        e.fog_per_m = dice.uniform(0.0005, 0.002);
        e.wetness = dice.uniform(0.5, 1.0);
        e.weather = "rain-wet";
    }
    e.friction = e.wetness > 0 ? 0.7 : 1.0;
    e.light = e.sun_elevation_rad < 0.4 ? "low sun" : "day";
    return e;
}

}  // namespace huntsman::scenarios::journey
