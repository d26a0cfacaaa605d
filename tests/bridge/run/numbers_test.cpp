#include "bridge/run/numbers.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::run {
namespace {

using Seeds = std::pair<std::uint64_t, std::uint64_t>;

TEST(Numbers, AllOfTheTextIsTheNumber) {
    EXPECT_EQ(parse_whole("18446744073709551615"), UINT64_MAX);
    for (const char* text : {"", " 1", "1 ", "-1", "+1", "1.5", "0x10", "18446744073709551616"}) {
        EXPECT_FALSE(parse_whole(text)) << text;
    }
    EXPECT_EQ(parse_number<double>("-2.5e3"), -2500.0);
    EXPECT_FALSE(parse_number<double>("1e999"));
}

TEST(Numbers, ListsHoldFiniteNumbersWithOneSeparatorBetween) {
    EXPECT_EQ(parse_numbers("1.5,-2,0", ','), (std::vector<double>{1.5, -2, 0}));
    for (const char* text : {"", "1,", ",1", "1,,2", "1;2", "nan", "1,inf"}) {
        EXPECT_FALSE(parse_numbers(text, ',')) << text;
    }
}

TEST(Numbers, SeedsAreOneOrARisingRange) {
    EXPECT_EQ(*parse_seeds("7", 10), Seeds(7, 7));
    EXPECT_EQ(*parse_seeds("1..10", 10), Seeds(1, 10));
    EXPECT_EQ(*parse_seeds("9223372036854775807", 10), Seeds(INT64_MAX, INT64_MAX));
    for (const char* text : {"", "1..11", "9..3", "..3", "1..", "1...3", "a", "-1..3",
                             "9223372036854775808", "0..18446744073709551615"}) {
        const auto seeds = parse_seeds(text, 10);
        ASSERT_FALSE(seeds) << text;
        EXPECT_TRUE(seeds.error().message.starts_with(std::string("--seeds is ") + text + ", "));
    }
}

}  // namespace
}  // namespace huntsman::bridge::run
