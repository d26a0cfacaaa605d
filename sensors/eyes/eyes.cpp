#include "sensors/eyes/eyes.h"

#include <algorithm>

#include "sensors/rig/rig.h"

namespace huntsman::sensors::eyes {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::world::Camera;
using engine::world::Rig;

namespace {

TimeUs rig_period_us(const Rig& rig) { return static_cast<TimeUs>(1e6 / rig.rate_hz + 0.5); }

// Drops that stay on a lens in the rain: all of the lens in a downpour of 25 mm/h, little of it in
// a drizzle.
imager::Soil soil_of(const engine::world::Environment& environment) {
    const bool snow = environment.snow_cover > 0.5;
    const double falls = std::clamp(environment.rain_mm_h / 25.0, 0.0, 1.0);
    return {.rain = snow ? 0.3 * falls : falls};
}

}  // namespace

bool due(const Rig& rig, const Camera& camera, TimeUs time_us) {
    const TimeUs period = camera.period_us > 0 ? camera.period_us : rig_period_us(rig);
    const TimeUs since = time_us - camera.phase_us;
    return since >= 0 && since % period < engine::core::kTick_us;
}

TimeUs step_us(const Rig& rig) {
    const bool own = std::any_of(rig.cameras.begin(), rig.cameras.end(), [&](const Camera& c) {
        return c.phase_us != 0 || (c.period_us != 0 && c.period_us != rig_period_us(rig));
    });
    return own ? engine::core::kTick_us : rig_period_us(rig);
}

struct Eyes::Impl {
    const Rig& rig;
    std::uint64_t seed;
    engine::core::JobPool& pool;
    // Of exposures.
    capture::Capture capture;
    std::vector<std::uint64_t> frames;  // pictures each camera has taken so far
    std::vector<capture::Shot> shots;
    // Of developments, by camera; no imager where the camera is ideal.
    std::vector<std::optional<imager::SensorProfile>> profiles;
    std::vector<std::optional<imager::Imager>> imagers;
    std::vector<imager::ExposureControl> controls;

    Impl(const Rig& r, std::uint64_t s, engine::core::JobPool& p)
        : rig(r),
          seed(s),
          pool(p),
          capture(p),
          frames(r.cameras.size()),
          profiles(r.cameras.size()),
          imagers(r.cameras.size()),
          controls(r.cameras.size()) {}
};

Eyes::Eyes(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Eyes::~Eyes() = default;
double Eyes::render_s() const { return impl_->capture.render_s(); }
double Eyes::lens_s() const { return impl_->capture.resample_s(); }

Result<std::unique_ptr<Eyes>> Eyes::create(const Rig& rig, std::uint64_t seed,
                                           engine::core::JobPool& pool) {
    auto impl = std::make_unique<Impl>(rig, seed, pool);
    for (std::size_t c = 0; c < rig.cameras.size(); ++c) {
        const Camera& camera = rig.cameras[c];
        if (camera.sensor.empty()) continue;
        auto profile = imager::load_profile(camera.sensor);
        if (!profile) {
            Error error = profile.error();
            error.message = "camera " + camera.name + ": " + error.message;
            return error;
        }
        impl->profiles[c] = std::move(*profile);
    }
    return std::unique_ptr<Eyes>(new Eyes(std::move(impl)));
}

Result<Exposed> Eyes::expose(engine::render::Renderer& renderer, const engine::world::World& world,
                             const engine::world::State& state, const PictureRequest& how) {
    Impl& impl = *impl_;
    Exposed exposed{.time_us = state.time_us, .raw = how.raw};
    // The cameras that are due, where errors of calibration have left them.
    std::vector<Camera> cameras;
    bool any_sensor = false;
    for (std::size_t c = 0; c < impl.rig.cameras.size(); ++c) {
        const Camera& stated = impl.rig.cameras[c];
        if (!how.all && !due(impl.rig, stated, state.time_us)) continue;
        cameras.push_back(rig::true_camera(stated, impl.seed, c, state.time_us));
        exposed.cameras.push_back(
            {.camera = c,
             .frame = impl.frames[c]++,
             .picture = {.camera = cameras.back(), .stated = stated, .keep_linear = how.radiance}});
        any_sensor = any_sensor || !stated.sensor.empty();
    }
    if (cameras.empty()) return exposed;
    exposed.soil = how.soil ? *how.soil : soil_of(engine::world::environment_at(world, state));
    HM_TRY(impl.capture.take(renderer, world, state,
                             {.cameras = cameras,
                              .radiance = how.radiance,
                              .ids = how.ids,
                              .labels = how.labels || any_sensor,
                              .velocity = any_sensor,
                              .time_passes = how.time_passes},
                             impl.shots));
    for (std::size_t i = 0; i < cameras.size(); ++i) {
        labels::TakenPicture& picture = exposed.cameras[i].picture;
        if (cameras[i].sensor.empty()) picture.image = std::move(impl.shots[i].picture);
        picture.shot = std::move(impl.shots[i]);
    }
    return exposed;
}

std::vector<Taken> Eyes::develop(Exposed exposed, engine::core::JobPool& pool) {
    Impl& impl = *impl_;
    std::erase_if(exposed.cameras, [&](Taken& one) {
        const std::size_t c = one.camera;
        if (!impl.profiles[c]) return false;
        labels::TakenPicture& picture = one.picture;
        if (!impl.imagers[c]) {
            impl.imagers[c].emplace(*impl.profiles[c], picture.camera,
                                    engine::core::Key(impl.seed).with(c).with("sensor"));
        }
        imager::Developed developed = impl.imagers[c]->develop(picture.shot,
                                                               {.frame = one.frame,
                                                                .time_us = exposed.time_us,
                                                                .soil = exposed.soil,
                                                                .want_raw = exposed.raw},
                                                               impl.controls[c], pool);
        picture.image = std::move(developed.image);
        picture.raw = std::move(developed.raw);
        return developed.dropped;
    });
    return std::move(exposed.cameras);
}

void Eyes::reuse(std::vector<Taken> taken) {
    Impl& impl = *impl_;
    impl.shots.resize(std::max(impl.shots.size(), taken.size()));
    for (std::size_t i = 0; i < taken.size(); ++i) {
        impl.shots[i] = std::move(taken[i].picture.shot);
        impl.shots[i].picture = std::move(taken[i].picture.image);
    }
}

Result<std::vector<Taken>> Eyes::look(engine::render::Renderer& renderer,
                                      const engine::world::World& world,
                                      const engine::world::State& state,
                                      const PictureRequest& how) {
    HM_TAKE(auto exposed, expose(renderer, world, state, how));
    return develop(std::move(exposed), impl_->pool);
}

}  // namespace huntsman::sensors::eyes
