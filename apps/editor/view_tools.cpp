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

namespace {

constexpr double kDegree = engine::math::kPi / 180;
constexpr double kSnapReach_m = 2.0;
constexpr double kStart_m = 0.05;  // the pointer has moved on purpose

double degrees(double rad) { return std::round(rad / kDegree * 100) / 100; }
double centimetres(double m) { return std::round(m * 100) / 100; }

bool snaps(const Ui& ui) { return ui.editor.view().snap && !ImGui::GetIO().KeyAlt; }

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

std::optional<Snapped> snap(const engine::world::World& world, const Vec3& p_W, double reach_m) {
    std::optional<Snapped> best;
    double least = reach_m;
    for (const auto& lane : world.roads.lanes) {
        if (lane.kind != engine::world::LaneKind::kDriving) continue;
        for (std::size_t i = 0; i + 1 < lane.samples.size(); ++i) {
            const auto& a = lane.samples[i];
            const auto& b = lane.samples[i + 1];
            const Vec2 along = engine::math::xy(b.p - a.p);
            const double length2 = glm::dot(along, along);
            if (length2 < 1e-9) continue;
            const Vec2 from = engine::math::xy(p_W - a.p);
            const double share = std::clamp(glm::dot(from, along) / length2, 0.0, 1.0);
            const double distance = glm::length(from - share * along);
            if (distance >= least) continue;
            least = distance;
            const Vec3 p = a.p + share * (b.p - a.p);
            best = Snapped{.p_W = p,
                           .heading_rad = std::atan2(along.y, along.x),
                           .s_m = a.s_m + share * (b.s_m - a.s_m),
                           .lane_width_m = a.width_m,
                           .lane = lane.id};
        }
    }
    return best;
}

std::string place_in_words(const engine::world::World& world, const Vec3& p_W) {
    const auto on = snap(world, p_W, 2.5);
    if (!on) return {};
    const auto& lane = world.roads.lanes[on->lane];
    if (lane.road == engine::world::kNone || lane.road >= world.road_model.roads.size()) return {};
    return fmt::format("road {}, lane {}", world.road_model.roads[lane.road].id, lane.model_lane);
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

void click_place(Ui& ui, const Vec3& p_W, ActorId id) {
    Editor& editor = ui.editor;
    ViewState& view = editor.view();
    Vec3 p = p_W;
    json heading;
    std::optional<Snapped> on;
    if (editor.moment() && snaps(ui)) on = snap(*editor.moment()->world, p_W, kSnapReach_m);
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
        case Tool::kAdd: {
            const auto& kinds = scenarios::edit::actor_kinds();
            const auto kind =
                std::ranges::find(kinds, view.tool_kind, &scenarios::edit::ActorKindInfo::name);
            json command{{"do", "add_actor"}, {"kind", view.tool_kind}};
            if (on && kind != kinds.end() && kind->group == "vehicles") {
                p = on->p_W;
                command["heading_deg"] = degrees(on->heading_rad);
            }
            command["x"] = centimetres(p.x);
            command["y"] = centimetres(p.y);
            if (ui.act(command) && !ImGui::GetIO().KeyShift) {
                ui.act({{"do", "tool"}, {"tool", "select"}});
            }
            ui.layout.right_tab = "Properties";
            return;
        }
        case Tool::kTrajectory:
        case Tool::kRoute:
            if (on) p = on->p_W;
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
}

void drag_to(Ui& ui, const Vec3& pointer_W) {
    ActorDrag& drag = ui.drag;
    if (!drag.active) return;
    Vec3 p = pointer_W + drag.grip_W;
    if (!drag.moved && glm::length(engine::math::xy(p - drag.to_W)) < kStart_m) return;
    const auto& moment = ui.editor.moment();
    if (moment && snaps(ui) && keeps_to_lanes(ui, drag.entity, drag.actor)) {
        if (const auto on = snap(*moment->world, p, kSnapReach_m)) {
            p = on->p_W;
            // Along the lane, the way it faced.
            const double turn =
                std::remainder(on->heading_rad - drag.heading_rad, 2 * engine::math::kPi);
            drag.heading_rad = std::abs(turn) <= engine::math::kPi / 2
                                   ? on->heading_rad
                                   : on->heading_rad + engine::math::kPi;
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
