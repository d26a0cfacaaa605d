#include "sensors/imager/imager.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/core/array_view.h"
#include "engine/core/check.h"
#include "engine/math/geometry.h"
#include "engine/render/exposure.h"
#include "engine/render/shader_types.h"
#include "engine/world/ids.h"
#include "sensors/capture/plan.h"
#include "sensors/encode/image_file.h"
#include "sensors/imager/colour.h"
#include "sensors/imager/demosaic.h"
#include "sensors/imager/denoise.h"
#include "sensors/imager/flicker.h"
#include "sensors/imager/motion_blur.h"
#include "sensors/imager/optics.h"
#include "sensors/imager/pixels.h"
#include "sensors/imager/soil.h"

namespace huntsman::sensors::imager {

using engine::core::ArrayView;
using engine::core::JobPool;
using engine::core::Key;
using engine::world::Camera;

struct Imager::Impl {
    SensorProfile profile;
    Camera camera;
    Key key;
    std::vector<float> illumination, shading_gain;
    PixelFaults faults;
    Matrix matrix;
    Glare glare;
    LensSoil soil;
    // Buffers kept from picture to picture.
    Plane light, moved, scratch, colours;
    std::vector<float> mosaic;
    std::vector<FlickerPixel> flicker;

    Exposure expose_for(const Development& how, double scale) const;
    void find_flicker(const capture::Shot& shot, const Development& how, const Exposure& exposure);
    void light_on_pixels(const capture::Shot& shot, const Development& how,
                         const Exposure& exposure, JobPool& pool);
    static void adapt_exposure(const capture::Shot& shot, double elapsed_s,
                               ExposureControl& control);
    void adapt_white_balance(const Development& how, double elapsed_s,
                             const std::array<double, 3>& full, double scale,
                             ExposureControl& control) const;
    bool corrects_shading(const Development& how) const {
        return how.stages.lens_shading && how.stages.shading_correction && !how.want_linear;
    }
    void balance(const std::array<double, 3>& gains, double ceiling, bool corrected, JobPool& pool);
    void interpolate_colours(const Development& how, const Exposure& exposure,
                             const std::array<double, 3>& gains, double scale, JobPool& pool);
};

Imager::Imager(SensorProfile profile, const Camera& camera, const Key& key)
    : impl_(std::make_unique<Impl>(Impl{.profile = std::move(profile),
                                        .camera = camera,
                                        .key = key,
                                        .soil = LensSoil(key.with("soil"))})) {
    Impl& me = *impl_;
    HM_CHECK(camera.width >= 8 && camera.height >= 8, "camera {} is {}x{}", camera.name,
             camera.width, camera.height);
    me.illumination = relative_illumination(camera, me.profile.optics);
    me.shading_gain = shading_correction(me.illumination);
    me.faults = pixel_faults(me.profile, camera.width, camera.height, key);
    me.matrix = colour_matrix(me.profile);
}
Imager::~Imager() = default;
Imager::Imager(Imager&&) noexcept = default;
const SensorProfile& Imager::profile() const { return impl_->profile; }

namespace {

// Luminance of every eighth pixel of every eighth row.
double metered_ev100(const capture::Shot& shot) {
    constexpr int kStride = 8;
    const ArrayView<const float> radiance(shot.radiance, shot.height, 3 * std::size_t(shot.width));
    std::vector<float> luminance;
    for (int y = kStride / 2; y < shot.height; y += kStride) {
        for (int x = kStride / 2; x < shot.width; x += kStride) {
            const float* p = &radiance(y, 3 * std::size_t(x));
            luminance.push_back(0.2126F * p[0] + 0.7152F * p[1] + 0.0722F * p[2]);
        }
    }
    return engine::render::wanted_ev100(luminance);
}

}  // namespace

// The time that fills the first exposure with what the tone curve shows as white, within the
// sensor's limits; what lacks beyond is made up by analogue gain, and then by the scale of the
// picture.
Exposure Imager::Impl::expose_for(const Development& how, double scale) const {
    if (how.exposure_s) return {*how.exposure_s, how.gain};
    // Of the readings of the first exposure the one that holds most.
    double full_e = 0;
    for (const Capture& capture : profile.captures) {
        if (capture.exposure != profile.captures.front().exposure) break;
        full_e = std::max(full_e, profile.saturation_e(capture, 1));
    }
    const double wanted_s = full_e * scale / electrons_per_kcd_m2_s(profile, 1);
    const double time_s =
        std::clamp(wanted_s, profile.shortest_exposure_s, profile.longest_exposure_s);
    return {time_s, std::clamp(wanted_s / time_s, 1.0, profile.highest_gain)};
}

// Lamps of signals and vehicles among the emitters, with what each exposure sees of them.
void Imager::Impl::find_flicker(const capture::Shot& shot, const Development& how,
                                const Exposure& exposure) {
    namespace shader = engine::render::shader;
    flicker.clear();
    if (!how.stages.led_flicker || shot.ids.empty() || shot.shape.empty()) return;
    const Key lamps = key.with("flicker");
    // The captures of a picture are exposed one after the other, the longest first.
    const double start_s = 1e-6 * static_cast<double>(how.time_us) - 0.5 * exposure.time_s;
    for (std::size_t i = 0; i < shot.ids.size(); ++i) {
        if ((shot.shape[i] >> shader::kKindShift & 7U) != shader::kKindEmitter) continue;
        const auto semantic = engine::world::semantic_of(shot.ids[i]);
        if (semantic != engine::world::Semantic::kTrafficSignal &&
            !engine::world::is_vehicle(semantic)) {
            continue;
        }
        const Pwm pwm = lamp_of(lamps, engine::world::actor_of(shot.ids[i]));
        if (pwm.frequency_hz <= 0) continue;
        const auto w = static_cast<std::size_t>(shot.width);
        double from_s =
            start_s + capture::line_time_s(
                          camera, capture::line_of(camera.shutter.readout, static_cast<int>(i % w),
                                                   static_cast<int>(i / w)));
        FlickerPixel pixel{.pixel = static_cast<std::uint32_t>(i)};
        for (std::size_t c = 0; c < 3; ++c) pixel.light[c] = shot.radiance[3 * i + c];
        int exposed = -1;
        float first = 0;
        for (const Capture& capture : profile.captures) {
            if (capture.exposure == exposed) continue;
            const bool at_once = exposed >= 0 && capture.time_share == 1;  // another diode
            exposed = capture.exposure;
            const double length_s = exposure.time_s * capture.time_share;
            const auto factor = static_cast<float>(flicker_factor(pwm, from_s, length_s));
            if (exposed == profile.captures.front().exposure) first = factor;
            pixel.factor_minus_first[static_cast<std::size_t>(exposed)] = factor - first;
            if (!at_once) from_s += length_s;
        }
        // The first exposure's share goes through the lens with everything else.
        const double shade = how.stages.lens_shading ? static_cast<double>(illumination[i]) : 1;
        for (std::size_t c = 0; c < 3; ++c) {
            light.rgb[3 * i + c] *= first;
            pixel.light[c] *= static_cast<float>(shade);
        }
        flicker.push_back(pixel);
    }
}

void Imager::Impl::light_on_pixels(const capture::Shot& shot, const Development& how,
                                   const Exposure& exposure, JobPool& pool) {
    const Stages& on = how.stages;
    light.resize(shot.width, shot.height);
    std::copy(shot.radiance.begin(), shot.radiance.end(), light.rgb.begin());
    find_flicker(shot, how, exposure);
    if (on.motion_blur && !shot.velocity_px_s.empty()) {
        motion_blur(pool, shot, exposure.time_s, light, moved);
    }
    if (on.lens_shading) {
        for_bands(pool, light.height, [&](int first, int last) {
            const auto w = static_cast<std::size_t>(light.width);
            for (std::size_t i = static_cast<std::size_t>(first) * w;
                 i < static_cast<std::size_t>(last) * w; ++i) {
                for (std::size_t c = 0; c < 3; ++c) light.rgb[3 * i + c] *= illumination[i];
            }
        });
    }
    if (on.soil && how.soil.any()) soil.apply(pool, how.soil, how.time_us, light);
    if (on.lens_blur) {
        gaussian_blur(pool, light, point_spread_px(profile), scratch, moved);
        std::swap(light, moved);
    }
    if (on.glare) glare.apply(pool, profile.optics, camera.lens.cx, camera.lens.cy, light);
}

// Exposure follows what the pictures before asked for; the first is metered by itself.
void Imager::Impl::adapt_exposure(const capture::Shot& shot, double elapsed_s,
                                  ExposureControl& control) {
    const double wanted = metered_ev100(shot);
    control.ev100 =
        control.started ? engine::render::adapted_ev100(control.ev100, wanted, elapsed_s) : wanted;
}

// Gains that make the channels equal for grey, as far as each of them is not full.
void Imager::Impl::adapt_white_balance(const Development& how, double elapsed_s,
                                       const std::array<double, 3>& full, double scale,
                                       ExposureControl& control) const {
    if (how.white_balance) {
        control.white_balance = *how.white_balance;
        return;
    }
    constexpr double kSettle_s = 0.5, kDarkest = 0.01;  // of white
    const auto measured =
        measured_white_balance(mosaic, camera.width, camera.height, kDarkest / scale,
                               0.9 * std::min({full[0], full[1], full[2]}));
    const double share = control.started ? 1 - std::exp(-std::max(0.0, elapsed_s) / kSettle_s) : 1;
    for (std::size_t i = 0; i < 2; ++i) {
        control.white_balance[i] += share * (measured[i] - control.white_balance[i]);
    }
}

// Applies the gains to the mosaic, and those that correct the fall-off, up to where the first of
// the channels is full.
void Imager::Impl::balance(const std::array<double, 3>& gains, double ceiling, bool corrected,
                           JobPool& pool) {
    const ArrayView<float> rows(mosaic, camera.height, camera.width);
    for_bands(pool, camera.height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const std::span<float> row = rows.row(y);
            const float g[2] = {
                static_cast<float>(gains[static_cast<std::size_t>(channel_at(0, y))]),
                static_cast<float>(gains[static_cast<std::size_t>(channel_at(1, y))])};
            for (std::size_t x = 0; x < row.size(); ++x) {
                const float gain =
                    corrected ? shading_gain[static_cast<std::size_t>(y) * row.size() + x] : 1.0F;
                row[x] = std::min(row[x] * gain * g[x & 1], static_cast<float>(ceiling));
            }
        }
    });
}

// The mosaic's colours, without noise where it would show: from half a percent of white on. Linear
// output keeps it.
void Imager::Impl::interpolate_colours(const Development& how, const Exposure& exposure,
                                       const std::array<double, 3>& gains, double scale,
                                       JobPool& pool) {
    demosaic(pool, mosaic, camera.width, camera.height, colours);
    constexpr double kShows = 0.005;
    const ChannelNoise noise = channel_noise(profile, how, exposure, gains);
    if (how.want_linear) return;
    const std::vector<float> none;
    const std::vector<float>& gain = corrects_shading(how) ? shading_gain : none;
    if (how.stages.colour_denoise &&
        scale * std::sqrt(std::max(noise.at_dark[0], noise.at_dark[2]) + noise.at_dark[1]) >
            kShows) {
        denoise_colours(pool, noise, gain, colours, scratch);
    }
    if (how.stages.brightness_denoise) denoise_brightness(pool, noise, gain, colours, scratch);
}

namespace {

// The picture as it is after it was sent as a JPEG.
void compress(engine::core::Image& image, int quality) {
    const auto bytes = encode::encode_jpeg(image, quality);
    HM_CHECK(bytes.ok(), "{}", bytes.error().text());
    auto decoded = encode::decode_jpeg(*bytes);
    HM_CHECK(decoded.ok(), "{}", decoded.error().text());
    image = std::move(*decoded);
}

}  // namespace

Developed Imager::develop(const capture::Shot& shot, const Development& how,
                          ExposureControl& control, JobPool& pool) {
    Impl& me = *impl_;
    HM_CHECK(shot.width == me.camera.width && shot.height == me.camera.height,
             "shot is {}x{}, camera {}x{}", shot.width, shot.height, me.camera.width,
             me.camera.height);
    HM_CHECK(shot.radiance.size() ==
             static_cast<std::size_t>(shot.width) * static_cast<std::size_t>(shot.height) * 3);

    Developed out;
    const double elapsed_s = 1e-6 * static_cast<double>(how.time_us - control.time_us);
    me.adapt_exposure(shot, elapsed_s, control);
    const double metered_scale = engine::render::exposure_scale(control.ev100);
    const Exposure exposure = me.expose_for(how, metered_scale);
    out.exposure_s = exposure.time_s;
    out.gain = exposure.gain;
    out.ev100 = control.ev100;
    // With a fixed exposure, white is where the first capture is full.
    const double scale =
        how.exposure_s ? electrons_per_kcd_m2_s(me.profile, 1) * exposure.time_s /
                             me.profile.saturation_e(me.profile.captures.front(), exposure.gain)
                       : metered_scale;

    me.light_on_pixels(shot, how, exposure, pool);
    expose(pool,
           {.profile = me.profile,
            .how = how,
            .exposure = exposure,
            .light = me.light,
            .faults = me.faults,
            .flicker = me.flicker,
            .frame_key = me.key.with("frame").with(how.frame),
            .cx = me.camera.lens.cx,
            .cy = me.camera.lens.cy},
           me.mosaic, how.want_raw ? &out.raw : nullptr);

    std::array<double, 3> full{};  // light at which each channel is
    for (std::size_t c = 0; c < 3; ++c)
        full[c] = full_light(me.profile, static_cast<int>(c), exposure);
    me.adapt_white_balance(how, elapsed_s, full, scale, control);
    control.started = true;
    control.time_us = how.time_us;
    out.white_balance = control.white_balance;
    out.dropped = me.key.with("drop").uniform(how.frame) < how.drop_share;
    if (out.dropped) return out;

    const std::array<double, 3> gains{control.white_balance[0], 1, control.white_balance[1]};
    const double ceiling = std::min({full[0] * gains[0], full[1], full[2] * gains[2]});
    me.balance(gains, ceiling, me.corrects_shading(how), pool);
    me.interpolate_colours(how, exposure, gains, scale, pool);
    // Beyond this all is white to the eye of the tone curve.
    constexpr double kWhitest = 16;
    const ToneCurve tone(how.stages.tone, std::min(kWhitest, ceiling * scale));
    finish(pool, me.matrix, colour_limits(me.profile, control.white_balance), scale, tone,
           me.colours, out.image);
    if (how.want_linear) out.linear = me.colours.rgb;
    if (how.jpeg_quality > 0) compress(out.image, how.jpeg_quality);
    return out;
}

}  // namespace huntsman::sensors::imager
