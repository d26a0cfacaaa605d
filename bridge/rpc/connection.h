// A run's conversation with its driver: who is at the other end, what it wants, frames and answers.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bridge/rpc/frame_ring.h"
#include "bridge/rpc/link.h"
#include "bridge/rpc/pictures.h"
#include "bridge/rpc/process.h"
#include "bridge/rpc/remote.h"

namespace huntsman::bridge::rpc {

class Connection {
  public:
    // See make_remote_driver.
    static engine::core::Result<std::unique_ptr<Connection>> open(const std::string& spec,
                                                                  const RemoteSettings& settings,
                                                                  const engine::world::Rig& rig);
    // Says goodbye; a command is ended, killed if it must be.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    const messages::Wants& wants() const { return hello_.wants(); }
    // What is odd about it, a sentence each kind.
    std::vector<std::string> notes() const;

    // Before the first frame of a run. What fails shows at the next frame.
    void reset();
    // One frame and its answer, checked. Errors are phrases that begin with "it".
    engine::core::Result<messages::Action> ask(const driver::DriverInput& input);

  private:
    Connection(const std::string& spec, const RemoteSettings& settings, engine::world::Rig rig);

    engine::core::Status connect();
    engine::core::Status shake_hands();
    engine::core::Status accept(const messages::HelloReply& reply);
    void share_frames();
    std::string try_to_share();
    // The next message, of this kind; answers to earlier frames are dropped.
    engine::core::Result<messages::FromDriver> expect(messages::FromDriver::WhatCase what,
                                                      LinkClock::time_point until);
    void fill(const driver::DriverInput& input);
    void fill_pictures(const driver::DriverInput& input);
    engine::core::Result<messages::Answer> answer_to(std::uint64_t frame,
                                                     LinkClock::time_point until);
    engine::core::Error late(std::uint64_t frame);
    // The connection is of no use any more; why.
    engine::core::Error gone();
    engine::core::Error dead(std::string why);

    std::string spec_;
    RemoteSettings settings_;
    engine::world::Rig rig_;
    Target target_;
    std::unique_ptr<Process> process_;  // of a command
    std::unique_ptr<Link> link_;
    messages::HelloReply hello_;
    std::vector<Given> given_;
    std::unique_ptr<FrameRing> ring_;  // none: pictures go through messages
    std::string not_shared_;           // why, where it was asked for

    messages::ToDriver frame_;          // kept for its memory
    std::set<std::uint64_t> given_up_;  // frames whose answers may still come
    int missed_ = 0;                    // answers in a row
    std::string dead_;                  // why it is not asked any more
    std::set<std::string> odd_;
};

}  // namespace huntsman::bridge::rpc
