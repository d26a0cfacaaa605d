// Turning Vulkan's result codes into core::Result, in release builds too.
#pragma once

#include <vulkan/vulkan.h>

#include "engine/core/result.h"

namespace huntsman::engine::gpu {

// "vkQueueSubmit2 failed: VK_ERROR_DEVICE_LOST", with ErrorKind::kMachine.
core::Error vulkan_error(const char* call, VkResult code);

}  // namespace huntsman::engine::gpu

// Returns from the enclosing function with an error unless the Vulkan call succeeded.
#define HM_VK(call)                                                          \
    do {                                                                     \
        if (const VkResult hm_vk_code = (call); hm_vk_code != VK_SUCCESS)    \
            return ::huntsman::engine::gpu::vulkan_error(#call, hm_vk_code); \
    } while (false)
