#include "engine/core/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace huntsman::engine::core {

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed) {
    return XXH3_64bits_withSeed(data, size, seed);
}

void Hasher::grow(std::size_t size) {
    constexpr std::size_t kFirst = 4096;
    buffer_.resize(std::max({kFirst, 2 * buffer_.size(), size_ + size}));
}

std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace huntsman::engine::core
