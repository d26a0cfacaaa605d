#include "apps/editor/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>

#include "apps/editor/gui_renderer.h"
#include "engine/gpu/check.h"

namespace huntsman::apps::editor {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Image;
using engine::core::Result;
using engine::core::Status;
namespace gpu = engine::gpu;

namespace {

constexpr const char* kNoDisplay =
    "there is no display to open a window on ({}); start it in a graphical session or over ssh -X, "
    "set DISPLAY, or use --offscreen with --script";

std::string glfw_reason() {
    const char* reason = nullptr;
    glfwGetError(&reason);
    return reason == nullptr ? "no reason given" : reason;
}

Error no_display() {
    return {.message = fmt::format(kNoDisplay, glfw_reason()), .kind = ErrorKind::kMachine};
}

// BGRA or RGBA with 8 bits whose values are shown as they are.
VkSurfaceFormatKHR choose_format(const std::vector<VkSurfaceFormatKHR>& formats) {
    for (const VkFormat wanted : {VK_FORMAT_B8G8R8A8_UNORM, VK_FORMAT_R8G8B8A8_UNORM}) {
        for (const VkSurfaceFormatKHR& format : formats) {
            if (format.format == wanted) return format;
        }
    }
    return formats.front();
}

VkSemaphore make_semaphore(VkDevice device) {
    const VkSemaphoreCreateInfo info{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    VkSemaphore semaphore = VK_NULL_HANDLE;
    vkCreateSemaphore(device, &info, nullptr, &semaphore);
    return semaphore;
}

// The swapchain no longer fits the window: made anew before the next frame, no error.
bool out_of_date(VkResult code) {
    return code == VK_ERROR_OUT_OF_DATE_KHR || code == VK_SUBOPTIMAL_KHR;
}

}  // namespace

Result<std::unique_ptr<Window>> Window::create(const WindowSettings& settings) {
    std::unique_ptr<Window> window(new Window);
    HM_TRY(window->open(settings));
    const VkFenceCreateInfo fence{.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    HM_VK(vkCreateFence(window->device_->handle(), &fence, nullptr, &window->fence_));
    HM_TAKE(window->commands_, window->device_->command_buffer());
    if (settings.offscreen) {
        HM_TRY(window->make_offscreen(static_cast<std::uint32_t>(settings.width),
                                      static_cast<std::uint32_t>(settings.height)));
    } else {
        HM_TRY(window->make_swapchain());
    }
    return window;
}

Status Window::open(const WindowSettings& settings) {
    if (settings.offscreen) {
        HM_TAKE(device_, gpu::Device::create());
        return {};
    }
    if (glfwInit() != GLFW_TRUE) return no_display();
    glfw_ = true;
    if (glfwVulkanSupported() != GLFW_TRUE) {
        return Error{.message =
                         "the display has no Vulkan; install a driver, for software rendering: "
                         "apt-get install mesa-vulkan-drivers",
                     .kind = ErrorKind::kMachine};
    }
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    window_ =
        glfwCreateWindow(settings.width, settings.height, settings.title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) return no_display();
    glfwSetWindowUserPointer(window_, this);
    glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** paths) {
        auto* self = static_cast<Window*>(glfwGetWindowUserPointer(window));
        for (int i = 0; i < count; ++i) self->dropped_.emplace_back(paths[i]);
    });
    std::uint32_t count = 0;
    const char** extensions = glfwGetRequiredInstanceExtensions(&count);
    gpu::DeviceWanted wanted;
    wanted.instance_extensions.assign(extensions, extensions + count);
    wanted.make_surface = [this](VkInstance instance) -> Result<VkSurfaceKHR> {
        VkSurfaceKHR surface = VK_NULL_HANDLE;
        HM_VK(glfwCreateWindowSurface(instance, window_, nullptr, &surface));
        return surface;
    };
    HM_TAKE(device_, gpu::Device::create(wanted));
    surface_ = device_->surface();
    return {};
}

Status Window::make_swapchain() {
    vkDeviceWaitIdle(device_->handle());
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    VkSurfaceCapabilitiesKHR can{};
    HM_VK(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_->physical(), surface_, &can));
    VkExtent2D extent = can.currentExtent;
    if (extent.width == UINT32_MAX) {
        extent.width = std::clamp(static_cast<std::uint32_t>(width), can.minImageExtent.width,
                                  can.maxImageExtent.width);
        extent.height = std::clamp(static_cast<std::uint32_t>(height), can.minImageExtent.height,
                                   can.maxImageExtent.height);
    }
    drop_swapchain();
    extent_ = extent;
    stale_ = false;
    if (extent.width == 0 || extent.height == 0) return {};
    std::uint32_t count = 0;
    vkGetPhysicalDeviceSurfaceFormatsKHR(device_->physical(), surface_, &count, nullptr);
    std::vector<VkSurfaceFormatKHR> formats(count);
    HM_VK(vkGetPhysicalDeviceSurfaceFormatsKHR(device_->physical(), surface_, &count,
                                               formats.data()));
    if (formats.empty()) {
        return Error{.message = "the display offers no format for pictures",
                     .kind = ErrorKind::kMachine};
    }
    const VkSurfaceFormatKHR format = choose_format(formats);
    format_ = format.format;
    std::uint32_t images = std::max(can.minImageCount, 2U);
    if (can.maxImageCount > 0) images = std::min(images, can.maxImageCount);
    const VkSwapchainCreateInfoKHR info{
        .sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR,
        .surface = surface_,
        .minImageCount = images,
        .imageFormat = format.format,
        .imageColorSpace = format.colorSpace,
        .imageExtent = extent,
        .imageArrayLayers = 1,
        .imageUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT,
        .imageSharingMode = VK_SHARING_MODE_EXCLUSIVE,
        .preTransform = can.currentTransform,
        .compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR,
        .presentMode = VK_PRESENT_MODE_FIFO_KHR,
        .clipped = VK_TRUE};
    HM_VK(vkCreateSwapchainKHR(device_->handle(), &info, nullptr, &swapchain_));
    vkGetSwapchainImagesKHR(device_->handle(), swapchain_, &count, nullptr);
    images_.resize(count);
    HM_VK(vkGetSwapchainImagesKHR(device_->handle(), swapchain_, &count, images_.data()));
    for (const VkImage image : images_) {
        const VkImageViewCreateInfo view{
            .sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
            .image = image,
            .viewType = VK_IMAGE_VIEW_TYPE_2D,
            .format = format_,
            .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1}};
        VkImageView handle = VK_NULL_HANDLE;
        HM_VK(vkCreateImageView(device_->handle(), &view, nullptr, &handle));
        views_.push_back(handle);
        finished_.push_back(make_semaphore(device_->handle()));
    }
    acquired_ = make_semaphore(device_->handle());
    return {};
}

Status Window::make_offscreen(std::uint32_t width, std::uint32_t height) {
    extent_ = {width, height};
    HM_TAKE(offscreen_, gpu::Image::create(
                            *device_, {.width = width, .height = height, .format = format_},
                            VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT));
    images_ = {offscreen_.handle()};
    views_ = {offscreen_.view()};
    return {};
}

void Window::drop_swapchain() {
    for (const VkImageView view : views_) vkDestroyImageView(device_->handle(), view, nullptr);
    for (const VkSemaphore s : finished_) vkDestroySemaphore(device_->handle(), s, nullptr);
    if (acquired_ != VK_NULL_HANDLE) vkDestroySemaphore(device_->handle(), acquired_, nullptr);
    if (swapchain_ != VK_NULL_HANDLE) vkDestroySwapchainKHR(device_->handle(), swapchain_, nullptr);
    views_.clear();
    images_.clear();
    finished_.clear();
    acquired_ = VK_NULL_HANDLE;
    swapchain_ = VK_NULL_HANDLE;
}

Window::~Window() {
    if (device_) {
        vkDeviceWaitIdle(device_->handle());
        if (window_ != nullptr) drop_swapchain();
        if (fence_ != VK_NULL_HANDLE) vkDestroyFence(device_->handle(), fence_, nullptr);
        offscreen_ = {};
        readback_ = {};
        device_->save_pipeline_cache();
        device_.reset();
    }
    if (window_ != nullptr) glfwDestroyWindow(window_);
    if (glfw_) glfwTerminate();
}

bool Window::wants_to_close() const {
    return window_ != nullptr && glfwWindowShouldClose(window_) == GLFW_TRUE;
}

void Window::keep_open() {
    if (window_ != nullptr) glfwSetWindowShouldClose(window_, GLFW_FALSE);
}

void Window::set_title(const std::string& title) {
    if (window_ != nullptr) glfwSetWindowTitle(window_, title.c_str());
}

float Window::scale() const {
    if (window_ == nullptr) return 1;
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::clamp(std::max(x, y), 0.5F, 4.0F);
}

void Window::poll(double wait_s) {
    if (window_ == nullptr) return;
    if (wait_s > 0) {
        glfwWaitEventsTimeout(wait_s);
    } else {
        glfwPollEvents();
    }
}

void Window::resize(int width, int height) {
    if (window_ != nullptr) {
        glfwSetWindowSize(window_, width, height);
    } else {
        vkDeviceWaitIdle(device_->handle());
        in_flight_ = false;
        vkResetFences(device_->handle(), 1, &fence_);
        // An error leaves nothing to draw into, which the next frame says.
        if (!make_offscreen(static_cast<std::uint32_t>(std::max(1, width)),
                            static_cast<std::uint32_t>(std::max(1, height)))
                 .ok()) {
            extent_ = {0, 0};
        }
    }
}

std::vector<std::filesystem::path> Window::take_dropped() { return std::exchange(dropped_, {}); }

Result<bool> Window::begin_frame() {
    if (in_flight_) {
        HM_VK(vkWaitForFences(device_->handle(), 1, &fence_, VK_TRUE, UINT64_MAX));
        HM_VK(vkResetFences(device_->handle(), 1, &fence_));
        in_flight_ = false;
    }
    if (window_ == nullptr) return extent_.width > 0;
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    if (width == 0 || height == 0) return false;
    if (stale_ || swapchain_ == VK_NULL_HANDLE ||
        extent_.width != static_cast<std::uint32_t>(width) ||
        extent_.height != static_cast<std::uint32_t>(height)) {
        HM_TRY(make_swapchain());
    }
    return swapchain_ != VK_NULL_HANDLE;
}

Status Window::acquire() {
    image_ = 0;
    if (window_ == nullptr) return {};
    for (int attempt = 0; attempt < 2; ++attempt) {
        const VkResult code = vkAcquireNextImageKHR(device_->handle(), swapchain_, UINT64_MAX,
                                                    acquired_, VK_NULL_HANDLE, &image_);
        if (code == VK_SUCCESS || code == VK_SUBOPTIMAL_KHR) return {};
        if (code != VK_ERROR_OUT_OF_DATE_KHR) {
            return gpu::vulkan_error("vkAcquireNextImageKHR", code);
        }
        HM_TRY(make_swapchain());
        if (swapchain_ == VK_NULL_HANDLE) break;
    }
    return Error{.message = "the window changes its size faster than it can be drawn",
                 .kind = ErrorKind::kMachine};
}

Status Window::record(GuiRenderer& gui, const ImDrawData& data, const float (&clear)[3]) {
    const VkCommandBufferBeginInfo begin{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                         .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    HM_VK(vkBeginCommandBuffer(commands_, &begin));
    const gpu::ImageBarrier to_draw{.image = images_[image_],
                                    .from_stage = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                                    .to_stage = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                                    .from_access = 0,
                                    .to_access = VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
                                    .from_layout = VK_IMAGE_LAYOUT_UNDEFINED,
                                    .to_layout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    gpu::barrier(commands_, {&to_draw, 1});
    HM_TRY(gui.draw(data, commands_, views_[image_], extent_, clear));
    VkImageLayout layout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    if (capture_) {
        const gpu::ImageBarrier to_copy{
            .image = images_[image_],
            .from_stage = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
            .to_stage = VK_PIPELINE_STAGE_2_COPY_BIT,
            .from_access = VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
            .to_access = VK_ACCESS_2_TRANSFER_READ_BIT,
            .from_layout = layout,
            .to_layout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL};
        gpu::barrier(commands_, {&to_copy, 1});
        layout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
        HM_TAKE(readback_,
                gpu::Buffer::create(*device_, VkDeviceSize{4} * extent_.width * extent_.height,
                                    VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::MemoryUse::kReadback));
        const VkBufferImageCopy region{
            .imageSubresource = {.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT, .layerCount = 1},
            .imageExtent = {extent_.width, extent_.height, 1}};
        vkCmdCopyImageToBuffer(commands_, images_[image_], layout, readback_.handle(), 1, &region);
    }
    if (window_ != nullptr) {
        const gpu::ImageBarrier to_show{
            .image = images_[image_],
            .from_stage =
                VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT | VK_PIPELINE_STAGE_2_COPY_BIT,
            .to_stage = VK_PIPELINE_STAGE_2_NONE,
            .from_access = VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
            .to_access = 0,
            .from_layout = layout,
            .to_layout = VK_IMAGE_LAYOUT_PRESENT_SRC_KHR};
        gpu::barrier(commands_, {&to_show, 1});
    }
    HM_VK(vkEndCommandBuffer(commands_));
    return {};
}

Status Window::submit_and_present() {
    const VkCommandBufferSubmitInfo buffer{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO,
                                           .commandBuffer = commands_};
    const VkSemaphoreSubmitInfo wait{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO,
                                     .semaphore = acquired_,
                                     .stageMask = VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT};
    const bool shown = window_ != nullptr;
    const VkSemaphoreSubmitInfo signal{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO,
                                       .semaphore = shown ? finished_[image_] : VK_NULL_HANDLE,
                                       .stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT};
    const VkSubmitInfo2 submit{.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO_2,
                               .waitSemaphoreInfoCount = shown ? 1U : 0U,
                               .pWaitSemaphoreInfos = &wait,
                               .commandBufferInfoCount = 1,
                               .pCommandBufferInfos = &buffer,
                               .signalSemaphoreInfoCount = shown ? 1U : 0U,
                               .pSignalSemaphoreInfos = &signal};
    HM_VK(vkQueueSubmit2(device_->queue(), 1, &submit, fence_));
    in_flight_ = true;
    if (!shown) return {};
    const VkPresentInfoKHR present{.sType = VK_STRUCTURE_TYPE_PRESENT_INFO_KHR,
                                   .waitSemaphoreCount = 1,
                                   .pWaitSemaphores = &finished_[image_],
                                   .swapchainCount = 1,
                                   .pSwapchains = &swapchain_,
                                   .pImageIndices = &image_};
    const VkResult code = vkQueuePresentKHR(device_->queue(), &present);
    if (out_of_date(code)) {
        stale_ = true;
    } else if (code != VK_SUCCESS) {
        return gpu::vulkan_error("vkQueuePresentKHR", code);
    }
    return {};
}

Status Window::deliver_capture() {
    HM_VK(vkWaitForFences(device_->handle(), 1, &fence_, VK_TRUE, UINT64_MAX));
    Image picture{.width = static_cast<int>(extent_.width),
                  .height = static_cast<int>(extent_.height),
                  .channels = 3,
                  .pixels = {}};
    const std::size_t count = std::size_t{extent_.width} * extent_.height;
    picture.pixels.resize(3 * count);
    const auto* from = readback_.mapped<std::uint8_t>();
    const bool swapped = format_ == VK_FORMAT_B8G8R8A8_UNORM || format_ == VK_FORMAT_B8G8R8A8_SRGB;
    for (std::size_t i = 0; i < count; ++i) {
        picture.pixels[3 * i] = from[4 * i + (swapped ? 2 : 0)];
        picture.pixels[3 * i + 1] = from[4 * i + 1];
        picture.pixels[3 * i + 2] = from[4 * i + (swapped ? 0 : 2)];
    }
    std::exchange(capture_, {})(std::move(picture));
    return {};
}

Status Window::draw(GuiRenderer& gui, const ImDrawData& data, const float (&clear)[3]) {
    HM_TRY(acquire());
    HM_TRY(record(gui, data, clear));
    HM_TRY(submit_and_present());
    if (capture_) HM_TRY(deliver_capture());
    return {};
}

}  // namespace huntsman::apps::editor
