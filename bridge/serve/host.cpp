#include "bridge/serve/host.h"

#include "bridge/rpc/handover.h"
#include "bridge/serve/served_session.h"

namespace huntsman::bridge::serve {

using engine::core::Error;
using engine::core::Result;

std::unique_ptr<rpc::Conversation> Host::converse(bool this_machine) {
    return std::make_unique<ServedSession>(*this, this_machine);
}

std::string Host::add(const std::shared_ptr<Entry>& entry) {
    const std::lock_guard lock(mutex_);
    const std::string id = rpc::random_hex(32);
    entries_[id] = entry;
    return id;
}

void Host::remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    entries_.erase(id);
}

Result<engine::sim::Recording> Host::recording_of(const std::string& id, std::int64_t tick) {
    std::shared_ptr<Entry> entry;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(id);
        if (found != entries_.end()) entry = found->second;
    }
    if (!entry) return Error{.message = "there is no session " + id + " to be forked"};
    const std::lock_guard lock(entry->mutex);
    if (entry->session == nullptr) {
        return Error{.message = "session " + id + " has ended and cannot be forked any more"};
    }
    const std::int64_t last = entry->session->state().tick;
    if (tick < 0 || tick > last) {
        return Error{.message =
                         fmt::format("the tick of the fork is {}, expected 0 to {}", tick, last)};
    }
    return entry->session->recording();
}

Result<scenarios::model::BuiltScenario> Host::build(const loop::RunOptions& options,
                                                    std::vector<std::string>* notes) {
    const std::lock_guard lock(building_);
    return loop::build_world(options, notes, &places_);
}

std::unique_ptr<loop::Resources> Host::borrow(bool renders) {
    if (!renders) return std::make_unique<loop::Resources>(1);
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return std::make_unique<loop::Resources>(settings_.threads);
    auto resources = std::move(idle_.back());
    idle_.pop_back();
    return resources;
}

void Host::give_back(std::unique_ptr<loop::Resources> resources) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(resources));
}

}  // namespace huntsman::bridge::serve
