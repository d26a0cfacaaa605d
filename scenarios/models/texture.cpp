#include "scenarios/models/texture.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace huntsman::scenarios::models {

using engine::core::Image;
using engine::world::Picture;

namespace {

// Linear, premultiplied by the coverage.
struct Texel {
    std::array<float, 3> colour{};
    float coverage = 0;
};

// The mean over a part of the image: from and to in its pixels.
Texel mean(const Image& image, const std::array<float, 256>& linear, bool cut_out, double x0,
           double x1, double y0, double y1) {
    Texel sum;
    double area = 0;
    for (int y = static_cast<int>(y0); y < y1 && y < image.height; ++y) {
        const double high = std::min<double>(y + 1, y1) - std::max<double>(y, y0);
        const std::uint8_t* row = image.row(y);
        for (int x = static_cast<int>(x0); x < x1 && x < image.width; ++x) {
            const double wide = std::min<double>(x + 1, x1) - std::max<double>(x, x0);
            const std::uint8_t* p = row + static_cast<std::ptrdiff_t>(x) * image.channels;
            const bool has_alpha = cut_out && image.channels == 4;
            const double weight = high * wide;
            // Holes colour their borders a little, so that there is a colour at all.
            const double alpha = has_alpha ? std::max(1.0, 1.0 * p[3]) / 255 : 1;
            for (std::size_t c = 0; c < 3; ++c) {
                sum.colour[c] += static_cast<float>(weight * alpha) * linear[p[c]];
            }
            sum.coverage += static_cast<float>(weight * alpha);
            area += weight;
        }
    }
    for (float& c : sum.colour) c /= std::max(sum.coverage, 1e-12F);
    sum.coverage /= static_cast<float>(std::max(area, 1e-12));
    return sum;
}

int side_of(const Image& image) {
    const auto longest = static_cast<unsigned>(std::max({image.width, image.height, 4}));
    return static_cast<int>(std::min<unsigned>(std::bit_ceil(longest), kMostPicture_px));
}

}  // namespace

float linear_of(std::uint8_t value) {
    const float s = static_cast<float>(value) / 255.0F;
    return s <= 0.04045F ? s / 12.92F : std::pow((s + 0.055F) / 1.055F, 2.4F);
}

std::shared_ptr<const Picture> make_picture(const Image& image,
                                            const engine::import::Material& material,
                                            Picture::Gloss gloss) {
    std::array<float, 256> linear{};
    for (unsigned i = 0; i < 256; ++i) linear[i] = linear_of(static_cast<std::uint8_t>(i));
    auto picture = std::make_shared<Picture>();
    picture->name = material.name;
    picture->roughness = std::clamp(material.roughness, 0.05F, 1.0F);
    picture->gloss = material.metallic > 0.5F ? Picture::Gloss::kMetal : gloss;
    picture->size_px = side_of(image);
    const int n = picture->size_px;
    picture->texels.reserve(static_cast<std::size_t>(n) * static_cast<std::size_t>(n) * 4);
    const double wide = static_cast<double>(image.width) / n;
    const double high = static_cast<double>(image.height) / n;
    const auto byte = [](float x) {
        return static_cast<std::uint8_t>(std::lround(255 * std::clamp(x, 0.0F, 1.0F)));
    };
    for (int y = 0; y < n; ++y) {
        for (int x = 0; x < n; ++x) {
            const Texel texel = mean(image, linear, material.cut_out, x * wide, (x + 1) * wide,
                                     y * high, (y + 1) * high);
            for (std::size_t c = 0; c < 3; ++c) {
                picture->texels.push_back(byte(std::sqrt(texel.colour[c] * material.colour[c])));
            }
            picture->texels.push_back(byte(texel.coverage));
        }
    }
    return picture;
}

}  // namespace huntsman::scenarios::models
