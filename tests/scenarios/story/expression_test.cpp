#include "scenarios/story/expression.h"

#include <gtest/gtest.h>

#include <map>

namespace huntsman::scenarios::story {
namespace {

class Expressions : public testing::Test {
  protected:
    std::string value(const std::string& text) {
        const auto result = evaluate(text, lookup());
        return result ? *result : "error: " + result.error().message;
    }
    Lookup lookup() {
        return [this](std::string_view name) -> const std::string* {
            const auto at = values_.find(name);
            return at == values_.end() ? nullptr : &at->second;
        };
    }
    std::map<std::string, std::string, std::less<>> values_{
        {"speed", "108"}, {"gap_2", "0.4"}, {"who", "Ego"}, {"on", "true"}, {"huge", "1e300"}};
};

TEST_F(Expressions, PlainTextIsItself) {
    EXPECT_EQ(value("car_red"), "car_red");
    EXPECT_EQ(value(""), "");
    EXPECT_EQ(value("\\$speed"), "$speed");
}

TEST_F(Expressions, ParametersStandForTheirText) {
    EXPECT_EQ(value("$who"), "Ego");
    EXPECT_EQ(value("$speed"), "108");
}

TEST_F(Expressions, ArithmeticFollowsPrecedence) {
    EXPECT_EQ(value("${$speed / 3.6}"), "30");
    EXPECT_EQ(value("${2 + 3 * -4}"), "-10");
    EXPECT_EQ(value("${(2 + 3) * 4}"), "20");
    EXPECT_EQ(value("${7 % 4}"), "3");
    EXPECT_EQ(value("${pow(2, 10) - round(2.5)}"), "1021");
    EXPECT_EQ(value("${floor(-1.5) + ceil(1.2) + sqrt(16) + abs(-2) + sign(-3)}"), "5");
    EXPECT_EQ(value("${max($gap_2, 0.1) + min(1, 2)}"), "1.4");
}

TEST_F(Expressions, FlagsAreCombined) {
    EXPECT_EQ(value("${$on and not 0}"), "1");
    EXPECT_EQ(value("${0 or 0}"), "0");
}

TEST_F(Expressions, WhatIsWrongIsNamed) {
    EXPECT_EQ(value("$speeed"), "error: no parameter \"speeed\" is declared");
    EXPECT_THAT(value("${$speeed + 1}"), testing::HasSubstr("no parameter \"speeed\""));
    EXPECT_THAT(value("${1 + $who}"), testing::HasSubstr("\"who\" is \"Ego\""));
    EXPECT_THAT(value("${1 / 0}"), testing::HasSubstr("not a finite number"));
    EXPECT_THAT(value("${$huge * $huge}"), testing::HasSubstr("not a finite number"));
    EXPECT_THAT(value("${1 + }"), testing::HasSubstr("error: "));
    EXPECT_THAT(value("${1 + 2"), testing::HasSubstr("lacks its \"}\""));
    EXPECT_THAT(value("${" + std::string(100000, '(') + "}"), testing::HasSubstr("characters"));
    EXPECT_THAT(value("${" + std::string(4000, '(') + "}"), testing::HasSubstr("error: "));
}

TEST(Numbers, AreReadWholeOrNotAtAll) {
    EXPECT_EQ(to_number("1.5e3"), 1500);
    EXPECT_EQ(to_number("+2"), 2);
    EXPECT_EQ(to_number("INF"), std::numeric_limits<double>::infinity());
    for (const char* text : {"", "1,5", "nan", "1 ", " 1", "0x10", "1e999", "++1"}) {
        EXPECT_EQ(to_number(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::story
