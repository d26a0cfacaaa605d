#include "bridge/rpc/pictures.h"

#include <algorithm>
#include <cstring>

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr std::uint32_t kSmallest_px = 16, kLargest_px = 4096;  // as cameras'

// How much of the source's pixels one pixel of the other size covers, along one axis: from `first`
// on, in parts of `kWhole`.
struct Cover {
    int first = 0;
    std::vector<std::uint32_t> weights;
};
constexpr std::uint32_t kWhole = 1 << 12;  // two of them and 8 bits of colour stay below 2³²

// From `from` pixels to `to`; the weights of each sum up to kWhole exactly.
std::vector<Cover> covers(int from, int to) {
    std::vector<Cover> all(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        Cover& cover = all[static_cast<std::size_t>(i)];
        if (to >= from) {
            cover = {(2 * i + 1) * from / (2 * to), {kWhole}};
            continue;
        }
        // In units of 1/to of a source pixel: whole numbers.
        const std::int64_t begin = static_cast<std::int64_t>(i) * from, end = begin + from;
        cover.first = static_cast<int>(begin / to);
        std::uint32_t given = 0;
        for (std::int64_t p = cover.first; p * to < end; ++p) {
            // What is covered up to this pixel's end, so that rounding leaves nothing over.
            const std::int64_t covered = std::min((p + 1) * to, end) - begin;
            const auto sum = static_cast<std::uint32_t>(covered * kWhole / from);
            cover.weights.push_back(sum - given);
            given = sum;
        }
    }
    return all;
}

void resize(const driver::CameraPicture& picture, int width, int height,
            std::vector<std::uint8_t>& out) {
    const int from_width = picture.camera->width, from_height = picture.camera->height;
    const auto across = covers(from_width, width), down = covers(from_height, height);
    out.resize(3 * across.size() * down.size());
    std::vector<std::uint32_t> row(3 * static_cast<std::size_t>(from_width));
    std::uint8_t* to = out.data();
    for (const Cover& rows : down) {
        // The mean of the rows, then of the columns.
        std::fill(row.begin(), row.end(), 0);
        for (std::size_t k = 0; k < rows.weights.size(); ++k) {
            const std::size_t y = static_cast<std::size_t>(rows.first) + k;
            const std::uint8_t* from = picture.rgb.data() + y * row.size();
            for (std::size_t i = 0; i < row.size(); ++i) row[i] += rows.weights[k] * from[i];
        }
        for (const Cover& columns : across) {
            for (std::size_t c = 0; c < 3; ++c) {
                std::uint64_t sum = 0;
                for (std::size_t k = 0; k < columns.weights.size(); ++k) {
                    const std::size_t x = static_cast<std::size_t>(columns.first) + k;
                    sum += static_cast<std::uint64_t>(columns.weights[k]) * row[3 * x + c];
                }
                constexpr std::uint64_t kOne = static_cast<std::uint64_t>(kWhole) * kWhole;
                *to++ = static_cast<std::uint8_t>((sum + kOne / 2) / kOne);
            }
        }
    }
}

void write_format(std::span<const std::uint8_t> rgb, messages::PixelFormat format,
                  std::span<std::uint8_t> out) {
    const std::size_t pixels = rgb.size() / 3;
    if (format == messages::PIXELS_BGR8) {
        for (std::size_t i = 0; i < pixels; ++i) {
            out[3 * i] = rgb[3 * i + 2];
            out[3 * i + 1] = rgb[3 * i + 1];
            out[3 * i + 2] = rgb[3 * i];
        }
    } else if (format == messages::PIXELS_RGB8_PLANAR) {
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t i = 0; i < pixels; ++i) out[c * pixels + i] = rgb[3 * i + c];
        }
    } else {
        std::memcpy(out.data(), rgb.data(), rgb.size());
    }
}

std::string camera_names(const engine::world::Rig& rig) {
    std::string names;
    for (const auto& camera : rig.cameras) names += (names.empty() ? "" : ", ") + camera.name;
    return names;
}

}  // namespace

Result<std::vector<Given>> given_cameras(const messages::Wants& wants,
                                         const engine::world::Rig& rig) {
    if (!messages::PixelFormat_IsValid(wants.format())) {
        return Error{.message = fmt::format("wants pixels in the format {}, expected {} to {}",
                                            static_cast<int>(wants.format()),
                                            static_cast<int>(messages::PixelFormat_MIN),
                                            static_cast<int>(messages::PixelFormat_MAX))};
    }
    const bool own_size = wants.width() != 0 || wants.height() != 0;
    const auto [least, most] = std::minmax({wants.width(), wants.height()});
    if (own_size && (least < kSmallest_px || most > kLargest_px)) {
        return Error{.message =
                         fmt::format("wants pictures of {} x {} pixels, expected {} to {}",
                                     wants.width(), wants.height(), kSmallest_px, kLargest_px)};
    }
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < rig.cameras.size() && wants.cameras().empty(); ++i) {
        chosen.push_back(i);
    }
    for (const std::string& name : wants.cameras()) {
        const auto found = std::ranges::find(rig.cameras, name, &engine::world::Camera::name);
        if (found == rig.cameras.end()) {
            return Error{.message = fmt::format("wants the camera \"{}\", expected one of {}",
                                                name.substr(0, 100), camera_names(rig))};
        }
        const auto index = static_cast<std::size_t>(found - rig.cameras.begin());
        if (std::ranges::find(chosen, index) != chosen.end()) {
            return Error{.message = fmt::format("wants the camera \"{}\" twice", name)};
        }
        chosen.push_back(index);
    }
    std::vector<Given> all;
    std::uint64_t offset = 0;
    for (const std::size_t index : chosen) {
        const auto& camera = rig.cameras[index];
        Given given{.camera = index,
                    .width = own_size ? static_cast<int>(wants.width()) : camera.width,
                    .height = own_size ? static_cast<int>(wants.height()) : camera.height,
                    .offset = offset};
        constexpr std::uint64_t kAlign = 64;  // of a cache line
        offset += (given.bytes() + kAlign - 1) / kAlign * kAlign;
        all.push_back(given);
    }
    return all;
}

void write_picture(const driver::CameraPicture& picture, const Given& given,
                   messages::PixelFormat format, std::span<std::uint8_t> out) {
    if (given.width == picture.camera->width && given.height == picture.camera->height) {
        write_format(picture.rgb, format, out);
        return;
    }
    std::vector<std::uint8_t> resized;
    resize(picture, given.width, given.height, resized);
    write_format(resized, format, out);
}

void describe_camera(const engine::world::Camera& camera, int width, int height,
                     messages::CameraImage& message) {
    messages::Observation one;
    const driver::CameraPicture blank{.camera = &camera, .rgb = {}};
    driver::add_cameras({&blank, 1}, one);
    message = std::move(*one.mutable_cameras(0));
    const double x = static_cast<double>(width) / camera.width;
    const double y = static_cast<double>(height) / camera.height;
    message.set_width(static_cast<std::uint32_t>(width));
    message.set_height(static_cast<std::uint32_t>(height));
    message.set_fx(x * camera.lens.fx);
    message.set_fy(y * camera.lens.fy);
    message.set_cx(x * camera.lens.cx);
    message.set_cy(y * camera.lens.cy);
}

}  // namespace huntsman::bridge::rpc
