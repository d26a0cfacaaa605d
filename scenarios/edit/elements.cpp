#include "scenarios/edit/elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <set>
#include <utility>

#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"

namespace huntsman::scenarios::edit {

using engine::core::Findings;
using openscenario::Content;
using openscenario::Standard;
using openscenario::TypeRule;
using story::Element;

namespace {

struct Step {
    std::string_view name;
    std::string_view which;  // a number, or the value of "name"; empty: the first
};

// The first step of a path, which is shortened by it. Brackets may hold slashes.
Step take_step(std::string_view& path) {
    Step step;
    const std::size_t bracket = path.find('['), slash = path.find('/');
    if (bracket < slash) {
        const std::size_t end = std::min(path.find(']', bracket), path.size());
        step.name = path.substr(0, bracket);
        step.which = path.substr(bracket + 1, end - bracket - 1);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (path.starts_with('/')) path.remove_prefix(1);
    } else {
        step.name = path.substr(0, slash);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return step;
}

template <typename E>
E* find_child(E& parent, const Step& step) {
    std::size_t wanted = 1;
    const char* end = step.which.data() + step.which.size();
    const auto parsed = std::from_chars(step.which.data(), end, wanted);
    const bool by_number = step.which.empty() || (parsed.ec == std::errc() && parsed.ptr == end);
    std::size_t count = 0;
    for (E& child : parent.children) {
        if (child.name != step.name) continue;
        ++count;
        const std::string* name = child.attribute("name");
        if (by_number ? count == wanted : name != nullptr && *name == step.which) return &child;
    }
    return nullptr;
}

template <typename E>
E* find(E& root, std::string_view path) {
    E* at = &root;
    while (at != nullptr && !path.empty()) at = find_child(*at, take_step(path));
    return at;
}

}  // namespace

const Element* find_element(const Element& root, std::string_view path) { return find(root, path); }
Element* find_element(Element& root, std::string_view path) { return find(root, path); }

std::string_view type_at(std::string_view path) {
    std::string_view type = Standard::kRootType;
    while (!path.empty() && !type.empty()) {
        const TypeRule* rule = Standard::get().type(type);
        const Step step = take_step(path);
        type = rule != nullptr ? rule->child_type(step.name) : std::string_view();
    }
    return type;
}

std::string path_of(const Element& root, const Element* element) {
    for (const Element& child : root.children) {
        std::string below;
        if (&child != element) {
            below = path_of(child, element);
            if (below.empty()) continue;
        }
        std::size_t before = 0, all = 0;
        for (const Element& other : root.children) {
            if (other.name != child.name) continue;
            ++all;
            if (&other <= &child) ++before;
        }
        std::string step = child.name;
        if (all > 1) step += fmt::format("[{}]", before);
        return below.empty() ? step : step + "/" + below;
    }
    return {};
}

std::string path_after(const std::string& path) {
    const std::size_t close = path.rfind(']'), open = path.rfind('[');
    if (close == std::string::npos || open == std::string::npos || open > close) return path;
    const int number = std::atoi(path.c_str() + open + 1);
    return path.substr(0, open + 1) + std::to_string(number + 1) + path.substr(close);
}

std::string value_problem(std::string_view element_type, std::string_view attribute,
                          const std::string& value) {
    Element probe;
    probe.name = element_type;
    probe.set(attribute, value);
    Findings findings;
    openscenario::check(probe, element_type, findings);
    for (const auto& finding : findings.take()) {
        if (finding.rule == "attribute.value") return finding.message;
    }
    return {};
}

engine::core::Status check_element(const Element& element, std::string_view type) {
    Findings findings;
    openscenario::check(element, type, findings);
    const auto* error = findings.first_error();
    if (error == nullptr) return {};
    return engine::core::Error{.message = error->message};
}

namespace {

// Of several that an element may hold, the one that is meant most often.
constexpr std::array kUsual{"WorldPosition",
                            "PrivateAction",
                            "LongitudinalAction",
                            "SpeedAction",
                            "AbsoluteTargetSpeed",
                            "Vehicle",
                            "ByValueCondition",
                            "SimulationTimeCondition",
                            "RelativeTargetLane",
                            "None",
                            "Polyline",
                            "EntityRef",
                            "Environment",
                            "Trajectory",
                            "Route",
                            "Controller",
                            "AddEntityAction",
                            "TrafficSignalStateAction",
                            "ReachPositionCondition",
                            "AbsoluteTargetLaneOffset"};

// Plain values of attributes whose first or zero value would make no sense.
constexpr std::pair<const char*, const char*> kValues[] = {{"height", "1.5"},
                                                           {"length", "4.5"},
                                                           {"width", "1.8"},
                                                           {"mass", "1000"},
                                                           {"scale", "1"},
                                                           {"weight", "1"},
                                                           {"maxSpeed", "50"},
                                                           {"maxAcceleration", "5"},
                                                           {"maxDeceleration", "9"},
                                                           {"maxSteering", "0.5"},
                                                           {"wheelDiameter", "0.6"},
                                                           {"trackWidth", "1.5"},
                                                           {"revMajor", "1"},
                                                           {"revMinor", "3"},
                                                           {"tolerance", "2"},
                                                           {"priority", "parallel"},
                                                           {"rule", "greaterOrEqual"},
                                                           {"conditionEdge", "none"},
                                                           {"dynamicsShape", "linear"},
                                                           {"dynamicsDimension", "time"},
                                                           {"followingMode", "position"},
                                                           {"vehicleCategory", "car"},
                                                           {"pedestrianCategory", "pedestrian"},
                                                           {"miscObjectCategory", "obstacle"},
                                                           {"routeStrategy", "shortest"},
                                                           {"precipitationType", "dry"},
                                                           {"visualRange", "100000"},
                                                           {"roadId", "1"},
                                                           {"laneId", "-1"},
                                                           {"upperLimit", "1"},
                                                           {"maximumExecutionCount", "1"},
                                                           {"frictionScaleFactor", "1"},
                                                           {"state", ""},
                                                           {"parameterType", "double"}};

void collect_names(const Element& element, std::set<std::string>& names) {
    if (const std::string* name = element.attribute("name")) names.insert(*name);
    for (const Element& child : element.children) collect_names(child, names);
}

class Maker {
  public:
    explicit Maker(const Element& root) {
        collect_names(root, names_);
        const Element* entities = root.child("Entities");
        const Element* first = entities != nullptr ? entities->child("ScenarioObject") : nullptr;
        if (first != nullptr && first->attribute("name") != nullptr) {
            entity_ = *first->attribute("name");
        }
    }

    Element make(std::string_view name, std::string_view type) {
        Element element;
        element.name = name;
        const TypeRule* rule = Standard::get().type(type);
        if (rule == nullptr || ++depth_ > story::kMaxDepth) return element;
        for (const auto& attribute : rule->attributes) {
            if (attribute.required) element.set(attribute.name, value(attribute, name));
        }
        if (rule->has_content) fill(rule->content, element);
        --depth_;
        return element;
    }

  private:
    std::string value(const openscenario::AttributeRule& attribute, std::string_view element) {
        if (attribute.name == "name") return fresh(std::string(element));
        if (attribute.name == "entityRef" || attribute.name == "masterEntityRef") return entity_;
        const auto* words = Standard::get().enumeration(attribute.type);
        for (const auto& [key, text] : kValues) {
            if (attribute.name != key) continue;
            if (words == nullptr) return text;
            if (std::ranges::find(words->values, text) != words->values.end()) return text;
        }
        if (words != nullptr) return words->values.front();
        if (attribute.type == "Boolean") return "false";
        if (attribute.type == "DateTime") return "2026-01-01T00:00:00";
        return attribute.type == "String" ? "" : "0";
    }
    std::string fresh(const std::string& wanted) {
        std::string name = wanted;
        for (int i = 2; names_.contains(name); ++i) name = fmt::format("{}{}", wanted, i);
        names_.insert(name);
        return name;
    }
    void fill(const Content& content, Element& parent) {
        for (int i = 0; i < content.least; ++i) once(content, parent);
    }
    void once(const Content& content, Element& parent) {
        if (content.kind == Content::Kind::kElement) {
            parent.children.push_back(make(content.name, content.type));
        } else if (content.kind == Content::Kind::kSequence) {
            for (const Content& part : content.parts) fill(part, parent);
        } else if (!content.parts.empty()) {
            fill(chosen(content), parent);
        }
    }
    static const Content& chosen(const Content& choice) {
        for (const Content& part : choice.parts) {
            if (part.kind == Content::Kind::kElement &&
                std::ranges::find(kUsual, part.name) != kUsual.end()) {
                return part;
            }
        }
        return choice.parts.front();
    }

    std::set<std::string> names_;
    std::string entity_ = "Ego";
    int depth_ = 0;
};

}  // namespace

Element make_default(std::string_view name, std::string_view type, const Element& root) {
    return Maker(root).make(name, type);
}

std::string label_of_name(std::string_view name) {
    std::string label;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        const bool capital = std::isupper(c) != 0;
        const bool after_small =
            i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
        if (c == '_') {
            label += ' ';
        } else {
            if (capital && after_small) label += ' ';
            label += static_cast<char>(i == 0 ? std::toupper(c) : std::tolower(c));
        }
    }
    return label;
}

}  // namespace huntsman::scenarios::edit
