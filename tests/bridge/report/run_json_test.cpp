// run.json and the lines for people.
#include "bridge/report/run_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bridge/report/html.h"

namespace huntsman::bridge::report {
namespace {

loop::RunResult result_with(const loop::Latency& latency) {
    loop::RunResult result;
    result.options.latency = latency;
    result.latency = {
        .answers_us = {40'000, 60'000, 110'000}, .frames_dropped = 2, .answers_late = 1};
    return result;
}

TEST(RunJson, SaysHowLongTheDriverTook) {
    const auto json = nlohmann::json::parse(run_json(result_with(loop::NormalLatency{60, 10})));
    EXPECT_EQ(json.at("latency_ms"), "normal:mean=60,sd=10");
    EXPECT_EQ(json.at("comparable"), true);
    EXPECT_EQ(json.at("latency"), nlohmann::json::parse(R"({"kind": "normal", "mean_ms": 70.0,
        "median_ms": 60.0, "p95_ms": 110.0, "max_ms": 110.0, "answers": 3, "frames_dropped": 2,
        "answers_late": 1})"));
}

TEST(RunJson, AConstantLatencyIsANumberAndWithoutAnswersThereIsNoFigure) {
    loop::RunResult result = result_with(loop::ConstantLatency{50});
    result.latency = {};
    const auto json = nlohmann::json::parse(run_json(result));
    EXPECT_EQ(json.at("latency_ms"), 50);
    EXPECT_EQ(json.at("latency").at("kind"), "constant");
    EXPECT_TRUE(json.at("latency").at("mean_ms").is_null());
    EXPECT_EQ(json.at("latency").at("answers"), 0);
    EXPECT_EQ(latency_line(result), "50 ms; no answers");
}

TEST(ReportPage, HasALineOfTheLatencyAndMarksWhatWasMeasured) {
    const std::string declared = report_html(result_with(loop::ConstantLatency{50}), "", {});
    EXPECT_NE(declared.find("<th>latency</th><td>50 ms; mean 70.0, median 60.0, 95 % up to 110.0, "
                            "longest 110.0 ms; 2 frames dropped, 1 of 3 answers late</td>"),
              std::string::npos);
    EXPECT_EQ(declared.find("Not comparable"), std::string::npos);
    const std::string measured = report_html(result_with(loop::MeasuredLatency{}), "", {});
    EXPECT_NE(measured.find("Not comparable with other runs"), std::string::npos);
}

}  // namespace
}  // namespace huntsman::bridge::report
