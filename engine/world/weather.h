// Weather that changes over time: a programme of states between which everything runs linearly, and
// the sun from date, time and place.
//
// The environment of a moment is a pure function of world and time, so that it needs no state of
// its own and a run can be replayed. References: sun position after [Meeus 1998, ch. 25], good to
// 0.02 degrees between 1950 and 2050.
//   Meeus, J.: Astronomical Algorithms, 2nd ed., Willmann-Bell 1998.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace huntsman::engine::world {

// Where the map lies and when the run starts. Times are universal (UTC).
struct SunClock {
    double latitude_rad = 0, longitude_rad = 0;  // north and east positive
    int year = 2024, month = 6, day = 21;
    double hour = 12;
    double speed = 1;  // hours of the day pass this much faster than the run
};

// Direction to the sun: azimuth from east towards north, as in Environment, and elevation above the
// horizon [rad], without refraction.
struct SunPosition {
    double azimuth_rad = 0, elevation_rad = 0;
};
SunPosition sun_position(const SunClock& clock, double run_time_s);

// What the sky and the road are like at one time of the programme. Levels are 0..1.
struct WeatherState {
    double time_s = 0;
    double cloud_cover = 0.1;
    double turbidity = 3.0;
    double fog_per_m = 0;  // extinction; visibility is about 3.9 / fog
    double rain_mm_h = 0;
    double wetness = 0;     // film of water on the road
    double puddles = 0;     // share of hollows that are filled
    double snow_cover = 0;  // share of the ground that is white
};

// Tyre-road coefficient of these conditions against a dry road: film of water 0.7, standing water
// 0.55, snow 0.3; between them linear. [Wallman, Astrom 2001, Friction measurement methods, VTI
// 911A: wet 0.4 to 0.7, packed snow 0.2 to 0.3 of a dry 0.8 to 1.0]
double friction_of(const WeatherState& state);

struct WeatherProgramme {
    std::vector<WeatherState> states;  // by increasing time; empty: the environment stays as it is
    std::optional<SunClock> sun;       // none: the sun stands still
    bool constant() const { return states.empty() && !sun; }
};

// The state of a moment: linear between the programme's, constant before the first and after the
// last.
WeatherState weather_at(const WeatherProgramme& programme, double time_s);

// One word for catalogues: "clear", "cloudy", "fog", "rain-wet", "rain", "snow".
std::string word_of(const WeatherState& state);

}  // namespace huntsman::engine::world
