// Values as bytes and back, for an answer between two processes of one program.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace huntsman::engine::import {

class Packer {
  public:
    template <typename T>
    void operator()(const T& value) {
        if constexpr (std::is_trivially_copyable_v<T>) {
            bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
        } else {
            fields(*this, const_cast<T&>(value));
        }
    }
    void operator()(const std::string& text) {
        (*this)(text.size());
        bytes_ += text;
    }
    template <typename T>
    void operator()(const std::vector<T>& list) {
        (*this)(list.size());
        if constexpr (std::is_trivially_copyable_v<T>) {
            bytes_.append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
        } else {
            for (const T& item : list) (*this)(item);
        }
    }
    std::string& bytes() { return bytes_; }

  private:
    std::string bytes_;
};

// Once something does not fit, `ok()` is false and values stay what they are.
class Unpacker {
  public:
    explicit Unpacker(std::string_view bytes) : left_(bytes) {}

    template <typename T>
    void operator()(T& value) {
        if constexpr (std::is_trivially_copyable_v<T>) {
            take(&value, sizeof value);
        } else {
            fields(*this, value);
        }
    }
    void operator()(std::string& text) {
        text.resize(count(1));
        take(text.data(), text.size());
    }
    template <typename T>
    void operator()(std::vector<T>& list) {
        if constexpr (std::is_trivially_copyable_v<T>) {
            list.resize(count(sizeof(T)));
            take(list.data(), list.size() * sizeof(T));
        } else {
            list.resize(count(1));
            for (T& item : list) (*this)(item);
        }
    }
    bool ok() const { return ok_; }

  private:
    std::size_t count(std::size_t item_bytes) {
        std::size_t number = 0;
        take(&number, sizeof number);
        if (number > left_.size() / item_bytes) ok_ = false;
        return ok_ ? number : 0;
    }
    void take(void* to, std::size_t bytes) {
        if (bytes > left_.size()) ok_ = false;
        if (!ok_ || bytes == 0) return;
        std::memcpy(to, left_.data(), bytes);
        left_.remove_prefix(bytes);
    }
    std::string_view left_;
    bool ok_ = true;
};

}  // namespace huntsman::engine::import
