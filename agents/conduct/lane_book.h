// What drivers know of the roads, computed once: speeds for bends, crossings and walkways
// by lane, who gives way to whom, and standing things on the carriageway.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "agents/conduct/passing.h"
#include "agents/conduct/walk_book.h"
#include "engine/math/geometry.h"
#include "engine/road/road_map.h"
#include "engine/world/mind.h"
#include "engine/world/world.h"

namespace huntsman::agents::conduct {

namespace math = engine::math;
namespace road = engine::road;
namespace world = engine::world;

struct CrossingOnLane {
    world::CrossingId crossing = world::kNone;
    double begin_m = 0, end_m = 0;  // along the lane
    double place_m = 0;             // of the lane's centre along the crossing, from its end a
};

// Two connections of which a long vehicle on one sweeps over the other, though their centre lines
// keep apart. Stretches as in world::Conflict.
struct Sweep {
    world::LaneId other = world::kNone;
    double s_begin_m = 0, s_end_m = 0;
    double other_s_begin_m = 0, other_s_end_m = 0;
    bool self_is_long = false;  // else it matters when the vehicle on the other lane is long
    // Who has way between the two lanes by signs or the junction's order; neither where both have
    // signals, or none has a sign.
    bool yields = false, other_yields = false;
};

// Vehicles whose front is further ahead of the rear axle sweep out of their lane in turns.
constexpr double kLongFront_m = 5.0;

// Whether the map ends at a lane's end, or begins at its start: neither the lane nor any neighbour
// of its direction goes on there. A lane that opens or closes beside others does not count.
bool leaves_map(const world::RoadNetwork& roads, world::LaneId lane);
bool enters_map(const world::RoadNetwork& roads, world::LaneId lane);

// Where somebody is on a crossing.
struct OnCrossing {
    world::CrossingId crossing = world::kNone;
    double place_m = 0, length_m = 0;  // along it from its end a
    math::Vec2 along{1, 0};
};

// A tall thing beside a lane, behind which somebody may stand.
struct Cover {
    double from_m = 0, to_m = 0;  // along the lane
    double inner_m = 0;           // from the lane's middle to its side that faces it
    double side = 1;              // left 1, right -1
};

// Whether either indicator is lit, but not both.
bool indicates(std::uint32_t lamps);

class LaneBook {
  public:
    // With `open_edges` roads go on where the map ends; else they end there.
    LaneBook(const world::World& world, const road::RoadMap& map, bool open_edges = true);

    const road::RoadMap& map() const { return *map_; }
    const std::vector<world::Archetype>& archetypes() const { return *archetypes_; }
    const world::RoadNetwork& roads() const { return map_->network(); }

    // Highest comfortable speed at s, with slowing down for what comes later on the lane.
    double speed_mps(world::LaneId lane, double s_m) const;
    // Lowest of them on the lane.
    double slowest_mps(world::LaneId lane) const { return slowest_[lane]; }

    const std::vector<CrossingOnLane>& crossings(world::LaneId lane) const {
        return crossings_[lane];
    }
    // What may hide people beside a lane, by ascending from_m.
    const std::vector<Cover>& covers(world::LaneId lane) const { return covers_[lane]; }
    // How far to the left of a lane's middle the cycle lane beside it lies; nothing without one.
    std::optional<double> cycle_lane_m(world::LaneId lane, double s_m) const;
    // The crossing that a place is on, or within a step of its ends.
    std::optional<OnCrossing> crossing_at(const math::Vec3& p) const;
    // The lanes that a vehicle seems to take: as its indicator says, else straight on.
    world::DriverMind::Route believed_route(const world::Track& track) const;
    // Whether the *other* lane of conflict `index` of `lane` must give way.
    bool other_yields(world::LaneId lane, std::size_t index) const {
        return other_yields_[lane][index] != 0;
    }
    const std::vector<Sweep>& sweeps(world::LaneId lane) const { return sweeps_[lane]; }
    // Whether a lane is part of a roundabout, between or inside its junctions.
    bool on_ring(world::LaneId lane) const { return on_ring_[lane] != 0; }
    // How much wider the road is across than it looks from above: over one on a banked road.
    double stretch(world::LaneId lane, double s_m) const {
        const auto& list = stretch_[lane];
        if (list.empty()) return 1.0;
        const auto i = static_cast<std::size_t>(std::max(0.0, s_m));
        return list[std::min(i, list.size() - 1)];
    }
    // Whether a bus can drive the lane and go on from it without a bend that is too narrow.
    bool for_buses(world::LaneId lane) const { return for_buses_[lane] != 0; }
    // Smallest radius of a lane [m].
    double radius_m(world::LaneId lane) const { return radius_[lane]; }
    // How far to the left of a lane's centre a vehicle keeps its rear axle: a long one in bends to
    // the inside, so that its nose swings less far out, and aside from what would be in its way.
    double keep_left_m(world::LaneId lane, double s_m, const world::Extent& extent) const;
    // Whether a long vehicle would touch something that stands beside the lane.
    bool tight(world::LaneId lane) const { return tight_[lane] != 0; }
    // Whether a bus on the lane need never come to a tight one.
    bool roomy(world::LaneId lane) const { return roomy_[lane] != 0; }
    // How far before a connection's stop line long vehicles stand, as others turn into their arm
    // [m].
    double hold_m(world::LaneId connection) const { return hold_m_[connection]; }
    // Whether vehicles leave the map at the lane's end.
    bool leaves(world::LaneId lane) const { return leaves_[lane] != 0; }
    // Length of the longest way on from a lane's start, its own included; at least kEnough_m where
    // no road ends within that, or where one leaves the map. A lane with a kink sharper than any
    // car can steer ends the way.
    double onward_m(world::LaneId lane) const { return onward_m_[lane]; }
    static constexpr double kEnough_m = 300.0, kLeastRadius_m = 3.0;

    // Static boxes that reach onto a driving lane.
    const std::vector<math::Box2>& obstacles() const { return obstacles_; }
    const std::vector<world::ActorId>& obstacle_ids() const { return obstacle_ids_; }
    double obstacle_z_m(std::size_t i) const { return obstacle_z_m_[i]; }
    // The ways past them.
    const Detours& detours() const { return detours_; }
    // Where people on foot go.
    const WalkBook& walks() const { return walks_; }

    // Static boxes within kReach_m of a place and their heights, for people who walk around them
    // and for long vehicles, whose bodies leave the carriageway in bends.
    template <typename Visit>
    void near_boxes(const math::Vec2& p, Visit visit) const {
        const auto x = static_cast<std::int64_t>(std::floor((p.x - low_.x) / kCell_m));
        const auto y = static_cast<std::int64_t>(std::floor((p.y - low_.y) / kCell_m));
        if (x < 0 || y < 0 || x >= columns_ || y >= rows_) return;
        for (const std::uint32_t i : cells_[static_cast<std::size_t>(y * columns_ + x)]) {
            visit(boxes_[i], box_z_m_[i]);
        }
    }

    static constexpr double kLateral_mps2 = 2.5;  // comfortable in bends
    static constexpr double kSlowing_mps2 = 1.5;  // comfortable before bends

    static constexpr double kReach_m = 2.5;  // at which people begin to walk around something

  private:
    static constexpr double kCell_m = 4.0;

    // A bus that drives along a lane: its boxes by the place of its rear axle, which may lie on the
    // lanes before and after [m from the lane's start].
    struct Drive {
        std::vector<double> s_m;
        std::vector<math::Box2> boxes;
    };
    Drive drive_bus(world::LaneId lane) const;
    bool touches(world::LaneId lane) const;
    void find_speeds(const world::Lane& lane, bool banked);
    void find_crossings();
    void find_crossing_cells();
    void find_covers(const world::World& world);
    void find_cycle_lanes();
    void find_believed_ways();
    void find_rights_of_way();
    void find_ways_on(bool open_edges);
    void find_boxes(const world::World& world);
    void fill_cells();
    void find_tight_lanes();
    void find_roomy_lanes();
    void find_sweeps(const world::Junction& junction);
    void find_holds(const world::Junction& junction);

    const road::RoadMap* map_;
    const std::vector<world::Archetype>* archetypes_;
    const world::Archetype* bus_ = nullptr;  // the longest vehicle; none where all are short
    std::vector<std::vector<Sweep>> sweeps_;
    std::vector<double> radius_;
    std::vector<double> aside_m_;  // of long vehicles from where they keep otherwise, left positive
    std::vector<char> tight_;
    std::vector<double> hold_m_;
    std::vector<char> leaves_;
    std::vector<char> on_ring_, for_buses_, roomy_;
    std::vector<double> onward_m_;
    std::vector<std::vector<double>> speeds_;  // every metre of each lane
    std::vector<double> slowest_;
    std::vector<std::vector<double>> stretch_;  // every metre; empty for lanes that are level
    std::vector<std::vector<CrossingOnLane>> crossings_;
    std::vector<std::vector<Cover>> covers_;
    std::vector<world::LaneId> cycle_lanes_;  // beside each lane; kNone without one
    // The way on at each lane's end: without an indicator, with the left one, with the right one.
    std::vector<std::array<world::LaneId, 3>> believed_next_;
    std::vector<std::vector<char>> other_yields_;
    std::vector<math::Box2> obstacles_;
    std::vector<world::ActorId> obstacle_ids_;
    std::vector<double> obstacle_z_m_;
    Detours detours_;
    WalkBook walks_;
    std::vector<math::Box2> boxes_;
    std::vector<double> box_z_m_;
    math::Vec2 low_{0, 0};
    std::int64_t columns_ = 0, rows_ = 0;
    std::vector<std::vector<std::uint32_t>> cells_;
    // Crossings by square of kCrossingCell_m: (cell, crossing), sorted.
    static constexpr double kCrossingCell_m = 16.0;
    std::vector<std::pair<std::int64_t, world::CrossingId>> crossing_cells_;
};

}  // namespace huntsman::agents::conduct
