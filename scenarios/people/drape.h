// The outline of a trunk as cloth that hangs from it sees it: radii around the trunk's axis over
// direction and height.
#pragma once

#include <vector>

#include "scenarios/people/places.h"

namespace huntsman::scenarios::people {

class Drape {
  public:
    // Of the points of `cover` that are no arm's, from `low_m` to `high_m`. Cloth falls from the
    // widest place above and draws in by `hang` metres for each metre down.
    Drape(const Places& places, const Piece& cover, double low_m, double high_m, double hang);
    // Radius at a direction (0 forward, counter-clockwise) and a height.
    double radius_m(double direction_rad, double z_m) const;

  private:
    static constexpr int kDirections = 48;
    static constexpr int kHeights = 64;
    double& cell(int direction, int height) {
        return radii_[static_cast<std::size_t>(height * kDirections +
                                               (direction + kDirections) % kDirections)];
    }
    double at(int direction, int height) const {
        return radii_[static_cast<std::size_t>(height * kDirections +
                                               (direction + kDirections) % kDirections)];
    }
    double low_, high_;
    std::vector<double> radii_;
};

}  // namespace huntsman::scenarios::people
