#include "scenarios/town/mirror.h"

#include <algorithm>

namespace huntsman::scenarios::town {

using namespace engine::world;

namespace {

void negate(Profile& profile) {
    for (Cubic& c : profile) {
        c.a = -c.a;
        c.b = -c.b;
        c.c = -c.c;
        c.d = -c.d;
    }
}

void mirror_lane(ModelLane& lane) {
    lane.id = -lane.id;
    negate(lane.borders);
    for (int& id : lane.predecessors) id = -id;
    for (int& id : lane.successors) id = -id;
    for (RoadMark& mark : lane.marks) {
        negate(mark.sway);
        for (auto* lines : {&mark.lines, &mark.explicit_lines}) {
            for (MarkLine& line : *lines) line.t_offset_m = -line.t_offset_m;
        }
        if (mark.lane_change == LaneChange::kIncrease) {
            mark.lane_change = LaneChange::kDecrease;
        } else if (mark.lane_change == LaneChange::kDecrease) {
            mark.lane_change = LaneChange::kIncrease;
        }
    }
}

void mirror_validity(std::vector<LaneRange>& validity) {
    for (LaneRange& range : validity) range = {-range.to, -range.from};
}

void mirror_object(ModelObject& object) {
    object.t_m = -object.t_m;
    object.heading_rad = -object.heading_rad;
    object.roll_rad = -object.roll_rad;
    for (ObjectRepeat& repeat : object.repeats) {
        repeat.t_start_m = -repeat.t_start_m;
        repeat.t_end_m = -repeat.t_end_m;
    }
    for (Outline& outline : object.outlines) {
        for (OutlineCorner& corner : outline.corners) corner.b = -corner.b;
        std::reverse(outline.corners.begin(), outline.corners.end());
    }
    mirror_validity(object.validity);
}

void mirror_road(Road& road) {
    road.left_hand = !road.left_hand;
    for (PlanPiece& piece : road.plan) {
        piece.y_m = -piece.y_m;
        piece.heading_rad = -piece.heading_rad;
        piece.curvature_start = -piece.curvature_start;
        piece.curvature_end = -piece.curvature_end;
        piece.a_v = -piece.a_v;
        piece.b_v = -piece.b_v;
        piece.c_v = -piece.c_v;
        piece.d_v = -piece.d_v;
    }
    negate(road.lane_offset);
    negate(road.superelevation);
    for (LaneSection& section : road.sections) {
        for (ModelLane& lane : section.lanes) mirror_lane(lane);
        std::reverse(section.lanes.begin(), section.lanes.end());
    }
    for (ModelSignal& signal : road.signals) {
        signal.t_m = -signal.t_m;
        signal.h_offset_rad = -signal.h_offset_rad;
        mirror_validity(signal.validity);
    }
    for (SignalReference& reference : road.signal_references) {
        reference.t_m = -reference.t_m;
        mirror_validity(reference.validity);
    }
    for (ModelObject& object : road.objects) mirror_object(object);
    for (ObjectReference& reference : road.object_references) {
        reference.t_m = -reference.t_m;
        mirror_validity(reference.validity);
    }
    for (Structure& structure : road.structures) mirror_validity(structure.validity);
}

}  // namespace

void mirror(RoadModel& model) {
    for (Road& road : model.roads) mirror_road(road);
    for (ModelJunction& junction : model.junctions) {
        for (JunctionConnection& connection : junction.connections) {
            for (LaneLink& link : connection.lanes) link = {-link.from, -link.to};
        }
    }
    std::swap(model.north_m, model.south_m);
    model.north_m = -model.north_m;
    model.south_m = -model.south_m;
}

}  // namespace huntsman::scenarios::town
