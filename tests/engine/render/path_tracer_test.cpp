// The path tracer against closed forms: what the renderer is compared with has to be right itself.
#include "tests/support/reference/path_tracer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"
#include "engine/render/lights.h"
#include "engine/render/materials.h"
#include "engine/render/shader_types.h"
#include "tests/support/mesh_builder.h"
#include "tests/support/reference/reference_scenes.h"

namespace huntsman::tests::support {
namespace {

using engine::core::JobPool;
using engine::core::Key;
using engine::math::kPi;
using engine::math::square;
namespace render = engine::render;
namespace shader = engine::render::shader;
namespace world = engine::world;

// One white texel a layer: no texture changes a colour.
render::BakedTextures white_textures() {
    constexpr auto kLayers = static_cast<int>(render::TextureLayer::kCount);
    static const std::vector<std::byte> texels(std::size_t{4} * kLayers, std::byte{255});
    return {.size = 1, .layers = kLayers, .levels = 1, .texels = texels};
}

Vec3 direction(double cosine, double azimuth_rad = 0) {
    const double sine = std::sqrt(1 - cosine * cosine);
    return {sine * std::cos(azimuth_rad), sine * std::sin(azimuth_rad), cosine};
}

// Share of the light from one direction that a surface scatters: an integral by its own samples,
// spread by the R-sequence [Roberts 2018].
Vec3 directional_albedo(const SurfaceLook& look, double cosine) {
    constexpr int kCount = 40000;
    const Vec3 wo = direction(cosine),
               step(0.8191725133961645, 0.6710436067037893, 0.5497004779019703);
    Vec3 sum(0), u(0.5);
    for (int i = 0; i < kCount; ++i) {
        u = glm::fract(u + step);
        const Vec3 wi = sample_direction(look, wo, u);
        const double density = direction_density(look, wo, wi);
        if (density > 0) sum += scattered(look, wo, wi) / density;
    }
    return sum / static_cast<double>(kCount);
}

TEST(WhiteFurnace, EverySurfaceOfAlbedoOneGivesBackAllLight) {
    for (const std::uint32_t kind :
         {shader::kKindDielectric, shader::kKindMetal, shader::kKindCoated, kLambertian}) {
        for (int step = 0; step <= 10; ++step) {
            for (const double cosine : {0.1, 0.4, 1.0}) {
                const SurfaceLook look{.albedo = Vec3(1), .roughness = 0.1 * step, .kind = kind};
                EXPECT_NEAR(directional_albedo(look, cosine).y, 1, 0.01)
                    << "kind " << kind << " roughness " << look.roughness << " cosine " << cosine;
            }
        }
    }
}

TEST(Scattering, IsReciprocalAndNeverNegative) {
    const Key key(5);
    for (std::uint64_t i = 0; i < 400; ++i) {
        const SurfaceLook look{
            .albedo = {key.uniform(8 * i), key.uniform(8 * i + 1), key.uniform(8 * i + 2)},
            .roughness = key.uniform(8 * i + 3),
            .kind = std::array{shader::kKindDielectric, shader::kKindMetal, shader::kKindCoated,
                               shader::kKindLeaf}[i % 4]};
        const Vec3 a = direction(key.uniform(0.05, 1, 8 * i + 4));
        const Vec3 b = direction(key.uniform(0.05, 1, 8 * i + 5), key.uniform(0, 6, 8 * i + 6));
        const Vec3 there = scattered(look, a, b) / b.z, back = scattered(look, b, a) / a.z;
        EXPECT_LT(glm::length(there - back), 1e-9 * (1 + glm::length(there)));
        EXPECT_GE(std::min({there.x, there.y, there.z}), 0);
    }
}

// Independent directions: the density integrates to the share of samples above the surface.
TEST(Scattering, DensityIsThatOfTheSamples) {
    const Key key(6);
    for (const std::uint32_t kind :
         {shader::kKindDielectric, shader::kKindMetal, shader::kKindCoated}) {
        const SurfaceLook look{.roughness = 0.6, .coat_roughness = 0.5, .kind = kind};
        const Vec3 wo = direction(0.5);
        // The share of samples above the surface in a cap around the mirror direction, and the
        // density's integral over the cap by uniform directions in it.
        const Vec3 axis = direction(0.5, kPi);
        Vec3 x, y;
        make_frame(axis, x, y);
        constexpr int kCount = 200000;
        constexpr double kCap = 0.8;
        double integral = 0;
        int inside = 0;
        const Key a = key.with("cap"), b = key.with("sample");
        for (std::uint64_t i = 0; i < kCount; ++i) {
            const Vec3 d = direction(a.uniform(kCap, 1, 2 * i), 2 * kPi * a.uniform(2 * i + 1));
            const Vec3 w = x * d.x + y * d.y + axis * d.z;
            integral += direction_density(look, wo, w) * 2 * kPi * (1 - kCap);
            const Vec3 u(b.uniform(3 * i), b.uniform(3 * i + 1), b.uniform(3 * i + 2));
            const Vec3 wi = sample_direction(look, wo, u);
            inside += wi.z > 0 && glm::dot(wi, axis) > kCap;
        }
        // Both are means of 200 000; their deviations are below 0.002.
        EXPECT_NEAR(integral / kCount, static_cast<double>(inside) / kCount, 0.008) << kind;
    }
}

world::World empty_world() {
    world::World w;
    w.size_m = 100;
    w.environment.cloud_cover = 0;
    return w;
}

// A lamp of radius r in the middle of a Lambertian sphere of radius R. The lamp lights the wall
// with E = pi L (r/R)²; of the light that the wall sends out, a share (r/R)² falls on the lamp and
// is lost, the rest falls on the wall again.
TEST(ClosedSphere, ReflectsTheSumOfItsSeries) {
    world::World w = empty_world();
    MeshBuilder wall, lamp;
    wall.material(world::Material::kRubber).ellipsoid({0, 0, 0}, {4, 4, 4}, 96, 192);
    lamp.material(world::Material::kLamp, world::Semantic::kNothing, world::Lamp::kStreet)
        .ellipsoid({0, 0, 0}, {1, 1, 1}, 48, 96);
    for (const MeshBuilder* b : {&wall, &lamp}) {
        w.scene.meshes.push_back(make_mesh("sphere", {b->lod(0)}));
        w.scene.instances.push_back({.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1),
                                     .lamps = world::bit(world::Lamp::kStreet)});
    }
    const TracedScene scene(w, {}, white_textures());
    ASSERT_GT(scene.emitters().size(), 1000U);
    const double lamp_radiance = scene.emitters()[0].radiance.y;
    for (const double albedo : {0.2, 0.5, 0.9}) {
        const double share = square(1.0 / 4.0);
        const double irradiance = kPi * lamp_radiance * share;
        const double first = albedo * irradiance / kPi;
        const double all = first / (1 - albedo * (1 - share));
        const TraceOptions options{.paths = 20000, .bounces = 200, .change = [&](RayHit& hit) {
                                       hit.look.kind = kLambertian;
                                       hit.look.albedo = Vec3(albedo);
                                   }};
        const TracedRadiance seen = trace_ray(scene, {2, 0.3, 0.1}, {1, 0, 0}, options, 3);
        // The facets' area is 0.1 % below the spheres'.
        EXPECT_NEAR(seen.direct.y / first, 1, 0.01) << albedo;
        EXPECT_NEAR((seen.direct + seen.indirect).y / all, 1, 0.015) << albedo;
    }
}

// Level ground under an open sky: sun and sky light reflected by a Lambertian are E / pi each.
TEST(OpenGround, ReflectsTheIlluminanceOfSunAndSky) {
    world::World w = empty_world();
    w.environment.sun_elevation_rad = 0.7;
    MeshBuilder b;
    b.material(world::Material::kRubber).quad({-50, -50, 0}, {100, 0, 0}, {0, 100, 0}, 1, 1);
    w.scene.meshes.push_back(make_mesh("ground", {b.lod(0)}));
    w.scene.instances.push_back({.mesh = 0});
    const TracedScene scene(w, {}, white_textures());
    const TraceOptions options{.paths = 20000, .bounces = 1, .change = [](RayHit& hit) {
                                   hit.look.kind = kLambertian;
                                   hit.look.albedo = Vec3(0.5);
                               }};
    const TracedRadiance seen =
        trace_ray(scene, {0, 0, 2}, glm::normalize(Vec3(0.3, 0.2, -1)), options, 1);
    const render::Sky& sky = scene.sky();
    const Vec3 sun = sky.sun_light_klx * std::sin(0.7) * (0.5 / kPi);
    // The sun's disc changes the mean cosine by less than a ten-thousandth.
    EXPECT_LT(glm::length(seen.direct - sun) / glm::length(sun), 0.001);
    // Nine harmonics hold the sky's irradiance to about 2 %.
    const double from_sky = sky.diffuse_horizontal_klx() * 0.5 / kPi;
    const double y = 0.2126 * seen.indirect.x + 0.7152 * seen.indirect.y + 0.0722 * seen.indirect.z;
    EXPECT_NEAR(y / from_sky, 1, 0.03);
}

// A square lamp above a plane: the form factor of a rectangle to a small parallel area below its
// middle [Howell, catalogue of configuration factors, C-11, four times].
TEST(AreaLamp, LightsAsItsFormFactorSays) {
    world::World w = empty_world();
    w.environment.sun_elevation_rad = -0.5;
    MeshBuilder ground, lamp;
    ground.material(world::Material::kRubber).quad({-50, -50, 0}, {100, 0, 0}, {0, 100, 0}, 1, 1);
    lamp.material(world::Material::kLamp, world::Semantic::kNothing, world::Lamp::kStreet)
        .quad({-1, -1, 2}, {0, 2, 0}, {2, 0, 0}, 1, 1);
    for (const MeshBuilder* b : {&ground, &lamp}) {
        w.scene.meshes.push_back(make_mesh("part", {b->lod(0)}));
        w.scene.instances.push_back({.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1),
                                     .lamps = world::bit(world::Lamp::kStreet)});
    }
    const TracedScene scene(w, {}, white_textures());
    ASSERT_EQ(scene.emitters().size(), 2U);
    const double x = 0.5;  // half side over height, both ways
    const double root = std::sqrt(1 + x * x);
    const double factor = 4 / (2 * kPi) * (2 * x / root * std::atan(x / root));
    const double expected = 0.5 * scene.emitters()[0].radiance.y * factor;
    const TraceOptions options{
        .paths = 20000, .bounces = 0, .lamp_faces = true, .change = [](RayHit& hit) {
            hit.look.kind = kLambertian;
            hit.look.albedo = Vec3(0.5);
        }};
    // With lamps aimed at only, and with reflections that find them too.
    for (const int bounces : {1, 2}) {
        TraceOptions more = options;
        more.bounces = bounces;
        const Vec3 from(1.5, 0, 0.5);
        const TracedRadiance seen = trace_ray(scene, from, glm::normalize(Vec3(0) - from), more, 2);
        EXPECT_NEAR(seen.direct.y / expected, 1, 0.01);
    }
}

// A street lamp at night, straight above: intensity over distance squared.
TEST(PointLamp, LightsByTheInverseSquare) {
    world::World w = empty_world();
    w.environment.sun_elevation_rad = -0.5;
    MeshBuilder ground, lamp;
    ground.material(world::Material::kRubber).quad({-50, -50, 0}, {100, 0, 0}, {0, 100, 0}, 1, 1);
    lamp.material(world::Material::kLamp, world::Semantic::kNothing, world::Lamp::kStreet)
        .box({-0.1, -0.1, 6}, {0.1, 0.1, 6.06});
    for (const MeshBuilder* b : {&ground, &lamp}) {
        w.scene.meshes.push_back(make_mesh("part", {b->lod(0)}));
        w.scene.instances.push_back(
            {.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1)});
    }
    const TracedScene scene(w, {}, white_textures());
    ASSERT_EQ(scene.lamps().size(), 1U);
    const double height = scene.lamps()[0].p_W.z;
    EXPECT_NEAR(height, 6, 0.1);
    const TraceOptions options{.paths = 16, .bounces = 0, .change = [](RayHit& hit) {
                                   hit.look.kind = kLambertian;
                                   hit.look.albedo = Vec3(0.5);
                               }};
    const TracedRadiance seen =
        trace_ray(scene, {1, 0, 2}, glm::normalize(Vec3(-1, 0, -2)), options, 1);
    // The lantern sends 0.7 of its intensity straight down; its light is warm, and red is 1.
    const double intensity = 0.7 * render::beam_of(world::Lamp::kStreet).intensity_kcd;
    const double expected = 0.5 / kPi * intensity / (height * height + 0.01);
    // The moon adds less than a hundredth.
    EXPECT_NEAR(seen.direct.x / expected, 1, 0.01);
}

TEST(PathTracer, ThreadsChangeNoBit) {
    const ReferenceScene s = make_reference_scene(6);
    const TracedScene scene(s.world, s.state, white_textures(), &s.view, 1.5);
    render::View view = s.view;
    view.width = 40;
    view.height = 25;
    view.fx = view.fy = 0.25 * s.view.fx;
    view.cx = 20;
    view.cy = 12.5;
    JobPool one(1), three(3);
    const TracedPicture a = trace(scene, view, {.paths = 4}, one);
    const TracedPicture b = trace(scene, view, {.paths = 4}, three);
    EXPECT_EQ(a.direct, b.direct);
    EXPECT_EQ(a.indirect, b.indirect);
    // And it is a picture of something.
    EXPECT_GT(glm::length(a.direct[40 * 20 + 20]), 0.1);
}

}  // namespace
}  // namespace huntsman::tests::support
