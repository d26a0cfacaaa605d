// Minds as labels say them, of states made by hand.
#include "sensors/labels/minds.h"

#include <gtest/gtest.h>

namespace huntsman::sensors::labels {
namespace {

using namespace engine::world;
using engine::math::Vec2;
using engine::math::Vec3;

// The ego at (10, 0), a car (2) that comes towards it, a person (3) beside the road.
class Minds : public testing::Test {
  protected:
    void SetUp() override {
        world.archetypes.resize(2);
        world.archetypes[0].semantic = Semantic::kCar;
        world.archetypes[0].extent = {
            .front_m = 3.6, .rear_m = 0.9, .width_m = 1.8, .height_m = 1.5};
        world.archetypes[1].semantic = Semantic::kPedestrian;
        world.archetypes[1].extent = {
            .front_m = 0.2, .rear_m = 0.2, .width_m = 0.5, .height_m = 1.8};
        world.spawns = {{.id = kEgo}, {.id = 2}, {.id = 3, .archetype = 1}};
        world.spawns[0].X_WB.p = {10, 0, 0};
        world.spawns[1].X_WB = engine::math::upright({40, 3.5, 0}, engine::math::kPi);
        world.spawns[2].X_WB.p = {20, -6, 0};
        state = initial_state(world);
    }
    ActorState& car() { return state.actors[1]; }
    ActorState& person() { return state.actors[2]; }
    MindLabel mind(const ActorState& agent) const { return mind_of(world, state, agent, profiles); }

    World world;
    State state;
    const std::vector<std::string> profiles = {"attentive", "on_phone"};
};

TEST_F(Minds, NobodyHasSeenAnEgoOfWhomItHasNoBelief) {
    const MindLabel label = mind(car());
    EXPECT_FALSE(label.has_seen_ego);
    EXPECT_FALSE(label.believed_ego || label.believed_ego_mind || label.goes);
    EXPECT_TRUE(label.wrong_beliefs.empty());
    EXPECT_EQ(label.profile, "");
}

TEST_F(Minds, ABeliefAboutTheEgoHasItsErrorAndDeviations) {
    // 3 m ahead of and 4 m beside the truth, at a height that does not count.
    Track track{.id = kEgo, .exists = 0.75, .p_W = {13, 4, 0.5}, .v_W = {8, -1}};
    track.yaw_rad = 0.1;
    track.unseen_s = 2.5;
    track.place_variance_m2 = 2.25;
    track.speed_variance_m2ps2 = 0.64;
    car().mind.beliefs.tracks = {track};
    const MindLabel label = mind(car());
    EXPECT_TRUE(label.has_seen_ego);
    ASSERT_TRUE(label.believed_ego.has_value());
    EXPECT_EQ(label.believed_ego->p_W, Vec3(13, 4, 0.5));
    EXPECT_EQ(label.believed_ego->v_W, Vec2(8, -1));
    EXPECT_DOUBLE_EQ(label.believed_ego->error_m.value(), 5);
    EXPECT_DOUBLE_EQ(label.believed_ego->place_sd_m, 1.5);
    EXPECT_DOUBLE_EQ(label.believed_ego->speed_sd_mps, 0.8);
    EXPECT_EQ(label.believed_ego->exists, 0.75);
    EXPECT_EQ(label.believed_ego->unseen_s, 2.5);
    EXPECT_FALSE(label.believed_ego_mind.has_value());
    EXPECT_TRUE(label.wrong_beliefs.empty()) << "they are about others";
}

TEST_F(Minds, TheEgosLikeliestGoalIsSummedOverStyles) {
    Track track{.id = kEgo, .p_W = {10, 0, 0}};
    OtherMind& thought = track.mind.emplace();
    thought.has_seen_me = 0.3;
    // One state is the likeliest, but not its goal.
    thought.goal[static_cast<std::size_t>(Goal::kStraight)] = {0.4, 0, 0};
    thought.goal[static_cast<std::size_t>(Goal::kYield)] = {0.25, 0.25, 0.1};
    person().mind.beliefs.tracks = {track};
    const MindLabel label = mind(person());
    ASSERT_TRUE(label.believed_ego_mind.has_value());
    EXPECT_EQ(label.believed_ego_mind->has_seen_me, 0.3);
    EXPECT_EQ(label.believed_ego_mind->goal, Goal::kYield);
    EXPECT_DOUBLE_EQ(label.believed_ego_mind->goal_probability, 0.6);
}

TEST_F(Minds, WrongBeliefsAreFarOffOrStaleOrAboutSomebodyGone) {
    person().mind.beliefs.tracks = {
        {.id = 2, .p_W = {37.9, 3.5, 0}},  // 2.1 m off
        {.id = 77, .p_W = {0, 0, 0}},      // never was
    };
    auto wrong = mind(person()).wrong_beliefs;
    ASSERT_EQ(wrong.size(), 2U);
    EXPECT_EQ(wrong[0].id, 2U);
    EXPECT_NEAR(wrong[0].error_m.value(), 2.1, 1e-12);
    EXPECT_EQ(wrong[1].id, 77U);
    EXPECT_FALSE(wrong[1].error_m.has_value());

    auto& track = person().mind.beliefs.tracks[0];
    track.p_W.x = 38.1;  // 1.9 m
    EXPECT_EQ(mind(person()).wrong_beliefs.size(), 1U);
    track.unseen_s = 1.1;
    EXPECT_EQ(mind(person()).wrong_beliefs.size(), 2U);
    car().hidden_from = kSensors;  // labels do not list it
    EXPECT_EQ(mind(person()).wrong_beliefs.size(), 1U);
}

TEST_F(Minds, GoingIsAsLikelyAsEvidenceIsNearToIt) {
    Deliberation deliberation;
    EXPECT_FALSE(goes_probability(deliberation).has_value());
    deliberation.place = 4;
    for (const auto& [evidence, probability] :
         {std::pair(-1.0, 0.0), {-0.5, 0.25}, {0.0, 0.5}, {1.0, 1.0}, {1.3, 1.0}}) {
        deliberation.evidence = evidence;
        EXPECT_DOUBLE_EQ(goes_probability(deliberation).value(), probability);
    }
    deliberation.evidence = 0;
    deliberation.going = true;
    EXPECT_EQ(goes_probability(deliberation), 1.0);
}

TEST_F(Minds, SayWhoItIsWhereItLooksAndWhatItShows) {
    person().profile = 1;
    person().mind.pedestrian().gaze_rad = 0.5 * engine::math::kPi;
    person().mind.glance.away = true;
    person().mind.signalled = {.gesture = Gesture::kWave, .to = 2};
    MindLabel label = mind(person());
    EXPECT_EQ(label.profile, "on_phone");
    EXPECT_NEAR(label.gaze_W.y, 1, 1e-12);
    EXPECT_TRUE(label.looks_away);
    EXPECT_EQ(label.gesture, Gesture::kWave);
    EXPECT_EQ(label.gesture_to, 2U);
    person().mind.signalled.gesture = Gesture::kNothing;
    EXPECT_EQ(mind(person()).gesture_to, kNoActor);
    person().scripted.emplace();  // moved, not minded: looks where it faces
    EXPECT_NEAR(mind(person()).gaze_W.x, 1, 1e-12);
}

// Seen is geometry of this moment; having seen is memory.
TEST_F(Minds, WhoLooksAwayDoesNotSeeWhomItHasSeen) {
    std::vector<ObjectLabel> labels(1);
    labels[0].id = 3;
    labels[0].semantic = Semantic::kPedestrian;
    person().mind.pedestrian().gaze_rad = 0;  // the ego is behind
    person().mind.beliefs.tracks = {{.id = kEgo, .p_W = {10, 0, 0}}};
    label_minds(world, state, profiles, labels);
    EXPECT_TRUE(labels[0].mind.seen.empty());
    EXPECT_TRUE(labels[0].mind.has_seen_ego);
    person().mind.pedestrian().gaze_rad = engine::math::kPi;
    person().mind.beliefs.tracks.clear();
    label_minds(world, state, profiles, labels);
    EXPECT_EQ(labels[0].mind.seen, std::vector<ActorId>{kEgo});
    EXPECT_FALSE(labels[0].mind.has_seen_ego);
}

}  // namespace
}  // namespace huntsman::sensors::labels
