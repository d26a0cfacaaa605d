// The place finder: where on a map the needs of a situation hold.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/road_model.h"
#include "scenarios/situations/needs.h"
#include "scenarios/situations/path.h"

namespace huntsman::scenarios::situations {

// A place for a situation. Paths: "ego"; "other": the way of who meets it, where the needs name
// one; "walk": across the road at the conflict point, from the near side to the far side.
struct Site {
    std::map<std::string, SitePath> paths;
    std::map<std::string, std::string> values;  // what expressions may name: see docs/situations.md
    engine::math::Vec3 conflict_W{0, 0, 0};
    std::string description;  // "road 12 at s = 40.2 m, ..."
};

class PlaceFinder {
  public:
    // The model must outlive the object, and the object its sites.
    explicit PlaceFinder(const engine::world::RoadModel& model);
    ~PlaceFinder();

    // At most `most` sites, in an order drawn from the seed. Error: nothing fits; the sentence says
    // which need failed, and how many places met those before it.
    engine::core::Result<std::vector<Site>> find(const Needs& needs, std::uint64_t seed,
                                                 std::size_t most) const;

    // The same, those nearest to a point first.
    engine::core::Result<std::vector<Site>> find_near(const Needs& needs,
                                                      const engine::math::Vec2& near_W,
                                                      std::size_t most) const;

    const engine::road::RoadGeometry& geometry() const;
    const engine::world::RoadNetwork& network() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::scenarios::situations
