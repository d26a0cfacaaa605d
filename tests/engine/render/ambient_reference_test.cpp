// Sky visibility of the ambient volume's probes against rays through the real triangles.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"
#include "engine/render/ambient_volume.h"
#include "tests/support/reference/reference_scenes.h"
#include "tests/support/reference/traced_scene.h"

namespace huntsman::tests::support {
namespace {

using engine::core::Key;
using engine::math::kPi;
using engine::math::Vec2;
namespace render = engine::render;

// Share of the sky that an upward surface at p sees, by rays spread with the cosine.
double open_share(const TracedScene& scene, const Vec3& p) {
    constexpr int kSide = 16;
    int open = 0;
    for (int i = 0; i < kSide; ++i) {
        for (int j = 0; j < kSide; ++j) {
            const double r = std::sqrt((i + 0.5) / kSide), phi = 2 * kPi * (j + 0.5) / kSide;
            open +=
                scene.open(p, {r * std::cos(phi), r * std::sin(phi), std::sqrt(1 - r * r)}, 1e4);
        }
    }
    return static_cast<double>(open) / (kSide * kSide);
}

struct Agreement {
    double mean_error = 0, bias = 0, mean_open = 0;
};
// Over places of a strip of ground, one metre and a half above it.
Agreement agreement(int scene_index, const Vec2& low, const Vec2& high) {
    const render::BakedTextures textures = render::baked_textures();
    const ReferenceScene s = make_reference_scene(scene_index);
    const TracedScene scene(s.world, s.state, textures);
    const render::HeightField heights(s.world, textures);
    const Key key(11);
    constexpr int kPlaces = 200;
    Agreement result;
    for (std::uint64_t i = 0; i < kPlaces; ++i) {
        const Vec3 p(key.uniform(low.x, high.x, 2 * i), key.uniform(low.y, high.y, 2 * i + 1), 1.5);
        const double traced = open_share(scene, p);
        const double probe = render::probe_at(heights, scene.sky(), p).open;
        result.mean_error += std::abs(probe - traced) / kPlaces;
        result.bias += (probe - traced) / kPlaces;
        result.mean_open += traced / kPlaces;
    }
    return result;
}

// The field has cells of two metres and the horizon eleven steps, so walls near by may stand up to
// a cell aside; trees and cars are not in it, but rays meet them.
TEST(SkyVisibility, OfProbesIsThatOfRays) {
    const Agreement canyon = agreement(4, {2, -4}, {50, 4});
    EXPECT_NEAR(canyon.mean_open, 0.30, 0.05);
    EXPECT_LT(canyon.mean_error, 0.03);
    const Agreement courtyard = agreement(5, {-5, -5}, {5, 5});
    EXPECT_NEAR(courtyard.mean_open, 0.25, 0.05);
    EXPECT_LT(courtyard.mean_error, 0.08);
    const Agreement street = agreement(0, {-60, -5}, {60, 5});
    EXPECT_LT(street.mean_error, 0.07);
    EXPECT_GT(street.bias, -0.02);
    const Agreement corner = agreement(8, {4, -8}, {12, 4});
    EXPECT_NEAR(corner.mean_open, 0.90, 0.05);
    EXPECT_LT(corner.mean_error, 0.03);
}

}  // namespace
}  // namespace huntsman::tests::support
