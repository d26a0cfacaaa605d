#include "agents/beliefs/track.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/core/describe_hash.h"
#include "engine/world/mind_fields.h"
#include "engine/world/scene.h"
#include "tests/support/networks.h"

namespace huntsman::agents::beliefs {
namespace {

using core::Key;
using math::Vec2;
using math::Vec3;
using world::Semantic;

const Key kKey(7);
constexpr double kTick_s = 0.05;

std::uint64_t hash_of(const Beliefs& beliefs) {
    core::Hasher hasher;
    core::add_to(hasher, beliefs);
    return hasher.digest();
}

Seen car(world::ActorId id, const Vec3& p, const Vec2& v) {
    return {.id = id, .kind = Semantic::kCar, .p_W = p, .v_W = v, .yaw_rad = std::atan2(v.y, v.x)};
}
Seen person(world::ActorId id, const Vec3& p, const Vec2& v) {
    Seen seen = car(id, p, v);
    seen.kind = Semantic::kPedestrian;
    return seen;
}
void see(Beliefs& beliefs, std::vector<Seen> seen, const TrackModel& model = {}) {
    observe(beliefs, {.seen = seen}, model, kKey);
}
void miss(Beliefs& beliefs, std::vector<Missed> missed, const TrackModel& model = {}) {
    observe(beliefs, {.missed = missed}, model, kKey);
}
void let_pass(Beliefs& beliefs, double time_s, const road::RoadMap* map = nullptr) {
    for (int i = 0; i < static_cast<int>(std::lround(time_s / kTick_s)); ++i) {
        predict(beliefs, kTick_s, map, {});
    }
}

TEST(Track, VariancesOfPredictionAreThoseOfTheClosedForm) {
    Beliefs beliefs;
    see(beliefs, {person(2, {10, 0, 0}, {1, 0})});
    const TrackModel model;
    // At 10 m the floors hold: 0.3 m for the place (3 %), 0.3 m/s for the speed.
    const double pp = 0.09, vv = 0.09, q = model.acceleration_noise_m2ps3, t = 2;
    let_pass(beliefs, t);
    const Track& track = beliefs.tracks.at(0);
    EXPECT_NEAR(track.place_variance_m2, pp + vv * t * t + q * t * t * t / 3, 1e-9);
    EXPECT_NEAR(track.place_speed_covariance_m2ps, vv * t + q * t * t / 2, 1e-9);
    EXPECT_NEAR(track.speed_variance_m2ps2, vv + q * t, 1e-9);
    EXPECT_NEAR(track.p_W.x, 12, 1e-9);
    EXPECT_NEAR(track.unseen_s, t, 1e-9);
    EXPECT_NEAR(track.exists, std::exp(-model.vanish_per_s * t), 1e-9);
}

TEST(Track, OneLongStepIsManyShortOnes) {
    Beliefs once, often;
    for (Beliefs* beliefs : {&once, &often}) see(*beliefs, {car(2, {30, 0, 0}, {9, 0})});
    predict(once, 1.0, nullptr, {});
    let_pass(often, 1.0);
    const Track &a = once.tracks.at(0), &b = often.tracks.at(0);
    EXPECT_NEAR(a.place_variance_m2, b.place_variance_m2, 1e-9);
    EXPECT_NEAR(a.speed_variance_m2ps2, b.speed_variance_m2ps2, 1e-9);
    EXPECT_NEAR(a.p_W.x, b.p_W.x, 1e-9);
    EXPECT_NEAR(a.exists, b.exists, 1e-12);
}

// Without noise of its motion, n looks at a thing have the variance of their least-squares fit: of
// its speed R / (sum of squared times about their mean) where the speed itself says nothing.
TEST(Track, RepeatedLooksHaveTheVarianceOfLeastSquares) {
    const TrackModel model{
        .acceleration_noise_m2ps3 = 0, .place_sd_m = 0.2, .place_sd_share = 0, .speed_sd_mps = 1e4};
    Beliefs beliefs;
    constexpr int kLooks = 5;
    for (int i = 0; i < kLooks; ++i) {
        if (i > 0) predict(beliefs, 1.0, nullptr, model);
        see(beliefs, {person(2, {1.0 * i, 0, 0}, {1, 0})}, model);
    }
    const double squares = 4 + 1 + 0 + 1 + 4;
    const Track& track = beliefs.tracks.at(0);
    EXPECT_NEAR(track.speed_variance_m2ps2, 0.04 / squares, 1e-6);
    // At the last of the times: R / n + its own squared time over the sum of squares.
    EXPECT_NEAR(track.place_variance_m2, 0.04 / kLooks + 0.04 * 4 / squares, 1e-6);
    EXPECT_NEAR(track.v_W.x, 1, 1e-6);
}

TEST(Track, AHalfHiddenTargetIsMeasuredWithTwiceTheVariance) {
    Beliefs whole, half;
    Seen seen = person(2, {5, 0, 0}, {1, 0});
    see(whole, {seen});
    seen.share = 0.5;
    see(half, {seen});
    EXPECT_DOUBLE_EQ(half.tracks[0].place_variance_m2, 2 * whole.tracks[0].place_variance_m2);
    EXPECT_DOUBLE_EQ(half.tracks[0].speed_variance_m2ps2, 2 * whole.tracks[0].speed_variance_m2ps2);
}

TEST(Track, LampsAndGazeStayAsLastSeen) {
    Beliefs beliefs;
    Seen seen = person(2, {5, 0, 0}, {1, 0});
    seen.gaze_rad = 0.7;
    seen.lamps = 1U << static_cast<unsigned>(world::Lamp::kBrake);
    see(beliefs, {seen});
    let_pass(beliefs, 3);
    EXPECT_EQ(beliefs.tracks[0].gaze_rad, seen.gaze_rad);
    EXPECT_EQ(beliefs.tracks[0].lamps, seen.lamps);
}

// --- Wrong beliefs ---

TEST(Track, VehicleThatTurnsUnseenIsBelievedToGoOn) {
    const world::RoadNetwork network = tests::four_way(false);
    const road::RoadMap map(network);
    Beliefs beliefs;
    // From the west, 30 m before the junction; it will turn left, but is believed to go straight
    // on.
    const Vec3 start(-42, -1.75, 0);
    see(beliefs, {car(2, start, {8, 0})});
    let_pass(beliefs, 10, &map);
    EXPECT_NEAR(beliefs.tracks[0].p_W.x, start.x + 80, 0.5);
    EXPECT_NEAR(beliefs.tracks[0].p_W.y, -1.75, 0.1);
    // The next look puts it right, all the faster as the belief had grown uncertain.
    const Seen turned = car(2, {1.75, 50, 0}, {0, 8});
    see(beliefs, {turned});
    EXPECT_LT(glm::length(beliefs.tracks[0].p_W - turned.p_W), 1.0);
    EXPECT_LT(glm::length(beliefs.tracks[0].v_W - turned.v_W), 1.5);
}

TEST(Track, VehicleThatIndicatesIsBelievedToTurn) {
    const world::RoadNetwork network = tests::four_way(false);
    const road::RoadMap map(network);
    Beliefs beliefs;
    Seen seen = car(2, {-42, -1.75, 0}, {8, 0});
    seen.lamps = 1U << static_cast<unsigned>(world::Lamp::kTurnLeft);
    see(beliefs, {seen});
    let_pass(beliefs, 10, &map);
    EXPECT_NEAR(beliefs.tracks[0].p_W.x, 1.75, 0.1);
    EXPECT_GT(beliefs.tracks[0].p_W.y, 20);
    EXPECT_NEAR(beliefs.tracks[0].yaw_rad, math::kPi / 2, 0.05);
}

TEST(Track, VehicleFollowsABendItIsNotSeenIn) {
    const world::RoadNetwork network = tests::arc(50, math::kPi / 2);
    const road::RoadMap map(network);
    Beliefs beliefs;
    see(beliefs, {car(2, {0.5, 0, 0}, {10, 0})});
    let_pass(beliefs, 5, &map);
    // On the circle about (0, 50).
    const Vec3 p = beliefs.tracks[0].p_W;
    EXPECT_NEAR(std::hypot(p.x, p.y - 50), 50, 0.3);
    EXPECT_NEAR(std::atan2(p.x, 50 - p.y), 50.5 / 50, 0.03);
    EXPECT_NEAR(glm::length(beliefs.tracks[0].v_W), 10, 1e-9);
}

TEST(Track, StandingVehicleStaysAndPersonOnFootGoesStraight) {
    const world::RoadNetwork network = tests::straight_road();
    const road::RoadMap map(network);
    Beliefs beliefs;
    see(beliefs, {car(2, {50, -1.75, 0}, {0.3, 0}), person(3, {50, -1, 0}, {0.3, 0.4})});
    let_pass(beliefs, 4, &map);
    EXPECT_EQ(beliefs.find(2)->p_W, Vec3(50, -1.75, 0));
    EXPECT_NEAR(beliefs.find(3)->p_W.x, 51.2, 1e-9);
    EXPECT_NEAR(beliefs.find(3)->p_W.y, 0.6, 1e-9);
}

TEST(Track, TargetThatVanishedIsGivenUp) {
    EXPECT_DOUBLE_EQ(existence_after_miss(0.5, 0.5), 1.0 / 3);
    EXPECT_DOUBLE_EQ(existence_after_miss(0.5, 0), 0.5);
    EXPECT_DOUBLE_EQ(existence_after_miss(1, 1), 0);
    Beliefs beliefs;
    see(beliefs, {car(2, {20, 0, 0}, {5, 0})});
    let_pass(beliefs, 0.5);
    int looks = 0;
    while (beliefs.find(2) != nullptr && looks < 100) {
        miss(beliefs, {{2, 0.6}});
        ++looks;
    }
    // Odds 60 to 1 at first, times 0.4 each: below 1 to 19 after eight looks.
    EXPECT_EQ(looks, 8);
}

TEST(Track, HiddenTargetIsKeptUntilItIsForgotten) {
    Beliefs beliefs;
    see(beliefs, {car(2, {20, 0, 0}, {0, 0})});
    let_pass(beliefs, 20);
    miss(beliefs, {{2, 0}});  // a look that cannot find it says nothing
    ASSERT_NE(beliefs.find(2), nullptr);
    EXPECT_NEAR(beliefs.find(2)->exists, std::exp(-20.0 / 30), 1e-9);
    let_pass(beliefs, 75);
    miss(beliefs, {});
    EXPECT_EQ(beliefs.find(2), nullptr);
}

TEST(Track, MissOfSomebodyWithoutTrackIsPassedOver) {
    Beliefs beliefs;
    miss(beliefs, {{9, 1}});
    EXPECT_TRUE(beliefs.tracks.empty());
}

// --- The list ---

std::vector<Seen> crowd(int count) {
    std::vector<Seen> seen;
    for (int i = 0; i < count; ++i) {
        const auto id = static_cast<world::ActorId>(2 + i);
        const Key key = kKey.with("crowd").with(id);
        seen.push_back(person(id, {key.uniform(-60, 60, 0), key.uniform(-60, 60, 1), 0},
                              {key.uniform(-2, 2, 2), key.uniform(-2, 2, 3)}));
    }
    return seen;
}

TEST(Beliefs, OrderOfALookDoesNotMatter) {
    std::vector<Seen> seen = crowd(40);
    Beliefs forwards, backwards;
    see(forwards, seen);
    std::ranges::reverse(seen);
    see(backwards, seen);
    EXPECT_EQ(hash_of(forwards), hash_of(backwards));
    EXPECT_EQ(forwards.tracks.size(), TrackModel{}.most_tracks);
    EXPECT_TRUE(std::ranges::is_sorted(forwards.tracks, {}, &Track::id));
}

TEST(Beliefs, IdsDoNotMatterToWhatIsBelieved) {
    Beliefs low, high;
    std::vector<Seen> seen = crowd(40);
    see(low, seen);
    for (Seen& one : seen) one.id = 1000 - one.id;
    see(high, seen);
    ASSERT_EQ(low.tracks.size(), high.tracks.size());
    for (const Track& track : low.tracks) {
        const Track* same = high.find(1000 - track.id);
        ASSERT_NE(same, nullptr) << track.id;
        EXPECT_EQ(same->p_W, track.p_W);
    }
}

TEST(Beliefs, LeastRelevantTracksAreDropped) {
    const TrackModel model{.most_tracks = 2};
    Beliefs beliefs;
    // Far away; far away but coming fast (5 s); near on foot (4 s).
    see(beliefs,
        {person(2, {40, 0, 0}, {1, 0}), car(3, {60, 0, 0}, {-12, 0}), person(4, {4, 0, 0}, {0, 0})},
        model);
    EXPECT_EQ(beliefs.find(2), nullptr);
    EXPECT_NE(beliefs.find(3), nullptr);
    EXPECT_NE(beliefs.find(4), nullptr);
}

TEST(Beliefs, EqualTracksAreDroppedByTheKey) {
    const TrackModel model{.most_tracks = 1};
    int first = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Beliefs beliefs;
        const std::vector<Seen> seen{person(2, {9, 0, 0}, {1, 0}), person(3, {-9, 0, 0}, {1, 0})};
        observe(beliefs, {.seen = seen}, model, Key(seed));
        first += beliefs.tracks.at(0).id == 2 ? 1 : 0;
    }
    EXPECT_NEAR(first, 100, 30);  // four standard deviations
}

TEST(Beliefs, CopyIsEqualAndEveryFieldCounts) {
    Beliefs beliefs;
    see(beliefs, crowd(10));
    let_pass(beliefs, 1);
    Beliefs copy = beliefs;
    EXPECT_EQ(hash_of(copy), hash_of(beliefs));
    let_pass(copy, 1);
    let_pass(beliefs, 1);
    EXPECT_EQ(hash_of(copy), hash_of(beliefs));
    copy.tracks[3].mind = first_thought_of(Semantic::kCar);
    beliefs.tracks[3].mind = copy.tracks[3].mind;
    EXPECT_EQ(hash_of(copy), hash_of(beliefs));
    copy.tracks[3].mind->goal[1][2] += 1e-9;
    EXPECT_NE(hash_of(copy), hash_of(beliefs));
}

}  // namespace
}  // namespace huntsman::agents::beliefs
