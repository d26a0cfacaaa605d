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

// A surface that shows nothing, which needs no display.
DeviceWanted headless_window() {
    return {.instance_extensions = {VK_KHR_SURFACE_EXTENSION_NAME,
                                    VK_EXT_HEADLESS_SURFACE_EXTENSION_NAME},
            .make_surface = [](VkInstance instance) -> core::Result<VkSurfaceKHR> {
                const auto create = reinterpret_cast<PFN_vkCreateHeadlessSurfaceEXT>(
                    vkGetInstanceProcAddr(instance, "vkCreateHeadlessSurfaceEXT"));
                if (create == nullptr) return core::Error{"no headless surface"};
                const VkHeadlessSurfaceCreateInfoEXT info{
                    .sType = VK_STRUCTURE_TYPE_HEADLESS_SURFACE_CREATE_INFO_EXT};
                VkSurfaceKHR surface = VK_NULL_HANDLE;
                create(instance, &info, nullptr, &surface);
                return surface;
            }};
}

TEST(Device, OfAWindowCanPresent) {
    const Variable validate("HUNTSMAN_VALIDATION", "1");
    const auto created = Device::create(headless_window());
    if (!created.ok() && created.error().text().find("windows") != std::string::npos) {
        GTEST_SKIP() << created.error().text();
    }
    ASSERT_TRUE(created.ok()) << created.error().text();
    const Device& device = **created;
    ASSERT_NE(device.surface(), VkSurfaceKHR(VK_NULL_HANDLE));
    // A swapchain can be made, and its images are had from the queue that draws.
    VkSurfaceCapabilitiesKHR can{};
    ASSERT_EQ(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device.physical(), device.surface(), &can),
              VK_SUCCESS);
    const VkSwapchainCreateInfoKHR info{.sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR,
                                        .surface = device.surface(),
                                        .minImageCount = can.minImageCount,
                                        .imageFormat = VK_FORMAT_B8G8R8A8_UNORM,
                                        .imageColorSpace = VK_COLOR_SPACE_SRGB_NONLINEAR_KHR,
                                        .imageExtent = {64, 48},
                                        .imageArrayLayers = 1,
                                        .imageUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT,
                                        .preTransform = can.currentTransform,
                                        .compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR,
                                        .presentMode = VK_PRESENT_MODE_FIFO_KHR};
    VkSwapchainKHR swapchain = VK_NULL_HANDLE;
    ASSERT_EQ(vkCreateSwapchainKHR(device.handle(), &info, nullptr, &swapchain), VK_SUCCESS);
    vkDestroySwapchainKHR(device.handle(), swapchain, nullptr);
    EXPECT_EQ(device.validation_messages(), 0U);
}

TEST(Device, AWindowThatCannotBeMadeIsAnError) {
    DeviceWanted wanted = headless_window();
    wanted.make_surface = [](VkInstance) -> core::Result<VkSurfaceKHR> {
        return core::Error{"no window"};
    };
    const auto device = Device::create(wanted);
    ASSERT_FALSE(device.ok());
    wanted.instance_extensions.push_back("VK_KHR_no_such_extension");
    const auto none = Device::create(wanted);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().kind, core::ErrorKind::kMachine);
    EXPECT_NE(none.error().text().find("VK_KHR_no_such_extension"), std::string::npos)
        << none.error().text();
}

TEST(Device, WithoutAWindowHasNoSurface) {
    const auto device = Device::create();
    ASSERT_TRUE(device.ok()) << device.error().text();
    EXPECT_EQ((*device)->surface(), VkSurfaceKHR(VK_NULL_HANDLE));
    EXPECT_NE((*device)->instance(), VkInstance(VK_NULL_HANDLE));
    EXPECT_NE((*device)->queue(), VkQueue(VK_NULL_HANDLE));
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
