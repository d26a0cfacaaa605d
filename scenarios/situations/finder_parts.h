// The inside of the place finder: candidates, the checks that they pass one after the other, and
// the sites that remain.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/road/compile.h"
#include "engine/road/rings.h"
#include "scenarios/situations/cross_section.h"
#include "scenarios/situations/finder.h"

namespace huntsman::scenarios::situations {

using engine::world::kNone;
using engine::world::Lane;
using engine::world::LaneId;

// A place that may become a site.
struct Candidate {
    LaneId lane = kNone;  // of the ego, at the conflict point
    double s_m = 0;
    LaneId other = kNone;
    double other_s_m = 0;
    std::uint32_t crossing = kNone;
    // Found once the ones above are known.
    std::size_t conflict = 0;
    SitePath ego, other_path;
    CrossSection section;
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
};

// One need, in the order in which they are checked.
struct Check {
    std::string what;  // "60 m of way before the conflict point"
    std::function<bool(const Candidate&)> holds;
};

struct PlaceFinder::Impl {
    explicit Impl(const engine::world::RoadModel& m)
        : model(m),
          geometry(m),
          network(engine::road::compile(m, geometry)),
          map(network),
          on_ring(engine::road::lanes_on_rings(network)) {}

    double side() const { return network.left_hand ? -1 : 1; }
    const Lane& lane(LaneId id) const { return network.lanes[id]; }

    std::vector<Candidate> candidates(const Needs& needs) const;
    void on_lanes(std::vector<Candidate>& found) const;
    void on_crossings(bool after_turns, std::vector<Candidate>& found) const;
    void in_junctions(std::vector<Candidate>& found) const;
    void at_entries(std::vector<Candidate>& found) const;
    void at_exits(std::vector<Candidate>& found) const;

    // The turn as it is where traffic drives on the right.
    std::string turn(LaneId id) const;
    // Where a connection's traffic comes from, seen from another's.
    const char* comes_from(LaneId ego, LaneId other) const;
    bool near_bridge(const Candidate& at) const;
    bool is_straight(const SitePath& path, double length_m) const;
    // Those of the candidates, in their order, that meet the needs, at most `most`.
    engine::core::Result<std::vector<Site>> first_sites(std::vector<Candidate> all,
                                                        const Needs& needs, std::size_t most) const;
    // Ways, cross-section and conflict point.
    void follow(Candidate& at, const Needs& needs) const;

    // The checks refer to the needs.
    std::vector<Check> checks(const Needs& needs) const;
    void check_way(const Needs& needs, std::vector<Check>& checks) const;
    void check_junction(const Needs& needs, std::vector<Check>& checks) const;
    void check_shape(const Needs& needs, std::vector<Check>& checks) const;
    void check_beside(const Needs& needs, std::vector<Check>& checks) const;
    // The connection by which the ego comes to the conflict point, or on which that lies.
    const Lane& connection(const Candidate& at) const;

    Site site(const Candidate& at) const;
    std::map<std::string, std::string> values(const Candidate& at, const SitePath* walk) const;

    const engine::world::RoadModel& model;
    engine::road::RoadGeometry geometry;
    engine::world::RoadNetwork network;
    engine::road::RoadMap map;
    std::vector<char> on_ring;
};

}  // namespace huntsman::scenarios::situations
