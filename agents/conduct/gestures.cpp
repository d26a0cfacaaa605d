#include "agents/conduct/gestures.h"

#include <cmath>

namespace huntsman::agents::conduct {

namespace {

constexpr double kHard_mps2 = -4.0;  // braking that is a reason to sound the horn
constexpr double kHorn_s = 0.6, kFlash_s = 0.8, kWave_s = 1.5;
constexpr double kGreenIdle_s = 4.0;   // of a leader at green
constexpr double kAgain_s = 5.0;       // between two horns for the same reason,
constexpr double kWarnsAgain_s = 1.5;  // and for who comes towards one
constexpr double kStanding_mps = 0.3;
constexpr double kWaves_m = 15.0, kSigns_m = 30.0;
constexpr double kKind_rad = 0.26;  // social value from which on one does so
constexpr double kWavesOn_s = 3.0;  // of waiting for each other at the kerb

const RoadUser* user_of(const Scene& scene, world::ActorId id) {
    if (id == world::kNoActor) return nullptr;
    for (const RoadUser& user : scene.road_users) {
        if (user.id == id && user.track != nullptr) return &user;
    }
    return nullptr;
}

// The signal that is being given goes on until its time is over.
world::Signalled goes_on(const Scene& scene) {
    world::Signalled now = scene.self.mind->signalled;
    now.left_s -= scene.self.dt_s;
    return now.left_s > 0 ? now : world::Signalled{};
}

// True once in a while, at times of one's own.
bool once_in(const Scene& scene, double period_s) {
    const double own_s = 0.37 * static_cast<double>(scene.self.id);
    return std::fmod(engine::core::seconds(scene.self.time_us) + own_s, period_s) < scene.self.dt_s;
}

// Before somebody is let go by a sign both have stood for a moment; not all sign at the same time,
// nor again soon.
constexpr double kWaits_s = 0.5;
bool is_time_to_let(const Scene& scene) {
    constexpr double kLonger_s = 1.0, kDecides_s = 0.5, kSignsAgain_s = 4.0;
    const double first_s = kWaits_s + kLonger_s * scene.self.traits->side;
    const double since_s = scene.road_users[kSelf].waited_s - first_s;
    return since_s > 0 && std::fmod(since_s, kSignsAgain_s) < kDecides_s;
}

}  // namespace

world::Signalled signal_of_driver(const Scene& scene, const Occasion& occasion) {
    if (!scene.self.options.gestures) return {};
    const world::Signalled now = goes_on(scene);
    if (now.gesture != world::Gesture::kNothing) return now;
    // One who is on the wrong side itself has no reason.
    if (occasion.comes_at != world::kNoActor && scene.self.mind->driver().aside_m == 0.0 &&
        once_in(scene, kWarnsAgain_s)) {
        return {world::Gesture::kHorn, occasion.comes_at, kHorn_s};
    }
    const RoadUser* other = user_of(scene, occasion.whom);
    if (other == nullptr) return {};
    const RoadUser& me = scene.road_users[kSelf];
    const double distance_m = glm::length(other->centre - me.centre);
    const bool steps_out = other->person && occasion.acceleration_mps2 < kHard_mps2;
    const bool sleeps = !other->person && occasion.green &&
                        occasion.intention == world::Intention::kFollow &&
                        other->waited_s > kGreenIdle_s && me.waited_s > kGreenIdle_s &&
                        distance_m < kWaves_m && once_in(scene, kAgain_s);
    if (steps_out || sleeps) return {world::Gesture::kHorn, other->id, kHorn_s};
    const bool lets = occasion.intention == world::Intention::kYield && is_time_to_let(scene) &&
                      me.speed < kStanding_mps && other->waited_s > kWaits_s &&
                      scene.self.traits->social_rad > kKind_rad && distance_m < kSigns_m &&
                      !lets_go_first(*other);
    if (!lets) return {};
    if (distance_m < kWaves_m) return {world::Gesture::kWave, other->id, kWave_s};
    return {world::Gesture::kFlash, other->id, kFlash_s};
}

world::Signalled signal_of_person(const Scene& scene, const world::PedestrianMind& mind) {
    if (!scene.self.options.gestures) return {};
    const world::Signalled now = goes_on(scene);
    if (now.gesture != world::Gesture::kNothing) return now;
    if (mind.intention != world::Intention::kWaitToCross || mind.waited_s < kWavesOn_s) return {};
    if (scene.self.traits->social_rad < kKind_rad) return {};
    const RoadUser& me = scene.road_users[kSelf];
    for (const RoadUser& user : scene.road_users) {
        if (user.track == nullptr || user.person || user.speed > kStanding_mps ||
            user.waited_s < kWavesOn_s || glm::dot(me.p - user.p, user.x) < 0 ||
            glm::length(user.centre - me.p) > kWaves_m) {
            continue;
        }
        return {world::Gesture::kWave, user.id, kWave_s};
    }
    return {};
}

}  // namespace huntsman::agents::conduct
