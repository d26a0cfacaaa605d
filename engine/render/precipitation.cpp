#include "engine/render/precipitation.h"

#include <algorithm>
#include <cmath>

namespace huntsman::engine::render {

double rain_extinction_per_m(double rain_mm_h, bool flakes) {
    const double rate = std::max(0.0, rain_mm_h);
    return (flakes ? 2.6e-3 : 0.365e-3) * std::pow(rate, 0.63);
}

}  // namespace huntsman::engine::render
