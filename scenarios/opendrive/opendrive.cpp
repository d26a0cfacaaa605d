#include "scenarios/opendrive/opendrive.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "engine/core/files.h"
#include "engine/core/text_lines.h"
#include "scenarios/opendrive/reader.h"

namespace huntsman::scenarios::opendrive {

using engine::core::Error;
using engine::core::Result;
using engine::world::RoadModel;

namespace {

// Files of 8-bit Latin letters become UTF-8 before anything else, so that positions in the text
// stay those of the document. Wider encodings are left to the parser.
bool is_latin1(std::string_view text) {
    std::string head(text.substr(0, 200));
    for (char& c : head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::size_t end = head.find("?>");
    if (!head.starts_with("<?xml") || end == head.npos) return false;
    head.resize(end);
    return head.find("iso-8859-1") != head.npos || head.find("latin1") != head.npos ||
           head.find("windows-1252") != head.npos;
}
std::string latin1_to_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            result += c;
        } else {
            result += static_cast<char>(0xC0 | byte >> 6);
            result += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return result;
}

// Roads and lanes of more than a country: everything made from them would outgrow the machine.
std::string too_long(const RoadModel& model) {
    constexpr double kMostRoads_m = 2e7, kMostLanes_m = 2e8;
    double roads_m = 0, lanes_m = 0;
    for (const engine::world::Road& road : model.roads) {
        roads_m += road.length_m;
        for (std::size_t k = 0; k < road.sections.size(); ++k) {
            const double end =
                k + 1 < road.sections.size() ? road.sections[k + 1].s_m : road.length_m;
            lanes_m +=
                (end - road.sections[k].s_m) * static_cast<double>(road.sections[k].lanes.size());
        }
    }
    if (roads_m <= kMostRoads_m && lanes_m <= kMostLanes_m) return {};
    return fmt::format(
        "holds {:.0f} km of roads with {:.0f} km of lanes, expected at most {:.0f} "
        "and {:.0f} km",
        roads_m / 1000, lanes_m / 1000, kMostRoads_m / 1000, kMostLanes_m / 1000);
}

// Elements may carry a prefix for the standard's namespace ("odr:road"); it is the root's. Names
// are shortened in place, so that positions in the text stay known.
void strip_prefix(pugi::xml_node root) {
    const std::string_view given = root.name();
    const std::size_t colon = given.rfind(':');
    if (colon == given.npos) return;
    const std::string prefix(given.substr(0, colon + 1));
    // A walk without recursion: files may nest as deep as they are long.
    pugi::xml_node node = root;
    while (true) {
        const std::string_view name = node.name();
        if (name.substr(0, prefix.size()) == prefix) {
            const std::string local(name.substr(prefix.size()));
            node.set_name(local.c_str());
        }
        if (node.first_child()) {
            node = node.first_child();
            continue;
        }
        while (node != root && !node.next_sibling()) node = node.parent();
        if (node == root) return;
        node = node.next_sibling();
    }
}

void read_header(Reader& reader, const pugi::xml_node& root, RoadModel& model) {
    const pugi::xml_node header = root.child("header");
    reader.set_place("");
    if (!header) {
        reader.error(root, "header.missing", "the file has no <header>; revision 1.4 is taken");
        model.revision_minor = 4;
        return;
    }
    model.revision_major = reader.required_integer(header, "revMajor").value_or(1);
    model.revision_minor = reader.required_integer(header, "revMinor").value_or(4);
    if (model.revision_major != 1 || model.revision_minor < 4 || model.revision_minor > 8)
        reader.warn(header, "header.revision",
                    fmt::format("revision {}.{} is none of 1.4 to 1.8; the file is read as far as "
                                "it agrees with them",
                                model.revision_major, model.revision_minor));
    model.name = reader.text(header, "name");
    model.vendor = reader.text(header, "vendor");
    model.date = reader.text(header, "date");
    model.north_m = reader.number_or(header, "north", 0);
    model.south_m = reader.number_or(header, "south", 0);
    model.east_m = reader.number_or(header, "east", 0);
    model.west_m = reader.number_or(header, "west", 0);
    if (const pugi::xml_node reference = header.child("geoReference")) {
        // Plain or CDATA, in one part or several.
        std::string given;
        for (const pugi::xml_node& part : reference.children()) {
            if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata)
                given += part.value();
        }
        const std::string text = reader.clean(reference, given);
        const auto is_space = [](char c) {
            return c == ' ' || c == '\t' || c == '\n' || c == '\r';
        };
        std::size_t begin = 0, end = text.size();
        while (begin < end && is_space(text[begin])) ++begin;
        while (end > begin && is_space(text[end - 1])) --end;
        model.geo_reference = text.substr(begin, end - begin);
    }
    if (const pugi::xml_node offset = header.child("offset")) {
        model.offset.x_m = reader.number_or(offset, "x", 0);
        model.offset.y_m = reader.number_or(offset, "y", 0);
        model.offset.z_m = reader.number_or(offset, "z", 0, kMaxHeight_m);
        model.offset.heading_rad = reader.number_or(offset, "hdg", 0, 1e6);
    }
    if (const auto rules = header.child("defaultRegulations"))
        reader.skipped(rules, "default regulations");
}

// The document's root, or what keeps the text from being an OpenDRIVE document.
Result<pugi::xml_node> root_of(const pugi::xml_document& document, const std::string& file) {
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype &&
            std::string_view(node.value()).find("<!ENTITY") != std::string_view::npos)
            return Error{.message =
                             "declares entities in its document type, which maps do not "
                             "need and which are never expanded; take them out",
                         .file = file};
    }
    const pugi::xml_node root = document.document_element();
    std::string_view name = root.name();
    if (const std::size_t colon = name.rfind(':'); colon != name.npos)
        name.remove_prefix(colon + 1);
    if (name != "OpenDRIVE")
        return Error{.message = fmt::format("is no OpenDRIVE file: its root element is <{}>, "
                                            "expected <OpenDRIVE>",
                                            name.substr(0, 60)),
                     .file = file};
    return root;
}

}  // namespace

Result<Reading> parse(std::string text, const std::string& file) {
    if (text.size() > kMaxFileBytes)
        return Error{.message = fmt::format("is {} MB large, expected at most {} MB",
                                            text.size() >> 20, kMaxFileBytes >> 20),
                     .file = file};
    const bool latin1 = is_latin1(text);
    if (latin1) text = latin1_to_utf8(text);
    // Positions refer to the text as it is parsed, so lines are counted before parsing changes it.
    engine::core::TextLines lines(text);
    const bool wide = text.size() >= 2 && (text[0] == '\0' || text[1] == '\0' ||
                                           static_cast<unsigned char>(text[0]) >= 0xFE);
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer_inplace(
        text.data(), text.size(), pugi::parse_default | pugi::parse_doctype,
        latin1 ? pugi::encoding_utf8 : pugi::encoding_auto);
    if (!parsed)
        return Error{.message = fmt::format("is not well-formed XML: {}", parsed.description()),
                     .file = file,
                     .line = wide ? 0 : lines.at(parsed.offset)};
    if (wide) lines = {};
    HM_TAKE(pugi::xml_node root, root_of(document, file));
    strip_prefix(root);

    Reader reader(std::move(lines));
    Reading reading;
    read_header(reader, root, reading.model);
    for (const pugi::xml_node& node : root.children("road")) {
        if (auto road = read_road(reader, node)) {
            reading.model.roads.push_back(*std::move(road));
            reading.road_lines.push_back(reader.line(node));
        }
    }
    for (const pugi::xml_node& node : root.children("junction")) {
        if (auto junction = read_junction(reader, node)) {
            reading.model.junctions.push_back(*std::move(junction));
            reading.junction_lines.push_back(reader.line(node));
        }
    }
    for (const pugi::xml_node& node : root.children("controller")) {
        if (auto controller = read_controller(reader, node))
            reading.model.controllers.push_back(*std::move(controller));
    }
    for (const pugi::xml_node& node : root.children("junctionGroup")) {
        if (auto group = read_group(reader, node))
            reading.model.junction_groups.push_back(*std::move(group));
    }
    reader.set_place("");
    if (const auto station = root.child("station")) reader.skipped(station, "stations");
    bridge_empty_roads(reader.findings, reading);
    if (reading.model.roads.empty()) {
        std::string why = "it has no <road>";
        for (const Finding& finding : reader.findings.take()) {
            if (finding.severity == Severity::kNote || !finding.rule.starts_with("road.")) continue;
            why = finding.line > 0 ? fmt::format("line {}: {}", finding.line, finding.message)
                                   : finding.message;
            break;
        }
        return Error{.message = "holds no road that could be used: " + why, .file = file};
    }
    if (std::string why = too_long(reading.model); !why.empty())
        return Error{.message = std::move(why), .file = file};
    resolve(reader.findings, reading);
    mend_links(reader.findings, reading);
    reading.findings = reader.findings.take();
    return reading;
}

Result<Reading> read(const std::filesystem::path& path) {
    std::error_code problem;
    const auto size = std::filesystem::file_size(path, problem);
    if (!problem && size > kMaxFileBytes)
        return Error{.message = fmt::format("is {} MB large, expected at most {} MB", size >> 20,
                                            kMaxFileBytes >> 20),
                     .file = path.string()};
    HM_TAKE(std::string text, engine::core::read_file(path));
    return parse(std::move(text), path.string());
}

}  // namespace huntsman::scenarios::opendrive
