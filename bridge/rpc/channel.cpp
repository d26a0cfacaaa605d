#include "bridge/rpc/channel.h"

#include <grpc/support/log.h>

#include <algorithm>

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Result;
using std::chrono::milliseconds;

namespace {

grpc::ChannelArguments channel_arguments() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMostReceived_bytes);
    arguments.SetMaxSendMessageSize(-1);  // what we send we have counted
    // Runs do not share connections, nor go through a proxy that is meant for the web.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 300);
    // A driver's machine that is gone does not say so.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
    // Pictures that go through messages: fewer and larger pieces.
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 4 << 20);
    arguments.SetInt(GRPC_ARG_HTTP2_WRITE_BUFFER_SIZE, 4 << 20);
    return arguments;
}

}  // namespace

std::chrono::system_clock::time_point system_time(LinkClock::time_point until) {
    const auto left = std::max(until - LinkClock::now(), LinkClock::duration::zero());
    return std::chrono::system_clock::now() +
           std::chrono::duration_cast<std::chrono::system_clock::duration>(left);
}

Result<std::shared_ptr<grpc::Channel>> open_channel(const LinkAddress& address,
                                                    LinkClock::time_point until,
                                                    const std::function<std::string()>& gone) {
    // What goes wrong comes as an error; gRPC's own lines on standard error add nothing to it.
    gpr_set_log_function([](gpr_log_func_args*) {});
    auto credentials = grpc::InsecureChannelCredentials();
    if (!address.certificate_authority.empty()) {
        credentials = grpc::SslCredentials({.pem_root_certs = address.certificate_authority,
                                            .pem_private_key = {},
                                            .pem_cert_chain = {}});
    }
    auto channel = grpc::CreateCustomChannel(address.address, credentials, channel_arguments());
    for (;;) {
        const auto now = LinkClock::now();
        const auto a_while = std::min(until, now + milliseconds(50));
        if (channel->WaitForConnected(system_time(a_while))) return channel;
        const std::string why = gone ? gone() : "";
        if (!why.empty()) return Error{.message = why};
        if (LinkClock::now() >= until) return Error{.message = "nobody answers"};
    }
}

}  // namespace huntsman::bridge::rpc
