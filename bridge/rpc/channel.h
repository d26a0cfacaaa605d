// Connections of gRPC as all drivers are reached by. For the sources of this room alone, which may
// see gRPC.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>

#include "bridge/rpc/link.h"

namespace huntsman::bridge::rpc {

// Not a proxy's, and nobody else's. Waits until `until` for a server to answer, or until `gone`
// says why there will be none. Errors: nobody answers; `gone`.
engine::core::Result<std::shared_ptr<grpc::Channel>> open_channel(
    const LinkAddress& address, LinkClock::time_point until,
    const std::function<std::string()>& gone = {});

// gRPC counts its own clock; deadlines are what is left from now.
std::chrono::system_clock::time_point system_time(LinkClock::time_point until);

}  // namespace huntsman::bridge::rpc
