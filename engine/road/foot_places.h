// Where people can be on the walkways, and how busy each such place is.
//
// Places lie in rows along the walkways that run beside carriageways: clear of things that stand
// there, of the carriageway and of each other, so that there is one for each person that the
// walkways hold at once. How busy a place is follows from what the world has there: crossings, bus
// stops, shop fronts and signs of schools.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/random.h"
#include "engine/math/vec.h"
#include "engine/road/road_map.h"
#include "engine/world/world.h"

namespace huntsman::engine::road {

// What brings people to a place.
enum class Draw : std::uint8_t { kNothing, kCrossing, kBusStop, kShop, kSchool };

struct FootPlace {
    world::WalkwayId walkway = world::kNone;
    double s_m = 0, t_m = 0;     // along the walkway, and to the left of its middle
    math::Vec3 p_W{0, 0, 0};     // on the ground
    double along_rad = 0;        // direction of the walkway
    Draw draw = Draw::kNothing;  // the strongest
    double busy = 1;             // how many people are here, against a plain pavement
};

class FootPlaces {
  public:
    FootPlaces() = default;  // no places
    // Neither the world nor the map is kept.
    FootPlaces(const world::World& world, const RoadMap& map);

    std::span<const FootPlace> all() const { return places_; }

    // How many people are about at a distance from the place that the ego drives towards, against
    // its surroundings: people live where the ego can meet them.
    static double presence(double distance_m);
    static constexpr double kPresent_m = 130;  // beyond it the presence is the least
    // That place: somewhat ahead of the ego.
    static math::Vec2 middle(const math::RigidTransform& X_WE);

    // A place within `kPresent_m` of the middle, by how busy it is and the presence there; nothing
    // where there is none.
    std::optional<std::uint32_t> draw(const math::Vec2& middle, const core::Key& key) const;

    // Puts a spawn at a place, a little beside its middle: walking either way, or standing where
    // people stand, facing the road at a bus stop and anywhere before a shop. Who stands has no
    // walkway. Any two people at different places are at least `kApart_m` apart.
    void put(std::uint32_t index, const core::Key& key, world::Spawn& spawn) const;
    static constexpr double kApart_m = 0.7;

  private:
    // The places in a square of the plane.
    struct Bin {
        math::Vec2 centre{0, 0};
        double busy = 0;
        std::vector<std::uint32_t> places;
    };
    void find_places(const world::World& world, const RoadMap& map);
    void fill_bins();

    std::vector<FootPlace> places_;
    std::vector<double> towards_road_rad_;  // by place
    std::vector<Bin> bins_;
};

}  // namespace huntsman::engine::road
