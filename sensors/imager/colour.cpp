#include "sensors/imager/colour.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/render/display.h"

namespace huntsman::sensors::imager {

Matrix colour_matrix(const SensorProfile& profile) {
    const Matrix& m = profile.response_from_srgb;
    Matrix inverse{};
    const auto minor = [&](std::size_t r, std::size_t c) {
        const std::size_t r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
        return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
    };
    const double determinant =
        m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
    for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t c = 0; c < 3; ++c) inverse[r][c] = minor(c, r) / determinant;
    }
    return inverse;
}

ColourLimits colour_limits(const SensorProfile& profile, const std::array<double, 2>& balance) {
    const Matrix& m = profile.response_from_srgb;
    const Matrix to_srgb = colour_matrix(profile);
    constexpr double kLuminance[3] = {0.2126, 0.7152, 0.0722};
    const double gains[3] = {balance[0], 1, balance[1]};
    // Of what the balanced channels are taken for, by primary of the light.
    constexpr double kLeast = 0.02;
    ColourLimits limits{.red = 0, .blue = 0, .luminance = 1};
    for (std::size_t k = 0; k < 3; ++k) {
        const double green = std::max(m[1][k], 1e-3);
        double luminance = 0;
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 3; ++c) {
                luminance += kLuminance[r] * to_srgb[r][c] * gains[c] * m[c][k];
            }
        }
        limits.red = std::max(limits.red, static_cast<float>(gains[0] * m[0][k] / green));
        limits.blue = std::max(limits.blue, static_cast<float>(gains[2] * m[2][k] / green));
        limits.luminance =
            std::min(limits.luminance, static_cast<float>(std::max(kLeast, luminance / green)));
    }
    return limits;
}

std::array<double, 2> measured_white_balance(const std::vector<float>& mosaic, int width,
                                             int height, double dark, double full) {
    constexpr int kStride = 8;  // pixels; even
    // How far white may be from daylight: each channel, and off the line from blue to orange.
    constexpr double kMost = 0.7, kOffLine = 0.3;
    constexpr std::size_t kFewest = 50;
    std::vector<double> red, blue;
    const engine::core::ArrayView<const float> readings(mosaic, height, width);
    for (int y = 0; y + 1 < height; y += kStride) {
        for (int x = 0; x + 1 < width; x += kStride) {
            const auto r = static_cast<double>(readings(y, x));
            const auto b = static_cast<double>(readings(y + 1, x + 1));
            const double g = 0.5 * (static_cast<double>(readings(y, x + 1)) +
                                    static_cast<double>(readings(y + 1, x)));
            if (std::min({r, g, b}) <= dark || std::max({r, g, b}) >= full) continue;
            const double lr = std::log(g / r), lb = std::log(g / b);
            if (std::abs(lr) > kMost || std::abs(lb) > kMost || std::abs(lr + lb) > kOffLine) {
                continue;
            }
            red.push_back(lr);
            blue.push_back(lb);
        }
    }
    if (red.size() < kFewest) return {1, 1};
    const auto median = [](std::vector<double>& v) {
        const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
        std::nth_element(v.begin(), middle, v.end());
        return *middle;
    };
    return {std::exp(median(red)), std::exp(median(blue))};
}

double filmic_tone(double light) { return engine::render::displayed(light); }

double srgb_tone(double light) {
    const double l = std::clamp(light, 0.0, 1.0);
    return l <= 0.0031308 ? 12.92 * l : 1.055 * std::pow(l, 1 / 2.4) - 0.055;
}

ToneCurve::ToneCurve(bool filmic, double white) {
    const double top = filmic ? filmic_tone(white) : 1;
    for (std::uint32_t i = kFirst >> kStepBits; i < kLast >> kStepBits; ++i) {
        const double light =
            static_cast<double>(std::bit_cast<float>((i << kStepBits) + (1U << (kStepBits - 1))));
        const double y = filmic ? filmic_tone(std::min(light, white)) / top : srgb_tone(light);
        table_.push_back(static_cast<std::uint8_t>(std::clamp(y, 0.0, 1.0) * 255 + 0.5));
    }
}

void finish(engine::core::JobPool& pool, const Matrix& matrix, const ColourLimits& limits,
            double scale, const ToneCurve& tone, Plane& plane, engine::core::Image& image) {
    image.width = plane.width;
    image.height = plane.height;
    image.channels = 3;
    image.pixels.resize(plane.rgb.size());
    float m[3][3];
    for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t c = 0; c < 3; ++c) m[r][c] = static_cast<float>(matrix[r][c]);
    }
    const auto exposure = static_cast<float>(scale);
    // Light from which colours fade, and over which they do; 1 is white.
    constexpr float kPaleFrom = 2, kPaleOver = 6;
    // From this share of white on channels are held against each other; what is darker may be
    // noise.
    const float certain = 0.25F / exposure;
    for_bands(pool, plane.height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* p = plane.row(y);
            std::uint8_t* out = image.row(y);
            for (int x = 0; x < plane.width; ++x, p += 3, out += 3) {
                const float g = p[1], lit = std::max(g, 0.0F);
                const float r = std::min(p[0], std::max(limits.red * lit, certain));
                const float b = std::min(p[2], std::max(limits.blue * lit, certain));
                for (int c = 0; c < 3; ++c) p[c] = m[c][0] * r + m[c][1] * g + m[c][2] * b;
                // Highlights lose their colour, which a mosaic cannot tell for small lamps.
                const float told = 0.2126F * p[0] + 0.7152F * p[1] + 0.0722F * p[2];
                // Where channels contradict each other, the pixel is as grey as its green tells.
                const float bound = limits.luminance * lit;
                const bool contradict = told < bound && std::max(r, b) >= certain;
                const float trust = !contradict ? 1.0F : told > 0 ? told / bound : 0.0F;
                const float luma = trust * told + (1 - trust) * lit;
                const float most = std::max(std::max(p[0], p[1]), p[2]);
                const float over = luma * exposure;
                const float grey =
                    over > kPaleFrom ? std::min(1.0F, (over - kPaleFrom) / kPaleOver) : 0.0F;
                // Colours beyond what the screen has keep their hue and pale as far as needed.
                const float least = std::min(std::min(p[0], p[1]), p[2]);
                const float kept = trust * (least >= 0 ? 1.0F
                                            : luma > 0 ? luma / (luma - least)
                                                       : 0.0F);
                for (int c = 0; c < 3; ++c) {
                    const float inside = luma + kept * (p[c] - luma);
                    out[c] = tone((inside + grey * (most - inside)) * exposure);
                }
            }
        }
    });
}

}  // namespace huntsman::sensors::imager
