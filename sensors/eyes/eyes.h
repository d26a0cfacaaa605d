// A rig that sees: which cameras are due, where calibration error has left them, their shots, and
// the pictures that their image sensors make of them.
//
// What exposure control remembers is the only state. Pictures depend on (world, states looked at,
// seed), not on threads.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/render/renderer.h"
#include "sensors/capture/capture.h"
#include "sensors/imager/imager.h"
#include "sensors/labels/labeller.h"

namespace huntsman::sensors::eyes {

// Whether a camera's picture is due at the tick of `time_us`: the first tick at or after each
// phase + k period. A camera without a period of its own has the rig's.
bool due(const engine::world::Rig& rig, const engine::world::Camera& camera,
         engine::core::TimeUs time_us);

// Longest step that meets all due ticks of all cameras: the rig's period if no camera has times of
// its own, else a tick.
engine::core::TimeUs step_us(const engine::world::Rig& rig);

struct PictureRequest {
    bool ids = true;        // what each pixel shows
    bool labels = true;     // ids, depth and shape
    bool radiance = false;  // keep linear radiance
    bool raw = false;       // keep the sensor's mosaic
    bool all = false;       // every camera, due or not
    // On the lenses of cameras with a sensor; as much as it rains where nothing is said.
    std::optional<imager::Soil> soil;
    bool time_passes = false;  // fills the renderer's timing, see RenderRequest
};

// A picture that a camera took.
struct Taken {
    std::size_t camera = 0;   // its place in the rig
    std::uint64_t frame = 0;  // how many pictures it has taken before
    labels::TakenPicture picture;
};

// What fell onto the image planes of the cameras that were due at one moment.
struct Exposed {
    engine::core::TimeUs time_us = 0;
    imager::Soil soil;
    bool raw = false;
    std::vector<Taken> cameras;  // those with a sensor have no image yet
};

class Eyes {
  public:
    // Reads the profiles of the rig's sensors. Rig and pool must outlive the object. Errors name
    // the camera and the file.
    static engine::core::Result<std::unique_ptr<Eyes>> create(const engine::world::Rig& rig,
                                                              std::uint64_t seed,
                                                              engine::core::JobPool& pool);
    ~Eyes();

    // Takes the pictures that are due. A camera whose sensor dropped its picture is missing.
    engine::core::Result<std::vector<Taken>> look(engine::render::Renderer& renderer,
                                                  const engine::world::World& world,
                                                  const engine::world::State& state,
                                                  const PictureRequest& how);

    // Hands back what `look` gave, for its buffers to be used again.
    void reuse(std::vector<Taken> taken);

    // The two halves of `look`: rendering through the lenses, and what the image sensors make of
    // it. One thread may expose the next moment while another develops the last, with a pool of its
    // own; both go through the moments in their order.
    engine::core::Result<Exposed> expose(engine::render::Renderer& renderer,
                                         const engine::world::World& world,
                                         const engine::world::State& state,
                                         const PictureRequest& how);
    std::vector<Taken> develop(Exposed exposed, engine::core::JobPool& pool);

    double render_s() const;  // of the last exposure
    double lens_s() const;

  private:
    struct Impl;
    explicit Eyes(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::sensors::eyes
