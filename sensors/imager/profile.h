// An image sensor and the optics in front of it, as a data file: assets/sensors/*.json. Every value
// there has its unit in its key; docs/imager.md says where the values come from.
//
// Units: electrons (e), digital numbers (dn), micrometres, seconds.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::imager {

// Colour filters of a 2×2 cell, row by row: R G G B, or R C C B with clear pixels instead of green.
enum class Filter : std::uint8_t { kRggb, kRccb };

// One of the readings that are combined to a picture of high dynamic range, from the most sensitive
// to the least.
struct Capture {
    std::string name;
    // Readings of one number see the same electrons at two conversion gains; others are exposed
    // for themselves.
    int exposure = 0;
    double time_share = 1;         // of the picture's exposure time
    double sensitivity_share = 1;  // of the first diode's
    double gain_dn_per_e = 0;      // at an analogue gain of 1
    double full_well_e = 0;
    double read_noise_e = 0;  // standard deviation
};

struct Optics {
    double f_number = 2;
    double transmission = 0.9;
    double vignetting_share = 0;  // lost at the picture's corner besides cos⁴
    double psf_sigma_um = 0;      // of aberrations; diffraction comes on top
    double veiling_share = 0;     // of the light, scattered over the picture
    double ghost_share = 0;       // of the light of a bright spot, in one mirror image
    // Shift of red and blue against green at the picture's corner, outwards.
    double lateral_red_um = 0, lateral_blue_um = 0;
};

struct SensorProfile {
    std::string name;
    int width = 0, height = 0;  // of the pixel array
    double pixel_um = 0;        // pitch
    Filter filter = Filter::kRggb;
    // Of R, G or C, and B: electrons per lx s and µm² of white (D65) light, and that response as a
    // combination of linear sRGB; rows sum to one.
    std::array<double, 3> electrons_per_lx_s_um2{};
    std::array<std::array<double, 3>, 3> response_from_srgb{};
    Optics optics;

    double dark_e_per_s = 0;  // at 60 °C
    double dark_doubling_k = 8;
    double prnu_share = 0;  // standard deviation of the pixels' gain
    double dsnu_e = 0;      // standard deviation of the pixels' offset
    double dead_share = 0, hot_share = 0;
    double hot_e_per_s = 0;  // mean of hot pixels, at 60 °C

    int bits = 12;
    double black_level_dn = 0;
    std::vector<Capture> captures;
    double shortest_exposure_s = 0, longest_exposure_s = 0, highest_gain = 1;

    double full_scale_dn() const { return static_cast<double>((1 << bits) - 1); }
    // Electrons at which a reading is full: the well's or the converter's end.
    double saturation_e(const Capture& capture, double analogue_gain) const;
    // From the noise of a dark picture to where the last reading is full.
    double dynamic_range_db() const;
};

// Errors name file, line and what was expected.
engine::core::Result<SensorProfile> load_profile(const std::filesystem::path& path);

}  // namespace huntsman::sensors::imager
