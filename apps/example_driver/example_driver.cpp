// A driver in C++ in a process of its own: keeps its lane and a moderate speed, and stops at the
// goal. Build it against bridge/rpc, and:
//
//     huntsman run --driver exec:build/release/huntsman_example_driver --no-images
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "bridge/rpc/server.h"

namespace {

using namespace huntsman;
namespace messages = bridge::messages;

class LaneKeeping final : public bridge::driver::Driver {
  public:
    std::string name() const override { return "example"; }
    bool needs_images() const override { return false; }
    void reset() override {}

    engine::core::Result<messages::Action> drive(
        const bridge::driver::DriverInput& input) override {
        const messages::Observation& observation = input.observation;
        const double speed = observation.motion().speed_mps();
        messages::Action action;
        messages::Pedals& pedals = *action.mutable_pedals();
        const messages::RoutePoint* target = point_ahead(observation.route(), 5 + speed);
        if (target == nullptr) {  // the route ends here
            pedals.set_brake(0.5);
            return action;
        }
        // The arc through B's origin, along x there, and through the target.
        const double x = target->x_m(), y = target->y_m();
        const double curvature = 2 * y / std::max(1.0, x * x + y * y);
        pedals.set_steer_rad(std::atan(curvature * observation.vehicle().wheelbase_m()));
        constexpr double kMost_mps = 8, kSideways_mps2 = 1.5;
        const double in_bends = std::sqrt(kSideways_mps2 / std::max(1e-3, std::abs(curvature)));
        const double push = std::min({kMost_mps, target->speed_limit_mps(), in_bends}) - speed;
        pedals.set_throttle(std::clamp(0.3 * push, 0.0, 0.6));
        pedals.set_brake(std::clamp(-0.2 * push, 0.0, 0.6));
        return action;
    }

  private:
    static const messages::RoutePoint* point_ahead(const messages::Route& route, double s_m) {
        for (const auto& point : route.points()) {
            if (point.s_m() >= s_m) return &point;
        }
        return nullptr;
    }
};

}  // namespace

int main() {
    // Where $HUNTSMAN_DRIVER_ADDRESS says.
    auto server = bridge::rpc::DriverServer::start([] { return std::make_unique<LaneKeeping>(); },
                                                   {.name = "example"});
    if (!server) {
        std::fprintf(stderr, "example driver: %s\n", server.error().text().c_str());
        return 2;
    }
    (*server)->wait();
    return 0;
}
