// The other end: a driver of this program, or of one's own in C++, served to a simulator in another
// process.
//
//   auto server = rpc::DriverServer::start([] { return make_my_driver(); }, {});
//   if (!server) ...
//   (*server)->wait();
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bridge/driver/driver.h"
#include "bridge/messages/drive.pb.h"
#include "engine/core/result.h"

namespace huntsman::bridge::rpc {

struct ServerOptions {
    // "127.0.0.1:5005" (port 0: any), "unix:/path" or "unix-abstract:name". Empty: where
    // HUNTSMAN_DRIVER_ADDRESS says, as for a driver that Huntsman starts.
    std::string address;
    std::string token;  // that callers must send; empty: $HUNTSMAN_DRIVER_TOKEN, or none
    std::string name = "driver";
    // Cameras, size and format of the pictures, whether answers are perception alone and whether
    // the simulator is to track its objects; what the driver needs is added.
    messages::Wants wants;
};

class DriverServer {
  public:
    using MakeDriver = std::function<std::unique_ptr<driver::Driver>()>;

    // `make` is called for each run, from threads of the server. Errors: no address; the port is
    // in use; the path cannot be listened at.
    static engine::core::Result<std::unique_ptr<DriverServer>> start(MakeDriver make,
                                                                     const ServerOptions& options);
    // Ends every stream.
    ~DriverServer();
    DriverServer(const DriverServer&) = delete;
    DriverServer& operator=(const DriverServer&) = delete;

    int port() const;  // 0 for a Unix socket
    // Until the first run has ended.
    void wait();

  private:
    struct Impl;
    explicit DriverServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::bridge::rpc
