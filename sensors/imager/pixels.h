// From light on the pixels to electrons, digital numbers and the combined mosaic.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/core/random.h"
#include "sensors/imager/imager.h"
#include "sensors/imager/plane.h"

namespace huntsman::sensors::imager {

// Channel of a pixel: 0 red, 1 green or clear, 2 blue.
constexpr int channel_at(int x, int y) { return (x & 1) + (y & 1); }

// What a camera's pixels keep for life.
struct PixelFaults {
    struct Defect {
        int x = 0, y = 0;
        float hot_e_per_s = 0;  // 0: dead
    };
    std::vector<float> gain, offset_e;  // height × width
    std::vector<Defect> defects;        // sorted by row, then column
};
PixelFaults pixel_faults(const SensorProfile& profile, int width, int height,
                         const engine::core::Key& camera_key);

// Of one picture.
struct Exposure {
    double time_s = 0, gain = 1;
};

// Electrons of a channel per kcd/m² and second in the first diode: π/4 T / N² · 1000 · pixel area ·
// electrons per lx s µm².
double electrons_per_kcd_m2_s(const SensorProfile& profile, int channel);
// Dark current at the sensor's temperature [electrons/s]; 0 without that stage.
double dark_e_per_s(const SensorProfile& profile, const Development& how);

// The light [kcd/m²] at which a channel's last capture is full.
double full_light(const SensorProfile& profile, int channel, const Exposure& exposure);

// Light that flickers: what a lamp's pixel gets in the k-th exposure besides what the plane has.
struct FlickerPixel {
    std::uint32_t pixel = 0;                    // y * width + x
    std::array<float, 3> light{};               // of the lamp [kcd/m²]
    std::array<float, 8> factor_minus_first{};  // for each exposure number
};

// What one picture is made from; all that it refers to outlives the call.
struct ExposureInput {
    const SensorProfile& profile;
    const Development& how;
    Exposure exposure;
    const Plane& light;
    const PixelFaults& faults;
    const std::vector<FlickerPixel>& flicker;  // sorted by pixel
    engine::core::Key frame_key;
    double cx = 0, cy = 0;  // the lens's axis [px]
};

// Exposes and reads all captures and combines them: of each pixel the most sensitive capture that
// is not full. `mosaic` is height × width in kcd/m² of white that would give the reading; it has
// noise on both sides of zero. `raw` is the first capture's numbers if not null.
void expose(engine::core::JobPool& pool, const ExposureInput& input, std::vector<float>& mosaic,
            std::vector<std::uint16_t>* raw);

}  // namespace huntsman::sensors::imager
