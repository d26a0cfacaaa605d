#include "engine/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace huntsman::engine::core {

void check_failed(const char* condition, const char* file, int line, const std::string& message) {
    std::fprintf(stderr, "huntsman: %s:%d: check failed: %s %s\n", file, line, condition,
                 message.c_str());
    std::abort();
}

}  // namespace huntsman::engine::core
