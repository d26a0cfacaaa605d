// What the views show and from where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bridge/live/cameras.h"
#include "engine/world/ids.h"
#include "sensors/overlay/overlay.h"

namespace huntsman::apps::editor {

enum class CentralView { kSplit, kPerspective, kTop, kCameras };
enum class CameraKind { kOrbit, kFly, kFollow, kEyes };
enum class Tool { kSelect, kAdd, kTrajectory, kRoute, kSituation };

struct TopView {
    engine::math::Vec2 centre_W{0, 0};
    double metres_per_px = 0.25;
    bool names = true, paths = true, triggers = true, minds = true, grid = true;
    bool fitted = false;  // false: to be centred on the ego with the next moment
};

struct ViewState {
    CentralView central = CentralView::kSplit;
    CameraKind camera = CameraKind::kOrbit;
    bridge::live::Orbit orbit;
    bridge::live::Flight flight;
    engine::world::ActorId follows = engine::world::kEgo;  // kFollow, kEyes
    double chase_m = 9;
    bool orbit_placed = false;  // false: to be placed behind the ego with the next moment

    std::optional<std::size_t> large_camera;  // of the rig; none: a grid of all
    bool lens = false;                        // through lens and image sensor
    std::vector<sensors::overlay::Layer> layers;
    double opacity = 0.6;
    bool perceived = false;  // what the driver perceived beside what is there

    TopView top;
    Tool tool = Tool::kSelect;
    std::string tool_kind = "car";            // of kAdd
    std::string tool_situation = "cpnco";     // of kSituation
    std::vector<engine::math::Vec2> drawn_W;  // points of kTrajectory and kRoute so far
    bool snap = true;                         // to lane and heading
    bool compare = true;                      // both futures in plots and the top view
};

}  // namespace huntsman::apps::editor
