// What the pointer does in views, whatever they look like: picks, drags and places actors.
#pragma once

#include <optional>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

// The middle of the driven lane at a place, within reach and unless snapping is off (the magnet, or
// Alt held).
std::optional<scenarios::edit::SnappedPlace> snapped(const Ui& ui, const engine::math::Vec3& p_W);

// "road 14, lane -2, s 35.2 m, t -1.6 m" of a place; empty off the roads.
std::string place_in_words(const Ui& ui, const engine::math::Vec3& p_W);

constexpr const char* kKindPayload = "actor kind";  // what is dragged from the palette: its name

// Rounded, for what edits write.
double centimetres(double m);

// Footprint and height of an actor or static object of the moment.
struct BodyBox {
    engine::math::Box2 box;
    double z_m = 0, height_m = 0;
};
std::optional<BodyBox> body_of(const bridge::live::Moment& moment, engine::world::ActorId id);

// An actor of a kind starts at a place.
bool add_actor(Ui& ui, const std::string& kind, const engine::math::Vec3& p_W);
// The kind of actor that was dropped from the palette onto the last item; empty: none.
std::string dropped_kind();
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
