// The data of the view from above, of states made by hand.
#include "bridge/report/top_view.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace huntsman::bridge::report {
namespace {

using namespace engine::world;
using nlohmann::json;

class TopViewTest : public testing::Test {
  protected:
    void SetUp() override {
        world.size_m = 400;
        world.archetypes.resize(2);
        world.archetypes[0].semantic = Semantic::kCar;
        world.archetypes[0].extent = {.front_m = 3.5, .rear_m = 1, .width_m = 1.8, .height_m = 1.5};
        world.archetypes[1].semantic = Semantic::kPedestrian;
        world.archetypes[1].extent = {
            .front_m = 0.2, .rear_m = 0.2, .width_m = 0.5, .height_m = 1.8};
        world.spawns = {{.id = kEgo}, {.id = 2, .archetype = 1}, {.id = 3}};
        world.spawns[1].X_WB.p = {20, 5, 0};
        world.spawns[2].X_WB.p = {90, 0, 0};  // out of reach
        state = initial_state(world);
    }
    loop::FrameView view() const {
        return {.world = world,
                .state = state,
                .frames = frames,
                .truth = truth,
                .observation = observation,
                .action = action,
                .new_failures = {},
                .profiles = profiles};
    }
    // What the page's script gets.
    static json data_of(const TopView& top) {
        const std::string html = top.html();
        const std::string begin = "const T=";
        const auto from = html.find(begin) + begin.size();
        return json::parse(html.substr(from, html.find("};", from) + 1 - from));
    }

    World world;
    State state;
    std::vector<engine::render::Frame> frames;
    std::vector<sensors::labels::TrueObject> truth;
    messages::Observation observation;
    messages::Action action;
    std::vector<std::string> profiles = {"attentive", "</script>"};
};

TEST_F(TopViewTest, ListsTheEgoAndThoseInReach) {
    TopView top(false);
    EXPECT_EQ(top.html(), "");
    state.time_us = 1'500'000;
    top.add(view());
    const json data = data_of(top);
    EXPECT_EQ(data["side"], 400.0);
    EXPECT_EQ(data["minds"], false);
    const json& moment = data["moments"][0];
    EXPECT_EQ(moment[0], 1.5);
    ASSERT_EQ(moment[1].size(), 2U);
    // Middle of the footprint: 1.25 m ahead of the ego's rear axle.
    EXPECT_EQ(moment[1][0], json::parse("[1,0,1.2,0.0,0.0,0.0]"));
    EXPECT_EQ(moment[1][1], json::parse("[2,1,20.0,5.0,0.0,0.0]"));
    EXPECT_EQ(data["shapes"], json::parse(R"([[4.5,1.8,"car"],[0.4,0.5,"pedestrian"]])"));
    state.actors[1].hidden_from = kPictures;
    top.add(view());
    EXPECT_EQ(data_of(top)["moments"][1][1].size(), 1U);
}

TEST_F(TopViewTest, AMindHasItsGazeItsPlanAndGhostsOfWhatIsWrongByMoreThanAMetre) {
    auto& person = state.actors[1];
    person.profile = 0;
    person.mind.pedestrian().gaze_rad = 1.5;
    person.mind.pedestrian().intention = Intention::kWaitToCross;
    person.mind.deliberation = {.place = 4, .evidence = -0.5};
    person.mind.glance.away = true;
    Track ego{.id = kEgo, .exists = 0.9, .p_W = {2, 3, 0}};
    ego.unseen_s = 1.25;
    ego.place_variance_m2 = 4;
    ego.mind.emplace().has_seen_me = 0.4;
    ego.mind->goal[static_cast<std::size_t>(Goal::kYield)] = {0.25, 0.25, 0.25};
    Track near{.id = 3, .p_W = {90.9, 0, 0}};  // 0.9 m off
    Track gone{.id = 77, .archetype = 1, .exists = 0.5, .p_W = {7, 8, 0}};
    person.mind.beliefs.tracks = {ego, near, gone};
    TopView top(true);
    top.add(view());
    const json moment = data_of(top)["moments"][0][1];
    EXPECT_EQ(moment[0].size(), 6U) << "the ego's mind is nobody's";
    const json expected = json::parse(R"({"g":1.5,"i":"wait_to_cross","s":1,"u":1.2,"p":0.25,
        "a":1,"n":0,"m":[0.4,"yield",0.75],
        "w":[[1,0,3.2,3.0,0.0,2.0,0.9,1.2,0.0],[77,1,7.0,8.0,0.0,0.0,0.5]]})");
    EXPECT_EQ(moment[1][6], expected) << moment[1][6];
}

TEST_F(TopViewTest, NamesDoNotEndTheScript) {
    TopView top(true);
    top.add(view());
    EXPECT_EQ(data_of(top)["profiles"][1], "</script>");
    const std::string html = top.html();
    EXPECT_EQ(html.find("</script>"), html.rfind("</script>"));
}

// More moments than are kept, among 100 people of whom each is wrong about eight others.
TEST_F(TopViewTest, APageOfAnyRunIsBounded) {
    ActorState person = state.actors[1];
    person.profile = 1;
    for (ActorId id = 300; id < 308; ++id) {
        person.mind.beliefs.tracks.push_back({.id = id, .p_W = {-123.4, -234.5, 0}});
    }
    state.actors.resize(1);
    for (ActorId id = 2; id < 102; ++id) {
        person.id = id;
        person.X_WB.p = {0.3 * id, -12.3, 0};
        state.actors.push_back(person);
    }
    TopView top(true);
    for (int k = 0; k < 450; ++k) {
        state.time_us = 1'000'000 * k;
        top.add(view());
    }
    EXPECT_LE(top.moments(), TopView::kMostMoments);
    EXPECT_GT(top.moments(), TopView::kMostMoments / 2);
    EXPECT_LT(top.html().size(), 10e6);
    const json moments = data_of(top)["moments"];
    EXPECT_EQ(moments[0][1].size(), 1 + TopView::kMostShown);
    EXPECT_EQ(moments[0][1][1][6]["w"].size(), TopView::kMostGhosts);
    // Evenly spread.
    const double step_s = moments[1][0].get<double>() - moments[0][0].get<double>();
    for (std::size_t i = 1; i < moments.size(); ++i) {
        EXPECT_EQ(moments[i][0].get<double>() - moments[i - 1][0].get<double>(), step_s);
    }
}

}  // namespace
}  // namespace huntsman::bridge::report
