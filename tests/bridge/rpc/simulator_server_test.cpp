// The simulator's server, whatever its conversations say.
#include "bridge/rpc/simulator_server.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "bridge/rpc/handover.h"
#include "bridge/rpc/target.h"
#include "simulate.grpc.pb.h"
#include "tests/bridge/rpc/leaks.h"

namespace huntsman::bridge::rpc {
namespace {

using messages::FromSimulator;
using messages::ToSimulator;
using ::testing::HasSubstr;

// Says in its moment how many messages there were; throws at a step, begins with a session's name.
class Counting final : public Conversation {
  public:
    static inline std::atomic<int> alive = 0;
    Counting() { ++alive; }
    ~Counting() override { --alive; }
    bool answer(const ToSimulator& message, FromSimulator& reply) override {
        if (message.has_end()) return false;
        if (message.has_step()) throw std::runtime_error("stumbled");
        reply.mutable_moment()->set_tick(++count_);
        return true;
    }

  private:
    int count_ = 0;
};

engine::core::Result<std::unique_ptr<SimulatorServer>> serve(SimulatorServerOptions options) {
    if (options.address.empty()) options.address = "127.0.0.1:0";
    return SimulatorServer::start([](bool) { return std::make_unique<Counting>(); }, options);
}

class Client {
  public:
    explicit Client(const std::string& address, const std::string& token = "")
        : stub_(messages::SimulatorService::NewStub(
              grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
        if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
        stream_ = stub_->Simulate(&context_);
    }
    ~Client() {
        context_.TryCancel();
        end();
    }
    std::optional<FromSimulator> ask(const ToSimulator& message) {
        FromSimulator reply;
        if (!stream_->Write(message) || !stream_->Read(&reply)) return std::nullopt;
        return reply;
    }
    std::optional<FromSimulator> observe() {
        ToSimulator message;
        message.mutable_observe();
        return ask(message);
    }
    grpc::Status end() {
        if (ended_) return status_;
        ended_ = true;
        stream_->WritesDone();
        return status_ = stream_->Finish();
    }

  private:
    std::unique_ptr<messages::SimulatorService::Stub> stub_;
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReaderWriter<ToSimulator, FromSimulator>> stream_;
    bool ended_ = false;
    grpc::Status status_;
};

void wait_for_no_session(const SimulatorServer& server) {
    for (int i = 0; i < 500 && (server.sessions() > 0 || Counting::alive > 0); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(server.sessions(), 0U);
    EXPECT_EQ(Counting::alive, 0);
}

TEST(SimulatorServer, AStreamIsAConversationOfItsOwnAndEndsWithItsClient) {
    const auto server = serve({});
    ASSERT_TRUE(server) << server.error().text();
    {
        Client one((*server)->address()), two((*server)->address());
        EXPECT_EQ(one.observe()->moment().tick(), 1);
        EXPECT_EQ(one.observe()->moment().tick(), 2);
        EXPECT_EQ(two.observe()->moment().tick(), 1);
        EXPECT_EQ((*server)->sessions(), 2U);
        ToSimulator step;
        step.mutable_step();
        EXPECT_EQ(one.ask(step)->failure().message(), "stumbled");
        EXPECT_EQ(one.observe()->moment().tick(), 3);
        ToSimulator end;
        end.mutable_end();
        EXPECT_FALSE(one.ask(end));
        EXPECT_TRUE(one.end().ok());
    }  // the second is cancelled
    wait_for_no_session(**server);
}

TEST(SimulatorServer, RefusesWhoHasNoTokenAndWhoComesTooMany) {
    const auto server = serve({.address = {}, .token = "sesame", .name = {}, .most_sessions = 1});
    ASSERT_TRUE(server) << server.error().text();
    for (const char* token : {"", "sesam", "sesame "}) {
        Client client((*server)->address(), token);
        EXPECT_FALSE(client.observe());
        EXPECT_EQ(client.end().error_code(), grpc::StatusCode::UNAUTHENTICATED);
    }
    Client first((*server)->address(), "sesame"), second((*server)->address(), "sesame");
    EXPECT_TRUE(first.observe());
    EXPECT_FALSE(second.observe());
    EXPECT_THAT(second.end().error_message(), HasSubstr("has 1 sessions"));
    EXPECT_TRUE(first.observe());
}

TEST(SimulatorServer, RefusesMessagesBeyondItsLimit) {
    const auto server = serve({});
    ASSERT_TRUE(server) << server.error().text();
    Client client((*server)->address());
    ToSimulator large;
    large.mutable_begin()->mutable_recorded()->mutable_recording()->resize(65 << 20);
    EXPECT_FALSE(client.ask(large));
    EXPECT_EQ(client.end().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(Client((*server)->address()).observe());
}

TEST(SimulatorServer, SaysWhereItCannotServe) {
    const auto refused = [](const SimulatorServerOptions& options) {
        const auto server = serve(options);
        return server ? std::string() : server.error().text();
    };
    EXPECT_THAT(refused({.address = "nonsense"}), HasSubstr("expected HOST:PORT or unix:/PATH"));
    EXPECT_THAT(refused({.address = "localhost:70000"}), HasSubstr("expected a port from 0"));
    EXPECT_THAT(refused({.address = "0.0.0.0:0"}), HasSubstr("expected a certificate, its key"));
    const auto server = serve({});
    ASSERT_TRUE(server) << server.error().text();
    EXPECT_THAT(refused({.address = (*server)->address()}), HasSubstr("that is not in use"));
    const std::string path = testing::TempDir() + "simulator_server_file";
    std::ofstream(path) << "text";
    EXPECT_THAT(refused({.address = "unix:" + path}), HasSubstr("is in use"));
    std::filesystem::remove(path);
}

TEST(SimulatorServer, LeavesNoFileAndNoDescriptor) {
    const std::string path = testing::TempDir() + "simulator_server_" + random_hex(8);
    const auto serve_one = [&] {
        const auto server = serve({.address = "unix:" + path});
        ASSERT_TRUE(server) << server.error().text();
        EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
        EXPECT_TRUE(Client((*server)->address()).observe());
        EXPECT_FALSE(serve({.address = "unix:" + path}));  // somebody listens there
    };
    serve_one();  // what gRPC keeps for good
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto before = open_descriptors();
    for (int i = 0; i < 5; ++i) serve_one();
    // gRPC closes connections in threads of its own.
    for (int i = 0; i < 500 && open_descriptors() != before; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Target, AddressesToListenAt) {
    EXPECT_TRUE(parse_listening("127.0.0.1:0")->this_machine);
    EXPECT_FALSE(parse_listening("0.0.0.0:5006")->this_machine);
    EXPECT_TRUE(parse_listening("unix-abstract:name")->this_machine);
    EXPECT_TRUE(parse_listening("unix:/tmp/socket")->this_machine);
    for (const char* wrong : {"", "5006", "unix:socket", "unix-abstract:", "host:port", "a:b:1"}) {
        EXPECT_FALSE(parse_listening(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace huntsman::bridge::rpc
