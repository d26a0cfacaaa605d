#include "engine/road/road_geometry.h"

#include <algorithm>
#include <limits>

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

constexpr double kCoarse_m = 2.0;  // spacing of the samples that projections start from
constexpr std::size_t kMaxCoarse = 200'000;

// The last record that begins at or before s, or the first.
template <typename Record, typename Start>
const Record* record_at(const std::vector<Record>& records, double s, Start start) {
    if (records.empty()) return nullptr;
    const auto after = std::upper_bound(records.begin(), records.end(), s,
                                        [&](double v, const Record& r) { return v < start(r); });
    return after == records.begin() ? &records.front() : &*(after - 1);
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
        table.arcs.reserve(road.plan.size());
        for (const PlanPiece& piece : road.plan) table.arcs.push_back(arc_table(piece));
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

ReferencePoint RoadGeometry::reference(std::uint32_t road, double s_m) const {
    const Road& r = model_->roads[road];
    const double s = std::clamp(s_m, 0.0, r.length_m);
    const PlanPiece* g = record_at(r.plan, s, [](const PlanPiece& q) { return q.s_m; });
    if (g == nullptr) return {};
    const double ds = std::clamp(s - g->s_m, 0.0, g->length_m);
    return plan_point(*g, tables_[road].arcs[static_cast<std::size_t>(g - r.plan.data())], ds);
}

double RoadGeometry::lane_offset_m(std::uint32_t road, double s_m) const {
    return value_at(model_->roads[road].lane_offset, s_m);
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

// At a section's end the lane offset is the one that led there: the next section's may begin with a
// jump, where lanes to the left of the middle come or go.
const world::Cubic* RoadGeometry::offset_record(std::uint32_t road, std::uint32_t section,
                                                double s_m) const {
    const Profile& offset = model_->roads[road].lane_offset;
    const auto* record = record_at(offset, s_m, [](const world::Cubic& c) { return c.s_m; });
    if (record == nullptr || section + 1 >= model_->roads[road].sections.size()) return record;
    constexpr double kSame_m = 1e-9;  // records and sections at one place in the file
    const double end = model_->roads[road].sections[section + 1].s_m;
    while (record != offset.data() && record->s_m >= end - kSame_m) --record;
    return record;
}

double RoadGeometry::outer_t_m(std::uint32_t road, std::uint32_t section, int lane_id,
                               double s_m) const {
    const LaneSection& l = model_->roads[road].sections[section];
    const auto* offset = offset_record(road, section, s_m);
    return (offset ? offset->at(std::max(s_m, offset->s_m)) : 0.0) +
           border_of(l, lane_id, s_m - l.s_m).t_m;
}

double RoadGeometry::inner_t_m(std::uint32_t road, std::uint32_t section, int lane_id,
                               double s_m) const {
    const int inner = lane_id > 0 ? lane_id - 1 : lane_id < 0 ? lane_id + 1 : 0;
    return outer_t_m(road, section, inner, s_m);
}

double RoadGeometry::outer_t_slope(std::uint32_t road, std::uint32_t section, int lane_id,
                                   double s_m) const {
    const LaneSection& l = model_->roads[road].sections[section];
    const auto* offset = offset_record(road, section, s_m);
    return (offset && s_m >= offset->s_m ? offset->slope(s_m) : 0.0) +
           border_of(l, lane_id, s_m - l.s_m).slope;
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

namespace {

// Lateral shape: cubic in t at its stations, linear in s between them. A station may have two
// profiles, the one that ends there and the one that begins.
double shape_at(const std::vector<world::ShapePiece>& shape, double s_m, double t_m) {
    const auto by_s = [](double s, const world::ShapePiece& piece) { return s < piece.s_m; };
    const auto height = [&](auto piece) {
        const double dt = t_m - piece->t_m;
        return piece->a + dt * (piece->b + dt * (piece->c + dt * piece->d));
    };
    const auto after = std::upper_bound(shape.begin(), shape.end(), s_m, by_s);
    // The piece of a profile that begins last at or before t, or its first.
    const auto in_first = [&](auto piece) {
        while (piece + 1 != shape.end() && (piece + 1)->s_m == piece->s_m &&
               (piece + 1)->t_m > piece->t_m && (piece + 1)->t_m <= t_m) {
            ++piece;
        }
        return piece;
    };
    const auto in_last = [&](auto piece) {
        while (piece->t_m > t_m && piece != shape.begin() && (piece - 1)->s_m == piece->s_m &&
               (piece - 1)->t_m < piece->t_m) {
            --piece;
        }
        return piece;
    };
    if (after == shape.begin()) return height(in_first(after));
    const auto before = in_last(after - 1);
    if (after == shape.end()) return height(before);
    const double u = (s_m - before->s_m) / (after->s_m - before->s_m);
    return (1 - u) * height(before) + u * height(in_first(after));
}

}  // namespace

double RoadGeometry::surface_offset_m(std::uint32_t road, double s_m, double t_m) const {
    const std::uint32_t section = section_at(road, s_m);
    if (section == kNone) return 0.0;
    return surface_offset_m(road, section, lane_at(road, s_m, t_m), s_m, t_m);
}

double RoadGeometry::surface_offset_m(std::uint32_t road, std::uint32_t section, int lane_id,
                                      double s_m, double t_m) const {
    const Road& r = model_->roads[road];
    double offset = 0;

    if (!r.shape.empty()) offset += shape_at(r.shape, s_m, t_m);
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
    const double t_slope = outer_t_slope(road, section, lane_id, s_m);
    const double offset = surface_offset_m(road, section, lane_id, s_m, t);
    const ReferencePoint q = reference(road, s_m);
    const Profile& banking = model_->roads[road].superelevation;
    const double roll = value_at(banking, s_m), roll_slope = slope_at(banking, s_m);
    const Axes frame = axes(q.heading_rad, roll);
    RoadPose out;
    out.p = Vec3(q.p, elevation_m(road, s_m)) + t * frame.left + offset * frame.up;
    // Along the border in the plane: how far it lies to the left changes with t and with banking.
    const double c = std::cos(roll), n = std::sin(roll);
    const double across = t * c - offset * n;
    const double across_slope = t_slope * c - (t * n + offset * c) * roll_slope;
    out.heading_rad = math::wrap_angle(q.heading_rad +
                                       std::atan2(across_slope, 1.0 - q.curvature_per_m * across));
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
