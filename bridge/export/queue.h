// A queue between one thread that makes and one that takes, of bounded length, so that memory stays
// flat whichever is slower.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace huntsman::bridge::exporting {

template <typename T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t most) : most_(most) {}

    // Waits for room. False where the taker has given up; the item is then dropped.
    bool push(T item) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return items_.size() < most_ || abandoned_; });
        if (abandoned_) return false;
        items_.push_back(std::move(item));
        changed_.notify_all();
        return true;
    }
    // Waits for an item. Nothing once the maker has closed and all are taken.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !items_.empty() || closed_; });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        changed_.notify_all();
        return item;
    }
    void close() { set(closed_); }
    void abandon() { set(abandoned_); }

  private:
    void set(bool& flag) {
        const std::lock_guard lock(mutex_);
        flag = true;
        changed_.notify_all();
    }
    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> items_;
    bool closed_ = false, abandoned_ = false;
};

}  // namespace huntsman::bridge::exporting
