#include "sensors/encode/raster_png.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"
#include "sensors/encode/image_file.h"

namespace huntsman::sensors::encode {
namespace {

using engine::core::Key;

// Pictures from smooth to noise: steps of a kind, each byte kept with a probability.
std::vector<std::uint8_t> pattern(const RasterShape& shape, double noise, std::uint64_t seed) {
    const Key key = Key(seed).with("pattern");
    std::vector<std::uint8_t> bytes(shape.bytes());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool random = key.uniform(2 * i) < noise;
        bytes[i] = static_cast<std::uint8_t>(random ? key.bits(2 * i + 1) : i / 97 % 5 * 40);
    }
    return bytes;
}

TEST(RasterPng, GivesBackEveryBit) {
    for (const int bits : {8, 16}) {
        for (int channels = 1; channels <= 4; ++channels) {
            for (const auto& [width, height] : {std::pair{1, 1}, {3, 2}, {64, 40}, {331, 17}}) {
                for (const double noise : {0.0, 0.01, 1.0}) {
                    const RasterShape shape{width, height, channels, bits};
                    const auto pixels = pattern(shape, noise, 5);
                    const auto decoded = decode_raster(encode_raster(pixels, shape));
                    ASSERT_TRUE(decoded.ok()) << decoded.error().text();
                    ASSERT_EQ(decoded->shape, shape);
                    ASSERT_TRUE(decoded->pixels == pixels)
                        << width << "×" << height << "×" << channels << " of " << bits;
                }
            }
        }
    }
}

TEST(RasterPng, IsReadByLibpng) {
    const RasterShape shape{120, 70, 4, 8};
    const auto pixels = pattern(shape, 0.1, 6);
    const auto read = decode_png(encode_raster(pixels, shape));
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_TRUE(read->pixels == pixels);
}

TEST(RasterPng, ReadsAllFiltersOfLibpng) {
    const RasterShape shape{120, 70, 3, 8};
    engine::core::Image image{120, 70, 3, pattern(shape, 0.02, 7)};
    const auto png = encode_png(image);
    ASSERT_TRUE(png.ok());
    const auto read = decode_raster(*png);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_TRUE(read->pixels == image.pixels);
}

TEST(RasterPng, NamesDamageOfAnyByte) {
    const RasterShape shape{20, 10, 3, 8};
    const std::string whole = encode_raster(pattern(shape, 0.3, 8), shape);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string bad = whole;
        bad[at] = static_cast<char>(bad[at] ^ 0x20);
        EXPECT_FALSE(decode_raster(bad).ok()) << "byte " << at;
        EXPECT_FALSE(decode_raster(whole.substr(0, at)).ok()) << "cut at " << at;
    }
}

}  // namespace
}  // namespace huntsman::sensors::encode
