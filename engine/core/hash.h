// 64-bit XXH3 over plain data. Floating point numbers are hashed by their bits, -0.0 as 0.0.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace huntsman::engine::core {

std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed = 0);

// Mixes a value into a chain: the result depends on all values before it and on their order.
constexpr std::uint64_t hash_chain(std::uint64_t chain, std::uint64_t value) {
    std::uint64_t z = chain * 0x9e3779b97f4a7c15ULL + value + 0x632be59bd9b4e019ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

// Collects fields one by one, so that padding bytes never count.
class Hasher {
  public:
    template <typename T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void add(T value) {
        if constexpr (std::is_floating_point_v<T>) {
            const double number = value == T(0) ? 0.0 : static_cast<double>(value);
            append(&number, sizeof number);
        } else {
            append(&value, sizeof value);
        }
    }
    void add(std::string_view text) {
        add(text.size());
        append(text.data(), text.size());
    }
    std::uint64_t digest() const { return hash_bytes(buffer_.data(), size_); }
    void clear() { size_ = 0; }  // keeps its memory

  private:
    void append(const void* data, std::size_t size) {
        if (size > buffer_.size() - size_) [[unlikely]]
            grow(size);
        std::memcpy(buffer_.data() + size_, data, size);
        size_ += size;
    }
    void grow(std::size_t size);

    std::vector<char> buffer_;  // its first `size_` bytes are used
    std::size_t size_ = 0;
};

// 16 lower-case hexadecimal digits.
std::string hex(std::uint64_t hash);

}  // namespace huntsman::engine::core
