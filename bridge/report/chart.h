// A chart of values over time, drawn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/draw/drawing.h"
#include "engine/math/vec.h"

namespace huntsman::bridge::report {

struct Curve {
    std::string name;  // in the legend, where there are several
    engine::draw::Colour colour;
    std::vector<engine::math::Vec2> points;  // time [s] and value; a value not finite: a gap
    double width_px = 1.6;
    bool dashed = false;
};

struct Chart {
    double end_s = 1;  // of the time axis, which begins at 0
    // The value axis goes from 0 to what the curves need, at most to this.
    std::optional<double> most;
    bool whole = false;           // values are whole numbers
    std::vector<Curve> curves;    // from bottom to top
    std::vector<double> marks_s;  // dashed vertical lines
};

// Axes from zero to a tick, grid, marks, curves and legend. Values above `most` are drawn there.
engine::draw::Drawing draw_chart(const Chart& chart);

// The distance of ticks, 1, 2 or 5 times a power of ten, so that `end` has at most `count` of them.
double tick_step(double end, int count);

}  // namespace huntsman::bridge::report
