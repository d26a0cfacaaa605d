// Those who stand nose to nose: one of them drives backwards to make room.
#include <gtest/gtest.h>

#include "tests/agents/traffic/rig.h"
#include "tests/agents/traffic/streets.h"

namespace huntsman::agents::traffic {
namespace {

bool in_reverse(Rig& rig, world::ActorId id) {
    return (rig.actor(id).lamps & world::bit(world::Lamp::kReverse)) != 0;
}

// A car that passes a standing van over the oncoming lane has met another one there: `gap_m` is
// left between them.
struct Standoff {
    Rig rig{tests::straight_road(300)};
    world::ActorId passing, oncoming;

    explicit Standoff(double gap_m) {
        world::StaticObject van;
        van.id = world::kFirstStaticObject;
        van.semantic = world::Semantic::kVan;
        van.extent = {2.6, 2.6, 2.0, 2.3};
        van.X_WB = math::upright({150.0, -1.9, 0.0}, 0.0);
        van.collides = true;
        rig.world.objects.push_back(van);
        passing = rig.add_car(0, 146.0, 0.0);
        rig.world.spawns.back().X_WB = math::upright({146.0, 0.9, 0}, 0);
        oncoming = rig.add_car(1, 300.0 - (146.0 + 3.5 + gap_m + 3.5), 0.0);
    }
};

TEST(Backing, MakesRoomForWhoeverIsNoseToNose) {
    Standoff meeting(2.5);
    Rig& rig = meeting.rig;
    rig.start();
    bool reversed = false;
    rig.run(80.0, [&] {
        EXPECT_TRUE(rig.state.contacts.empty()) << rig.time_s();
        reversed =
            reversed || in_reverse(rig, meeting.passing) || in_reverse(rig, meeting.oncoming);
    });
    EXPECT_TRUE(reversed);
    EXPECT_GT(rig.actor(meeting.passing).X_WB.p.x, 165.0);
    EXPECT_LT(rig.actor(meeting.oncoming).X_WB.p.x, 140.0);
}

TEST(Backing, ThoseBehindBackOffTooAndNobodyIsTouched) {
    Standoff meeting(2.5);
    Rig& rig = meeting.rig;
    // Right behind the oncoming car, and somebody a few metres behind the passing one.
    const double front_m = rig.world.spawns[1].lane_s_m;
    const auto behind = rig.add_car(1, front_m - 6.5, 0.0);
    rig.start();
    bool followed = false;
    rig.run(100.0, [&] {
        EXPECT_TRUE(rig.state.contacts.empty()) << rig.time_s();
        followed = followed || in_reverse(rig, behind);
    });
    EXPECT_GT(rig.actor(meeting.passing).X_WB.p.x, 165.0);
    EXPECT_LT(rig.actor(meeting.oncoming).X_WB.p.x, 140.0);
    EXPECT_LT(rig.actor(behind).X_WB.p.x, 150.0);
}

}  // namespace
}  // namespace huntsman::agents::traffic
