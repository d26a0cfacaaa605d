#include "engine/road/compile.h"

#include <gtest/gtest.h>

#include "engine/road/lane_curve.h"
#include "engine/road/programmes.h"
#include "engine/road/road_map.h"
#include "tests/support/road_models.h"

namespace huntsman::engine::road {
namespace {

using math::Vec2;
using world::Control;
using world::kNone;
using world::Lane;
using world::LaneId;
using world::RoadNetwork;

RoadNetwork compiled(const world::RoadModel& model) { return compile(model, RoadGeometry(model)); }

const Lane& lane_of(const RoadNetwork& network, std::uint32_t road, int id) {
    for (const Lane& lane : network.lanes) {
        if (lane.road == road && lane.model_lane == id) return lane;
    }
    ADD_FAILURE() << "no lane " << id << " on road " << road;
    return network.lanes.front();
}

TEST(Compile, LanesRunInTheDirectionOfTravel) {
    const auto network = compiled(tests::straight_model(200));
    ASSERT_EQ(network.lanes.size(), 2U);
    const Lane &right = lane_of(network, 0, -1), &left = lane_of(network, 0, 1);
    EXPECT_NEAR(right.samples.front().p.x, 0, 1e-6);
    EXPECT_NEAR(right.samples.front().p.y, -1.75, 1e-9);
    EXPECT_NEAR(right.samples.front().heading_rad, 0, 1e-9);
    EXPECT_NEAR(right.length_m, 200, 1e-6);
    EXPECT_NEAR(left.samples.front().p.x, 200, 1e-6);
    EXPECT_NEAR(std::abs(left.samples.front().heading_rad), math::kPi, 1e-9);
    EXPECT_EQ(right.left, kNone);
    EXPECT_EQ(left.left, kNone);
}

TEST(Compile, LeftHandTrafficRunsTheOtherWay) {
    auto model = tests::straight_model(200);
    model.roads[0].left_hand = true;
    const auto network = compiled(model);
    EXPECT_TRUE(network.left_hand);
    EXPECT_NEAR(lane_of(network, 0, 1).samples.front().p.x, 0, 1e-6);
    EXPECT_NEAR(lane_of(network, 0, -1).samples.front().p.x, 200, 1e-6);
}

TEST(Compile, SectionsThatGoOnOneToOneAreOneLane) {
    const auto network = compiled(tests::straight_model(200, 2, 7.0));
    ASSERT_EQ(network.lanes.size(), 4U);
    for (const Lane& lane : network.lanes) EXPECT_NEAR(lane.length_m, 200, 1e-6);
    const Lane &outer = lane_of(network, 0, -2), &inner = lane_of(network, 0, -1);
    EXPECT_EQ(outer.left, inner.id);
    EXPECT_EQ(inner.right, outer.id);
    EXPECT_EQ(inner.left, kNone);
    EXPECT_EQ(outer.right, kNone);
    const Lane &outer_back = lane_of(network, 0, 2), &inner_back = lane_of(network, 0, 1);
    EXPECT_EQ(outer_back.left, inner_back.id);
    EXPECT_EQ(inner_back.right, outer_back.id);
}

TEST(Compile, MarksRuleLaneChanges) {
    // Solid inside, broken outside: only the outer lane may cross, inwards.
    auto model = tests::straight_model(200, 2);
    for (auto& lane : model.roads[0].sections[0].lanes) {
        if (std::abs(lane.id) == 1) lane.marks[0].type = world::MarkType::kSolidBroken;
    }
    auto network = compiled(model);
    EXPECT_EQ(lane_of(network, 0, -2).left, lane_of(network, 0, -1).id);
    EXPECT_EQ(lane_of(network, 0, -1).right, kNone);
    EXPECT_EQ(lane_of(network, 0, 2).left, lane_of(network, 0, 1).id);
    EXPECT_EQ(lane_of(network, 0, 1).right, kNone);
    // laneChange "increase" on a broken mark: from -2 to -1, and from 1 to 2.
    for (auto& lane : model.roads[0].sections[0].lanes) {
        if (std::abs(lane.id) != 1) continue;
        lane.marks[0].type = world::MarkType::kBroken;
        lane.marks[0].lane_change = world::LaneChange::kIncrease;
    }
    network = compiled(model);
    EXPECT_EQ(lane_of(network, 0, -2).left, lane_of(network, 0, -1).id);
    EXPECT_EQ(lane_of(network, 0, -1).right, kNone);
    EXPECT_EQ(lane_of(network, 0, 1).right, lane_of(network, 0, 2).id);
    EXPECT_EQ(lane_of(network, 0, 2).left, kNone);
}

TEST(Compile, JunctionJoinsItsArms) {
    const auto network = compiled(tests::four_way_model());
    ASSERT_EQ(network.junctions.size(), 1U);
    EXPECT_EQ(network.junctions[0].connections.size(), 12U);
    EXPECT_EQ(network.junctions[0].entries.size(), 4U);
    for (std::uint32_t arm = 0; arm < 4; ++arm) {
        const Lane& in = lane_of(network, arm, 1);
        EXPECT_EQ(in.successors.size(), 3U);
        for (std::uint32_t k = 0; k < 3; ++k) {
            const Lane& c = lane_of(network, 4 + 3 * arm + k, -1);
            ASSERT_EQ(c.predecessors, (std::vector<LaneId>{in.id}));
            ASSERT_EQ(c.successors,
                      (std::vector<LaneId>{lane_of(network, (arm + 1 + k) % 4, -1).id}));
            EXPECT_EQ(c.turn, k == 0   ? world::Turn::kRight
                              : k == 1 ? world::Turn::kStraight
                                       : world::Turn::kLeft);
            EXPECT_NEAR(c.length_m, k == 1 ? 24.0 : 0.5 * math::kPi * (k == 0 ? 10.25 : 13.75),
                        1e-4);
            // A bus swings about 2 m wide of a turn of 10 m: lines leave it room, within reason.
            EXPECT_LT(c.stop_s_m, in.length_m - 1.0);
            EXPECT_GE(c.stop_s_m, in.length_m - 8.0);
        }
    }
}

TEST(Compile, LinkedLanesShareTheirEnds) {
    const auto network = compiled(tests::four_way_model());
    int joints = 0;
    for (const Lane& lane : network.lanes) {
        for (const LaneId next : lane.successors) {
            const auto &a = lane.samples.back(), &b = network.lanes[next].samples.front();
            EXPECT_LT(glm::length(a.p - b.p), 1e-9);
            EXPECT_LT(std::abs(math::wrap_angle(a.heading_rad - b.heading_rad)), 1e-9);
            ++joints;
        }
    }
    EXPECT_EQ(joints, 24);
}

TEST(Compile, CentreLinesFollowTheModel) {
    // Banked, hilly, widening and curved.
    auto model = tests::straight_model(120, 1);
    auto& road = model.roads[0];
    road.plan = {tests::plan_piece(0, 0, 0.3, 120, 1.0 / 60)};
    road.elevation = {{0, 5, 0.02, 4e-4, -3e-6}};
    road.superelevation = {{0, 0.01, 4e-4, 0, 0}};
    road.lane_offset = {{0, 0.2, 0.01, 0, 0}};
    for (auto& lane : road.sections[0].lanes) {
        if (lane.id == -1) lane.widths = {{0, 3.0, 0, 6e-4, -4e-6}};
    }
    const RoadGeometry geometry(model);
    const auto network = compile(model, geometry);
    const Lane& lane = lane_of(network, 0, -1);
    double worst = 0;
    for (double s = 0; s <= lane.length_m; s += 0.173) {
        const auto q = lane_at(lane, s);
        const RoadPlace place = geometry.project(0, q.p);
        const double t = 0.5 * (geometry.inner_t_m(0, 0, -1, place.s_m) +
                                geometry.outer_t_m(0, 0, -1, place.s_m));
        worst = std::max({worst, std::abs(place.t_m - t), std::abs(place.h_m)});
        EXPECT_NEAR(q.width_m, geometry.width_m(0, 0, -1, place.s_m), 0.012);
    }
    EXPECT_LT(worst, 0.002);
    // The heading is the line's own tangent.
    for (double s = 1; s < lane.length_m - 1; s += 0.77) {
        const Vec2 step = math::xy(lane_at(lane, s + 0.05).p - lane_at(lane, s - 0.05).p);
        EXPECT_NEAR(math::wrap_angle(std::atan2(step.y, step.x) - lane_at(lane, s).heading_rad), 0,
                    2.5e-3);
        EXPECT_NEAR(glm::length(step), 0.1, 2e-4);
    }
}

TEST(Compile, YieldSignsRuleTheirArms) {
    tests::ArmOptions options;
    options.yield_signs = true;
    const auto network = compiled(tests::four_way_model(options));
    for (const LaneId c : network.junctions[0].connections) {
        const Lane& lane = network.lanes[c];
        const std::uint32_t arm = (lane.road - 4) / 3;
        EXPECT_EQ(lane.control, arm % 2 == 1 ? Control::kYield : Control::kUncontrolled);
    }
}

TEST(Compile, NoRingOfYields) {
    for (const bool left_hand : {false, true}) {
        tests::ArmOptions options;
        options.left_hand = left_hand;
        const auto network = compiled(tests::four_way_model(options));
        // Every conflict is yielded by exactly one side, and straight goes before far turns.
        int conflicts = 0;
        for (const LaneId c : network.junctions[0].connections) {
            for (const auto& conflict : network.lanes[c].conflicts) {
                const auto& back = network.lanes[conflict.other].conflicts;
                const auto mirrored = std::find_if(back.begin(), back.end(),
                                                   [&](const auto& x) { return x.other == c; });
                ASSERT_NE(mirrored, back.end());
                EXPECT_NE(conflict.yields, mirrored->yields);
                ++conflicts;
            }
        }
        EXPECT_GT(conflicts, 20);
    }
}

TEST(Compile, LimitsComeFromLaneThenRoadThenKind) {
    auto model = tests::straight_model(200);
    auto& road = model.roads[0];
    road.types = {{0, "rural", "", 0}, {100, "town", "", 12.0}};
    for (auto& lane : road.sections[0].lanes) {
        if (lane.id == 1) lane.speeds = {{0, 7.0}};
    }
    const auto network = compiled(model);
    EXPECT_NEAR(lane_of(network, 0, 1).speed_limit_mps, 7.0, 1e-9);
    std::vector<double> right;
    for (const Lane& lane : network.lanes) {
        if (lane.model_lane == -1) right.push_back(lane.speed_limit_mps);
    }
    ASSERT_EQ(right.size(), 2U);
    EXPECT_NEAR(right[0], 100 / 3.6, 1e-9);
    EXPECT_NEAR(right[1], 12.0, 1e-9);
}

TEST(Compile, ComponentsOfASquareJunctionAreWaysOutAndIn) {
    // Arms end openly, so every lane is a component of its own.
    const auto network = compiled(tests::four_way_model());
    const auto component = strong_components(network);
    EXPECT_EQ(*std::max_element(component.begin(), component.end()) + 1, network.lanes.size());
}

TEST(Compile, WhoComesOntoARoundaboutGivesWay) {
    const auto network = compiled(tests::roundabout_model());
    ASSERT_EQ(network.junctions.size(), 4U);
    for (std::uint32_t k = 0; k < 4; ++k) {
        EXPECT_EQ(lane_of(network, 8 + 3 * k, -1).control, Control::kUncontrolled);
        EXPECT_EQ(lane_of(network, 9 + 3 * k, -1).control, Control::kYield);
        EXPECT_EQ(lane_of(network, 10 + 3 * k, -1).control, Control::kUncontrolled);
        bool yields = false;
        for (const auto& conflict : lane_of(network, 9 + 3 * k, -1).conflicts) {
            yields =
                yields || (conflict.yields && conflict.other == lane_of(network, 8 + 3 * k, -1).id);
        }
        EXPECT_TRUE(yields);
    }
}

TEST(Compile, ABlockOfHousesIsNoRoundabout) {
    // The same ring as a square: four straight one-way roads of 100 m.
    world::RoadModel model;
    for (std::uint32_t k = 0; k < 4; ++k) {
        world::Road road;
        road.length_m = 100;
        const double heading = 0.5 * math::kPi * k;
        const Vec2 corner = 50.0 * Vec2(k == 1 || k == 2 ? 1 : -1, k >= 2 ? 1 : -1);
        road.plan.push_back(tests::plan_piece(corner.x, corner.y, heading, 100));
        world::LaneSection section;
        tests::add_lane(section, 0, world::LaneType::kUnused, 0);
        auto& lane = tests::add_lane(section, -1, world::LaneType::kDriving, 3.5);
        lane.successors = lane.predecessors = {-1};
        road.sections.push_back(section);
        road.successor.kind = road.predecessor.kind = world::RoadLink::Kind::kRoad;
        road.successor.index = (k + 1) % 4;
        road.successor.contact = world::ContactPoint::kStart;
        road.predecessor.index = (k + 3) % 4;
        road.predecessor.contact = world::ContactPoint::kEnd;
        model.roads.push_back(road);
    }
    const auto network = compiled(model);
    for (const Lane& lane : network.lanes) EXPECT_EQ(lane.control, Control::kUncontrolled);
}

TEST(Compile, TheRampGivesWayWhereLanesMerge) {
    const auto network = compiled(tests::merge_model());
    ASSERT_EQ(network.junctions.size(), 1U);
    const auto& junction = network.junctions[0];
    ASSERT_EQ(junction.connections.size(), 2U);
    ASSERT_EQ(junction.entries.size(), 2U);
    const Lane &first = network.lanes[junction.connections[0]],
               &second = network.lanes[junction.connections[1]];
    const Lane& main = first.road == 0 ? first : second;
    const Lane& ramp = first.road == 0 ? second : first;
    EXPECT_EQ(main.control, Control::kUncontrolled);
    EXPECT_EQ(ramp.control, Control::kYield);
    ASSERT_EQ(ramp.conflicts.size(), 1U);
    EXPECT_EQ(ramp.conflicts[0].other, main.id);
    EXPECT_TRUE(ramp.conflicts[0].yields);
    EXPECT_NEAR(ramp.conflicts[0].s_end_m, ramp.length_m, 0.3);
    // Both begin before the lanes are too close for two, and go on in one.
    EXPECT_GT(glm::length(ramp.samples.front().p - main.samples.front().p), 2.8);
    EXPECT_EQ(ramp.successors, main.successors);
    ASSERT_EQ(ramp.successors.size(), 1U);
    EXPECT_EQ(network.lanes[ramp.successors[0]].predecessors.size(), 2U);
    for (const LaneId c : junction.connections) {
        const Lane& lane = network.lanes[c];
        const Lane& before = network.lanes[lane.predecessors.at(0)];
        EXPECT_LT(glm::length(before.samples.back().p - lane.samples.front().p), 1e-9);
        EXPECT_NEAR(before.length_m + lane.length_m, 100, 0.5);
    }
}

TEST(Compile, LanesThatOpenAndEndAreChangedInto) {
    // Three sections; in the middle one a second lane opens over 30 m and closes over 30 m.
    auto model = tests::straight_model(300, 1, 100);
    auto& section = model.roads[0].sections[1];
    auto& extra = tests::add_lane(section, -2, world::LaneType::kDriving, 0);
    extra.widths = {{0, 0, 3.5 / 30, 0, 0}, {30, 3.5, 0, 0, 0}, {70, 3.5, -3.5 / 30, 0, 0}};
    world::RoadMark mark;
    mark.type = world::MarkType::kSolid;  // even where marks say no
    for (auto& lane : section.lanes) {
        if (lane.id == -1) lane.marks = {mark};
    }
    // The file links it to the lane beside.
    extra.predecessors = extra.successors = {-1};
    const auto network = compiled(model);
    const Lane* opened = nullptr;
    const Lane* beside = nullptr;
    for (const Lane& lane : network.lanes) {
        if (lane.model_lane == -2) opened = &lane;
        if (lane.model_lane == -1 && lane.section == 1) beside = &lane;
    }
    ASSERT_NE(opened, nullptr);
    ASSERT_NE(beside, nullptr);
    EXPECT_TRUE(opened->predecessors.empty());
    EXPECT_TRUE(opened->successors.empty());
    EXPECT_EQ(opened->left, beside->id);
    EXPECT_EQ(beside->right, opened->id);
    // It counts from where a car fits.
    EXPECT_NEAR(opened->samples.front().width_m, 2.2, 0.01);
    EXPECT_NEAR(opened->samples.back().width_m, 2.2, 0.01);
    EXPECT_GT(opened->length_m, 60);
}

tests::ArmOptions full() {
    tests::ArmOptions options;
    options.signals = true;
    options.crosswalks = true;
    return options;
}

TEST(CompileCrossings, RunFromKerbToKerb) {
    const auto network = compiled(tests::four_way_model(full()));
    ASSERT_EQ(network.crossings.size(), 4U);
    for (const auto& crossing : network.crossings) {
        EXPECT_NEAR(crossing.width_m, 3.0, 1e-6);
        EXPECT_NEAR(glm::length(crossing.b - crossing.a), 7.0, 1e-6);
        ASSERT_EQ(crossing.lanes.size(), 2U);
        for (const auto& span : crossing.lanes) {
            // Lanes of arms are 100 m; the crossing lies 1.5 m to 4.5 m from the junction. Its ends
            // on a lane are found in steps of 5 cm.
            const Lane& lane = network.lanes[span.lane];
            const bool in = lane.model_lane == 1;
            EXPECT_NEAR(span.s_begin_m, in ? 95.5 : 1.5, 0.051);
            EXPECT_NEAR(span.s_end_m, in ? 98.5 : 4.5, 0.051);
        }
    }
    // Vehicles stop at least a metre before it.
    for (const LaneId c : network.junctions[0].connections) {
        EXPECT_LT(network.lanes[c].stop_s_m, 94.5 + 0.06);
        EXPECT_GE(network.lanes[c].stop_s_m, 92.0);
    }
}

TEST(Compile, StopLinesOfTheFileStand) {
    auto model = tests::four_way_model();
    world::ModelSignal line;
    line.id = "900";
    line.type = "294";
    line.s_m = 3;
    line.orientation = world::Orientation::kBackward;
    model.roads[0].signals.push_back(line);
    const auto network = compiled(model);
    for (const LaneId c : lane_of(network, 0, 1).successors) {
        EXPECT_NEAR(network.lanes[c].stop_s_m, 97.0, 1e-3);
    }
}

TEST(CompileWalks, PavementsAndCrossingsAreOneGraph) {
    const auto network = compiled(tests::four_way_model(full()));
    for (const auto& crossing : network.crossings) ASSERT_NE(crossing.walkway, kNone);
    // Every node reaches every other.
    std::vector<char> seen(network.walk_nodes.size(), 0);
    std::vector<std::uint32_t> open{0};
    seen[0] = 1;
    std::size_t reached = 1;
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        for (const auto w : network.walk_nodes[at].walkways) {
            for (const auto to : {network.walkways[w].from, network.walkways[w].to}) {
                if (seen[to] != 0) continue;
                seen[to] = 1;
                ++reached;
                open.push_back(to);
            }
        }
    }
    EXPECT_EQ(reached, network.walk_nodes.size());
    // Eight pavements of arms, cut at the crossings; four corners between; four crossings.
    EXPECT_EQ(network.walkways.size(), 8U + 4U + 4U);
    double length = 0;
    for (const auto& walkway : network.walkways) {
        EXPECT_NEAR(walkway.points.front().z, 0.12, 1e-9);
        if (walkway.crossing == kNone) length += walkway.length_m;
    }
    // Corners are quarter circles of 12 - 4.5 m.
    EXPECT_NEAR(length, 8 * 100 + 4 * 0.5 * math::kPi * 7.5, 0.5);
}

TEST(CompileSignals, GroupsFollowControllersOrApproaches) {
    for (const bool controllers : {false, true}) {
        auto options = full();
        options.controllers = controllers;
        const auto network = compiled(tests::four_way_model(options));
        ASSERT_EQ(network.programs.size(), 1U);
        EXPECT_TRUE(network.junctions[0].signalled);
        std::size_t vehicles = 0, people = 0;
        for (const auto& group : network.signal_groups) {
            EXPECT_EQ(group.program, 0U);
            (group.for_pedestrians ? people : vehicles) += 1;
        }
        EXPECT_EQ(vehicles, controllers ? 2U : 4U);
        EXPECT_EQ(people, 4U);
        for (const LaneId c : network.junctions[0].connections) {
            EXPECT_EQ(network.lanes[c].control, Control::kSignal);
            EXPECT_NE(network.lanes[c].signal_group, kNone);
        }
        ASSERT_EQ(network.signal_heads.size(), 4U);
        for (const auto& head : network.signal_heads) {
            EXPECT_EQ(head.governs.size(), 3U);
            EXPECT_NEAR(head.p.z, 0.12 + 2.9 + 0.5, 1e-9);  // on the pavement
            // It looks outwards along its arm, 18 m from the middle.
            const Vec2 p = math::xy(head.p);
            EXPECT_NEAR(glm::dot(p, math::direction(head.heading_rad)), 18.0, 1e-9);
        }
    }
}

TEST(CompileSignals, NothingThatMeetsIsGreenTogether) {
    for (const bool controllers : {false, true}) {
        for (const bool left_hand : {false, true}) {
            auto options = full();
            options.controllers = controllers;
            options.left_hand = left_hand;
            const auto network = compiled(tests::four_way_model(options));
            for (const auto& found : conflicting_greens(network)) {
                ADD_FAILURE() << found.reason << ' ' << found.a << ' ' << found.b;
            }
            // Two stages: the axes in turn, people beside the traffic.
            const auto& program = network.programs[0];
            std::vector<double> green_s(program.groups.size(), 0);
            double cycle_s = 0;
            for (const auto& phase : program.phases) {
                cycle_s += core::seconds(phase.duration_us);
                for (std::size_t g = 0; g < green_s.size(); ++g) {
                    if (phase.aspects[g] == world::Aspect::kGreen) {
                        green_s[g] += core::seconds(phase.duration_us);
                    }
                }
            }
            for (const double green : green_s) {
                EXPECT_GE(green, 6.0);
                EXPECT_LT(green, 0.5 * cycle_s);
            }
            EXPECT_LT(cycle_s, 90);
        }
    }
}

TEST(CompileSignals, AControllerWhoseWaysMeetIsSplit) {
    auto options = full();
    options.controllers = true;
    auto model = tests::four_way_model(options);
    // One controller for all four arms.
    for (const char* id : {"201", "203"}) model.controllers[0].controls.push_back({id, ""});
    model.controllers.pop_back();
    const auto network = compiled(model);
    EXPECT_TRUE(conflicting_greens(network).empty());
    std::size_t vehicles = 0;
    for (const auto& group : network.signal_groups) vehicles += group.for_pedestrians ? 0 : 1;
    EXPECT_EQ(vehicles, 4U);
}

TEST(ConflictingGreens, AProgrammeThatIsAllGreenIsFound) {
    auto network = compiled(tests::four_way_model(full()));
    for (auto& phase : network.programs[0].phases) {
        std::fill(phase.aspects.begin(), phase.aspects.end(), world::Aspect::kGreen);
    }
    const auto found = conflicting_greens(network);
    const auto count = [&](const char* reason) {
        return std::count_if(found.begin(), found.end(),
                             [&](const auto& f) { return f.reason == reason; });
    };
    EXPECT_GT(count("two ways that meet are green"), 4);
    EXPECT_GT(count("people and traffic"), 4);
}

TEST(ConflictingGreens, PeopleWhoCannotClearAreFound) {
    auto network = compiled(tests::four_way_model(full()));
    // Cut out the time between the greens.
    auto& program = network.programs[0];
    for (auto& phase : program.phases) {
        const bool any = std::any_of(phase.aspects.begin(), phase.aspects.end(),
                                     [](auto a) { return a == world::Aspect::kGreen; });
        if (!any) phase.duration_us = 1000;
        for (std::size_t g = 0; g < program.groups.size(); ++g) {
            if (phase.aspects[g] == world::Aspect::kYellow) phase.duration_us = 1000;
        }
    }
    bool found = false;
    for (const auto& f : conflicting_greens(network)) found |= f.reason == "people still cross";
    EXPECT_TRUE(found);
}

}  // namespace
}  // namespace huntsman::engine::road
