#include "engine/core/workers.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <new>
#include <string_view>

namespace huntsman::engine::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kChannel = 3;  // the worker's end of the socket
constexpr std::size_t kLongestLine = 1 << 16;
constexpr double kSay_s = 0.1;   // between two words about progress
constexpr int kGlance_ms = 200;  // how often the stop flag and the stall limit are looked at

// Owns a file descriptor.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }

  private:
    int number_;
};

// Lines from a descriptor that is not waited for.
class Lines {
  public:
    // Reads what is there and hands on whole lines; false at the end of the stream.
    template <typename Take>
    bool read(int descriptor, const Take& take) {
        std::array<char, 4096> buffer{};
        while (true) {
            const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
            if (count <= 0) {
                if (!rest_.empty()) take(std::exchange(rest_, {}));
                return false;
            }
            rest_.append(buffer.data(), static_cast<std::size_t>(count));
            std::size_t begin = 0;
            for (std::size_t end; (end = rest_.find('\n', begin)) != std::string::npos;) {
                take(rest_.substr(begin, end - begin));
                begin = end + 1;
            }
            rest_.erase(0, begin);
            if (rest_.size() > kLongestLine) take(std::exchange(rest_, {}));
        }
    }

  private:
    std::string rest_;
};

std::string in_one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

// Sends a line; false where nobody listens any more.
bool send_line(int channel, const std::string& text) {
    const std::string line = in_one_line(text) + "\n";
    std::size_t sent = 0;
    while (sent < line.size()) {
        const ssize_t count = ::send(channel, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

// In the child between fork and exec: only calls that are safe there.
[[noreturn]] void become_worker(int channel, int output, pid_t parent, char* const* arguments) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    if (channel == kChannel) {
        ::fcntl(kChannel, F_SETFD, 0);  // not closed by exec
    } else {
        ::dup2(channel, kChannel);
    }
    ::signal(SIGINT, SIG_IGN);  // a terminal sends it to all; the parent decides
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent) ::execvp(arguments[0], arguments);
    ::_exit(127);
}

// Processes that were killed and are not gone yet; whoever starts or awaits others clears them
// away.
class Killed {
  public:
    void add(pid_t process) {
        const std::lock_guard lock(mutex_);
        processes_.push_back(process);
    }
    void reap() {
        const std::lock_guard lock(mutex_);
        std::erase_if(processes_, [](pid_t p) { return ::waitpid(p, nullptr, WNOHANG) != 0; });
    }

  private:
    std::mutex mutex_;
    std::vector<pid_t> processes_;
};
Killed& killed() {
    static Killed all;
    return all;
}

// A worker process as its parent sees it.
class Worker {
  public:
    static Result<std::unique_ptr<Worker>> start(const std::vector<std::string>& command) {
        int pair[2] = {-1, -1}, pipe[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return refused();
        Descriptor ours(pair[0]), theirs(pair[1]);
        if (::pipe2(pipe, O_CLOEXEC) != 0) return refused();
        Descriptor output(pipe[0]), input(pipe[1]);
        std::vector<char*> arguments;
        for (const std::string& word : command) {
            arguments.push_back(const_cast<char*>(word.c_str()));
        }
        arguments.push_back(nullptr);
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child < 0) return refused();
        if (child == 0) become_worker(theirs.get(), input.get(), parent, arguments.data());
        ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
        ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
        return std::unique_ptr<Worker>(new Worker(child, std::move(ours), std::move(output)));
    }
    ~Worker() {
        kill();
        if (child_ > 0) killed().add(child_);
    }

    // Without waiting for its end, which may take long on a busy machine.
    void kill() const {
        if (child_ > 0) ::kill(child_, SIGKILL);
    }
    // Whether it has not ended by itself.
    bool lives() {
        if (child_ <= 0 || ::waitpid(child_, nullptr, WNOHANG) == 0) return child_ > 0;
        child_ = 0;
        return false;
    }

    bool give(std::size_t job, const std::string& text) {
        job_ = job;
        progress = 0;
        heard_ = begun_ = Clock::now();
        return send_line(channel_.get(), text);
    }
    // Kills it if it lives still, and says in words how it ended.
    std::string end() {
        if (child_ <= 0) return {};
        kill();
        int status = 0;
        while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
        }
        child_ = 0;
        std::string how;
        if (WIFSIGNALED(status)) {
            const int number = WTERMSIG(status);
            how =
                fmt::format("its process was ended by signal {} ({})", number, ::strsignal(number));
        } else {
            how = fmt::format("its process ended with code {}", WEXITSTATUS(status));
        }
        constexpr std::string_view kOwn = "huntsman: ";
        const std::string said =
            last_line.starts_with(kOwn) ? last_line.substr(kOwn.size()) : last_line;
        return said.empty() ? how : how + " after \"" + said + "\"";
    }

    int channel() const { return channel_.get(); }
    int output() const { return output_.get(); }
    void heard() { heard_ = Clock::now(); }
    double silent_s() const { return std::chrono::duration<double>(Clock::now() - heard_).count(); }
    double works_s() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
    // What it has resident; 0 where that is not known.
    double memory_mb() const {
        std::ifstream file(fmt::format("/proc/{}/statm", child_));
        double all = 0, resident = 0;
        if (!(file >> all >> resident)) return 0;
        return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
    }
    std::optional<std::size_t> job() const { return job_; }
    void rest() { job_.reset(); }

    Lines reports, prints;
    std::string last_line;  // that it printed
    double progress = 0;

  private:
    Worker(pid_t child, Descriptor channel, Descriptor output)
        : child_(child), channel_(std::move(channel)), output_(std::move(output)) {}
    static Error refused() {
        return {
            .message = std::string("a worker process cannot be started: ") + std::strerror(errno),
            .kind = ErrorKind::kMachine};
    }

    pid_t child_;
    Descriptor channel_, output_;
    std::optional<std::size_t> job_;
    Clock::time_point heard_ = Clock::now(), begun_ = heard_;
};

struct Idle final : IdleWorkers::Impl {
    std::vector<std::unique_ptr<Worker>> workers;
};
std::vector<std::unique_ptr<Worker>>& workers_of(IdleWorkers& idle) {
    return static_cast<Idle&>(idle.impl()).workers;
}

// The jobs of one batch, handed out in order.
class Batch {
  public:
    Batch(const WorkerOptions& options, const std::vector<std::string>& jobs, const JobWatch& watch)
        : options_(options), jobs_(jobs), watch_(watch) {
        workers_.resize(std::min(static_cast<std::size_t>(std::max(1, options.workers)),
                                 std::max<std::size_t>(1, jobs.size())));
    }

    Status run(const std::atomic<bool>& stop) {
        while (ended_ < jobs_.size() && !stop.load()) {
            for (auto& worker : workers_) HM_TRY(employ(worker));
            wait();
            for (auto& worker : workers_) {
                if (worker && !stop.load()) HM_TRY(listen(worker));
            }
            killed().reap();
        }
        if (options_.idle == nullptr || stop.load()) return {};
        for (auto& worker : workers_) {
            if (worker && !worker->job()) workers_of(*options_.idle).push_back(std::move(worker));
        }
        return {};
    }

  private:
    Result<std::unique_ptr<Worker>> start() {
        while (options_.idle != nullptr && !workers_of(*options_.idle).empty()) {
            std::unique_ptr<Worker> kept = std::move(workers_of(*options_.idle).back());
            workers_of(*options_.idle).pop_back();
            if (kept->lives()) return kept;
        }
        return Worker::start(options_.command);
    }
    // Gives the next job to a worker that has none, which is started if need be.
    Status employ(std::unique_ptr<Worker>& worker) {
        while (next_ < jobs_.size() && (!worker || !worker->job())) {
            if (!worker) {
                HM_TAKE(worker, start());
            }
            const std::size_t job = next_++;
            if (worker->give(job, jobs_[job])) break;
            HM_TRY(fail(worker, worker->end()));
        }
        return {};
    }

    void wait() const {
        std::vector<pollfd> streams;
        for (const auto& worker : workers_) {
            if (!worker) continue;
            streams.push_back({worker->channel(), POLLIN, 0});
            streams.push_back({worker->output(), POLLIN, 0});
        }
        ::poll(streams.data(), streams.size(), kGlance_ms);
    }

    Status listen(std::unique_ptr<Worker>& worker) {
        const auto print = [&](std::string line) {
            if (line.empty()) return;
            if (watch_.printed) watch_.printed(line);
            worker->last_line = std::move(line);
        };
        std::optional<Error> halted;
        const bool open = worker->reports.read(worker->channel(), [&](const std::string& line) {
            worker->heard();
            if (auto status = hear(*worker, line); !status && !halted) halted = status.error();
        });
        // Read after the reports, so that a dying worker's last words are among them.
        const bool prints = worker->prints.read(worker->output(), print);
        if (halted) return *halted;
        if (!open) {
            if (!worker->job()) {
                drop(worker);
                return {};
            }
            return fail(worker, worker->end());
        }
        if (!prints && !worker->job()) drop(worker);
        if (!worker || !worker->job()) return {};
        if (auto reason = beyond_limits(*worker)) return fail(worker, std::move(*reason));
        return {};
    }

    // Why a worker is not waited for any longer.
    std::optional<std::string> beyond_limits(const Worker& worker) const {
        if (worker.silent_s() > options_.stall_limit_s) {
            return fmt::format("made no progress for {:g} s", options_.stall_limit_s);
        }
        if (options_.limits.empty()) return std::nullopt;
        const JobLimits& limits = options_.limits[*worker.job()];
        if (limits.wall_s > 0 && worker.works_s() > limits.wall_s) {
            return fmt::format("took more than its limit of {:g} s", limits.wall_s);
        }
        if (limits.memory_mb > 0 && worker.memory_mb() > limits.memory_mb) {
            return fmt::format("used more than its limit of {:g} MB", limits.memory_mb);
        }
        return std::nullopt;
    }

    // One line of a worker; an error ends the batch.
    Status hear(Worker& worker, const std::string& line) {
        const std::size_t space = line.find(' ');
        const std::string word = line.substr(0, space);
        const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (!worker.job()) return {};
        if (word == "progress") {
            double share = 0;
            std::from_chars(rest.data(), rest.data() + rest.size(), share);
            worker.progress = share;
            if (watch_.progress) watch_.progress(*worker.job(), share);
            return {};
        }
        if (word == "halt") {
            const std::size_t after = std::min(rest.find(' '), rest.size());
            const std::string code = rest.substr(0, after);
            Error error{.message = rest.substr(std::min(after + 1, rest.size()))};
            for (const ErrorKind kind :
                 {ErrorKind::kInput, ErrorKind::kMachine, ErrorKind::kInvalid}) {
                if (code == std::to_string(exit_code(kind))) error.kind = kind;
            }
            return error;
        }
        if (word != "done" && word != "failed") return {};
        JobEnd end{.job = *worker.job(), .failure = {}, .result = {}, .progress = worker.progress};
        if (word == "failed") {
            end.failure = rest;
        } else {
            end.result = rest;
        }
        worker.rest();
        return finish(end);
    }

    // The worker is of no use any more.
    Status fail(std::unique_ptr<Worker>& worker, std::string reason) {
        const JobEnd end{.job = *worker->job(),
                         .failure = std::move(reason),
                         .result = {},
                         .progress = worker->progress};
        drop(worker);
        return finish(end);
    }

    static void drop(std::unique_ptr<Worker>& worker) { worker.reset(); }

    Status finish(const JobEnd& end) {
        ++ended_;
        return watch_.ended ? watch_.ended(end) : Status();
    }

    const WorkerOptions& options_;
    const std::vector<std::string>& jobs_;
    const JobWatch& watch_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::size_t next_ = 0, ended_ = 0;
};

}  // namespace

IdleWorkers::IdleWorkers() : impl_(std::make_unique<Idle>()) {}
IdleWorkers::~IdleWorkers() = default;

Status run_jobs(const WorkerOptions& options, const std::vector<std::string>& jobs,
                const JobWatch& watch, const std::atomic<bool>& stop) {
    HM_CHECK(!options.command.empty(), "workers without a program");
    HM_CHECK(options.limits.empty() || options.limits.size() == jobs.size(),
             "{} limits for {} jobs", options.limits.size(), jobs.size());
    return Batch(options, jobs, watch).run(stop);
}

int serve_jobs(const JobBody& body) {
    Descriptor channel(kChannel);
    ::fcntl(kChannel, F_SETFD, FD_CLOEXEC);
    Lines lines;
    Clock::time_point said{};
    const auto progress = [&](double share) {
        // Often enough for a bar and for any stall limit.
        if (std::chrono::duration<double>(Clock::now() - said).count() < kSay_s && share < 1)
            return;
        said = Clock::now();
        send_line(kChannel, fmt::format("progress {:.6f}", share));
    };
    const auto serve = [&](const std::string& job) {
        JobOutcome outcome;
        try {
            outcome = body(job, progress);
        } catch (const std::bad_alloc&) {
            outcome.error = Error{.message = "out of memory"};
        } catch (const std::exception& error) {
            outcome.error = Error{.message = error.what()};
        }
        if (!outcome.error) {
            send_line(kChannel, "done " + outcome.result);
        } else if (outcome.halt) {
            send_line(kChannel, fmt::format("halt {} {}", exit_code(outcome.error->kind),
                                            outcome.error->text()));
        } else {
            send_line(kChannel, "failed " + outcome.error->text());
        }
    };
    while (lines.read(kChannel, serve)) {
    }
    return 0;
}

}  // namespace huntsman::engine::core
