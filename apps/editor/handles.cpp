#include "apps/editor/handles.h"

#include <algorithm>
#include <cmath>

#include "apps/editor/ui.h"
#include "apps/editor/view_tools.h"
#include "engine/math/constants.h"
#include "scenarios/edit/elements.h"

namespace huntsman::apps::editor {

using engine::math::Vec2;
using engine::math::Vec3;
using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

constexpr float kSize = 4.5F, kReach = 8;  // [units]
constexpr double kStart_m = 0.02;          // the pointer has moved on purpose
constexpr double kAhead_m = 2.2;           // of an actor's front: where its heading is held
constexpr double kHeadingStep_deg = 1;

void add_path(std::vector<Handle>& all, const std::vector<Vec3>& points,
              const std::vector<std::string>& paths, const edit::OutlineActor& actor,
              bool insertable) {
    if (paths.size() != points.size()) return;
    const bool on_roads = actor.kind == "vehicle";
    for (std::size_t i = 0; i < points.size(); ++i) {
        all.push_back({.kind = Handle::Kind::kPoint,
                       .p_W = points[i],
                       .path = paths[i],
                       .actor = actor.name,
                       .on_roads = on_roads});
        if (!insertable || i + 1 == points.size()) continue;
        all.push_back({.kind = Handle::Kind::kBetween,
                       .p_W = 0.5 * (points[i] + points[i + 1]),
                       .path = paths[i],
                       .actor = actor.name,
                       .on_roads = on_roads});
    }
}

void add_heading(std::vector<Handle>& all, const edit::OutlineActor& actor) {
    if (!actor.p_W) return;
    const Vec3 ahead(std::cos(actor.heading_rad), std::sin(actor.heading_rad), 0);
    all.push_back({.kind = Handle::Kind::kHeading,
                   .p_W = *actor.p_W + (actor.centre_x_m + 0.5 * actor.length_m + kAhead_m) * ahead,
                   .about_W = *actor.p_W,
                   .actor = actor.name});
}

void add_trigger(std::vector<Handle>& all, const edit::OutlineEvent& event) {
    if (!event.p_W || event.position_path.empty()) return;
    all.push_back({.kind = Handle::Kind::kTrigger, .p_W = *event.p_W, .path = event.position_path});
    if (event.radius_path.empty() || event.radius_m <= 0) return;
    all.push_back({.kind = Handle::Kind::kRadius,
                   .p_W = *event.p_W + Vec3(event.radius_m, 0, 0),
                   .about_W = *event.p_W,
                   .path = event.radius_path,
                   .attribute = event.radius_attribute});
}

// Does to the draft what the drag says now.
void move_handle(Ui& ui, HandleDrag& drag, const Vec3& pointer_W) {
    Handle& handle = drag.handle;
    Vec3 to = pointer_W;
    if (handle.on_roads) {
        if (const auto on = snapped(ui, to)) to = on->p_W;
    }
    if (!drag.moved && glm::length(engine::math::xy(to - handle.p_W)) < kStart_m) return;
    drag.moved = true;
    const auto point = [&](const char* command) {
        return json{{"do", command},
                    {"path", handle.path},
                    {"x", centimetres(to.x)},
                    {"y", centimetres(to.y)}};
    };
    const Vec2 from_middle = engine::math::xy(to - handle.about_W);
    bool done = true;
    switch (handle.kind) {
        case Handle::Kind::kBetween:
            done = ui.act(point("insert_point"));
            handle.kind = Handle::Kind::kPoint;
            handle.path = edit::path_after(handle.path);
            break;
        case Handle::Kind::kPoint:
        case Handle::Kind::kTrigger:
            done = ui.act(point("move_point"));
            break;
        case Handle::Kind::kRadius:
            done =
                ui.act({{"do", "set_attribute"},
                        {"path", handle.path},
                        {"attribute", handle.attribute},
                        {"value", std::max(0.1, std::round(10 * glm::length(from_middle)) / 10)}});
            break;
        case Handle::Kind::kHeading: {
            if (glm::length(from_middle) < 0.1) return;
            const double degrees =
                std::atan2(from_middle.y, from_middle.x) * 180 / engine::math::kPi;
            done = ui.act(
                {{"do", "move"},
                 {"actor", handle.actor},
                 {"x", handle.about_W.x},
                 {"y", handle.about_W.y},
                 {"heading_deg", kHeadingStep_deg * std::round(degrees / kHeadingStep_deg)}});
            break;
        }
    }
    handle.p_W = to;
    if (!done) drag = {};
}

const char* help_of(Handle::Kind kind) {
    switch (kind) {
        case Handle::Kind::kPoint:
            return "Drag: move the point; Ctrl+click: remove it";
        case Handle::Kind::kBetween:
            return "Drag: a new point";
        case Handle::Kind::kTrigger:
            return "Drag: move the trigger";
        case Handle::Kind::kRadius:
            return "Drag: how near";
        case Handle::Kind::kHeading:
            return "Drag: turn it";
    }
    return "";
}

void draw_handle(const Ui& ui, ImDrawList& list, const ViewMap& map, const Handle& handle,
                 const ImVec2& at, bool hot) {
    const float size = ui.px(hot ? kSize + 1.5F : kSize);
    const ImU32 edge = IM_COL32(20, 21, 23, 255);
    const bool trigger =
        handle.kind == Handle::Kind::kTrigger || handle.kind == Handle::Kind::kRadius;
    const ImU32 tint = colour::packed(hot       ? colour::kAccent
                                      : trigger ? colour::kOther
                                                : colour::kText);
    if (handle.kind == Handle::Kind::kHeading) {
        if (const auto middle = map.to_screen(handle.about_W)) {
            list.AddLine(*middle, at, colour::packed(colour::kText, 0.5F), ui.px(1.2F));
        }
    }
    if (handle.kind == Handle::Kind::kBetween) {
        list.AddCircleFilled(at, hot ? size : 0.6F * size, colour::packed(colour::kText, 0.45F),
                             12);
        return;
    }
    if (trigger) {
        list.AddRectFilled(ImVec2(at.x - size, at.y - size), ImVec2(at.x + size, at.y + size),
                           tint);
        list.AddRect(ImVec2(at.x - size, at.y - size), ImVec2(at.x + size, at.y + size), edge);
        return;
    }
    list.AddCircleFilled(at, size, tint, 16);
    list.AddCircle(at, size, edge, 16);
}

}  // namespace

std::vector<Handle> handles_of(const Ui& ui) {
    std::vector<Handle> all;
    Editor& editor = ui.editor;
    const ViewState& view = editor.view();
    if (view.tool != Tool::kSelect) return all;
    const auto& outline = editor.analysis().outline;
    const Selection& selection = editor.selection();
    for (const auto& actor : outline.actors) {
        if (!selection.has(actor.name)) continue;
        if (view.top.paths) {
            add_path(all, actor.route_W, actor.route_points, actor, true);
            for (const auto& trajectory : actor.trajectories) {
                add_path(all, trajectory.points_W, trajectory.points, actor, trajectory.polyline);
            }
        }
        if (selection.actors.size() == 1 && editor.status().shown_tick == 0) {
            add_heading(all, actor);
        }
    }
    if (!view.top.triggers) return all;
    for (const auto& event : outline.events) {
        const bool chosen = selection.element == event.path ||
                            std::ranges::any_of(event.actors, [&](const auto& name) {
                                return selection.has(name);
                            });
        if (chosen) add_trigger(all, event);
    }
    return all;
}

bool use_handles(Ui& ui, ImDrawList& list, const char* view, const ViewMap& map, bool hovered) {
    HandleDrag& drag = ui.handle_drag;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const bool here = drag.active && drag.view == view;
    if (here && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        if (const auto to = map.to_world(mouse, drag.handle.p_W.z)) move_handle(ui, drag, *to);
    } else if (here) {
        drag = {};
    }
    const std::vector<Handle> all = handles_of(ui);
    const Handle* nearest = nullptr;
    float least = ui.px(kReach);
    std::vector<std::optional<ImVec2>> places;
    for (const Handle& handle : all) {
        const auto& at = places.emplace_back(map.to_screen(handle.p_W));
        if (!hovered || !at || ui.drag.active || drag.active) continue;
        const float distance = std::hypot(at->x - mouse.x, at->y - mouse.y);
        if (distance >= least) continue;
        least = distance;
        nearest = &handle;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        // What is dragged is drawn where the pointer has it; the outline follows later.
        const bool dragged = drag.active && all[i].path == drag.handle.path &&
                             all[i].kind == drag.handle.kind && all[i].actor == drag.handle.actor;
        if (places[i] && !dragged)
            draw_handle(ui, list, map, all[i], *places[i], &all[i] == nearest);
    }
    if (drag.active) {
        if (const auto at = map.to_screen(drag.handle.p_W)) {
            draw_handle(ui, list, map, drag.handle, *at, true);
        }
        return here;
    }
    if (nearest == nullptr) return false;
    ImGui::SetTooltip("%s", help_of(nearest->kind));
    if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return true;
    if (ImGui::GetIO().KeyCtrl && nearest->kind == Handle::Kind::kPoint) {
        ui.act({{"do", "remove_point"}, {"path", nearest->path}});
        return true;
    }
    drag = {.active = true, .moved = false, .handle = *nearest, .view = view};
    return true;
}

}  // namespace huntsman::apps::editor
