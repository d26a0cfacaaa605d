// Drivers that others are measured by.

#include <cmath>
#include <optional>

#include "bridge/driver/pedals.h"
#include "bridge/driver/perceiving.h"
#include "bridge/driver/r157.h"
#include "bridge/driver/speed.h"
#include "bridge/driver/steering.h"

namespace huntsman::bridge::driver {
namespace {

// Lane and speed, without anybody else.
class Keeping {
  public:
    void reset() { *this = Keeping(); }

    // What the empty road asks for.
    Demand demand(const messages::Observation& observation) {
        constexpr double kStanding_mps = 0.3;
        const double speed = std::max(0.0, observation.motion().speed_mps());
        if (!kept_mps_) {
            const double limit = point_at(observation.route(), 0.0).speed_limit_mps();
            kept_mps_ = speed > kStanding_mps ? speed : limit;
        }
        // The speed kept stands for all limits: what is left to slow for are bends.
        messages::Route route = observation.route();
        for (auto& point : *route.mutable_points()) point.set_speed_limit_mps(*kept_mps_);
        return Demand(speed, plan_speed(route, speed).desired_mps, observation.vehicle().front_m());
    }
    messages::Pedals pedals(const messages::Observation& observation, const Demand& demand,
                            double brake_mps2) {
        constexpr double kFrame_s = 0.1;  // before the first frame, which nothing tells
        const std::int64_t now_us = observation.time_us();
        const double dt = last_us_ ? 1e-6 * static_cast<double>(now_us - *last_us_) : kFrame_s;
        last_us_ = now_us;
        eased_mps2_ = eased(demand.acceleration_mps2(), eased_mps2_, dt);
        if (brake_mps2 > 0.0) eased_mps2_ = std::min(eased_mps2_, -brake_mps2);
        return pedals_for(observation.vehicle(), eased_mps2_,
                          steer_along(observation, OffsetProfile()), demand.speed_mps(),
                          observation.motion().grade());
    }
    // Where there is no route to keep to.
    static messages::Pedals stop(const messages::Observation& observation) {
        constexpr double kNoRoute_mps2 = -3.0;
        return pedals_for(observation.vehicle(), kNoRoute_mps2, 0.0,
                          std::max(0.0, observation.motion().speed_mps()),
                          observation.motion().grade());
    }

  private:
    std::optional<double> kept_mps_;
    double eased_mps2_ = 0;  // asked for in the frame before
    std::optional<std::int64_t> last_us_;
};

bool has_route(const messages::Observation& observation) {
    return observation.route().points_size() >= 2;
}

class ConstantDriver final : public Driver {
  public:
    std::string name() const override { return "constant"; }
    bool needs_images() const override { return false; }
    void reset() override { keeping_.reset(); }
    engine::core::Result<messages::Action> drive(const DriverInput& input) override {
        messages::Action action;
        const auto& seen = input.observation;
        *action.mutable_pedals() = has_route(seen)
                                       ? keeping_.pedals(seen, keeping_.demand(seen), 0.0)
                                       : Keeping::stop(seen);
        return action;
    }

  private:
    Keeping keeping_;
};

class R157Driver final : public PerceivingDriver {
  public:
    std::string name() const override { return "r157"; }
    bool needs_images() const override { return false; }
    bool needs_truth() const override { return true; }

  protected:
    void forget() override {
        keeping_.reset();
        reaction_.reset();
    }
    engine::core::Result<Perceived> perceive(const DriverInput& input) override {
        HM_CHECK(input.truth != nullptr, "the driver r157 was not given the truth");
        return Perceived{*input.truth, input.observation.time_us()};
    }
    messages::Pedals plan(const messages::Observation& seen,
                          const messages::Perception& perception) override {
        if (!has_route(seen)) return Keeping::stop(seen);
        Demand demand = keeping_.demand(seen);
        const double brake_mps2 = reaction_.brake_mps2(seen, road_users(seen, perception), demand);
        return keeping_.pedals(seen, demand, brake_mps2);
    }

  private:
    Keeping keeping_;
    R157Reaction reaction_;
};

}  // namespace

std::unique_ptr<Driver> make_constant_driver() { return std::make_unique<ConstantDriver>(); }

std::unique_ptr<Driver> make_r157_driver() { return std::make_unique<R157Driver>(); }

}  // namespace huntsman::bridge::driver
