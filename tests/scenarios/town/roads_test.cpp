#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "engine/road/programmes.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/town/mirror.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using engine::road::RoadGeometry;
using namespace engine::world;

TEST(TownModel, PassesTheCheckerWithoutAWarning) {
    for (const std::uint64_t seed : kSeeds) {
        expect_clean(opendrive::check(town(seed).road_model), seed);
    }
}

TEST(TownModel, IsTheSameAfterWritingAndReading) {
    for (const std::uint64_t seed : kSeeds) {
        const RoadModel& model = town(seed).road_model;
        auto reading = opendrive::parse(opendrive::write(model), "town.xodr");
        ASSERT_TRUE(reading.ok()) << reading.error().text();
        expect_clean(reading->findings, seed);
        reading->model.revision_minor = model.revision_minor;
        EXPECT_TRUE(reading->model == model) << "seed " << seed;
    }
}

TEST(TownModel, SameSeedSameBitsOtherSeedOtherBits) {
    std::set<std::string> texts;
    for (const std::uint64_t seed : kSeeds) {
        const RoadModel again = roads_of(seed, [](auto&) {});
        EXPECT_TRUE(again == town(seed).road_model) << "seed " << seed;
        texts.insert(opendrive::write(again));
    }
    EXPECT_EQ(texts.size(), std::size(kSeeds));
}

TEST(TownStyle, SettingOneParameterLeavesTheOthersAsTheyWere) {
    const auto same_but = [](const TownStyle& a, const TownStyle& b, int but) {
        int i = 0;
        const auto same = [&](const auto& x, const auto& y) {
            if (i++ != but) {
                EXPECT_EQ(x, y) << "field " << i - 1 << " when " << but << " is set";
            }
        };
        same(a.density, b.density);
        same(a.age, b.age);
        same(a.block_m, b.block_m);
        same(a.hilliness, b.hilliness);
        same(a.one_way_share, b.one_way_share);
        same(a.dead_end_share, b.dead_end_share);
        same(a.roundabout_share, b.roundabout_share);
        same(a.cycle_share, b.cycle_share);
        same(a.works_share, b.works_share);
        same(a.motorway, b.motorway);
        same(a.railway, b.railway);
        same(a.left_hand, b.left_hand);
        same(a.country, b.country);
    };
    for (const std::uint64_t seed : kSeeds) {
        TownParameters drawn;
        drawn.seed = seed;
        const TownStyle style = style_of(drawn);
        std::optional<double> TownParameters::*const shares[] = {
            &TownParameters::density,          &TownParameters::age,
            &TownParameters::block_m,          &TownParameters::hilliness,
            &TownParameters::one_way_share,    &TownParameters::dead_end_share,
            &TownParameters::roundabout_share, &TownParameters::cycle_share,
            &TownParameters::works_share};
        for (int i = 0; i < 9; ++i) {
            TownParameters set = drawn;
            set.*shares[i] = 0.123;
            same_but(style, style_of(set), i);
        }
        std::optional<bool> TownParameters::*const switches[] = {&TownParameters::motorway,
                                                                 &TownParameters::railway};
        for (int i = 0; i < 2; ++i) {
            TownParameters set = drawn;
            set.*switches[i] = i == 0 ? !style.motorway : !style.railway;
            same_but(style, style_of(set), 9 + i);
        }
        TownParameters set = drawn;
        set.left_hand = !style.left_hand;
        set.country = style.country;
        same_but(style, style_of(set), 11);
        set.left_hand = style.left_hand;
        set.country = "US";
        same_but(style, style_of(set), 12);
    }
}

TEST(TownStyle, DensityOfBuildingDoesNotMoveARoad) {
    EXPECT_TRUE(roads_of(3, [](auto& p) { p.density = 0.9; }) == town(3).road_model);
}

TEST(Town, RefusesParametersOutOfRangeByName) {
    const auto refused = [](const char* name, auto change) {
        TownParameters parameters;
        change(parameters);
        const auto result = generate(parameters);
        ASSERT_FALSE(result.ok()) << name;
        EXPECT_NE(result.error().message.find(name), std::string::npos) << result.error().message;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    refused("size_m", [](auto& p) { p.size_m = 100; });
    refused("size_m", [](auto& p) { p.size_m = 3001; });
    refused("size_m", [=](auto& p) { p.size_m = nan; });
    refused("vehicles", [](auto& p) { p.vehicles = -1; });
    refused("vehicles", [](auto& p) { p.vehicles = 201; });
    refused("pedestrians", [](auto& p) { p.pedestrians = 501; });
    refused("parked_share", [](auto& p) { p.parked_share = 1.1; });
    refused("parked_share", [=](auto& p) { p.parked_share = nan; });
    refused("route_m", [](auto& p) { p.route_m = 0; });
    refused("density", [](auto& p) { p.density = -0.1; });
    refused("age", [](auto& p) { p.age = 1.1; });
    refused("block_m", [](auto& p) { p.block_m = 79; });
    refused("block_m", [](auto& p) { p.block_m = 161; });
    refused("hilliness", [=](auto& p) { p.hilliness = nan; });
    refused("one_way_share", [](auto& p) { p.one_way_share = 2; });
    refused("dead_end_share", [](auto& p) { p.dead_end_share = -1; });
    refused("roundabout_share", [](auto& p) { p.roundabout_share = 1.5; });
    refused("cycle_share", [](auto& p) { p.cycle_share = 1.01; });
    refused("works_share", [](auto& p) { p.works_share = -0.01; });
    refused("country", [](auto& p) { p.country = "XX"; });
}

TEST(TownLeftHand, IsTheRightHandTownMirrored) {
    const auto left_hand = [](bool left) {
        return [left](TownParameters& p) {
            p.left_hand = left;
            p.country = "GB";
            p.roundabout_share = 0.5;
            p.motorway = true;
            p.works_share = 0.3;
        };
    };
    RoadModel right = roads_of(6, left_hand(false));
    const RoadModel left = roads_of(6, left_hand(true));
    expect_clean(opendrive::check(left), 6);
    for (const Road& road : left.roads) EXPECT_TRUE(road.left_hand);
    // The networks are mirror images too: every lane has one that starts and ends where it does.
    const RoadGeometry right_geometry(right), left_geometry(left);
    const RoadNetwork r = engine::road::compile(right, right_geometry);
    const RoadNetwork l = engine::road::compile(left, left_geometry);
    EXPECT_TRUE(l.left_hand);
    ASSERT_EQ(r.lanes.size(), l.lanes.size());
    const auto ends = [](const RoadNetwork& network, double sign) {
        std::multiset<std::array<long, 6>> all;
        for (const Lane& lane : network.lanes) {
            const auto mm = [](double v) { return std::lround(v * 100); };
            const math::Vec3 &a = lane.samples.front().p, &b = lane.samples.back().p;
            long turn = static_cast<long>(lane.turn);
            if (sign < 0 && lane.turn == Turn::kLeft) turn = static_cast<long>(Turn::kRight);
            if (sign < 0 && lane.turn == Turn::kRight) turn = static_cast<long>(Turn::kLeft);
            all.insert({mm(a.x), mm(sign * a.y), mm(b.x), mm(sign * b.y), turn,
                        static_cast<long>(lane.control)});
        }
        return all;
    };
    EXPECT_TRUE(ends(r, 1) == ends(l, -1));
    mirror(right);
    EXPECT_TRUE(right == left);
    mirror(right);
    EXPECT_TRUE(right == roads_of(6, left_hand(false)));
}

TEST(TownCountry, RulesItsSignsAndItsCentreLines) {
    const auto count = [](const RoadModel& model, const char* country, const char* type) {
        int found = 0;
        for (const Road& road : model.roads) {
            for (const ModelSignal& signal : road.signals) {
                found += signal.country == country && signal.type == type;
            }
        }
        return found;
    };
    const auto yellow = [](const RoadModel& model) {
        int found = 0;
        each_lane(model, [&](const Road&, std::uint32_t, const ModelLane& lane) {
            for (const RoadMark& mark : lane.marks) found += mark.colour == MarkColour::kYellow;
        });
        return found;
    };
    const RoadModel us = roads_of(7, [](auto& p) { p.country = "US"; });
    const RoadModel de = roads_of(7, [](auto& p) { p.country = "DE"; });
    EXPECT_GT(count(us, "US", "R1-1") + count(us, "US", "R1-2"), 0);
    EXPECT_EQ(count(us, "DE", "206") + count(us, "DE", "205"), 0);
    EXPECT_GT(count(de, "DE", "206") + count(de, "DE", "205"), 0);
    EXPECT_GT(yellow(us), 0);
    EXPECT_EQ(yellow(de), 0);
}

TEST(TownSize, TwoKilometresOfStreetsKeepAllRules) {
    const RoadModel model = roads_of(3, [](auto& p) {
        p.size_m = 2000;
        p.motorway = true;
        p.railway = true;
    });
    ASSERT_GT(model.roads.size(), 2000U);
    expect_clean(opendrive::check(model), 3);
    const RoadGeometry geometry(model);
    const RoadNetwork network = engine::road::compile(model, geometry);
    for (const std::uint32_t component : engine::road::strong_components(network)) {
        EXPECT_TRUE(component == 0 || component == kNone);
    }
    EXPECT_TRUE(engine::road::conflicting_greens(network).empty());
}

}  // namespace
}  // namespace huntsman::scenarios::town
