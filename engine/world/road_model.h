// The road model: roads as ASAM OpenDRIVE 1.4 to 1.8 describes them, as plain data.
//
// This is what maps are read to and written from, and what towns are generated as. Everything else
// is made from it: the directed lanes that agents drive on (engine/road/compile.h), the surface
// that wheels stand on (engine/road/road_surface.h) and the meshes that are seen.
//
// Conventions are those of the standard: a road's reference line runs along s [m]; t is to the left
// of it [m]; lanes to the left have positive ids that grow outwards, lanes to the right negative
// ones, lane 0 has no width. Angles are radians, positions metres in frame W, speeds m/s.
// References to other elements are indices into the vectors of RoadModel, kNone where there is no
// such element; the ids of the file are kept beside them as text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/math/vec.h"
#include "engine/world/ids.h"

namespace huntsman::engine::world {

// a + b ds + c ds^2 + d ds^3 with ds = s - s_m; valid from s_m to the next one.
struct Cubic {
    double s_m = 0;
    double a = 0, b = 0, c = 0, d = 0;

    double at(double s) const {
        const double ds = s - s_m;
        return a + ds * (b + ds * (c + ds * d));
    }
    double slope(double s) const {
        const double ds = s - s_m;
        return b + ds * (2 * c + ds * 3 * d);
    }
    friend bool operator==(const Cubic&, const Cubic&) = default;
};
using Profile = std::vector<Cubic>;  // sorted by s_m

// One piece of a reference line.
struct PlanPiece {
    enum class Kind : std::uint8_t { kLine, kArc, kSpiral, kPoly3, kParamPoly3 };
    Kind kind = Kind::kLine;
    double s_m = 0, length_m = 0;
    double x_m = 0, y_m = 0, heading_rad = 0;       // at its start
    double curvature_start = 0, curvature_end = 0;  // arc: both equal; spiral: linear between
    // kPoly3: v(u) = a_v + b_v u + ...; kParamPoly3: u(p), v(p) with p in [0, 1] when `normalised`,
    // in [0, length] otherwise. In the piece's own frame: u along its start heading.
    double a_u = 0, b_u = 1, c_u = 0, d_u = 0;
    double a_v = 0, b_v = 0, c_v = 0, d_v = 0;
    bool normalised = true;
    friend bool operator==(const PlanPiece&, const PlanPiece&) = default;
};

// Shape (1.5+): height above the plane, cubics in t for each s; t begins anew at one s: a step.
struct ShapePiece {
    double s_m = 0, t_m = 0;
    double a = 0, b = 0, c = 0, d = 0;
    friend bool operator==(const ShapePiece&, const ShapePiece&) = default;
};
// Crossfall (1.4): lateral slope of a road's side, positive falls outwards [rad].
struct Crossfall {
    enum class Side : std::uint8_t { kBoth, kLeft, kRight };
    Side side = Side::kBoth;
    Cubic slope;
    friend bool operator==(const Crossfall&, const Crossfall&) = default;
};

enum class LaneType : std::uint8_t {
    kUnused,  // "none"
    kDriving,
    kStop,
    kShoulder,
    kBiking,
    kSidewalk,  // "walking" of 1.8 too
    kBorder,
    kRestricted,
    kParking,
    kBidirectional,
    kMedian,
    kCurb,
    kSpecial1,
    kSpecial2,
    kSpecial3,
    kRoadWorks,
    kTram,
    kRail,
    kEntry,
    kExit,
    kOffRamp,
    kOnRamp,
    kConnectingRamp,
    kBus,
    kTaxi,
    kHov,
    kSlipLane,
    kShared,
    kCount,
};
// Whether cars drive there: driving, entry, exit, ramps, bus, taxi, HOV, bidirectional, slip,
// shared.
constexpr bool is_driven(LaneType t) {
    return t == LaneType::kDriving || t == LaneType::kBidirectional || t == LaneType::kEntry ||
           t == LaneType::kExit || t == LaneType::kOffRamp || t == LaneType::kOnRamp ||
           t == LaneType::kConnectingRamp || t == LaneType::kBus || t == LaneType::kTaxi ||
           t == LaneType::kHov || t == LaneType::kSlipLane || t == LaneType::kShared;
}

enum class MarkType : std::uint8_t {
    kUnmarked,  // "none"
    kSolid,
    kBroken,
    kSolidSolid,
    kSolidBroken,  // from the inside to the outside of the road
    kBrokenSolid,
    kBrokenBroken,
    kBottsDots,
    kGrass,
    kCurb,
    kCustom,
    kEdge,
    kCount,
};
enum class MarkColour : std::uint8_t {
    kStandard,  // white
    kWhite,
    kYellow,
    kRed,
    kBlue,
    kGreen,
    kOrange,
    kViolet,
    kBlack,
    kCount,
};
// Which way a lane change over the mark is allowed: to a higher lane id, to a lower one.
enum class LaneChange : std::uint8_t { kBoth, kIncrease, kDecrease, kForbidden };

// One line of a mark's pattern: repeated (`type`) or laid once (`explicit`).
struct MarkLine {
    double length_m = 0, space_m = 0;  // space: repeated lines only
    double t_offset_m = 0, s_offset_m = 0;
    double width_m = 0;  // 0: the mark's
    std::string rule;    // "no passing", "caution", "none" or empty
    MarkColour colour = MarkColour::kStandard;
    bool has_colour = false;
    friend bool operator==(const MarkLine&, const MarkLine&) = default;
};
struct RoadMark {
    double s_offset_m = 0;  // from the lane section's start
    MarkType type = MarkType::kUnmarked;
    bool bold = false;
    MarkColour colour = MarkColour::kStandard;
    double width_m = 0;  // 0: standard (0.12, bold 0.25)
    double height_m = 0;
    LaneChange lane_change = LaneChange::kBoth;
    std::string material = "standard";
    std::string pattern;          // name of the `type` element, if any
    std::vector<MarkLine> lines;  // of `type`
    std::vector<MarkLine> explicit_lines;
    Profile sway;  // lateral offset of the mark over s from its start (1.6+)
    friend bool operator==(const RoadMark&, const RoadMark&) = default;
};

struct LaneSpeed {
    double s_offset_m = 0;
    double max_mps = 0;
    friend bool operator==(const LaneSpeed&, const LaneSpeed&) = default;
};
struct LaneAccess {
    double s_offset_m = 0;
    bool deny = false;
    std::vector<std::string> restrictions;  // "bus", "pedestrian", "trucks", ...
    friend bool operator==(const LaneAccess&, const LaneAccess&) = default;
};
struct LaneMaterial {
    double s_offset_m = 0;
    double friction = 1, roughness = 0;
    std::string surface;
    friend bool operator==(const LaneMaterial&, const LaneMaterial&) = default;
};
struct LaneRule {
    double s_offset_m = 0;
    std::string value;
    friend bool operator==(const LaneRule&, const LaneRule&) = default;
};
// Height of the lane over the road at its inner and outer border (kerbs, pavements).
struct LaneHeight {
    double s_offset_m = 0;
    double inner_m = 0, outer_m = 0;
    friend bool operator==(const LaneHeight&, const LaneHeight&) = default;
};

// A lane of one section. s offsets count from the section's start.
struct ModelLane {
    int id = 0;
    LaneType type = LaneType::kUnused;
    bool level = false;       // keeps out of superelevation and crossfall
    bool road_works = false;  // 1.8: closed for works
    // 1.8: travel direction of the lane where it is not that of its side.
    enum class Direction : std::uint8_t {
        kStandard,
        kReversed,
        kBoth
    } direction = Direction::kStandard;
    Profile widths;   // of s - section start
    Profile borders;  // t of the outer border; used where there are no widths
    std::vector<RoadMark> marks;
    std::vector<LaneSpeed> speeds;
    std::vector<LaneAccess> accesses;
    std::vector<LaneMaterial> materials;
    std::vector<LaneRule> rules;
    std::vector<LaneHeight> heights;
    std::vector<int> predecessors, successors;  // lane ids; usually one
    friend bool operator==(const ModelLane&, const ModelLane&) = default;
};

struct LaneSection {
    double s_m = 0;
    bool single_side = false;
    std::vector<ModelLane> lanes;  // by descending id: left to right; lane 0 included
    friend bool operator==(const LaneSection&, const LaneSection&) = default;
};

enum class ContactPoint : std::uint8_t { kUnknown, kStart, kEnd };
struct RoadLink {
    enum class Kind : std::uint8_t { kNothing, kRoad, kJunction };
    Kind kind = Kind::kNothing;
    std::string id;               // of the element in the file
    std::uint32_t index = kNone;  // of the road or junction
    ContactPoint contact = ContactPoint::kUnknown;
    double element_s_m = 0;  // virtual junctions: where on the other road
    bool element_forward = true;
    bool at_element_s = false;
    friend bool operator==(const RoadLink&, const RoadLink&) = default;
};

struct RoadType {
    double s_m = 0;
    std::string type;          // "town", "motorway", "rural", ...
    std::string country;       // ISO 3166 of the rules, or empty
    double max_speed_mps = 0;  // 0: none given, infinity: no limit
    friend bool operator==(const RoadType&, const RoadType&) = default;
};

struct LaneRange {  // lanes from..to (ids) that a signal or object is valid for
    int from = 0, to = 0;
    friend bool operator==(const LaneRange&, const LaneRange&) = default;
};
// For which direction of travel: along s, against it, or both.
enum class Orientation : std::uint8_t { kBoth, kForward, kBackward };

struct ModelSignal {
    std::string id, name;
    double s_m = 0, t_m = 0, z_offset_m = 0;
    Orientation orientation = Orientation::kForward;
    bool dynamic = false;
    std::string country, country_revision, type, subtype, unit, text;
    double value = 0;
    bool has_value = false;
    double width_m = 0, height_m = 0;
    double h_offset_rad = 0, pitch_rad = 0, roll_rad = 0;
    std::vector<LaneRange> validity;
    struct Dependency {
        std::string id, type;
        friend bool operator==(const Dependency&, const Dependency&) = default;
    };
    std::vector<Dependency> dependencies;
    struct Reference {
        std::string element_id, element_type, type;
        friend bool operator==(const Reference&, const Reference&) = default;
    };
    std::vector<Reference> references;
    // Where it stands physically, if that is not at (s, t): kInertial gives x, y, z and angles in
    // frame W; kRoad gives s, t, height over that road and a heading against the orientation.
    struct Position {
        enum class Kind : std::uint8_t { kLogical, kInertial, kRoad };
        Kind kind = Kind::kLogical;
        std::string road_id;  // kRoad
        double a = 0, b = 0, z_m = 0;
        double heading_rad = 0, pitch_rad = 0, roll_rad = 0;
        friend bool operator==(const Position&, const Position&) = default;
    } position;
    friend bool operator==(const ModelSignal&, const ModelSignal&) = default;
};
// A signal that stands at another road and rules this one too.
struct SignalReference {
    std::string id;
    double s_m = 0, t_m = 0;
    Orientation orientation = Orientation::kForward;
    std::vector<LaneRange> validity;
    friend bool operator==(const SignalReference&, const SignalReference&) = default;
};

// A corner of an outline, on the road (s, t, dz) or in the object's frame (u, v, z).
struct OutlineCorner {
    bool local = false;
    double a = 0, b = 0, z = 0;  // s, t, dz or u, v, z [m]
    double height_m = 0;
    int id = -1;
    friend bool operator==(const OutlineCorner&, const OutlineCorner&) = default;
};
struct Outline {
    int id = 0;
    bool closed = true, outer = true;
    std::string fill_type, lane_type;
    std::vector<OutlineCorner> corners;
    friend bool operator==(const Outline&, const Outline&) = default;
};
// Copies of an object along s; values run linearly from start to end. distance 0: one continuous
// body.
struct ObjectRepeat {
    double s_m = 0, length_m = 0, distance_m = 0;
    double t_start_m = 0, t_end_m = 0, z_start_m = 0, z_end_m = 0;
    double width_start_m = 0, width_end_m = 0, height_start_m = 0, height_end_m = 0;
    double length_start_m = 0, length_end_m = 0, radius_start_m = 0, radius_end_m = 0;
    friend bool operator==(const ObjectRepeat&, const ObjectRepeat&) = default;
};
struct ObjectMarking {  // paint on an outline
    std::string side;   // "left", "right", "front", "rear" or empty with corner references
    MarkColour colour = MarkColour::kStandard;
    double width_m = 0, z_offset_m = 0, space_m = 0, line_m = 0, start_m = 0, stop_m = 0;
    bool bold = false;
    std::vector<int> corners;
    friend bool operator==(const ObjectMarking&, const ObjectMarking&) = default;
};
struct ModelObject {
    std::string id, name, type, subtype;  // type: "crosswalk", "parkingSpace", "barrier", ...
    double s_m = 0, t_m = 0, z_offset_m = 0;
    double valid_length_m = 0;
    Orientation orientation = Orientation::kBoth;
    bool dynamic = false;
    double heading_rad = 0, pitch_rad = 0, roll_rad = 0;  // heading against the road's
    double length_m = 0, width_m = 0, height_m = 0, radius_m = 0;
    bool has_box = false, has_radius = false;
    std::vector<ObjectRepeat> repeats;
    std::vector<Outline> outlines;
    std::vector<ObjectMarking> markings;
    std::vector<LaneRange> validity;
    std::string parking_access, parking_restriction;  // of parkingSpace
    friend bool operator==(const ModelObject&, const ModelObject&) = default;
};
struct ObjectReference {
    std::string id;
    double s_m = 0, t_m = 0, z_offset_m = 0, valid_length_m = 0;
    Orientation orientation = Orientation::kBoth;
    std::vector<LaneRange> validity;
    friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};
struct Structure {  // bridge or tunnel
    enum class Kind : std::uint8_t { kBridge, kTunnel };
    Kind kind = Kind::kBridge;
    std::string id, name, type;
    double s_m = 0, length_m = 0;
    double lighting = 0, daylight = 0;  // tunnels
    std::vector<LaneRange> validity;
    friend bool operator==(const Structure&, const Structure&) = default;
};

struct Road {
    std::string id, name;
    double length_m = 0;
    bool left_hand = false;   // rule LHT: traffic drives on the left
    std::string junction_id;  // of the junction it is a connecting road of; empty outside
    std::uint32_t junction = kNone;
    RoadLink predecessor, successor;
    std::vector<RoadType> types;
    std::vector<PlanPiece> plan;
    Profile elevation, superelevation, lane_offset;
    std::vector<Crossfall> crossfall;
    std::vector<ShapePiece> shape;
    std::vector<LaneSection> sections;
    std::vector<ModelSignal> signals;
    std::vector<SignalReference> signal_references;
    std::vector<ModelObject> objects;
    std::vector<ObjectReference> object_references;
    std::vector<Structure> structures;
    friend bool operator==(const Road&, const Road&) = default;
};

struct LaneLink {
    int from = 0, to = 0;
    double overlap_m = 0;  // direct junctions: length that both lanes share; 0: none given
    friend bool operator==(const LaneLink&, const LaneLink&) = default;
};
struct JunctionConnection {
    std::string id, type;  // type: "default", "virtual" or empty
    std::string incoming_id, connecting_id;
    std::uint32_t incoming = kNone;    // road
    std::uint32_t connecting = kNone;  // connecting road; direct junctions: the linked road
    ContactPoint contact =
        ContactPoint::kUnknown;  // of the connecting road, where the incoming meets
    std::vector<LaneLink> lanes;
    RoadLink predecessor, successor;  // of virtual connections, which have no connecting road
    friend bool operator==(const JunctionConnection&, const JunctionConnection&) = default;
};
struct JunctionPriority {  // connecting roads: `high` goes before `low`
    std::string high_id, low_id;
    std::uint32_t high = kNone, low = kNone;
    friend bool operator==(const JunctionPriority&, const JunctionPriority&) = default;
};
// Where people or bicycles cross the junction (1.8): a road of its own between lanes of two others.
struct CrossPath {
    std::string id;
    std::string crossing_id, start_id, end_id;  // roads: the path's own, and those at its ends
    std::uint32_t crossing = kNone, start = kNone, end = kNone;
    double start_s_m = 0, end_s_m = 0;  // on the roads at the ends
    LaneLink start_lane, end_lane;      // from the road at the end to the path's own lane
    friend bool operator==(const CrossPath&, const CrossPath&) = default;
};
// A stretch of a road within a junction of kind kCrossing.
struct CrossingStretch {
    std::string id, road_id;
    std::uint32_t road = kNone;
    double s_start_m = 0, s_end_m = 0;
    friend bool operator==(const CrossingStretch&, const CrossingStretch&) = default;
};
struct JunctionController {
    std::string id, type;
    int sequence = 0;
    friend bool operator==(const JunctionController&, const JunctionController&) = default;
};
struct ModelJunction {
    enum class Kind : std::uint8_t { kCommon, kDirect, kVirtual, kCrossing };
    Kind kind = Kind::kCommon;
    std::string id, name;
    // Virtual junctions lie on a stretch of a main road.
    std::string main_road_id;
    std::uint32_t main_road = kNone;
    double s_start_m = 0, s_end_m = 0;
    Orientation orientation = Orientation::kBoth;
    std::vector<JunctionConnection> connections;
    std::vector<JunctionPriority> priorities;
    std::vector<JunctionController> controllers;
    std::vector<CrossPath> cross_paths;
    std::vector<CrossingStretch> stretches;  // of kind kCrossing
    friend bool operator==(const ModelJunction&, const ModelJunction&) = default;
};

// Signals that switch together.
struct SignalController {
    std::string id, name;
    int sequence = 0;
    struct Control {
        std::string signal_id, type;
        friend bool operator==(const Control&, const Control&) = default;
    };
    std::vector<Control> controls;
    friend bool operator==(const SignalController&, const SignalController&) = default;
};

struct JunctionGroup {  // roundabouts and other groups of junctions
    std::string id, name, type;
    std::vector<std::string> junctions;
    friend bool operator==(const JunctionGroup&, const JunctionGroup&) = default;
};

struct RoadModel {
    int revision_major = 1, revision_minor = 6;
    std::string name, vendor, date;
    std::string geo_reference;  // PROJ string; empty where none is given
    double north_m = 0, south_m = 0, east_m = 0, west_m = 0;
    struct Offset {  // of the map's frame in the projection
        double x_m = 0, y_m = 0, z_m = 0, heading_rad = 0;
        friend bool operator==(const Offset&, const Offset&) = default;
    } offset;
    std::vector<Road> roads;
    std::vector<ModelJunction> junctions;
    std::vector<SignalController> controllers;
    std::vector<JunctionGroup> junction_groups;

    bool empty() const { return roads.empty(); }
    friend bool operator==(const RoadModel&, const RoadModel&) = default;
};

}  // namespace huntsman::engine::world
