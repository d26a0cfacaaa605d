// Boxes of road users drawn into camera pictures.
#pragma once

#include "bridge/messages/huntsman.pb.h"
#include "engine/core/image.h"
#include "engine/world/world.h"
#include "sensors/encode/compose.h"
#include "sensors/labels/ground_truth.h"

namespace huntsman::bridge::report {

// The twelve edges of a box in the ego's body frame, through the camera's lens. `scale`: size of
// the picture as a share of the camera's. Nothing where a corner is closer than 0.5 m or behind.
void draw_box(engine::core::Image& image, const engine::world::Camera& camera, double scale,
              const messages::PerceivedObject& object, const sensors::encode::Rgb& colour);
void draw_box(engine::core::Image& image, const engine::world::Camera& camera, double scale,
              const sensors::labels::TrueObject& object, const sensors::encode::Rgb& colour);

}  // namespace huntsman::bridge::report
