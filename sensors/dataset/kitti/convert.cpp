#include "sensors/dataset/kitti/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace huntsman::sensors::dataset::kitti {

using engine::math::RigidTransform;
using engine::math::Vec3;
using engine::world::Semantic;

const char* type_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kCar:
            return "Car";
        case Semantic::kVan:
            return "Van";
        case Semantic::kTruck:
            return "Truck";
        case Semantic::kPedestrian:
            return "Pedestrian";
        case Semantic::kBicycle:
            return "Cyclist";
        case Semantic::kWheelchair:
            return "Person_sitting";
        case Semantic::kBus:
        case Semantic::kMotorcycle:
        case Semantic::kScooter:
        case Semantic::kTrailer:
        case Semantic::kAnimal:
        case Semantic::kMovable:
            return "Misc";
        default:
            return nullptr;
    }
}

Semantic semantic_of_type(const std::string& type) {
    for (const Semantic s : {Semantic::kCar, Semantic::kVan, Semantic::kTruck,
                             Semantic::kPedestrian, Semantic::kBicycle, Semantic::kWheelchair}) {
        if (type == type_of(s)) return s;
    }
    return Semantic::kOther;
}

std::optional<Label> to_label(const labels::ObjectLabel& object,
                              const labels::ObjectInCamera& in_camera, int width, int height,
                              const RigidTransform& X_CW) {
    const char* type = type_of(object.semantic);
    if (type == nullptr || in_camera.visible_px == 0) return std::nullopt;
    Label label{.type = type};
    label.truncated = in_camera.truncation();
    const double hidden = in_camera.occlusion();
    label.occluded = hidden <= 0.1 ? 0 : hidden <= 0.5 ? 1 : 2;
    // The whole silhouette, as far as it lies in the picture.
    const labels::PixelBox& box = in_camera.amodal;
    const auto first =
        labels::first_pixel_at_zero({std::max(0, box.x0) + 0.5, std::max(0, box.y0) + 0.5});
    const auto last = labels::first_pixel_at_zero(
        {std::min(width, box.x1) - 0.5, std::min(height, box.y1) - 0.5});
    label.left = first.x;
    label.top = first.y;
    label.right = last.x;
    label.bottom = last.y;
    label.length = object.size_m.x;
    label.width = object.size_m.y;
    label.height = object.size_m.z;
    const RigidTransform X_CO = X_CW * object.X_WO;
    label.p_C = X_CO * Vec3(0, 0, -0.5 * object.size_m.z);
    const Vec3 ahead = X_CO.rotate({1, 0, 0});
    label.rotation_y = std::atan2(-ahead.z, ahead.x);
    label.alpha = engine::math::wrap_angle(label.rotation_y - std::atan2(label.p_C.x, label.p_C.z));
    return label;
}

RigidTransform pose_of(const Label& label) {
    // O's z is the camera's -y; its x lies in the camera's level.
    const Vec3 x(std::cos(label.rotation_y), 0, -std::sin(label.rotation_y)), z(0, -1, 0);
    const Vec3 y = glm::cross(z, x);
    return {glm::quat_cast(engine::math::Mat3(x, y, z)), label.p_C + z * (0.5 * label.height)};
}

std::string text_of(const Label& l) {
    return fmt::format(
        "{} {:.2f} {} {:.6f} {:.2f} {:.2f} {:.2f} {:.2f} {:.4f} {:.4f} {:.4f} {:.4f} {:.4f} {:.4f} "
        "{:.6f}",
        l.type, l.truncated, l.occluded, l.alpha, l.left, l.top, l.right, l.bottom, l.height,
        l.width, l.length, l.p_C.x, l.p_C.y, l.p_C.z, l.rotation_y);
}

std::optional<Label> label_of_text(const std::string& line) {
    Label l;
    std::istringstream words(line);
    std::string rest;
    words >> l.type >> l.truncated >> l.occluded >> l.alpha >> l.left >> l.top >> l.right >>
        l.bottom >> l.height >> l.width >> l.length >> l.p_C.x >> l.p_C.y >> l.p_C.z >>
        l.rotation_y;
    if (!words || (words >> rest)) return std::nullopt;
    constexpr double kFar = 1e6;
    const bool sound = l.truncated >= 0 && l.truncated <= 1 && l.occluded >= 0 && l.occluded <= 3 &&
                       l.right >= l.left && l.bottom >= l.top && std::abs(l.left) < kFar &&
                       std::abs(l.right) < kFar && std::abs(l.top) < kFar &&
                       std::abs(l.bottom) < kFar && l.height > 0 && l.width > 0 && l.length > 0 &&
                       glm::length(l.p_C) < kFar && std::abs(l.rotation_y) < 7 &&
                       std::abs(l.alpha) < 7;
    return sound ? std::optional<Label>(l) : std::nullopt;
}

}  // namespace huntsman::sensors::dataset::kitti
