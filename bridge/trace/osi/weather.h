// Light and weather as OSI classifies them.
#pragma once

#include "engine/core/time.h"
#include "engine/world/world.h"
#include "osi3/osi_environment.pb.h"

namespace huntsman::bridge::trace::osi {

using Conditions = osi3::EnvironmentalConditions;

Conditions::Precipitation precipitation_of(double rain_mm_h);
// Visibility is the path over which 5 % of a beam's light is left, 3.0 over the extinction.
Conditions::Fog fog_of(double extinction_per_m);

// Light of sun and sky [lx], without street lamps: what falls onto level ground, and what comes
// from the sun alone onto a surface that faces it. By day [IES 1984], between the clear, the partly
// cloudy and the cloudy sky by cloud cover; in twilight and at night the usual values of civil,
// nautical and astronomical twilight, between them by powers.
//   IES: Recommended practice for the calculation of daylight availability. J. Illum. Eng. Soc.,
//   13(4), 1984.
struct Daylight {
    double ground_lx = 0, sun_lx = 0;
};
Daylight daylight_of(double sun_elevation_rad, double cloud_cover);
Conditions::AmbientIllumination illumination_of(double ground_lx);

// Azimuth of the sun as OSI counts it: from north over west, in [0, 2 pi).
double azimuth_from_north(double azimuth_from_east_rad);

void set_conditions(Conditions* to, const engine::world::World& world,
                    const engine::world::Environment& environment, engine::core::TimeUs time_us);

}  // namespace huntsman::bridge::trace::osi
