// The format: shipped files, values, bad files.
#include "scenarios/situations/situation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/assets.h"
#include "engine/core/files.h"
#include "engine/core/random.h"

namespace huntsman::scenarios::situations {
namespace {

using testing::HasSubstr;

// A whole situation with `part` in place of its actors.
std::string file_with(const std::string& part, const std::string& needs = R"({"pass": "lane"})") {
    return R"({
 "schema_version": 1,
 "summary": "s", "source": "t", "tags": [],
 "needs": )" +
           needs + R"(,
 "parameters": {"gap": {"nominal": 5, "range": [2, 8], "unit": "m", "meaning": "a gap"},
  "speed": {"nominal": 5, "range": [0, 10], "distribution": "normal", "unit": "m/s",
   "meaning": "a speed"},
  "side": {"nominal": 1, "values": [-1, 1, 3], "unit": "1", "meaning": "a side"}},
 "ego": {"speed": "$speed"},
 "criteria": [{"kind": "no_collision"}],
 )" + part +
           "}";
}
std::string error_of(const std::string& text) {
    const auto situation = parse(text, "test.json");
    return situation ? "" : situation.error().text();
}

TEST(ShippedSituations, AllLoadAndSayWhatTheyAre) {
    const auto names = shipped();
    EXPECT_GE(names.size(), 40U);
    std::set<std::string> summaries;
    for (const std::string& name : names) {
        const auto situation = load(name);
        ASSERT_TRUE(situation.ok()) << situation.error().text();
        EXPECT_EQ(situation->name, name);
        EXPECT_FALSE(situation->source.empty()) << name;
        EXPECT_FALSE(situation->tags.empty()) << name;
        EXPECT_TRUE(summaries.insert(situation->summary).second) << name;
        for (const Parameter& parameter : situation->parameters) {
            EXPECT_LT(parameter.low, parameter.high) << name << ' ' << parameter.name;
        }
    }
}

TEST(SituationNames, WithAndWithoutPath) {
    const auto by_name = load("cpnco"), by_ending = load("cpnco.json");
    const auto path = engine::core::assets_folder() / "scenarios/situations/cpnco.json";
    const auto by_path = load(path.string());
    ASSERT_TRUE(by_name.ok() && by_ending.ok() && by_path.ok());
    EXPECT_EQ(by_name->summary, by_path->summary);
    EXPECT_EQ(by_name->summary, by_ending->summary);
    const auto unknown = load("cpnc");
    ASSERT_FALSE(unknown.ok());
    EXPECT_THAT(unknown.error().text(), HasSubstr("cpnco"));
}

TEST(SituationValues, DrawsAreReproducibleAndInRange) {
    const auto situation = parse(file_with(R"("actors": [])"), "test.json");
    ASSERT_TRUE(situation.ok()) << situation.error().text();
    std::set<double> sides;
    double sum = 0;
    constexpr std::uint64_t kDraws = 2000;
    for (std::uint64_t k = 0; k < kDraws; ++k) {
        const Values values = draw(*situation, k, 7);
        EXPECT_EQ(values, draw(*situation, k, 7));
        EXPECT_GE(values.at("gap"), 2);
        EXPECT_LE(values.at("gap"), 8);
        EXPECT_GE(values.at("speed"), 0);
        EXPECT_LE(values.at("speed"), 10);
        sum += values.at("speed");
        sides.insert(values.at("side"));
    }
    EXPECT_EQ(sides, (std::set<double>{-1, 1, 3}));
    // The mean of 2000 draws with a deviation of 2.2: within four standard errors of 0.05.
    EXPECT_NEAR(sum / kDraws, 5, 0.2);
    EXPECT_NE(draw(*situation, 0, 7), draw(*situation, 0, 8));
    EXPECT_NE(draw(*situation, 0, 7), draw(*situation, 1, 7));
}

TEST(SituationValues, GivenOnesMustBeKnownAndInRange) {
    const auto situation = parse(file_with(R"("actors": [])"), "test.json");
    ASSERT_TRUE(situation.ok());
    EXPECT_EQ(with_values(*situation, {{"gap", 3}})->at("gap"), 3);
    EXPECT_EQ(with_values(*situation, {})->at("gap"), 5);
    EXPECT_THAT(with_values(*situation, {{"gab", 3}}).error().text(), HasSubstr("gap, side"));
    EXPECT_THAT(with_values(*situation, {{"gap", 9}}).error().text(), HasSubstr("2 to 8 m"));
}

TEST(BadSituations, AreNamedWithLineAndExpectation) {
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "A", "kind": "tank",
      "at": {"path": "ego", "s": 0}}])")),
                AllOf(HasSubstr("test.json:11"), HasSubstr("tank"), HasSubstr("van")));
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "Ego", "kind": "car",
      "at": {"path": "ego", "s": 0}}])")),
                HasSubstr("not Ego"));
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "A", "kind": "car",
      "at": {"path": "sea", "s": 0}}])")),
                HasSubstr("walk"));
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "A", "kind": "car",
      "at": {"path": "ego", "s": "far"}}])")),
                HasSubstr("expression"));
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "A", "kind": "car",
      "at": {"path": "ego", "s": 0}, "events": [{"do": [{"jump": 1}]}]}])")),
                HasSubstr("keep_ahead_m"));
    EXPECT_THAT(error_of(file_with(R"("actors": [{"name": "A", "kind": "car",
      "at": {"path": "ego", "s": 0}, "events": [{"do": [{"action": {"speed": 1}}]}]}])")),
                HasSubstr("known here"));
    EXPECT_THAT(error_of(file_with(R"("actors": [])", R"({"pass": "ford"})")),
                HasSubstr("roundabout"));
    EXPECT_THAT(error_of(file_with(R"("actors": [])", R"({"pass": "lane", "kerb_m": [3, 2]})")),
                HasSubstr("[low, high]"));
    EXPECT_THAT(error_of("{}"), HasSubstr("test.json"));
    EXPECT_THAT(error_of("[1, 2"), HasSubstr("test.json"));
}

// A file with bytes changed, cut or doubled is read or refused; nothing else.
TEST(BadSituations, MutatedFilesNeitherCrashNorHang) {
    const engine::core::Key key(5);
    for (const std::string name : {"cpnco", "ccftap", "lost_cargo", "amber_dilemma"}) {
        const auto path = engine::core::assets_folder() / "scenarios/situations" / (name + ".json");
        const auto text = engine::core::read_file(path);
        ASSERT_TRUE(text.ok());
        int refused = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            std::string bad = *text;
            const engine::core::Key own = key.with(name).with(i);
            for (std::uint64_t j = 0; j <= own.index(3); ++j) {
                const std::size_t at = own.with("at").index(bad.size(), j);
                const std::size_t many = 1 + own.with("many").index(20, j);
                switch (own.with("kind").index(4, j)) {
                    case 0:
                        bad[at] = static_cast<char>(own.with("byte").index(256, j));
                        break;
                    case 1:
                        bad.erase(at, many);
                        break;
                    case 2:
                        bad.insert(at, bad.substr(at, many));
                        break;
                    default:
                        bad.replace(at, 1, "1e999");
                        break;
                }
            }
            const auto situation = parse(bad, path);
            if (situation) continue;
            ++refused;
            EXPECT_FALSE(situation.error().message.empty());
        }
        EXPECT_GT(refused, 100) << name;
    }
}

}  // namespace
}  // namespace huntsman::scenarios::situations
