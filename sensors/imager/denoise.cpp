#include "sensors/imager/denoise.h"

#include <algorithm>

namespace huntsman::sensors::imager {

ChannelNoise channel_noise(const SensorProfile& profile, const Development& how,
                           const Exposure& exposure, const std::array<double, 3>& gains) {
    const Capture& first = profile.captures.front();
    const double time_s = exposure.time_s * first.time_share;
    const double dark_e = dark_e_per_s(profile, how) * time_s;
    const double read_e = how.stages.read_noise ? first.read_noise_e : 0;
    // Rounding by the converter, in electrons.
    const double step_e = how.stages.converter ? 1 / (first.gain_dn_per_e * exposure.gain) : 0;
    ChannelNoise noise;
    for (std::size_t c = 0; c < 3; ++c) {
        const double electrons =
            electrons_per_kcd_m2_s(profile, static_cast<int>(c)) * time_s * first.sensitivity_share;
        const double variance_e = read_e * read_e + dark_e + step_e * step_e / 12;
        noise.at_dark[c] = gains[c] * gains[c] * variance_e / (electrons * electrons);
        noise.per_light[c] = how.stages.photon_noise ? gains[c] / electrons : 0;
    }
    return noise;
}

void denoise_colours(engine::core::JobPool& pool, const ChannelNoise& noise, Plane& plane,
                     Plane& scratch) {
    // Nine pixels a side hold about twenty pixels of each colour of the mosaic.
    constexpr int kRadius = 4;
    // Demosaicing's corrections add to the noise of the channels.
    constexpr double kMore = 2;
    float at_dark[2], per_light[2];
    for (std::size_t k = 0; k < 2; ++k) {
        at_dark[k] = static_cast<float>(kMore * (noise.at_dark[2 * k] + noise.at_dark[1]));
        per_light[k] = static_cast<float>(kMore * (noise.per_light[2 * k] + noise.per_light[1]));
    }
    scratch = plane;
    const int width = plane.width, height = plane.height;
    for_bands(pool, height, [&](int first, int last) {
        // Sums of columns over the window's rows: red and blue less green, their squares, green.
        constexpr std::size_t kSums = 5;
        std::vector<std::array<float, kSums>> columns(static_cast<std::size_t>(width));
        for (int y = first; y < last; ++y) {
            const int top = std::max(0, y - kRadius), bottom = std::min(height - 1, y + kRadius);
            for (auto& sums : columns) sums.fill(0);
            for (int row = top; row <= bottom; ++row) {
                const float* p = scratch.row(row);
                for (auto& sums : columns) {
                    const float red = p[0] - p[1], blue = p[2] - p[1];
                    sums[0] += red;
                    sums[1] += blue;
                    sums[2] += red * red;
                    sums[3] += blue * blue;
                    sums[4] += p[1];
                    p += 3;
                }
            }
            float* out = plane.row(y);
            for (int x = 0; x < width; ++x, out += 3) {
                const int left = std::max(0, x - kRadius), right = std::min(width - 1, x + kRadius);
                std::array<float, kSums> sums{};
                for (int column = left; column <= right; ++column) {
                    for (std::size_t k = 0; k < kSums; ++k) {
                        sums[k] += columns[static_cast<std::size_t>(column)][k];
                    }
                }
                const float share = 1 / static_cast<float>((right - left + 1) * (bottom - top + 1));
                const float light = std::max(0.0F, sums[4] * share);
                for (std::size_t k = 0; k < 2; ++k) {
                    const float mean = sums[k] * share;
                    const float variance = sums[k + 2] * share - mean * mean;
                    const float expected = at_dark[k] + per_light[k] * light;
                    const float kept =
                        variance > expected ? (variance - expected) / variance : 0.0F;
                    const float now = out[2 * k] - out[1];
                    out[2 * k] = out[1] + mean + kept * (now - mean);
                }
            }
        }
    });
}

}  // namespace huntsman::sensors::imager
