// How likely looks detect things: monotone in each factor, and calibrated.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "agents/senses/senses.h"
#include "tests/agents/senses/scene.h"

namespace huntsman::agents::senses {

namespace {

// Share of seeds with which a standing observer, looking along `gaze_rad`, detects the target
// within `looks` looks.
double detects_within(const Scene& scene, world::ActorId observer, world::ActorId target, int looks,
                      double gaze_rad = 0, double attention = 1) {
    constexpr int kSeeds = 2000;
    int found = 0;
    world::World world = scene.world;
    world::State state = scene.state;
    Senses senses(world);
    auto scratch = senses.scratch();
    std::vector<Sighting> sightings;
    for (int seed = 0; seed < kSeeds; ++seed) {
        for (int i = 0; i < looks; ++i) {
            state.tick = seed * 1000 + 10 * i;
            senses.begin(state);
            senses.look(observer, {.yaw_rad = gaze_rad, .attention = attention}, scratch,
                        sightings);
            bool seen = false;
            for (const Sighting& s : sightings) {
                seen = seen || senses.bodies().all()[s.body].id == target;
            }
            if (!seen) continue;
            ++found;
            break;
        }
    }
    return static_cast<double>(found) / kSeeds;
}

Scene driver_and_person(double distance_m, double aside_rad) {
    Scene scene;
    scene.add(kCar, {-1.4, -0.36, 0});  // the driver's eye above the origin
    scene.add(kPerson, math::Vec3(distance_m * math::direction(aside_rad), 0));
    return scene;
}
constexpr world::ActorId kDriver = 2, kTarget = 3;

void expect_monotone(const std::function<double(double)>& p, double from, double to, bool rises) {
    constexpr int kSteps = 200;
    double before = p(from);
    const double first = before;
    for (int i = 1; i <= kSteps; ++i) {
        const double now = p(from + (to - from) * i / kSteps);
        EXPECT_TRUE(rises ? now >= before : now <= before) << "step " << i;
        before = now;
    }
    EXPECT_TRUE(rises ? before > first : before < first);
}

}  // namespace

TEST(DetectionProbability, IsMonotoneInEachFactor) {
    LookFactors middling;
    middling.size_rad = 0.03;
    middling.eccentricity_rad = 20 * kDegree;
    middling.light_lx = 50;
    middling.contrast = 0.7;
    const auto with = [&](auto set) {
        return [=](double value) {
            LookFactors f = middling;
            set(f, value);
            return detection_probability(f);
        };
    };
    expect_monotone(with([](LookFactors& f, double x) { f.size_rad = x; }), 0, 0.5, true);
    expect_monotone(with([](LookFactors& f, double x) { f.eccentricity_rad = x; }), 0, 2, false);
    expect_monotone(with([](LookFactors& f, double x) { f.light_lx = std::pow(10.0, x); }), -3, 5,
                    true);
    expect_monotone(with([](LookFactors& f, double x) { f.contrast = x; }), 0, 1, true);
    expect_monotone(with([](LookFactors& f, double x) { f.motion_rad_s = x; }), 0, 1, true);
    expect_monotone(with([](LookFactors& f, double x) { f.attention = x; }), 0, 1, true);
}

TEST(DetectionProbability, MatchesTheFormulaByHand) {
    // Just noticed in full light: V = sqrt(1e4) / (sqrt(1e4) + 10) = 10/11, V² / (1 + V²) =
    // 100/221.
    LookFactors f;
    f.size_rad = 8.0 / 60 * kDegree;
    f.light_lx = 1e4;
    EXPECT_NEAR(detection_probability(f), 1 - std::exp(-0.6 * 100 / 221), 1e-12);
    f.eccentricity_rad = 101 * kDegree;
    EXPECT_EQ(detection_probability(f), 0);
}

TEST(DetectionProbability, HasABoundThatOnlyAttentionMoves) {
    LookFactors f;
    for (const double attention : {0.0, 0.3, 1.0}) {
        f.attention = attention;
        for (const double size : {0.01, 1.0, 1e6}) {
            f.size_rad = size;
            EXPECT_LE(detection_probability(f), highest_probability(attention));
        }
        EXPECT_NEAR(detection_probability(f), highest_probability(attention), 0.03);
    }
}

TEST(Daylight, DimsWithTheSunTheCloudsAndTheWeather) {
    world::Environment e;
    e.cloud_cover = 0;
    const auto at = [&](double elevation_deg) {
        e.sun_elevation_rad = elevation_deg * kDegree;
        return daylight(e);
    };
    expect_monotone([&](double x) { return at(x).ambient_lx; }, -20, 90, true);
    EXPECT_NEAR(at(0).ambient_lx, 400, 1e-9);
    EXPECT_NEAR(at(-6).ambient_lx, 3.4, 1e-9);
    e.cloud_cover = 1;
    EXPECT_NEAR(at(0).ambient_lx, 100, 1e-9);
    e.fog_per_m = 0.02;
    e.rain_mm_h = 10;
    EXPECT_NEAR(at(40).extinction_per_m, 0.02 + 0.00144, 1e-5);
    EXPECT_NEAR(at(40).windscreen, 25.0 / 35, 1e-9);
}

TEST(Daylight, ALowSunDazzlesNearTheLineOfSight) {
    world::Environment e;
    e.cloud_cover = 0;
    e.sun_elevation_rad = 8 * kDegree;
    const Daylight low = daylight(e);
    EXPECT_LT(contrast_in_glare(low, 3 * kDegree), 0.1);
    EXPECT_GT(contrast_in_glare(low, 60 * kDegree), 0.7);
    expect_monotone([&](double x) { return contrast_in_glare(low, x); }, 2 * kDegree, 3, true);
    e.sun_elevation_rad = 50 * kDegree;
    EXPECT_EQ(contrast_in_glare(daylight(e), 3 * kDegree), 1);
}

TEST(Motion, CountsWhatCrossesAndWhatComesCloser) {
    EXPECT_NEAR(apparent_motion_rad_s({20, 0}, {0, 2}, 1), 0.1, 1e-12);
    EXPECT_NEAR(apparent_motion_rad_s({20, 0}, {-10, 0}, 2), 0.05, 1e-12);
    EXPECT_EQ(apparent_motion_rad_s({20, 0}, {10, 0}, 2), 0);
}

TEST(Look, AnAttentiveDriverSeesAPersonAheadByDayWithinHalfASecond) {
    EXPECT_GT(detects_within(driver_and_person(30, 0), kDriver, kTarget, 10), 0.99);
}

TEST(Look, APersonFarAsideIsSeenLater) {
    const double aside = detects_within(driver_and_person(30, 60 * kDegree), kDriver, kTarget, 10);
    EXPECT_GT(aside, 0.4);
    EXPECT_LT(aside, 0.9);
    EXPECT_GT(detects_within(driver_and_person(30, 60 * kDegree), kDriver, kTarget, 40), 0.98);
}

TEST(Look, DistractionDelaysDetection) {
    const Scene scene = driver_and_person(30, 0);
    EXPECT_LT(detects_within(scene, kDriver, kTarget, 10, 0, 0.2), 0.8);
    EXPECT_EQ(detects_within(scene, kDriver, kTarget, 10, 0, 0), 0);
}

TEST(Look, DarkClothesInDippedLightAreSeenByHalfAt53Metres) {
    Scene scene = driver_and_person(53.3, 0);
    scene.world.environment.sun_elevation_rad = -20 * kDegree;
    scene.state.actors[0].lamps = world::bit(world::Lamp::kHead);
    scene.state.actors[1].tint = {0.05F, 0.05F, 0.05F};
    const double dark = detects_within(scene, kDriver, kTarget, 10);
    EXPECT_NEAR(dark, 0.5, 0.1);
    scene.state.actors[1].tint = {0.7F, 0.7F, 0.7F};
    EXPECT_GT(detects_within(scene, kDriver, kTarget, 10), dark + 0.2);
    scene.state.actors[0].lamps = 0;
    EXPECT_LT(detects_within(scene, kDriver, kTarget, 10), 0.05);
    scene.add_street_lamp({50, 0, 0}, 6.5);
    EXPECT_GT(detects_within(scene, kDriver, kTarget, 10), 0.9);
}

TEST(Look, FogHidesWhatIsFar) {
    Scene scene = driver_and_person(60, 0);
    const double clear = detects_within(scene, kDriver, kTarget, 4);
    scene.world.environment.fog_per_m = 0.1;  // visibility 39 m
    EXPECT_LT(detects_within(scene, kDriver, kTarget, 4), 0.1 * clear);
}

TEST(Look, TheDrawDependsOnObserverTargetAndTickAlone) {
    Scene scene = driver_and_person(40, 20 * kDegree);
    const auto seen = [&](world::ActorId target) {
        Senses senses(scene.world);
        auto scratch = senses.scratch();
        std::vector<Sighting> out;
        std::vector<bool> ticks;
        for (int tick = 0; tick < 500; ++tick) {
            scene.state.tick = tick;
            senses.begin(scene.state);
            senses.look(kDriver, {}, scratch, out);
            ticks.push_back(std::ranges::any_of(out, [&](const Sighting& s) {
                return senses.bodies().all()[s.body].id == target;
            }));
        }
        return ticks;
    };
    const auto alone = seen(kTarget);
    for (int i = 0; i < 20; ++i) scene.add(kPerson, {-20, i * 2.0, 0});
    EXPECT_EQ(seen(kTarget), alone);
    EXPECT_NE(std::ranges::count(alone, true), 0);
    EXPECT_NE(std::ranges::count(alone, false), 0);
}

TEST(Look, NobodyLooksThroughTheBackOfTheHead) {
    Scene scene;
    const auto walker = scene.add(kPerson, {0, 0, 0});
    const auto behind = scene.add(kCar, {-15, 0, 0});
    EXPECT_EQ(detects_within(scene, walker, behind, 20, 0), 0);
    EXPECT_GT(detects_within(scene, walker, behind, 10, math::kPi), 0.99);
}

}  // namespace huntsman::agents::senses
