// A fixed set of worker threads for data-parallel loops.
//
// `run(count, body)` calls body(i) once for each i in [0, count) on the workers and the caller, and
// returns when all are done. Results must depend on i alone, never on which thread ran it; then
// they do not depend on the number of threads either.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace huntsman::engine::core {

class JobPool {
  public:
    // `threads` counts the caller; 1 runs everything on the caller, 0 takes the machine's cores.
    explicit JobPool(int threads);
    ~JobPool();
    JobPool(const JobPool&) = delete;
    JobPool& operator=(const JobPool&) = delete;

    int threads() const;
    void run(std::size_t count, const std::function<void(std::size_t)>& body);

  private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
};

}  // namespace huntsman::engine::core
