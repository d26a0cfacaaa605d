#include "bridge/rpc/process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include "bridge/rpc/descriptor.h"

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;
using engine::core::Status;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kAfterTerm{1000};

// Both ends are closed on exec.
bool open_pipe(Descriptor& read_end, Descriptor& write_end) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
    return true;
}

// Pointers for exec; the strings must outlive them.
std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> list;
    for (std::string& one : strings) list.push_back(one.data());
    list.push_back(nullptr);
    return list;
}

std::vector<std::string> environment_with(const Process::Environment& added) {
    std::vector<std::string> all;
    for (char** one = environ; *one != nullptr; ++one) {
        const std::string text = *one;
        const bool replaced = std::any_of(added.begin(), added.end(), [&](const auto& pair) {
            return text.starts_with(pair.first + "=");
        });
        if (!replaced) all.push_back(text);
    }
    for (const auto& [name, value] : added) all.push_back(name + "=" + value);
    return all;
}

// Between fork and exec: only calls that are safe there. Does not return.
[[noreturn]] void become(char* const* words, char* const* environment, pid_t parent, int input,
                         int failure) {
    const auto give_up = [&] {
        const int why = errno;
        [[maybe_unused]] const auto written = write(failure, &why, sizeof why);
        _exit(127);
    };
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // we died before that was set
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) ::signal(signal, SIG_DFL);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) give_up();
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    execvpe(words[0], words, environment);
    give_up();
    _exit(127);
}

std::string ending_text(const siginfo_t& info) {
    if (info.si_code == CLD_EXITED) return fmt::format("exited with code {}", info.si_status);
    return fmt::format("was ended by signal {} ({})", info.si_status, strsignal(info.si_status));
}

}  // namespace

struct Process::Impl {
    Status start(const std::vector<std::string>& words, const Environment& environment);
    // Starts the child and waits for it. The system kills the child when the thread that started
    // it ends, so this thread lives as long as the child.
    void watch(std::vector<std::string> words, std::vector<std::string> environment,
               std::promise<Status> started);
    void kill_group(int signal);
    bool wait_for(milliseconds time);

    Descriptor input, lifeline;  // the ends of its standard input
    std::thread watcher;
    mutable std::mutex mutex;
    std::condition_variable changed;
    pid_t pid = -1;       // set before `started`
    bool reaped = false;  // the pid is not ours any more
    std::string ending;
};

Status Process::Impl::start(const std::vector<std::string>& words, const Environment& environment) {
    if (!open_pipe(input, lifeline)) {
        return Error{.message = fmt::format("a pipe cannot be had: {}", std::strerror(errno)),
                     .kind = ErrorKind::kMachine};
    }
    std::promise<Status> promise;
    auto started = promise.get_future();
    watcher = std::thread([this, words, all = environment_with(environment),
                           p = std::move(promise)]() mutable { watch(words, all, std::move(p)); });
    return started.get();
}

void Process::Impl::watch(std::vector<std::string> words, std::vector<std::string> environment,
                          std::promise<Status> started) {
    const auto fail = [&](int why) {
        started.set_value(Error{
            .message = fmt::format("\"{}\" cannot be started: {}", words[0], std::strerror(why))});
    };
    Descriptor failure, failing;
    if (!open_pipe(failure, failing)) return fail(errno);
    const auto arguments = pointers(words), variables = pointers(environment);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0) return fail(errno);
    if (child == 0) {
        become(arguments.data(), variables.data(), parent, *input, *failing);
    }
    setpgid(child, child);  // whichever of the two comes first
    input.reset();
    failing.reset();
    int why = 0;
    ssize_t count = 0;
    do count = read(*failure, &why, sizeof why);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
        waitpid(child, nullptr, 0);
        return fail(why);
    }
    pid = child;
    started.set_value({});

    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    const std::lock_guard lock(mutex);
    kill(-child, SIGKILL);  // what it leaves behind
    waitpid(child, nullptr, 0);
    reaped = true;
    ending = ending_text(info);
    changed.notify_all();
}

void Process::Impl::kill_group(int signal) {
    const std::lock_guard lock(mutex);
    if (!reaped && pid > 0) kill(-pid, signal);
}

bool Process::Impl::wait_for(milliseconds time) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, time, [&] { return reaped; });
}

Process::Process(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Process::~Process() {
    impl_->kill_group(SIGKILL);
    if (impl_->watcher.joinable()) impl_->watcher.join();
}

Result<std::unique_ptr<Process>> Process::start(const std::vector<std::string>& words,
                                                const Environment& environment) {
    std::unique_ptr<Process> process(new Process(std::make_unique<Impl>()));
    HM_TRY(process->impl_->start(words, environment));
    return process;
}

pid_t Process::pid() const { return impl_->pid; }

bool Process::running() const {
    const std::lock_guard lock(impl_->mutex);
    return !impl_->reaped;
}

bool Process::wait_for(milliseconds time) const { return impl_->wait_for(time); }

std::string Process::how_it_ended() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->ending;
}

void Process::end(milliseconds grace) {
    if (impl_->wait_for(grace)) return;
    impl_->kill_group(SIGTERM);
    if (impl_->wait_for(kAfterTerm)) return;
    impl_->kill_group(SIGKILL);
    impl_->wait_for(milliseconds(10'000));  // a killed process may still be in the kernel
}

}  // namespace huntsman::bridge::rpc
