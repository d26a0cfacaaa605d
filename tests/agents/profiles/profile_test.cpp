#include "agents/profiles/profile.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "agents/profiles/profile_fields.h"
#include "engine/core/assets.h"
#include "engine/core/describe_table.h"
#include "engine/core/dice.h"
#include "engine/core/files.h"
#include "tests/support/mutation.h"

namespace huntsman::agents::profiles {
namespace {

using core::field_rows;
using core::field_table;
using core::Key;
using core::table_difference;
using tests::mutated;

std::string text_of(const std::string& folder, const std::string& name) {
    return core::read_file(core::assets_folder() / folder / (name + ".json")).value();
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
// What the loader says of the attentive driver's file with a piece replaced.
std::string error_of(const std::string& from, const std::string& to) {
    const auto read = parse_profile(replaced(text_of("minds", "attentive"), from, to), "x.json");
    return read.ok() ? "" : read.error().text();
}
std::string mix_error_of(const std::string& from, const std::string& to) {
    const auto read = parse_mix(replaced(text_of("minds/mixes", "everyday"), from, to), "x.json");
    return read.ok() ? "" : read.error().text();
}

TEST(Profiles, AllThatTheIssueNamesAreShippedAndLoad) {
    const std::set<std::string> wanted{"attentive", "hurried",       "aggressive", "timid",
                                       "elderly",   "child",         "cyclist",    "delivery",
                                       "emergency", "wrong_way",     "distracted", "on_phone",
                                       "jaywalker", "playing_child", "animal",     "headphones"};
    const auto names = shipped();
    for (const std::string& name : wanted) EXPECT_TRUE(std::ranges::count(names, name)) << name;
    for (const std::string& name : names) {
        const auto profile = load_profile(name);
        ASSERT_TRUE(profile.ok()) << profile.error().text();
        EXPECT_EQ(profile->name, name);
        EXPECT_FALSE(profile->source.empty()) << name;
    }
}

TEST(Profiles, ValuesAreThoseOfTheFile) {
    const Profile timid = load_profile("timid").value();
    EXPECT_EQ(timid.role, Role::kDriver);
    EXPECT_DOUBLE_EQ(timid.headway_s, 2.4);
    EXPECT_DOUBLE_EQ(timid.gaps.merge_s, 8.25);
    EXPECT_NEAR(timid.social_rad, 50 * 3.14159265358979 / 180, 1e-12);
    EXPECT_DOUBLE_EQ(timid.levels.level_0, 0.35);
    EXPECT_DOUBLE_EQ(timid.glances.away_s, 0.4);
}

// Off-road glances beyond 1.7 s mark crashes: they are rare with attentive drivers and common with
// distracted ones.
TEST(Profiles, LongLooksAwayMarkTheDistractedDriver) {
    const auto longer = [](const char* name) {
        const Glances glances = load_profile(name).value().glances;
        int count = 0;
        for (std::uint64_t i = 0; i < 10000; ++i) {
            const double away = draw_log_normal(glances.away_s, glances.away_log_sd, Key(i));
            count += away > 1.7 ? 1 : 0;
        }
        return count / 10000.0;
    };
    EXPECT_LT(longer("attentive"), 0.01);
    // 1 - Phi(ln(1.7 / 1.2) / 0.65) = 0.296.
    EXPECT_NEAR(longer("distracted"), 0.296, 0.02);
}

TEST(Profiles, DrawsHaveTheMeanAndStayWithinTwoDeviations) {
    double sum = 0;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        const double x = draw_normal(1.34, 0.26, Key(9).with(i));
        EXPECT_LE(std::abs(x - 1.34), 0.52);
        sum += x;
    }
    EXPECT_NEAR(sum / 10000, 1.34, 0.01);
}

// --- Bad files ---

TEST(Profiles, ErrorsNameFileLineAndExpectation) {
    EXPECT_NE(error_of("\"headway_s\": 1.8", "\"headway\": 1.8").find("x.json:8"),
              std::string::npos);
    EXPECT_NE(error_of("\"headway_s\": 1.8", "\"headway_s\": 99").find("headway_s"),
              std::string::npos);
    EXPECT_NE(error_of("\"driver\"", "\"pilot\"").find("animal"), std::string::npos);
    EXPECT_NE(error_of("\"role\"", "\"rule\""), "");
    EXPECT_NE(error_of("\"schema_version\": 1", "\"schema_version\": 2"), "");
}

TEST(Profiles, LevelsThatDoNotSumToOneAreRefused) {
    const std::string error = error_of("\"level_1\": 0.5", "\"level_1\": 0.6");
    EXPECT_NE(error.find("x.json:"), std::string::npos) << error;
    EXPECT_NE(error.find("sum to 1.1, expected 1"), std::string::npos) << error;
}

TEST(Profiles, UnknownNameListsTheKnownOnes) {
    const auto read = load_profile("nobody");
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().text().find("playing_child"), std::string::npos);
}

TEST(Profiles, NameTooLongForAPathIsRefused) {
    EXPECT_FALSE(load_profile(std::string(10000, 'x')).ok());
    EXPECT_NE(mix_error_of("timid", std::string(10000, 'x')).find("has the profile"),
              std::string::npos);
}

TEST(Profiles, MutatedFilesAreReadOrRefused) {
    for (const std::string& name : shipped()) {
        const std::string text = text_of("minds", name);
        for (std::uint64_t i = 0; i < 200; ++i) {
            const auto read = parse_profile(mutated(text, core::Dice(Key(i).with(name))), "x.json");
            if (!read.ok()) {
                EXPECT_NE(read.error().text().find("x.json"), std::string::npos);
                continue;
            }
            // What is read keeps to the ranges of the field list.
            core::for_each_field<Profile>([&](const char* key, auto member, const auto& about) {
                if constexpr (std::is_same_v<decltype(member), double Profile::*>) {
                    const double value = (*read).*member / about.scale;
                    EXPECT_GE(value, about.low - 1e-9) << key;
                    EXPECT_LE(value, about.high + 1e-9) << key;
                }
            });
        }
    }
}

TEST(Mixes, MutatedFilesAreReadOrRefused) {
    for (const std::string& name : core::shipped("minds/mixes")) {
        const std::string text = text_of("minds/mixes", name);
        for (std::uint64_t i = 0; i < 200; ++i) {
            const auto read = parse_mix(mutated(text, core::Dice(Key(i).with(name))), "x.json");
            if (!read.ok()) {
                EXPECT_NE(read.error().text().find("x.json"), std::string::npos);
            }
        }
    }
}

// --- Mixes ---

TEST(Mixes, ShippedOnesLoad) {
    for (const std::string& name : core::shipped("minds/mixes")) {
        const auto mix = load_mix(name);
        ASSERT_TRUE(mix.ok()) << mix.error().text();
    }
}

TEST(Mixes, DrawsFollowTheShares) {
    const Mix mix = load_mix("everyday").value();
    std::map<std::string, int> drawn;
    constexpr int kDraws = 20000;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        ++drawn[draw_profile(mix, Role::kPerson, Key(4).with(i))];
    }
    for (const Share& share : mix.people) {
        EXPECT_NEAR(drawn[share.profile] / double{kDraws}, share.share, 0.015) << share.profile;
    }
    EXPECT_EQ(draw_profile(mix, Role::kCyclist, Key(1)), "cyclist");
}

TEST(Mixes, ProfileWithoutShareIsNeverDrawn) {
    const Mix mix{.drivers = {{"a", 0}, {"b", 1 - 1e-9}, {"c", 0}}};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(draw_profile(mix, Role::kDriver, Key(i)), "b");
    }
}

TEST(Mixes, BadSharesAreRefusedWithFileAndLine) {
    const std::string sum = mix_error_of("\"timid\": 0.08", "\"timid\": 0.18");
    EXPECT_NE(sum.find("x.json:4"), std::string::npos) << sum;
    EXPECT_NE(sum.find("has shares that sum to 1.1, expected 1"), std::string::npos) << sum;
    const std::string unknown = mix_error_of("\"timid\"", "\"timids\"");
    EXPECT_NE(unknown.find("x.json:4"), std::string::npos) << unknown;
    EXPECT_NE(unknown.find("the profile \"timids\""), std::string::npos) << unknown;
    const std::string role = mix_error_of("\"timid\"", "\"child\"");
    EXPECT_NE(role.find("of a person, expected one of a"), std::string::npos) << role;
    EXPECT_NE(mix_error_of("\"timid\": 0.08", "\"timid\": -0.08"), "");
    EXPECT_NE(mix_error_of("\"animals\"", "\"beasts\""), "");
}

// --- Docs ---

// Every shipped profile with its main values.
std::string profile_table() {
    std::string table =
        "| profile | role | speed | headway s | left turn s | merge s | on foot s | reaction s | "
        "look "
        "away s | attention | social ° | levels 0, 1, 2 | patience s | obeys signals | walks m/s "
        "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const std::string& name : shipped()) {
        const Profile p = load_profile(name).value();
        table += fmt::format(
            "| {} | {} | {:.3g} | {:.3g} | {:.3g} | {:.3g} | {:.3g} | {:.3g} | {:.3g} | {:.3g} | "
            "{:.3g} | {:.3g}, {:.3g}, {:.3g} | {:.3g} | {:.3g} | {:.3g} |\n",
            name, profiles::name(p.role), p.speed_factor, p.headway_s, p.gaps.left_turn_s,
            p.gaps.merge_s, p.gaps.on_foot_s, p.reaction_s, p.glances.away_s, p.attention,
            p.social_rad / core::kRadiansInDegree, p.levels.level_0, p.levels.level_1,
            p.levels.level_2, p.patience_s, p.obeys_signals, p.walking_mps);
    }
    return table;
}

TEST(ProfileDocs, TablesAreThoseOfTheFilesAndFieldLists) {
    const std::string page =
        core::read_file(std::string(HUNTSMAN_SOURCE_DIR) + "/docs/agents.md").value();
    EXPECT_EQ(table_difference(page, "profiles", profile_table()), "");
    EXPECT_EQ(table_difference(page, "profile", field_table(field_rows<Profile>())), "");
    EXPECT_EQ(table_difference(page, "gaps", field_table(field_rows<AcceptedGaps>())), "");
    EXPECT_EQ(table_difference(page, "glances", field_table(field_rows<Glances>())), "");
    EXPECT_EQ(table_difference(page, "levels", field_table(field_rows<Levels>())), "");
}

}  // namespace
}  // namespace huntsman::agents::profiles
