#include "bridge/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace huntsman::bridge::report {

using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Path;
using engine::draw::Shape;
using engine::math::Vec2;

namespace {

constexpr int kWidth_px = 960, kHeight_px = 210;  // as wide as the report's column
constexpr double kLeft_px = 44, kRight_px = 14, kTop_px = 24, kBottom_px = 26;
constexpr double kText_px = 12, kDash_px = 3;
constexpr int kMostValueTicks = 5, kMostTimeTicks = 12;
constexpr Colour kGrid{227, 231, 236}, kAxis{154, 165, 177}, kLabel{85, 102, 102},
    kMark{179, 38, 30};

// From seconds and values to pixels.
struct Scale {
    double end_s = 1, end_value = 1;

    double x(double time_s) const {
        return kLeft_px + time_s / end_s * (kWidth_px - kLeft_px - kRight_px);
    }
    double y(double value) const {
        const double share = std::clamp(value / end_value, 0.0, 1.0);
        return kTop_px + (1 - share) * (kHeight_px - kTop_px - kBottom_px);
    }
};

Shape line(const Colour& colour, double width_px, std::vector<Path> paths, double dash_px = 0) {
    return {.kind = Shape::Kind::kStroke,
            .colour = colour,
            .paths = std::move(paths),
            .size_px = width_px,
            .dash_px = dash_px};
}

Shape text(const Vec2& at, std::string words, const Colour& colour, Shape::Anchor anchor) {
    return {.kind = Shape::Kind::kText,
            .colour = colour,
            .paths = {{at}},
            .size_px = kText_px,
            .text = std::move(words),
            .anchor = anchor};
}

void add_axes(const Scale& scale, double value_step, double time_step, Drawing& drawing) {
    const double left = scale.x(0), right = scale.x(scale.end_s), bottom = scale.y(0);
    const auto ticks = [](double end, double step) {
        return static_cast<int>(std::floor(end / step + 1e-9));
    };
    for (int i = 0; i <= ticks(scale.end_value, value_step); ++i) {
        const double y = scale.y(i * value_step);
        drawing.shapes.push_back(line(i == 0 ? kAxis : kGrid, 1, {{{left, y}, {right, y}}}));
        drawing.shapes.push_back(text({left - 6, y + 4}, fmt::format("{:g}", i * value_step),
                                      kLabel, Shape::Anchor::kRight));
    }
    for (int i = 0; i <= ticks(scale.end_s, time_step); ++i) {
        const double x = scale.x(i * time_step);
        drawing.shapes.push_back(line(kAxis, 1, {{{x, bottom}, {x, bottom + 4}}}));
        drawing.shapes.push_back(text({x, bottom + 18}, fmt::format("{:g} s", i * time_step),
                                      kLabel, Shape::Anchor::kMiddle));
    }
}

// The stretches of a curve between its gaps. A lone point is a short stroke.
std::vector<Path> stretches(const Curve& curve, const Scale& scale) {
    std::vector<Path> paths;
    bool pen_down = false;
    for (const Vec2& point : curve.points) {
        if (!std::isfinite(point.y)) {
            pen_down = false;
            continue;
        }
        if (!pen_down) paths.emplace_back();
        pen_down = true;
        paths.back().emplace_back(scale.x(point.x), scale.y(point.y));
    }
    for (Path& path : paths) {
        if (path.size() == 1) path.push_back(path.front() + Vec2(3, 0));
    }
    return paths;
}

// A sample of each curve's line with its name, above the axes.
void add_legend(const std::vector<Curve>& curves, Drawing& drawing) {
    constexpr double kSample_px = 24, kLetter_px = 7.5, kApart_px = 24;
    double x = kLeft_px;
    for (const Curve& curve : curves) {
        drawing.shapes.push_back(line(curve.colour, curve.width_px,
                                      {{{x, 10}, {x + kSample_px, 10}}},
                                      curve.dashed ? 2 * kDash_px : 0));
        x += kSample_px + 6;
        drawing.shapes.push_back(text({x, 14}, curve.name, kLabel, Shape::Anchor::kLeft));
        x += kLetter_px * static_cast<double>(curve.name.size()) + kApart_px;
    }
}

}  // namespace

double tick_step(double end, int count) {
    const double least = end / count;
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

Drawing draw_chart(const Chart& chart) {
    double highest = 0;
    bool any = false;
    for (const Curve& curve : chart.curves) {
        for (const Vec2& point : curve.points) {
            if (!std::isfinite(point.y)) continue;
            highest = std::max(highest, point.y);
            any = true;
        }
    }
    const double wanted =
        highest > 0 ? std::min(highest, chart.most.value_or(highest)) : chart.most.value_or(1.0);
    double value_step = tick_step(wanted, kMostValueTicks);
    if (chart.whole) value_step = std::max(1.0, value_step);
    const Scale scale{.end_s = std::max(chart.end_s, 1e-3),
                      .end_value = value_step * std::ceil(wanted / value_step - 1e-9)};

    Drawing drawing{.width_px = kWidth_px,
                    .height_px = kHeight_px,
                    .background = {255, 255, 255},
                    .shapes = {}};
    add_axes(scale, value_step, tick_step(scale.end_s, kMostTimeTicks), drawing);
    const double top = scale.y(scale.end_value), bottom = scale.y(0);
    for (const double mark : chart.marks_s) {
        const double x = scale.x(mark);
        drawing.shapes.push_back(line(kMark, 1, {{{x, top}, {x, bottom}}}, kDash_px));
    }
    for (const Curve& curve : chart.curves) {
        auto paths = stretches(curve, scale);
        if (paths.empty()) continue;
        drawing.shapes.push_back(
            line(curve.colour, curve.width_px, std::move(paths), curve.dashed ? 2 * kDash_px : 0));
    }
    if (chart.curves.size() > 1) add_legend(chart.curves, drawing);
    if (!any) {
        drawing.shapes.push_back(
            text({0.5 * (scale.x(0) + scale.x(scale.end_s)), 0.5 * (top + bottom)},
                 "nothing to show", kLabel, Shape::Anchor::kMiddle));
    }
    return drawing;
}

}  // namespace huntsman::bridge::report
