#include "bridge/trace/osi/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/world/boxes.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Quat;
using engine::math::Vec3;

void set(osi3::Vector3d* to, const Vec3& v) {
    to->set_x(v.x);
    to->set_y(v.y);
    to->set_z(v.z);
}

void set(osi3::Timestamp* to, engine::core::TimeUs time_us) {
    to->set_seconds(time_us / 1'000'000);
    to->set_nanos(static_cast<std::uint32_t>(time_us % 1'000'000) * 1000);
}

Angles angles_of(const Quat& q) {
    return {.roll = std::atan2(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y)),
            .pitch = std::asin(std::clamp(2 * (q.w * q.y - q.z * q.x), -1.0, 1.0)),
            .yaw = std::atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z))};
}

void set(osi3::Orientation3d* to, const Angles& angles) {
    to->set_roll(angles.roll);
    to->set_pitch(angles.pitch);
    to->set_yaw(angles.yaw);
}

Angles rates_of(const Angles& angles, const Vec3& w_W, const Quat& q) {
    static constexpr double kFastest_rad_s = 1000;
    const Vec3 w_B = glm::conjugate(q) * w_W;
    const double turn = w_B.y * std::sin(angles.roll) + w_B.z * std::cos(angles.roll);
    const double cosine = std::cos(angles.pitch);
    const auto bounded = [](double rate) {
        return std::isfinite(rate) ? std::clamp(rate, -kFastest_rad_s, kFastest_rad_s) : 0.0;
    };
    return {.roll = bounded(w_B.x + turn * std::sin(angles.pitch) / cosine),
            .pitch = w_B.y * std::cos(angles.roll) - w_B.z * std::sin(angles.roll),
            .yaw = bounded(turn / cosine)};
}

void set_version(osi3::InterfaceVersion* to) {
    // The definitions say their version themselves, in an option of their file.
    *to = osi3::InterfaceVersion::descriptor()->file()->options().GetExtension(
        osi3::current_interface_version);
}

std::string version_text() {
    osi3::InterfaceVersion version;
    set_version(&version);
    return fmt::format("{}.{}.{}", version.version_major(), version.version_minor(),
                       version.version_patch());
}

void set_dimension(osi3::Dimension3d* to, const engine::world::Extent& extent) {
    to->set_length(extent.length_m());
    to->set_width(extent.width_m);
    to->set_height(extent.height_m);
}

void set_box(osi3::BaseStationary* to, const engine::world::Extent& extent,
             const engine::math::RigidTransform& X_WB) {
    set_dimension(to->mutable_dimension(), extent);
    set(to->mutable_position(), engine::world::box_centre(extent, X_WB));
    set(to->mutable_orientation(), angles_of(X_WB.q));
}

void add_reference(osi3::ExternalReference* to, std::initializer_list<std::string> identifiers) {
    to->set_type("net.asam.opendrive");
    for (const std::string& each : identifiers) to->add_identifier(each);
}

}  // namespace huntsman::bridge::trace::osi
