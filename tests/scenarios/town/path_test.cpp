#include "scenarios/town/path.h"

#include <gtest/gtest.h>

#include "engine/core/dice.h"
#include "engine/math/geometry.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using engine::core::Dice;
using engine::core::Key;
using engine::world::PlanPiece;

// Pieces follow each other without a gap, a kink or a step of curvature.
void expect_smooth(const Path& path, double most_curvature_step) {
    const auto pieces = path.plan();
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
        const PlanPiece &a = pieces[i], &b = pieces[i + 1];
        EXPECT_NEAR(a.s_m + a.length_m, b.s_m, 1e-12 * path.length_m());
        EXPECT_NEAR(a.curvature_end, b.curvature_start, most_curvature_step) << "piece " << i;
        // The end of one by its own geometry is the start of the next.
        const Pose2 before = path.at(b.s_m - 1e-7), after = path.at(b.s_m + 1e-7);
        EXPECT_LT(glm::length(before.p - after.p), 1e-6);
        EXPECT_LT(std::abs(math::wrap_angle(before.heading_rad - after.heading_rad)), 1e-6);
    }
}

TEST(Path, CornersAreClothoidArcClothoidOfTheWantedRadius) {
    for (const double turn_deg : {15.0, 60.0, -90.0, 120.0, -150.0}) {
        const double turn = turn_deg * math::kPi / 180, radius = 40;
        const std::vector<Vec2> corners{
            {0, 0}, {400, 0}, Vec2(400, 0) + 400.0 * math::direction(turn)};
        const auto path = Path::rounded(corners, {radius}, 10, 20);
        ASSERT_TRUE(path.has_value());
        const auto pieces = path->plan();
        ASSERT_EQ(pieces.size(), 5U);
        EXPECT_EQ(pieces[1].kind, PlanPiece::Kind::kSpiral);
        EXPECT_EQ(pieces[2].kind, PlanPiece::Kind::kArc);
        EXPECT_EQ(pieces[3].kind, PlanPiece::Kind::kSpiral);
        EXPECT_EQ(pieces[2].curvature_start, (turn > 0 ? 1 : -1) / radius);
        EXPECT_EQ(path->sharpest_curvature_per_m(), 1 / radius);
        expect_smooth(*path, 0);
        // A clothoid turns by half of what an arc of its length does: r (turn + clothoid angle).
        const double clothoids = pieces[1].length_m + pieces[3].length_m;
        EXPECT_NEAR(clothoids, 2 * kClothoidShare * std::abs(turn) * radius, 1e-9);
        EXPECT_NEAR(pieces[2].length_m + 0.5 * clothoids, std::abs(turn) * radius, 1e-9);
        // It leads to the last corner, in the direction of the last leg.
        EXPECT_LT(glm::length(path->end().p - corners.back()), 1e-8);
        EXPECT_NEAR(math::wrap_angle(path->end().heading_rad - turn), 0, 1e-12);
    }
}

TEST(Path, TightLegsTakeTheLargestRadiusThatFits) {
    // 60 m legs of which 20 m stay straight leave 40 m to a corner of a right angle.
    const std::vector<Vec2> corners{{0, 0}, {60, 0}, {60, 60}};
    const auto path = Path::rounded(corners, {500}, 20, 10);
    ASSERT_TRUE(path.has_value());
    const double fits = 40 / unit_tangent_m(0.5 * math::kPi);
    EXPECT_NEAR(1 / path->sharpest_curvature_per_m(), fits, 1e-9);
    EXPECT_NEAR(path->plan()[0].length_m, 20, 1e-9);
    EXPECT_LT(glm::length(path->end().p - corners.back()), 1e-8);
    // And nothing where that is too sharp.
    EXPECT_FALSE(Path::rounded(corners, {500}, 20, fits + 0.01).has_value());
    EXPECT_FALSE(Path::rounded({{0, 0}, {100, 0}, {1, 2}}, {10}, 0, 1).has_value()) << "back again";
}

TEST(Path, TangentOfAnArcIsItsClosedForm) {
    // Without clothoids: r tan(turn / 2).
    for (const double turn : {0.1, 0.7, 1.5, 2.5}) {
        EXPECT_NEAR(unit_tangent_m(turn, 0), std::tan(0.5 * turn), 1e-12);
        // Clothoids reach further out.
        EXPECT_GT(unit_tangent_m(turn), std::tan(0.5 * turn));
    }
}

TEST(Path, BetweenHitsItsEndPoseExactly) {
    Dice dice(Key(5).with("poses"));
    int cubic = 0, corner = 0;
    for (int i = 0; i < 600; ++i) {
        const Pose2 from{
            {dice.uniform(-50, 50), dice.uniform(-50, 50)}, dice.uniform(-math::kPi, math::kPi), 0};
        // Ahead, to either side.
        const double ahead = dice.uniform(8, 60), aside = dice.uniform(-0.7, 0.7) * ahead;
        const double turn = dice.uniform(-2.0, 2.0);
        Pose2 to = from.shifted(aside);
        to.p += ahead * from.along();
        to.heading_rad = math::wrap_angle(from.heading_rad + turn);
        const auto path = Path::between(from, to, 30, 3);
        if (!path) continue;
        EXPECT_LT(glm::length(path->start().p - from.p), 1e-9);
        EXPECT_LT(glm::length(path->end().p - to.p), 1e-8) << i;
        EXPECT_LT(std::abs(math::wrap_angle(path->end().heading_rad - to.heading_rad)), 1e-8) << i;
        EXPECT_LE(path->sharpest_curvature_per_m() * 3, 1 + 1e-9) << i;
        // Length is that of the line, by an independent sum of chords.
        double chords = 0;
        constexpr int kSteps = 200;
        for (int k = 0; k < kSteps; ++k) {
            chords += glm::length(path->at(path->length_m() * (k + 1) / kSteps).p -
                                  path->at(path->length_m() * k / kSteps).p);
        }
        EXPECT_NEAR(chords, path->length_m(), 1e-4 * path->length_m()) << i;
        (path->plan()[0].kind == PlanPiece::Kind::kParamPoly3 ? cubic : corner) += 1;
    }
    EXPECT_GT(cubic, 60);
    EXPECT_GT(corner, 60);
}

TEST(Path, AWayStraightAheadIsALine) {
    const Pose2 from{{3, 4}, 0.6, 0};
    Pose2 to = from;
    to.p += 25.0 * from.along();
    const auto path = Path::between(from, to, 30, 3);
    ASSERT_TRUE(path.has_value());
    ASSERT_EQ(path->plan().size(), 1U);
    EXPECT_EQ(path->plan()[0].kind, PlanPiece::Kind::kLine);
    EXPECT_NEAR(path->length_m(), 25, 1e-12);
}

TEST(Path, APartOfAPathLiesOnIt) {
    const auto path = Path::rounded({{0, 0}, {120, 10}, {200, 130}}, {50}, 10, 20);
    ASSERT_TRUE(path.has_value());
    const double begin = 60, end = path->length_m() - 40;
    Path part(path->at(begin));
    for (const PlanPiece& piece : path->plan(begin, end)) {
        part.append(piece.length_m, piece.curvature_start, piece.curvature_end);
    }
    EXPECT_NEAR(part.length_m(), end - begin, 1e-9);
    for (double s = 0; s < part.length_m(); s += 3.7) {
        EXPECT_LT(glm::length(part.at(s).p - path->at(begin + s).p), 1e-8);
        EXPECT_NEAR(part.at(s).curvature_per_m, path->at(begin + s).curvature_per_m, 1e-12);
    }
}

}  // namespace
}  // namespace huntsman::scenarios::town
