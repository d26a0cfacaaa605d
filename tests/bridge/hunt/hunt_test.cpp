// Settings of hunts, and what is said of their results.
#include "bridge/hunt/hunt.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "bridge/hunt/rate.h"
#include "engine/core/assets.h"
#include "engine/core/files.h"

namespace huntsman::bridge::hunt {
namespace {

using nlohmann::ordered_json;

HuntSettings settings_of(const std::string& spaces) {
    return {.spaces = spaces, .budget = "100", .out = "never_written.sqlite"};
}

std::string error_of(const HuntSettings& settings) {
    const auto hunt = to_hunt(settings);
    EXPECT_FALSE(hunt);
    return hunt ? "" : hunt.error().text();
}

TEST(Budget, IsRunsOrTime) {
    const auto budget = [](const char* text) {
        const auto parsed = parse_budget(text);
        EXPECT_TRUE(parsed) << text;
        return parsed ? *parsed : Budget{};
    };
    EXPECT_EQ(budget("200").runs, 200);
    EXPECT_EQ(budget("200").seconds, 0);
    EXPECT_EQ(budget("90s").seconds, 90);
    EXPECT_EQ(budget("30min").seconds, 1800);
    EXPECT_EQ(budget("1.5h").seconds, 5400);
    EXPECT_EQ(budget("2h").runs, 0);
    for (const char* bad : {"", "0", "-3", "0h", "2 h", "2d", "h", "1.5", "1e3", "999h", "1..2h"}) {
        const auto parsed = parse_budget(bad);
        ASSERT_FALSE(parsed) << bad;
        EXPECT_NE(parsed.error().text().find(fmt::format("--budget is {}, expected", bad)),
                  std::string::npos);
    }
}

TEST(Spaces, AreNamedOnceInTheirOrder) {
    const auto hunt = to_hunt(settings_of("cpna,cpfa,cpna,town"));
    ASSERT_TRUE(hunt) << hunt.error().text();
    ASSERT_EQ(hunt->grounds.size(), 3U);
    EXPECT_EQ(hunt->grounds[0].name, "cpna");
    EXPECT_EQ(hunt->grounds[1].name, "cpfa");
    EXPECT_EQ(hunt->grounds[2].name, "town");
    EXPECT_EQ(hunt->grounds[2].space.size(), 3U) << "traffic, pedestrians and the town";
    ASSERT_EQ(hunt->searches.size(), 3U);
    EXPECT_EQ(hunt->searches[0].budget + hunt->searches[1].budget + hunt->searches[2].budget, 100);
}

TEST(Spaces, OfATagAreThoseOfTheSituationsThatHaveIt) {
    const auto hunt = to_hunt(settings_of("tag:animal"));
    ASSERT_TRUE(hunt) << hunt.error().text();
    ASSERT_EQ(hunt->grounds.size(), 2U);
    EXPECT_EQ(hunt->grounds[0].name, "deer_crossing");
}

TEST(Spaces, ThatDoNotExistAreRefused) {
    EXPECT_NE(error_of(settings_of("tag:nothing")).find("has the tag nothing"), std::string::npos);
    EXPECT_NE(error_of(settings_of("nothing")).find("nothing: there is no situation"),
              std::string::npos);
    EXPECT_NE(error_of(settings_of("")).find("no space to search is given"), std::string::npos);
}

// A copy of cpfa with another cross_speed.
class SituationFile {
  public:
    explicit SituationFile(const char* changes) {
        auto text = engine::core::read_file(engine::core::assets_folder() /
                                            "scenarios/situations/cpfa.json");
        EXPECT_TRUE(text);
        ordered_json json = ordered_json::parse(*text);
        json["parameters"]["cross_speed"].update(ordered_json::parse(changes));
        EXPECT_TRUE(engine::core::write_file(file_, json.dump(1)));
    }
    ~SituationFile() { std::filesystem::remove(file_); }
    std::string path() const { return file_.string(); }

  private:
    std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                  fmt::format("huntsman_situation_{}.json", ::getpid());
};

TEST(Spaces, DistributionThatDoesNotAddUpIsRefusedWithItsPlace) {
    const SituationFile reversed(R"({"range": [3.0, 1.4]})");
    EXPECT_NE(error_of(settings_of(reversed.path())).find("huntsman_situation"), std::string::npos);
    const SituationFile outside(R"({"nominal": 9})");
    EXPECT_NE(error_of(settings_of(outside.path())).find("nominal"), std::string::npos);
}

// An OpenSCENARIO file with these parameter declarations.
class StoryFile {
  public:
    explicit StoryFile(const std::string& declarations) {
        EXPECT_TRUE(engine::core::write_file(
            file_, R"(<?xml version="1.0"?><OpenSCENARIO><FileHeader revMajor="1" revMinor="3"
                      date="2024-01-01T00:00:00" author="test" description="test"/>
                      <ParameterDeclarations>)" +
                       declarations + "</ParameterDeclarations></OpenSCENARIO>"));
    }
    ~StoryFile() { std::filesystem::remove(file_); }
    std::string path() const { return file_.string(); }

  private:
    std::filesystem::path file_ =
        std::filesystem::temp_directory_path() / fmt::format("huntsman_story_{}.xosc", ::getpid());
};

std::string declaration(const std::string& name, const std::string& type, double low, double high) {
    return fmt::format(
        "<ParameterDeclaration name=\"{}\" parameterType=\"{}\" value=\"5\"><ConstraintGroup>"
        "<ValueConstraint rule=\"greaterOrEqual\" value=\"{}\"/>"
        "<ValueConstraint rule=\"lessOrEqual\" value=\"{}\"/>"
        "</ConstraintGroup></ParameterDeclaration>",
        name, type, low, high);
}

TEST(Spaces, OfAStoryAreItsNumbersWithinRanges) {
    const StoryFile story(declaration("Speed", "double", 3, 12.5) +
                          declaration("Lanes", "integer", 4, 6) +
                          "<ParameterDeclaration name=\"Free\" parameterType=\"double\" "
                          "value=\"1\"/>");
    const auto grounds = grounds_of(settings_of(story.path()));
    ASSERT_TRUE(grounds) << grounds.error().text();
    const auto& dimensions = grounds->front().space.dimensions();
    ASSERT_EQ(dimensions.size(), 3U) << "two parameters and the town, as there is no map";
    EXPECT_EQ(dimensions[0].name, "Speed");
    EXPECT_EQ(dimensions[0].low, 3);
    EXPECT_EQ(dimensions[0].high, 12.5);
    EXPECT_EQ(dimensions[0].nominal, 5);
    EXPECT_EQ(dimensions[1].choices, (std::vector<double>{4, 5, 6}));
    EXPECT_EQ(dimensions[2].name, "town");
}

// Their scenarios are saved in other folders.
TEST(Spaces, NameFilesFromTheRoot) {
    const StoryFile story(declaration("Speed", "double", 3, 12.5));
    const SituationFile situation("{}");
    for (const std::string& path : {story.path(), situation.path()}) {
        const auto grounds = grounds_of(settings_of(std::filesystem::relative(path).string()));
        ASSERT_TRUE(grounds) << grounds.error().text();
        EXPECT_TRUE(std::filesystem::equivalent(grounds->front().scenario, path));
        EXPECT_TRUE(std::filesystem::path(grounds->front().scenario).is_absolute());
    }
    EXPECT_EQ(grounds_of(settings_of("cpfa"))->front().scenario, "cpfa");
}

TEST(Spaces, OfAStoryWithoutRangesAreRefused) {
    const auto error = [](const std::string& declarations) {
        const StoryFile story(declarations);
        const auto grounds = grounds_of(settings_of(story.path()));
        EXPECT_FALSE(grounds);
        return grounds ? "" : grounds.error().text();
    };
    EXPECT_NE(error("").find("declares no parameter that is a number with a range"),
              std::string::npos);
    // The value that is declared is not in its own range.
    EXPECT_NE(error(declaration("Speed", "double", 7, 12)).find("Speed"), std::string::npos);
}

TEST(Searches, ShardsDivideThem) {
    HuntSettings settings = settings_of("cpna,cpfa");
    settings.searches = 3;
    const auto whole = to_hunt(settings);
    ASSERT_TRUE(whole) << whole.error().text();
    ASSERT_EQ(whole->searches.size(), 6U);
    settings.shards = 4;
    std::vector<Search> parts;
    for (settings.shard = 0; settings.shard < settings.shards; ++settings.shard) {
        const auto part = to_hunt(settings);
        ASSERT_TRUE(part) << part.error().text();
        EXPECT_GE(part->searches.size(), 1U);
        parts.insert(parts.end(), part->searches.begin(), part->searches.end());
    }
    ASSERT_EQ(parts.size(), 6U);
    std::int64_t budget = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        EXPECT_EQ(parts[i].ground, whole->searches[i].ground);
        EXPECT_EQ(parts[i].seed, 1 + i % 3);
        EXPECT_EQ(parts[i].budget, whole->searches[i].budget);
        budget += parts[i].budget;
    }
    EXPECT_EQ(budget, 100);
    settings.shards = 7;
    settings.shard = 0;
    EXPECT_NE(error_of(settings).find("--shards is 7, expected at most 6"), std::string::npos);
    settings.shards = 1;
    settings.budget = "5";
    EXPECT_NE(error_of(settings).find("at least a run for each of 6 searches"), std::string::npos);
}

HuntRun run_of(std::size_t ground, double severity, bool valid = true) {
    HuntRun run{.key = "0123456789abcdef", .ground = ground};
    run.evaluation = {.severity = severity, .failed = severity >= 1, .niche = {}, .valid = valid};
    return run;
}

TEST(Remarks, NeverAlwaysAndNoResultAreSaid) {
    const auto hunt = to_hunt(settings_of("cpna,cpfa,cpnco,deer_crossing"));
    ASSERT_TRUE(hunt);
    HuntResult result;
    for (int i = 0; i < 20; ++i) {
        result.runs.push_back(run_of(0, 0.01 * i));
        result.runs.push_back(run_of(1, i == 0 ? 0.5 : 1.5));
        result.runs.push_back(run_of(2, 0, false));
        result.runs.push_back(run_of(3, i % 2 == 0 ? 0.5 : 1.5));
    }
    const auto said = remarks(*hunt, result);
    ASSERT_EQ(said.size(), 3U) << "half of the runs failing needs no remark";
    EXPECT_NE(said[0].find("cpna: the driver did not fail in 20 runs"), std::string::npos);
    EXPECT_NE(said[0].find("0.19"), std::string::npos);
    EXPECT_NE(said[1].find("cpfa: the driver failed in 19 of 20 runs"), std::string::npos);
    EXPECT_NE(said[2].find("cpnco: none of its 20 runs has a result"), std::string::npos);
    for (const std::string& sentence : said) {
        EXPECT_NE(text(*hunt, result).find(sentence), std::string::npos);
        EXPECT_NE(html(*hunt, result, true).find(sentence), std::string::npos);
    }
}

TEST(ProgressText, SaysBudgetAndHowManyFailuresAreNew) {
    auto hunt = to_hunt(settings_of("cpna"));
    ASSERT_TRUE(hunt);
    EXPECT_EQ(progress_text(*hunt, {}), "budget of 100 runs");
    HuntResult result;
    for (int i = 0; i < 150; ++i) result.runs.push_back(run_of(0, i == 20 || i == 60 ? 1.5 : 0));
    result.failures.push_back({.members = {20}});
    result.failures.push_back({.members = {60}});
    EXPECT_EQ(progress_text(*hunt, result),
              "150 of 100 runs, 2 failed, 2 distinct (1 new in the last 100 runs)");
    hunt->budget = {.runs = 0, .seconds = 7200};
    hunt->settings.budget = "2h";
    result.seconds = 61;
    EXPECT_EQ(progress_text(*hunt, result),
              "150 runs in 61 s of 2h, 2 failed, 2 distinct (1 new in the last 100 runs)");
}

TEST(Rates, SettingsOutOfTheirRangesAreRefused) {
    const auto error = [](auto change) {
        RateSettings settings{.hunt = settings_of("cpfa")};
        change(settings);
        const auto rate = hunt::rate(settings, {});
        EXPECT_FALSE(rate);
        return rate ? "" : rate.error().text();
    };
    EXPECT_NE(error([](RateSettings& s) { s.per_level = 3; }).find("--per-level is 3"),
              std::string::npos);
    EXPECT_NE(error([](RateSettings& s) { s.repeats = 1; }).find("--repeats is 1"),
              std::string::npos);
    EXPECT_NE(error([](RateSettings& s) { s.hunt.spaces = "cpfa,cpna"; }).find("are 2 spaces"),
              std::string::npos);
}

TEST(Rates, TextSaysWhereNothingFailed) {
    Rate rate;
    rate.estimate = {.probability = 0, .lower = 0, .upper = 0.0037, .evaluations = 1000};
    EXPECT_NE(text({.hunt = settings_of("cpfa")}, rate).find("No run failed. The rate is below"),
              std::string::npos);
    rate.estimate = {.probability = 0.002, .by_levels = 0.0021, .lower = 0.001, .upper = 0.004};
    EXPECT_NE(text({.hunt = settings_of("cpfa")}, rate).find("0.002, one in 500"),
              std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::hunt
