#include "bridge/hunt/blame.h"

#include <gtest/gtest.h>

#include <numeric>

namespace huntsman::bridge::hunt {
namespace {

// Values worked out by hand: of two players {0, 1, 2, 5} the first gets (1 + 3) / 2.
TEST(Shapley, OfTwoPlayersIsTheMeanOfBothOrders) {
    const auto shares = shapley(2, {0, 1, 2, 5});
    EXPECT_DOUBLE_EQ(shares[0], 2);
    EXPECT_DOUBLE_EQ(shares[1], 3);
}

// The glove game: one left glove and two right ones, a pair is worth 1 [Shapley 1953].
TEST(Shapley, OfTheGloveGameIsTwoThirdsForTheRareOne) {
    std::vector<double> value(8, 0.0);
    for (std::size_t set = 0; set < 8; ++set) {
        value[set] = (set & 1) != 0 && (set & 6) != 0 ? 1 : 0;
    }
    const auto shares = shapley(3, value);
    EXPECT_NEAR(shares[0], 2.0 / 3, 1e-12);
    EXPECT_NEAR(shares[1], 1.0 / 6, 1e-12);
    EXPECT_NEAR(shares[2], 1.0 / 6, 1e-12);
}

TEST(Shapley, SharesAddUpToTheValueOfAllAndADummyGetsNothing) {
    std::vector<double> value(16);
    for (std::size_t set = 0; set < 16; ++set) {
        const std::size_t without_last = set & 7;
        value[set] = 0.3 * static_cast<double>(without_last * without_last % 11);
    }
    const auto shares = shapley(4, value);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), value[15] - value[0], 1e-12);
    EXPECT_NEAR(shares[3], 0, 1e-12);
}

std::string candidates(const std::string& driver, const std::vector<faults::Fault>& faults,
                       int latency_ms) {
    loop::RunOptions options;
    options.driver = driver;
    options.faults = faults;
    options.latency = loop::ConstantLatency{latency_ms};
    options.rig = HUNTSMAN_SOURCE_DIR "/assets/rigs/eight_cameras.json";
    const auto parts = candidate_parts(options);
    EXPECT_TRUE(parts) << parts.error().text();
    std::string text;
    for (const auto& part : *parts) text += (text.empty() ? "" : " ") + parts::text(part);
    return text;
}

TEST(Blame, PartsAreThoseThatMayChangeTheRun) {
    const std::string perceived =
        "perception:class=vehicle perception:class=pedestrian perception:class=thing tracks "
        "velocities signals prediction";
    EXPECT_EQ(candidates("oracle", {}, 0), perceived);
    EXPECT_EQ(candidates("oracle", {}, 50), perceived + " latency");
    EXPECT_EQ(candidates("oracle", {faults::WeakBrakes{}, faults::SpeedLimit{}}, 0),
              perceived + " map actions");
    EXPECT_EQ(candidates("r157", {}, 0), perceived + " planning");
    EXPECT_EQ(candidates("constant", {faults::LateAction{}}, 0), "latency");
    const std::string box = candidates("torch:own.pt", {faults::DirtyCamera{.camera = "rear"}}, 50);
    EXPECT_EQ(box.rfind("planning latency", 0), 0U) << box;
    EXPECT_NE(box.find("camera:name=rear"), std::string::npos) << box;
    EXPECT_EQ(box.find("perception"), std::string::npos) << "a black box says nothing of it";
}

}  // namespace
}  // namespace huntsman::bridge::hunt
