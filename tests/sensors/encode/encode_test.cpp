#include <gtest/gtest.h>
#include <malloc.h>

#include <cmath>
#include <filesystem>

#include "engine/core/files.h"
#include "sensors/encode/compose.h"
#include "sensors/encode/image_file.h"
#include "sensors/encode/video.h"

namespace huntsman::sensors::encode {
namespace {

using engine::core::Image;

// Smooth in colour, so that JPEG's losses stay small.
Image gradient(int width, int height, int channels, double phase = 0) {
    Image image{.width = width, .height = height, .channels = channels};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double values[4] = {127 + 100 * std::sin(0.03 * x + phase),
                                      127 + 100 * std::sin(0.02 * y + phase), 80, 200};
            for (int c = 0; c < channels; ++c) {
                image.pixels.push_back(static_cast<std::uint8_t>(values[c]));
            }
        }
    }
    return image;
}

double mean_difference(const Image& a, const Image& b) {
    EXPECT_EQ(a.pixels.size(), b.pixels.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
    return sum / static_cast<double>(a.pixels.size());
}

std::filesystem::path scratch(const std::string& name) {
    return std::filesystem::path(testing::TempDir()) / ("huntsman-encode-" + name);
}

TEST(Png, RoundTripIsExact) {
    for (const int channels : {3, 4}) {
        const Image image = gradient(37, 21, channels);
        const auto bytes = encode_png(image);
        ASSERT_TRUE(bytes.ok());
        const auto back = decode_png(*bytes);
        ASSERT_TRUE(back.ok()) << back.error().text();
        EXPECT_EQ(back->width, 37);
        EXPECT_EQ(back->channels, channels);
        EXPECT_EQ(back->pixels, image.pixels);
    }
}

TEST(Jpeg, RoundTripIsCloseAndQualityCostsBytes) {
    const Image image = gradient(128, 64, 3);
    const auto good = encode_jpeg(image, 95), poor = encode_jpeg(image, 20);
    ASSERT_TRUE(good.ok());
    ASSERT_TRUE(poor.ok());
    EXPECT_GT(good->size(), poor->size());
    const auto back = decode_jpeg(*good);
    ASSERT_TRUE(back.ok());
    // Quantisation at quality 95 moves smooth colours by about one level.
    EXPECT_LT(mean_difference(image, *back), 2.0);
}

TEST(Jpeg, FourthChannelIsIgnored) {
    const auto from_rgb = encode_jpeg(gradient(64, 64, 3), 85);
    const auto from_rgba = encode_jpeg(gradient(64, 64, 4), 85);
    EXPECT_EQ(*from_rgb, *from_rgba);
}

TEST(Decoding, DamagedAndForeignBytesAreRefused) {
    const std::string png = *encode_png(gradient(32, 32, 3));
    const std::string jpeg = *encode_jpeg(gradient(32, 32, 3), 85);
    EXPECT_FALSE(decode_png("").ok());
    EXPECT_FALSE(decode_jpeg("").ok());
    EXPECT_FALSE(decode_png(jpeg).ok());
    EXPECT_FALSE(decode_jpeg(png).ok());
    EXPECT_FALSE(decode_png(png.substr(0, png.size() / 2)).ok());
    EXPECT_FALSE(decode_jpeg(jpeg.substr(0, jpeg.size() / 2)).ok());
}

TEST(Encoding, PicturesWithoutPixelsAreRefused) {
    EXPECT_FALSE(encode_png(Image{}).ok());
    EXPECT_FALSE(encode_jpeg(Image{.width = 8, .height = 8}, 85).ok());
    EXPECT_FALSE(encode_jpeg(gradient(8, 8, 3), 101).ok());
}

TEST(Video, HasAllPicturesAtItsSizeAndRate) {
    const auto path = scratch("all.mp4");
    auto writer = VideoWriter::create(path, 160, 96, 12.5);
    ASSERT_TRUE(writer.ok()) << writer.error().text();
    for (int i = 0; i < 17; ++i) ASSERT_TRUE(writer->add(gradient(160, 96, 3, 0.1 * i)).ok());
    ASSERT_TRUE(writer->finish().ok());
    const auto info = probe_video(path);
    ASSERT_TRUE(info.ok()) << info.error().text();
    EXPECT_EQ(info->width, 160);
    EXPECT_EQ(info->height, 96);
    EXPECT_EQ(info->frames, 17);
    EXPECT_NEAR(info->fps, 12.5, 0.01);
}

TEST(Video, SamePicturesGiveTheSameBytes) {
    std::string first;
    for (const char* name : {"one.mp4", "two.mp4"}) {
        const auto path = scratch(name);
        auto writer = VideoWriter::create(path, 64, 64, 10);
        ASSERT_TRUE(writer.ok());
        for (int i = 0; i < 5; ++i) ASSERT_TRUE(writer->add(gradient(64, 64, 3, i)).ok());
        ASSERT_TRUE(writer->finish().ok());
        const std::string bytes = *engine::core::read_file(path);
        if (first.empty()) first = bytes;
        EXPECT_EQ(bytes, first);
    }
}

TEST(Video, BytesDoNotDependOnWhatMemoryHeldBefore) {
    std::string first;
    for (const int filler : {0, 1, 85, 127, 170, 254, 255}) {
        mallopt(M_PERTURB, filler);
        const auto path = scratch("v.mp4");
        auto writer = VideoWriter::create(path, 320, 200, 12);
        ASSERT_TRUE(writer.ok());
        // Random texture that moves: enough pictures for the encoder to look ahead.
        for (int i = 0; i < 24; ++i) {
            auto image = gradient(320, 200, 3, 0);
            for (int y = 0; y < 200; ++y) {
                for (int x = 0; x < 320; ++x) {
                    const std::uint32_t cell =
                        static_cast<std::uint32_t>((y + i) / 2 * 1009 + (x + 2 * i) / 3 * 31);
                    image.row(y)[3 * x] = static_cast<std::uint8_t>(cell * 2654435761U >> 26U);
                }
            }
            ASSERT_TRUE(writer->add(image).ok());
        }
        ASSERT_TRUE(writer->finish().ok());
        const std::string bytes = *engine::core::read_file(path);
        if (first.empty()) first = bytes;
        EXPECT_TRUE(bytes == first) << filler;
    }
    mallopt(M_PERTURB, 0);
}

TEST(Video, OddSizesRepeatTheLastColumnAndRowAndMoveNoPixel) {
    const auto path = scratch("odd.mp4"), padded_path = scratch("padded.mp4");
    auto odd = VideoWriter::create(path, 101, 63, 10);
    auto even = VideoWriter::create(padded_path, 102, 64, 10);
    ASSERT_TRUE(odd.ok() && even.ok());
    for (int i = 0; i < 3; ++i) {
        const Image picture = gradient(101, 63, 3, i);
        Image padded = blank(102, 64, {0, 0, 0});
        for (int y = 0; y < 64; ++y) {
            for (int x = 0; x < 102; ++x) {
                for (int c = 0; c < 3; ++c) {
                    padded.row(y)[3 * x + c] =
                        picture.row(std::min(y, 62))[3 * std::min(x, 100) + c];
                }
            }
        }
        ASSERT_TRUE(odd->add(picture).ok());
        ASSERT_TRUE(even->add(padded).ok());
    }
    ASSERT_TRUE(odd->finish().ok() && even->finish().ok());
    EXPECT_TRUE(*engine::core::read_file(path) == *engine::core::read_file(padded_path));
    EXPECT_EQ(probe_video(path)->width, 102);
    EXPECT_EQ(probe_video(path)->height, 64);
}

TEST(Video, NothingIsLeftBehindWithoutFinish) {
    const auto folder = scratch("unfinished");
    std::filesystem::create_directories(folder);
    {
        auto writer = VideoWriter::create(folder / "v.mp4", 64, 64, 10);
        ASSERT_TRUE(writer.ok());
        ASSERT_TRUE(writer->add(gradient(64, 64, 3)).ok());
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(Video, BadRequestsAreErrors) {
    EXPECT_FALSE(VideoWriter::create(scratch("a.mp4"), 0, 64, 10).ok());
    EXPECT_FALSE(VideoWriter::create(scratch("a.mp4"), 64, 64, 0).ok());
    EXPECT_FALSE(VideoWriter::create("/no/such/folder/a.mp4", 64, 64, 10).ok());
    auto writer = VideoWriter::create(scratch("b.mp4"), 64, 64, 10);
    ASSERT_TRUE(writer.ok());
    EXPECT_FALSE(writer->add(gradient(32, 64, 3)).ok());
    EXPECT_FALSE(writer->finish().ok()) << "a video without pictures";
    EXPECT_FALSE(probe_video(scratch("missing.mp4")).ok());
}

TEST(Compose, LineCoversItsPixelsAndNothingOutside) {
    Image image = blank(10, 6, {0, 0, 0});
    draw_line(image, -5, 2, 30, 2, {255, 255, 255});
    for (int y = 0; y < 6; ++y) {
        for (int x = 0; x < 10; ++x) EXPECT_EQ(image.row(y)[3 * x], y == 2 ? 255 : 0);
    }
}

TEST(Compose, HalfOpaqueFillIsTheMean) {
    Image image = blank(4, 4, {100, 100, 100});
    fill_rect(image, 1, 1, 2, 2, {200, 0, 100}, 0.5);
    EXPECT_EQ(image.row(1)[3], 150);
    EXPECT_EQ(image.row(1)[4], 50);
    EXPECT_EQ(image.row(0)[0], 100);
}

TEST(Compose, TextDrawsLettersOfTheStatedSize) {
    Image image = blank(32, 12, {0, 0, 0});
    draw_text(image, 1, 1, "I", {255, 255, 255});
    // "I": a stem of seven pixels in the third column with two serifs.
    for (int y = 1; y <= 7; ++y) EXPECT_EQ(image.row(y)[3 * 3], 255);
    int lit = 0;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) lit += image.pixels[i] == 255;
    EXPECT_EQ(lit, 7 + 4);
    EXPECT_EQ(text_width(4, 2), 48);
}

TEST(Compose, ContactSheetHoldsEachPictureOnce) {
    const Image pictures[3] = {blank(20, 10, {255, 0, 0}), blank(20, 10, {0, 255, 0}),
                               blank(20, 10, {0, 0, 255})};
    const std::string captions[1] = {"a"};
    const Image sheet = contact_sheet(pictures, captions, 2);
    int count[3] = {};
    for (std::size_t i = 0; i < sheet.pixels.size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c) {
            count[c] += sheet.pixels[i + c] == 255 && sheet.pixels[i + (c + 1) % 3] == 0;
        }
    }
    for (const int n : count) EXPECT_EQ(n, 200);
}

}  // namespace
}  // namespace huntsman::sensors::encode
