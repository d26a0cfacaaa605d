// Pictures of a moment from anywhere, rendered in a thread of its own at the nice value of the
// process plus 10, so that whoever draws the screen is not held up.
//
//   ViewWorker worker;
//   worker.show(run.moment());
//   worker.want({{.id = 1, .X_WC = orbit(...), .width = 960, .height = 600}});
//   for (auto& picture : worker.take()) upload(picture);   // whenever the screen is drawn
//
// What was asked last holds: moments and views that are overtaken are not rendered. While much
// changes, pictures are rendered as small as it takes to keep to the time that a round may take;
// once nothing changes any more they become as large as asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/moment.h"
#include "engine/render/renderer.h"
#include "engine/render/view.h"
#include "sensors/overlay/overlay.h"

namespace huntsman::engine::gpu {
class Device;
}
namespace huntsman::engine::render {
class DevicePicture;  // device_picture.h
}

namespace huntsman::bridge::live {

struct ViewWanted {
    std::uint32_t id = 0;  // the caller's, unique among those wanted
    // A pinhole camera, or one of the moment's rig: then pose and field of view are that one's.
    engine::math::RigidTransform X_WC;
    double horizontal_fov_rad = 1.2;
    std::optional<std::size_t> camera;
    // A camera of the rig through its lens and image sensor, in the proportions of its pictures;
    // else as a pinhole without distortion, which is faster.
    bool lens = false;
    int width = 640, height = 400;  // [px], at most
    engine::world::ActorId without =
        engine::world::kNoActor;                  // not drawn, as the owner of the eyes
    bool ids = true, depth = true;                // for picking
    std::vector<sensors::overlay::Layer> layers;  // drawn over the picture
    double opacity = 0.6;                         // of layers that cover all of it
    bool perceived = false;                       // boxes of what the driver perceived
};

// Immutable once given out.
struct ViewPicture {
    std::uint32_t id = 0;
    engine::core::Image image;  // RGB, of the size that it was rendered at; see set_device
    std::shared_ptr<const engine::render::DevicePicture> on_device;  // in its place, or null
    std::vector<std::uint32_t> ids;     // words of engine/world/ids.h, height × width; or empty
    std::vector<float> depth_m;         // along z for pinholes, else along the ray; or empty
    engine::math::RigidTransform X_WC;  // of the camera
    engine::world::Camera camera;       // lens and size of the picture
    MomentPtr moment;                   // that it shows
    bool full_size = false;             // as large as asked for
    double ms = 0;                      // that its round took
    std::uint64_t serial = 0;           // grows from picture to picture
};
using ViewPicturePtr = std::shared_ptr<const ViewPicture>;

// u and v are shares of the picture's width and height, 0..1 from its upper left corner. Nothing
// where the sky is.
std::optional<engine::math::Vec3> place_under(const ViewPicture& picture, double u, double v);
// The actor or static object; kNoActor: neither.
engine::world::ActorId actor_under(const ViewPicture& picture, double u, double v);
// The ray through it, from X_WC.p, of length 1; nothing where the lens sees nothing.
std::optional<engine::math::Vec3> ray_under(const ViewPicture& picture, double u, double v);
// Where a point is in the picture, as shares; nothing where it is not seen.
std::optional<engine::math::Vec2> place_in(const ViewPicture& picture,
                                           const engine::math::Vec3& p_W);

struct ViewSettings {
    engine::render::Quality quality = engine::render::Quality::kFast;
    double round_ms = 150;    // that a round may take while much changes
    double smallest = 0.2;    // share of the width to which pictures may shrink
    int threads = 1;          // of lenses, sensors and overlays
    bool idle_rounds = true;  // renders larger once nothing changes
};

struct ViewStatus {
    std::string error;   // why there are no pictures, with the remedy; empty: all is well
    std::string device;  // empty: not opened yet
    bool software = false;
    bool busy = false;
    double round_ms = 0;                  // the last one took
    double scale = 1;                     // of width and height, of the last one
    std::uint64_t rounds = 0, loads = 0;  // so far; loads of a world's meshes
};

class ViewWorker {
  public:
    explicit ViewWorker(ViewSettings settings = {});
    ~ViewWorker();

    // Renders on this device from now on, which a window shares, and leaves pictures there that
    // nothing is drawn over: `on_device` then, and `image` is empty. Null: on a device of its own,
    // as at first. Returns once the device of before is let go, whose `queue_mutex` must be free;
    // all DevicePictures must be gone before that device is.
    void set_device(engine::gpu::Device* device);
    // What is shown from now on. Null: nothing.
    void show(MomentPtr moment);
    void want(std::vector<ViewWanted> views);
    void set_round_ms(double ms);
    void set_idle_rounds(bool on);  // as ViewSettings::idle_rounds, from now on

    // The newest picture of each view that has come since the last call.
    std::vector<ViewPicturePtr> take();
    ViewStatus status() const;
    // Blocks until all that is wanted is rendered at full size, for tests and screenshots.
    bool wait(double most_s) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::live
