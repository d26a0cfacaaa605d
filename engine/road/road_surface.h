// Height, normal and friction of roads and ground as a function of place, from the road model.
//
// Outside junctions the surface is the model's own: elevation, superelevation, crossfall, shape and
// lane heights, good to 1 mm. Kerbs are ramps of 15 cm on the higher lane's side. In junctions the
// connecting roads overlap: their heights are blended with weights that fade to nothing at their
// borders, and those whose carriageway holds the point outweigh those with a pavement there, so
// that height is continuous. Roads outside junctions outweigh connecting roads. Off roads there is
// the terrain, met within 1.5 m of a road's edge, or the height of the closest edge where the world
// has none.
//
// On several levels the highest surface counts that is not more than 1 m above the point.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/road/surface.h"
#include "engine/world/road_model.h"
#include "engine/world/terrain.h"

namespace huntsman::engine::road {

class RoadSurface {
  public:
    // Refers to the model and the terrain, which must outlive it; `terrain` may be null or empty.
    RoadSurface(const world::RoadModel& model, const world::Terrain* terrain);
    ~RoadSurface();
    RoadSurface(RoadSurface&&) noexcept;
    RoadSurface& operator=(RoadSurface&&) noexcept;

    // Cost: about 0.5 us on a road, 1 us in a junction.
    Surface at(const math::Vec3& p) const;

  private:
    struct Index;
    std::unique_ptr<Index> index_;
};

}  // namespace huntsman::engine::road
