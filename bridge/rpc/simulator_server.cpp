#include "bridge/rpc/simulator_server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "bridge/rpc/descriptor.h"
#include "bridge/rpc/link.h"
#include "bridge/rpc/target.h"
#include "simulate.grpc.pb.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;
using messages::FromSimulator;
using messages::ToSimulator;

namespace {

// A client's message holds an action, or a recording: 64 MB are some ten hours of simulated time.
constexpr int kMostFromClient_bytes = 64 << 20;

// In the same time wherever they differ.
bool same_secret(const std::string& a, const std::string& b) {
    int differs = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        differs |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return differs == 0;
}

// Whether somebody listens at the path: gRPC would take it away from them.
bool is_listened_at(const std::string& path) {
    const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), sizeof address.sun_path - 1));
    return connect(*connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Status check_address(const SimulatorServerOptions& options, const Target& target) {
    const bool tls = !options.tls_certificate.empty() && !options.tls_key.empty();
    if (!target.this_machine && (!tls || options.token.empty())) {
        return Error{.message = options.address +
                                " can be reached from other machines, expected a certificate, its "
                                "key and a token beside it"};
    }
    if (target.address.starts_with("unix:")) {
        const std::string path = target.address.substr(5);
        struct stat found {};
        const bool there = lstat(path.c_str(), &found) == 0;
        if (there && (!S_ISSOCK(found.st_mode) || is_listened_at(path))) {
            return Error{.message = "is in use, expected a path that is free", .file = path};
        }
    }
    return {};
}

std::shared_ptr<grpc::ServerCredentials> server_credentials(const SimulatorServerOptions& options) {
    if (options.tls_certificate.empty()) return grpc::InsecureServerCredentials();
    grpc::SslServerCredentialsOptions tls;
    tls.pem_key_cert_pairs.push_back({options.tls_key, options.tls_certificate});
    return grpc::SslServerCredentials(tls);
}

void set_limits(grpc::ServerBuilder& builder) {
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 4 << 20);
    // Who connects and says nothing, and a client's machine that is gone without saying so.
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
    builder.SetMaxReceiveMessageSize(kMostFromClient_bytes);
    builder.SetMaxSendMessageSize(static_cast<int>(kMostSent_bytes) + (1 << 20));
}

}  // namespace

struct SimulatorServer::Impl final : messages::SimulatorService::Service {
    using Stream = grpc::ServerReaderWriter<FromSimulator, ToSimulator>;

    grpc::Status check_token(const grpc::ServerContext& context) const {
        if (options.token.empty()) return grpc::Status::OK;
        const auto sent = context.client_metadata().find("authorization");
        const bool same = sent != context.client_metadata().end() &&
                          same_secret(std::string(sent->second.data(), sent->second.size()),
                                      "Bearer " + options.token);
        if (same) return grpc::Status::OK;
        return {grpc::StatusCode::UNAUTHENTICATED, "expected the token"};
    }

    grpc::Status Simulate(grpc::ServerContext* context, Stream* stream) override {
        if (auto status = check_token(*context); !status.ok()) return status;
        if (++sessions > options.most_sessions) {
            --sessions;
            return {grpc::StatusCode::RESOURCE_EXHAUSTED,
                    fmt::format("the simulator has {} sessions, expected no more",
                                options.most_sessions)};
        }
        converse(*stream);
        --sessions;
        return grpc::Status::OK;
    }

    void converse(Stream& stream) const {
        const auto conversation = make(target.this_machine);
        ToSimulator message;
        FromSimulator reply;
        while (stream.Read(&message)) {
            reply.Clear();
            try {
                if (!conversation->answer(message, reply)) return;
            } catch (const std::bad_alloc&) {
                reply.mutable_failure()->set_message(
                    "out of memory; fewer or smaller cameras need less");
            } catch (const std::exception& error) {
                reply.mutable_failure()->set_message(error.what());
            }
            if (reply.ByteSizeLong() > kMostSent_bytes) {
                reply.mutable_failure()->set_message(
                    fmt::format("the answer does not fit into a message of {} MB, expected fewer "
                                "or smaller pictures",
                                kMostSent_bytes >> 20));
            }
            if (!stream.Write(reply)) return;
        }
    }

    grpc::Status Health(grpc::ServerContext* context, const messages::HealthRequest*,
                        messages::HealthReply* reply) override {
        if (auto status = check_token(*context); !status.ok()) return status;
        reply->set_version(kSimulatorVersion);
        reply->set_name(options.name);
        reply->set_sessions(sessions);
        return grpc::Status::OK;
    }

    MakeConversation make;
    SimulatorServerOptions options;
    Target target;
    std::string address;
    std::atomic<std::uint32_t> sessions = 0;
    std::unique_ptr<grpc::Server> server;  // last: it goes first
};

Result<std::unique_ptr<SimulatorServer>> SimulatorServer::start(
    MakeConversation make, const SimulatorServerOptions& options) {
    auto impl = std::make_unique<Impl>();
    impl->make = std::move(make);
    impl->options = options;
    auto target = parse_listening(options.address);
    if (!target) {
        return Error{.message = fmt::format("the address is {}, {}", options.address,
                                            target.error().message)};
    }
    impl->target = *target;
    HM_TRY(check_address(options, impl->target));
    gpr_set_log_function([](gpr_log_func_args*) {});  // errors come as such
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(options.address, server_credentials(options), &port);
    set_limits(builder);
    builder.RegisterService(impl.get());
    const mode_t mask = umask(0077);  // a socket's file is for its user alone
    impl->server = builder.BuildAndStart();
    umask(mask);
    const bool named_port = !options.address.starts_with("unix");
    if (!impl->server || (named_port && port == 0)) {
        return Error{.message = options.address +
                                " cannot be served at, expected an address of this machine that is "
                                "not in use"};
    }
    impl->address = named_port ? options.address.substr(0, options.address.rfind(':') + 1) +
                                     std::to_string(port)
                               : options.address;
    return std::unique_ptr<SimulatorServer>(new SimulatorServer(std::move(impl)));
}

SimulatorServer::SimulatorServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SimulatorServer::~SimulatorServer() {
    // Streams that go on are cancelled.
    impl_->server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    impl_->server->Wait();
    if (impl_->address.starts_with("unix:")) unlink(impl_->address.c_str() + 5);
}

const std::string& SimulatorServer::address() const { return impl_->address; }
std::uint32_t SimulatorServer::sessions() const { return impl_->sessions; }

}  // namespace huntsman::bridge::rpc
