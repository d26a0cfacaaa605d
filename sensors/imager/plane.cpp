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

void gaussian_blur(engine::core::JobPool& pool, const Plane& from, double sigma_px, Plane& scratch,
                   Plane& to) {
    // Weights to four standard deviations, which leaves out 6e-5.
    const int reach = std::max(1, static_cast<int>(std::ceil(4 * sigma_px)));
    std::vector<float> weights(static_cast<std::size_t>(reach) + 1);
    double total = 0;
    for (int k = 0; k <= reach; ++k) {
        const double w = std::exp(-0.5 * k * k / (sigma_px * sigma_px));
        weights[static_cast<std::size_t>(k)] = static_cast<float>(w);
        total += k == 0 ? w : 2 * w;
    }
    for (float& w : weights) w = static_cast<float>(static_cast<double>(w) / total);

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

void sample(const Plane& plane, float x, float y, float rgb[3]) {
    x = std::clamp(x - 0.5F, 0.0F, static_cast<float>(plane.width - 1));
    y = std::clamp(y - 0.5F, 0.0F, static_cast<float>(plane.height - 1));
    const int x0 = std::min(static_cast<int>(x), std::max(0, plane.width - 2));
    const int y0 = std::min(static_cast<int>(y), std::max(0, plane.height - 2));
    const int x1 = std::min(x0 + 1, plane.width - 1), y1 = std::min(y0 + 1, plane.height - 1);
    const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
    const float* top = plane.row(y0);
    const float* bottom = plane.row(y1);
    for (int c = 0; c < 3; ++c) {
        const float a = top[3 * x0 + c] + fx * (top[3 * x1 + c] - top[3 * x0 + c]);
        const float b = bottom[3 * x0 + c] + fx * (bottom[3 * x1 + c] - bottom[3 * x0 + c]);
        rgb[c] = a + fy * (b - a);
    }
}

}  // namespace huntsman::sensors::imager
