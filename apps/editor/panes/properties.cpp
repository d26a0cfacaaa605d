// Values of what is selected, of the environment and of the town.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "apps/editor/ui.h"
#include "apps/editor/view_tools.h"
#include "engine/core/describe_json.h"
#include "engine/math/constants.h"
#include "engine/world/weather_fields.h"
#include "scenarios/edit/outline.h"
#include "scenarios/edit/presets.h"
#include "scenarios/story/criteria.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

constexpr double kDegree = engine::math::kPi / 180;

std::string help_of(const edit::PropertyDescription& p) {
    std::string help = p.doc;
    const auto add = [&](const std::string& line) { help += (help.empty() ? "" : "\n") + line; };
    if (p.low && p.high) add(fmt::format("{:g} to {:g} {}", *p.low, *p.high, p.unit));
    if (!p.without.empty()) add("Without it: " + p.without);
    if (p.required) add("Required");
    if (p.type == "number" || p.type == "whole number") add("Ctrl+click: type it");
    return help;
}

// A value as JSON of its type; nothing where the text is none.
std::optional<json> parsed(const edit::PropertyDescription& p, const std::string& text) {
    if (p.type == "number" || p.type == "whole number") {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        if (text.empty() || end == text.c_str() || *end != '\0') return {};
        if (p.type == "whole number") return json(static_cast<std::int64_t>(value));
        return json(value);
    }
    if (p.type == "flag") return json(text == "true");
    return json(text);
}

// Draws the widget of a property. Returns the new value as text when it was changed.
std::optional<std::string> property_widget(Ui& ui, const std::string& id,
                                           const edit::PropertyDescription& p) {
    const std::string value = p.value.value_or("");
    const std::string label = "##" + id;
    if (p.type == "flag") {
        bool on = value == "true";
        const bool changed = ImGui::Checkbox(label.c_str(), &on);
        ui.mark("field:" + id);
        return changed ? std::optional<std::string>(on ? "true" : "false") : std::nullopt;
    }
    if (p.type == "choice" && !p.choices.empty()) {
        std::optional<std::string> chosen;
        if (ImGui::BeginCombo(label.c_str(), value.c_str())) {
            for (const auto& choice : p.choices) {
                if (ImGui::Selectable(choice.c_str(), choice == value)) chosen = choice;
            }
            ImGui::EndCombo();
        }
        ui.mark("field:" + id);
        return chosen;
    }
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    const bool is_number = end != value.c_str() && *end == '\0';
    const bool numeric = p.type == "number" || p.type == "whole number";
    if (numeric && (is_number || value.empty())) {
        const std::string unit = p.unit.empty() ? "" : " " + p.unit;
        const bool whole = p.type == "whole number";
        auto shown = static_cast<float>(number);
        const std::string format =
            value.empty() ? "–" : (whole ? "%.0f" : "%.6g") + (unit == " %" ? " %%" : unit);
        const bool bounded = p.low && p.high && *p.high - *p.low <= 1000;
        bool changed = false;
        if (bounded) {
            // A thin mark, so that the number stays legible.
            ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, ui.px(3));
            ImGui::PushStyleColor(ImGuiCol_SliderGrab, colour::kAccent);
            changed = ImGui::SliderFloat(label.c_str(), &shown, static_cast<float>(*p.low),
                                         static_cast<float>(*p.high), format.c_str());
            ImGui::PopStyleColor();
            ImGui::PopStyleVar();
        } else {
            const float speed = whole ? 0.2F : std::max(0.01F, 0.005F * std::abs(shown));
            changed = ImGui::DragFloat(label.c_str(), &shown, speed, 0, 0, format.c_str());
        }
        ui.mark("field:" + id);
        if (!number_changed(ui, id, changed, shown)) return {};
        return whole ? fmt::format("{:.0f}", shown) : fmt::format("{:.6g}", shown);
    }
    std::array<char, 256> text{};
    std::copy_n(value.begin(), std::min(value.size(), text.size() - 1), text.begin());
    const bool done = ImGui::InputText(label.c_str(), text.data(), text.size(),
                                       ImGuiInputTextFlags_EnterReturnsTrue);
    ui.mark("field:" + id);
    if (done || ImGui::IsItemDeactivatedAfterEdit()) return std::string(text.data());
    return {};
}

// A small button that takes the value back to its default.
bool reset_button(Ui& ui, const std::string& id) {
    ImGui::SameLine();
    ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleColor(ImGuiCol_Text, colour::kFaint);
    const bool clicked = ImGui::Button(fmt::format("{}##reset {}", icon::kReset, id).c_str(),
                                       ImVec2(ImGui::GetFrameHeight(), 0));
    ImGui::PopStyleColor(2);
    ui.mark("reset:" + id);
    tooltip("Back to the default");
    return clicked;
}

// What the world has of light and weather where the scenario says nothing.
std::optional<std::string> value_in_world(const Ui& ui, const std::string& field) {
    if (!ui.editor.moment() || !field.starts_with("environment.")) return {};
    nlohmann::ordered_json json;
    engine::core::write_fields(ui.editor.moment()->world->environment, json);
    const std::string key = field.substr(field.find('.') + 1);
    if (!json.contains(key)) return {};
    const auto& value = json.at(key);
    if (value.is_number()) return fmt::format("{:.4g}", value.get<double>());
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// A field of the scenario with its label, widget and reset.
void field_row(Ui& ui, const edit::FieldDescription& field) {
    edit::PropertyDescription p = field.property;
    const bool given = p.value.has_value();
    if (!given) p.value = value_in_world(ui, p.name);
    property_label(ui, p.label.c_str(), help_of(p).c_str());
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - ImGui::GetFrameHeight() - ui.px(7));
    if (const auto text = property_widget(ui, p.name, p)) {
        if (const auto value = parsed(p, *text)) {
            ui.act({{"do", "set"}, {"field", p.name}, {"value", *value}});
        } else {
            ui.editor.notify(Notice::Kind::kError,
                             fmt::format("{} is {}, expected a {}", p.label, *text, p.type));
        }
    }
    if (given && reset_button(ui, p.name)) ui.act({{"do", "reset"}, {"field", p.name}});
}

}  // namespace

void draw_field_group(Ui& ui, std::string_view group) {
    const auto fields = ui.editor.fields();  // a copy: a row may edit the draft
    for (const auto& field : fields) {
        if (field.group == group) field_row(ui, field);
    }
}

namespace {

// ---- Elements of the story

// Fields of an element and, folded, of those inside.
void draw_element(Ui& ui, const std::string& path, int depth) {
    const auto described = ui.editor.element(path);  // a copy: a row may edit the draft
    if (!described.ok()) {
        ImGui::TextColored(colour::kFaint, "%s", described.error().message.c_str());
        return;
    }
    const edit::ElementDescription& element = described.value();
    for (const auto& p : element.properties) {
        const std::string id = path + "@" + p.name;
        property_label(ui, p.label.c_str(), help_of(p).c_str());
        ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x -
                                (p.required ? 0 : ImGui::GetFrameHeight() + ui.px(7)));
        const auto text = property_widget(ui, id, p);
        bind_menu(ui, path, p.name, p.label, p.type, p.value.value_or(""), p.unit);
        if (text) {
            ui.act(
                {{"do", "set_attribute"}, {"path", path}, {"attribute", p.name}, {"value", *text}});
        }
        if (!p.required && p.value && reset_button(ui, id)) {
            ui.act({{"do", "remove_attribute"}, {"path", path}, {"attribute", p.name}});
        }
    }
    for (const auto& child : element.children) {
        ImGui::PushID(child.path.c_str());
        const ImGuiTreeNodeFlags flags =
            ImGuiTreeNodeFlags_SpanAvailWidth | (depth < 1 ? ImGuiTreeNodeFlags_DefaultOpen : 0);
        if (ImGui::TreeNodeEx(child.label.c_str(), flags)) {
            draw_element(ui, child.path, depth + 1);
            ImGui::TreePop();
        }
        ImGui::PopID();
    }
    if (!element.insertable.empty()) {
        if (ImGui::SmallButton(fmt::format("{} Add…##{}", icon::kAdd, path).c_str())) {
            ImGui::OpenPopup(path.c_str());
        }
        if (ImGui::BeginPopup(path.c_str())) {
            for (const auto& name : element.insertable) {
                if (ImGui::MenuItem(name.c_str())) {
                    ui.act({{"do", "insert_element"}, {"path", path}, {"element", name}});
                }
            }
            ImGui::EndPopup();
        }
    }
    if (element.removable && depth > 0) {
        ImGui::SameLine();
        if (ImGui::SmallButton(fmt::format("{} Remove##{}", icon::kTrash, path).c_str())) {
            ui.act({{"do", "remove_element"}, {"path", path}});
        }
    }
}

// ---- Actors

bool number_row(Ui& ui, const char* label, const char* id, double& value, const char* format,
                float speed, const char* help, const std::string& bound = {}) {
    property_label(ui, label, help);
    if (bound.starts_with("$")) {
        // A parameter stands for it.
        ImGui::PushStyleColor(ImGuiCol_Text, colour::kAccent);
        if (ImGui::Button(fmt::format("{}##{}", bound, id).c_str(), ImVec2(-FLT_MIN, 0))) {
            ui.act({{"do", "select"}, {"group", "parameters"}});
        }
        ImGui::PopStyleColor();
        ui.mark(fmt::format("field:{}", id));
        tooltip("A parameter stands for it. Click: show it; right-click: unbind");
        return false;
    }
    auto shown = static_cast<float>(value);
    const bool moved =
        ImGui::DragFloat(fmt::format("##{}", id).c_str(), &shown, speed, 0, 0, format);
    ui.mark(fmt::format("field:{}", id));
    const bool changed = number_changed(ui, id, moved, shown);
    if (changed) value = std::round(static_cast<double>(shown) * 100) / 100;
    return changed;
}

// What the story writes at a path; empty where it is not its own.
std::string written(Ui& ui, const std::string& path, const char* attribute) {
    if (path.empty()) return {};
    const auto& described = ui.editor.element(path);
    if (!described.ok()) return {};
    for (const auto& p : described.value().properties) {
        if (p.name == attribute) return p.value.value_or("");
    }
    return {};
}

// Parameters for a value that the story writes plainly at a path.
void bind_actor(Ui& ui, const std::string& path, const char* attribute, const std::string& label) {
    if (path.empty()) return;
    const auto described = ui.editor.element(path);
    if (!described.ok()) return;  // of a situation that is only placed
    for (const auto& p : described.value().properties) {
        if (p.name == attribute && p.value) {
            bind_menu(ui, path, attribute, label, p.type, *p.value, p.unit);
        }
    }
}

void draw_name(Ui& ui, const edit::OutlineActor& actor) {
    property_label(ui, "Name");
    std::array<char, 128> name{};
    std::copy_n(actor.name.begin(), std::min(actor.name.size(), name.size() - 1), name.begin());
    ImGui::InputText("##name", name.data(), name.size());
    ui.mark("field:name");
    if (ImGui::IsItemDeactivatedAfterEdit() && name.data() != actor.name && name[0] != '\0') {
        ui.act({{"do", "rename"}, {"actor", actor.name}, {"name", name.data()}});
    }
}

void draw_actor_events(Ui& ui, const edit::OutlineActor& actor) {
    ImGui::Spacing();
    heading(ui, "What it does");
    bool any = false;
    for (const auto& event : ui.editor.analysis().outline.events) {
        if (std::ranges::find(event.actors, actor.name) == event.actors.end()) continue;
        any = true;
        ImGui::PushID(event.path.c_str());
        if (ImGui::Selectable(event_title(event).c_str())) {
            ui.act({{"do", "select"}, {"element", event.path}});
        }
        ImGui::Indent();
        ImGui::PushTextWrapPos();
        ImGui::TextColored(colour::kFaint, "%s", event.trigger.c_str());
        for (const auto& action : event.actions) {
            ImGui::TextColored(colour::kFaint, "%s", action.c_str());
        }
        ImGui::PopTextWrapPos();
        ImGui::Unindent();
        ImGui::PopID();
    }
    if (!any) ImGui::TextColored(colour::kFaint, "It keeps its lane and speed.");
    if (ImGui::Button(fmt::format("{}  Add event…", icon::kAdd).c_str())) {
        ImGui::OpenPopup("add event");
    }
    ui.mark("add event");
    draw_event_popup(ui, actor.name);
}

// A vehicle of the run that somebody may drive by hand.
void draw_wheel(Ui& ui, engine::world::ActorId id) {
    const auto& moment = ui.editor.moment();
    const auto* state = moment ? moment->state.find(id) : nullptr;
    if (state == nullptr || id == engine::world::kEgo ||
        !engine::world::is_vehicle(moment->world->archetypes[state->archetype].semantic)) {
        return;
    }
    const auto& by_hand = ui.editor.status().by_hand;
    const bool driven = std::ranges::find(by_hand, id) != by_hand.end();
    if (!driven) {
        if (ImGui::Button(fmt::format("{}  Drive it yourself", icon::kGamepad).c_str())) {
            if (ui.act({{"do", "drive"}, {"actor", id}})) {
                ui.act({{"do", "view"}, {"camera", "follow"}, {"actor", id}});
            }
        }
        ui.mark("drive actor");
        tooltip("From the shown moment on: play, and W A S D, arrows or a gamepad drive it");
        return;
    }
    if (ImGui::Button("Leave it to its driver")) ui.act({{"do", "release"}, {"actor", id}});
    ui.mark("release actor");
    ImGui::SameLine();
    if (ImGui::Button("Keep its drive")) ui.act({{"do", "keep_path"}, {"actor", id}});
    ui.mark("keep path");
    tooltip("What it did in the run becomes its trajectory in the story");
}

void draw_story_actor(Ui& ui, const edit::OutlineActor& actor) {
    heading(ui, actor.name.c_str());
    ImGui::TextColored(colour::kFaint, "%s, %.1f × %.1f × %.1f m", actor.category.c_str(),
                       actor.length_m, actor.width_m, actor.height_m);
    if (actor.p_W && ui.editor.moment()) {
        const std::string place = place_in_words(ui, *actor.p_W);
        if (!place.empty()) ImGui::TextColored(colour::kFaint, "%s", place.c_str());
    }
    ImGui::Spacing();
    draw_name(ui, actor);
    if (actor.p_W) {
        double x = actor.p_W->x, y = actor.p_W->y, heading_deg = actor.heading_rad / kDegree;
        bool moved = number_row(ui, "x", "x", x, "%.2f m", 0.05F, "Eastwards from the map's origin",
                                written(ui, actor.place_path, "x"));
        bind_actor(ui, actor.place_path, "x", actor.name + " x");
        moved |= number_row(ui, "y", "y", y, "%.2f m", 0.05F, "Northwards from the map's origin",
                            written(ui, actor.place_path, "y"));
        bind_actor(ui, actor.place_path, "y", actor.name + " y");
        moved |= number_row(ui, "Heading", "heading", heading_deg, "%.1f°", 0.5F,
                            "From east towards north", written(ui, actor.place_path, "h"));
        bind_actor(ui, actor.place_path, "h", actor.name + " heading");
        if (moved) {
            ui.act({{"do", "move"},
                    {"actor", actor.name},
                    {"x", x},
                    {"y", y},
                    {"heading_deg", heading_deg}});
        }
    }
    double kmh = actor.speed_mps.value_or(0) * 3.6;
    if (number_row(ui, "Speed", "speed", kmh, "%.1f km/h", 0.2F, "At the start, 0 to 360 km/h",
                   written(ui, actor.speed_path, "value"))) {
        ui.act({{"do", "set_speed"},
                {"actor", actor.name},
                {"mps", std::clamp(kmh, 0.0, 360.0) / 3.6}});
    }
    bind_actor(ui, actor.speed_path, "value", actor.name + " speed");
    draw_actor_events(ui, actor);
    ImGui::Spacing();
    draw_wheel(ui, ui.editor.actor_of(actor.name));
    if (!ui.editor.draft().story) {
        if (ImGui::Button("Make the situation editable")) ui.act({{"do", "expand_situation"}});
        ui.mark("make editable");
        tooltip(
            "Turns the placed situation into a story of its own, whose actors and events can be "
            "edited singly");
        return;
    }
    if (ImGui::TreeNodeEx("All values", ImGuiTreeNodeFlags_SpanAvailWidth)) {
        draw_element(ui, actor.path, 0);
        ImGui::TreePop();
    }
}

void draw_generated(Ui& ui, engine::world::ActorId id) {
    const auto& moment = ui.editor.moment();
    if (!moment) return;
    std::string kind;
    bool usable = false;
    engine::math::Vec3 p{0, 0, 0};
    double speed = 0;
    if (const auto* actor = moment->state.find(id)) {
        kind = moment->world->archetypes[actor->archetype].name;
        p = actor->X_WB.p;
        speed = glm::length(actor->v_W);
        usable = id != engine::world::kEgo;
    }
    for (const auto& object : moment->world->objects) {
        if (object.id != id) continue;
        kind = object.archetype == engine::world::kNone
                   ? "fixed object"
                   : "parked " + moment->world->archetypes[object.archetype].name;
        p = object.X_WB.p;
        usable = object.labelled;
    }
    if (kind.empty()) {
        empty_state(ui, "It is no longer there");
        return;
    }
    heading(ui, fmt::format("{} ({})", spaced(kind), id).c_str());
    ImGui::TextColored(colour::kFaint, "%.1f, %.1f m; %.1f km/h", p.x, p.y, 3.6 * speed);
    const std::string place = place_in_words(ui, p);
    if (!place.empty()) ImGui::TextColored(colour::kFaint, "%s", place.c_str());
    ImGui::Spacing();
    if (!usable) return;
    ImGui::PushTextWrapPos();
    ImGui::TextColored(
        colour::kFaint,
        "It comes from the town. Drag it, or take it over, to make it an actor of the "
        "story; the others may then react differently.");
    ImGui::PopTextWrapPos();
    if (ImGui::Button("Take over into the story")) ui.act({{"do", "take_over"}, {"id", id}});
    ui.mark("take over");
    draw_wheel(ui, id);
    if (ImGui::Button(fmt::format("{}  Remove", icon::kTrash).c_str())) {
        ui.act({{"do", "remove_selected"}});
    }
    ui.mark("remove generated");
}

void draw_criteria(Ui& ui) {
    heading(ui, "Criteria");
    ImGui::PushTextWrapPos();
    ImGui::TextColored(colour::kFaint, "What makes a run pass.");
    ImGui::PopTextWrapPos();
    const auto& criteria = ui.editor.draft().scenario.criteria;
    for (std::size_t i = 0; i < criteria.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        const std::string words = spaced(criteria[i].name);
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(words.c_str());
        tooltip(scenarios::story::text_of(criteria[i]).c_str());
        ImGui::SameLine(ImGui::GetContentRegionAvail().x - ui.px(20));
        const bool removes = ImGui::SmallButton(icon::kTrash);
        ImGui::PopID();
        if (removes) {
            ui.act({{"do", "remove_criterion"}, {"criterion_index", i}});
            break;
        }
    }
    if (criteria.empty()) {
        ImGui::PushTextWrapPos();
        ImGui::TextColored(colour::kFaint, "None of its own: a run passes without a collision.");
        ImGui::PopTextWrapPos();
    }
    if (ImGui::Button(fmt::format("{}  Add…", icon::kAdd).c_str()))
        ImGui::OpenPopup("add criterion");
    ui.mark("add criterion");
    if (!ImGui::BeginPopup("add criterion")) return;
    const auto add = [&](const char* label, json criterion) {
        if (ImGui::MenuItem(label)) {
            ui.act({{"do", "add_criterion"}, {"criterion", std::move(criterion)}});
        }
    };
    add("No collision", {{"kind", "no_collision"}});
    add("Time to collision at least 1 s", {{"kind", "min_time_to_collision"}, {"at_least_s", 1.0}});
    add("No red light", {{"kind", "no_red_light"}});
    add("Keeps its lane", {{"kind", "keep_lane"}});
    add("Comfort", {{"kind", "comfort"}});
    ImGui::EndPopup();
}

void draw_several(Ui& ui) {
    const auto& actors = ui.editor.selection().actors;
    heading(ui, fmt::format("{} actors", actors.size()).c_str());
    for (const auto& name : actors) ImGui::TextColored(colour::kFaint, "%s", name.c_str());
    ImGui::Spacing();
    if (ImGui::Button("Duplicate")) ui.act({{"do", "duplicate_selected"}});
    ImGui::SameLine();
    if (ImGui::Button("Delete")) ui.act({{"do", "remove_selected"}});
}

}  // namespace

void draw_properties(Ui& ui) {
    const Selection selection = ui.editor.selection();  // a widget may change it
    // What was being typed was meant for what was selected then.
    if (ui.typed_for != selection) ui.typed.clear();
    ui.typed_for = selection;
    ImGui::BeginDisabled(false);
    if (selection.actors.size() > 1) {
        draw_several(ui);
    } else if (selection.actors.size() == 1) {
        const auto& actors = ui.editor.analysis().outline.actors;
        const auto found =
            std::ranges::find(actors, selection.actors.front(), &edit::OutlineActor::name);
        if (found != actors.end()) {
            const edit::OutlineActor& actor = *found;
            draw_story_actor(ui, actor);
        } else {
            ImGui::TextColored(colour::kFaint, "…");
        }
    } else if (selection.generated != engine::world::kNoActor) {
        draw_generated(ui, selection.generated);
    } else if (!selection.element.empty()) {
        heading(ui, selection.element.substr(selection.element.rfind('/') + 1).c_str());
        draw_element(ui, selection.element, 0);
    } else if (selection.group == "criteria") {
        draw_criteria(ui);
    } else if (selection.group == "parameters") {
        draw_parameters(ui);
    } else if (selection.group == "signals" || selection.group.starts_with("signals:")) {
        draw_signals(ui, selection.group.size() > 8 ? selection.group.substr(8) : "");
    } else if (selection.group == "scenario") {
        heading(ui, "Scenario");
        draw_field_group(ui, "scenario");
    } else {
        empty_state(ui, "Nothing is selected",
                    "Click an actor in a view or something in the outline.");
    }
    ImGui::EndDisabled();
}

void draw_environment(Ui& ui) {
    heading(ui, "Presets");
    const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
    bool first = true;
    for (const auto& [preset, sky, environment] : edit::weather_presets()) {
        const float width = ImGui::CalcTextSize(preset).x + 2 * ImGui::GetStyle().FramePadding.x;
        if (!first && ImGui::GetItemRectMax().x + ui.px(4) + width < right) {
            ImGui::SameLine(0, ui.px(4));
        }
        first = false;
        if (ImGui::Button(preset)) ui.act({{"do", "weather"}, {"preset", preset}});
        ui.mark(fmt::format("weather:{}", preset));
    }
    ImGui::Spacing();
    heading(ui, "Light, sky and road");
    draw_field_group(ui, "environment");
}

void draw_town(Ui& ui) {
    const auto& scenario = ui.editor.draft().scenario;
    if (scenario.map.empty()) {
        heading(ui, "Town");
        ImGui::TextColored(colour::kFaint, "Every change builds it anew.");
    } else {
        heading(ui, "Map");
        ImGui::PushTextWrapPos();
        ImGui::TextColored(colour::kFaint, "%s", scenario.map.c_str());
        ImGui::PopTextWrapPos();
    }
    if (ImGui::Button("Another town")) {
        ui.act({{"do", "set"}, {"field", "town.seed"}, {"value", scenario.town.seed + 1}});
    }
    ui.mark("another town");
    ImGui::SameLine();
    if (ImGui::Button("Map…")) {
        ask_for_file(ui, "Choose an OpenDRIVE map", ".xodr", false,
                     [&ui](const std::filesystem::path& path) {
                         ui.act({{"do", "map"}, {"file", path.string()}});
                     });
    }
    ImGui::Spacing();
    draw_field_group(ui, "town");
}

}  // namespace huntsman::apps::editor
