#include "sensors/encode/raster_png.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/core/check.h"

namespace huntsman::sensors::encode {

using engine::core::Error;
using engine::core::Result;

namespace {

constexpr int kLargestSide = 1 << 15;
constexpr std::array<unsigned char, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::array<std::uint8_t, 5> kColourType = {0, 0, 4, 2, 6};  // by channels
enum Filter : std::uint8_t { kNone = 0, kSub = 1, kUp = 2, kAverage = 3, kPaeth = 4 };

struct FreeCompressor {
    void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};
struct FreeDecompressor {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

void put_u32(std::string& bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
}
std::uint32_t get_u32(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}
void put_chunk(std::string& png, const char* type, std::string_view content) {
    put_u32(png, static_cast<std::uint32_t>(content.size()));
    const std::size_t from = png.size();
    png.append(type, 4).append(content);
    put_u32(png, libdeflate_crc32(0, png.data() + from, png.size() - from));
}

// Sum of magnitudes of a row less its left or upper neighbour, as signed bytes: tells how well it
// will compress [PNG specification, 12.8].
std::uint32_t cost(const std::uint8_t* row, const std::uint8_t* other, std::size_t size) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const auto difference = static_cast<std::int8_t>(row[i] - other[i]);
        sum += static_cast<std::uint32_t>(difference < 0 ? -difference : difference);
    }
    return sum;
}
void subtract(const std::uint8_t* row, const std::uint8_t* other, std::size_t size,
              std::uint8_t* __restrict target) {
    for (std::size_t i = 0; i < size; ++i) target[i] = static_cast<std::uint8_t>(row[i] - other[i]);
}

std::uint8_t paeth(int a, int b, int c) {
    const int p = a + b - c, pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
    return static_cast<std::uint8_t>(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

// Undoes a row's filter in place; `above` is the row before or zeros.
bool restore(std::uint8_t filter, std::uint8_t* row, const std::uint8_t* above, std::size_t size,
             std::size_t step) {
    const auto left = [&](std::size_t i) { return i < step ? 0 : row[i - step]; };
    const auto corner = [&](std::size_t i) { return i < step ? 0 : above[i - step]; };
    for (std::size_t i = 0; i < size; ++i) {
        int guess = 0;
        switch (filter) {
            case kNone:
                return true;
            case kSub:
                guess = left(i);
                break;
            case kUp:
                guess = above[i];
                break;
            case kAverage:
                guess = (left(i) + above[i]) / 2;
                break;
            case kPaeth:
                guess = paeth(left(i), above[i], corner(i));
                break;
            default:
                return false;
        }
        row[i] = static_cast<std::uint8_t>(row[i] + guess);
    }
    return true;
}

void swap_pairs(const std::uint8_t* bytes, std::size_t size, std::uint8_t* target) {
    for (std::size_t i = 0; i + 1 < size; i += 2) {
        const std::uint8_t first = bytes[i];
        target[i] = bytes[i + 1];
        target[i + 1] = first;
    }
}

// A zlib stream at the fastest level: higher ones take several times as long for a tenth less.
std::string compress(std::span<const std::uint8_t> bytes) {
    thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(1));
    HM_CHECK(compressor != nullptr, "no memory for a compressor");
    std::string stream(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()), '\0');
    const std::size_t size = libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(),
                                                      stream.data(), stream.size());
    HM_CHECK(size > 0, "{} bytes do not compress", bytes.size());
    stream.resize(size);
    return stream;
}

Error damaged(const std::string& what) { return {.message = "a damaged PNG picture: " + what}; }

}  // namespace

std::string encode_raster(std::span<const std::uint8_t> pixels, const RasterShape& shape) {
    HM_CHECK(shape.width > 0 && shape.height > 0 && shape.width <= kLargestSide &&
                 shape.height <= kLargestSide && shape.channels >= 1 && shape.channels <= 4 &&
                 (shape.bits == 8 || shape.bits == 16) && pixels.size() == shape.bytes(),
             "{}×{}×{} of {} bits with {} bytes", shape.width, shape.height, shape.channels,
             shape.bits, pixels.size());
    const std::size_t size = shape.row_bytes();
    const auto step = static_cast<std::size_t>(shape.channels * shape.bits / 8);
    const auto height = static_cast<std::size_t>(shape.height);

    // Filter rows from the left or from above, whichever was better for one row of each eight:
    // neighbours rarely differ, and asking costs more than filtering.
    constexpr std::size_t kAskEvery = 8;
    thread_local std::vector<std::uint8_t> filtered;
    filtered.resize((size + 1) * height);
    std::vector<std::uint8_t> swapped[2];  // 16 bits go high byte first
    const std::uint8_t* above = nullptr;
    bool from_above = false;
    for (std::size_t y = 0; y < height; ++y) {
        const std::uint8_t* row = pixels.data() + y * size;
        if (shape.bits == 16) {
            std::vector<std::uint8_t>& copy = swapped[y % 2];
            copy.resize(size);
            swap_pairs(row, size, copy.data());
            row = copy.data();
        }
        if (y % kAskEvery == 1) {
            from_above = cost(row, above, size) < cost(row + step, row, size - step);
        }
        std::uint8_t* target = filtered.data() + y * (size + 1);
        target[0] = from_above ? kUp : kSub;
        if (from_above) {
            subtract(row, above, size, target + 1);
        } else {
            std::memcpy(target + 1, row, step);
            subtract(row + step, row, size - step, target + 1 + step);
        }
        above = row;
    }

    // Compress and wrap.
    const std::string stream = compress(filtered);
    std::string header;
    put_u32(header, static_cast<std::uint32_t>(shape.width));
    put_u32(header, static_cast<std::uint32_t>(shape.height));
    header.push_back(static_cast<char>(shape.bits));
    header.push_back(static_cast<char>(kColourType[static_cast<std::size_t>(shape.channels)]));
    header.append(3, '\0');  // deflate, adaptive filters, not interlaced
    std::string png;
    png.reserve(stream.size() + 64);
    png.append(reinterpret_cast<const char*>(kSignature.data()), kSignature.size());
    put_chunk(png, "IHDR", header);
    put_chunk(png, "IDAT", stream);
    put_chunk(png, "IEND", {});
    return png;
}

Result<Raster> decode_raster(std::string_view bytes) {
    if (bytes.size() < 8 || std::memcmp(bytes.data(), kSignature.data(), 8) != 0) {
        return Error{.message = "not a PNG picture"};
    }
    // Chunks: the header first, then data, then the end.
    Raster raster;
    std::string_view header, stream;
    std::string joined;
    bool ended = false;
    for (std::size_t at = 8; !ended;) {
        if (bytes.size() - at < 12) return damaged("it ends early");
        const std::size_t size = get_u32(bytes, at);
        if (size > bytes.size() - at - 12) return damaged("it ends early");
        const std::string_view type = bytes.substr(at + 4, 4), content = bytes.substr(at + 8, size);
        if (libdeflate_crc32(0, bytes.data() + at + 4, size + 4) != get_u32(bytes, at + 8 + size)) {
            return damaged("a check sum does not agree");
        }
        if (header.empty() != (type == "IHDR")) return damaged("its header is not where expected");
        if (type == "IHDR") {
            if (size != 13) return damaged("its header has another size");
            header = content;
        } else if (type == "IDAT") {
            if (stream.empty()) {
                stream = content;
            } else {
                if (joined.empty()) joined = stream;
                joined.append(content);
                stream = joined;
            }
        } else if (type == "IEND") {
            ended = true;
        }
        at += size + 12;
    }
    const std::uint32_t width = get_u32(header, 0), height = get_u32(header, 4);
    const auto type = static_cast<std::uint8_t>(header[9]);
    raster.shape.bits = header[8];
    raster.shape.channels = type == 0 ? 1 : type == 4 ? 2 : type == 2 ? 3 : 4;
    const bool known = (type == 0 || type == 2 || type == 4 || type == 6) &&
                       (raster.shape.bits == 8 || raster.shape.bits == 16) && header[12] == 0;
    if (!known || width < 1 || height < 1 || width > kLargestSide || height > kLargestSide) {
        return Error{.message = fmt::format("a PNG picture of {}×{}, colour type {}, {} bits, "
                                            "interlacing {}, which is not supported",
                                            width, height, type, raster.shape.bits, header[12])};
    }
    raster.shape.width = static_cast<int>(width);
    raster.shape.height = static_cast<int>(height);
    // Deflate cannot shrink by more than 1032: a larger picture is no picture.
    if (raster.shape.bytes() / 1100 > stream.size()) return damaged("its data are too short");

    thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
        libdeflate_alloc_decompressor());
    HM_CHECK(decompressor != nullptr, "out of memory");
    const std::size_t size = raster.shape.row_bytes();
    std::vector<std::uint8_t> filtered((size + 1) * height);
    if (libdeflate_zlib_decompress(decompressor.get(), stream.data(), stream.size(),
                                   filtered.data(), filtered.size(),
                                   nullptr) != LIBDEFLATE_SUCCESS) {
        return damaged("its data do not decompress to its size");
    }
    raster.pixels.resize(raster.shape.bytes());
    const std::vector<std::uint8_t> zeros(size);
    const auto step = static_cast<std::size_t>(raster.shape.channels * raster.shape.bits / 8);
    for (std::size_t y = 0; y < height; ++y) {
        std::uint8_t* row = raster.pixels.data() + y * size;
        std::memcpy(row, filtered.data() + y * (size + 1) + 1, size);
        if (!restore(filtered[y * (size + 1)], row, y == 0 ? zeros.data() : row - size, size,
                     step)) {
            return damaged("a row has an unknown filter");
        }
    }
    if (raster.shape.bits == 16)
        swap_pairs(raster.pixels.data(), raster.pixels.size(), raster.pixels.data());
    return raster;
}

}  // namespace huntsman::sensors::encode
