#include "sensors/labels/minds.h"

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/world/pose.h"

namespace huntsman::sensors::labels {

using engine::world::ActorState;
using engine::world::State;
using engine::world::World;

namespace {

// What may stand in a line of sight: an upright box.
struct Occluder {
    ActorId id = engine::world::kNoActor;
    engine::math::Box2 box;
    Vec2 low{0, 0}, high{0, 0};  // of the rectangle
    double z_m = 0, top_m = 0;
};

Occluder occluder_of(ActorId id, const engine::world::Extent& extent, const RigidTransform& X_WB) {
    Occluder occluder{.id = id,
                      .box = engine::world::footprint(extent, X_WB),
                      .z_m = X_WB.p.z,
                      .top_m = X_WB.p.z + extent.height_m};
    const Vec2 reach(glm::length(occluder.box.half));
    occluder.low = occluder.box.centre - reach;
    occluder.high = occluder.box.centre + reach;
    return occluder;
}

// Whether a line of sight is cut: by a rectangle (slab test in its frame) that is higher than the
// line where it enters.
bool cuts(const Occluder& occluder, const Vec3& a, const Vec3& b) {
    const Vec2 low = glm::min(engine::math::xy(a), engine::math::xy(b));
    const Vec2 high = glm::max(engine::math::xy(a), engine::math::xy(b));
    if (occluder.low.x > high.x || occluder.high.x < low.x || occluder.low.y > high.y ||
        occluder.high.y < low.y) {
        return false;
    }
    const Vec2 ahead = engine::math::direction(occluder.box.yaw_rad),
               left = engine::math::perp(ahead);
    const auto local = [&](const Vec3& p) {
        const Vec2 d = engine::math::xy(p) - occluder.box.centre;
        return Vec2(glm::dot(d, ahead), glm::dot(d, left));
    };
    const Vec2 p = local(a), way = local(b) - p;
    double enter = 0, leave = 1;
    for (int axis = 0; axis < 2; ++axis) {
        if (std::abs(way[axis]) < 1e-12) {
            if (std::abs(p[axis]) > occluder.box.half[axis]) return false;
            continue;
        }
        double t0 = (-occluder.box.half[axis] - p[axis]) / way[axis];
        double t1 = (occluder.box.half[axis] - p[axis]) / way[axis];
        if (t0 > t1) std::swap(t0, t1);
        enter = std::max(enter, t0);
        leave = std::min(leave, t1);
    }
    if (enter >= leave) return false;
    const double z0 = a.z + (b.z - a.z) * enter, z1 = a.z + (b.z - a.z) * leave;
    return std::min(z0, z1) < occluder.top_m && std::max(z0, z1) > occluder.z_m;
}

}  // namespace

void label_minds(const World& world, const State& state, std::span<ObjectLabel> labels) {
    // Who may be seen, and who and what may stand before them.
    struct Onlooker {
        ActorId id;
        Vec3 eye, middle;
    };
    std::vector<Onlooker> people;
    std::vector<Occluder> occluders;
    for (const ActorState& actor : state.actors) {
        const auto& extent = world.archetypes[actor.archetype].extent;
        const bool labelled = std::any_of(labels.begin(), labels.end(),
                                          [&](const auto& l) { return l.id == actor.id; });
        if (!labelled && actor.id != engine::world::kEgo) continue;
        // Eyes: people's and riders' a little below the crown, drivers' where seats are.
        const auto semantic = world.archetypes[actor.archetype].semantic;
        const bool open =
            engine::world::is_person(semantic) || engine::world::is_two_wheeler(semantic);
        const Vec3 eye = open ? Vec3(0, 0, 0.93 * extent.height_m)
                              : Vec3(0.2 * extent.front_m, 0, 0.8 * extent.height_m);
        people.push_back(
            {actor.id, actor.X_WB * eye, engine::world::box_centre(extent, actor.X_WB)});
        occluders.push_back(occluder_of(actor.id, extent, actor.X_WB));
    }
    Vec2 low(1e30), high(-1e30);
    for (const Onlooker& s : people) {
        low = glm::min(low, engine::math::xy(s.middle) - kLook_m);
        high = glm::max(high, engine::math::xy(s.middle) + kLook_m);
    }
    for (const auto& object : world.objects) {
        const Vec2 p = engine::math::xy(object.X_WB.p);
        if (p.x < low.x || p.y < low.y || p.x > high.x || p.y > high.y) continue;
        if (object.extent.height_m < 1.0 || object.extent.width_m < 0.3) continue;  // poles
        occluders.push_back(occluder_of(object.id, object.extent, object.X_WB));
    }

    for (ObjectLabel& label : labels) {
        const ActorState* actor = state.find(label.id);
        if (actor == nullptr) continue;
        const bool person = engine::world::is_person(label.semantic);
        const double gaze = person ? actor->mind.gaze_rad() : actor->X_WB.yaw_rad();
        label.has_mind = true;
        label.mind.intention = actor->mind.intention();
        label.mind.gaze_W = Vec3(engine::math::direction(gaze), 0);
        if (actor->mind.is_driver()) {
            label.mind.yields_to = actor->mind.driver().leader;
            label.mind.wanted_speed_mps = actor->mind.driver().target_speed_mps;
        }
        if (person) label.mind.wanted_speed_mps = glm::length(actor->walk.velocity_mps);
        label.mind.waited_s = actor->mind.waited_s();
        const auto self = std::find_if(people.begin(), people.end(),
                                       [&](const Onlooker& s) { return s.id == label.id; });
        if (self == people.end()) continue;
        for (const Onlooker& other : people) {
            if (other.id == label.id) continue;
            const Vec2 d = engine::math::xy(other.middle - self->eye);
            const double away = glm::length(d);
            if (away > kLook_m || away < 1e-6) continue;
            if (glm::dot(d / away, engine::math::direction(gaze)) < std::cos(kHalfField_rad)) {
                continue;
            }
            const bool hidden =
                std::any_of(occluders.begin(), occluders.end(), [&](const Occluder& occluder) {
                    return occluder.id != label.id && occluder.id != other.id &&
                           cuts(occluder, self->eye, other.middle);
                });
            if (!hidden) label.mind.seen.push_back(other.id);
        }
    }
}

}  // namespace huntsman::sensors::labels
