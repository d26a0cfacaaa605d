// What falls through the air, as far as it dims what lies behind. Streaks and flakes themselves are
// drawn by shaders/precipitation.glsl.
#pragma once

namespace huntsman::engine::render {

// Extinction of light by drops or flakes [1/m] at a rate of water [mm/h]. Rain: 0.365 R^0.63 per
// km, from Marshall and Palmer's drops [Atlas 1953]. Snow dims about seven times as much at the
// same rate of water [Rasmussen et al. 1999: visibility 0.4 to 1.5 km at 1 to 3 mm/h].
//   Atlas, D.: Optical extinction by rainfall, J. Meteorology 10, 1953.
//   Rasmussen, R. M. et al.: The estimation of snowfall rate using visibility, J. Appl. Meteor. 38,
//     1999.
double rain_extinction_per_m(double rain_mm_h, bool flakes);

}  // namespace huntsman::engine::render
