#include "bridge/report/chart.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "bridge/report/html.h"

namespace huntsman::bridge::report {
namespace {

using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Shape;

constexpr Colour kBlue{0, 0, 255};
constexpr double kNothing = std::numeric_limits<double>::infinity();

std::vector<std::string> texts_of(const Drawing& drawing) {
    std::vector<std::string> texts;
    for (const Shape& shape : drawing.shapes) {
        if (shape.kind == Shape::Kind::kText) texts.push_back(shape.text);
    }
    return texts;
}

bool has_text(const Drawing& drawing, const std::string& text) {
    const auto texts = texts_of(drawing);
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// The stroke in blue: the curve.
const Shape* curve_in(const Drawing& drawing) {
    for (const Shape& shape : drawing.shapes) {
        if (shape.kind == Shape::Kind::kStroke && shape.colour.b == 255 && shape.colour.r == 0) {
            return &shape;
        }
    }
    return nullptr;
}

Chart with_points(std::vector<engine::math::Vec2> points) {
    Chart chart{.end_s = 10};
    chart.curves.push_back({.name = "speed", .colour = kBlue, .points = std::move(points)});
    return chart;
}

TEST(Chart, TicksAreRoundAndNotMoreThanAskedFor) {
    EXPECT_DOUBLE_EQ(tick_step(10, 5), 2);
    EXPECT_DOUBLE_EQ(tick_step(11, 5), 5);
    EXPECT_DOUBLE_EQ(tick_step(26, 5), 10);
    EXPECT_DOUBLE_EQ(tick_step(1, 5), 0.2);
    EXPECT_DOUBLE_EQ(tick_step(0.03, 5), 0.01);
    EXPECT_DOUBLE_EQ(tick_step(86400, 12), 10000);
}

TEST(Chart, ACurveLiesBetweenZeroAndTheLastTick) {
    const Drawing drawing = draw_chart(with_points({{0, 0}, {10, 26}}));
    EXPECT_TRUE(has_text(drawing, "30"));
    EXPECT_FALSE(has_text(drawing, "40"));
    EXPECT_TRUE(has_text(drawing, "10 s"));
    const Shape* curve = curve_in(drawing);
    ASSERT_NE(curve, nullptr);
    ASSERT_EQ(curve->paths.size(), 1);
    const auto& first = curve->paths[0].front();
    const auto& last = curve->paths[0].back();
    EXPECT_LT(first.x, last.x);
    EXPECT_GT(first.y, last.y);  // y is down
    for (const auto& point : {first, last}) {
        EXPECT_GE(point.x, 0);
        EXPECT_LE(point.x, drawing.width_px);
        EXPECT_GE(point.y, 0);
        EXPECT_LE(point.y, drawing.height_px);
    }
}

TEST(Chart, ValuesThatAreNotFiniteAreGaps) {
    const Drawing drawing =
        draw_chart(with_points({{0, 1}, {1, 2}, {2, kNothing}, {3, 2}, {4, kNothing}, {5, 1}}));
    const Shape* curve = curve_in(drawing);
    ASSERT_NE(curve, nullptr);
    ASSERT_EQ(curve->paths.size(), 3);
    EXPECT_EQ(curve->paths[0].size(), 2);
    EXPECT_EQ(curve->paths[1].size(), 2);  // a lone point is a short stroke
    EXPECT_FALSE(has_text(drawing, "nothing to show"));
}

TEST(Chart, WithoutAnyValueItSaysSo) {
    for (const auto& points : {std::vector<engine::math::Vec2>{}, {{0, kNothing}}}) {
        const Drawing drawing = draw_chart(with_points(points));
        EXPECT_EQ(curve_in(drawing), nullptr);
        EXPECT_TRUE(has_text(drawing, "nothing to show"));
    }
    Chart limited = with_points({});
    limited.most = 3;  // then the axis is the same whether there is something or not
    EXPECT_TRUE(has_text(draw_chart(limited), "3"));
}

TEST(Chart, HighValuesAreDrawnAtTheLimit) {
    Chart chart = with_points({{0, 2}, {10, 100}});
    chart.most = 3;
    const Drawing drawing = draw_chart(chart);
    EXPECT_TRUE(has_text(drawing, "3"));
    const Shape* curve = curve_in(drawing);
    ASSERT_NE(curve, nullptr);
    chart.curves[0].points[1].y = 3;
    const Drawing at_limit = draw_chart(chart);
    EXPECT_EQ(curve->paths[0].back(), curve_in(at_limit)->paths[0].back());
}

TEST(Chart, WholeValuesHaveWholeTicksAndCurvesALegend) {
    Chart chart = with_points({{0, 1}, {10, 1}});
    chart.whole = true;
    chart.curves.push_back(chart.curves.front());
    chart.curves.back().name = "other";
    const Drawing drawing = draw_chart(chart);
    EXPECT_FALSE(has_text(drawing, "0.2"));
    EXPECT_TRUE(has_text(drawing, "1"));
    EXPECT_TRUE(has_text(drawing, "speed"));
    EXPECT_TRUE(has_text(drawing, "other"));
}

TEST(Chart, MarksAreDashed) {
    Chart chart = with_points({{0, 1}});
    chart.marks_s = {2, 5};
    const Drawing drawing = draw_chart(chart);
    EXPECT_EQ(std::count_if(drawing.shapes.begin(), drawing.shapes.end(),
                            [](const Shape& shape) { return shape.dash_px > 0; }),
              2);
}

std::size_t count_of(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++count;
    }
    return count;
}

TEST(Report, APageHoldsItsChartsAsElements) {
    loop::RunResult result;
    result.scenario = "a <b> & \"c\"";
    result.sim_time_s = 2;
    result.timeline = {{.time_s = 0, .ttc_s = kNothing}, {.time_s = 1, .speed_mps = 3}};
    const std::string page = report_html(result, "huntsman run", {});
    EXPECT_EQ(count_of(page, "<svg "), 2);
    EXPECT_EQ(count_of(page, "<?xml"), 0);
    EXPECT_EQ(count_of(page, "Dashed red lines"), 0);
    EXPECT_NE(page.find("a &lt;b&gt; &amp; &quot;c&quot;"), std::string::npos);

    result.failures.emplace_back();
    EXPECT_EQ(count_of(report_html(result, "", {}), "Dashed red lines"), 1);
    const messages::Perception none;
    engine::world::State state;
    state.actors.resize(1);
    result.perception.observe(state, none, {});
    EXPECT_EQ(count_of(report_html(result, "", {}), "<svg "), 4);
}

}  // namespace
}  // namespace huntsman::bridge::report
