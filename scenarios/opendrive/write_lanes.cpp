// Lane sections, lanes and road marks.
#include <cmath>

#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/writer.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

void write_line(XmlWriter& xml, const MarkLine& line, bool repeated) {
    xml.open("line");
    xml.number("length", line.length_m);
    if (repeated || line.space_m != 0) xml.number("space", line.space_m);
    xml.number("tOffset", line.t_offset_m);
    xml.number("sOffset", line.s_offset_m);
    write_word(xml, "rule", Words::kLineRule, line.rule);
    xml.number_if("width", line.width_m);
    if (line.has_colour) xml.text("color", name(line.colour));
    xml.close();
}

void write_mark(XmlWriter& xml, const RoadMark& mark) {
    xml.open("roadMark");
    xml.number("sOffset", mark.s_offset_m);
    xml.text("type", name(mark.type));
    xml.text("weight", mark.bold ? "bold" : "standard");
    xml.text("color", name(mark.colour));
    xml.text("material", mark.material);
    const bool has_pattern = !mark.pattern.empty() || !mark.lines.empty();
    // Given as 0 too where a pattern follows, whose width would count instead.
    if (mark.width_m != 0 || has_pattern) xml.number("width", mark.width_m);
    xml.text("laneChange", name(mark.lane_change));
    xml.number_if("height", mark.height_m);
    for (const Cubic& sway : mark.sway) write_cubic(xml, "sway", "ds", sway);
    if (has_pattern) {
        xml.open("type");
        xml.text("name", mark.pattern);
        // The pattern's width is mandatory and positive.
        xml.number("width", mark.width_m > 0 ? mark.width_m : mark.bold ? 0.25 : 0.12);
        for (const MarkLine& line : mark.lines) write_line(xml, line, true);
        xml.close();
    }
    if (!mark.explicit_lines.empty()) {
        xml.open("explicit");
        for (const MarkLine& line : mark.explicit_lines) write_line(xml, line, false);
        xml.close();
    }
    xml.close();
}

void write_lane_link(XmlWriter& xml, const ModelLane& lane) {
    if (lane.predecessors.empty() && lane.successors.empty()) return;
    xml.open("link");
    for (int id : lane.predecessors) {
        xml.open("predecessor");
        xml.integer("id", id);
        xml.close();
    }
    for (int id : lane.successors) {
        xml.open("successor");
        xml.integer("id", id);
        xml.close();
    }
    xml.close();
}

void write_records(XmlWriter& xml, const ModelLane& lane) {
    for (const LaneMaterial& material : lane.materials) {
        xml.open("material");
        xml.number("sOffset", material.s_offset_m);
        xml.text_if("surface", material.surface);
        xml.number("friction", material.friction);
        xml.number_if("roughness", material.roughness);
        xml.close();
    }
    for (const LaneSpeed& speed : lane.speeds) {
        xml.open("speed");
        xml.number("sOffset", speed.s_offset_m);
        if (std::isinf(speed.max_mps)) {
            xml.text("max", "no limit");
        } else {
            xml.number("max", speed.max_mps);
            xml.text("unit", "m/s");
        }
        xml.close();
    }
    // One participant a record, which all revisions understand.
    for (const LaneAccess& access : lane.accesses) {
        const auto open = [&] {
            xml.open("access");
            xml.number("sOffset", access.s_offset_m);
            xml.text("rule", access.deny ? "deny" : "allow");
        };
        if (access.restrictions.empty()) {
            open();
            xml.close();
        }
        for (const std::string& restriction : access.restrictions) {
            // Up to 1.7 the word has a space.
            const std::string word =
                restriction == "autonomous traffic" ? "autonomousTraffic" : restriction;
            if (!in_schema(Words::kRestriction, word)) continue;
            open();
            xml.text("restriction", word);
            xml.close();
        }
    }
    for (const LaneHeight& height : lane.heights) {
        xml.open("height");
        xml.number("sOffset", height.s_offset_m);
        xml.number("inner", height.inner_m);
        xml.number("outer", height.outer_m);
        xml.close();
    }
    for (const LaneRule& rule : lane.rules) {
        xml.open("rule");
        xml.number("sOffset", rule.s_offset_m);
        xml.text("value", rule.value);
        xml.close();
    }
}

void write_lane(XmlWriter& xml, const ModelLane& lane) {
    xml.open("lane");
    xml.integer("id", lane.id);
    xml.text("type", name(lane.type));
    xml.flag("level", lane.level);
    if (lane.direction != ModelLane::Direction::kStandard)
        xml.text("direction", name(lane.direction));
    if (lane.road_works) xml.flag("roadWorks", true);
    write_lane_link(xml, lane);
    if (lane.widths.empty()) {
        for (const Cubic& border : lane.borders) write_cubic(xml, "border", "sOffset", border);
    }
    for (const Cubic& width : lane.widths) write_cubic(xml, "width", "sOffset", width);
    for (const RoadMark& mark : lane.marks) write_mark(xml, mark);
    write_records(xml, lane);
    xml.close();
}

void write_side(XmlWriter& xml, const char* element, const LaneSection& section, int side) {
    const auto on_side = [&](const ModelLane& lane) {
        return (lane.id > 0) - (lane.id < 0) == side;
    };
    bool any = false;
    for (const ModelLane& lane : section.lanes) {
        if (!on_side(lane)) continue;
        if (!any) xml.open(element);
        any = true;
        write_lane(xml, lane);
    }
    if (any) xml.close();
}

}  // namespace

void write_lanes(XmlWriter& xml, const Road& road) {
    xml.open("lanes");
    for (const Cubic& offset : road.lane_offset) write_cubic(xml, "laneOffset", "s", offset);
    for (const LaneSection& section : road.sections) {
        xml.open("laneSection");
        xml.number("s", section.s_m);
        if (section.single_side) xml.flag("singleSide", true);
        write_side(xml, "left", section, 1);
        write_side(xml, "center", section, 0);
        write_side(xml, "right", section, -1);
        xml.close();
    }
    xml.close();
}

}  // namespace huntsman::scenarios::opendrive
