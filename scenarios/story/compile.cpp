#include "scenarios/story/compile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/story/compiler.h"
#include "scenarios/story/date_time.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::story {

using engine::core::Severity;

namespace {

// Larger numbers mark a broken file: computing with them would only spread the damage.
constexpr double kLargestNumber = 1e9;

}  // namespace

bool Limits::any() const {
    return std::isfinite(max_speed_mps) || std::isfinite(max_acceleration_mps2) ||
           std::isfinite(max_deceleration_mps2) || std::isfinite(max_acceleration_rate_mps3) ||
           std::isfinite(max_deceleration_rate_mps3);
}

Index Story::entity(std::string_view name) const {
    const auto at = std::ranges::find(entities, name, &Entity::name);
    return at == entities.end() ? kNoIndex : static_cast<Index>(at - entities.begin());
}

Story compile(Document& document, const CompileOptions& options, engine::core::Findings& findings) {
    return Compiler(document, options, findings).run();
}

Story Compiler::run() {
    const Element& root = document_.root;
    declare(root, global_, options_.parameters);
    for (const auto& [name, value] : options_.parameters) {
        if (!global_.values.contains(name)) {
            error(root, "parameter.unknown",
                  fmt::format("parameter \"{}\" was given a value but is not declared", name));
        }
    }
    header();
    variables();
    find_catalogues();
    road_network();
    name_entities();
    entities();
    if (const Element* storyboard = root.child("Storyboard")) {
        if (const Element* first = storyboard->child("Init")) init(*first);
        stories(*storyboard);
        if (const Element* stop = storyboard->child("StopTrigger")) story_.stop = trigger(*stop);
    }
    resolve_element_conditions();
    choose_ego();
    criteria();
    return std::move(story_);
}

void Compiler::report(Severity severity, const Element& at, std::string_view rule,
                      std::string message) {
    findings_.add(severity, at.origin.line, rule, std::move(message), at.origin.file);
}

const std::string* Compiler::find_parameter(std::string_view name) const {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
        const auto at = scope->values.find(name);
        if (at != scope->values.end()) return &at->second;
    }
    return nullptr;
}

std::optional<std::string> Compiler::value(const Element& element, std::string_view attribute) {
    const std::string* written = element.attribute(attribute);
    if (written == nullptr) return std::nullopt;
    auto result =
        evaluate(*written, [this](std::string_view name) { return find_parameter(name); });
    if (result) return std::move(*result);
    error(element, "expression",
          fmt::format("<{}> {}: {}", element.name, attribute, result.error().message));
    return std::nullopt;
}

std::string Compiler::text(const Element& element, std::string_view attribute) {
    const std::string* written = element.attribute(attribute);
    // Texts hold parameters, but what looks like an expression is plain text.
    if (written != nullptr && written->starts_with("${")) return *written;
    return value(element, attribute).value_or("");
}

// What is written plainly was looked at by the check against the standard already.
bool Compiler::is_written_as_expression(const Element& element, std::string_view attribute) {
    const std::string* written = element.attribute(attribute);
    return written != nullptr && is_expression(*written);
}

std::optional<double> Compiler::number(const Element& element, std::string_view attribute) {
    const auto given = value(element, attribute);
    if (!given) return std::nullopt;
    const auto number = to_number(*given);
    if (number && std::abs(*number) <= kLargestNumber) return number;
    if (!number && !is_written_as_expression(element, attribute)) return std::nullopt;
    error(
        element, "attribute.value",
        fmt::format("<{}>: \"{}\" is \"{}\", expected a number{}", element.name, attribute, *given,
                    number ? fmt::format(" of at most {:g}", kLargestNumber) : std::string()));
    return std::nullopt;
}

double Compiler::limit(const Element& element, std::string_view attribute) {
    constexpr double kNone = std::numeric_limits<double>::infinity();
    const auto given = value(element, attribute);
    if (given && to_number(*given) == kNone) return kNone;
    return amount_or(element, attribute, kNone);
}

double Compiler::amount_or(const Element& element, std::string_view attribute, double fallback) {
    const auto given = number(element, attribute);
    if (!given) return fallback;
    if (*given >= 0) return *given;
    error(element, "attribute.value",
          fmt::format("<{}>: \"{}\" is {}, expected a number from 0", element.name, attribute,
                      *given));
    return fallback;
}

std::optional<int> Compiler::integer(const Element& element, std::string_view attribute) {
    const auto given = number(element, attribute);
    if (!given) return std::nullopt;
    constexpr double kLargest = 1e9;
    if (std::round(*given) != *given || std::abs(*given) > kLargest) {
        error(element, "attribute.value",
              fmt::format("<{}>: \"{}\" is {}, expected a whole number", element.name, attribute,
                          *given));
        return std::nullopt;
    }
    return static_cast<int>(*given);
}

std::optional<bool> Compiler::flag(const Element& element, std::string_view attribute) {
    const auto given = value(element, attribute);
    if (!given) return std::nullopt;
    const auto flag = to_flag(*given);
    if (!flag && is_written_as_expression(element, attribute)) {
        error(element, "attribute.value",
              fmt::format("<{}>: \"{}\" is \"{}\", expected true or false", element.name, attribute,
                          *given));
    }
    return flag;
}

void Compiler::unknown_word(const Element& element, std::string_view attribute,
                            const std::string& given) {
    if (!is_written_as_expression(element, attribute)) return;
    error(element, "attribute.value",
          fmt::format("<{}>: \"{}\" is \"{}\", which is not one of its words", element.name,
                      attribute, given));
}

Element Compiler::evaluated(const Element& element) {
    Element result = element;
    for (Attribute& attribute : result.attributes) {
        attribute.value = value(element, attribute.name).value_or(attribute.value);
    }
    for (Element& child : result.children) child = evaluated(child);
    return result;
}

double Compiler::clock_s(const Element& element) {
    const std::string given = text(element, "dateTime");
    const auto clock = parse_date_time(given);
    if (!clock && element.attribute("dateTime") != nullptr) {
        error(element, "attribute.value",
              fmt::format("<{}>: \"dateTime\" is \"{}\", expected a date with time as "
                          "2024-06-21T12:30:00",
                          element.name, given));
    }
    return clock.value_or(0);
}

Index Compiler::entity_named(const Element& at, const std::string& name) {
    const Index index = story_.entity(name);
    if (index == kNoIndex) {
        error(
            at, "entity.unknown",
            fmt::format("<{}> refers to the entity \"{}\", which is not declared", at.name, name));
    }
    return index;
}

Index Compiler::entity(const Element& element, std::string_view attribute) {
    if (element.attribute(attribute) == nullptr) return kNoIndex;
    return entity_named(element, text(element, attribute));
}

Index Compiler::variable(const Element& element, std::string_view attribute) {
    const std::string name = text(element, attribute);
    const auto at = std::ranges::find(story_.variables, name, &Variable::name);
    if (at != story_.variables.end()) return static_cast<Index>(at - story_.variables.begin());
    error(element, "variable.unknown",
          fmt::format("<{}> refers to \"{}\", which is neither a variable nor a parameter of the "
                      "file",
                      element.name, name));
    return kNoIndex;
}

Index Compiler::signal_controller(const Element& element) {
    const std::string name = text(element, "trafficSignalControllerRef");
    const auto at = std::ranges::find(story_.signal_controllers, name, &SignalController::name);
    if (at != story_.signal_controllers.end()) {
        return static_cast<Index>(at - story_.signal_controllers.begin());
    }
    error(element, "signal.unknown",
          fmt::format("<{}> refers to the signal controller \"{}\", which is not declared",
                      element.name, name));
    return kNoIndex;
}

Index Compiler::phase(const Element& element, Index controller) {
    if (controller == kNoIndex) return kNoIndex;
    const auto& phases = story_.signal_controllers[controller].phases;
    const std::string name = text(element, "phase");
    const auto at = std::ranges::find(phases, name, &SignalPhase::name);
    if (at != phases.end()) return static_cast<Index>(at - phases.begin());
    error(element, "signal.unknown",
          fmt::format("<{}> refers to the phase \"{}\", which the controller \"{}\" does not have",
                      element.name, name, story_.signal_controllers[controller].name));
    return kNoIndex;
}

void Compiler::header() {
    const Element* header = document_.root.child("FileHeader");
    if (header == nullptr) return;
    story_.author = text(*header, "author");
    story_.description = text(*header, "description");
    story_.date = text(*header, "date");
    story_.major = integer(*header, "revMajor").value_or(1);
    story_.minor = integer(*header, "revMinor").value_or(3);
    if (story_.major != 1 || story_.minor > 3) {
        report(Severity::kWarning, *header, "revision",
               fmt::format("is of revision {}.{}, expected 1.0 to 1.3; it is read as 1.3",
                           story_.major, story_.minor));
    }
}

void Compiler::variables() {
    const Element& root = document_.root;
    if (const Element* list = root.child("ParameterDeclarations")) {
        for (const Element* item : list->all("ParameterDeclaration")) {
            const std::string name = text(*item, "name");
            story_.variables.push_back({name, global_.values[name], true});
        }
    }
    if (const Element* list = root.child("VariableDeclarations")) {
        for (const Element* item : list->all("VariableDeclaration")) {
            story_.variables.push_back({text(*item, "name"), text(*item, "value"), false});
        }
    }
    if (const Element* list = root.child("MonitorDeclarations")) {
        for (const Element* item : list->all("MonitorDeclaration")) {
            story_.monitors.push_back({text(*item, "name"), flag_or(*item, "value", false)});
        }
    }
}

void Compiler::road_network() {
    const Element* network = document_.root.child("RoadNetwork");
    if (network == nullptr) return;
    if (const Element* logic = network->child("LogicFile")) {
        story_.map = text(*logic, "filepath");
    }
    const Element* signals = network->child("TrafficSignals");
    if (signals == nullptr) return;
    for (const Element* item : signals->all("TrafficSignalController")) {
        SignalController& controller = story_.signal_controllers.emplace_back();
        controller.name = text(*item, "name");
        controller.reference = text(*item, "reference");
        controller.delay_s = amount_or(*item, "delay", 0);
        for (const Element* phase_item : item->all("Phase")) {
            SignalPhase& phase = controller.phases.emplace_back();
            phase.name = text(*phase_item, "name");
            phase.duration_s = amount_or(*phase_item, "duration", 0);
            for (const Element* state : phase_item->all("TrafficSignalState")) {
                phase.states.push_back({text(*state, "trafficSignalId"), text(*state, "state")});
            }
            if (const Element* state = phase_item->child("TrafficSignalGroupState")) {
                phase.group_state = text(*state, "state");
            }
        }
    }
    for (const SignalController& controller : story_.signal_controllers) {
        if (controller.reference.empty()) continue;
        const auto same = [&](const auto& other) { return other.name == controller.reference; };
        if (std::ranges::none_of(story_.signal_controllers, same)) {
            error(
                *signals, "signal.unknown",
                fmt::format("the signal controller \"{}\" refers to \"{}\", which is not declared",
                            controller.name, controller.reference));
        }
    }
}

void Compiler::choose_ego() {
    if (!options_.ego.empty()) {
        story_.ego = story_.entity(options_.ego);
        if (story_.ego == kNoIndex) {
            error(document_.root, "entity.unknown",
                  fmt::format("there is no entity \"{}\" to be the ego", options_.ego));
        }
        return;
    }
    story_.ego = story_.entity("Ego");
    for (Index i = 0; story_.ego == kNoIndex && i < story_.entities.size(); ++i) {
        const Entity& entity = story_.entities[i];
        const bool towed = entity.category == "trailer" || entity.category == "semitrailer";
        if (entity.kind == EntityKind::kVehicle && !towed) story_.ego = i;
    }
}

void Compiler::criteria() {
    for (const Element* property : criterion_properties(document_.root)) {
        auto read = parse_criterion(text(*property, "value"));
        if (!read) {
            error(*property, "criterion", read.error().message);
            continue;
        }
        const std::string_view who = entity_of(read->rule);
        if (!who.empty()) entity_named(*property, std::string(who));
        if (const auto* rule = std::get_if<MonitorIs>(&read->rule)) {
            if (std::ranges::find(story_.monitors, rule->monitor, &Monitor::name) ==
                story_.monitors.end()) {
                error(*property, "criterion",
                      fmt::format("criterion \"{}\" refers to the monitor \"{}\", which is not "
                                  "declared",
                                  read->name, rule->monitor));
            }
        }
        story_.criteria.push_back(std::move(*read));
    }
}

void Compiler::resolve_element_conditions() {
    const auto matches = [&](const StoryElement& part, const ElementStateCondition& condition) {
        if (part.kind != condition.kind) return false;
        // "Outer::Inner" names the inner element within the outer one.
        std::string_view wanted = condition.name;
        const StoryElement* at = &part;
        while (true) {
            const std::size_t split = wanted.rfind("::");
            const std::string_view last = split == wanted.npos ? wanted : wanted.substr(split + 2);
            if (at->name != last) {
                // Elements between the two may be left out.
                if (at == &part || at->parent == kNoIndex) return false;
                at = &story_.elements[at->parent];
                continue;
            }
            if (split == wanted.npos) return true;
            wanted = wanted.substr(0, split);
            if (at->parent == kNoIndex) return false;
            at = &story_.elements[at->parent];
        }
    };
    const auto resolve = [&](Trigger& trigger) {
        for (ConditionGroup& group : trigger.groups) {
            for (Condition& condition : group.conditions) {
                auto* state = std::get_if<ElementStateCondition>(&condition.kind);
                if (state == nullptr) continue;
                for (Index i = 0; i < story_.elements.size(); ++i) {
                    if (matches(story_.elements[i], *state)) state->elements.push_back(i);
                }
                if (!state->elements.empty()) continue;
                findings_.add(Severity::kError, condition.origin.line, "element.unknown",
                              fmt::format("<StoryboardElementStateCondition> refers to \"{}\", "
                                          "which is not an element of that type",
                                          state->name),
                              condition.origin.file);
            }
        }
    };
    for (StoryElement& part : story_.elements) {
        if (part.start) resolve(*part.start);
        if (part.stop) resolve(*part.stop);
    }
    resolve(story_.stop);
}

}  // namespace huntsman::scenarios::story
