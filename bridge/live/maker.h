// A thread that makes what takes long and cannot be interrupted: worlds, drivers, sessions. Whoever
// asked may drop the future; what is made then is thrown away.
#pragma once

#include <future>
#include <memory>

namespace huntsman::bridge::live {

class Maker {
  public:
    Maker();
    // Jobs that have not begun are dropped. Waits for the one that is going on for up to a second;
    // then its thread is left to wait_for_builds.
    ~Maker();

    // One job after the other, in their order.
    template <class T>
    std::future<T> make(std::function<T()> job) {
        auto task = std::make_shared<std::packaged_task<T()>>(std::move(job));
        auto future = task->get_future();
        push([task = std::move(task)]() mutable {
            (*task)();
            task.reset();  // and with it what the job holds, before the next one begins
        });
        return future;
    }
    bool busy() const;

  private:
    void push(std::function<void()> job);
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace huntsman::bridge::live
