// One stream to a driver in another process; messages in order, each side's by itself.
//
// For one thread. Whatever the other side does, no call takes longer than it is told to.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "bridge/messages/drive.pb.h"
#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

using LinkClock = std::chrono::steady_clock;

// Of drive.proto; both ends must speak the same.
constexpr std::uint32_t kProtocolVersion = 1;
// Answers hold an action and what was perceived: tens of kilobytes.
constexpr int kMostReceived_bytes = 16 << 20;
// What one message may take of pictures where they cannot be shared.
constexpr std::uint64_t kMostSent_bytes = 256ULL << 20;

struct LinkAddress {
    std::string address;                // of gRPC: "127.0.0.1:5005", "unix:/path"
    std::string certificate_authority;  // PEM: TLS; empty: none, for this machine alone
    std::string token;                  // sent as "authorization: Bearer TOKEN" unless empty
};

class Link {
  public:
    enum class State {
        kDone,
        kLate,    // not done in time
        kBroken,  // nothing will come or go any more, see why_broken()
    };

    // Connects and begins the stream. Waits until `until` for a server to answer, or until `gone`
    // says why there will be none. Errors: nobody answers; `gone`; a certificate that cannot be
    // read.
    static engine::core::Result<std::unique_ptr<Link>> open(
        const LinkAddress& address, LinkClock::time_point until,
        const std::function<std::string()>& gone = {});
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    // kDone: the message is on its way. After kLate that message may still go; meanwhile further
    // ones are late too.
    State send(const messages::ToDriver& message, LinkClock::time_point until);
    // kDone: `message` is the next one.
    State receive(messages::FromDriver& message, LinkClock::time_point until);
    // One phrase, as "the connection was closed".
    const std::string& why_broken() const;

    // Says that no more messages follow, waits until `until` for the other side to end the stream,
    // and cancels it otherwise.
    void close(LinkClock::time_point until);

  private:
    struct Impl;
    explicit Link(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::rpc
