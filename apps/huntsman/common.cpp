#include "apps/huntsman/common.h"

#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "engine/core/shell.h"

namespace huntsman::apps {

namespace {

std::atomic<bool> stop_requested{false};
std::atomic<int> first_signal{0};

std::vector<std::string> words;  // of the command line

// How long what is going on may take to end cleanly after a signal.
constexpr itimerval kGrace = {.it_interval = {0, 0}, .it_value = {1, 250'000}};

// From here to the end of `on_deadline` only calls that are safe in a handler.

// Waits in a process of its own, on the memory of the one that ends, until that one is gone.
int outlive(void* parent) {
    syscall(SYS_close_range, 0, ~0U, 0);
    constexpr timespec kGlance = {0, 5'000'000};
    while (syscall(SYS_getppid) == static_cast<long>(reinterpret_cast<std::intptr_t>(parent))) {
        syscall(SYS_nanosleep, &kGlance, nullptr);
    }
    syscall(SYS_exit, 0);
    return 0;
}

// Ends the process by a signal. The last of its threads to end gives its memory back, gigabytes at
// times; where that is one of lowest priority, as Mesa has, it takes many seconds on a busy
// machine. So somebody else holds the memory until the process is gone, and gives it back then.
void end_by(int signal) {
    static std::atomic<bool> ending{false};
    if (ending.exchange(true)) pause();  // another thread is at it
    alignas(16) static char stack[16384];
    sigset_t signals;
    sigfillset(&signals);
    pthread_sigmask(SIG_SETMASK, &signals, nullptr);
    const auto self = static_cast<std::intptr_t>(getpid());
    clone(outlive, stack + sizeof stack, CLONE_VM, reinterpret_cast<void*>(self));
    std::signal(signal, SIG_DFL);
    sigemptyset(&signals);
    pthread_sigmask(SIG_SETMASK, &signals, nullptr);
    kill(getpid(), signal);
}

extern "C" void on_signal(int signal) {
    if (stop_requested.exchange(true)) end_by(signal);
    first_signal.store(signal);
    setitimer(ITIMER_REAL, &kGrace, nullptr);
}

extern "C" void on_deadline(int) {
    constexpr char kText[] = "\nhuntsman: interrupted\n";
    static_cast<void>(!write(STDERR_FILENO, kText, sizeof kText - 1));
    end_by(first_signal.load());
}

std::string clock_text(double seconds) {
    const int total = static_cast<int>(std::lround(std::max(0.0, seconds)));
    if (total >= 3600)
        return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
    return fmt::format("{}:{:02}", total / 60, total % 60);
}

}  // namespace

const std::atomic<bool>& stop_flag() { return stop_requested; }

void catch_signals() {
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    std::signal(SIGALRM, on_deadline);
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write
    std::signal(SIGXFSZ, SIG_IGN);  // and so does a file that grows beyond the shell's limit
}

void keep_command_line(int argc, const char* const* argv) { words.assign(argv, argv + argc); }

std::string program_word() {
    // The script in the repository says how it was called itself.
    if (const char* called = std::getenv("HUNTSMAN_CALLED_AS")) {
        return engine::core::shell_word(called);
    }
    return words.empty() ? "huntsman" : engine::core::shell_word(words.front());
}

std::string command_to_repeat() {
    std::string line = program_word();
    for (std::size_t i = 1; i < words.size(); ++i) {
        line += " " + engine::core::shell_word(words[i]);
    }
    return line;
}

std::vector<std::string> worker_command(const std::vector<std::string>& more) {
    std::vector<std::string> command = words;
    command.front() = "/proc/self/exe";  // also where the program's file was replaced meanwhile
    command.insert(command.begin() + std::min<std::ptrdiff_t>(2, std::ssize(command)), more.begin(),
                   more.end());
    return command;
}

int fail(const engine::core::Error& error) {
    std::fprintf(stderr, "huntsman: %s\n", error.text().c_str());
    return engine::core::exit_code(error.kind);
}

Progress::Progress(std::string what)
    : what_(std::move(what)),
      start_(std::chrono::steady_clock::now()),
      last_(start_ - std::chrono::seconds(1)),
      terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    if (terminal_ && drawn_) std::fprintf(stderr, "\r\033[K");
}

void Progress::show(double share, const std::string& detail) {
    share = std::clamp(share, 0.0, 1.0);
    const auto now = std::chrono::steady_clock::now();
    if (terminal_) {
        if (now - last_ < std::chrono::milliseconds(100) && share < 1.0) return;
        last_ = now;
        draw(share, detail);
        return;
    }
    const int tenth = static_cast<int>(share * 10);
    if (tenth == last_tenth_) return;
    last_tenth_ = tenth;
    draw(share, detail);
}

void Progress::print(const std::string& line) {
    std::fprintf(stderr, "%s%s\n", terminal_ && drawn_ ? "\r\033[K" : "", line.c_str());
}

void Progress::draw(double share, const std::string& detail) {
    const double spent =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const std::string left = share > 0.02 ? clock_text(spent * (1 - share) / share) + " left" : "";
    constexpr int kWidth = 24;
    const int full = static_cast<int>(share * kWidth);
    const std::string bar(static_cast<std::size_t>(full), '#');
    const std::string rest(static_cast<std::size_t>(kWidth - full), '.');
    const std::string line =
        fmt::format("{} [{}{}] {:3.0f} %  {}  {}", what_, bar, rest, 100 * share, left, detail);
    if (terminal_) {
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace huntsman::apps
