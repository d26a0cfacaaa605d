// Draws of one purpose in sequence: a key and a counter. For what is built by one thread in one
// order, so that the sequence is part of its definition.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/random.h"

namespace huntsman::engine::core {

class Dice {
  public:
    explicit Dice(const Key& key) : key_(key) {}
    double uniform(double low, double high) { return key_.uniform(low, high, draw_++); }
    bool chance(double probability) { return key_.uniform(draw_++) < probability; }
    std::size_t index(std::size_t count) {
        return static_cast<std::size_t>(key_.index(count, draw_++));
    }
    int integer(int low, int high) {  // both included
        return low + static_cast<int>(index(static_cast<std::size_t>(high - low + 1)));
    }

  private:
    Key key_;
    std::uint64_t draw_ = 0;
};

}  // namespace huntsman::engine::core
