// Drivers in other processes: reached over gRPC, or started here.
//
// Their service is defined in bridge/messages/drive.proto. Pictures come through shared memory
// where both ends are on one machine and the driver can map it, through messages elsewhere.
// Simulated time waits for the answer; the deadline is wall-clock time, for the case that none
// comes.
#pragma once

#include <memory>
#include <string>

#include "bridge/driver/driver.h"
#include "bridge/driver/remote_link.h"
#include "bridge/rpc/target.h"
#include "engine/core/result.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::rpc {

// A driver that misses so many answers in a row hangs; it is not asked any more.
constexpr int kMostMissed = 5;

struct RemoteSettings {
    driver::RemoteLink link;
    bool shared_frames = true;  // false: pictures go through messages even so
    bool images = true;         // pictures can be had
    bool operator==(const RemoteSettings&) const = default;
};

// What a started command finds in its environment: where it is to serve, and the token that it is
// to expect.
constexpr const char* kAddressVariable = "HUNTSMAN_DRIVER_ADDRESS";
constexpr const char* kTokenVariable = "HUNTSMAN_DRIVER_TOKEN";

// Connects, or starts the command, and shakes hands. `spec` is what parse_target reads; it names
// the driver in results. Errors, one sentence each: nobody answers within 10 s (a command: 120 s,
// or it exits); another version; it wants what there is not; TLS where it is needed is not given.
// Its `drive` gives errors: no answer in time, a driver that is gone, nonsense. It can be asked
// again after each; one that is gone says so at once.
engine::core::Result<std::unique_ptr<driver::Driver>> make_remote_driver(
    const std::string& spec, const RemoteSettings& settings, const engine::world::Rig& rig);

}  // namespace huntsman::bridge::rpc
