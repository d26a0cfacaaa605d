// Pictures on a device that a window shares, and weather that a state brings.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/gpu/resources.h"
#include "engine/render/shared_pictures.h"
#include "tests/engine/render/renderer_fixture.h"
#include "tests/support/street.h"

namespace huntsman::engine::render {
namespace {

struct Street {
    world::World world = tests::support::make_street();
    world::State state = world::initial_state(world);
    // As views are when panes are of different sizes.
    std::vector<View> views = {camera({0, -1.8, 1.4}, 0, 0), camera({5, 3, 2}, 1, -0.2, 100, 60),
                               camera({-20, 0, 9}, 0.3, -0.4, 96, 128)};
};

// The pixels of an image in the layout that windows sample it in, as rgb.
std::vector<std::uint8_t> pixels_of(const gpu::Device& device, const SharedPicture& picture) {
    const std::size_t count = std::size_t{picture.width} * picture.height;
    auto buffer = gpu::Buffer::create(device, 4 * count, VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                                      gpu::MemoryUse::kReadback);
    EXPECT_TRUE(buffer.ok());
    const auto status = device.run_once([&](VkCommandBuffer commands) {
        const auto change = [&](VkImageLayout from, VkImageLayout to) {
            const gpu::ImageBarrier step{.image = picture.image,
                                         .from_stage = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
                                         .to_stage = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
                                         .from_access = VK_ACCESS_2_MEMORY_WRITE_BIT,
                                         .to_access = VK_ACCESS_2_MEMORY_READ_BIT,
                                         .from_layout = from,
                                         .to_layout = to};
            gpu::barrier(commands, {&step, 1});
        };
        change(VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL);
        const VkBufferImageCopy region{.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                                       .imageExtent = {picture.width, picture.height, 1}};
        vkCmdCopyImageToBuffer(commands, picture.image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                               buffer->handle(), 1, &region);
        change(VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
    });
    EXPECT_TRUE(status.ok());
    std::vector<std::uint8_t> rgb;
    const auto* words = buffer->mapped<std::uint32_t>();
    for (std::size_t i = 0; i < count; ++i) {
        for (const int shift : {0, 8, 16}) {
            rgb.push_back(static_cast<std::uint8_t>(words[i] >> shift));
        }
    }
    return rgb;
}

class SharedDevice : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        setenv("HUNTSMAN_VALIDATION", "1", 1);
        auto made = gpu::Device::create();
        ASSERT_TRUE(made.ok()) << made.error().text();
        device = std::move(*made);
        auto created = Renderer::create(Quality::kStandard, *device);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(*created);
    }
    static void TearDownTestSuite() {
        renderer.reset();
        EXPECT_EQ(device->validation_messages(), 0U);
        device.reset();
    }
    inline static std::unique_ptr<gpu::Device> device;
    inline static std::unique_ptr<Renderer> renderer;
};

TEST_F(SharedDevice, ImagesHoldThePixelsThatAreReadBack) {
    const Street street;
    ASSERT_TRUE(renderer->load(street.world).ok());
    std::vector<Frame> frames, alone;
    // The first call meters before it shades, the second one does not.
    for (int call = 0; call < 2; ++call) {
        ASSERT_TRUE(renderer->render(street.state, {.views = street.views}, frames).ok());
        for (std::size_t i = 0; i < street.views.size(); ++i) {
            const SharedPicture* shown = renderer->shared_picture(i);
            ASSERT_NE(shown, nullptr);
            EXPECT_EQ(static_cast<int>(shown->width), street.views[i].width);
            EXPECT_EQ(static_cast<int>(shown->height), street.views[i].height);
            EXPECT_EQ(pixels_of(*device, *shown), frames[i].image.pixels) << i;
        }
    }
    EXPECT_EQ(renderer->shared_picture(street.views.size()), nullptr);
    // A renderer with a device of its own draws the same.
    auto own = Renderer::create(Quality::kStandard);
    ASSERT_TRUE(own.ok());
    ASSERT_TRUE((*own)->load(street.world).ok());
    for (int call = 0; call < 2; ++call) {
        ASSERT_TRUE((*own)->render(street.state, {.views = street.views}, alone).ok());
    }
    for (std::size_t i = 0; i < alone.size(); ++i) {
        EXPECT_EQ(alone[i].image.pixels, frames[i].image.pixels);
        EXPECT_EQ(alone[i].ids, frames[i].ids);
    }
    EXPECT_EQ((*own)->shared_picture(0), nullptr);
}

TEST_F(SharedDevice, PicturesNeedNotBeReadBackAndStayForTwoCalls) {
    Street street;
    ASSERT_TRUE(renderer->load(street.world).ok());
    std::vector<Frame> frames;
    ASSERT_TRUE(renderer->render(street.state, {.views = street.views}, frames).ok());
    const auto pixels = frames[0].image.pixels;
    const SharedPicture first = *renderer->shared_picture(0);
    for (int call = 0; call < 2; ++call) {
        // Other places, one view more, other sizes.
        for (View& view : street.views) {
            view.X_WC.p.x += 3;
            view.width += 8;
        }
        street.views.push_back(street.views.front());
        ASSERT_TRUE(
            renderer->render(street.state, {.views = street.views, .read_pictures = false}, frames)
                .ok());
        EXPECT_TRUE(frames[0].image.pixels.empty());
        EXPECT_EQ(frames[0].image.width, street.views[0].width);
        EXPECT_EQ(frames[0].ids.size(), static_cast<std::size_t>(street.views[0].width) * 96);
        EXPECT_NE(renderer->shared_picture(0)->image, first.image);
        EXPECT_NE(pixels_of(*device, *renderer->shared_picture(0)), pixels);
    }
    EXPECT_EQ(pixels_of(*device, first), pixels);
    // Without pictures there is none to show.
    ASSERT_TRUE(renderer
                    ->render(street.state,
                             {.views = street.views, .picture = false, .linear = true}, frames)
                    .ok());
    EXPECT_EQ(renderer->shared_picture(0), nullptr);
}

// A state that brings its weather is drawn as a world that has it, before and after the world's
// own.
TEST_F(SharedDevice, WeatherOfTheStateIsDrawnAsThatOfAWorld) {
    const Street dry;
    Street rainy;
    auto& rain = rainy.world.environment;
    rain.cloud_cover = 1;
    rain.rain_mm_h = 5;
    rain.wetness = 1;
    rain.puddles = 0.5;
    rain.sun_elevation_rad = 0.2;
    const auto draw = [&](const world::World& world, const world::State& state) {
        std::vector<Frame> frames;
        EXPECT_TRUE(renderer->load(world).ok());
        EXPECT_TRUE(renderer->render(state, {.views = dry.views}, frames).ok());
        return frames;
    };
    world::State brings = dry.state;
    brings.environment = rain;
    const auto expected = draw(rainy.world, rainy.state), as_dry = draw(dry.world, dry.state);
    const auto brought = draw(dry.world, brings);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(brought[i].image.pixels, expected[i].image.pixels) << i;
        EXPECT_NE(brought[i].image.pixels, as_dry[i].image.pixels) << i;
    }
    // Without it the light is the world's again.
    std::vector<Frame> back, fresh;
    const RenderRequest linear{.views = dry.views, .picture = false, .linear = true};
    ASSERT_TRUE(renderer->render(dry.state, linear, back).ok());
    ASSERT_TRUE(renderer->load(dry.world).ok());
    ASSERT_TRUE(renderer->render(dry.state, linear, fresh).ok());
    for (std::size_t i = 0; i < back.size(); ++i) EXPECT_EQ(back[i].linear, fresh[i].linear) << i;
}

}  // namespace
}  // namespace huntsman::engine::render
