#include "tests/support/reference/path_tracer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/check.h"
#include "engine/core/random.h"
#include "engine/render/lights.h"
#include "engine/render/shader_types.h"

namespace huntsman::tests::support {

using engine::core::Key;
using engine::math::kPi;
using engine::math::square;
namespace render = engine::render;
namespace shader = engine::render::shader;

namespace {

constexpr double kSunRadius_rad = 0.5 * 0.53 * kPi / 180;
// After the first reflection lobes are at least this rough: caustics of small mirrors would need
// very many paths; this spreads their light without losing it.
constexpr double kRoughAfterFirst = 0.4;
// Origins of further rays are lifted off the surface by this much.
constexpr double kLift_m = 5e-4;

// Numbers for one path. The first reflection's are spread evenly over a pixel's paths by the
// R-sequence [Roberts 2018] with an offset of the pixel; later ones are independent.
class Draws {
  public:
    Draws(const Key& pixel, std::uint64_t path)
        : pixel_(pixel), path_(pixel.with(path)), n_(path) {}
    Vec3 even(std::uint64_t purpose) const {
        constexpr double kStep[3] = {0.8191725133961645, 0.6710436067037893, 0.5497004779019703};
        Vec3 u;
        for (int i = 0; i < 3; ++i) {
            const double x = pixel_.uniform(3 * purpose + static_cast<std::uint64_t>(i)) +
                             kStep[i] * static_cast<double>(n_);
            u[i] = x - std::floor(x);
        }
        return u;
    }
    Vec3 next() {
        draw_ += 3;
        return {path_.uniform(draw_), path_.uniform(draw_ + 1), path_.uniform(draw_ + 2)};
    }

  private:
    Key pixel_, path_;
    std::uint64_t n_, draw_ = 0;
};

double greatest(const Vec3& c) { return std::max({c.x, c.y, c.z}); }

// Makes the shading normal face the viewer.
void face(RayHit& hit, const Vec3& wo) {
    const double c = glm::dot(hit.look.n, wo);
    if (c < 1e-3) hit.look.n = glm::normalize(hit.look.n + wo * (1e-3 - c));
}

Vec3 lifted(const RayHit& hit, const Vec3& direction) {
    return hit.p + hit.facet * (glm::dot(hit.facet, direction) > 0 ? kLift_m : -kLift_m);
}

// Light of the sun by one reflection.
Vec3 sunlight(const TracedScene& scene, const RayHit& hit, const Vec3& wo, const Vec3& u) {
    const render::Sky& sky = scene.sky();
    if (greatest(sky.sun_light_klx) <= 0) return Vec3(0);
    Vec3 x, y;
    make_frame(sky.sun_direction, x, y);
    const double r = std::tan(kSunRadius_rad) * std::sqrt(u.x), phi = 2 * kPi * u.y;
    const Vec3 wi =
        glm::normalize(sky.sun_direction + x * (r * std::cos(phi)) + y * (r * std::sin(phi)));
    const Vec3 f = scattered(hit.look, wo, wi);
    if (greatest(f) <= 0 || !scene.open(lifted(hit, wi), wi, 1e5)) return Vec3(0);
    return f * sky.sun_light_klx;
}

// Intensity of a lamp [kcd] towards a direction, as engine/render/lights.h describes its shapes.
double intensity_kcd(const render::LitLamp& lamp, const Vec3& away) {
    const render::LampBeam beam = render::beam_of(lamp.lamp);
    const double along = glm::dot(away, lamp.axis_W), scale = beam.intensity_kcd * lamp.share;
    if (beam.shape == shader::kLightStreet) {
        const double t = std::clamp((along - 0.08) * 3.6, 0.0, 1.0);
        return scale * t * t * (1.6 - 0.9 * along);
    }
    if (beam.shape == shader::kLightLens) return scale * std::pow(std::max(along, 0.0), 4);
    if (along < 0.05) return 0;
    // Beams: h to the left and v upwards of the axis.
    const Vec3 left = glm::normalize(Vec3(-lamp.axis_W.y, lamp.axis_W.x, 0));
    const Vec3 up = glm::cross(lamp.axis_W, left);
    return scale *
           render::dipped_beam_kcd(glm::dot(away, left) / along, glm::dot(away, up) / along);
}

// Light of one of the lamps, chosen by what it sends here, by one reflection.
Vec3 point_light(const TracedScene& scene, const RayHit& hit, const Vec3& wo, double u) {
    // The housing of a lamp does not shade it.
    constexpr double kHousing_m = 0.25;
    const auto lamps = scene.lamps();
    const auto illuminance = [&](const render::LitLamp& lamp) {
        const Vec3 away = hit.p - lamp.p_W;
        const double squared = glm::dot(away, away);
        return intensity_kcd(lamp, away / std::sqrt(squared)) / (squared + 0.01);
    };
    double total = 0;
    for (const render::LitLamp& lamp : lamps) total += illuminance(lamp);
    if (total <= 0) return Vec3(0);
    double rest = u * total;
    for (const render::LitLamp& lamp : lamps) {
        const double e = illuminance(lamp);
        rest -= e;
        if (rest >= 0 && &lamp != &lamps.back()) continue;
        if (e <= 0) return Vec3(0);
        const double distance = glm::length(lamp.p_W - hit.p);
        const Vec3 wi = (lamp.p_W - hit.p) / distance;
        const Vec3 f = scattered(hit.look, wo, wi);
        if (greatest(f) <= 0) return Vec3(0);
        if (!scene.open(lifted(hit, wi), wi, std::max(0.0, distance - kHousing_m))) return Vec3(0);
        const std::array<float, 3>& colour = render::light_of(lamp.lamp, lamp.variety).colour;
        return f * Vec3(colour[0], colour[1], colour[2]) * total;
    }
    return Vec3(0);
}

// Density per solid angle with which face_light aims at a lamp's point.
double lamp_density(const EmitterTriangle& lamp, const Vec3& wi, double distance_m) {
    const double cosine = -glm::dot(lamp.normal, wi);
    if (cosine <= 0) return 0;
    return lamp.share / lamp.area_m2 * square(distance_m) / cosine;
}

// Light of one lamp, chosen by power, by one reflection. Weighed against reflections that hit a
// lamp by chance [Veach 1997, power heuristic].
Vec3 face_light(const TracedScene& scene, const RayHit& hit, const Vec3& wo, const Vec3& u) {
    const auto lamps = scene.emitters();
    if (lamps.empty()) return Vec3(0);
    auto at = std::upper_bound(lamps.begin(), lamps.end(), u.z,
                               [](double x, const EmitterTriangle& e) { return x < e.below; });
    const EmitterTriangle& lamp = *std::prev(at);
    const double root = std::sqrt(u.x);
    const Vec3 p =
        lamp.p[0] * (1 - root) + lamp.p[1] * (root * (1 - u.y)) + lamp.p[2] * (root * u.y);
    const double distance = glm::length(p - hit.p);
    const Vec3 wi = (p - hit.p) / distance;
    const double density = lamp_density(lamp, wi, distance);
    if (density <= 0) return Vec3(0);
    const Vec3 f = scattered(hit.look, wo, wi);
    if (greatest(f) <= 0) return Vec3(0);
    const Vec3 from = lifted(hit, wi);
    if (!scene.open(from, wi, distance - 4 * kLift_m)) return Vec3(0);
    const double other = direction_density(hit.look, wo, wi);
    return f * lamp.radiance * (density / (square(density) + square(other)));
}

bool lamps_are_points(const TracedScene& scene, const TraceOptions& options) {
    return !scene.lamps().empty() && !options.lamp_faces;
}

TracedRadiance follow(const TracedScene& scene, const Vec3& origin, const Vec3& direction,
                      std::optional<RayHit> first, const TraceOptions& options, Draws& draws) {
    TracedRadiance sum;
    Vec3 wo = -direction, through(1);
    std::optional<RayHit> hit = std::move(first);
    if (!hit) hit = scene.hit(origin, direction, 0, 0);
    if (!hit) {
        sum.indirect = scene.sky_seen(direction);
        return sum;
    }
    sum.direct += hit->emitted;
    for (int bounce = 0;; ++bounce) {
        if (hit->look.kind == shader::kKindEmitter) break;
        if (options.change) options.change(*hit);
        face(*hit, wo);
        Vec3& part = bounce == 0 ? sum.direct : sum.indirect;
        part += through * sunlight(scene, *hit, wo, bounce == 0 ? draws.even(0) : draws.next());
        const Vec3 u = bounce == 0 ? draws.even(1) : draws.next();
        part += through * (lamps_are_points(scene, options) ? point_light(scene, *hit, wo, u.z)
                                                            : face_light(scene, *hit, wo, u));
        if (bounce == options.bounces) break;

        // Go on in a direction drawn from the surface's lobes.
        const Vec3 wi = sample_direction(hit->look, wo, bounce == 0 ? draws.even(2) : draws.next());
        const double density = direction_density(hit->look, wo, wi);
        if (!(density > 0)) break;
        const Vec3 f = scattered(hit->look, wo, wi);
        if (greatest(f) <= 0) break;
        through *= f / density;
        // Few paths of little weight go on, with more weight.
        if (bounce >= 2) {
            const double goes_on = std::min(1.0, greatest(through));
            if (draws.next().x >= goes_on) break;
            through /= goes_on;
        }
        const Vec3 from = lifted(*hit, wi);
        std::optional<RayHit> next = scene.hit(from, wi, 0, 0.1);
        if (!next) {
            sum.indirect += through * scene.sky_light(wi);
            break;
        }
        if (next->emitter != 0) {
            if (lamps_are_points(scene, options)) break;
            const EmitterTriangle& lamp = scene.emitters()[next->emitter - 1];
            const double other = lamp_density(lamp, wi, next->distance_m);
            part += through * next->emitted * (square(density) / (square(density) + square(other)));
            break;
        }
        // Rooms behind panes.
        sum.indirect += through * next->emitted;
        hit = std::move(next);
        hit->look.roughness = std::max(hit->look.roughness, kRoughAfterFirst);
        hit->look.coat_roughness = kRoughAfterFirst;
        wo = -wi;
    }
    return sum;
}

// The material that the G-buffer holds, see resolve.comp.
void take_material(const shader::PixelParts& parts, const Vec3& wo, RayHit& hit) {
    const Vec3 root =
        Vec3(parts.surface & 0xffU, parts.surface >> 8 & 0xffU, parts.surface >> 16 & 0xffU) /
        255.0;
    hit.look.albedo = root * root;
    hit.look.roughness = (parts.surface >> 24) / 255.0;
    hit.look.kind = parts.shape >> shader::kKindShift & 7U;
    const double x = (parts.shape & 0x7ffU) / 1023.0 - 1023.5 / 1023.0;
    const double y = (parts.shape >> 11 & 0x7ffU) / 1023.0 - 1023.5 / 1023.0;
    Vec3 n(x, y, 1 - std::abs(x) - std::abs(y));
    const double t = std::max(-n.z, 0.0);
    n.x += n.x >= 0 ? -t : t;
    n.y += n.y >= 0 ? -t : t;
    hit.look.n = glm::normalize(n);
    if (glm::dot(hit.facet, wo) < 0) hit.facet = -hit.facet;
    hit.emitted = Vec3(0);
    if (hit.look.kind == shader::kKindEmitter || hit.look.kind == shader::kKindGlass) {
        const double parameter = parts.shape >> shader::kParameterShift;
        hit.emitted = hit.look.albedo * (static_cast<double>(shader::kEmitterLowest) *
                                         std::exp2(parameter / shader::kEmitterSteps));
    }
    // What lies behind a pane is lit by what is behind it; the pane itself only mirrors.
    if (hit.look.kind == shader::kKindGlass) hit.look.albedo = Vec3(0);
}

}  // namespace

TracedRadiance trace_ray(const TracedScene& scene, const Vec3& origin, const Vec3& direction,
                         const TraceOptions& options, std::uint64_t key) {
    TracedRadiance sum;
    for (int i = 0; i < options.paths; ++i) {
        Draws draws(Key(key), static_cast<std::uint64_t>(i));
        const TracedRadiance one = follow(scene, origin, direction, {}, options, draws);
        sum.direct += one.direct / static_cast<double>(options.paths);
        sum.indirect += one.indirect / static_cast<double>(options.paths);
    }
    return sum;
}

TracedPicture trace(const TracedScene& scene, const render::View& view, const TraceOptions& options,
                    engine::core::JobPool& pool) {
    TracedPicture picture{.width = view.width, .height = view.height};
    const auto width = static_cast<std::size_t>(view.width);
    const std::size_t pixels = width * static_cast<std::size_t>(view.height);
    picture.direct.assign(pixels, Vec3(0));
    picture.indirect.assign(pixels, Vec3(0));
    const render::Frame* guide = options.guide;
    if (guide != nullptr) {
        HM_CHECK(guide->depth_m.size() == pixels && guide->parts.size() == pixels,
                 "the guide has no depth or no parts, or another size");
    }
    pool.run(static_cast<std::size_t>(view.height), [&](std::size_t y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t at = y * width + x;
            const Vec3 ray_C((static_cast<double>(x) + 0.5 - view.cx) / view.fx,
                             (static_cast<double>(y) + 0.5 - view.cy) / view.fy, 1);
            const double per_depth = glm::length(ray_C);
            const Vec3 d = glm::normalize(view.X_WC.rotate(ray_C));
            const double spread = 1 / view.fx;
            std::optional<RayHit> first;
            if (guide == nullptr) {
                first = scene.hit(view.X_WC.p, d, 0, spread);
            } else if (std::isfinite(guide->depth_m[at])) {
                // From just before what the rasteriser met.
                const double distance = static_cast<double>(guide->depth_m[at]) * per_depth;
                const double slack = 2e-3 * distance + 2e-3;
                first = scene.hit(view.X_WC.p, d, distance - slack, spread);
                if (first && first->distance_m < distance + slack) {
                    take_material(guide->parts[at], -d, *first);
                }
            }
            if (!first) {
                picture.indirect[at] = scene.sky_seen(d);
                continue;
            }
            for (int i = 0; i < options.paths; ++i) {
                Draws draws(Key(at), static_cast<std::uint64_t>(i));
                const TracedRadiance one = follow(scene, view.X_WC.p, d, first, options, draws);
                picture.direct[at] += one.direct / static_cast<double>(options.paths);
                picture.indirect[at] += one.indirect / static_cast<double>(options.paths);
            }
        }
    });
    return picture;
}

}  // namespace huntsman::tests::support
