#include "sensors/eyes/eyes.h"

#include <algorithm>
#include <chrono>

#include "engine/core/wall_time.h"
#include "sensors/lens/lens.h"
#include "sensors/rig/rig.h"

namespace huntsman::sensors::eyes {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using engine::core::TimeUs;
using engine::world::Camera;
using engine::world::Rig;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

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
    return since >= 0 && since % period < kTick_us;
}

TimeUs step_us(const Rig& rig) {
    const bool own = std::any_of(rig.cameras.begin(), rig.cameras.end(), [&](const Camera& c) {
        return c.phase_us != 0 || (c.period_us != 0 && c.period_us != rig_period_us(rig));
    });
    return own ? kTick_us : rig_period_us(rig);
}

bool plain(const Rig& rig) {
    return std::all_of(rig.cameras.begin(), rig.cameras.end(), [](const Camera& c) {
        return lens::plain_pinhole(c.lens) && c.sensor.empty() &&
               c.shutter.readout == engine::world::Readout::kGlobal &&
               c.error == engine::world::CalibrationError{} && c.period_us == 0 && c.phase_us == 0;
    });
}

struct Eyes::Impl {
    const Rig& rig;
    std::uint64_t seed;
    engine::core::JobPool& pool;
    capture::Capture capture;
    // Of each camera; none where it is ideal.
    std::vector<std::optional<imager::SensorProfile>> profiles;
    std::vector<std::optional<imager::Imager>> imagers;
    std::vector<imager::ExposureControl> controls;
    std::vector<std::uint64_t> frames;  // pictures taken so far
    std::vector<capture::Shot> shots;
    double render_s = 0, sensor_s = 0;

    Impl(const Rig& r, std::uint64_t s, engine::core::JobPool& p)
        : rig(r), seed(s), pool(p), capture(p) {}
};

Eyes::Eyes(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Eyes::~Eyes() = default;
double Eyes::render_s() const { return impl_->render_s; }
double Eyes::sensor_s() const { return impl_->sensor_s; }

Result<std::unique_ptr<Eyes>> Eyes::create(const Rig& rig, std::uint64_t seed,
                                           engine::core::JobPool& pool) {
    auto impl = std::make_unique<Impl>(rig, seed, pool);
    const std::size_t count = rig.cameras.size();
    impl->profiles.resize(count);
    impl->imagers.resize(count);
    impl->controls.resize(count);
    impl->frames.assign(count, 0);
    for (std::size_t c = 0; c < count; ++c) {
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

Status Eyes::look(engine::render::Renderer& renderer, const engine::world::World& world,
                  const engine::world::State& state, const Look& how, std::vector<Taken>& taken) {
    Impl& impl = *impl_;
    taken.clear();
    std::vector<Camera> cameras;
    std::vector<std::size_t> places;
    bool any_sensor = false;
    for (std::size_t c = 0; c < impl.rig.cameras.size(); ++c) {
        const Camera& stated = impl.rig.cameras[c];
        if (!how.all && !due(impl.rig, stated, state.time_us)) continue;
        cameras.push_back(rig::true_camera(stated, impl.seed, c, state.time_us));
        places.push_back(c);
        any_sensor = any_sensor || !stated.sensor.empty();
    }
    impl.render_s = impl.sensor_s = 0;
    if (cameras.empty()) return {};
    HM_TRY(impl.capture.take(renderer, world, state,
                             {.cameras = cameras,
                              .radiance = how.radiance,
                              .labels = how.labels || any_sensor,
                              .velocity = any_sensor},
                             impl.shots));
    impl.render_s = impl.capture.render_s();
    const auto start = Clock::now();
    const imager::Soil soil =
        how.soil ? *how.soil : soil_of(engine::world::environment_at(world, state.time_us));
    for (std::size_t i = 0; i < cameras.size(); ++i) {
        const std::size_t c = places[i];
        capture::Shot& shot = impl.shots[i];
        Taken one{
            .camera = c,
            .picture = {
                .camera = cameras[i], .stated = impl.rig.cameras[c], .keep_linear = how.radiance}};
        const std::uint64_t frame = impl.frames[c]++;
        if (impl.profiles[c]) {
            if (!impl.imagers[c]) {
                impl.imagers[c].emplace(*impl.profiles[c], cameras[i],
                                        engine::core::Key(impl.seed).with(c).with("sensor"));
            }
            imager::Developed developed = impl.imagers[c]->develop(
                shot, {.frame = frame, .time_us = state.time_us, .soil = soil, .want_raw = how.raw},
                impl.controls[c], impl.pool);
            if (developed.dropped) continue;
            one.picture.image = std::move(developed.image);
            one.picture.raw = std::move(developed.raw);
        } else {
            one.picture.image = std::move(shot.picture);
        }
        one.picture.shot = std::move(shot);
        taken.push_back(std::move(one));
    }
    impl.sensor_s = impl.capture.resample_s() + seconds_since(start);
    return {};
}

}  // namespace huntsman::sensors::eyes
