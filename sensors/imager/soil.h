// Rain drops, dirt and ice on the outside of a lens.
//
// They lie far out of focus, so what is seen through them is taken from a shrunk picture. A place
// on the lens stands for a place in the picture.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/core/random.h"
#include "sensors/imager/imager.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

class LensSoil {
  public:
    explicit LensSoil(const engine::core::Key& key) : key_(key) {}

    // Drops appear, grow, run down and dry over seconds; dirt and ice stay as the levels say.
    // A drop is a small lens that shows the surroundings wide and upside down; dirt takes light and
    // scatters some; ice blurs and whitens from the rim inwards.
    void apply(engine::core::JobPool& pool, const Soil& levels, std::int64_t time_us, Plane& light);

  private:
    engine::core::Key key_;
    int width_ = 0, height_ = 0;     // of the maps
    std::vector<float> dirt_, ice_;  // thickness 0..1 at a quarter of the picture's size
    Plane small_, soft_, wide_, scratch_;
    void make_maps(int width, int height);
};

}  // namespace huntsman::sensors::imager
