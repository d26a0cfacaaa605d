// Parts of the renderer that need no device: sky, exposure, culling, shadow maps' places.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "engine/render/baked_textures.h"
#include "engine/render/draw_list.h"
#include "engine/render/exposure.h"
#include "engine/render/occluders.h"
#include "engine/render/precipitation.h"
#include "engine/render/render_scene.h"
#include "engine/render/shadow_fit.h"
#include "engine/render/sky.h"
#include "engine/texture/textures.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::engine::render {
namespace {

using math::kPi;
using math::Vec3;
using texture::make_textures;
using texture::TextureSet;

double luminance(const Vec3& c) { return 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z; }

Sky sky_at(double elevation_rad, double cover = 0) {
    world::Environment e;
    e.sun_elevation_rad = elevation_rad;
    e.cloud_cover = cover;
    return make_sky(e);
}

TEST(Sky, ClearNoonHasAboutHundredKiloluxOfSunAndTwentyOfSky) {
    const Sky sky = sky_at(1.2);
    // Daylight tables give 90-110 klx direct at normal incidence and 10-25 klx diffuse.
    EXPECT_GT(luminance(sky.sun_light_klx), 80);
    EXPECT_LT(luminance(sky.sun_light_klx), 118);
    EXPECT_GT(sky.diffuse_horizontal_klx(), 8);
    EXPECT_LT(sky.diffuse_horizontal_klx(), 28);
}

TEST(Sky, ClearSkyIsBlueAndTheLowSunIsRed) {
    const Sky noon = sky_at(1.0), evening = sky_at(0.06);
    const Vec3 up = noon.irradiance[0];
    EXPECT_GT(up.z, 1.2 * up.x);
    EXPECT_GT(evening.sun_light_klx.x, 1.5 * evening.sun_light_klx.z);
    EXPECT_LT(luminance(evening.sun_light_klx), 0.5 * luminance(noon.sun_light_klx));
}

TEST(Sky, CloudsTakeTheSunAndGreyTheSky) {
    const Sky clear = sky_at(0.8, 0.0), closed = sky_at(0.8, 1.0);
    EXPECT_LT(luminance(closed.sun_light_klx), 0.02 * luminance(clear.sun_light_klx));
    const Vec3 grey = closed.irradiance[0];
    EXPECT_LT(grey.z / grey.x, 1.2);
    EXPECT_GT(closed.diffuse_horizontal_klx(), 5);
}

TEST(Exposure, SunnySixteen) {
    // f/16 and 1/100 s at ISO 100 are EV100 14.6; the rule serves a card of 18 % in 100 klx.
    const double ev100 = std::log2(16.0 * 16.0 * 100.0);
    EXPECT_NEAR(ev100_of(0.18 * 100e3 / kPi), ev100, 1.0);
    EXPECT_NEAR(ev100_of(0.125), 0, 1e-12) << "EV 0 is an eighth of a candela per square metre";
}

TEST(Exposure, NightIsShownDarkerThanDay) {
    const std::vector<float> day(4000, 5.0F), night(4000, 0.0002F);
    const double by_day = 5.0 * exposure_scale(wanted_ev100(day));
    const double by_night = 0.0002 * exposure_scale(wanted_ev100(night));
    EXPECT_NEAR(by_night / by_day, std::exp2(-1.5), 0.05);
}

TEST(Exposure, UniformPictureComesOutAsMiddleGreyByDaylight) {
    for (const float l : {0.3F, 1.0F, 30.0F}) {
        const std::vector<float> picture(4000, l);
        const double shown = l * exposure_scale(wanted_ev100(picture));
        // A histogram bin is an eighth of a stop wide.
        EXPECT_NEAR(std::log2(shown / 0.125), 0.0, 0.125) << l;
    }
}

TEST(Exposure, FewBlindingPixelsDoNotDarkenThePicture) {
    std::vector<float> picture(1000, 1.0F);
    const double before = wanted_ev100(picture);
    std::fill_n(picture.begin(), 50, 5e4F);
    EXPECT_NEAR(wanted_ev100(picture), before, 0.02);
}

TEST(Exposure, BlackAroundARoundPictureDoesNotCount) {
    std::vector<float> picture(1000, 2.0F);
    const double before = wanted_ev100(picture);
    picture.resize(1900, 0.0F);
    EXPECT_EQ(wanted_ev100(picture), before);
}

TEST(Exposure, FollowsThePictureBeforeUnlessThereIsNoneOrTimeJumps) {
    constexpr core::TimeUs kSecond = core::kMicrosPerSecond;
    AutoExposure exposure;
    EXPECT_FALSE(exposure.at(0));
    exposure.keep(10, 12, 5 * kSecond);
    EXPECT_EQ(exposure.at(5 * kSecond + 100'000), adapted_ev100(10, 12, 0.1));
    EXPECT_TRUE(exposure.at(7 * kSecond));
    EXPECT_FALSE(exposure.at(7 * kSecond + 1));
    EXPECT_FALSE(exposure.at(5 * kSecond - 1));
}

TEST(Exposure, AdaptsMonotonicallyAndReachesItsAimExactly) {
    double ev = 3.0;
    for (int i = 0; i < 60; ++i) {
        const double next = adapted_ev100(ev, -2.0, 0.1);
        EXPECT_LE(next, ev);
        ev = next;
    }
    EXPECT_EQ(ev, -2.0);
}

TEST(Culling, SeesASphereExactlyWhenItTouchesTheFrustum) {
    // Looks along +x with 90 degrees each way.
    const View view{.X_WC = {math::camera_rotation(0, 0), {0, 0, 0}},
                    .width = 200,
                    .height = 200,
                    .fx = 100,
                    .fy = 100,
                    .cx = 100,
                    .cy = 100};
    const Frustum frustum(view);
    EXPECT_TRUE(frustum.sees({10, 0, 0}, 1));
    EXPECT_FALSE(frustum.sees({-10, 0, 0}, 1));
    // The left border is the plane y = x: a point beside it is d / sqrt(2) away.
    EXPECT_TRUE(frustum.sees({10, 11, 0}, 0.72));
    EXPECT_FALSE(frustum.sees({10, 11, 0}, 0.70));
    EXPECT_NEAR(frustum.nearest_depth({10, 3, 2}, 1), 9, 1e-12);
}

// Houses as boxes: middle, half length, half width and height [m].
struct HouseBox {
    Vec3 middle{0, 0, 0};
    double half_x = 5, half_y = 10, height = 15;
};
Occluders occluders_of(const std::vector<HouseBox>& houses, double below_ground_m = 0.3) {
    world::World world;
    for (const HouseBox& house : houses) {
        tests::support::MeshBuilder builder;
        builder.material(world::Material::kFacade)
            .box({-house.half_x, -house.half_y, -below_ground_m},
                 {house.half_x, house.half_y, house.height});
        world.scene.meshes.push_back(tests::support::make_mesh("house", {builder.lod(0)}));
        world.scene.instances.push_back(
            {.mesh = static_cast<std::uint32_t>(world.scene.meshes.size() - 1),
             .X_WM = math::upright(house.middle, 0),
             .semantic = world::Semantic::kBuilding});
    }
    return Occluders(world);
}
bool hides(const Occluders& occluders, const Vec3& middle, double half_m, double top_m) {
    return occluders.hide(
        {.plan = {.centre = math::xy(middle), .half = {half_m, half_m}}, .top_m = top_m});
}

TEST(Occlusion, ABuildingHidesWhatIsWhollyBehindIt) {
    // 20 m wide across the view, from 20 to 30 m ahead, 15 m high.
    Occluders occluders = occluders_of({{.middle = {25, 0, 0}}});
    EXPECT_EQ(occluders.walls(), 4U);
    occluders.look_from({0, 0, 1.5});
    EXPECT_TRUE(hides(occluders, {60, 0, 1}, 2, 3));
    EXPECT_TRUE(hides(occluders, {25, 0, 1}, 2, 3)) << "inside";
    EXPECT_FALSE(hides(occluders, {25, 0, 1}, 5, 15)) << "the building itself";
    EXPECT_FALSE(hides(occluders, {15, 0, 1}, 2, 3)) << "before";
    EXPECT_FALSE(hides(occluders, {-60, 0, 1}, 2, 3)) << "at the back";
    // The sector's border passes through (20, 10): at 58 m it lies 29 m aside.
    EXPECT_TRUE(hides(occluders, {60, 26.9, 1}, 2, 3));
    EXPECT_FALSE(hides(occluders, {60, 27.1, 1}, 2, 3)) << "peeks out at the side";
    // The line over the near wall's ends rises by 13.5 m in 22.4 m: by 35.0 m in 58 m.
    EXPECT_TRUE(hides(occluders, {60, 0, 1}, 2, 36.4));
    EXPECT_FALSE(hides(occluders, {60, 0, 1}, 2, 36.7)) << "a tower above the roof";
    // Whoever stands inside sees the walls' backs, which are not drawn.
    occluders.look_from({25, 0, 1.5});
    EXPECT_FALSE(hides(occluders, {60, 0, 1}, 2, 3)) << "from inside";
    occluders.look_from({0, 0, 16});
    EXPECT_FALSE(hides(occluders, {60, 0, 1}, 2, 3)) << "from above";
}

TEST(Occlusion, HousesOfARowHideTogetherAndAGapDoesNot) {
    const auto row = [](double gap_m) {
        Occluders occluders = occluders_of(
            {{.middle = {25, -10 - 0.5 * gap_m, 0}}, {.middle = {25, 10 + 0.5 * gap_m, 0}}});
        occluders.look_from({0, 0, 1.5});
        return hides(occluders, {100, 0, 1}, 2, 3);
    };
    EXPECT_TRUE(row(0));
    EXPECT_FALSE(row(0.02));
}

TEST(Occlusion, AWallAboveTheGroundHidesNothing) {
    Occluders occluders = occluders_of({{.middle = {25, 0, 0}}}, -3.0);
    EXPECT_EQ(occluders.walls(), 0U);
}

TEST(Occlusion, NoLineOfSightToWhatIsHiddenIsFree) {
    // A street with gaps, and boxes anywhere: each corner of a hidden box lies behind some wall.
    std::vector<HouseBox> houses;
    const core::Key key = core::Key(1).with("occlusion");
    for (std::uint64_t i = 0; i < 24; ++i) {
        houses.push_back({.middle = {-110 + 10.0 * static_cast<double>(i),
                                     key.with(i).uniform(0) < 0.5 ? 18.0 : -18.0, 0},
                          .half_x = 5,
                          .half_y = 6,
                          .height = 4 + 12 * key.with(i).uniform(1)});
    }
    Occluders occluders = occluders_of(houses);
    std::size_t hidden = 0;
    for (std::uint64_t k = 0; k < 4000; ++k) {
        const auto dice = key.with("box").with(k);
        const Vec3 eye(120 * dice.uniform(0) - 60, 16 * dice.uniform(1) - 8, 1.5);
        occluders.look_from(eye);
        const Bounds bounds{
            .plan = {.centre = {240 * dice.uniform(2) - 120, 160 * dice.uniform(3) - 80},
                     .yaw_rad = 6 * dice.uniform(4),
                     .half = {0.2 + 6 * dice.uniform(5), 0.2 + 6 * dice.uniform(6)}},
            .top_m = 0.5 + 12 * dice.uniform(7)};
        if (!occluders.hide(bounds)) continue;
        ++hidden;
        for (const math::Vec2& corner : bounds.plan.corners()) {
            const Vec3 way = Vec3(corner, bounds.top_m) - eye;
            const bool blocked = std::any_of(houses.begin(), houses.end(), [&](const HouseBox& h) {
                // Slabs of the box, along the way from 0 to 1.
                double in = 0, out = 1;
                const Vec3 low = h.middle - Vec3(h.half_x, h.half_y, 0.3);
                const Vec3 high = h.middle + Vec3(h.half_x, h.half_y, h.height);
                for (int axis = 0; axis < 3; ++axis) {
                    const double a = (low[axis] - 1e-3 - eye[axis]) / way[axis];
                    const double b = (high[axis] + 1e-3 - eye[axis]) / way[axis];
                    in = std::max(in, std::min(a, b));
                    out = std::min(out, std::max(a, b));
                }
                return in <= out;
            });
            EXPECT_TRUE(blocked) << "box " << k;
        }
    }
    EXPECT_GT(hidden, 400U);
}

TEST(LevelOfDetail, IsTheCoarsestWithinTheErrorBudget) {
    MeshDraw mesh;
    for (const float error : {0.0F, 0.1F, 1.0F}) mesh.lods.push_back({.error_m = error});
    // One pixel at f = 100 px is depth / 100.
    EXPECT_EQ(choose_lod(mesh, 5, 100, 1), 0U);
    EXPECT_EQ(choose_lod(mesh, 10.1, 100, 1), 1U);
    EXPECT_EQ(choose_lod(mesh, 99, 100, 1), 1U);
    EXPECT_EQ(choose_lod(mesh, 101, 100, 1), 2U);
}

TEST(Shadows, CascadesHoldTheRigAndStayPutWhileItMovesALittle) {
    const Vec3 sun = glm::normalize(Vec3(0.3, 0.5, 0.7));
    const ShadowFit fit = fit_shadows(sun, {10, 20, 1}, 2048, 1000);
    EXPECT_NEAR(glm::length(fit.x), 1, 1e-12);
    EXPECT_NEAR(glm::dot(fit.x, fit.z), 0, 1e-12);
    for (const Cascade& c : fit.cascades) {
        const math::Vec2 rig = fit.across({10, 20, 1});
        EXPECT_LE(std::abs(rig.x - c.centre.x), 0.2 * c.half_m);
        EXPECT_LE(std::abs(rig.y - c.centre.y), 0.2 * c.half_m);
    }
    const ShadowFit moved = fit_shadows(sun, {10.1, 20, 1}, 2048, 1000);
    EXPECT_EQ(moved.cascades[2].centre, fit.cascades[2].centre);
}

// Points within a fine cascade are looked up there, so that coarser ones do without what shades
// only them; what stays in a map while the finer cascade moves on stays in each.
TEST(Shadows, CoarseCascadesLeaveOutWhatMovesWithinFinerOnes) {
    world::World world;
    tests::support::MeshBuilder builder;
    builder.material(world::Material::kConcrete).box({-1, -1, 0}, {1, 1, 2});
    world.scene.meshes.push_back(tests::support::make_mesh("box", {builder.lod(0)}));
    const RenderScene scene(world);
    const ShadowFit fit = fit_shadows({0, 0, 1}, {0, 0, 0}, 2048, 1000);
    const auto cascades = [&](double away_m, Casters casters) {
        const Item item{.centre = fit.x * away_m, .radius_m = 2.0, .mesh = 0};
        std::string in;
        for (std::size_t i = 0; i < shader::kCascades; ++i) {
            std::vector<DrawCommand> commands;
            shadow_draws(fit, i, scene, {&item, 1}, casters, {}, commands);
            if (!commands.empty()) in += std::to_string(i);
        }
        return in;
    };
    EXPECT_EQ(cascades(0, Casters::kFixed), "012");
    EXPECT_EQ(cascades(0, Casters::kMoving), "0");
    // Across the border of the first; within the second alone; across its border.
    EXPECT_EQ(cascades(fit.cascades[0].half_m - 2.5, Casters::kMoving), "01");
    EXPECT_EQ(cascades(fit.cascades[0].half_m + 4, Casters::kMoving), "1");
    EXPECT_EQ(cascades(fit.cascades[1].half_m - 2.5, Casters::kMoving), "12");
    EXPECT_EQ(cascades(fit.cascades[2].half_m + 4, Casters::kMoving), "");
}

TEST(DirtyTiles, CoverAMovingCasterAndNothingFarAway) {
    const ShadowFit fit = fit_shadows({0, 0, 1}, {0, 0, 0}, 2048, 1000);
    DirtyTiles tiles(2048);
    const Item item{.centre = fit.x * 3.0 + fit.y * 4.0, .radius_m = 1.0};
    tiles.mark(fit, 0, {&item, 1});
    const Cascade& c = fit.cascades[0];
    const double x = (3.0 - c.centre.x + c.half_m) / c.texel_m;
    const double y = (4.0 - c.centre.y + c.half_m) / c.texel_m;
    bool covered = false;
    for (const DirtyTiles::Run& run : tiles.runs()) {
        covered = covered || (x >= run.x && x < run.x + run.width && y >= run.y &&
                              y < run.y + DirtyTiles::kTile);
        EXPECT_LT(std::abs(run.y + 32 - y), 1.0 / c.texel_m + 2 * DirtyTiles::kTile);
    }
    EXPECT_TRUE(covered);
}

TEST(Textures, AreTheSameForAnyNumberOfThreadsAndTile) {
    core::JobPool one(1), two(2);
    const TextureSet a = make_textures(one), b = make_textures(two);
    EXPECT_EQ(a.texels, b.texels);
    // What the build painted is the same too.
    const BakedTextures baked = baked_textures();
    EXPECT_EQ(baked.size, a.size);
    EXPECT_EQ(baked.layers, a.layers);
    EXPECT_EQ(baked.levels, a.levels);
    EXPECT_TRUE(std::ranges::equal(baked.texels, a.texels));
    // Opposite borders continue each other: their difference is like that of neighbouring columns.
    const auto at = [&](std::size_t layer, int x, int y) {
        const std::size_t n = static_cast<std::size_t>(a.size);
        return static_cast<int>(a.texels[4 * (layer * n * n + static_cast<std::size_t>(y) * n +
                                              static_cast<std::size_t>(x))]);
    };
    // Walls in bays may change at a bay's border; all others are seamless.
    for (std::size_t layer = 0; layer <= static_cast<std::size_t>(TextureLayer::kPlaster);
         ++layer) {
        double seam = 0, inner = 0;
        for (int y = 0; y < a.size; ++y) {
            seam += std::abs(at(layer, 0, y) - at(layer, a.size - 1, y));
            for (const int x : {101, 203, 307, 401}) {
                inner += 0.25 * std::abs(at(layer, x, y) - at(layer, x - 1, y));
            }
        }
        // Joints may lie on the border, so the allowance is generous; a wrong period gives more.
        EXPECT_LT(seam, 6 * inner + 12.0 * a.size) << layer;
    }
}

TEST(Materials, GroundAlbedosAreThoseOfRealSurfaces) {
    core::JobPool pool(2);
    const TextureSet set = make_textures(pool);
    const auto mean = [&](TextureLayer layer) {
        // The last level holds one texel a layer; its channels are square roots.
        const std::byte* last = set.texels.data() + set.texels.size() -
                                4 * static_cast<std::size_t>(set.layers) +
                                4 * static_cast<std::size_t>(layer);
        return std::pow(static_cast<int>(last[1]) / 255.0, 2.0);
    };
    // Ranges as measured on roads and in towns [Oke 1987; Santamouris 2013].
    EXPECT_NEAR(mean(TextureLayer::kAsphalt), 0.10, 0.05);
    EXPECT_NEAR(mean(TextureLayer::kConcrete), 0.30, 0.10);
    EXPECT_NEAR(mean(TextureLayer::kGrass), 0.10, 0.05);
    EXPECT_NEAR(mean(TextureLayer::kSoil), 0.12, 0.07);
    EXPECT_NEAR(mean(TextureLayer::kPaving), 0.25, 0.10);
    EXPECT_NEAR(mean(TextureLayer::kCobbles), 0.16, 0.08);
    EXPECT_GT(mean(TextureLayer::kRoadMark), 4 * mean(TextureLayer::kAsphalt));
    // Layers that modulate others neither lighten nor darken much: a quarter stands for one.
    for (const auto layer :
         {TextureLayer::kLaneWear, TextureLayer::kGrime, TextureLayer::kMeadow}) {
        EXPECT_NEAR(4 * mean(layer), 0.95, 0.2) << static_cast<int>(layer);
    }
}

TEST(Textures, CoarseLevelsKeepTheMeanOfTheRoughness) {
    core::JobPool pool(2);
    const TextureSet set = make_textures(pool);
    const auto layer = static_cast<std::size_t>(TextureLayer::kFacadeModern);
    const auto n = static_cast<std::size_t>(set.size);
    double sum = 0;
    for (std::size_t i = 0; i < n * n; ++i) {
        sum += static_cast<int>(set.texels[4 * (layer * n * n + i) + 3]);
    }
    const std::byte* last = set.texels.data() + set.texels.size() -
                            4 * static_cast<std::size_t>(set.layers) + 4 * layer;
    // Rounding to eight bits once a level moves it by less than one step.
    EXPECT_NEAR(static_cast<int>(last[3]), sum / static_cast<double>(n * n), 1.5);
}

TEST(Precipitation, ExtinctionGrowsWithTheRateAndSnowDimsMore) {
    EXPECT_EQ(rain_extinction_per_m(0, false), 0.0);
    // Heavy rain of 25 mm/h leaves some 1.4 km of sight [Atlas 1953]: 3.9 / extinction.
    EXPECT_NEAR(3.9 / rain_extinction_per_m(25, false), 1400, 150);
    for (double rate = 1; rate < 50; rate *= 2) {
        EXPECT_LT(rain_extinction_per_m(rate, false), rain_extinction_per_m(2 * rate, false));
        EXPECT_LT(rain_extinction_per_m(rate, false), rain_extinction_per_m(rate, true));
    }
}

TEST(Surroundings, HoldWeatherInBytesAndDaylightByItsLogarithm) {
    world::Environment e;
    e.wetness = 1;
    e.puddles = 0.5;
    e.snow_cover = 0;
    const Surroundings noon = surroundings_of(e, 0.2);
    EXPECT_EQ(noon.weather & 255U, 255U);
    EXPECT_NEAR(noon.weather >> 8 & 255U, 127.5, 1);
    EXPECT_EQ(noon.weather >> 16 & 255U, 0U);
    EXPECT_NEAR((noon.weather >> 24) / 255.0, 0.2, 1 / 255.0);
    // The lower the sun the less light falls on walls.
    std::uint32_t before = noon.daylight;
    for (const double degrees : {20.0, 5.0, 0.0, -3.0, -6.0, -9.0}) {
        e.sun_elevation_rad = degrees * kPi / 180;
        const std::uint32_t now = surroundings_of(e, 0.2).daylight;
        EXPECT_LT(now, before) << degrees;
        before = now;
    }
}

}  // namespace
}  // namespace huntsman::engine::render
