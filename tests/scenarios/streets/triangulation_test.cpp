#include "scenarios/streets/triangulation.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/core/random.h"
#include "scenarios/streets/polygons.h"

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
    const auto a = mesh.add_point({100, 50'003}), b = mesh.add_point({99'950, 50'111});
    mesh.add_edge(a, b);
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
    const auto a = mesh.add_point({0, 0}), b = mesh.add_point({1000, 1000});
    const auto c = mesh.add_point({0, 1000}), d = mesh.add_point({1000, 0});
    mesh.add_edge(a, b);
    mesh.add_edge(c, d);
    ASSERT_EQ(mesh.points().size(), Triangulation::kOwnPoints + 5U);
    EXPECT_EQ(mesh.points().back(), (LatticePoint{500, 500}));
    const auto middle = static_cast<std::uint32_t>(mesh.points().size() - 1);
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
    mesh.add_ring(ring);
    const std::size_t before = mesh.points().size();
    mesh.add_ring(ring);
    EXPECT_EQ(mesh.points().size(), before);
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
        for (std::uint32_t i = 0; i < 40; ++i) {
            mesh.add_edge(Triangulation::kOwnPoints + i, Triangulation::kOwnPoints + 199 - i);
        }
        std::vector<std::uint32_t> flat;
        for (const auto& t : mesh.triangles()) {
            flat.insert(flat.end(), t.points.begin(), t.points.end());
        }
        return flat;
    };
    EXPECT_EQ(build(), build());
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
