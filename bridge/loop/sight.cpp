#include "bridge/loop/sight.h"

#include "bridge/loop/observe.h"

namespace huntsman::bridge::loop {

DriverSight::DriverSight(std::span<const faults::Fault> faults, std::span<const parts::Part> ideal,
                         const Ways* ways, const engine::world::World& world, double frame_s)
    : faults_(faults),
      ideal_(ideal),
      world_(world),
      key_(engine::core::Key(world.seed).with("faults")),
      arrivals_(faults, key_, frame_s) {
    if (parts::needs_actual(ideal)) actual_.emplace(world, ways);
}

void DriverSight::misplace(messages::Observation& observation) {
    if (faults_.empty()) return;
    true_route_ = observation.route();
    faults::misplace(faults_, *observation.mutable_route());
}

driver::DriverInput DriverSight::of(const driver::Driver& driver, const engine::world::State& state,
                                    const messages::Observation& observation, std::uint64_t frame,
                                    std::span<const engine::render::Frame> frames) {
    const bool night = is_night(engine::world::environment_at(world_, state));
    truth_.reset();
    if (driver.needs_truth()) {
        truth_ = true_perception(world_, state, true_route(observation));
        faults::deceive(faults_, night, observation.vehicle(), *truth_);
    }
    const messages::Perception* perceived = truth_ ? &*truth_ : nullptr;
    if (actual_) actual_now_ = actual_->at(state, true_route(observation));
    const messages::Perception* actual = actual_ ? &actual_now_ : nullptr;
    pictures_.clear();
    if (driver.needs_images()) {
        for (std::size_t c = 0; c < frames.size(); ++c) {
            pictures_.push_back({&world_.rig.cameras[c], frames[c].image.pixels});
        }
    }
    if (!faults_.empty()) {
        faults::Sight seen{.frame = frame};
        for (const auto& picture : pictures_) {
            auto& copy = seen.pictures.emplace_back(picture.rgb.begin(), picture.rgb.end());
            faults::soil(faults_, key_, *picture.camera, copy);
        }
        if (truth_) seen.truth = std::move(*truth_);
        if (actual_) seen.actual = std::move(actual_now_);
        sights_.add(std::move(seen), arrivals_.depth());
        const faults::Sight& comes = sights_.of(arrivals_.at(frame));
        for (std::size_t c = 0; c < pictures_.size(); ++c) pictures_[c].rgb = comes.pictures[c];
        if (perceived != nullptr) perceived = &comes.truth;
        if (actual != nullptr) actual = &comes.actual;
    }
    return {.observation = observation,
            .pictures = pictures_,
            .truth = perceived,
            .night = night,
            .ideal = ideal_,
            .actual = actual};
}

}  // namespace huntsman::bridge::loop
