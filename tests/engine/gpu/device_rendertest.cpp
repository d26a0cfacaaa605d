#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>
#include <vector>

#include "engine/gpu/device.h"
#include "engine/gpu/resources.h"

namespace huntsman::engine::gpu {
namespace {

// Sets an environment variable for one test.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        setenv(name, value, 1);
    }
    ~Variable() { old_.empty() ? unsetenv(name_) : setenv(name_, old_.c_str(), 1); }

  private:
    const char* name_;
    std::string old_;
};

TEST(Device, NamesItselfAndItsLimits) {
    const auto device = Device::create();
    ASSERT_TRUE(device.ok()) << device.error().text();
    EXPECT_FALSE((*device)->info().name.empty());
    EXPECT_GE((*device)->info().limits.maxImageDimension2D, 4096U);
    EXPECT_EQ((*device)->info().api_version.substr(0, 2), "1.");
}

TEST(Device, UnknownWishIsAMachineErrorThatListsTheDevices) {
    const Variable wish("HUNTSMAN_VULKAN_DEVICE", "no such device");
    const auto device = Device::create();
    ASSERT_FALSE(device.ok());
    EXPECT_EQ(device.error().kind, core::ErrorKind::kMachine);
    EXPECT_NE(device.error().message.find("0 "), std::string::npos) << device.error().message;
}

TEST(Device, WithoutDriversTheRemedyIsNamed) {
    const Variable none("VK_ICD_FILENAMES", "/nonexistent.json");
    const Variable drivers("VK_DRIVER_FILES", "/nonexistent.json");
    const auto device = Device::create();
    ASSERT_FALSE(device.ok());
    EXPECT_EQ(device.error().kind, core::ErrorKind::kMachine);
    EXPECT_NE(device.error().message.find("mesa-vulkan-drivers"), std::string::npos)
        << device.error().message;
}

TEST(Buffer, UploadThenReadBackIsExact) {
    const Variable validate("HUNTSMAN_VALIDATION", "1");
    const auto device = Device::create();
    ASSERT_TRUE(device.ok()) << device.error().text();
    std::vector<std::uint32_t> numbers(10000);
    std::iota(numbers.begin(), numbers.end(), 7U);
    auto source = upload_buffer(**device, std::as_bytes(std::span(numbers)),
                                VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    auto back = Buffer::create(**device, 4 * numbers.size(), VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                               MemoryUse::kReadback);
    ASSERT_TRUE(source.ok());
    ASSERT_TRUE(back.ok());
    const auto status = (*device)->run_once([&](VkCommandBuffer commands) {
        const VkBufferCopy region{.size = 4 * numbers.size()};
        vkCmdCopyBuffer(commands, source->handle(), back->handle(), 1, &region);
        const VkMemoryBarrier2 written{.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER_2,
                                       .srcStageMask = VK_PIPELINE_STAGE_2_COPY_BIT,
                                       .srcAccessMask = VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                       .dstStageMask = VK_PIPELINE_STAGE_2_HOST_BIT,
                                       .dstAccessMask = VK_ACCESS_2_HOST_READ_BIT};
        const VkDependencyInfo info{.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO,
                                    .memoryBarrierCount = 1,
                                    .pMemoryBarriers = &written};
        vkCmdPipelineBarrier2(commands, &info);
    });
    ASSERT_TRUE(status.ok());
    EXPECT_TRUE(std::equal(numbers.begin(), numbers.end(), back->mapped<std::uint32_t>()));
    EXPECT_EQ((*device)->validation_messages(), 0U);
}

}  // namespace
}  // namespace huntsman::engine::gpu
