// The views in the middle: which ones, the world in perspective, and the ego's cameras.
#include <algorithm>
#include <cmath>

#include "apps/editor/ui.h"
#include "apps/editor/view_tools.h"
#include "engine/math/constants.h"
#include "engine/world/boxes.h"

namespace huntsman::apps::editor {

using engine::math::Vec2;
using engine::math::Vec3;
using nlohmann::json;
namespace live = bridge::live;
namespace overlay = sensors::overlay;

namespace {

constexpr double kFov_rad = 1.15;

struct LayerChoice {
    overlay::Layer layer;
    const char* label;
};
constexpr LayerChoice kLayerChoices[] = {{overlay::Layer::kBoxes3d, "3D boxes"},
                                         {overlay::Layer::kBoxes, "2D boxes"},
                                         {overlay::Layer::kSemantic, "Semantic classes"},
                                         {overlay::Layer::kInstance, "Instances"},
                                         {overlay::Layer::kDepth, "Depth"},
                                         {overlay::Layer::kNormals, "Normals"},
                                         {overlay::Layer::kFlow, "Optical flow"},
                                         {overlay::Layer::kKeypoints, "Key points"},
                                         {overlay::Layer::kLanes, "Lanes"},
                                         {overlay::Layer::kMarks, "Road marks"},
                                         {overlay::Layer::kSignals, "Signals"},
                                         {overlay::Layer::kSigns, "Signs"},
                                         {overlay::Layer::kMinds, "Minds"}};

void draw_label_menu(Ui& ui) {
    ViewState& view = ui.editor.view();
    const std::size_t count = view.layers.size() + (view.perceived ? 1 : 0);
    const std::string word = count == 0 ? fmt::format("{} Labels", icon::kEye)
                                        : fmt::format("{} Labels ({})", icon::kEye, count);
    if (ImGui::Button((word + "##labels").c_str())) ImGui::OpenPopup("labels popup");
    ui.mark("labels");
    tooltip("Labels drawn over the pictures");
    if (!ImGui::BeginPopup("labels popup")) return;
    for (const LayerChoice& choice : kLayerChoices) {
        const auto found = std::ranges::find(view.layers, choice.layer);
        bool on = found != view.layers.end();
        if (ImGui::Checkbox(choice.label, &on)) {
            if (on) {
                view.layers.push_back(choice.layer);
            } else {
                view.layers.erase(found);
            }
        }
        ui.mark(fmt::format("label:{}", overlay::name(choice.layer)));
    }
    ImGui::Separator();
    ImGui::Checkbox("What the driver perceives", &view.perceived);
    ui.mark("label:perceived");
    auto opacity = static_cast<float>(100 * view.opacity);
    ImGui::SetNextItemWidth(ui.px(140));
    if (ImGui::SliderFloat("Opacity", &opacity, 10, 100, "%.0f %%")) view.opacity = opacity / 100;
    if (count > 0 && ImGui::Button("None")) {
        view.layers.clear();
        view.perceived = false;
    }
    ImGui::EndPopup();
}

std::string name_of(const Ui& ui, engine::world::ActorId id) {
    if (id == engine::world::kEgo) return "the ego";
    const std::string entity = ui.editor.entity_of(id);
    return entity.empty() ? fmt::format("actor {}", id) : entity;
}

void draw_camera_menu(Ui& ui) {
    ViewState& view = ui.editor.view();
    constexpr const char* kNames[] = {"Orbit", "Fly", "Follow", "Eyes of"};
    const auto kind = static_cast<std::size_t>(view.camera);
    std::string label = kNames[kind];
    if (view.camera == CameraKind::kFollow || view.camera == CameraKind::kEyes) {
        label += " " + name_of(ui, view.follows);
    }
    ImGui::SetNextItemWidth(ui.px(150));
    if (ImGui::BeginCombo("##camera", label.c_str())) {
        const auto entry = [&](const char* word, CameraKind which, engine::world::ActorId actor) {
            if (ImGui::Selectable(word, view.camera == which && view.follows == actor)) {
                if (which == CameraKind::kFly && view.camera == CameraKind::kOrbit) {
                    view.flight = live::flight_of(view.orbit);
                }
                view.camera = which;
                view.follows = actor;
            }
            ui.mark(fmt::format("camera:{}", word));
        };
        entry("Orbit", CameraKind::kOrbit, view.follows);
        entry("Fly (W A S D)", CameraKind::kFly, view.follows);
        entry("Follow the ego", CameraKind::kFollow, engine::world::kEgo);
        entry("Eyes of the ego", CameraKind::kEyes, engine::world::kEgo);
        engine::world::ActorId selected = ui.editor.selection().generated;
        if (!ui.editor.selection().actors.empty()) {
            selected = ui.editor.actor_of(ui.editor.selection().actors.front());
        }
        if (selected > engine::world::kEgo && selected < engine::world::kFirstStaticObject) {
            ImGui::Separator();
            entry(fmt::format("Follow {}", name_of(ui, selected)).c_str(), CameraKind::kFollow,
                  selected);
            entry(fmt::format("Eyes of {}", name_of(ui, selected)).c_str(), CameraKind::kEyes,
                  selected);
        }
        ImGui::EndCombo();
    }
    ui.mark("camera");
}

void draw_view_bar(Ui& ui) {
    ViewState& view = ui.editor.view();
    ImGui::SetCursorPos({ImGui::GetCursorPosX() + ui.px(6), ImGui::GetCursorPosY() + ui.px(4)});
    const auto choice = [&](const char* word, const char* id, CentralView which) {
        const bool on = view.central == which;
        if (on) {
            ImGui::PushStyleColor(ImGuiCol_Text, colour::kAccent);
            ImGui::PushStyleColor(ImGuiCol_Button, ImVec4(0.98F, 0.62F, 0.15F, 0.20F));
        }
        if (ImGui::Button(word)) ui.act({{"do", "view"}, {"central", id}});
        if (on) ImGui::PopStyleColor(2);
        ui.mark(fmt::format("view:{}", id));
        ImGui::SameLine(0, ui.px(3));
    };
    choice("3D + map", "split", CentralView::kSplit);
    choice("3D", "perspective", CentralView::kPerspective);
    choice("Map", "top", CentralView::kTop);
    choice("Cameras", "cameras", CentralView::kCameras);
    ImGui::SameLine(0, ui.px(14));
    if (view.central != CentralView::kTop) draw_label_menu(ui);
    if (view.central == CentralView::kSplit || view.central == CentralView::kPerspective) {
        ImGui::SameLine();
        draw_camera_menu(ui);
    }
    if (view.central == CentralView::kCameras) {
        ImGui::SameLine();
        ImGui::Checkbox("Lens and sensor", &view.lens);
        ui.mark("lens");
        tooltip(
            "Pictures through each camera's lens and image sensor, as the driver gets them; "
            "else without distortion, which is faster");
    }
    if (view.central == CentralView::kTop || view.central == CentralView::kSplit) {
        ImGui::SameLine();
        if (ImGui::Button(fmt::format("{} Map##map", icon::kMap).c_str())) {
            ImGui::OpenPopup("map popup");
        }
        ui.mark("map options");
        if (ImGui::BeginPopup("map popup")) {
            ImGui::Checkbox("Names", &view.top.names);
            ImGui::Checkbox("Paths and routes", &view.top.paths);
            ImGui::Checkbox("Triggers", &view.top.triggers);
            ImGui::Checkbox("Minds: gaze, beliefs, intentions", &view.top.minds);
            ImGui::Checkbox("Grid", &view.top.grid);
            ImGui::EndPopup();
        }
    }
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui.px(2));
}

// ---- Perspective

engine::math::RigidTransform camera_pose(Ui& ui) {
    ViewState& view = ui.editor.view();
    const auto& moment = ui.editor.moment();
    const engine::world::ActorState* actor = moment ? moment->state.find(view.follows) : nullptr;
    if (actor != nullptr && view.camera == CameraKind::kFollow) {
        return live::chase(*moment->world, *actor, view.chase_m);
    }
    if (actor != nullptr && view.camera == CameraKind::kEyes) {
        return live::own_eyes(*moment->world, *actor);
    }
    if (view.camera == CameraKind::kFly) return live::pose(view.flight);
    if (!view.orbit_placed && moment && !moment->state.actors.empty()) {
        const auto& ego = moment->state.actors.front();
        view.orbit = {.target_W = ego.X_WB * Vec3(8, 0, 1),
                      .yaw_rad = ego.X_WB.yaw_rad(),
                      .pitch_rad = -0.42,
                      .distance_m = 26};
        view.orbit_placed = true;
    }
    return live::pose(view.orbit);
}

void move_camera(Ui& ui, bool hovered, float height) {
    ViewState& view = ui.editor.view();
    const ImGuiIO& io = ImGui::GetIO();
    const double right = static_cast<double>(io.MouseDelta.x / height);
    const double down = static_cast<double>(io.MouseDelta.y / height);
    const bool turning = ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0) && ImGui::IsItemActive();
    const bool panning =
        ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0) && ImGui::IsItemActive();
    if ((turning || panning) && view.camera != CameraKind::kOrbit &&
        view.camera != CameraKind::kFly && ui.editor.moment()) {
        // Turning away from who is followed goes on as an orbit about it.
        if (const auto* actor = ui.editor.moment()->state.find(view.follows)) {
            view.orbit = {.target_W = actor->X_WB.p + Vec3(0, 0, 1),
                          .yaw_rad = actor->X_WB.yaw_rad(),
                          .pitch_rad = -0.3,
                          .distance_m = view.chase_m};
        }
        view.camera = CameraKind::kOrbit;
        view.orbit_placed = true;
    }
    const bool flies = view.camera == CameraKind::kFly;
    if (turning && flies) live::turn(view.flight, right, down);
    if (turning && !flies) live::turn(view.orbit, right, down);
    if (panning && !flies) live::pan(view.orbit, right, down, 0.7);
    if (hovered && io.MouseWheel != 0) {
        const auto steps = static_cast<double>(io.MouseWheel);
        if (flies) {
            live::move(view.flight, 2 * steps, 0, 0);
        } else if (view.camera == CameraKind::kFollow) {
            view.chase_m = std::clamp(view.chase_m * std::pow(0.85, steps), 3.0, 80.0);
        } else {
            live::zoom(view.orbit, steps);
        }
    }
    if (!flies || !hovered || io.WantTextInput || io.KeyCtrl) return;
    const double speed = (io.KeyShift ? 40.0 : 10.0) * static_cast<double>(io.DeltaTime);
    const auto held = [](char key) { return ImGui::IsKeyDown(key) ? 1.0 : 0.0; };
    live::move(view.flight, speed * (held('W') - held('S')), speed * (held('A') - held('D')),
               speed * (held('E') - held('Q')));
}

struct PictureRect {
    ImVec2 low, size;
    std::optional<ImVec2> at(const live::ViewPicture& picture, const Vec3& p_W) const {
        const auto share = live::place_in(picture, p_W);
        if (!share) return {};
        return ImVec2(low.x + static_cast<float>(share->x) * size.x,
                      low.y + static_cast<float>(share->y) * size.y);
    }
};

void outline_body(ImDrawList& list, const live::ViewPicture& picture, const PictureRect& rect,
                  const BodyBox& body, ImU32 colour, float width) {
    const auto corners = body.box.corners();
    std::array<std::optional<ImVec2>, 8> points;
    for (std::size_t i = 0; i < 4; ++i) {
        points[i] = rect.at(picture, Vec3(corners[i], body.z_m + 0.02));
        points[i + 4] = rect.at(picture, Vec3(corners[i], body.z_m + body.height_m));
    }
    const auto edge = [&](std::size_t a, std::size_t b) {
        if (points[a] && points[b]) list.AddLine(*points[a], *points[b], colour, width);
    };
    for (std::size_t i = 0; i < 4; ++i) {
        edge(i, (i + 1) % 4);
        edge(i + 4, (i + 1) % 4 + 4);
        edge(i, i + 4);
    }
}

// What is selected and who belongs to the story, over the picture.
void draw_perspective_marks(Ui& ui, const live::ViewPicture& picture, const PictureRect& rect) {
    const auto& moment = picture.moment;
    if (!moment) return;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Selection& selection = ui.editor.selection();
    for (const auto& name : selection.actors) {
        if (const auto body = body_of(*moment, ui.editor.actor_of(name))) {
            outline_body(list, picture, rect, *body, colour::packed(colour::kAccent), ui.px(1.6F));
        }
    }
    if (selection.generated != engine::world::kNoActor) {
        if (const auto body = body_of(*moment, selection.generated)) {
            outline_body(list, picture, rect, *body, colour::packed(colour::kText), ui.px(1.2F));
        }
    }
    if (!moment->state.story) return;
    for (const auto& entity : moment->state.story->entities) {
        if (!entity.present || entity.actor == engine::world::kEgo) continue;
        const auto body = body_of(*moment, entity.actor);
        if (!body) continue;
        const auto at = rect.at(picture, Vec3(body->box.centre, body->z_m + body->height_m + 0.35));
        const std::string name = ui.editor.entity_of(entity.actor);
        if (!at || name.empty() || ui.fonts.small == nullptr) continue;
        const ImVec2 size =
            ui.fonts.small->CalcTextSizeA(ui.fonts.small->FontSize, FLT_MAX, 0, name.c_str());
        const ImVec2 low(at->x - 0.5F * size.x, at->y - size.y);
        list.AddRectFilled(ImVec2(low.x - ui.px(4), low.y - ui.px(1)),
                           ImVec2(low.x + size.x + ui.px(4), low.y + size.y + ui.px(1)),
                           IM_COL32(20, 21, 23, 190), ui.px(3));
        list.AddText(ui.fonts.small, ui.fonts.small->FontSize, low,
                     colour::packed(selection.has(name) ? colour::kAccent : colour::kText),
                     name.c_str());
    }
}

// Where the pointer's ray meets the height of what is dragged.
std::optional<Vec3> on_plane(const live::ViewPicture& picture, double u, double v, double z) {
    const auto ray = live::ray_under(picture, u, v);
    if (!ray || std::abs(ray->z) < 1e-3) return {};
    const double t = (z - picture.X_WC.p.z) / ray->z;
    if (t <= 0 || t > 2000) return {};
    return picture.X_WC.p + t * *ray;
}

void point_in_perspective(Ui& ui, const live::ViewPicture& picture, const PictureRect& rect,
                          bool hovered, bool on_handle) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const double u = static_cast<double>((mouse.x - rect.low.x) / rect.size.x);
    const double v = static_cast<double>((mouse.y - rect.low.y) / rect.size.y);
    if (ui.drag.active && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        if (const auto p = on_plane(picture, u, v, ui.drag.to_W.z)) drag_to(ui, *p);
        return;
    }
    if (!hovered || on_handle || !ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;
    const auto actor = live::actor_under(picture, u, v);
    const auto place = live::place_under(picture, u, v);
    if (ui.editor.view().tool != Tool::kSelect) {
        if (place) click_place(ui, *place, actor);
        return;
    }
    click_place(ui, place.value_or(Vec3(0)), actor);
    if (actor == engine::world::kNoActor || !picture.moment) return;
    const auto body = body_of(*picture.moment, actor);
    if (!body) return;
    if (const auto p = on_plane(picture, u, v, body->z_m)) {
        begin_drag(ui, actor, ui.editor.entity_of(actor), *p);
    }
}

}  // namespace

void draw_perspective(Ui& ui, const ImVec2& size) {
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton("perspective", size,
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                               ImGuiButtonFlags_MouseButtonMiddle);
    ui.mark("perspective");
    const std::string dropped = dropped_kind();
    const bool hovered = ImGui::IsItemHovered();
    move_camera(ui, hovered, size.y);
    const ViewState& view = ui.editor.view();
    ui.wanted.push_back(
        {.id = kPerspectiveId,
         .X_WC = camera_pose(ui),
         .horizontal_fov_rad = kFov_rad,
         .camera = {},
         .width = std::max(16, static_cast<int>(size.x)),
         .height = std::max(16, static_cast<int>(size.y)),
         .without = view.camera == CameraKind::kEyes ? view.follows : engine::world::kNoActor,
         .layers = view.layers,
         .opacity = view.opacity,
         .perceived = view.perceived});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 high(low.x + size.x, low.y + size.y);
    void* texture = picture_texture(ui, kPerspectiveId);
    if (texture == nullptr || !ui.editor.moment()) {
        list.AddRectFilled(low, high, IM_COL32(28, 29, 31, 255));
        std::string words = "The world is being built";
        if (ui.editor.views() != nullptr && !ui.editor.views()->status().error.empty()) {
            words = ui.editor.views()->status().error;
        } else if (ui.editor.analysis_is_current() && !ui.editor.analysis().can_run) {
            words = "There is nothing to show until the errors listed under Problems are mended";
        }
        const float wrap = std::max(ui.px(60), size.x - ui.px(40));
        const ImVec2 extent = ImGui::CalcTextSize(words.c_str(), nullptr, false, wrap);
        list.AddText(ImGui::GetFont(), ImGui::GetFontSize(),
                     ImVec2(low.x + 0.5F * (size.x - extent.x), low.y + 0.5F * (size.y - extent.y)),
                     colour::packed(colour::kFaint), words.c_str(), nullptr, wrap);
        return;
    }
    list.AddImage(texture, low, high);
    const live::ViewPicture& picture = *ui.pictures.at(kPerspectiveId);
    const PictureRect rect{low, size};
    const auto shown = ui.pictures.at(kPerspectiveId);
    ui.maps["perspective"] = {[shown, rect](const Vec3& p) { return rect.at(*shown, p); },
                              [shown, rect](const ImVec2& p, double z) {
                                  return on_plane(
                                      *shown, static_cast<double>((p.x - rect.low.x) / rect.size.x),
                                      static_cast<double>((p.y - rect.low.y) / rect.size.y), z);
                              }};
    list.PushClipRect(low, high, true);
    draw_perspective_marks(ui, picture, rect);
    const bool on_handle = use_handles(ui, list, "perspective", ui.maps["perspective"], hovered);
    list.PopClipRect();
    point_in_perspective(ui, picture, rect, hovered, on_handle);
    if (dropped.empty()) return;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const auto place = live::place_under(*shown, static_cast<double>((mouse.x - low.x) / size.x),
                                         static_cast<double>((mouse.y - low.y) / size.y));
    if (place) add_actor(ui, dropped, *place);
}

// ---- Cameras

namespace {

void draw_camera(Ui& ui, std::size_t index, const std::string& name, const ImVec2& low,
                 const ImVec2& size) {
    ViewState& view = ui.editor.view();
    const auto id = kFirstCameraId + static_cast<std::uint32_t>(index);
    const bool plain = view.layers.empty() && !view.perceived;
    // What the driver was given is there already; other pictures are rendered.
    const auto taken = plain ? ui.editor.run().pictures() : nullptr;
    const bool given = taken && index < taken->size() && (*taken)[index].width > 0;
    if (!given)
        ui.wanted.push_back({.id = id,
                             .X_WC = {},
                             .camera = index,
                             .lens = view.lens,
                             .width = std::max(16, static_cast<int>(size.x)),
                             .height = std::max(16, static_cast<int>(size.y)),
                             .layers = view.layers,
                             .opacity = view.opacity,
                             .perceived = view.perceived});
    ImGui::SetCursorScreenPos(low);
    ImGui::InvisibleButton(fmt::format("camera {}", index).c_str(), size);
    ui.mark(fmt::format("picture:{}", name));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 high(low.x + size.x, low.y + size.y);
    list.AddRectFilled(low, high, IM_COL32(28, 29, 31, 255));
    void* texture = nullptr;
    float width = 1, height = 1;  // of the picture
    if (given) {
        const auto& image = (*taken)[index];
        texture = ui.gui->texture(fmt::format("camera {}", index),
                                  std::shared_ptr<const engine::core::Image>(taken, &image));
        width = static_cast<float>(image.width);
        height = static_cast<float>(image.height);
    } else if (const auto found = ui.pictures.find(id); found != ui.pictures.end()) {
        texture = picture_texture(ui, id);
        width = static_cast<float>(found->second->camera.width);
        height = static_cast<float>(found->second->camera.height);
    }
    if (texture != nullptr) {
        // Its own proportions, in the middle.
        const float share = std::min(size.x / width, size.y / height);
        const ImVec2 half(0.5F * share * width, 0.5F * share * height);
        const ImVec2 middle(low.x + 0.5F * size.x, low.y + 0.5F * size.y);
        list.AddImage(texture, ImVec2(middle.x - half.x, middle.y - half.y),
                      ImVec2(middle.x + half.x, middle.y + half.y));
    }
    if (ImGui::IsItemHovered()) {
        list.AddRect(low, high, colour::packed(colour::kAccent), 0, 0, ui.px(1));
        tooltip(view.large_camera ? "Double-click: all cameras" : "Double-click: this one alone");
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            view.large_camera = view.large_camera ? std::nullopt : std::optional(index);
        }
    }
    if (ui.fonts.small != nullptr) ImGui::PushFont(ui.fonts.small);
    const ImVec2 text = ImGui::CalcTextSize(name.c_str());
    list.AddRectFilled(low, ImVec2(low.x + text.x + ui.px(12), low.y + text.y + ui.px(5)),
                       IM_COL32(20, 21, 23, 190));
    list.AddText(ImVec2(low.x + ui.px(6), low.y + ui.px(2)), colour::packed(colour::kText),
                 name.c_str());
    if (ui.fonts.small != nullptr) ImGui::PopFont();
}

}  // namespace

void draw_cameras(Ui& ui, const ImVec2& size) {
    const auto& moment = ui.editor.moment();
    if (!moment || moment->world->rig.cameras.empty()) {
        empty_state(ui, "No cameras to show yet", "They appear once the world is built.");
        return;
    }
    const auto& cameras = moment->world->rig.cameras;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ViewState& view = ui.editor.view();
    if (view.large_camera && *view.large_camera < cameras.size()) {
        draw_camera(ui, *view.large_camera, spaced(cameras[*view.large_camera].name), low, size);
        return;
    }
    // As many columns as make the pictures largest.
    const auto n = static_cast<int>(cameras.size());
    int columns = 1;
    float best = 0;
    for (int c = 1; c <= n; ++c) {
        const int rows = (n + c - 1) / c;
        const float width =
            std::min(size.x / static_cast<float>(c), 1.6F * size.y / static_cast<float>(rows));
        if (width > best) {
            best = width;
            columns = c;
        }
    }
    const int rows = (n + columns - 1) / columns;
    const float gap = ui.px(3);
    const ImVec2 cell(
        (size.x - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns),
        (size.y - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows));
    for (int i = 0; i < n; ++i) {
        // The last row stands in the middle.
        const int in_row = i / columns + 1 < rows ? columns : n - (rows - 1) * columns;
        const float indent = 0.5F * static_cast<float>(columns - in_row) * (cell.x + gap);
        const ImVec2 at(low.x + indent + static_cast<float>(i % columns) * (cell.x + gap),
                        low.y + static_cast<float>(i / columns) * (cell.y + gap));
        const auto index = static_cast<std::size_t>(i);
        draw_camera(ui, index, spaced(cameras[index].name), at, cell);
    }
}

void draw_views(Ui& ui) {
    draw_view_bar(ui);
    const ImVec2 space = ImGui::GetContentRegionAvail();
    if (space.x < 8 || space.y < 8) return;
    switch (ui.editor.view().central) {
        case CentralView::kPerspective:
            draw_perspective(ui, space);
            break;
        case CentralView::kTop:
            draw_top_view(ui, space);
            break;
        case CentralView::kCameras:
            draw_cameras(ui, space);
            break;
        case CentralView::kSplit: {
            const bool wide = space.x > space.y * 1.15F;
            const float gap = ui.px(3);
            const ImVec2 first =
                wide ? ImVec2(0.56F * space.x, space.y) : ImVec2(space.x, 0.56F * space.y);
            const ImVec2 second = wide ? ImVec2(space.x - first.x - gap, space.y)
                                       : ImVec2(space.x, space.y - first.y - gap);
            const ImVec2 corner = ImGui::GetCursorScreenPos();
            draw_perspective(ui, first);
            ImGui::SetCursorScreenPos(wide ? ImVec2(corner.x + first.x + gap, corner.y)
                                           : ImVec2(corner.x, corner.y + first.y + gap));
            draw_top_view(ui, second);
            break;
        }
    }
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left) && ui.drag.active) end_drag(ui);
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter), false) &&
        !ImGui::GetIO().WantTextInput) {
        finish_drawing(ui);
    }
}

}  // namespace huntsman::apps::editor
