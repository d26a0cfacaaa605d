#include "sensors/imager/denoise.h"

#include <algorithm>
#include <array>
#include <vector>

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

namespace {

// Sums over windows of pixels: of columns first, then of rows of columns.
template <std::size_t kSums, typename Terms, typename Use>
void with_window_sums(const Plane& from, int radius, int first, int last, const Terms& terms,
                      const Use& use) {
    const int width = from.width, height = from.height;
    std::vector<std::array<float, kSums>> columns(static_cast<std::size_t>(width));
    for (int y = first; y < last; ++y) {
        const int top = std::max(0, y - radius), bottom = std::min(height - 1, y + radius);
        for (auto& sums : columns) sums.fill(0);
        for (int row = top; row <= bottom; ++row) {
            const float* p = from.row(row);
            for (auto& sums : columns) {
                terms(p, sums);
                p += 3;
            }
        }
        for (int x = 0; x < width; ++x) {
            const int left = std::max(0, x - radius), right = std::min(width - 1, x + radius);
            std::array<float, kSums> sums{};
            for (int column = left; column <= right; ++column) {
                for (std::size_t k = 0; k < kSums; ++k) {
                    sums[k] += columns[static_cast<std::size_t>(column)][k];
                }
            }
            const float share = 1 / static_cast<float>((right - left + 1) * (bottom - top + 1));
            for (float& sum : sums) sum *= share;
            use(x, y, sums);
        }
    }
}

// The share of a difference from the mean that is more than noise.
float certain_share(float mean_square, float mean, float expected) {
    const float variance = mean_square - mean * mean;
    return variance > expected ? (variance - expected) / variance : 0.0F;
}

float gain_at(const std::vector<float>& gain, const Plane& plane, int x, int y) {
    if (gain.empty()) return 1;
    return gain[static_cast<std::size_t>(y) * static_cast<std::size_t>(plane.width) +
                static_cast<std::size_t>(x)];
}

}  // namespace

void denoise_colours(engine::core::JobPool& pool, const ChannelNoise& noise,
                     const std::vector<float>& shading_gain, Plane& plane, Plane& scratch) {
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
    // Red and blue less green, their squares, green.
    const auto terms = [](const float* p, std::array<float, 5>& sums) {
        const float red = p[0] - p[1], blue = p[2] - p[1];
        sums[0] += red;
        sums[1] += blue;
        sums[2] += red * red;
        sums[3] += blue * blue;
        sums[4] += p[1];
    };
    for_bands(pool, plane.height, [&](int first, int last) {
        with_window_sums<5>(scratch, kRadius, first, last, terms, [&](int x, int y, const auto& m) {
            float* out = plane.row(y) + 3 * x;
            const float gain = gain_at(shading_gain, plane, x, y), light = std::max(0.0F, m[4]);
            for (std::size_t k = 0; k < 2; ++k) {
                const float expected = gain * (gain * at_dark[k] + per_light[k] * light);
                const float kept = certain_share(m[k + 2], m[k], expected);
                const float now = out[2 * k] - out[1];
                out[2 * k] = out[1] + m[k] + kept * (now - m[k]);
            }
        });
    });
}

void denoise_brightness(engine::core::JobPool& pool, const ChannelNoise& noise,
                        const std::vector<float>& shading_gain, Plane& plane, Plane& scratch) {
    constexpr int kRadius = 2;
    constexpr float kLeastKept = 0.4F;  // of what is no more than noise
    const auto at_dark = static_cast<float>(noise.at_dark[1]),
               per_light = static_cast<float>(noise.per_light[1]);
    scratch = plane;
    const auto terms = [](const float* p, std::array<float, 2>& sums) {
        sums[0] += p[1];
        sums[1] += p[1] * p[1];
    };
    for_bands(pool, plane.height, [&](int first, int last) {
        with_window_sums<2>(scratch, kRadius, first, last, terms, [&](int x, int y, const auto& m) {
            float* out = plane.row(y) + 3 * x;
            const float gain = gain_at(shading_gain, plane, x, y), light = std::max(0.0F, m[0]);
            const float expected = gain * (gain * at_dark + per_light * light);
            const float kept = std::max(kLeastKept, certain_share(m[1], m[0], expected));
            const float change = (1 - kept) * (m[0] - out[1]);
            for (int c = 0; c < 3; ++c) out[c] += change;
        });
    });
}

}  // namespace huntsman::sensors::imager
