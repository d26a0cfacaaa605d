// The surface of an animal's flesh: strands that melt together, and the mesh of where they end.
#pragma once

#include <vector>

#include "scenarios/animals/animal.h"
#include "scenarios/people/piece.h"

namespace huntsman::scenarios::animals {

// Depth below the surface of a strand of elliptic cross-section, outside positive, near it about
// the distance [m].
double distance_m(const std::vector<Station>& stations, const engine::math::Vec3& p);

// One surface's strands as a field: below 0 inside.
class Flesh {
  public:
    Flesh(const Animal& animal, Surface surface);

    bool empty() const { return stretches_.empty(); }
    double at(const engine::math::Vec3& p) const;
    engine::math::Vec3 normal(const engine::math::Vec3& p) const;
    // What carries a point: near stretches, those of both sides.
    people::Influences carried(const engine::math::Vec3& p) const;

    // The surface in cells of this size, half of it where the head and the feet are. Points lie on
    // the surface within a hundredth of a cell; they have normals, and what carries them.
    people::Piece surface(double cell_m) const;

  private:
    struct Stretch {
        Station from, to;
        engine::figure::Joint joint;
        double blend_m;
        bool first;                    // of its strand
        bool of_head;                  // whose strand begins at the head
        engine::math::Vec3 low, high;  // beyond which it changes nothing
    };
    std::vector<double> lines(int axis, double cell_m) const;

    std::vector<Stretch> stretches_;
};

}  // namespace huntsman::scenarios::animals
