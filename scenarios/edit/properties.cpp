// Descriptions of elements and fields for generic panes.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/core/describe_table.h"
#include "scenarios/edit/canonical.h"
#include "scenarios/edit/elements.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/request.h"
#include "scenarios/model/scenario_fields.h"
#include "scenarios/openscenario/xml.h"

namespace huntsman::scenarios::edit {

using engine::core::FieldRow;
using nlohmann::ordered_json;
using openscenario::Content;
using openscenario::Standard;
using openscenario::TypeRule;
using story::Element;

namespace {

// ---- Attributes

struct UnitRow {
    const char* element;  // empty: any
    const char* attribute;
    const char* unit;
};
// The standard gives units in words; these are they. Those of one element first.
constexpr UnitRow kUnits[] = {
    {"AbsoluteTargetSpeed", "value", "m/s"},
    {"RelativeTargetSpeed", "value", "m/s"},
    {"AbsoluteSpeed", "value", "m/s"},
    {"AbsoluteTargetLaneOffset", "value", "m"},
    {"RelativeTargetLaneOffset", "value", "m"},
    {"SimulationTimeCondition", "value", "s"},
    {"SpeedCondition", "value", "m/s"},
    {"RelativeSpeedCondition", "value", "m/s"},
    {"AccelerationCondition", "value", "m/s²"},
    {"TraveledDistanceCondition", "value", "m"},
    {"DistanceCondition", "value", "m"},
    {"RelativeDistanceCondition", "value", "m"},
    {"TimeHeadwayCondition", "value", "s"},
    {"TimeToCollisionCondition", "value", "s"},
    {"TargetTimeSteadyState", "time", "s"},
    {"Sun", "azimuth", "rad"},
    {"Sun", "elevation", "rad"},
    {"Sun", "illuminance", "lx"},
    {"Sun", "intensity", "W/m²"},
    {"Wind", "speed", "m/s"},
    {"Wind", "direction", "rad"},
    {"Weather", "temperature", "K"},
    {"Weather", "atmosphericPressure", "Pa"},
    {"Precipitation", "precipitationIntensity", "mm/h"},
    {"Precipitation", "intensity", ""},
    {"Timing", "offset", "s"},
    {"TrafficSourceAction", "rate", "1/s"},
    {"TrafficSinkAction", "rate", "1/s"},
    {"TrafficSourceAction", "speed", "m/s"},
    {"TrafficSignalController", "delay", "s"},
    {"", "x", "m"},
    {"", "y", "m"},
    {"", "z", "m"},
    {"", "s", "m"},
    {"", "t", "m"},
    {"", "h", "rad"},
    {"", "p", "rad"},
    {"", "r", "rad"},
    {"", "dx", "m"},
    {"", "dy", "m"},
    {"", "dz", "m"},
    {"", "ds", "m"},
    {"", "dt", "m"},
    {"", "dsLane", "m"},
    {"", "pathS", "m"},
    {"", "offset", "m"},
    {"", "laneOffset", "m"},
    {"", "targetLaneOffset", "m"},
    {"", "length", "m"},
    {"", "width", "m"},
    {"", "height", "m"},
    {"", "positionX", "m"},
    {"", "positionZ", "m"},
    {"", "trackWidth", "m"},
    {"", "wheelDiameter", "m"},
    {"", "maxSteering", "rad"},
    {"", "tolerance", "m"},
    {"", "targetTolerance", "m"},
    {"", "targetToleranceMaster", "m"},
    {"", "distance", "m"},
    {"", "radius", "m"},
    {"", "innerRadius", "m"},
    {"", "semiMajorAxis", "m"},
    {"", "semiMinorAxis", "m"},
    {"", "distanceForward", "m"},
    {"", "distanceBackward", "m"},
    {"", "initialDistanceOffset", "m"},
    {"", "visualRange", "m"},
    {"", "speed", "m/s"},
    {"", "velocity", "m/s"},
    {"", "maxSpeed", "m/s"},
    {"", "maxAcceleration", "m/s²"},
    {"", "maxDeceleration", "m/s²"},
    {"", "maxLateralAcc", "m/s²"},
    {"", "maxAccelerationRate", "m/s³"},
    {"", "maxDecelerationRate", "m/s³"},
    {"", "mass", "kg"},
    {"", "duration", "s"},
    {"", "delay", "s"},
    {"", "time", "s"},
    {"", "timeGap", "s"},
    {"", "transitionTime", "s"},
    {"", "animationDuration", "s"},
    {"", "angle", "rad"},
    {"", "angleTolerance", "rad"},
};

std::string unit_at(const Element& element, const std::string& attribute) {
    // Of a change the unit depends on what is given.
    const std::string* dimension = element.attribute("dynamicsDimension");
    if (dimension != nullptr && attribute == "value") {
        return *dimension == "time" ? "s" : *dimension == "distance" ? "m" : "m/s²";
    }
    for (const UnitRow& row : kUnits) {
        if (row.attribute == attribute && (*row.element == '\0' || row.element == element.name)) {
            return row.unit;
        }
    }
    return {};
}

// Amounts that cannot be below 0.
bool is_amount(const std::string& attribute) {
    static const std::set<std::string> kAmounts{"mass",
                                                "length",
                                                "width",
                                                "height",
                                                "duration",
                                                "delay",
                                                "radius",
                                                "tolerance",
                                                "distance",
                                                "innerRadius",
                                                "semiMajorAxis",
                                                "timeGap",
                                                "time",
                                                "semiMinorAxis",
                                                "maxSpeed",
                                                "trackWidth",
                                                "maxAcceleration",
                                                "wheelDiameter",
                                                "rate",
                                                "maxDeceleration",
                                                "weight",
                                                "visualRange",
                                                "transitionTime",
                                                "maxLateralAcc",
                                                "precipitationIntensity",
                                                "frictionScaleFactor"};
    return kAmounts.contains(attribute);
}

const char* word_of_type(const std::string& type) {
    if (type == "Double") return "number";
    if (type == "Int" || type == "UnsignedInt" || type == "UnsignedShort") return "whole number";
    if (type == "Boolean") return "flag";
    return Standard::get().enumeration(type) != nullptr ? "choice" : "text";
}

PropertyDescription describe(const Element& element, const openscenario::AttributeRule& rule,
                             const std::vector<std::string>& entities) {
    PropertyDescription property{.name = rule.name,
                                 .label = label_of_name(rule.name),
                                 .type = word_of_type(rule.type),
                                 .unit = unit_at(element, rule.name),
                                 .required = rule.required};
    if (const auto* words = Standard::get().enumeration(rule.type))
        property.choices = words->values;
    if (rule.name == "entityRef" || rule.name == "masterEntityRef") {
        property.type = "choice";
        property.choices = entities;
    }
    if (const std::string* value = element.attribute(rule.name)) property.value = *value;
    if (is_amount(rule.name) || rule.type.starts_with("Unsigned")) property.low = 0;
    return property;
}

// ---- Children

void collect(const Content& content, std::vector<std::string>& names) {
    if (content.kind == Content::Kind::kElement) {
        if (std::ranges::find(names, content.name) == names.end()) names.push_back(content.name);
        return;
    }
    for (const Content& part : content.parts) collect(part, names);
}

// What the standard says of the children of an element, whatever is in these.
std::multiset<std::string> complaints(const Element& bare, const std::string& type) {
    engine::core::Findings findings;
    openscenario::check(bare, type, findings);
    std::multiset<std::string> messages;
    for (const auto& finding : findings.take()) {
        if (finding.rule.starts_with("element.") && finding.rule != "element.unknown" &&
            finding.message.starts_with("<" + bare.name + ">")) {
            messages.insert(finding.message);
        }
    }
    return messages;
}

bool no_worse(const std::multiset<std::string>& before, const std::multiset<std::string>& after) {
    return std::ranges::all_of(after, [&](const std::string& message) {
        return after.count(message) <= before.count(message);
    });
}

Element bare_of(const Element& element) {
    Element bare{.name = element.name};
    for (const Element& child : element.children) bare.children.push_back({.name = child.name});
    return bare;
}

std::vector<std::string> insertable_in(const Element& element, const TypeRule& rule) {
    std::vector<std::string> names, fine;
    if (rule.has_content) collect(rule.content, names);
    Element bare = bare_of(element);
    const auto before = complaints(bare, rule.name);
    for (const std::string& name : names) {
        bare.children.push_back({.name = name});
        if (no_worse(before, complaints(bare, rule.name))) fine.push_back(name);
        bare.children.pop_back();
    }
    return fine;
}

bool is_removable(const Element& parent, const std::string& type, const Element& child) {
    Element bare = bare_of(parent);
    const auto before = complaints(bare, type);
    const auto at = std::ranges::find(bare.children, child.name, &Element::name);
    if (at != bare.children.end()) bare.children.erase(at);
    return no_worse(before, complaints(bare, type));
}

std::vector<std::string> alternatives_of(const Element& parent, const TypeRule& rule,
                                         const Element& child) {
    std::vector<std::string> names, fine;
    if (rule.has_content) collect(rule.content, names);
    Element bare = bare_of(parent);
    const auto before = complaints(bare, rule.name);
    const auto at = static_cast<std::size_t>(&child - parent.children.data());
    for (const std::string& name : names) {
        if (name == child.name || child.name == "ScenarioObject") continue;
        bare.children[at].name = name;
        if (no_worse(before, complaints(bare, rule.name))) fine.push_back(name);
    }
    return fine;
}

// A name for lists: "Event runs".
std::string label_of_element(const Element& element) {
    std::string label = label_of_name(element.name);
    for (const char* key : {"name", "entityRef", "trafficSignalId"}) {
        if (const std::string* value = element.attribute(key)) return label + " " + *value;
    }
    return label;
}

}  // namespace

Result<ElementDescription> describe_element(const Draft& draft, std::string_view path) {
    HM_TAKE(const ElementPlace place, element_place(draft, std::string(path)));
    const Element& root = draft.story->root;
    const Element& element = *place.element;
    ElementDescription description{.path = path_of(root, &element),
                                   .name = element.name,
                                   .label = label_of_element(element),
                                   .type = place.rule->name};
    const auto entities = entity_names(root);
    for (const auto& rule : place.rule->attributes) {
        description.properties.push_back(describe(element, rule, entities));
    }
    for (const Element& child : element.children) {
        description.children.push_back(
            {path_of(root, &child), child.name, label_of_element(child)});
    }
    description.insertable = insertable_in(element, *place.rule);
    if (&element == &root) return description;
    const std::size_t slash = description.path.rfind('/');
    const std::string above = slash == std::string::npos ? "" : description.path.substr(0, slash);
    const Element* parent = find_element(root, above);
    description.removable =
        element.name == "ScenarioObject" ||
        (parent != nullptr && is_removable(*parent, std::string(type_at(above)), element));
    if (parent != nullptr) {
        HM_TAKE(const ElementPlace around, element_place(draft, above));
        description.replaceable_by = alternatives_of(*parent, *around.rule, element);
    }
    return description;
}

// ---- Fields

namespace {

std::string label_without_unit(const std::string& key) {
    constexpr const char* kEnds[] = {"_mm_h", "_per_m", "_mps", "_deg", "_kg", "_m", "_s"};
    for (const char* end : kEnds) {
        if (key.ends_with(end)) {
            return label_of_name(key.substr(0, key.size() - std::string_view(end).size()));
        }
    }
    return label_of_name(key);
}

std::string shown(const ordered_json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

void add_rows(const std::string& group, const std::string& prefix,
              const std::vector<FieldRow>& rows, const ordered_json& now,
              std::vector<FieldDescription>& fields) {
    for (const FieldRow& row : rows) {
        PropertyDescription property{.name = prefix + row.key,
                                     .label = label_of_name(row.key),
                                     .type = row.number ? "number" : "text",
                                     .unit = engine::core::unit_of(row.key),
                                     .doc = row.doc,
                                     .required = row.required,
                                     .without = row.fallback};
        // The unit is said apart.
        if (!property.unit.empty()) property.label = label_without_unit(row.key);
        if (row.number) {
            if (std::isfinite(row.low)) property.low = row.low;
            if (std::isfinite(row.high)) property.high = row.high;
        }
        const bool flag = row.fallback == "true" || row.fallback == "false" ||
                          std::string_view(row.doc).starts_with("true or false");
        if (flag) property.type = "flag";
        if (now.is_object() && now.contains(row.key)) property.value = shown(now[row.key]);
        fields.push_back({group, std::move(property)});
    }
}

}  // namespace

std::vector<FieldDescription> describe_fields(const Draft& draft) {
    const ordered_json now = scenario_json(draft);
    const auto part = [&](const char* key) {
        return now.contains(key) ? now[key] : ordered_json::object();
    };
    std::vector<FieldDescription> fields;
    auto rows = engine::core::field_rows<model::Scenario>();
    // Objects have groups of their own, the map a command.
    std::erase_if(rows, [](const FieldRow& row) {
        return row.key == "town" || row.key == "weather" || row.key == "environment" ||
               row.key == "map";
    });
    add_rows("scenario", "", rows, now, fields);
    add_rows("town", "town.", engine::core::field_rows<town::TownParameters>(), part("town"),
             fields);
    add_rows("environment", "environment.", engine::core::field_rows<engine::world::Environment>(),
             part("environment"), fields);
    for (FieldDescription& field : fields) {
        const std::string& name = field.property.name;
        if (name == "environment.light") {
            field.property.choices = {"day", "low sun", "dusk", "night"};
        } else if (name == "town.country") {
            field.property.choices = {"DE", "GB", "US"};
        } else if (name == "town.vehicles" || name == "town.pedestrians" || name == "town.seed") {
            field.property.type = "whole number";
        }
        // What a place draws from its seed where it is not given.
        if (field.group == "environment") field.property.without = "as the seed draws it";
    }
    for (const OutlineParameter& parameter : outline(draft, {}).parameters) {
        fields.push_back(
            {"parameters",
             {.name = "parameters." + parameter.name,
              .label = label_of_name(parameter.name),
              .type = parameter.type == "double"    ? "number"
                      : parameter.type == "boolean" ? "flag"
                      : parameter.low || parameter.type.ends_with("nt") ||
                              parameter.type.starts_with("unsigned") || parameter.type == "integer"
                          ? "whole number"
                          : "text",
              .unit = parameter.unit,
              .doc = parameter.meaning,
              .value = parameter.value,
              .low = parameter.low,
              .high = parameter.high}});
    }
    return fields;
}

}  // namespace huntsman::scenarios::edit
