#include "engine/render/supersample.h"

#include <cstddef>

namespace huntsman::engine::render {
namespace {

// Keeps the samples at the centres.
template <typename T>
void pick(std::vector<T>& values, std::size_t width, std::size_t height) {
    if (values.empty()) return;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            values[y * width + x] = values[2 * y * 2 * width + 2 * x];
        }
    }
    values.resize(width * height);
}

// Replaces samples of three channels by the tent's mean around each centre, in place: a pixel is
// written where no later one reads. `mean` takes the sum of sixteen samples.
template <typename Sum, typename T, typename Mean>
void filter(std::vector<T>& values, std::size_t width, std::size_t height, const Mean& mean) {
    if (values.empty()) return;
    const std::size_t row = 3 * 2 * width;
    for (std::size_t y = 0; y < height; ++y) {
        const T* centre = values.data() + 2 * y * row;
        const T* above = y > 0 ? centre - row : centre;
        const T* below = centre + row;
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t at = 6 * x, left = x > 0 ? at - 3 : at, right = at + 3;
            for (std::size_t c = 0; c < 3; ++c) {
                const auto across = [&](const T* line) {
                    return Sum(line[left + c]) + 2 * Sum(line[at + c]) + Sum(line[right + c]);
                };
                values[3 * (y * width + x) + c] =
                    mean(across(above) + 2 * across(centre) + across(below));
            }
        }
    }
    values.resize(3 * width * height);
}

}  // namespace

View doubled(const View& view) {
    View fine = view;
    fine.width *= 2;
    fine.height *= 2;
    fine.fx *= 2;
    fine.fy *= 2;
    // The centre of pixel 0 at 0.5 is that of sample 0 at 0.5.
    fine.cx = 2 * view.cx - 0.5;
    fine.cy = 2 * view.cy - 0.5;
    return fine;
}

void halve(Frame& frame) {
    frame.image.width /= 2;
    frame.image.height /= 2;
    const auto width = static_cast<std::size_t>(frame.image.width);
    const auto height = static_cast<std::size_t>(frame.image.height);
    filter<int>(frame.image.pixels, width, height,
                [](int sum) { return static_cast<std::uint8_t>((sum + 8) / 16); });
    filter<float>(frame.linear, width, height, [](float sum) { return sum / 16; });
    pick(frame.ids, width, height);
    pick(frame.depth_m, width, height);
    pick(frame.shape, width, height);
    pick(frame.parts, width, height);
}

}  // namespace huntsman::engine::render
