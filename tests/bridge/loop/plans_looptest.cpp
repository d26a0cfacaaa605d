// Scores of plans in whole runs, with a driver that answers trajectories.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/loop/session.h"
#include "bridge/report/run_json.h"
#include "bridge/run/driver_spec.h"
#include "tests/bridge/loop/options.h"

namespace huntsman::bridge::loop {
namespace {

using nlohmann::json;

// Plans along its route at a constant speed, until `until_s`.
class RoutePlanDriver final : public driver::Driver {
  public:
    RoutePlanDriver(double speed_mps, double until_s) : speed_mps_(speed_mps), until_s_(until_s) {}
    std::string name() const override { return "route plan"; }
    bool needs_images() const override { return false; }
    void reset() override {}
    engine::core::Result<messages::Action> drive(const driver::DriverInput& input) override {
        messages::Action action;
        auto& plan = *action.mutable_trajectory();
        const auto& route = input.observation.route().points();
        int next = 0;
        for (double t = 0; t < until_s_ + 0.01; t += 0.5) {
            while (next + 1 < route.size() && route[next].s_m() < speed_mps_ * t) ++next;
            auto& point = *plan.add_points();
            point.set_t_s(t);
            point.set_x_m(route[next].x_m());
            point.set_y_m(route[next].y_m());
            point.set_heading_rad(route[next].heading_rad());
            point.set_speed_mps(speed_mps_);
        }
        return action;
    }

  private:
    double speed_mps_, until_s_;
};

RunResult run(const RunOptions& options, Setup setup) {
    Resources resources(1);
    auto session = Session::create(resources, options, std::move(setup));
    EXPECT_TRUE(session) << session.error().text();
    while (!(*session)->ended()) EXPECT_TRUE((*session)->step());
    auto result = (*session)->finish();
    EXPECT_TRUE(result) << result.error().text();
    return std::move(*result);
}
RunResult run_planned(double until_s = 4) {
    return run(town_options("route plan", 10),
               {.driver = std::make_unique<RoutePlanDriver>(6, until_s)});
}

TEST(PlanScoresOfARun, StandInItsJsonAndReport) {
    const RunResult result = run_planned();
    ASSERT_TRUE(result.valid) << result.end_reason;
    EXPECT_GT(result.progress_m, 20);
    const json scores = json::parse(report::run_json(result)).at("scores");
    const json& pdms = scores.at("navsim_pdms");
    // 10 s: plans of 0, 0.5, ..., 5 s know their next 4.9 s.
    EXPECT_EQ(pdms.at("plans_scored"), 11);
    EXPECT_EQ(pdms.at("plans_not_scored"), 9);
    for (const char* profile : {"navsim_pdms", "navsim_epdms_no_human_filter"}) {
        for (const auto& [name, value] : scores.at(profile).items()) {
            if (name.starts_with("plans_")) continue;
            ASSERT_TRUE(value.is_number()) << name;
            EXPECT_GE(value, 0) << name;
            EXPECT_LE(value, 1) << name;
        }
    }
    // It follows its lane at a speed that is slower than the limit, from standstill on.
    EXPECT_GT(pdms.at("progress"), 0.3);
    EXPECT_EQ(pdms.at("drivable_area"), 1);
    EXPECT_GT(pdms.at("score"), 0.2);
    EXPECT_THAT(report::summary_table(result), testing::HasSubstr("NAVSIM PDMS of plans"));
}

TEST(PlanScoresOfARun, AreAbsentForDriversOfPedalsAndInReplays) {
    const RunOptions options = town_options("oracle", 6);
    auto oracle = run::make_driver(options);
    ASSERT_TRUE(oracle);
    const RunResult pedals = run(options, {.driver = std::move(*oracle)});
    const json scores = json::parse(report::run_json(pedals)).at("scores");
    EXPECT_FALSE(scores.contains("navsim_pdms"));
    EXPECT_FALSE(scores.contains("navsim_epdms_no_human_filter"));

    const RunResult planned = run_planned();
    const RunResult replayed =
        run(town_options("route plan", 10), {.recording = planned.recording});
    EXPECT_EQ(replayed.state_hash, planned.state_hash);
    EXPECT_TRUE(planned.plans.any());
    EXPECT_FALSE(replayed.plans.any());
}

TEST(PlanScoresOfARun, AreTheSameBitsEachTime) {
    const RunResult a = run_planned(), b = run_planned();
    EXPECT_EQ(a.state_hash, b.state_hash);
    ASSERT_EQ(a.plans.scored.size(), b.plans.scored.size());
    for (std::size_t i = 0; i < a.plans.scored.size(); ++i) {
        EXPECT_EQ(a.plans.scored[i].pdms, b.plans.scored[i].pdms);
        EXPECT_EQ(a.plans.scored[i].epdms_no_human_filter, b.plans.scored[i].epdms_no_human_filter);
    }
}

TEST(PlanScoresOfARun, PlansOfTwoSecondsAreNotScoredAndTheRunSaysSo) {
    const RunResult result = run_planned(2);
    const json run = json::parse(report::run_json(result));
    EXPECT_TRUE(run.at("scores").at("navsim_pdms").at("score").is_null());
    EXPECT_EQ(run.at("scores").at("navsim_pdms").at("plans_not_scored"), 20);
    EXPECT_THAT(result.notes, testing::Contains(testing::HasSubstr(
                                  "20 of the driver's plans cannot be scored: the plan ends after "
                                  "2.00 s; expected at least 4 s")));
}

}  // namespace
}  // namespace huntsman::bridge::loop
