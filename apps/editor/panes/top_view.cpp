// The map from above: actors, paths, triggers, minds, and what the pointer does there.
#include <algorithm>
#include <cmath>

#include "apps/editor/panes/map_sheet.h"
#include "apps/editor/ui.h"
#include "apps/editor/view_tools.h"
#include "engine/math/constants.h"
#include "engine/world/boxes.h"

namespace huntsman::apps::editor {

using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using nlohmann::json;
namespace live = bridge::live;

namespace {

ViewMap map_of(const MapScale& scale) {
    return {[scale](const Vec3& p) { return std::optional(scale.at(p)); },
            [scale](const ImVec2& p, double z) { return std::optional(Vec3(scale.place(p), z)); }};
}

// ---- Actors

ImVec4 colour_of(const Ui& ui, const engine::world::World& world,
                 const engine::world::ActorState& actor) {
    if (actor.id == engine::world::kEgo) return colour::kEgo;
    if (!ui.editor.entity_of(actor.id).empty()) return colour::kStory;
    return engine::world::is_person(world.archetypes[actor.archetype].semantic) ? colour::kPeople
                                                                                : colour::kTraffic;
}

void draw_box(const Sheet& sheet, const engine::math::Box2& box, ImU32 fill, ImU32 rim,
              float width) {
    const auto corners = box.corners();
    std::array<ImVec2, 4> points;
    for (std::size_t i = 0; i < 4; ++i) points[i] = sheet.at(corners[i]);
    if (fill != 0) sheet.list.AddConvexPolyFilled(points.data(), 4, fill);
    if (rim != 0) sheet.list.AddPolyline(points.data(), 4, rim, ImDrawFlags_Closed, width);
    // The front as a line across.
    const Vec2 ahead(std::cos(box.yaw_rad), std::sin(box.yaw_rad));
    const Vec2 side(-ahead.y, ahead.x);
    const Vec2 nose = box.centre + 0.55 * box.half.x * ahead;
    if (sheet.px(box.half.y) > 3) {
        sheet.list.AddLine(sheet.at(nose + 0.8 * box.half.y * side),
                           sheet.at(nose - 0.8 * box.half.y * side), IM_COL32(15, 16, 18, 200),
                           sheet.ui.px(1.5F));
    }
}

// Above a place; higher where another label is already.
void draw_label(Sheet& sheet, const ImVec2& at, const std::string& words, ImU32 tint) {
    Ui& ui = sheet.ui;
    if (ui.fonts.small == nullptr) return;
    const float height = ui.fonts.small->FontSize;
    const ImVec2 extent = ui.fonts.small->CalcTextSizeA(height, FLT_MAX, 0, words.c_str());
    ImVec2 low(at.x - 0.5F * extent.x, at.y - extent.y - ui.px(8));
    const auto covered = [&](const ImVec4& label) {
        return low.x < label.z && low.x + extent.x > label.x && low.y < label.w &&
               low.y + extent.y > label.y;
    };
    for (int i = 0; i < 6 && std::ranges::any_of(sheet.labels, covered); ++i) {
        low.y -= extent.y + ui.px(3);
    }
    sheet.labels.emplace_back(low.x - ui.px(3), low.y - ui.px(1), low.x + extent.x + ui.px(3),
                              low.y + extent.y + ui.px(1));
    sheet.list.AddRectFilled(ImVec2(low.x - ui.px(3), low.y - ui.px(1)),
                             ImVec2(low.x + extent.x + ui.px(3), low.y + extent.y + ui.px(1)),
                             IM_COL32(18, 19, 21, 200), ui.px(3));
    sheet.list.AddText(ui.fonts.small, height, low, tint, words.c_str());
}

void draw_parked(const Sheet& sheet, const engine::world::World& world, ActorId selected) {
    for (const auto& object : world.objects) {
        if (!object.labelled) continue;
        const auto box = engine::world::footprint(object.extent, object.X_WB);
        const bool chosen = object.id == selected;
        draw_box(sheet, box, IM_COL32(104, 108, 114, 255),
                 chosen ? colour::packed(colour::kAccent) : 0, sheet.ui.px(2));
    }
}

void draw_actors(Sheet& sheet, const live::Moment& moment) {
    Ui& ui = sheet.ui;
    const Selection& selection = ui.editor.selection();
    for (const auto& actor : moment.state.actors) {
        const ImVec4 tint = colour_of(ui, *moment.world, actor);
        auto box =
            engine::world::footprint(moment.world->archetypes[actor.archetype].extent, actor.X_WB);
        // Nobody is smaller than can be clicked.
        const double least = 3.5 * static_cast<double>(ui.scale) * sheet.metres_per_px;
        box.half = glm::max(box.half, Vec2(least, least));
        const std::string entity = ui.editor.entity_of(actor.id);
        const bool chosen =
            actor.id == selection.generated || (!entity.empty() && selection.has(entity));
        draw_box(sheet, box, colour::packed(tint),
                 chosen ? IM_COL32(255, 255, 255, 255) : IM_COL32(0, 0, 0, 120),
                 sheet.ui.px(chosen ? 2.0F : 1.0F));
        if (!ui.editor.view().top.names) continue;
        if (actor.id == engine::world::kEgo) {
            draw_label(sheet, sheet.at(box.centre), "ego", colour::packed(colour::kEgo));
        } else if (!entity.empty()) {
            draw_label(sheet, sheet.at(box.centre), entity,
                       colour::packed(chosen ? colour::kText : colour::kStory));
        }
    }
}

// ---- Story: where actors begin, their routes and trajectories, triggers

void draw_path(const Sheet& sheet, const std::vector<Vec3>& points, ImU32 tint) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        sheet.list.AddLine(sheet.at(points[i - 1]), sheet.at(points[i]), tint, sheet.ui.px(2));
    }
}

void draw_story(Sheet& sheet) {
    Ui& ui = sheet.ui;
    const auto& outline = ui.editor.analysis().outline;
    const TopView& top = ui.editor.view().top;
    const bool later = ui.editor.status().shown_tick > 0;
    for (const auto& actor : outline.actors) {
        const bool chosen = ui.editor.selection().has(actor.name);
        const ImVec4 base = actor.is_ego ? colour::kEgo : colour::kStory;
        if (top.paths) {
            // The ego's way is drawn along its lanes.
            if (!actor.is_ego) {
                draw_path(sheet, actor.route_W, colour::packed(base, chosen ? 0.9F : 0.4F));
            }
            for (const auto& trajectory : actor.trajectories) {
                draw_path(sheet, trajectory.points_W, colour::packed(base, chosen ? 0.9F : 0.5F));
            }
        }
        if (!later || !actor.p_W || actor.length_m <= 0) continue;
        // Where it begins, while the run has gone on.
        const engine::math::Box2 start{
            engine::math::xy(*actor.p_W) +
                actor.centre_x_m * Vec2(std::cos(actor.heading_rad), std::sin(actor.heading_rad)),
            actor.heading_rad, Vec2(0.5 * actor.length_m, 0.5 * actor.width_m)};
        draw_box(sheet, start, 0, colour::packed(base, 0.6F), sheet.ui.px(1.2F));
    }
    if (!top.triggers) return;
    for (const auto& event : outline.events) {
        if (!event.p_W) continue;
        const ImVec2 at = sheet.at(*event.p_W);
        const float radius = std::max(sheet.ui.px(5), sheet.px(event.radius_m));
        sheet.list.AddCircleFilled(at, radius, IM_COL32(200, 140, 245, 36), 32);
        sheet.list.AddCircle(at, radius, colour::packed(colour::kOther, 0.8F), 32,
                             sheet.ui.px(1.4F));
        if (top.names) draw_label(sheet, at, event.name, colour::packed(colour::kOther));
    }
}

// ---- Minds

void draw_gaze(const Sheet& sheet, const engine::world::ActorState& actor, double gaze_rad) {
    const Vec2 from = engine::math::xy(actor.X_WB.p);
    constexpr double kReach_m = 7, kHalf_rad = 0.5;
    std::array<ImVec2, 3> fan{sheet.at(from),
                              sheet.at(from + kReach_m * Vec2(std::cos(gaze_rad - kHalf_rad),
                                                              std::sin(gaze_rad - kHalf_rad))),
                              sheet.at(from + kReach_m * Vec2(std::cos(gaze_rad + kHalf_rad),
                                                              std::sin(gaze_rad + kHalf_rad)))};
    sheet.list.AddConvexPolyFilled(fan.data(), 3, IM_COL32(255, 255, 255, 22));
}

// Where an actor believes others to be.
void draw_beliefs(Sheet& sheet, const live::Moment& moment,
                  const engine::world::ActorState& believer) {
    for (const auto& track : believer.mind.beliefs.tracks) {
        if (track.archetype >= moment.world->archetypes.size()) continue;
        const auto box = engine::world::footprint(moment.world->archetypes[track.archetype].extent,
                                                  engine::math::upright(track.p_W, track.yaw_rad));
        const float alpha = track.unseen_s > 0.2 ? 0.5F : 0.9F;
        draw_box(sheet, box, 0, colour::packed(colour::kOther, alpha), sheet.ui.px(1.4F));
        if (track.unseen_s > 0.5) {
            draw_label(sheet, sheet.at(box.centre), fmt::format("unseen {:.1f} s", track.unseen_s),
                       colour::packed(colour::kOther));
        }
    }
}

void draw_minds(Sheet& sheet, const live::Moment& moment) {
    Ui& ui = sheet.ui;
    if (sheet.metres_per_px < 0.6) {
        for (const auto& actor : moment.state.actors) {
            if (actor.id == engine::world::kEgo) continue;
            std::visit([&](const auto& own) { draw_gaze(sheet, actor, own.gaze_rad); },
                       actor.mind.own);
        }
    }
    const Selection& selection = ui.editor.selection();
    ActorId id = selection.generated;
    if (!selection.actors.empty()) id = ui.editor.actor_of(selection.actors.front());
    if (const auto* actor = moment.state.find(id); actor != nullptr && id != engine::world::kEgo) {
        draw_beliefs(sheet, moment, *actor);
    }
}

// ---- The driver: its plan and what it perceives; the other future

void draw_driver(const Sheet& sheet, const live::Moment& moment) {
    if (moment.state.actors.empty()) return;
    const auto& X_WB = moment.state.actors.front().X_WB;
    if (moment.action.has_trajectory()) {
        std::vector<Vec3> points{X_WB.p};
        for (const auto& p : moment.action.trajectory().points()) {
            points.push_back(X_WB * Vec3(p.x_m(), p.y_m(), 0));
        }
        draw_path(sheet, points, colour::packed(colour::kGood));
    }
    if (!sheet.ui.editor.view().perceived) return;
    for (const auto& object : moment.perceived().objects()) {
        const Vec3 centre = X_WB * Vec3(object.x_m(), object.y_m(), 0);
        const engine::math::Box2 box{engine::math::xy(centre), X_WB.yaw_rad() + object.yaw_rad(),
                                     Vec2(0.5 * object.length_m(), 0.5 * object.width_m())};
        draw_box(sheet, box, 0, colour::packed(colour::kGood), sheet.ui.px(2));
    }
}

void draw_futures(const Sheet& sheet, const live::Moment& moment) {
    const auto path = [&](const live::Moments& moments, const ImVec4& tint) {
        const live::Moment* last = nullptr;
        for (const auto& one : moments) {
            if (one->state.actors.empty() || !one->at_frame) continue;
            if (last != nullptr) {
                sheet.list.AddLine(sheet.at(last->state.actors.front().X_WB.p),
                                   sheet.at(one->state.actors.front().X_WB.p),
                                   colour::packed(tint, 0.8F), sheet.ui.px(1.6F));
            }
            last = one.get();
        }
    };
    path(*sheet.ui.editor.run().moments(), colour::kEgo);
    const auto other = sheet.ui.editor.run().other();
    if (!other || !sheet.ui.editor.view().compare) return;
    path(*other->moments, colour::kOther);
    // Where the other ego is at the shown moment.
    if (const auto there = live::moment_at(*other->moments, moment.tick)) {
        if (there->state.actors.empty()) return;
        const auto& ego = there->state.actors.front();
        draw_box(sheet,
                 engine::world::footprint(there->world->archetypes[ego.archetype].extent, ego.X_WB),
                 0, colour::packed(colour::kOther), sheet.ui.px(2));
    }
}

// ---- The pointer

ActorId actor_at(const Sheet& sheet, const live::Moment& moment, const Vec2& p) {
    const double reach = 4 * static_cast<double>(sheet.ui.scale) * sheet.metres_per_px;
    ActorId best = engine::world::kNoActor;
    double least = reach;
    const auto look = [&](ActorId id, const engine::math::Box2& box) {
        const double distance =
            engine::math::distance(box, {.centre = p, .yaw_rad = 0, .half = Vec2(1e-6, 1e-6)});
        if (distance < least) {
            least = distance;
            best = id;
        }
    };
    for (const auto& actor : moment.state.actors) {
        look(actor.id, engine::world::footprint(moment.world->archetypes[actor.archetype].extent,
                                                actor.X_WB));
    }
    if (best != engine::world::kNoActor) return best;
    for (const auto& object : moment.world->objects) {
        if (object.labelled) look(object.id, engine::world::footprint(object.extent, object.X_WB));
    }
    return best;
}

// A click on a signal shows its programme.
bool click_signal(Sheet& sheet, const live::Moment& moment) {
    Ui& ui = sheet.ui;
    if (sheet.metres_per_px > kSignalsUpTo || ui.editor.view().tool != Tool::kSelect) return false;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    for (const auto& head : moment.world->roads.signal_heads) {
        const ImVec2 at = sheet.at(head.p);
        if (std::hypot(at.x - mouse.x, at.y - mouse.y) > ui.px(6)) continue;
        const auto& groups = moment.world->roads.signal_groups;
        if (head.group >= groups.size()) continue;
        ui.layout.right_tab = "Properties";
        return ui.act(
            {{"do", "select"}, {"group", signal_group(ui.editor, groups[head.group].junction)}});
    }
    return false;
}

void point(Sheet& sheet, bool hovered, bool on_handle) {
    Ui& ui = sheet.ui;
    TopView& top = ui.editor.view().top;
    const ImGuiIO& io = ImGui::GetIO();
    const auto& moment = ui.editor.moment();
    const bool pans = ImGui::IsItemActive() && (ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0) ||
                                                ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0));
    if (pans) {
        top.centre_W -=
            Vec2(static_cast<double>(io.MouseDelta.x), -static_cast<double>(io.MouseDelta.y)) *
            top.metres_per_px;
    }
    if (hovered && io.MouseWheel != 0) {
        // The place under the pointer stays.
        const Vec2 before = sheet.place(io.MousePos);
        top.metres_per_px = std::clamp(
            top.metres_per_px * std::pow(0.85, static_cast<double>(io.MouseWheel)), 0.01, 8.0);
        sheet.metres_per_px = top.metres_per_px;
        top.centre_W += before - sheet.place(io.MousePos);
    }
    if (!moment) return;
    const Vec2 p = sheet.place(io.MousePos);
    const double z = ui.drag.active ? ui.drag.to_W.z : 0;
    if (ui.drag.active && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        drag_to(ui, Vec3(p, z));
        return;
    }
    if (!hovered) return;
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !on_handle) {
        const ActorId actor = actor_at(sheet, *moment, p);
        if (actor != engine::world::kNoActor || !click_signal(sheet, *moment)) {
            click_place(ui, Vec3(p, 0), actor);
        }
        if (actor != engine::world::kNoActor) {
            begin_drag(ui, actor, ui.editor.entity_of(actor), Vec3(p, 0));
        }
    }
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) finish_drawing(ui);
    // Where the pointer is, in the corner.
    std::string words = fmt::format("{:.1f}, {:.1f}", p.x, p.y);
    const std::string on = place_in_words(ui, Vec3(p, 0));
    if (!on.empty()) words += "   " + on;
    const ImVec2 extent = ImGui::CalcTextSize(words.c_str());
    sheet.list.AddText(ImVec2(sheet.low.x + sheet.size.x - extent.x - ui.px(10),
                              sheet.low.y + sheet.size.y - extent.y - ui.px(6)),
                       colour::packed(colour::kFaint), words.c_str());
}

void draw_drawing(const Sheet& sheet, bool hovered) {
    const ViewState& view = sheet.ui.editor.view();
    const ImU32 tint = colour::packed(colour::kAccent);
    for (std::size_t i = 0; i < view.drawn_W.size(); ++i) {
        const ImVec2 at = sheet.at(view.drawn_W[i]);
        if (i > 0) sheet.list.AddLine(sheet.at(view.drawn_W[i - 1]), at, tint, sheet.ui.px(2));
        sheet.list.AddCircleFilled(at, sheet.ui.px(4), tint, 12);
    }
    if (hovered && !view.drawn_W.empty()) {
        sheet.list.AddLine(sheet.at(view.drawn_W.back()), ImGui::GetIO().MousePos,
                           colour::packed(colour::kAccent, 0.5F), sheet.ui.px(1.5F));
    }
    const char* hint = view.tool == Tool::kAdd ? "Click where the actor starts (Shift: several)"
                       : view.tool == Tool::kSituation
                           ? "Click near where the situation shall happen"
                       : view.tool == Tool::kTrajectory || view.tool == Tool::kRoute
                           ? "Click points; Enter or a double-click ends, Escape drops them"
                           : nullptr;
    if (hint == nullptr) return;
    const ImVec2 extent = ImGui::CalcTextSize(hint);
    const ImVec2 low(sheet.low.x + 0.5F * (sheet.size.x - extent.x), sheet.low.y + sheet.ui.px(10));
    sheet.list.AddRectFilled(
        ImVec2(low.x - sheet.ui.px(10), low.y - sheet.ui.px(5)),
        ImVec2(low.x + extent.x + sheet.ui.px(10), low.y + extent.y + sheet.ui.px(5)),
        IM_COL32(20, 21, 23, 225), sheet.ui.px(5));
    sheet.list.AddText(low, tint, hint);
}

// The ego with the road ahead, and those of the story that are not far.
void fit(Ui& ui, const live::Moment& moment, const ImVec2& size) {
    constexpr double kFar_m = 200, kLeast_m = 90, kMargin = 1.25;
    TopView& top = ui.editor.view().top;
    const auto& ego = moment.state.actors.front().X_WB;
    Vec2 low = engine::math::xy(ego.p), high = low;
    const auto take = [&](const Vec2& p) {
        if (glm::length(p - engine::math::xy(ego.p)) > kFar_m) return;
        low = glm::min(low, p);
        high = glm::max(high, p);
    };
    take(engine::math::xy(ego * Vec3(30, 0, 0)));
    if (moment.state.story) {
        for (const auto& entity : moment.state.story->entities) {
            if (const auto* actor = moment.state.find(entity.actor)) {
                take(engine::math::xy(actor->X_WB.p));
            }
        }
    }
    const Vec2 extent = glm::max(kMargin * (high - low), Vec2(kLeast_m, 0.5 * kLeast_m));
    top.centre_W = 0.5 * (low + high);
    top.metres_per_px = std::max(extent.x / static_cast<double>(std::max(size.x, 100.0F)),
                                 extent.y / static_cast<double>(std::max(size.y, 100.0F)));
    top.fitted = true;
}

}  // namespace

void draw_top_view(Ui& ui, const ImVec2& size) {
    TopView& top = ui.editor.view().top;
    const auto& moment = ui.editor.moment();
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("map", size,
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                               ImGuiButtonFlags_MouseButtonMiddle);
    ui.mark("top");
    const std::string dropped = dropped_kind();
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 high(low.x + size.x, low.y + size.y);
    list.AddRectFilled(low, high, IM_COL32(38, 42, 40, 255));
    if (!moment) return;
    if (!top.fitted && !moment->state.actors.empty()) {
        fit(ui, *moment, size);
    }
    if (!ui.map_cache || ui.map_cache->world != moment->world.get()) {
        ui.map_cache = make_map_cache(*moment->world);
    }
    Sheet sheet{{low, size, top.centre_W, top.metres_per_px}, ui, list};
    if (!dropped.empty()) add_actor(ui, dropped, Vec3(sheet.place(ImGui::GetIO().MousePos), 0));
    list.PushClipRect(low, high, true);
    draw_roads(sheet, *ui.map_cache);
    draw_crossings(sheet, *moment->world);
    if (top.grid) draw_grid(sheet);
    if (top.paths) draw_route(sheet, *moment->world);
    draw_parked(sheet, *moment->world, ui.editor.selection().generated);
    if (top.paths) draw_futures(sheet, *moment);
    if (top.minds) draw_minds(sheet, *moment);
    draw_story(sheet);
    draw_actors(sheet, *moment);
    draw_driver(sheet, *moment);
    draw_signals(sheet, *moment);
    if (ui.drag.active && ui.drag.moved) {
        sheet.list.AddCircle(sheet.at(ui.drag.to_W), ui.px(10), colour::packed(colour::kAccent), 24,
                             ui.px(2));
    }
    draw_scale(sheet);
    draw_drawing(sheet, hovered);
    ui.maps["top"] = map_of(sheet);
    const bool on_handle = use_handles(ui, list, "top", ui.maps["top"], hovered);
    point(sheet, hovered, on_handle);
    list.PopClipRect();
}

}  // namespace huntsman::apps::editor
