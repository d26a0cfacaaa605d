// What a run's result depends on, and the key that follows from it.
#pragma once

#include <string>

#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::suite {

// What a run's result depends on besides its options: the program, all assets, the driver's file
// and, with pictures, the Vulkan device and its driver.
struct Provenance {
    std::string program, assets, driver_file, device;
};
// Of this process and these options. `device`: of the machine, as its runs with pictures have it.
Provenance provenance_of(const loop::RunOptions& options, const std::string& device);
// "device (driver name and version)" that pictures are made with here. Error: there is none.
engine::core::Result<std::string> rendering_device();

// Precondition: the latency is declared; what a measured one gives is no function of the options.
std::string run_key(const loop::RunOptions& options, const Provenance& provenance);

}  // namespace huntsman::bridge::suite
