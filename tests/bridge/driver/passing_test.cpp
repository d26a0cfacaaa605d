// Passing what stands in the way: the offset's shape, where and when the planner passes, and how
// near a car that follows it comes to the thing.
#include "bridge/driver/passing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "bridge/driver/planner.h"
#include "engine/driving/motion.h"
#include "engine/math/geometry.h"
#include "engine/math/transform.h"
#include "tests/bridge/driver/road.h"

namespace huntsman::bridge::driver {
namespace {

using engine::math::Vec2;

// A road of two lanes along x; the ego drives on y = 0, the lane to its left is from 1.75 to 5.25.
struct Road {
    bool left = true, oncoming = true;
    std::vector<messages::RouteEvent> events;  // s along x
};

struct Ego {
    Vec2 p{0, 0};
    double yaw = 0, v = 0;
};

messages::PerceivedObject thing(double x, double y, double length, double width) {
    auto box = car(x, y);
    box.set_object_class(messages::OBJECT_UNSPECIFIED);
    box.set_length_m(length);
    box.set_width_m(width);
    return box;
}

// What the ego sees of the road and of objects that are given in the road's frame.
std::pair<messages::Observation, messages::Perception> seen(
    const Road& road, const Ego& ego, const std::vector<messages::PerceivedObject>& objects,
    double time_s) {
    auto observation = straight_road(ego.v);
    observation.set_time_us(static_cast<std::int64_t>(time_s * 1e6 + 0.5));
    const auto X = engine::math::upright({ego.p.x, ego.p.y, 0}, ego.yaw).inverse();
    auto* route = observation.mutable_route();
    for (auto& point : *route->mutable_points()) {
        const auto p = X * engine::math::Vec3(ego.p.x + point.s_m(), 0, 0);
        point.set_x_m(p.x);
        point.set_y_m(p.y);
        point.set_heading_rad(-ego.yaw);
        if (!road.left) continue;
        point.mutable_left()->set_width_m(3.5);
        point.mutable_left()->set_oncoming(road.oncoming);
    }
    for (auto event : road.events) {
        event.set_s_m(event.s_m() - ego.p.x);
        *route->add_events() = event;
    }
    messages::Perception perception;
    std::uint32_t track = 1;
    for (auto object : objects) {
        const auto p = X * engine::math::Vec3(object.x_m(), object.y_m(), 0);
        const auto v = X.rotate({object.velocity_x_mps(), object.velocity_y_mps(), 0});
        object.set_x_m(p.x);
        object.set_y_m(p.y);
        object.set_yaw_rad(object.yaw_rad() - ego.yaw);
        object.set_velocity_x_mps(v.x);
        object.set_velocity_y_mps(v.y);
        object.set_track(track++);
        *perception.add_objects() = object;
    }
    return {observation, perception};
}

struct Drive {
    Ego ego;
    double clearance_m = 1e9;  // least, to any object
    double furthest_m = 0;     // least and largest offset of the rear axle
    double lowest_m = 0;
    double stood_s = 0;
    double left_at_s = -1;    // first time that it is half a metre out
    double lateral_mps2 = 0;  // most
};

// A kinematic car that the planner drives; objects move with their velocities.
Drive drive(
    const Road& road, std::vector<messages::PerceivedObject> objects, double seconds,
    double speed_mps = 8,
    const std::function<void(double, std::vector<messages::PerceivedObject>&)>& change = {}) {
    Planner planner;
    Drive out;
    out.ego.v = speed_mps;
    constexpr double kStep_s = 0.05;
    for (double t = 0; t < seconds; t += kStep_s) {
        if (change) change(t, objects);
        const auto [observation, perception] = seen(road, out.ego, objects, t);
        const auto pedals = planner.plan(observation, perception);
        Ego& ego = out.ego;
        const double a = 4.5 * pedals.throttle() - 9.0 * pedals.brake() -
                         (ego.v > 0.3 ? 0.12 + 0.00037 * ego.v * ego.v : 0);
        ego.v = std::max(0.0, ego.v + a * kStep_s);
        engine::driving::bicycle_step(2.58, pedals.steer_rad(), ego.v * kStep_s, ego.p, ego.yaw);
        out.lateral_mps2 = std::max(out.lateral_mps2,
                                    ego.v * ego.v * std::abs(std::tan(pedals.steer_rad())) / 2.58);
        out.furthest_m = std::max(out.furthest_m, ego.p.y);
        out.lowest_m = std::min(out.lowest_m, ego.p.y);
        if (ego.v < 0.1) out.stood_s += kStep_s;
        if (out.left_at_s < 0 && std::abs(ego.p.y) > 0.5) out.left_at_s = t;
        const engine::math::Box2 body{
            ego.p + 1.25 * engine::math::direction(ego.yaw), ego.yaw, {2.25, 0.9}};
        for (auto& object : objects) {
            object.set_x_m(object.x_m() + object.velocity_x_mps() * kStep_s);
            const engine::math::Box2 box{{object.x_m(), object.y_m()},
                                         object.yaw_rad(),
                                         {0.5 * object.length_m(), 0.5 * object.width_m()}};
            out.clearance_m = std::min(out.clearance_m, engine::math::distance(body, box));
        }
    }
    return out;
}

TEST(Passing, WithinItsLaneWhereThereIsRoom) {
    // A pile on the lane's right edge: its left side is 0.6 m to the right of the lane's middle.
    const Drive past = drive({.left = true}, {thing(60, -1.2, 4, 1.2)}, 20);
    EXPECT_GT(past.ego.p.x, 80);
    EXPECT_GT(past.clearance_m, 0.2);
    EXPECT_LT(past.furthest_m, 1.75 - 0.9);  // its left side stays in the lane
    EXPECT_EQ(past.stood_s, 0);
    EXPECT_NEAR(past.ego.p.y, 0, 0.1);  // and it is back
    // The same to the right.
    const Drive other = drive({.left = false}, {thing(60, 1.2, 4, 1.2)}, 20);
    EXPECT_GT(other.ego.p.x, 80);
    EXPECT_GT(other.clearance_m, 0.2);
    EXPECT_GT(other.lowest_m, -(1.75 - 0.9));
}

TEST(Passing, OverTheFreeOncomingLane) {
    for (const double width : {0.4, 2.0, 3.0}) {
        const Drive past = drive({}, {thing(60, 0, 2, width)}, 30);
        EXPECT_GT(past.ego.p.x, 110) << width;
        EXPECT_GT(past.clearance_m, 0.2) << width;
        EXPECT_LT(past.furthest_m, 5.25 - 0.9) << width;
        EXPECT_EQ(past.stood_s, 0) << width;
        EXPECT_NEAR(past.ego.p.y, 0, 0.1) << width;
        EXPECT_LT(past.lateral_mps2, 3.0) << width;
    }
}

TEST(Passing, FromRestTooAndPastAWholeRow) {
    std::vector<messages::PerceivedObject> row;
    for (int i = 0; i < 5; ++i) row.push_back(thing(60 + 4 * i, 0, 2, 2));
    const Drive past = drive({}, row, 40, 0);
    EXPECT_GT(past.ego.p.x, 110);
    EXPECT_GT(past.clearance_m, 0.2);
}

TEST(Passing, WaitsForAnOncomingCarAndThenPasses) {
    // It is beside the box when the ego would be.
    auto comer = car(150, 3.5, -10);
    comer.set_yaw_rad(engine::math::kPi);
    const Drive past = drive({}, {thing(60, 0, 2, 2), comer}, 40);
    const double meets_s = (150 - 60) / 10.0;
    EXPECT_GT(past.left_at_s, meets_s - 2.5);
    EXPECT_GT(past.ego.p.x, 110);
    EXPECT_GT(past.clearance_m, 0.2);
}

TEST(Passing, WaitsWhileOncomingTrafficGoesOnAndWhereThereIsNoWayPast) {
    // A column without gaps: cars come in again behind.
    std::vector<messages::PerceivedObject> objects{thing(60, 0, 2, 2)};
    for (int i = 0; i < 8; ++i) {
        auto comer = car(30 + 20 * i, 3.5, -8);
        comer.set_yaw_rad(engine::math::kPi);
        objects.push_back(comer);
    }
    const auto again = [](double, std::vector<messages::PerceivedObject>& all) {
        for (auto& object : all) {
            if (object.velocity_x_mps() < 0 && object.x_m() < -20) object.set_x_m(140);
        }
    };
    const Drive busy = drive({}, objects, 40, 8, again);
    EXPECT_LT(busy.ego.p.x + 3.5, 59);
    EXPECT_GT(busy.stood_s, 20);
    EXPECT_LT(busy.furthest_m, 0.1);
    EXPECT_GT(59 - (busy.ego.p.x + 3.5), 6);  // with room to move out
    // One lane, no other; and two lanes with things on both.
    const Drive alone = drive({.left = false}, {thing(60, 0, 2, 2)}, 30);
    EXPECT_LT(alone.ego.p.x + 3.5, 59);
    const Drive closed = drive({}, {thing(60, 0, 2, 3), thing(60, 3.5, 2, 3)}, 30);
    EXPECT_LT(closed.ego.p.x + 3.5, 59);
    EXPECT_GT(std::min(alone.clearance_m, closed.clearance_m), 1);
}

TEST(Passing, WhenOncomingTrafficStopsToLetItPass) {
    // The first of a column stops 40 m behind the box, the others behind it, one after another.
    std::vector<messages::PerceivedObject> objects{thing(60, 0, 2, 2)};
    for (int i = 0; i < 12; ++i) {
        auto comer = car(110 + 25 * i, 3.5, -8);
        comer.set_yaw_rad(engine::math::kPi);
        objects.push_back(comer);
    }
    const auto stop = [](double, std::vector<messages::PerceivedObject>& all) {
        for (std::size_t i = 1; i < all.size(); ++i) {
            const double place = 100 + 7.0 * static_cast<double>(i - 1);
            if (all[i].x_m() <= place) all[i].set_velocity_x_mps(0);
        }
    };
    const Drive past = drive({}, objects, 30, 8, stop);
    EXPECT_GT(past.ego.p.x, 90);
    EXPECT_LT(past.left_at_s, 20);  // the last of them stands at 21 s
    EXPECT_GT(past.clearance_m, 0.2);
}

TEST(Passing, OverTheNeighbouringLaneWhenNobodyComesFromBehind) {
    Road road{.left = true, .oncoming = false};
    const Drive free = drive(road, {thing(60, 0, 2, 2)}, 30);
    EXPECT_GT(free.ego.p.x, 110);
    EXPECT_EQ(free.stood_s, 0);
    // One who overtakes at that moment goes first.
    const Drive behind = drive(road, {thing(60, 0, 2, 2), car(-40, 3.5, 14)}, 40);
    EXPECT_GT(behind.ego.p.x, 110);
    EXPECT_GT(behind.clearance_m, 0.3);
}

TEST(Passing, AVehicleThatStandsForGoodButNoQueue) {
    const Drive broken = drive({}, {car(60, 0)}, 60);
    EXPECT_GT(broken.ego.p.x, 110);
    EXPECT_GT(broken.stood_s, 5);
    EXPECT_GT(broken.clearance_m, 0.3);
    // Before a signal, before a junction's line, or behind another it may go on any time.
    messages::RouteEvent line;
    line.set_kind(messages::EVENT_SIGNAL);
    line.set_s_m(80);
    line.set_s_end_m(80);
    const Drive at_signal = drive({.events = {line}}, {car(60, 0)}, 60);
    EXPECT_LT(at_signal.ego.p.x + 3.5, 60 - 2.25);
    EXPECT_LT(at_signal.furthest_m, 0.1);
    const Drive column = drive({}, {car(60, 0), car(68, 0), car(76, 0)}, 60);
    EXPECT_LT(column.ego.p.x + 3.5, 60 - 2.25);
}

TEST(Passing, IsNoWayForAPersonOrOverAKerb) {
    auto person = car(60, 0);
    person.set_object_class(messages::OBJECT_PEDESTRIAN);
    person.set_length_m(0.5);
    person.set_width_m(0.5);
    const Drive standing = drive({}, {person}, 40);
    EXPECT_LT(standing.ego.p.x + 3.5, 60);
    EXPECT_LT(standing.furthest_m, 0.1);
    // Somebody stands where the ego would pass the box.
    auto beside = person;
    beside.set_y_m(2.6);
    const Drive blocked = drive({}, {thing(60, 0, 2, 2), beside}, 40);
    EXPECT_LT(blocked.ego.p.x + 3.5, 60);
    EXPECT_GT(blocked.clearance_m, 0.5);
}

}  // namespace
}  // namespace huntsman::bridge::driver
