// A window with a Vulkan swapchain, or an image of the same kind where there is no window.
//
// Drawing waits for the device at the begin of the next frame, so that one frame is in flight. What
// is shown is kept in an image of its own: a frame draws what has changed, and nothing at all where
// nothing has.
#pragma once

#include <vulkan/vulkan.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/gpu/device.h"
#include "engine/gpu/resources.h"

struct GLFWwindow;
struct ImDrawData;

namespace huntsman::apps::editor {

class GuiRenderer;

struct WindowSettings {
    int width = 1600, height = 900;  // [screen units; offscreen: px]
    bool offscreen = false;          // draws into an image; needs no display
    std::string title = "Huntsman";
};

class Window {
  public:
    // Errors are of ErrorKind::kMachine and say what to do: no display, no Vulkan.
    static engine::core::Result<std::unique_ptr<Window>> create(const WindowSettings& settings);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    const engine::gpu::Device& device() const { return *device_; }
    // For a renderer in another thread: its calls are that one's, the window has its own command
    // pool and holds the queue's mutex.
    engine::gpu::Device& shared_device() { return *device_; }
    VkFormat format() const { return format_; }
    GLFWwindow* handle() const { return window_; }  // null offscreen
    bool wants_to_close() const;
    void keep_open();  // after the user was asked
    void set_title(const std::string& title);
    // Size of the picture [px], and pixels for each unit that sizes and fonts are given in.
    VkExtent2D extent() const { return extent_; }
    float scale() const;

    // Waits for events for so long at most, and takes those that are there.
    void poll(double wait_s);
    void resize(int width, int height);  // as the user would
    // Files that were dropped on the window since the last call.
    std::vector<std::filesystem::path> take_dropped();

    // Waits until the frame before is done. False: there is nothing to draw into now (minimised).
    engine::core::Result<bool> begin_frame();
    // Records, submits and shows the frame. With `capture` set it gets the picture (RGB).
    engine::core::Status draw(GuiRenderer& gui, const ImDrawData& data, const float (&clear)[3]);
    void capture_next(std::function<void(engine::core::Image)> capture) {
        capture_ = std::move(capture);
    }

  private:
    Window() = default;
    engine::core::Status open(const WindowSettings& settings);
    engine::core::Status make_swapchain();
    engine::core::Status make_canvas();  // of the present extent
    void drop_swapchain();
    engine::core::Status make_commands();
    void wait_idle() const;
    engine::core::Status acquire();
    engine::core::Status record(GuiRenderer& gui, const ImDrawData& data, const float (&clear)[3]);
    void record_copy();  // of the canvas to the swapchain's image
    engine::core::Status record_capture();
    engine::core::Status submit_and_present();
    engine::core::Status deliver_capture();

    GLFWwindow* window_ = nullptr;
    bool glfw_ = false;
    std::unique_ptr<engine::gpu::Device> device_;
    VkSurfaceKHR surface_ = VK_NULL_HANDLE;  // the device's
    VkSwapchainKHR swapchain_ = VK_NULL_HANDLE;
    VkFormat format_ = VK_FORMAT_R8G8B8A8_UNORM;
    VkExtent2D extent_{0, 0};
    engine::gpu::Image canvas_;          // what is shown
    bool anew_ = true;                   // the canvas holds nothing yet
    bool exposed_ = false;               // the display has lost what was shown
    std::vector<VkImage> images_;        // of the swapchain
    std::vector<VkSemaphore> finished_;  // of each image
    VkSemaphore acquired_ = VK_NULL_HANDLE;
    VkFence fence_ = VK_NULL_HANDLE;
    VkCommandPool pool_ = VK_NULL_HANDLE;
    VkCommandBuffer commands_ = VK_NULL_HANDLE;
    engine::gpu::Buffer readback_;
    std::uint32_t image_ = 0;
    bool in_flight_ = false, stale_ = false;
    std::vector<std::filesystem::path> dropped_;
    std::function<void(engine::core::Image)> capture_;
};

}  // namespace huntsman::apps::editor
