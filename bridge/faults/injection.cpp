#include "bridge/faults/injection.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bridge/faults/fault_fields.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::faults {

using engine::core::Error;
using engine::core::Key;
using engine::core::Status;
using engine::world::Camera;
using engine::world::VehicleCommand;

namespace {

// Calls `visit` with each fault of this kind.
template <typename T, typename Visit>
void for_each(std::span<const Fault> faults, Visit&& visit) {
    for (const Fault& fault : faults) {
        if (const T* one = std::get_if<T>(&fault)) visit(*one);
    }
}

bool is_hidden_by(const Blind& blind, bool night, const messages::EgoVehicle& vehicle,
                  const messages::PerceivedObject& object) {
    const auto c = object.object_class();
    // Things are no road users.
    if (c == messages::OBJECT_UNSPECIFIED) return false;
    if (blind.of_class != Class::kAny &&
        (blind.of_class == Class::kPedestrian) != (c == messages::OBJECT_PEDESTRIAN)) {
        return false;
    }
    if (blind.light != Light::kAny && (blind.light == Light::kNight) != night) return false;
    if (std::hypot(object.x_m(), object.y_m()) < blind.beyond_m) return false;
    const double beside = 0.5 * vehicle.width_m();
    switch (blind.side) {
        case Side::kAny:
            return true;
        case Side::kLeft:
            return object.y_m() > beside;
        case Side::kRight:
            return object.y_m() < -beside;
        case Side::kAhead:
            return object.x_m() > vehicle.front_m();
        case Side::kBehind:
            return object.x_m() < -vehicle.rear_m();
    }
    return false;
}

messages::SignalState shown(WrongSignal wrong, messages::SignalState truth) {
    switch (wrong) {
        case WrongSignal::kUnknown:
            return messages::SIGNAL_UNKNOWN;
        case WrongSignal::kRed:
            return messages::SIGNAL_RED;
        case WrongSignal::kYellow:
            return messages::SIGNAL_YELLOW;
        case WrongSignal::kGreen:
            return messages::SIGNAL_GREEN;
        case WrongSignal::kSwapped:
            return truth == messages::SIGNAL_UNKNOWN ? truth
                   : truth == messages::SIGNAL_RED   ? messages::SIGNAL_GREEN
                                                     : messages::SIGNAL_RED;
    }
    return truth;
}

// Means over squares of (2 radius + 1)², cut off at the edges: along rows, then along columns.
void blur(std::span<std::uint8_t> rgb, int width, int height, int radius) {
    std::vector<int> line;
    const auto along = [&](std::size_t first, std::size_t step, int count) {
        line.resize(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            line[static_cast<std::size_t>(i)] = rgb[first + static_cast<std::size_t>(i) * step];
        }
        for (int i = 0; i < count; ++i) {
            const int low = std::max(0, i - radius), high = std::min(count - 1, i + radius);
            int sum = 0;
            for (int k = low; k <= high; ++k) sum += line[static_cast<std::size_t>(k)];
            rgb[first + static_cast<std::size_t>(i) * step] =
                static_cast<std::uint8_t>(sum / (high - low + 1));
        }
    };
    const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
    for (std::size_t row = 0; row < h; ++row) {
        for (std::size_t c = 0; c < 3; ++c) along(3 * w * row + c, 3, width);
    }
    for (std::size_t column = 0; column < w; ++column) {
        for (std::size_t c = 0; c < 3; ++c) along(3 * column + c, 3 * w, height);
    }
}

// Drops of mud, a third of the picture, dark and opaque.
void smear(std::span<std::uint8_t> rgb, int width, int height, const Key& key) {
    constexpr std::uint64_t kDrops = 40;
    constexpr double kSmallest = 0.02, kLargest = 0.10;  // radii as shares of the width
    constexpr std::uint8_t kMud[3] = {70, 60, 45};
    for (std::uint64_t drop = 0; drop < kDrops; ++drop) {
        const Key of_drop = key.with(drop);
        const double x = of_drop.uniform(0.0, width, 0), y = of_drop.uniform(0.0, height, 1);
        const double radius = width * of_drop.uniform(kSmallest, kLargest, 2);
        const int top = std::max(0, static_cast<int>(y - radius));
        const int bottom = std::min(height - 1, static_cast<int>(y + radius));
        for (int row = top; row <= bottom; ++row) {
            const double half = std::sqrt(std::max(0.0, radius * radius - (row - y) * (row - y)));
            const int left = std::max(0, static_cast<int>(x - half));
            const int right = std::min(width - 1, static_cast<int>(x + half));
            for (int column = left; column <= right; ++column) {
                const auto at =
                    3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                         static_cast<std::size_t>(column));
                std::copy(std::begin(kMud), std::end(kMud), rgb.begin() + static_cast<long>(at));
            }
        }
    }
}

}  // namespace

VehicleCommand Actuation::operator()(VehicleCommand command) const {
    command.steer_rad = std::clamp(command.steer_rad, -steer_limit_rad, steer_limit_rad);
    // A sum with zero would lose the sign of a zero.
    if (steer_offset_rad != 0.0) command.steer_rad += steer_offset_rad;
    command.throttle = std::min(command.throttle, throttle_limit);
    command.brake = brake_share * std::min(command.brake, brake_limit);
    return command;
}

Actuation actuation_of(std::span<const Fault> faults) {
    constexpr double kDegree = engine::core::kRadiansInDegree;
    Actuation all;
    for_each<LateAction>(faults, [&](const LateAction& one) { all.late_ms += one.ms; });
    for_each<Clip>(faults, [&](const Clip& one) {
        all.steer_limit_rad = std::min(all.steer_limit_rad, kDegree * one.steer_deg);
        all.throttle_limit = std::min(all.throttle_limit, one.throttle);
        all.brake_limit = std::min(all.brake_limit, one.brake);
    });
    for_each<WeakBrakes>(faults,
                         [&](const WeakBrakes& one) { all.brake_share *= 1.0 - one.share; });
    for_each<SteerOffset>(
        faults, [&](const SteerOffset& one) { all.steer_offset_rad += kDegree * one.deg; });
    return all;
}

void misplace(std::span<const Fault> faults, messages::Route& route) {
    for_each<RouteShift>(faults, [&](const RouteShift& one) {
        for (auto& point : *route.mutable_points()) {
            point.set_x_m(point.x_m() - one.left_m * std::sin(point.heading_rad()));
            point.set_y_m(point.y_m() + one.left_m * std::cos(point.heading_rad()));
        }
    });
    for_each<SpeedLimit>(faults, [&](const SpeedLimit& one) {
        for (auto& point : *route.mutable_points()) {
            point.set_speed_limit_mps(one.factor * point.speed_limit_mps());
        }
    });
}

void deceive(std::span<const Fault> faults, bool night, const messages::EgoVehicle& vehicle,
             messages::Perception& perception) {
    for_each<Blind>(faults, [&](const Blind& blind) {
        auto& objects = *perception.mutable_objects();
        const auto gone = std::stable_partition(
            objects.begin(), objects.end(),
            [&](const auto& object) { return !is_hidden_by(blind, night, vehicle, object); });
        objects.erase(gone, objects.end());
    });
    for_each<Signals>(faults, [&](const Signals& one) {
        for (auto& signal : *perception.mutable_signals()) {
            signal.set_state(shown(one.state, signal.state()));
        }
    });
}

Status unsettle(std::span<const Fault> faults, engine::world::Rig& rig) {
    for (const Fault& fault : faults) {
        const auto* dirt = std::get_if<DirtyCamera>(&fault);
        const auto* drift = std::get_if<Drift>(&fault);
        if (dirt == nullptr && drift == nullptr) continue;
        const std::string& wanted = dirt != nullptr ? dirt->camera : drift->camera;
        const auto camera = std::ranges::find(rig.cameras, wanted, &Camera::name);
        if (camera == rig.cameras.end()) {
            std::string names;
            for (const Camera& one : rig.cameras) names += (names.empty() ? "" : ", ") + one.name;
            return Error{.message =
                             fmt::format("fault {} has name {}, expected a camera of the rig: {}",
                                         text(fault), wanted, names)};
        }
        if (drift != nullptr) {
            camera->error.drift_rad_per_sqrt_s =
                std::hypot(camera->error.drift_rad_per_sqrt_s,
                           engine::core::kRadiansInDegree * drift->deg_per_sqrt_s);
        }
    }
    return {};
}

void soil(std::span<const Fault> faults, const Key& key, const Camera& camera,
          std::span<std::uint8_t> rgb) {
    constexpr double kBlur = 0.02;  // radius as a share of the width
    for_each<DirtyCamera>(faults, [&](const DirtyCamera& one) {
        if (one.camera != camera.name) return;
        switch (one.look) {
            case Look::kBlack:
                std::ranges::fill(rgb, std::uint8_t{0});
                break;
            case Look::kBlurred:
                blur(rgb, camera.width, camera.height,
                     std::max(1, static_cast<int>(kBlur * camera.width)));
                break;
            case Look::kSmeared:
                smear(rgb, camera.width, camera.height, key.with(camera.name));
                break;
        }
    });
}

Arrivals::Arrivals(std::span<const Fault> faults, const Key& key, double frame_s) {
    for (std::size_t i = 0; i < faults.size(); ++i) {
        Keyed one{faults[i], key.with(i)};
        if (const auto* late = std::get_if<Late>(&one.fault)) {
            // A thousandth of a frame more than whole ones is a rounding error.
            one.frames = static_cast<std::uint64_t>(std::ceil(1e-3 * late->ms / frame_s - 1e-3));
        } else if (const auto* freeze = std::get_if<Freeze>(&one.fault)) {
            one.frames =
                static_cast<std::uint64_t>(std::max(1.0, std::round(freeze->seconds / frame_s)));
        } else if (std::holds_alternative<Reorder>(one.fault)) {
            one.frames = 2;
        } else if (!std::holds_alternative<Drop>(one.fault)) {
            continue;
        }
        depth_ += one.frames;
        faults_.push_back(one);
    }
}

bool Arrivals::lost(std::uint64_t frame) const {
    return std::ranges::any_of(faults_, [&](const Keyed& one) {
        const auto* drop = std::get_if<Drop>(&one.fault);
        return drop != nullptr && one.key.uniform(frame) < drop->share;
    });
}

std::uint64_t Arrivals::at(std::uint64_t frame) const {
    for (const Keyed& one : faults_) {
        if (std::holds_alternative<Late>(one.fault)) {
            frame -= std::min(frame, one.frames);
        } else if (const auto* freeze = std::get_if<Freeze>(&one.fault)) {
            const std::uint64_t span = frame / one.frames;
            if (one.key.uniform(span) < freeze->share) {
                frame = span * one.frames - std::min<std::uint64_t>(1, span);
            }
        } else if (const auto* reorder = std::get_if<Reorder>(&one.fault)) {
            if (frame == 0) continue;
            --frame;
            // Of a pair 2k, 2k + 1 both are there when the first one would come.
            if (one.key.uniform(frame / 2) < reorder->share) frame ^= 1U;
        }
    }
    return frame;
}

void Sights::add(Sight sight, std::size_t depth) {
    kept_.push_back(std::move(sight));
    while (kept_.size() > depth + 1) kept_.pop_front();
}

const Sight& Sights::of(std::uint64_t frame) const {
    const auto found =
        std::ranges::find_if(kept_, [&](const Sight& one) { return one.frame >= frame; });
    return found != kept_.end() ? *found : kept_.back();
}

std::vector<std::string> idle_faults(std::span<const Fault> faults, bool sees_pictures,
                                     bool sees_truth) {
    std::vector<std::string> sentences;
    for (const Fault& fault : faults) {
        const bool of_pictures =
            std::holds_alternative<DirtyCamera>(fault) || std::holds_alternative<Drift>(fault);
        const bool of_truth =
            std::holds_alternative<Blind>(fault) || std::holds_alternative<Signals>(fault);
        if ((of_pictures && !sees_pictures) || (of_truth && !sees_truth)) {
            sentences.push_back(fmt::format("the fault {} does nothing: this driver looks at no {}",
                                            text(fault),
                                            of_pictures ? "pictures" : "true perception"));
        }
    }
    return sentences;
}

}  // namespace huntsman::bridge::faults
