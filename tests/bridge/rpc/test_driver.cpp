// A driver in a process of its own: test_driver HOW, as a command of --driver exec:.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include "bridge/rpc/remote.h"
#include "bridge/rpc/server.h"

namespace huntsman::bridge::rpc {
namespace {

// Behaves as the oracle until its frame `at`.
class TestDriver final : public driver::Driver {
  public:
    TestDriver(std::string how, std::uint64_t at) : how_(std::move(how)), at_(at) {}
    std::string name() const override { return how_; }
    bool needs_images() const override { return how_ == "pictures"; }
    bool needs_truth() const override { return true; }
    void reset() override { oracle_->reset(); }
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        if (how_ == "stubborn") std::signal(SIGTERM, SIG_IGN);
        auto action = oracle_->drive(input);
        if (input.observation.frame() < at_) return action;
        if (how_ == "crash") std::abort();
        if (how_ == "leave") std::_Exit(7);
        if (how_ == "stubborn" || how_ == "hang") {
            for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
        }
        if (how_ == "nan" && input.observation.frame() < at_ + 3) {
            action->mutable_pedals()->set_throttle(std::numeric_limits<double>::quiet_NaN());
        }
        return action;
    }

  private:
    std::string how_;
    std::uint64_t at_;
    std::unique_ptr<driver::Driver> oracle_ = driver::make_oracle_driver();
};

int main_of(const std::string& how, std::uint64_t at) {
    if (how == "exit") {
        std::fprintf(stderr, "this driver has had enough\n");
        return 3;
    }
    if (how == "idle") {
        for (;;) pause();
    }
    // The other side: drives with a driver that it starts, and tells descriptor 9 which.
    if (how == "simulate") {
        const auto driver = make_remote_driver("exec:/proc/self/exe oracle", {}, {});
        if (!driver) return 2;
        for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
            std::ifstream children(task.path() / "children");
            pid_t child = 0;
            if (children >> child) dprintf(9, "%d\n", child);
        }
        for (;;) pause();
    }
    const auto server = DriverServer::start([&] { return std::make_unique<TestDriver>(how, at); },
                                            {.address = "", .token = ""});
    if (!server) {
        std::fprintf(stderr, "%s\n", server.error().text().c_str());
        return 2;
    }
    (*server)->wait();
    return 0;
}

}  // namespace
}  // namespace huntsman::bridge::rpc

int main(int argc, char** argv) {
    return huntsman::bridge::rpc::main_of(argc > 1 ? argv[1] : "oracle",
                                          argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0);
}
