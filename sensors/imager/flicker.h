// Lamps of light-emitting diodes, dimmed by switching them on and off, against the exposure window.
#pragma once

#include <cstdint>

#include "engine/core/random.h"

namespace huntsman::sensors::imager {

struct Pwm {
    double frequency_hz = 0;  // 0: shines all the time
    double duty = 1;          // share of a period that it is on
    double phase = 0;         // of a period, at time 0
};

// How the lamps of an actor are driven: 30 % are bulbs; the rest are switched 90 to 400 times a
// second and are on for 10 to 60 % of the time. Assumed, as of the class; published measurements
// scatter.
Pwm lamp_of(const engine::core::Key& key, std::uint32_t actor);

// Mean light in the window [start, start + length] over the mean of all time: 0 up to 1 / duty.
double flicker_factor(const Pwm& pwm, double start_s, double length_s);

}  // namespace huntsman::sensors::imager
