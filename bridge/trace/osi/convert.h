// Quantities of ours as OSI has them. Positions and axes of OSI's global frame are those of W.
#pragma once

#include "engine/core/time.h"
#include "engine/math/transform.h"
#include "engine/world/world.h"
#include "osi3/osi_common.pb.h"
#include "osi3/osi_version.pb.h"

namespace huntsman::bridge::trace::osi {

// Ids are unique among all items: actors and static objects keep theirs, below 2^21; others have
// their kind in the upper half and their index in the lower.
enum class IdKind : std::uint64_t {
    kLane = 1,
    kJunction,  // a lane that is an intersection
    kBoundary,
    kLight,
    kSign,
    kMarking,
    kSensor,
};
constexpr std::uint64_t id_of(IdKind kind, std::uint64_t index) {
    return static_cast<std::uint64_t>(kind) << 32 | index;
}

void set(osi3::Vector3d* to, const engine::math::Vec3& v);
void set(osi3::Timestamp* to, engine::core::TimeUs time_us);

// Angles about z, then the new y, then the new x [rad], as in ISO 8855: pitch is positive where the
// front is low.
struct Angles {
    double roll = 0, pitch = 0, yaw = 0;
};
Angles angles_of(const engine::math::Quat& q);
void set(osi3::Orientation3d* to, const Angles& angles);
// Their derivatives [rad/s] under an angular velocity in W; near a pitch of 90 degrees, where they
// have no limit, at most 1000.
Angles rates_of(const Angles& angles, const engine::math::Vec3& w_W, const engine::math::Quat& q);

// The version of the definitions.
void set_version(osi3::InterfaceVersion* to);
std::string version_text();

// Box of a body: size, and its middle in W with the body's orientation.
void set_dimension(osi3::Dimension3d* to, const engine::world::Extent& extent);
void set_box(osi3::BaseStationary* to, const engine::world::Extent& extent,
             const engine::math::RigidTransform& X_WB);

// Of a reference to the map as OpenDRIVE counts it.
void add_reference(osi3::ExternalReference* to, std::initializer_list<std::string> identifiers);

}  // namespace huntsman::bridge::trace::osi
