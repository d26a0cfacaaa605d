// The simulator served to other processes: streams of bridge/messages/simulate.proto. What is said
// in them is the caller's.
//
//   auto server = rpc::SimulatorServer::start([] { return make_conversation(); }, options);
//   if (!server) ...
//   wait_for_the_end();
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bridge/messages/simulate.pb.h"
#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

// Of simulate.proto; both ends must speak the same.
constexpr std::uint32_t kSimulatorVersion = 1;
// A started server finds the token that it is to expect here.
constexpr const char* kServeTokenVariable = "HUNTSMAN_SERVE_TOKEN";

// One stream, for one thread at a time.
class Conversation {
  public:
    virtual ~Conversation() = default;
    // False: the client has said goodbye, `reply` goes nowhere.
    virtual bool answer(const messages::ToSimulator& message, messages::FromSimulator& reply) = 0;
};

struct SimulatorServerOptions {
    std::string address;  // as parse_listening reads it
    std::string token;    // that callers must send; empty: none
    std::string name;     // of the program, for people
    // PEM. Without them only this machine is served; with them a token is needed.
    std::string tls_certificate, tls_key;
    std::uint32_t most_sessions = 64;  // streams at a time; further ones are refused
};

class SimulatorServer {
  public:
    // Called for each stream, from threads of the server. `this_machine`: the client is on it.
    using MakeConversation = std::function<std::unique_ptr<Conversation>(bool this_machine)>;

    // Errors, a sentence each: no such address, one in use, others could reach it without TLS.
    static engine::core::Result<std::unique_ptr<SimulatorServer>> start(
        MakeConversation make, const SimulatorServerOptions& options);
    // Ends every stream; waits for what is being computed.
    ~SimulatorServer();
    SimulatorServer(const SimulatorServer&) = delete;
    SimulatorServer& operator=(const SimulatorServer&) = delete;

    // Where it listens, with the port that was given in the place of 0.
    const std::string& address() const;
    std::uint32_t sessions() const;

  private:
    struct Impl;
    explicit SimulatorServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::rpc
