// A driver that speaks by the stubs alone, as a foreign one does, and what a simulator needs to
// talk to it.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bridge/rpc/remote.h"
#include "drive.grpc.pb.h"

namespace huntsman::bridge::rpc {

// Two cameras, 20 × 16 and 32 × 24.
inline engine::world::Rig small_rig() {
    engine::world::Rig rig{.name = "small", .cameras = {}, .rate_hz = 10};
    for (const auto& [name, width, height] : {std::tuple("front", 20, 16), {"rear", 32, 24}}) {
        engine::world::Camera camera;
        camera.name = name;
        camera.width = width;
        camera.height = height;
        camera.lens.fx = camera.lens.fy = width;
        camera.lens.cx = width / 2.0;
        camera.lens.cy = height / 2.0;
        rig.cameras.push_back(camera);
    }
    return rig;
}

// What a driver is given at one camera tick.
struct Tick {
    explicit Tick(const engine::world::Rig& rig, std::uint64_t frame = 0) {
        observation.set_frame(frame);
        observation.set_time_us(static_cast<std::int64_t>(100'000 * frame));
        observation.mutable_vehicle()->set_max_steer_rad(0.6);
        for (const auto& camera : rig.cameras) {
            auto& one = pixels.emplace_back(3 * static_cast<std::size_t>(camera.width) *
                                            static_cast<std::size_t>(camera.height));
            for (std::size_t i = 0; i < one.size(); ++i) {
                one[i] = static_cast<std::uint8_t>(i * 7 + frame + pixels.size());
            }
        }
        for (std::size_t i = 0; i < rig.cameras.size(); ++i) {
            pictures.push_back({.camera = &rig.cameras[i], .rgb = pixels[i]});
        }
    }
    driver::DriverInput input() const { return {.observation = observation, .pictures = pictures}; }

    messages::Observation observation;
    std::vector<std::vector<std::uint8_t>> pixels;
    std::vector<driver::CameraPicture> pictures;
};

// Serves what the test says. What is left empty does as a good driver does.
class FakeServer final : public messages::DriverService::Service {
  public:
    using Message = messages::ToDriver;
    using Reply = messages::FromDriver;
    struct Behaviour {
        std::function<void(const messages::Hello&, messages::HelloReply&)> hello = {};
        // Changes the replies to a frame, of which there is one; called in order.
        std::function<void(const messages::Frame&, std::vector<Reply>&)> frame = {};
        std::function<void(const messages::Attach&, messages::AttachReply&)> attach = {};
        bool reads = true;  // false: takes the stream and never looks at it
    };

    explicit FakeServer(Behaviour behaviour, const std::string& address = "127.0.0.1:0")
        : behaviour_(std::move(behaviour)) {
        grpc::ServerBuilder builder;
        builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port_);
        builder.SetMaxReceiveMessageSize(-1);
        builder.SetMaxSendMessageSize(-1);
        builder.RegisterService(this);
        server_ = builder.BuildAndStart();
    }
    ~FakeServer() override {
        gone_ = true;
        server_->Shutdown(std::chrono::system_clock::now());
        server_->Wait();
    }
    std::string spec() const { return "grpc:127.0.0.1:" + std::to_string(port_); }
    int resets() const { return resets_; }
    bool ended() const { return ended_; }  // properly, by an End
    void drop_connections() { server_->Shutdown(std::chrono::system_clock::now()); }

    grpc::Status Drive(grpc::ServerContext* context,
                       grpc::ServerReaderWriter<Reply, Message>* stream) override {
        while (!behaviour_.reads && !gone_ && !context->IsCancelled()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        Message message;
        while (stream->Read(&message)) {
            std::vector<Reply> replies(1);
            if (message.has_hello()) {
                auto& reply = *replies[0].mutable_hello();
                reply.set_version(1);
                if (behaviour_.hello) behaviour_.hello(message.hello(), reply);
            } else if (message.has_attach()) {
                replies[0].mutable_attach()->set_failure("");
                if (behaviour_.attach) {
                    behaviour_.attach(message.attach(), *replies[0].mutable_attach());
                }
            } else if (message.has_reset()) {
                ++resets_;
                replies[0].mutable_reset();
            } else if (message.has_frame()) {
                auto& answer = *replies[0].mutable_answer();
                answer.set_frame(message.frame().observation().frame());
                answer.mutable_action()->mutable_pedals()->set_throttle(0.25);
                if (behaviour_.frame) behaviour_.frame(message.frame(), replies);
            } else {
                ended_ = message.has_end();
                break;
            }
            for (const Reply& reply : replies) stream->Write(reply);
        }
        return grpc::Status::OK;
    }

  private:
    Behaviour behaviour_;
    int port_ = 0;
    std::atomic<int> resets_ = 0;
    std::atomic<bool> ended_ = false, gone_ = false;
    std::unique_ptr<grpc::Server> server_;
};

inline std::unique_ptr<driver::Driver> connected(const std::string& spec,
                                                 const RemoteSettings& settings = {},
                                                 const engine::world::Rig& rig = small_rig()) {
    auto driver = make_remote_driver(spec, settings, rig);
    EXPECT_TRUE(driver) << driver.error().text();
    if (!driver) return nullptr;
    (*driver)->reset();
    return std::move(*driver);
}
inline std::string refused(const std::string& spec, const RemoteSettings& settings = {}) {
    const auto driver = make_remote_driver(spec, settings, small_rig());
    return driver ? "" : driver.error().text();
}

}  // namespace huntsman::bridge::rpc
