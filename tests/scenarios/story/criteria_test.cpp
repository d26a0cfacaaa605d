#include "scenarios/story/criteria.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace huntsman::scenarios::story {
namespace {

using testing::HasSubstr;

// One of each kind, no value at its default.
std::vector<Criterion> one_of_each() {
    const Goal point{.point = PointInWorld{3, -4.5}, .route_m = {}};
    const Goal route{.point = {}, .route_m = 120.5};
    return {
        {.name = "a", .severity = CriterionSeverity::kNote, .rule = NoCollision{"Van", 1.5}},
        {.name = "b", .rule = MinTimeToCollision{"Van", 1.25}},
        {.name = "c", .rule = MinPostEncroachmentTime{"Van", 0.1}},
        {.name = "d", .rule = MinGap{"Van", 0.3, GapDirection::kLateral}},
        {.name = "e",
         .rule = SpeedBounds{2.0, 13.9, Zone{.circle = Circle{1, 2, 3}, .stretch = Stretch{4, 5}}}},
        {.name = "f", .rule = StopAt{point, 2.5, true}},
        {.name = "g", .rule = Reach{route, 1.5, 30.0}},
        {.name = "h", .rule = KeepLane{0.7}},
        {.name = "i", .rule = Comfort{1, 2, 3, 4, 5, 6, 7}},
        {.name = "j", .rule = NoRedLight{}},
        {.name = "k", .rule = MonitorIs{"seen", false}},
        {.name = "l", .rule = StopCondition{false}},
    };
}

std::string error_of(const std::string& text) {
    const auto read = parse_criterion(text);
    return read ? "" : read.error().text();
}

TEST(Criteria, EveryKindIsWrittenAndReadWithoutLoss) {
    const auto criteria = one_of_each();
    ASSERT_EQ(criteria.size(), std::variant_size_v<CriterionRule>);
    for (std::size_t i = 0; i < criteria.size(); ++i) {
        ASSERT_EQ(criteria[i].rule.index(), i);  // each kind once
        const auto again = parse_criterion(text_of(criteria[i]));
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(*again, criteria[i]) << text_of(criteria[i]);
    }
}

TEST(Criteria, AreNamedByTheirKindAndFailTheRunUnlessTheFileSaysOtherwise) {
    const auto read = parse_criterion(R"({"kind": "no_collision"})");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->name, "no_collision");
    EXPECT_EQ(read->severity, CriterionSeverity::kFail);
    EXPECT_EQ(text_of(*read), R"({"kind":"no_collision"})");
    EXPECT_EQ(default_criteria(), std::vector<Criterion>{*read});
}

TEST(Criteria, MistakesAreNamed) {
    EXPECT_THAT(error_of(R"({"kind": "no_colision"})"), HasSubstr("criterion.kind"));
    EXPECT_THAT(error_of(R"({"kind": "min_gap"})"), HasSubstr("criterion.at_least_m is missing"));
    EXPECT_THAT(error_of(R"({"kind": "min_gap", "at_least_m": -1})"),
                HasSubstr("criterion.at_least_m is -1, expected a number from 0 to 100"));
    EXPECT_THAT(error_of(R"({"kind": "no_collision", "at_least_m": 1})"), HasSubstr("at_least_m"));
    EXPECT_THAT(error_of(R"({"kind": "speed"})"), HasSubstr("lacks a bound"));
    EXPECT_THAT(error_of(R"({"kind": "speed", "at_least_mps": 9, "at_most_mps": 3})"),
                HasSubstr("expected at most 3"));
    EXPECT_THAT(error_of(R"({"kind": "speed", "at_most_mps": 3, "zone": {}})"),
                HasSubstr("\"zone\" is empty"));
    EXPECT_THAT(error_of(R"({"kind": "reach", "at": {}})"), HasSubstr("neither or both"));
    EXPECT_THAT(error_of("{"), HasSubstr("JSON"));
    EXPECT_THAT(error_of("3"), HasSubstr("criterion"));
}

TEST(Criteria, NumbersThatCannotBeAreFoundInEditedOnesToo) {
    for (const Criterion& criterion : one_of_each()) {
        EXPECT_TRUE(check(criterion)) << text_of(criterion);
    }
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(check({.name = "a", .rule = MinTimeToCollision{"", kNan}}));
    EXPECT_FALSE(check({.name = "a", .rule = KeepLane{-1}}));
    EXPECT_FALSE(check({.name = "a", .rule = Reach{}}));
}

TEST(Criteria, StandInTheHeaderOfADocumentBesideOtherProperties) {
    Element root{.name = "OpenSCENARIO"};
    Element header{.name = "FileHeader"};
    Element properties{.name = "Properties"};
    Element other{.name = "Property", .attributes = {{"name", "x"}, {"value", "y"}}};
    properties.children = {other};
    header.children = {properties};
    root.children = {header};
    const Element before = root;

    for (const Criterion& criterion : one_of_each()) add_criterion(root, criterion);
    const auto found = criterion_properties(root);
    ASSERT_EQ(found.size(), one_of_each().size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(*parse_criterion(*found[i]->attribute("value")), one_of_each()[i]);
    }
    remove_criteria(root);
    EXPECT_EQ(root, before);
}

}  // namespace
}  // namespace huntsman::scenarios::story
