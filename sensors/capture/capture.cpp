#include "sensors/capture/capture.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/core/check.h"
#include "engine/core/wall_time.h"
#include "engine/render/display.h"

namespace huntsman::sensors::capture {

using engine::core::ArrayView;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::render::Frame;
using engine::render::View;
using engine::world::Camera;
using engine::world::State;
using engine::world::World;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

bool same_picture(const Camera& a, const Camera& b) {
    return a.width == b.width && a.height == b.height && a.lens == b.lens && a.shutter == b.shutter;
}

std::uint8_t tone(float linear) {
    return static_cast<std::uint8_t>(engine::render::displayed(linear) * 255.0F + 0.5F);
}

View view_of(const PlannedView& planned, bool joined, const CameraMotion& motion,
             const State& state) {
    View view{.width = planned.width,
              .height = planned.height,
              .fx = planned.fx,
              .fy = planned.fy,
              .cx = planned.cx,
              .cy = planned.cy,
              .after_s = planned.after_s,
              .joined = joined};
    view.X_WC = motion.at(planned.after_s);
    view.X_WC.q = view.X_WC.q * planned.R_CF;
    // Rain leans by the ego's velocity, without what its turning adds at the camera.
    view.v_W = state.actors.front().v_W;
    return view;
}

// Room for what the frame is resampled into; a camera that looks straight takes the renderer's own
// pixels. Whether there is anything to resample.
bool make_room(const Camera& camera, const CaptureRequest& request, bool pictures, Frame& frame,
               Shot& shot) {
    shot.width = camera.width;
    shot.height = camera.height;
    const std::size_t pixels =
        static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
    const bool velocity = request.velocity && !camera.sensor.empty();
    shot.velocity_px_s.resize(velocity ? 2 * pixels : 0);
    if (shot.plan->direct) {
        if (pictures) std::swap(shot.picture, frame.image);
        std::swap(shot.radiance, frame.linear);
        if (!velocity) {
            std::swap(shot.ids, frame.ids);
            std::swap(shot.depth_m, frame.depth_m);
            std::swap(shot.shape, frame.shape);
            return false;
        }
    } else {
        shot.radiance.resize(3 * pixels);
    }
    shot.ids.resize(pixels);
    shot.depth_m.resize(pixels);
    shot.shape.resize(pixels);
    if (frame.shape.empty()) frame.shape.resize(frame.ids.size());
    return true;
}

}  // namespace

CameraMotion camera_motion(const Camera& camera, const State& state) {
    HM_CHECK(!state.actors.empty(), "a state without actors has no rig");
    const auto& ego = state.actors.front();
    const RigidTransform X_WC = ego.X_WB * camera.X_BC;
    return {X_WC, ego.v_W + glm::cross(ego.w_W, X_WC.p - ego.X_WB.p), ego.w_W};
}

Result<std::shared_ptr<const CameraPlan>> Capture::plan_of(const Camera& camera,
                                                           double residual_s) {
    const auto known = plans_.find(camera.name);
    if (known != plans_.end() && known->second.residual_s == residual_s &&
        same_picture(known->second.plan->camera, camera)) {
        return known->second.plan;
    }
    HM_TAKE(CameraPlan plan, plan_camera(camera, residual_s));
    KeptPlan& kept = plans_[camera.name];
    kept = {residual_s, std::make_shared<const CameraPlan>(std::move(plan))};
    return kept.plan;
}

struct Capture::Batch {
    std::vector<std::shared_ptr<const CameraPlan>> plans;  // by camera
    std::vector<CameraMotion> motions;                     // by camera
    std::vector<View> views;                               // of all cameras, one after the other
    std::vector<std::size_t> first_view;                   // of each camera, and their number
    bool linear = false;                                   // some picture is made from the radiance
    bool pictures = true;                                  // all pictures are the renderer's own
    bool resampled = false;  // some camera does not look straight through its lens
};

Result<Capture::Batch> Capture::plan_batch(const State& state, const CaptureRequest& request) {
    Batch batch{.linear = request.radiance};
    for (const Camera& camera : request.cameras) {
        // A crossing of the whole width in a second moves `width` pixels in that time.
        const double residual_s = request.residual_px / std::max(1, camera.width);
        HM_TAKE(const auto plan, plan_of(camera, residual_s));
        batch.plans.push_back(plan);
        batch.motions.push_back(camera_motion(camera, state));
        batch.first_view.push_back(batch.views.size());
        const bool direct = plan->direct && camera.sensor.empty();
        batch.linear = batch.linear || !direct;
        batch.pictures = batch.pictures && direct;
        batch.resampled = batch.resampled || !plan->direct;
        for (const PlannedView& planned : plan->views) {
            batch.views.push_back(view_of(planned, plan->joined, batch.motions.back(), state));
        }
    }
    batch.first_view.push_back(batch.views.size());
    return batch;
}

// The frames through lenses and shutters.
void Capture::resample(const World& world, const State& state, const CaptureRequest& request,
                       const Batch& batch, std::vector<Shot>& shots) {
    constexpr int kRows = 32;  // of one job
    struct Job {
        std::size_t camera;
        int first, last;
    };
    std::vector<Job> jobs;
    for (std::size_t c = 0; c < shots.size(); ++c) {
        const Camera& camera = request.cameras[c];
        Frame& frame = frames_[batch.first_view[c]];
        shots[c].plan = batch.plans[c];
        if (!make_room(camera, request, batch.pictures, frame, shots[c])) continue;
        for (int row = 0; row < camera.height; row += kRows) {
            jobs.push_back({c, row, std::min(row + kRows, camera.height)});
        }
    }
    if (jobs.empty()) return;
    const SceneMotion motion(world, state);
    pool_.run(jobs.size(), [&](std::size_t j) {
        const Job& job = jobs[j];
        const std::size_t c = job.camera;
        const ShotParts parts{.radiance = !batch.plans[c]->direct,
                              .labels = true,
                              .velocity = !shots[c].velocity_px_s.empty()};
        const std::size_t first = batch.first_view[c], views = batch.first_view[c + 1] - first;
        resample_rows(*batch.plans[c], batch.motions[c], motion,
                      std::span(frames_).subspan(first, views), parts, job.first, job.last,
                      shots[c]);
    });
}

Status Capture::take(engine::render::Renderer& renderer, const World& world, const State& state,
                     const CaptureRequest& request, std::vector<Shot>& shots) {
    shots.resize(request.cameras.size());
    if (request.cameras.empty()) return {};

    HM_TAKE(const Batch batch, plan_batch(state, request));
    auto start = Clock::now();
    const bool depth = request.labels || batch.resampled || request.velocity;
    HM_TRY(renderer.render(state,
                           {.views = batch.views,
                            .picture = batch.pictures,
                            .ids = request.ids || depth,
                            .depth = depth,
                            .shape = request.labels || batch.resampled,
                            .linear = batch.linear,
                            .time_passes = request.time_passes},
                           frames_));
    render_s_ = seconds_since(start);

    start = Clock::now();
    if (depth) {
        pool_.run(frames_.size(),
                  [&](std::size_t v) { mend_slivers(frames_[v], batch.views[v].width); });
    }
    resample(world, state, request, batch, shots);
    for (std::size_t c = 0; c < shots.size() && !batch.pictures; ++c) {
        const Camera& camera = request.cameras[c];
        if (camera.sensor.empty()) {
            develop_ideal(camera, state.time_us, shots[c]);
        } else {
            shots[c].picture = {};
        }
    }
    resample_s_ = seconds_since(start);
    return {};
}

// As the renderer does it for pictures that need no resampling.
void Capture::develop_ideal(const Camera& camera, TimeUs time_us, Shot& shot) {
    std::vector<float> samples;
    constexpr int kStride = 8;
    const ArrayView<const float> radiance(shot.radiance, shot.height, 3 * std::size_t(shot.width));
    for (int y = 0; y < shot.height; y += kStride) {
        for (int x = 0; x < shot.width; x += kStride) {
            const float* p = &radiance(y, 3 * std::size_t(x));
            samples.push_back(0.2126F * p[0] + 0.7152F * p[1] + 0.0722F * p[2]);
        }
    }
    const double wanted = engine::render::wanted_ev100(samples);
    auto& exposure = exposures_[camera.name];
    const double ev100 = exposure.at(time_us).value_or(wanted);
    exposure.keep(ev100, wanted, time_us);
    const auto scale = static_cast<float>(engine::render::exposure_scale(ev100));
    shot.picture.width = shot.width;
    shot.picture.height = shot.height;
    shot.picture.channels = 3;
    shot.picture.pixels.resize(shot.radiance.size());
    for (std::size_t i = 0; i < shot.radiance.size(); ++i) {
        shot.picture.pixels[i] = tone(shot.radiance[i] * scale);
    }
}

}  // namespace huntsman::sensors::capture
