#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "engine/gpu/frame_runner.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::gpu {
namespace {

constexpr VkDeviceSize kWords = 1 << 16;

class FrameRunnerTest : public testing::Test {
  protected:
    void SetUp() override {
        setenv("HUNTSMAN_VALIDATION", "1", 1);
        auto created = Device::create();
        ASSERT_TRUE(created.ok()) << created.error().text();
        device_ = std::move(*created);
        auto runner = FrameRunner::create(*device_);
        ASSERT_TRUE(runner.ok()) << runner.error().text();
        runner_ = std::move(*runner);
    }
    void TearDown() override { EXPECT_EQ(device_->validation_messages(), 0U); }

    Buffer buffer(MemoryUse use) {
        auto made = Buffer::create(
            *device_, 4 * kWords,
            VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT, use);
        EXPECT_TRUE(made.ok());
        return std::move(*made);
    }
    static Pass copy(const char* name, Resource from, const Buffer& source, Resource to,
                     const Buffer& target) {
        return {.name = name,
                .uses = {reads(from, Use::kCopy), writes(to, Use::kCopy)},
                .record = [&source, &target](VkCommandBuffer commands) {
                    const VkBufferCopy region{.size = 4 * kWords};
                    vkCmdCopyBuffer(commands, source.handle(), target.handle(), 1, &region);
                }};
    }

    std::unique_ptr<Device> device_;
    FrameRunner runner_;
};

// upload -> a -> b -> host, declared backwards, and a pass that nobody needs.
TEST_F(FrameRunnerTest, CopiesArriveInOrderWithEveryTiming) {
    const Buffer upload = buffer(MemoryUse::kUpload), a = buffer(MemoryUse::kDevice),
                 b = buffer(MemoryUse::kReadback), unused = buffer(MemoryUse::kDevice);
    std::uint32_t first = 1;
    for (const PassTiming timing :
         {PassTiming::kNone, PassTiming::kTimestamps, PassTiming::kAlone}) {
        for (std::uint32_t i = 0; i < kWords; ++i) upload.mapped<std::uint32_t>()[i] = first + i;
        FrameGraph graph;
        const Resource from = graph.add_resource(buffer_resource("up", upload, Origin::kReadOnly));
        const Resource via = graph.add_resource(buffer_resource("a", a, Origin::kScratch));
        const Resource to = graph.add_resource(buffer_resource("b", b, Origin::kScratch));
        const Resource no = graph.add_resource(buffer_resource("unused", unused, Origin::kScratch));
        graph.add_pass({.name = "host", .uses = {reads(to, Use::kHost)}, .needed = true});
        graph.add_pass(copy("second", via, a, to, b));
        graph.add_pass(copy("useless", from, upload, no, unused));
        graph.add_pass(copy("first", from, upload, via, a));
        const auto frame = runner_.run(graph, timing);
        ASSERT_TRUE(frame.ok()) << frame.error().text();
        for (std::uint32_t i = 0; i < kWords; ++i) {
            ASSERT_EQ(b.mapped<std::uint32_t>()[i], first + i);
        }
        first += 12345;

        if (timing == PassTiming::kNone) {
            EXPECT_TRUE(frame->passes.empty());
            continue;
        }
        if (timing == PassTiming::kTimestamps && device_->info().timestamp_bits == 0) continue;
        ASSERT_EQ(frame->passes.size(), 3U);
        EXPECT_EQ(frame->passes[0].name, "first");
        EXPECT_EQ(frame->passes[1].name, "second");
        EXPECT_EQ(frame->passes[2].name, "host");
        // Passes follow one another and lie within the frame, up to the clock's reading.
        double sum = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const core::Span& pass = frame->passes[i];
            EXPECT_GE(pass.end, pass.start);
            // Two conversions of the device's clock may each round by a nanosecond.
            const auto before = i > 0 ? frame->passes[i - 1].end : pass.start;
            EXPECT_GE(pass.start, before - std::chrono::microseconds(1));
            sum += core::milliseconds(pass.end - pass.start);
        }
        EXPECT_LE(sum, frame->gpu_ms + 0.1);
    }
}

TEST_F(FrameRunnerTest, ABadGraphIsAnErrorAndTheNextOneRuns) {
    const Buffer a = buffer(MemoryUse::kDevice);
    FrameGraph graph;
    const Resource resource = graph.add_resource(buffer_resource("a", a, Origin::kScratch));
    graph.add_pass({.name = "host", .uses = {reads(resource, Use::kHost)}, .needed = true});
    const auto frame = runner_.run(graph, PassTiming::kNone);
    ASSERT_FALSE(frame.ok());
    EXPECT_EQ(frame.error().message, "pass \"host\" reads \"a\", which no pass writes");
    graph.clear();
    EXPECT_TRUE(runner_.run(graph, PassTiming::kTimestamps).ok());
}

// The state in which an image is left is known to the next graph.
TEST_F(FrameRunnerTest, HistoriesCarryLayoutsFromFrameToFrame) {
    auto created =
        Image::create(*device_, {.width = 256, .height = 256, .format = VK_FORMAT_R32_UINT},
                      VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
                          VK_IMAGE_USAGE_SAMPLED_BIT);
    ASSERT_TRUE(created.ok());
    const Image image = std::move(*created);
    const Buffer upload = buffer(MemoryUse::kUpload), back = buffer(MemoryUse::kReadback);
    for (std::uint32_t i = 0; i < kWords; ++i) upload.mapped<std::uint32_t>()[i] = 3 * i;
    History history;
    const VkBufferImageCopy region{.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                                   .imageExtent = {256, 256, 1}};

    FrameGraph graph;
    Resource target = graph.add_resource(image_resource("i", image, Origin::kImported, &history));
    graph.add_pass({.name = "fill",
                    .uses = {writes(target, Use::kCopy)},
                    .record = [&](VkCommandBuffer commands) {
                        vkCmdCopyBufferToImage(commands, upload.handle(), image.handle(),
                                               VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
                    }});
    ASSERT_TRUE(runner_.run(graph, PassTiming::kNone).ok());
    ASSERT_EQ(history.size(), 1U);
    EXPECT_EQ(history[0].layout, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);

    graph.clear();
    target = graph.add_resource(image_resource("i", image, Origin::kReadOnly, &history));
    const Resource out = graph.add_resource(buffer_resource("out", back, Origin::kScratch));
    graph.add_pass({.name = "read",
                    .uses = {reads(target, Use::kCopy), writes(out, Use::kCopy)},
                    .record = [&](VkCommandBuffer commands) {
                        vkCmdCopyImageToBuffer(commands, image.handle(),
                                               VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, back.handle(),
                                               1, &region);
                    }});
    graph.add_pass({.name = "host", .uses = {reads(out, Use::kHost)}, .needed = true});
    ASSERT_TRUE(runner_.run(graph, PassTiming::kNone).ok());
    for (std::uint32_t i = 0; i < kWords; ++i) ASSERT_EQ(back.mapped<std::uint32_t>()[i], 3 * i);
}

}  // namespace
}  // namespace huntsman::engine::gpu
