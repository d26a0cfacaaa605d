// Actions that come into effect in another order than that in which they were made.
#include "bridge/loop/control.h"

#include <gtest/gtest.h>

#include "engine/core/dice.h"

namespace huntsman::bridge::loop {
namespace {

using engine::core::TimeUs;

messages::Action throttle(double value) {
    messages::Action action;
    action.mutable_pedals()->set_throttle(value);
    return action;
}

class OutOfOrder : public testing::Test {
  protected:
    double throttle_at(TimeUs time_us) { return controller_.command(ego_, time_us).throttle; }

    engine::world::Archetype car_;
    engine::world::ActorState ego_;
    Controller controller_{car_};
};

TEST_F(OutOfOrder, AnOlderActionThatComesAfterANewerOneNeverTakesEffect) {
    EXPECT_EQ(controller_.add(throttle(0.3), 0, 200'000, {}), 0U);
    EXPECT_EQ(controller_.add(throttle(0.6), 100'000, 150'000, {}), 1U);
    EXPECT_EQ(throttle_at(145'000), 0.0);
    EXPECT_EQ(throttle_at(150'000), 0.6);
    EXPECT_EQ(throttle_at(200'000), 0.6);
}

TEST_F(OutOfOrder, OneThatComesBeforeTheNewerOneHoldsUntilThen) {
    EXPECT_EQ(controller_.add(throttle(0.3), 0, 300'000, {}), 0U);
    EXPECT_EQ(controller_.add(throttle(0.5), 100'000, 400'000, {}), 0U);
    EXPECT_EQ(controller_.add(throttle(0.7), 200'000, 350'000, {}), 1U);
    EXPECT_EQ(throttle_at(300'000), 0.3);
    EXPECT_EQ(throttle_at(345'000), 0.3);
    EXPECT_EQ(throttle_at(350'000), 0.7);
    EXPECT_EQ(throttle_at(400'000), 0.7);
}

TEST_F(OutOfOrder, AtTheSameTimeTheNewerOneHolds) {
    controller_.add(throttle(0.3), 0, 150'000, {});
    EXPECT_EQ(controller_.add(throttle(0.6), 100'000, 150'000, {}), 1U);
    EXPECT_EQ(throttle_at(150'000), 0.6);
    // A second one of the same moment takes the place of the first; nothing is late.
    EXPECT_EQ(controller_.add(throttle(0.8), 100'000, 150'000, {}), 0U);
    EXPECT_EQ(throttle_at(150'000), 0.8);
}

// A second implementation: of all actions that have come, the newest.
TEST_F(OutOfOrder, AlwaysTheNewestThatHasComeHolds) {
    for (std::uint64_t trial = 0; trial < 50; ++trial) {
        engine::core::Dice dice(engine::core::Key(trial).with("order"));
        Controller controller(car_);
        std::vector<std::pair<TimeUs, double>> all;  // effect and throttle, in the order of making
        std::size_t late = 0;
        for (TimeUs now_us = 0; now_us < 3'000'000; now_us += engine::core::kTick_us) {
            if (now_us % 100'000 == 0) {
                const TimeUs effect_us = now_us + dice.integer(0, 400'000);
                all.emplace_back(effect_us, dice.uniform(0.01, 1.0));
                late += controller.add(throttle(all.back().second), now_us, effect_us, {});
            }
            double expected = 0;
            for (const auto& [effect_us, value] : all) {
                if (effect_us <= now_us) expected = value;
            }
            ASSERT_EQ(controller.command(ego_, now_us).throttle, expected)
                << "trial " << trial << " at " << now_us;
        }
        std::size_t overtaken = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t k = i + 1; k < all.size(); ++k) {
                if (all[k].first > all[i].first) continue;
                ++overtaken;
                break;
            }
        }
        EXPECT_EQ(late, overtaken);
        EXPECT_GT(late, 0U);
    }
}

}  // namespace
}  // namespace huntsman::bridge::loop
