// Jobs done by worker processes, so that a crash or a hang costs one job and not the batch.
//
// A worker is a program that calls `serve_jobs`. It is given one end of a socket as descriptor 3,
// on which both sides write lines:
//     to the worker     JOB               one at a time
//     from the worker   progress SHARE    0 to 1, whenever something has been done
//                       done RESULT       the job has ended well; RESULT may be empty
//                       failed REASON     this job has failed, others may not
//                       halt CODE REASON  every further job would fail likewise, as on a full disk;
//                                         CODE is that of the error's kind (see exit_code)
// Workers are killed with the process that started them, however that ends.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::engine::core {

// What a job may take; a worker that takes more is killed, and its job has failed. 0: anything.
struct JobLimits {
    double wall_s = 0;     // from its begin
    double memory_mb = 0;  // that its worker has resident
};

// Workers without a job, kept from one call of `run_jobs` to the next with what they have loaded.
// Ends them when it is destroyed. Of one command, and used by one thread at a time.
class IdleWorkers {
  public:
    IdleWorkers();
    ~IdleWorkers();
    struct Impl {
        virtual ~Impl() = default;
    };
    Impl& impl() { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

struct WorkerOptions {
    std::vector<std::string> command;  // a worker's program and its arguments
    int workers = 1;                   // at once
    // A worker that says nothing for so long is killed, and its job has failed [s of wall time].
    double stall_limit_s = 300;
    std::vector<JobLimits> limits;  // by job; empty: none
    IdleWorkers* idle = nullptr;    // whose workers are used first, and which gets those left
};

// How a job ended.
struct JobEnd {
    std::size_t job = 0;                 // its place in the list
    std::optional<std::string> failure;  // why; none: done
    std::string result;                  // in the worker's words, where it is done
    double progress = 0;                 // the last share that the worker said
};

// Called on the thread of `run_jobs`; those that are empty are not called.
struct JobWatch {
    std::function<void(std::size_t job, double share)> progress;
    std::function<Status(const JobEnd&)> ended;            // an error ends the batch
    std::function<void(const std::string& line)> printed;  // by a worker, to stdout or stderr
};

// Does the jobs in the order given and returns when all have ended, or when `stop` is set: then
// within a fraction of a second, with the jobs under way killed and not reported as ended. Errors:
// a worker that cannot be started, one that says `halt`, an error of `watch.ended`.
Status run_jobs(const WorkerOptions& options, const std::vector<std::string>& jobs,
                const JobWatch& watch, const std::atomic<bool>& stop);

// The worker's side: what has become of a job.
struct JobOutcome {
    std::optional<Error> error;
    bool halt = false;   // every further job would fail likewise
    std::string result;  // one line
};
using JobBody = std::function<JobOutcome(const std::string& job,
                                         const std::function<void(double share)>& progress)>;

// Does jobs until there are no more and returns the process's exit code. An exception fails its
// job.
int serve_jobs(const JobBody& body);

}  // namespace huntsman::engine::core
