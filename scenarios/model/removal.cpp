#include "scenarios/model/removal.h"

#include <fmt/format.h>

#include <algorithm>

namespace huntsman::scenarios::model {

using namespace engine::world;
using engine::core::Error;
using engine::core::Status;

void leave_out(const std::set<ActorId>& gone, World& world) {
    if (gone.empty()) return;
    std::erase_if(world.spawns, [&](const Spawn& spawn) { return gone.contains(spawn.id); });
    std::erase_if(world.objects,
                  [&](const StaticObject& object) { return gone.contains(object.id); });
    std::erase_if(world.scene.instances,
                  [&](const Instance& instance) { return gone.contains(instance.object); });
}

Status remove_actors(const std::vector<ActorId>& removed, World& world) {
    if (removed.empty()) return {};
    for (const ActorId id : removed) {
        const auto is_it = [&](const auto& item) { return item.id == id; };
        const auto object = std::ranges::find_if(world.objects, is_it);
        const bool known = std::ranges::any_of(world.spawns, is_it) ||
                           (object != world.objects.end() && object->labelled);
        if (known && id != kEgo) continue;
        const char* what = id == kEgo                      ? "the ego"
                           : object != world.objects.end() ? "an object that is not a vehicle"
                                                           : "nobody here";
        return Error{
            fmt::format("removed has {}, which is {}, expected the id of another road "
                        "user or of a parked vehicle of the place",
                        id, what)};
    }
    leave_out({removed.begin(), removed.end()}, world);
    return {};
}

}  // namespace huntsman::scenarios::model
