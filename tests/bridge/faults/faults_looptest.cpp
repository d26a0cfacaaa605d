// Faults in the closed loop: what comes to the driver and to the car, again and again the same.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "bridge/faults/fault.h"
#include "bridge/loop/session.h"
#include "bridge/run/assets.h"
#include "bridge/run/driver_spec.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using See = std::function<void(const driver::DriverInput&)>;

constexpr std::int64_t kBrakes_us = 5'000'000;

// Goes straight on, brakes after five seconds and shows what it is given.
class Witness final : public driver::Driver {
  public:
    Witness(bool pictures, See see) : pictures_(pictures), see_(std::move(see)) {}
    std::string name() const override { return "witness"; }
    bool needs_images() const override { return pictures_; }
    bool needs_truth() const override { return true; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        see_(input);
        messages::Action action;
        if (input.observation.time_us() < kBrakes_us) {
            action.mutable_pedals()->set_throttle(0.2);
        } else {
            action.mutable_pedals()->set_brake(0.3);
        }
        return action;
    }

  private:
    bool pictures_;
    See see_;
};

RunOptions with(RunOptions options, std::initializer_list<const char*> texts) {
    for (const char* text : texts) {
        auto fault = faults::parse(text);
        EXPECT_TRUE(fault) << fault.error().message;
        options.faults.push_back(*fault);
    }
    return options;
}

RunResult drive(const RunOptions& options, std::unique_ptr<driver::Driver> driver) {
    Resources resources(2);
    auto session = Session::create(resources, options, {.driver = std::move(driver)});
    EXPECT_TRUE(session) << session.error().text();
    if (!session) return {};
    while (!(*session)->ended()) {
        const auto status = (*session)->step();
        EXPECT_TRUE(status) << status.error().text();
        if (!status) break;
    }
    auto result = (*session)->finish();
    EXPECT_TRUE(result);
    return std::move(*result);
}

RunResult driven(const RunOptions& options) {
    auto driver = run::make_driver(options);
    EXPECT_TRUE(driver) << driver.error().text();
    return drive(options, std::move(*driver));
}

RunOptions situation(const std::string& name, const std::string& driver) {
    RunOptions options = town_options(driver, 30);
    options.scenario.town.seed = 2002;
    options.scenario.town.vehicles = 0;
    options.scenario.town.pedestrians = 0;
    options.scenario.name = name;
    options.scenario.story.situation = name;
    return options;
}

TEST(FaultsInTheLoop, RepeatBitForBitAndAreWithOtherHashesThanWithout) {
    const RunOptions plain = town_options("oracle", 4);
    const RunOptions faulty = with(plain, {"drop:share=0.3", "late:ms=150", "weak_brakes"});
    const RunResult first = driven(faulty), second = driven(faulty);
    EXPECT_EQ(first.state_hash, second.state_hash);
    EXPECT_NE(first.state_hash, driven(plain).state_hash);
    EXPECT_EQ(first.notes.size(), 3U);  // each is named
}

TEST(FaultsInTheLoop, ARecordingWithFaultsReplaysToTheSameState) {
    const RunOptions faulty =
        with(town_options("oracle", 3), {"late_action:ms=120", "steer_offset:deg=1"});
    const RunResult result = driven(faulty);
    Resources resources(1);
    auto again = replay(resources, result.recording);
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ((*again)->state_hash(), result.state_hash);
}

TEST(FaultsInTheLoop, AreInTheOptionsThatARecordingKeepsOnlyWhereThereAreAny) {
    const RunOptions plain = town_options("oracle", 1);
    EXPECT_EQ(to_json(plain).find("\"faults\":"), std::string::npos);
    const RunOptions faulty = with(plain, {"blind:class=pedestrian", "late:ms=200"});
    const auto again = options_from_json(to_json(faulty), "the test");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_TRUE(again->faults == faulty.faults);
    std::string text = to_json(faulty);
    const std::string given = "class=pedestrian";
    text.replace(text.find(given), given.size(), "class=dog");
    const auto refused = options_from_json(text, "the test");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("class is dog"), std::string::npos)
        << refused.error().text();
}

TEST(FaultsInTheLoop, DroppedFramesDoNotAskTheDriver) {
    int asked = 0;
    const auto count = [&](const driver::DriverInput&) { ++asked; };
    drive(with(town_options("witness", 10), {"drop:share=0.5"}),
          std::make_unique<Witness>(false, count));
    EXPECT_GT(asked, 30);
    EXPECT_LT(asked, 70);
}

TEST(FaultsInTheLoop, LatePerceptionIsThatOfEarlierFramesAndTheObservationIsNot) {
    std::vector<double> truth, late;
    std::vector<std::int64_t> times;
    const auto first_x = [](const driver::DriverInput& input) {
        return input.truth->objects(0).x_m();
    };
    const RunOptions options = town_options("witness", 3);
    drive(options, std::make_unique<Witness>(
                       false, [&](const auto& input) { truth.push_back(first_x(input)); }));
    drive(with(options, {"late:ms=200"}), std::make_unique<Witness>(false, [&](const auto& input) {
              late.push_back(first_x(input));
              times.push_back(input.observation.time_us());
          }));
    ASSERT_EQ(late.size(), truth.size());
    for (std::size_t i = 2; i < late.size(); ++i) EXPECT_EQ(late[i], truth[i - 2]);
    EXPECT_EQ(late[1], truth[0]);
    EXPECT_EQ(times.back(), 100'000 * static_cast<std::int64_t>(times.size() - 1));
}

TEST(FaultsInTheLoop, ABlackCameraIsBlackForTheDriverAndNotForTheReport) {
    RunOptions options = with(town_options("witness", 0.3, true), {"camera:name=main"});
    int black = 0, coloured = 0;
    const auto look = [&](const driver::DriverInput& input) {
        for (const auto& picture : input.pictures) {
            const bool all_black =
                std::ranges::all_of(picture.rgb, [](std::uint8_t value) { return value == 0; });
            ++(all_black ? black : coloured);
            EXPECT_EQ(all_black, picture.camera->name == "main");
        }
    };
    const RunResult spoilt = drive(options, std::make_unique<Witness>(true, look));
    EXPECT_EQ(black, 3);
    EXPECT_EQ(coloured, 21);
    options.faults.clear();
    const RunResult clean =
        drive(options, std::make_unique<Witness>(true, [](const driver::DriverInput&) {}));
    EXPECT_EQ(spoilt.image_hash, clean.image_hash);
}

TEST(FaultsInTheLoop, ADriftingCameraSeesAnotherPictureAndUnknownCamerasAreRefused) {
    const RunOptions options = town_options("oracle", 0.5, true);
    const RunResult clean = driven(options);
    const RunResult drifting = driven(with(options, {"drift:name=main,deg_per_sqrt_s=5"}));
    EXPECT_NE(drifting.image_hash, clean.image_hash);
    EXPECT_EQ(drifting.state_hash, clean.state_hash);
    Resources resources(1);
    const auto refused =
        Session::create(resources, with(town_options("oracle", 1), {"camera:name=top"}), {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("expected a camera of the rig"), std::string::npos);
}

TEST(FaultsInTheLoop, ARouteThatLiesBesideTakesTheCarThere) {
    const auto shifted = [](double left_m) {
        double y_m = 0;
        RunOptions options = town_options("witness", 0.5);
        options.faults.push_back(faults::RouteShift{left_m});
        drive(options, std::make_unique<Witness>(false, [&](const driver::DriverInput& input) {
                  y_m = input.observation.route().points(6).y_m();
              }));
        return y_m;
    };
    EXPECT_NEAR(shifted(1) - shifted(0), 1.0, 0.05);
}

TEST(FaultsInTheLoop, WeakBrakesNeedALongerWayToStop) {
    const auto way_to_rest = [](std::initializer_list<const char*> faults) {
        double way_m = 0, speed_mps = 0;
        RunOptions options = with(town_options("witness", 15), faults);
        options.scenario.town.vehicles = 0;
        options.scenario.town.pedestrians = 0;
        drive(options, std::make_unique<Witness>(false, [&](const driver::DriverInput& input) {
                  speed_mps = input.observation.motion().speed_mps();
                  if (input.observation.time_us() >= kBrakes_us) way_m += 0.1 * speed_mps;
              }));
        EXPECT_LT(speed_mps, 0.1);
        return way_m;
    };
    const double sound = way_to_rest({}), half = way_to_rest({"weak_brakes:share=0.5"});
    EXPECT_GT(sound, 1.0);
    EXPECT_GT(half, 1.4 * sound);
}

TEST(FaultsInTheLoop, LateActionsAndClippedOnesComeToTheCarSo) {
    const auto commands = [](std::initializer_list<const char*> faults) {
        return drive(with(town_options("witness", 2), faults),
                     std::make_unique<Witness>(false, [](const driver::DriverInput&) {}))
            .recording.external;
    };
    // The tick at which the throttle is pressed first, and how far.
    const auto first = [](const std::vector<engine::sim::ExternalInput>& inputs) {
        for (const auto& input : inputs) {
            if (input.values[1] > 0) return std::pair(input.tick, input.values[1]);
        }
        return std::pair(std::int64_t{-1}, 0.0);
    };
    EXPECT_EQ(first(commands({})), std::pair(std::int64_t{10}, 0.2));
    EXPECT_EQ(first(commands({"late_action:ms=100"})), std::pair(std::int64_t{30}, 0.2));
    EXPECT_EQ(first(commands({"clip:throttle=0.1"})), std::pair(std::int64_t{10}, 0.1));
}

// What the faults are for: who is blind hits what the oracle avoids.
TEST(FaultsInTheLoop, WhoIsBlindToPeopleHitsThePersonWhomTheOracleAvoids) {
    EXPECT_TRUE(driven(situation("cpfa", "oracle")).verdict.passed);
    const RunResult blind = driven(with(situation("cpfa", "oracle"), {"blind:class=pedestrian"}));
    EXPECT_FALSE(blind.verdict.passed);
    EXPECT_GT(blind.carla.pedestrian_collisions, 0);
}

}  // namespace
}  // namespace huntsman::bridge::loop
