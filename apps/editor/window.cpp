#include "apps/editor/window.h"

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
    HM_TRY(window->make_commands());
    if (settings.offscreen) {
        window->extent_ = {static_cast<std::uint32_t>(settings.width),
                           static_cast<std::uint32_t>(settings.height)};
        HM_TRY(window->make_canvas());
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
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* window) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->exposed_ = true;
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
    wait_idle();
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
    const VkSwapchainCreateInfoKHR info{.sType = VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR,
                                        .surface = surface_,
                                        .minImageCount = images,
                                        .imageFormat = format.format,
                                        .imageColorSpace = format.colorSpace,
                                        .imageExtent = extent,
                                        .imageArrayLayers = 1,
                                        .imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT,
                                        .imageSharingMode = VK_SHARING_MODE_EXCLUSIVE,
                                        .preTransform = can.currentTransform,
                                        .compositeAlpha = VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR,
                                        .presentMode = VK_PRESENT_MODE_FIFO_KHR,
                                        .clipped = VK_TRUE};
    HM_VK(vkCreateSwapchainKHR(device_->handle(), &info, nullptr, &swapchain_));
    vkGetSwapchainImagesKHR(device_->handle(), swapchain_, &count, nullptr);
    images_.resize(count);
    HM_VK(vkGetSwapchainImagesKHR(device_->handle(), swapchain_, &count, images_.data()));
    for (std::size_t i = 0; i < images_.size(); ++i) {
        finished_.push_back(make_semaphore(device_->handle()));
    }
    acquired_ = make_semaphore(device_->handle());
    return make_canvas();
}

Status Window::make_commands() {
    const VkCommandPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                       .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                       .queueFamilyIndex = device_->queue_family()};
    HM_VK(vkCreateCommandPool(device_->handle(), &pool, nullptr, &pool_));
    const VkCommandBufferAllocateInfo buffer{
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
        .commandPool = pool_,
        .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
        .commandBufferCount = 1};
    HM_VK(vkAllocateCommandBuffers(device_->handle(), &buffer, &commands_));
    return {};
}

void Window::wait_idle() const {
    const std::lock_guard lock(device_->queue_mutex());
    vkDeviceWaitIdle(device_->handle());
}

Status Window::make_canvas() {
    anew_ = true;
    HM_TAKE(canvas_,
            gpu::Image::create(
                *device_, {.width = extent_.width, .height = extent_.height, .format = format_},
                VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT));
    return {};
}

void Window::drop_swapchain() {
    for (const VkSemaphore s : finished_) vkDestroySemaphore(device_->handle(), s, nullptr);
    if (acquired_ != VK_NULL_HANDLE) vkDestroySemaphore(device_->handle(), acquired_, nullptr);
    if (swapchain_ != VK_NULL_HANDLE) vkDestroySwapchainKHR(device_->handle(), swapchain_, nullptr);
    images_.clear();
    finished_.clear();
    acquired_ = VK_NULL_HANDLE;
    swapchain_ = VK_NULL_HANDLE;
}

Window::~Window() {
    if (device_) {
        wait_idle();
        if (window_ != nullptr) drop_swapchain();
        if (pool_ != VK_NULL_HANDLE) vkDestroyCommandPool(device_->handle(), pool_, nullptr);
        if (fence_ != VK_NULL_HANDLE) vkDestroyFence(device_->handle(), fence_, nullptr);
        canvas_ = {};
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
        wait_idle();
        in_flight_ = false;
        vkResetFences(device_->handle(), 1, &fence_);
        extent_ = {static_cast<std::uint32_t>(std::max(1, width)),
                   static_cast<std::uint32_t>(std::max(1, height))};
        // An error leaves nothing to draw into, which the next frame says.
        if (!make_canvas().ok()) extent_ = {0, 0};
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

namespace {

// A picture's way from one use to the next.
struct Use {
    VkPipelineStageFlags2 stage;
    VkAccessFlags2 access;
    VkImageLayout layout;
};
constexpr Use kNothing{VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT, 0,
                       VK_IMAGE_LAYOUT_UNDEFINED};
constexpr Use kDrawn{VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                     VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT,
                     VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
constexpr Use kRead{VK_PIPELINE_STAGE_2_COPY_BIT, VK_ACCESS_2_TRANSFER_READ_BIT,
                    VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL};
constexpr Use kWritten{VK_PIPELINE_STAGE_2_COPY_BIT, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                       VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL};
constexpr Use kShown{VK_PIPELINE_STAGE_2_NONE, 0, VK_IMAGE_LAYOUT_PRESENT_SRC_KHR};

void pass(VkCommandBuffer commands, VkImage image, const Use& from, const Use& to) {
    const gpu::ImageBarrier barrier{.image = image,
                                    .from_stage = from.stage,
                                    .to_stage = to.stage,
                                    .from_access = from.access,
                                    .to_access = to.access,
                                    .from_layout = from.layout,
                                    .to_layout = to.layout};
    gpu::barrier(commands, {&barrier, 1});
}

}  // namespace

Status Window::record(GuiRenderer& gui, const ImDrawData& data, const float (&clear)[3]) {
    const VkCommandBufferBeginInfo begin{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                         .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    HM_VK(vkBeginCommandBuffer(commands_, &begin));
    // Between frames the canvas is in the layout to read from.
    pass(commands_, canvas_.handle(), anew_ ? kNothing : kRead, kDrawn);
    HM_TRY(gui.draw(data, commands_, canvas_.view(), extent_, clear));
    pass(commands_, canvas_.handle(), kDrawn, kRead);
    if (capture_) HM_TRY(record_capture());
    if (window_ != nullptr) record_copy();
    HM_VK(vkEndCommandBuffer(commands_));
    anew_ = false;
    return {};
}

Status Window::record_capture() {
    HM_TAKE(readback_,
            gpu::Buffer::create(*device_, VkDeviceSize{4} * extent_.width * extent_.height,
                                VK_BUFFER_USAGE_TRANSFER_DST_BIT, gpu::MemoryUse::kReadback));
    const VkBufferImageCopy region{.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                                   .imageExtent = {extent_.width, extent_.height, 1}};
    vkCmdCopyImageToBuffer(commands_, canvas_.handle(), kRead.layout, readback_.handle(), 1,
                           &region);
    return {};
}

void Window::record_copy() {
    pass(commands_, images_[image_], {kWritten.stage, 0, VK_IMAGE_LAYOUT_UNDEFINED}, kWritten);
    const VkImageCopy region{.srcSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                             .dstSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1},
                             .extent = {extent_.width, extent_.height, 1}};
    vkCmdCopyImage(commands_, canvas_.handle(), kRead.layout, images_[image_], kWritten.layout, 1,
                   &region);
    pass(commands_, images_[image_], kWritten, kShown);
}

Status Window::submit_and_present() {
    const VkCommandBufferSubmitInfo buffer{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO,
                                           .commandBuffer = commands_};
    const VkSemaphoreSubmitInfo wait{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO,
                                     .semaphore = acquired_,
                                     .stageMask = VK_PIPELINE_STAGE_2_COPY_BIT};
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
    const std::lock_guard lock(device_->queue_mutex());
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
    const bool unchanged = gui.prepare(data, extent_, anew_).empty();
    if (unchanged && !capture_ && !std::exchange(exposed_, false)) return {};
    HM_TRY(acquire());
    // A swapchain of another size came with a canvas that holds nothing.
    if (anew_) gui.prepare(data, extent_, true);
    HM_TRY(record(gui, data, clear));
    HM_TRY(submit_and_present());
    if (capture_) HM_TRY(deliver_capture());
    return {};
}

}  // namespace huntsman::apps::editor
