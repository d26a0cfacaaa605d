#include "bridge/parts/ideal.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

namespace huntsman::bridge::parts {

using messages::PerceivedObject;

namespace {

constexpr int kNone = -1;

Seen class_of(const PerceivedObject& object) {
    switch (object.object_class()) {
        case messages::OBJECT_VEHICLE:
            return Seen::kVehicle;
        case messages::OBJECT_PEDESTRIAN:
            return Seen::kPedestrian;
        default:
            return Seen::kThing;
    }
}

double distance_m(const PerceivedObject& a, const PerceivedObject& b) {
    return std::hypot(a.x_m() - b.x_m(), a.y_m() - b.y_m());
}

// The actual object of each perceived one, or kNone. Things are not matched.
std::vector<int> match(const messages::Perception& perception, const messages::Perception& actual) {
    constexpr double kNear_m = 2, kSameTrack_m = 10;
    std::vector<std::tuple<double, int, int>> pairs;
    for (int i = 0; i < perception.objects_size(); ++i) {
        const auto& seen = perception.objects(i);
        if (class_of(seen) == Seen::kThing) continue;
        for (int k = 0; k < actual.objects_size(); ++k) {
            const auto& is = actual.objects(k);
            if (class_of(is) != class_of(seen)) continue;
            const double apart = distance_m(seen, is);
            if (apart < kNear_m) {
                pairs.emplace_back(apart, i, k);
            } else if (seen.track() == is.track() && apart < kSameTrack_m) {
                pairs.emplace_back(kSameTrack_m + apart, i, k);  // after all that are near
            }
        }
    }
    std::ranges::sort(pairs);
    std::vector<int> of(static_cast<std::size_t>(perception.objects_size()), kNone);
    std::vector<bool> taken(static_cast<std::size_t>(actual.objects_size()));
    for (const auto& [apart, i, k] : pairs) {
        if (of[static_cast<std::size_t>(i)] != kNone || taken[static_cast<std::size_t>(k)]) {
            continue;
        }
        of[static_cast<std::size_t>(i)] = k;
        taken[static_cast<std::size_t>(k)] = true;
    }
    return of;
}

void add(const PerceivedObject& actual, bool with_way, messages::Perception& perception) {
    auto& object = *perception.add_objects();
    object = actual;
    object.set_track(kFirstIdealTrack + actual.track());
    if (!with_way) object.clear_way();
}

}  // namespace

void IdealPerception::improve(std::span<const Part> parts, const messages::Perception& actual,
                              messages::Perception& perception) {
    if (!needs_actual(parts)) return;
    const bool ways = has<Prediction>(parts), tracks = has<Tracks>(parts);
    const auto ideal_class = [&](const PerceivedObject& object) {
        return std::ranges::any_of(parts, [&](const Part& part) {
            const auto* of = std::get_if<Perception>(&part);
            return of != nullptr &&
                   (of->of_class == Seen::kAny || of->of_class == class_of(object));
        });
    };
    const std::vector<int> matches = match(perception, actual);
    messages::Perception better;
    *better.mutable_signals() = has<Signals>(parts) ? actual.signals() : perception.signals();
    std::vector<bool> in(static_cast<std::size_t>(actual.objects_size()));
    for (int i = 0; i < perception.objects_size(); ++i) {
        const auto& object = perception.objects(i);
        if (ideal_class(object)) continue;
        const int of = matches[static_cast<std::size_t>(i)];
        auto& kept = *better.add_objects();
        kept = object;
        if (of == kNone) continue;
        const auto& is = actual.objects(of);
        in[static_cast<std::size_t>(of)] = true;
        known_.insert(is.track());
        if (tracks) kept.set_track(kFirstIdealTrack + is.track());
        if (ways) *kept.mutable_way() = is.way();
        if (has<Velocities>(parts)) {
            kept.set_velocity_x_mps(is.velocity_x_mps());
            kept.set_velocity_y_mps(is.velocity_y_mps());
        }
    }
    for (int k = 0; k < actual.objects_size(); ++k) {
        const auto& is = actual.objects(k);
        const bool carried_on = tracks && !in[static_cast<std::size_t>(k)] &&
                                class_of(is) != Seen::kThing && known_.contains(is.track());
        if (ideal_class(is) || carried_on) add(is, ways, better);
    }
    perception = std::move(better);
}

}  // namespace huntsman::bridge::parts
