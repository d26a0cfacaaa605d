// The shapes in which a quantity goes from one value to another [OpenSCENARIO 1.3, section
// "Dynamics"].
#pragma once

#include <cmath>

#include "engine/math/vec.h"
#include "scenarios/story/story.h"

namespace huntsman::scenarios::player {

// Share of the way done, 0 to 1, after the share u of time or distance.
inline double shape_at(story::Shape shape, double u) {
    if (u >= 1 || shape == story::Shape::kStep) return 1;
    if (u <= 0) return 0;
    switch (shape) {
        case story::Shape::kCubic:
            return u * u * (3 - 2 * u);
        case story::Shape::kSinusoidal:
            return (1 - std::cos(engine::math::kPi * u)) / 2;
        default:
            return u;
    }
}
// Its derivative by u.
inline double shape_slope(story::Shape shape, double u) {
    if (u < 0 || u > 1 || shape == story::Shape::kStep) return 0;
    switch (shape) {
        case story::Shape::kCubic:
            return 6 * u * (1 - u);
        case story::Shape::kSinusoidal:
            return engine::math::kPi / 2 * std::sin(engine::math::kPi * u);
        default:
            return 1;
    }
}
// The largest slope of a shape: a rate is the largest rate of change during a transition.
inline double largest_slope(story::Shape shape) {
    return shape == story::Shape::kCubic        ? 1.5
           : shape == story::Shape::kSinusoidal ? engine::math::kPi / 2
                                                : 1.0;
}
// Length of a transition in its dimension: seconds, or metres for distances.
inline double transition_length(const story::Dynamics& dynamics, double change) {
    if (dynamics.shape == story::Shape::kStep) return 0;
    if (dynamics.dimension != story::Dimension::kRate) return dynamics.value;
    if (!(dynamics.value > 0)) return std::abs(change) > 1e-9 ? 1e9 : 0;
    return std::abs(change) * largest_slope(dynamics.shape) / dynamics.value;
}

}  // namespace huntsman::scenarios::player
