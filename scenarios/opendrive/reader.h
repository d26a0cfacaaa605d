// What the parts of the reader share: words and numbers of attributes, findings with their lines.
//
// One Reader serves one file. Its methods never fail: what is missing or wrong becomes a finding
// and an empty answer. pugixml's node is only named here; its header stays in the .cpp files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/text_lines.h"
#include "engine/world/road_model.h"
#include "scenarios/opendrive/opendrive.h"

namespace pugi {
class xml_node;
}

namespace huntsman::scenarios::opendrive {

// Larger numbers than these do not occur in a map of the Earth; they mark a broken file, and
// computing with them would only spread the damage.
constexpr double kMaxCoordinate_m = 1e8;
constexpr double kMaxRoadLength_m = 1e6;
constexpr double kMinRoadLength_m = 1e-6;
constexpr double kMaxOffset_m = 1e4;  // lane offsets, widths, positions across a road
constexpr double kMaxHeight_m = 1e5;

class Reader {
  public:
    // `lines` are those of the text that the document was parsed from.
    explicit Reader(engine::core::TextLines lines) : lines_(std::move(lines)) {}

    int line(const pugi::xml_node& node) const;

    void note(const pugi::xml_node& at, std::string_view rule, const std::string& message);
    void warn(const pugi::xml_node& at, std::string_view rule, const std::string& message);
    void error(const pugi::xml_node& at, std::string_view rule, const std::string& message);
    // What findings name first: "road 12", "junction 3"; set while reading it.
    void set_place(std::string place) { place_ = std::move(place); }

    // The attribute's text as clean UTF-8 without control characters; empty where missing.
    std::string text(const pugi::xml_node& node, const char* attribute);
    std::string clean(const pugi::xml_node& node, std::string_view text);
    bool has(const pugi::xml_node& node, const char* attribute) const;

    // A finite number of at most `limit` in size. Missing: nothing, and only `required` reports it.
    // Malformed ("1,5", "nan") or larger: reported, and nothing.
    std::optional<double> number(const pugi::xml_node& node, const char* attribute,
                                 double limit = kMaxCoordinate_m);
    std::optional<double> required(const pugi::xml_node& node, const char* attribute,
                                   double limit = kMaxCoordinate_m);
    double number_or(const pugi::xml_node& node, const char* attribute, double fallback,
                     double limit = kMaxCoordinate_m);
    // As number_or; negative values are reported and become 0.
    double size_or(const pugi::xml_node& node, const char* attribute, double fallback,
                   double limit = kMaxCoordinate_m);
    std::optional<int> integer(const pugi::xml_node& node, const char* attribute);
    std::optional<int> required_integer(const pugi::xml_node& node, const char* attribute);
    bool flag_or(const pugi::xml_node& node, const char* attribute, bool fallback);
    // A speed in m/s with the unit beside it; "no limit": infinity; "undefined": 0. A number 0 is
    // reported, as it is meant as the latter.
    std::optional<double> speed(const pugi::xml_node& node);

    // a, b, c, d and a start. Missing coefficients count 0; nothing where one is malformed.
    std::optional<engine::world::Cubic> cubic(const pugi::xml_node& node, const char* start,
                                              double limit = kMaxCoordinate_m);
    engine::world::Profile profile(const pugi::xml_node& parent, const char* element,
                                   const char* start, double limit = kMaxCoordinate_m);
    std::vector<engine::world::LaneRange> validity(const pugi::xml_node& parent);

    // The attribute's word by `find` (names.h). Unknown words are reported; nothing is returned.
    template <typename Find>
    auto word(const pugi::xml_node& node, const char* attribute, Find find)
        -> decltype(find(std::string_view{})) {
        const std::string given = text(node, attribute);
        if (given.empty() && !has(node, attribute)) return std::nullopt;
        auto value = find(given);
        if (!value) unknown_word(node, attribute, given);
        return value;
    }
    void unknown_word(const pugi::xml_node& node, const char* attribute, const std::string& given);
    // Elements that the model has no place for are named once each.
    void skipped(const pugi::xml_node& node, const char* what);

    Findings findings;

  private:
    std::string at_attribute(const pugi::xml_node& node, const char* attribute) const;

    engine::core::TextLines lines_;
    std::string place_;
    std::map<std::string, bool, std::less<>> skipped_;
};

// Sorts records by their start where the file did not, and says so.
template <typename Record, typename Start>
void sort_records(Reader& reader, const pugi::xml_node& parent, const char* element,
                  std::vector<Record>& records, Start start);
void report_unsorted(Reader& reader, const pugi::xml_node& parent, const char* element);

// Nothing where the road cannot be used; the finding says why.
std::optional<engine::world::Road> read_road(Reader& reader, const pugi::xml_node& node);
void read_lanes(Reader& reader, const pugi::xml_node& lanes, engine::world::Road& road);
void read_objects(Reader& reader, const pugi::xml_node& objects, engine::world::Road& road);
void read_signals(Reader& reader, const pugi::xml_node& signals, engine::world::Road& road);
// Mends what is clear; false where the road cannot be used (reported).
bool mend_road(Reader& reader, const pugi::xml_node& node, engine::world::Road& road);
engine::world::RoadLink read_link(Reader& reader, const pugi::xml_node& node);

std::optional<engine::world::ModelJunction> read_junction(Reader& reader,
                                                          const pugi::xml_node& node);
std::optional<engine::world::SignalController> read_controller(Reader& reader,
                                                               const pugi::xml_node& node);
std::optional<engine::world::JunctionGroup> read_group(Reader& reader, const pugi::xml_node& node);

// Turns ids into indices.
void resolve(Findings& findings, Reading& reading);
// Leaves out roads without length and joins their neighbours; before `resolve`.
void bridge_empty_roads(Findings& findings, Reading& reading);
// Completes links that only one side gives; after `resolve`.
void mend_links(Findings& findings, Reading& reading);

}  // namespace huntsman::scenarios::opendrive

#include <algorithm>

template <typename Record, typename Start>
void huntsman::scenarios::opendrive::sort_records(Reader& reader, const pugi::xml_node& parent,
                                                  const char* element, std::vector<Record>& records,
                                                  Start start) {
    const auto earlier = [&](const Record& a, const Record& b) { return start(a) < start(b); };
    if (std::is_sorted(records.begin(), records.end(), earlier)) return;
    std::stable_sort(records.begin(), records.end(), earlier);
    report_unsorted(reader, parent, element);
}
