// Quantities of ours as Foxglove has them, and the shapes that its 3D view draws.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/transform.h"
#include "foxglove/CubePrimitive.pb.h"
#include "foxglove/LinePrimitive.pb.h"
#include "foxglove/Pose.pb.h"
#include "foxglove/SceneUpdate.pb.h"

namespace huntsman::bridge::trace::fox {

using Colour = std::array<double, 4>;  // sRGB and opacity, 0..1

// Frames: "world" is W, "ego" B of the ego, "camera/NAME" C of a camera.
constexpr const char* kWorld = "world";
constexpr const char* kEgo = "ego";
std::string camera_frame(const std::string& name);

void set(google::protobuf::Timestamp* to, engine::core::TimeUs time_us);
void set(foxglove::Pose* to, const engine::math::RigidTransform& X);
void set(foxglove::Color* to, const Colour& colour);

// An entity that stays until another of the same id comes.
foxglove::SceneEntity* add_entity(foxglove::SceneUpdate& to, engine::core::TimeUs time_us,
                                  const char* frame, const std::string& id);
void add_fact(foxglove::SceneEntity* to, const std::string& key, const std::string& value);

// A box by its middle and its size along its own axes.
void add_box(foxglove::SceneEntity* to, const engine::math::RigidTransform& X,
             const engine::math::Vec3& size_m, const Colour& colour);
void add_sphere(foxglove::SceneEntity* to, const engine::math::Vec3& p, double diameter_m,
                const Colour& colour);
void add_line(foxglove::SceneEntity* to, const std::vector<engine::math::Vec3>& points,
              double width_m, const Colour& colour, bool closed = false);
// Text that faces the viewer.
void add_text(foxglove::SceneEntity* to, const engine::math::Vec3& p, const std::string& text,
              double size_m, const Colour& colour);

}  // namespace huntsman::bridge::trace::fox
