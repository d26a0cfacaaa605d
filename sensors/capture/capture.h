// Takes the pictures of a rig's cameras: one call of the renderer for all that are due, then each
// through its lens and shutter.
//
// All cameras of a call show one state; the middle line of each picture is exposed at the state's
// time, the others of a rolling shutter before and after it, with everything that moves where its
// velocity takes it. Shadows and lamps are those of the state's time.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/render/exposure.h"
#include "engine/render/renderer.h"
#include "sensors/capture/resample.h"
#include "sensors/capture/shot.h"

namespace huntsman::sensors::capture {

// What is wanted of each shot. Cameras without a sensor always get their picture.
struct CaptureRequest {
    std::span<const engine::world::Camera> cameras;  // true ones, see true_camera
    bool radiance = false;  // of every camera, not only of those with a sensor
    bool ids = true;        // what each pixel shows
    bool labels = true;     // ids, depth, shape
    bool velocity = false;  // of cameras with a sensor: it blurs what moves
    // Largest shift that may be left to resampling within a band of a rolling shutter, for a thing
    // that crosses the picture at its width per second.
    double residual_px = 1.0;
    bool time_passes = false;  // fills the renderer's timing, see RenderRequest
};

// The camera's pose and motion on the ego in a state.
CameraMotion camera_motion(const engine::world::Camera& camera, const engine::world::State& state);

class Capture {
  public:
    // `pool` must outlive the object.
    explicit Capture(engine::core::JobPool& pool) : pool_(pool) {}

    // One shot a camera. Buffers of `shots` are reused. Errors name the camera.
    engine::core::Status take(engine::render::Renderer& renderer, const engine::world::World& world,
                              const engine::world::State& state, const CaptureRequest& request,
                              std::vector<Shot>& shots);

    double render_s() const { return render_s_; }  // of the last call
    double resample_s() const { return resample_s_; }

  private:
    struct Batch;  // the cameras of one call
    engine::core::Result<std::shared_ptr<const CameraPlan>> plan_of(
        const engine::world::Camera& camera, double residual_s);
    engine::core::Result<Batch> plan_batch(const engine::world::State& state,
                                           const CaptureRequest& request);
    void resample(const engine::world::World& world, const engine::world::State& state,
                  const CaptureRequest& request, const Batch& batch, std::vector<Shot>& shots);
    void develop_ideal(const engine::world::Camera& camera, engine::core::TimeUs time_us,
                       Shot& shot);

    engine::core::JobPool& pool_;
    struct KeptPlan {
        double residual_s = 0;
        std::shared_ptr<const CameraPlan> plan;
    };
    std::map<std::string, KeptPlan> plans_;                          // by the camera's name
    std::map<std::string, engine::render::AutoExposure> exposures_;  // by the camera's name
    std::vector<engine::render::Frame> frames_;
    double render_s_ = 0, resample_s_ = 0;
};

}  // namespace huntsman::sensors::capture
