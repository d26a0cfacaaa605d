#include "scenarios/town/ground.h"

#include <algorithm>

#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/town/dice.h"
#include "scenarios/town/marks.h"
#include "scenarios/town/polygon.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using catalogue::Colour;
using catalogue::MeshBuilder;
using namespace engine::world;

namespace {

constexpr double kKerbWidth_m = 0.15;
constexpr double kDropRamp_m = 0.8;  // over which the kerb comes up again
constexpr double kTile_m = 75.0;     // length of one mesh of a street
constexpr Colour kAsphaltColour{0.9F, 0.9F, 0.9F}, kPavingColour{0.95F, 0.94F, 0.92F};

void add_static(World& world, MeshBuilder& builder, const char* name, Semantic semantic,
                bool shadow) {
    if (builder.empty()) return;
    Instance instance;
    instance.mesh =
        catalogue::add_mesh(world.scene, catalogue::make_mesh(name, {builder.finish()}));
    instance.semantic = semantic;
    instance.casts_shadow = shadow;
    world.scene.instances.push_back(instance);
}

// A flat, upward strip between two lines of equally many points; `right` lies right of `left` when
// looking along them.
void strip(MeshBuilder& builder, const std::vector<Vec3>& left, const std::vector<Vec3>& right) {
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto l = builder.vertex(left[i], {0, 0, 1}, math::xy(left[i]));
        const auto r = builder.vertex(right[i], {0, 0, 1}, math::xy(right[i]));
        if (i == 0) {
            first = l;
            continue;
        }
        const auto k = first + 2 * static_cast<std::uint32_t>(i);
        builder.triangle(k - 2, k - 1, r);
        builder.triangle(k - 2, r, l);
    }
}

// Kerb and pavement between the kerb line (with heights) and the outer edge.
void pavement(MeshBuilder& builder, std::vector<Vec3> kerb, std::vector<Vec2> outer,
              bool outer_is_left) {
    if (!outer_is_left) {
        std::reverse(kerb.begin(), kerb.end());
        std::reverse(outer.begin(), outer.end());
    }
    std::vector<Vec3> back, edge;
    for (std::size_t i = 0; i < kerb.size(); ++i) {
        const Vec2 out = glm::normalize(outer[i] - math::xy(kerb[i]));
        back.push_back(kerb[i] + Vec3(kKerbWidth_m * out, 0));
        edge.push_back(Vec3(outer[i], kPavement_m));
    }
    // The kerb's face looks to the carriageway, which lies right of the line.
    builder.use(Material::kKerb, {1, 1, 1}, Semantic::kKerb);
    double u = 0;
    for (std::size_t i = 0; i + 1 < kerb.size(); ++i) {
        const Vec3 low_a(math::xy(kerb[i]), -0.05), low_b(math::xy(kerb[i + 1]), -0.05);
        const double step = glm::length(low_b - low_a);
        if (step < 1e-6) continue;
        // Seen from the carriageway b is on the left of a.
        builder.quad(low_b, low_a, kerb[i], kerb[i + 1], {u + step, 0}, {u, kerb[i].z + 0.05});
        u += step;
    }
    strip(builder, back, kerb);
    builder.use(Material::kPaving, kPavingColour);
    strip(builder, edge, back);
}

// Height of the kerb at s: low where people cross.
double kerb_height(const std::vector<double>& crossings, double s) {
    double height = kPavement_m;
    for (const double at : crossings) {
        const double outside = std::abs(s - at) - 0.5 * kCrossingWidth_m;
        const double share = std::clamp(outside / kDropRamp_m, 0.0, 1.0);
        height = std::min(height, kDropped_m + share * (kPavement_m - kDropped_m));
    }
    return height;
}

// Places along the street where people cross, junction crossings included.
std::vector<double> crossings_of(const Layout& layout, std::uint32_t index) {
    const Street& street = layout.streets[index];
    std::vector<double> out = street.zebras_m;
    for (const std::uint32_t n : {street.from, street.to}) {
        for (const Arm& arm : layout.nodes[n].arms) {
            if (arm.street != index || !arm.crossing) continue;
            if (arm.at_start != (n == street.from) && street.from != street.to) continue;
            out.push_back(arm.at_start ? arm.crossing_m()
                                       : street.path.length_m() - arm.crossing_m());
        }
    }
    return out;
}

void add_street(const Layout& layout, std::uint32_t index, World& world) {
    const Street& street = layout.streets[index];
    const std::vector<double> crossings = crossings_of(layout, index);
    // Stations with all places where the cross-section changes.
    auto stations = street.path.stations(street.begin_m, street.end_m, 10.0, 2.0);
    const auto cut = [&](double s) {
        if (s > street.begin_m && s < street.end_m) stations.push_back(s);
    };
    for (const Side* side : {&street.left, &street.right}) {
        for (const Span& bay : side->bays) {
            for (const double s :
                 {bay.begin_m - kBayTaper_m, bay.begin_m, bay.end_m, bay.end_m + kBayTaper_m}) {
                cut(s);
            }
        }
    }
    for (const double c : crossings) {
        const double half = 0.5 * kCrossingWidth_m;
        for (const double s :
             {c - half - kDropRamp_m, c - half, c + half, c + half + kDropRamp_m}) {
            cut(s);
        }
    }
    std::sort(stations.begin(), stations.end());
    stations.erase(std::unique(stations.begin(), stations.end(),
                               [](double a, double b) { return b - a < 0.01; }),
                   stations.end());
    stations.back() = street.end_m;

    const int tiles =
        std::max(1, static_cast<int>(std::lround((street.end_m - street.begin_m) / kTile_m)));
    for (int t = 0; t < tiles; ++t) {
        // Stations of this tile, its ends included.
        const double length = street.end_m - street.begin_m;
        const double from = street.begin_m + length * t / tiles;
        const double to = t + 1 == tiles ? street.end_m : street.begin_m + length * (t + 1) / tiles;
        std::vector<double> at{from};
        for (const double s : stations) {
            if (s > from + 0.01 && s < to - 0.01) at.push_back(s);
        }
        at.push_back(to);

        MeshBuilder road, walk;
        std::vector<Vec3> left, right, left_kerb, right_kerb;
        std::vector<Vec2> left_outer, right_outer;
        for (const double s : at) {
            const PathPoint q = street.path.at(s);
            const Vec2 l = q.left(street.kerb_m(street.left, s));
            const Vec2 r = q.left(-street.kerb_m(street.right, s));
            const double height = kerb_height(crossings, s);
            left.push_back(Vec3(l, 0));
            right.push_back(Vec3(r, 0));
            left_kerb.push_back(Vec3(l, height));
            right_kerb.push_back(Vec3(r, height));
            left_outer.push_back(q.left(street.left.outer_m));
            right_outer.push_back(q.left(-street.right.outer_m));
        }
        road.use(Material::kAsphalt, kAsphaltColour);
        strip(road, left, right);
        add_marks(layout, index, from, to, road);
        add_static(world, road, "street", Semantic::kRoad, false);
        pavement(walk, left_kerb, left_outer, true);
        pavement(walk, right_kerb, right_outer, false);
        add_static(world, walk, "pavement", Semantic::kSidewalk, false);
    }
}

void add_junction(const Layout& layout, const Node& node, World& world) {
    MeshBuilder road, walk;
    // Kerb and outer edge of each corner, then the area between them all as a fan.
    std::vector<Vec2> rim;
    for (std::size_t k = 0; k < node.arms.size(); ++k) {
        const Arm &a = node.arms[k], &b = node.arms[(k + 1) % node.arms.size()];
        const double ha = layout.streets[a.street].kerb_m();
        const double hb = layout.streets[b.street].kerb_m();
        constexpr std::size_t kPoints = 20;
        const auto kerb = resample(
            layout.corner_line(node, k, a.cut_m, ha, b.cut_m, hb, layout.corner_radius_m(node, k)),
            kPoints);
        const auto outer =
            resample(layout.corner_line(node, k, a.cut_m, layout.arm_side(a, true).outer_m, b.cut_m,
                                        layout.arm_side(b, false).outer_m, kOuterCorner_m),
                     kPoints);
        std::vector<Vec3> kerb_line;
        for (const Vec2& p : kerb) kerb_line.push_back(Vec3(p, kPavement_m));
        pavement(walk, kerb_line, outer, false);
        rim.push_back(layout.arm_point(node, a, a.cut_m, -ha));
        rim.insert(rim.end(), kerb.begin(), kerb.end());
    }
    road.use(Material::kAsphalt, kAsphaltColour);
    const auto centre = road.vertex(Vec3(node.p, 0), {0, 0, 1}, node.p);
    for (const Vec2& p : rim) road.vertex(Vec3(p, 0), {0, 0, 1}, p);
    const auto count = static_cast<std::uint32_t>(rim.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        road.triangle(centre, centre + 1 + i, centre + 1 + (i + 1) % count);
    }
    add_static(world, road, "junction", Semantic::kRoad, false);
    add_static(world, walk, "corner", Semantic::kSidewalk, false);
}

void flat(MeshBuilder& builder, const std::vector<Vec2>& polygon, double z) {
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const auto v = builder.vertex(Vec3(polygon[i], z), {0, 0, 1}, polygon[i]);
        if (i == 0) first = v;
    }
    const auto triangles = triangulate(polygon);
    for (std::size_t i = 0; i < triangles.size(); i += 3) {
        builder.triangle(first + triangles[i], first + triangles[i + 1], first + triangles[i + 2]);
    }
}

}  // namespace

void add_ground(const Layout& layout, const std::vector<Block>& blocks,
                const engine::core::Key& key, World& world) {
    for (std::uint32_t i = 0; i < layout.streets.size(); ++i) add_street(layout, i, world);
    for (const Node& node : layout.nodes) add_junction(layout, node, world);
    Dice dice(key.with("ground"));
    for (const Block& block : blocks) {
        MeshBuilder land;
        const auto shade = static_cast<float>(dice.uniform(0.85, 1.05));
        if (!block.outside) {
            const bool paved = block.urban && dice.chance(0.35);
            const float dim = paved ? 0.62F * shade : shade;
            land.use(paved ? Material::kConcrete : Material::kGrass, {dim, dim, dim});
            flat(land, block.border, kPavement_m);
        } else {
            // Everything beyond the last pavement, as a ring cut open at one place.
            land.use(Material::kGrass, {shade, shade, shade});
            constexpr double kHorizon_m = 2500.0;
            std::vector<Vec2> ring = block.border;
            std::size_t corner = 0;
            for (std::size_t i = 0; i < ring.size(); ++i) {
                if (ring[i].x + ring[i].y > ring[corner].x + ring[corner].y) corner = i;
            }
            std::rotate(ring.begin(), ring.begin() + static_cast<std::ptrdiff_t>(corner),
                        ring.end());
            ring.push_back(ring.front());
            for (const Vec2& sign :
                 {Vec2(1, 1), Vec2(-1, 1), Vec2(-1, -1), Vec2(1, -1), Vec2(1, 1)}) {
                ring.push_back(kHorizon_m * sign);
            }
            flat(land, ring, kPavement_m);
        }
        add_static(world, land, "land", Semantic::kTerrain, false);
    }
}

}  // namespace huntsman::scenarios::town
