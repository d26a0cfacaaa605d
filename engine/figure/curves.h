// Curves that motion is made of.
#pragma once

#include <algorithm>

namespace huntsman::engine::figure {

// 0 up to `low`, 1 from `high` on, with level ends.
inline double smooth_step(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

// A cubic between two values with their slopes; t from 0 to 1.
inline double hermite(double a, double slope_a, double b, double slope_b, double t) {
    const double t2 = t * t, t3 = t2 * t;
    return a * (2 * t3 - 3 * t2 + 1) + slope_a * (t3 - 2 * t2 + t) + b * (3 * t2 - 2 * t3) +
           slope_b * (t3 - t2);
}

}  // namespace huntsman::engine::figure
