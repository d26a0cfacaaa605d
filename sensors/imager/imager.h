// An image sensor behind its lens: develops what falls onto the image plane to a picture.
//
//   Imager imager(profile, camera, Key(seed).with(camera_index));
//   ExposureControl control;                       // one per camera, lives from picture to picture
//   Developed d = imager.develop(shot, {.frame = k, .time_us = t}, control, pool);
//
// The chain, each stage optional: motion blur, lens fall-off, LED flicker, soil on the lens, blur
// by the lens, glare and ghosts, lateral colour, colour filter, photon noise, dark current, fixed
// pattern, defective pixels, saturation, read noise, converter, combination of captures,
// white balance, correction of the fall-off, demosaicing, noise reduction, colour matrix, tone
// curve, JPEG. The row-exact
// geometry of the rolling shutter is in the Shot already. Formulas and sources: docs/imager.md.
//
// A picture is a function of (shot, profile, camera, key, development, control before); neither
// threads nor the order of rows matter, and switching a stage off leaves the others' draws alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/job_pool.h"
#include "engine/core/random.h"
#include "engine/world/rig.h"
#include "sensors/capture/shot.h"
#include "sensors/imager/profile.h"

namespace huntsman::sensors::imager {

struct Stages {
    bool motion_blur = true;
    bool lens_shading = true;  // cos⁴ and vignetting
    bool led_flicker = true;
    bool soil = true;
    bool lens_blur = true;
    bool glare = true;  // veil and ghosts
    bool lateral_colour = true;
    bool photon_noise = true;
    bool dark_current = true;
    bool fixed_pattern = true;
    bool defects = true;
    bool read_noise = true;
    bool converter = true;  // rounding to digital numbers; limits stay
    // Of the camera's processor; left out where linear light is wanted.
    bool shading_correction = true;
    bool colour_denoise = true;
    bool brightness_denoise = true;
    bool tone = true;  // else the sRGB curve
};

// What sticks to the outside of the lens, each 0 (none) to 1.
struct Soil {
    double rain = 0, dirt = 0, ice = 0;
    bool any() const { return rain > 0 || dirt > 0 || ice > 0; }
};

struct Development {
    Stages stages;
    std::uint64_t frame = 0;
    std::int64_t time_us = 0;  // of the middle line's exposure
    Soil soil;
    double sensor_degc = 60;
    // Fixed exposure; automatic where there is none.
    std::optional<double> exposure_s;
    double gain = 1;  // with a fixed exposure: analogue
    // Fixed gains of red and blue against green; automatic where there are none.
    std::optional<std::array<double, 2>> white_balance;
    double drop_share = 0;  // probability that a picture is lost on its way
    int jpeg_quality = 0;   // 1..100 puts the picture through JPEG; 0 leaves it as it is
    bool want_raw = false;
    bool want_linear = false;  // the picture then keeps its noise and fall-off
};

// What exposure and white balance remember of the pictures before.
struct ExposureControl {
    bool started = false;
    std::int64_t time_us = 0;
    double ev100 = 0;
    std::array<double, 2> white_balance{1, 1};  // of red and blue
};

struct Developed {
    engine::core::Image image;       // RGB; empty if `dropped`
    std::vector<std::uint16_t> raw;  // first capture's mosaic [dn]; empty unless asked
    // Height × width × RGB, linear sRGB, the sensor's estimate [kcd/m²]; empty unless asked.
    std::vector<float> linear;
    bool dropped = false;
    double exposure_s = 0, gain = 1, ev100 = 0;
    std::array<double, 2> white_balance{1, 1};
};

class Imager {
  public:
    // `key` stands for (seed, camera): it draws what a camera keeps for life, such as its pixels'
    // gains, and with `frame` what differs from picture to picture.
    Imager(SensorProfile profile, const engine::world::Camera& camera,
           const engine::core::Key& key);
    ~Imager();
    Imager(Imager&&) noexcept;

    // The shot has the camera's size. Velocities and ids may be empty: nothing moves or flickers.
    Developed develop(const capture::Shot& shot, const Development& how, ExposureControl& control,
                      engine::core::JobPool& pool);

    const SensorProfile& profile() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::sensors::imager
