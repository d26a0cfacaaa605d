#include <algorithm>

#include "engine/core/random.h"
#include "scenarios/catalogue/furniture.h"
#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::MeshLod;

namespace {

struct Shape {
    double height_m, crown_from_m, crown_radius_m, trunk_m;
    int blobs;
    Colour leaves;
};
constexpr Shape kShapes[kTreeKinds] = {
    {9.0, 2.6, 2.5, 0.17, 7, {0.85F, 1.0F, 0.75F}},    // broad, like a lime
    {11.5, 2.3, 1.7, 0.19, 6, {0.72F, 0.92F, 0.70F}},  // tall, like a hornbeam
    {5.2, 2.0, 1.5, 0.10, 4, {1.0F, 1.0F, 0.70F}},     // small, like a cherry
};

MeshLod tree_level(const Shape& shape, const engine::core::Key& key, int level) {
    MeshBuilder builder;
    // Trunk with a slight lean, and a few branches into the crown.
    builder.use(Material::kBark);
    const int sides = level == 0 ? 8 : level == 1 ? 5 : 3;
    constexpr int kRings[] = {8, 6, 4}, kAround[] = {12, 8, 6};  // of a blob
    const double crown_height = shape.height_m - shape.crown_from_m;
    const Vec3 fork(key.uniform(-0.12, 0.12, 1), key.uniform(-0.12, 0.12, 2),
                    shape.crown_from_m + 0.12 * crown_height);
    builder.tube({0, 0, -0.1}, fork, 1.25 * shape.trunk_m, 0.8 * shape.trunk_m, sides, false);
    builder.tube(fork, fork + Vec3(0, 0, 0.5 * crown_height), 0.8 * shape.trunk_m,
                 0.2 * shape.trunk_m, sides, false);
    std::vector<Vec3> centres;
    for (int i = 0; i < shape.blobs; ++i) {
        // Blobs wind up around the axis and shrink towards the top.
        const double share = (i + 0.5) / shape.blobs;
        const double turn = 2.4 * i + key.uniform(0, 1.2, static_cast<std::uint64_t>(10 + i));
        const double out = shape.crown_radius_m * (0.62 - 0.45 * share);
        centres.push_back(Vec3(std::cos(turn) * out, std::sin(turn) * out,
                               shape.crown_from_m + crown_height * (0.2 + 0.62 * share)));
        if (level < 3) {
            builder.tube(fork, centres.back(), 0.4 * shape.trunk_m, 0.12 * shape.trunk_m,
                         level == 0 ? 4 : 3, false);
        }
    }
    // Crown: bumpy blobs with sprays that stand out of them; from afar one.
    const auto bumps = [&](double phase) {
        return [phase](const Vec3& d) {
            return 1.0 + 0.09 * std::sin(5.0 * d.x + 3.0 * d.z + phase) +
                   0.08 * std::sin(6.0 * d.y - 5.0 * d.z + 1.7 * phase) +
                   0.05 * std::sin(9.0 * d.z + 8.0 * d.x + phase);
        };
    };
    // Little light reaches the inside and the underside; leaves at the top are young and light.
    const Vec3 middle(0, 0, shape.crown_from_m + 0.5 * crown_height);
    const Vec3 extent(shape.crown_radius_m, shape.crown_radius_m, 0.5 * crown_height);
    const auto light_at = [=](const Vec3& p, const Vec3& n) {
        const Vec3 q = (p - middle) / extent;
        const double out = std::clamp(glm::length(q), 0.0, 1.15);
        const double up = std::clamp(0.5 + 0.35 * q.z + 0.25 * n.z, 0.0, 1.0);
        const auto f = static_cast<float>((0.30 + 0.52 * out * out) * (0.62 + 0.55 * up));
        const auto young = static_cast<float>(0.14 * up);
        return Colour{f * (1 + young), f, f * (1 - young)};
    };
    builder.use(Material::kLeaves, shape.leaves);
    builder.shade(light_at);
    if (level == 3) {
        builder.blob(middle, {shape.crown_radius_m, shape.crown_radius_m, 0.52 * crown_height}, 5,
                     7, bumps(key.uniform(0, 6, 50)));
        return builder.finish();
    }
    constexpr int kSprays[] = {150, 60, 0};  // on a blob
    for (std::size_t i = 0; i < centres.size(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(centres.size());
        const double r = shape.crown_radius_m * (0.62 - 0.14 * share);
        const double tall = std::max(0.8 * r, 0.24 * crown_height);
        builder.shade(light_at);
        builder.blob(centres[i], {r, r, tall}, kRings[level], kAround[level],
                     bumps(key.uniform(0, 6, 60 + i)));
        for (int k = 0; k < kSprays[level]; ++k) {
            const auto draw = key.with(100 + i).with(static_cast<std::uint64_t>(k));
            const double z = draw.uniform(-0.75, 1.0, 0), turn = draw.uniform(0, 2 * math::kPi, 1);
            const Vec3 d(std::sqrt(1 - z * z) * math::direction(turn), z);
            const Vec3 root = centres[i] + d * Vec3(r, r, tall) * draw.uniform(0.86, 1.05, 2);
            // A spray lies about along the surface, hangs a little and points outwards.
            const Vec3 aside = glm::normalize(
                glm::cross(d, Vec3(draw.uniform(-1, 1, 3), draw.uniform(-1, 1, 4), 1.2)));
            const Vec3 along = glm::normalize(glm::cross(aside, d) * draw.uniform(-0.9, 0.9, 5) +
                                              0.75 * d - Vec3(0, 0, 0.25));
            const double size = draw.uniform(0.28, 0.52, 6) * (level == 0 ? 1.0 : 1.5);
            const auto tone = static_cast<float>(draw.uniform(0.75, 1.35, 7));
            const auto hue = static_cast<float>(draw.uniform(0.88, 1.16, 8));
            builder.shade([&](const Vec3& p, const Vec3& n) {
                const Colour c = light_at(p, n);
                return Colour{c.r * tone * hue, c.g * tone, c.b * tone};
            });
            const Vec2 uv(draw.uniform(0, 3, 9), draw.uniform(0, 3, 10));
            const auto a = builder.vertex(root - 0.5 * size * aside, d, uv);
            builder.vertex(root + 0.5 * size * aside, d, uv + Vec2(size, 0));
            builder.vertex(root + 0.3 * size * aside + size * along, d,
                           uv + Vec2(0.8 * size, size));
            builder.vertex(root - 0.2 * size * aside + 0.8 * size * along, d,
                           uv + Vec2(0.3 * size, 0.8 * size));
            builder.triangle(a, a + 1, a + 2);
            builder.triangle(a, a + 2, a + 3);
        }
    }
    return builder.finish();
}

}  // namespace

double trunk_radius_m(int kind) { return kShapes[kind].trunk_m; }
double tree_height_m(int kind) { return kShapes[kind].height_m; }

Mesh tree(int kind, std::uint64_t variant) {
    const auto key = engine::core::Key(variant).with("tree").with(static_cast<std::uint64_t>(kind));
    std::vector<MeshLod> lods;
    for (int level = 0; level < 4; ++level) lods.push_back(tree_level(kShapes[kind], key, level));
    return make_mesh("tree", std::move(lods));
}

}  // namespace huntsman::scenarios::catalogue
