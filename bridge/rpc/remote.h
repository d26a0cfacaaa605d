// Drivers in other processes: reached over gRPC, or started here.
//
// Their service is defined in bridge/messages/drive.proto. Pictures come through shared memory
// where both ends are on one machine and the driver can map it, through messages elsewhere.
// Simulated time waits for the answer; the deadline is wall-clock time, for the case that none
// comes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "bridge/driver/driver.h"
#include "bridge/rpc/target.h"
#include "engine/core/result.h"
#include "engine/world/rig.h"

namespace huntsman::bridge::rpc {

constexpr int kDeadline_ms = 5000;           // unless told otherwise
constexpr int kMostDeadline_ms = 3'600'000;  // an hour, for a driver under a debugger
// A driver that misses so many answers in a row hangs; it is not asked any more.
constexpr int kMostMissed = 5;

struct RemoteSettings {
    int deadline_ms = kDeadline_ms;  // for each answer
    // For other machines, which need TLS: PEM files. Neither for a command.
    std::filesystem::path tls_ca;      // the certificates of who may sign the driver's
    std::filesystem::path token_file;  // its first line goes with the stream as "Bearer TOKEN"
    bool shared_frames = true;         // false: pictures go through messages even so
    bool images = true;                // pictures can be had
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
