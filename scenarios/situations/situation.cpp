#include "scenarios/situations/situation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "engine/core/json_file.h"
#include "engine/core/random.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/situations/kinds.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::situations {

using engine::core::Error;
using engine::core::JsonFile;
using engine::core::JsonNode;
using engine::core::Key;
using engine::core::Result;

namespace {

constexpr int kSchemaVersion = 1;
constexpr const char* kFolder = "scenarios/situations";
// Guards against files that would fill the memory.
constexpr std::size_t kMostActors = 100, kMostEvents = 100, kMostPoints = 100;

// ---- Values ------------------------------------------------------------------------------------

// What stands under a key: a number, or a text that is an expression.
Expression expression(const JsonNode& node) {
    const nlohmann::json& value = node.value();
    if (value.is_number()) {
        const double number = value.get<double>();
        if (std::isfinite(number)) return {story::to_text(number), node.line()};
    }
    if (value.is_string()) {
        auto text = value.get<std::string>();
        if (story::is_expression(text)) return {std::move(text), node.line()};
    }
    node.fail("is not a number or an expression, expected 3, \"$name\" or \"${2 * $name}\"");
    return {"0", node.line()};
}

// The member of an object; nothing where there is none.
std::optional<JsonNode> member(const JsonNode& node, const std::string& key) {
    if (!node.value().is_object() || !node.has(key)) return std::nullopt;
    for (auto& [name, value] : node.members()) {
        if (name == key) return value;
    }
    return std::nullopt;
}
Expression expression_or(const JsonNode& node, const std::string& key, const char* fallback) {
    const auto found = member(node, key);
    return found ? expression(*found) : Expression{fallback, node.line()};
}
Expression expression_at(const JsonNode& node, const std::string& key) {
    if (const auto found = member(node, key)) return expression(*found);
    node.fail(fmt::format("lacks \"{}\"", key));
    return {"0", node.line()};
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

Interval interval_or(const JsonNode& node, const std::string& key, Interval fallback) {
    const auto found = member(node, key);
    if (!found) return fallback;
    const auto both = node.numbers(key, 2, -1e6, 1e6);
    if (both.size() != 2 || both[0] > both[1]) {
        found->fail("is not a range, expected [low, high]");
        return fallback;
    }
    return {both[0], both[1]};
}

std::vector<std::string> words_or_none(const JsonNode& node, const std::string& key,
                                       const std::vector<const char*>& known) {
    std::vector<std::string> words;
    const auto found = member(node, key);
    if (!found) return words;
    for (const JsonNode& item : found->items()) {
        const std::string word = item.value().is_string() ? item.value().get<std::string>() : "";
        const bool ok =
            known.empty() ? !word.empty() : std::ranges::find(known, word) != known.end();
        if (ok) {
            words.push_back(word);
        } else {
            item.fail(known.empty() ? "is not a text"
                                    : fmt::format("is not one of {}", fmt::join(known, ", ")));
        }
    }
    return words;
}
std::string word_or_none(const JsonNode& node, const std::string& key,
                         const std::vector<const char*>& known) {
    return member(node, key) ? node.one_of(key, known) : "";
}
bool flag_or_not(const JsonNode& node, const std::string& key) {
    return member(node, key).has_value() && node.flag(key);
}

// ---- Parts of a file ---------------------------------------------------------------------------

Needs read_needs(const JsonNode& node) {
    node.only({"pass",
               "before_m",
               "after_m",
               "clear_before_m",
               "clear_after_m",
               "other_before_m",
               "speed_limit_mps",
               "curvature_per_m",
               "sight_m",
               "far",
               "near",
               "parking",
               "pavement",
               "cycle_lane",
               "bridge",
               "kerb_m",
               "turn",
               "control",
               "other",
               "other_turn",
               "signalled_crossing"});
    Needs needs;
    const std::vector<const char*> passes{"lane",       "crossing", "junction", "turn_crossing",
                                          "roundabout", "entry",    "exit"};
    const std::string pass = node.one_of("pass", passes);
    for (std::size_t i = 0; i < passes.size(); ++i) {
        if (pass == passes[i]) needs.pass = static_cast<Pass>(i);
    }
    const auto length = [&](const char* key, double fallback) {
        return node.number_or(key, fallback, 0, 400);
    };
    needs.before_m = length("before_m", needs.before_m);
    needs.after_m = length("after_m", needs.after_m);
    needs.clear_before_m = length("clear_before_m", needs.clear_before_m);
    needs.clear_after_m = length("clear_after_m", needs.clear_after_m);
    needs.other_before_m = length("other_before_m", needs.other_before_m);
    needs.sight_m = length("sight_m", needs.sight_m);
    needs.kerb_m = interval_or(node, "kerb_m", needs.kerb_m);
    needs.speed_limit_mps = interval_or(node, "speed_limit_mps", needs.speed_limit_mps);
    needs.curvature_per_m = interval_or(node, "curvature_per_m", needs.curvature_per_m);
    const std::vector<const char*> beside{"same_direction", "oncoming", "none"};
    needs.far = words_or_none(node, "far", beside);
    needs.near = words_or_none(node, "near", beside);
    needs.parking = flag_or_not(node, "parking");
    needs.pavement = flag_or_not(node, "pavement");
    needs.cycle_lane = flag_or_not(node, "cycle_lane");
    needs.bridge = flag_or_not(node, "bridge");
    needs.signalled_crossing = flag_or_not(node, "signalled_crossing");
    const std::vector<const char*> turns{"left", "right", "straight"};
    needs.turn = word_or_none(node, "turn", turns);
    needs.other_turn = word_or_none(node, "other_turn", turns);
    needs.control = words_or_none(node, "control", {"none", "signal", "stop", "yield"});
    needs.other = word_or_none(node, "other", {"opposite", "near", "far"});
    return needs;
}

Parameter read_parameter(const std::string& name, const JsonNode& node) {
    node.only({"nominal", "range", "values", "distribution", "unit", "meaning"});
    constexpr double kLargest = 1e6;
    Parameter parameter{.name = name, .line = node.line()};
    if (!is_name(name)) node.fail("is not called by letters, digits and _");
    parameter.nominal = node.number("nominal", -kLargest, kLargest);
    parameter.unit = node.text("unit");
    parameter.meaning = node.text("meaning");
    if (node.has("values")) {
        parameter.distribution = Parameter::Distribution::kChoice;
        parameter.choices = node.numbers_up_to("values", 100, -kLargest, kLargest);
        if (parameter.choices.empty()) {
            node.fail("has no values to choose from");
            parameter.choices.push_back(0);
        }
        parameter.low = std::ranges::min(parameter.choices);
        parameter.high = std::ranges::max(parameter.choices);
        if (node.has("range") || node.has("distribution")) {
            node.fail("has \"values\": expected no range and no distribution beside them");
        }
    } else {
        const Interval range = interval_or(node, "range", {1, 0});
        if (range.low > range.high) node.fail("has neither \"range\" nor \"values\"");
        parameter.low = std::min(range.low, range.high);
        parameter.high = std::max(range.low, range.high);
        if (node.has("distribution") &&
            node.one_of("distribution", {"uniform", "normal"}) == "normal") {
            parameter.distribution = Parameter::Distribution::kNormal;
        }
    }
    if (parameter.nominal < parameter.low || parameter.nominal > parameter.high) {
        node.fail(fmt::format("has the nominal value {}, expected one from {} to {}",
                              parameter.nominal, parameter.low, parameter.high));
    }
    return parameter;
}

PathPlace read_place(const JsonNode& node) {
    node.only({"path", "s", "t", "turn_deg"});
    return {.path = node.one_of("path", {"ego", "other", "walk"}),
            .s = expression_at(node, "s"),
            .t = expression_or(node, "t", "0"),
            .turn_deg = expression_or(node, "turn_deg", "0"),
            .line = node.line()};
}

class FileReader {
  public:
    explicit FileReader(Situation& situation) : situation_(situation) {}

    void read(const JsonNode& root) {
        root.only({"schema_version", "summary", "source", "tags", "needs", "parameters", "values",
                   "places", "ego", "actors", "events", "start", "criteria", "fails_by"});
        root.integer("schema_version", kSchemaVersion, kSchemaVersion);
        situation_.summary = root.text("summary");
        situation_.source = root.text("source");
        situation_.tags = words_or_none(root, "tags", {});
        situation_.needs = read_needs(root.object("needs"));
        for (const auto& [name, node] : root.object("parameters").members()) {
            situation_.parameters.push_back(read_parameter(name, node));
        }
        if (const auto values = member(root, "values")) {
            for (const auto& [name, node] : values->members()) {
                if (!is_name(name)) node.fail("is not called by letters, digits and _");
                situation_.values[name] = expression(node);
            }
        }
        if (const auto places = member(root, "places")) {
            for (const auto& [name, node] : places->members()) {
                if (!is_name(name)) node.fail("is not called by letters, digits and _");
                situation_.places[name] = read_place(node);
            }
        }
        const JsonNode ego = root.object("ego");
        ego.only({"speed", "run_up_s", "offset"});
        situation_.ego_speed = expression_at(ego, "speed");
        situation_.run_up_s = expression_or(ego, "run_up_s", "6");
        situation_.ego_offset = expression_or(ego, "offset", "0");
        if (!member(root, "actors")) root.fail("lacks \"actors\", expected a list");
        for (const JsonNode& node : items(root, "actors", kMostActors)) read_actor(node);
        for (const JsonNode& node : items(root, "events", kMostEvents)) {
            situation_.events.push_back(read_event(node));
        }
        for (const JsonNode& node : items(root, "start", kMostEvents)) {
            situation_.start.push_back(
                openscenario::from_json(node, "GlobalAction", "GlobalAction"));
        }
        situation_.fails_by = root.text_or("fails_by", "collision");
        for (const JsonNode& node : items(root, "criteria", kMostEvents)) {
            situation_.criteria.push_back(story::read_criterion(node));
        }
        if (situation_.criteria.empty()) root.fail("has no criteria");
    }

  private:
    static std::vector<JsonNode> items(const JsonNode& node, const char* key, std::size_t most) {
        const auto found = member(node, key);
        if (!found) return {};
        auto list = found->items();
        if (list.size() > most) {
            found->fail(fmt::format("has {} entries, expected at most {}", list.size(), most));
            list.clear();
        }
        return list;
    }

    void read_actor(const JsonNode& node) {
        node.only({"name", "kind", "at", "speed", "present", "start", "events"});
        Actor actor{.name = node.text("name"), .kind = node.text("kind"), .line = node.line()};
        if (!is_name(actor.name) || actor.name == "Ego") {
            node.fail(fmt::format("is called \"{}\", expected letters, digits and _, and not Ego",
                                  actor.name));
        }
        for (const Actor& other : situation_.actors) {
            if (other.name == actor.name)
                node.fail(fmt::format("is the second \"{}\"", actor.name));
        }
        if (!situation_.kinds.contains(actor.kind)) {
            std::vector<std::string> known;
            for (const auto& [kind, unused] : situation_.kinds) known.push_back(kind);
            node.fail(fmt::format("is of the kind \"{}\", expected one of {}", actor.kind,
                                  fmt::join(known, ", ")));
        }
        actor.at = read_place(node.object("at"));
        actor.speed = expression_or(node, "speed", "0");
        actor.present = !member(node, "present") || node.flag("present");
        for (const JsonNode& item : items(node, "start", kMostEvents)) {
            actor.start.push_back(read_action(item));
        }
        for (const JsonNode& item : items(node, "events", kMostEvents)) {
            actor.events.push_back(read_event(item));
        }
        situation_.actors.push_back(std::move(actor));
    }

    Event read_event(const JsonNode& node) {
        node.only({"name", "ego_time_s", "after", "delay_s", "trigger", "do"});
        Event event{.delay_s = expression_or(node, "delay_s", "0"),
                    .name = node.text_or("name", fmt::format("event{}", ++events_)),
                    .line = node.line()};
        int ways = 0;
        if (const auto time = member(node, "ego_time_s")) {
            event.ego_time_s = expression(*time);
            ++ways;
        }
        if (node.has("after")) {
            event.after = node.text("after");
            ++ways;
        }
        if (const auto trigger = member(node, "trigger")) {
            event.trigger = openscenario::from_json(*trigger, "StartTrigger", "Trigger");
            ++ways;
        }
        if (ways > 1) node.fail("has several of \"ego_time_s\", \"after\" and \"trigger\"");
        for (const JsonNode& item : items(node, "do", kMostEvents)) {
            event.actions.push_back(read_action(item));
        }
        if (event.actions.empty()) node.fail("has no actions in \"do\"");
        return event;
    }

    Action read_action(const JsonNode& node) {
        Action action{.line = node.line()};
        action.amount = {"0", node.line()};
        using Kind = Action::Kind;
        const auto is = [&](const char* key, Kind kind) {
            const auto found = member(node, key);
            if (found) action.kind = kind;
            return found;
        };
        // The speed of a meeting stands beside it.
        if (const auto meet = is("meet", Kind::kMeet)) {
            node.only({"meet", "speed"});
            action.places.push_back(read_place(*meet));
            action.value = expression_at(node, "speed");
        } else if (const auto speed = is("speed", Kind::kSpeed)) {
            node.only({"speed", "rate", "time", "distance"});
            action.value = expression(*speed);
            for (const char* dimension : {"rate", "time", "distance"}) {
                const auto amount = member(node, dimension);
                if (!amount) continue;
                if (!action.dimension.empty()) node.fail("has several of rate, time and distance");
                action.dimension = dimension;
                action.amount = expression(*amount);
            }
        } else if (const auto ahead = is("keep_ahead_m", Kind::kKeepAhead)) {
            node.only({"keep_ahead_m"});
            action.value = expression(*ahead);
        } else if (const auto behind = is("keep_behind_m", Kind::kKeepBehind)) {
            node.only({"keep_behind_m"});
            action.value = expression(*behind);
        } else if (const auto walk = is("walk", Kind::kWalk)) {
            node.only({"walk"});
            for (const JsonNode& item : items(node, "walk", kMostPoints)) {
                action.places.push_back(read_place(item));
            }
            if (action.places.size() < 2) walk->fail("has fewer than two places");
        } else if (const auto lanes = is("lane_change", Kind::kLaneChange)) {
            node.only({"lane_change", "time"});
            action.value = expression(*lanes);
            action.amount = expression_at(node, "time");
        } else if (const auto offset = is("offset", Kind::kOffset)) {
            node.only({"offset", "lateral_mps2"});
            action.value = expression(*offset);
            action.amount = expression_or(node, "lateral_mps2", "2");
        } else if (const auto own = is("action", Kind::kPrivate)) {
            node.only({"action"});
            action.element = openscenario::from_json(*own, "PrivateAction", "PrivateAction");
        } else if (const auto global = is("global", Kind::kGlobal)) {
            node.only({"global"});
            action.element = openscenario::from_json(*global, "GlobalAction", "GlobalAction");
        } else {
            node.fail(
                "is not an action, expected one of speed, keep_ahead_m, keep_behind_m, meet, walk, "
                "lane_change, offset, action, global");
        }
        return action;
    }

    Situation& situation_;
    int events_ = 0;
};

}  // namespace

std::vector<std::string> shipped() { return engine::core::shipped(kFolder); }

Result<Situation> parse(const std::string& text, const std::filesystem::path& path) {
    HM_TAKE(const auto file, JsonFile::parse(text, path.string()));
    Situation situation;
    situation.name = path.stem().string();
    situation.file = path;
    HM_TAKE(situation.kinds, load_kinds());
    FileReader(situation).read(file->root());
    HM_TRY(file->status());
    return situation;
}

Result<Situation> load(const std::string& name_or_path) {
    std::filesystem::path path = name_or_path;
    // A name may be one that no file system takes.
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        const auto names = shipped();
        const std::string name = path.extension() == ".json" ? path.stem().string() : name_or_path;
        if (std::ranges::find(names, name) == names.end()) {
            return Error{.message = fmt::format(
                             "there is no situation of this name and no file; known are: {}",
                             fmt::join(names, ", ")),
                         .file = name_or_path};
        }
        path = engine::core::assets_folder() / kFolder / (name + ".json");
    }
    HM_TAKE(const std::string text, engine::core::read_file(path));
    return parse(text, path);
}

Values nominal(const Situation& situation) {
    Values values;
    for (const Parameter& parameter : situation.parameters) {
        values[parameter.name] = parameter.nominal;
    }
    return values;
}

Values draw(const Situation& situation, std::uint64_t k, std::uint64_t seed) {
    Values values;
    const Key key = Key(seed).with("situation-variant").with(k);
    for (const Parameter& parameter : situation.parameters) {
        const Key own = key.with(parameter.name);
        double& value = values[parameter.name];
        switch (parameter.distribution) {
            case Parameter::Distribution::kUniform:
                value = own.uniform(parameter.low, parameter.high);
                break;
            case Parameter::Distribution::kChoice:
                value = parameter.choices[own.index(parameter.choices.size())];
                break;
            case Parameter::Distribution::kNormal: {
                const double deviation = (parameter.high - parameter.low) / 4;
                std::uint64_t i = 0;
                // The nominal value lies in the range: about two draws in three do so, too.
                do value = parameter.nominal + deviation * own.normal(i++);
                while ((value < parameter.low || value > parameter.high) && i < 1000);
                value = std::clamp(value, parameter.low, parameter.high);
                break;
            }
        }
    }
    return values;
}

Result<Values> with_values(const Situation& situation, const Values& given) {
    Values values = nominal(situation);
    for (const auto& [name, value] : given) {
        const auto at = std::ranges::find(situation.parameters, name, &Parameter::name);
        if (at == situation.parameters.end()) {
            std::vector<std::string> known;
            for (const Parameter& parameter : situation.parameters) known.push_back(parameter.name);
            return Error{.message = fmt::format("has no parameter \"{}\", expected one of {}", name,
                                                fmt::join(known, ", ")),
                         .file = situation.file.string()};
        }
        if (!(value >= at->low && value <= at->high)) {
            return Error{.message = fmt::format("\"{}\" is {}, expected {} to {} {}", name, value,
                                                at->low, at->high, at->unit),
                         .file = situation.file.string(),
                         .line = at->line};
        }
        values[name] = value;
    }
    return values;
}

}  // namespace huntsman::scenarios::situations
