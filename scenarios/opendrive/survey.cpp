#include "scenarios/opendrive/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "engine/road/road_geometry.h"
#include "scenarios/opendrive/names.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;
using engine::math::Vec3;
using engine::road::RoadGeometry;

namespace {

void count_road(const Road& road, Survey& result) {
    ++result.roads;
    if (!road.junction_id.empty()) ++result.connecting_roads;
    result.road_length_m += road.length_m;
    for (const PlanPiece& piece : road.plan) ++result.pieces[name(piece.kind)];
    for (std::size_t k = 0; k < road.sections.size(); ++k) {
        const double end = k + 1 < road.sections.size() ? road.sections[k + 1].s_m : road.length_m;
        ++result.sections;
        for (const ModelLane& lane : road.sections[k].lanes) {
            result.marks += lane.marks.size();
            if (lane.id == 0) continue;
            ++result.lanes;
            Survey::Lanes& row = result.lane_types[name(lane.type)];
            ++row.number;
            row.length_m += end - road.sections[k].s_m;
        }
    }
    for (const ModelSignal& signal : road.signals)
        ++(signal.dynamic ? result.lights : result.signs);
    result.signal_references += road.signal_references.size();
    for (const ModelObject& object : road.objects)
        ++result.objects[object.type.empty() ? "none" : object.type];
    for (const Structure& structure : road.structures)
        ++(structure.kind == Structure::Kind::kBridge ? result.bridges : result.tunnels);
}

double steps_of(double length_m, double step_m) {
    return std::max(1.0, std::ceil(length_m / step_m - 1e-9));
}

}  // namespace

Survey survey(const RoadModel& model) {
    Survey result;
    for (const Road& road : model.roads) count_road(road, result);
    for (const ModelJunction& junction : model.junctions) {
        ++result.junctions[name(junction.kind)];
        result.connections += junction.connections.size();
    }
    result.controllers = model.controllers.size();
    result.junction_groups = model.junction_groups.size();

    // The box around the outermost borders.
    const RoadGeometry geometry(model);
    constexpr double kStep_m = 5, kMostSteps = 1e4;
    constexpr double kFar = std::numeric_limits<double>::infinity();
    Vec3 low(kFar, kFar, kFar), high = -low;
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            if (road.sections[k].lanes.empty()) continue;
            const double begin = road.sections[k].s_m;
            const double length = geometry.section_end_m(r, k) - begin;
            const double steps = std::min(steps_of(length, kStep_m), kMostSteps);
            for (double i = 0; i <= steps; ++i) {
                for (const ModelLane* lane :
                     {&road.sections[k].lanes.front(), &road.sections[k].lanes.back()}) {
                    const Vec3 p = geometry.border(r, k, lane->id, begin + length * i / steps).p;
                    low = glm::min(low, p);
                    high = glm::max(high, p);
                }
            }
        }
    }
    if (low.x <= high.x) {
        result.low = low;
        result.high = high;
    }
    return result;
}

double sample_rows(const RoadModel& model, double step_m) {
    double rows = 0;
    for (const Road& road : model.roads) {
        for (std::size_t k = 0; k < road.sections.size(); ++k) {
            const double end =
                k + 1 < road.sections.size() ? road.sections[k + 1].s_m : road.length_m;
            rows += (steps_of(end - road.sections[k].s_m, step_m) + 1) *
                    static_cast<double>(road.sections[k].lanes.size());
        }
    }
    return rows;
}

std::string sample_csv(const RoadModel& model, double step_m) {
    const RoadGeometry geometry(model);
    std::string csv = "road,section,lane,s,x,y,z,heading,width\n";
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        // An id is free text; in a table it must not end the field.
        std::string id = road.id;
        std::replace_if(
            id.begin(), id.end(), [](char c) { return c == ',' || c == '"' || c == '\n'; }, '_');
        for (std::uint32_t k = 0; k < road.sections.size(); ++k) {
            const double begin = road.sections[k].s_m;
            const double length = geometry.section_end_m(r, k) - begin;
            const double steps = steps_of(length, step_m);
            for (const ModelLane& lane : road.sections[k].lanes) {
                for (double i = 0; i <= steps; ++i) {
                    const double s = begin + length * i / steps;
                    const auto border = geometry.border(r, k, lane.id, s);
                    fmt::format_to(std::back_inserter(csv),
                                   "{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.9f},{:.6f}\n", id, k,
                                   lane.id, s, border.p.x, border.p.y, border.p.z,
                                   border.heading_rad, geometry.width_m(r, k, lane.id, s));
                }
            }
        }
    }
    return csv;
}

}  // namespace huntsman::scenarios::opendrive
