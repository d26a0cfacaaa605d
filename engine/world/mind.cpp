#include "engine/world/mind.h"

#include <algorithm>

#include "engine/core/check.h"

namespace huntsman::engine::world {
namespace {

constexpr const char* kOtherMind = "the mind is that of another kind of agent";

}  // namespace

DriverMind& Mind::driver() {
    HM_CHECK(is_driver(), "{}", kOtherMind);
    return std::get<DriverMind>(own);
}
const DriverMind& Mind::driver() const {
    HM_CHECK(is_driver(), "{}", kOtherMind);
    return std::get<DriverMind>(own);
}
PedestrianMind& Mind::pedestrian() {
    HM_CHECK(!is_driver(), "{}", kOtherMind);
    return std::get<PedestrianMind>(own);
}
const PedestrianMind& Mind::pedestrian() const {
    HM_CHECK(!is_driver(), "{}", kOtherMind);
    return std::get<PedestrianMind>(own);
}

const Track* Beliefs::find(ActorId id) const {
    const auto at = std::ranges::lower_bound(tracks, id, {}, &Track::id);
    return at != tracks.end() && at->id == id ? &*at : nullptr;
}
Track* Beliefs::find(ActorId id) {
    return const_cast<Track*>(static_cast<const Beliefs&>(*this).find(id));
}

}  // namespace huntsman::engine::world
