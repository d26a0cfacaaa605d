// Objects beside and on the road, bridges and tunnels.
#include <fmt/format.h>

#include <pugixml.hpp>

#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

// Values that a repeat does not give are those of the object.
ObjectRepeat read_repeat(Reader& reader, const pugi::xml_node& node, const ModelObject& object) {
    ObjectRepeat repeat;
    repeat.s_m = reader.number_or(node, "s", object.s_m, kMaxRoadLength_m);
    repeat.length_m = reader.size_or(node, "length", 0, kMaxRoadLength_m);
    repeat.distance_m = reader.size_or(node, "distance", 0, kMaxRoadLength_m);
    repeat.t_start_m = reader.number_or(node, "tStart", object.t_m, kMaxOffset_m);
    repeat.t_end_m = reader.number_or(node, "tEnd", object.t_m, kMaxOffset_m);
    repeat.z_start_m = reader.number_or(node, "zOffsetStart", object.z_offset_m, kMaxHeight_m);
    repeat.z_end_m = reader.number_or(node, "zOffsetEnd", object.z_offset_m, kMaxHeight_m);
    repeat.width_start_m = reader.size_or(node, "widthStart", object.width_m, kMaxOffset_m);
    repeat.width_end_m = reader.size_or(node, "widthEnd", object.width_m, kMaxOffset_m);
    repeat.height_start_m = reader.size_or(node, "heightStart", object.height_m, kMaxHeight_m);
    repeat.height_end_m = reader.size_or(node, "heightEnd", object.height_m, kMaxHeight_m);
    repeat.length_start_m = reader.size_or(node, "lengthStart", object.length_m, kMaxOffset_m);
    repeat.length_end_m = reader.size_or(node, "lengthEnd", object.length_m, kMaxOffset_m);
    repeat.radius_start_m = reader.size_or(node, "radiusStart", object.radius_m, kMaxOffset_m);
    repeat.radius_end_m = reader.size_or(node, "radiusEnd", object.radius_m, kMaxOffset_m);
    return repeat;
}

std::optional<OutlineCorner> read_corner(Reader& reader, const pugi::xml_node& node, bool local) {
    OutlineCorner corner;
    corner.local = local;
    const auto a = local ? reader.required(node, "u") : reader.required(node, "s");
    const auto b = local ? reader.required(node, "v") : reader.required(node, "t");
    if (!a || !b) return std::nullopt;
    corner.a = *a;
    corner.b = *b;
    corner.z = reader.number_or(node, local ? "z" : "dz", 0, kMaxHeight_m);
    corner.height_m = reader.number_or(node, "height", 0, kMaxHeight_m);
    corner.id = reader.integer(node, "id").value_or(-1);
    return corner;
}

void read_outline(Reader& reader, const pugi::xml_node& node, ModelObject& object) {
    Outline outline;
    outline.id = reader.integer(node, "id").value_or(static_cast<int>(object.outlines.size()));
    outline.closed = reader.flag_or(node, "closed", true);
    outline.outer = reader.flag_or(node, "outer", true);
    outline.fill_type = reader.text(node, "fillType");
    outline.lane_type = reader.text(node, "laneType");
    for (const pugi::xml_node& child : node.children()) {
        const std::string_view element = child.name();
        const bool local = element == "cornerLocal";
        if (!local && element != "cornerRoad") continue;
        if (const auto corner = read_corner(reader, child, local))
            outline.corners.push_back(*corner);
    }
    if (outline.corners.size() < 2) {
        reader.warn(node, "object.outline.short",
                    fmt::format("object {} has an outline of {} corners, which was left out",
                                object.id, outline.corners.size()));
        return;
    }
    object.outlines.push_back(std::move(outline));
}

ObjectMarking read_marking(Reader& reader, const pugi::xml_node& node) {
    ObjectMarking marking;
    marking.side = reader.text(node, "side");
    marking.colour = reader.word(node, "color", mark_colour).value_or(MarkColour::kStandard);
    marking.bold = reader.text(node, "weight") == "bold";
    marking.width_m = reader.size_or(node, "width", 0, kMaxOffset_m);
    marking.z_offset_m = reader.number_or(node, "zOffset", 0, kMaxHeight_m);
    marking.space_m = reader.size_or(node, "spaceLength", 0);
    marking.line_m = reader.size_or(node, "lineLength", 0);
    marking.start_m = reader.number_or(node, "startOffset", 0);
    marking.stop_m = reader.number_or(node, "stopOffset", 0);
    for (const pugi::xml_node& corner : node.children("cornerReference")) {
        if (const auto id = reader.required_integer(corner, "id")) marking.corners.push_back(*id);
    }
    return marking;
}

std::optional<ModelObject> read_object(Reader& reader, const pugi::xml_node& node) {
    ModelObject object;
    object.id = reader.text(node, "id");
    const auto s = reader.required(node, "s", kMaxRoadLength_m);
    const auto t = reader.required(node, "t", kMaxOffset_m);
    if (!s || !t) return std::nullopt;
    object.s_m = *s;
    object.t_m = *t;
    object.name = reader.text(node, "name");
    object.type = reader.text(node, "type");
    object.subtype = reader.text(node, "subtype");
    object.z_offset_m = reader.number_or(node, "zOffset", 0, kMaxHeight_m);
    object.valid_length_m = reader.size_or(node, "validLength", 0, kMaxRoadLength_m);
    object.orientation = reader.word(node, "orientation", orientation).value_or(Orientation::kBoth);
    object.dynamic = reader.flag_or(node, "dynamic", false);
    object.heading_rad = reader.number_or(node, "hdg", 0, 1e6);
    object.pitch_rad = reader.number_or(node, "pitch", 0, 1e6);
    object.roll_rad = reader.number_or(node, "roll", 0, 1e6);
    object.height_m = reader.size_or(node, "height", 0, kMaxHeight_m);
    // A box or a cylinder; files of old give both, with zeros for the one that is not meant.
    object.length_m = reader.size_or(node, "length", 0, kMaxOffset_m);
    object.width_m = reader.size_or(node, "width", 0, kMaxOffset_m);
    object.radius_m = reader.size_or(node, "radius", 0, kMaxOffset_m);
    object.has_radius = object.radius_m > 0;
    object.has_box = !object.has_radius && (object.length_m > 0 || object.width_m > 0);

    for (const pugi::xml_node& child : node.children("repeat")) {
        const ObjectRepeat repeat = read_repeat(reader, child, object);
        constexpr double kMostCopies = 1e5;
        if (repeat.distance_m > 0 && repeat.length_m / repeat.distance_m > kMostCopies) {
            reader.error(
                child, "object.repeat.absurd",
                fmt::format("object {} is repeated every {} m over {} m; that was left out",
                            object.id, repeat.distance_m, repeat.length_m));
            continue;
        }
        object.repeats.push_back(repeat);
    }
    for (const pugi::xml_node& child : node.children("outline"))
        read_outline(reader, child, object);
    for (const pugi::xml_node& child : node.child("outlines").children("outline"))
        read_outline(reader, child, object);
    for (const pugi::xml_node& child : node.child("markings").children("marking"))
        object.markings.push_back(read_marking(reader, child));
    object.validity = reader.validity(node);
    if (const pugi::xml_node parking = node.child("parkingSpace")) {
        object.parking_access = reader.text(parking, "access");
        object.parking_restriction = reader.text(parking, "restrictions");
    }
    if (const auto child = node.child("material")) reader.skipped(child, "materials of objects");
    if (const auto child = node.child("borders")) reader.skipped(child, "borders of objects");
    if (const auto child = node.child("surface")) reader.skipped(child, "surfaces of objects");
    if (const auto child = node.child("skeleton")) reader.skipped(child, "skeletons of objects");
    return object;
}

void read_structure(Reader& reader, const pugi::xml_node& node, Structure::Kind kind, Road& road) {
    Structure structure;
    structure.kind = kind;
    const auto s = reader.required(node, "s", kMaxRoadLength_m);
    if (!s) return;
    structure.s_m = *s;
    structure.length_m = reader.size_or(node, "length", 0, kMaxRoadLength_m);
    structure.id = reader.text(node, "id");
    structure.name = reader.text(node, "name");
    structure.type = reader.text(node, "type");
    if (kind == Structure::Kind::kTunnel) {
        structure.lighting = reader.number_or(node, "lighting", 0);
        structure.daylight = reader.number_or(node, "daylight", 0);
    }
    structure.validity = reader.validity(node);
    road.structures.push_back(std::move(structure));
}

}  // namespace

void read_objects(Reader& reader, const pugi::xml_node& objects, Road& road) {
    for (const pugi::xml_node& node : objects.children("object")) {
        if (auto object = read_object(reader, node)) road.objects.push_back(*std::move(object));
    }
    for (const pugi::xml_node& node : objects.children("objectReference")) {
        ObjectReference reference;
        reference.id = reader.text(node, "id");
        const auto s = reader.required(node, "s", kMaxRoadLength_m);
        const auto t = reader.required(node, "t", kMaxOffset_m);
        if (!s || !t) continue;
        reference.s_m = *s;
        reference.t_m = *t;
        reference.z_offset_m = reader.number_or(node, "zOffset", 0, kMaxHeight_m);
        reference.valid_length_m = reader.size_or(node, "validLength", 0, kMaxRoadLength_m);
        reference.orientation =
            reader.word(node, "orientation", orientation).value_or(Orientation::kBoth);
        reference.validity = reader.validity(node);
        road.object_references.push_back(std::move(reference));
    }
    for (const pugi::xml_node& node : objects.children("tunnel"))
        read_structure(reader, node, Structure::Kind::kTunnel, road);
    for (const pugi::xml_node& node : objects.children("bridge"))
        read_structure(reader, node, Structure::Kind::kBridge, road);
}

}  // namespace huntsman::scenarios::opendrive
