// Where a driver is reached, and with what.
#pragma once

#include <string>

#include "bridge/rpc/link.h"
#include "bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {

// Of a target that is an address or a command. Errors: a target on another machine without TLS;
// files that are no certificate or hold no token. `spec` is what errors call the driver.
engine::core::Result<LinkAddress> link_address(const std::string& spec, const Target& target,
                                               const RemoteSettings& settings);

// What a driver says, for one line of ours: without control characters, and not too long.
std::string quoted(std::string text);

}  // namespace huntsman::bridge::rpc
