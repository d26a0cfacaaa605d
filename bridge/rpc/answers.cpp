#include "bridge/rpc/answers.h"

#include <cmath>
#include <initializer_list>
#include <limits>

namespace huntsman::bridge::rpc {

using engine::core::Error;
using engine::core::Status;

namespace {

constexpr int kMostPoints = 1000, kMostObjects = 10'000;
constexpr double kFarthest_m = 1e5;

bool all_finite(std::initializer_list<double> values) {
    for (const double value : values) {
        if (!std::isfinite(value)) return false;
    }
    return true;
}
bool is_near(double x_m, double y_m) {
    return std::abs(x_m) < kFarthest_m && std::abs(y_m) < kFarthest_m;
}

Status check_pedals(const messages::Pedals& pedals) {
    if (all_finite({pedals.steer_rad(), pedals.throttle(), pedals.brake()})) return {};
    return Error{.message = "answers pedals that are not finite, expected numbers"};
}

Status check_trajectory(const messages::Trajectory& trajectory) {
    const auto& points = trajectory.points();
    if (points.size() < 2 || points.size() > kMostPoints) {
        return Error{.message =
                         fmt::format("answers a trajectory of {} point{}, expected 2 to {}",
                                     points.size(), points.size() == 1 ? "" : "s", kMostPoints)};
    }
    double before_s = -std::numeric_limits<double>::infinity();
    for (const auto& point : points) {
        if (!all_finite(
                {point.t_s(), point.x_m(), point.y_m(), point.heading_rad(), point.speed_mps()}) ||
            !is_near(point.x_m(), point.y_m())) {
            return Error{.message = fmt::format("answers a trajectory that is not finite, expected "
                                                "numbers and places within {:g} m",
                                                kFarthest_m)};
        }
        if (point.t_s() < 0) {
            return Error{.message =
                             "answers a trajectory into the past, expected times from 0 s "
                             "on, counted from the observation"};
        }
        if (point.t_s() <= before_s) {
            return Error{.message = "answers a trajectory whose times do not increase strictly"};
        }
        before_s = point.t_s();
    }
    return {};
}

Status check_object(const messages::PerceivedObject& object) {
    if (!messages::ObjectClass_IsValid(object.object_class())) {
        return Error{.message = fmt::format("perceives an object of the class {}, expected {} to "
                                            "{}",
                                            static_cast<int>(object.object_class()),
                                            static_cast<int>(messages::ObjectClass_MIN),
                                            static_cast<int>(messages::ObjectClass_MAX))};
    }
    bool fine = all_finite({object.score(), object.z_m(), object.length_m(), object.width_m(),
                            object.height_m(), object.yaw_rad(), object.velocity_x_mps(),
                            object.velocity_y_mps()}) &&
                is_near(object.x_m(), object.y_m());
    double before_s = -std::numeric_limits<double>::infinity();
    for (const auto& place : object.way()) {
        fine = fine && std::isfinite(place.t_s()) && is_near(place.x_m(), place.y_m());
        if (place.t_s() <= before_s) {
            return Error{.message =
                             "perceives an object whose way has times that do not increase "
                             "strictly"};
        }
        before_s = place.t_s();
    }
    if (fine && object.length_m() >= 0 && object.width_m() >= 0 && object.height_m() >= 0) {
        return {};
    }
    return Error{.message = fmt::format("perceives an object that is not finite, expected numbers, "
                                        "places within {:g} m and sizes that are not negative",
                                        kFarthest_m)};
}

Status check_perception(const messages::Perception& perception) {
    if (perception.objects_size() > kMostObjects || perception.signals_size() > kMostObjects) {
        return Error{.message = fmt::format("perceives {} objects and {} signals, expected at most "
                                            "{} of each",
                                            perception.objects_size(), perception.signals_size(),
                                            kMostObjects)};
    }
    for (const auto& object : perception.objects()) HM_TRY(check_object(object));
    for (const auto& signal : perception.signals()) {
        if (!messages::SignalState_IsValid(signal.state()) || !std::isfinite(signal.score())) {
            return Error{.message = "perceives a signal whose state or score is not known"};
        }
    }
    return {};
}

}  // namespace

Status check_answer(const messages::Action& action, bool perception_alone) {
    if (perception_alone && !action.has_perception()) {
        return Error{.message = "answers no perception, which it said it would"};
    }
    if (!perception_alone && action.control_case() == messages::Action::CONTROL_NOT_SET) {
        return Error{.message = "answers neither pedals nor a trajectory"};
    }
    if (action.has_pedals()) HM_TRY(check_pedals(action.pedals()));
    if (action.has_trajectory()) HM_TRY(check_trajectory(action.trajectory()));
    if (action.has_perception()) HM_TRY(check_perception(action.perception()));
    return {};
}

std::string excess_of(const messages::Pedals& pedals, const messages::EgoVehicle& vehicle) {
    constexpr double kSlack = 0.2;  // a network need not saturate exactly
    const double most = vehicle.max_steer_rad();
    if (most > 0 && std::abs(pedals.steer_rad()) > (1 + kSlack) * most) {
        return fmt::format(
            "steers beyond {:.3g} rad, the angle of the road wheels that the car "
            "has; it is cut",
            most);
    }
    for (const double value : {pedals.throttle(), pedals.brake()}) {
        if (value < -kSlack || value > 1 + kSlack) {
            return "presses pedals beyond the range of 0 to 1; it is cut";
        }
    }
    return "";
}

}  // namespace huntsman::bridge::rpc
