// Where the eyes of each kind of road user are, and what keeps them from seeing all around: the
// windows, pillars and mirrors of vehicles.
//
// Angles are in the body's frame, from straight ahead to the left [rad].
#pragma once

#include <array>
#include <optional>
#include <span>

#include "engine/world/world.h"

namespace huntsman::agents::senses {

namespace math = engine::math;
namespace world = engine::world;

// From `low` to `high`, which is larger.
struct Sector {
    double low_rad = 0, high_rad = 0;
    bool holds(double angle_rad) const { return angle_rad >= low_rad && angle_rad <= high_rad; }
};

struct Mirror {
    math::Vec3 p_B{0, 0, 0};
    double direction_rad = 0;  // from the eye to the mirror
    Sector behind;             // that it shows, from straight behind, to the left seen from above
    double scale = 1;          // apparent size against the direct view
};

// Eyes of a kind of road user. Without a cabin they see all around.
struct Eyes {
    bool sees = false;  // things and trailers do not
    math::Vec3 p_B{0, 0, 0};
    bool cabin = false;
    double side_rad = math::kPi;  // beyond it to both sides the body hides the direct view
    // Pillars beside the windscreen, left and right. Their width is what UN R125 allows at most
    // for both eyes together (6 degrees). Drivers miss about a third of what is near a pillar
    // [DETR 2000, Field of vision (A-pillar geometry)].
    std::array<Sector, 2> pillars;
    double sill_slope = 0;  // the bonnet hides what lies lower than this times the distance ahead
    std::array<Mirror, 3> mirrors;
    std::size_t mirror_count = 0;
    std::optional<Mirror> reversing_camera;  // shows something in reverse only

    std::span<const Mirror> all_mirrors() const { return std::span(mirrors).first(mirror_count); }
    // Whether the direct view in a direction is free of the own body. Who turns the head moves it,
    // and looks past the pillars and further back.
    bool free(double angle_rad, bool head_turned = false) const {
        constexpr double kFurther_rad = 0.45;
        if (!cabin) return true;
        if (head_turned) return std::abs(angle_rad) <= side_rad + kFurther_rad;
        return std::abs(angle_rad) <= side_rad && !pillars[0].holds(angle_rad) &&
               !pillars[1].holds(angle_rad);
    }
};

// People and riders have their eyes at 0.93 of the height. Drivers sit on the side of the road's
// middle: on the left where traffic drives on the right. Mirrors show what UN R46 asks for at
// least: outer ones 4 m beside the vehicle 20 m behind (here 15 degrees, so that the lane beside is
// seen from 10 m on), the inner one, of cars, 20 m across 60 m behind. In reverse, a camera at the
// tail shows on the dashboard what is behind, as Regulation (EU) 2019/2144 asks of new vehicles.
Eyes eyes_of(const world::Archetype& archetype, bool left_hand_traffic);

}  // namespace huntsman::agents::senses
