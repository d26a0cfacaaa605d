// Severity and signature of a run from its run.json, by hand.
#include "bridge/hunt/facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace huntsman::bridge::hunt {
namespace {

using nlohmann::ordered_json;

ordered_json run(double ttc_s, double gap_m) {
    return {{"valid", true},
            {"environment", {{"sun_elevation_deg", 30}}},
            {"scores", {{"smallest_time_to_collision_s", ttc_s}, {"smallest_gap_m", gap_m}}},
            {"infractions", ordered_json::array()},
            {"verdict",
             {{"passed", true},
              {"criteria", ordered_json::array({{{"kind", "no_collision"}, {"passed", true}}})}}}};
}

ordered_json hit(double closing_mps, double bearing_deg, double heading_deg, double other_mps) {
    ordered_json json = run(0, 0);
    json["infractions"].push_back({{"kind", "collision_pedestrian"},
                                   {"other_class", "pedestrian"},
                                   {"ego_speed_mps", 9.0},
                                   {"bearing_deg", bearing_deg},
                                   {"heading_deg", heading_deg},
                                   {"other_speed_mps", other_mps}});
    json["verdict"]["passed"] = false;
    json["verdict"]["criteria"][0] = {
        {"kind", "no_collision"}, {"passed", false}, {"note", false},
        {"extreme", closing_mps}, {"tick", 400},     {"reason", "the ego hit somebody"}};
    return json;
}

std::string geometry(double bearing_deg, double heading_deg, double other_mps) {
    return facts_of(hit(5, bearing_deg, heading_deg, other_mps).dump()).signature.geometry;
}

TEST(Facts, SeverityOfAPassedRunIsByTimeAndGap) {
    const auto severity = [](double ttc_s, double gap_m) {
        const Facts facts = facts_of(run(ttc_s, gap_m).dump());
        EXPECT_FALSE(facts.evaluation.failed);
        EXPECT_TRUE(facts.evaluation.valid);
        EXPECT_EQ(facts.signature, mine::Signature{});
        return facts.evaluation.severity;
    };
    EXPECT_DOUBLE_EQ(severity(3, 30), 0);
    EXPECT_DOUBLE_EQ(severity(1.5, 30), 0.25 * 0.999);
    EXPECT_DOUBLE_EQ(severity(3, 15), 0.25 * 0.999);
    EXPECT_LT(severity(0, 0), 1) << "a run that passes is below any that fails";
}

TEST(Facts, TheCauseIsHowMuchOfTheOtherWasPerceived) {
    const auto cause = [](const ordered_json& perceived) {
        ordered_json json = hit(5, 0, 90, 1.4);
        json["infractions"][0]["perceived"] = perceived;
        return facts_of(json.dump()).signature.cause;
    };
    EXPECT_EQ(cause(0.1), "not perceived");
    EXPECT_EQ(cause(0.2), "hardly perceived");
    EXPECT_EQ(cause(0.8), "perceived");
    EXPECT_EQ(cause(nullptr), "");
}

TEST(Facts, SeverityOfAFailureIsByItsClosingSpeed) {
    const Facts facts = facts_of(hit(5, 0, 90, 1.4).dump());
    EXPECT_TRUE(facts.evaluation.failed);
    EXPECT_DOUBLE_EQ(facts.evaluation.severity, 1.25);
    EXPECT_DOUBLE_EQ(facts_of(hit(50, 0, 90, 1.4).dump()).evaluation.severity, 2);
    EXPECT_EQ(facts.reason, "the ego hit somebody");
    EXPECT_EQ(facts.signature.kind, "no_collision");
    EXPECT_EQ(facts.signature.other, "pedestrian");
}

TEST(Facts, WhereTheOtherComesFrom) {
    EXPECT_EQ(geometry(10, -90, 1.4), "from the left");
    EXPECT_EQ(geometry(-10, 90, 1.4), "from the right");
    EXPECT_EQ(geometry(0, 175, 8), "oncoming");
    EXPECT_EQ(geometry(0, 10, 3), "the same way");
    EXPECT_EQ(geometry(0, 90, 0), "standing");
    EXPECT_EQ(geometry(170, 0, 10), "behind");
}

TEST(Facts, WhatIsNoRunIsNoResult) {
    EXPECT_FALSE(facts_of("").evaluation.valid);
    EXPECT_FALSE(facts_of("{").evaluation.valid);
    ordered_json invalid = run(1, 1);
    invalid["valid"] = false;
    EXPECT_FALSE(facts_of(invalid.dump()).evaluation.valid);
}

}  // namespace
}  // namespace huntsman::bridge::hunt
