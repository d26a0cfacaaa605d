// Sessions that other processes create, step, fork and end, as bridge/messages/simulate.proto says
// it; bridge/rpc carries the messages.
//
//   serve::Host host({.threads = 0});
//   auto server = rpc::SimulatorServer::start(
//       [&](bool this_machine) { return host.converse(this_machine); }, options);
//
// Sessions go on side by side, each in its stream's thread. They share the device and the towns and
// maps that were built last. A renderer is made where a session wants pictures and kept for the
// next one. What the others do changes no bit of a session.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bridge/loop/session.h"
#include "bridge/rpc/simulator_server.h"

namespace huntsman::bridge::serve {

// The driver's name in what a session leaves: whoever asks for it drives.
constexpr const char* kClient = "client";

struct HostSettings {
    int threads = 0;              // of each session that renders; 0: all cores
    std::size_t kept_places = 4;  // see loop::Resources
    std::string program;          // name and version, for clients
};

class Host {
  public:
    explicit Host(HostSettings settings)
        : settings_(std::move(settings)), places_(1, settings_.kept_places) {}

    // A client's sessions, one at a time. Ends before the host does.
    std::unique_ptr<rpc::Conversation> converse(bool this_machine);

    // ---- For conversations; any thread

    // A session that goes on, as others find it: `session` is null once it has ended.
    struct Entry {
        std::mutex mutex;
        loop::Session* session = nullptr;
    };
    const HostSettings& settings() const { return settings_; }
    // Registers a session under an id that nobody guesses.
    std::string add(const std::shared_ptr<Entry>& entry);
    void remove(const std::string& id);
    // Of the session up to its moment. Errors: there is no such session, or it has ended.
    engine::core::Result<engine::sim::Recording> recording_of(const std::string& id,
                                                              std::int64_t tick);
    // The options' world; `notes` gets what of a map is left out.
    engine::core::Result<scenarios::model::BuiltScenario> build(const loop::RunOptions& options,
                                                                std::vector<std::string>* notes);
    // Lent to one session at a time.
    std::unique_ptr<loop::Resources> borrow(bool renders);
    void give_back(std::unique_ptr<loop::Resources> resources);

  private:
    HostSettings settings_;
    std::mutex building_;
    loop::Resources places_;
    std::mutex mutex_;  // of what follows
    std::map<std::string, std::shared_ptr<Entry>> entries_;
    std::vector<std::unique_ptr<loop::Resources>> idle_;  // with their renderers
};

}  // namespace huntsman::bridge::serve
