#include "scenarios/streets/marks/paint.h"

#include <algorithm>

#include "scenarios/streets/surface/triangulation.h"

namespace huntsman::scenarios::streets {

namespace math = engine::math;
namespace world = engine::world;
using catalogue::Colour;
using catalogue::MeshBuilder;
using world::kNone;
using world::MarkColour;
using world::Material;
using world::Semantic;

namespace {

// Lanes of different height: a mark stands wholly on the lower one, this far from the kerb.
constexpr double kKerb_m = 0.01, kKerbGap_m = 0.03;
constexpr double kLargest_m = 500.0;  // larger shapes are no paint
constexpr double kLongSide_m = 2.0;   // longer sides of shapes are divided

}  // namespace

Colour paint_colour(MarkColour colour) {
    switch (colour) {
        case MarkColour::kYellow:
            return {0.95F, 0.62F, 0.06F};
        case MarkColour::kRed:
            return {0.75F, 0.07F, 0.05F};
        case MarkColour::kBlue:
            return {0.06F, 0.18F, 0.62F};
        case MarkColour::kGreen:
            return {0.08F, 0.45F, 0.15F};
        case MarkColour::kOrange:
            return {0.95F, 0.36F, 0.04F};
        case MarkColour::kViolet:
            return {0.38F, 0.12F, 0.5F};
        case MarkColour::kBlack:
            return {0.03F, 0.03F, 0.03F};
        default:
            return {1, 1, 1};
    }
}

std::optional<Border> border_of(const Span& span, int lane) {
    Border border{&span, kNone, kNone};
    // Lanes run from left to right; the border of a left lane is its left one.
    for (std::size_t k = 0; k < span.lanes.size(); ++k) {
        const LaneStrip& strip = span.lanes[k];
        const std::uint32_t first = strip.first_column, last = first + strip.columns() - 1;
        const bool has_left = k > 0, has_right = k + 1 < span.lanes.size();
        if (lane == 0) {
            if (strip.lane > 0) border.left = last;
            if (strip.lane < 0 && border.right == kNone) border.right = first;
            continue;
        }
        if (strip.lane != lane) continue;
        if (lane > 0) {
            border.right = first;
            if (has_left) border.left = first - 1;
        } else {
            border.left = last;
            if (has_right) border.right = last + 1;
        }
        return border;
    }
    if (lane == 0 && (border.left != kNone || border.right != kNone)) return border;
    return std::nullopt;
}

std::vector<double> RibbonPainter::stations(std::size_t level, std::size_t span, double s0,
                                            double s1) const {
    const Span& of = surface_.roads[road_].spans[span];
    std::vector<double> out{s0};
    for (const std::uint32_t i : surface_.kept[level][road_][span]) {
        const double s = of.stations[i];
        if (s > s0 + 0.02 && s < s1 - 0.02) out.push_back(s);
    }
    out.push_back(s1);
    return out;
}

RibbonPainter::Row RibbonPainter::row(const Span& span, const std::vector<std::uint32_t>& kept,
                                      const Border& border, double s, double offset_m,
                                      double width_m) const {
    // Between the two rows of this level that s lies between, so that the ribbon lies on its
    // chords.
    auto after = std::upper_bound(kept.begin(), kept.end(), s,
                                  [&](double v, std::uint32_t i) { return v < span.stations[i]; });
    after = std::clamp(after, kept.begin() + 1, kept.end() - 1);
    const std::uint32_t a = *(after - 1), b = *after;
    const double u = std::clamp(
        (s - span.stations[a]) / std::max(1e-9, span.stations[b] - span.stations[a]), 0.0, 1.0);
    struct Side {
        Vec2 xy;
        double z = 0;
        Vec3 normal;
    };
    const auto side = [&](std::uint32_t column) {
        const SurfacePoint &pa = span.at(a, column), &pb = span.at(b, column);
        return Side{(1 - u) * to_metres(pa.xy) + u * to_metres(pb.xy),
                    (1 - u) * to_metres(pa.z) + u * to_metres(pb.z),
                    glm::normalize((1 - u) * pa.normal + u * pb.normal)};
    };
    const Vec2 left_dir = glm::normalize((1 - u) * span.lefts[a] + u * span.lefts[b]);
    const Side left = side(border.left != kNone ? border.left : border.right);
    const Side right = side(border.right != kNone ? border.right : border.left);
    const double step = left.z - right.z;
    double low = offset_m - 0.5 * width_m, high = offset_m + 0.5 * width_m;
    if (step > kKerb_m && high > -kKerbGap_m && low < 0.5 * width_m) {
        high = -kKerbGap_m;
        low = high - width_m;
    } else if (step < -kKerb_m && low < kKerbGap_m && high > -0.5 * width_m) {
        low = kKerbGap_m;
        high = low + width_m;
    }
    const auto at = [&](double d) {
        const Side& on = d > 0 ? left : right;
        const Vec2 xy = on.xy + d * left_dir;
        if (ground_ != nullptr) {
            return Vec3(xy, ground_->field.at(xy, Cover::kAsphalt).z_m);
        }
        return Vec3(xy,
                    on.z - d * (on.normal.x * left_dir.x + on.normal.y * left_dir.y) / on.normal.z);
    };
    return {s, at(high), at(low), high + low > 0 ? left.normal : right.normal};
}

void RibbonPainter::emit(std::size_t level, const std::vector<Row>& rows, Colour colour) {
    MeshBuilder& builder = tile_.builders[level];
    builder.use(Material::kRoadMark, colour, Semantic::kRoadMark);
    const Vec3 lift(0, 0, kLevelsOfDetail[level].lift_m);
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& r = rows[i];
        const double width = glm::length(math::xy(r.left - r.right));
        const auto l = builder.vertex(r.left + lift, r.normal, {r.s, width});
        builder.vertex(r.right + lift, r.normal, {r.s, 0});
        if (i > 0) {
            builder.triangle(before, before + 1, l + 1);
            builder.triangle(before, l + 1, l);
        }
        before = l;
    }
}

void ShapePainter::rings(const Rings& rings, Colour colour, std::size_t coarsest) {
    const Bounds whole = bounds_of(rings);
    const std::int64_t most = to_lattice(kLargest_m);
    if (whole.hi.x - whole.lo.x > most || whole.hi.y - whole.lo.y > most) return;
    // Sides in short steps, so that the shape follows the ground.
    Rings fine;
    Bounds bounds;
    const auto step = to_lattice(kLongSide_m);
    for (const Ring& ring : rings) {
        Ring out;
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const LatticePoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
            const auto parts = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y)) / step + 1;
            for (std::int64_t k = 0; k < parts; ++k) {
                out.push_back({a.x + (b.x - a.x) * k / parts, a.y + (b.y - a.y) * k / parts});
                bounds.add(out.back());
            }
        }
        fine.push_back(std::move(out));
    }
    if (fine.empty() || !Triangulation::fits(bounds.lo, bounds.hi)) return;
    Triangulation mesh(bounds.lo, bounds.hi);
    mesh.add_rings(fine);
    std::vector<std::uint32_t> labels;
    const std::uint32_t parts = mesh.label(labels);
    std::vector<std::uint8_t> inside(parts, 2);
    struct Corner {
        Vec3 p, normal;
    };
    std::vector<Corner> corners(mesh.points().size());
    for (std::size_t i = Triangulation::kOwnPoints; i < corners.size(); ++i) {
        const Vec2 xy = to_metres(mesh.points()[i]);
        const SurfaceSample sample = height_(xy);
        corners[i] = {Vec3(xy, sample.z_m), sample.normal};
    }
    for (std::uint32_t t = 0; t < labels.size(); ++t) {
        const auto& v = mesh.triangles()[t].points;
        if (std::min({v[0], v[1], v[2]}) < Triangulation::kOwnPoints) inside[labels[t]] = 0;
    }
    std::vector<std::array<std::uint32_t, 3>> triangles;
    for (std::uint32_t t = 0; t < labels.size(); ++t) {
        const auto& v = mesh.triangles()[t].points;
        std::uint8_t& in = inside[labels[t]];
        if (in == 2) {
            const Vec2 centre = (to_metres(mesh.points()[v[0]]) + to_metres(mesh.points()[v[1]]) +
                                 to_metres(mesh.points()[v[2]])) /
                                3.0;
            in = contains(rings, centre) ? 1 : 0;
        }
        if (in == 1) triangles.push_back(v);
    }
    for (std::size_t level = 0; level <= coarsest; ++level) {
        MeshBuilder& builder = tile_.builders[level];
        builder.use(coat_.material, colour, coat_.semantic);
        const Vec3 lift(0, 0, coat_.lift * kLevelsOfDetail[level].lift_m);
        std::uint32_t first = 0;
        for (std::size_t i = Triangulation::kOwnPoints; i < corners.size(); ++i) {
            const auto name = builder.vertex(corners[i].p + lift, corners[i].normal,
                                             math::xy(corners[i].p) - math::xy(tile_.origin));
            if (i == Triangulation::kOwnPoints) first = name - Triangulation::kOwnPoints;
        }
        for (const auto& v : triangles) {
            builder.triangle(first + v[0], first + v[1], first + v[2]);
        }
    }
}

void ShapePainter::polygon(const std::vector<Vec2>& corners, Colour colour, std::size_t coarsest) {
    Ring ring;
    for (const Vec2& p : corners) {
        const LatticePoint q = to_lattice(p);
        if (ring.empty() || ring.back() != q) ring.push_back(q);
    }
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (ring.size() < 3) return;
    if (area_m2(ring) < 0) std::reverse(ring.begin(), ring.end());
    rings({ring}, colour, coarsest);
}

void ShapePainter::band(const Vec2& a, const Vec2& b, double width_m, Colour colour,
                        std::size_t coarsest) {
    const double length = glm::length(b - a);
    if (length < 1e-3) return;
    const Vec2 side = 0.5 * width_m / length * math::perp(b - a);
    polygon({a - side, b - side, b + side, a + side}, colour, coarsest);
}

}  // namespace huntsman::scenarios::streets
