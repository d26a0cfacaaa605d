// Where a driver in another process is, as --driver says it.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

struct Target {
    // For gRPC: "127.0.0.1:5005", "[::1]:5005", "unix:/run/driver.sock"; empty for a command.
    std::string address;
    std::vector<std::string> command;  // its words; empty for an address
    bool this_machine = true;          // a command, a Unix socket or a loopback address
};

// "grpc:HOST:PORT", "grpc:[IPV6]:PORT", "grpc:unix:/PATH", the same with "alpasim:", or
// "exec:COMMAND". The error is only what
// was expected, as "expected a port from 1 to 65535": whoever has asked says for what.
engine::core::Result<Target> parse_target(const std::string& driver);

// Where to serve: "HOST:PORT" (port 0: any), "unix:/PATH" or "unix-abstract:NAME". Errors are as
// those of parse_target.
engine::core::Result<Target> parse_listening(const std::string& address);

// The words of a command line: separated by blanks; '…' and "…" keep what is between them, and
// outside of '…' a backslash keeps the next character. Nothing is expanded. Errors: a quote that is
// not closed, no word at all.
engine::core::Result<std::vector<std::string>> split_words(const std::string& command);

}  // namespace huntsman::bridge::rpc
