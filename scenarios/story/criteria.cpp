#include "scenarios/story/criteria.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/core/describe_json.h"
#include "scenarios/story/criteria_fields.h"

namespace huntsman::scenarios::story {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Result;
using engine::core::Status;

namespace {

const std::vector<const char*> kCommonKeys = {"kind", "name", "severity"};

// Calls `use(rule)` with a rule of each kind until one answers true.
template <std::size_t I = 0>
bool any_rule(auto&& use) {
    if constexpr (I < std::variant_size_v<CriterionRule>) {
        return use(std::variant_alternative_t<I, CriterionRule>{}) || any_rule<I + 1>(use);
    } else {
        return false;
    }
}

std::vector<const char*> kinds() {
    std::vector<const char*> names;
    any_rule([&](const auto& rule) {
        names.push_back(rule.kKind);
        return false;
    });
    return names;
}

// What field lists alone do not say.
void check_whole(const JsonNode&, const auto&) {}
void check_goal(const JsonNode& node, const Goal& at) {
    if (at.point.has_value() == at.route_m.has_value()) {
        node.fail(
            "\"at\" holds neither or both of \"point\" and \"route_m\", expected one of them");
    }
}
void check_whole(const JsonNode& node, const StopAt& rule) { check_goal(node, rule.at); }
void check_whole(const JsonNode& node, const Reach& rule) { check_goal(node, rule.at); }
void check_whole(const JsonNode& node, const SpeedBounds& rule) {
    if (!rule.at_least_mps && !rule.at_most_mps) {
        node.fail("lacks a bound, expected \"at_least_mps\", \"at_most_mps\" or both");
    } else if (rule.at_least_mps && rule.at_most_mps && *rule.at_least_mps > *rule.at_most_mps) {
        node.fail(fmt::format("\"at_least_mps\" is {}, expected at most {} (\"at_most_mps\")",
                              *rule.at_least_mps, *rule.at_most_mps));
    }
    if (!rule.zone) return;
    if (!rule.zone->circle && !rule.zone->stretch) {
        node.fail("\"zone\" is empty, expected \"circle\", \"stretch\" or both");
    }
    if (rule.zone->stretch && rule.zone->stretch->from_m > rule.zone->stretch->to_m) {
        node.fail(fmt::format("\"zone\" stretches from {} m to {} m, expected ascending places",
                              rule.zone->stretch->from_m, rule.zone->stretch->to_m));
    }
}

}  // namespace

const char* kind(const CriterionRule& rule) {
    return std::visit([](const auto& each) { return each.kKind; }, rule);
}

std::string_view entity_of(const CriterionRule& rule) {
    return std::visit(
        [](const auto& each) -> std::string_view {
            if constexpr (requires { each.entity; }) return each.entity;
            return {};
        },
        rule);
}

std::vector<Criterion> default_criteria() {
    return {{.name = NoCollision::kKind, .rule = NoCollision{}}};
}

Criterion read_criterion(const JsonNode& node) {
    Criterion criterion;
    const std::string wanted = node.one_of("kind", kinds());
    criterion.name = node.text_or("name", wanted);
    if (node.has("severity")) {
        const auto names = engine::core::names_of<CriterionSeverity>();
        criterion.severity =
            engine::core::value_named<CriterionSeverity>(node.one_of("severity", names))
                .value_or(criterion.severity);
    }
    any_rule([&](auto rule) {
        if (wanted != rule.kKind) return false;
        engine::core::read_fields(node, rule, kCommonKeys);
        check_whole(node, rule);
        criterion.rule = std::move(rule);
        return true;
    });
    return criterion;
}

Result<Criterion> parse_criterion(const std::string& text) {
    // As a member, so that messages name it. The text stands within another file: its own name and
    // lines tell nothing.
    const auto file = JsonFile::parse("{\"criterion\": " + text + "}", "");
    const auto without_place = [](const Error& error) { return Error{.message = error.message}; };
    if (!file) return without_place(file.error());
    Criterion criterion = read_criterion((*file)->root().object("criterion"));
    if (const Status status = (*file)->status(); !status) return without_place(status.error());
    return criterion;
}

std::string text_of(const Criterion& criterion) {
    nlohmann::ordered_json json;
    json["kind"] = kind(criterion.rule);
    if (criterion.name != kind(criterion.rule)) json["name"] = criterion.name;
    if (criterion.severity != CriterionSeverity::kFail) json["severity"] = name(criterion.severity);
    std::visit([&](const auto& rule) { engine::core::write_fields(rule, json); }, criterion.rule);
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Status check(const Criterion& criterion) {
    const auto read = parse_criterion(text_of(criterion));
    if (!read) return read.error();
    return {};
}

namespace {

bool holds_criterion(const Element& element) {
    const std::string* name = element.attribute("name");
    return element.name == "Property" && name != nullptr && *name == kCriterionProperty;
}

}  // namespace

std::vector<const Element*> criterion_properties(const Element& root) {
    std::vector<const Element*> found;
    const Element* header = root.child("FileHeader");
    const Element* properties = header != nullptr ? header->child("Properties") : nullptr;
    if (properties == nullptr) return found;
    for (const Element& each : properties->children) {
        if (holds_criterion(each)) found.push_back(&each);
    }
    return found;
}

void add_criterion(Element& root, const Criterion& criterion, const Origin& origin) {
    const auto child = [&](Element& parent, const char* tag) -> Element& {
        if (Element* found = parent.child(tag)) return *found;
        Element& added = parent.children.emplace_back();
        added.name = tag;
        added.origin = origin;
        return added;
    };
    Element& property = child(child(root, "FileHeader"), "Properties").children.emplace_back();
    property.name = "Property";
    property.origin = origin;
    property.set("name", kCriterionProperty);
    property.set("value", text_of(criterion));
}

void remove_criteria(Element& root) {
    Element* header = root.child("FileHeader");
    Element* properties = header != nullptr ? header->child("Properties") : nullptr;
    if (properties == nullptr || criterion_properties(root).empty()) return;
    std::erase_if(properties->children, holds_criterion);
    if (!properties->children.empty()) return;
    std::erase_if(header->children, [](const Element& each) { return each.name == "Properties"; });
}

}  // namespace huntsman::scenarios::story
