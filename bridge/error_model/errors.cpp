#include "bridge/error_model/errors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bridge/driver/perceiving.h"
#include "engine/core/describe.h"

namespace huntsman::bridge::error_model {

using engine::core::Key;
using engine::math::Vec2;
using messages::PerceivedObject;

namespace {

constexpr std::uint32_t kFirstFalseTrack = 0xF0000000U;

// A probability after its odds were multiplied.
double with_odds(double probability, double factor) {
    if (factor == 1.0 || probability <= 0.0 || probability >= 1.0) return probability;
    const double odds = factor * probability / (1.0 - probability);
    return odds / (1.0 + odds);
}

// Probability that what lasts `persistence_s` on average goes on for `dt_s` more.
double goes_on(double persistence_s, double dt_s) {
    return persistence_s > 0.0 ? std::exp(-dt_s / persistence_s) : 0.0;
}

const Band* band_at(const ClassErrors& errors, double distance_m) {
    for (const Band& band : errors.bands) {
        if (distance_m <= band.to_m) return &band;
    }
    return nullptr;
}

// Whether the segment from a to b meets the box as seen from above.
bool meets(const PerceivedObject& box, const Vec2& a, const Vec2& b) {
    const double c = std::cos(box.yaw_rad()), s = std::sin(box.yaw_rad());
    const auto inside = [&](const Vec2& p) {
        const Vec2 d = p - Vec2(box.x_m(), box.y_m());
        return Vec2(c * d.x + s * d.y, -s * d.x + c * d.y);
    };
    const Vec2 from = inside(a), way = inside(b) - from;
    const double half[2] = {0.5 * box.length_m(), 0.5 * box.width_m()};
    double first = 0.0, last = 1.0;
    for (int axis = 0; axis < 2; ++axis) {
        if (std::abs(way[axis]) < 1e-12) {
            if (std::abs(from[axis]) > half[axis]) return false;
            continue;
        }
        const double u = (-half[axis] - from[axis]) / way[axis];
        const double v = (half[axis] - from[axis]) / way[axis];
        first = std::max(first, std::min(u, v));
        last = std::min(last, std::max(u, v));
    }
    return first < last;
}

}  // namespace

double hidden_share(const messages::Perception& perception, int index) {
    constexpr int kRays = 9;
    constexpr double kHides_m = 1.2;  // what is lower is looked over
    const PerceivedObject& object = perception.objects(index);
    const Vec2 eye(1.5, 0.0), centre(object.x_m(), object.y_m());
    const Vec2 ray = centre - eye;
    const double distance = glm::length(ray);
    if (distance < 0.1) return 0.0;
    const Vec2 across = Vec2(-ray.y, ray.x) / distance;
    // Half the width that it shows.
    const double turned = object.yaw_rad() - std::atan2(ray.y, ray.x);
    const double half = 0.5 * (object.length_m() * std::abs(std::sin(turned)) +
                               object.width_m() * std::abs(std::cos(turned)));
    int hidden = 0;
    for (int i = 0; i < kRays; ++i) {
        const Vec2 to = centre + across * (half * (2.0 * i / (kRays - 1) - 1.0));
        for (int k = 0; k < perception.objects_size(); ++k) {
            const auto& other = perception.objects(k);
            if (k == index || other.height_m() < kHides_m ||
                glm::length(Vec2(other.x_m(), other.y_m()) - eye) > distance ||
                !meets(other, eye, to)) {
                continue;
            }
            ++hidden;
            break;
        }
    }
    return static_cast<double>(hidden) / kRays;
}

Errors::Errors(Model model, std::uint64_t seed)
    : model_(std::move(model)), key_(Key(seed).with("error model")) {}

void Errors::reset() {
    latents_.clear();
    false_objects_.clear();
    next_track_ = 0;
    last_us_ = -1;
    past_.clear();
}

const ClassErrors* Errors::errors_of(const PerceivedObject& object) const {
    const ClassErrors* errors = object.object_class() == messages::OBJECT_VEHICLE ? &model_.vehicle
                                : object.object_class() == messages::OBJECT_PEDESTRIAN
                                    ? &model_.pedestrian
                                    : nullptr;
    return errors != nullptr && !errors->bands.empty() ? errors : nullptr;
}

void Errors::draw(const ClassErrors& errors, std::uint32_t track, std::uint64_t frame, double dt_s,
                  Latent& latent) const {
    const Key key = key_.with(track).with(frame);
    const double stays =
        std::exchange(latent.fresh, false) ? 0.0 : goes_on(errors.persistence_s, dt_s);
    if (key.uniform(0) >= stays) latent.miss = key.uniform(1);
    const double more = std::sqrt(1.0 - stays * stays);
    for (std::size_t i = 0; i < latent.noise.size(); ++i) {
        latent.noise[i] = stays * latent.noise[i] + more * key.with("noise").normal(i);
    }
}

const Errors::Past& Errors::perceive(const messages::Observation& observation,
                                     const messages::Perception& truth, bool night, bool at_once) {
    const double dt_s =
        last_us_ < 0 ? 0.0 : 1e-6 * static_cast<double>(observation.time_us() - last_us_);
    messages::Perception seen;
    *seen.mutable_signals() = truth.signals();
    for (auto& [track, latent] : latents_) latent.seen_now = false;
    for (int i = 0; i < truth.objects_size(); ++i) {
        const PerceivedObject& object = truth.objects(i);
        const ClassErrors* errors = errors_of(object);
        if (errors == nullptr) {
            const bool thing = object.object_class() == messages::OBJECT_UNSPECIFIED;
            if (!thing || model_.sees_things) *seen.add_objects() = object;
            continue;
        }
        Latent& latent = latents_[object.track()];
        latent.seen_now = true;
        draw(*errors, object.track(), observation.frame(), dt_s, latent);
        const Band* band = band_at(*errors, std::hypot(object.x_m(), object.y_m()));
        if (band == nullptr) continue;
        double odds = night ? errors->night_odds : 1.0;
        if (errors->hidden_odds != 1.0) {
            odds *= std::pow(errors->hidden_odds, hidden_share(truth, i));
        }
        if (latent.miss < with_odds(band->miss, odds)) continue;
        PerceivedObject& box = *seen.add_objects();
        box = object;
        const auto& noise = latent.noise;
        box.set_x_m(box.x_m() + band->position_sd_m * noise[0]);
        box.set_y_m(box.y_m() + band->position_sd_m * noise[1]);
        box.set_velocity_x_mps(box.velocity_x_mps() + errors->velocity_sd_mps * noise[2]);
        box.set_velocity_y_mps(box.velocity_y_mps() + errors->velocity_sd_mps * noise[3]);
        box.set_yaw_rad(box.yaw_rad() +
                        engine::core::kRadiansInDegree * errors->heading_sd_deg * noise[4]);
        const double size = std::max(0.2, 1.0 + errors->size_sd_share * noise[5]);
        box.set_length_m(size * box.length_m());
        box.set_width_m(size * box.width_m());
    }
    std::erase_if(latents_, [](const auto& entry) { return !entry.second.seen_now; });
    invent(observation, dt_s);
    for (const FalseObject& one : false_objects_) {
        PerceivedObject& box = *seen.add_objects();
        box.set_object_class(one.person ? messages::OBJECT_PEDESTRIAN : messages::OBJECT_VEHICLE);
        box.set_score(1.0);
        box.set_x_m(one.p.x);
        box.set_y_m(one.p.y);
        box.set_height_m(one.person ? 1.75 : 1.6);
        box.set_z_m(0.5 * box.height_m());
        box.set_length_m(one.person ? 0.5 : 4.5);
        box.set_width_m(one.person ? 0.5 : 1.9);
        box.set_track(one.track);
    }
    last_us_ = observation.time_us();

    const auto latency_us = at_once ? 0 : static_cast<std::int64_t>(1000.0 * model_.latency_ms);
    past_.push_back({observation.time_us(), std::move(seen)});
    while (past_.size() > 1 && past_[1].time_us <= observation.time_us() - latency_us) {
        past_.pop_front();
    }
    return past_.front();
}

// False objects stand still in the world: they move in B as the ego drives.
void Errors::invent(const messages::Observation& observation, double dt_s) {
    const auto& motion = observation.motion();
    const double turn = -motion.yaw_rate_rad_s() * dt_s;
    for (FalseObject& one : false_objects_) {
        const Vec2 p = one.p - dt_s * Vec2(motion.speed_mps(), motion.slip_mps());
        one.p = {std::cos(turn) * p.x - std::sin(turn) * p.y,
                 std::sin(turn) * p.x + std::cos(turn) * p.y};
    }
    invent_class(model_.vehicle, false, observation.frame(), dt_s);
    invent_class(model_.pedestrian, true, observation.frame(), dt_s);
}

// As many end as begin, so that the mean number is the model's from the first frame on.
void Errors::invent_class(const ClassErrors& errors, bool person, std::uint64_t frame,
                          double dt_s) {
    const Key key = key_.with(person ? "false pedestrians" : "false vehicles");
    const double stays = last_us_ < 0 ? 0.0 : goes_on(errors.persistence_s, dt_s);
    std::erase_if(false_objects_, [&](const FalseObject& one) {
        return one.person == person && key.with(one.track).uniform(frame) >= stays;
    });
    double from_m = 0;
    for (std::size_t b = 0; b < errors.bands.size(); ++b) {
        const Band& band = errors.bands[b];
        const Key of_band = key.with("band").with(b).with(frame);
        const double mean = band.false_per_frame * (1.0 - stays);
        auto births = static_cast<std::uint64_t>(mean);
        if (of_band.uniform() < mean - static_cast<double>(births)) ++births;
        for (std::uint64_t k = 0; k < births; ++k) {
            const Key of_one = of_band.with(k);
            const double distance = of_one.uniform(from_m, band.to_m, 0);
            const double bearing = of_one.uniform(-engine::math::kPi, engine::math::kPi, 1);
            false_objects_.push_back({.p = distance * engine::math::direction(bearing),
                                      .track = kFirstFalseTrack + next_track_++,
                                      .person = person});
        }
        from_m = band.to_m;
    }
}

namespace {

class ErrorsDriver final : public driver::PerceivingDriver {
  public:
    ErrorsDriver(Model model, std::uint64_t seed) : errors_(std::move(model), seed) {}
    std::string name() const override { return "errors"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }

  protected:
    void forget() override { errors_.reset(); }
    engine::core::Result<Perceived> perceive(const driver::DriverInput& input) override {
        HM_CHECK(input.truth != nullptr, "the driver errors was not given the truth");
        const bool at_once = parts::has<parts::Latency>(input.ideal);
        const auto& past = errors_.perceive(input.observation, *input.truth, input.night, at_once);
        return Perceived{past.perception, past.time_us};
    }

  private:
    Errors errors_;
};

}  // namespace

std::unique_ptr<driver::Driver> make_errors_driver(Model model, std::uint64_t seed) {
    return std::make_unique<ErrorsDriver>(std::move(model), seed);
}

}  // namespace huntsman::bridge::error_model
