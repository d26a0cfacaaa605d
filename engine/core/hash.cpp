#include "engine/core/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace huntsman::engine::core {

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
    return XXH3_64bits_withSeed(data, size, seed);
}

std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace huntsman::engine::core
