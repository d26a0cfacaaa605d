#include "agents/senses/eyes.h"

#include "agents/senses/degrees.h"

namespace huntsman::agents::senses {

namespace {

using world::Semantic;

constexpr double kTail_m = 0.9;  // height of the camera at the tail

// Seat of a kind of vehicle: the eye's place as shares of the body's front and height. Estimates
// from drawings of common vehicles; heights come near the 1.08 m (cars) and 2.33 m (lorries) that
// road design reckons with [AASHTO 2018, Green Book, ch. 3.2.6].
struct Seat {
    double ahead, high;
    double sill_slope;  // 1.2 m of eye height with the ground seen from 5 m ahead; cab-over: closer
    bool rear_window;
};
Seat seat_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kTruck:
        case Semantic::kBus:
            return {0.9, 0.65, 0.7, false};
        case Semantic::kVan:
            return {0.6, 0.75, 0.35, false};
        default:
            return {0.4, 0.8, 0.24, true};
    }
}

}  // namespace

Eyes eyes_of(const world::Archetype& archetype, bool left_hand_traffic) {
    const world::Extent& extent = archetype.extent;
    Eyes eyes;
    const Semantic kind = archetype.semantic;
    if (kind == Semantic::kTrailer || !world::is_actor(kind) || kind == Semantic::kMovable) {
        return eyes;
    }
    eyes.sees = true;
    if (!world::is_vehicle(kind) || world::is_two_wheeler(kind)) {
        eyes.p_B = {extent.centre_x_m(), 0, 0.93 * extent.height_m};
        return eyes;
    }
    const Seat seat = seat_of(kind);
    const double side = left_hand_traffic ? -1 : 1;  // of the driver: left positive
    eyes.p_B = {seat.ahead * extent.front_m, side * 0.2 * extent.width_m,
                seat.high * extent.height_m};
    eyes.cabin = true;
    eyes.side_rad = 135 * kDegree;  // the pillars behind the doors, when looking over a shoulder
    eyes.sill_slope = seat.sill_slope;
    // The pillar on the driver's side is closer, at a smaller angle.
    const auto pillar = [](double middle_deg) {
        return Sector{(middle_deg - 3) * kDegree, (middle_deg + 3) * kDegree};
    };
    eyes.pillars = {pillar(side > 0 ? 32 : 52), pillar(side > 0 ? -52 : -32)};
    const double mirror_x = eyes.p_B.x + 0.35 * extent.width_m;
    for (const double at : {1.0, -1.0}) {
        Mirror mirror;
        mirror.p_B = {mirror_x, at * 0.55 * extent.width_m, 0.85 * eyes.p_B.z};
        mirror.direction_rad = std::atan2(mirror.p_B.y - eyes.p_B.y, mirror.p_B.x - eyes.p_B.x);
        mirror.behind =
            at > 0 ? Sector{-15 * kDegree, 0.5 * kDegree} : Sector{-0.5 * kDegree, 15 * kDegree};
        mirror.scale = 0.5;  // convex, radius 1.2 m
        eyes.mirrors[eyes.mirror_count++] = mirror;
    }
    if (seat.rear_window) {
        Mirror mirror;
        mirror.p_B = {mirror_x, 0, eyes.p_B.z};
        mirror.direction_rad = std::atan2(mirror.p_B.y - eyes.p_B.y, mirror.p_B.x - eyes.p_B.x);
        mirror.behind = {-9.5 * kDegree, 9.5 * kDegree};
        eyes.mirrors[eyes.mirror_count++] = mirror;
    }
    eyes.reversing_camera = Mirror{.p_B = {-extent.rear_m, 0, kTail_m},
                                   .direction_rad = side * -25 * kDegree,
                                   .behind = {-65 * kDegree, 65 * kDegree},
                                   .scale = 0.35};
    return eyes;
}

}  // namespace huntsman::agents::senses
