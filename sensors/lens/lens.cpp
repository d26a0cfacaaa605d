#include "sensors/lens/lens.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/check.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::lens {

using engine::math::kPi;
using engine::world::LensModel;

namespace {

// Points that go through the formulas together: enough to fill vector registers and to hide
// latencies, few enough for the first cache.
constexpr std::size_t kLanes = 64;

// Newton's method doubles its digits each step; with bisection as its guard 100 steps reach the
// last bit from anywhere.
constexpr int kMostSteps = 100;
// A step this small no longer moves the result by more than its rounding.
constexpr double kLastStep = 4e-16;
// A solution counts as within the field up to this share beyond its rim, which is rounding.
constexpr double kRim = 1e-12;

template <std::size_t N>
using Lanes = std::array<double, N>;

template <std::size_t N>
bool all_zero(const std::array<double, N>& values) {
    return std::all_of(values.begin(), values.end(), [](double x) { return x == 0; });
}

template <LensModel M>
Growth growth(const std::array<double, 6>& k, double x) {
    const double q = x * x;
    if constexpr (M == LensModel::kPinhole) {
        const double above = 1 + q * (k[0] + q * (k[1] + q * k[2]));
        const double below = 1 + q * (k[3] + q * (k[4] + q * k[5]));
        const double above_q = k[0] + q * (2 * k[1] + q * (3 * k[2]));
        const double below_q = k[3] + q * (2 * k[4] + q * (3 * k[5]));
        const double ratio = above / below;
        return {x * ratio, ratio + 2 * q * (above_q - ratio * below_q) / below};
    } else if constexpr (M == LensModel::kKannalaBrandt) {
        return {x * (1 + q * (k[0] + q * (k[1] + q * (k[2] + q * k[3])))),
                1 + q * (3 * k[0] + q * (5 * k[1] + q * (7 * k[2] + q * (9 * k[3]))))};
    } else {
        return {
            x * (1 + x * (k[0] + x * (k[1] + x * (k[2] + x * (k[3] + x * k[4]))))),
            1 + x * (2 * k[0] + x * (3 * k[1] + x * (4 * k[2] + x * (5 * k[3] + x * (6 * k[4])))))};
    }
}

// Inverts the radial part: x with radial(x) = value in [0, limit]. Values beyond the reach give
// the limit.
template <LensModel M, std::size_t N>
void invert_radial(const Model& model, const Lanes<N>& value, std::size_t count, Lanes<N>& x) {
    const std::array<double, 6> k = model.lens.k;
    Lanes<N> low{}, high{}, moving{};
    for (std::size_t i = 0; i < count; ++i) {
        low[i] = 0;
        high[i] = model.limit;
        x[i] = std::min(value[i], model.limit);
        moving[i] = 1;
    }
    for (int step = 0; step < kMostSteps; ++step) {
        for (std::size_t i = 0; i < count; ++i) {
            const Growth at = growth<M>(k, x[i]);
            const double beyond = at.value - value[i];
            const double new_low = beyond > 0 ? low[i] : x[i];
            const double new_high = beyond > 0 ? x[i] : high[i];
            const double newton = x[i] - beyond / at.slope;
            // Outside of the bracket, or not a number: halve the bracket.
            const bool inside = (newton >= new_low) & (newton <= new_high);
            const double next = inside ? newton : 0.5 * (new_low + new_high);
            const double still =
                std::abs(next - x[i]) > kLastStep * (x[i] + kLastStep) ? moving[i] : 0.0;
            // A lane that has arrived stays, so that its neighbours do not matter.
            const bool goes = moving[i] != 0;
            low[i] = goes ? new_low : low[i];
            high[i] = goes ? new_high : high[i];
            x[i] = goes ? next : x[i];
            moving[i] = still;
        }
        if (all_zero(moving)) break;
    }
}

// Moves a, b until bend(a, b) is `target`; starts from the inverse of the radial part.
template <std::size_t N>
void invert_bend(const Lens& lens, const Lanes<N>& target_a, const Lanes<N>& target_b,
                 std::size_t count, Lanes<N>& a, Lanes<N>& b) {
    Lanes<N> moving{};
    for (std::size_t i = 0; i < count; ++i) moving[i] = 1;
    for (int step = 0; step < kMostSteps; ++step) {
        for (std::size_t i = 0; i < count; ++i) {
            const Bent at = bend(lens, a[i], b[i]);
            const double miss_a = at.a - target_a[i], miss_b = at.b - target_b[i];
            const double det = at.a_a * at.b_b - at.a_b * at.b_a;
            double step_a = (at.b_b * miss_a - at.a_b * miss_b) / det;
            double step_b = (at.a_a * miss_b - at.b_a * miss_a) / det;
            // Far from the solution a step leads at most half the way out.
            const double size = std::sqrt(a[i] * a[i] + b[i] * b[i]);
            const double length = std::sqrt(step_a * step_a + step_b * step_b);
            const double longest = 0.5 * (1 + size);
            const double share = length > longest ? longest / length : 1.0;
            step_a *= share;
            step_b *= share;
            const double still = length > kLastStep * (size + kLastStep) ? moving[i] : 0.0;
            const bool goes = moving[i] != 0;
            a[i] = goes ? a[i] - step_a : a[i];
            b[i] = goes ? b[i] - step_b : b[i];
            moving[i] = still;
        }
        if (all_zero(moving)) break;
    }
}

template <std::size_t N>
void unproject_pinhole(const Model& model, const Vec2* pixels, std::size_t count, Vec3* rays) {
    const Lens& lens = model.lens;
    Lanes<N> target_a{}, target_b{}, a{}, b{}, good{};
    for (std::size_t i = 0; i < count; ++i) {
        target_a[i] = (pixels[i].x - lens.cx) / lens.fx;
        target_b[i] = (pixels[i].y - lens.cy) / lens.fy;
        a[i] = target_a[i];
        b[i] = target_b[i];
        good[i] = 1;
    }
    if (!model.plain) {
        Lanes<N> bent{}, r{};
        for (std::size_t i = 0; i < count; ++i) {
            bent[i] = std::sqrt(a[i] * a[i] + b[i] * b[i]);
        }
        invert_radial<LensModel::kPinhole>(model, bent, count, r);
        for (std::size_t i = 0; i < count; ++i) {
            const double scale = bent[i] > 0 ? r[i] / bent[i] : 1.0;
            a[i] *= scale;
            b[i] *= scale;
            if (!model.sideways) good[i] = bent[i] <= model.reach * (1 + kRim) ? 1 : 0;
        }
        if (model.sideways) {
            invert_bend<N>(lens, target_a, target_b, count, a, b);
            for (std::size_t i = 0; i < count; ++i) {
                const Bent at = bend(lens, a[i], b[i]);
                const double miss = std::abs(at.a - target_a[i]) + std::abs(at.b - target_b[i]);
                good[i] = miss <= 1e-12 * (1 + bent[i]) ? 1 : 0;
            }
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        const double r2 = a[i] * a[i] + b[i] * b[i];
        const double inverse = 1 / std::sqrt(r2 + 1);
        const bool seen = good[i] != 0 && r2 <= model.limit * model.limit * (1 + 2 * kRim);
        rays[i] = seen ? Vec3(a[i] * inverse, b[i] * inverse, inverse) : Vec3(0, 0, 0);
    }
}

template <LensModel M, std::size_t N>
void unproject_fisheye(const Model& model, const Vec2* pixels, std::size_t count, Vec3* rays) {
    const Lens& lens = model.lens;
    Lanes<N> a{}, b{}, rho{}, theta{};
    for (std::size_t i = 0; i < count; ++i) {
        a[i] = (pixels[i].x - lens.cx) / lens.fx;
        b[i] = (pixels[i].y - lens.cy) / lens.fy;
        rho[i] = std::sqrt(a[i] * a[i] + b[i] * b[i]);
    }
    invert_radial<M>(model, rho, count, theta);
    for (std::size_t i = 0; i < count; ++i) {
        const double sine = std::sin(theta[i]);
        const double scale = rho[i] > 0 ? sine / rho[i] : 1.0;
        const bool seen = rho[i] <= model.reach * (1 + kRim);
        rays[i] = seen ? Vec3(a[i] * scale, b[i] * scale, std::cos(theta[i])) : Vec3(0, 0, 0);
    }
}

void unproject_equirectangular(const Model& model, const Vec2* pixels, std::size_t count,
                               Vec3* rays) {
    const Lens& lens = model.lens;
    for (std::size_t i = 0; i < count; ++i) {
        const double longitude = (pixels[i].x - lens.cx) / lens.fx;
        const double latitude = (pixels[i].y - lens.cy) / lens.fy;
        const double flat = std::cos(latitude);
        const Vec3 ray(flat * std::sin(longitude), std::sin(latitude), flat * std::cos(longitude));
        const bool seen = std::abs(longitude) <= kPi * (1 + kRim) &&
                          std::abs(latitude) <= 0.5 * kPi * (1 + kRim) &&
                          ray.z >= model.cos_limit - kRim;
        rays[i] = seen ? ray : Vec3(0, 0, 0);
    }
}

template <std::size_t N>
void unproject_lanes(const Model& model, const Vec2* pixels, std::size_t count, Vec3* rays) {
    switch (model.lens.model) {
        case LensModel::kPinhole:
            return unproject_pinhole<N>(model, pixels, count, rays);
        case LensModel::kKannalaBrandt:
            return unproject_fisheye<LensModel::kKannalaBrandt, N>(model, pixels, count, rays);
        case LensModel::kFTheta:
            return unproject_fisheye<LensModel::kFTheta, N>(model, pixels, count, rays);
        case LensModel::kEquirectangular:
            return unproject_equirectangular(model, pixels, count, rays);
    }
}

}  // namespace

bool project(const Model& model, const Vec3& p, Vec2& pixel) {
    const Lens& lens = model.lens;
    const double rim = p.x * p.x + p.y * p.y;
    switch (lens.model) {
        case LensModel::kPinhole: {
            if (!(p.z > 0) || rim > model.limit * model.limit * (1 + 2 * kRim) * (p.z * p.z)) {
                return false;
            }
            if (model.plain) {
                pixel = {lens.fx * p.x / p.z + lens.cx, lens.fy * p.y / p.z + lens.cy};
                return true;
            }
            const Bent bent = bend(lens, p.x / p.z, p.y / p.z);
            pixel = {lens.fx * bent.a + lens.cx, lens.fy * bent.b + lens.cy};
            return true;
        }
        case LensModel::kKannalaBrandt:
        case LensModel::kFTheta: {
            const double flat = std::sqrt(rim);
            const double theta = std::atan2(flat, p.z);
            // Straight behind, a direction falls everywhere on the rim and so nowhere.
            if (!(theta <= model.limit * (1 + kRim)) || (flat == 0 && !(p.z > 0))) return false;
            const double scale = flat > 0 ? model.radial(theta).value / flat : 0.0;
            pixel = {lens.fx * (scale * p.x) + lens.cx, lens.fy * (scale * p.y) + lens.cy};
            return true;
        }
        case LensModel::kEquirectangular: {
            const double flat = std::sqrt(p.x * p.x + p.z * p.z);
            const double size = std::sqrt(rim + p.z * p.z);
            if (!(size > 0) || p.z < (model.cos_limit - kRim) * size) return false;
            pixel = {lens.fx * std::atan2(p.x, p.z) + lens.cx,
                     lens.fy * std::atan2(p.y, flat) + lens.cy};
            return true;
        }
    }
    return false;
}

Model::Model(const Lens& from) : lens(from) {
    const bool pinhole = lens.model == LensModel::kPinhole;
    sideways = pinhole && !(all_zero(lens.p) && all_zero(lens.s));
    plain = plain_pinhole(lens);
    limit = pinhole ? std::tan(lens.max_angle_rad) : lens.max_angle_rad;
    reach = radial(limit).value;
    cos_limit = std::cos(std::min(lens.max_angle_rad, kPi));
}

Growth Model::radial(double x) const {
    switch (lens.model) {
        case LensModel::kPinhole:
            return growth<LensModel::kPinhole>(lens.k, x);
        case LensModel::kKannalaBrandt:
            return growth<LensModel::kKannalaBrandt>(lens.k, x);
        case LensModel::kFTheta:
            return growth<LensModel::kFTheta>(lens.k, x);
        case LensModel::kEquirectangular:
            break;
    }
    return {x, 1};
}

Bent bend(const Lens& lens, double a, double b) {
    const auto& [k1, k2, k3, k4, k5, k6] = lens.k;
    const auto& [p1, p2] = lens.p;
    const auto& [s1, s2, s3, s4] = lens.s;
    const double q = a * a + b * b;
    const double above = 1 + q * (k1 + q * (k2 + q * k3));
    const double below = 1 + q * (k4 + q * (k5 + q * k6));
    const double ratio = above / below;
    // Derivative of the ratio after q, and those of q after a and b.
    const double ratio_q =
        (k1 + q * (2 * k2 + q * (3 * k3)) - ratio * (k4 + q * (2 * k5 + q * (3 * k6)))) / below;
    const double q_a = 2 * a, q_b = 2 * b;
    const double prism_a_q = s1 + 2 * s2 * q, prism_b_q = s3 + 2 * s4 * q;
    Bent bent;
    bent.a = a * ratio + 2 * p1 * a * b + p2 * (q + 2 * a * a) + q * (s1 + s2 * q);
    bent.b = b * ratio + p1 * (q + 2 * b * b) + 2 * p2 * a * b + q * (s3 + s4 * q);
    bent.a_a = ratio + a * ratio_q * q_a + 2 * p1 * b + p2 * (q_a + 4 * a) + prism_a_q * q_a;
    bent.a_b = a * ratio_q * q_b + 2 * p1 * a + p2 * q_b + prism_a_q * q_b;
    bent.b_a = b * ratio_q * q_a + p1 * q_a + 2 * p2 * b + prism_b_q * q_a;
    bent.b_b = ratio + b * ratio_q * q_b + p1 * (q_b + 4 * b) + 2 * p2 * a + prism_b_q * q_b;
    return bent;
}

bool plain_pinhole(const Lens& lens) {
    return lens.model == LensModel::kPinhole && all_zero(lens.k) && all_zero(lens.p) &&
           all_zero(lens.s);
}

bool unproject(const Model& model, const Vec2& pixel, Vec3& ray_C) {
    Vec3 ray;
    unproject_lanes<1>(model, &pixel, 1, &ray);
    if (ray == Vec3(0, 0, 0)) return false;
    ray_C = ray;
    return true;
}

bool project(const Lens& lens, const Vec3& p_C, Vec2& pixel) {
    return project(Model(lens), p_C, pixel);
}
bool unproject(const Lens& lens, const Vec2& pixel, Vec3& ray_C) {
    return unproject(Model(lens), pixel, ray_C);
}

void unproject_rows(const Lens& lens, int width, int first, int last, std::span<Vec3> rays_C) {
    HM_CHECK(width >= 0 && first <= last &&
                 rays_C.size() ==
                     static_cast<std::size_t>(width) * static_cast<std::size_t>(last - first),
             "rows {} to {} of {} pixels, {} rays", first, last, width, rays_C.size());
    const Model model(lens);
    std::array<Vec2, kLanes> pixels;
    std::size_t filled = 0, done = 0;
    for (int y = first; y < last; ++y) {
        for (int x = 0; x < width; ++x) {
            pixels[filled++] = {x + 0.5, y + 0.5};
            if (filled < kLanes) continue;
            unproject_lanes<kLanes>(model, pixels.data(), filled, rays_C.data() + done);
            done += filled;
            filled = 0;
        }
    }
    unproject_lanes<kLanes>(model, pixels.data(), filled, rays_C.data() + done);
}

}  // namespace huntsman::sensors::lens
