// A space of parameters in which failures are searched, as the unit cube.
//
// A point is a vector u in [0,1)^d. Each dimension's value is the inverse distribution function of
// its declared distribution at u, so that points that are uniform in the cube have the declared
// distribution. Values have the unit that the dimension names; u has none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::bridge::mine {

using Point = std::vector<double>;  // in [0,1)^d

struct Dimension {
    enum Distribution : std::uint8_t {
        kUniform,  // over [low, high]
        kNormal,   // mean at nominal, a quarter of the range as deviation, cut off at the range
        kChoice,   // one of choices; low and high mean nothing
    };
    std::string name, unit;
    Distribution distribution = kUniform;
    double nominal = 0, low = 0, high = 0;
    std::vector<double> choices;  // of kChoice, each once
    std::vector<double> weights;  // probabilities of the choices; none: all alike
};

class Space {
  public:
    // Error, in one sentence: no dimension, a name that is empty or comes twice, a number that is
    // not finite, low not below high, nominal outside the range or not among the choices, no
    // choices, a choice that comes twice, weights that are not one for each choice, not positive or
    // do not add up to 1 (within 1e-9).
    static engine::core::Result<Space> create(std::vector<Dimension> dimensions);

    const std::vector<Dimension>& dimensions() const { return dimensions_; }
    std::size_t size() const { return dimensions_.size(); }

    // By the inverse distribution functions. u: one number in [0, 1) for each dimension.
    std::vector<double> values(const Point& u) const;
    // The way back, by the distribution functions; of a choice the middle of its share of [0, 1).
    // Error: not one value for each dimension, a value out of its range or not among the choices.
    engine::core::Result<Point> unit(const std::vector<double>& values) const;
    // The declared density (of a choice: its probability) as a share of the largest, 0 to 1: the
    // product over all dimensions. 1 everywhere where all are uniform.
    double plausibility(const Point& u) const;

  private:
    explicit Space(std::vector<Dimension> dimensions) : dimensions_(std::move(dimensions)) {}
    std::vector<Dimension> dimensions_;
};

}  // namespace huntsman::bridge::mine
