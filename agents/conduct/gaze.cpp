#include "agents/conduct/gaze.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/backing.h"

namespace huntsman::agents::conduct {

namespace {

constexpr double kSide_rad = 1.2;       // to each side, before a junction and at the kerb
constexpr double kMirror_rad = 0.9;     // outer mirrors, from straight ahead
constexpr double kShoulder_rad = 1.8;   // over the shoulder, before a change of lane
constexpr double kBehind_rad = -2.4;    // turned round, in reverse
constexpr double kInner_rad = 0.6;      // inner mirror
constexpr double kScanBefore_m = 35.0;  // of a junction
constexpr double kAtKerb_s = 1.6, kOnRoad_s = 2.4, kJunction_s = 2.0, kRoad_s = 8.0;  // cycles

// Place in a cycle that everybody begins at another time [s].
double within(const Self& self, double cycle_s) {
    const double own = 0.37 * static_cast<double>(self.id);
    return std::fmod(engine::core::seconds(self.time_us) + own, cycle_s);
}

double towards(const Scene& scene, const RoadUser& user) {
    const Vec2 to = user.centre - scene.road_users[kSelf].p;
    return std::atan2(to.y, to.x);
}

const RoadUser* user_of(const Scene& scene, world::ActorId id) {
    for (const RoadUser& user : scene.road_users) {
        if (user.id == id && user.track != nullptr) return &user;
    }
    return nullptr;
}

// The vehicle that would be here first.
const RoadUser* nearest_vehicle(const Scene& scene) {
    constexpr double kReach_s = 8.0;
    const RoadUser& me = scene.road_users[kSelf];
    const RoadUser* nearest = nullptr;
    double least_s = kReach_s;
    for (const RoadUser& user : scene.road_users) {
        if (user.person || user.track == nullptr || user.speed < 0.5) continue;
        const Vec2 off = me.p - user.centre;
        if (glm::dot(off, user.x) < 0) continue;
        const double time_s = glm::length(off) / user.speed;
        if (time_s < least_s) {
            least_s = time_s;
            nearest = &user;
        }
    }
    return nearest;
}

}  // namespace

double gaze_of_driver(const Scene& scene, const world::DriverMind& mind) {
    const RoadUser& me = scene.road_users[kSelf];
    const Way& way = scene.ways[kSelf];
    if (scene.self.mind->glance.away) return me.yaw_rad;  // whatever else it does
    if (mind.checked_s > 0) {
        const double side = mind.change_left ? 1.0 : -1.0;
        return me.yaw_rad + side * (within(scene.self, 1.0) < 0.4 ? kMirror_rad : kShoulder_rad);
    }
    if (backs_off(scene.self.mind->driver())) {
        const double t = within(scene.self, kJunction_s);
        return me.yaw_rad + (t < 0.6 ? 0.0 : t < 1.3 ? kBehind_rad : -kMirror_rad);
    }
    const auto line = scene.next_line(kSelf);
    bool inside = false;  // past the line of a junction
    for (std::size_t k = 0; k < std::min<std::size_t>(2, way.leg_count); ++k) {
        const world::Lane& lane = scene.book->roads().lanes[way.legs[k].lane];
        const double line_m =
            way.legs[k].start_m - Scene::line_back_m(scene.book->roads(), lane) - me.front;
        inside = inside || (lane.in_junction() && (k == 0 || line_m < 0));
    }
    if (inside || (line && line->ahead_m < kScanBefore_m)) {
        const double t = within(scene.self, kJunction_s);
        if (t < 0.45) return me.yaw_rad + kSide_rad;
        if (t < 0.9) return me.yaw_rad - kSide_rad;
        const RoadUser* other = user_of(scene, mind.leader);
        if (t < 1.3 && other != nullptr) return towards(scene, *other);
        return me.yaw_rad;
    }
    const double t = within(scene.self, kRoad_s);
    if (t < 0.35) return me.yaw_rad + kMirror_rad;
    if (t > 4.0 && t < 4.35) return me.yaw_rad - kInner_rad;
    return me.yaw_rad;
}

double gaze_of_person(const Scene& scene, const world::PedestrianMind& mind, double forward_rad) {
    const bool waits = mind.intention == world::Intention::kWaitToCross;
    if (scene.self.mind->glance.away) return forward_rad;
    if (!waits && mind.intention != world::Intention::kCrossRoad) return forward_rad;
    const double cycle_s = waits ? kAtKerb_s : kOnRoad_s;
    const double t = within(scene.self, cycle_s);
    if (t < 0.4) return forward_rad + kSide_rad;
    if (t < 0.8) return forward_rad - kSide_rad;
    if (waits || t < 1.4) {
        if (const RoadUser* vehicle = nearest_vehicle(scene)) return towards(scene, *vehicle);
    }
    return forward_rad;
}

}  // namespace huntsman::agents::conduct
