#include "apps/huntsman/bench_road.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/wall_time.h"
#include "engine/road/compile.h"
#include "engine/road/lane_curve.h"
#include "engine/road/road_map.h"
#include "scenarios/opendrive/opendrive.h"

namespace huntsman::apps {

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::math::Vec2;
using engine::math::Vec3;
using nlohmann::ordered_json;

namespace {

using Clock = engine::core::WallClock;
using engine::core::seconds_since;

void add_summary(const std::string& name, const std::string& unit, std::vector<double> values,
                 ordered_json& row) {
    std::sort(values.begin(), values.end());
    row[name + "_min_" + unit] = values.front();
    row[name + "_median_" + unit] = values[values.size() / 2];
}

constexpr std::size_t kQueries = 20'000;
constexpr std::size_t kRoutes = 50;

// Where roads are asked about: spread over the driven lanes, up to `beside_m` to either side of
// their middle.
struct QueryPose {
    Vec3 p{0, 0, 0};
    double heading_rad = 0;
};
std::vector<QueryPose> query_poses(const engine::world::RoadNetwork& network, double beside_m) {
    std::vector<const engine::world::Lane*> lanes;
    for (const auto& lane : network.lanes) {
        if (lane.kind == engine::world::LaneKind::kDriving) lanes.push_back(&lane);
    }
    std::vector<QueryPose> out;
    const Key key = Key(1).with("bench");
    for (std::size_t i = 0; i < kQueries && !lanes.empty(); ++i) {
        const Key own = key.with(i);
        const auto& lane = *lanes[own.index(lanes.size(), 0)];
        const auto q = engine::road::lane_at(lane, own.uniform(0, lane.length_m, 1));
        const Vec2 left = engine::math::perp(engine::math::direction(q.heading_rad));
        out.push_back({q.p + Vec3(own.uniform(-beside_m, beside_m, 2) * left, 0.3), q.heading_rad});
    }
    return out;
}

}  // namespace

Result<ordered_json> bench_road(const std::filesystem::path& file, int repeats) {
    std::vector<double> load, compile, index, nearest, nearest_beside, surface, surface_beside,
        route;
    engine::world::World world;
    for (int i = 0; i < repeats; ++i) {
        auto start = Clock::now();
        HM_TAKE(auto reading, scenarios::opendrive::read(file));
        load.push_back(1e3 * seconds_since(start));
        world.road_model = std::move(reading.model);
        start = Clock::now();
        const engine::road::RoadGeometry geometry(world.road_model);
        world.roads = engine::road::compile(world.road_model, geometry);
        compile.push_back(1e3 * seconds_since(start));
        start = Clock::now();
        const engine::road::RoadMap map(world);
        index.push_back(1e3 * seconds_since(start));

        const auto on = query_poses(world.roads, 1.5), beside = query_poses(world.roads, 12.0);
        if (on.empty()) return Error{.message = "has no driven lane", .file = file.string()};
        double sum = 0;  // so that nothing is left out
        const auto each = [&](const std::vector<QueryPose>& list, std::vector<double>& ns,
                              auto ask) {
            const auto begin = Clock::now();
            for (const QueryPose& pose : list) sum += ask(pose);
            ns.push_back(1e9 * seconds_since(begin) / static_cast<double>(list.size()));
        };
        const auto ask_lane = [&](const QueryPose& q) {
            const auto found = map.nearest_lane(q.p, q.heading_rad);
            return found ? found->s_m : 0.0;
        };
        const auto ask_surface = [&](const QueryPose& q) { return map.surface(q.p).height_m; };
        each(on, nearest, ask_lane);
        each(beside, nearest_beside, ask_lane);
        each(on, surface, ask_surface);
        each(beside, surface_beside, ask_surface);
        // Routes between drawn lanes.
        const Key key = Key(2).with("routes");
        start = Clock::now();
        for (std::size_t r = 0; r < kRoutes; ++r) {
            const auto from = map.nearest_lane(on[key.index(on.size(), 2 * r)].p, 0);
            const auto to = map.nearest_lane(on[key.index(on.size(), 2 * r + 1)].p, 0);
            if (from && to) sum += static_cast<double>(map.route(from->lane, to->lane).size());
        }
        route.push_back(1e6 * seconds_since(start) / kRoutes);
        if (!(sum > -1e300)) return Error{.message = "queries gave no number"};
    }
    double length = 0;
    std::size_t driven = 0;
    for (const auto& road : world.road_model.roads) length += road.length_m;
    for (const auto& lane : world.roads.lanes) {
        driven += lane.kind == engine::world::LaneKind::kDriving ? 1 : 0;
    }
    ordered_json row = {{"map", file.string()},   {"roads", world.road_model.roads.size()},
                        {"length_m", length},     {"lanes", world.roads.lanes.size()},
                        {"driven_lanes", driven}, {"junctions", world.roads.junctions.size()}};
    add_summary("load", "ms", load, row);
    add_summary("compile", "ms", compile, row);
    add_summary("index", "ms", index, row);
    add_summary("nearest_lane", "ns", nearest, row);
    add_summary("nearest_lane_beside", "ns", nearest_beside, row);
    add_summary("surface", "ns", surface, row);
    add_summary("surface_beside", "ns", surface_beside, row);
    add_summary("route", "us", route, row);
    return ordered_json::array({row});
}

}  // namespace huntsman::apps
