// White balance, colour matrix and tone curve.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/job_pool.h"
#include "sensors/imager/plane.h"
#include "sensors/imager/profile.h"

namespace huntsman::sensors::imager {

using Matrix = std::array<std::array<double, 3>, 3>;

// From the pixels' channels, equal for white, to linear sRGB: the inverse of the profile's
// response.
Matrix colour_matrix(const SensorProfile& profile);

// What the channels of a pixel can be to each other, whatever light falls onto it: each kind of
// pixel answers to every primary. Where demosaicing reads red and blue across an edge, as around
// lamps, they break this, and the light that they stand for would be negative.
struct ColourLimits {
    float red = 1, blue = 1;  // at most these times green (or clear)
    float luminance = 0;      // at least this times green
};
ColourLimits colour_limits(const SensorProfile& profile, const std::array<double, 2>& balance);

// Gains of red and blue against green that make the picture's greys grey: the median ratios of the
// cells that are neither dark nor full and whose colour some light source's white may have; {1, 1}
// where there are too few. Limited to two stops' range around daylight.
std::array<double, 2> measured_white_balance(const std::vector<float>& mosaic, int width,
                                             int height, double dark, double full);

// A curve from light times exposure to 8 bits, tabled by the logarithm: 256 steps a stop.
class ToneCurve {
  public:
    // `filmic` is the renderer's curve [Hejl and Burgess-Dawson 2010], scaled so that `white`
    // becomes 255; otherwise the sRGB curve, where 1 becomes 255.
    ToneCurve(bool filmic, double white);
    std::uint8_t operator()(float light) const {
        const auto bits = std::bit_cast<std::uint32_t>(std::max(light, 0.0F));
        return table_[(std::clamp(bits, kFirst, kLast - 1) - kFirst) >> kStepBits];
    }

  private:
    // Stops around 1 that the table covers, as bits of a float, and the bits below a step. What is
    // darker shows as the first entry, which is black.
    static constexpr std::uint32_t kFirst = (127U - 14) << 23, kLast = (127U + 8) << 23;
    static constexpr int kStepBits = 15;
    std::vector<std::uint8_t> table_;
};
// The same without the table, 0..1.
double filmic_tone(double light);
double srgb_tone(double light);

// Colours of a demosaiced plane to the picture; the plane is left in linear sRGB.
void finish(engine::core::JobPool& pool, const Matrix& matrix, const ColourLimits& limits,
            double scale, const ToneCurve& tone, Plane& plane, engine::core::Image& image);

}  // namespace huntsman::sensors::imager
