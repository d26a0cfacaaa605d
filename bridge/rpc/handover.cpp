#include "bridge/rpc/handover.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <thread>

#include "bridge/rpc/descriptor.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;

namespace {

constexpr int kTake_ms = 5000;

// In the abstract namespace; false where the name is too long.
bool to_address(const std::string& name, sockaddr_un& address, socklen_t& length) {
    if (name.size() + 1 > sizeof address.sun_path) return false;
    address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    return true;
}

bool of_our_user(int connection) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == geteuid() || peer.uid == 0;
}

// A message of one byte with room for a descriptor beside it. It stays where it is made.
struct ByteWithDescriptor {
    ByteWithDescriptor() {
        message.msg_iov = &data;
        message.msg_iovlen = 1;
        message.msg_control = room.data();
        message.msg_controllen = room.size();
    }
    ByteWithDescriptor(const ByteWithDescriptor&) = delete;
    ByteWithDescriptor& operator=(const ByteWithDescriptor&) = delete;

    char byte = 0;
    iovec data{.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
    msghdr message{};
};

bool send_descriptor(int connection, int descriptor) {
    ByteWithDescriptor carried;
    cmsghdr* header = CMSG_FIRSTHDR(&carried.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return sendmsg(connection, &carried.message, MSG_NOSIGNAL) == 1;
}

Error socket_error(const char* what) {
    return {.message = fmt::format("frames cannot be shared: {}: {}", what, std::strerror(errno)),
            .kind = ErrorKind::kMachine};
}

}  // namespace

std::string random_hex(std::size_t digits) {
    std::string text;
    while (text.size() < digits) {
        std::array<unsigned char, 16> bytes{};
        HM_CHECK(getrandom(bytes.data(), bytes.size(), 0) == std::ssize(bytes), "no randomness");
        for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    }
    text.resize(digits);
    return text;
}

struct Handover::Impl {
    Impl(int listening, int stopping) : socket(listening), stop(stopping) {}
    void serve(int descriptor) const {
        for (bool given = false; !given;) {
            std::array<pollfd, 2> wanted{pollfd{.fd = *socket, .events = POLLIN, .revents = 0},
                                         pollfd{.fd = *stop, .events = POLLIN, .revents = 0}};
            if (poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) return;
            if (wanted[1].revents != 0) return;
            if (wanted[0].revents == 0) continue;
            const Descriptor connection(accept4(*socket, nullptr, nullptr, SOCK_CLOEXEC));
            given = *connection >= 0 && of_our_user(*connection) &&
                    send_descriptor(*connection, descriptor);
        }
    }

    Descriptor socket, stop;
    std::thread thread;
};

Handover::Handover(std::string name, std::unique_ptr<Impl> impl)
    : name_(std::move(name)), impl_(std::move(impl)) {}

Handover::~Handover() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(*impl_->stop, &one, sizeof one);
    impl_->thread.join();
}

Result<std::unique_ptr<Handover>> Handover::offer(int descriptor) {
    auto impl = std::make_unique<Impl>(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                                       eventfd(0, EFD_CLOEXEC));
    if (*impl->socket < 0 || *impl->stop < 0) return socket_error("no socket can be had");
    const std::string name = "huntsman-frames-" + random_hex(32);
    sockaddr_un address{};
    socklen_t length = 0;
    to_address(name, address, length);
    if (bind(*impl->socket, reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
        listen(*impl->socket, 4) != 0) {
        return socket_error("a socket cannot be listened at");
    }
    impl->thread = std::thread([one = impl.get(), descriptor] { one->serve(descriptor); });
    return std::unique_ptr<Handover>(new Handover(name, std::move(impl)));
}

Result<int> take_descriptor(const std::string& name) {
    const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    socklen_t length = 0;
    if (*connection < 0) return socket_error("no socket can be had");
    if (!to_address(name, address, length)) {
        return Error{.message = "frames cannot be shared: the socket's name is too long"};
    }
    if (connect(*connection, reinterpret_cast<const sockaddr*>(&address), length) != 0) {
        return socket_error("nobody hands them over");
    }
    pollfd wanted{.fd = *connection, .events = POLLIN, .revents = 0};
    if (poll(&wanted, 1, kTake_ms) != 1) {
        return Error{.message = "frames cannot be shared: nothing was handed over"};
    }
    ByteWithDescriptor carried;
    const ssize_t count = recvmsg(*connection, &carried.message, MSG_CMSG_CLOEXEC);
    const cmsghdr* header = count == 1 ? CMSG_FIRSTHDR(&carried.message) : nullptr;
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        return Error{.message = "frames cannot be shared: nothing was handed over"};
    }
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

}  // namespace huntsman::bridge::rpc
