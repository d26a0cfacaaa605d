// Checks for a programmer's mistake. Bad input and I/O go through Result (result.h) instead.
//
// HM_CHECK(condition, format, ...) is always armed: it prints the condition, the place and the
// message, and aborts. HM_ASSERT is the same in debug builds only, for hot loops.
#pragma once

#include <fmt/format.h>

#include <string>

namespace huntsman::engine::core {

[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               const std::string& message);

}  // namespace huntsman::engine::core

#define HM_CHECK(condition, ...)                                                   \
    do {                                                                           \
        if (!(condition)) [[unlikely]]                                             \
            ::huntsman::engine::core::check_failed(#condition, __FILE__, __LINE__, \
                                                   ::fmt::format("" __VA_ARGS__)); \
    } while (false)

#ifdef NDEBUG
#define HM_ASSERT(condition, ...) static_cast<void>(0)
#else
#define HM_ASSERT(condition, ...) HM_CHECK(condition, __VA_ARGS__)
#endif
