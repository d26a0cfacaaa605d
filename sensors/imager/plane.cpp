#include "sensors/imager/plane.h"

#include <algorithm>
#include <cmath>

namespace huntsman::sensors::imager {

void shrink(engine::core::JobPool& pool, const Plane& from, int factor, Plane& to) {
    to.resize((from.width + factor - 1) / factor, (from.height + factor - 1) / factor);
    for_bands(pool, to.height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = to.row(y);
            std::fill(out, out + to.width * 3, 0.0F);
            const int y_end = std::min((y + 1) * factor, from.height);
            for (int v = y * factor; v < y_end; ++v) {
                const float* in = from.row(v);
                for (int x = 0; x < to.width; ++x) {
                    const int x_end = std::min((x + 1) * factor, from.width);
                    float r = 0, g = 0, b = 0;
                    for (int u = x * factor; u < x_end; ++u) {
                        r += in[3 * u];
                        g += in[3 * u + 1];
                        b += in[3 * u + 2];
                    }
                    out[3 * x] += r;
                    out[3 * x + 1] += g;
                    out[3 * x + 2] += b;
                }
            }
            for (int x = 0; x < to.width; ++x) {
                const int columns = std::min((x + 1) * factor, from.width) - x * factor;
                const float scale = 1.0F / static_cast<float>(columns * (y_end - y * factor));
                for (int c = 0; c < 3; ++c) out[3 * x + c] *= scale;
            }
        }
    });
}

namespace {

// Weights of the middle and one side, to four standard deviations, which leaves out 6e-5.
std::vector<double> gaussian_weights(double sigma_px) {
    const int reach = std::max(1, static_cast<int>(std::ceil(4 * sigma_px)));
    std::vector<double> weights;
    double total = -1;
    for (int k = 0; k <= reach; ++k) {
        weights.push_back(std::exp(-0.5 * k * k / (sigma_px * sigma_px)));
        total += 2 * weights.back();
    }
    for (double& w : weights) w /= total;
    return weights;
}

constexpr double kPi = 3.14159265358979324;

// What the weights leave of a wave of so many cycles a pixel.
double response(const std::vector<double>& weights, double cycles_per_px) {
    double sum = weights[0];
    for (std::size_t k = 1; k < weights.size(); ++k) {
        sum += 2 * weights[k] * std::cos(2 * kPi * cycles_per_px * static_cast<double>(k));
    }
    return sum;
}

// Samples of a narrow Gaussian blur less than it does. Of their family the one is taken that has
// its response where Gaussian and pixel together leave one half of a wave, which is what sharpness
// is measured by.
double sampled_sigma(double sigma_px) {
    constexpr double kNarrow = 0.9;
    if (sigma_px >= kNarrow) return sigma_px;
    const auto gaussian = [&](double f) {
        return std::exp(-2 * kPi * kPi * f * f * sigma_px * sigma_px);
    };
    double low = 0.01, high = 0.5;
    for (int i = 0; i < 40; ++i) {
        const double f = 0.5 * (low + high);
        (gaussian(f) * std::sin(kPi * f) / (kPi * f) > 0.5 ? low : high) = f;
    }
    const double at = high, wanted = gaussian(at);
    low = sigma_px;
    high = 2 * kNarrow;
    for (int i = 0; i < 40; ++i) {
        const double sampled = 0.5 * (low + high);
        (response(gaussian_weights(sampled), at) > wanted ? low : high) = sampled;
    }
    return low;
}

}  // namespace

void gaussian_blur(engine::core::JobPool& pool, const Plane& from, double sigma_px, Plane& scratch,
                   Plane& to) {
    const auto exact = gaussian_weights(sampled_sigma(sigma_px));
    const std::vector<float> weights(exact.begin(), exact.end());
    const int reach = static_cast<int>(weights.size()) - 1;

    scratch.resize(from.width, from.height);
    to.resize(from.width, from.height);
    const int values = from.width * 3;
    // Down the columns.
    for_bands(pool, from.height, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = scratch.row(y);
            const float* middle = from.row(y);
            const float w0 = weights[0];
            for (int i = 0; i < values; ++i) out[i] = w0 * middle[i];
            for (int k = 1; k <= reach; ++k) {
                const float* above = from.row(std::max(0, y - k));
                const float* below = from.row(std::min(from.height - 1, y + k));
                const float w = weights[static_cast<std::size_t>(k)];
                for (int i = 0; i < values; ++i) out[i] += w * (above[i] + below[i]);
            }
        }
    });
    // Along the rows, on a copy that is continued at both ends.
    for_bands(pool, from.height, [&](int first, int last) {
        std::vector<float> line(static_cast<std::size_t>(values + 6 * reach));
        for (int y = first; y < last; ++y) {
            const float* in = scratch.row(y);
            for (int k = 0; k < reach; ++k) {
                for (int c = 0; c < 3; ++c) {
                    line[static_cast<std::size_t>(3 * k + c)] = in[c];
                    line[static_cast<std::size_t>(3 * (reach + from.width + k) + c)] =
                        in[values - 3 + c];
                }
            }
            std::copy(in, in + values, line.begin() + 3 * reach);
            float* out = to.row(y);
            const float* middle = line.data() + 3 * reach;
            const float w0 = weights[0];
            for (int i = 0; i < values; ++i) out[i] = w0 * middle[i];
            for (int k = 1; k <= reach; ++k) {
                const float w = weights[static_cast<std::size_t>(k)];
                const float* left = middle - 3 * k;
                const float* right = middle + 3 * k;
                for (int i = 0; i < values; ++i) out[i] += w * (left[i] + right[i]);
            }
        }
    });
}

}  // namespace huntsman::sensors::imager
