// Objects, structures, signals and junctions.
#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/writer.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

void write_repeat(XmlWriter& xml, const ObjectRepeat& repeat, const ModelObject& object) {
    xml.open("repeat");
    xml.number("s", repeat.s_m);
    xml.number("length", repeat.length_m);
    xml.number("distance", repeat.distance_m);
    xml.number("tStart", repeat.t_start_m);
    xml.number("tEnd", repeat.t_end_m);
    xml.number("heightStart", repeat.height_start_m);
    xml.number("heightEnd", repeat.height_end_m);
    xml.number("zOffsetStart", repeat.z_start_m);
    xml.number("zOffsetEnd", repeat.z_end_m);
    // Sizes that are the object's own need not be said.
    const auto size = [&](const char* attribute, double value, double own) {
        if (value != own) xml.number(attribute, value);
    };
    size("widthStart", repeat.width_start_m, object.width_m);
    size("widthEnd", repeat.width_end_m, object.width_m);
    size("lengthStart", repeat.length_start_m, object.length_m);
    size("lengthEnd", repeat.length_end_m, object.length_m);
    size("radiusStart", repeat.radius_start_m, object.radius_m);
    size("radiusEnd", repeat.radius_end_m, object.radius_m);
    xml.close();
}

void write_outlines(XmlWriter& xml, const ModelObject& object) {
    if (object.outlines.empty()) return;
    xml.open("outlines");
    for (const Outline& outline : object.outlines) {
        xml.open("outline");
        xml.integer("id", outline.id);
        write_word(xml, "fillType", Words::kFillType, outline.fill_type);
        xml.flag("outer", outline.outer);
        xml.flag("closed", outline.closed);
        write_word(xml, "laneType", Words::kLaneType, outline.lane_type);
        for (const OutlineCorner& corner : outline.corners) {
            xml.open(corner.local ? "cornerLocal" : "cornerRoad");
            xml.number(corner.local ? "u" : "s", corner.a);
            xml.number(corner.local ? "v" : "t", corner.b);
            xml.number(corner.local ? "z" : "dz", corner.z);
            xml.number("height", corner.height_m);
            if (corner.id >= 0) xml.integer("id", corner.id);
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

void write_markings(XmlWriter& xml, const ModelObject& object) {
    if (object.markings.empty()) return;
    xml.open("markings");
    for (const ObjectMarking& marking : object.markings) {
        xml.open("marking");
        write_word(xml, "side", Words::kSide, marking.side);
        xml.text("weight", marking.bold ? "bold" : "standard");
        xml.number_if("width", marking.width_m);
        xml.text("color", name(marking.colour));
        xml.number_if("zOffset", marking.z_offset_m);
        xml.number("spaceLength", marking.space_m);
        xml.number("lineLength", marking.line_m);
        xml.number("startOffset", marking.start_m);
        xml.number("stopOffset", marking.stop_m);
        for (int corner : marking.corners) {
            xml.open("cornerReference");
            xml.integer("id", corner);
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

void write_object(XmlWriter& xml, const ModelObject& object) {
    xml.open("object");
    // A type of other tools ("busStop") goes on as the subtype.
    const bool known = object.type.empty() || in_schema(Words::kObjectType, object.type);
    xml.text_if("type", known ? object.type : "none");
    xml.text_if("subtype", known || !object.subtype.empty() ? object.subtype : object.type);
    xml.text_if("name", object.name);
    xml.text("id", object.id);
    xml.number("s", object.s_m);
    xml.number("t", object.t_m);
    xml.number("zOffset", object.z_offset_m);
    xml.number("validLength", object.valid_length_m);
    xml.text("orientation", name(object.orientation));
    xml.text("dynamic", object.dynamic ? "yes" : "no");
    xml.number("hdg", object.heading_rad);
    xml.number("pitch", object.pitch_rad);
    xml.number("roll", object.roll_rad);
    xml.number_if("length", object.length_m);
    xml.number_if("width", object.width_m);
    xml.number_if("radius", object.radius_m);
    xml.number("height", object.height_m);
    for (const ObjectRepeat& repeat : object.repeats) write_repeat(xml, repeat, object);
    write_outlines(xml, object);
    write_validity(xml, object.validity);
    if (!object.parking_access.empty() || !object.parking_restriction.empty()) {
        xml.open("parkingSpace");
        write_word(xml, "access", Words::kParkingAccess, object.parking_access, "all");
        xml.text_if("restrictions", object.parking_restriction);
        xml.close();
    }
    write_markings(xml, object);
    xml.close();
}

void write_structure(XmlWriter& xml, const Structure& structure) {
    const bool tunnel = structure.kind == Structure::Kind::kTunnel;
    xml.open(tunnel ? "tunnel" : "bridge");
    xml.number("s", structure.s_m);
    xml.number("length", structure.length_m);
    xml.text_if("name", structure.name);
    xml.text("id", structure.id);
    if (tunnel) {
        write_word(xml, "type", Words::kTunnelType, structure.type, "standard");
    } else {
        write_word(xml, "type", Words::kBridgeType, structure.type, "concrete");
    }
    if (tunnel) {
        xml.number("lighting", structure.lighting);
        xml.number("daylight", structure.daylight);
    }
    write_validity(xml, structure.validity);
    xml.close();
}

void write_position(XmlWriter& xml, const ModelSignal::Position& position) {
    using Kind = ModelSignal::Position::Kind;
    if (position.kind == Kind::kLogical) return;
    const bool inertial = position.kind == Kind::kInertial;
    xml.open(inertial ? "positionInertial" : "positionRoad");
    if (!inertial) xml.text("roadId", position.road_id);
    xml.number(inertial ? "x" : "s", position.a);
    xml.number(inertial ? "y" : "t", position.b);
    xml.number(inertial ? "z" : "zOffset", position.z_m);
    xml.number(inertial ? "hdg" : "hOffset", position.heading_rad);
    xml.number("pitch", position.pitch_rad);
    xml.number("roll", position.roll_rad);
    xml.close();
}

void write_signal(XmlWriter& xml, const ModelSignal& signal) {
    xml.open("signal");
    xml.text_if("name", signal.name);
    xml.text("id", signal.id);
    xml.number("s", signal.s_m);
    xml.number("t", signal.t_m);
    xml.number("zOffset", signal.z_offset_m);
    xml.text("orientation", name(signal.orientation));
    xml.text("dynamic", signal.dynamic ? "yes" : "no");
    xml.text_if("country", signal.country);
    xml.text_if("countryRevision", signal.country_revision);
    xml.text("type", signal.type);
    xml.text("subtype", signal.subtype);
    if (signal.has_value) xml.number("value", signal.value);
    write_word(xml, "unit", Words::kUnit, signal.unit);
    xml.text_if("text", signal.text);
    xml.number("hOffset", signal.h_offset_rad);
    xml.number("pitch", signal.pitch_rad);
    xml.number("roll", signal.roll_rad);
    xml.number("height", signal.height_m);
    xml.number("width", signal.width_m);
    write_validity(xml, signal.validity);
    for (const ModelSignal::Dependency& dependency : signal.dependencies) {
        xml.open("dependency");
        xml.text("id", dependency.id);
        xml.text_if("type", dependency.type);
        xml.close();
    }
    for (const ModelSignal::Reference& reference : signal.references) {
        xml.open("reference");
        write_word(xml, "elementType", Words::kReferenceElement, reference.element_type, "signal");
        xml.text("elementId", reference.element_id);
        xml.text_if("type", reference.type);
        xml.close();
    }
    write_position(xml, signal.position);
    xml.close();
}

void write_connection(XmlWriter& xml, const JunctionConnection& connection,
                      ModelJunction::Kind kind) {
    xml.open("connection");
    xml.text("id", connection.id);
    write_word(xml, "type", Words::kConnectionType, connection.type);
    xml.text_if("incomingRoad", connection.incoming_id);
    xml.text_if(kind == ModelJunction::Kind::kDirect ? "linkedRoad" : "connectingRoad",
                connection.connecting_id);
    if (connection.contact != ContactPoint::kUnknown)
        xml.text("contactPoint", connection.contact == ContactPoint::kStart ? "start" : "end");
    for (const LaneLink& link : connection.lanes) {
        xml.open("laneLink");
        xml.integer("from", link.from);
        xml.integer("to", link.to);
        xml.number_if("overlapZone", link.overlap_m);
        xml.close();
    }
    write_link(xml, "predecessor", connection.predecessor);
    write_link(xml, "successor", connection.successor);
    xml.close();
}

void write_cross_path(XmlWriter& xml, const CrossPath& path) {
    xml.open("crossPath");
    xml.text("id", path.id);
    xml.text_if("crossingRoad", path.crossing_id);
    xml.text_if("roadAtStart", path.start_id);
    xml.text_if("roadAtEnd", path.end_id);
    const auto end = [&](const char* element, double s, const LaneLink& link) {
        xml.open(element);
        xml.number("s", s);
        xml.integer("from", link.from);
        xml.integer("to", link.to);
        xml.close();
    };
    end("startLaneLink", path.start_s_m, path.start_lane);
    end("endLaneLink", path.end_s_m, path.end_lane);
    xml.close();
}

}  // namespace

void write_objects(XmlWriter& xml, const Road& road) {
    if (road.objects.empty() && road.object_references.empty() && road.structures.empty()) return;
    xml.open("objects");
    for (const ModelObject& object : road.objects) write_object(xml, object);
    for (const ObjectReference& reference : road.object_references) {
        xml.open("objectReference");
        xml.number("s", reference.s_m);
        xml.number("t", reference.t_m);
        xml.text("id", reference.id);
        xml.number("zOffset", reference.z_offset_m);
        xml.number("validLength", reference.valid_length_m);
        xml.text("orientation", name(reference.orientation));
        write_validity(xml, reference.validity);
        xml.close();
    }
    // The standard's order: tunnels before bridges.
    for (auto kind : {Structure::Kind::kTunnel, Structure::Kind::kBridge}) {
        for (const Structure& structure : road.structures) {
            if (structure.kind == kind) write_structure(xml, structure);
        }
    }
    xml.close();
}

void write_signals(XmlWriter& xml, const Road& road) {
    if (road.signals.empty() && road.signal_references.empty()) return;
    xml.open("signals");
    for (const ModelSignal& signal : road.signals) write_signal(xml, signal);
    for (const SignalReference& reference : road.signal_references) {
        xml.open("signalReference");
        xml.number("s", reference.s_m);
        xml.number("t", reference.t_m);
        xml.text("id", reference.id);
        xml.text("orientation", name(reference.orientation));
        write_validity(xml, reference.validity);
        xml.close();
    }
    xml.close();
}

void write_junction(XmlWriter& xml, const ModelJunction& junction) {
    using Kind = ModelJunction::Kind;
    xml.open("junction");
    xml.text_if("name", junction.name);
    xml.text("id", junction.id);
    xml.text("type", name(junction.kind));
    if (junction.kind == Kind::kVirtual) {
        xml.text("mainRoad", junction.main_road_id);
        xml.number("sStart", junction.s_start_m);
        xml.number("sEnd", junction.s_end_m);
        xml.text("orientation", name(junction.orientation));
    }
    for (const JunctionConnection& connection : junction.connections)
        write_connection(xml, connection, junction.kind);
    for (const CrossPath& path : junction.cross_paths) write_cross_path(xml, path);
    for (const CrossingStretch& stretch : junction.stretches) {
        xml.open("roadSection");
        xml.text("id", stretch.id);
        xml.text("roadId", stretch.road_id);
        xml.number("sStart", stretch.s_start_m);
        xml.number("sEnd", stretch.s_end_m);
        xml.close();
    }
    for (const JunctionPriority& priority : junction.priorities) {
        xml.open("priority");
        xml.text("high", priority.high_id);
        xml.text("low", priority.low_id);
        xml.close();
    }
    for (const JunctionController& controller : junction.controllers) {
        xml.open("controller");
        xml.text("id", controller.id);
        xml.text_if("type", controller.type);
        xml.integer("sequence", controller.sequence);
        xml.close();
    }
    xml.close();
}

}  // namespace huntsman::scenarios::opendrive
