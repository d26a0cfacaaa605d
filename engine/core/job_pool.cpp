#include "engine/core/job_pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace huntsman::engine::core {

struct JobPool::Shared {
    std::mutex mutex;
    std::condition_variable work_came;
    std::condition_variable work_done;
    const std::function<void(std::size_t)>* body = nullptr;
    std::size_t count = 0;
    std::size_t next = 0;      // first index that nobody has taken
    std::size_t finished = 0;  // indices whose body has returned
    bool stopping = false;
    std::vector<std::thread> workers;

    // Takes and runs indices until none is left. Called and left with the lock held.
    void drain(std::unique_lock<std::mutex>& lock) {
        while (next < count) {
            const std::size_t index = next++;
            const auto* current = body;
            lock.unlock();
            (*current)(index);
            lock.lock();
            if (++finished == count) work_done.notify_all();
        }
    }
};

JobPool::JobPool(int threads) : shared_(std::make_unique<Shared>()) {
    if (threads <= 0) threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    for (int i = 1; i < threads; ++i) {
        shared_->workers.emplace_back([shared = shared_.get()] {
            std::unique_lock lock(shared->mutex);
            while (!shared->stopping) {
                shared->drain(lock);
                shared->work_came.wait(
                    lock, [&] { return shared->stopping || shared->next < shared->count; });
            }
        });
    }
}

JobPool::~JobPool() {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->stopping = true;
    }
    shared_->work_came.notify_all();
    for (std::thread& worker : shared_->workers) worker.join();
}

int JobPool::threads() const { return static_cast<int>(shared_->workers.size()) + 1; }

void JobPool::run(std::size_t count, const std::function<void(std::size_t)>& body) {
    if (count == 0) return;
    std::unique_lock lock(shared_->mutex);
    shared_->body = &body;
    shared_->count = count;
    shared_->next = 0;
    shared_->finished = 0;
    shared_->work_came.notify_all();
    shared_->drain(lock);
    shared_->work_done.wait(lock, [&] { return shared_->finished == shared_->count; });
}

}  // namespace huntsman::engine::core
