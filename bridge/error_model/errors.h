// Makes the errors of a model: true perception in, faulty perception out.
//
// Whether an object is missed and how far off it is seen stays so for a while: each object has
// numbers of its own that are drawn again at random times (the miss) or drift (the noise). All is
// keyed by the run's seed, the object and the frame, so that it does not depend on who else is
// there.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/error_model/model.h"
#include "bridge/messages/huntsman.pb.h"
#include "engine/core/random.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::error_model {

// The share of an object that others hide from the car, by boxes as seen from above; 0..1. Only
// what stands in `perception` hides anything: buildings away from the route are not in it.
double hidden_share(const messages::Perception& perception, int object);

class Errors {
  public:
    Errors(Model model, std::uint64_t seed);
    void reset();
    struct Past {
        std::int64_t time_us = 0;  // of its observation
        messages::Perception perception;
    };
    // Called for each frame in turn. What it gives is as old as the model's latency says, unless
    // `at_once`; valid until the next call.
    const Past& perceive(const messages::Observation& observation,
                         const messages::Perception& truth, bool night, bool at_once = false);

  private:
    // Of a true object: what is drawn for it.
    struct Latent {
        double miss = 0;                // uniform; missed while below the probability
        std::array<double, 6> noise{};  // standard normal: x, y, velocity x and y, heading, size
        bool fresh = true, seen_now = false;
    };
    struct FalseObject {
        engine::math::Vec2 p{0, 0};  // in B
        std::uint32_t track = 0;
        bool person = false;
    };
    const ClassErrors* errors_of(const messages::PerceivedObject& object) const;
    void draw(const ClassErrors& errors, std::uint32_t track, std::uint64_t frame, double dt_s,
              Latent& latent) const;
    void invent(const messages::Observation& observation, double dt_s);
    void invent_class(const ClassErrors& errors, bool person, std::uint64_t frame, double dt_s);

    Model model_;
    engine::core::Key key_;
    std::map<std::uint32_t, Latent> latents_;  // by track
    std::vector<FalseObject> false_objects_;
    std::uint32_t next_track_ = 0;
    std::int64_t last_us_ = -1;
    std::deque<Past> past_;
};

// The oracle's planner on perception with these errors.
std::unique_ptr<driver::Driver> make_errors_driver(Model model, std::uint64_t seed);

}  // namespace huntsman::bridge::error_model
