// Work in a forked child, so that a crash or an endless loop in it becomes an error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/core/result.h"

namespace huntsman::engine::import {

struct ApartLimits {
    double time_s = 60;              // of processor
    std::uint64_t memory_bytes = 0;  // that it may add to the caller's; 0: any
    std::uint64_t answer_bytes = 1ULL << 30;
};

// The bytes that `work` returns in the child, or an error that says how the child ended. `work`
// must take no lock that another thread of the caller may hold; memory allocation is safe.
core::Result<std::string> run_apart(const std::function<std::string()>& work,
                                    const ApartLimits& limits);

}  // namespace huntsman::engine::import
