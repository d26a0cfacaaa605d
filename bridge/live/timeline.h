// The kept moments of a future, as many as there is room for.
#pragma once

#include "bridge/live/moment.h"

namespace huntsman::bridge::live {

class Timeline {
  public:
    explicit Timeline(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    // After those that are there, or in the place of the last one where that is of the same tick.
    // Beyond the limit every second of the older three quarters is dropped.
    void add(MomentPtr moment);
    void cut(std::int64_t tick);  // drops those at or after it
    void clear();

    // A list that does not change any more; never null.
    std::shared_ptr<const Moments> all() const;
    MomentPtr at(std::int64_t tick) const { return moment_at(moments_, tick); }
    MomentPtr after(std::int64_t tick) const;  // the first one; null: none
    bool empty() const { return moments_.empty(); }
    std::size_t bytes() const { return bytes_; }

  private:
    void thin();

    std::size_t most_bytes_, bytes_ = 0;
    Moments moments_;
    mutable std::shared_ptr<const Moments> given_;  // null: out of date
};

}  // namespace huntsman::bridge::live
