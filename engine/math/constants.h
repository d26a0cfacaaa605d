// Constants of nature that several rooms reckon with.
#pragma once

namespace huntsman::engine::math {

constexpr double kGravity_mps2 = 9.81;     // standard acceleration of free fall, rounded
constexpr double kAirDensity_kg_m3 = 1.2;  // at sea level and 20 degrees Celsius

}  // namespace huntsman::engine::math
