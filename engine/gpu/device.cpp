#include "engine/gpu/device.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/gpu/check.h"

namespace huntsman::engine::gpu {

using core::Error;
using core::ErrorKind;
using core::Result;
using core::Status;

struct Device::Messages {
    std::atomic<std::uint64_t> count{0};
};

namespace {

constexpr const char* kRemedy =
    "install a Vulkan driver, for software rendering: apt-get install mesa-vulkan-drivers";
constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT,
                                          VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data,
                                          void* count) {
    ++*static_cast<std::atomic<std::uint64_t>*>(count);
    std::fprintf(stderr, "huntsman: Vulkan validation: %s\n", data->pMessage);
    return VK_FALSE;
}

// Lower is better.
int rank(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
            return 0;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
            return 1;
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
            return 2;
        case VK_PHYSICAL_DEVICE_TYPE_CPU:
            return 3;
        default:
            return 4;
    }
}

std::filesystem::path cache_folder() {
    const std::string xdg = environment("XDG_CACHE_HOME"), home = environment("HOME");
    if (!xdg.empty()) return std::filesystem::path(xdg) / "huntsman";
    if (!home.empty()) return std::filesystem::path(home) / ".cache" / "huntsman";
    return {};
}

// Index of the queue family that draws and computes, and presents to the surface where there is
// one, or nothing.
bool find_queue_family(VkPhysicalDevice device, VkSurfaceKHR surface, std::uint32_t& family) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
    constexpr VkQueueFlags kWanted = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
    for (family = 0; family < count; ++family) {
        if ((families[family].queueFlags & kWanted) != kWanted) continue;
        if (surface == VK_NULL_HANDLE) return true;
        VkBool32 presents = VK_FALSE;
        if (vkGetPhysicalDeviceSurfaceSupportKHR(device, family, surface, &presents) ==
                VK_SUCCESS &&
            presents == VK_TRUE) {
            return true;
        }
    }
    return false;
}

std::uint32_t timestamp_bits(VkPhysicalDevice device, std::uint32_t family) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
    return families[family].timestampValidBits;
}

bool has_extension(VkPhysicalDevice device, const char* name) {
    std::uint32_t count = 0;
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
    std::vector<VkExtensionProperties> extensions(count);
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data());
    return std::ranges::any_of(extensions, [&](const VkExtensionProperties& extension) {
        return std::strcmp(extension.extensionName, name) == 0;
    });
}

// Whether the device offers what the renderer, and a window where there is one, cannot do without;
// `lacks` names what is missing.
bool usable(VkPhysicalDevice device, VkSurfaceKHR surface, std::string& lacks) {
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(device, &properties);
    std::uint32_t family = 0;
    if (properties.apiVersion < VK_API_VERSION_1_3) {
        lacks = "Vulkan 1.3";
    } else if (!find_queue_family(device, VK_NULL_HANDLE, family)) {
        lacks = "a queue for graphics and compute";
    } else if (!find_queue_family(device, surface, family)) {
        lacks = "a queue that presents to the window";
    } else if (surface != VK_NULL_HANDLE &&
               !has_extension(device, VK_KHR_SWAPCHAIN_EXTENSION_NAME)) {
        lacks = VK_KHR_SWAPCHAIN_EXTENSION_NAME;
    } else {
        VkPhysicalDeviceVulkan13Features features13{
            .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
        VkPhysicalDeviceFeatures2 features{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                           .pNext = &features13};
        vkGetPhysicalDeviceFeatures2(device, &features);
        if (!features13.dynamicRendering) lacks = "dynamic rendering";
        if (!features13.synchronization2) lacks = "synchronization2";
    }
    return lacks.empty();
}

}  // namespace

Error vulkan_error(const char* call, VkResult code) {
    const char* name = nullptr;
    switch (code) {
        case VK_ERROR_OUT_OF_HOST_MEMORY:
            name = "out of host memory";
            break;
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
            name = "out of device memory";
            break;
        case VK_ERROR_DEVICE_LOST:
            name = "device lost";
            break;
        case VK_ERROR_INITIALIZATION_FAILED:
            name = "initialisation failed";
            break;
        case VK_ERROR_INCOMPATIBLE_DRIVER:
            name = "no Vulkan driver was found";
            break;
        default:
            break;
    }
    const std::string_view function(call, std::strcspn(call, "("));
    return {
        .message = name ? fmt::format("Vulkan: {} in {}", name, function)
                        : fmt::format("Vulkan: result {} in {}", static_cast<int>(code), function),
        .kind = ErrorKind::kMachine};
}

Result<std::unique_ptr<Device>> Device::create() { return create(DeviceWanted{}); }

Result<std::unique_ptr<Device>> Device::create(const DeviceWanted& wanted) {
    std::unique_ptr<Device> device(new Device);
    device->messages_ = std::make_unique<Messages>();
    HM_TRY(device->create_instance(wanted));
    if (wanted.make_surface) {
        HM_TAKE(device->surface_, wanted.make_surface(device->instance_));
    }
    HM_TRY(device->choose_physical_device());
    HM_TRY(device->create_logical_device());
    device->load_pipeline_cache();
    return device;
}

Status Device::create_instance(const DeviceWanted& wanted) {
    VkApplicationInfo application{.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                  .pApplicationName = "huntsman",
                                  .apiVersion = VK_API_VERSION_1_3};
    VkInstanceCreateInfo info{.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                              .pApplicationInfo = &application};
    const bool validate = environment("HUNTSMAN_VALIDATION") == "1";
    const VkValidationFeatureEnableEXT enabled[] = {
        VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    VkValidationFeaturesEXT features{.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
                                     .enabledValidationFeatureCount = 1,
                                     .pEnabledValidationFeatures = enabled};
    VkDebugUtilsMessengerCreateInfoEXT messenger{
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .pNext = &features,
        .messageSeverity = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT |
                           VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
        .messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
        .pfnUserCallback = on_message,
        .pUserData = &messages_->count};
    std::vector<const char*> extensions;
    for (const std::string& extension : wanted.instance_extensions) {
        extensions.push_back(extension.c_str());
    }
    if (validate) {
        info.enabledLayerCount = 1;
        info.ppEnabledLayerNames = &kValidationLayer;
        extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
        info.pNext = &messenger;
    }
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    const VkResult code = vkCreateInstance(&info, nullptr, &instance_);
    if (code == VK_ERROR_EXTENSION_NOT_PRESENT && !wanted.instance_extensions.empty()) {
        return Error{.message = fmt::format("Vulkan cannot show windows here: of {} not all are "
                                            "there; {}",
                                            fmt::join(wanted.instance_extensions, ", "), kRemedy),
                     .kind = ErrorKind::kMachine};
    }
    if (code == VK_ERROR_LAYER_NOT_PRESENT || code == VK_ERROR_EXTENSION_NOT_PRESENT) {
        return Error{.message =
                         "HUNTSMAN_VALIDATION=1 needs Vulkan's validation layer: apt-get "
                         "install vulkan-validationlayers",
                     .kind = ErrorKind::kMachine};
    }
    if (code != VK_SUCCESS) {
        return Error{
            .message = fmt::format("no Vulkan instance ({}); {}",
                                   vulkan_error("vkCreateInstance", code).message, kRemedy),
            .kind = ErrorKind::kMachine};
    }
    if (validate) {
        const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
        messenger.pNext = nullptr;
        if (create) HM_VK(create(instance_, &messenger, nullptr, &messenger_));
    }
    return {};
}

Status Device::choose_physical_device() {
    // List the devices in the loader's order, which is what an index means.
    std::uint32_t count = 0;
    HM_VK(vkEnumeratePhysicalDevices(instance_, &count, nullptr));
    std::vector<VkPhysicalDevice> devices(count);
    if (count > 0) HM_VK(vkEnumeratePhysicalDevices(instance_, &count, devices.data()));
    const std::string wanted = environment("HUNTSMAN_VULKAN_DEVICE");
    const bool by_index =
        !wanted.empty() && wanted.find_first_not_of("0123456789") == std::string::npos;

    // Take the best-ranked usable one that fits the wish.
    std::string seen;
    int best = std::numeric_limits<int>::max();
    for (std::uint32_t i = 0; i < count; ++i) {
        VkPhysicalDeviceProperties properties;
        vkGetPhysicalDeviceProperties(devices[i], &properties);
        const std::string name = properties.deviceName;
        std::string lacks;
        const bool fits = wanted.empty() || (by_index ? std::to_string(i) == wanted
                                                      : name.find(wanted) != std::string::npos);
        const bool can = usable(devices[i], surface_, lacks);
        seen += fmt::format("{}{} {}{}", seen.empty() ? "" : ", ", i, name,
                            can ? "" : " (lacks " + lacks + ")");
        if (fits && can && rank(properties.deviceType) < best) {
            best = rank(properties.deviceType);
            physical_ = devices[i];
        }
    }
    if (physical_ != VK_NULL_HANDLE) return {};
    if (count == 0) {
        return Error{.message = fmt::format("no Vulkan device; {}", kRemedy),
                     .kind = ErrorKind::kMachine};
    }
    return Error{
        .message = wanted.empty()
                       ? fmt::format("no usable Vulkan device among: {}; {}", seen, kRemedy)
                       : fmt::format("HUNTSMAN_VULKAN_DEVICE={} names no usable device; "
                                     "there are: {}",
                                     wanted, seen),
        .kind = ErrorKind::kMachine};
}

Status Device::create_logical_device() {
    // Learn what the device is and can.
    VkPhysicalDeviceVulkan12Properties driver{
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                           .pNext = &driver};
    vkGetPhysicalDeviceProperties2(physical_, &properties);
    vkGetPhysicalDeviceMemoryProperties(physical_, &memory_);
    const VkPhysicalDeviceProperties& core = properties.properties;
    info_.name = core.deviceName;
    info_.driver = fmt::format("{} {}", driver.driverName, driver.driverInfo);
    info_.api_version =
        fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(core.apiVersion),
                    VK_API_VERSION_MINOR(core.apiVersion), VK_API_VERSION_PATCH(core.apiVersion));
    info_.software = core.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    info_.limits = core.limits;
    for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i) {
        constexpr VkMemoryPropertyFlags kUnified =
            VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
            VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
        if ((memory_.memoryTypes[i].propertyFlags & kUnified) == kUnified) {
            info_.unified_host_memory = true;
        }
    }
    for (std::uint32_t i = 0; i < memory_.memoryHeapCount; ++i) {
        if (memory_.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) {
            info_.device_memory_bytes =
                std::max(info_.device_memory_bytes, memory_.memoryHeaps[i].size);
        }
    }
    VkPhysicalDeviceFeatures available;
    vkGetPhysicalDeviceFeatures(physical_, &available);
    info_.multi_draw_indirect = available.multiDrawIndirect && available.drawIndirectFirstInstance;
    cache_key_ =
        core::hex(core::hash_bytes(core.pipelineCacheUUID, VK_UUID_SIZE, core.driverVersion));

    // Switch on only what is used and offered.
    VkPhysicalDeviceVulkan13Features features13{
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES,
        .synchronization2 = VK_TRUE,
        .dynamicRendering = VK_TRUE,
        .maintenance4 = VK_TRUE};  // shaders give their local size by id; always there in 1.3
    VkPhysicalDeviceFeatures2 features{.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                       .pNext = &features13};
    features.features.multiDrawIndirect = info_.multi_draw_indirect;
    features.features.drawIndirectFirstInstance = info_.multi_draw_indirect;
    find_queue_family(physical_, surface_, queue_family_);
    info_.timestamp_bits = timestamp_bits(physical_, queue_family_);
    const float priority = 1.0F;
    const VkDeviceQueueCreateInfo queue{.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                        .queueFamilyIndex = queue_family_,
                                        .queueCount = 1,
                                        .pQueuePriorities = &priority};
    const char* const swapchain = VK_KHR_SWAPCHAIN_EXTENSION_NAME;
    const VkDeviceCreateInfo info{
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .pNext = &features,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue,
        .enabledExtensionCount = surface_ != VK_NULL_HANDLE ? 1U : 0U,
        .ppEnabledExtensionNames = surface_ != VK_NULL_HANDLE ? &swapchain : nullptr};
    HM_VK(vkCreateDevice(physical_, &info, nullptr, &device_));
    vkGetDeviceQueue(device_, queue_family_, 0, &queue_);

    // One pool, one fence: work is submitted and waited for.
    const VkCommandPoolCreateInfo pool{.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                       .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                       .queueFamilyIndex = queue_family_};
    HM_VK(vkCreateCommandPool(device_, &pool, nullptr, &pool_));
    const VkFenceCreateInfo fence{.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    HM_VK(vkCreateFence(device_, &fence, nullptr, &fence_));
    HM_TAKE(once_, command_buffer());
    return {};
}

Device::~Device() {
    if (device_) {
        vkDeviceWaitIdle(device_);
        vkDestroyPipelineCache(device_, pipeline_cache_, nullptr);
        vkDestroyFence(device_, fence_, nullptr);
        vkDestroyCommandPool(device_, pool_, nullptr);
        vkDestroyDevice(device_, nullptr);
    }
    if (messenger_) {
        const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
        if (destroy) destroy(instance_, messenger_, nullptr);
    }
    if (surface_) vkDestroySurfaceKHR(instance_, surface_, nullptr);
    if (instance_) vkDestroyInstance(instance_, nullptr);
}

Result<std::uint32_t> Device::memory_type(std::uint32_t allowed, VkMemoryPropertyFlags required,
                                          VkMemoryPropertyFlags preferred) const {
    for (const VkMemoryPropertyFlags wanted : {required | preferred, required}) {
        for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i) {
            const bool fits = (memory_.memoryTypes[i].propertyFlags & wanted) == wanted;
            if ((allowed >> i & 1U) && fits) return i;
        }
    }
    return Error{.message = fmt::format("{} has no memory of the kind needed (flags {:#x})",
                                        info_.name, required),
                 .kind = ErrorKind::kMachine};
}

Result<VkCommandBuffer> Device::command_buffer() const {
    VkCommandBuffer commands = VK_NULL_HANDLE;
    const VkCommandBufferAllocateInfo info{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                           .commandPool = pool_,
                                           .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
                                           .commandBufferCount = 1};
    HM_VK(vkAllocateCommandBuffers(device_, &info, &commands));
    return commands;
}

Status Device::submit_and_wait(VkCommandBuffer commands) const {
    const VkCommandBufferSubmitInfo buffer{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO,
                                           .commandBuffer = commands};
    const VkSubmitInfo2 submit{.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO_2,
                               .commandBufferInfoCount = 1,
                               .pCommandBufferInfos = &buffer};
    {
        const std::lock_guard lock(queue_mutex_);
        HM_VK(vkQueueSubmit2(queue_, 1, &submit, fence_));
    }
    HM_VK(vkWaitForFences(device_, 1, &fence_, VK_TRUE, UINT64_MAX));
    HM_VK(vkResetFences(device_, 1, &fence_));
    return {};
}

Status Device::run_once(const std::function<void(VkCommandBuffer)>& record) const {
    const VkCommandBufferBeginInfo begin{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                         .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
    HM_VK(vkBeginCommandBuffer(once_, &begin));
    record(once_);
    HM_VK(vkEndCommandBuffer(once_));
    return submit_and_wait(once_);
}

void Device::load_pipeline_cache() {
    std::string content;
    if (const auto folder = cache_folder(); !folder.empty()) {
        // A cache of another driver or a damaged one is refused by the driver and costs nothing.
        if (auto file = core::read_file(folder / ("pipelines-" + cache_key_)); file.ok()) {
            content = std::move(file.value());
        }
    }
    VkPipelineCacheCreateInfo info{.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO,
                                   .initialDataSize = content.size(),
                                   .pInitialData = content.data()};
    if (vkCreatePipelineCache(device_, &info, nullptr, &pipeline_cache_) != VK_SUCCESS) {
        pipeline_cache_ = VK_NULL_HANDLE;
    }
}

void Device::save_pipeline_cache() const {
    const auto folder = cache_folder();
    if (folder.empty() || pipeline_cache_ == VK_NULL_HANDLE) return;
    std::size_t size = 0;
    if (vkGetPipelineCacheData(device_, pipeline_cache_, &size, nullptr) != VK_SUCCESS) return;
    std::string content(size, '\0');
    if (vkGetPipelineCacheData(device_, pipeline_cache_, &size, content.data()) != VK_SUCCESS) {
        return;
    }
    content.resize(size);
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    // Without the cache the next start only takes longer.
    static_cast<void>(core::write_file(folder / ("pipelines-" + cache_key_), content));
}

std::uint64_t Device::validation_messages() const { return messages_->count; }

}  // namespace huntsman::engine::gpu
