// What the scenario consists of, as a tree; and the palette of what can be added.
#include <algorithm>
#include <array>

#include "apps/editor/ui.h"
#include "apps/editor/view_tools.h"
#include "scenarios/edit/commands.h"
#include "scenarios/situations/situation.h"

namespace huntsman::apps::editor {

using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

const char* icon_of(const edit::OutlineActor& actor) {
    if (actor.kind == "pedestrian") return icon::kPerson;
    if (actor.kind == "object") return icon::kObject;
    const std::string& c = actor.category;
    if (c == "bicycle") return icon::kBicycle;
    if (c == "motorbike" || c == "motorcycle") return icon::kMotorcycle;
    if (c == "bus") return icon::kBus;
    if (c == "truck" || c == "van" || c == "trailer" || c == "semitrailer") return icon::kTruck;
    return icon::kCar;
}

const char* icon_of_kind(const std::string& kind) {
    for (const auto& [word, sign] :
         {std::pair("child", icon::kChild), std::pair("bicycle", icon::kBicycle),
          std::pair("cyclist", icon::kBicycle), std::pair("motor", icon::kMotorcycle),
          std::pair("bus", icon::kBus), std::pair("truck", icon::kTruck),
          std::pair("van", icon::kTruck), std::pair("pedestrian", icon::kPerson),
          std::pair("adult", icon::kPerson), std::pair("wheelchair", icon::kPerson)}) {
        if (kind.find(word) != std::string::npos) return sign;
    }
    return icon::kCar;
}

bool matches(const char* filter, const std::string& text) {
    if (*filter == '\0') return true;
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    };
    const std::string_view wanted(filter);
    return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), same) != text.end();
}

bool group_header(Ui& ui, const char* sign, const char* label, std::size_t count) {
    const std::string text = count == 0 ? fmt::format("{}  {}##{}", sign, label, label)
                                        : fmt::format("{}  {} ({})##{}", sign, label, count, label);
    const bool open = ImGui::TreeNodeEx(
        text.c_str(), ImGuiTreeNodeFlags_DefaultOpen | ImGuiTreeNodeFlags_SpanAvailWidth);
    ui.mark(fmt::format("group:{}", label));
    return open;
}

bool row(Ui& ui, const std::string& text, const std::string& mark, bool chosen) {
    const bool clicked =
        ImGui::Selectable(text.c_str(), chosen, ImGuiSelectableFlags_AllowDoubleClick);
    ui.mark(mark);
    return clicked;
}

void actor_menu(Ui& ui, const edit::OutlineActor& actor) {
    if (!ImGui::BeginPopupContextItem()) return;
    if (!ui.editor.selection().has(actor.name)) {
        ui.act({{"do", "select"}, {"actors", {actor.name}}});
    }
    if (ImGui::MenuItem("Look at it", "F")) ui.act({{"do", "focus"}});
    const auto id = ui.editor.actor_of(actor.name);
    const bool there = id != engine::world::kNoActor;
    if (ImGui::MenuItem("Follow it", nullptr, false, there)) {
        ui.act({{"do", "view"}, {"camera", "follow"}, {"actor", actor.name}});
    }
    if (ImGui::MenuItem("See through its eyes", nullptr, false, there)) {
        ui.act({{"do", "view"}, {"camera", "eyes"}, {"actor", actor.name}});
    }
    ImGui::Separator();
    if (ImGui::MenuItem("Duplicate", "Ctrl+D")) ui.act({{"do", "duplicate_selected"}});
    if (ImGui::MenuItem("Delete", "Del", false, !actor.is_ego)) {
        ui.act({{"do", "remove_selected"}});
    }
    ImGui::EndPopup();
}

void draw_actors(Ui& ui, const edit::Outline& outline, const char* filter) {
    if (!group_header(ui, icon::kCar, "Actors", outline.actors.size())) return;
    if (outline.actors.empty()) {
        ImGui::TextColored(colour::kFaint, "Traffic of the town only.");
        ImGui::TextColored(colour::kFaint, "Add one under Add, or click");
        ImGui::TextColored(colour::kFaint, "one in a view to edit it.");
    }
    for (const auto& actor : outline.actors) {
        if (!matches(filter, actor.name + " " + actor.category)) continue;
        ImGui::PushStyleColor(ImGuiCol_Text, actor.left_out ? colour::kFaint
                                             : actor.is_ego ? colour::kEgo
                                                            : colour::kText);
        const bool chosen = ui.editor.selection().has(actor.name);
        if (row(ui, fmt::format("{}  {}##actor {}", icon_of(actor), actor.name, actor.name),
                "actor:" + actor.name, chosen)) {
            json actors = json::array();
            if (ImGui::GetIO().KeyCtrl) {
                for (const auto& name : ui.editor.selection().actors) {
                    if (name != actor.name) actors.push_back(name);
                }
            }
            if (!ImGui::GetIO().KeyCtrl || !chosen) actors.push_back(actor.name);
            ui.act({{"do", "select"}, {"actors", actors}});
            ui.layout.right_tab = "Properties";
            if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) ui.act({{"do", "focus"}});
        }
        ImGui::PopStyleColor();
        actor_menu(ui, actor);
    }
    ImGui::TreePop();
}

void draw_events(Ui& ui, const edit::Outline& outline, const char* filter) {
    if (outline.events.empty() ||
        !group_header(ui, icon::kClock, "Events", outline.events.size())) {
        return;
    }
    for (const auto& event : outline.events) {
        if (!matches(filter, event.name)) continue;
        if (row(ui, fmt::format("{}##{}", event_title(event), event.path), "event:" + event.name,
                ui.editor.selection().element == event.path)) {
            ui.act({{"do", "select"}, {"element", event.path}});
            ui.layout.right_tab = "Properties";
        }
        std::string help = event.trigger;
        for (const auto& action : event.actions) help += "\n" + action;
        tooltip(help.c_str());
    }
    ImGui::TreePop();
}

void draw_signal_rows(Ui& ui, const edit::Outline& outline, const char* filter) {
    const auto& place = ui.editor.analysis().place;
    const std::size_t programs = place ? place->world.roads.programs.size() : 0;
    if (outline.signals.empty() && programs == 0) return;
    if (!group_header(ui, icon::kSignal, "Signals", outline.signals.size())) return;
    const auto entry = [&](const std::string& words, const std::string& group) {
        if (row(ui, fmt::format("{}##{}", words, group), "signal:" + words,
                ui.editor.selection().group == group)) {
            ui.act({{"do", "select"}, {"group", group}});
            ui.layout.right_tab = "Properties";
        }
    };
    if (programs > 0 && *filter == '\0') {
        entry(fmt::format("{} junctions of the map", programs), "signals");
    }
    for (const auto& signal : outline.signals) {
        if (!matches(filter, signal.controller)) continue;
        entry(signal.controller, "signals:" + signal.controller);
        tooltip(fmt::format("{} phases", signal.phases.size()).c_str());
    }
    ImGui::TreePop();
}

void draw_parameter_rows(Ui& ui, const edit::Outline& outline, const char* filter) {
    if (!group_header(ui, icon::kSliders, "Parameters", outline.parameters.size())) return;
    for (const auto& parameter : outline.parameters) {
        if (!matches(filter, parameter.name)) continue;
        const std::string unit = parameter.unit.empty() ? "" : " " + parameter.unit;
        if (row(ui,
                fmt::format("{} = {}{}##p {}", parameter.name, parameter.value, unit,
                            parameter.name),
                "parameter:" + parameter.name, false)) {
            ui.act({{"do", "select"}, {"group", "parameters"}});
            ui.layout.right_tab = "Properties";
        }
        std::string help = parameter.meaning;
        if (parameter.low && parameter.high) {
            help += fmt::format("{}{:g} to {:g}{}", help.empty() ? "" : "\n", *parameter.low,
                                *parameter.high, unit);
        }
        tooltip(help.c_str());
    }
    ImGui::TreePop();
}

void draw_criteria(Ui& ui, const char* filter) {
    const auto& criteria = ui.editor.draft().scenario.criteria;
    if (!group_header(ui, icon::kFlag, "Criteria", criteria.size())) return;
    if (criteria.empty()) ImGui::TextColored(colour::kFaint, "None of its own: no collision.");
    for (const auto& criterion : criteria) {
        if (!matches(filter, criterion.name)) continue;
        if (row(ui, fmt::format("{}##criterion", criterion.name), "criterion:" + criterion.name,
                false)) {
            ui.act({{"do", "select"}, {"group", "criteria"}});
            ui.layout.right_tab = "Properties";
        }
    }
    ImGui::TreePop();
}

// A search field with a magnifying glass.
void search_field(Ui& ui, const char* id, std::array<char, 64>& text, const char* hint) {
    ImGui::SetNextItemWidth(-FLT_MIN);
    ImGui::InputTextWithHint(id, fmt::format("{}  {}", icon::kSearch, hint).c_str(), text.data(),
                             text.size());
    ui.mark(id);
}

}  // namespace

void draw_outliner(Ui& ui) {
    static std::array<char, 64> filter{};
    search_field(ui, "search outline", filter, "Search");
    const edit::Outline& outline = ui.editor.analysis().outline;
    const auto group = [&](const char* sign, const char* label, const char* name,
                           const char* pane) {
        if (row(ui, fmt::format("{}  {}", sign, label), fmt::format("outline:{}", name),
                ui.editor.selection().group == name)) {
            ui.act({{"do", "select"}, {"group", name}});
            ui.layout.right_tab = pane;
        }
    };
    if (filter[0] == '\0') {
        group(icon::kFile, "Scenario", "scenario", "Properties");
        const bool map = !ui.editor.draft().scenario.map.empty();
        group(icon::kMap, map ? "Map" : "Town", "town", "Town");
        group(icon::kSun, "Environment", "environment", "Environment");
    }
    draw_actors(ui, outline, filter.data());
    draw_events(ui, outline, filter.data());
    draw_signal_rows(ui, outline, filter.data());
    draw_parameter_rows(ui, outline, filter.data());
    draw_criteria(ui, filter.data());
}

// ---- What can be added

namespace {

void draw_kinds(Ui& ui, const char* filter) {
    const ViewState& view = ui.editor.view();
    std::string group;
    int column = 0;
    const float cell = ui.px(78);
    const int columns = std::max(
        1, static_cast<int>((ImGui::GetContentRegionAvail().x + ui.px(4)) / (cell + ui.px(4))));
    for (const auto& kind : edit::actor_kinds()) {
        if (!matches(filter, kind.label)) continue;
        if (kind.group != group) {
            group = kind.group;
            std::string title = group;
            title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
            heading(ui, title.c_str());
            column = 0;
        }
        if (column > 0) ImGui::SameLine(0, ui.px(4));
        const bool chosen = view.tool == Tool::kAdd && view.tool_kind == kind.name;
        const ImVec2 low = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable(fmt::format("##kind {}", kind.name).c_str(), chosen, 0,
                              ImVec2(cell, ui.px(64)))) {
            ui.act({{"do", "tool"}, {"tool", "add"}, {"kind", kind.name}});
        }
        ui.mark("kind:" + kind.name);
        tooltip(
            fmt::format("{}: {:.1f} m long. Click it, then a place in a view; or drag it there.",
                        kind.label, kind.length_m)
                .c_str());
        if (ImGui::BeginDragDropSource()) {
            ImGui::SetDragDropPayload(kKindPayload, kind.name.data(), kind.name.size());
            ImGui::TextUnformatted(kind.label.c_str());
            ImGui::EndDragDropSource();
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const auto picture = ui.images.find("kind " + kind.name);
        void* texture = picture == ui.images.end()
                            ? nullptr
                            : ui.gui->texture("kind " + kind.name, picture->second);
        if (texture != nullptr) {
            list.AddImageRounded(texture, ImVec2(low.x + ui.px(3), low.y + ui.px(3)),
                                 ImVec2(low.x + cell - ui.px(3), low.y + ui.px(46)), ImVec2(0, 0),
                                 ImVec2(1, 1), IM_COL32_WHITE, ui.px(4));
        } else {
            const char* sign = icon_of_kind(kind.name);
            const float size = ui.px(24);
            const ImVec2 extent = ImGui::GetFont()->CalcTextSizeA(size, FLT_MAX, 0, sign);
            list.AddText(ImGui::GetFont(), size,
                         ImVec2(low.x + 0.5F * (cell - extent.x), low.y + ui.px(12)),
                         colour::packed(colour::kText), sign);
        }
        if (ui.fonts.small != nullptr) {
            const float height = ui.fonts.small->FontSize;
            const float extent = std::min(
                cell, ui.fonts.small->CalcTextSizeA(height, FLT_MAX, 0, kind.label.c_str()).x);
            list.PushClipRect(low, ImVec2(low.x + cell, low.y + ui.px(64)), true);
            list.AddText(ui.fonts.small, height,
                         ImVec2(low.x + 0.5F * (cell - extent), low.y + ui.px(47)),
                         colour::packed(colour::kFaint), kind.label.c_str());
            list.PopClipRect();
        }
        column = (column + 1) % columns;
    }
}

struct SituationEntry {
    std::string name, summary;
};

const std::vector<SituationEntry>& shipped_situations() {
    static const std::vector<SituationEntry> entries = [] {
        std::vector<SituationEntry> all;
        for (const std::string& name : scenarios::situations::shipped()) {
            const auto loaded = scenarios::situations::load(name);
            all.push_back({name, loaded.ok() ? loaded.value().summary : ""});
        }
        return all;
    }();
    return entries;
}

void draw_situations(Ui& ui, const char* filter) {
    heading(ui, "Situations");
    ImGui::PushTextWrapPos();
    ImGui::TextColored(
        colour::kFaint,
        "Click one, then a place on the map near which it shall happen. It takes the "
        "place of the present story.");
    ImGui::PopTextWrapPos();
    const ViewState& view = ui.editor.view();
    for (const auto& [name, summary] : shipped_situations()) {
        if (!matches(filter, name + " " + summary)) continue;
        const bool chosen = view.tool == Tool::kSituation && view.tool_situation == name;
        const ImVec2 low = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        const ImVec2 extent =
            ImGui::CalcTextSize(summary.c_str(), nullptr, false, width - ui.px(12));
        const float line = ImGui::GetTextLineHeight();
        if (ImGui::Selectable(fmt::format("##situation {}", name).c_str(), chosen,
                              ImGuiSelectableFlags_AllowDoubleClick,
                              ImVec2(width, extent.y + line + ui.px(8)))) {
            if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
                ui.act({{"do", "place_situation"}, {"name", name}});
                ui.act({{"do", "tool"}, {"tool", "select"}});
            } else {
                ui.act({{"do", "tool"}, {"tool", "situation"}, {"kind", name}});
            }
        }
        ui.mark("situation:" + name);
        tooltip("Click it, then a place on the map. Double-click: where it fits first.");
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddText(ImGui::GetFont(), ImGui::GetFontSize(),
                     ImVec2(low.x + ui.px(6), low.y + ui.px(3)), colour::packed(colour::kText),
                     summary.c_str(), nullptr, width - ui.px(12));
        list.AddText(ui.fonts.small, ui.fonts.small != nullptr ? ui.fonts.small->FontSize : 12,
                     ImVec2(low.x + ui.px(6), low.y + ui.px(4) + extent.y),
                     colour::packed(colour::kFaint), name.c_str());
    }
}

}  // namespace

void draw_add(Ui& ui) {
    if (!ui.kinds && ui.editor.views() != nullptr) {
        ui.kinds = std::make_unique<KindPictures>(ui.editor.settings().state_folder);
    }
    if (ui.kinds) {
        for (auto& [name, image] : ui.kinds->take()) ui.images["kind " + name] = std::move(image);
    }
    static std::array<char, 64> filter{};
    search_field(ui, "search add", filter, "Search actors and situations");
    draw_kinds(ui, filter.data());
    ImGui::Spacing();
    draw_situations(ui, filter.data());
}

}  // namespace huntsman::apps::editor
