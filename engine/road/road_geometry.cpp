#include "engine/road/road_geometry.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/core/check.h"
#include "engine/math/geometry.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;
using world::kNone;
using world::LaneSection;
using world::ModelLane;
using world::PlanPiece;
using world::Profile;
using world::Road;
using world::RoadModel;

namespace {

constexpr int kArcSteps = 64;      // of an arc-length table
constexpr double kCoarse_m = 2.0;  // spacing of the samples that projections start from
constexpr std::size_t kMaxCoarse = 200'000;

// Five-point Gauss-Legendre rule on [-1, 1].
constexpr std::array<double, 5> kNodes = {-0.9061798459386640, -0.5384693101056831, 0.0,
                                          0.5384693101056831, 0.9061798459386640};
constexpr std::array<double, 5> kWeights = {0.2369268850561891, 0.4786286704993665,
                                            0.5688888888888889, 0.4786286704993665,
                                            0.2369268850561891};

// The last record that begins at or before s, or the first.
template <typename Record, typename Start>
const Record* record_at(const std::vector<Record>& records, double s, Start start) {
    if (records.empty()) return nullptr;
    const auto after = std::upper_bound(records.begin(), records.end(), s,
                                        [&](double v, const Record& r) { return v < start(r); });
    return after == records.begin() ? &records.front() : &*(after - 1);
}

// Position and heading in a piece's own frame.
struct Local {
    Vec2 p{0, 0};
    double heading_rad = 0;
    double curvature_per_m = 0;
};

// Clothoid by quadrature: each step turns by at most a quarter of a radian, which leaves 1e-14.
Local spiral(double k0, double k_slope, double ds) {
    const auto heading = [&](double s) { return s * (k0 + 0.5 * k_slope * s); };
    const double k1 = k0 + k_slope * ds;
    const double turn = std::max(std::abs(k0), std::abs(k1)) * ds;
    const int steps = std::clamp(static_cast<int>(std::ceil(turn / 0.25)), 1, 4096);
    const double half = 0.5 * ds / steps;
    Vec2 p(0, 0);
    for (int i = 0; i < steps; ++i) {
        const double middle = (2 * i + 1) * half;
        for (std::size_t n = 0; n < kNodes.size(); ++n) {
            const double h = heading(middle + half * kNodes[n]);
            p += half * kWeights[n] * Vec2(std::cos(h), std::sin(h));
        }
    }
    return {p, heading(ds), k1};
}

Local arc(double k, double ds) {
    const double turn = k * ds;
    // sin(x)/x and (1 - cos(x))/x without cancellation near 0.
    const double half = 0.5 * turn;
    const double sinc = std::abs(half) < 1e-6 ? 1.0 - half * half / 6.0 : std::sin(half) / half;
    const double chord = ds * sinc;
    return {chord * Vec2(std::cos(half), std::sin(half)), turn, k};
}

Local cubic(const PlanPiece& g, double p) {
    const double u = g.a_u + p * (g.b_u + p * (g.c_u + p * g.d_u));
    const double v = g.a_v + p * (g.b_v + p * (g.c_v + p * g.d_v));
    const double du = g.b_u + p * (2 * g.c_u + p * 3 * g.d_u);
    const double dv = g.b_v + p * (2 * g.c_v + p * 3 * g.d_v);
    const double ddu = 2 * g.c_u + 6 * g.d_u * p, ddv = 2 * g.c_v + 6 * g.d_v * p;
    const double speed2 = du * du + dv * dv;
    Local out;
    out.p = {u, v};
    out.heading_rad = speed2 > 0 ? std::atan2(dv, du) : 0.0;
    out.curvature_per_m = speed2 > 1e-18 ? (du * ddv - dv * ddu) / (speed2 * std::sqrt(speed2)) : 0;
    return out;
}

// v(u) of a kPoly3 as a parametric cubic with p = u.
PlanPiece as_parametric(PlanPiece g) {
    g.a_u = 0;
    g.b_u = 1;
    g.c_u = g.d_u = 0;
    return g;
}

double speed(const PlanPiece& g, double p) {
    const double du = g.b_u + p * (2 * g.c_u + p * 3 * g.d_u);
    const double dv = g.b_v + p * (2 * g.c_v + p * 3 * g.d_v);
    return std::hypot(du, dv);
}

double arc_length(const PlanPiece& g, double p0, double p1) {
    const double half = 0.5 * (p1 - p0), middle = 0.5 * (p0 + p1);
    double sum = 0;
    for (std::size_t n = 0; n < kNodes.size(); ++n) {
        sum += kWeights[n] * speed(g, middle + half * kNodes[n]);
    }
    return half * sum;
}

}  // namespace

double value_at(const Profile& profile, double s_m) {
    const auto* record = record_at(profile, s_m, [](const world::Cubic& c) { return c.s_m; });
    return record ? record->at(std::max(s_m, record->s_m)) : 0.0;
}

double slope_at(const Profile& profile, double s_m) {
    const auto* record = record_at(profile, s_m, [](const world::Cubic& c) { return c.s_m; });
    return record && s_m >= record->s_m ? record->slope(s_m) : 0.0;
}

RoadGeometry::RoadGeometry(const RoadModel& model) : model_(&model), tables_(model.roads.size()) {
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        RoadTable& table = tables_[r];
        // Arc length over the parameter, for v(u).
        table.arcs.resize(road.plan.size());
        for (std::size_t i = 0; i < road.plan.size(); ++i) {
            if (road.plan[i].kind != PlanPiece::Kind::kPoly3) continue;
            const PlanPiece g = as_parametric(road.plan[i]);
            ArcTable& arcs = table.arcs[i];
            // u never exceeds s, so the piece's length bounds it.
            arcs.end = g.length_m;
            arcs.s_m.assign(kArcSteps + 1, 0.0);
            for (int k = 0; k < kArcSteps; ++k) {
                const double p0 = arcs.end * k / kArcSteps, p1 = arcs.end * (k + 1) / kArcSteps;
                arcs.s_m[static_cast<std::size_t>(k) + 1] =
                    arcs.s_m[static_cast<std::size_t>(k)] + arc_length(g, p0, p1);
            }
        }
        const auto steps = std::clamp<std::size_t>(
            static_cast<std::size_t>(std::max(1.0, std::ceil(road.length_m / kCoarse_m))), 1,
            kMaxCoarse);
        table.step_m = road.length_m / static_cast<double>(steps);
        table.coarse.reserve(steps + 1);
        for (std::size_t i = 0; i <= steps; ++i) {
            table.coarse.push_back(reference(r, table.step_m * static_cast<double>(i)));
        }
    }
}

namespace {

// From a piece's own frame to W.
ReferencePoint placed(const PlanPiece& g, const Local& local) {
    const double c = std::cos(g.heading_rad), n = std::sin(g.heading_rad);
    return {Vec2(g.x_m + c * local.p.x - n * local.p.y, g.y_m + n * local.p.x + c * local.p.y),
            math::wrap_angle(g.heading_rad + local.heading_rad), local.curvature_per_m};
}

}  // namespace

ReferencePoint plan_point(const PlanPiece& g, double ds_m) {
    switch (g.kind) {
        case PlanPiece::Kind::kLine:
            break;
        case PlanPiece::Kind::kArc:
            return placed(g, arc(g.curvature_start, ds_m));
        case PlanPiece::Kind::kSpiral: {
            const double slope =
                g.length_m > 0 ? (g.curvature_end - g.curvature_start) / g.length_m : 0.0;
            return placed(g, spiral(g.curvature_start, slope, ds_m));
        }
        case PlanPiece::Kind::kParamPoly3:
            // The standard ties the parameter to s linearly in both ranges.
            return placed(g, cubic(g, !g.normalised    ? ds_m
                                      : g.length_m > 0 ? ds_m / g.length_m
                                                       : 0.0));
        case PlanPiece::Kind::kPoly3:
            HM_CHECK(false, "a poly3 needs its road's table of arc length");
    }
    return placed(g, {Vec2(ds_m, 0), 0, 0});
}

ReferencePoint RoadGeometry::reference(std::uint32_t road, double s_m) const {
    const Road& r = model_->roads[road];
    const double s = std::clamp(s_m, 0.0, r.length_m);
    const PlanPiece* g = record_at(r.plan, s, [](const PlanPiece& q) { return q.s_m; });
    if (g == nullptr) return {};
    const double ds = std::clamp(s - g->s_m, 0.0, g->length_m);
    if (g->kind != PlanPiece::Kind::kPoly3) return plan_point(*g, ds);
    // The parameter at this arc length: from the table, then Newton.
    const PlanPiece q = as_parametric(*g);
    const ArcTable& arcs = tables_[road].arcs[static_cast<std::size_t>(g - r.plan.data())];
    const auto after = std::upper_bound(arcs.s_m.begin(), arcs.s_m.end(), ds);
    const auto k = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(after - arcs.s_m.begin() - 1, 0, kArcSteps - 1));
    const double p0 = arcs.end / kArcSteps * static_cast<double>(k);
    double p = p0;
    for (int i = 0; i < 6; ++i) {
        const double miss = arcs.s_m[k] + arc_length(q, p0, p) - ds;
        p = std::clamp(p - miss / std::max(1e-9, speed(q, p)), 0.0, arcs.end);
    }
    return placed(*g, cubic(q, p));
}

double RoadGeometry::lane_offset_m(std::uint32_t road, double s_m) const {
    return value_at(model_->roads[road].lane_offset, s_m);
}
double RoadGeometry::lane_offset_slope(std::uint32_t road, double s_m) const {
    return slope_at(model_->roads[road].lane_offset, s_m);
}
double RoadGeometry::elevation_m(std::uint32_t road, double s_m) const {
    return value_at(model_->roads[road].elevation, s_m);
}
double RoadGeometry::elevation_slope(std::uint32_t road, double s_m) const {
    return slope_at(model_->roads[road].elevation, s_m);
}
double RoadGeometry::superelevation_rad(std::uint32_t road, double s_m) const {
    return value_at(model_->roads[road].superelevation, s_m);
}

std::uint32_t RoadGeometry::section_at(std::uint32_t road, double s_m) const {
    const auto& sections = model_->roads[road].sections;
    const auto* section = record_at(sections, s_m, [](const LaneSection& q) { return q.s_m; });
    return section ? static_cast<std::uint32_t>(section - sections.data()) : kNone;
}

double RoadGeometry::section_end_m(std::uint32_t road, std::uint32_t section) const {
    const Road& r = model_->roads[road];
    return section + 1 < r.sections.size() ? r.sections[section + 1].s_m : r.length_m;
}

const ModelLane* RoadGeometry::lane(std::uint32_t road, std::uint32_t section, int lane_id) const {
    for (const ModelLane& lane : model_->roads[road].sections[section].lanes) {
        if (lane.id == lane_id) return &lane;
    }
    return nullptr;
}

namespace {

// t of a lane's outer border without lane offset, and its slope over s. Lanes are walked outwards
// from the middle.
struct Border {
    double t_m = 0, slope = 0;
};
Border border_of(const LaneSection& section, int lane_id, double ds) {
    Border border;
    const int sign = lane_id > 0 ? 1 : -1;
    const auto step = [&](const ModelLane& lane) {
        if (lane.widths.empty() && !lane.borders.empty()) {
            border = {value_at(lane.borders, ds), slope_at(lane.borders, ds)};
            return;
        }
        const double width = value_at(lane.widths, ds);
        if (width <= 0) return;
        border.t_m += sign * width;
        border.slope += sign * slope_at(lane.widths, ds);
    };
    const auto& lanes = section.lanes;
    if (lane_id > 0) {
        for (auto lane = lanes.rbegin(); lane != lanes.rend(); ++lane) {
            if (lane->id > 0 && lane->id <= lane_id) step(*lane);
        }
    } else if (lane_id < 0) {
        for (const ModelLane& lane : lanes) {
            if (lane.id < 0 && lane.id >= lane_id) step(lane);
        }
    }
    return border;
}

}  // namespace

double RoadGeometry::outer_t_m(std::uint32_t road, std::uint32_t section, int lane_id,
                               double s_m) const {
    const LaneSection& l = model_->roads[road].sections[section];
    return lane_offset_m(road, s_m) + border_of(l, lane_id, s_m - l.s_m).t_m;
}

double RoadGeometry::inner_t_m(std::uint32_t road, std::uint32_t section, int lane_id,
                               double s_m) const {
    const LaneSection& l = model_->roads[road].sections[section];
    const int inner = lane_id > 0 ? lane_id - 1 : lane_id < 0 ? lane_id + 1 : 0;
    return lane_offset_m(road, s_m) + border_of(l, inner, s_m - l.s_m).t_m;
}

double RoadGeometry::outer_t_slope(std::uint32_t road, std::uint32_t section, int lane_id,
                                   double s_m) const {
    const LaneSection& l = model_->roads[road].sections[section];
    return lane_offset_slope(road, s_m) + border_of(l, lane_id, s_m - l.s_m).slope;
}

double RoadGeometry::width_m(std::uint32_t road, std::uint32_t section, int lane_id,
                             double s_m) const {
    const double width =
        outer_t_m(road, section, lane_id, s_m) - inner_t_m(road, section, lane_id, s_m);
    return std::max(0.0, lane_id > 0 ? width : -width);
}

double RoadGeometry::lane_height_m(const ModelLane& lane, double section_s_m, bool outer) const {
    const auto* record = record_at(lane.heights, section_s_m,
                                   [](const world::LaneHeight& h) { return h.s_offset_m; });
    if (record == nullptr) return 0.0;
    return outer ? record->outer_m : record->inner_m;
}

int RoadGeometry::lane_at(std::uint32_t road, double s_m, double t_m) const {
    const std::uint32_t section = section_at(road, s_m);
    if (section == kNone) return 0;
    const LaneSection& l = model_->roads[road].sections[section];
    const double ds = s_m - l.s_m, t = t_m - lane_offset_m(road, s_m);
    // Outwards from the middle, on the side of t.
    double inner = 0;
    const auto holds = [&](const ModelLane& lane) {
        const double outer = border_of(l, lane.id, ds).t_m;
        const bool inside = lane.id > 0 ? t > inner && t <= outer : t < inner && t >= outer;
        inner = outer;
        return inside;
    };
    if (t > 0) {
        for (auto lane = l.lanes.rbegin(); lane != l.lanes.rend(); ++lane) {
            if (lane->id > 0 && holds(*lane)) return lane->id;
        }
    } else {
        for (const ModelLane& lane : l.lanes) {
            if (lane.id < 0 && holds(lane)) return lane.id;
        }
    }
    return 0;
}

double RoadGeometry::surface_offset_m(std::uint32_t road, double s_m, double t_m) const {
    const std::uint32_t section = section_at(road, s_m);
    if (section == kNone) return 0.0;
    return surface_offset_m(road, section, lane_at(road, s_m, t_m), s_m, t_m);
}

double RoadGeometry::surface_offset_m(std::uint32_t road, std::uint32_t section, int lane_id,
                                      double s_m, double t_m) const {
    const Road& r = model_->roads[road];
    double offset = 0;

    // Lateral shape: linear in s between its stations, cubic in t.
    if (!r.shape.empty()) {
        const auto at_station = [&](double station) {
            const world::ShapePiece* best = nullptr;
            for (const world::ShapePiece& piece : r.shape) {
                if (piece.s_m != station) continue;
                if (best == nullptr || (piece.t_m <= t_m)) best = &piece;
            }
            if (best == nullptr) return 0.0;
            const double dt = t_m - best->t_m;
            return best->a + dt * (best->b + dt * (best->c + dt * best->d));
        };
        double before = -1, after = -1;
        for (const world::ShapePiece& piece : r.shape) {
            if (piece.s_m <= s_m) before = piece.s_m;
            if (piece.s_m > s_m && after < 0) after = piece.s_m;
        }
        if (before < 0) {
            offset += at_station(after);
        } else if (after < 0) {
            offset += at_station(before);
        } else {
            const double u = (s_m - before) / (after - before);
            offset += (1 - u) * at_station(before) + u * at_station(after);
        }
    }
    // Crossfall: outwards from the reference line.
    for (std::size_t i = r.crossfall.size(); i-- > 0;) {
        const world::Crossfall& fall = r.crossfall[i];
        if (fall.slope.s_m > s_m) continue;
        const bool applies = fall.side == world::Crossfall::Side::kBoth ||
                             (fall.side == world::Crossfall::Side::kLeft) == (t_m > 0);
        if (!applies) continue;
        offset -= std::abs(t_m) * std::tan(fall.slope.at(s_m));
        break;
    }
    if (lane_id == 0) return offset;
    const LaneSection& l = r.sections[section];
    const ModelLane* here = lane(road, section, lane_id);
    if (here == nullptr) return offset;
    const double inner = inner_t_m(road, section, lane_id, s_m);
    const double outer = outer_t_m(road, section, lane_id, s_m);
    // Lanes that stay level beside a banked road.
    if (here->level) offset -= (t_m - inner) * std::tan(superelevation_rad(road, s_m));
    // The lane's own height, linear across it.
    if (!here->heights.empty()) {
        const double low = lane_height_m(*here, s_m - l.s_m, false);
        const double high = lane_height_m(*here, s_m - l.s_m, true);
        const double width = outer - inner;
        const double u = width != 0 ? std::clamp((t_m - inner) / width, 0.0, 1.0) : 0.0;
        offset += low + u * (high - low);
    }
    return offset;
}

namespace {

// The axes across a banked road: along t, and out of the road.
struct Axes {
    Vec3 left, up;
};
Axes axes(double heading_rad, double roll_rad) {
    const Vec2 left = math::perp(math::direction(heading_rad));
    const double c = std::cos(roll_rad), n = std::sin(roll_rad);
    return {Vec3(c * left, n), Vec3(-n * left, c)};
}

}  // namespace

RoadPose RoadGeometry::pose(const RoadPlace& place) const {
    const ReferencePoint q = reference(place.road, place.s_m);
    const double roll = superelevation_rad(place.road, place.s_m);
    const Axes frame = axes(q.heading_rad, roll);
    const double offset = surface_offset_m(place.road, place.s_m, place.t_m);
    RoadPose out;
    out.p = Vec3(q.p, elevation_m(place.road, place.s_m)) + place.t_m * frame.left +
            (offset + place.h_m) * frame.up;
    out.heading_rad = q.heading_rad;
    out.pitch_rad = -std::atan(elevation_slope(place.road, place.s_m));
    // The slope across, by a central difference that stays within a lane's flat part.
    constexpr double kStep_m = 1e-3;
    const std::uint32_t section = section_at(place.road, place.s_m);
    double across = 0;
    if (section != kNone) {
        const int lane_id = lane_at(place.road, place.s_m, place.t_m);
        across = (surface_offset_m(place.road, section, lane_id, place.s_m, place.t_m + kStep_m) -
                  surface_offset_m(place.road, section, lane_id, place.s_m, place.t_m - kStep_m)) /
                 (2 * kStep_m);
    }
    out.roll_rad = roll + std::atan(across);
    return out;
}

RoadPose RoadGeometry::border(std::uint32_t road, std::uint32_t section, int lane_id,
                              double s_m) const {
    const double t = outer_t_m(road, section, lane_id, s_m);
    const ReferencePoint q = reference(road, s_m);
    const double roll = superelevation_rad(road, s_m);
    const Axes frame = axes(q.heading_rad, roll);
    RoadPose out;
    out.p = Vec3(q.p, elevation_m(road, s_m)) + t * frame.left +
            surface_offset_m(road, section, lane_id, s_m, t) * frame.up;
    out.heading_rad = math::wrap_angle(
        q.heading_rad + std::atan2(outer_t_slope(road, section, lane_id, s_m) * std::cos(roll),
                                   1.0 - q.curvature_per_m * t * std::cos(roll)));
    out.pitch_rad = -std::atan(elevation_slope(road, s_m));
    out.roll_rad = roll;
    return out;
}

RoadPlace RoadGeometry::project(std::uint32_t road, const Vec3& p) const {
    const RoadTable& table = tables_[road];
    // The closest of the coarse samples gives the start.
    double best2 = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    for (std::size_t i = 0; i < table.coarse.size(); ++i) {
        const Vec2 off = math::xy(p) - table.coarse[i].p;
        const double distance2 = glm::dot(off, off);
        if (distance2 < best2) {
            best2 = distance2;
            best = i;
        }
    }
    return project_near(road, p, table.step_m * static_cast<double>(best));
}

RoadPlace RoadGeometry::project_near(std::uint32_t road, const Vec3& p, double s_guess_m) const {
    const double length = model_->roads[road].length_m;
    double s = std::clamp(s_guess_m, 0.0, length);
    ReferencePoint q = reference(road, s);
    // Newton's method on (p - c(s)) . tangent(s) = 0.
    for (int i = 0; i < 12; ++i) {
        const Vec2 tangent = math::direction(q.heading_rad);
        const Vec2 off = math::xy(p) - q.p;
        const double slope =
            std::max(0.2, 1.0 - q.curvature_per_m * glm::dot(off, math::perp(tangent)));
        const double next = std::clamp(s + glm::dot(off, tangent) / slope, 0.0, length);
        const double step = std::abs(next - s);
        s = next;
        q = reference(road, s);
        if (step < 1e-12) break;
    }
    // Turn the offset in the cross-section into the banked frame.
    const double across = glm::dot(math::xy(p) - q.p, math::perp(math::direction(q.heading_rad)));
    const double above = p.z - elevation_m(road, s);
    const double roll = superelevation_rad(road, s);
    const double t = across * std::cos(roll) + above * std::sin(roll);
    const double h = above * std::cos(roll) - across * std::sin(roll);
    return {road, s, t, h - surface_offset_m(road, s, t)};
}

}  // namespace huntsman::engine::road
