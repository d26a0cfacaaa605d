// What the parts of check() share.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "engine/road/road_geometry.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

// From here on a gap, step or kink is worth a word; from there on no wheel crosses it unharmed.
constexpr double kGap_m = 0.01;
constexpr double kWideGap_m = 1.0;
constexpr double kKink_rad = 1e-3;

struct Checker {
    const engine::world::RoadModel& model;
    engine::road::RoadGeometry geometry;
    const std::vector<int>* road_lines = nullptr;  // where the model was read from a file
    const std::vector<int>* junction_lines = nullptr;
    Findings findings;

    explicit Checker(const engine::world::RoadModel& m) : model(m), geometry(m) {}

    void at_road(Severity severity, std::uint32_t road, const char* rule,
                 const std::string& message) {
        findings.add(severity, road_lines != nullptr ? (*road_lines)[road] : 0, rule,
                     fmt::format("road {}: {}", model.roads[road].id, message));
    }
    void at_junction(Severity severity, std::uint32_t junction, const char* rule,
                     const std::string& message) {
        findings.add(severity, junction_lines != nullptr ? (*junction_lines)[junction] : 0, rule,
                     fmt::format("junction {}: {}", model.junctions[junction].id, message));
    }
    void anywhere(Severity severity, const char* rule, const std::string& message) {
        findings.add(severity, 0, rule, message);
    }
};

// One end of a lane: where traffic or walkers leave a section, or come in.
struct LaneEnd {
    std::uint32_t road = 0, section = 0;
    int lane = 0;
    engine::world::ContactPoint end = engine::world::ContactPoint::kStart;
};
// The section that a road shows at one of its ends.
std::uint32_t section_at(const engine::world::Road& road, engine::world::ContactPoint end);
const engine::world::RoadLink& link_at(const engine::world::Road& road,
                                       engine::world::ContactPoint end);
const std::vector<int>& ids_at(const engine::world::ModelLane& lane,
                               engine::world::ContactPoint end);
inline const char* word(engine::world::ContactPoint end) {
    return end == engine::world::ContactPoint::kStart ? "start" : "end";
}

// Whether two lanes that are linked meet in place and direction; `what` names them.
void check_joint(Checker& checker, const LaneEnd& from, const LaneEnd& to, const char* rule);

void check_roads(Checker& checker);      // each road by itself
void check_links(Checker& checker);      // roads and lanes that follow each other
void check_junctions(Checker& checker);  // junctions, signals and controllers

}  // namespace huntsman::scenarios::opendrive
