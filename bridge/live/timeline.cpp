#include "bridge/live/timeline.h"

#include <algorithm>

namespace huntsman::bridge::live {

void Timeline::add(MomentPtr moment) {
    if (!moments_.empty() && moments_.back()->tick >= moment->tick) cut(moment->tick);
    bytes_ += moment->bytes;
    moments_.push_back(std::move(moment));
    if (bytes_ > most_bytes_) thin();
    given_.reset();
}

void Timeline::thin() {
    const std::size_t older = moments_.size() / 4 * 3;
    Moments kept;
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        if (i < older && i % 2 == 1) {
            bytes_ -= moments_[i]->bytes;
        } else {
            kept.push_back(std::move(moments_[i]));
        }
    }
    moments_ = std::move(kept);
}

void Timeline::cut(std::int64_t tick) {
    while (!moments_.empty() && moments_.back()->tick >= tick) {
        bytes_ -= moments_.back()->bytes;
        moments_.pop_back();
    }
    given_.reset();
}

void Timeline::clear() {
    moments_.clear();
    bytes_ = 0;
    given_.reset();
}

std::shared_ptr<const Moments> Timeline::all() const {
    if (!given_) given_ = std::make_shared<const Moments>(moments_);
    return given_;
}

MomentPtr Timeline::after(std::int64_t tick) const {
    const auto found =
        std::ranges::upper_bound(moments_, tick, {}, [](const MomentPtr& m) { return m->tick; });
    return found == moments_.end() ? nullptr : *found;
}

}  // namespace huntsman::bridge::live
