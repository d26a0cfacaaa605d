// How surfaces scatter light: written from the papers in double precision, apart from the shaders.
//
// Kinds are those of shader_types.h; the sums below reflect exactly all light when albedo is 1.
//   dielectric  GGX with F0 0.04 over a Lambertian base, coupled by the directional albedo E of the
//               upper lobe so that what is not reflected reaches the base
//               [Kelemen and Szirmay-Kalos 2001; Kulla and Conty 2017]:
//               albedo / pi · (1 - E(o)) (1 - E(i)) / (1 - E_mean)
//   metal       GGX with F0 = albedo and the light that a single scattering loses
//               [Kulla and Conty 2017]
//   coated      the same with the coat's lobe, which is smooth: binder and coat refract alike, so
//               that nothing is reflected between them
//   leaf        a dielectric whose base also sends light through, half as much as it throws back
//   kLambertian a base without anything above it, for scenes with a closed form
// GGX has the height-correlated Smith shadowing [Heitz 2014]; Fresnel is Schlick's.
//
//   Heitz: Understanding the masking-shadowing function in microfacet-based BRDFs, JCGT 2014.
//   Heitz: Sampling the GGX distribution of visible normals, JCGT 2018.
//   Kelemen, Szirmay-Kalos: A microfacet based coupled specular-matte BRDF model, EG 2001.
//   Kulla, Conty: Revisiting physically based shading at Imageworks, SIGGRAPH course 2017.
#pragma once

#include <cstdint>

#include "engine/math/vec.h"

namespace huntsman::tests::support {

using engine::math::Vec3;

// What a surface is like at one point.
struct SurfaceLook {
    Vec3 n{0, 0, 1};         // unit normal for shading, on the side of the viewer
    Vec3 albedo{0.5};        // linear
    double roughness = 0.8;  // perceptual: alpha = roughness²
    double coat_roughness = 0.0775;
    std::uint32_t kind = 0;  // shader::kKind...
};

constexpr double kSmoothest = 0.045;  // perceptual roughness below which no lobe goes

constexpr std::uint32_t kLambertian = 100;  // no kind of the renderer's

// BSDF times the cosine of wi to the normal. Directions are unit and point away from the surface.
Vec3 scattered(const SurfaceLook& look, const Vec3& wo, const Vec3& wi);

// A direction with density about proportional to `scattered`, from three numbers in [0, 1).
Vec3 sample_direction(const SurfaceLook& look, const Vec3& wo, const Vec3& u);
// The density of sample_direction per solid angle.
double direction_density(const SurfaceLook& look, const Vec3& wo, const Vec3& wi);

// Directional albedo of a GGX lobe with Schlick's Fresnel: F0 · scale + bias; tabulated.
struct LobeAlbedo {
    double scale = 1, bias = 0;
    double of(double f0) const { return f0 * scale + bias; }
};
LobeAlbedo lobe_albedo(double roughness, double cosine);
// Its mean over cosine-weighted directions.
LobeAlbedo mean_lobe_albedo(double roughness);

// Two unit vectors that make a right-handed frame with n.
void make_frame(const Vec3& n, Vec3& x, Vec3& y);

}  // namespace huntsman::tests::support
