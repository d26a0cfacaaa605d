#include "bridge/rpc/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace huntsman::bridge::rpc {
namespace {

using testing::ElementsAre;

engine::world::Camera camera_of(int width, int height) {
    engine::world::Camera camera;
    camera.name = "one";
    camera.width = width;
    camera.height = height;
    return camera;
}
std::vector<std::uint8_t> written(const std::vector<std::uint8_t>& rgb, int width, int height,
                                  int to_width, int to_height,
                                  messages::PixelFormat format = messages::PIXELS_RGB8) {
    const auto camera = camera_of(width, height);
    std::vector<std::uint8_t> out(3 * static_cast<std::size_t>(to_width * to_height));
    write_picture({.camera = &camera, .rgb = rgb},
                  {.camera = 0, .width = to_width, .height = to_height}, format, out);
    return out;
}

TEST(Pictures, AreCopiedInTheirOwnSize) {
    std::vector<std::uint8_t> rgb(3 * 5 * 4);
    std::iota(rgb.begin(), rgb.end(), std::uint8_t{1});
    EXPECT_EQ(written(rgb, 5, 4, 5, 4), rgb);
}

TEST(Pictures, HaveTheChannelsInTheOrderOfTheirFormat) {
    const std::vector<std::uint8_t> rgb = {1, 2, 3, 4, 5, 6};
    EXPECT_THAT(written(rgb, 2, 1, 2, 1, messages::PIXELS_BGR8), ElementsAre(3, 2, 1, 6, 5, 4));
    EXPECT_THAT(written(rgb, 2, 1, 2, 1, messages::PIXELS_RGB8_PLANAR),
                ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Pictures, OfASmallerSizeAreMeansOverWhatEachPixelCovers) {
    // 3 columns to 2: each covers one and a half.
    const std::vector<std::uint8_t> rgb = {0, 0, 0, 90, 90, 90, 30, 30, 30};
    EXPECT_THAT(written(rgb, 3, 1, 2, 1), ElementsAre(30, 30, 30, 50, 50, 50));
    // 2 × 2 to 1 × 1.
    const std::vector<std::uint8_t> four = {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14};
    EXPECT_THAT(written(four, 2, 2, 1, 1), ElementsAre(6, 7, 8));
}

TEST(Pictures, OfALargerSizeRepeatTheNearestPixel) {
    const std::vector<std::uint8_t> rgb = {10, 10, 10, 20, 20, 20};
    EXPECT_THAT(written(rgb, 2, 1, 4, 1),
                ElementsAre(10, 10, 10, 10, 10, 10, 20, 20, 20, 20, 20, 20));
}

TEST(Pictures, OfOneColourKeepItInEverySize) {
    const std::vector<std::uint8_t> white(3 * 37 * 23, 255), grey(3 * 37 * 23, 101);
    for (const auto& [width, height] : {std::pair(16, 16), {17, 22}, {36, 23}, {64, 64}}) {
        for (const auto* rgb : {&white, &grey}) {
            const auto out = written(*rgb, 37, 23, width, height);
            EXPECT_TRUE(std::ranges::all_of(out, [&](auto p) { return p == (*rgb)[0]; }))
                << width << " x " << height;
        }
    }
}

TEST(Pictures, IntrinsicsFollowTheSize) {
    auto camera = camera_of(640, 400);
    camera.lens.fx = 500;
    camera.lens.fy = 510;
    camera.lens.cx = 320;
    camera.lens.cy = 200;
    messages::CameraImage message;
    describe_camera(camera, 160, 200, message);
    EXPECT_EQ(message.width(), 160U);
    EXPECT_EQ(message.fx(), 125);
    EXPECT_EQ(message.cx(), 80);
    EXPECT_EQ(message.fy(), 255);
    EXPECT_EQ(message.cy(), 100);
    EXPECT_TRUE(message.rgb().empty());
}

TEST(Pictures, PlacesOfCamerasDoNotOverlap) {
    engine::world::Rig rig;
    for (const char* name : {"a", "b", "c"}) {
        rig.cameras.push_back(camera_of(17, 16));
        rig.cameras.back().name = name;
    }
    messages::Wants wants;
    wants.add_cameras("c");
    wants.add_cameras("a");
    const auto given = given_cameras(wants, rig);
    ASSERT_TRUE(given) << given.error().text();
    ASSERT_EQ(given->size(), 2U);
    EXPECT_EQ((*given)[0].camera, 2U);
    EXPECT_EQ((*given)[1].camera, 0U);
    EXPECT_GE((*given)[1].offset, (*given)[0].offset + (*given)[0].bytes());
    EXPECT_EQ((*given)[1].offset % 64, 0U);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
