#include "engine/core/describe.h"

#include <gtest/gtest.h>

#include "engine/core/describe_compare.h"
#include "engine/core/describe_hash.h"
#include "engine/core/describe_json.h"
#include "engine/core/describe_numbers.h"
#include "engine/core/describe_table.h"

namespace huntsman::engine::core::describe_test {

enum class Kind : std::uint8_t { kBreeze, kGale };
const char* name(Kind kind) { return kind == Kind::kGale ? "gale" : "breeze"; }
constexpr int value_count(Of<Kind>) { return 2; }

struct Gust {
    double time_s = 0;
    int strength = 3;
};
constexpr void describe(Of<Gust>, auto&& field) {
    field("time_s", &Gust::time_s, {.low = 0, .high = 100, .required = true});
    field("strength", &Gust::strength, {.low = 0, .high = 12, .doc = "Beaufort"});
}

struct Wind {
    double speed_mps = 4;
    double from_rad = 0;
    Kind kind = Kind::kBreeze;
    bool steady = true;
    std::string word = "calm";
    std::optional<double> height_m;
    std::vector<Gust> gusts;
    std::array<float, 3> share{};
    int cache = 0;
};
constexpr void describe(Of<Wind>, auto&& field) {
    field("speed_mps", &Wind::speed_mps, {.low = 0, .high = 60, .doc = "mean"});
    field("from_rad", &Wind::from_rad, degrees("from_deg", -180, 180, "where it comes from"));
    field("kind", &Wind::kind);
    field("steady", &Wind::steady, {.doc = "no gusts"});
    field("word", &Wind::word, {.only_when_set = true});
    field("height_m", &Wind::height_m, {.low = 1, .high = 200});
    field("gusts", &Wind::gusts);
    field("share", &Wind::share, {.in_files = false});
    field("cache", &Wind::cache, {.in_files = false});
}

// As Gust, with a member that its author forgot to list.
struct Forgetful {
    double time_s = 0;
    std::optional<double> height_m;
    std::string word;
};
constexpr void describe(Of<Forgetful>, auto&& field) {
    field("time_s", &Forgetful::time_s);
    field("word", &Forgetful::word);
}

TEST(Describe, MembersOfEveryKindAreCounted) {
    static_assert(member_count<Gust>() == 2);
    static_assert(member_count<Wind>() == 9);
    static_assert(described_fields<Wind>() == 9);
    struct Empty {};
    static_assert(member_count<Empty>() == 0);
    struct Mixed {
        std::vector<std::optional<double>> list;
        std::array<std::array<double, 3>, 3> matrix;
        Wind wind;
        std::uint8_t byte : 4;
        const char* text;
    };
    static_assert(member_count<Mixed>() == 5);
}

// require_complete() compares just these two, as a static assertion.
TEST(Describe, AForgottenMemberIsFound) {
    static_assert(member_count<Forgetful>() == 3);
    static_assert(described_fields<Forgetful>() == 2);
}

TEST(DescribeHash, EveryFieldAndTheirOrderCount) {
    const auto hash = [](const Wind& wind) {
        Hasher hasher;
        add_to(hasher, wind);
        return hasher.digest();
    };
    // Field by field, as written by hand.
    Hasher by_hand;
    by_hand.add(4.0);
    by_hand.add(0.0);
    by_hand.add(Kind::kBreeze);
    by_hand.add(true);
    by_hand.add(std::string_view("calm"));
    by_hand.add(true);
    by_hand.add(7.0);
    by_hand.add(std::size_t{1});  // gusts
    by_hand.add(1.0);
    by_hand.add(3);
    for (int i = 0; i < 3; ++i) by_hand.add(0.0F);
    by_hand.add(0);
    Wind wind;
    wind.height_m = 7;
    wind.gusts = {{1, 3}};
    EXPECT_EQ(hash(wind), by_hand.digest());
    for (const auto& change : std::vector<void (*)(Wind&)>{
             [](Wind& w) { w.speed_mps = 5; }, [](Wind& w) { w.kind = Kind::kGale; },
             [](Wind& w) { w.steady = false; }, [](Wind& w) { w.word = "c"; },
             [](Wind& w) { w.height_m = 8; }, [](Wind& w) { w.height_m.reset(); },
             [](Wind& w) { w.gusts[0].strength = 4; }, [](Wind& w) { w.share[2] = 1; },
             [](Wind& w) { w.cache = 1; }}) {
        Wind other = wind;
        change(other);
        EXPECT_NE(hash(other), hash(wind));
    }
}

TEST(DescribeCompare, NamesTheFirstFieldThatDiffers) {
    Wind a;
    a.gusts = {{1, 2}, {2, 3}};
    Wind b = a;
    EXPECT_EQ(first_difference(a, b), "");
    b.gusts[1].strength = 9;
    EXPECT_EQ(first_difference(a, b), "gusts[1].strength");
    b.height_m = 3;
    EXPECT_EQ(first_difference(a, b), "height_m");
    b = a;
    b.gusts.pop_back();
    EXPECT_EQ(first_difference(a, b), "gusts.size");
    a.speed_mps = b.speed_mps = std::nan("");
    b.gusts = a.gusts;
    EXPECT_EQ(first_difference(a, b), "");
}

Result<Wind> read(const std::string& text) {
    auto file = JsonFile::parse(text, "wind.json");
    if (!file) return file.error();
    Wind wind;
    read_fields((*file)->root(), wind, {"comment"});
    if (auto status = (*file)->status(); !status) return status.error();
    return wind;
}

TEST(DescribeJson, ReadsWhatItWritesInTheFilesUnits) {
    Wind wind;
    wind.from_rad = 0.5 * 3.14159265358979323846;
    wind.kind = Kind::kGale;
    wind.steady = false;
    wind.word.clear();
    wind.height_m = 10;
    wind.gusts = {{1, 5}, {2, 6}};
    nlohmann::ordered_json json;
    write_fields(wind, json);
    EXPECT_EQ(json.dump(),
              R"({"speed_mps":4.0,"from_deg":90.0,"kind":"gale","steady":false,"height_m":10.0,)"
              R"("gusts":[{"time_s":1.0,"strength":5},{"time_s":2.0,"strength":6}]})");
    auto again = read(json.dump());
    ASSERT_TRUE(again.ok()) << again.error().text();
    again->word.clear();  // the file does not say it, so it kept its own
    EXPECT_EQ(first_difference(*again, wind), "");
}

TEST(DescribeJson, WhatIsWrongIsNamedWithFileLineAndExpectation) {
    const auto refused = [](const std::string& text, int line, const std::string& sentence) {
        const auto wind = read(text);
        ASSERT_FALSE(wind.ok()) << text;
        EXPECT_EQ(wind.error().file, "wind.json");
        EXPECT_EQ(wind.error().line, line) << text;
        EXPECT_NE(wind.error().message.find(sentence), std::string::npos) << wind.error().message;
    };
    refused("{\n\"speed\": 3}", 2, "speed is not known here; known are: comment, speed_mps");
    refused("{\n\"cache\": 3}", 2, "cache is not known here");
    refused("{\n\n\"speed_mps\": 61}", 3, "speed_mps is 61, expected a number from 0 to 60");
    refused("{\"from_deg\": 270}", 1, "expected a number from -180 to 180");
    refused("{\"kind\": \"storm\"}", 1, "kind is storm, expected one of breeze, gale");
    refused("{\"steady\": 1}", 1, "expected true or false");
    refused("{\"gusts\": [{\"strength\": 2}]}", 1, "gusts.0.time_s is missing");
    refused("{\"gusts\": [{\"time_s\": 0, \"strength\": 2.5}]}", 1, "a whole number from 0 to 12");
    refused("{\"gusts\": 3}", 1, "expected a list");
}

TEST(DescribeNumbers, RangesAndValuesByKey) {
    Wind wind;
    EXPECT_TRUE(check_ranges(wind).ok());
    EXPECT_TRUE(set_number(wind, "from_deg", 180));
    EXPECT_NEAR(wind.from_rad, 3.14159265, 1e-8);
    EXPECT_FALSE(set_number(wind, "from_rad", 1));
    EXPECT_TRUE(set_number(wind, "height_m", 300));
    EXPECT_EQ(check_ranges(wind).error().message, "height_m is 300, expected 1 to 200");
    wind.height_m.reset();
    wind.speed_mps = std::nan("");
    EXPECT_EQ(check_ranges(wind).error().message, "speed_mps is nan, expected 0 to 60");
    const auto fields = number_fields<Gust>();
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields[1].key, "strength");
    EXPECT_TRUE(fields[1].whole);
    EXPECT_EQ(fields[1].high, 12);
}

TEST(Partial, HoldsAndAppliesOnlyWhatIsGiven) {
    Partial<Wind> some;
    some.set(&Wind::word, "storm");
    EXPECT_EQ(some.get(&Wind::speed_mps), nullptr);
    ASSERT_NE(some.get(&Wind::word), nullptr);
    EXPECT_EQ(some.value_or(&Wind::speed_mps, 7), 7);
    Wind wind;
    wind.speed_mps = 11;
    some.apply_to(wind);
    EXPECT_EQ(wind.word, "storm");
    EXPECT_EQ(wind.speed_mps, 11);
    Gust gust{5, 2};
    copy_common(gust, wind);  // no field of the same name
    EXPECT_EQ(wind.speed_mps, 11);
}

TEST(DescribeTable, SaysUnitRangeAndValueWithoutIt) {
    const std::string table = field_table(field_rows<Wind>());
    EXPECT_NE(table.find("| `speed_mps` | mean | m/s | 0 to 60 | 4 |\n"), std::string::npos)
        << table;
    EXPECT_NE(table.find("| `from_deg` | where it comes from | ° | -180 to 180 | 0 |\n"),
              std::string::npos)
        << table;
    EXPECT_NE(table.find("| `steady` | no gusts |  |  | true |\n"), std::string::npos) << table;
    EXPECT_EQ(table.find("cache"), std::string::npos);
    const std::string page = "text\n<!-- fields: wind -->\n" + table + "<!-- end -->\n";
    EXPECT_EQ(table_difference(page, "wind", table), "");
    EXPECT_NE(table_difference(page, "wind", table + "| more |\n"), "");
    EXPECT_NE(table_difference(page, "gust", table), "");
}

}  // namespace huntsman::engine::core::describe_test
