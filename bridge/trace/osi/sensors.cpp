#include "bridge/trace/osi/sensors.h"

#include <algorithm>
#include <cmath>

#include "bridge/trace/osi/convert.h"
#include "bridge/trace/osi/movers.h"
#include "sensors/lens/lens.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// Between the rays through two points of the picture; through the lens's edge where it sees less.
double angle_between(const engine::world::Lens& lens, const Vec2& a, const Vec2& b) {
    const auto from_axis = [&](const Vec2& pixel) {
        Vec3 ray_C;
        return sensors::lens::unproject(lens, pixel, ray_C)
                   ? std::acos(std::clamp(ray_C.z, -1.0, 1.0))
                   : lens.max_angle_rad;
    };
    return from_axis(a) + from_axis(b);
}

// OSI's sensor looks along x, with z up and y to the left; C has these along z, -y and -x.
engine::math::Quat sensor_axes() {
    return glm::quat_cast(engine::math::Mat3(Vec3(0, 0, 1), Vec3(-1, 0, 0), Vec3(0, -1, 0)));
}

}  // namespace

void set_sensors(const engine::world::World& world, osi3::SensorView* to) {
    to->mutable_sensor_id()->set_value(id_of(IdKind::kSensor, 0));
    to->mutable_host_vehicle_id()->set_value(engine::world::kEgo);
    set(to->mutable_mounting_position()->mutable_position(), Vec3(0));
    set(to->mutable_mounting_position()->mutable_orientation(), {});
    const auto& ego = world.archetype_of(world.spawns.front());
    const Vec3 axle_B(0, 0, rear_radius_m(ego.vehicle));
    for (std::size_t i = 0; i < world.rig.cameras.size(); ++i) {
        const auto& camera = world.rig.cameras[i];
        auto* view = to->add_camera_sensor_view()->mutable_view_configuration();
        view->mutable_sensor_id()->set_value(id_of(IdKind::kSensor, i + 1));
        set(view->mutable_mounting_position()->mutable_position(), camera.X_BC.p - axle_B);
        set(view->mutable_mounting_position()->mutable_orientation(),
            angles_of(camera.X_BC.q * sensor_axes()));
        const double w = camera.width, h = camera.height;
        view->set_field_of_view_horizontal(
            angle_between(camera.lens, {0, camera.lens.cy}, {w, camera.lens.cy}));
        view->set_field_of_view_vertical(
            angle_between(camera.lens, {camera.lens.cx, 0}, {camera.lens.cx, h}));
        view->set_number_of_pixels_horizontal(static_cast<std::uint32_t>(camera.width));
        view->set_number_of_pixels_vertical(static_cast<std::uint32_t>(camera.height));
    }
}

}  // namespace huntsman::bridge::trace::osi
