#include "sensors/imager/demosaic.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/core/array_view.h"

namespace huntsman::sensors::imager {

namespace {

// `beyond` is the brightest pixel of another channel that the correction looks at.
inline float limited(float value, float beyond, float a, float b, float c, float d) {
    const float least = std::min(std::min(a, b), std::min(c, d));
    const float most = std::max(std::max(a, b), std::max(c, d));
    // Among neighbours of much contrast the correction would ring.
    if (std::max(most, beyond) > 4 * std::abs(least)) return std::clamp(value, least, most);
    // Noise may be below zero: the limits then widen outwards.
    return std::clamp(value, least > 0 ? 0.5F * least : 2 * least, most > 0 ? 2 * most : most);
}

}  // namespace

void demosaic(engine::core::JobPool& pool, const std::vector<float>& mosaic, int width, int height,
              Plane& out) {
    out.resize(width, height);
    const engine::core::ArrayView<const float> rows(mosaic, height, width);
    const auto mirrored = [](int i, int count) {
        return i < 0 ? -i : i >= count ? 2 * count - 2 - i : i;
    };
    for_bands(pool, height, [&](int first, int last) {
        // Five rows around the present one, two pixels longer at either end.
        const auto stride = static_cast<std::size_t>(width) + 4;
        std::vector<float> lines(5 * stride);
        for (int y = first; y < last; ++y) {
            std::array<const float*, 5> at;
            for (int k = 0; k < 5; ++k) {
                float* line = lines.data() + static_cast<std::size_t>(k) * stride;
                const std::span<const float> from = rows.row(mirrored(y + k - 2, height));
                std::copy(from.begin(), from.end(), line + 2);
                line[0] = from[2];
                line[1] = from[1];
                line[width + 2] = from[std::size_t(width) - 2];
                line[width + 3] = from[std::size_t(width) - 3];
                at[static_cast<std::size_t>(k)] = line + 2;
            }
            const auto [nn, n, m, s, ss] = at;
            float* rgb = out.row(y);
            // Pixels of the row's own colour, red or blue.
            const int own = (y & 1) != 0 ? 2 : 0, other = 2 - own;
            for (int x = own == 2 ? 1 : 0; x < width; x += 2) {
                const float far = m[x - 2] + m[x + 2] + nn[x] + ss[x];
                const float side = m[x - 1] + m[x + 1] + n[x] + s[x];
                const float diagonal = n[x - 1] + n[x + 1] + s[x - 1] + s[x + 1];
                const float beyond = std::max(std::max(m[x - 2], m[x + 2]), std::max(nn[x], ss[x]));
                rgb[3 * x + own] = m[x];
                rgb[3 * x + 1] = limited(0.125F * (4 * m[x] + 2 * side - far), beyond, m[x - 1],
                                         m[x + 1], n[x], s[x]);
                rgb[3 * x + other] = limited(0.125F * (6 * m[x] + 2 * diagonal - 1.5F * far),
                                             beyond, n[x - 1], n[x + 1], s[x - 1], s[x + 1]);
            }
            // Green pixels: the row's colour stands beside them, the other above and below.
            for (int x = own == 2 ? 0 : 1; x < width; x += 2) {
                const float diagonal = n[x - 1] + n[x + 1] + s[x - 1] + s[x + 1];
                const float across = m[x - 2] + m[x + 2], along = nn[x] + ss[x];
                const float beyond =
                    std::max(std::max(std::max(m[x - 2], m[x + 2]), std::max(nn[x], ss[x])),
                             std::max(std::max(n[x - 1], n[x + 1]), std::max(s[x - 1], s[x + 1])));
                rgb[3 * x + 1] = m[x];
                rgb[3 * x + own] = limited(0.125F * (5 * m[x] + 4 * (m[x - 1] + m[x + 1]) -
                                                     diagonal - across + 0.5F * along),
                                           beyond, m[x - 1], m[x + 1], m[x - 1], m[x + 1]);
                rgb[3 * x + other] = limited(
                    0.125F * (5 * m[x] + 4 * (n[x] + s[x]) - diagonal - along + 0.5F * across),
                    beyond, n[x], s[x], n[x], s[x]);
            }
        }
    });
}

}  // namespace huntsman::sensors::imager
