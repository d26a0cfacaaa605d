// A child process that does not outlive us, with everything that it starts.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

// A command in a process group of its own. Its standard output goes to our standard error, so that
// ours stays what it is. Its standard input is a pipe that nothing is written to: it ends when we
// do, however we end. It inherits no other descriptor.
//
// When it exits, what it has started in its group is killed. When we die, even by SIGKILL, the
// system kills it.
class Process {
  public:
    using Environment = std::vector<std::pair<std::string, std::string>>;

    // `words` is not empty; the first is looked for in PATH. `environment` is added to ours.
    // Errors: the command is not there or cannot be run.
    static engine::core::Result<std::unique_ptr<Process>> start(
        const std::vector<std::string>& words, const Environment& environment);
    // Kills it if it still runs; returns once it is gone.
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const;
    bool running() const;
    // Waits at most this long; whether it has exited.
    bool wait_for(std::chrono::milliseconds time) const;
    // "exited with code 3", "was ended by signal 9 (Killed)"; empty while it runs.
    std::string how_it_ended() const;
    // Gives it `grace` to exit by itself, then asks it to (SIGTERM) and gives it a second, then
    // kills it. Returns once it is gone.
    void end(std::chrono::milliseconds grace);

  private:
    struct Impl;
    explicit Process(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::rpc
