#include "bridge/live/maker.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "bridge/live/live_run.h"

namespace huntsman::bridge::live {

namespace {

// Threads whose owners are gone. They are joined when the program ends, at the latest.
class Orphans {
  public:
    ~Orphans() { join(); }
    void add(std::thread thread) {
        const std::lock_guard lock(mutex_);
        threads_.push_back(std::move(thread));
    }
    void join() {
        std::vector<std::thread> threads;
        {
            const std::lock_guard lock(mutex_);
            threads.swap(threads_);
        }
        for (std::thread& thread : threads) thread.join();
    }

  private:
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

Orphans& orphans() {
    static Orphans all;
    return all;
}

}  // namespace

struct Maker::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> jobs;
    bool working = false, stop = false, gone = false;
    std::thread thread;

    static void work(const std::shared_ptr<Shared>& self) {
        std::unique_lock lock(self->mutex);
        while (true) {
            self->changed.wait(lock, [&] { return self->stop || !self->jobs.empty(); });
            if (self->stop) break;
            auto job = std::move(self->jobs.front());
            self->jobs.pop_front();
            self->working = true;
            lock.unlock();
            job();
            job = nullptr;
            lock.lock();
            self->working = false;
        }
        self->gone = true;
        self->changed.notify_all();
    }
};

Maker::Maker() : shared_(std::make_shared<Shared>()) {
    orphans();  // lives longer than whoever adds to it
    shared_->thread = std::thread([shared = shared_] { Shared::work(shared); });
}

Maker::~Maker() {
    constexpr std::chrono::milliseconds kPatience(1000);
    std::thread thread;
    bool gone = false;
    std::deque<std::function<void()>> dropped;
    {
        std::unique_lock lock(shared_->mutex);
        shared_->stop = true;
        dropped.swap(shared_->jobs);
        shared_->changed.notify_all();
        gone = shared_->changed.wait_for(lock, kPatience, [&] { return shared_->gone; });
        thread = std::move(shared_->thread);
    }
    if (gone) {
        thread.join();
    } else {
        orphans().add(std::move(thread));
    }
}

void Maker::push(std::function<void()> job) {
    const std::lock_guard lock(shared_->mutex);
    shared_->jobs.push_back(std::move(job));
    shared_->changed.notify_all();
}

bool Maker::busy() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->working || !shared_->jobs.empty();
}

void wait_for_builds() { orphans().join(); }

}  // namespace huntsman::bridge::live
