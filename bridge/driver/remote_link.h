// How a driver in another process is reached, as people say it; bridge/rpc does so.
#pragma once

#include <filesystem>

namespace huntsman::bridge::driver {

struct RemoteLink {
    static constexpr int kDeadline_ms = 5000;           // unless told otherwise
    static constexpr int kMostDeadline_ms = 3'600'000;  // an hour, for a driver under a debugger

    int deadline_ms = kDeadline_ms;  // for each answer, wall clock
    // For other machines, which need TLS: PEM files. Neither for a command.
    std::filesystem::path tls_ca;      // the certificates of who may sign the driver's
    std::filesystem::path token_file;  // its first line goes with the stream as "Bearer TOKEN"
    bool operator==(const RemoteLink&) const = default;
};

}  // namespace huntsman::bridge::driver
