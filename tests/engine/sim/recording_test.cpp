#include "engine/sim/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/core/files.h"
#include "engine/core/hash.h"
#include "engine/core/random.h"

namespace huntsman::engine::sim {
namespace {

using testing::HasSubstr;

class RecordingFile : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  fmt::format("huntsman_recording_{}", ::getpid());
        std::filesystem::create_directories(folder_);
        path_ = folder_ / kRecordingFile;
        sample_.inputs = R"({"scenario":"town","seed":7})";
        sample_.external = {{0, 1, InputKind::kCommand, {0.1, 0.5, 0.0, 0.0}},
                            {20, 1, InputKind::kCommand, {-0.25, 0.0, 1.0, 1.0}},
                            {20, 7, InputKind::kRelease, {}},
                            place_input(30, 7, {.p_W = {1, 2, 3}, .speed_mps = 4}),
                            environment_input(30, {.friction = 0.5})};
        sample_.chain = {{0, PhaseOrder::kThink, 0x0123456789abcdefULL},
                         {0, PhaseOrder::kMove, 42},
                         {1, PhaseOrder::kMove, ~0ULL}};
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string bytes() {
        EXPECT_TRUE(write_recording(path_, sample_).ok());
        return core::read_file(path_).value();
    }
    std::string refusal(const std::string& content) {
        EXPECT_TRUE(core::write_file(path_, content).ok());
        const auto read = read_recording(path_);
        return read.ok() ? "" : read.error().message;
    }
    // Gives changed content a correct checksum, as a faulty writer would.
    static std::string sealed(std::string content) {
        const std::uint64_t sum = core::hash_bytes(content.data(), content.size() - 8);
        std::memcpy(content.data() + content.size() - 8, &sum, 8);
        return content;
    }

    std::filesystem::path folder_, path_;
    Recording sample_;
};

TEST_F(RecordingFile, RoundTripKeepsEverything) {
    ASSERT_TRUE(write_recording(path_, sample_).ok());
    const auto read = read_recording(path_);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->inputs, sample_.inputs);
    EXPECT_EQ(read->chain, sample_.chain);
    EXPECT_EQ(read->external, sample_.external);
}

TEST_F(RecordingFile, EmptyRecordingRoundTrips) {
    sample_ = {};
    ASSERT_TRUE(write_recording(path_, sample_).ok());
    ASSERT_TRUE(read_recording(path_).ok());
}

TEST_F(RecordingFile, MissingFileIsNamed) {
    const auto read = read_recording(folder_ / "nowhere.hmr");
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(read.error().text(), HasSubstr("nowhere.hmr"));
}

TEST_F(RecordingFile, TruncationAtEveryLengthIsRefused) {
    const std::string whole = bytes();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_THAT(refusal(whole.substr(0, length)), HasSubstr("truncated")) << length;
    }
    EXPECT_THAT(refusal(whole + "x"), HasSubstr("truncated or corrupted"));
}

TEST_F(RecordingFile, EveryFlippedBitIsRefused) {
    const std::string whole = bytes();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped = whole;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
            EXPECT_NE(refusal(flipped), "") << "byte " << at << " bit " << bit;
        }
    }
}

TEST_F(RecordingFile, OtherMagicAndVersionAreNamed) {
    std::string other = bytes();
    other[0] = 'X';
    EXPECT_THAT(refusal(other), HasSubstr("not a recording"));
    other = bytes();
    other[8] = 9;
    EXPECT_THAT(refusal(other), HasSubstr("version 9"));
    other[8] = 1;  // held the ego's commands alone
    EXPECT_THAT(refusal(other), HasSubstr("version 1, this program reads version 3"));
}

TEST_F(RecordingFile, KeepsMeasuredLatenciesAndRefusesThoseThatAreNone) {
    sample_.external = {{0, 1, InputKind::kLatency, {120'345.0}},
                        {0, 1, InputKind::kCommand, {0.1, 0.5, 0.0, 0.0}},
                        {40, 1, InputKind::kLatency, {0.0}}};
    ASSERT_TRUE(write_recording(path_, sample_).ok());
    const auto read = read_recording(path_);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->external, sample_.external);
    for (const double faulty : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
        sample_.external[2].values = {faulty};
        EXPECT_THAT(refusal(bytes()), HasSubstr("an input of tick 40 of kind latency is"));
    }
    sample_.external[2].values = {};
    EXPECT_THAT(refusal(bytes()), HasSubstr("of kind latency has 0 values, expected 1"));
}

TEST_F(RecordingFile, AbsurdCountsUnderAValidChecksumAreRefusedWithoutAllocating) {
    const std::string whole = bytes();
    const std::size_t inputs_at = 20, external_at = 28 + sample_.inputs.size();
    std::size_t links_at = external_at + 8;
    for (const ExternalInput& input : sample_.external) links_at += 14 + 8 * input.values.size();
    for (const std::size_t at : {inputs_at, external_at, links_at}) {
        for (const std::uint64_t count : {~0ULL, 1ULL << 40, 1ULL << 60, 1000ULL}) {
            std::string absurd = whole;
            std::memcpy(absurd.data() + at, &count, 8);
            EXPECT_THAT(refusal(sealed(absurd)), HasSubstr("contradicts")) << at << " " << count;
        }
    }
    // An unknown phase.
    std::string phase = whole;
    phase[links_at + 8 + 8] = 11;
    EXPECT_THAT(refusal(sealed(phase)), HasSubstr("contradicts"));
    // An unknown kind of input, and one with too few values.
    std::string kind = whole;
    kind[external_at + 8 + 12] = 77;
    EXPECT_THAT(refusal(sealed(kind)), HasSubstr("kind 77"));
    sample_.external[0].values.pop_back();
    EXPECT_THAT(refusal(bytes()), HasSubstr("of kind command has 3 values, expected 4"));
    sample_.external[0] = {21, 1, InputKind::kRelease, {}};
    EXPECT_THAT(refusal(bytes()), HasSubstr("tick 20 comes after one of tick 21"));
}

TEST_F(RecordingFile, RandomBytesNeverCrash) {
    const std::string whole = bytes();
    for (std::uint64_t trial = 0; trial < 500; ++trial) {
        const core::Key key = core::Key(3).with(trial);
        std::string noise = whole;
        for (std::uint64_t i = 0; i < 6; ++i) {
            noise[key.index(noise.size() - 20, 2 * i) + 20] =
                static_cast<char>(key.bits(2 * i + 1));
        }
        ASSERT_TRUE(core::write_file(path_, sealed(noise)).ok());
        const auto read = read_recording(path_);
        if (read.ok()) continue;  // only numbers changed
        EXPECT_THAT(read.error().message, HasSubstr("contradicts"));
    }
}

TEST(FirstDifference, NamesTickPhaseAndKind) {
    const std::vector<ChainLink> a = {
        {0, PhaseOrder::kThink, 1}, {0, PhaseOrder::kMove, 2}, {1, PhaseOrder::kMove, 3}};
    EXPECT_FALSE(first_difference(a, a).has_value());
    auto b = a;
    b[1].hash = 9;
    auto found = first_difference(a, b);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->tick, 0);
    EXPECT_EQ(found->phase, PhaseOrder::kMove);
    EXPECT_EQ(found->which, Difference::Which::kHash);

    b = a;
    b[2].phase = PhaseOrder::kJudge;
    EXPECT_EQ(first_difference(a, b)->which, Difference::Which::kSchedule);

    b = a;
    b.pop_back();
    EXPECT_EQ(first_difference(a, b)->which, Difference::Which::kSecondEnds);
    EXPECT_EQ(first_difference(a, b)->tick, 1);
    EXPECT_EQ(first_difference(b, a)->which, Difference::Which::kFirstEnds);
}

}  // namespace
}  // namespace huntsman::engine::sim
