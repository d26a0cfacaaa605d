// What entities show: lights, parts that open, motions of people; and the controls taken from their
// drivers.

#include <algorithm>
#include <cmath>

#include "engine/world/scene.h"
#include "scenarios/player/stage.h"

namespace huntsman::scenarios::player {

using engine::world::bit;
using engine::world::Lamp;
using engine::world::ScriptedAnimation;
using engine::world::ScriptedLight;

namespace {

// The lamps of a vehicleLightType; 0 for those that no vehicle of ours has.
std::uint32_t lamps_of(std::string_view light) {
    constexpr std::pair<std::string_view, std::uint32_t> kLamps[] = {
        {"daytimeRunningLights", bit(Lamp::kHead)},
        {"lowBeam", bit(Lamp::kHead) | bit(Lamp::kTail)},
        {"highBeam", bit(Lamp::kHead) | bit(Lamp::kTail)},
        {"fogLights", bit(Lamp::kHead) | bit(Lamp::kTail)},
        {"fogLightsFront", bit(Lamp::kHead)},
        {"fogLightsRear", bit(Lamp::kTail)},
        {"brakeLights", bit(Lamp::kBrake)},
        {"warningLights", bit(Lamp::kTurnLeft) | bit(Lamp::kTurnRight)},
        {"indicatorLeft", bit(Lamp::kTurnLeft)},
        {"indicatorRight", bit(Lamp::kTurnRight)},
        {"reversingLights", bit(Lamp::kReverse)},
        {"licensePlateIllumination", bit(Lamp::kTail)},
        {"specialPurposeLights", bit(Lamp::kBlue)},
    };
    for (const auto& [name, lamps] : kLamps) {
        if (name == light) return lamps;
    }
    return 0;
}

bool is_lit(const ScriptedLight& light, double now_s) {
    // These flash by themselves while they are on.
    constexpr std::uint32_t kFlashing =
        bit(Lamp::kTurnLeft) | bit(Lamp::kTurnRight) | bit(Lamp::kBlue);
    if (!light.flashing || (light.lamps & kFlashing) != 0) return light.on;
    const double period_s = light.on_s + light.off_s;
    return period_s <= 0.0 || std::fmod(now_s - light.since_s, period_s) < light.on_s;
}

}  // namespace

bool Step::begin(const story::LightStateAction& action, RunningAction& run) {
    run.length = action.transition_s;
    return !switch_when_due(0, action, run);
}

bool Step::advance(const story::LightStateAction& action, RunningAction& run) {
    return !switch_when_due(dt_s_, action, run);
}

// The light changes when its transition is over; true then.
bool Step::switch_when_due(double dt_s, const story::LightStateAction& action, RunningAction& run) {
    run.progress += dt_s;
    if (run.progress < run.length - 1e-9) return false;
    auto& lights = actor(run).lights;
    auto at = std::ranges::find(lights, action.light, &ScriptedLight::name);
    if (at == lights.end()) at = lights.insert(at, {.name = action.light});
    *at = {.name = action.light,
           .lamps = lamps_of(action.light),
           .on = action.mode != story::LightMode::kOff,
           .flashing = action.mode == story::LightMode::kFlashing,
           .on_s = action.on_s,
           .off_s = action.off_s,
           .since_s = now_s()};
    return true;
}

// A lamp is lit where any light that stands for it is.
void Step::light_lamps() {
    for (ScriptedEntity& entity : state_.entities) {
        entity.lamps_ruled = entity.lamps_lit = 0;
        for (const ScriptedLight& light : entity.lights) {
            entity.lamps_ruled |= light.lamps;
            if (is_lit(light, now_s())) entity.lamps_lit |= light.lamps;
        }
    }
}

ScriptedAnimation& Step::animation(Index entity, const story::AnimationAction& action) {
    auto& all = state_.entities[entity].animations;
    // A person makes one motion at a time.
    const bool person = story_.entities[entity].kind == story::EntityKind::kPedestrian;
    auto at = person ? all.begin() : std::ranges::find(all, action.kind, &ScriptedAnimation::name);
    if (at == all.end()) at = all.insert(at, {.name = action.kind});
    return *at;
}

bool Step::begin(const story::AnimationAction& action, RunningAction& run) {
    ScriptedAnimation& shown = animation(run.entity, action);
    // What moved the same part ends here.
    std::erase_if(state_.actions, [&](const RunningAction& other) {
        const auto* same = std::get_if<story::AnimationAction>(&action_of(other));
        return same != nullptr && other.entity == run.entity &&
               (shown.name != action.kind || same->kind == action.kind);
    });
    if (shown.name != action.kind) shown.share = 0;
    shown.name = action.kind;
    shown.gestures = action.gestures;
    run.start = shown.share;
    run.target = action.state;
    run.length = action.duration_s;
    if (run.length > 0) return true;
    shown.share = run.target;
    return false;
}

bool Step::advance(const story::AnimationAction& action, RunningAction& run) {
    run.progress += dt_s_;
    if (action.loop && run.progress >= run.length) {
        run.progress = std::fmod(run.progress, run.length);
    }
    const double u = std::min(1.0, run.progress / run.length);
    animation(run.entity, action).share = run.start + u * (run.target - run.start);
    return u < 1 || action.loop;
}

void Step::perform(const story::OverrideControllerAction& action, Index entity) {
    ScriptedEntity* self = entity_or_null(entity);
    if (self == nullptr) return;
    using Control = story::OverrideControllerAction::Control;
    auto& taken = self->overridden;
    for (const auto& given : action.values) {
        std::optional<double>& control =
            given.control == Control::kThrottle       ? taken.throttle
            : given.control == Control::kBrake        ? taken.brake
            : given.control == Control::kClutch       ? taken.clutch
            : given.control == Control::kParkingBrake ? taken.parking_brake
            : given.control == Control::kSteering     ? taken.steering_wheel_rad
                                                      : taken.gear;
        if (given.active) {
            control = given.value;
        } else {
            control.reset();
        }
    }
}

}  // namespace huntsman::scenarios::player
