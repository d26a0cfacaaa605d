#include "sensors/encode/exr_file.h"

#include <Imath/half.h>
#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfIO.h>
#include <OpenEXR/ImfInputFile.h>
#include <OpenEXR/ImfOutputFile.h>

#include <algorithm>
#include <cstring>

#include "engine/core/check.h"
#include "engine/core/files.h"

namespace huntsman::sensors::encode {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr int kMostPixels = 16384;  // a side
constexpr const char* kChannels[3] = {"R", "G", "B"};

class BytesOut : public Imf::OStream {
  public:
    BytesOut() : OStream("memory") {}
    void write(const char c[], int n) override {
        if (at_ + static_cast<std::size_t>(n) > bytes.size()) {
            bytes.resize(at_ + static_cast<std::size_t>(n));
        }
        std::memcpy(bytes.data() + at_, c, static_cast<std::size_t>(n));
        at_ += static_cast<std::size_t>(n);
    }
    std::uint64_t tellp() override { return at_; }
    void seekp(std::uint64_t position) override { at_ = position; }
    std::string bytes;

  private:
    std::size_t at_ = 0;
};

class BytesIn : public Imf::IStream {
  public:
    explicit BytesIn(const std::string& bytes) : IStream("memory"), bytes_(bytes) {}
    bool read(char c[], int n) override {
        const auto count = static_cast<std::size_t>(n);
        if (at_ > bytes_.size() || count > bytes_.size() - at_) {
            throw std::runtime_error("the file ends early");
        }
        std::memcpy(c, bytes_.data() + at_, count);
        at_ += count;
        return at_ < bytes_.size();
    }
    std::uint64_t tellg() override { return at_; }
    void seekg(std::uint64_t position) override { at_ = position; }

  private:
    const std::string& bytes_;
    std::size_t at_ = 0;
};

}  // namespace

Status write_exr(const std::filesystem::path& path, const FloatImage& image, ExrDepth depth) {
    const auto pixels =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    HM_CHECK(image.width > 0 && image.height > 0 && image.rgb.size() == 3 * pixels);
    BytesOut out;
    try {
        Imf::Header header(image.width, image.height);
        header.compression() = Imf::ZIP_COMPRESSION;
        const auto type = depth == ExrDepth::kHalf ? Imf::HALF : Imf::FLOAT;
        for (const char* name : kChannels) header.channels().insert(name, Imf::Channel(type));
        std::vector<half> halves;
        const std::size_t item = depth == ExrDepth::kHalf ? sizeof(half) : sizeof(float);
        const char* base = reinterpret_cast<const char*>(image.rgb.data());
        if (depth == ExrDepth::kHalf) {
            halves.resize(image.rgb.size());
            std::transform(image.rgb.begin(), image.rgb.end(), halves.begin(),
                           [](float v) { return half(std::clamp(v, -65504.0F, 65504.0F)); });
            base = reinterpret_cast<const char*>(halves.data());
        }
        Imf::FrameBuffer frame;
        for (std::size_t c = 0; c < 3; ++c) {
            // The library asks for a writable pointer but only reads.
            frame.insert(kChannels[c],
                         Imf::Slice(type, const_cast<char*>(base) + c * item, 3 * item,
                                    3 * item * static_cast<std::size_t>(image.width)));
        }
        Imf::OutputFile file(out, header);
        file.setFrameBuffer(frame);
        file.writePixels(image.height);
    } catch (const std::exception& error) {
        return Error{.message = fmt::format("cannot be encoded as EXR: {}", error.what()),
                     .file = path.string()};
    }
    return engine::core::write_file(path, out.bytes);
}

Result<FloatImage> read_exr(const std::filesystem::path& path) {
    HM_TAKE(const auto bytes, engine::core::read_file(path));
    const auto bad = [&](const std::string& what) {
        return Error{.message = what, .file = path.string()};
    };
    try {
        BytesIn in(bytes);
        Imf::InputFile file(in);
        const Imath::Box2i window = file.header().dataWindow();
        // Window edges may be anything: wide arithmetic before the check.
        const std::int64_t width = std::int64_t{window.max.x} - window.min.x + 1;
        const std::int64_t height = std::int64_t{window.max.y} - window.min.y + 1;
        if (width < 1 || height < 1 || width > kMostPixels || height > kMostPixels) {
            return bad(
                fmt::format("is {}x{} pixels, expected 1 to {} each", width, height, kMostPixels));
        }
        for (const char* name : kChannels) {
            const Imf::Channel* channel = file.header().channels().findChannel(name);
            if (channel == nullptr || channel->xSampling != 1 || channel->ySampling != 1) {
                return bad(fmt::format("has no full channel {}, expected R, G and B", name));
            }
        }
        FloatImage image{static_cast<int>(width), static_cast<int>(height), {}};
        image.rgb.resize(static_cast<std::size_t>(width * height) * 3);
        Imf::FrameBuffer frame;
        const std::size_t step = 3 * sizeof(float), row = step * static_cast<std::size_t>(width);
        char* base = reinterpret_cast<char*>(image.rgb.data());
        // Slices are addressed by the window's own coordinates.
        const std::ptrdiff_t origin = window.min.x * static_cast<std::ptrdiff_t>(step) +
                                      window.min.y * static_cast<std::ptrdiff_t>(row);
        for (std::size_t c = 0; c < 3; ++c) {
            frame.insert(kChannels[c],
                         Imf::Slice(Imf::FLOAT, base - origin + c * sizeof(float), step, row));
        }
        file.setFrameBuffer(frame);
        file.readPixels(window.min.y, window.max.y);
        return image;
    } catch (const std::exception& error) {
        return bad(fmt::format("cannot be read as EXR: {}", error.what()));
    }
}

}  // namespace huntsman::sensors::encode
