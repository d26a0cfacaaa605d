// Signals, their controllers, junctions and groups of junctions.
#include <fmt/format.h>

#include <pugixml.hpp>

#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

ModelSignal::Position read_position(Reader& reader, const pugi::xml_node& signal) {
    ModelSignal::Position position;
    if (const pugi::xml_node node = signal.child("positionInertial")) {
        const auto x = reader.required(node, "x");
        const auto y = reader.required(node, "y");
        const auto z = reader.required(node, "z", kMaxHeight_m);
        if (!x || !y || !z) return {};
        position.kind = ModelSignal::Position::Kind::kInertial;
        position.a = *x;
        position.b = *y;
        position.z_m = *z;
        position.heading_rad = reader.number_or(node, "hdg", 0, 1e6);
        position.pitch_rad = reader.number_or(node, "pitch", 0, 1e6);
        position.roll_rad = reader.number_or(node, "roll", 0, 1e6);
    } else if (const pugi::xml_node place = signal.child("positionRoad")) {
        const auto s = reader.required(place, "s", kMaxRoadLength_m);
        const auto t = reader.required(place, "t", kMaxOffset_m);
        if (!s || !t) return {};
        position.kind = ModelSignal::Position::Kind::kRoad;
        position.road_id = reader.text(place, "roadId");
        position.a = *s;
        position.b = *t;
        position.z_m = reader.number_or(place, "zOffset", 0, kMaxHeight_m);
        position.heading_rad = reader.number_or(place, "hOffset", 0, 1e6);
        position.pitch_rad = reader.number_or(place, "pitch", 0, 1e6);
        position.roll_rad = reader.number_or(place, "roll", 0, 1e6);
    }
    return position;
}

std::optional<ModelSignal> read_signal(Reader& reader, const pugi::xml_node& node) {
    ModelSignal signal;
    signal.id = reader.text(node, "id");
    const auto s = reader.required(node, "s", kMaxRoadLength_m);
    const auto t = reader.required(node, "t", kMaxOffset_m);
    if (!s || !t) return std::nullopt;
    signal.s_m = *s;
    signal.t_m = *t;
    signal.name = reader.text(node, "name");
    signal.z_offset_m = reader.number_or(node, "zOffset", 0, kMaxHeight_m);
    signal.orientation =
        reader.word(node, "orientation", orientation).value_or(Orientation::kForward);
    signal.dynamic = reader.flag_or(node, "dynamic", false);
    signal.country = reader.text(node, "country");
    signal.country_revision = reader.text(node, "countryRevision");
    signal.type = reader.text(node, "type");
    signal.subtype = reader.text(node, "subtype");
    signal.unit = reader.text(node, "unit");
    signal.text = reader.text(node, "text");
    if (!reader.text(node, "value").empty()) {
        if (const auto value = reader.number(node, "value")) {
            signal.value = *value;
            signal.has_value = true;
        }
    }
    signal.width_m = reader.size_or(node, "width", 0, kMaxOffset_m);
    signal.height_m = reader.size_or(node, "height", 0, kMaxHeight_m);
    signal.h_offset_rad = reader.number_or(node, "hOffset", 0, 1e6);
    signal.pitch_rad = reader.number_or(node, "pitch", 0, 1e6);
    signal.roll_rad = reader.number_or(node, "roll", 0, 1e6);
    signal.validity = reader.validity(node);
    for (const pugi::xml_node& child : node.children("dependency"))
        signal.dependencies.push_back({reader.text(child, "id"), reader.text(child, "type")});
    for (const pugi::xml_node& child : node.children("reference"))
        signal.references.push_back({reader.text(child, "elementId"),
                                     reader.text(child, "elementType"),
                                     reader.text(child, "type")});
    signal.position = read_position(reader, node);
    if (const auto board = node.child("staticBoard")) reader.skipped(board, "boards of signs");
    if (const auto board = node.child("vmsBoard")) reader.skipped(board, "changeable signs");
    if (const auto word = node.child("semantics")) reader.skipped(word, "semantics of signals");
    return signal;
}

std::optional<LaneLink> read_lane_link(Reader& reader, const pugi::xml_node& node) {
    const auto from = reader.required_integer(node, "from");
    const auto to = reader.required_integer(node, "to");
    if (!from || !to) return std::nullopt;
    return LaneLink{*from, *to, reader.size_or(node, "overlapZone", 0, kMaxRoadLength_m)};
}

JunctionConnection read_connection(Reader& reader, const pugi::xml_node& node) {
    JunctionConnection connection;
    connection.id = reader.text(node, "id");
    connection.type = reader.text(node, "type");
    connection.incoming_id = reader.text(node, "incomingRoad");
    // Direct junctions (1.7) name the road that is joined without a road between.
    connection.connecting_id = reader.text(node, "connectingRoad");
    if (connection.connecting_id.empty())
        connection.connecting_id = reader.text(node, "linkedRoad");
    const std::string contact = reader.text(node, "contactPoint");
    if (contact == "start") {
        connection.contact = ContactPoint::kStart;
    } else if (contact == "end") {
        connection.contact = ContactPoint::kEnd;
    } else if (!contact.empty()) {
        reader.unknown_word(node, "contactPoint", contact);
    }
    for (const pugi::xml_node& child : node.children("laneLink")) {
        if (const auto link = read_lane_link(reader, child)) connection.lanes.push_back(*link);
    }
    connection.predecessor = read_link(reader, node.child("predecessor"));
    connection.successor = read_link(reader, node.child("successor"));
    return connection;
}

CrossPath read_cross_path(Reader& reader, const pugi::xml_node& node) {
    CrossPath path;
    path.id = reader.text(node, "id");
    path.crossing_id = reader.text(node, "crossingRoad");
    path.start_id = reader.text(node, "roadAtStart");
    path.end_id = reader.text(node, "roadAtEnd");
    const auto read_end = [&](const char* element, double& s, LaneLink& link) {
        const pugi::xml_node end = node.child(element);
        s = reader.number_or(end, "s", 0, kMaxRoadLength_m);
        link.from = reader.integer(end, "from").value_or(0);
        link.to = reader.integer(end, "to").value_or(0);
    };
    read_end("startLaneLink", path.start_s_m, path.start_lane);
    read_end("endLaneLink", path.end_s_m, path.end_lane);
    return path;
}

}  // namespace

void read_signals(Reader& reader, const pugi::xml_node& signals, Road& road) {
    for (const pugi::xml_node& node : signals.children("signal")) {
        if (auto signal = read_signal(reader, node)) road.signals.push_back(*std::move(signal));
    }
    for (const pugi::xml_node& node : signals.children("signalReference")) {
        SignalReference reference;
        reference.id = reader.text(node, "id");
        const auto s = reader.required(node, "s", kMaxRoadLength_m);
        const auto t = reader.required(node, "t", kMaxOffset_m);
        if (!s || !t) continue;
        reference.s_m = *s;
        reference.t_m = *t;
        reference.orientation =
            reader.word(node, "orientation", orientation).value_or(Orientation::kForward);
        reference.validity = reader.validity(node);
        road.signal_references.push_back(std::move(reference));
    }
}

std::optional<ModelJunction> read_junction(Reader& reader, const pugi::xml_node& node) {
    ModelJunction junction;
    junction.id = reader.text(node, "id");
    reader.set_place("junction " + (junction.id.empty() ? "without id" : junction.id));
    if (junction.id.empty()) {
        reader.error(node, "junction.id.missing", "the junction has no id and was left out");
        return std::nullopt;
    }
    junction.name = reader.text(node, "name");
    junction.kind = reader.word(node, "type", junction_kind).value_or(ModelJunction::Kind::kCommon);
    if (junction.kind == ModelJunction::Kind::kVirtual) {
        junction.main_road_id = reader.text(node, "mainRoad");
        junction.s_start_m = reader.number_or(node, "sStart", 0, kMaxRoadLength_m);
        junction.s_end_m = reader.number_or(node, "sEnd", 0, kMaxRoadLength_m);
        junction.orientation =
            reader.word(node, "orientation", orientation).value_or(Orientation::kBoth);
    }
    for (const pugi::xml_node& child : node.children("connection"))
        junction.connections.push_back(read_connection(reader, child));
    for (const pugi::xml_node& child : node.children("crossPath"))
        junction.cross_paths.push_back(read_cross_path(reader, child));
    for (const pugi::xml_node& child : node.children("roadSection")) {
        CrossingStretch stretch;
        stretch.id = reader.text(child, "id");
        stretch.road_id = reader.text(child, "roadId");
        stretch.s_start_m = reader.number_or(child, "sStart", 0, kMaxRoadLength_m);
        stretch.s_end_m = reader.number_or(child, "sEnd", 0, kMaxRoadLength_m);
        junction.stretches.push_back(std::move(stretch));
    }
    for (const pugi::xml_node& child : node.children("priority"))
        junction.priorities.push_back({reader.text(child, "high"), reader.text(child, "low")});
    for (const pugi::xml_node& child : node.children("controller"))
        junction.controllers.push_back({reader.text(child, "id"), reader.text(child, "type"),
                                        reader.integer(child, "sequence").value_or(0)});
    if (const auto child = node.child("elevationGrid"))
        reader.skipped(child, "elevation grids of junctions");
    if (const auto child = node.child("boundary")) reader.skipped(child, "borders of junctions");
    if (const auto child = node.child("surface").child("CRG"))
        reader.skipped(child, "OpenCRG surfaces");
    if (const auto child = node.child("objects")) reader.skipped(child, "objects of junctions");
    return junction;
}

std::optional<SignalController> read_controller(Reader& reader, const pugi::xml_node& node) {
    SignalController controller;
    controller.id = reader.text(node, "id");
    reader.set_place("controller " + controller.id);
    controller.name = reader.text(node, "name");
    controller.sequence = reader.integer(node, "sequence").value_or(0);
    for (const pugi::xml_node& child : node.children("control"))
        controller.controls.push_back({reader.text(child, "signalId"), reader.text(child, "type")});
    return controller;
}

std::optional<JunctionGroup> read_group(Reader& reader, const pugi::xml_node& node) {
    JunctionGroup group;
    group.id = reader.text(node, "id");
    reader.set_place("junction group " + group.id);
    group.name = reader.text(node, "name");
    group.type = reader.text(node, "type");
    for (const pugi::xml_node& child : node.children("junctionReference"))
        group.junctions.push_back(reader.text(child, "junction"));
    return group;
}

}  // namespace huntsman::scenarios::opendrive
