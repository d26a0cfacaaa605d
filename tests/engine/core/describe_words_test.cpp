// Structs in one word.
#include "engine/core/describe_words.h"

#include <gtest/gtest.h>

namespace huntsman::engine::core {
namespace {

enum class Shade : std::uint8_t { kLight, kDark };
constexpr const char* name(Shade shade) { return shade == Shade::kLight ? "light" : "dark"; }
constexpr int value_count(Of<Shade>) { return 2; }

struct Fog {
    double range_m = 50;
    Shade shade = Shade::kLight;
    bool operator==(const Fog&) const = default;
};
constexpr const char* name_of(Of<Fog>) { return "fog"; }
constexpr void describe(Of<Fog>, auto&& field) {
    field("range_m", &Fog::range_m, {.low = 1, .high = 1000});
    field("shade", &Fog::shade);
}
struct Sign {
    std::string text;
    double height_m = 2;
    bool operator==(const Sign&) const = default;
};
constexpr const char* name_of(Of<Sign>) { return "sign"; }
constexpr void describe(Of<Sign>, auto&& field) {
    field("text", &Sign::text, {.doc = "what it says", .required = true});
    field("height_m", &Sign::height_m, {.low = 0, .high = 10, .key = "height"});
}
using Thing = std::variant<Fog, Sign>;

TEST(DescribeWords, AKindIsReadAndWrittenByItsNameAndKeys) {
    const auto fog = parse_kind<Thing>("fog:shade=dark,range_m=20.5", "thing");
    ASSERT_TRUE(fog);
    EXPECT_TRUE(*fog == Thing(Fog{20.5, Shade::kDark}));
    EXPECT_EQ(text_of_kind(std::get<Fog>(*fog)), "fog:range_m=20.5,shade=dark");
    EXPECT_TRUE(parse_kind<Thing>("fog", "thing").value() == Thing(Fog{}));
    EXPECT_TRUE(parse_kind<Thing>("sign:text=a=b,height=3", "thing").value() ==
                Thing(Sign{"a=b", 3}));
    EXPECT_EQ(kind_names<Thing>(), (std::vector<std::string>{"fog", "sign"}));
    EXPECT_EQ(kind_word("sign:text=x"), "sign");
    EXPECT_EQ(kind_word("sign"), "sign");
}

TEST(DescribeWords, WhatIsWrongIsSaidInOneSentence) {
    const auto error_of = [](const std::string& text) {
        const auto thing = parse_kind<Thing>(text, "thing");
        return thing ? "" : thing.error().message;
    };
    EXPECT_EQ(error_of("dog"), "is no thing, expected fog or sign");
    EXPECT_EQ(error_of(""), "is no thing, expected fog or sign");
    EXPECT_EQ(error_of("fog:range_m=0"), "range_m is 0, expected a number from 1 to 1000");
    EXPECT_EQ(error_of("fog:range_m=5m"), "range_m is 5m, expected a number from 1 to 1000");
    EXPECT_EQ(error_of("fog:shade=grey"), "shade is grey, expected light or dark");
    EXPECT_EQ(error_of("fog:shade"),
              "has \"shade\", expected KEY=VALUE with the key range_m or shade");
    EXPECT_EQ(error_of("fog:range_m=5,range_m=6"), "has range_m twice");
    EXPECT_EQ(error_of("sign:height=1"), "has no text, expected what it says");
    EXPECT_EQ(error_of("sign:text=x,height_m=1"),
              "has \"height_m=1\", expected KEY=VALUE with the key text or height");
}

TEST(DescribeWords, ListsReadAsPeopleSayThem) {
    EXPECT_EQ(listed({}), "");
    EXPECT_EQ(listed({"a"}), "a");
    EXPECT_EQ(listed({"a", "b"}), "a or b");
    EXPECT_EQ(listed({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace huntsman::engine::core
