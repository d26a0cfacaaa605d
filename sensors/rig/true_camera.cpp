#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "sensors/rig/rig.h"

namespace huntsman::sensors::rig {

using engine::core::Key;
using engine::math::Quat;
using engine::math::Vec3;

namespace {

// A random walk's value at any time without its past [Lévy 1948]: the value at the end of a long
// span is drawn, then those in the middle of ever shorter spans around the asked time. Seconds
// come out as one step each; between them the walk is straight.
constexpr int kLevels = 20;  // spans of 2^20 s, twelve days

double walk(const Key& key, double time_s) {
    double span_s = std::exp2(kLevels), begin_s = 0;
    time_s = std::clamp(time_s, 0.0, span_s);
    double begin = 0, end = std::sqrt(span_s) * key.with("end").normal();
    std::uint64_t place = 1;  // of the span in the tree of halves
    for (int level = 0; level < kLevels; ++level) {
        const double middle =
            0.5 * (begin + end) + 0.5 * std::sqrt(span_s) * key.with("middle").normal(place);
        span_s *= 0.5;
        const bool later = time_s >= begin_s + span_s;
        (later ? begin : end) = middle;
        if (later) begin_s += span_s;
        place = 2 * place + (later ? 1 : 0);
    }
    return begin + (end - begin) * std::min(1.0, (time_s - begin_s) / span_s);
}

Quat rotation(const Vec3& turn_rad) {
    const double angle = glm::length(turn_rad);
    if (angle == 0) return {1, 0, 0, 0};
    const Vec3 axis = turn_rad * (std::sin(0.5 * angle) / angle);
    return {std::cos(0.5 * angle), axis.x, axis.y, axis.z};
}

}  // namespace

engine::world::Camera true_camera(const engine::world::Camera& camera, std::uint64_t seed,
                                  std::size_t index, engine::core::TimeUs time_us) {
    const auto& error = camera.error;
    if (error == engine::world::CalibrationError{}) return camera;
    const Key key = Key(seed).with("calibration").with(index);
    engine::world::Camera truth = camera;
    const auto three = [](const Key& from) {
        return Vec3(from.normal(0), from.normal(1), from.normal(2));
    };
    truth.X_BC.p += error.position_m * three(key.with("position"));

    // The error of the mounting and what the drift has added to it.
    Vec3 turn_rad = error.rotation_rad * three(key.with("rotation"));
    if (error.drift_rad_per_sqrt_s > 0) {
        const double time_s = engine::core::seconds(time_us);
        const Key drift = key.with("drift");
        turn_rad += error.drift_rad_per_sqrt_s * Vec3(walk(drift.with(0), time_s),
                                                      walk(drift.with(1), time_s),
                                                      walk(drift.with(2), time_s));
    }
    truth.X_BC.q = glm::normalize(truth.X_BC.q * rotation(turn_rad));

    const double zoom = 1 + error.focal_share * key.with("focal").normal();
    truth.lens.fx *= zoom;
    truth.lens.fy *= zoom;
    truth.lens.cx += error.centre_px * key.with("centre").normal(0);
    truth.lens.cy += error.centre_px * key.with("centre").normal(1);
    return truth;
}

}  // namespace huntsman::sensors::rig
