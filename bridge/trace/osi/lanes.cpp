#include "bridge/trace/osi/lanes.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "bridge/trace/osi/boundaries.h"
#include "bridge/trace/osi/convert.h"
#include "engine/road/road_map.h"

namespace huntsman::bridge::trace::osi {

using engine::math::Vec3;
using engine::world::kNone;
using engine::world::Lane;
using engine::world::LaneId;
using engine::world::LaneKind;
using engine::world::World;
using Classification = osi3::Lane::Classification;

namespace {

// Lanes by road, section and id in it.
using Places = std::map<std::tuple<std::uint32_t, std::uint32_t, int>, LaneId>;

Places places_of(const World& world) {
    Places places;
    for (const Lane& lane : world.roads.lanes) {
        if (!lane.in_junction()) places[{lane.road, lane.section, lane.model_lane}] = lane.id;
    }
    return places;
}

void set_kind(Classification* to, LaneKind kind) {
    to->set_type(kind == LaneKind::kDriving ? Classification::TYPE_DRIVING
                                            : Classification::TYPE_NONDRIVING);
    switch (kind) {
        case LaneKind::kDriving:
            to->set_subtype(Classification::SUBTYPE_NORMAL);
            break;
        case LaneKind::kParking:
            to->set_subtype(Classification::SUBTYPE_PARKING);
            break;
        case LaneKind::kCycle:
            to->set_subtype(Classification::SUBTYPE_BIKING);
            break;
        case LaneKind::kShoulder:
            to->set_subtype(Classification::SUBTYPE_SHOULDER);
            break;
    }
}

// The lanes beside it, those of the other direction too.
void add_neighbours(Classification* to, const World& world, const Lane& lane,
                    const Places& places) {
    const LaneSides sides = sides_of(world, lane);
    const auto add = [&](bool left, LaneId id) {
        if (id == kNone) return;
        (left ? to->add_left_adjacent_lane_id() : to->add_right_adjacent_lane_id())
            ->set_value(lane_id(world.roads.lanes[id]));
    };
    if (sides.road == nullptr) {
        add(true, lane.left);
        add(false, lane.right);
        return;
    }
    for (const bool outer : {true, false}) {
        const auto found =
            places.find({lane.road, lane.section, outer ? sides.outer : sides.beyond_inner});
        if (found != places.end()) add(outer != sides.outer_is_right, found->second);
    }
}

void add_pairing(Classification* to, const Lane* before, const Lane* after) {
    auto* pairing = to->add_lane_pairing();
    if (before != nullptr) pairing->mutable_antecessor_lane_id()->set_value(lane_id(*before));
    if (after != nullptr) pairing->mutable_successor_lane_id()->set_value(lane_id(*after));
}

// Ways through a lane; several connections of one junction are one lane.
void add_pairings(Classification* to, const World& world, const Lane& lane) {
    const auto distinct = [&](const std::vector<LaneId>& ids) {
        std::map<std::uint64_t, const Lane*> lanes;
        for (const LaneId id : ids)
            lanes.emplace(lane_id(world.roads.lanes[id]), &world.roads.lanes[id]);
        if (lanes.empty()) lanes.emplace(0, nullptr);
        return lanes;
    };
    if (lane.predecessors.empty() && lane.successors.empty()) return;
    for (const auto& before : distinct(lane.predecessors)) {
        for (const auto& after : distinct(lane.successors)) {
            add_pairing(to, before.second, after.second);
        }
    }
}

void add_lane(const World& world, const Lane& lane, const Places& places, osi3::GroundTruth& to) {
    osi3::Lane* result = to.add_lane();
    result->mutable_id()->set_value(lane_id(lane));
    Classification* classification = result->mutable_classification();
    set_kind(classification, lane.kind);
    classification->set_is_host_vehicle_lane(false);
    for (const LanePoint& point : lane_line(lane, 0)) {
        set(classification->add_centerline(), point.p_W);
    }
    classification->set_centerline_is_driving_direction(true);
    add_neighbours(classification, world, lane, places);
    add_pairings(classification, world, lane);
    for (const bool left : {true, false}) {
        osi3::LaneBoundary* boundary = to.add_lane_boundary();
        const std::uint64_t id = id_of(IdKind::kBoundary, 2ULL * lane.id + (left ? 0 : 1));
        boundary->mutable_id()->set_value(id);
        set_boundary(boundary, world, lane, left);
        (left ? classification->add_left_lane_boundary_id()
              : classification->add_right_lane_boundary_id())
            ->set_value(id);
    }
    if (const LaneSides sides = sides_of(world, lane); sides.road != nullptr) {
        add_reference(result->add_source_reference(),
                      {sides.road->id, fmt::format("{}", sides.section->s_m),
                       fmt::format("{}", lane.model_lane)});
    }
}

// Whether a point lies on one of these lanes, well within its borders.
bool within(const engine::road::RoadMap& map, const std::vector<LaneId>& lanes, LaneId but,
            const Vec3& p_W) {
    constexpr double kMargin_m = 0.05;  // borders that two connections share stay borders
    for (const LaneId id : lanes) {
        if (id == but) continue;
        const auto place = map.project(id, engine::math::xy(p_W));
        const auto at = map.at(id, place.s_m);
        const Vec3 between = p_W - map.point(place);
        if (std::abs(place.t_m) < 0.5 * at.width_m - kMargin_m &&
            glm::length(engine::math::xy(between)) < 0.01 &&
            std::abs(between.z) < engine::road::kLevel_m) {
            return true;
        }
    }
    return false;
}

// The pieces of a connection's border that are the junction's.
std::vector<LaneLine> free_pieces(const engine::road::RoadMap& map,
                                  const std::vector<LaneId>& connections, const Lane& lane,
                                  bool left) {
    std::vector<LaneLine> pieces(1);
    constexpr double kStep_m = 0.5;
    const int steps = std::max(1, static_cast<int>(std::ceil(lane.length_m / kStep_m)));
    for (int i = 0; i <= steps; ++i) {
        const double s_m = lane.length_m * i / steps;
        const auto at = map.at(lane.id, s_m);
        const Vec3 p_W = map.point({lane.id, s_m, (left ? 0.5 : -0.5) * at.width_m});
        if (within(map, connections, lane.id, p_W)) {
            if (!pieces.back().empty()) pieces.emplace_back();
        } else {
            pieces.back().push_back({s_m, p_W});
        }
    }
    std::erase_if(pieces, [](const LaneLine& piece) { return piece.size() < 2; });
    for (LaneLine& piece : pieces) piece = simplified(piece, kLineError_m);
    return pieces;
}

void add_junction(const World& world, const engine::road::RoadMap& map,
                  const engine::world::Junction& junction, std::uint64_t& next_boundary,
                  osi3::GroundTruth& to) {
    osi3::Lane* result = to.add_lane();
    result->mutable_id()->set_value(id_of(IdKind::kJunction, junction.id));
    Classification* classification = result->mutable_classification();
    classification->set_type(Classification::TYPE_INTERSECTION);
    classification->set_subtype(Classification::SUBTYPE_NORMAL);
    classification->set_is_host_vehicle_lane(false);
    std::set<std::pair<std::uint64_t, std::uint64_t>> ways;
    for (const LaneId id : junction.connections) {
        const Lane& lane = world.roads.lanes[id];
        for (const LaneId before : lane.predecessors) {
            for (const LaneId after : lane.successors) {
                // Ways that go on within the junction begin and end elsewhere.
                if (world.roads.lanes[before].junction == junction.id ||
                    world.roads.lanes[after].junction == junction.id) {
                    continue;
                }
                ways.emplace(lane_id(world.roads.lanes[before]), lane_id(world.roads.lanes[after]));
            }
        }
        for (const bool left : {true, false}) {
            for (const LaneLine& piece : free_pieces(map, junction.connections, lane, left)) {
                osi3::LaneBoundary* boundary = to.add_lane_boundary();
                const std::uint64_t boundary_id = id_of(IdKind::kBoundary, next_boundary++);
                boundary->mutable_id()->set_value(boundary_id);
                boundary->mutable_classification()->set_type(
                    osi3::LaneBoundary::Classification::TYPE_ROAD_EDGE);
                boundary->mutable_classification()->set_color(
                    osi3::LaneBoundary::Classification::COLOR_NONE);
                for (const LanePoint& point : piece) {
                    auto* each = boundary->add_boundary_line();
                    set(each->mutable_position(), point.p_W);
                    each->set_width(0);
                    each->set_height(0);
                }
                classification->add_free_lane_boundary_id()->set_value(boundary_id);
            }
        }
    }
    for (const auto& [before, after] : ways) {
        auto* pairing = classification->add_lane_pairing();
        pairing->mutable_antecessor_lane_id()->set_value(before);
        pairing->mutable_successor_lane_id()->set_value(after);
    }
}

}  // namespace

std::uint64_t lane_id(const Lane& lane) {
    return lane.in_junction() ? id_of(IdKind::kJunction, lane.junction)
                              : id_of(IdKind::kLane, lane.id);
}

void add_lanes(const World& world, osi3::GroundTruth& to) {
    const Places places = places_of(world);
    for (const Lane& lane : world.roads.lanes) {
        if (!lane.in_junction()) add_lane(world, lane, places, to);
    }
    const engine::road::RoadMap map(world.roads);
    std::uint64_t next_boundary = 2ULL * world.roads.lanes.size();
    for (const auto& junction : world.roads.junctions) {
        add_junction(world, map, junction, next_boundary, to);
    }
}

}  // namespace huntsman::bridge::trace::osi
