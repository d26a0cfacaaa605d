// What drivers know of a roundabout that its file does not name.
#include <gtest/gtest.h>

#include "agents/conduct/lane_book.h"
#include "scenarios/map/map.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::agents::traffic {

using namespace conduct;  // NOLINT
namespace {

// Four arms around a ring of 14 m; the curves onto the ring and off it are sharper than 9 m.
engine::core::Result<world::World> plain_roundabout() {
    auto reading = scenarios::opendrive::read(HUNTSMAN_SOURCE_DIR
                                              "/tests/agents/traffic/maps/roundabout_plain.xodr");
    if (!reading) return reading.error();
    return scenarios::map::build(std::move(reading->model), {.vehicles = 60, .pedestrians = 0});
}

TEST(Roundabout, ItsRingIsFoundAndBusesKeepAwayFromExitsThatAreTooSharp) {
    const auto world = plain_roundabout();
    ASSERT_TRUE(world) << world.error().text();
    const road::RoadMap map(*world);
    const LaneBook book(*world, map);
    int ring = 0;
    for (const world::Lane& lane : world->roads.lanes) {
        ring += book.on_ring(lane.id) ? 1 : 0;
        // Only the roads that lead away do.
        EXPECT_EQ(book.for_buses(lane.id), lane.successors.empty()) << lane.id;
    }
    EXPECT_EQ(ring, 8);  // four roads and the ways through four junctions
    for (const world::Spawn& spawn : world->spawns) {
        if (world->archetype_of(spawn).name != "bus") continue;
        EXPECT_TRUE(book.for_buses(spawn.lane));
    }
}

TEST(Roundabout, ALongVehicleOnTheRingHasWayOverAnEntryThatItSweepsOver) {
    const auto world = plain_roundabout();
    ASSERT_TRUE(world) << world.error().text();
    const road::RoadMap map(*world);
    const LaneBook book(*world, map);
    int swept = 0;
    for (const world::Lane& lane : world->roads.lanes) {
        for (const Sweep& sweep : book.sweeps(lane.id)) {
            const bool other_enters =
                !book.on_ring(world->roads.lanes[sweep.other].predecessors.front());
            if (!book.on_ring(lane.id) || !other_enters) continue;
            ++swept;
            EXPECT_FALSE(sweep.yields) << lane.id << " to " << sweep.other;
            EXPECT_TRUE(sweep.other_yields) << lane.id << " over " << sweep.other;
        }
    }
    EXPECT_GT(swept, 0);
}

}  // namespace
}  // namespace huntsman::agents::traffic
