#include "engine/road/road_surface.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/math/grid_index.h"
#include "engine/road/road_geometry.h"

namespace huntsman::engine::road {

using math::Vec2;
using math::Vec3;
using world::LaneType;

namespace {

constexpr double kCell_m = 4.0;
constexpr double kReachUp_m = 1.0;  // surfaces further above a point are other levels
constexpr double kLevel_m = 1.0;    // surfaces this close in height are one level
constexpr double kKerb_m = 0.15;    // width of a kerb's ramp
constexpr double kFade_m = 1.5;     // of a road's weight, from its border inwards
constexpr double kBeside = 3e-3;    // weight of a road whose carriageway ends at the point
constexpr double kBeside_m = 0.3;   // over which that falls by e beside the carriageway
constexpr double kTerrain_m = 1.5;  // from a road's edge to the terrain
constexpr double kVerge = 0.6;      // friction of grass and soil
constexpr double kGutter_m = 1.5;   // unused strips this narrow are asphalt
constexpr double kCorner_m = 3.0;   // so are corners of junctions that no road covers
constexpr double kCrack_m = 0.05;   // between roads that join
constexpr std::size_t kMostLayers = 24;

// Lanes that vehicles use, at the carriageway's height.
bool is_carriageway(LaneType type) {
    return world::is_driven(type) || type == LaneType::kParking || type == LaneType::kShoulder ||
           type == LaneType::kStop || type == LaneType::kBiking || type == LaneType::kTram ||
           type == LaneType::kSpecial1 || type == LaneType::kSpecial2 ||
           type == LaneType::kSpecial3 || type == LaneType::kRoadWorks;
}

// A lane on a strip; borders linear between the strip's ends.
struct StripLane {
    double right_a = 0, left_a = 0;  // t at the strip's start,
    double right_b = 0, left_b = 0;  // and its end
    double right_m = 0, left_m = 0;  // height over the road at its right and left border
    double friction = 1;
    int id = 0;
    bool carriageway = false;
};

// A short stretch of a road between two cross-sections.
struct Strip {
    Vec2 a{0, 0}, b{0, 0};              // reference line
    Vec2 along_a{1, 0}, along_b{1, 0};  // its directions
    double s_a = 0, ds = 0;
    double z_a = 0, z_b = 0, slope_a = 0, slope_b = 0;
    double roll_a = 0, roll_b = 0, roll_slope_a = 0, roll_slope_b = 0;
    double curvature = 0;
    double t_low = 0, t_high = 0;  // bounds over both ends
    std::uint32_t road = 0, section = 0;
    std::uint32_t lane_begin = 0, lane_end = 0;  // from right to left
    bool junction = false;
    bool rich = false;    // with shape, crossfall or level lanes: asks the geometry
    bool banked = false;  // with superelevation
};

// Cubic Hermite over [0, 1] from values and slopes by u.
double hermite(double a, double b, double slope_a, double slope_b, double u) {
    const double u2 = u * u, u3 = u2 * u;
    return a + (3 * u2 - 2 * u3) * (b - a) + (u3 - 2 * u2 + u) * slope_a + (u3 - u2) * slope_b;
}
double hermite_slope(double a, double b, double slope_a, double slope_b, double u) {
    const double u2 = u * u;
    return (6 * u - 6 * u2) * (b - a) + (3 * u2 - 4 * u + 1) * slope_a + (3 * u2 - 2 * u) * slope_b;
}

// Place of a point on a strip: share along and t in the plane.
struct OnStrip {
    double u = 0, d = 0;  // d: horizontal distance to the left of the reference line
    Vec2 along{1, 0};
};

// Whether p lies between the strip's cross-sections, and where. Neighbouring strips share them, so
// a point lies on exactly one strip of a road.
bool between(const Strip& g, const Vec2& p, OnStrip& out) {
    const double ahead = glm::dot(p - g.a, g.along_a), left = glm::dot(g.b - p, g.along_b);
    if (ahead < 0 || left <= 0) return false;
    const double u = ahead / (ahead + left);
    // The reference line at u, by a cubic through both ends.
    const double u2 = u * u, u3 = u2 * u;
    const double hb = 3 * u2 - 2 * u3;
    const Vec2 q = g.a + hb * (g.b - g.a) + (u3 - 2 * u2 + u) * g.ds * g.along_a +
                   (u3 - u2) * g.ds * g.along_b;
    const Vec2 along = glm::normalize((1 - u) * g.along_a + u * g.along_b);
    out = {u, math::cross(along, p - q), along};
    return true;
}

// t of a lane's borders at u.
double right_of(const StripLane& l, double u) { return l.right_a + u * (l.right_b - l.right_a); }
double left_of(const StripLane& l, double u) { return l.left_a + u * (l.left_b - l.left_a); }

// The lane at a place, among all lanes of its strip.
struct OnLane {
    const StripLane *begin = nullptr, *end = nullptr, *lane = nullptr;
    double low = 0, high = 0;  // t of its borders
};

// Offset of the surface from the road's plane, and its slope across.
struct CrossProfile {
    double offset_m = 0, slope = 0;
};

// What one road has at a place.
struct Layer {
    double height_m = 0;
    Vec2 gradient{0, 0};
    double friction = 1;
    double weight = 0;
    double inside = 0;  // share of full weight on its carriageway
    bool junction = false;
};

}  // namespace

struct RoadSurface::Index {
    RoadGeometry geometry;
    const world::Terrain* terrain = nullptr;
    std::vector<Strip> strips;
    std::vector<StripLane> lanes;
    math::GridIndex grid;  // of strips
    double base_m = 0;     // height far from all roads

    explicit Index(const world::RoadModel& model) : geometry(model) {}

    void add_road(std::uint32_t road);
    void add_strip(std::uint32_t road, std::uint32_t section, double s_a, double s_b);
    void fill_grid();
    bool layer(const Strip& g, const Vec2& p, Layer& out) const;
    double edge_distance(const Strip& g, const Vec2& p, double& height_m) const;

  private:
    bool find_lane(const Strip& g, double u, double t, OnLane& out) const;
    CrossProfile cross_profile(const Strip& g, const OnLane& on, double u, double t) const;
    void weigh(const OnLane& on, double u, double t, Layer& out) const;
};

void RoadSurface::Index::add_strip(std::uint32_t road, std::uint32_t section, double s_a,
                                   double s_b) {
    const world::Road& r = geometry.model().roads[road];
    // Profiles change at stations: look just inside. Neighbouring strips share the reference line's
    // very point, so that nothing falls between them.
    const double tiny = std::min(1e-7, 0.01 * (s_b - s_a));
    const double in_a = s_a + tiny, in_b = s_b - tiny;
    const ReferencePoint a = geometry.reference(road, s_a), b = geometry.reference(road, s_b);
    Strip g;
    g.road = road;
    g.section = section;
    g.s_a = s_a;
    g.ds = s_b - s_a;
    g.a = a.p;
    g.b = b.p;
    g.along_a = math::direction(a.heading_rad);
    g.along_b = math::direction(b.heading_rad);
    g.curvature = 0.5 * (a.curvature_per_m + b.curvature_per_m);
    g.z_a = geometry.elevation_m(road, in_a);
    g.z_b = geometry.elevation_m(road, in_b);
    g.slope_a = g.ds * geometry.elevation_slope(road, in_a);
    g.slope_b = g.ds * geometry.elevation_slope(road, in_b);
    if (!r.superelevation.empty()) {
        g.roll_a = geometry.superelevation_rad(road, in_a);
        g.roll_b = geometry.superelevation_rad(road, in_b);
        g.roll_slope_a = g.ds * slope_at(r.superelevation, in_a);
        g.roll_slope_b = g.ds * slope_at(r.superelevation, in_b);
        g.banked = true;
    }
    g.junction = r.junction != world::kNone;
    g.rich = !r.shape.empty() || !r.crossfall.empty();
    g.lane_begin = static_cast<std::uint32_t>(lanes.size());
    g.t_low = std::numeric_limits<double>::infinity();
    g.t_high = -g.t_low;
    const world::LaneSection& l = r.sections[section];
    // From right to left.
    for (auto lane = l.lanes.rbegin(); lane != l.lanes.rend(); ++lane) {
        if (lane->id == 0) continue;
        const double inner_a = geometry.inner_t_m(road, section, lane->id, in_a);
        const double outer_a = geometry.outer_t_m(road, section, lane->id, in_a);
        const double inner_b = geometry.inner_t_m(road, section, lane->id, in_b);
        const double outer_b = geometry.outer_t_m(road, section, lane->id, in_b);
        if (std::abs(outer_a - inner_a) < 1e-4 && std::abs(outer_b - inner_b) < 1e-4) continue;
        const double middle = 0.5 * (in_a + in_b) - l.s_m;
        const double inner_m = geometry.lane_height_m(*lane, middle, false);
        const double outer_m = geometry.lane_height_m(*lane, middle, true);
        StripLane q;
        q.id = lane->id;
        const bool left = lane->id > 0;
        q.right_a = left ? inner_a : outer_a;
        q.left_a = left ? outer_a : inner_a;
        q.right_b = left ? inner_b : outer_b;
        q.left_b = left ? outer_b : inner_b;
        q.right_m = left ? inner_m : outer_m;
        q.left_m = left ? outer_m : inner_m;
        q.carriageway = is_carriageway(lane->type);
        for (const world::LaneMaterial& material : lane->materials) {
            if (material.s_offset_m <= middle) q.friction = material.friction;
        }
        const double width = std::max(std::abs(outer_a - inner_a), std::abs(outer_b - inner_b));
        if (lane->type == LaneType::kUnused && lane->materials.empty() && width > kGutter_m) {
            q.friction = kVerge;
        }
        g.rich = g.rich || lane->level;
        g.t_low = std::min({g.t_low, q.right_a, q.right_b});
        g.t_high = std::max({g.t_high, q.left_a, q.left_b});
        lanes.push_back(q);
    }
    g.lane_end = static_cast<std::uint32_t>(lanes.size());
    if (g.lane_end > g.lane_begin) strips.push_back(g);
}

void RoadSurface::Index::add_road(std::uint32_t road) {
    const world::Road& r = geometry.model().roads[road];
    if (r.sections.empty()) return;
    // Cross-sections where any profile begins anew, and often enough between them.
    std::vector<double> stations{0, r.length_m};
    const auto add = [&](double s) {
        if (s > 0 && s < r.length_m) stations.push_back(s);
    };
    for (const auto& piece : r.plan) add(piece.s_m);
    for (const auto* profile : {&r.elevation, &r.superelevation, &r.lane_offset}) {
        for (const auto& cubic : *profile) add(cubic.s_m);
    }
    for (const auto& section : r.sections) {
        add(section.s_m);
        for (const auto& lane : section.lanes) {
            for (const auto& cubic : lane.widths) add(section.s_m + cubic.s_m);
            for (const auto& cubic : lane.borders) add(section.s_m + cubic.s_m);
            for (const auto& height : lane.heights) add(section.s_m + height.s_offset_m);
            for (const auto& m : lane.materials) add(section.s_m + m.s_offset_m);
        }
    }
    std::sort(stations.begin(), stations.end());
    double low = 0;
    for (const double high : stations) {
        // Stations closer than a millimetre are one, but the last closes the road.
        if (high - low < 1e-3 && !(high == r.length_m && high > low)) continue;
        const std::uint32_t section = geometry.section_at(road, 0.5 * (low + high));
        const double bend =
            std::max({std::abs(geometry.reference(road, low + 1e-7).curvature_per_m),
                      std::abs(geometry.reference(road, 0.5 * (low + high)).curvature_per_m),
                      std::abs(geometry.reference(road, high - 1e-7).curvature_per_m)});
        // Borders that bend want short strips.
        double bulge = 0;
        for (const auto& lane : r.sections[section].lanes) {
            const double middle = 0.5 * (low + high);
            const double t = geometry.outer_t_m(road, section, lane.id, middle);
            const double a = geometry.outer_t_m(road, section, lane.id, low + 1e-7);
            const double b = geometry.outer_t_m(road, section, lane.id, high - 1e-7);
            bulge = std::max(bulge, std::abs(t - 0.5 * (a + b)));
        }
        const double step = bend > 0.02 ? 1.0 : bend > 0.002 || bulge > 0.002 ? 2.0 : 6.0;
        const int parts = std::max(1, static_cast<int>(std::ceil((high - low) / step)));
        for (int i = 0; i < parts; ++i) {
            add_strip(road, section, low + (high - low) * i / parts,
                      low + (high - low) * (i + 1) / parts);
        }
        low = high;
    }
}

void RoadSurface::Index::fill_grid() {
    std::vector<math::Bounds2> bounds;
    double heights = 0;
    for (const Strip& g : strips) {
        math::Bounds2 box{Vec2(1e30), Vec2(-1e30)};
        for (const double t : {g.t_low, g.t_high}) {
            for (const Vec2& p :
                 {g.a + t * math::perp(g.along_a), g.b + t * math::perp(g.along_b)}) {
                box.low = glm::min(box.low, p);
                box.high = glm::max(box.high, p);
            }
        }
        // The bend between the cross-sections.
        const double bulge = 0.125 * std::abs(g.curvature) * g.ds * g.ds + 0.01;
        box.low -= bulge;
        box.high += bulge;
        bounds.push_back(box);
        heights += g.z_a;
    }
    base_m = strips.empty() ? 0.0 : heights / static_cast<double>(strips.size());
    grid = math::GridIndex(bounds, kCell_m);
}

bool RoadSurface::Index::find_lane(const Strip& g, double u, double t, OnLane& out) const {
    if (t < g.t_low - 0.01 || t > g.t_high + 0.01) return false;
    out.begin = lanes.data() + g.lane_begin;
    out.end = lanes.data() + g.lane_end;
    out.lane = out.begin;
    while (out.lane != out.end && t > left_of(*out.lane, u)) ++out.lane;
    if (out.lane == out.end || t < right_of(*out.begin, u)) return false;
    out.low = right_of(*out.lane, u);
    out.high = left_of(*out.lane, u);
    return true;
}

CrossProfile RoadSurface::Index::cross_profile(const Strip& g, const OnLane& on, double u,
                                               double t) const {
    const StripLane& lane = *on.lane;
    double offset = 0, across = 0;
    if (g.rich) {
        const double s = g.s_a + u * g.ds;
        offset = geometry.surface_offset_m(g.road, g.section, lane.id, s, t);
        constexpr double kStep_m = 0.01;
        const double beside =
            t - kStep_m > on.low
                ? offset - geometry.surface_offset_m(g.road, g.section, lane.id, s, t - kStep_m)
                : geometry.surface_offset_m(g.road, g.section, lane.id, s, t + kStep_m) - offset;
        across = beside / kStep_m;
    } else if (on.high > on.low) {
        across = (lane.left_m - lane.right_m) / (on.high - on.low);
        offset = lane.right_m + across * (t - on.low);
    }
    // Kerbs: from the lower neighbour's height up to this lane's.
    if (lane.left_m != 0 || lane.right_m != 0) {
        const double room = std::min(kKerb_m, 0.5 * (on.high - on.low));
        const auto ramp = [&](double own_m, double beside_m, double inside_m) {
            if (beside_m < own_m && inside_m < room) {
                offset -= (own_m - beside_m) * (1 - inside_m / room);
            }
        };
        if (on.lane != on.begin) ramp(lane.right_m, (on.lane - 1)->left_m, t - on.low);
        if (on.lane + 1 != on.end) ramp(lane.left_m, (on.lane + 1)->right_m, on.high - t);
    }
    return {offset, across};
}

// How far inside the carriageway, or how little outside; nothing at the road's border.
void RoadSurface::Index::weigh(const OnLane& on, double u, double t, Layer& out) const {
    double carriage_low = 1e30, carriage_high = -1e30;
    for (const StripLane* l = on.begin; l != on.end; ++l) {
        if (!l->carriageway) continue;
        carriage_low = std::min(carriage_low, right_of(*l, u));
        carriage_high = std::max(carriage_high, left_of(*l, u));
    }
    const double inside = std::min(t - carriage_low, carriage_high - t);
    if (inside >= 0) {
        out.inside = std::min(1.0, inside / kFade_m);
        out.weight = kBeside + out.inside;
    } else {
        const double border = std::min(t - right_of(*on.begin, u), left_of(*(on.end - 1), u) - t);
        out.inside = 0;
        out.weight = kBeside * std::exp(std::max(inside, -30.0) / kBeside_m) *
                         std::clamp(border / kFade_m, 0.0, 1.0) +
                     1e-12;
    }
}

bool RoadSurface::Index::layer(const Strip& g, const Vec2& p, Layer& out) const {
    OnStrip at;
    if (!between(g, p, at)) return false;
    const double u = at.u;
    double cosine = 1, sine = 0;
    if (g.banked) {
        const double roll = hermite(g.roll_a, g.roll_b, g.roll_slope_a, g.roll_slope_b, u);
        cosine = std::cos(roll);
        sine = std::sin(roll);
    }
    double t = at.d / cosine;
    OnLane on;
    if (!find_lane(g, u, t, on)) return false;
    const auto [offset, across] = cross_profile(g, on, u, t);
    if (g.banked) {
        t = (at.d + offset * sine) / cosine;
        out.height_m = t * sine + offset * cosine;
    } else {
        out.height_m = offset;
    }
    out.height_m += hermite(g.z_a, g.z_b, g.slope_a, g.slope_b, u);
    // Gradient: along the road and across it.
    double along = hermite_slope(g.z_a, g.z_b, g.slope_a, g.slope_b, u);
    if (g.banked) {
        along += t * hermite_slope(g.roll_a, g.roll_b, g.roll_slope_a, g.roll_slope_b, u);
    }
    along /= std::max(0.1, 1.0 - g.curvature * at.d) * g.ds;
    const double bank = g.banked ? (sine + across * cosine) / (cosine - across * sine) : across;
    out.gradient = along * at.along + bank * math::perp(at.along);
    out.friction = on.lane->friction;
    out.junction = g.junction;
    weigh(on, u, t, out);
    return true;
}

double RoadSurface::Index::edge_distance(const Strip& g, const Vec2& p, double& height_m) const {
    // The closest point of the strip: clamped along, then across.
    const double ahead = glm::dot(p - g.a, g.along_a), left = glm::dot(g.b - p, g.along_b);
    const double u = ahead <= 0 ? 0.0 : left <= 0 ? 1.0 : ahead / (ahead + left);
    const Vec2 q = g.a + u * (g.b - g.a);
    const Vec2 along = glm::normalize((1 - u) * g.along_a + u * g.along_b);
    const StripLane &first = lanes[g.lane_begin], &last = lanes[g.lane_end - 1];
    const double low = right_of(first, u), high = left_of(last, u);
    const double roll = g.banked ? g.roll_a + u * (g.roll_b - g.roll_a) : 0.0;
    const double t = std::clamp(math::cross(along, p - q) / std::cos(roll), low, high);
    const double own = t == low ? first.right_m : t == high ? last.left_m : 0.0;
    height_m = hermite(g.z_a, g.z_b, g.slope_a, g.slope_b, u) + t * std::sin(roll) + own;
    if (g.rich) {
        const int id = t == low ? first.id : last.id;
        height_m += geometry.surface_offset_m(g.road, g.section, id, g.s_a + u * g.ds, t) - own;
    }
    return glm::length(p - (q + t * std::cos(roll) * math::perp(along)));
}

RoadSurface::RoadSurface(const world::RoadModel& model, const world::Terrain* terrain)
    : index_(std::make_unique<Index>(model)) {
    if (terrain != nullptr && !terrain->empty()) index_->terrain = terrain;
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) index_->add_road(r);
    index_->fill_grid();
}

RoadSurface::~RoadSurface() = default;
RoadSurface::RoadSurface(RoadSurface&&) noexcept = default;
RoadSurface& RoadSurface::operator=(RoadSurface&&) noexcept = default;

Surface RoadSurface::at(const Vec3& p) const {
    const Index& index = *index_;
    const Vec2 q = math::xy(p);
    // Everything that roads have here.
    std::array<Layer, kMostLayers> layers;
    std::size_t count = 0;
    for (const std::uint32_t i : index.grid.at(q)) {
        if (count < kMostLayers && index.layer(index.strips[i], q, layers[count])) ++count;
    }
    // The level: the highest within reach.
    double top = -1e30;
    for (std::size_t i = 0; i < count; ++i) {
        const double height = layers[i].height_m;
        if (height <= p.z + kReachUp_m) top = std::max(top, height);
    }
    Surface out;
    if (top > -1e29) {
        double road = 0;  // how much a road outside junctions holds the point
        for (std::size_t i = 0; i < count; ++i) {
            Layer& l = layers[i];
            if (l.height_m > top || l.height_m < top - kLevel_m) l.weight = 0;
            if (!l.junction && l.weight > 0) road = std::max(road, l.inside);
        }
        double sum = 0, height = 0, friction = 0;
        Vec2 gradient(0);
        for (std::size_t i = 0; i < count; ++i) {
            const Layer& l = layers[i];
            const double weight = l.junction ? l.weight * (1 - road) : l.weight;
            sum += weight;
            height += weight * l.height_m;
            friction += weight * l.friction;
            gradient += weight * l.gradient;
        }
        out.height_m = height / sum;
        out.friction = friction / sum;
        gradient /= sum;
        out.normal = glm::normalize(Vec3(-gradient, 1.0));
        return out;
    }

    // Off roads, or under one: the closest edge on a level within reach.
    out.friction = kVerge;
    double distance = 1e30, edge = index.base_m;
    bool junction = false;
    for (const double reach : {4.0, 16.0, 64.0}) {
        if (index.terrain != nullptr && reach > 4.0) break;
        index.grid.each({q - reach, q + reach}, [&](std::uint32_t i) {
            const Strip& g = index.strips[i];
            double height = 0;
            const double d = index.edge_distance(g, q, height);
            if (d >= distance || height > p.z + kReachUp_m) return;
            distance = d;
            edge = height;
            junction = g.junction;
        });
        if (distance <= reach) break;
    }
    if (distance < (junction ? kCorner_m : kCrack_m)) out.friction = 1.0;
    out.height_m = edge;
    if (index.terrain != nullptr) {
        const double ground = index.terrain->height_m(q);
        const double share = std::clamp(distance / kTerrain_m, 0.0, 1.0);
        out.height_m = edge + (ground - edge) * share;
        if (share >= 1.0) out.height_m = ground;
        out.normal = index.terrain->normal(q);
    }
    return out;
}

}  // namespace huntsman::engine::road
