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

Profile constant(double value) { return {{0, value, 0, 0, 0}}; }

// The road of one street between its nodes.
class StreetRoad {
  public:
    StreetRoad(const Emitter& emitter, const Street& street)
        : emitter_(emitter), street_(street), shift_(shift_of(street)) {
        if (street.works) {
            works_.push_back({street.works->span.begin_m - street.begin_m,
                              street.works->span.end_m - street.begin_m});
        }
    }

    Road build() const {
        Road road;
        road.id = std::to_string(street_.road);
        road.length_m = street_.length_m();
        road.plan = street_.path.plan(street_.begin_m, street_.end_m);
        road.elevation = street_.elevation;
        road.types.push_back(
            {0, fast() ? "motorway" : "town", emitter_.style.country, street_.speed_limit_mps});
        road.name = street_.kind == StreetKind::kMotorway   ? "Motorway"
                    : street_.kind == StreetKind::kRamp     ? "Ramp"
                    : street_.kind == StreetKind::kArterial ? "Main street"
                                                            : "Street";
        if (street_.middle_m != 0 || !works_.empty()) {
            road.lane_offset = beside_works(street_.middle_m, street_.middle_m + shift_.middle_m);
        }
        road.sections.push_back(section());
        add_bridge(road);
        return road;
    }

  private:
    bool fast() const {
        return street_.kind == StreetKind::kMotorway || street_.kind == StreetKind::kRamp;
    }
    MarkColour centre_colour() const {
        return emitter_.us() ? MarkColour::kYellow : MarkColour::kWhite;
    }

    // A value that differs beside roadworks.
    Profile beside_works(double elsewhere, double there) const {
        return works_.empty() ? constant(elsewhere)
                              : opened(works_, there, elsewhere, kWorksTaper_m);
    }

    LaneSection section() const {
        LaneSection out;
        out.lanes = side_lanes(street_.left, true);
        std::reverse(out.lanes.begin(), out.lanes.end());
        out.lanes.push_back(centre_lane());
        const auto right = side_lanes(street_.right, false);
        out.lanes.insert(out.lanes.end(), right.begin(), right.end());
        return out;
    }

    // From the middle outwards.
    std::vector<ModelLane> side_lanes(const Side& side, bool left) const {
        std::vector<ModelLane> lanes;
        int id = 0;
        for (std::size_t k = 0; k < side.strips.size(); ++k) {
            const Strip& strip = side.strips[k];
            ModelLane lane;
            lane.id = left ? ++id : -(++id);
            lane.type = strip.type;
            lane.widths = strip_width(side, strip, left);
            if (strip.height_m > 0) lane.heights.push_back({0, strip.height_m, strip.height_m});
            if (strip.type == LaneType::kDriving) {
                lane.speeds.push_back({0, street_.speed_limit_mps});
            }
            lane.marks = strip_marks(side, k);
            lanes.push_back(std::move(lane));
            if (strip.type == LaneType::kDriving && !left && !works_.empty()) {
                ModelLane gap;
                gap.id = -(++id);
                gap.type = LaneType::kRoadWorks;
                gap.widths = beside_works(0, shift_.middle_m + shift_.narrower_m);
                lanes.push_back(std::move(gap));
            }
        }
        return lanes;
    }

    Profile strip_width(const Side& side, const Strip& strip, bool left) const {
        if (strip.type == LaneType::kParking) {
            std::vector<Span> bays;
            for (const Span& bay : side.bays) {
                bays.push_back({bay.begin_m - street_.begin_m, bay.end_m - street_.begin_m});
            }
            return bays.empty() ? constant(0) : opened(bays, strip.width_m, 0, kBayTaper_m);
        }
        if (strip.type == LaneType::kDriving) {
            const double by = left ? shift_.middle_m : shift_.narrower_m;
            return beside_works(strip.width_m, strip.width_m - by);
        }
        return constant(strip.width_m);
    }

    // The line on the outer side of strip k.
    std::vector<RoadMark> strip_marks(const Side& side, std::size_t k) const {
        const LaneType type = side.strips[k].type;
        const LaneType next =
            k + 1 < side.strips.size() ? side.strips[k + 1].type : LaneType::kUnused;
        const double narrow = fast() ? 0.15 : 0.12;
        if (type == LaneType::kMedian) {
            return {mark(MarkType::kSolid, centre_colour(), narrow, LaneChange::kForbidden)};
        }
        if (type != LaneType::kDriving) return {};
        if (next == LaneType::kDriving) {
            return {mark(MarkType::kBroken, MarkColour::kWhite, narrow, LaneChange::kBoth)};
        }
        if (next == LaneType::kBiking) {
            return {mark(MarkType::kSolid, MarkColour::kWhite, 0.25, LaneChange::kForbidden)};
        }
        if (fast() || street_.arterial() || emitter_.us()) {
            return {mark(MarkType::kSolid, MarkColour::kWhite, fast() ? 0.3 : 0.12,
                         LaneChange::kForbidden)};
        }
        return {};
    }

    ModelLane centre_lane() const {
        ModelLane zero;
        const bool has_median =
            !street_.right.strips.empty() && street_.right.strips[0].type == LaneType::kMedian;
        if (street_.kind == StreetKind::kArterial && !has_median) {
            zero.marks.push_back(mark(emitter_.us() ? MarkType::kSolidSolid : MarkType::kSolid,
                                      centre_colour(), 0.12, LaneChange::kForbidden));
        } else if (street_.kind == StreetKind::kLocal && street_.speed_limit_mps > 9.0) {
            zero.marks.push_back(mark(MarkType::kBroken, centre_colour(), 0.12, LaneChange::kBoth));
        } else if (street_.kind == StreetKind::kRamp) {
            zero.marks.push_back(
                mark(MarkType::kSolid, MarkColour::kWhite, 0.15, LaneChange::kForbidden));
        }
        return zero;
    }

    // A road that rises over another stands on a bridge there.
    void add_bridge(Road& road) const {
        const auto& elevation = street_.elevation;
        if (street_.kind != StreetKind::kMotorway || elevation.size() != 5) return;
        Structure bridge;
        bridge.id = "bridge" + road.id;
        bridge.type = "concrete";
        const double rise = elevation[1].s_m, fall = elevation[4].s_m;
        bridge.s_m = rise + 0.35 * (elevation[2].s_m - rise);
        bridge.length_m = fall - 0.35 * (fall - elevation[3].s_m) - bridge.s_m;
        road.structures.push_back(bridge);
    }

    const Emitter& emitter_;
    const Street& street_;
    Shift shift_;
    std::vector<Span> works_;  // along the road
};

// What stands on and beside one street.
class StreetObjects {
  public:
    StreetObjects(Emitter& emitter, const Street& street)
        : emitter_(emitter), street_(street), road_(emitter.model.roads[street.road]) {}

    void add_parking() {
        for (const bool left : {true, false}) {
            const Side& side = left ? street_.left : street_.right;
            const double t =
                street_.middle_m + (left ? 1.0 : -1.0) * (side.kerb_m() + 0.5 * kBay_m);
            // Beside the lane, facing with its traffic.
            const bool with_road = street_.kind == StreetKind::kOneWay || !left;
            for (const Span& bay : side.bays) {
                const int places =
                    static_cast<int>(std::lround((bay.end_m - bay.begin_m) / kPlace_m));
                for (int i = 0; i < places; ++i) {
                    const double s = bay.begin_m - street_.begin_m + (i + 0.5) * kPlace_m;
                    ModelObject& place = add("parkingSpace", s, t);
                    place.length_m = kPlace_m;
                    place.width_m = kBay_m;
                    place.height_m = 0.01;
                    place.parking_access = "all";
                    place.heading_rad = with_road ? 0.0 : math::kPi;
                    place.orientation = with_road ? Orientation::kForward : Orientation::kBackward;
                }
            }
        }
    }

    void add_bus_stops() {
        if (!street_.bus_stops || road_.length_m <= 70) return;
        for (const bool left : {true, false}) {
            const Side& side = left ? street_.left : street_.right;
            const double sign = left ? 1.0 : -1.0;
            const double s = left ? 0.35 * road_.length_m : 0.65 * road_.length_m;
            ModelObject& stop = add("obstacle", s, sign * (side.outer_m() - 0.6));
            stop.subtype = "busStop";
            stop.name = "bus stop shelter";
            stop.length_m = 4.0;
            stop.width_m = 1.1;  // people pass in front of it
            stop.height_m = 2.5;
            stop.z_offset_m = kPavement_m;
            stop.heading_rad = left ? math::kPi : 0.0;
            ModelSignal& post = emitter_.add_signal(
                street_.road, s + (left ? -6.0 : 6.0), sign * (side.kerb_m() + 0.5),
                left ? Orientation::kBackward : Orientation::kForward);
            post.type = emitter_.us() ? "R7-107" : "224";
            post.name = "bus stop";
        }
    }

    void add_works() {
        if (!street_.works) return;
        const double begin = street_.works->span.begin_m - street_.begin_m;
        const double end = street_.works->span.end_m - street_.begin_m;
        const Shift shift = shift_of(street_);
        const double lane = street_.right.kerb_m() - kGutter_m;
        const double width = shift.middle_m + shift.narrower_m;
        const double edge = street_.middle_m - (lane - width);
        add_cones(begin, end, edge, width);
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
        ModelSignal& warning = emitter_.add_signal(
            street_.road, std::max(2.0, begin - kWorksTaper_m - 6.0),
            street_.middle_m - (street_.right.kerb_m() + 0.5), Orientation::kForward);
        warning.type = emitter_.us() ? "W21-5" : "123";
        warning.name = "roadworks";
    }

    // Between a motorway's carriageways.
    void add_guard_rail() {
        if (street_.kind != StreetKind::kMotorway) return;
        ModelObject& barrier = add("barrier", 0, 0);
        barrier.name = "guardRail";
        barrier.subtype = "guardRail";
        barrier.height_m = 0.75;
        barrier.width_m = 0.3;
        ObjectRepeat repeat;
        repeat.length_m = road_.length_m;
        repeat.height_start_m = repeat.height_end_m = 0.75;
        repeat.width_start_m = repeat.width_end_m = 0.3;
        barrier.repeats.push_back(repeat);
    }

  private:
    ModelObject& add(const char* type, double s_m, double t_m) {
        ModelObject object;
        object.id = std::to_string(emitter_.next_object++);
        object.type = type;
        object.s_m = s_m;
        object.t_m = t_m;
        object.has_box = true;
        road_.objects.push_back(object);
        return road_.objects.back();
    }

    // Along the edge of the works and of their tapers.
    void add_cones(double begin_m, double end_m, double edge_m, double width_m) {
        const double before = 0.6 * kWorksTaper_m;
        for (double s = begin_m - before; s <= end_m + before; s += 2.5) {
            const double outside = std::max({0.0, begin_m - s, s - end_m}) / kWorksTaper_m;
            const double open = 1.0 - outside * outside * (3.0 - 2.0 * outside);
            ModelObject& cone = add("obstacle", s, edge_m - (1.0 - open) * width_m - 0.3);
            cone.name = "trafficCone";
            cone.subtype = "cone";
            cone.length_m = cone.width_m = 0.36;
            cone.height_m = 0.75;
        }
    }

    Emitter& emitter_;
    const Street& street_;
    Road& road_;
};

}  // namespace

void Emitter::add_streets() {
    for (Street& street : layout.streets) {
        street.road = static_cast<std::uint32_t>(model.roads.size());
        // Works that leave too little room for the lanes.
        if (street.works && shift_of(street).middle_m == 0) street.works.reset();
        model.roads.push_back(StreetRoad(*this, street).build());
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
        StreetObjects objects(*this, street);
        objects.add_parking();
        objects.add_bus_stops();
        objects.add_works();
        objects.add_guard_rail();
    }
}

}  // namespace huntsman::scenarios::town
