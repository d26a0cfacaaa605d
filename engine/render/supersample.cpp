#include "engine/render/supersample.h"

#include <cstddef>

namespace huntsman::engine::render {
namespace {

// Calls `put(to, from)` with the index of each pixel and of its first sample.
template <typename Put>
void for_each_pixel(int width, int height, const Put& put) {
    const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
    for (std::size_t y = 0; y < h; ++y) {
        for (std::size_t x = 0; x < w; ++x) put(y * w + x, 2 * y * 2 * w + 2 * x);
    }
}

// Keeps the sample right below the pixel's centre.
template <typename T>
void pick(std::vector<T>& values, int width, int height) {
    if (values.empty()) return;
    const auto row = static_cast<std::size_t>(2 * width);
    for_each_pixel(width, height,
                   [&](std::size_t to, std::size_t from) { values[to] = values[from + row + 1]; });
    values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
}

}  // namespace

View doubled(const View& view) {
    View fine = view;
    fine.width *= 2;
    fine.height *= 2;
    for (double* value : {&fine.fx, &fine.fy, &fine.cx, &fine.cy}) *value *= 2;
    return fine;
}

void halve(Frame& frame) {
    const int width = frame.image.width / 2, height = frame.image.height / 2;
    const auto row = static_cast<std::size_t>(2 * width);
    std::vector<std::uint8_t>& pixels = frame.image.pixels;
    const bool pictured = !pixels.empty();
    for_each_pixel(pictured ? width : 0, height, [&](std::size_t to, std::size_t from) {
        for (std::size_t c = 0; c < 3; ++c) {
            const int sum = pixels[3 * from + c] + pixels[3 * (from + 1) + c] +
                            pixels[3 * (from + row) + c] + pixels[3 * (from + row + 1) + c];
            pixels[3 * to + c] = static_cast<std::uint8_t>((sum + 2) / 4);
        }
    });
    frame.image.width = width;
    frame.image.height = height;
    const std::size_t numbers =
        3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    if (pictured) pixels.resize(numbers);
    if (!frame.linear.empty()) {
        std::vector<float>& linear = frame.linear;
        for_each_pixel(width, height, [&](std::size_t to, std::size_t from) {
            for (std::size_t c = 0; c < 3; ++c) {
                linear[3 * to + c] =
                    0.25F * (linear[3 * from + c] + linear[3 * (from + 1) + c] +
                             linear[3 * (from + row) + c] + linear[3 * (from + row + 1) + c]);
            }
        });
        linear.resize(numbers);
    }
    pick(frame.ids, width, height);
    pick(frame.depth_m, width, height);
    pick(frame.shape, width, height);
    pick(frame.parts, width, height);
}

}  // namespace huntsman::engine::render
