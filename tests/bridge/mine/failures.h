// Synthetic failures with known places, all of them conjunctions that are rare at random.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bridge/mine/search.h"

namespace huntsman::bridge::mine {

struct SyntheticFailure {
    std::string name;
    Space space;
    std::function<double(const Point& u)> severity;  // failed: 0 or more

    Evaluation evaluate(const Point& u) const {
        const double s = severity(u);
        // Niches: a grid over the first two coordinates.
        return {s, s >= 0, {static_cast<int>(8 * u[0]), static_cast<int>(8 * u[1])}};
    }
    Evaluate evaluator() const {
        return [this](const std::vector<Point>& batch) {
            std::vector<Evaluation> all;
            for (const Point& u : batch) all.push_back(evaluate(u));
            return engine::core::Result<std::vector<Evaluation>>(all);
        };
    }
};

inline Space unit_space(std::size_t dimensions) {
    std::vector<Dimension> all;
    for (std::size_t j = 0; j < dimensions; ++j) {
        all.push_back(
            {.name = "x" + std::to_string(j), .unit = "1", .nominal = 0.5, .low = 0, .high = 1});
    }
    return Space::create(std::move(all)).value();
}

// A window of one coordinate.
struct Window {
    std::size_t j;
    double low, high;
};
// Distance to a box of windows; 0 within.
inline double distance_to(const Point& u, const std::vector<Window>& box) {
    double squares = 0;
    for (const Window& w : box) {
        const double off = std::max({w.low - u[w.j], u[w.j] - w.high, 0.0});
        squares += off * off;
    }
    return std::sqrt(squares);
}

// 3 of 6 coordinates lie in windows of a tenth: p = 0.001.
inline SyntheticFailure windows() {
    return {"windows", unit_space(6), [](const Point& u) {
                return -distance_to(u, {{0, 0.3, 0.4}, {2, 0.62, 0.72}, {4, 0.05, 0.15}});
            }};
}
// The same, but severity says nothing from 0.35 on: p = 0.001.
inline SyntheticFailure plateau() {
    return {"plateau", unit_space(6), [](const Point& u) {
                return -std::min(0.35,
                                 distance_to(u, {{1, 0.1, 0.2}, {3, 0.42, 0.52}, {5, 0.75, 0.85}}));
            }};
}
// Two boxes in opposite corners, of 4 of 6 coordinates and 0.15 wide: p = 2 * 0.15^4 = 0.0010125.
inline const std::vector<Window>& place(int which) {
    static const std::vector<Window> a = {{0, .1, .25}, {1, .1, .25}, {2, .1, .25}, {3, .1, .25}};
    static const std::vector<Window> b = {{0, .75, .9}, {1, .7, .85}, {2, .8, .95}, {3, .75, .9}};
    return which == 0 ? a : b;
}
inline SyntheticFailure two_places() {
    return {"two places", unit_space(6), [](const Point& u) {
                return -std::min(distance_to(u, place(0)), distance_to(u, place(1)));
            }};
}
// Along slanted ridges: |x0 - x1| < 0.03, |x2 + x3 - 1| < 0.05, x4 > 0.9. p = (1 - 0.97^2) *
// (1 - 0.95^2) * 0.1 = 0.000576.
inline SyntheticFailure ridges() {
    return {"ridges", unit_space(6), [](const Point& u) {
                return -std::max(
                    {std::abs(u[0] - u[1]) - 0.03, std::abs(u[2] + u[3] - 1) - 0.05, 0.9 - u[4]});
            }};
}
// Someone cuts in and brakes while the ego looks away, on a road that may be wet: the room is not
// used up unless all come together. The severity is the room that lacks, in metres.
inline SyntheticFailure cut_in() {
    const Space space =
        Space::create({{.name = "gap", .unit = "m", .nominal = 50, .low = 33, .high = 85},
                       {.name = "closing",
                        .unit = "m/s",
                        .distribution = Dimension::kNormal,
                        .nominal = 2,
                        .low = -4,
                        .high = 10},
                       {.name = "delay",
                        .unit = "s",
                        .distribution = Dimension::kNormal,
                        .nominal = 0.8,
                        .low = 0.2,
                        .high = 2.4},
                       {.name = "braking", .unit = "m/s^2", .nominal = 2, .low = 0, .high = 6},
                       {.name = "friction",
                        .unit = "1",
                        .distribution = Dimension::kChoice,
                        .nominal = 0.9,
                        .choices = {0.9, 0.6, 0.3},
                        .weights = {0.8, 0.17, 0.03}},
                       {.name = "side",
                        .unit = "1",
                        .distribution = Dimension::kChoice,
                        .nominal = 1,
                        .choices = {-1, 1}}})
            .value();
    return {"cut-in", space, [space](const Point& u) {
                const std::vector<double> v = space.values(u);
                // The other brakes for 2 s from 20 m/s less `closing`; the ego after its delay.
                constexpr double kSpeed = 20, kGravity = 9.81;
                const double other = kSpeed - v[1];
                const double braking = std::min(v[3], v[4] * kGravity);
                const double other_end = std::max(0.0, other - 2 * braking);
                const double other_way = other + other_end;  // mean speed over 2 s, times 2 s
                const double slow = std::max(0.0, kSpeed - other_end);
                const double ego_way = kSpeed * v[2] + (kSpeed * kSpeed - other_end * other_end) /
                                                           (2 * v[4] * kGravity);
                // Over the time that the ego's braking takes beyond the 2 s the other goes on.
                const double time = v[2] + slow / (v[4] * kGravity);
                return ego_way - other_way - other_end * std::max(0.0, time - 2) - v[0];
            }};
}

}  // namespace huntsman::bridge::mine
