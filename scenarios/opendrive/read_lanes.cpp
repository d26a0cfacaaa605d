// Lane sections, lanes and their road marks.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "scenarios/opendrive/names.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using namespace engine::world;

namespace {

// On one side. Borders are sums over lanes, so their number must stay one that a road has.
constexpr int kMostLanes = 500;
// Racing tyres reach 2; values beyond this are no coefficient.
constexpr double kMaxFriction = 10;

MarkLine read_line(Reader& reader, const pugi::xml_node& node) {
    MarkLine line;
    line.length_m = reader.size_or(node, "length", 0);
    line.space_m = reader.size_or(node, "space", 0);
    line.t_offset_m = reader.number_or(node, "tOffset", 0, kMaxOffset_m);
    line.s_offset_m = reader.number_or(node, "sOffset", 0);
    line.width_m = reader.size_or(node, "width", 0, kMaxOffset_m);
    line.rule = reader.text(node, "rule");
    if (const auto colour = reader.word(node, "color", mark_colour)) {
        line.colour = *colour;
        line.has_colour = true;
    }
    return line;
}

RoadMark read_mark(Reader& reader, const pugi::xml_node& node) {
    RoadMark mark;
    mark.s_offset_m = reader.number_or(node, "sOffset", 0, kMaxRoadLength_m);
    mark.type = reader.word(node, "type", mark_type).value_or(MarkType::kUnmarked);
    mark.colour = reader.word(node, "color", mark_colour).value_or(MarkColour::kStandard);
    mark.lane_change = reader.word(node, "laneChange", lane_change).value_or(LaneChange::kBoth);
    const std::string weight = reader.text(node, "weight");
    mark.bold = weight == "bold";
    if (!weight.empty() && weight != "bold" && weight != "standard")
        reader.unknown_word(node, "weight", weight);
    mark.height_m = reader.size_or(node, "height", 0, kMaxOffset_m);
    if (reader.has(node, "material")) mark.material = reader.text(node, "material");
    mark.width_m = reader.size_or(node, "width", 0, kMaxOffset_m);
    mark.sway = reader.profile(node, "sway", "ds", kMaxOffset_m);
    if (const pugi::xml_node type = node.child("type")) {
        mark.pattern = reader.text(type, "name");
        if (!reader.has(node, "width"))
            mark.width_m = reader.size_or(type, "width", 0, kMaxOffset_m);
        for (const pugi::xml_node& node_of_line : type.children("line")) {
            MarkLine line = read_line(reader, node_of_line);
            // Dashes of millimetres are a line, and would be millions.
            constexpr double kShortestDash_m = 0.01;
            if (line.space_m > 0 && line.length_m + line.space_m < kShortestDash_m) {
                reader.warn(node_of_line, "mark.line.absurd",
                            fmt::format("<line> repeats every {} m; an unbroken line was taken",
                                        line.length_m + line.space_m));
                line.space_m = 0;
            }
            mark.lines.push_back(std::move(line));
        }
    }
    for (const pugi::xml_node& line : node.child("explicit").children("line"))
        mark.explicit_lines.push_back(read_line(reader, line));
    return mark;
}

void read_accesses(Reader& reader, const pugi::xml_node& node, ModelLane& lane) {
    for (const pugi::xml_node& child : node.children("access")) {
        LaneAccess access;
        access.s_offset_m = reader.number_or(child, "sOffset", 0, kMaxRoadLength_m);
        // Without a rule (1.4) the participant named is the one who may not enter.
        const std::string rule = reader.text(child, "rule");
        access.deny = rule != "allow";
        if (!rule.empty() && rule != "allow" && rule != "deny")
            reader.unknown_word(child, "rule", rule);
        if (reader.has(child, "restriction"))
            access.restrictions.push_back(reader.text(child, "restriction"));
        for (const pugi::xml_node& restriction : child.children("restriction"))
            access.restrictions.push_back(reader.text(restriction, "type"));
        // Several records at one place (up to 1.7) are one with several participants (1.8).
        LaneAccess* last = lane.accesses.empty() ? nullptr : &lane.accesses.back();
        if (last != nullptr && last->s_offset_m == access.s_offset_m && last->deny == access.deny) {
            last->restrictions.insert(last->restrictions.end(), access.restrictions.begin(),
                                      access.restrictions.end());
        } else {
            lane.accesses.push_back(std::move(access));
        }
    }
}

template <typename Record>
void sort_by_offset(Reader& reader, const pugi::xml_node& node, const char* element,
                    std::vector<Record>& records) {
    sort_records(reader, node, element, records, [](const Record& r) { return r.s_offset_m; });
}

void read_records(Reader& reader, const pugi::xml_node& node, ModelLane& lane) {
    for (const pugi::xml_node& child : node.children("roadMark"))
        lane.marks.push_back(read_mark(reader, child));
    for (const pugi::xml_node& child : node.children("speed")) {
        const double offset = reader.number_or(child, "sOffset", 0, kMaxRoadLength_m);
        if (const auto speed = reader.speed(child)) lane.speeds.push_back({offset, *speed});
    }
    read_accesses(reader, node, lane);
    for (const pugi::xml_node& child : node.children("material")) {
        LaneMaterial material;
        material.s_offset_m = reader.number_or(child, "sOffset", 0, kMaxRoadLength_m);
        material.friction = reader.number_or(child, "friction", 1, kMaxFriction);
        if (material.friction <= 0) {
            reader.warn(child, "number.zero",
                        fmt::format("lane {} has friction {}, which nothing could move on; 1 is "
                                    "taken, as where none is given",
                                    lane.id, material.friction));
            material.friction = 1;
        }
        material.roughness = reader.size_or(child, "roughness", 0);
        material.surface = reader.text(child, "surface");
        lane.materials.push_back(std::move(material));
    }
    for (const pugi::xml_node& child : node.children("rule"))
        lane.rules.push_back(
            {reader.number_or(child, "sOffset", 0, kMaxRoadLength_m), reader.text(child, "value")});
    for (const pugi::xml_node& child : node.children("height"))
        lane.heights.push_back({reader.number_or(child, "sOffset", 0, kMaxRoadLength_m),
                                reader.number_or(child, "inner", 0, kMaxHeight_m),
                                reader.number_or(child, "outer", 0, kMaxHeight_m)});
    sort_by_offset(reader, node, "roadMark", lane.marks);
    sort_by_offset(reader, node, "speed", lane.speeds);
    sort_by_offset(reader, node, "access", lane.accesses);
    sort_by_offset(reader, node, "material", lane.materials);
    sort_by_offset(reader, node, "rule", lane.rules);
    sort_by_offset(reader, node, "height", lane.heights);
}

void read_lane_links(Reader& reader, const pugi::xml_node& node, ModelLane& lane) {
    const pugi::xml_node link = node.child("link");
    const auto read = [&](const char* element, std::vector<int>& ids) {
        for (const pugi::xml_node& child : link.children(element)) {
            const auto id = reader.required_integer(child, "id");
            if (id && (*id > kMostLanes || *id < -kMostLanes)) {
                reader.error(
                    child, "lane.id.absurd",
                    fmt::format("lane {} is linked to lane {}, which cannot be", lane.id, *id));
            } else if (id && std::find(ids.begin(), ids.end(), *id) == ids.end())
                ids.push_back(*id);
        }
    };
    read("predecessor", lane.predecessors);
    read("successor", lane.successors);
}

std::optional<ModelLane> read_lane(Reader& reader, const pugi::xml_node& node) {
    ModelLane lane;
    const auto id = reader.required_integer(node, "id");
    if (!id) return std::nullopt;
    if (*id > kMostLanes || *id < -kMostLanes) {
        reader.error(
            node, "lane.id.absurd",
            fmt::format("lane {} was left out: no side has more than {} lanes", *id, kMostLanes));
        return std::nullopt;
    }
    lane.id = *id;
    const std::string type = reader.text(node, "type");
    if (const auto known = lane_type(type)) {
        lane.type = *known;
    } else if (lane.id != 0 || !type.empty()) {
        reader.warn(node, "lane.type.unknown",
                    fmt::format("lane {} has the unknown type \"{}\"; \"none\" is taken", lane.id,
                                type.substr(0, 60)));
    }
    lane.level = reader.flag_or(node, "level", false);
    lane.road_works = reader.flag_or(node, "roadWorks", false);
    lane.direction =
        reader.word(node, "direction", lane_direction).value_or(ModelLane::Direction::kStandard);
    lane.widths = reader.profile(node, "width", "sOffset", kMaxOffset_m);
    lane.borders = reader.profile(node, "border", "sOffset", kMaxOffset_m);
    if (!lane.widths.empty() && !lane.borders.empty()) {
        reader.note(node, "lane.border.ignored",
                    fmt::format("lane {} has both widths and borders; widths count", lane.id));
        lane.borders.clear();
    }
    if (lane.id == 0 && !(lane.widths.empty() && lane.borders.empty())) {
        reader.warn(node, "lane.centre.width", "lane 0 has a width, which was left out");
        lane.widths.clear();
        lane.borders.clear();
    }
    read_records(reader, node, lane);
    read_lane_links(reader, node, lane);
    return lane;
}

void read_section(Reader& reader, const pugi::xml_node& node, LaneSection& section) {
    for (const char* side : {"left", "center", "right"}) {
        for (const pugi::xml_node& group : node.children(side)) {
            for (const pugi::xml_node& child : group.children("lane")) {
                auto lane = read_lane(reader, child);
                if (!lane) continue;
                const bool fits = side[0] == 'l'   ? lane->id > 0
                                  : side[0] == 'c' ? lane->id == 0
                                                   : lane->id < 0;
                if (!fits)
                    reader.warn(
                        child, "lane.side",
                        fmt::format("lane {} stands under <{}>; its id decides", lane->id, side));
                section.lanes.push_back(*std::move(lane));
            }
        }
    }
    std::stable_sort(section.lanes.begin(), section.lanes.end(),
                     [](const ModelLane& a, const ModelLane& b) { return a.id > b.id; });
    const auto same = [](const ModelLane& a, const ModelLane& b) { return a.id == b.id; };
    const auto twin = std::unique(section.lanes.begin(), section.lanes.end(), same);
    if (twin != section.lanes.end()) {
        reader.error(
            node, "lane.id.duplicate",
            fmt::format("section at s = {} has lane ids twice; the first was kept", section.s_m));
        section.lanes.erase(twin, section.lanes.end());
    }
    const auto centre = std::partition_point(section.lanes.begin(), section.lanes.end(),
                                             [](const ModelLane& lane) { return lane.id > 0; });
    if (centre == section.lanes.end() || centre->id != 0) {
        reader.warn(node, "lane.centre.missing",
                    fmt::format("section at s = {} lacks lane 0, which was added", section.s_m));
        section.lanes.insert(centre, ModelLane{});
    }
}

}  // namespace

void read_lanes(Reader& reader, const pugi::xml_node& lanes, Road& road) {
    road.lane_offset = reader.profile(lanes, "laneOffset", "s", kMaxOffset_m);
    for (const pugi::xml_node& node : lanes.children("laneSection")) {
        const auto s = reader.required(node, "s", kMaxRoadLength_m);
        if (!s) continue;
        LaneSection section;
        section.s_m = *s;
        section.single_side = reader.flag_or(node, "singleSide", false);
        read_section(reader, node, section);
        road.sections.push_back(std::move(section));
    }
    sort_records(reader, lanes, "laneSection", road.sections,
                 [](const LaneSection& s) { return s.s_m; });
}

}  // namespace huntsman::scenarios::opendrive
