#include "engine/import/apart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>

namespace huntsman::engine::import {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kShadowMemory = true;  // a sanitiser reserves terabytes of addresses
#else
constexpr bool kShadowMemory = false;
#endif

void limit(int what, std::uint64_t most) {
    const rlimit both{most, most};
    setrlimit(static_cast<__rlimit_resource>(what), &both);
}

// The first number of /proc/self/statm is the size of the address space in pages.
std::uint64_t address_space() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t pages = 0;
    file >> pages;
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

[[noreturn]] void child(int out, const std::function<std::string()>& work,
                        const ApartLimits& limits) {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, static_cast<std::uint64_t>(std::ceil(limits.time_s)));
    if (limits.memory_bytes > 0 && !kShadowMemory) {
        limit(RLIMIT_AS, address_space() + limits.memory_bytes);
    }
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
        std::signal(signal, SIG_DFL);
    }
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2}) dup2(nowhere, standard);
    std::string answer;
    try {
        answer = work();
    } catch (...) {
        _exit(70);  // whatever it was: it did not end well
    }
    for (std::size_t sent = 0; sent < answer.size();) {
        const ssize_t n = write(out, answer.data() + sent, answer.size() - sent);
        if (n < 0 && errno != EINTR) _exit(71);
        if (n > 0) sent += static_cast<std::size_t>(n);
    }
    _exit(0);
}

// How a child ended that did not end well.
std::string ending(int status, bool too_long, bool too_much) {
    if (too_much) return "its answer is too large";
    if (too_long) return "it took too long";
    if (!WIFSIGNALED(status)) return "it failed or ran out of memory";
    if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL) return "it took too long";
    return fmt::format("it crashed with signal {}", WTERMSIG(status));
}

}  // namespace

Result<std::string> run_apart(const std::function<std::string()>& work, const ApartLimits& limits) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return Error{.message = "cannot open a pipe", .kind = ErrorKind::kMachine};
    }
    const pid_t process = fork();
    if (process < 0) {
        close(ends[0]);
        close(ends[1]);
        return Error{.message = "cannot start a process", .kind = ErrorKind::kMachine};
    }
    if (process == 0) child(ends[1], work, limits);
    close(ends[1]);
    // Wall time may be several times that of the processor on a busy machine.
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::milliseconds(
                                             static_cast<std::int64_t>(1e4 + 5e3 * limits.time_s));
    std::string answer, block(1 << 16, '\0');
    bool too_long = false, too_much = false;
    while (!too_long && !too_much) {
        pollfd ready{.fd = ends[0], .events = POLLIN, .revents = 0};
        if (poll(&ready, 1, 1000) == 0) {
            too_long = Clock::now() > deadline;
            continue;
        }
        const ssize_t n = read(ends[0], block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        answer.append(block, 0, static_cast<std::size_t>(n));
        too_much = answer.size() > limits.answer_bytes;
    }
    close(ends[0]);
    if (too_long || too_much) kill(process, SIGKILL);
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    if (too_long || too_much || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return Error{.message = ending(status, too_long, too_much)};
    }
    return answer;
}

}  // namespace huntsman::engine::import
