#include "engine/core/json_keys.h"

#include <gtest/gtest.h>

#include "engine/core/json_file.h"

namespace huntsman::engine::core {
namespace {

TEST(RepeatedKey, IsFoundWhereItStandsTheSecondTime) {
    const auto twice = repeated_key("{\n  \"a\": 1,\n  \"b\": {\"c\": 1, \"c\": 2}\n}");
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->name, "c");
    EXPECT_EQ(twice->line, 3);
    EXPECT_EQ(twice->column, 17);
    const auto first_line = repeated_key(R"({"a":1,"a":2})");
    ASSERT_TRUE(first_line);
    EXPECT_EQ(first_line->line, 1);
    EXPECT_EQ(first_line->column, 8);
}

TEST(RepeatedKey, IsTheSameHoweverItIsWritten) {
    // A quote and a backslash in the key; an escape for a letter.
    const auto quoted = repeated_key(R"({"q\"\\": 1, "q\"\\": 2})");
    ASSERT_TRUE(quoted);
    EXPECT_EQ(quoted->name, "q\"\\");
    EXPECT_EQ(quoted->column, 14);
    const auto escaped = repeated_key(R"({"a": 1, "\u0061": 2})");
    ASSERT_TRUE(escaped);
    EXPECT_EQ(escaped->name, "a");
    EXPECT_EQ(escaped->column, 10);
    EXPECT_TRUE(repeated_key(R"({"": 1, "": 2})"));
}

TEST(RepeatedKey, DifferentObjectsMayHaveTheSameKeys) {
    EXPECT_FALSE(repeated_key(R"({"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}], "c": ["a", "a"]})"));
    EXPECT_FALSE(repeated_key("[1, 2]"));
    EXPECT_FALSE(repeated_key("{}"));
    // After an inner object the outer one still knows its keys.
    EXPECT_TRUE(repeated_key(R"({"a": {"b": 1}, "a": 2})"));
}

TEST(RepeatedKey, IsRefusedByTheReaderOfAllFilesWithItsPlace) {
    const auto file = JsonFile::parse("{\n \"rate_hz\": 10,\n \"rate_hz\": 20\n}", "rig.json");
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().text(),
              "rig.json:3:2: the key \"rate_hz\" stands twice in the same object");
}

TEST(JsonNumbers, WholeNumbersThatDoNotFitAreRefusedNotWrapped) {
    for (const char* number : {"18446744073709551615", "18446744073709551614",
                               "9223372036854775808", "99999999999999999999", "1e3", "-3"}) {
        const auto file =
            JsonFile::parse(std::string("{\n \"seed\": ") + number + "\n}", "town.json");
        ASSERT_TRUE(file) << number;
        static_cast<void>((*file)->root().integer("seed", -2, INT64_MAX));
        const auto status = (*file)->status();
        ASSERT_FALSE(status) << number;
        EXPECT_NE(status.error().text().find("town.json:2: seed is"), std::string::npos);
    }
    const auto largest = JsonFile::parse("{\"seed\": 9223372036854775807}", "town.json");
    EXPECT_EQ((*largest)->root().integer("seed", -2, INT64_MAX), INT64_MAX);
    EXPECT_TRUE((*largest)->status());
}

}  // namespace
}  // namespace huntsman::engine::core
