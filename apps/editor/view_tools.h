// What the pointer does in views, whatever they look like: picks, drags and places actors.
#pragma once

#include <optional>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

// The nearest driven lane's centre within `reach_m`, and its heading.
struct Snapped {
    engine::math::Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
    double s_m = 0, lane_width_m = 0;
    engine::world::LaneId lane = engine::world::kNone;
};
std::optional<Snapped> snap(const engine::world::World& world, const engine::math::Vec3& p_W,
                            double reach_m);

// "lane 2 of road 14, 35.2 m" of a place; empty off the roads.
std::string place_in_words(const engine::world::World& world, const engine::math::Vec3& p_W);

// Footprint and height of an actor or static object of the moment.
struct BodyBox {
    engine::math::Box2 box;
    double z_m = 0, height_m = 0;
};
std::optional<BodyBox> body_of(const bridge::live::Moment& moment, engine::world::ActorId id);

// A click with the present tool on a place and what stands there.
void click_place(Ui& ui, const engine::math::Vec3& p_W, engine::world::ActorId actor);
// The button went down on an actor: it is selected and may be dragged from now on.
void begin_drag(Ui& ui, engine::world::ActorId actor, const std::string& entity,
                const engine::math::Vec3& pointer_W);
void drag_to(Ui& ui, const engine::math::Vec3& pointer_W);
void end_drag(Ui& ui);
// Ends what is being drawn with a trajectory or route tool.
void finish_drawing(Ui& ui);

}  // namespace huntsman::apps::editor
