// What is under the pointer.
#include <algorithm>
#include <cmath>

#include "bridge/live/views.h"
#include "sensors/lens/lens.h"

namespace huntsman::bridge::live {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

// The pixel at shares of width and height; nothing outside.
std::optional<std::size_t> pixel_at(const ViewPicture& picture, double u, double v) {
    if (!(u >= 0 && u < 1 && v >= 0 && v < 1)) return std::nullopt;
    const auto& camera = picture.camera;
    const auto x = static_cast<std::size_t>(u * camera.width);
    const auto y = static_cast<std::size_t>(v * camera.height);
    return y * static_cast<std::size_t>(camera.width) + x;
}

std::optional<Vec3> ray_C(const ViewPicture& picture, double u, double v) {
    Vec3 ray(0);
    const Vec2 pixel(u * picture.camera.width, v * picture.camera.height);
    if (!sensors::lens::unproject(picture.camera.lens, pixel, ray)) return std::nullopt;
    return ray;
}

}  // namespace

std::optional<Vec3> ray_under(const ViewPicture& picture, double u, double v) {
    const auto ray = ray_C(picture, u, v);
    if (!ray) return std::nullopt;
    return picture.X_WC.rotate(*ray);
}

std::optional<Vec3> place_under(const ViewPicture& picture, double u, double v) {
    const auto pixel = pixel_at(picture, u, v);
    const auto ray = ray_C(picture, u, v);
    if (!pixel || !ray || *pixel >= picture.depth_m.size()) return std::nullopt;
    const double depth_m = picture.depth_m[*pixel];
    if (!std::isfinite(depth_m)) return std::nullopt;
    const bool along_z = sensors::lens::depth_along_z(picture.camera.lens);
    return picture.X_WC * (depth_m / (along_z ? ray->z : 1.0) * *ray);
}

engine::world::ActorId actor_under(const ViewPicture& picture, double u, double v) {
    const auto pixel = pixel_at(picture, u, v);
    if (!pixel || *pixel >= picture.ids.size()) return engine::world::kNoActor;
    return engine::world::actor_of(picture.ids[*pixel]);
}

std::optional<Vec2> place_in(const ViewPicture& picture, const Vec3& p_W) {
    Vec2 pixel(0);
    const Vec3 p_C = picture.X_WC.inverse() * p_W;
    if (!sensors::lens::project(picture.camera.lens, p_C, pixel)) return std::nullopt;
    const Vec2 share(pixel.x / picture.camera.width, pixel.y / picture.camera.height);
    if (share.x < 0 || share.x >= 1 || share.y < 0 || share.y >= 1) return std::nullopt;
    return share;
}

}  // namespace huntsman::bridge::live
