// Faults in suite files.
#include <gtest/gtest.h>

#include "bridge/suite/store.h"
#include "bridge/suite/suite.h"

namespace huntsman::bridge::suite {
namespace {

engine::core::Result<Suite> faulty(const std::string& defaults, const std::string& more) {
    return parse_suite("{\"schema_version\": 1, \"defaults\": {" + defaults +
                           "},\n \"groups\": [{\"situations\": [\"ccrs\"], \"towns\": [3]" + more +
                           "}]}",
                       "/somewhere/mine.json");
}

TEST(SuiteFaults, GroupsHaveThoseOfTheDefaultsOrTheirOwn) {
    const std::string defaults = R"("faults": ["blind:class=pedestrian", "late:ms=200"])";
    const auto of_defaults = faulty(defaults, "");
    ASSERT_TRUE(of_defaults) << of_defaults.error().text();
    const auto& faults = of_defaults->cells[0].options.faults;
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_TRUE(faults[1] == faults::Fault(faults::Late{.ms = 200}));
    const auto own = faulty(defaults, R"(, "faults": ["weak_brakes"])");
    ASSERT_TRUE(own) << own.error().text();
    EXPECT_EQ(own->cells[0].options.faults.size(), 1U);
    EXPECT_TRUE(faulty(defaults, R"(, "faults": [])")->cells[0].options.faults.empty());
}

TEST(SuiteFaults, ACellWithFaultsHasAnotherKeyAndOneWithNoneTheSame) {
    const auto key = [](const std::string& defaults) {
        const auto options = with_driver(faulty(defaults, "")->cells[0], "oracle", "");
        return run_key(*options, {"program", "assets", "none", "none"});
    };
    EXPECT_EQ(key(""), key(R"("faults": [])"));
    EXPECT_NE(key(""), key(R"("faults": ["late:ms=200"])"));
    EXPECT_NE(key(R"("faults": ["late:ms=100"])"), key(R"("faults": ["late:ms=200"])"));
}

TEST(SuiteFaults, WrongOnesAreErrorsWithFileAndLine) {
    const auto wrong = faulty("", R"(, "faults": ["late:ms=-1"])");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().text(),
              "/somewhere/mine.json:2: fault late:ms=-1: ms is -1, expected a number from 0 to "
              "2000");
    EXPECT_FALSE(faulty("", R"(, "faults": [3])"));
}

}  // namespace
}  // namespace huntsman::bridge::suite
