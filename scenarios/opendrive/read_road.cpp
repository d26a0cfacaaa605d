// A road's header, reference line, profiles and links.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>

#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

// One piece of the reference line; nothing where it cannot be used.
std::optional<PlanPiece> read_piece(Reader& reader, const pugi::xml_node& node) {
    PlanPiece piece;
    const auto s = reader.required(node, "s", kMaxRoadLength_m);
    const auto x = reader.required(node, "x");
    const auto y = reader.required(node, "y");
    const auto heading = reader.required(node, "hdg", 1e6);
    const auto length = reader.required(node, "length", kMaxRoadLength_m);
    if (!s || !x || !y || !heading || !length) return std::nullopt;
    piece.s_m = *s;
    piece.x_m = *x;
    piece.y_m = *y;
    piece.heading_rad = *heading;
    piece.length_m = *length;

    constexpr double kMaxCurvature = 1e4;  // a radius of 0.1 mm
    bool whole = true;
    const auto need = [&](const pugi::xml_node& shape, const char* attribute, double limit) {
        const auto value = reader.required(shape, attribute, limit);
        whole = whole && value.has_value();
        return value.value_or(0.0);
    };
    if (node.child("line")) {
        piece.kind = PlanPiece::Kind::kLine;
    } else if (const auto arc = node.child("arc")) {
        piece.kind = PlanPiece::Kind::kArc;
        piece.curvature_start = piece.curvature_end = need(arc, "curvature", kMaxCurvature);
    } else if (const auto spiral = node.child("spiral")) {
        piece.kind = PlanPiece::Kind::kSpiral;
        piece.curvature_start = need(spiral, "curvStart", kMaxCurvature);
        piece.curvature_end = need(spiral, "curvEnd", kMaxCurvature);
    } else if (const auto poly = node.child("poly3")) {
        piece.kind = PlanPiece::Kind::kPoly3;
        piece.a_v = need(poly, "a", kMaxCoordinate_m);
        piece.b_v = need(poly, "b", kMaxCoordinate_m);
        piece.c_v = need(poly, "c", kMaxCoordinate_m);
        piece.d_v = need(poly, "d", kMaxCoordinate_m);
    } else if (const auto param = node.child("paramPoly3")) {
        piece.kind = PlanPiece::Kind::kParamPoly3;
        piece.a_u = need(param, "aU", kMaxCoordinate_m);
        piece.b_u = need(param, "bU", kMaxCoordinate_m);
        piece.c_u = need(param, "cU", kMaxCoordinate_m);
        piece.d_u = need(param, "dU", kMaxCoordinate_m);
        piece.a_v = need(param, "aV", kMaxCoordinate_m);
        piece.b_v = need(param, "bV", kMaxCoordinate_m);
        piece.c_v = need(param, "cV", kMaxCoordinate_m);
        piece.d_v = need(param, "dV", kMaxCoordinate_m);
        const std::string range = reader.text(param, "pRange");
        if (range != "arcLength" && range != "normalized" && !range.empty())
            reader.unknown_word(param, "pRange", range);
        piece.normalised = range != "arcLength";
    } else {
        reader.error(node, "road.geometry.kind",
                     "<geometry> holds none of line, arc, spiral, poly3, paramPoly3");
        return std::nullopt;
    }
    if (!whole) return std::nullopt;
    return piece;
}

// The pieces in order along the road; false where one of them is broken, because what follows a
// hole is in no known place.
bool read_plan(Reader& reader, const pugi::xml_node& plan, Road& road) {
    bool whole = true;
    for (const pugi::xml_node& node : plan.children("geometry")) {
        auto piece = read_piece(reader, node);
        if (!piece) {
            whole = false;
            continue;
        }
        if (piece->length_m < 0) {
            whole = false;
            reader.error(
                node, "road.geometry.length",
                fmt::format("<geometry> at s = {} has length {}", piece->s_m, piece->length_m));
            continue;
        }
        // Pieces of no length lead nowhere; a road of nothing else is dealt with as a whole.
        if (piece->length_m < kMinRoadLength_m && !road.plan.empty()) continue;
        road.plan.push_back(*piece);
    }
    sort_records(reader, plan, "geometry", road.plan, [](const PlanPiece& p) { return p.s_m; });
    if (road.plan.size() > 1 && road.plan.front().length_m < kMinRoadLength_m)
        road.plan.erase(road.plan.begin());
    return whole;
}

void read_types(Reader& reader, const pugi::xml_node& node, Road& road) {
    for (const pugi::xml_node& child : node.children("type")) {
        const auto s = reader.required(child, "s", kMaxRoadLength_m);
        if (!s) continue;
        RoadType type;
        type.s_m = *s;
        type.type = reader.text(child, "type");
        type.country = reader.text(child, "country");
        if (const auto speed = child.child("speed"))
            type.max_speed_mps = reader.speed(speed).value_or(0.0);
        road.types.push_back(std::move(type));
    }
    sort_records(reader, node, "type", road.types, [](const RoadType& t) { return t.s_m; });
}

// Pieces of one station ascend along t. Where they begin anew once they are two profiles, before
// and after a step; where they do more often they are one profile out of order.
void sort_shapes(Reader& reader, const pugi::xml_node& lateral, std::vector<ShapePiece>& shape) {
    bool sorted = true;
    for (auto begin = shape.begin(); begin != shape.end();) {
        const auto end = std::find_if(
            begin, shape.end(), [&](const ShapePiece& piece) { return piece.s_m != begin->s_m; });
        int restarts = 0;
        for (auto piece = begin + 1; piece != end; ++piece) {
            restarts += piece->t_m <= (piece - 1)->t_m ? 1 : 0;
        }
        if (restarts > 1) {
            sorted = false;
            std::stable_sort(
                begin, end, [](const ShapePiece& a, const ShapePiece& b) { return a.t_m < b.t_m; });
        }
        begin = end;
    }
    if (!sorted) report_unsorted(reader, lateral, "shape");
}

void read_lateral(Reader& reader, const pugi::xml_node& lateral, Road& road) {
    road.superelevation = reader.profile(lateral, "superelevation", "s");
    for (const pugi::xml_node& node : lateral.children("crossfall")) {
        const auto slope = reader.cubic(node, "s");
        if (!slope) continue;
        Crossfall fall;
        fall.slope = *slope;
        fall.side = reader.word(node, "side", crossfall_side).value_or(Crossfall::Side::kBoth);
        road.crossfall.push_back(fall);
    }
    sort_records(reader, lateral, "crossfall", road.crossfall,
                 [](const Crossfall& c) { return c.slope.s_m; });
    for (const pugi::xml_node& node : lateral.children("shape")) {
        const auto cubic = reader.cubic(node, "s");
        const auto t = reader.required(node, "t", kMaxOffset_m);
        if (!cubic || !t) continue;
        road.shape.push_back({cubic->s_m, *t, cubic->a, cubic->b, cubic->c, cubic->d});
    }
    sort_records(reader, lateral, "shape", road.shape, [](const ShapePiece& p) { return p.s_m; });
    sort_shapes(reader, lateral, road.shape);
    if (const auto surface = lateral.child("crossSectionSurface"))
        reader.skipped(surface, "cross section surfaces");
}

}  // namespace

RoadLink read_link(Reader& reader, const pugi::xml_node& node) {
    RoadLink link;
    if (!node) return link;
    link.id = reader.text(node, "elementId");
    const std::string type = reader.text(node, "elementType");
    const std::string contact = reader.text(node, "contactPoint");
    if (link.id.empty()) {
        reader.error(node, "attribute.missing",
                     fmt::format("<{}> lacks the attribute elementId", node.name()));
        return {};
    }
    if (type == "junction") {
        link.kind = RoadLink::Kind::kJunction;
    } else {
        link.kind = RoadLink::Kind::kRoad;
        if (type != "road" && !type.empty()) reader.unknown_word(node, "elementType", type);
    }
    if (contact == "start") {
        link.contact = ContactPoint::kStart;
    } else if (contact == "end") {
        link.contact = ContactPoint::kEnd;
    } else if (!contact.empty()) {
        reader.unknown_word(node, "contactPoint", contact);
    }
    // Roads of virtual junctions leave from the middle of another road.
    if (const auto s = reader.number(node, "elementS", kMaxRoadLength_m)) {
        link.at_element_s = true;
        link.element_s_m = *s;
    }
    link.element_forward = reader.text(node, "elementDir") != "-";
    return link;
}

std::optional<Road> read_road(Reader& reader, const pugi::xml_node& node) {
    Road road;
    road.id = reader.text(node, "id");
    reader.set_place("road " + (road.id.empty() ? "without id" : road.id));
    if (road.id.empty()) {
        reader.error(node, "road.id.missing", "the road has no id and was left out");
        return std::nullopt;
    }
    road.name = reader.text(node, "name");
    road.junction_id = reader.text(node, "junction");
    if (road.junction_id == "-1") road.junction_id.clear();
    const std::string rule = reader.text(node, "rule");
    road.left_hand = rule == "LHT";
    if (!rule.empty() && rule != "LHT" && rule != "RHT") reader.unknown_word(node, "rule", rule);

    // Without a sound reference line nothing of the road has a place.
    const pugi::xml_node plan = node.child("planView");
    if (!read_plan(reader, plan, road)) {
        reader.error(node, "road.unusable", "its reference line is broken; the road was left out");
        return std::nullopt;
    }
    if (road.plan.empty()) {
        reader.error(node, "road.unusable", "it has no reference line; the road was left out");
        return std::nullopt;
    }
    const double plan_end = road.plan.back().s_m + road.plan.back().length_m;
    const auto length = reader.required(node, "length", kMaxRoadLength_m);
    road.length_m = length.value_or(plan_end);
    if (road.length_m < 0) {
        reader.error(node, "road.unusable",
                     fmt::format("its length is {} m; the road was left out", road.length_m));
        return std::nullopt;
    }

    read_types(reader, node, road);
    const pugi::xml_node link = node.child("link");
    road.predecessor = read_link(reader, link.child("predecessor"));
    road.successor = read_link(reader, link.child("successor"));
    road.elevation = reader.profile(node.child("elevationProfile"), "elevation", "s");
    read_lateral(reader, node.child("lateralProfile"), road);
    read_lanes(reader, node.child("lanes"), road);
    if (road.sections.empty()) {
        reader.error(node, "road.unusable", "it has no lane section; the road was left out");
        return std::nullopt;
    }
    if (!mend_road(reader, node, road)) return std::nullopt;
    read_objects(reader, node.child("objects"), road);
    read_signals(reader, node.child("signals"), road);
    if (const auto surface = node.child("surface").child("CRG"))
        reader.skipped(surface, "OpenCRG surfaces");
    if (const auto railroad = node.child("railroad").child("switch"))
        reader.skipped(railroad, "railway switches");
    return road;
}

}  // namespace huntsman::scenarios::opendrive
