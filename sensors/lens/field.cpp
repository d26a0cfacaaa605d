#include "sensors/lens/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sensors/lens/model.h"

namespace huntsman::sensors::lens {

using engine::core::Error;
using engine::core::Status;
using engine::math::kPi;
using engine::world::LensModel;

namespace {

constexpr double kDegree = kPi / 180;
// Below this rate the inverse loses more than two digits.
constexpr double kLeastGrowth = 0.01;
// Above this share of a plain pinhole's growth a vanishing denominator is near, and so is the loss
// of digits in the picture.
constexpr double kMostStretch = 100;
constexpr double kWidestPinhole_rad = 1.55;
// Polynomials of the models' degree do not turn back and forth within such a step.
constexpr double kScan_rad = 0.001;
constexpr int kAzimuths = 32;

// How fast the picture grows with the angle there, in units of the rate at the centre; for
// pinholes with terms that are not radial the growth of areas, least over all azimuths.
double growth_at(const Model& model, double angle_rad) {
    if (model.lens.model == LensModel::kEquirectangular || model.plain) return 1;
    if (model.lens.model != LensModel::kPinhole) return model.radial(angle_rad).slope;
    const double r = std::tan(angle_rad);
    const auto& k = model.lens.k;
    const double below = 1 + r * r * (k[3] + r * r * (k[4] + r * r * k[5]));
    if (!(below > 0)) return below;
    const double stretch = 1 + r * r;  // of tan θ against θ
    const Growth radial = model.radial(r);
    if (!(radial.slope < kMostStretch)) return 0;
    double least = std::min(radial.slope * stretch, radial.value > 0 || r == 0 ? 1.0 : 0.0);
    for (int i = 0; model.sideways && i < kAzimuths; ++i) {
        const double azimuth = 2 * kPi * i / kAzimuths;
        const Bent at = bend(model.lens, r * std::cos(azimuth), r * std::sin(azimuth));
        const double area = at.a_a * at.b_b - at.a_b * at.b_a;
        least = std::min(least, area * stretch * std::sqrt(stretch));
    }
    return least;
}

double widest(LensModel model) { return model == LensModel::kPinhole ? kWidestPinhole_rad : kPi; }

// Angle from the axis at which a border at `pixel` is seen, or the field's end.
double angle_at(const Lens& lens, const Vec2& pixel) {
    Vec3 ray;
    if (!unproject(lens, pixel, ray)) return lens.max_angle_rad;
    return std::atan2(std::sqrt(ray.x * ray.x + ray.y * ray.y), ray.z);
}

}  // namespace

double monotone_angle(const Lens& lens) {
    const Model model(lens);
    const double most = widest(lens.model);
    const auto grows = [&](double angle) { return growth_at(model, angle) >= kLeastGrowth; };
    double low = 0;
    while (low < most && grows(std::min(low + kScan_rad, most))) {
        low = std::min(low + kScan_rad, most);
    }
    // Between `low` and the next step the growth ends.
    double high = std::min(low + kScan_rad, most);
    for (int step = 0; step < 60 && low < high; ++step) {
        const double middle = 0.5 * (low + high);
        (grows(middle) ? low : high) = middle;
    }
    return low;
}

Status check(const Lens& lens, int width, int height) {
    const auto refuse = [](std::string message) -> Status {
        return Error{.message = std::move(message)};
    };
    double sum = lens.fx + lens.fy + lens.cx + lens.cy + lens.max_angle_rad;
    for (const double x : lens.k) sum += x;
    for (const double x : lens.p) sum += x;
    for (const double x : lens.s) sum += x;
    if (!std::isfinite(sum)) return refuse("lens has a number that is not finite");
    if (lens.fx <= 0 || lens.fy <= 0) {
        return refuse(fmt::format("focal lengths are {:g} and {:g} px, expected positive ones",
                                  lens.fx, lens.fy));
    }
    if (lens.cx < -width || lens.cx > 2.0 * width || lens.cy < -height || lens.cy > 2.0 * height) {
        return refuse(fmt::format(
            "principal point ({:g}, {:g}) px is more than a picture's size outside of {}x{}",
            lens.cx, lens.cy, width, height));
    }
    const double most = widest(lens.model), asked = lens.max_angle_rad;
    if (asked <= 0 || asked > most * (1 + 1e-12)) {
        return refuse(fmt::format(
            "field reaches {:g} degrees from the axis, expected more than 0 and at most {:g} of a "
            "{} lens",
            asked / kDegree, most / kDegree, name(lens.model)));
    }
    if (const double can = monotone_angle(lens); asked > can * (1 + 1e-12)) {
        return refuse(fmt::format(
            "coefficients fold the picture {:.2f} degrees from the axis, expected none within the "
            "field of {:.2f}",
            can / kDegree, asked / kDegree));
    }
    // Every pixel of a pinhole shows something: look along the border, where it is farthest out.
    Vec3 ray;
    constexpr int kSteps = 16;
    for (int i = 0; lens.model == LensModel::kPinhole && i <= kSteps; ++i) {
        const double x = width * static_cast<double>(i) / kSteps;
        const double y = height * static_cast<double>(i) / kSteps;
        for (const Vec2& pixel : {Vec2(x, 0), Vec2(x, height), Vec2(0, y), Vec2(width, y)}) {
            if (unproject(lens, pixel, ray)) continue;
            return refuse(
                fmt::format("lens does not reach pixel ({:g}, {:g}) of its {}x{} picture within "
                            "{:.2f} degrees from the axis",
                            pixel.x, pixel.y, width, height, asked / kDegree));
        }
    }
    if (lens.model == LensModel::kEquirectangular) {
        const double across = width / lens.fx, down = height / lens.fy;
        if (across > 2 * kPi * (1 + 1e-9) || down > kPi * (1 + 1e-9)) {
            return refuse(
                fmt::format("picture spans {:g} by {:g} degrees, expected at most 360 by 180 of an "
                            "equirectangular lens",
                            across / kDegree, down / kDegree));
        }
    } else if (!unproject(
                   lens,
                   {std::clamp(lens.cx, 0.0, 1.0 * width), std::clamp(lens.cy, 0.0, 1.0 * height)},
                   ray)) {
        return refuse("field lies outside of the picture");
    }
    return {};
}

FieldOfView field_of_view(const Lens& lens, int width, int height) {
    const double w = width, h = height;
    FieldOfView view;
    // A border on the other side of the principal point counts against the field.
    const auto side = [&](const Vec2& border, double distance) {
        return distance < 0 ? -angle_at(lens, border) : angle_at(lens, border);
    };
    view.left_rad = side({0, lens.cy}, lens.cx);
    view.right_rad = side({w, lens.cy}, w - lens.cx);
    view.up_rad = side({lens.cx, 0}, lens.cy);
    view.down_rad = side({lens.cx, h}, h - lens.cy);
    view.horizontal_rad = view.left_rad + view.right_rad;
    view.vertical_rad = view.up_rad + view.down_rad;
    view.diagonal_rad = std::max(angle_at(lens, {0, 0}) + angle_at(lens, {w, h}),
                                 angle_at(lens, {w, 0}) + angle_at(lens, {0, h}));
    return view;
}

Lens lens_for_fov(const Lens& shape, int width, int height, double horizontal_fov_rad) {
    Lens lens = shape;
    lens.fx = lens.fy = 1;
    lens.cx = 0.5 * width;
    lens.cy = 0.5 * height;
    const double half = 0.5 * horizontal_fov_rad;
    const Model model(lens);
    if (lens.model == LensModel::kEquirectangular) {
        lens.fx = lens.fy = width / horizontal_fov_rad;
    } else if (model.plain) {
        lens.fx = lens.fy = 0.5 * width / std::tan(half);
    } else if (model.sideways) {
        const double r = std::tan(half);
        lens.fx = lens.fy = width / (bend(lens, r, 0).a - bend(lens, -r, 0).a);
    } else {
        const bool pinhole = lens.model == LensModel::kPinhole;
        lens.fx = lens.fy = 0.5 * width / model.radial(pinhole ? std::tan(half) : half).value;
    }
    lens.max_angle_rad = std::min(shape.max_angle_rad, monotone_angle(lens));
    return lens;
}

Lens lens_for_fov(LensModel model, int width, int height, double horizontal_fov_rad) {
    Lens shape{.model = model};
    if (model != LensModel::kPinhole) shape.max_angle_rad = kPi;
    Lens lens = lens_for_fov(shape, width, height, horizontal_fov_rad);
    if (model == LensModel::kKannalaBrandt || model == LensModel::kFTheta) {
        const double corner = std::hypot(lens.cx, lens.cy) / lens.fx;
        lens.max_angle_rad = std::min(lens.max_angle_rad, corner * (1 + 1e-9));
    }
    return lens;
}

Lens scaled(const Lens& lens, double scale_x, double scale_y) {
    Lens result = lens;
    result.fx *= scale_x;
    result.cx *= scale_x;
    result.fy *= scale_y;
    result.cy *= scale_y;
    return result;
}

}  // namespace huntsman::sensors::lens
