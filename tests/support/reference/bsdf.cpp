#include "tests/support/reference/bsdf.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/render/shader_types.h"

namespace huntsman::tests::support {

using engine::math::kPi;
using engine::math::square;
namespace shader = engine::render::shader;

namespace {

constexpr double kDielectricF0 = 0.04;  // of an index of refraction of 1.5
constexpr double kLeafThrough = 0.5;    // of a leaf's albedo

double alpha_of(double roughness) { return square(std::max(roughness, kSmoothest)); }
double luminance(const Vec3& c) { return 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z; }

// Smith's Lambda for GGX.
double lambda(double alpha, double cosine) {
    const double tangent2 = (1 - cosine * cosine) / (cosine * cosine);
    return 0.5 * (std::sqrt(1 + alpha * alpha * tangent2) - 1);
}
double distribution(double alpha, double n_h) {
    const double a2 = alpha * alpha;
    return a2 / (kPi * square(n_h * n_h * (a2 - 1) + 1));
}
double schlick(double v_h) { return std::pow(std::clamp(1 - v_h, 0.0, 1.0), 5.0); }

// D G2 / (4 cos_o), that is the lobe without Fresnel times the cosine of wi; local frame, n = z.
double ggx_cosine(double alpha, const Vec3& wo, const Vec3& wi, const Vec3& h) {
    const double g2 = 1 / (1 + lambda(alpha, wo.z) + lambda(alpha, wi.z));
    return distribution(alpha, h.z) * g2 / (4 * wo.z);
}
// Density of the mirrored direction when h is drawn from the visible normals.
double ggx_density(double alpha, const Vec3& wo, const Vec3& h) {
    return distribution(alpha, h.z) / ((1 + lambda(alpha, wo.z)) * 4 * wo.z);
}
// A visible normal [Heitz 2018, listing 1].
Vec3 visible_normal(double alpha, const Vec3& wo, double u1, double u2) {
    const Vec3 vh = glm::normalize(Vec3(alpha * wo.x, alpha * wo.y, wo.z));
    const double length2 = vh.x * vh.x + vh.y * vh.y;
    const Vec3 t1 = length2 > 0 ? Vec3(-vh.y, vh.x, 0) / std::sqrt(length2) : Vec3(1, 0, 0);
    const Vec3 t2 = glm::cross(vh, t1);
    const double r = std::sqrt(u1), phi = 2 * kPi * u2, s = 0.5 * (1 + vh.z);
    const double a = r * std::cos(phi);
    const double b = (1 - s) * std::sqrt(std::max(0.0, 1 - a * a)) + s * r * std::sin(phi);
    const Vec3 nh = a * t1 + b * t2 + std::sqrt(std::max(0.0, 1 - a * a - b * b)) * vh;
    return glm::normalize(Vec3(alpha * nh.x, alpha * nh.y, std::max(1e-9, nh.z)));
}
Vec3 mirrored(const Vec3& w, const Vec3& h) { return 2 * glm::dot(w, h) * h - w; }

// Directional albedos over roughness and the square root of the cosine.
class AlbedoTable {
  public:
    AlbedoTable() {
        for (int r = 0; r < kSide; ++r) {
            const double alpha = alpha_of(r / double(kSide - 1));
            for (int c = 0; c < kSide; ++c) {
                const double cosine = std::max(1e-4, square(c / double(kSide - 1)));
                at_[index(r)][index(c)] = integrate(alpha, cosine);
            }
            // Midpoints of the cosine-weighted hemisphere.
            constexpr int kSteps = 200;
            LobeAlbedo mean{0, 0};
            for (int i = 0; i < kSteps; ++i) {
                const LobeAlbedo e = interpolate(at_[index(r)], std::sqrt((i + 0.5) / kSteps));
                mean.scale += e.scale / kSteps;
                mean.bias += e.bias / kSteps;
            }
            mean_[index(r)] = mean;
        }
    }
    LobeAlbedo at(double roughness, double cosine) const {
        const double x = std::clamp(roughness, 0.0, 1.0) * (kSide - 1);
        const int r = std::min(kSide - 2, static_cast<int>(x));
        return mixed(interpolate(at_[index(r)], cosine), interpolate(at_[index(r + 1)], cosine),
                     x - r);
    }
    LobeAlbedo mean(double roughness) const {
        const double x = std::clamp(roughness, 0.0, 1.0) * (kSide - 1);
        const int r = std::min(kSide - 2, static_cast<int>(x));
        return mixed(mean_[index(r)], mean_[index(r + 1)], x - r);
    }

  private:
    static constexpr int kSide = 48;
    using Row = std::array<LobeAlbedo, kSide>;
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }
    static LobeAlbedo mixed(const LobeAlbedo& a, const LobeAlbedo& b, double t) {
        return {a.scale + (b.scale - a.scale) * t, a.bias + (b.bias - a.bias) * t};
    }
    static LobeAlbedo interpolate(const Row& row, double cosine) {
        const double x = std::sqrt(std::clamp(cosine, 0.0, 1.0)) * (kSide - 1);
        const int c = std::min(kSide - 2, static_cast<int>(x));
        return mixed(row[index(c)], row[index(c + 1)], x - c);
    }
    static LobeAlbedo integrate(double alpha, double cosine) {
        const Vec3 wo(std::sqrt(1 - cosine * cosine), 0, cosine);
        // Strata over the visible normals, close together where these are far from the mirror's.
        constexpr int kOut = 64, kAround = 16;
        LobeAlbedo sum{0, 0};
        for (int i = 0; i < kOut; ++i) {
            const double t = 1 - (i + 0.5) / kOut;
            for (int j = 0; j < kAround; ++j) {
                const Vec3 h = visible_normal(alpha, wo, 1 - t * t * t, (j + 0.5) / kAround);
                const Vec3 wi = mirrored(wo, h);
                if (wi.z <= 0) continue;
                const double lo = lambda(alpha, wo.z), li = lambda(alpha, wi.z);
                const double weight = 3 * t * t * (1 + lo) / (1 + lo + li) / (kOut * kAround);
                const double fresnel = schlick(glm::dot(wo, h));
                sum.scale += weight * (1 - fresnel);
                sum.bias += weight * fresnel;
            }
        }
        return sum;
    }

    std::array<Row, kSide> at_;
    std::array<LobeAlbedo, kSide> mean_;
};

const AlbedoTable& table() {
    static const AlbedoTable albedo;
    return albedo;
}

// Share of light that passes the lobe on top, on its way in and out, per unit of base albedo.
double coupling(double roughness, double f0, double cos_o, double cos_i) {
    const double out = 1 - table().at(roughness, cos_o).of(f0);
    const double in = 1 - table().at(roughness, cos_i).of(f0);
    return out * in / (1 - table().mean(roughness).of(f0));
}

// Roughness of the lobe on top.
double roughness_of(const SurfaceLook& look) {
    return look.kind == shader::kKindCoated ? look.coat_roughness : look.roughness;
}

double f0_of(const SurfaceLook& look) {
    return look.kind == shader::kKindGlass ? double(shader::kGlassF0) : kDielectricF0;
}

struct Lobes {
    double specular = 0, diffuse = 0, through = 0;  // probabilities
};
Lobes lobes_of(const SurfaceLook& look, double cos_o) {
    if (look.kind == kLambertian) return {.diffuse = 1};
    Lobes p;
    if (look.kind == shader::kKindMetal) {
        // The rest is for light that is scattered more than once.
        p.specular = std::clamp(table().at(look.roughness, cos_o).of(1), 0.3, 0.98);
    } else {
        const double e = table().at(roughness_of(look), cos_o).of(f0_of(look));
        p.specular = std::clamp(e / (e + luminance(look.albedo) * (1 - e)), 0.1, 0.9);
    }
    p.diffuse = 1 - p.specular;
    if (look.kind == shader::kKindLeaf) {
        p.through = p.diffuse / 3;
        p.diffuse -= p.through;
    }
    return p;
}

// A lobe of this roughness over a Lambertian base, times the cosine of wi.
Vec3 dielectric(const SurfaceLook& look, double roughness, const Vec3& wo, const Vec3& wi,
                const Vec3& h) {
    const double f0 = f0_of(look), f = f0 + (1 - f0) * schlick(glm::dot(wo, h));
    return Vec3(f * ggx_cosine(alpha_of(roughness), wo, wi, h)) +
           look.albedo * (wi.z / kPi * coupling(roughness, f0, wo.z, wi.z));
}

Vec3 metal(const SurfaceLook& look, const Vec3& wo, const Vec3& wi, const Vec3& h) {
    const double fresnel = schlick(glm::dot(wo, h));
    const Vec3 once = (look.albedo + (Vec3(1) - look.albedo) * fresnel) *
                      ggx_cosine(alpha_of(look.roughness), wo, wi, h);
    // With F = 1 a lobe's albedo is scale + bias.
    const double mean = table().mean(look.roughness).of(1);
    const double lost = (1 - table().at(look.roughness, wo.z).of(1)) *
                        (1 - table().at(look.roughness, wi.z).of(1)) / (kPi * (1 - mean) + 1e-12);
    const Vec3 f_mean = look.albedo + (Vec3(1) - look.albedo) / 21.0;
    const Vec3 again = f_mean * f_mean * mean / (Vec3(1) - f_mean * (1 - mean));
    return once + again * (lost * wi.z);
}

Vec3 to_local(const SurfaceLook& look, const Vec3& w, const Vec3& x, const Vec3& y) {
    return {glm::dot(w, x), glm::dot(w, y), glm::dot(w, look.n)};
}

}  // namespace

LobeAlbedo lobe_albedo(double roughness, double cosine) { return table().at(roughness, cosine); }
LobeAlbedo mean_lobe_albedo(double roughness) { return table().mean(roughness); }

void make_frame(const Vec3& n, Vec3& x, Vec3& y) {
    x = glm::normalize(glm::cross(std::abs(n.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0), n));
    y = glm::cross(n, x);
}

Vec3 scattered(const SurfaceLook& look, const Vec3& wo_W, const Vec3& wi_W) {
    Vec3 x, y;
    make_frame(look.n, x, y);
    const Vec3 wo = to_local(look, wo_W, x, y), wi = to_local(look, wi_W, x, y);
    if (wo.z <= 0 || wi.z == 0) return Vec3(0);
    if (look.kind == shader::kKindLeaf && wi.z < 0) {
        const double in = coupling(roughness_of(look), kDielectricF0, wo.z, -wi.z);
        return look.albedo * (kLeafThrough * -wi.z / kPi * in);
    }
    if (wi.z < 0 || look.kind == shader::kKindEmitter) return Vec3(0);
    if (look.kind == kLambertian) return look.albedo * (wi.z / kPi);
    const Vec3 h = glm::normalize(wo + wi);
    if (look.kind == shader::kKindMetal) return metal(look, wo, wi, h);
    return dielectric(look, roughness_of(look), wo, wi, h);
}

Vec3 sample_direction(const SurfaceLook& look, const Vec3& wo_W, const Vec3& u) {
    Vec3 x, y;
    make_frame(look.n, x, y);
    const Vec3 wo = to_local(look, wo_W, x, y);
    const Lobes p = lobes_of(look, wo.z);
    Vec3 wi;
    if (u.z < p.specular) {
        wi = mirrored(wo, visible_normal(alpha_of(roughness_of(look)), wo, u.x, u.y));
    } else {
        const double r = std::sqrt(u.x), phi = 2 * kPi * u.y;
        wi = {r * std::cos(phi), r * std::sin(phi), std::sqrt(1 - u.x)};
        if (u.z >= p.specular + p.diffuse) wi.z = -wi.z;
    }
    return x * wi.x + y * wi.y + look.n * wi.z;
}

double direction_density(const SurfaceLook& look, const Vec3& wo_W, const Vec3& wi_W) {
    Vec3 x, y;
    make_frame(look.n, x, y);
    const Vec3 wo = to_local(look, wo_W, x, y), wi = to_local(look, wi_W, x, y);
    const Lobes p = lobes_of(look, wo.z);
    if (wi.z < 0) return p.through * -wi.z / kPi;
    const Vec3 h = glm::normalize(wo + wi);
    return p.specular * ggx_density(alpha_of(roughness_of(look)), wo, h) + p.diffuse * wi.z / kPi;
}

}  // namespace huntsman::tests::support
