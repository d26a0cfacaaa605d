// Renders what a view worker is asked for, in its thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "bridge/live/views.h"
#include "engine/core/job_pool.h"
#include "engine/road/road_map.h"
#include "sensors/eyes/eyes.h"
#include "sensors/labels/labeller.h"

namespace huntsman::bridge::live {

// Camera and pose of a view in a moment.
struct Viewpoint {
    engine::math::RigidTransform X_WC;
    engine::world::Camera camera;  // of the size of its picture; X_BC is on the ego
};
// `scale`: share of the size that is asked for. Nothing where the rig has no such camera.
std::optional<Viewpoint> viewpoint_of(const ViewWanted& view, const Moment& moment, double scale);

class ViewRenderer {
  public:
    ViewRenderer(engine::render::Quality quality, int threads)
        : quality_(quality), pool_(threads) {}

    // Pictures of all views, in their order; those of cameras that are not there are null.
    // `settle`: automatic exposure starts from what is seen now.
    engine::core::Result<std::vector<std::shared_ptr<ViewPicture>>> render(
        const MomentPtr& moment, std::span<const ViewWanted> views, double scale, bool settle);

    // Forgets the device, for a new one.
    void forget();
    // The same, and the new one is this, shared with a window; null: one of its own.
    void use(engine::gpu::Device* shared);
    const engine::render::DeviceReport* device() const {
        return renderer_ ? &renderer_->device() : nullptr;
    }
    std::uint64_t loads() const { return loads_; }

  private:
    struct Work {  // a view of this round
        const ViewWanted* view = nullptr;
        Viewpoint at;
        std::shared_ptr<ViewPicture> picture;
        sensors::labels::TakenPicture taken;  // what overlays are made of
    };
    engine::core::Status open();
    engine::core::Status load(const Moment& moment);
    engine::core::Status render_pinholes(const Moment& moment, std::span<Work* const> group,
                                         bool settle);
    engine::core::Status render_lens(const Moment& moment, Work& work, bool settle);
    void draw_over(const Moment& moment, std::span<Work> works);

    engine::render::Quality quality_;
    engine::core::JobPool pool_;
    engine::gpu::Device* shared_ = nullptr;
    std::unique_ptr<engine::render::Renderer> renderer_;
    std::uint64_t loads_ = 0;

    std::shared_ptr<const engine::world::World> world_;  // that is loaded
    std::uint64_t scene_key_ = 0, light_key_ = 0;
    std::vector<engine::render::Frame> frames_;

    // Of the loaded world, once somebody asks for overlays.
    std::shared_ptr<const engine::world::World> labelled_;
    std::unique_ptr<engine::road::RoadMap> map_;
    std::unique_ptr<sensors::labels::Labeller> labeller_;

    // Of views through a lens, by the view.
    struct Lens {
        engine::world::Rig rig;  // of that one camera
        std::unique_ptr<sensors::eyes::Eyes> eyes;
        engine::core::TimeUs time_us = -1;
    };
    std::map<std::uint32_t, std::unique_ptr<Lens>> lenses_;
};

}  // namespace huntsman::bridge::live
