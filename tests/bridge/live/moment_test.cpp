// Paths and lists of moments.
#include <gtest/gtest.h>

#include "bridge/live/timeline.h"

namespace huntsman::bridge::live {
namespace {

MomentPtr moment_with(std::int64_t tick, double x, std::size_t bytes = 100) {
    auto moment = std::make_shared<Moment>();
    moment->tick = moment->state.tick = tick;
    moment->state.time_us = tick * engine::core::kTick_us;
    moment->at_frame = true;
    moment->bytes = bytes;
    engine::world::ActorState actor;
    actor.id = 7;
    actor.X_WB.p = {x, 0, 0};
    actor.v_W = {2, 0, 0};
    moment->state.actors.push_back(actor);
    return moment;
}

TEST(Timeline, FindsTheLastMomentThatIsNotAfterATick) {
    Timeline timeline(1000);
    EXPECT_EQ(timeline.at(5), nullptr);
    for (const std::int64_t tick : {0, 20, 40}) timeline.add(moment_with(tick, 0));
    EXPECT_EQ(timeline.at(0)->tick, 0);
    EXPECT_EQ(timeline.at(39)->tick, 20);
    EXPECT_EQ(timeline.at(1000)->tick, 40);
    EXPECT_EQ(timeline.after(20)->tick, 40);
    EXPECT_EQ(timeline.after(40), nullptr);
    const auto before = timeline.all();
    timeline.cut(20);
    EXPECT_EQ(timeline.all()->size(), 1U);
    EXPECT_EQ(before->size(), 3U);  // what was given out does not change
}

TEST(Timeline, KeepsToItsMemoryAndToTheWholeTime) {
    Timeline timeline(10'000);
    for (int i = 0; i < 1000; ++i) {
        timeline.add(moment_with(20 * i, 0));
        ASSERT_LE(timeline.bytes(), 10'000U);
    }
    const auto all = timeline.all();
    EXPECT_EQ(all->front()->tick, 0);
    EXPECT_EQ(all->back()->tick, 20 * 999);
    EXPECT_GT(all->size(), 40U);
    for (std::size_t i = 1; i < all->size(); ++i) EXPECT_LT((*all)[i - 1]->tick, (*all)[i]->tick);
}

TEST(PathOf, RunsStraightBetweenMoments) {
    Moments moments;
    for (int i = 0; i <= 5; ++i) moments.push_back(moment_with(20 * i, 0.2 * i));
    const auto path = path_of(moments, 7, 0, 100, 0.05);  // 0.1 s from moment to moment
    ASSERT_EQ(path.size(), 11U);
    for (std::size_t i = 0; i < path.size(); ++i) {
        EXPECT_NEAR(path[i].time_s, 0.05 * static_cast<double>(i), 1e-9);
        EXPECT_NEAR(path[i].X_WB.p.x, 0.1 * static_cast<double>(i), 1e-9);
        EXPECT_DOUBLE_EQ(path[i].speed_mps, 2);
    }
    EXPECT_TRUE(path_of(moments, 8, 0, 100, 0.05).empty());
    EXPECT_TRUE(path_of(moments, 7, 100, 0, 0.05).empty());
    // As far as it was there.
    EXPECT_EQ(path_of(moments, 7, 60, 1000, 0.1).size(), 3U);
}

}  // namespace
}  // namespace huntsman::bridge::live
