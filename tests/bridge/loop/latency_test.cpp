// Latencies: how they are written, drawn and summed up.
#include "bridge/loop/latency.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "bridge/loop/latency_fields.h"
#include "tests/support/mutation.h"

namespace huntsman::bridge::loop {
namespace {

using engine::core::Key;
using engine::core::TimeUs;

std::string error_of(const std::string& text) {
    const auto latency = parse_latency(text);
    return latency ? "" : latency.error().message;
}

// Of the first frames of a run [ms].
std::vector<double> draws_ms(const std::string& text, std::size_t count, std::uint64_t seed = 1) {
    const auto latency = parse_latency(text);
    EXPECT_TRUE(latency) << latency.error().message;
    std::vector<double> ms;
    for (std::uint64_t frame = 0; frame < count; ++frame) {
        ms.push_back(1e-3 *
                     static_cast<double>(draw_latency_us(*latency, Key(seed).with("x"), frame)));
    }
    return ms;
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}
double deviation_of(const std::vector<double>& values) {
    const double mean = mean_of(values);
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST(Latency, IsReadBackFromItsText) {
    EXPECT_EQ(*parse_latency("0"), Latency(ConstantLatency{0}));
    EXPECT_EQ(*parse_latency("2000"), Latency(ConstantLatency{2000}));
    EXPECT_EQ(*parse_latency("normal:sd=10,mean=60"), Latency(NormalLatency{60, 10}));
    EXPECT_EQ(*parse_latency("uniform:low=40,high=90"), Latency(UniformLatency{40, 90}));
    EXPECT_EQ(*parse_latency("lognormal:median=60,sigma=0.3,most=400"),
              Latency(LogNormalLatency{60, 0.3, 400}));
    EXPECT_EQ(text(*parse_latency("normal:sd=10,mean=60.5")), "normal:mean=60.5,sd=10");
    EXPECT_EQ(text(*parse_latency("lognormal:median=60,sigma=0.3")),
              "lognormal:median=60,sigma=0.3,most=10000");
    EXPECT_EQ(text(ConstantLatency{50}), "50");
    EXPECT_EQ(text(MeasuredLatency{}), "measured");
    EXPECT_STREQ(kind(ConstantLatency{}), "constant");
    EXPECT_STREQ(kind(LogNormalLatency{}), "lognormal");
    EXPECT_STREQ(kind(MeasuredLatency{}), "measured");
}

TEST(Latency, WhatIsWrongIsSaidInOneSentence) {
    EXPECT_EQ(error_of("normal:mean=abc"),
              "is normal:mean=abc: mean is abc, expected a number from 0 to 10000");
    EXPECT_EQ(error_of("normal:mean=60,sd=-1"),
              "is normal:mean=60,sd=-1: sd is -1, expected a number from 0 to 10000");
    EXPECT_EQ(error_of("normal:mean=nan,sd=1"),
              "is normal:mean=nan,sd=1: mean is nan, expected a number from 0 to 10000");
    EXPECT_EQ(error_of("normal:mean=60"),
              "is normal:mean=60: has no sd, expected the standard deviation [ms]");
    EXPECT_EQ(error_of("uniform"), "is uniform: has no low, expected the shortest time [ms]");
    EXPECT_EQ(error_of("uniform:low=90,high=40"),
              "is uniform:low=90,high=40: low is 90, expected at most high, which is 40");
    EXPECT_EQ(error_of("uniform:mean=3"),
              "is uniform:mean=3: has \"mean=3\", expected KEY=VALUE with the key low or high");
    EXPECT_EQ(error_of("gauss:mean=60"),
              "is gauss:mean=60, expected a whole number from 0 to 2000, or normal, uniform or "
              "lognormal with its keys, as normal:mean=60,sd=10");
    for (const char* text : {"", "-5", "2001", "50.5", "50ms", "measured", "1e3", " 50", "Normal",
                             "99999999999999999999", "normal:", "normal:mean=1e999,sd=1",
                             "lognormal:median=1,sigma=6", "constant:ms=50"}) {
        EXPECT_FALSE(parse_latency(text)) << text;
    }
}

// HUNTSMAN_MUTATIONS: how many of each text.
TEST(Latency, MutatedTextsAreReadOrRefused) {
    for (const std::string whole : {"50", "normal:mean=60,sd=10", "uniform:low=40,high=90",
                                    "lognormal:median=60,sigma=0.3,most=400"}) {
        for (std::uint64_t i = 0; i < tests::mutations(200); ++i) {
            const auto bad = tests::mutated(whole, engine::core::Dice(Key(i).with(whole)));
            const auto latency = parse_latency(bad);
            if (!latency) {
                EXPECT_TRUE(latency.error().message.starts_with("is ")) << bad;
                continue;
            }
            const auto again = parse_latency(text(*latency));
            ASSERT_TRUE(again) << bad << ": " << again.error().message;
            EXPECT_TRUE(*again == *latency) << bad;
            const TimeUs drawn_us = draw_latency_us(*latency, Key(i), i);
            EXPECT_GE(drawn_us, 0) << bad;
            EXPECT_LE(drawn_us, 1000 * kMostLatency_ms) << bad;
        }
    }
}

TEST(Latency, InOptionsAConstantIsANumberAndTheOthersAreTexts) {
    const auto written = [](const Latency& latency) {
        nlohmann::ordered_json json;
        write_json(json, "latency_ms", latency);
        const auto file = engine::core::JsonFile::parse(json.dump(), "the test").value();
        Latency again = UniformLatency{1, 2};
        const Latency before = again;
        read_json(file->root(), "latency_ms", again);
        EXPECT_TRUE(file->status()) << file->status().error().text();
        EXPECT_FALSE(again == before);
        EXPECT_TRUE(again == latency) << json.dump();
        return json.dump();
    };
    EXPECT_EQ(written(ConstantLatency{50}), R"({"latency_ms":50})");
    EXPECT_EQ(written(NormalLatency{60, 10}), R"({"latency_ms":"normal:mean=60,sd=10"})");
    EXPECT_EQ(written(MeasuredLatency{}), R"({"latency_ms":"measured"})");

    for (const auto& [json, words] : std::vector<std::pair<std::string, std::string>>{
             {R"({"latency_ms": 10001})", "expected a whole number from 0 to 10000"},
             {R"({"latency_ms": []})", "latency_ms is"},
             {R"({})", "latency_ms is missing"},
             {R"({"latency_ms": "often"})", "latency_ms is often, expected"}}) {
        const auto file = engine::core::JsonFile::parse(json, "the test").value();
        Latency latency;
        read_json(file->root(), "latency_ms", latency);
        ASSERT_FALSE(file->status()) << json;
        EXPECT_NE(file->status().error().text().find(words), std::string::npos)
            << file->status().error().text();
    }
}

// Bounds of five standard errors: a wrong formula is far beyond, and no seed but this one is drawn.
TEST(Latency, DrawsHaveTheDeclaredMeanAndSpread) {
    constexpr std::size_t kCount = 20'000;
    const double root = std::sqrt(static_cast<double>(kCount));

    const auto normal = draws_ms("normal:mean=600,sd=100", kCount);  // nothing is clipped
    EXPECT_NEAR(mean_of(normal), 600, 5 * 100 / root);
    EXPECT_NEAR(deviation_of(normal), 100, 5 * 100 / (std::sqrt(2.0) * root));

    const auto uniform = draws_ms("uniform:low=40,high=90", kCount);
    const double spread = 50 / std::sqrt(12.0);
    EXPECT_NEAR(mean_of(uniform), 65, 5 * spread / root);
    EXPECT_NEAR(deviation_of(uniform), spread, 5 * spread * std::sqrt(0.8 / 4) / root);
    EXPECT_GE(*std::ranges::min_element(uniform), 40);
    EXPECT_LE(*std::ranges::max_element(uniform), 90);

    auto logs = draws_ms("lognormal:median=60,sigma=0.3", kCount);
    for (double& value : logs) value = std::log(value);
    EXPECT_NEAR(mean_of(logs), std::log(60), 5 * 0.3 / root);
    EXPECT_NEAR(deviation_of(logs), 0.3, 5 * 0.3 / (std::sqrt(2.0) * root));

    // The share above the bound lies on it: 1 − Φ(ln(80 / 60) / 0.3).
    const auto bounded = draws_ms("lognormal:median=60,sigma=0.3,most=80", kCount);
    EXPECT_EQ(*std::ranges::max_element(bounded), 80);
    const double above = 0.5 * std::erfc(std::log(80.0 / 60) / 0.3 / std::sqrt(2.0));
    EXPECT_NEAR(static_cast<double>(std::ranges::count(bounded, 80.0)) / kCount, above,
                5 * std::sqrt(above * (1 - above)) / root);
}

TEST(Latency, DrawsAreClippedToTheRange) {
    const auto low = draws_ms("normal:mean=0,sd=100", 1000);
    EXPECT_EQ(*std::ranges::min_element(low), 0);
    EXPECT_NEAR(static_cast<double>(std::ranges::count(low, 0.0)), 500, 5 * std::sqrt(250.0));
    const auto high = draws_ms("normal:mean=10000,sd=10000", 1000);
    EXPECT_EQ(*std::ranges::max_element(high), kMostLatency_ms);
    const auto fixed = draws_ms("normal:mean=50,sd=0", 10);
    EXPECT_EQ(fixed, draws_ms("50", 10));
}

TEST(Latency, AFrameHasItsTimeWhateverWasDrawnBefore) {
    const Latency latency = NormalLatency{60, 10};
    const Key key = Key(7).with("latency");
    const TimeUs third = draw_latency_us(latency, key, 3);
    EXPECT_EQ(draw_latency_us(latency, key, 3), third);
    EXPECT_NE(draw_latency_us(latency, key, 4), third);
    EXPECT_NE(draw_latency_us(latency, Key(8).with("latency"), 3), third);
    EXPECT_EQ(draws_ms("normal:mean=60,sd=10", 50), draws_ms("normal:mean=60,sd=10", 50));
    EXPECT_NE(draws_ms("normal:mean=60,sd=10", 50, 1), draws_ms("normal:mean=60,sd=10", 50, 2));
}

TEST(Latency, TheSummaryOfTenAnswersByHand) {
    LatencyLog log;
    for (const TimeUs ms : {70, 10, 100, 20, 90, 30, 80, 40, 60, 50}) {
        log.answers_us.push_back(1000 * ms);
    }
    const LatencySummary ten = summary(log);
    EXPECT_DOUBLE_EQ(ten.mean_ms, 55);
    EXPECT_DOUBLE_EQ(ten.median_ms, 50);
    EXPECT_DOUBLE_EQ(ten.p95_ms, 100);
    EXPECT_DOUBLE_EQ(ten.max_ms, 100);
    log.answers_us = {3000};
    EXPECT_DOUBLE_EQ(summary(log).p95_ms, 3);
    EXPECT_TRUE(std::isnan(summary({}).mean_ms));
    EXPECT_TRUE(std::isnan(summary({}).max_ms));
}

TEST(DriverTime, FramesThatComeWhileTheDriverIsBusyAreDroppedWhereItIsMeasured) {
    DriverTime measured(MeasuredLatency{}, Key(1));
    EXPECT_TRUE(measured.takes_frame(0));
    EXPECT_EQ(measured.latency_us(0, 120'000), 120'000);
    measured.answered(0, 120'000);
    EXPECT_FALSE(measured.takes_frame(50'000));
    EXPECT_FALSE(measured.takes_frame(119'999));
    EXPECT_TRUE(measured.takes_frame(120'000));
    EXPECT_EQ(measured.log().frames_dropped, 2U);
    EXPECT_EQ(measured.log().answers_us, std::vector<TimeUs>{120'000});

    // Declared: as many answers as frames, however long each takes.
    DriverTime declared(ConstantLatency{120}, Key(1));
    EXPECT_EQ(declared.latency_us(0, 7), 120'000);
    declared.answered(0, 120'000);
    EXPECT_TRUE(declared.takes_frame(50'000));
    EXPECT_EQ(declared.log().frames_dropped, 0U);
}

}  // namespace
}  // namespace huntsman::bridge::loop
