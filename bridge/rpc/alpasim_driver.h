// Drivers that serve AlpaSim's EgodriverService drive here as they are.
//
// A session is one run: it is started with the rig's cameras, then at each tick the driver is given
// the way that the rig has gone, the pictures and the route, and asked for a trajectory. The local
// frame is that of B at the session's first tick, in which speed and yaw rate are integrated, as
// odometry does. Only what it is given counts; simulated time waits for its answer.
#pragma once

#include <memory>
#include <string>

#include "bridge/driver/driver.h"
#include "bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {

// What goes along with a session.
struct AlpasimSession {
    std::uint64_t seed = 0;
    std::string scene;  // the scenario's name
};

// `spec` is "alpasim:HOST:PORT" or "alpasim:unix:/PATH". Errors, one sentence each: nobody answers
// within 10 s; what answers is no AlpaSim driver, or speaks another revision of
// carla-driver-interface than 2; it refuses the session, which it may for its cameras; a camera
// whose lens AlpaSim has no name for. Its `drive` gives errors as those of make_remote_driver do.
engine::core::Result<std::unique_ptr<driver::Driver>> make_alpasim_driver(
    const std::string& spec, const RemoteSettings& settings, const AlpasimSession& session,
    const engine::world::Rig& rig);

}  // namespace huntsman::bridge::rpc
