#include "apps/huntsman/bench_bridge.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "bridge/rpc/remote.h"
#include "bridge/rpc/server.h"
#include "bridge/run/driver_spec.h"
#include "engine/core/wall_time.h"
#include "sensors/rig/rig.h"

namespace huntsman::apps {

using bridge::driver::Driver;
using bridge::driver::DriverInput;
using engine::core::Result;
using engine::core::WallClock;
using nlohmann::ordered_json;
namespace messages = bridge::messages;

namespace {

constexpr int kTicks = 50, kFirstTicks = 5;      // of each repetition; not counted before them
constexpr int kRoutePoints = 87, kObjects = 40;  // as in a busy street

class Unmoved final : public Driver {
  public:
    std::string name() const override { return "unmoved"; }
    bool needs_images() const override { return true; }
    bool needs_truth() const override { return true; }
    void reset() override {}
    Result<messages::Action> drive(const DriverInput&) override {
        messages::Action action;
        action.mutable_pedals()->set_brake(0.2);
        return action;
    }
};

// One camera tick of the rig, with all that a driver is told.
struct BenchTick {
    explicit BenchTick(const engine::world::Rig& rig) {
        for (const auto& camera : rig.cameras) {
            auto& one = pixels.emplace_back(3 * static_cast<std::size_t>(camera.width) *
                                            static_cast<std::size_t>(camera.height));
            std::iota(one.begin(), one.end(), std::uint8_t{0});
            bytes += one.size();
        }
        for (std::size_t i = 0; i < rig.cameras.size(); ++i) {
            pictures.push_back({.camera = &rig.cameras[i], .rgb = pixels[i]});
        }
        observation.mutable_vehicle()->set_max_steer_rad(0.6);
        for (int i = 0; i < kRoutePoints; ++i) {
            auto& point = *observation.mutable_route()->add_points();
            point.set_s_m(i - 6);
            point.set_x_m(i - 6);
            point.set_speed_limit_mps(13.9);
            point.set_width_m(3.5);
        }
        for (int i = 0; i < kObjects; ++i) {
            auto& object = *truth.add_objects();
            object.set_x_m(i + 0.5);
            object.set_length_m(4.5);
            object.set_score(1);
        }
    }

    std::vector<std::vector<std::uint8_t>> pixels;
    std::vector<bridge::driver::CameraPicture> pictures;
    messages::Observation observation;
    messages::Perception truth;
    std::size_t bytes = 0;
};

Result<ordered_json> measure(const char* way, Driver& driver, BenchTick& tick, int repeats) {
    std::vector<double> ms;
    driver.reset();
    std::uint64_t frame = 0;
    for (int i = 0; i < kFirstTicks + repeats * kTicks; ++i) {
        tick.observation.set_frame(frame++);
        const auto start = WallClock::now();
        const auto action = driver.drive(
            {.observation = tick.observation, .pictures = tick.pictures, .truth = &tick.truth});
        if (!action) return action.error();
        if (i >= kFirstTicks) ms.push_back(1e3 * engine::core::seconds_since(start));
    }
    std::ranges::sort(ms);
    return ordered_json{{"way", way},
                        {"cameras", tick.pictures.size()},
                        {"frame_mb", 1e-6 * static_cast<double>(tick.bytes)},
                        {"ticks", ms.size()},
                        {"min_ms", ms.front()},
                        {"median_ms", ms[ms.size() / 2]},
                        {"p95_ms", ms[ms.size() * 95 / 100]}};
}

}  // namespace

Result<ordered_json> bench_bridge(const bridge::loop::RunOptions& options, int repeats) {
    HM_TAKE(const auto rig, sensors::rig::load(options.rig, options.width, options.height));
    BenchTick tick(rig);
    ordered_json rows = ordered_json::array();
    Unmoved here;
    HM_TAKE(rows.emplace_back(), measure("in process", here, tick, repeats));
    HM_TAKE(const auto server,
            bridge::rpc::DriverServer::start([] { return std::make_unique<Unmoved>(); },
                                             {.address = "127.0.0.1:0", .token = ""}));
    for (const bool shared : {true, false}) {
        bridge::rpc::RemoteSettings settings;
        settings.shared_frames = shared;
        HM_TAKE(const auto driver,
                bridge::rpc::make_remote_driver("grpc:127.0.0.1:" + std::to_string(server->port()),
                                                settings, rig));
        HM_TAKE(rows.emplace_back(),
                measure(shared ? "shared memory" : "loopback messages", *driver, tick, repeats));
    }
    if (options.driver.starts_with("grpc:") || options.driver.starts_with("exec:")) {
        HM_TAKE(const auto driver, bridge::run::make_driver(options));
        HM_TAKE(rows.emplace_back(), measure(options.driver.c_str(), *driver, tick, repeats));
    }
    return rows;
}

}  // namespace huntsman::apps
