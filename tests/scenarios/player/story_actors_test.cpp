// Entities of a story as actors of a state, with physics.
#include "scenarios/player/story_actors.h"

#include <cmath>

#include "engine/physics/physics.h"
#include "engine/road/compile.h"
#include "tests/scenarios/player/played_story.h"

namespace huntsman::scenarios::player {
namespace {

using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::kEgo;
using engine::world::State;
using engine::world::World;

// The first car of the story is its ego.
class StoryRun : public PlayedStory {
  protected:
    void start(bool all_physical = false) {
        story_.ego = 0;
        world_.road_model = model_;
        world_.roads = engine::road::compile(world_.road_model, geometry_, {.seed = 1});
        engine::world::Archetype car;
        car.name = "car";
        car.extent = {3.5, 1.0, 1.8, 1.5};
        engine::world::Archetype person;
        person.name = "person";
        person.semantic = engine::world::Semantic::kPedestrian;
        person.extent = {0.25, 0.25, 0.5, 1.75};
        world_.archetypes = {car, person};
        for (const auto& entity : story_.entities) {
            const bool walks = entity.kind == story::EntityKind::kPedestrian;
            world_.story_roles.push_back({walks ? 1U : 0U, {}});
        }
        const auto begun = Player(story_, geometry_).begin();
        world_.spawns.push_back(
            {.id = kEgo,
             .X_WB = engine::math::upright(begun.entities[0].p_W, begun.entities[0].heading_rad),
             .speed_mps = begun.entities[0].speed_mps});
        map_.emplace(world_);
        state_ = engine::world::initial_state(world_);
        actors_.emplace(story_, geometry_, world_, *map_, all_physical);
        ASSERT_TRUE(actors_->begin(state_));
        auto made = engine::physics::Physics::create(world_, *map_, state_);
        ASSERT_TRUE(made) << made.error().text();
        physics_ = std::move(*made);
    }
    void step() {
        ASSERT_TRUE(actors_->step(state_));
        actors_->override_controls(state_);
        physics_->step(state_);
        state_.time_us += kTick_us;
        ++state_.tick;
    }
    void run(double time_s, const std::function<void()>& each = {}) {
        const auto ticks = static_cast<int>(std::lround(time_s / seconds(kTick_us)));
        for (int i = 0; i < ticks; ++i) {
            step();
            if (each) each();
        }
    }
    const engine::world::ScriptedEntity& entity(Index i) const { return state_.story->entities[i]; }
    engine::world::ActorState& actor(Index i) { return *state_.find(entity(i).actor); }

    World world_;
    State state_;
    std::optional<engine::road::RoadMap> map_;
    std::optional<StoryActors> actors_;
    std::unique_ptr<engine::physics::Physics> physics_;
};

TEST_F(StoryRun, ActorsAreWhereTheStoryHasThem) {
    add_car("Ego", 50, 15);
    const Index b = add_car("b", 100, 10);
    add_event(add_maneuver(b), after(1), speed(20, 4));
    start();
    const Player alone(story_, geometry_);
    StoryState expected = alone.begin();
    run(6, [&] {
        alone.step(expected, kTick_us);
        for (const Index i : {Index{0}, b}) {
            ASSERT_NEAR(actor(i).X_WB.p.x, expected.entities[i].p_W.x, 1e-9);
            ASSERT_NEAR(actor(i).X_WB.p.y, expected.entities[i].p_W.y, 1e-9);
        }
    });
    EXPECT_EQ(entity(0).actor, kEgo);
    EXPECT_NEAR(glm::length(actor(b).v_W), 20, 0.05);
}

TEST_F(StoryRun, EntitiesThatComeAndGoHaveActorsMeanwhile) {
    add_car("Ego", 50, 0);
    const Index b = add_car("b", 100, 0);
    const Index maneuver = add_maneuver(0);
    add_event(maneuver, after(1), story::DeleteEntityAction{b});
    add_event(maneuver, after(2),
              story::AddEntityAction{b, story::LanePlace{model_.roads[0].id, -1, 300, 0, {}}});
    start();
    const ActorId first = entity(b).actor;
    EXPECT_EQ(state_.actors.size(), 2U);
    run(1.5);
    EXPECT_EQ(state_.actors.size(), 1U);
    run(1.5);
    ASSERT_EQ(state_.actors.size(), 2U);
    EXPECT_NE(entity(b).actor, first) << "ids are never given again";
    EXPECT_NEAR(actor(b).X_WB.p.x, 300, 1e-6);
}

// The ego is let go: the story sees where physics takes it, and its triggers follow.
TEST_F(StoryRun, StoryMeasuresAnEgoThatADriverHas) {
    add_car("Ego", 50, 10);
    const Index b = add_car("b", 200, 0);
    story::Condition near{.triggering = {0},
                          .kind = story::RelativeDistanceCondition{
                              .entity = b,
                              .rule = story::Rule::kLessThan,
                              .value_m = 100,
                              .measure = {.kind = story::DistanceKind::kEuclidean}}};
    add_event(add_maneuver(b), near, speed(5, 1));
    add_event(add_maneuver(0), after(0), speed(30, 1));  // passed over
    start();
    actors_->give_ego_away(state_);
    double started_at = -1;
    run(8, [&] {
        actor(0).vehicle = {.brake = 0, .reverse = false};
        if (started_at < 0 && entity(b).speed_mps > 0) started_at = actor(0).X_WB.p.x;
    });
    EXPECT_NEAR(started_at, 100, 0.3);
    EXPECT_LT(entity(0).speed_mps, 10.1) << "the driver's, not the story's";
    EXPECT_NEAR(entity(0).p_W.x, actor(0).X_WB.p.x, 0.2);
    EXPECT_NEAR(entity(0).travelled_m, actor(0).X_WB.p.x - 50, 0.3);
}

TEST_F(StoryRun, StoryAsksForADriverOnceBothDirectionsAreItsControllers) {
    add_car("Ego", 50, 10);
    const Index maneuver = add_maneuver(0);
    story::ActivateControllerAction lateral, longitudinal;
    lateral.lateral = true;
    longitudinal.longitudinal = true;
    add_event(maneuver, after(1), lateral);
    add_event(maneuver, after(2), longitudinal);
    start();
    run(1.5);
    EXPECT_FALSE(actors_->asks_for_driver(state_));
    run(1);
    EXPECT_TRUE(actors_->asks_for_driver(state_));
}

// A hard curve of speeds and a lane change, driven by pedals and steering.
TEST_F(StoryRun, PhysicalVehiclesStayNearTheirMotion) {
    add_car("Ego", 50, 0);
    const Index b = add_car("b", 100, 15);
    const Index maneuver = add_maneuver(b);
    add_event(maneuver, after(1), speed(20, 4));
    add_event(maneuver, after(6), speed(8, 4), story::Priority::kParallel);
    add_event(maneuver, after(12),
              story::LaneOffsetAction{.shape = story::Shape::kSinusoidal,
                                      .max_lateral_acceleration_mps2 = 0.5,
                                      .offset_m = 1.2},
              story::Priority::kParallel);
    start(true);
    double most_m = 0, most_mps = 0;
    run(20, [&] {
        most_m = std::max(most_m, glm::length(actor(b).X_WB.p - entity(b).p_W));
        most_mps = std::max(most_mps, std::abs(glm::length(actor(b).v_W) - entity(b).speed_mps));
    });
    EXPECT_LT(most_m, 0.6);
    EXPECT_LT(most_mps, 0.7);
    EXPECT_GT(most_m, 0) << "not moved by physics";
    EXPECT_FALSE(entity(b).released);
}

TEST_F(StoryRun, EntityBecomesAnAgentOnceItsStoryIsOver) {
    add_car("Ego", 50, 0);
    const Index b = add_car("b", 100, 10);
    story_.entities[b].properties.push_back({"after_story", "traffic"});
    add_event(add_maneuver(b), after(1), speed(5, 1));
    start();
    run(1.9);
    EXPECT_TRUE(actor(b).scripted);
    run(0.3);
    EXPECT_FALSE(actor(b).scripted);
    EXPECT_TRUE(entity(b).released);
    EXPECT_NE(actor(b).mind.driver().route[0], engine::world::kNone);
    EXPECT_NEAR(glm::length(actor(b).v_W), 5, 0.1) << "keeps its speed";
}

TEST_F(StoryRun, CollisionOfTheDrivenEgoEndsTheScriptOfTheOther) {
    add_car("Ego", 50, 15);
    const Index b = add_car("b", 70, 0);
    start();
    actors_->give_ego_away(state_);
    run(4);
    EXPECT_TRUE(entity(b).released);
    EXPECT_FALSE(actor(b).scripted);
    EXPECT_GT(actor(b).X_WB.p.x, 72) << "pushed";
    EXPECT_EQ(actor(b).vehicle.brake, 1.0);
}

}  // namespace
}  // namespace huntsman::scenarios::player
