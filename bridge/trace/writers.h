// The kinds of traces; in a program without the definitions both give an error that says so.
#pragma once

#include "bridge/trace/trace.h"

namespace huntsman::bridge::trace {

// A file of the ending .osi or .mcap.
engine::core::Result<std::unique_ptr<Writer>> make_osi_writer(const std::filesystem::path& path);

engine::core::Result<std::unique_ptr<Writer>> make_foxglove_writer(
    const std::filesystem::path& path, engine::core::JobPool* pool);

}  // namespace huntsman::bridge::trace
