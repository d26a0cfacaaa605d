// Sources, sinks, swarms and areas of a story's traffic.
#include "scenarios/player/story_traffic.h"

#include <cmath>

#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "engine/world/pose.h"
#include "scenarios/player/story_actors.h"
#include "tests/scenarios/player/played_story.h"

namespace huntsman::scenarios::player {
namespace {

using engine::math::Vec3;
using engine::world::ActorState;
using engine::world::kEgo;
using engine::world::Semantic;
using engine::world::State;
using engine::world::World;

// A run without minds or physics: the traffic stands where it appears unless a test moves it.
class TrafficRun : public PlayedStory {
  protected:
    void start() {
        story_.ego = 0;
        world_.road_model = model_;
        world_.roads = engine::road::compile(world_.road_model, geometry_, {.seed = 1});
        engine::world::Archetype car, truck, of_story;
        car.extent = of_story.extent = {3.5, 1.0, 1.8, 1.5};
        truck.semantic = Semantic::kTruck;
        truck.extent = {6.5, 1.5, 2.3, 3.0};
        world_.archetypes = {car, truck, of_story};
        for (std::size_t i = 0; i < story_.entities.size(); ++i) {
            world_.story_roles.push_back({2U, {}});
        }
        const auto begun = Player(story_, geometry_).begin();
        world_.spawns.push_back(
            {.id = kEgo,
             .archetype = 2,
             .X_WB = engine::math::upright(begun.entities[0].p_W, begun.entities[0].heading_rad)});
        map_.emplace(world_);
        state_ = engine::world::initial_state(world_);
        actors_.emplace(story_, geometry_, world_, *map_);
        ASSERT_TRUE(actors_->begin(state_));
    }
    void run(double time_s) {
        const auto ticks = static_cast<int>(std::lround(time_s / seconds(kTick_us)));
        for (int i = 0; i < ticks; ++i) {
            ASSERT_TRUE(actors_->step(state_));
            state_.time_us += kTick_us;
            ++state_.tick;
            for (ActorState& actor : state_.actors) {
                if (actor.scripted) actor.X_WB = actor.scripted->X_WB;
                EXPECT_FALSE(overlaps(actor));
            }
        }
    }
    bool overlaps(const ActorState& actor) const {
        const auto box = [&](const ActorState& a) {
            return engine::world::footprint(world_.archetypes[a.archetype].extent, a.X_WB);
        };
        for (const ActorState& other : state_.actors) {
            if (other.id != actor.id && engine::math::overlap(box(other), box(actor))) return true;
        }
        return false;
    }
    // All but the story's entities.
    std::vector<const ActorState*> traffic() const {
        std::vector<const ActorState*> list;
        for (const ActorState& actor : state_.actors) {
            if (actor.archetype != 2) list.push_back(&actor);
        }
        return list;
    }
    story::Place at(double s_m) const {
        return story::LanePlace{model_.roads[0].id, -1, s_m, 0, {}};
    }
    void begin_with(story::TrafficAction action) {
        add_event(add_maneuver(0), after(0), std::move(action));
    }

    World world_;
    State state_;
    std::optional<engine::road::RoadMap> map_;
    std::optional<StoryActors> actors_;
};

TEST_F(TrafficRun, SourcesBringTheirKindsAtTheirRateWithinTheirRadius) {
    add_car("Ego", 20, 0);
    begin_with({"", story::TrafficSource{.place = at(250),
                                         .radius_m = 120,
                                         .rate_per_s = 0.5,
                                         .speed_mps = 4.0,
                                         .mix = {{{"truck", 1}, {"tram", 5}}}}});
    start();
    run(8.5);
    const auto come = traffic();
    EXPECT_EQ(come.size(), 4U);
    for (const ActorState* actor : come) {
        EXPECT_EQ(actor->archetype, 1U);
        EXPECT_LE(glm::length(actor->X_WB.p - Vec3(250, actor->X_WB.p.y, 0)), 120);
        EXPECT_NEAR(glm::length(actor->v_W), 4.0, 1e-9);
        EXPECT_NE(actor->mind.driver().route[0], engine::world::kNone) << "its own mind drives it";
    }
}

TEST_F(TrafficRun, StopActionsStopTheTrafficOfTheirName) {
    add_car("Ego", 20, 0);
    const story::TrafficSource source{
        .place = at(250), .radius_m = 120, .rate_per_s = 0.5, .speed_mps = 2.0, .mix = {}};
    begin_with({"a", source});
    add_event(add_maneuver(0), after(2.5), story::TrafficAction{"other", story::TrafficStop{}});
    add_event(add_maneuver(0), after(4.5), story::TrafficAction{"a", story::TrafficStop{}});
    start();
    run(4.0);
    ASSERT_EQ(state_.story->traffic.size(), 1U);
    run(8.0);
    EXPECT_TRUE(state_.story->traffic.empty());
    EXPECT_EQ(traffic().size(), 2U);
}

TEST_F(TrafficRun, SinksTakeAwayWhoeverComesButTheStorysOwn) {
    add_car("Ego", 20, 0);
    add_car("b", 245, 0);
    begin_with(
        {"", story::TrafficSource{
                 .place = at(250), .radius_m = 200, .rate_per_s = 2, .speed_mps = 0.0, .mix = {}}});
    add_event(add_maneuver(0), after(6), story::TrafficAction{"", story::TrafficStop{}});
    add_event(add_maneuver(0), after(6.1),
              story::TrafficAction{"", story::TrafficSink{.place = at(250), .radius_m = 60}});
    start();
    run(6.05);
    const std::size_t before = traffic().size();
    EXPECT_GE(before, 8U);
    run(0.5);
    EXPECT_LT(traffic().size(), before);
    for (const ActorState* actor : traffic()) {
        EXPECT_GT(glm::length(engine::math::xy(actor->X_WB.p) - engine::math::Vec2(250, -1.75)),
                  55);
    }
    EXPECT_NE(state_.find(state_.story->entities[1].actor), nullptr);
}

TEST_F(TrafficRun, SwarmsKeepTheirNumberAroundTheCentralObject) {
    add_car("Ego", 60, 10);
    begin_with({"", story::TrafficSwarm{.entity = 0,
                                        .semi_major_m = 150,
                                        .semi_minor_m = 40,
                                        .inner_radius_m = 20,
                                        .vehicles = 5,
                                        .low_mps = 0.0,
                                        .high_mps = 0.0,
                                        .mix = {}}});
    start();
    run(1.0);
    EXPECT_EQ(traffic().size(), 5U);
    const auto first = state_.next_actor;
    run(15.0);
    // The ego has left some of them behind; others have come ahead of it.
    EXPECT_EQ(traffic().size(), 5U);
    EXPECT_GT(state_.next_actor, first);
    const double ego_x = state_.find(kEgo)->X_WB.p.x;
    for (const ActorState* actor : traffic()) {
        EXPECT_LT(std::abs(actor->X_WB.p.x - ego_x), 151);
    }
}

TEST_F(TrafficRun, AreasAreFilledOnceOrAllTheTime) {
    for (const bool continuous : {false, true}) {
        story_ = {};
        world_ = {};
        add_car("Ego", 20, 0);
        story::TrafficArea area{.border = {},
                                .stretches = {{model_.roads[0].id, 100, 300, {-1}}},
                                .entities = 4,
                                .continuous = continuous,
                                .mix = {}};
        begin_with({"", area});
        start();
        run(1.0);
        ASSERT_EQ(traffic().size(), 4U);
        for (const ActorState* actor : traffic()) {
            EXPECT_GE(actor->X_WB.p.x, 99);
            EXPECT_LE(actor->X_WB.p.x, 301);
            EXPECT_LT(actor->X_WB.p.y, 0) << "on the lane that is named";
        }
        engine::world::remove_actor(state_, traffic().front()->id);
        run(1.0);
        EXPECT_EQ(traffic().size(), continuous ? 4U : 3U);
    }
}

TEST_F(TrafficRun, TheSameStoryGivesTheSameBits) {
    const auto hash = [&] {
        story_ = {};
        world_ = {};
        add_car("Ego", 20, 0);
        begin_with({"", story::TrafficSource{
                            .place = at(250), .radius_m = 150, .rate_per_s = 1, .mix = {}}});
        start();
        run(5.0);
        return engine::world::hash(state_);
    };
    EXPECT_EQ(hash(), hash());
}

}  // namespace
}  // namespace huntsman::scenarios::player
