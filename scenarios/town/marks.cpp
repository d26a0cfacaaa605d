#include "scenarios/town/marks.h"

#include <algorithm>

namespace huntsman::scenarios::town {

namespace math = engine::math;
using catalogue::MeshBuilder;
using engine::world::Control;
using engine::world::Material;
using engine::world::Semantic;

namespace {

constexpr double kHeight_m = 0.004;
constexpr double kLine_m = 0.12, kStopLine_m = 0.4;
constexpr double kDash_m = 3.0, kGap_m = 6.0;

// Draws in the (s, t) frame of a street, clipped to one tile.
struct Painter {
    const Street& street;
    double from_m, to_m;
    MeshBuilder& builder;

    Vec3 at(double s, double t) const { return Vec3(street.path.at(s).left(t), kHeight_m); }

    // A band from (s0, t - w/2) to (s1, t + w/2).
    void band(double s0, double s1, double t, double width) const {
        s0 = std::max(s0, from_m);
        s1 = std::min(s1, to_m);
        if (s1 - s0 < 0.02) return;
        // Along bends in short steps.
        const bool bent = street.path.at(s0).curvature_per_m != 0.0 ||
                          street.path.at(s1).curvature_per_m != 0.0 ||
                          street.path.at(0.5 * (s0 + s1)).curvature_per_m != 0.0;
        const int steps = std::max(1, static_cast<int>(std::ceil((s1 - s0) / (bent ? 2.0 : 40.0))));
        for (int i = 0; i < steps; ++i) {
            const double a = s0 + (s1 - s0) * i / steps, b = s0 + (s1 - s0) * (i + 1) / steps;
            builder.quad(at(a, t - 0.5 * width), at(b, t - 0.5 * width), at(b, t + 0.5 * width),
                         at(a, t + 0.5 * width), {a, 0}, {b, width});
        }
    }
    void dashes(double s0, double s1, double t, double width, double dash, double gap) const {
        for (double s = s0; s < s1; s += dash + gap) band(s, std::min(s + dash, s1), t, width);
    }
    // A triangle or other small polygon in (s, t), counter-clockwise, drawn by the tile that holds
    // its first point.
    void shape(std::initializer_list<Vec2> corners) const {
        const double s = corners.begin()->x;
        if (s < from_m || s >= to_m) return;
        std::vector<Vec3> points;
        for (const Vec2& c : corners) points.push_back(at(c.x, c.y));
        builder.face(points);
    }
};

// Bars of a zebra, or the two broken lines of a signalised crossing, about station s.
void paint_crossing(const Painter& paint, double s, bool zebra) {
    const double half = 0.5 * kCrossingWidth_m;
    const double edge = paint.street.kerb_m() - 0.35;
    if (s < paint.from_m || s >= paint.to_m) return;
    Painter whole = paint;
    whole.from_m = -1e9;
    whole.to_m = 1e9;
    if (zebra) {
        constexpr double kBar_m = 0.5;
        const int bars = static_cast<int>(std::floor((2 * edge + kBar_m) / (2 * kBar_m)));
        const double start = -0.5 * (2 * bars - 1) * kBar_m + 0.5 * kBar_m;
        for (int i = 0; i < bars; ++i) {
            whole.band(s - half, s + half, start + 2 * kBar_m * i, kBar_m);
        }
        return;
    }
    for (const double side : {-half, half}) {
        for (double t = -edge; t < edge; t += 1.0)
            whole.band(s + side - 0.06, s + side + 0.06, t + 0.25, 0.5);
    }
}

// A turn arrow on a lane about 5 m before the stop line, pointing along `sign` of s.
void paint_arrow(const Painter& paint, double s, double t, double sign, bool straight, bool left,
                 bool right) {
    // (x, y) in the lane's own frame: x forward, y left.
    const auto put = [&](double x, double y) { return Vec2(s + sign * x, t + sign * y); };
    paint.shape({put(0, -0.08), put(straight ? 3.0 : 2.2, -0.08), put(straight ? 3.0 : 2.2, 0.08),
                 put(0, 0.08)});
    if (straight) paint.shape({put(3.0, -0.35), put(4.0, 0), put(3.0, 0.35)});
    for (const double side : {1.0, -1.0}) {
        if (side > 0 ? !left : !right) continue;
        const Vec2 a = put(1.9, 0.08 * side), b = put(2.2, 0.08 * side), c = put(2.2, 0.6 * side),
                   d = put(1.9, 0.6 * side);
        const Vec2 e = put(1.65, 0.6 * side), f = put(2.05, 1.15 * side), g = put(2.45, 0.6 * side);
        if (side > 0) {
            paint.shape({a, b, c, d});
            paint.shape({e, g, f});
        } else {
            paint.shape({a, d, c, b});
            paint.shape({e, f, g});
        }
    }
}

}  // namespace

void add_marks(const Layout& layout, std::uint32_t index, double from_m, double to_m,
               MeshBuilder& builder) {
    const Street& street = layout.streets[index];
    builder.use(Material::kRoadMark, {1, 1, 1}, Semantic::kRoadMark);
    const Painter paint{street, from_m, to_m, builder};

    // Where lines end at both junctions: at the stop lines.
    double begin = street.begin_m, end = street.end_m;
    for (const bool at_start : {true, false}) {
        const Node& node = layout.nodes[at_start ? street.from : street.to];
        for (const Arm& arm : node.arms) {
            if (arm.street != index || arm.at_start != at_start) continue;
            const double length = street.path.length_m();
            const double stop = at_start ? arm.stop_m() : length - arm.stop_m();
            (at_start ? begin : end) = stop;
            // Incoming lanes keep right: left of the street's direction at its start.
            const double sign = at_start ? 1.0 : -1.0;
            const double width = street.lanes * street.lane_width_m;
            const double middle = sign * 0.5 * width;
            const bool held = arm.control == Control::kSignal || arm.control == Control::kStop;
            if (held) {
                const double a = stop, b = stop + sign * kStopLine_m;
                paint.band(std::min(a, b), std::max(a, b), middle, width - 0.15);
            } else if (arm.control == Control::kYield) {
                // Teeth point at the driver.
                for (double t = 0.3; t + 0.5 < width; t += 0.75) {
                    const Vec2 p(stop, sign * t), q(stop, sign * (t + 0.5)),
                        r(stop + sign * 0.6, sign * (t + 0.25));
                    paint.shape({p, r, q});
                }
            }
            if (arm.crossing) {
                const double s = at_start ? arm.crossing_m() : length - arm.crossing_m();
                paint_crossing(paint, s, !node.signalled);
            }
            // Arrows where lanes differ.
            if (street.lanes > 1) {
                for (int lane = 0; lane < street.lanes; ++lane) {
                    const double t = sign * (lane + 0.5) * street.lane_width_m;
                    bool straight = false, left = false, right = false;
                    for (const Arm& to : node.arms) {
                        if (&to == &arm) continue;
                        const double turn =
                            math::wrap_angle(to.angle_rad - arm.angle_rad - math::kPi);
                        constexpr double kStraight_rad = 40.0 * math::kPi / 180.0;
                        if (std::abs(turn) < kStraight_rad) straight = true;
                        if (turn >= kStraight_rad && lane == 0) left = true;
                        if (turn <= -kStraight_rad && lane + 1 == street.lanes) right = true;
                    }
                    for (const double before : {6.0, 24.0}) {
                        paint_arrow(paint, stop + sign * (before + 4.0), t, -sign, straight, left,
                                    right);
                    }
                }
            }
        }
    }
    for (const double s : street.zebras_m) paint_crossing(paint, s, true);

    // Long lines leave out the crossings between the junctions.
    std::vector<Span> open{{begin, end}};
    for (const double s : street.zebras_m) {
        const Span last = open.back();
        open.back().end_m = s - 0.5 * kCrossingWidth_m - 1.0;
        open.push_back({s + 0.5 * kCrossingWidth_m + 1.0, last.end_m});
    }
    for (const Span& span : open) {
        if (street.arterial) {
            for (const double t : {-0.12, 0.12}) paint.band(span.begin_m, span.end_m, t, kLine_m);
            for (const double side : {-1.0, 1.0}) {
                for (int lane = 1; lane < street.lanes; ++lane) {
                    paint.dashes(span.begin_m, span.end_m, side * lane * street.lane_width_m,
                                 kLine_m, kDash_m, kGap_m);
                }
                paint.band(span.begin_m, span.end_m, side * street.lanes * street.lane_width_m,
                           kLine_m);
            }
        } else {
            paint.dashes(span.begin_m, span.end_m, 0.0, kLine_m, kDash_m, kGap_m);
        }
    }
    // Parking strips: a broken line beside the lane and bars between the places.
    for (const bool left : {true, false}) {
        const double sign = left ? 1.0 : -1.0;
        for (const Span& bay : street.side(left).bays) {
            const double t = sign * (street.kerb_m() - 0.05);
            paint.dashes(bay.begin_m, bay.end_m, t, 0.1, 0.5, 0.5);
            for (double s = bay.begin_m; s < bay.end_m + 0.1; s += kPlace_m) {
                paint.band(s - 0.05, s + 0.05, sign * (street.kerb_m() + 0.5 * kBay_m),
                           kBay_m - 0.2);
            }
        }
    }
}

}  // namespace huntsman::scenarios::town
