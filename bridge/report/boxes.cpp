#include "bridge/report/boxes.h"

#include "engine/math/transform.h"
#include "sensors/lens/lens.h"

namespace huntsman::bridge::report {

using engine::core::Image;
using engine::math::Vec3;
namespace encode = sensors::encode;

namespace {

// A straight edge through a lens that bends it.
void draw_edge(Image& image, engine::world::Lens lens, double scale, const Vec3& from_C,
               const Vec3& to_C, const encode::Rgb& colour) {
    const int parts = sensors::lens::plain_pinhole(lens) ? 1 : 12;
    // A straight edge may begin far outside and still cross the picture.
    if (parts == 1) lens.max_angle_rad = 1.5707;
    engine::math::Vec2 a, b;
    bool seen_a = sensors::lens::project(lens, from_C, a);
    for (int i = 1; i <= parts; ++i) {
        const Vec3 p =
            i == parts ? to_C : from_C + (to_C - from_C) * (static_cast<double>(i) / parts);
        const bool seen_b = sensors::lens::project(lens, p, b);
        if (seen_a && seen_b) {
            encode::draw_line(image, scale * a.x, scale * a.y, scale * b.x, scale * b.y, colour);
        }
        a = b;
        seen_a = seen_b;
    }
}

// A box that stands upright in B.
void draw_upright(Image& image, const engine::world::Camera& camera, double scale,
                  const Vec3& centre_B, const Vec3& size_m, double yaw_rad,
                  const encode::Rgb& colour) {
    const auto X_CO = camera.X_BC.inverse() * engine::math::upright(centre_B, yaw_rad);
    Vec3 corners[8];
    for (unsigned i = 0; i < 8; ++i) {
        corners[i] = X_CO * Vec3((i & 1 ? 0.5 : -0.5) * size_m.x, (i & 2 ? 0.5 : -0.5) * size_m.y,
                                 (i & 4 ? 0.5 : -0.5) * size_m.z);
        const bool plain = sensors::lens::depth_along_z(camera.lens);
        if ((plain ? corners[i].z : glm::length(corners[i])) < 0.5) return;
    }
    for (unsigned i = 0; i < 8; ++i) {
        for (const unsigned axis : {1U, 2U, 4U}) {
            const unsigned j = i ^ axis;
            if (j < i) continue;
            draw_edge(image, camera.lens, scale, corners[i], corners[j], colour);
        }
    }
}

}  // namespace

void draw_box(Image& image, const engine::world::Camera& camera, double scale,
              const messages::PerceivedObject& object, const encode::Rgb& colour) {
    draw_upright(image, camera, scale, {object.x_m(), object.y_m(), object.z_m()},
                 {object.length_m(), object.width_m(), object.height_m()}, object.yaw_rad(),
                 colour);
}

void draw_box(Image& image, const engine::world::Camera& camera, double scale,
              const sensors::labels::TrueObject& object, const encode::Rgb& colour) {
    draw_upright(image, camera, scale, object.centre_B, object.size_m, object.yaw_rad, colour);
}

}  // namespace huntsman::bridge::report
