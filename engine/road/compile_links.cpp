// Pieces of lanes: their extent, links and neighbours.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/road/compile_parts.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kTouch_m = 0.05;         // ends that touch,
constexpr double kTouch_rad = 0.035;      // in one direction
constexpr double kVanishing_m = 0.02;     // sections shorter than this are left out
constexpr double kLeastWidth_m = 0.3;     // lanes that never get wider are none
constexpr double kOpenWidth_m = 1.2;      // a lane that narrow at its end begins or ends there
constexpr double kOpenOffset_m = 0.5;     // when it also jumps sideways by this
constexpr double kLargestOffset_m = 1.5;  // links over larger jumps sideways are mistakes
constexpr double kNoLimit_mps = 36.1;     // 130 km/h where the model says "no limit"

bool travels_forward(const Road& road, const ModelLane& lane) {
    bool forward = (lane.id < 0) != road.left_hand;
    if (lane.direction == ModelLane::Direction::kReversed) forward = !forward;
    return forward;
}

bool kind_of(LaneType type, LaneKind& kind) {
    if (is_driven(type)) {
        kind = LaneKind::kDriving;
    } else if (type == LaneType::kParking) {
        kind = LaneKind::kParking;
    } else if (type == LaneType::kBiking) {
        kind = LaneKind::kCycle;
    } else if (type == LaneType::kShoulder || type == LaneType::kStop) {
        kind = LaneKind::kShoulder;
    } else {
        return false;
    }
    return true;
}

// Usual limits by the kind of road; 0 for kinds without one.
double usual_limit_mps(const std::string& type) {
    constexpr double kKmh = 1.0 / 3.6;
    if (type == "motorway") return 130 * kKmh;
    if (type == "rural") return 100 * kKmh;
    if (type == "townExpressway") return 70 * kKmh;
    if (type == "townPrivate" || type == "townLocal" || type == "lowSpeed") return 30 * kKmh;
    if (type == "townPlayStreet" || type == "pedestrian") return 10 * kKmh;
    if (type == "bicycle") return 30 * kKmh;
    if (type.starts_with("town")) return 50 * kKmh;
    return 0;
}

double limit_at(const Road& road, const LaneSection& section, const ModelLane& lane, double s_m) {
    double limit = 0;
    for (const LaneSpeed& speed : lane.speeds) {
        if (speed.s_offset_m <= s_m - section.s_m) limit = speed.max_mps;
    }
    if (limit <= 0) {
        for (const RoadType& type : road.types) {
            if (type.s_m > s_m && &type != &road.types.front()) break;
            limit = type.max_speed_mps > 0 ? type.max_speed_mps : usual_limit_mps(type.type);
        }
    }
    return std::min(limit, kNoLimit_mps);
}

// Where virtual junctions' roads leave or join a road.
std::vector<double> virtual_contacts(const RoadModel& model, std::uint32_t road) {
    std::vector<double> cuts;
    for (const Road& other : model.roads) {
        for (const RoadLink* link : {&other.predecessor, &other.successor}) {
            if (link->at_element_s && link->kind == RoadLink::Kind::kRoad && link->index == road) {
                cuts.push_back(link->element_s_m);
            }
        }
    }
    return cuts;
}

// Whether a road's end is linked to its own other end.
bool is_ring(const Road& road, std::uint32_t index) {
    return road.successor.kind == RoadLink::Kind::kRoad && road.successor.index == index &&
           road.predecessor.kind == RoadLink::Kind::kRoad && road.predecessor.index == index;
}

std::uint32_t piece_of(const Draft& draft, const Stretch& stretch, int lane) {
    for (const std::uint32_t p : stretch.pieces) {
        if (draft.pieces[p].lane == lane) return p;
    }
    return kNone;
}

bool arrives(const Draft& draft, PieceEnd end) {
    return end.high == draft.pieces[end.piece].forward;
}

void add_unique(std::vector<std::uint32_t>& list, std::uint32_t value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// Where a piece ends, and its heading in the direction of travel there.
struct EndPose {
    Vec2 p{0, 0};
    double z = 0;
    double heading_rad = 0, width_m = 0;
};
EndPose end_pose(const Draft& draft, PieceEnd end) {
    const Piece& piece = draft.pieces[end.piece];
    const double step = std::min(1e-3, 0.5 * (piece.high_m - piece.low_m));
    const double s = end.high ? piece.high_m - 1e-9 : piece.low_m + 1e-9;
    const double inside = end.high ? s - step : s + step;
    const Vec3 at = lane_centre(draft.geometry, piece.road, piece.section, piece.lane, s);
    const Vec3 near = lane_centre(draft.geometry, piece.road, piece.section, piece.lane, inside);
    Vec2 along = math::xy(at - near);
    if (!arrives(draft, end)) along = -along;
    return {math::xy(at), at.z, std::atan2(along.y, along.x),
            draft.geometry.width_m(piece.road, piece.section, piece.lane, s)};
}

// Links two ends where one arrives and the other departs, unless the way between them jumps
// sideways: then one of the lanes opens beside the other.
void link_ends(Draft& draft, PieceEnd a, PieceEnd b) {
    if (a.piece == kNone || b.piece == kNone) return;
    if (draft.pieces[a.piece].kind != draft.pieces[b.piece].kind) return;
    if (arrives(draft, a) == arrives(draft, b)) return;
    if (!arrives(draft, a)) std::swap(a, b);
    const EndPose from = end_pose(draft, a), to = end_pose(draft, b);
    const Vec2 gap = to.p - from.p;
    const double sideways = std::abs(math::cross(math::direction(from.heading_rad), gap));
    const bool opens = std::min(from.width_m, to.width_m) < kOpenWidth_m &&
                       std::max(from.width_m, to.width_m) > 1.5 * kOpenWidth_m;
    if (sideways > (opens ? kOpenOffset_m : kLargestOffset_m)) return;
    add_unique(draft.pieces[a.piece].next, b.piece);
    add_unique(draft.pieces[b.piece].before, a.piece);
}

// The end of a road: its first or last stretch.
const Stretch* end_stretch(const Draft& draft, std::uint32_t road, bool high) {
    if (road >= draft.stretches.size() || draft.stretches[road].empty()) return nullptr;
    return high ? &draft.stretches[road].back() : &draft.stretches[road].front();
}

// A place where another road meets this one: an end, or a station on a virtual junction's road.
struct Contact {
    const Stretch* stretch = nullptr;
    bool high = false;
};
Contact contact_of(const Draft& draft, const RoadLink& link) {
    if (link.kind != RoadLink::Kind::kRoad || link.index >= draft.stretches.size()) return {};
    if (!link.at_element_s) {
        if (link.contact == ContactPoint::kUnknown) return {};
        const bool high = link.contact == ContactPoint::kEnd;
        return {end_stretch(draft, link.index, high), high};
    }
    // Ways out lead from the stretch before the station when one comes along it, else after it.
    for (const Stretch& stretch : draft.stretches[link.index]) {
        if (link.element_forward && std::abs(stretch.high_m - link.element_s_m) < 1e-6) {
            return {&stretch, true};
        }
        if (!link.element_forward && std::abs(stretch.low_m - link.element_s_m) < 1e-6) {
            return {&stretch, false};
        }
    }
    return {};
}

// Lanes of a road's end to those of another road: by the lane links of this end.
void link_road_end(Draft& draft, std::uint32_t road, bool high) {
    const Road& r = draft.model.roads[road];
    const RoadLink& link = high ? r.successor : r.predecessor;
    const Stretch* own = end_stretch(draft, road, high);
    std::vector<Contact> contacts{contact_of(draft, link)};
    if (own == nullptr || contacts[0].stretch == nullptr) return;
    if (link.at_element_s) {
        // Where traffic of the other direction meets the virtual junction's road.
        RoadLink opposite = link;
        opposite.element_forward = !link.element_forward;
        contacts.push_back(contact_of(draft, opposite));
    }
    for (const Contact& other : contacts) {
        if (other.stretch == nullptr) continue;
        for (const std::uint32_t p : std::vector<std::uint32_t>(own->pieces)) {
            const ModelLane* lane = draft.geometry.lane(road, own->section, draft.pieces[p].lane);
            const auto& ids = high ? lane->successors : lane->predecessors;
            for (const int id : ids) {
                link_ends(draft, {p, high}, {piece_of(draft, *other.stretch, id), other.high});
            }
        }
    }
}

// Links by touch at an end whose road link names another road, for lanes that nothing links.
void touch_road_end(Draft& draft, std::uint32_t road, bool high) {
    const Road& r = draft.model.roads[road];
    const Contact other = contact_of(draft, high ? r.successor : r.predecessor);
    const Stretch* own = end_stretch(draft, road, high);
    if (own == nullptr || other.stretch == nullptr) return;
    for (const std::uint32_t p : own->pieces) {
        const PieceEnd a{p, high};
        const auto linked = [&](PieceEnd end) {
            const Piece& piece = draft.pieces[end.piece];
            return !(arrives(draft, end) ? piece.next : piece.before).empty();
        };
        if (linked(a)) continue;
        for (const std::uint32_t q : other.stretch->pieces) {
            const PieceEnd b{q, other.high};
            if (q == p || linked(b) || arrives(draft, a) == arrives(draft, b)) continue;
            const EndPose at = end_pose(draft, a), to = end_pose(draft, b);
            if (glm::length(at.p - to.p) > kTouch_m || std::abs(at.z - to.z) > kTouch_m ||
                std::abs(math::wrap_angle(at.heading_rad - to.heading_rad)) > kTouch_rad) {
                continue;
            }
            link_ends(draft, a, b);
        }
    }
}

// Which end of the incoming road meets a connection: the one that the connecting road names, else
// the one that is linked to the junction.
bool incoming_end(const Draft& draft, std::uint32_t junction, const JunctionConnection& connection,
                  bool& high) {
    const Road& connecting = draft.model.roads[connection.connecting];
    const RoadLink& back =
        connection.contact == ContactPoint::kEnd ? connecting.successor : connecting.predecessor;
    if (back.kind == RoadLink::Kind::kRoad && back.index == connection.incoming &&
        back.contact != ContactPoint::kUnknown) {
        high = back.contact == ContactPoint::kEnd;
        return true;
    }
    const Road& incoming = draft.model.roads[connection.incoming];
    const auto to_junction = [&](const RoadLink& link) {
        return link.kind == RoadLink::Kind::kJunction && link.index == junction;
    };
    const bool start = to_junction(incoming.predecessor), end = to_junction(incoming.successor);
    if (start == end) return false;
    high = end;
    return true;
}

void link_junction(Draft& draft, std::uint32_t index) {
    for (const JunctionConnection& connection : draft.model.junctions[index].connections) {
        if (connection.incoming == kNone || connection.connecting == kNone) continue;
        bool in_high = false;
        if (!incoming_end(draft, index, connection, in_high)) continue;
        const bool out_high = connection.contact == ContactPoint::kEnd;
        const Stretch* in = end_stretch(draft, connection.incoming, in_high);
        const Stretch* out = end_stretch(draft, connection.connecting, out_high);
        if (in == nullptr || out == nullptr) continue;
        for (const LaneLink& link : connection.lanes) {
            link_ends(draft, {piece_of(draft, *in, link.from), in_high},
                      {piece_of(draft, *out, link.to), out_high});
        }
    }
}

// Lanes of consecutive stretches of one road: by lane links, else by touch.
void link_inside(Draft& draft, std::uint32_t road) {
    const auto& stretches = draft.stretches[road];
    for (std::size_t i = 0; i + 1 < stretches.size(); ++i) {
        const Stretch &a = stretches[i], &b = stretches[i + 1];
        if (a.section == b.section) {
            for (const std::uint32_t p : a.pieces) {
                link_ends(draft, {p, true}, {piece_of(draft, b, draft.pieces[p].lane), false});
            }
            continue;
        }
        for (const std::uint32_t p : a.pieces) {
            for (const int id :
                 draft.geometry.lane(road, a.section, draft.pieces[p].lane)->successors) {
                link_ends(draft, {p, true}, {piece_of(draft, b, id), false});
            }
        }
        for (const std::uint32_t p : b.pieces) {
            for (const int id :
                 draft.geometry.lane(road, b.section, draft.pieces[p].lane)->predecessors) {
                link_ends(draft, {piece_of(draft, a, id), true}, {p, false});
            }
        }
        for (const std::uint32_t p : a.pieces) {
            const PieceEnd end{p, true};
            if (!(arrives(draft, end) ? draft.pieces[p].next : draft.pieces[p].before).empty()) {
                continue;
            }
            for (const std::uint32_t q : b.pieces) {
                const PieceEnd start{q, false};
                if (!(arrives(draft, start) ? draft.pieces[q].next : draft.pieces[q].before)
                         .empty()) {
                    continue;
                }
                const EndPose at = end_pose(draft, end), to = end_pose(draft, start);
                if (draft.pieces[p].type == draft.pieces[q].type &&
                    glm::length(at.p - to.p) < kTouch_m) {
                    link_ends(draft, end, start);
                }
            }
        }
    }
}

// Takes pieces of almost no length out of the chain.
void contract(Draft& draft) {
    for (std::uint32_t i = 0; i < draft.pieces.size(); ++i) {
        Piece& tiny = draft.pieces[i];
        const double road_length = draft.model.roads[tiny.road].length_m;
        if (tiny.high_m - tiny.low_m >= kVanishing_m) continue;
        // A road that is short altogether stays, as long as it has any length.
        if (road_length < 10 * kVanishing_m && tiny.high_m - tiny.low_m > 1e-3) continue;
        tiny.vanished = true;
        for (const std::uint32_t a : tiny.before) std::erase(draft.pieces[a].next, i);
        for (const std::uint32_t b : tiny.next) std::erase(draft.pieces[b].before, i);
        for (const std::uint32_t a : tiny.before) {
            for (const std::uint32_t b : tiny.next) {
                add_unique(draft.pieces[a].next, b);
                add_unique(draft.pieces[b].before, a);
            }
        }
        tiny.before.clear();
        tiny.next.clear();
    }
}

// Whether the mark type allows crossing, inwards (towards lane 0) and outwards.
struct Crossable {
    bool inwards = true, outwards = true;
};
Crossable by_type(MarkType type) {
    switch (type) {
        case MarkType::kSolid:
        case MarkType::kSolidSolid:
        case MarkType::kGrass:
        case MarkType::kCurb:
        case MarkType::kEdge:
            return {false, false};
        case MarkType::kSolidBroken:  // solid inside: only traffic on the outer side may cross
            return {true, false};
        case MarkType::kBrokenSolid:
            return {false, true};
        default:
            return {};
    }
}

// Whether most of the border between two adjacent lanes may be crossed from `from` to `to`.
bool may_change(const Draft& draft, const Piece& from, const Piece& to) {
    // The mark belongs to the lane nearer to the middle.
    const int inner = (from.lane > 0) != (to.lane > 0)          ? 0
                      : std::abs(from.lane) < std::abs(to.lane) ? from.lane
                                                                : to.lane;
    const ModelLane* lane = draft.geometry.lane(from.road, from.section, inner);
    if (lane == nullptr || lane->marks.empty()) return true;
    const double origin = draft.model.roads[from.road].sections[from.section].s_m;
    const bool increase = to.lane > from.lane;
    const bool inwards = std::abs(to.lane) < std::abs(from.lane);
    double allowed = 0;
    const double low = from.low_m - origin, high = from.high_m - origin;
    for (std::size_t i = 0; i <= lane->marks.size(); ++i) {
        // Before the first mark there is none.
        const double begin = i == 0 ? -1e30 : lane->marks[i - 1].s_offset_m;
        const double end = i < lane->marks.size() ? lane->marks[i].s_offset_m : 1e30;
        const double length = std::min(high, end) - std::max(low, begin);
        if (length <= 0) continue;
        bool may = true;
        if (i > 0) {
            const RoadMark& mark = lane->marks[i - 1];
            const Crossable type = by_type(mark.type);
            may = (inwards ? type.inwards : type.outwards) &&
                  (mark.lane_change == LaneChange::kBoth ||
                   mark.lane_change == (increase ? LaneChange::kIncrease : LaneChange::kDecrease));
        }
        if (may) allowed += length;
    }
    return allowed > 0.5 * (high - low);
}

}  // namespace

math::Vec3 surface_point(const RoadGeometry& geometry, std::uint32_t road, std::uint32_t section,
                         int lane, double s_m, double t_m) {
    const ReferencePoint q = geometry.reference(road, s_m);
    const double roll = geometry.superelevation_rad(road, s_m);
    const double c = std::cos(roll), n = std::sin(roll);
    const Vec2 left = math::perp(math::direction(q.heading_rad));
    const double offset = geometry.surface_offset_m(road, section, lane, s_m, t_m);
    return Vec3(q.p + (t_m * c - offset * n) * left,
                geometry.elevation_m(road, s_m) + t_m * n + offset * c);
}

math::Vec3 lane_centre(const RoadGeometry& geometry, std::uint32_t road, std::uint32_t section,
                       int lane, double s_m) {
    const double t = 0.5 * (geometry.inner_t_m(road, section, lane, s_m) +
                            geometry.outer_t_m(road, section, lane, s_m));
    return surface_point(geometry, road, section, lane, s_m, t);
}

void make_pieces(Draft& draft) {
    const RoadModel& model = draft.model;
    draft.stretches.resize(model.roads.size());
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        const Road& road = model.roads[r];
        // Stations: sections, contacts of virtual junctions, changes of the speed limit.
        std::vector<double> stations = virtual_contacts(model, r);
        for (const LaneSection& section : road.sections) {
            stations.push_back(section.s_m);
            for (const ModelLane& lane : section.lanes) {
                for (const LaneSpeed& speed : lane.speeds) {
                    stations.push_back(section.s_m + speed.s_offset_m);
                }
            }
        }
        for (const RoadType& type : road.types) stations.push_back(type.s_m);
        // A ring is two lanes, so that none succeeds itself.
        if (is_ring(road, r)) stations.push_back(0.5 * road.length_m);
        std::sort(stations.begin(), stations.end());
        stations.push_back(road.length_m);
        double low = 0;
        for (const double high : stations) {
            if (high <= low || high > road.length_m || road.sections.empty()) continue;
            Stretch stretch{low, high, draft.geometry.section_at(r, 0.5 * (low + high)), {}};
            low = high;
            const LaneSection& section = road.sections[stretch.section];
            for (const ModelLane& lane : section.lanes) {
                Piece piece;
                if (lane.id == 0 || !kind_of(lane.type, piece.kind)) continue;
                double widest = 0;
                for (const double u : {0.001, 0.25, 0.5, 0.75, 0.999}) {
                    const double s = stretch.low_m + u * (stretch.high_m - stretch.low_m);
                    widest =
                        std::max(widest, draft.geometry.width_m(r, stretch.section, lane.id, s));
                }
                if (widest < kLeastWidth_m) continue;
                piece.road = r;
                piece.stretch = static_cast<std::uint32_t>(draft.stretches[r].size());
                piece.section = stretch.section;
                piece.lane = lane.id;
                piece.type = lane.type;
                piece.forward = travels_forward(road, lane);
                piece.low_m = stretch.low_m;
                piece.high_m = stretch.high_m;
                piece.limit_mps =
                    limit_at(road, section, lane, 0.5 * (stretch.low_m + stretch.high_m));
                stretch.pieces.push_back(static_cast<std::uint32_t>(draft.pieces.size()));
                draft.pieces.push_back(std::move(piece));
            }
            draft.stretches[r].push_back(std::move(stretch));
        }
    }
}

void link_pieces(Draft& draft) {
    for (std::uint32_t r = 0; r < draft.stretches.size(); ++r) {
        link_inside(draft, r);
        for (const bool high : {false, true}) link_road_end(draft, r, high);
    }
    for (std::uint32_t j = 0; j < draft.model.junctions.size(); ++j) link_junction(draft, j);
    for (std::uint32_t r = 0; r < draft.stretches.size(); ++r) {
        for (const bool high : {false, true}) touch_road_end(draft, r, high);
    }
    contract(draft);
}

void find_neighbours(Draft& draft) {
    for (std::uint32_t r = 0; r < draft.stretches.size(); ++r) {
        if (draft.in_junction(r)) continue;
        for (const Stretch& stretch : draft.stretches[r]) {
            for (std::size_t i = 0; i + 1 < stretch.pieces.size(); ++i) {
                Piece& a = draft.pieces[stretch.pieces[i]];
                Piece& b = draft.pieces[stretch.pieces[i + 1]];
                // Side by side, both driven, one direction.
                const bool adjacent = a.lane - b.lane == 1 || (a.lane == 1 && b.lane == -1);
                if (!adjacent || a.kind != LaneKind::kDriving || b.kind != LaneKind::kDriving ||
                    a.forward != b.forward || a.type == LaneType::kBidirectional ||
                    b.type == LaneType::kBidirectional) {
                    continue;
                }
                // a lies to the left of b for travel along s. A lane that ends or begins here must
                // be left or entered by changing.
                const bool a_ends = a.next.empty(), b_ends = b.next.empty();
                const bool a_begins = a.before.empty(), b_begins = b.before.empty();
                const bool a_to_b =
                    may_change(draft, a, b) || (a_ends && !b_ends) || (b_begins && !a_begins);
                const bool b_to_a =
                    may_change(draft, b, a) || (b_ends && !a_ends) || (a_begins && !b_begins);
                if (a_to_b) (a.forward ? a.right : a.left) = stretch.pieces[i + 1];
                if (b_to_a) (b.forward ? b.left : b.right) = stretch.pieces[i];
            }
        }
    }
}

}  // namespace huntsman::engine::road::parts
