// Drivers that keep to the contract, and drivers that break it in each way.
#include "bridge/check/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

#include "bridge/check/difference.h"

namespace huntsman::bridge::check {
namespace {

using engine::core::Error;
using engine::core::Result;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Scripted final : public driver::Driver {
  public:
    using Answer = std::function<Result<messages::Action>(const driver::DriverInput&, int asked)>;
    Scripted(Answer answer, bool images = true) : answer_(std::move(answer)), images_(images) {}
    std::string name() const override { return "scripted"; }
    bool needs_images() const override { return images_; }
    void reset() override { asked_ = 0; }
    Result<messages::Action> drive(const driver::DriverInput& input) override {
        return answer_(input, asked_++);
    }

  private:
    Answer answer_;
    bool images_;
    int asked_ = 0;
};

messages::Action pedals(double steer_rad) {
    messages::Action action;
    action.mutable_pedals()->set_steer_rad(steer_rad);
    return action;
}

// The mean of all pixels and the speed, as a network would mix them.
Result<messages::Action> mean_of(const driver::DriverInput& input, int asked) {
    double sum = 0;
    for (const auto& picture : input.pictures) {
        sum += std::accumulate(picture.rgb.begin(), picture.rgb.end(), 0.0);
    }
    return pedals(1e-6 * sum + 1e-3 * input.observation.motion().speed_mps() + 1e-4 * asked);
}

class DriverCheck : public testing::Test {
  protected:
    void SetUp() override {
        for (int i = 0; i < 2; ++i) {
            rig_.cameras.push_back({.name = "c" + std::to_string(i), .width = 8, .height = 4});
        }
        for (int t = 0; t < 6; ++t) {
            Moment moment;
            moment.observation.set_time_us(100'000 * t);
            moment.observation.mutable_motion()->set_speed_mps(8);
            moment.observation.mutable_vehicle()->set_max_steer_rad(0.6);
            moment.observation.mutable_route()->add_points();
            moment.pictures.assign(2, std::vector(8 * 4 * 3, static_cast<std::uint8_t>(10 + t)));
            moments_.push_back(moment);
        }
    }
    Report check(Scripted::Answer answer, bool images = true) {
        Scripted driver(std::move(answer), images);
        auto report = check_driver(driver, {.rig = rig_, .moments = moments_, .period_s = 0.02});
        EXPECT_TRUE(report.ok());
        return std::move(*report);
    }
    engine::world::Rig rig_{.name = "test"};
    std::vector<Moment> moments_;
};

TEST_F(DriverCheck, OneThatKeepsToTheContractHasNoViolation) {
    const Report report = check(mean_of);
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_THAT(report.notes, IsEmpty());
    EXPECT_TRUE(report.same_twice);
    // Twice all moments, two for each of nine damages, and a blank one.
    EXPECT_EQ(report.answers, 2 * 6 + 2 * 9 + 1U);
    EXPECT_LE(report.min_ms, report.median_ms);
    EXPECT_LE(report.median_ms, report.max_ms);
    // Without pictures there are no damaged ones.
    EXPECT_EQ(check(mean_of, false).answers, 2 * 6 + 2 * 5 + 1U);
}

TEST_F(DriverCheck, AnswersThatDifferAreFound) {
    int all = 0;
    const Report report = check([&](const auto&, int) { return pedals(0.01 * ++all); });
    EXPECT_FALSE(report.same_twice);
    EXPECT_THAT(report.violations,
                Contains(HasSubstr("answers otherwise at 6 of 6, by up to 0.06")));
}

TEST_F(DriverCheck, EachViolationIsASentenceOnce) {
    const Report report =
        check([](const driver::DriverInput& input, int) -> Result<messages::Action> {
            if (input.observation.route().points().empty()) return Error{.message = "no way to go"};
            if (input.observation.motion().speed_mps() > 50) {
                return pedals(std::numeric_limits<double>::quiet_NaN());
            }
            if (!input.pictures.empty() && input.pictures[0].rgb[0] == 255)
                return messages::Action();
            return pedals(40);
        });
    EXPECT_THAT(report.violations,
                testing::UnorderedElementsAre(
                    "given no route, it fails: no way to go",
                    "given a blank observation, it fails: no way to go",
                    "given 60 m/s, it answers pedals that are not finite, expected numbers",
                    "given white pictures, it answers neither pedals nor a trajectory"));
    EXPECT_THAT(report.notes, testing::ElementsAre(HasSubstr("it steers beyond 0.6 rad")));
}

TEST_F(DriverCheck, SlowAnswersAndGrowingMemoryAreNoted) {
    Scripted driver([](const auto&, int) {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        return pedals(0);
    });
    double memory = 0;
    const auto report =
        check_driver(driver, {.rig = rig_, .moments = moments_, .period_s = 0.02, .memory_mb = [&] {
                                  return memory += 100;
                              }});
    ASSERT_TRUE(report.ok());
    EXPECT_THAT(report->notes, Contains(HasSubstr("more than the 20 ms between camera ticks")));
    EXPECT_THAT(report->notes, Contains(HasSubstr("its memory has grown by 100 MB")));
    EXPECT_GE(report->min_ms, 30);
}

TEST_F(DriverCheck, ComparesWithTheAnswersOfAnother) {
    const auto against = [&](Scripted::Answer answer) {
        Scripted other(mean_of);
        Trial trial{.rig = rig_, .moments = moments_, .period_s = 0.02};
        const auto reference = reference_of(other, trial);
        EXPECT_TRUE(reference.ok());
        trial.reference = &*reference;
        Scripted driver(std::move(answer));
        auto report = check_driver(driver, trial);
        EXPECT_TRUE(report.ok());
        return std::move(*report);
    };
    Report report = against(mean_of);
    ASSERT_TRUE(report.comparison);
    EXPECT_EQ(report.comparison->most, 0);
    EXPECT_EQ(report.comparison->field, "");
    EXPECT_EQ(report.comparison->moments, 6U);
    EXPECT_THAT(report.violations, IsEmpty());

    const auto shifted = [](double by_rad) {
        return [by_rad](const driver::DriverInput& input, int asked) {
            auto action = mean_of(input, asked);
            auto& pedals = *action->mutable_pedals();
            pedals.set_steer_rad(pedals.steer_rad() + (asked == 4 ? by_rad : 0));
            return action;
        };
    };
    report = against(shifted(5e-5));
    EXPECT_NEAR(report.comparison->most, 5e-5, 1e-12);
    EXPECT_EQ(report.comparison->field, "Pedals.steer_rad");
    EXPECT_THAT(report.violations, IsEmpty());
    report = against(shifted(-2e-3));
    EXPECT_THAT(report.violations,
                Contains("Pedals.steer_rad differs by 0.002 from that of scripted, expected at "
                         "most 0.0001"));

    report = against([](const driver::DriverInput& input, int asked) {
        auto action = mean_of(input, asked);
        if (asked > 3) action->mutable_perception()->add_objects();
        return action;
    });
    EXPECT_EQ(report.comparison->other, 2U);
    EXPECT_THAT(report.violations, Contains(HasSubstr("otherwise than scripted at 2 of 6 moments "
                                                      "(moment 4: ")));
}

TEST(AnswersDiffer, InNumbersAndOtherwise) {
    messages::Action a, b;
    a.mutable_perception()->add_objects()->set_x_m(3);
    b.mutable_perception()->add_objects()->set_x_m(3);
    EXPECT_EQ(difference(a, b).field, "");
    EXPECT_EQ(difference(a, b).other, "");
    // From zero, which messages leave out, and the largest counts.
    b.mutable_perception()->mutable_objects(0)->set_y_m(-0.25);
    b.mutable_perception()->mutable_objects(0)->set_x_m(3.5);
    EXPECT_EQ(difference(a, b).most, 0.5);
    EXPECT_EQ(difference(a, b).field, "PerceivedObject.x_m");
    b.mutable_perception()->mutable_objects(0)->set_z_m(std::nan(""));
    EXPECT_TRUE(std::isinf(difference(a, b).most));
    b.mutable_perception()->mutable_objects(0)->set_object_class(messages::OBJECT_PEDESTRIAN);
    EXPECT_THAT(difference(a, b).other, HasSubstr("objects[0].object_class"));
}

TEST_F(DriverCheck, CanBeInterrupted) {
    Scripted driver(mean_of);
    const std::atomic<bool> stop = true;
    const auto report = check_driver(driver, {.rig = rig_, .moments = moments_, .stop = &stop});
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().message, "interrupted");
}

TEST_F(DriverCheck, MemoryOfOthersIsThatOfTheProcessesOfThisOne) {
    EXPECT_GT(own_memory_mb(), 1);
    EXPECT_FALSE(children_memory_mb().has_value());
}

}  // namespace
}  // namespace huntsman::bridge::check
