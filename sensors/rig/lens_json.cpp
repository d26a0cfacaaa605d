#include "sensors/rig/lens_json.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "engine/core/describe_json.h"
#include "engine/world/rig_fields.h"
#include "sensors/lens/field.h"

namespace huntsman::sensors::rig {

using engine::core::JsonNode;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Lens;
using engine::world::LensModel;

namespace {

constexpr double radians(double degrees) { return degrees * kPi / 180; }
constexpr double degrees(double radians) { return radians * 180 / kPi; }

// Beyond 150 degrees a pinhole spends nearly all its pixels on the rim.
double widest_deg(LensModel model) { return model == LensModel::kPinhole ? 150 : 360; }

LensModel read_model(const JsonNode& node) {
    if (!node.has("model")) return LensModel::kPinhole;
    return engine::core::value_named<LensModel>(
               node.one_of("model", engine::core::names_of<LensModel>()))
        .value_or(LensModel::kPinhole);
}

// Coefficients that the model has; it has no others.
template <std::size_t N>
void read_coefficients(const JsonNode& node, const char* key, std::size_t most,
                       std::array<double, N>& values) {
    if (!node.has(key)) return;
    if (most == 0) {
        node.fail(fmt::format("has {}, which this model does not know", key));
        return;
    }
    const auto read = node.numbers_up_to(key, most, -1e6, 1e6);
    std::copy(read.begin(), read.end(), values.begin());
}

// Number of radial coefficients of each model.
std::size_t radial_terms(LensModel model) {
    switch (model) {
        case LensModel::kPinhole:
            return 6;
        case LensModel::kKannalaBrandt:
            return 4;
        case LensModel::kFTheta:
            return 5;
        case LensModel::kEquirectangular:
            break;
    }
    return 0;
}

// Angle of the picture's farthest corner, or nothing where the model does not get there.
std::optional<double> corner_angle(const Lens& lens, int width, int height) {
    double widest = 0;
    for (const Vec2& corner : {Vec2(0, 0), Vec2(width, 0), Vec2(0, height), Vec2(width, height)}) {
        Vec3 ray;
        if (!lens::unproject(lens, corner, ray)) return std::nullopt;
        widest = std::max(widest, std::atan2(std::hypot(ray.x, ray.y), ray.z));
    }
    return widest;
}

// Where a lens takes its scale from.
struct ScaleSource {
    bool lens_fov, camera_fov, focal, polynomial;
    int count() const { return lens_fov + camera_fov + focal + polynomial; }
};

// Scales the lens so that the picture is as wide as `angles`, the lens or its camera, says.
// Whether it can.
bool scale_by_fov(const JsonNode& node, const JsonNode& angles, int width, int height, Lens& lens) {
    const double fov_rad = radians(angles.number("horizontal_fov_deg", 1, widest_deg(lens.model)));
    const double can = lens::monotone_angle(lens);
    if (0.5 * fov_rad > can) {
        node.fail(fmt::format(
            "has a horizontal_fov_deg of {:g}, but this lens sees no further than {:.2f} "
            "degrees from its axis",
            degrees(fov_rad), degrees(can)));
        return false;
    }
    lens = lens::lens_for_fov(lens, width, height, fov_rad);
    return true;
}

// Scale and coefficients from the polynomial that maps angles to pixels. Whether it can be one.
bool read_polynomial(const JsonNode& node, const Vec2& size, Lens& lens) {
    if (lens.model != LensModel::kFTheta) {
        node.fail("has polynomial_px, which only an f_theta lens knows");
        return false;
    }
    const auto a = node.numbers_up_to("polynomial_px", 6, -1e6, 1e6);
    if (a.empty() || a[0] <= 0) {
        node.fail(
            "has polynomial_px without a positive first number, expected pixels per "
            "radian at the centre");
        return false;
    }
    lens.fx = lens.fy = a[0];
    for (std::size_t i = 1; i < a.size(); ++i) lens.k[i - 1] = a[i] / a[0];
    lens.cx = node.number_or("cx", 0.5 * size.x, -1e6, 1e6);
    lens.cy = node.number_or("cy", 0.5 * size.y, -1e6, 1e6);
    return true;
}

// Intrinsics in pixels, which hold for the size `for_size`, or for the camera's own.
bool read_intrinsics(const JsonNode& node, bool polynomial, int width, int height, bool own_size,
                     Lens& lens) {
    Vec2 size(width, height);
    if (node.has("for_size")) {
        const auto stated = node.numbers("for_size", 2, 1, 100'000);
        size = {stated[0], stated[1]};
    } else if (!own_size) {
        node.fail("has intrinsics, expected for_size [width, height] with them");
    }
    if (!polynomial) {
        lens.fx = node.number("fx", 1e-3, 1e6);
        lens.fy = node.number("fy", 1e-3, 1e6);
        lens.cx = node.number("cx", -1e6, 1e6);
        lens.cy = node.number("cy", -1e6, 1e6);
    } else if (!read_polynomial(node, size, lens)) {
        return false;
    }
    lens = lens::scaled(lens, width / size.x, height / size.y);
    lens.max_angle_rad = std::min(lens.max_angle_rad, lens::monotone_angle(lens));
    return true;
}

// The field: as stated, otherwise what the picture needs of what the model can do.
void read_field(const JsonNode& node, int width, int height, Lens& lens) {
    if (node.has("max_angle_deg")) {
        lens.max_angle_rad = radians(node.number("max_angle_deg", 0.1, 180));
    } else if (lens.model == LensModel::kKannalaBrandt || lens.model == LensModel::kFTheta) {
        if (const auto corner = corner_angle(lens, width, height)) {
            lens.max_angle_rad = std::min(lens.max_angle_rad, *corner * (1 + 1e-9));
        }
    }
}

}  // namespace

Lens read_lens(const JsonNode& camera, int width, int height, bool own_size) {
    Lens lens;
    if (!camera.has("lens")) {
        const double fov_deg = camera.number("horizontal_fov_deg", 1, widest_deg(lens.model));
        return lens::lens_for_fov(lens, width, height, radians(fov_deg));
    }
    const JsonNode node = camera.object("lens");
    node.only({"model", "horizontal_fov_deg", "fx", "fy", "cx", "cy", "for_size", "polynomial_px",
               "k", "p", "s", "max_angle_deg"});
    lens.model = read_model(node);
    const bool pinhole = lens.model == LensModel::kPinhole;
    read_coefficients(node, "k", node.has("polynomial_px") ? 0 : radial_terms(lens.model), lens.k);
    read_coefficients(node, "p", pinhole ? 2 : 0, lens.p);
    read_coefficients(node, "s", pinhole ? 4 : 0, lens.s);

    const ScaleSource source{node.has("horizontal_fov_deg"), camera.has("horizontal_fov_deg"),
                             node.has("fx"), node.has("polynomial_px")};
    if (source.count() != 1) {
        node.fail(
            fmt::format("has its scale from {}, expected one of horizontal_fov_deg, fx with "
                        "fy, cx, cy, and polynomial_px",
                        source.count() == 0 ? "nothing" : "several"));
        return lens;
    }
    if (!pinhole) lens.max_angle_rad = kPi;
    const bool scaled =
        source.lens_fov || source.camera_fov
            ? scale_by_fov(node, source.lens_fov ? node : camera, width, height, lens)
            : read_intrinsics(node, source.polynomial, width, height, own_size, lens);
    if (!scaled) return lens;
    read_field(node, width, height, lens);
    if (const auto status = lens::check(lens, width, height); !status) {
        node.fail("cannot be: " + status.error().message);
    }
    return lens;
}

}  // namespace huntsman::sensors::rig
