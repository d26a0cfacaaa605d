// A file descriptor that is closed with its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace huntsman::bridge::rpc {

class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) reset(std::exchange(other.number_, -1));
        return *this;
    }

    int operator*() const { return number_; }  // negative: none
    void reset(int number = -1) {
        if (number_ >= 0) ::close(number_);
        number_ = number;
    }

  private:
    int number_;
};

}  // namespace huntsman::bridge::rpc
