// A spinning lidar by ray casting, as the data sets that drive research have it.
//
// The head turns clockwise seen from above, once a sweep, and starts facing backwards. Each column
// of beams is fired at its own moment: the carrier and everything that moves are where they are
// then (world::advanced), and the points are given in the sensor's frame L at the sweep's end, as a
// driver with ego motion gives them.
//
//   auto lidar = Lidar::create(world, hdl32e());    // once per world; the static scene's tree
//   LidarSweep sweep = lidar->sweep(state, X_BL);   // that ends at the state's time
//
// A return is seen where ρ cos(θ) e^(-2αR) / R² reaches what 0.1 gives at the reference range, with
// reflectance ρ, incidence θ and extinction α: fog's, and rain's of 1.076 I^0.67 dB/km [Carbonneau
// and Wisely 1998]. Returns of surfaces that reflect back, such as signs and plates, are stronger.
//   Carbonneau, Wisely: Opportunities and challenges for optical wireless, Proc. SPIE 3532, 1998.
#pragma once

#include <memory>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/state.h"
#include "engine/world/world.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::lidar {

struct Model {
    std::vector<double> elevations_rad;  // of the rings, lowest first; at most 256
    int columns = 1084;                  // a turn
    engine::core::TimeUs period_us = 50'000;
    double range_m = 100;           // beyond, nothing returns
    double nearest_m = 1.0;         // closer, nothing returns
    double reference_range_m = 70;  // where a reflectance of 0.1 is just seen
    double range_noise_m = 0.02;    // standard deviation
};

// Velodyne HDL-32E as nuScenes uses it: 32 rings from -30.67° to 10.67°, 20 Hz. [Caesar et al.
// 2020]
Model hdl32e();

class Lidar {
  public:
    // `world` must outlive it. Cost: about a second for a town of a million triangles.
    static engine::core::Result<Lidar> create(const engine::world::World& world,
                                              const Model& model);
    ~Lidar();
    Lidar(Lidar&&) noexcept;
    Lidar& operator=(Lidar&&) noexcept;

    // Points in order of column and ring. Noise is a function of the world's seed and the state's
    // time. The ego itself is not seen.
    labels::LidarSweep sweep(const engine::world::State& state,
                             const engine::math::RigidTransform& X_BL) const;

    // Where the sensor stands on a car: on the roof, x of L to the right.
    static engine::math::RigidTransform mounting(const engine::world::Extent& extent);

  private:
    struct Impl;
    explicit Lidar(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Share of light at 905 nm that a material scatters back under normal incidence, and whether it
// sends light back to where it came from. Rounded from measured spectra [Meerdink et al. 2019,
// ECOSTRESS library]; paint is brighter there than its colour.
struct Echo {
    double reflectance = 0.3;
    bool retro = false;
};
Echo echo_of(engine::world::Material material);

}  // namespace huntsman::sensors::lidar
