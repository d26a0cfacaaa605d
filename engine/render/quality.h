// What a quality stands for.
#pragma once

#include <cstdint>

#include "engine/render/view.h"

namespace huntsman::engine::render {

struct QualitySettings {
    int shadow_map_size = 2048;
    double lod_error_px = 2.0;
    bool fine_filters = false;  // blended texture levels and mirrors of the sky
    bool soft_shadows = false;  // the wider, the farther away what throws them is
    bool supersample = false;   // four samples a pixel
    bool probe = true;          // mirrors near the rig show its surroundings
    // Standard deviation of the lens's blur in samples, with antialiasing and glare; 0: none of it.
    double lens_px = 0.5;
};
QualitySettings settings_of(Quality quality);

}  // namespace huntsman::engine::render
