#include "sensors/capture/plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "sensors/lens/lens.h"

namespace huntsman::sensors::capture {

using engine::core::Error;
using engine::core::Result;
using engine::math::Quat;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Camera;
using engine::world::Lens;
using engine::world::Readout;

namespace {

// Views reach this much beyond what is read from them [pixels]: two for interpolation, the others
// for what moves within a band.
constexpr int kMargin_px = 6;
// A single view holds slopes up to this; beyond, its rim would cost more than it is worth.
constexpr double kWidestSlope = 1.8;
// Without distortion a single view is the picture itself, however wide.
constexpr double kWidestPlainSlope = 8.0;
constexpr int kMostSide_px = 8192;

// Axes of the cube's sides in C: forward, right, left, down, up, back. Each looks along its z.
std::array<Quat, 6> sides() {
    const double h = std::sqrt(0.5);
    return {Quat(1, 0, 0, 0),  Quat(h, 0, h, 0), Quat(h, 0, -h, 0),
            Quat(h, -h, 0, 0), Quat(h, h, 0, 0), Quat(0, 0, 1, 0)};
}

// The side that a ray leaves the cube by.
std::size_t side_of(const Vec3& ray) {
    const Vec3 a = glm::abs(ray);
    if (a.z >= a.x && a.z >= a.y) return ray.z >= 0 ? 0 : 5;
    if (a.x >= a.y) return ray.x >= 0 ? 1 : 2;
    return ray.y >= 0 ? 3 : 4;
}

Error cannot(const Camera& camera, const std::string& why) {
    return Error{.message = fmt::format("camera {} cannot be drawn: {}", camera.name, why)};
}

// Pixels of the picture per unit of a view's slope, at the densest place of what the view shows;
// along the sparser of rows and columns, since the poles of a map of the globe have no end of
// columns.
double densest(const std::vector<Vec3>& rays_F, const std::vector<std::uint32_t>& side, int width,
               int height, std::uint32_t which) {
    double most = 0;
    const auto density = [&](std::size_t a, std::size_t b) {
        const Vec2 step(rays_F[b].x / rays_F[b].z - rays_F[a].x / rays_F[a].z,
                        rays_F[b].y / rays_F[b].z - rays_F[a].y / rays_F[a].z);
        return 1.0 / std::max(1e-9, glm::length(step));
    };
    for (int y = 0; y + 1 < height; ++y) {
        for (int x = 0; x + 1 < width; ++x) {
            const std::size_t here = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                     static_cast<std::size_t>(x);
            const std::size_t right = here + 1, below = here + static_cast<std::size_t>(width);
            if (side[here] != which || side[right] != which || side[below] != which) continue;
            most = std::max(most, std::min(density(here, right), density(here, below)));
        }
    }
    return most;
}

// Lines that are drawn at the same time.
struct Bands {
    bool by_column = false;
    int lines = 1, count = 1;
    std::vector<double> moment_s;

    int of_line(int line) const { return line * count / lines; }
    int of_pixel(std::size_t i, std::size_t width) const {
        return of_line(by_column ? static_cast<int>(i % width) : static_cast<int>(i / width));
    }
};

Bands bands_of(const Camera& camera, double residual_s, bool rolling) {
    Bands bands;
    bands.by_column = line_of(camera.shutter.readout, 1, 0) == 1;
    bands.lines = bands.by_column ? camera.width : camera.height;
    if (rolling) {
        const double needed =
            engine::core::seconds(camera.shutter.readout_us) / (2 * std::max(1e-6, residual_s));
        bands.count = static_cast<int>(std::clamp(std::ceil(needed), 1.0, double(kMostBands)));
        bands.count = std::min(bands.count, bands.lines);
    }
    std::vector<double>& moment = bands.moment_s;
    moment.resize(static_cast<std::size_t>(bands.count));
    std::vector<double> count(moment.size());
    for (int line = 0; line < bands.lines; ++line) {
        const auto band = static_cast<std::size_t>(bands.of_line(line));
        moment[band] += rolling ? line_time_s(camera, line) : 0;
        count[band] += 1;
    }
    for (std::size_t b = 0; b < moment.size(); ++b) moment[b] /= count[b];
    return bands;
}

// Where each pixel looks, in the frame of the side that it looks through.
struct Looks {
    std::vector<Vec3> rays;
    std::vector<std::uint32_t> side;
    bool joined = false;  // more sides than the one in front
};

Result<Looks> looks_of(const Camera& camera, bool plain) {
    Looks looks;
    std::vector<Vec3>& rays = looks.rays;
    std::vector<std::uint32_t>& side = looks.side;
    const std::size_t pixels =
        static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height);
    rays.resize(pixels);
    lens::unproject_rows(camera.lens, camera.width, 0, camera.height, rays);
    double widest = 0;
    bool any = false, behind = false;
    for (const Vec3& ray : rays) {
        if (ray == Vec3(0)) continue;
        any = true;
        behind = behind || ray.z <= 0;
        if (ray.z > 0)
            widest = std::max({widest, std::abs(ray.x / ray.z), std::abs(ray.y / ray.z)});
    }
    if (!any) return cannot(camera, "its lens sees none of the picture");
    looks.joined = behind || widest > (plain ? kWidestPlainSlope : kWidestSlope);
    const auto axes = sides();
    side.assign(pixels, 0);
    for (std::size_t i = 0; i < pixels; ++i) {
        if (rays[i] == Vec3(0)) {
            side[i] = kNoView;
            continue;
        }
        if (!looks.joined) continue;
        side[i] = static_cast<std::uint32_t>(side_of(rays[i]));
        rays[i] = glm::conjugate(axes[side[i]]) * rays[i];
    }
    return looks;
}

// Of all sides.
double densest(const Looks& looks, const Camera& camera) {
    double most = 0;
    for (std::uint32_t s = 0; s < (looks.joined ? 6U : 1U); ++s) {
        most = std::max(most, densest(looks.rays, looks.side, camera.width, camera.height, s));
    }
    return most;
}

// The part of a side and band that is read, in pixels about the axis.
struct Reach {
    double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
};

}  // namespace

double line_time_s(const Camera& camera, int line) {
    const Readout readout = camera.shutter.readout;
    if (readout == Readout::kGlobal) return 0;
    const bool rows = readout == Readout::kTopToBottom || readout == Readout::kBottomToTop;
    const bool reversed = readout == Readout::kBottomToTop || readout == Readout::kRightToLeft;
    const double last = std::max(1, (rows ? camera.height : camera.width) - 1);
    const double share = line / last - 0.5;
    return engine::core::seconds(camera.shutter.readout_us) * (reversed ? -share : share);
}

int line_of(Readout readout, int x, int y) {
    return readout == Readout::kLeftToRight || readout == Readout::kRightToLeft ? x : y;
}

Result<CameraPlan> plan_camera(const Camera& camera, double residual_s) {
    CameraPlan plan{.camera = camera};
    const Lens& lens = camera.lens;
    const bool rolling =
        camera.shutter.readout != Readout::kGlobal && camera.shutter.readout_us > 0;
    const bool plain = lens::plain_pinhole(lens);
    if (plain && !rolling) {
        plan.direct = true;
        plan.views = {{.width = camera.width,
                       .height = camera.height,
                       .fx = lens.fx,
                       .fy = lens.fy,
                       .cx = lens.cx,
                       .cy = lens.cy}};
        return plan;
    }

    const Bands bands = bands_of(camera, residual_s, rolling);
    HM_TAKE(auto looks, looks_of(camera, plain));
    const auto& [rays, side, joined] = looks;
    plan.joined = joined;
    const auto width = static_cast<std::size_t>(camera.width);
    const std::size_t pixels = rays.size();
    const auto axes = sides();

    // All sides have the focal length of the densest, so that they draw the same levels of detail.
    double focal = plain ? lens.fx : 0, focal_y = plain ? lens.fy : 0;
    if (!plain || plan.joined) focal = focal_y = densest(looks, camera);
    // The optical axis keeps its place within a pixel, so that undistorted bands read whole pixels.
    const auto place_in_pixel = [&](double c) { return plain && !plan.joined ? c : 0.0; };
    const double cx = place_in_pixel(lens.cx), cy = place_in_pixel(lens.cy);

    std::map<std::pair<std::uint32_t, int>, Reach> reaches;
    plan.pixels.resize(pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
        plan.pixels[i].view = kNoView;
        if (side[i] == kNoView) continue;
        Reach& reach = reaches[{side[i], bands.of_pixel(i, width)}];
        const double x = focal * rays[i].x / rays[i].z + cx,
                     y = focal_y * rays[i].y / rays[i].z + cy;
        reach.left = std::min(reach.left, x);
        reach.right = std::max(reach.right, x);
        reach.top = std::min(reach.top, y);
        reach.bottom = std::max(reach.bottom, y);
    }
    std::map<std::pair<std::uint32_t, int>, std::uint32_t> view_of;
    for (const auto& [key, reach] : reaches) {
        const double x0 = std::floor(reach.left) - kMargin_px;
        const double y0 = std::floor(reach.top) - kMargin_px;
        const double x1 = std::ceil(reach.right) + kMargin_px;
        const double y1 = std::ceil(reach.bottom) + kMargin_px;
        if (!(x1 - x0 <= kMostSide_px && y1 - y0 <= kMostSide_px)) {
            return cannot(camera, fmt::format("a view of {:.0f}×{:.0f} pixels would be needed, "
                                              "expected at most {} a side",
                                              x1 - x0, y1 - y0, kMostSide_px));
        }
        view_of[key] = static_cast<std::uint32_t>(plan.views.size());
        plan.views.push_back({.R_CF = axes[plan.joined ? key.first : 0],
                              .width = static_cast<int>(x1 - x0),
                              .height = static_cast<int>(y1 - y0),
                              .fx = focal,
                              .fy = focal_y,
                              .cx = cx - x0,
                              .cy = cy - y0,
                              .after_s = bands.moment_s[static_cast<std::size_t>(key.second)]});
    }
    for (std::size_t i = 0; i < pixels; ++i) {
        if (side[i] == kNoView) continue;
        const std::uint32_t v = view_of.at({side[i], bands.of_pixel(i, width)});
        const PlannedView& view = plan.views[v];
        plan.pixels[i] = {static_cast<float>(view.fx * rays[i].x / rays[i].z + view.cx),
                          static_cast<float>(view.fy * rays[i].y / rays[i].z + view.cy), v};
    }
    return plan;
}

}  // namespace huntsman::sensors::capture
