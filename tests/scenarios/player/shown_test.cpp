// Lights, animations, controls taken over, the environment, and conditions that depend on them.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine/core/describe_hash.h"
#include "engine/world/scene.h"
#include "engine/world/story_fields.h"
#include "scenarios/player/player.h"
#include "scenarios/player/road_walk.h"
#include "scenarios/player/speed_change.h"
#include "scenarios/story/date_time.h"
#include "tests/support/road_models.h"

namespace huntsman::scenarios::player {
namespace {

using engine::core::kTick_us;
using engine::core::seconds;
using engine::world::bit;
using engine::world::Lamp;
using story::Element;
using story::ElementKind;
using story::Index;
using story::kNoIndex;

// One car on a straight road, whose actions begin at given times.
class ShownStory : public testing::Test {
  protected:
    ShownStory() : model_(tests::straight_model(1000)), geometry_(model_) {
        story_.entities.push_back({.name = "car"});
        story_.init.push_back(
            {0, story::TeleportAction{story::LanePlace{model_.roads[0].id, -1, 10, 0, {}}}, {}});
    }
    Index add(ElementKind kind, Index parent) {
        const auto index = static_cast<Index>(story_.elements.size());
        story_.elements.push_back({.kind = kind, .parent = parent});
        if (parent != kNoIndex) story_.elements[parent].children.push_back(index);
        return index;
    }
    static story::Condition at(double time_s) {
        return {.kind = story::SimulationTimeCondition{.rule = story::Rule::kGreaterOrEqual,
                                                       .value_s = time_s}};
    }
    // Returns the event.
    Index when(story::Condition condition, story::ActionKind action) {
        const Index act = add(ElementKind::kAct, add(ElementKind::kStory, kNoIndex));
        const Index group = add(ElementKind::kGroup, act);
        story_.elements[group].actors = {0};
        const Index event = add(ElementKind::kEvent, add(ElementKind::kManeuver, group));
        story_.elements[event].start = story::Trigger{{story::ConditionGroup{{condition}}}};
        const Index child = add(ElementKind::kAction, event);
        story_.elements[child].is_private = true;
        story_.elements[child].action = std::move(action);
        return event;
    }
    StoryState play(double until_s) const {
        return go_on(Player(story_, geometry_).begin(), until_s);
    }
    StoryState go_on(StoryState state, double until_s) const {
        const Player player(story_, geometry_);
        while (seconds(state.time_us) < until_s - 1e-9) player.step(state, kTick_us);
        return state;
    }
    bool completed(const StoryState& state, Index element) const {
        return state.elements[element].phase == engine::world::StoryPhase::kComplete;
    }

    engine::world::RoadModel model_;
    engine::road::RoadGeometry geometry_;
    story::Story story_;
};

TEST_F(ShownStory, LightsAreSetAfterTheirTransition) {
    const Index event =
        when(at(1), story::LightStateAction{
                        .light = "lowBeam", .mode = story::LightMode::kOn, .transition_s = 0.5});
    when(at(3), story::LightStateAction{.light = "lowBeam", .mode = story::LightMode::kOff});
    constexpr std::uint32_t kBeam = bit(Lamp::kHead) | bit(Lamp::kTail);
    EXPECT_EQ(play(1.4).entities[0].lamps_ruled, 0U);
    EXPECT_FALSE(completed(play(1.4), event));
    EXPECT_EQ(play(1.6).entities[0].lamps_lit, kBeam);
    EXPECT_TRUE(completed(play(1.6), event));
    EXPECT_EQ(play(3.1).entities[0].lamps_lit, 0U);
    EXPECT_EQ(play(3.1).entities[0].lamps_ruled, kBeam);
}

TEST_F(ShownStory, LightsFlashWithTheirTimesAndIndicatorsInPictures) {
    when(at(0), story::LightStateAction{.light = "brakeLights",
                                        .mode = story::LightMode::kFlashing,
                                        .on_s = 0.2,
                                        .off_s = 0.6});
    when(at(0),
         story::LightStateAction{.light = "warningLights", .mode = story::LightMode::kFlashing});
    when(at(0), story::LightStateAction{.light = "my own", .mode = story::LightMode::kOn});
    when(at(0), story::LightStateAction{.light = "specialPurposeLights",
                                        .mode = story::LightMode::kFlashing,
                                        .on_s = 0.2,
                                        .off_s = 0.6});
    // These flash where they are shown.
    const std::uint32_t own = bit(Lamp::kTurnLeft) | bit(Lamp::kTurnRight) | bit(Lamp::kBlue);
    for (const double t : {0.1, 0.9, 1.7}) {
        EXPECT_EQ(play(t).entities[0].lamps_lit, own | bit(Lamp::kBrake)) << t;
    }
    for (const double t : {0.3, 0.7, 1.5}) EXPECT_EQ(play(t).entities[0].lamps_lit, own) << t;
    EXPECT_EQ(play(0.1).entities[0].lights.size(), 4U);
    EXPECT_EQ(play(0.1).entities[0].lights[2].name, "my own");
}

TEST_F(ShownStory, DoorsOpenOverTheirDurationAndCloseFromWhereTheyAre) {
    const Index opens =
        when(at(1), story::AnimationAction{.kind = "doorFrontLeft", .state = 1, .duration_s = 2});
    when(at(2), story::AnimationAction{.kind = "doorFrontLeft", .state = 0, .duration_s = 1});
    when(at(2), story::AnimationAction{.kind = "trunk", .state = 0.4});
    const StoryState half = play(1.5);
    ASSERT_EQ(half.entities[0].animations.size(), 1U);
    EXPECT_NEAR(half.entities[0].animations[0].share, 0.25, 0.003);
    EXPECT_FALSE(completed(half, opens));
    const StoryState later = play(2.5);
    ASSERT_EQ(later.entities[0].animations.size(), 2U);
    EXPECT_NEAR(later.entities[0].animations[0].share, 0.25, 0.006);  // from one half
    EXPECT_EQ(later.entities[0].animations[1].share, 0.4);
    EXPECT_TRUE(completed(later, opens));
    EXPECT_EQ(play(4).entities[0].animations[0].share, 0);
}

TEST_F(ShownStory, PeopleMakeOneMotionAtATimeAndLoopsGoOn) {
    story_.entities[0].kind = story::EntityKind::kPedestrian;
    when(at(0),
         story::AnimationAction{
             .kind = "walking", .gestures = {"wavingRightArm"}, .duration_s = 1, .loop = true});
    when(at(3.25), story::AnimationAction{.kind = "lying"});
    const StoryState walks = play(2.5);
    ASSERT_EQ(walks.entities[0].animations.size(), 1U);
    EXPECT_EQ(walks.entities[0].animations[0].gestures, std::vector<std::string>{"wavingRightArm"});
    EXPECT_NEAR(walks.entities[0].animations[0].share, 0.5, 0.01);
    const StoryState lies = play(4);
    ASSERT_EQ(lies.entities[0].animations.size(), 1U);
    EXPECT_EQ(lies.entities[0].animations[0].name, "lying");
    EXPECT_TRUE(lies.actions.empty());
}

TEST_F(ShownStory, ControlsAreTakenAndGivenBack) {
    using Control = story::OverrideControllerAction::Control;
    when(at(1), story::OverrideControllerAction{
                    {{Control::kBrake, true, 0.5}, {Control::kSteering, true, 0.2}}});
    when(at(2), story::OverrideControllerAction{{{Control::kBrake, false, 0.9}}});
    EXPECT_EQ(play(1.5).entities[0].overridden.brake, 0.5);
    EXPECT_EQ(play(1.5).entities[0].overridden.steering_wheel_rad, 0.2);
    EXPECT_FALSE(play(2.5).entities[0].overridden.brake);
    EXPECT_EQ(play(2.5).entities[0].overridden.steering_wheel_rad, 0.2);
    EXPECT_FALSE(play(2.5).entities[0].overridden.throttle);
}

Element element(std::string name, std::vector<story::Attribute> attributes,
                std::vector<Element> children = {}) {
    return {.name = std::move(name),
            .attributes = std::move(attributes),
            .children = std::move(children),
            .text = {},
            .origin = {}};
}

TEST_F(ShownStory, TheEnvironmentIsWhatHasBeenSaidLast) {
    when(at(1), story::EnvironmentAction{element(
                    "Environment", {},
                    {element("Weather", {{"fractionalCloudCover", "sixOktas"}},
                             {element("Sun", {{"azimuth", "0"}, {"elevation", "0.3"}}),
                              element("Fog", {{"visualRange", "100"}}),
                              element("Precipitation", {{"precipitationType", "rain"},
                                                        {"precipitationIntensity", "4"}})}),
                     element("RoadCondition",
                             {{"frictionScaleFactor", "0.6"}, {"wetness", "wetWithPuddles"}})})});
    when(at(2), story::EnvironmentAction{element(
                    "Environment", {},
                    {element("Weather", {},
                             {element("Precipitation",
                                      {{"precipitationType", "snow"}, {"intensity", "0.5"}})})})});
    engine::world::Environment world;
    const engine::world::Environment before = world;
    play(0.5).environment.apply_to(world);
    EXPECT_EQ(world.cloud_cover, before.cloud_cover);
    play(1.5).environment.apply_to(world);
    EXPECT_EQ(world.cloud_cover, 0.75);
    EXPECT_NEAR(world.sun_azimuth_rad, engine::math::kPi / 2, 1e-12);  // north
    EXPECT_EQ(world.sun_elevation_rad, 0.3);
    EXPECT_NEAR(world.fog_per_m, 0.03912, 1e-12);
    EXPECT_EQ(world.rain_mm_h, 4);
    EXPECT_EQ(world.friction, 0.6);
    EXPECT_EQ(world.puddles, 0.5);
    EXPECT_EQ(world.turbidity, before.turbidity);
    play(2.5).environment.apply_to(world);
    EXPECT_EQ(world.rain_mm_h, 0);
    EXPECT_EQ(world.snow_cover, 1);
    EXPECT_EQ(world.friction, 0.6);  // not named again
}

TEST_F(ShownStory, TheTimeOfDayIsThatOfTheStorysClock) {
    const story::Condition late{
        .kind = story::TimeOfDayCondition{story::Rule::kGreaterThan,
                                          *story::parse_date_time("2024-06-21T12:00:02")}};
    const Index event = when(late, story::SpeedAction{.value = 5});
    EXPECT_FALSE(completed(play(10), event));  // no clock
    for (const char* runs : {"true", "false"}) {
        story_.init.resize(1);
        story_.init.push_back({kNoIndex,
                               story::EnvironmentAction{element(
                                   "Environment", {},
                                   {element("TimeOfDay", {{"dateTime", "2024-06-21T12:00:00"},
                                                          {"animation", runs}})})},
                               {}});
        EXPECT_FALSE(completed(play(1.9), event));
        EXPECT_EQ(completed(play(2.1), event), runs == std::string("true"));
    }
}

TEST_F(ShownStory, UserDefinedValuesAreSetFromOutside) {
    const story::Condition asked{
        .kind = story::UserDefinedValueCondition{"button", "3", story::Rule::kGreaterThan}};
    const Index event = when(asked, story::SpeedAction{.value = 5});
    StoryState state = play(1);
    EXPECT_FALSE(completed(state, event));
    Player::set_user_value(state, "button", "2");
    state = go_on(state, 2);
    EXPECT_FALSE(completed(state, event));
    Player::set_user_value(state, "button", "4");
    EXPECT_EQ(state.user_values.size(), 1U);
    EXPECT_TRUE(completed(go_on(state, 3), event));
}

TEST_F(ShownStory, TheNewStateIsPartOfTheHash) {
    const auto hash_of = [](const StoryState& state) {
        engine::core::Hasher hasher;
        engine::core::add_to(hasher, state);
        return hasher.digest();
    };
    StoryState state = play(1);
    std::set<std::uint64_t> hashes{hash_of(state)};
    state.entities[0].lights.push_back({.name = "lowBeam"});
    hashes.insert(hash_of(state));
    state.entities[0].animations.push_back({.name = "trunk", .share = 0.5});
    hashes.insert(hash_of(state));
    state.entities[0].overridden.brake = 0.0;
    hashes.insert(hash_of(state));
    state.environment.friction = 0.3;
    hashes.insert(hash_of(state));
    Player::set_user_value(state, "a", "b");
    hashes.insert(hash_of(state));
    EXPECT_EQ(hashes.size(), 6U);
}

// A junction of four arms: every way is drawn by some key, the same one each time.
TEST(RandomRoute, IsDrawnAtJunctionsAndTheSameEachTime) {
    const auto model = tests::four_way_model();
    const engine::road::RoadGeometry geometry(model);
    const RoadWalk walk(geometry);
    const OnRoad start{.road = 0, .lane = 1, .s_m = 50};
    std::set<std::uint32_t> ways;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        const engine::core::Key key(seed);
        const auto route = walk.random_route(start, false, key);
        ASSERT_GE(route.size(), 3U);
        EXPECT_EQ(route[0].road, 0U);
        ways.insert(route[1].road);
        const auto again = walk.random_route(start, false, key);
        ASSERT_EQ(again.size(), route.size());
        for (std::size_t i = 0; i < route.size(); ++i) EXPECT_EQ(again[i].road, route[i].road);
    }
    EXPECT_EQ(ways, (std::set<std::uint32_t>{4, 5, 6}));
}

TEST(SpeedChange, WithoutJerkItIsLinear) {
    const SpeedChange change(10, {.max_acceleration_mps2 = 2}, {});
    EXPECT_DOUBLE_EQ(change.length_s(), 5);
    EXPECT_DOUBLE_EQ(change.at(2.5), 5);
    const SpeedChange given(10, {.max_acceleration_mps2 = 2}, 8.0);
    EXPECT_DOUBLE_EQ(given.length_s(), 8);
    EXPECT_DOUBLE_EQ(given.at(2), 2.5);
    EXPECT_DOUBLE_EQ(SpeedChange(10, {.max_acceleration_mps2 = 2}, 3.0).length_s(), 5);
    EXPECT_EQ(SpeedChange(10, {}, {}).length_s(), 0);
    EXPECT_EQ(SpeedChange(10, {}, {}).at(0), 10);
    EXPECT_EQ(SpeedChange(0, {}, 2.0).length_s(), 2);
}

TEST(SpeedChange, AccelerationRisesAndFallsWithTheJerk) {
    // 10 m/s with 2 m/s² and 1 m/s³: 2 s up, 3 s held, 2 s down.
    const story::Limits limits{.max_acceleration_mps2 = 2,
                               .max_deceleration_mps2 = 4,
                               .max_acceleration_rate_mps3 = 1,
                               .max_deceleration_rate_mps3 = 1};
    const SpeedChange up(10, limits, {});
    EXPECT_DOUBLE_EQ(up.length_s(), 7);
    EXPECT_DOUBLE_EQ(up.at(2), 2);
    EXPECT_DOUBLE_EQ(up.at(5), 8);
    // −4 m/s: the acceleration reaches −2 only.
    const SpeedChange down(-4, limits, {});
    EXPECT_DOUBLE_EQ(down.length_s(), 4);
    EXPECT_DOUBLE_EQ(down.at(2), -2);
    // In 10 s: a · 10 − a² = 10.
    const SpeedChange slow(10, limits, 10.0);
    EXPECT_NEAR(slow.length_s(), 10, 1e-12);
    // Never beyond its bounds, and never back.
    for (const SpeedChange* each : {&up, &down, &slow}) {
        double before = 0, a_before = 0;
        for (double t = 0.001; t <= each->length_s(); t += 0.001) {
            const double v = each->at(t), a = (v - before) / 0.001;
            EXPECT_LE(std::abs(a), 4.0 + 1e-6);
            if (t > 0.002) EXPECT_LE(std::abs(a - a_before) / 0.001, 1.0 + 1e-3);
            before = v;
            a_before = a;
        }
    }
}

// 0 to 10 m/s in 4 s, to 4 m/s in 4 s: corners at 0 and 4 s, and at the end of 8 s.
TEST(RoundedProfile, JoinsTheLineAfterEachCorner) {
    const story::Limits limits{.max_acceleration_mps2 = 5,
                               .max_deceleration_mps2 = 10,
                               .max_acceleration_rate_mps3 = 4,
                               .max_deceleration_rate_mps3 = 3};
    const std::vector<story::SpeedProfileAction::Entry> entries{{10, 4.0}, {4, 4.0}};
    const RoundedProfile profile(0, entries, limits);
    EXPECT_NEAR(profile.at(0.5), 0.5, 1e-12);  // ½ · 4 · ½²
    // 2.5 m/s² are reached after 0.625 s, half of that late: 0.78125 m/s behind the line.
    EXPECT_NEAR(profile.at(2), 5 - 0.78125, 1e-12);
    // From 2.5 to −1.5 m/s² in 4/3 s; on the second line (10 − 1.5 (t − 4)) again.
    EXPECT_NEAR(profile.at(5), 8.5, 1e-12);
    EXPECT_NEAR(profile.at(7), 5.5, 1e-12);
    // The last corner lasts 0.375 s and is centred at 8 s.
    EXPECT_NEAR(profile.length_s(), 8.1875, 1e-9);
    EXPECT_NEAR(profile.at(8), 4 + 4 * 0.1875 * 0.1875 / 2, 1e-12);
    EXPECT_NEAR(profile.at(9), 4, 1e-12);
    double before = 0, a_before = 0;
    for (double t = 0.001; t < 9; t += 0.001) {
        const double v = profile.at(t), a = (v - before) / 0.001;
        if (t > 0.002) EXPECT_LE(std::abs(a - a_before) / 0.001, 4.0 + 1e-3) << t;
        before = v;
        a_before = a;
    }
}

TEST(RoundedProfile, ChangesTooShortForTheirCornersEndAtTheirSpeedAllTheSame) {
    const story::Limits limits{.max_acceleration_mps2 = 5,
                               .max_deceleration_mps2 = 5,
                               .max_acceleration_rate_mps3 = 1,
                               .max_deceleration_rate_mps3 = 1};
    const std::vector<story::SpeedProfileAction::Entry> entries{{3, 0.1}, {1, 0.1}, {2, 0.0}};
    const RoundedProfile profile(2, entries, limits);
    EXPECT_NEAR(profile.at(profile.length_s()), 2, 1e-9);
    EXPECT_NEAR(profile.at(100), 2, 1e-9);
}

TEST(DateTime, IsSecondsSinceTheEpoch) {
    EXPECT_EQ(story::parse_date_time("1970-01-02T00:00:01"), 86401.0);
    EXPECT_EQ(story::parse_date_time("2000-03-01T12:00:00Z"), 951912000.0);
    EXPECT_EQ(story::parse_date_time("2000-03-01T14:00:00+02:00"), 951912000.0);
    EXPECT_EQ(story::parse_date_time("2000-03-01T12:00:00.250"), 951912000.25);
    for (const char* wrong :
         {"", "noon", "2000-02-30T12:00:00", "2000-03-01", "2000-03-01T12:61:00",
          "2000-03-01T12:00:00+2", "2000-03-01T12:00:00 "}) {
        EXPECT_FALSE(story::parse_date_time(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::player
