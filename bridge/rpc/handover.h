// A descriptor handed from one process to another of the same user, through a Unix socket that no
// file names.
#pragma once

#include <memory>
#include <string>

#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

// Random lower-case hexadecimal digits from the system, as for names and tokens.
std::string random_hex(std::size_t digits);

// Offers a descriptor in the abstract namespace until it has been taken once or the object goes.
// Whoever connects and is of another user gets nothing.
class Handover {
  public:
    // The descriptor stays the caller's and must outlive the object. Errors: no socket can be had.
    static engine::core::Result<std::unique_ptr<Handover>> offer(int descriptor);
    ~Handover();
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;

    const std::string& socket() const { return name_; }  // without the zero byte before it

  private:
    struct Impl;
    Handover(std::string name, std::unique_ptr<Impl> impl);
    std::string name_;
    std::unique_ptr<Impl> impl_;
};

// The other end: the descriptor, which is the caller's to close. Waits at most 5 s. Errors: nobody
// offers it, or nothing comes.
engine::core::Result<int> take_descriptor(const std::string& socket);

}  // namespace huntsman::bridge::rpc
