// The file's frame, roads, junctions and signals as OpenDRIVE 1.8.
#include <cmath>

#include "engine/core/files.h"
#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/opendrive/writer.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

void write_cubic(XmlWriter& xml, const char* element, const char* start, const Cubic& cubic) {
    xml.open(element);
    xml.number(start, cubic.s_m);
    xml.number("a", cubic.a);
    xml.number("b", cubic.b);
    xml.number("c", cubic.c);
    xml.number("d", cubic.d);
    xml.close();
}

void write_validity(XmlWriter& xml, const std::vector<LaneRange>& ranges) {
    for (const LaneRange& range : ranges) {
        xml.open("validity");
        xml.integer("fromLane", range.from);
        xml.integer("toLane", range.to);
        xml.close();
    }
}

void write_link(XmlWriter& xml, const char* element, const RoadLink& link) {
    if (link.kind == RoadLink::Kind::kNothing) return;
    xml.open(element);
    xml.text("elementType", link.kind == RoadLink::Kind::kRoad ? "road" : "junction");
    xml.text("elementId", link.id);
    if (link.contact != ContactPoint::kUnknown)
        xml.text("contactPoint", link.contact == ContactPoint::kStart ? "start" : "end");
    if (link.at_element_s) xml.number("elementS", link.element_s_m);
    if (link.at_element_s || !link.element_forward)
        xml.text("elementDir", link.element_forward ? "+" : "-");
    xml.close();
}

namespace {

void write_piece(XmlWriter& xml, const PlanPiece& piece) {
    xml.open("geometry");
    xml.number("s", piece.s_m);
    xml.number("x", piece.x_m);
    xml.number("y", piece.y_m);
    xml.number("hdg", piece.heading_rad);
    xml.number("length", piece.length_m);
    xml.open(name(piece.kind));
    switch (piece.kind) {
        case PlanPiece::Kind::kLine:
            break;
        case PlanPiece::Kind::kArc:
            xml.number("curvature", piece.curvature_start);
            break;
        case PlanPiece::Kind::kSpiral:
            xml.number("curvStart", piece.curvature_start);
            xml.number("curvEnd", piece.curvature_end);
            break;
        case PlanPiece::Kind::kPoly3:
            xml.number("a", piece.a_v);
            xml.number("b", piece.b_v);
            xml.number("c", piece.c_v);
            xml.number("d", piece.d_v);
            break;
        case PlanPiece::Kind::kParamPoly3:
            xml.number("aU", piece.a_u);
            xml.number("bU", piece.b_u);
            xml.number("cU", piece.c_u);
            xml.number("dU", piece.d_u);
            xml.number("aV", piece.a_v);
            xml.number("bV", piece.b_v);
            xml.number("cV", piece.c_v);
            xml.number("dV", piece.d_v);
            xml.text("pRange", piece.normalised ? "normalized" : "arcLength");
            break;
    }
    xml.close();
    xml.close();
}

void write_lateral(XmlWriter& xml, const Road& road) {
    if (road.superelevation.empty() && road.crossfall.empty() && road.shape.empty()) return;
    xml.open("lateralProfile");
    for (const Cubic& cubic : road.superelevation) write_cubic(xml, "superelevation", "s", cubic);
    for (const Crossfall& fall : road.crossfall) {
        xml.open("crossfall");
        xml.text("side", name(fall.side));
        xml.number("s", fall.slope.s_m);
        xml.number("a", fall.slope.a);
        xml.number("b", fall.slope.b);
        xml.number("c", fall.slope.c);
        xml.number("d", fall.slope.d);
        xml.close();
    }
    for (const ShapePiece& piece : road.shape) {
        xml.open("shape");
        xml.number("s", piece.s_m);
        xml.number("t", piece.t_m);
        xml.number("a", piece.a);
        xml.number("b", piece.b);
        xml.number("c", piece.c);
        xml.number("d", piece.d);
        xml.close();
    }
    xml.close();
}

void write_types(XmlWriter& xml, const Road& road) {
    for (const RoadType& type : road.types) {
        xml.open("type");
        xml.number("s", type.s_m);
        write_word(xml, "type", Words::kRoadType, type.type, "unknown");
        xml.text_if("country", type.country);
        if (type.max_speed_mps > 0) {
            xml.open("speed");
            if (std::isinf(type.max_speed_mps)) {
                xml.text("max", "no limit");
            } else {
                xml.number("max", type.max_speed_mps);
                xml.text("unit", "m/s");
            }
            xml.close();
        }
        xml.close();
    }
}

void write_header(XmlWriter& xml, const RoadModel& model) {
    // Crossfall was taken out of the standard after 1.5.
    bool crossfall = false;
    for (const Road& road : model.roads) crossfall = crossfall || !road.crossfall.empty();
    xml.open("header");
    xml.integer("revMajor", 1);
    xml.integer("revMinor", crossfall ? 5 : 8);
    xml.text("name", model.name);
    xml.text("version", "1.00");
    xml.text("date", model.date);
    xml.number("north", model.north_m);
    xml.number("south", model.south_m);
    xml.number("east", model.east_m);
    xml.number("west", model.west_m);
    xml.text_if("vendor", model.vendor);
    if (!model.geo_reference.empty()) {
        xml.open("geoReference");
        xml.cdata(model.geo_reference);
        xml.close();
    }
    if (model.offset != RoadModel::Offset{}) {
        xml.open("offset");
        xml.number("x", model.offset.x_m);
        xml.number("y", model.offset.y_m);
        xml.number("z", model.offset.z_m);
        xml.number("hdg", model.offset.heading_rad);
        xml.close();
    }
    xml.close();
}

}  // namespace

void write_road(XmlWriter& xml, const Road& road) {
    xml.open("road");
    xml.text_if("name", road.name);
    xml.number("length", road.length_m);
    xml.text("id", road.id);
    xml.text("junction", road.junction_id.empty() ? "-1" : road.junction_id);
    xml.text("rule", road.left_hand ? "LHT" : "RHT");
    xml.open("link");
    write_link(xml, "predecessor", road.predecessor);
    write_link(xml, "successor", road.successor);
    xml.close();
    write_types(xml, road);
    xml.open("planView");
    for (const PlanPiece& piece : road.plan) write_piece(xml, piece);
    xml.close();
    xml.open("elevationProfile");
    for (const Cubic& cubic : road.elevation) write_cubic(xml, "elevation", "s", cubic);
    xml.close();
    write_lateral(xml, road);
    write_lanes(xml, road);
    write_objects(xml, road);
    write_signals(xml, road);
    xml.close();
}

std::string write(const RoadModel& model) {
    XmlWriter xml;
    xml.open("OpenDRIVE");
    write_header(xml, model);
    for (const Road& road : model.roads) write_road(xml, road);
    for (const SignalController& controller : model.controllers) {
        xml.open("controller");
        xml.text("id", controller.id);
        xml.text_if("name", controller.name);
        xml.integer("sequence", controller.sequence);
        for (const SignalController::Control& control : controller.controls) {
            xml.open("control");
            xml.text("signalId", control.signal_id);
            xml.text_if("type", control.type);
            xml.close();
        }
        xml.close();
    }
    for (const ModelJunction& junction : model.junctions) write_junction(xml, junction);
    for (const JunctionGroup& group : model.junction_groups) {
        xml.open("junctionGroup");
        xml.text("id", group.id);
        xml.text_if("name", group.name);
        write_word(xml, "type", Words::kGroupType, group.type, "unknown");
        for (const std::string& junction : group.junctions) {
            xml.open("junctionReference");
            xml.text("junction", junction);
            xml.close();
        }
        xml.close();
    }
    xml.close();
    return xml.take();
}

engine::core::Status save(const RoadModel& model, const std::filesystem::path& path) {
    return engine::core::write_file(path, write(model));
}

}  // namespace huntsman::scenarios::opendrive
