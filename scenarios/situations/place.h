// Placing: a situation, a site and values become an OpenSCENARIO document.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "scenarios/situations/finder.h"
#include "scenarios/situations/situation.h"
#include "scenarios/story/element.h"

namespace huntsman::scenarios::situations {

struct Placed {
    story::Document document;  // plain OpenSCENARIO 1.3: no parameters, no expressions
    Values values;             // of the parameters
    std::vector<engine::world::LaneId> ego_lanes;
    engine::math::Vec3 conflict_W{0, 0, 0};
    std::string site;  // where, in words
    // When the front of an ego that keeps lane and speed is at the conflict point.
    double critical_s = 0;
};

// `map_file` is what the document names as its map. The document's file header keeps the
// situation's name ("huntsman.situation"), the values ("huntsman.value.NAME") and the criteria as
// properties. Errors name the situation's file and
// the line of an expression that has no value here, or of a place that the site does not reach.
engine::core::Result<Placed> place(const Situation& situation, const PlaceFinder& finder,
                                   const Site& site, const Values& values,
                                   const std::filesystem::path& map_file);

// On the first site of the seed where the values can be placed. Errors: nothing fits.
engine::core::Result<Placed> place_anywhere(const Situation& situation, const PlaceFinder& finder,
                                            std::uint64_t seed, const Values& values,
                                            const std::filesystem::path& map_file);

// On the site nearest to a point where the values can be placed. Errors: nothing fits.
engine::core::Result<Placed> place_nearest(const Situation& situation, const PlaceFinder& finder,
                                           const engine::math::Vec2& near_W, const Values& values,
                                           const std::filesystem::path& map_file);

}  // namespace huntsman::scenarios::situations
