#include "sensors/encode/image_file.h"

#include <png.h>
#include <turbojpeg.h>

#include <cstring>
#include <memory>

namespace huntsman::sensors::encode {

using engine::core::Error;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;

namespace {

// Larger pictures than this are taken for damaged headers.
constexpr int kMostPixelsPerSide = 1 << 15;

Status check(const Image& image) {
    const bool shape = image.width > 0 && image.height > 0 && image.width <= kMostPixelsPerSide &&
                       image.height <= kMostPixelsPerSide &&
                       (image.channels == 3 || image.channels == 4);
    const auto wanted = static_cast<std::size_t>(image.width) *
                        static_cast<std::size_t>(image.height) *
                        static_cast<std::size_t>(image.channels);
    if (shape && image.pixels.size() == wanted) return {};
    return Error{.message =
                     fmt::format("a picture of {}×{} with {} channels and {} bytes cannot be "
                                 "encoded",
                                 image.width, image.height, image.channels, image.pixels.size())};
}

struct CloseJpeg {
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, CloseJpeg>;

}  // namespace

Result<std::string> encode_jpeg(const Image& image, int quality) {
    if (const Status status = check(image); !status.ok()) return status.error();
    if (quality < 1 || quality > 100) {
        return Error{.message = fmt::format("JPEG quality {} is outside of 1 to 100", quality)};
    }
    const Jpeg jpeg(tjInitCompress());
    std::string bytes(tjBufSize(image.width, image.height, TJSAMP_420), '\0');
    auto* target = reinterpret_cast<unsigned char*>(bytes.data());
    unsigned long size = bytes.size();
    const int code = tjCompress2(jpeg.get(), image.pixels.data(), image.width, 0, image.height,
                                 image.channels == 3 ? TJPF_RGB : TJPF_RGBX, &target, &size,
                                 TJSAMP_420, quality, TJFLAG_NOREALLOC);
    if (code != 0) {
        return Error{.message =
                         fmt::format("JPEG encoding failed: {}", tjGetErrorStr2(jpeg.get()))};
    }
    bytes.resize(size);
    return bytes;
}

Result<Image> decode_jpeg(std::string_view bytes) {
    const Jpeg jpeg(tjInitDecompress());
    const auto* source = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto size = static_cast<unsigned long>(bytes.size());
    Image image;
    int sampling = 0, colours = 0;
    if (tjDecompressHeader3(jpeg.get(), source, size, &image.width, &image.height, &sampling,
                            &colours) != 0 ||
        image.width > kMostPixelsPerSide || image.height > kMostPixelsPerSide) {
        return Error{.message = fmt::format("not a JPEG picture: {}", tjGetErrorStr2(jpeg.get()))};
    }
    image.pixels.resize(3 * static_cast<std::size_t>(image.width) *
                        static_cast<std::size_t>(image.height));
    if (tjDecompress2(jpeg.get(), source, size, image.pixels.data(), image.width, 0, image.height,
                      TJPF_RGB, TJFLAG_STOPONWARNING) != 0) {
        return Error{.message =
                         fmt::format("a damaged JPEG picture: {}", tjGetErrorStr2(jpeg.get()))};
    }
    return image;
}

// --- PNG, by libpng's simplified interface for reading and its full one for writing ---

namespace {

void append_png(png_structp png, png_bytep data, png_size_t size) {
    static_cast<std::string*>(png_get_io_ptr(png))
        ->append(reinterpret_cast<const char*>(data), size);
}

void flush_nothing(png_structp) {}

}  // namespace

namespace {

// `row_of` gives the bytes of a row, in the computer's order of bytes.
template <typename RowOf>
Result<std::string> encoded(int width, int height, int bits, int colour_type, const RowOf& row_of) {
    std::string bytes;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return Error{.message = "PNG encoding failed"};
    }
    png_set_write_fn(png, &bytes, append_png, flush_nothing);
    png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), bits,
                 colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, 1);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_write_info(png, info);
    if (bits == 16) png_set_swap(png);
    for (int y = 0; y < height; ++y) png_write_row(png, row_of(y));
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

}  // namespace

Result<std::string> encode_png(const Image& image) {
    if (const Status status = check(image); !status.ok()) return status.error();
    return encoded(image.width, image.height, 8,
                   image.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA,
                   [&](int y) { return image.row(y); });
}

Result<std::string> encode_png16(int width, int height, std::span<const std::uint16_t> values) {
    if (width < 1 || height < 1 || width > kMostPixelsPerSide || height > kMostPixelsPerSide ||
        values.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {
        return Error{.message = fmt::format("a picture of {}x{} with {} values cannot be encoded",
                                            width, height, values.size())};
    }
    return encoded(width, height, 16, PNG_COLOR_TYPE_GRAY, [&](int y) {
        return reinterpret_cast<png_const_bytep>(
            values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width));
    });
}

Result<Image> decode_png(std::string_view bytes) {
    png_image png;
    std::memset(&png, 0, sizeof png);
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0 ||
        png.width > kMostPixelsPerSide || png.height > kMostPixelsPerSide) {
        const std::string why = png.message;
        png_image_free(&png);
        return Error{.message = "not a PNG picture: " + why};
    }
    const bool transparent = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
    png.format = transparent ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    Image image{.width = static_cast<int>(png.width),
                .height = static_cast<int>(png.height),
                .channels = transparent ? 4 : 3};
    image.pixels.resize(PNG_IMAGE_SIZE(png));
    if (png_image_finish_read(&png, nullptr, image.pixels.data(), 0, nullptr) == 0) {
        const std::string why = png.message;
        png_image_free(&png);
        return Error{.message = "a damaged PNG picture: " + why};
    }
    return image;
}

}  // namespace huntsman::sensors::encode
