// Road geometry against closed forms.
#include "engine/road/road_geometry.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::engine::road {
namespace {

using math::kPi;
using math::Vec2;
using math::Vec3;
using world::Cubic;
using world::LaneSection;
using world::ModelLane;
using world::PlanPiece;
using world::Road;
using world::RoadModel;

PlanPiece piece(PlanPiece::Kind kind, double length_m) {
    PlanPiece result;
    result.kind = kind;
    result.length_m = length_m;
    return result;
}
PlanPiece spiral(double length_m, double k0, double k1) {
    PlanPiece result = piece(PlanPiece::Kind::kSpiral, length_m);
    result.curvature_start = k0;
    result.curvature_end = k1;
    return result;
}
PlanPiece arc(double length_m, double k) {
    PlanPiece result = spiral(length_m, k, k);
    result.kind = PlanPiece::Kind::kArc;
    return result;
}

ModelLane lane(int id, double width_m) {
    ModelLane result;
    result.id = id;
    if (id != 0) result.widths.push_back({0, width_m});
    return result;
}

// A road with pieces one after the other and one section of the lanes.
RoadModel model_of(std::vector<PlanPiece> pieces, std::vector<ModelLane> lanes) {
    Road road;
    road.id = "1";
    for (PlanPiece& next : pieces) {
        if (!road.plan.empty()) {
            const ReferencePoint end = plan_point(road.plan.back(), road.plan.back().length_m);
            next.x_m = end.p.x;
            next.y_m = end.p.y;
            next.heading_rad = end.heading_rad;
        }
        next.s_m = road.length_m;
        road.length_m += next.length_m;
        road.plan.push_back(next);
    }
    LaneSection section;
    section.lanes = std::move(lanes);
    road.sections.push_back(section);
    RoadModel model;
    model.roads.push_back(road);
    return model;
}
std::vector<ModelLane> two_lanes() { return {lane(1, 3.5), lane(0, 0), lane(-1, 3.0)}; }

TEST(PlanPoint, ClothoidIsTheFresnelIntegral) {
    // Heading pi s^2 / 2 makes x(s), y(s) the Fresnel integrals C(s), S(s) [Abramowitz and Stegun
    // 1964, table 7.7].
    const ReferencePoint one = plan_point(spiral(1, 0, kPi), 1);
    EXPECT_NEAR(one.p.x, 0.7798934003768228, 1e-13);
    EXPECT_NEAR(one.p.y, 0.4382591473903548, 1e-13);
    EXPECT_NEAR(one.heading_rad, kPi / 2, 1e-14);
    const ReferencePoint two = plan_point(spiral(2, 0, 2 * kPi), 2);
    EXPECT_NEAR(two.p.x, 0.4882534060753408, 1e-13);
    EXPECT_NEAR(two.p.y, 0.3434156783636982, 1e-13);
    // A hundred times larger.
    const ReferencePoint large = plan_point(spiral(100, 0, kPi / 100), 100);
    EXPECT_NEAR(large.p.x, 77.98934003768228, 1e-11);
    EXPECT_NEAR(large.curvature_per_m, kPi / 100, 1e-15);
}

TEST(PlanPoint, ClothoidRunsBackwardsToTheSameShape) {
    // From curvature k to 0 is the mirror image of 0 to k, seen from the other end.
    const PlanPiece out = spiral(80, 0.02, 0);
    const PlanPiece in = spiral(80, 0, -0.02);
    const ReferencePoint end = plan_point(out, 80);
    for (double s : {0.0, 13.0, 40.0, 80.0}) {
        const ReferencePoint a = plan_point(out, 80 - s), b = plan_point(in, s);
        const Vec2 turned = end.p - a.p;  // in the frame of the end's heading
        const Vec2 ahead = math::direction(end.heading_rad);
        EXPECT_NEAR(glm::dot(turned, ahead), b.p.x, 1e-11);
        EXPECT_NEAR(math::cross(ahead, turned), b.p.y, 1e-11);
    }
}

TEST(PlanPoint, QuarterCircleEndsAtItsRadius) {
    PlanPiece quarter = arc(50 * kPi / 2, 1.0 / 50);
    quarter.x_m = 7;
    quarter.heading_rad = kPi / 2;
    const ReferencePoint end = plan_point(quarter, quarter.length_m);
    EXPECT_NEAR(end.p.x, 7 - 50, 1e-12);
    EXPECT_NEAR(end.p.y, 50, 1e-12);
    EXPECT_NEAR(std::abs(end.heading_rad), kPi, 1e-14);
}

TEST(PlanPoint, ArcOfVanishingCurvatureIsALine) {
    for (double k : {1e-9, 1e-14, 0.0, -1e-12}) {
        const ReferencePoint end = plan_point(arc(1000, k), 1000);
        EXPECT_NEAR(end.p.x, 1000, 1e-6);
        EXPECT_NEAR(end.p.y, 0.5 * k * 1e6, 1e-8);
    }
}

TEST(PlanPoint, ParametricCubicIsMeasuredByItsTrueLength) {
    // u = L p^2 is a straight line at uneven speed, at rest where it begins.
    PlanPiece uneven = piece(PlanPiece::Kind::kParamPoly3, 40);
    uneven.b_u = 0;
    uneven.c_u = 40;
    for (double s : {0.0, 1.0, 10.0, 39.0, 40.0}) {
        const ReferencePoint at = plan_point(uneven, s);
        EXPECT_NEAR(at.p.x, s, 1e-10);
        EXPECT_EQ(at.p.y, 0.0);
        EXPECT_EQ(at.heading_rad, 0.0);
    }
    // The same with the parameter in metres.
    PlanPiece metres = piece(PlanPiece::Kind::kParamPoly3, 40);
    metres.normalised = false;
    metres.b_u = 0;
    metres.c_u = 1.0 / 40;
    EXPECT_NEAR(plan_point(metres, 10).p.x, 10, 1e-10);
}

TEST(PlanPoint, ParametricCubicOfUnitSpeedHasItsParameterForLength) {
    PlanPiece slant = piece(PlanPiece::Kind::kParamPoly3, 30);
    slant.normalised = false;
    slant.b_u = 0.6;
    slant.b_v = 0.8;
    const ReferencePoint at = plan_point(slant, 12.5);
    EXPECT_NEAR(at.p.x, 7.5, 1e-12);
    EXPECT_NEAR(at.p.y, 10.0, 1e-12);
    EXPECT_NEAR(at.heading_rad, std::atan2(0.8, 0.6), 1e-15);
}

TEST(PlanPoint, ParabolaHasTheLengthOfItsClosedForm) {
    // v = c u^2: length = u sqrt(1 + 4 c^2 u^2) / 2 + asinh(2 c u) / (4 c).
    const double c = 0.01, u = 30;
    const double length =
        u * std::sqrt(1 + 4 * c * c * u * u) / 2 + std::asinh(2 * c * u) / (4 * c);
    PlanPiece parabola = piece(PlanPiece::Kind::kPoly3, length + 10);
    parabola.c_v = c;
    const ReferencePoint at = plan_point(parabola, length);
    EXPECT_NEAR(at.p.x, u, 1e-10);
    EXPECT_NEAR(at.p.y, c * u * u, 1e-10);
    EXPECT_NEAR(at.heading_rad, std::atan(2 * c * u), 1e-12);
    EXPECT_NEAR(at.curvature_per_m, 2 * c / std::pow(1 + 4 * c * c * u * u, 1.5), 1e-13);
}

TEST(RoadGeometry, SuperelevationTurnsTheCrossSection) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    model.roads[0].superelevation.push_back({0, 0.1});
    model.roads[0].elevation.push_back({0, 20, 0.05});
    const RoadGeometry geometry(model);
    const RoadPose pose = geometry.pose({0, 40, 3, 0});
    EXPECT_NEAR(pose.p.x, 40, 1e-12);
    EXPECT_NEAR(pose.p.y, 3 * std::cos(0.1), 1e-12);
    EXPECT_NEAR(pose.p.z, 22 + 3 * std::sin(0.1), 1e-12);
    EXPECT_NEAR(pose.roll_rad, 0.1, 1e-9);
    EXPECT_NEAR(pose.pitch_rad, -std::atan(0.05), 1e-12);
}

TEST(RoadGeometry, BorderOfACurveRunsAtItsOwnRadius) {
    const RoadModel model = model_of({arc(100, 0.01)}, two_lanes());
    const RoadGeometry geometry(model);
    const Vec2 centre(0, 100);
    for (double s : {0.0, 33.0, 100.0}) {
        const RoadPose left = geometry.border(0, 0, 1, s), right = geometry.border(0, 0, -1, s);
        EXPECT_NEAR(glm::distance(math::xy(left.p), centre), 96.5, 1e-10);
        EXPECT_NEAR(glm::distance(math::xy(right.p), centre), 103, 1e-10);
        EXPECT_NEAR(left.heading_rad, 0.01 * s, 1e-12);
    }
}

TEST(RoadGeometry, BorderHeadingIsTheDirectionOfTheBorder) {
    // Widening lanes, lane offset, curvature, banking and kerb height all turn the border.
    RoadModel model =
        model_of({spiral(60, 0, 0.02), arc(60, 0.02), spiral(60, 0.02, -0.01)}, two_lanes());
    Road& road = model.roads[0];
    road.lane_offset.push_back({0, 0.5, 0.01, 1e-4});
    road.superelevation.push_back({0, 0, 1e-3, 1e-5});
    road.sections[0].lanes[0].widths = {{0, 3, 0.02, -1e-4}};
    road.sections[0].lanes[0].heights = {{0, 0.12, 0.15}};
    const RoadGeometry geometry(model);
    for (int id : {1, 0, -1}) {
        for (double s = 5; s < 180; s += 12.5) {
            constexpr double kStep_m = 1e-4;
            const Vec3 along =
                geometry.border(0, 0, id, s + kStep_m).p - geometry.border(0, 0, id, s - kStep_m).p;
            // A central difference of 1e-4 m leaves 1e-10 of noise and truncation each.
            EXPECT_NEAR(math::wrap_angle(geometry.border(0, 0, id, s).heading_rad -
                                         std::atan2(along.y, along.x)),
                        0, 1e-7)
                << id << " at " << s;
        }
    }
}

TEST(RoadGeometry, SectionEndsWithTheLaneOffsetThatLedThere) {
    // A lane comes in on the left: the middle jumps to its outer side.
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    Road& road = model.roads[0];
    LaneSection second;
    second.s_m = 60;
    second.lanes = {lane(0, 0), lane(-1, 3.5), lane(-2, 3.0)};
    road.sections.push_back(second);
    road.lane_offset = {{0, 0}, {60, 3.5}};
    const RoadGeometry geometry(model);
    EXPECT_EQ(geometry.outer_t_m(0, 0, 0, 60), 0);
    EXPECT_EQ(geometry.outer_t_m(0, 0, 1, 60), 3.5);
    EXPECT_EQ(geometry.outer_t_m(0, 0, -1, 60), -3);
    EXPECT_EQ(geometry.outer_t_m(0, 1, 0, 60), 3.5);
    EXPECT_EQ(geometry.outer_t_m(0, 1, -1, 60), 0);
    EXPECT_EQ(geometry.outer_t_m(0, 1, -2, 60), -3);
    EXPECT_EQ(geometry.section_at(0, 60), 1U);
    EXPECT_EQ(geometry.section_end_m(0, 0), 60);
    EXPECT_EQ(geometry.section_end_m(0, 1), 100);
}

TEST(RoadGeometry, NegativeWidthsCountAsNone) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    model.roads[0].sections[0].lanes[0].widths = {{0, 1, -0.1}};  // below zero from 10 m on
    const RoadGeometry geometry(model);
    EXPECT_NEAR(geometry.width_m(0, 0, 1, 4), 0.6, 1e-12);
    EXPECT_EQ(geometry.width_m(0, 0, 1, 50), 0);
    EXPECT_EQ(geometry.outer_t_m(0, 0, 1, 50), 0);
}

TEST(RoadGeometry, BordersGiveWidthsWhereNoWidthIsGiven) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    auto& lanes = model.roads[0].sections[0].lanes;
    lanes[0].widths.clear();
    lanes[0].borders = {{0, 4, 0.01}};
    lanes.insert(lanes.begin(), lane(2, 0));
    lanes[0].widths.clear();
    lanes[0].borders = {{0, 6}};
    const RoadGeometry geometry(model);
    EXPECT_NEAR(geometry.outer_t_m(0, 0, 1, 50), 4.5, 1e-12);
    EXPECT_NEAR(geometry.width_m(0, 0, 2, 50), 1.5, 1e-12);
    EXPECT_NEAR(geometry.outer_t_slope(0, 0, 1, 50), 0.01, 1e-15);
}

TEST(RoadGeometry, LaneAtFindsTheLaneThatHoldsThePlace) {
    const RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)},
                                     {lane(2, 2), lane(1, 3.5), lane(0, 0), lane(-1, 3.0)});
    const RoadGeometry geometry(model);
    EXPECT_EQ(geometry.lane_at(0, 10, 1), 1);
    EXPECT_EQ(geometry.lane_at(0, 10, 5), 2);
    EXPECT_EQ(geometry.lane_at(0, 10, -2.9), -1);
    EXPECT_EQ(geometry.lane_at(0, 10, 5.6), 0);
    EXPECT_EQ(geometry.lane_at(0, 10, -3.1), 0);
}

TEST(RoadGeometry, ShapeIsCubicAcrossAndLinearAlong) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    // A crowned road at s = 0 that is flat at s = 50; two cubics beside each other.
    model.roads[0].shape = {{0, -5, 0, 0.02}, {0, 0, 0.1, -0.02, 0.001}, {50, -5, 0}};
    const RoadGeometry geometry(model);
    EXPECT_NEAR(geometry.surface_offset_m(0, 0, -3), 2 * 0.02, 1e-12);
    EXPECT_NEAR(geometry.surface_offset_m(0, 0, 2), 0.1 - 0.04 + 0.004, 1e-12);
    EXPECT_NEAR(geometry.surface_offset_m(0, 25, 2), 0.5 * 0.064, 1e-12);
    EXPECT_NEAR(geometry.surface_offset_m(0, 80, 2), 0, 1e-12);
}

TEST(RoadGeometry, CrossfallFallsOutwardsOnItsSide) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    model.roads[0].crossfall = {{world::Crossfall::Side::kRight, {0, 0.03}}};
    const RoadGeometry geometry(model);
    EXPECT_NEAR(geometry.surface_offset_m(0, 10, -2), -2 * std::tan(0.03), 1e-12);
    EXPECT_EQ(geometry.surface_offset_m(0, 10, 2), 0);
}

TEST(RoadGeometry, LaneHeightRisesFromInnerToOuterBorder) {
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 100)}, two_lanes());
    model.roads[0].sections[0].lanes[0].heights = {{0, 0.1, 0.17}};
    const RoadGeometry geometry(model);
    EXPECT_NEAR(geometry.surface_offset_m(0, 0, 1, 10, 0), 0.1, 1e-12);
    EXPECT_NEAR(geometry.surface_offset_m(0, 0, 1, 10, 1.75), 0.135, 1e-12);
    EXPECT_NEAR(geometry.surface_offset_m(0, 0, 1, 10, 3.5), 0.17, 1e-12);
    EXPECT_EQ(geometry.surface_offset_m(0, 0, -1, 10, -1), 0);
    EXPECT_NEAR(geometry.pose({0, 10, 1.75, 0}).p.z, 0.135, 1e-12);
}

// A road of every kind of piece, with hills, banking and pavements.
RoadModel winding_road() {
    PlanPiece cubic = piece(PlanPiece::Kind::kParamPoly3, 60);
    cubic.b_u = 60;
    cubic.c_v = 12;
    cubic.d_v = -8;
    PlanPiece poly = piece(PlanPiece::Kind::kPoly3, 50);
    poly.c_v = 4e-3;
    poly.d_v = -5e-5;
    RoadModel model = model_of({piece(PlanPiece::Kind::kLine, 40), spiral(50, 0, 0.02),
                                arc(70, 0.02), cubic, spiral(40, 0.01, -0.015), poly},
                               two_lanes());
    Road& road = model.roads[0];
    road.elevation = {{0, 3, 0.02, 1e-4}, {120, 7, -0.03, 0, 1e-7}};
    road.superelevation = {{0, 0, 5e-4}, {150, 0.075, -6e-4}};
    road.lane_offset = {{0, 0.4, 1e-3}};
    road.sections[0].lanes[0].heights = {{0, 0.12, 0.14}};
    road.shape = {{0, -10, -0.1, 0.01}, {0, 0, 0, -0.01}, {310, -10, 0}};
    return model;
}

TEST(RoadGeometry, ProjectionFindsTheWayBack) {
    const RoadModel model = winding_road();
    const RoadGeometry geometry(model);
    const double length = model.roads[0].length_m;
    for (double s = 0.5; s < length; s += 3.7) {
        for (double t : {-3.2, -1.0, 0.2, 2.0, 8.0}) {
            for (double h : {0.0, 1.5}) {
                const RoadPose pose = geometry.pose({0, s, t, h});
                const RoadPlace back = geometry.project(0, pose.p);
                EXPECT_NEAR(back.s_m, s, 1e-9) << "t " << t << " h " << h;
                EXPECT_NEAR(back.t_m, t, 1e-9) << "s " << s << " h " << h;
                EXPECT_NEAR(back.h_m, h, 1e-9) << "s " << s << " t " << t;
                EXPECT_NEAR(geometry.project_near(0, pose.p, s + 1.5).s_m, s, 1e-9);
            }
        }
    }
}

TEST(RoadGeometry, LengthAlongTheReferenceLineIsTrue) {
    // The chords of steps of 5 cm fall short of the length by k^2 step^2 / 24 = 1e-6 at most.
    const RoadModel model = winding_road();
    const RoadGeometry geometry(model);
    double sum = 0;
    Vec2 last = geometry.reference(0, 0).p;
    for (int i = 1; i <= 3000; ++i) {
        const Vec2 next = geometry.reference(0, 0.05 * i).p;
        const double chord = glm::distance(next, last);
        sum += chord;
        last = next;
    }
    EXPECT_NEAR(sum, 150, 150 * 1e-6);
}

TEST(RoadGeometry, PlacesBeyondTheEndsAreThoseAtTheEnds) {
    const RoadModel model = winding_road();
    const RoadGeometry geometry(model);
    EXPECT_EQ(geometry.reference(0, -5).p, geometry.reference(0, 0).p);
    EXPECT_EQ(geometry.reference(0, 1e6).p, geometry.reference(0, model.roads[0].length_m).p);
    EXPECT_EQ(geometry.project(0, {-20, 1, 0}).s_m, 0);
}

TEST(RoadGeometry, ProfilesAreNothingWhereEmptyAndConstantBeforeTheirStart) {
    EXPECT_EQ(value_at({}, 3), 0);
    EXPECT_EQ(slope_at({}, 3), 0);
    const world::Profile profile = {{10, 2, 0.5}, {20, 9}};
    EXPECT_EQ(value_at(profile, 3), 2);
    EXPECT_EQ(slope_at(profile, 3), 0);
    EXPECT_EQ(value_at(profile, 14), 4);
    EXPECT_EQ(value_at(profile, 20), 9);
    EXPECT_EQ(slope_at(profile, 14), 0.5);
}

}  // namespace
}  // namespace huntsman::engine::road
