#include <algorithm>

#include "engine/math/geometry.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/layout_parts.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using namespace engine::world;

Profile smooth_profile(const std::vector<std::pair<double, double>>& points) {
    Profile out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto [s, value] = points[i];
        Cubic cubic{s, value, 0, 0, 0};
        if (i + 1 < points.size()) {
            const double length = points[i + 1].first - s, by = points[i + 1].second - value;
            cubic.c = 3 * by / (length * length);
            cubic.d = -2 * by / (length * length * length);
        }
        out.push_back(cubic);
    }
    return out;
}

Profile eased_profile(double from, double to, double length_m) {
    const double by = to - from;
    return {Cubic{0, from, 0, 3 * by / (length_m * length_m),
                  -2 * by / (length_m * length_m * length_m)}};
}

namespace {

constexpr double kWorksTaper_m = 18.0;  // over which lanes shift at roadworks
constexpr double kNarrowLane_m = 2.85;  // of a lane beside roadworks

// A value that is `open` inside the spans and `closed` outside, with tapers outside of them.
Profile opened(const std::vector<Span>& spans, double open, double closed, double taper_m) {
    std::vector<std::pair<double, double>> points{{0.0, closed}};
    for (const Span& span : spans) {
        points.push_back({span.begin_m - taper_m, closed});
        points.push_back({span.begin_m, open});
        points.push_back({span.end_m, open});
        points.push_back({span.end_m + taper_m, closed});
    }
    return smooth_profile(points);
}

RoadMark mark(MarkType type, MarkColour colour, double width_m, LaneChange change) {
    RoadMark out;
    out.type = type;
    out.colour = colour;
    out.width_m = width_m;
    out.lane_change = change;
    return out;
}

// How the lanes of a street shift at its roadworks: by how much the middle moves to the left, and
// how much narrower the lane beside the works is.
struct Shift {
    double middle_m = 0, narrower_m = 0;
};
Shift shift_of(const Street& street) {
    if (!street.works) return {};
    double lane = 0;
    bool cycles = false;
    for (const Strip& strip : street.right.strips) {
        if (strip.type == LaneType::kDriving) lane = strip.width_m;
        cycles = cycles || strip.type == LaneType::kBiking;
    }
    for (const Strip& strip : street.left.strips)
        cycles = cycles || strip.type == LaneType::kBiking;
    const double most = lane - kNarrowLane_m;
    const double each = std::min(0.5 * street.works->width_m, most);
    if (cycles || each < 0.3) return {};
    return {each, each};
}

}  // namespace

void Emitter::add_streets() {
    for (std::uint32_t i = 0; i < layout.streets.size(); ++i) {
        Street& street = layout.streets[i];
        street.road = static_cast<std::uint32_t>(model.roads.size());
        Road road;
        road.id = std::to_string(street.road);
        road.length_m = street.length_m();
        road.plan = street.path.plan(street.begin_m, street.end_m);
        road.elevation = street.elevation;
        const bool fast = street.kind == StreetKind::kMotorway || street.kind == StreetKind::kRamp;
        road.types.push_back(
            {0, fast ? "motorway" : "town", style.country, street.speed_limit_mps});
        road.name = street.kind == StreetKind::kMotorway   ? "Motorway"
                    : street.kind == StreetKind::kRamp     ? "Ramp"
                    : street.kind == StreetKind::kArterial ? "Main street"
                                                           : "Street";

        const Shift shift = shift_of(street);
        if (street.works && shift.middle_m == 0) street.works.reset();
        std::vector<Span> works;
        if (street.works) {
            works.push_back({street.works->span.begin_m - street.begin_m,
                             street.works->span.end_m - street.begin_m});
        }
        if (street.middle_m != 0 || !works.empty()) {
            road.lane_offset = works.empty() ? Profile{{0, street.middle_m, 0, 0, 0}}
                                             : opened(works, street.middle_m + shift.middle_m,
                                                      street.middle_m, kWorksTaper_m);
        }

        LaneSection section;
        const MarkColour centre = us() ? MarkColour::kYellow : MarkColour::kWhite;
        const bool marked = street.speed_limit_mps > 9.0 || street.kind != StreetKind::kLocal;
        const auto side_lanes = [&](const Side& side, bool left) {
            std::vector<ModelLane> lanes;
            int id = 0;
            for (std::size_t k = 0; k < side.strips.size(); ++k) {
                const Strip& strip = side.strips[k];
                ModelLane lane;
                lane.id = left ? ++id : -(++id);
                lane.type = strip.type;
                if (strip.type == LaneType::kParking) {
                    std::vector<Span> bays;
                    for (const Span& bay : side.bays) {
                        bays.push_back({bay.begin_m - street.begin_m, bay.end_m - street.begin_m});
                    }
                    lane.widths = bays.empty() ? Profile{{0, 0, 0, 0, 0}}
                                               : opened(bays, strip.width_m, 0, kBayTaper_m);
                } else if (strip.type == LaneType::kDriving && !works.empty()) {
                    const double by = left ? shift.middle_m : shift.narrower_m;
                    lane.widths = opened(works, strip.width_m - by, strip.width_m, kWorksTaper_m);
                } else {
                    lane.widths = {{0, strip.width_m, 0, 0, 0}};
                }
                if (strip.height_m > 0) {
                    lane.heights.push_back({0, strip.height_m, strip.height_m});
                }
                if (strip.type == LaneType::kDriving) {
                    lane.speeds.push_back({0, street.speed_limit_mps});
                    const bool inner =
                        k + 1 < side.strips.size() && side.strips[k + 1].type == LaneType::kDriving;
                    const bool beside_cycles =
                        k + 1 < side.strips.size() && side.strips[k + 1].type == LaneType::kBiking;
                    if (inner) {
                        lane.marks.push_back(mark(MarkType::kBroken, MarkColour::kWhite,
                                                  fast ? 0.15 : 0.12, LaneChange::kBoth));
                    } else if (beside_cycles) {
                        lane.marks.push_back(mark(MarkType::kSolid, MarkColour::kWhite, 0.25,
                                                  LaneChange::kForbidden));
                    } else if (fast || street.arterial() || us()) {
                        lane.marks.push_back(mark(MarkType::kSolid, MarkColour::kWhite,
                                                  fast ? 0.3 : 0.12, LaneChange::kForbidden));
                    }
                } else if (strip.type == LaneType::kMedian) {
                    lane.marks.push_back(mark(MarkType::kSolid, us() ? centre : MarkColour::kWhite,
                                              fast ? 0.15 : 0.12, LaneChange::kForbidden));
                }
                lanes.push_back(std::move(lane));
                if (strip.type == LaneType::kDriving && !left && !works.empty()) {
                    ModelLane gap;
                    gap.id = -(++id);
                    gap.type = LaneType::kRoadWorks;
                    gap.widths = opened(works, shift.middle_m + shift.narrower_m, 0, kWorksTaper_m);
                    lanes.push_back(std::move(gap));
                }
            }
            return lanes;
        };
        auto lanes = side_lanes(street.left, true);
        std::reverse(lanes.begin(), lanes.end());
        ModelLane zero;
        const bool has_median =
            !street.right.strips.empty() && street.right.strips[0].type == LaneType::kMedian;
        if (street.kind == StreetKind::kArterial && !has_median) {
            zero.marks.push_back(mark(us() ? MarkType::kSolidSolid : MarkType::kSolid, centre, 0.12,
                                      LaneChange::kForbidden));
        } else if (street.kind == StreetKind::kLocal && marked) {
            zero.marks.push_back(mark(MarkType::kBroken, centre, 0.12, LaneChange::kBoth));
        } else if (street.kind == StreetKind::kRamp) {
            zero.marks.push_back(
                mark(MarkType::kSolid, MarkColour::kWhite, 0.15, LaneChange::kForbidden));
        }
        lanes.push_back(std::move(zero));
        const auto right = side_lanes(street.right, false);
        lanes.insert(lanes.end(), right.begin(), right.end());
        section.lanes = std::move(lanes);
        road.sections.push_back(std::move(section));

        // A road that rises over another stands on a bridge there.
        if (street.kind == StreetKind::kMotorway && street.elevation.size() == 5) {
            Structure bridge;
            bridge.id = "bridge" + road.id;
            bridge.type = "concrete";
            const double rise = street.elevation[1].s_m, fall = street.elevation[4].s_m;
            bridge.s_m = rise + 0.35 * (street.elevation[2].s_m - rise);
            bridge.length_m = fall - 0.35 * (fall - street.elevation[3].s_m) - bridge.s_m;
            road.structures.push_back(bridge);
        }
        model.roads.push_back(std::move(road));
    }
}

void Emitter::add_railway() {
    if (!layout.railway) return;
    Road road;
    road.id = std::to_string(model.roads.size());
    road.name = "Railway";
    road.length_m = layout.railway->length_m();
    road.plan = layout.railway->plan();
    road.elevation = {{0, railway_height_m(layout), 0, 0, 0}};
    LaneSection section;
    for (const int id : {2, 1, 0, -1, -2}) {
        ModelLane lane;
        lane.id = id;
        if (id != 0) {
            lane.type = std::abs(id) == 1 ? LaneType::kRail : LaneType::kRestricted;
            lane.widths = {{0, std::abs(id) == 1 ? 3.6 : 1.2, 0, 0, 0}};
        }
        section.lanes.push_back(std::move(lane));
    }
    road.sections.push_back(std::move(section));
    Structure bridge;
    bridge.id = "viaduct";
    bridge.type = "concrete";
    bridge.length_m = road.length_m;
    road.structures.push_back(bridge);
    model.roads.push_back(std::move(road));
}

// Parking places, bus stops, roadworks and the motorway's barriers.
void Emitter::add_street_objects() {
    for (const Street& street : layout.streets) {
        Road& road = model.roads[street.road];
        const auto add = [&](const char* type, double s, double t) -> ModelObject& {
            ModelObject object;
            object.id = std::to_string(next_object++);
            object.type = type;
            object.s_m = s;
            object.t_m = t;
            object.has_box = true;
            road.objects.push_back(object);
            return road.objects.back();
        };
        for (const bool left : {true, false}) {
            const Side& side = left ? street.left : street.right;
            const double sign = left ? 1.0 : -1.0;
            for (const Span& bay : side.bays) {
                const int places =
                    static_cast<int>(std::lround((bay.end_m - bay.begin_m) / kPlace_m));
                for (int i = 0; i < places; ++i) {
                    const double s = bay.begin_m - street.begin_m + (i + 0.5) * kPlace_m;
                    const double t = street.middle_m + sign * (side.kerb_m() + 0.5 * kBay_m);
                    ModelObject& place = add("parkingSpace", s, t);
                    place.length_m = kPlace_m;
                    place.width_m = kBay_m;
                    place.height_m = 0.01;
                    place.parking_access = "all";
                    // Beside the lane, facing with its traffic.
                    const bool with_road = street.kind == StreetKind::kOneWay || !left;
                    place.heading_rad = with_road ? 0.0 : math::kPi;
                    place.orientation = with_road ? Orientation::kForward : Orientation::kBackward;
                }
            }
        }
        const double length = road.length_m;
        if (street.bus_stops && length > 70) {
            for (const bool left : {true, false}) {
                const Side& side = left ? street.left : street.right;
                const double sign = left ? 1.0 : -1.0;
                const double s = left ? 0.35 * length : 0.65 * length;
                ModelObject& stop = add("obstacle", s, sign * (side.outer_m() - 0.6));
                stop.subtype = "busStop";
                stop.name = "bus stop shelter";
                stop.length_m = 4.0;
                stop.width_m = 1.1;  // people pass in front of it
                stop.height_m = 2.5;
                stop.z_offset_m = kPavement_m;
                stop.heading_rad = left ? math::kPi : 0.0;
                ModelSignal& sign_post =
                    add_signal(street.road, s + (left ? -6.0 : 6.0), sign * (side.kerb_m() + 0.5),
                               left ? Orientation::kBackward : Orientation::kForward);
                sign_post.type = us() ? "R7-107" : "224";
                sign_post.name = "bus stop";
            }
        }
        if (street.works) {
            const double begin = street.works->span.begin_m - street.begin_m;
            const double end = street.works->span.end_m - street.begin_m;
            const Shift shift = shift_of(street);
            const double lane = street.right.kerb_m() - kGutter_m;
            const double width = shift.middle_m + shift.narrower_m;
            // Cones along the edge of the works, barriers across their ends.
            const double edge = street.middle_m - (lane - width);
            for (double s = begin - 0.6 * kWorksTaper_m; s <= end + 0.6 * kWorksTaper_m; s += 2.5) {
                const double outside = std::max({0.0, begin - s, s - end}) / kWorksTaper_m;
                const double open = 1.0 - outside * outside * (3.0 - 2.0 * outside);
                ModelObject& cone = add("obstacle", s, edge - (1.0 - open) * width - 0.3);
                cone.name = "trafficCone";
                cone.subtype = "cone";
                cone.length_m = cone.width_m = 0.36;
                cone.height_m = 0.75;
            }
            for (const double s : {begin, end}) {
                ModelObject& barrier = add("barrier", s, edge - 0.5 * width - 0.1);
                barrier.name = "roadworks barrier";
                barrier.length_m = 0.1;
                barrier.width_m = width - 0.4;
                barrier.height_m = 1.0;
            }
            ModelObject& pile = add("obstacle", 0.5 * (begin + end), edge - 0.5 * width - 0.15);
            pile.name = "material";
            pile.length_m = 2.4;
            pile.width_m = std::max(0.3, width - 0.7);
            pile.height_m = 0.5;
            ModelSignal& warning =
                add_signal(street.road, std::max(2.0, begin - kWorksTaper_m - 6.0),
                           street.middle_m - (street.right.kerb_m() + 0.5), Orientation::kForward);
            warning.type = us() ? "W21-5" : "123";
            warning.name = "roadworks";
        }
        if (street.kind == StreetKind::kMotorway) {
            const auto rail = [&](double t) {
                ModelObject& barrier = add("barrier", 0, t);
                barrier.name = "guardRail";
                barrier.subtype = "guardRail";
                barrier.height_m = 0.75;
                barrier.width_m = 0.3;
                ObjectRepeat repeat;
                repeat.length_m = length;
                repeat.t_start_m = repeat.t_end_m = t;
                repeat.height_start_m = repeat.height_end_m = 0.75;
                repeat.width_start_m = repeat.width_end_m = 0.3;
                barrier.repeats.push_back(repeat);
            };
            rail(0.0);
        }
    }
}

}  // namespace huntsman::scenarios::town
