// What the imager's tests share: profiles, cameras and shots with known light.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "sensors/imager/imager.h"
#include "sensors/imager/pixels.h"

namespace huntsman::sensors::imager {

inline SensorProfile profile_of(const std::string& name) {
    const auto profile =
        load_profile(std::string(HUNTSMAN_SOURCE_DIR "/assets/sensors/") + name + ".json");
    EXPECT_TRUE(profile.ok()) << (profile.ok() ? "" : profile.error().text());
    return *profile;
}

inline engine::world::Camera camera_of(int width, int height, double fx = 500) {
    engine::world::Camera camera;
    camera.width = width;
    camera.height = height;
    camera.lens.fx = camera.lens.fy = fx;
    camera.lens.cx = 0.5 * width;
    camera.lens.cy = 0.5 * height;
    return camera;
}

// rgb(x, y, c) is the light of a pixel [kcd/m²].
template <typename Light>
capture::Shot shot_of(int width, int height, const Light& light) {
    capture::Shot shot;
    shot.width = width;
    shot.height = height;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < 3; ++c) {
                shot.radiance.push_back(static_cast<float>(light(x, y, c)));
            }
        }
    }
    return shot;
}
inline capture::Shot flat_shot(int width, int height, double kcd_m2) {
    return shot_of(width, height, [&](int, int, int) { return kcd_m2; });
}

// Only what the sensor does to light that arrives: no lens.
inline Stages without_lens() {
    Stages stages;
    stages.motion_blur = stages.lens_shading = stages.led_flicker = stages.soil = stages.lens_blur =
        stages.glare = stages.lateral_colour = false;
    return stages;
}
inline Stages nothing() {
    Stages stages = without_lens();
    stages.photon_noise = stages.dark_current = stages.fixed_pattern = stages.defects =
        stages.read_noise = stages.converter = stages.colour_denoise = stages.shading_correction =
            stages.brightness_denoise = stages.tone = false;
    return stages;
}

struct Moments {
    double mean = 0, variance = 0;
};
template <typename Values>
Moments moments(const Values& values) {
    Moments m;
    for (const auto& v : values) m.mean += static_cast<double>(v);
    m.mean /= static_cast<double>(values.size());
    for (const auto& v : values) {
        const double d = static_cast<double>(v) - m.mean;
        m.variance += d * d;
    }
    m.variance /= static_cast<double>(values.size() - 1);
    return m;
}

inline const engine::core::Key kKey{7};

}  // namespace huntsman::sensors::imager
