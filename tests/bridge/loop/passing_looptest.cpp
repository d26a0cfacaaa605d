// The oracle on a road of two lanes with a thing on its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <optional>

#include "bridge/run/runner.h"
#include "engine/core/files.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using engine::world::ActorState;
using engine::world::State;

// A straight road along x with a lane each way and boxes on it. A box's place is its middle.
struct Box {
    double s = 0, t = 0, width = 2;
};
std::filesystem::path road_with(const std::string& name, const std::vector<Box>& boxes,
                                bool oncoming_lane = true) {
    const std::string lane =
        R"( type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane>)";
    std::string text =
        R"(<OpenDRIVE><header revMajor="1" revMinor="7"/><road name="" length="400" id="1" junction="-1">
<type s="0" type="town"><speed max="50" unit="km/h"/></type>
<planView><geometry s="0" x="0" y="0" hdg="0" length="400"><line/></geometry></planView>
<lanes><laneSection s="0">)";
    if (oncoming_lane) text += R"(<left><lane id="1")" + lane + "</left>";
    text += R"(<center><lane id="0" type="none"/></center><right><lane id="-1")" + lane +
            "</right></laneSection></lanes><objects>";
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        text +=
            R"(<object type="obstacle" name="box" zOffset="0" hdg="0" length="2" height="1" id=")" +
            std::to_string(i) + "\" s=\"" + std::to_string(boxes[i].s) + "\" t=\"" +
            std::to_string(boxes[i].t) + "\" width=\"" + std::to_string(boxes[i].width) + "\"/>";
    }
    text += "</objects></road></OpenDRIVE>";
    const auto path = std::filesystem::temp_directory_path() / ("huntsman_" + name + ".xodr");
    EXPECT_TRUE(engine::core::write_file(path, text));
    return path;
}

RunOptions oracle_on(const std::filesystem::path& map, double seconds) {
    RunOptions options = test_options("oracle", seconds);
    options.scenario.map = map.string();
    options.scenario.town.seed = 1;
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.town.way = {"1,-1,60", "1,-1,320", {}};
    return options;
}

// Runs to the end; `look` is called at every tick's moment.
engine::core::Result<RunResult> run_to_end(const RunOptions& options,
                                           const std::function<void(Session&)>& look = {}) {
    Resources resources(1);
    auto driver = run::make_driver(options);
    if (!driver) return driver.error();
    auto session = Session::create(resources, options, {.driver = std::move(*driver)});
    if (!session) return session.error();
    while (!(*session)->ended()) {
        HM_TRY((*session)->step());
        if (look && !(*session)->ended()) look(**session);
    }
    return (*session)->finish();
}

int collisions(const RunResult& result) {
    return result.carla.static_collisions + result.carla.vehicle_collisions;
}

constexpr double kBox_m = 160;  // s of the box; x too, but for the place of the map's middle

TEST(OraclePasses, ABoxOnItsLaneOverTheFreeOncomingLane) {
    const auto map = road_with("box_free", {{kBox_m, -1.75}});
    double slowest = 1e9;
    const auto result = run_to_end(oracle_on(map, 60), [&](const Session& session) {
        const State& state = session.state();
        if (state.time_us > 8'000'000 && state.time_us < 20'000'000) {
            slowest = std::min(slowest, glm::length(state.actors.front().v_W));
        }
    });
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->end_reason, "route completed");
    EXPECT_EQ(collisions(*result), 0);
    EXPECT_GT(slowest, 3.0);  // without a stop
    EXPECT_EQ(result->nuplan.drivable_area, 1.0);
    std::filesystem::remove(map);
}

TEST(OraclePasses, AnythingWithinItsLaneWithoutLeavingIt) {
    const auto map = road_with("box_aside", {{kBox_m, -2.9, 1.2}});
    const auto result = run_to_end(oracle_on(map, 60));
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->end_reason, "route completed");
    EXPECT_EQ(collisions(*result), 0);
    EXPECT_EQ(result->carla.outside_lanes_share, 0);
    EXPECT_EQ(result->nuplan.driving_direction, 1.0);
    std::filesystem::remove(map);
}

TEST(OraclePasses, TheBoxAfterAnOncomingCarForWhichItWaits) {
    const auto map = road_with("box_car", {{kBox_m, -1.75}});
    // A seed that puts the other car far down the oncoming lane.
    RunOptions options = oracle_on(map, 0.05);
    options.scenario.town.vehicles = 1;
    const auto oncoming = [](const State& state) -> const ActorState* {
        const ActorState& ego = state.actors.front();
        const auto ahead = ego.X_WB.rotate({1, 0, 0});
        for (const ActorState& actor : state.actors) {
            if (glm::dot(actor.X_WB.rotate({1, 0, 0}), ahead) < -0.9 &&
                glm::dot(actor.X_WB.p - ego.X_WB.p, ahead) > 180 &&
                glm::dot(actor.X_WB.p - ego.X_WB.p, ahead) < 250) {
                return &actor;
            }
        }
        return nullptr;
    };
    std::optional<engine::world::ActorId> comer;
    for (options.scenario.town.seed = 1; options.scenario.town.seed < 60 && !comer;
         ++options.scenario.town.seed) {
        ASSERT_TRUE(run_to_end(options, [&](const Session& session) {
            if (const ActorState* actor = oncoming(session.state())) comer = actor->id;
        }));
    }
    ASSERT_TRUE(comer);
    --options.scenario.town.seed;
    options.scenario.duration_s = 90;

    // It is held until both would meet at the box.
    std::optional<engine::math::Vec3> start;
    double stood_s = 0, met_s = -1, moved_out_s = -1;
    const auto result = run_to_end(options, [&](Session& session) {
        const State& state = session.state();
        const ActorState& ego = state.actors.front();
        if (!start) start = ego.X_WB.p;
        const double travelled = std::abs(ego.X_WB.p.x - start->x);
        const double now = 1e-6 * static_cast<double>(state.time_us);
        const ActorState* other = state.find(*comer);
        if (other == nullptr) return;
        // Its time to the box and the ego's.
        const double other_s = (std::abs(other->X_WB.p.x - start->x) - (kBox_m - 60)) / 9 + 2;
        const double ego_s = (kBox_m - 60 - travelled) / 9;
        if (other_s < ego_s) {
            session.command(*comer, {.brake = 1.0});
        } else {
            // Straight on at 9 m/s, whoever is in its way: its own mind would let the ego pass.
            const double missing = 9.0 - glm::length(other->v_W);
            session.command(*comer, {.throttle = std::clamp(0.5 * missing, 0.0, 1.0),
                                     .brake = std::clamp(-0.2 * missing, 0.0, 1.0)});
        }
        if (travelled > 10 && glm::length(ego.v_W) < 0.1) stood_s += 0.005;
        const double ahead = glm::dot(other->X_WB.p - ego.X_WB.p, ego.X_WB.rotate({1, 0, 0}));
        if (met_s < 0 && ahead < 0) met_s = now;
        if (moved_out_s < 0 && std::abs(ego.X_WB.p.y - start->y) > 1) moved_out_s = now;
    });
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_EQ(result->end_reason, "route completed");
    EXPECT_EQ(collisions(*result), 0);
    EXPECT_GT(stood_s, 0.5);
    EXPECT_GT(met_s, 0);
    EXPECT_GT(moved_out_s, met_s - 1);
    std::filesystem::remove(map);
}

TEST(OraclePasses, NothingWhereThereIsNoWayPast) {
    for (const bool other_lane : {false, true}) {
        std::vector<Box> boxes{{kBox_m, -1.75, 2.5}};
        if (other_lane) boxes.push_back({kBox_m + 6, 1.75, 2.5});
        const auto map = road_with("box_closed", boxes, other_lane);
        const auto result = run_to_end(oracle_on(map, 40));
        ASSERT_TRUE(result) << result.error().text();
        EXPECT_EQ(collisions(*result), 0);
        EXPECT_EQ(result->carla.outside_lanes_share, 0);
        EXPECT_GT(result->progress_m, kBox_m - 60 - 30);
        EXPECT_LT(result->progress_m, kBox_m - 60 - 4);
        std::filesystem::remove(map);
    }
}

}  // namespace
}  // namespace huntsman::bridge::loop
