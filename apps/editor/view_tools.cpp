#include "apps/editor/view_tools.h"

#include <algorithm>
#include <cmath>

#include "engine/math/constants.h"
#include "engine/math/geometry.h"
#include "engine/world/boxes.h"

namespace huntsman::apps::editor {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using nlohmann::json;
namespace edit = scenarios::edit;

namespace {

constexpr double kDegree = engine::math::kPi / 180;
constexpr double kSnapReach_m = 2.0;
constexpr double kStart_m = 0.05;  // the pointer has moved on purpose

double degrees(double rad) { return std::round(rad / kDegree * 100) / 100; }

// Who keeps to lanes: people and things stand where they are put.
bool keeps_to_lanes(const Ui& ui, const std::string& entity, ActorId id) {
    for (const auto& actor : ui.editor.analysis().outline.actors) {
        if (actor.name == entity) return actor.kind == "vehicle";
    }
    const auto& moment = ui.editor.moment();
    const auto* state = moment ? moment->state.find(id) : nullptr;
    return state != nullptr &&
           engine::world::is_vehicle(moment->world->archetypes[state->archetype].semantic);
}

}  // namespace

double centimetres(double m) { return std::round(m * 100) / 100; }

std::optional<edit::SnappedPlace> snapped(const Ui& ui, const Vec3& p_W) {
    const auto& snapping = ui.editor.analysis().snapping;
    if (!snapping || !ui.editor.view().snap || ImGui::GetIO().KeyAlt) return {};
    return snapping->to_lane(engine::math::xy(p_W), {}, kSnapReach_m);
}

std::string place_in_words(const Ui& ui, const Vec3& p_W) {
    constexpr double kReach_m = 2.5;
    const auto& snapping = ui.editor.analysis().snapping;
    if (!snapping) return {};
    const auto on = snapping->on_road(engine::math::xy(p_W), kReach_m);
    if (!on || on->road.empty()) return {};
    return fmt::format("road {}, lane {}, s {:.1f} m, t {:.1f} m", on->road, on->lane, on->s_m,
                       on->t_m);
}

std::optional<BodyBox> body_of(const bridge::live::Moment& moment, ActorId id) {
    if (const auto* actor = moment.state.find(id)) {
        const auto& extent = moment.world->archetypes[actor->archetype].extent;
        return BodyBox{engine::world::footprint(extent, actor->X_WB), actor->X_WB.p.z,
                       extent.height_m};
    }
    const auto& objects = moment.world->objects;
    const auto found = std::ranges::lower_bound(objects, id, {}, &engine::world::StaticObject::id);
    if (found == objects.end() || found->id != id) return {};
    return BodyBox{engine::world::footprint(found->extent, found->X_WB), found->X_WB.p.z,
                   found->extent.height_m};
}

bool add_actor(Ui& ui, const std::string& kind, const Vec3& p_W) {
    const auto& kinds = edit::actor_kinds();
    const auto found = std::ranges::find(kinds, kind, &edit::ActorKindInfo::name);
    json command{{"do", "add_actor"}, {"kind", kind}};
    Vec3 p = p_W;
    if (found != kinds.end() && found->group == "vehicles") {
        if (const auto on = snapped(ui, p_W)) {
            p = on->p_W;
            command["heading_deg"] = degrees(on->heading_rad);
        }
    }
    command["x"] = centimetres(p.x);
    command["y"] = centimetres(p.y);
    ui.layout.right_tab = "Properties";
    return ui.act(command);
}

std::string dropped_kind() {
    std::string kind;
    if (!ImGui::BeginDragDropTarget()) return kind;
    if (const ImGuiPayload* dropped = ImGui::AcceptDragDropPayload(kKindPayload)) {
        kind.assign(static_cast<const char*>(dropped->Data),
                    static_cast<std::size_t>(dropped->DataSize));
    }
    ImGui::EndDragDropTarget();
    return kind;
}

void click_place(Ui& ui, const Vec3& p_W, ActorId id) {
    Editor& editor = ui.editor;
    ViewState& view = editor.view();
    Vec3 p = p_W;
    json heading;
    switch (view.tool) {
        case Tool::kSelect: {
            const std::string entity = editor.entity_of(id);
            if (!entity.empty()) {
                json actors = json::array();
                if (ImGui::GetIO().KeyCtrl || ImGui::GetIO().KeyShift) {
                    for (const auto& name : editor.selection().actors) {
                        if (name != entity) actors.push_back(name);
                    }
                }
                actors.push_back(entity);
                ui.act({{"do", "select"}, {"actors", actors}});
            } else {
                ui.act({{"do", "select"}, {"generated", id}});
            }
            ui.layout.right_tab = "Properties";
            return;
        }
        case Tool::kAdd:
            if (add_actor(ui, view.tool_kind, p_W) && !ImGui::GetIO().KeyShift) {
                ui.act({{"do", "tool"}, {"tool", "select"}});
            }
            return;
        case Tool::kTrajectory:
        case Tool::kRoute:
            if (const auto on = snapped(ui, p_W)) p = on->p_W;
            view.drawn_W.emplace_back(centimetres(p.x), centimetres(p.y));
            return;
        case Tool::kSituation:
            if (ui.act({{"do", "place_situation"},
                        {"name", view.tool_situation},
                        {"x", centimetres(p.x)},
                        {"y", centimetres(p.y)}})) {
                ui.act({{"do", "tool"}, {"tool", "select"}});
            }
            return;
    }
}

void begin_drag(Ui& ui, ActorId id, const std::string& entity, const Vec3& pointer_W) {
    const auto& moment = ui.editor.moment();
    ui.drag = {};
    if (!moment || ui.editor.view().tool != Tool::kSelect) return;
    Vec3 origin = pointer_W;
    double heading = 0;
    if (const auto* state = moment->state.find(id)) {
        origin = state->X_WB.p;
        heading = state->X_WB.yaw_rad();
    } else if (id >= engine::world::kFirstStaticObject) {
        const auto& objects = moment->world->objects;
        const auto found =
            std::ranges::lower_bound(objects, id, {}, &engine::world::StaticObject::id);
        // Houses and poles stay where they are; parked vehicles can be taken over.
        if (found == objects.end() || found->id != id || !found->labelled) return;
        origin = found->X_WB.p;
        heading = found->X_WB.yaw_rad();
    } else if (entity.empty()) {
        return;
    }
    ui.drag = {.active = true,
               .entity = entity,
               .actor = id,
               .grip_W = origin - pointer_W,
               .to_W = origin,
               .heading_rad = heading,
               .in_run = ui.editor.status().shown_tick > 0};
    if (const auto on = snapped(ui, origin)) {
        const double turn = std::remainder(heading - on->heading_rad, 2 * engine::math::kPi);
        ui.drag.against = std::abs(turn) > 0.6 * engine::math::kPi;
    }
}

void drag_to(Ui& ui, const Vec3& pointer_W) {
    ActorDrag& drag = ui.drag;
    if (!drag.active) return;
    Vec3 p = pointer_W + drag.grip_W;
    if (!drag.moved && glm::length(engine::math::xy(p - drag.to_W)) < kStart_m) return;
    if (keeps_to_lanes(ui, drag.entity, drag.actor)) {
        if (const auto on = snapped(ui, p)) {
            p = on->p_W;
            // The way the lane goes; who drove against it does so still.
            drag.heading_rad = on->heading_rad + (drag.against ? engine::math::kPi : 0);
        }
    }
    drag.moved = true;
    drag.to_W = p;
    if (drag.in_run) return;
    json command{{"x", centimetres(p.x)},
                 {"y", centimetres(p.y)},
                 {"heading_deg", degrees(std::remainder(drag.heading_rad, 2 * engine::math::kPi))}};
    if (drag.entity.empty()) {
        command["do"] = "take_over";
        command["id"] = drag.actor;
        if (!ui.act(command)) {
            drag = {};
            return;
        }
        if (!ui.editor.selection().actors.empty()) {
            drag.entity = ui.editor.selection().actors.front();
        }
        ui.editor.notify(Notice::Kind::kInfo,
                         "the actor now belongs to the story; others may react to it differently");
        return;
    }
    command["do"] = "move";
    command["actor"] = drag.entity;
    if (!ui.act(command)) drag = {};
}

void end_drag(Ui& ui) {
    const ActorDrag drag = ui.drag;
    ui.drag.active = false;
    if (!drag.active || !drag.moved || !drag.in_run) return;
    json moved{{"actor", drag.actor},
               {"x", centimetres(drag.to_W.x)},
               {"y", centimetres(drag.to_W.y)},
               {"heading_deg", degrees(drag.heading_rad)}};
    ui.act({{"do", "fork"}, {"moved", json::array({moved})}});
    ui.editor.notify(
        Notice::Kind::kInfo,
        "the run goes on from here with the actor moved; go to the start to move where "
        "it begins");
}

void finish_drawing(Ui& ui) {
    ViewState& view = ui.editor.view();
    const auto& actors = ui.editor.selection().actors;
    if (view.tool != Tool::kTrajectory && view.tool != Tool::kRoute) return;
    if (actors.empty()) {
        ui.editor.notify(Notice::Kind::kWarning, "select the actor first that is to follow it");
        return;
    }
    json points = json::array();
    for (const Vec2& p : view.drawn_W) points.push_back({p.x, p.y});
    const char* command = view.tool == Tool::kRoute ? "draw_route" : "draw_trajectory";
    if (ui.act({{"do", command}, {"actor", actors.front()}, {"points", points}})) {
        ui.act({{"do", "tool"}, {"tool", "select"}});
    }
}

}  // namespace huntsman::apps::editor
