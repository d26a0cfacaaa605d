// From shots to samples: all labels of each moment of a scene.
//
//   Labeller labeller(world, map, pool, {});
//   for each moment: for (Sample& s : labeller.add(std::move(moment))) write(s);
//   for (Sample& s : labeller.finish()) write(s);
//
// Flow leads to each camera's next picture, so a sample is complete only when all of its cameras
// have taken another: `add` gives back those that are, in the order of their time, and keeps the
// others.
#pragma once

#include <deque>
#include <memory>
#include <span>

#include "engine/core/job_pool.h"
#include "engine/road/road_map.h"
#include "engine/world/state.h"
#include "sensors/capture/capture.h"
#include "sensors/labels/birds_eye.h"
#include "sensors/labels/bodies.h"
#include "sensors/labels/flow.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::labels {

struct LabelOptions {
    double box_range_m = 100;  // of objects, signals and signs
    double map_range_m = 70;   // of lanes and marks
    double birds_eye_cell_m = 0.5;
    int birds_eye_cells = 200;
    double lod_error_px = 2;  // the renderer's, see lod_error_px in engine/render
    bool normals = true, flow = true, amodal = true, birds_eye = true, map = true, minds = true;
    std::vector<std::string> profiles;  // their names, of ActorState::profile
};

// One camera's part of a moment.
struct TakenPicture {
    engine::world::Camera camera;  // as it truly is
    engine::world::Camera stated;  // as users are told
    capture::Shot shot;
    engine::core::Image image;       // developed
    std::vector<std::uint16_t> raw;  // empty unless wanted
    bool keep_linear = false;
};
struct Moment {
    std::string scene;
    std::uint64_t frame = 0;
    engine::world::State state;
    std::vector<TakenPicture> pictures;
    LidarSweep lidar;
};

class Labeller {
  public:
    // World, map and pool must outlive the object.
    Labeller(const engine::world::World& world, const engine::road::RoadMap& map,
             engine::core::JobPool& pool, const LabelOptions& options);
    ~Labeller();

    std::vector<Sample> add(Moment moment);
    std::vector<Sample> finish();

  private:
    struct Pending;
    std::vector<Sample> take_complete(bool all);
    void label(Pending& pending, std::vector<TakenPicture>& pictures);
    void connect(Pending& later);

    const engine::world::World& world_;
    engine::core::JobPool& pool_;
    LabelOptions options_;
    Bodies bodies_;
    GroundRaster ground_;
    std::deque<std::unique_ptr<Pending>> pending_;  // by time
};

}  // namespace huntsman::sensors::labels
