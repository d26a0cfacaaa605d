// Pictures from a world, a state and camera poses, with Vulkan and without a window.
//
// All cameras of a call are drawn in one submission from one state. Pictures are pinhole, sRGB,
// tone-mapped from linear HDR. Exposure is automatic per view: it follows the picture before of the
// view with the same index. The same binary runs on software Vulkan and on a GPU.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/trace.h"
#include "engine/render/sky.h"
#include "engine/render/view.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::gpu {
class Device;
}

namespace huntsman::engine::render {

struct SharedPicture;  // shared_pictures.h

constexpr std::size_t kMostViews = 1024;

struct RenderRequest {
    std::span<const View> views;  // 1..kMostViews
    bool picture = true;          // with its exposure
    bool ids = true;
    bool depth = false;
    bool shape = false;
    bool linear = false;
    bool parts = false;
    // Whether pictures are read back into frames; else `Frame::image` has a size and no pixels.
    bool read_pictures = true;
    bool time_passes = false;  // fills Timing's stages and passes; may slow the whole call down
};

struct Timing {
    double record_ms = 0;         // culling, sorting, uploads, command recording
    double gpu_ms = 0;            // submission to completion
    double readback_ms = 0;       // copies out of mapped memory
    std::uint64_t triangles = 0;  // drawn, all views
    std::uint64_t draws = 0;      // instances drawn, all views
    // On request: what the call did on the host, and the device's passes.
    std::vector<core::Span> stages, passes;
};

struct DeviceReport {
    std::string device, driver, api_version;
    bool software = false;
    std::vector<std::pair<std::string, std::string>> limits;  // name, value: those that matter
};

class Renderer {
  public:
    // Opens the device, makes all pipelines ready and uploads the textures; needs no world, so
    // that a thread can do it while another builds one. Fails with ErrorKind::kMachine where there
    // is no usable Vulkan device, saying what to install.
    static core::Result<std::unique_ptr<Renderer>> create(Quality quality);
    // The same on a device that a window shows pictures with, and that outlives the renderer. The
    // pictures of each call of render are left on it as images: see `shared_picture`. Of the
    // device's calls that are for one thread at a time, those are this renderer's meanwhile; who
    // submits to its queue holds its `queue_mutex`.
    static core::Result<std::unique_ptr<Renderer>> create(Quality quality, gpu::Device& shared);
    ~Renderer();

    // Uploads meshes and instances and makes the sky. Called once per world; replaces the former
    // one and forgets exposure history.
    core::Status load(const world::World& world);

    // Takes this sky and its sun instead of what the world's weather gives, until the next load or
    // change of the weather: for scenes with known light. The air goes on being the weather's.
    core::Status light_with(const Sky& sky);

    // Takes environment and weather of this world, whose scene, archetypes and objects are those of
    // the loaded one: as a load of it would, without the uploads.
    core::Status relight(const world::World& world);

    // The next pictures are exposed as they themselves ask for, as after a load.
    void forget_exposure();

    // Renders all views. `out` is resized to one frame a view; its buffers are reused.
    core::Status render(const world::State& state, const RenderRequest& request,
                        std::vector<Frame>& out);

    // On a shared device: the picture of a view of the last call of render, ready to be sampled by
    // fragment shaders. It stays as it is during the next two calls, so that a window can show it
    // while the next ones are drawn. Null: no such view, no pictures asked for, or no shared
    // device.
    const SharedPicture* shared_picture(std::size_t view) const;

    const Timing& timing() const;  // of the last call of render
    const DeviceReport& device() const;
    // Warnings and errors of Vulkan's validation layer so far; 0 unless HUNTSMAN_VALIDATION=1.
    std::uint64_t validation_messages() const;

  private:
    struct Impl;
    explicit Renderer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::engine::render
