// What the parts of the compiler share: attributes with values put in, scopes of parameters,
// catalogues, names of entities.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/story/compile.h"

namespace huntsman::scenarios::story {

// Values of parameters; those of an outer scope are seen unless an inner one has the same name.
struct Scope {
    const Scope* outer = nullptr;
    std::map<std::string, std::string, std::less<>> values;
};

class Compiler {
  public:
    Compiler(Document& document, const CompileOptions& options, engine::core::Findings& findings)
        : document_(document), options_(options), findings_(findings) {}

    Story run();

  private:
    friend class ScopeGuard;

    void report(engine::core::Severity severity, const Element& at, std::string_view rule,
                std::string message);
    void error(const Element& at, std::string_view rule, std::string message) {
        report(engine::core::Severity::kError, at, rule, std::move(message));
    }

    // ---- Attributes, evaluated. Where one is missing or wrong, the fallback; what is wrong is
    // reported, what is missing was found by the check against the standard.
    const std::string* find_parameter(std::string_view name) const;
    std::optional<std::string> value(const Element& element, std::string_view attribute);
    std::string text(const Element& element, std::string_view attribute);
    static bool is_written_as_expression(const Element& element, std::string_view attribute);
    std::optional<double> number(const Element& element, std::string_view attribute);
    double number_or(const Element& element, std::string_view attribute, double fallback) {
        return number(element, attribute).value_or(fallback);
    }
    // Not negative.
    double amount_or(const Element& element, std::string_view attribute, double fallback);
    // The same, or infinite where it is missing or "INF".
    double limit(const Element& element, std::string_view attribute);
    std::optional<int> integer(const Element& element, std::string_view attribute);
    std::optional<bool> flag(const Element& element, std::string_view attribute);
    bool flag_or(const Element& element, std::string_view attribute, bool fallback) {
        return flag(element, attribute).value_or(fallback);
    }
    template <typename E>
    E one_of(const Element& element, std::string_view attribute,
             std::initializer_list<std::pair<std::string_view, E>> words, E fallback) {
        const auto given = value(element, attribute);
        if (!given) return fallback;
        for (const auto& [word, meaning] : words) {
            if (*given == word) return meaning;
        }
        unknown_word(element, attribute, *given);
        return fallback;
    }
    void unknown_word(const Element& element, std::string_view attribute, const std::string& given);
    // A copy with all expressions evaluated.
    Element evaluated(const Element& element);
    // Of a "dateTime"; see date_time.h.
    double clock_s(const Element& element);

    // ---- Names
    Index entity_named(const Element& at, const std::string& name);
    Index entity(const Element& element, std::string_view attribute = "entityRef");
    Index variable(const Element& element, std::string_view attribute);
    Index signal_controller(const Element& element);
    Index phase(const Element& element, Index controller);

    // ---- Parameters and catalogues
    void declare(const Element& owner, Scope& scope, const std::map<std::string, std::string>& set);
    void check_constraints(const Element& declaration, const std::string& name,
                           const std::string& value);
    void find_catalogues();
    // Calls `use(entry)` with the catalogue entry that a reference names, its parameters in scope.
    template <typename Use>
    void with_entry(const Element& reference, std::string_view kind, Use&& use);
    const Element* catalogue_entry(const Element& reference, std::string_view kind);
    void assignments(const Element& reference, std::map<std::string, std::string>& set);
    void load_all_catalogues();
    void load_catalogues(const std::string& folder, const Element& at);
    // An element that stands inline or behind a catalogue reference.
    template <typename Use>
    void inline_or_catalogue(const Element& parent, std::string_view kind, Use&& use);

    // ---- Parts of the story
    void header();
    void variables();
    void road_network();
    void name_entities();
    void entities();
    void entity_objects(const Element& object, Entity& result);
    void describe_entity(const Element& object, Entity& result);
    Controller controller(const Element& element);
    void object_controllers(const Element& object, Entity& result);
    std::vector<Attribute> properties(const Element& owner);
    Limits limits(const Element* element);
    Orientation orientation(const Element& place);
    Orientation own_orientation(const Element& element, bool relative);
    Place place(const Element& position);
    Route route(const Element& element);
    std::optional<Route> route_ref(const Element& owner);
    Trajectory trajectory(const Element& element);
    std::optional<Trajectory> trajectory_ref(const Element& owner);
    void trajectory_shape(const Element& shape, Trajectory& result);
    void check_times(const Element& at, const Trajectory& trajectory);
    Dynamics dynamics(const Element* element);

    ActionKind private_action(const Element& element);
    ActionKind longitudinal_action(const Element& element);
    ActionKind lateral_action(const Element& element);
    ActionKind controller_action(const Element& element);
    ActionKind routing_action(const Element& element);
    ActionKind appearance_action(const Element& element);
    ActionKind synchronize_action(const Element& element);
    ActionKind follow_trajectory(const Element& element);
    ActionKind global_action(const Element& element);
    ActionKind traffic_action(const Element& element);
    TrafficMix traffic_mix(const Element& element);
    TrafficArea traffic_area(const Element& element);
    ActionKind value_action(const Element& element, std::string_view reference);
    ActionKind user_defined(const Element& element);
    // The action of an <Action>; `is_private` tells of which kind.
    ActionKind action(const Element& element, bool& is_private);

    void init(const Element& element);
    void stories(const Element& storyboard);
    void act(const Element& element, Index parent);
    void group(const Element& element, Index parent);
    void maneuver(const Element& element, Index parent);
    void event(const Element& element, Index parent);
    Index add_element(ElementKind kind, const Element& element, Index parent);
    Trigger trigger(const Element& element);
    Condition condition(const Element& element);
    ConditionKind entity_condition(const Element& element);
    ConditionKind value_condition(const Element& element);
    Measure measure(const Element& element, DistanceKind fallback);
    Rule rule(const Element& element);
    void resolve_element_conditions();
    void choose_ego();
    void criteria();

    Document& document_;
    const CompileOptions& options_;
    engine::core::Findings& findings_;
    Story story_;
    Scope global_;
    const Scope* scope_ = &global_;
    // Catalogues by name, then entries by element and name.
    std::map<std::string, std::map<std::pair<std::string, std::string>, Element>> catalogues_;
    std::vector<std::pair<std::string, const Element*>> folders_;
    std::set<std::string> loaded_;
    std::set<std::string> open_entries_;  // those being read, to find circles
};

// Makes an inner scope for as long as it lives.
class ScopeGuard {
  public:
    explicit ScopeGuard(Compiler& compiler) : compiler_(compiler), before_(compiler.scope_) {
        scope_.outer = before_;
        compiler_.scope_ = &scope_;
    }
    ~ScopeGuard() { compiler_.scope_ = before_; }
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;
    Scope& scope() { return scope_; }

  private:
    Compiler& compiler_;
    const Scope* before_;
    Scope scope_;
};

template <typename Use>
void Compiler::with_entry(const Element& reference, std::string_view kind, Use&& use) {
    const Element* entry = catalogue_entry(reference, kind);
    if (entry == nullptr) return;
    const std::string key = fmt::format("{}/{}", entry->origin.file, entry->origin.line);
    if (!open_entries_.insert(key).second) {
        error(reference, "catalogue.circle",
              fmt::format("the catalogue entry \"{}\" refers to itself",
                          text(reference, "entryName")));
        return;
    }
    std::map<std::string, std::string> set;
    assignments(reference, set);
    {
        ScopeGuard guard(*this);
        declare(*entry, guard.scope(), set);
        use(*entry);
    }
    open_entries_.erase(key);
}

template <typename Use>
void Compiler::inline_or_catalogue(const Element& parent, std::string_view kind, Use&& use) {
    if (const Element* element = parent.child(kind)) {
        ScopeGuard guard(*this);
        declare(*element, guard.scope(), {});
        use(*element);
    } else if (const Element* reference = parent.child("CatalogReference")) {
        with_entry(*reference, kind, use);
    }
}

}  // namespace huntsman::scenarios::story
