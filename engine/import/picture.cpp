#include "engine/import/picture.h"

#include <fmt/format.h>
#include <png.h>
#include <turbojpeg.h>

#include <charconv>
#include <memory>

namespace huntsman::engine::import {

using core::Error;
using core::Image;
using core::Result;

namespace {

Error wrong(const std::string& name, const std::string& what) {
    return {.message = fmt::format("picture {} {}", name, what)};
}

bool absurd(int width, int height) {
    return width < 1 || height < 1 || width > kMostPicturePixels || height > kMostPicturePixels;
}

Error too_large(const std::string& name, int width, int height) {
    return wrong(name, fmt::format("has {} x {} pixels, expected 1 to {} each way", width, height,
                                   kMostPicturePixels));
}

Result<Image> decode_png(const std::string& content, const std::string& name) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&png, content.data(), content.size()) == 0) {
        return wrong(name, fmt::format("cannot be read: {}", png.message));
    }
    const std::unique_ptr<png_image, decltype(&png_image_free)> owner(&png, &png_image_free);
    const int width = static_cast<int>(std::min(png.width, 0x7fffffffU)),
              height = static_cast<int>(std::min(png.height, 0x7fffffffU));
    if (absurd(width, height)) return too_large(name, width, height);
    png.format = PNG_FORMAT_RGBA;
    Image image{.width = width, .height = height, .channels = 4, .pixels = {}};
    image.pixels.resize(PNG_IMAGE_SIZE(png));
    if (png_image_finish_read(&png, nullptr, image.pixels.data(), 0, nullptr) == 0) {
        return wrong(name, fmt::format("cannot be read: {}", png.message));
    }
    return image;
}

Result<Image> decode_jpeg(const std::string& content, const std::string& name) {
    const std::unique_ptr<void, int (*)(void*)> decoder(tjInitDecompress(), &tjDestroy);
    const auto* bytes = reinterpret_cast<const unsigned char*>(content.data());
    int width = 0, height = 0, subsampling = 0, space = 0;
    if (tjDecompressHeader3(decoder.get(), bytes, content.size(), &width, &height, &subsampling,
                            &space) != 0) {
        return wrong(name, fmt::format("cannot be read: {}", tjGetErrorStr2(decoder.get())));
    }
    if (absurd(width, height)) return too_large(name, width, height);
    Image image{.width = width, .height = height, .channels = 3, .pixels = {}};
    image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    if (tjDecompress2(decoder.get(), bytes, content.size(), image.pixels.data(), width, 0, height,
                      TJPF_RGB, 0) != 0 &&
        tjGetErrorCode(decoder.get()) == TJERR_FATAL) {
        return wrong(name, fmt::format("cannot be read: {}", tjGetErrorStr2(decoder.get())));
    }
    return image;
}

}  // namespace

Result<Image> decode_picture(const std::string& content, const std::string& name) {
    if (content.starts_with("\x89PNG")) return decode_png(content, name);
    if (content.starts_with("\xff\xd8")) return decode_jpeg(content, name);
    return wrong(name, "is neither PNG nor JPEG");
}

Result<Image> read_texture(const Files& files, const Model& model, const Material& material) {
    if (material.texture.empty()) {
        return Error{.message = fmt::format("material '{}' has no texture", material.name)};
    }
    if (material.texture.front() != '*') {
        HM_TAKE(const std::string content, files.read(material.texture));
        return decode_picture(content, material.texture);
    }
    std::size_t index = model.images.size();
    std::from_chars(material.texture.data() + 1, material.texture.data() + material.texture.size(),
                    index);
    if (index >= model.images.size()) return wrong(material.texture, "is missing");
    return decode_picture(model.images[index], material.texture);
}

}  // namespace huntsman::engine::import
