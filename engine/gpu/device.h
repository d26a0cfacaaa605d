// A Vulkan 1.3 device with one queue, its pipeline cache and its validation messages; headless
// unless a window wants to present its pictures.
//
// Everything in this room is for engine/render and the editor; they may use Vulkan's own types.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::engine::gpu {

struct DeviceInfo {
    std::string name, driver, api_version;
    bool software = false;  // a CPU device such as lavapipe
    VkPhysicalDeviceLimits limits{};
    bool multi_draw_indirect = false;      // with first instances other than zero
    std::uint32_t timestamp_bits = 0;      // of the queue's clock; 0 where it has none
    bool unified_host_memory = false;      // device-local memory that is host-visible and cached
    VkDeviceSize device_memory_bytes = 0;  // largest device-local heap
};

// What a device must have beyond what a headless one has.
struct DeviceWanted {
    // Of the instance, as the window's library names them; enabled beside the device's own.
    std::vector<std::string> instance_extensions;
    // Makes the surface of the window on the new instance: the device is then one whose queue can
    // present to it, with VK_KHR_swapchain. The device destroys the surface with itself, which
    // must be before the window goes.
    std::function<core::Result<VkSurfaceKHR>(VkInstance)> make_surface;
};

class Device {
  public:
    // Prefers a discrete GPU, then an integrated one, then a CPU device. The environment's
    // HUNTSMAN_VULKAN_DEVICE picks another by index or by a part of its name;
    // HUNTSMAN_VALIDATION=1 loads the validation layer with synchronisation validation.
    // ErrorKind::kMachine where there is no usable device.
    static core::Result<std::unique_ptr<Device>> create();
    // The same with what a window needs. Errors: also those of `make_surface`, an instance
    // extension that is not there, and no usable device that can present (ErrorKind::kMachine).
    static core::Result<std::unique_ptr<Device>> create(const DeviceWanted& wanted);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    VkDevice handle() const { return device_; }
    VkInstance instance() const { return instance_; }
    VkPhysicalDevice physical() const { return physical_; }
    // Its one queue. Where two threads submit to it, or wait for it, both hold the mutex meanwhile;
    // the device's own calls do. All of those are for one thread at a time: a second one has its
    // own command pool and fence.
    VkQueue queue() const { return queue_; }
    std::mutex& queue_mutex() const { return queue_mutex_; }
    std::uint32_t queue_family() const { return queue_family_; }
    VkSurfaceKHR surface() const { return surface_; }  // null of a headless device
    const DeviceInfo& info() const { return info_; }
    VkPipelineCache pipeline_cache() const { return pipeline_cache_; }

    // Index of a memory type among `allowed` that has `required`, and `preferred` where possible.
    core::Result<std::uint32_t> memory_type(std::uint32_t allowed, VkMemoryPropertyFlags required,
                                            VkMemoryPropertyFlags preferred) const;

    // A primary command buffer that may be recorded again and again; lives as long as the device.
    core::Result<VkCommandBuffer> command_buffer() const;
    // Submits and waits for completion.
    core::Status submit_and_wait(VkCommandBuffer commands) const;
    // Records, submits and waits: for uploads at load time.
    core::Status run_once(const std::function<void(VkCommandBuffer)>& record) const;

    // Writes the pipeline cache under $XDG_CACHE_HOME/huntsman or ~/.cache/huntsman; a failure to
    // write is harmless, since the cache only saves time at the next start.
    void save_pipeline_cache() const;

    // Warnings and errors of the validation layer since creation; each was also logged.
    std::uint64_t validation_messages() const;

  private:
    Device() = default;
    core::Status create_instance(const DeviceWanted& wanted);
    core::Status choose_physical_device();
    core::Status create_logical_device();
    void load_pipeline_cache();

    struct Messages;
    std::unique_ptr<Messages> messages_;
    VkInstance instance_ = VK_NULL_HANDLE;
    VkSurfaceKHR surface_ = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
    VkPhysicalDevice physical_ = VK_NULL_HANDLE;
    VkPhysicalDeviceMemoryProperties memory_{};
    VkDevice device_ = VK_NULL_HANDLE;
    VkQueue queue_ = VK_NULL_HANDLE;
    mutable std::mutex queue_mutex_;
    std::uint32_t queue_family_ = 0;
    VkCommandPool pool_ = VK_NULL_HANDLE;
    VkCommandBuffer once_ = VK_NULL_HANDLE;
    VkFence fence_ = VK_NULL_HANDLE;
    VkPipelineCache pipeline_cache_ = VK_NULL_HANDLE;
    std::string cache_key_;  // file name part that names device and driver
    DeviceInfo info_;
};

}  // namespace huntsman::engine::gpu
