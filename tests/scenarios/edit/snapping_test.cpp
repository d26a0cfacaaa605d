#include "scenarios/edit/snapping.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/math/geometry.h"
#include "tests/scenarios/edit/samples.h"

namespace huntsman::scenarios::edit {
namespace {

TEST(Snapping, ComesToTheMiddleOfTheLane) {
    const Snapping snapping(town().place);
    const auto& world = town().place->world;
    int tried = 0;
    for (const auto& lane : world.roads.lanes) {
        if (lane.in_junction() || lane.kind != engine::world::LaneKind::kDriving ||
            lane.length_m < 20) {
            continue;
        }
        const auto& sample = lane.samples[lane.samples.size() / 2];
        const Vec2 left(-std::sin(sample.heading_rad), std::cos(sample.heading_rad));
        const Vec2 pointer = Vec2(sample.p) + 0.6 * left;
        const auto snapped = snapping.to_lane(pointer, sample.heading_rad);
        ASSERT_TRUE(snapped);
        // A bridge comes before what is under it.
        if (std::abs(snapped->p_W.z - sample.p.z) > 2) continue;
        EXPECT_NEAR(glm::length(Vec2(snapped->p_W) - Vec2(sample.p)), 0, 0.1);
        EXPECT_NEAR(engine::math::wrap_angle(snapped->heading_rad - sample.heading_rad), 0, 0.1);
        EXPECT_NEAR(snapped->from_m, 0.6, 0.1);
        EXPECT_EQ(snapped->road, world.road_model.roads[lane.road].id);
        EXPECT_EQ(snapped->lane, lane.model_lane);
        const auto free = snapping.on_road(pointer);
        ASSERT_TRUE(free);
        EXPECT_NEAR(free->p_W.x, pointer.x, 1e-12);
        EXPECT_NEAR(std::abs(free->lane_t_m), 0.6, 0.1);
        if (++tried == 50) break;
    }
    EXPECT_EQ(tried, 50);
    EXPECT_FALSE(snapping.to_lane({5000, 5000}));
}

}  // namespace
}  // namespace huntsman::scenarios::edit
