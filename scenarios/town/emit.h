// From the plan to a road model. Internal to the town.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/dice.h"
#include "scenarios/town/layout.h"

namespace huntsman::scenarios::town {

using engine::core::Dice;

// Cubics without a kink through (s, value) points; slopes are zero at each.
engine::world::Profile smooth_profile(const std::vector<std::pair<double, double>>& points);
// From one value to another over a length, without a kink at either end.
engine::world::Profile eased_profile(double from, double to, double length_m);

// Radii of a lane's centre in a junction.
constexpr double kLeastTurn_m = 4.6, kWidestTurn_m = 60.0;

// A lane without marks or speeds, raised by `height_m`.
engine::world::ModelLane plain_lane(int id, engine::world::LaneType type,
                                    const engine::world::Profile& width, double height_m = 0);

// A lane of a connecting road: its id there, and what it continues.
struct LaneJoin {
    engine::world::ModelLane lane;
    int from = 0, to = 0;  // lanes of the incoming and the outgoing road; 0: none
};

constexpr double kPoleFromKerb_m = 0.5;  // of signals and signs

// Which signals are read by those who drive towards the node, and by those who leave it.
engine::world::Orientation inbound(const Arm& arm);
engine::world::Orientation outbound(const Arm& arm);

// A sign's type in the United States and in the countries of the Vienna convention.
struct SignNames {
    const char* us;
    const char* vienna;
    const char* name;
};

struct Emitter {
    const TownStyle& style;
    Layout& layout;
    Dice dice;
    engine::world::RoadModel model;
    int next_signal = 1, next_object = 1;

    bool us() const { return style.country == "US"; }

    // emit_streets.cpp
    void add_streets();
    void add_street_objects();
    void add_railway();
    // emit_junctions.cpp: false where a connection would be too tight.
    bool add_junctions();
    bool add_crossing_node(std::uint32_t node);
    bool add_dead_end(std::uint32_t node);
    bool add_gore(std::uint32_t node);
    // emit_roundabout.cpp
    bool add_roundabout(std::uint32_t node);
    // emit_signals.cpp
    void add_signals(std::uint32_t node);
    // emit_signs.cpp
    void add_signs(std::uint32_t node);
    void add_arm_crossing(const Node& node, const Arm& arm);
    void post_priority(const Node& node, const Arm& arm);
    void post_entry(const Arm& arm);
    void add_street_signs();
    void clear_crossings();

    // Pieces.
    std::uint32_t add_junction(const std::string& name);
    // A connecting road of a junction from one road's end to another's. `from` and `to` may be
    // kNone only where no road meets that end.
    struct End {
        std::uint32_t road = engine::world::kNone;
        engine::world::ContactPoint contact = engine::world::ContactPoint::kUnknown;
    };
    std::uint32_t add_connection(std::uint32_t junction, const Path& path, double z_m,
                                 const End& from, const End& to, std::vector<LaneJoin> lanes,
                                 const engine::world::Profile& lane_offset, double speed_mps);
    // A lane where its road ends.
    struct LaneEnd {
        End road;
        int lane = 0;
        double width_m = 0;
    };
    // A connecting road of one driving lane whose centre is the path.
    std::uint32_t add_turn(std::uint32_t junction, const Path& path, double z_m,
                           const LaneEnd& from, const LaneEnd& to, double speed_mps);
    // What lies right of a kerb line at one of its ends: the pavement and the strip between the
    // lanes and the kerb, as lanes of the road that meets it there (0: none).
    struct KerbEnd {
        Pose2 kerb;  // on the kerb, in the corner's direction
        End road;
        double walk_m = 0;    // width of the pavement
        double gutter_m = 0;  // from the outermost driving lane to the kerb
        int walk_lane = 0, gutter_lane = 0;
    };
    KerbEnd kerb_end(const Arm& arm, bool left_of_arm, const Node& node) const;
    // Gutter and pavement around a corner, from one kerb to the next, land on the right; nothing
    // where neither goes on. False where it would be too tight.
    bool add_corner(std::uint32_t junction, double z_m, const KerbEnd& from, const KerbEnd& to,
                    double radius_m);
    void set_junction(const End& end, std::uint32_t junction);
    End end_of(const Arm& arm) const;
    // Road coordinates of a point given along and to the left of an arm.
    std::pair<double, double> on_road(const Arm& arm, double along_m, double left_m) const;
    engine::world::ModelSignal& add_signal(std::uint32_t road, double s_m, double t_m,
                                           engine::world::Orientation orientation);
    // A sign beside an arm.
    engine::world::ModelSignal& post_sign(const Arm& arm, double along_m, double left_m,
                                          engine::world::Orientation orientation,
                                          const SignNames& names);
    // A crossing on a road with the (s, t) of its corners; `object` gives name, place and length.
    void add_crosswalk(std::uint32_t road, engine::world::ModelObject object,
                       std::span<const std::pair<double, double>> corners);
};

}  // namespace huntsman::scenarios::town
