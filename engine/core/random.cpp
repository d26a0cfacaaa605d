#include "engine/core/random.h"

#include <cmath>
#include <numbers>

namespace huntsman::engine::core {

double Key::normal(std::uint64_t draw) const {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(2 * draw)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(2 * draw + 1));
}

}  // namespace huntsman::engine::core
