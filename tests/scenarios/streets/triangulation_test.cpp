#include "scenarios/streets/surface/triangulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "engine/core/random.h"
#include "scenarios/streets/surface/polygons.h"
#include "scenarios/streets/surface/snap_rounding.h"

namespace huntsman::scenarios::streets {
namespace {

double area(const Triangulation& mesh, const Triangulation::Triangle& t) {
    return area_m2(
        {mesh.points()[t.points[0]], mesh.points()[t.points[1]], mesh.points()[t.points[2]]});
}

std::set<std::pair<std::uint32_t, std::uint32_t>> edges(const Triangulation& mesh) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const auto& t : mesh.triangles()) {
        for (unsigned i = 0; i < 3; ++i) {
            out.insert(std::minmax(t.points[i], t.points[(i + 1) % 3]));
        }
    }
    return out;
}

// Exact, whatever the lattice.
__extension__ using Wide = __int128;
Wide twice_area(const LatticePoint& a, const LatticePoint& b, const LatticePoint& c) {
    return Wide{b.x - a.x} * (c.y - a.y) - Wide{b.y - a.y} * (c.x - a.x);
}

// What keeps a mesh from being a tiling of its box; empty where nothing does. Triangles that run
// counter-clockwise, meet side to side and add up to the box do not overlap.
std::string faults_of(const Triangulation& mesh) {
    Wide sum = 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> sides;  // fixed or not
    const auto& points = mesh.points();
    for (const auto& t : mesh.triangles()) {
        const Wide area = twice_area(points[t.points[0]], points[t.points[1]], points[t.points[2]]);
        if (area <= 0) return "a triangle is turned over";
        sum += area;
        for (unsigned i = 0; i < 3; ++i) {
            const std::pair side(t.points[i], t.points[(i + 1) % 3]);
            if (!sides.emplace(side, t.fixed[i]).second) return "a side belongs to two triangles";
        }
    }
    for (const auto& [side, fixed] : sides) {
        const auto other = sides.find({side.second, side.first});
        const bool border =
            side.first < Triangulation::kOwnPoints && side.second < Triangulation::kOwnPoints;
        if (other == sides.end() && !border) return "a side lies open";
        if (other != sides.end() && other->second != fixed) return "a side is fixed by halves";
    }
    if (sum != 2 * Wide{points[2].x - points[0].x} * (points[2].y - points[0].y)) {
        return "areas do not add up";
    }
    if (std::set(points.begin(), points.end()).size() != points.size()) return "a point is twice";
    return "";
}

constexpr double kHalfStep = 0.7072;  // along x and along y

// How far one has to leave ab to get from a to b along fixed sides [steps]; 1e9: no way.
double deviation(const Triangulation& mesh, const LatticePoint& a, const LatticePoint& b) {
    const auto off = [&](const LatticePoint& p) {
        const Vec2 ab(static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y));
        const Vec2 ap(static_cast<double>(p.x - a.x), static_cast<double>(p.y - a.y));
        const double along = std::clamp(glm::dot(ap, ab) / glm::dot(ab, ab), 0.0, 1.0);
        return glm::length(ap - along * ab);
    };
    if (a == b) return 0;
    std::map<LatticePoint, std::vector<LatticePoint>> near;
    const auto& points = mesh.points();
    for (const auto& t : mesh.triangles()) {
        for (unsigned i = 0; i < 3; ++i) {
            if (!t.fixed[i]) continue;
            near[points[t.points[i]]].push_back(points[t.points[(i + 1) % 3]]);
        }
    }
    std::map<LatticePoint, double> best{{a, 0.0}};
    std::set<std::pair<double, LatticePoint>> open{{0.0, a}};
    while (!open.empty()) {
        const auto [so_far, p] = *open.begin();
        open.erase(open.begin());
        if (p == b) return so_far;
        for (const LatticePoint& q : near[p]) {
            const double there = std::max(so_far, off(q));
            const auto [known, fresh] = best.try_emplace(q, there);
            if (!fresh && known->second <= there) continue;
            known->second = there;
            open.insert({there, q});
        }
    }
    return 1e9;
}

// One to four rings of three to eight corners; a corner may stand twice.
Rings random_rings(std::int64_t side, int set) {
    const auto key =
        engine::core::Key(static_cast<std::uint64_t>(side)).with(static_cast<std::uint64_t>(set));
    std::uint64_t draws = 0;
    const auto draw = [&](std::int64_t low, std::int64_t high) {
        const double u = key.uniform(draws++);
        return low + static_cast<std::int64_t>(u * static_cast<double>(high - low + 1));
    };
    Rings rings(static_cast<std::size_t>(draw(1, 4)));
    for (Ring& ring : rings) {
        const auto corners = draw(3, 8);
        for (std::int64_t i = 0; i < corners; ++i) ring.push_back({draw(0, side), draw(0, side)});
    }
    return rings;
}

std::vector<LatticePoint> scatter(int count, std::int64_t side, std::uint64_t seed) {
    std::vector<LatticePoint> points;
    const engine::core::Key key(seed);
    for (int i = 0; i < count; ++i) {
        const auto n = static_cast<std::uint64_t>(i);
        points.push_back(
            {static_cast<std::int64_t>(key.with(2 * n).uniform() * static_cast<double>(side)),
             static_cast<std::int64_t>(key.with(2 * n + 1).uniform() * static_cast<double>(side))});
    }
    return points;
}

TEST(Triangulation, TilesItsBoxWithoutOverlapOrGap) {
    Triangulation mesh({0, 0}, {100'000, 100'000});
    for (const LatticePoint& p : scatter(500, 100'000, 7)) mesh.add_point(p);
    double sum = 0;
    for (const auto& t : mesh.triangles()) {
        EXPECT_GT(area(mesh, t), 0.0);
        sum += area(mesh, t);
    }
    const auto& box = mesh.points();
    const double side = to_metres(box[1].x - box[0].x), height = to_metres(box[2].y - box[1].y);
    EXPECT_NEAR(sum, side * height, 1e-6 * sum);
}

TEST(Triangulation, NoPointLiesInsideTheCircleOfAnyTriangle) {
    Triangulation mesh({0, 0}, {50'000, 50'000});
    const auto points = scatter(120, 50'000, 11);
    for (const LatticePoint& p : points) mesh.add_point(p);
    for (const auto& t : mesh.triangles()) {
        const Vec2 a = to_metres(mesh.points()[t.points[0]]),
                   b = to_metres(mesh.points()[t.points[1]]),
                   c = to_metres(mesh.points()[t.points[2]]);
        // Centre of the circle through a, b, c.
        const Vec2 ab = b - a, ac = c - a;
        const double d = 2 * engine::math::cross(ab, ac);
        const Vec2 u((ac.y * glm::dot(ab, ab) - ab.y * glm::dot(ac, ac)) / d,
                     (ab.x * glm::dot(ac, ac) - ac.x * glm::dot(ab, ab)) / d);
        const double r = glm::length(u);
        if (r > 1e4) continue;  // thin triangles at the box: rounding of this test, not of the mesh
        for (const LatticePoint& p : points) {
            EXPECT_GE(glm::length(to_metres(p) - a - u), r - 1e-6 * (1 + r));
        }
    }
}

TEST(Triangulation, EdgesThatAreAskedForAreThere) {
    Triangulation mesh({0, 0}, {100'000, 100'000});
    for (const LatticePoint& p : scatter(300, 100'000, 3)) mesh.add_point(p);
    const LatticePoint from{100, 50'003}, to{99'950, 50'111};
    mesh.add_rings({{from, to}});
    const auto a = mesh.add_point(from), b = mesh.add_point(to);
    EXPECT_TRUE(edges(mesh).count(std::minmax(a, b)));
    double sum = 0;
    for (const auto& t : mesh.triangles()) {
        EXPECT_GT(area(mesh, t), 0.0);
        sum += area(mesh, t);
    }
    const auto& box = mesh.points();
    EXPECT_NEAR(sum, to_metres(box[1].x - box[0].x) * to_metres(box[2].y - box[1].y), 1e-6 * sum);
}

TEST(Triangulation, CrossingEdgesMeetInAPoint) {
    Triangulation mesh({0, 0}, {1000, 1000});
    mesh.add_rings({{{0, 0}, {1000, 1000}}, {{0, 1000}, {1000, 0}}});
    ASSERT_EQ(mesh.points().size(), Triangulation::kOwnPoints + 5U);
    const auto a = mesh.add_point({0, 0}), b = mesh.add_point({1000, 1000});
    const auto c = mesh.add_point({0, 1000}), d = mesh.add_point({1000, 0});
    const auto middle = mesh.add_point({500, 500});
    ASSERT_EQ(mesh.points().size(), Triangulation::kOwnPoints + 5U);
    for (const auto p : {a, b, c, d}) {
        EXPECT_TRUE(edges(mesh).count(std::minmax(p, middle)));
    }
}

TEST(Triangulation, PointsOnOneLineAndRepeatedPointsAreNoTrouble) {
    Triangulation mesh({0, 0}, {1000, 1000});
    Ring ring;
    for (std::int64_t x = 0; x <= 1000; x += 50) ring.push_back({x, 0});
    for (std::int64_t y = 50; y <= 1000; y += 50) ring.push_back({1000, y});
    ring.push_back({0, 1000});
    mesh.add_rings({ring, ring});
    EXPECT_EQ(mesh.points().size(), Triangulation::kOwnPoints + ring.size());
    std::vector<std::uint32_t> labels;
    EXPECT_EQ(mesh.label(labels), 2U);  // inside and outside
    double inside = 0;
    for (std::size_t t = 0; t < labels.size(); ++t) {
        const auto& triangle = mesh.triangles()[t];
        bool own = false;
        for (const auto p : triangle.points) own = own || p < Triangulation::kOwnPoints;
        if (!own && labels[t] != labels[0]) inside += area(mesh, triangle);
    }
    EXPECT_NEAR(inside, to_metres(1000) * to_metres(1000), 1e-9);
}

TEST(Triangulation, EqualInputGivesEqualTriangles) {
    const auto build = [] {
        Triangulation mesh({0, 0}, {100'000, 100'000});
        const auto points = scatter(200, 100'000, 5);
        for (const LatticePoint& p : points) mesh.add_point(p);
        Rings edges;
        for (std::size_t i = 0; i < 40; ++i) edges.push_back({points[i], points[199 - i]});
        mesh.add_rings(edges);
        std::vector<std::uint32_t> flat;
        for (const auto& t : mesh.triangles()) {
            flat.insert(flat.end(), t.points.begin(), t.points.end());
        }
        return flat;
    };
    EXPECT_EQ(build(), build());
}

// Among these three edges a walk from triangle to triangle towards the point runs in circles.
TEST(Triangulation, PointAmongTwistedEdgesIsFound) {
    Triangulation mesh({-1100, -1100}, {1100, 1100});
    mesh.add_rings(
        {{{-137, -249}, {559, 147}}, {{284, 6}, {-407, 410}}, {{-148, 243}, {-152, -558}}});
    EXPECT_EQ(mesh.points()[mesh.add_point({-57, -153})], (LatticePoint{-57, -153}));
    EXPECT_EQ(faults_of(mesh), "");
}

TEST(Triangulation, EdgeThatManyCrossStaysWhole) {
    Rings rings{{{0, 500}, {10'000, 507}}};
    for (std::int64_t x = 100; x < 10'000; x += 100) rings.push_back({{x, 0}, {x + 37, 1000}});
    Triangulation mesh({0, 0}, {10'000, 1000});
    mesh.add_rings(rings);
    EXPECT_EQ(faults_of(mesh), "");
    for (const Ring& ring : rings) EXPECT_LE(deviation(mesh, ring[0], ring[1]), kHalfStep);
}

// 2,000 sets for each lattice; HUNTSMAN_RING_SETS takes its place in a survey.
TEST(Triangulation, CrossingRingsOnSmallLatticesTileTheirBoxAndKeepTheirEdges) {
    const char* wanted = std::getenv("HUNTSMAN_RING_SETS");
    const int sets = wanted != nullptr ? std::atoi(wanted) : 2000;
    for (const std::int64_t side : {4, 12, 60, 4000}) {
        for (int set = 0; set < sets; ++set) {
            const auto rings = random_rings(side, set);
            Triangulation mesh({0, 0}, {side, side});
            mesh.add_rings(rings);
            ASSERT_EQ(faults_of(mesh), "") << "side " << side << " set " << set;
            for (const Ring& ring : rings) {
                for (std::size_t i = 0; i < ring.size(); ++i) {
                    ASSERT_LE(deviation(mesh, ring[i], ring[(i + 1) % ring.size()]), kHalfStep)
                        << "side " << side << " set " << set;
                }
            }
        }
    }
}

TEST(SnapRounding, RingsThatDoNotCrossStayAsTheyAre) {
    const Rings rings{{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, {{20, 20}, {20, 60}, {70, 30}}};
    EXPECT_EQ(snap_rounded(rings), rings);
}

TEST(SnapRounding, CrossingOnTheBorderOfTwoCellsGoesToTheUpperOne) {
    // They cross at (1/2, 1/2), where four cells meet.
    const Rings bent = snap_rounded({{{0, 0}, {1, 1}}, {{0, 1}, {1, 0}}});
    EXPECT_EQ(bent[0], (Ring{{0, 0}, {1, 1}}));
    EXPECT_EQ(bent[1], (Ring{{0, 1}, {1, 1}, {1, 0}, {1, 1}}));
}

TEST(SnapRounding, EdgeGoesThroughAPointLessThanHalfAStepAway) {
    const Rings bent = snap_rounded({{{0, 0}, {10, 1}}, {{2, 0}, {2, -5}}});
    EXPECT_EQ(bent[0], (Ring{{0, 0}, {2, 0}, {10, 1}, {2, 0}}));
}

TEST(Polygons, UnionOfTwoSquaresCountsTheirSharedAreaOnce) {
    const auto square = [](std::int64_t x) {
        const std::int64_t m = 8192;
        return Ring{{x * m, 0}, {(x + 2) * m, 0}, {(x + 2) * m, 2 * m}, {x * m, 2 * m}};
    };
    const Rings both = unite({square(0), square(1)});
    ASSERT_EQ(both.size(), 1U);
    EXPECT_DOUBLE_EQ(area_m2(both[0]), 6.0);
    double left = 0;
    for (const Ring& ring : subtract({square(0)}, {square(1)})) left += area_m2(ring);
    EXPECT_DOUBLE_EQ(left, 2.0);
    EXPECT_TRUE(contains(both, {2.5, 1.0}));
    EXPECT_FALSE(contains(both, {3.5, 1.0}));
    const InsideTest inside(both);
    EXPECT_TRUE(inside({2.5, 1.0}));
    EXPECT_FALSE(inside({3.5, 1.0}));
    EXPECT_FALSE(inside({2.5, 2.5}));
}

TEST(Polygons, GrowthMovesAllSides) {
    const std::int64_t m = 8192;
    const Rings grown = grow({{{0, 0}, {2 * m, 0}, {2 * m, m}, {0, m}}}, 0.5);
    ASSERT_EQ(grown.size(), 1U);
    EXPECT_NEAR(area_m2(grown[0]), 3.0 * 2.0, 1e-3);
}

TEST(Polygons, SimplifiedRingsStayWithinTheirTolerance) {
    Ring circle;
    for (int i = 0; i < 400; ++i) {
        circle.push_back(
            to_lattice(10.0 * engine::math::direction(2 * engine::math::kPi * i / 400)));
    }
    const Rings fewer = simplified({circle}, 0.05);
    ASSERT_EQ(fewer.size(), 1U);
    EXPECT_LT(fewer[0].size(), 60U);
    // A chord of a circle lies inside it by at most the tolerance.
    for (std::size_t i = 0; i < fewer[0].size(); ++i) {
        const Vec2 middle =
            0.5 * (to_metres(fewer[0][i]) + to_metres(fewer[0][(i + 1) % fewer[0].size()]));
        EXPECT_GE(glm::length(middle), 10.0 - 0.051);
    }
}

}  // namespace
}  // namespace huntsman::scenarios::streets
