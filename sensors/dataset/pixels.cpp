#include "sensors/dataset/pixels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "engine/core/check.h"
#include "sensors/encode/image_file.h"
#include "sensors/encode/raster_png.h"

namespace huntsman::sensors::dataset {

using encode::RasterShape;
using engine::core::Error;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

static_assert(std::endian::native == std::endian::little, "words are written as they lie");

// NPY, version 1.0: magic, length of the header, a Python literal, data [NEP 1].
std::string npy_header(const std::string& type, const std::string& shape) {
    std::string header =
        "{'descr': " + type + ", 'fortran_order': False, 'shape': (" + shape + "), }";
    constexpr std::size_t kMagic = 10, kAlign = 64;
    header.append((kAlign - (kMagic + header.size() + 1) % kAlign) % kAlign, ' ');
    header.push_back('\n');
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes.push_back(static_cast<char>(header.size() & 0xff));
    bytes.push_back(static_cast<char>(header.size() >> 8));
    return bytes + header;
}
namespace {

std::size_t area(int width, int height) {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}
template <typename T>
std::span<const std::uint8_t> bytes_of(std::span<const T> values) {
    return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}
Result<std::vector<std::uint8_t>> decode(std::string_view png, const RasterShape& expected) {
    HM_TAKE(encode::Raster raster, encode::decode_raster(png));
    const RasterShape& shape = raster.shape;
    if (shape != expected) {
        return Error{.message = fmt::format("a picture of {}×{} with {} channels of {} bits, "
                                            "expected {}×{} with {} of {}",
                                            shape.width, shape.height, shape.channels, shape.bits,
                                            expected.width, expected.height, expected.channels,
                                            expected.bits)};
    }
    return std::move(raster.pixels);
}
template <typename T>
Decoded<T> decode_plain(std::string_view png, const RasterShape& expected) {
    HM_TAKE(const std::vector<std::uint8_t> bytes, decode(png, expected));
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

// What stands before the data: only what `npy_header` writes is read.
Result<std::string_view> npy_data(std::string_view bytes, const std::string& type,
                                  const std::string& shape) {
    const std::string header = npy_header(type, shape);
    if (bytes.size() < header.size() || bytes.substr(0, header.size()) != header) {
        return Error{.message = "not an array (" + shape + ") of " + type};
    }
    return bytes.substr(header.size());
}

constexpr char kLidarType[] =
    "[('x', '<f4'), ('y', '<f4'), ('z', '<f4'), ('intensity', '<f4'), ('ring', '<u4'), "
    "('id', '<u4')]";
struct LidarRow {
    float x, y, z, intensity;
    std::uint32_t ring, id;
};
static_assert(sizeof(LidarRow) == 24);

}  // namespace

std::string encode_words(std::span<const std::uint32_t> words, int width, int height) {
    return encode::encode_raster(bytes_of(words), {width, height, 4, 8});
}
Decoded<std::uint32_t> decode_words(std::string_view png, int width, int height) {
    return decode_plain<std::uint32_t>(png, {width, height, 4, 8});
}
std::string encode_floats(std::span<const float> values, int width, int height) {
    return encode::encode_raster(bytes_of(values), {width, height, 4, 8});
}
Decoded<float> decode_floats(std::string_view png, int width, int height) {
    return decode_plain<float>(png, {width, height, 4, 8});
}

std::string encode_normals(std::span<const float> normals, int width, int height) {
    HM_CHECK(normals.size() == 3 * area(width, height), "{} values", normals.size());
    std::vector<std::uint8_t> bytes(normals.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        // Truncation after adding a half rounds what is positive.
        bytes[i] = static_cast<std::uint8_t>(128.5F + 127.0F * std::clamp(normals[i], -1.0F, 1.0F));
    }
    return encode::encode_raster(bytes, {width, height, 3, 8});
}
Decoded<float> decode_normals(std::string_view png, int width, int height) {
    HM_TAKE(const auto bytes, decode(png, {width, height, 3, 8}));
    std::vector<float> normals(bytes.size());
    for (std::size_t i = 0; i < normals.size(); i += 3) {
        float n[3], length2 = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            n[c] = static_cast<float>(bytes[i + c]) - 128.0F;
            length2 += n[c] * n[c];
        }
        const float scale = length2 > 0 ? 1.0F / std::sqrt(length2) : 0.0F;
        for (std::size_t c = 0; c < 3; ++c) normals[i + c] = n[c] * scale;
    }
    return normals;
}

std::string encode_flow(std::span<const float> flow, int width, int height) {
    HM_CHECK(flow.size() == 2 * area(width, height), "{} values", flow.size());
    constexpr float kMost = 511.0F;
    std::vector<std::uint16_t> words(3 * area(width, height));
    for (std::size_t i = 0; i < area(width, height); ++i) {
        const float x = flow[2 * i], y = flow[2 * i + 1];
        // False for NaN too.
        if (!(std::abs(x) <= kMost && std::abs(y) <= kMost)) continue;
        words[3 * i] = static_cast<std::uint16_t>(32768.5F + 64.0F * x);
        words[3 * i + 1] = static_cast<std::uint16_t>(32768.5F + 64.0F * y);
        words[3 * i + 2] = 1;
    }
    return encode::encode_raster(bytes_of(std::span<const std::uint16_t>(words)),
                                 {width, height, 3, 16});
}
Decoded<float> decode_flow(std::string_view png, int width, int height) {
    HM_TAKE(const auto words, decode_plain<std::uint16_t>(png, {width, height, 3, 16}));
    std::vector<float> flow(2 * area(width, height), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t i = 0; i < area(width, height); ++i) {
        if (words[3 * i + 2] == 0) continue;
        for (std::size_t c = 0; c < 2; ++c) {
            flow[2 * i + c] = (static_cast<float>(words[3 * i + c]) - 32768.0F) / 64.0F;
        }
    }
    return flow;
}

std::string encode_grey(std::span<const std::uint8_t> values, int width, int height) {
    return encode::encode_raster(values, {width, height, 1, 8});
}
Decoded<std::uint8_t> decode_grey(std::string_view png, int width, int height) {
    return decode_plain<std::uint8_t>(png, {width, height, 1, 8});
}
std::string encode_grey16(std::span<const std::uint16_t> values, int width, int height) {
    return encode::encode_raster(bytes_of(values), {width, height, 1, 16});
}
Decoded<std::uint16_t> decode_grey16(std::string_view png, int width, int height) {
    return decode_plain<std::uint16_t>(png, {width, height, 1, 16});
}

std::string encode_birds_eye(const labels::BirdsEye& eye) {
    std::vector<std::uint8_t> cells(area(eye.cells, eye.cells));
    const std::vector<std::uint8_t>* layers[] = {&eye.drivable, &eye.occupied, &eye.seen,
                                                 &eye.seen_occupied};
    for (unsigned layer = 0; layer < 4; ++layer) {
        const std::vector<std::uint8_t>& values = *layers[layer];
        HM_CHECK(values.size() == cells.size(), "{} cells of {}", values.size(), cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (values[i] != 0) cells[i] = static_cast<std::uint8_t>(cells[i] | 16U << layer);
        }
    }
    return encode_grey(cells, eye.cells, eye.cells);
}
Status decode_birds_eye(std::string_view png, labels::BirdsEye& eye) {
    HM_TAKE(const auto cells, decode_grey(png, eye.cells, eye.cells));
    std::vector<std::uint8_t>* layers[] = {&eye.drivable, &eye.occupied, &eye.seen,
                                           &eye.seen_occupied};
    for (unsigned layer = 0; layer < 4; ++layer) {
        layers[layer]->resize(cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            (*layers[layer])[i] = static_cast<std::uint8_t>(cells[i] >> (4 + layer) & 1U);
        }
    }
    return {};
}

std::string encode_lidar(std::span<const labels::LidarPoint> points) {
    std::string bytes = npy_header(kLidarType, fmt::format("{},", points.size()));
    for (const labels::LidarPoint& p : points) {
        const LidarRow row{p.x, p.y, p.z, p.intensity, p.ring, p.id};
        bytes.append(reinterpret_cast<const char*>(&row), sizeof row);
    }
    return bytes;
}
Decoded<labels::LidarPoint> decode_lidar(std::string_view bytes) {
    // The length follows from the size; the header must agree with it.
    constexpr std::size_t kSmallest = 128;
    const std::size_t header = npy_header(kLidarType, "10000,").size();
    if (bytes.size() < kSmallest || bytes.size() < header) {
        return Error{.message = "not an array of lidar points"};
    }
    const std::size_t count = (bytes.size() - header) / sizeof(LidarRow);
    HM_TAKE(const std::string_view data, npy_data(bytes, kLidarType, fmt::format("{},", count)));
    if (data.size() != count * sizeof(LidarRow)) {
        return Error{.message = fmt::format("{} bytes of lidar points, expected {}", data.size(),
                                            count * sizeof(LidarRow))};
    }
    std::vector<labels::LidarPoint> points(count);
    for (std::size_t i = 0; i < count; ++i) {
        LidarRow row;
        std::memcpy(&row, data.data() + i * sizeof row, sizeof row);
        if (row.ring > 255) {
            return Error{.message = fmt::format("lidar point {} has ring {}", i, row.ring)};
        }
        points[i] = {row.x, row.y, row.z, row.intensity, static_cast<std::uint8_t>(row.ring),
                     row.id};
    }
    return points;
}

std::string encode_linear(std::span<const float> values, int width, int height) {
    HM_CHECK(values.size() == 3 * area(width, height), "{} values", values.size());
    std::string bytes = npy_header("'<f4'", fmt::format("{}, {}, 3", height, width));
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return bytes;
}
Decoded<float> decode_linear(std::string_view bytes, int width, int height) {
    HM_TAKE(const auto data, npy_data(bytes, "'<f4'", fmt::format("{}, {}, 3", height, width)));
    std::vector<float> values(3 * area(width, height));
    if (data.size() != values.size() * sizeof(float)) {
        return Error{.message = fmt::format("{} bytes of radiance, expected {}", data.size(),
                                            values.size() * sizeof(float))};
    }
    std::memcpy(values.data(), data.data(), data.size());
    return values;
}

Result<std::string> encode_picture(const Image& image, bool lossless, int jpeg_quality) {
    if (!lossless) return encode::encode_jpeg(image, jpeg_quality);
    return encode::encode_raster(image.pixels, {image.width, image.height, image.channels, 8});
}
Result<Image> decode_picture(std::string_view bytes, int width, int height) {
    const bool jpeg = bytes.size() > 2 && bytes[0] == '\xff' && bytes[1] == '\xd8';
    Image image;
    if (jpeg) {
        HM_TAKE(image, encode::decode_jpeg(bytes));
    } else {
        HM_TAKE(encode::Raster raster, encode::decode_raster(bytes));
        if (raster.shape.bits != 8 || raster.shape.channels < 3) {
            return Error{.message = "a picture that is not RGB with 8 bits"};
        }
        image = {raster.shape.width, raster.shape.height, raster.shape.channels,
                 std::move(raster.pixels)};
    }
    if (image.width != width || image.height != height) {
        return Error{.message = fmt::format("a picture of {}×{}, expected {}×{}", image.width,
                                            image.height, width, height)};
    }
    return image;
}

Result<NamedBytes> encode_all(const std::vector<EncodeJob>& jobs, engine::core::JobPool* pool) {
    NamedBytes files(jobs.size());
    std::vector<std::optional<Error>> errors(jobs.size());
    const auto run = [&](std::size_t i) {
        Result<std::string> bytes = jobs[i].encode();
        if (bytes) {
            files[i] = {jobs[i].name, std::move(*bytes)};
        } else {
            errors[i] = bytes.error();
        }
    };
    if (pool != nullptr) {
        pool->run(jobs.size(), run);
    } else {
        for (std::size_t i = 0; i < jobs.size(); ++i) run(i);
    }
    for (const std::optional<Error>& error : errors) {
        if (error) return *error;
    }
    return files;
}

}  // namespace huntsman::sensors::dataset
