// What never moves and hides: houses, walls, hedges, trunks, parked vehicles. And street lamps,
// which make things visible at night.
//
// Built once for a world; then it does not change. Hills do not hide: the terrain lies
// over tunnels, and where it stands between two places on roads is not known cheaply.
#pragma once

#include <span>
#include <vector>

#include "agents/senses/sight_box.h"
#include "engine/math/grid_index.h"

namespace huntsman::agents::senses {

class SightMap {
  public:
    // Thinner or lower things do not hide a person: poles, signs' posts, bollards, kerbs.
    static constexpr double kThinnest_m = 0.3;
    static constexpr double kLowest_m = 0.5;

    SightMap() = default;  // nothing hides
    explicit SightMap(const world::World& world);

    std::size_t boxes() const { return boxes_.size(); }

    // Those of the `open` points that something hides from the eye. Cost grows with the cells of
    // 8 m between them; no allocation.
    PointSet hidden(const Vec3& eye_W, const Silhouette& points, PointSet open) const;

    // Illuminance at p from the street lamps, all of them lit [lx].
    double street_light_lx(const Vec3& p_W) const;

  private:
    std::vector<SightBox> boxes_;
    math::GridIndex near_;
    std::vector<Vec3> lamps_;  // in W
    math::GridIndex lit_by_;   // lamps by the ground that they light
};

}  // namespace huntsman::agents::senses
