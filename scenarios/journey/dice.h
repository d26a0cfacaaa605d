// Draws of one purpose in sequence: a key and a counter. A world is built by one thread in one
// order, so the sequence is part of its definition.
#pragma once

#include "engine/core/random.h"

namespace huntsman::scenarios::journey {

class Dice {
  public:
    explicit Dice(const engine::core::Key& key) : key_(key) {}
    double uniform(double low, double high) { return key_.uniform(low, high, draw_++); }
    bool chance(double probability) { return key_.uniform(draw_++) < probability; }
    std::size_t index(std::size_t count) {
        return static_cast<std::size_t>(key_.index(count, draw_++));
    }

  private:
    engine::core::Key key_;
    std::uint64_t draw_ = 0;
};

}  // namespace huntsman::scenarios::journey
