// OpenDRIVE files: reading any of revision 1.4 to 1.8, checking what was read, writing 1.8.
//
// A reader of maps meets many that are wrong. What the file says wrongly is reported with its line
// and a rule, and mended only where the standard leaves no doubt. A road that cannot be used at all
// is left out with an error; a file of which no road remains is refused. The rules stand in
// docs/opendrive.md.
//
// Reading is bounded by the file's size: at most kMaxFileBytes, linear in time and memory. Entities
// of a document type are never expanded, and a file that declares some is refused.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/findings.h"
#include "engine/core/result.h"
#include "engine/world/road_model.h"

namespace huntsman::scenarios::opendrive {

constexpr std::size_t kMaxFileBytes = std::size_t{200} << 20;

using engine::core::Finding;
using engine::core::Findings;
using engine::core::Severity;

struct Reading {
    engine::world::RoadModel model;
    std::vector<Finding> findings;  // in the order of the file, those about links at the end
    std::vector<int> road_lines;    // line of each road and junction of the model
    std::vector<int> junction_lines;
};

// Errors: a file that cannot be read, is no XML or no OpenDRIVE, or holds no usable road.
engine::core::Result<Reading> read(const std::filesystem::path& path);
// The same from a text; `file` is named in errors.
engine::core::Result<Reading> parse(std::string text, const std::string& file);

// What is wrong with a model beyond its writing: gaps, kinks and steps of roads and lanes, links
// that contradict each other or lead nowhere, junctions and signals that name what is not there.
// Findings name road, section and lane; those of a reading have the line of their road or junction
// too.
std::vector<Finding> check(const engine::world::RoadModel& model);
std::vector<Finding> check(const Reading& reading);

// The model as a file of revision 1.8 (1.5 where it has crossfall, which later ones lack). Numbers
// are written so that reading gives the same bits: a model that was read, written and read again
// is the same but for its revision and for words of other tools, which no enumeration of 1.8 has.
std::string write(const engine::world::RoadModel& model);
engine::core::Status save(const engine::world::RoadModel& model, const std::filesystem::path& path);

}  // namespace huntsman::scenarios::opendrive
