#include "scenarios/situations/finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "engine/core/random.h"
#include "engine/math/geometry.h"
#include "engine/road/compile.h"
#include "engine/road/rings.h"
#include "scenarios/situations/cross_section.h"
#include "scenarios/story/expression.h"

namespace huntsman::scenarios::situations {

using engine::core::Error;
using engine::core::Result;
using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::road::RoadGeometry;
using engine::road::RoadMap;
using engine::world::Conflict;
using engine::world::Control;
using engine::world::Crossing;
using engine::world::kNone;
using engine::world::Lane;
using engine::world::LaneId;
using engine::world::LaneKind;
using engine::world::RoadNetwork;
using engine::world::Turn;

namespace {

constexpr double kEvery_m = 8;      // between conflict points that are tried on a lane
constexpr double kLongest_m = 500;  // ways are followed this far

// A place that may become a site.
struct Candidate {
    LaneId lane = kNone;  // of the ego, at the conflict point
    double s_m = 0;
    LaneId other = kNone;
    double other_s_m = 0;
    std::uint32_t crossing = kNone;
    // Found once the ones above are known.
    std::size_t conflict = 0;
    SitePath ego, other_path;
    CrossSection section;
    Vec3 p_W{0, 0, 0};
    double heading_rad = 0;
};

const char* name_of(Control control) {
    switch (control) {
        case Control::kUncontrolled:
            return "none";
        case Control::kSignal:
            return "signal";
        case Control::kStop:
            return "stop";
        case Control::kYield:
            return "yield";
    }
    return "";
}
const char* name_of(DrivenBeside beside) {
    switch (beside) {
        case DrivenBeside::kNothing:
            return "none";
        case DrivenBeside::kSameDirection:
            return "same_direction";
        case DrivenBeside::kOncoming:
            return "oncoming";
    }
    return "";
}
bool one_of(const std::vector<std::string>& words, const char* word) {
    return words.empty() || std::ranges::find(words, word) != words.end();
}

}  // namespace

struct PlaceFinder::Impl {
    explicit Impl(const engine::world::RoadModel& m)
        : model(m),
          geometry(m),
          network(engine::road::compile(m, geometry)),
          map(network),
          on_ring(engine::road::lanes_on_rings(network)) {}

    double side() const { return network.left_hand ? -1 : 1; }
    const Lane& lane(LaneId id) const { return network.lanes[id]; }

    std::vector<Candidate> candidates(const Needs& needs) const;
    void on_lanes(std::vector<Candidate>& found) const;
    void on_crossings(bool after_turns, std::vector<Candidate>& found) const;
    void in_junctions(std::vector<Candidate>& found) const;
    void at_entries(std::vector<Candidate>& found) const;
    void at_exits(std::vector<Candidate>& found) const;

    // The turn as it is where traffic drives on the right.
    std::string turn(LaneId id) const;
    // Where a connection's traffic comes from, seen from another's.
    const char* comes_from(LaneId ego, LaneId other) const;
    bool near_bridge(const Candidate& at) const;
    bool is_straight(const SitePath& path, double length_m) const;
    void follow(Candidate& at, const Needs& needs) const;
    Site site(const Candidate& at) const;
    std::map<std::string, std::string> values(const Candidate& at, const SitePath* walk) const;

    const engine::world::RoadModel& model;
    RoadGeometry geometry;
    RoadNetwork network;
    RoadMap map;
    std::vector<char> on_ring;
};

std::string PlaceFinder::Impl::turn(LaneId id) const {
    switch (lane(id).turn) {
        case Turn::kStraight:
            return "straight";
        case Turn::kLeft:
            return network.left_hand ? "right" : "left";
        case Turn::kRight:
            return network.left_hand ? "left" : "right";
        case Turn::kUTurn:
            break;
    }
    return "u_turn";
}

const char* PlaceFinder::Impl::comes_from(LaneId ego, LaneId other) const {
    const double turned =
        wrap_angle(lane(other).samples.front().heading_rad - lane(ego).samples.front().heading_rad);
    if (std::abs(turned) > 0.75 * kPi) return "opposite";
    if (std::abs(turned) < 0.25 * kPi) return "behind";
    // What drives to the left comes from the right.
    return turned * side() > 0 ? "near" : "far";
}

bool PlaceFinder::Impl::near_bridge(const Candidate& at) const {
    constexpr double kReach_m = 25;
    for (std::uint32_t r = 0; r < model.roads.size(); ++r) {
        for (const auto& structure : model.roads[r].structures) {
            if (structure.kind != engine::world::Structure::Kind::kBridge) continue;
            for (double s = structure.s_m; s <= structure.s_m + structure.length_m; s += 4) {
                const Vec2 d = geometry.reference(r, s).p - Vec2(at.p_W.x, at.p_W.y);
                if (glm::length(d) < kReach_m) return true;
            }
        }
    }
    return false;
}

bool PlaceFinder::Impl::is_straight(const SitePath& path, double length_m) const {
    constexpr double kAside_m = 3;
    const Vec3 a = path.at(-length_m).p, b = path.at(0).p;
    const Vec2 chord(b.x - a.x, b.y - a.y);
    const double length = glm::length(chord);
    if (length < 1) return false;
    const Vec2 left = engine::math::perp(chord / length);
    for (double s = -length_m; s < 0; s += 5) {
        const Vec3 p = path.at(s).p;
        if (std::abs(glm::dot(Vec2(p.x - a.x, p.y - a.y), left)) > kAside_m) return false;
    }
    return true;
}

// ---- Candidates --------------------------------------------------------------------------------

void PlaceFinder::Impl::on_lanes(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (each.kind != LaneKind::kDriving || each.in_junction() || on_ring[each.id] != 0)
            continue;
        for (double s = kEvery_m / 2; s < each.length_m; s += kEvery_m) {
            found.push_back({.lane = each.id, .s_m = s});
        }
    }
}

void PlaceFinder::Impl::on_crossings(bool after_turns, std::vector<Candidate>& found) const {
    for (const Crossing& crossing : network.crossings) {
        for (const auto& span : crossing.lanes) {
            const Lane& over = lane(span.lane);
            if (over.kind != LaneKind::kDriving) continue;
            const double s = (span.s_begin_m + span.s_end_m) / 2;
            if (!after_turns) {
                if (over.in_junction()) continue;
                found.push_back({.lane = over.id, .s_m = s, .crossing = crossing.id});
                continue;
            }
            // On the connection's later half, or soon after it.
            constexpr double kSoon_m = 20;
            if (over.in_junction()) {
                if (over.turn == Turn::kStraight || s < over.length_m / 2) continue;
                found.push_back({.lane = over.id, .s_m = s, .crossing = crossing.id});
                continue;
            }
            if (s > kSoon_m) continue;
            for (const LaneId before : over.predecessors) {
                if (!lane(before).in_junction() || lane(before).turn == Turn::kStraight) continue;
                // `other` is the connection by which the ego comes.
                found.push_back(
                    {.lane = over.id, .s_m = s, .other = before, .crossing = crossing.id});
            }
        }
    }
}

void PlaceFinder::Impl::in_junctions(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.kind != LaneKind::kDriving) continue;
        for (const Conflict& conflict : each.conflicts) {
            found.push_back({.lane = each.id,
                             .s_m = (conflict.s_begin_m + conflict.s_end_m) / 2,
                             .other = conflict.other,
                             .other_s_m = (conflict.other_s_begin_m + conflict.other_s_end_m) / 2});
        }
    }
}

void PlaceFinder::Impl::at_entries(std::vector<Candidate>& found) const {
    // Ways that run together in a junction.
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.turn != Turn::kStraight) continue;
        for (const Conflict& conflict : each.conflicts) {
            const Lane& other = lane(conflict.other);
            if (other.successors != each.successors || other.turn != Turn::kStraight) continue;
            found.push_back({.lane = each.id,
                             .s_m = (conflict.s_begin_m + conflict.s_end_m) / 2,
                             .other = conflict.other,
                             .other_s_m = (conflict.other_s_begin_m + conflict.other_s_end_m) / 2});
        }
    }
    // Lanes that end beside another.
    constexpr double kRoom_m = 15;
    for (const Lane& each : network.lanes) {
        const LaneId near = network.left_hand ? each.left : each.right;
        if (each.kind != LaneKind::kDriving || near == kNone) continue;
        const Lane& ending = lane(near);
        if (!ending.successors.empty() || ending.predecessors.empty()) continue;
        if (ending.length_m < 2 * kRoom_m) continue;
        const double other_s = ending.length_m - kRoom_m;
        const Vec3 p = map.at(near, other_s).p;
        const double s = map.project(each.id, Vec2(p.x, p.y)).s_m;
        found.push_back({.lane = each.id, .s_m = s, .other = near, .other_s_m = other_s});
    }
}

void PlaceFinder::Impl::at_exits(std::vector<Candidate>& found) const {
    for (const Lane& each : network.lanes) {
        if (!each.in_junction() || each.turn != Turn::kStraight || each.predecessors.size() != 1) {
            continue;
        }
        for (const LaneId sibling : lane(each.predecessors.front()).successors) {
            if (sibling == each.id || lane(sibling).turn != Turn::kStraight) continue;
            // The exit lies at the near side of the way on.
            const Vec3 d = lane(sibling).samples.back().p - each.samples.back().p;
            const double heading = each.samples.back().heading_rad;
            const double left =
                glm::dot(Vec2(d.x, d.y), engine::math::perp(engine::math::direction(heading)));
            if (left * side() > -2) continue;
            found.push_back({.lane = each.id, .s_m = 1, .other = sibling, .other_s_m = 1});
        }
    }
}

std::vector<Candidate> PlaceFinder::Impl::candidates(const Needs& needs) const {
    std::vector<Candidate> found;
    switch (needs.pass) {
        case Pass::kLane:
            on_lanes(found);
            break;
        case Pass::kCrossing:
        case Pass::kTurnCrossing:
            on_crossings(needs.pass == Pass::kTurnCrossing, found);
            break;
        case Pass::kJunction:
            in_junctions(found);
            break;
        case Pass::kRoundabout:
            in_junctions(found);
            std::erase_if(found, [&](const Candidate& at) {
                const auto from_ring = [&](LaneId id) {
                    return std::ranges::any_of(lane(id).predecessors,
                                               [&](LaneId p) { return on_ring[p] != 0; });
                };
                return from_ring(at.lane) || on_ring[at.other] == 0 || !from_ring(at.other);
            });
            break;
        case Pass::kEntry:
            at_entries(found);
            break;
        case Pass::kExit:
            at_exits(found);
            break;
    }
    return found;
}

// Ways, cross-section and conflict point.
void PlaceFinder::Impl::follow(Candidate& at, const Needs& needs) const {
    const double before = needs.before_m + 20;
    std::vector<LaneId> way;
    if (needs.pass == Pass::kTurnCrossing && at.other != kNone) {
        // Through the connection that turns into the crossing's road.
        const double own = at.s_m + lane(at.other).length_m;
        way =
            way_through(network, at.other, lane(at.other).length_m, before - own, 0, &at.conflict);
        way.resize(at.conflict + 1);
        std::size_t unused = 0;
        const auto on =
            way_through(network, at.lane, at.s_m, 0, std::min(needs.after_m, kLongest_m), &unused);
        at.conflict = way.size();
        way.insert(way.end(), on.begin(), on.end());
        at.other = kNone;
    } else {
        way = way_through(network, at.lane, at.s_m, std::min(before, kLongest_m),
                          std::min(needs.after_m, kLongest_m), &at.conflict);
    }
    at.ego = SitePath(map, std::move(way), at.conflict, at.s_m);
    const PathPoint here = at.ego.at(0);
    at.p_W = here.p;
    at.heading_rad = here.heading_rad;
    const auto place = geometry.project(lane(at.lane).road, here.p);
    at.section = cross_section(geometry, lane(at.lane).road, place.s_m, place.t_m);
    if (at.other != kNone) {
        std::size_t conflict = 0;
        auto other = way_through(network, at.other, at.other_s_m,
                                 std::min(needs.other_before_m + 20, kLongest_m), 40, &conflict);
        at.other_path = SitePath(map, std::move(other), conflict, at.other_s_m);
    }
}

// ---- Needs -------------------------------------------------------------------------------------

namespace {

struct Check {
    std::string what;  // "60 m of way before the conflict point"
    std::function<bool(const Candidate&)> holds;
};

}  // namespace

Result<std::vector<Site>> PlaceFinder::find(const Needs& needs, std::uint64_t seed,
                                            std::size_t most) const {
    const Impl& in = *impl_;
    std::vector<Check> checks;
    const auto need = [&](std::string what, std::function<bool(const Candidate&)> holds) {
        checks.push_back({std::move(what), std::move(holds)});
    };
    const auto lane_of = [&in](const Candidate& at) -> const Lane& { return in.lane(at.lane); };
    need(fmt::format("{} m of way before and {} m behind", needs.before_m, needs.after_m),
         [&](const Candidate& at) {
             return at.ego.first_s_m() <= -needs.before_m && at.ego.last_s_m() >= needs.after_m;
         });
    if (needs.pass == Pass::kLane) {
        need(fmt::format("no junction for {} m before and {} m behind", needs.clear_before_m,
                         needs.clear_after_m),
             [&](const Candidate& at) {
                 const auto& lanes = at.ego.lanes();
                 for (std::size_t i = 0; i < lanes.size(); ++i) {
                     const double begin = at.ego.lane_begin_m(i);
                     const double end = begin + in.lane(lanes[i]).length_m;
                     if (in.lane(lanes[i]).in_junction() && begin < needs.clear_after_m &&
                         end > -needs.clear_before_m) {
                         return false;
                     }
                 }
                 return true;
             });
    }
    need(fmt::format("a speed limit of {} to {} m/s", needs.speed_limit_mps.low,
                     needs.speed_limit_mps.high),
         [&](const Candidate& at) {
             const double limit = lane_of(at).speed_limit_mps;
             return limit >= needs.speed_limit_mps.low - 1e-9 &&
                    limit <= needs.speed_limit_mps.high + 1e-9;
         });
    if (!needs.turn.empty()) {
        need("the ego going " + needs.turn, [&](const Candidate& at) {
            // Behind the turn, the connection is the lane before.
            const bool behind = !lane_of(at).in_junction() && at.conflict > 0;
            return in.turn(behind ? at.ego.lanes()[at.conflict - 1] : at.lane) == needs.turn;
        });
    }
    if (!needs.other.empty() && needs.pass == Pass::kJunction) {
        need("traffic from the side \"" + needs.other + "\"",
             [&](const Candidate& at) { return in.comes_from(at.lane, at.other) == needs.other; });
    }
    if (!needs.other_turn.empty()) {
        need("the other going " + needs.other_turn,
             [&](const Candidate& at) { return in.turn(at.other) == needs.other_turn; });
    }
    if (needs.other_before_m > 0) {
        need(fmt::format("{} m of the other's way before the conflict point", needs.other_before_m),
             [&](const Candidate& at) {
                 return at.other_path.first_s_m() <= -needs.other_before_m;
             });
    }
    if (!needs.control.empty()) {
        need(fmt::format("control by {}", fmt::join(needs.control, " or ")),
             [&](const Candidate& at) {
                 const bool behind = !lane_of(at).in_junction() && at.conflict > 0;
                 const Lane& connection =
                     behind ? in.lane(at.ego.lanes()[at.conflict - 1]) : lane_of(at);
                 return one_of(needs.control, name_of(connection.control));
             });
    }
    if (needs.pass == Pass::kCrossing || needs.pass == Pass::kTurnCrossing) {
        need(needs.signalled_crossing ? "lights at the crossing" : "no lights at the crossing",
             [&](const Candidate& at) {
                 return (in.network.crossings[at.crossing].signal_group != kNone) ==
                        needs.signalled_crossing;
             });
    }
    if (needs.curvature_per_m.low > 0 || needs.curvature_per_m.high < 1) {
        need(fmt::format("a curvature of {} to {} 1/m", needs.curvature_per_m.low,
                         needs.curvature_per_m.high),
             [&](const Candidate& at) {
                 double largest = 0;
                 for (double s = -needs.clear_before_m; s <= needs.clear_after_m; s += 4) {
                     largest = std::max(largest, std::abs(at.ego.at(s).curvature_per_m));
                 }
                 return largest >= needs.curvature_per_m.low &&
                        largest <= needs.curvature_per_m.high;
             });
    }
    if (needs.sight_m > 0) {
        need(fmt::format("{} m of straight way before", needs.sight_m),
             [&](const Candidate& at) { return in.is_straight(at.ego, needs.sight_m); });
    }
    if (!needs.far.empty()) {
        need(fmt::format("at the far side: {}", fmt::join(needs.far, " or ")),
             [&](const Candidate& at) { return one_of(needs.far, name_of(at.section.far)); });
    }
    if (!needs.near.empty()) {
        need(fmt::format("at the near side: {}", fmt::join(needs.near, " or ")),
             [&](const Candidate& at) { return one_of(needs.near, name_of(at.section.near)); });
    }
    if (needs.parking) {
        need("parking at the near side",
             [&](const Candidate& at) { return at.section.parking.has_value(); });
    }
    if (needs.cycle_lane) {
        need("a cycle lane at the near side",
             [&](const Candidate& at) { return at.section.cycle.has_value(); });
    }
    if (needs.pavement) {
        need("a pavement at the near side",
             [&](const Candidate& at) { return at.section.pavement.has_value(); });
    }
    if (needs.kerb_m.low > 0 || needs.kerb_m.high < 1e3) {
        need(fmt::format("{} to {} m between lane centre and near kerb", needs.kerb_m.low,
                         needs.kerb_m.high),
             [&](const Candidate& at) {
                 return -at.section.near_edge_m >= needs.kerb_m.low &&
                        -at.section.near_edge_m <= needs.kerb_m.high;
             });
    }
    if (needs.bridge) {
        need("a bridge above or below", [&](const Candidate& at) { return in.near_bridge(at); });
    }

    std::vector<Candidate> all = in.candidates(needs);
    // An order drawn from the seed.
    const engine::core::Key key = engine::core::Key(seed).with("situation-place");
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[key.index(i, i)]);
    std::vector<std::size_t> passed(checks.size(), 0);
    std::vector<Site> sites;
    for (Candidate& at : all) {
        if (sites.size() >= most) break;
        in.follow(at, needs);
        const auto failed = [&] {
            for (std::size_t i = 0; i < checks.size(); ++i) {
                if (!checks[i].holds(at)) return true;
                ++passed[i];
            }
            return false;
        };
        if (!failed()) sites.push_back(in.site(at));
    }
    if (!sites.empty()) return sites;
    if (all.empty()) {
        return Error{"the map has no place of this kind: nothing to pass as the situation needs"};
    }
    std::string text = fmt::format("no place on the map fits: of {} places", all.size());
    for (std::size_t i = 0; i < checks.size(); ++i) {
        text += fmt::format(", {} have {}", passed[i], checks[i].what);
        if (passed[i] == 0) break;
    }
    return Error{text};
}

// ---- Sites -------------------------------------------------------------------------------------

const std::vector<const char*>& site_value_names() {
    static const std::vector<const char*> names{
        "lane_width",  "speed_limit",   "near_edge_t", "far_edge_t", "near_lane_t", "far_lane_t",
        "parking_t",   "parking_width", "cycle_t",     "pavement_t", "walk_near_s", "walk_far_s",
        "heading",     "curvature",     "sun_azimuth", "stop_s",     "signal",      "left_hand",
        "other_limit", "ego_v",         "ego_front",   "ego_width",  "ego_start_s"};
    return names;
}

std::map<std::string, std::string> PlaceFinder::Impl::values(const Candidate& at,
                                                             const SitePath* walk) const {
    std::map<std::string, std::string> values;
    const auto set = [&](const char* name, double value) { values[name] = story::to_text(value); };
    const CrossSection& section = at.section;
    const PathPoint here = at.ego.at(0);
    set("lane_width", here.width_m);
    set("speed_limit", std::min(lane(at.lane).speed_limit_mps, 60.0));
    set("near_edge_t", section.near_edge_m);
    set("far_edge_t", section.far_edge_m);
    set("near_lane_t", section.near_lane.t_m);
    set("far_lane_t", section.far_lane.t_m);
    set("parking_t", section.parking.value_or(Beside{}).t_m);
    set("parking_width", section.parking.value_or(Beside{}).width_m);
    set("cycle_t", section.cycle.value_or(Beside{}).t_m);
    set("pavement_t", section.pavement.value_or(Beside{section.near_edge_m - 1, 0}).t_m);
    set("walk_near_s", walk != nullptr ? walk->first_s_m() : section.near_edge_m);
    set("walk_far_s", walk != nullptr ? walk->last_s_m() : section.far_edge_m);
    set("heading", here.heading_rad);
    set("curvature", here.curvature_per_m);
    // Clockwise from north.
    set("sun_azimuth", std::fmod(2.5 * kPi - here.heading_rad, 2 * kPi));
    set("left_hand", network.left_hand ? 1 : 0);
    set("other_limit", at.other != kNone ? std::min(lane(at.other).speed_limit_mps, 60.0) : 0);
    // The stop line, and the lights, of the junction that the ego enters.
    double stop_s = 0;
    std::string signal;
    for (std::size_t i = 0; i <= at.conflict; ++i) {
        const Lane& entered = lane(at.ego.lanes()[i]);
        if (!entered.in_junction() || i == 0) continue;
        stop_s = at.ego.lane_begin_m(i - 1) + entered.stop_s_m;
        signal.clear();
        for (const auto& head : network.signal_heads) {
            if (std::ranges::find(head.governs, entered.id) == head.governs.end()) continue;
            if (head.road == kNone || head.signal == kNone) continue;
            signal = model.roads[head.road].signals[head.signal].id;
            break;
        }
    }
    set("stop_s", stop_s);
    values["signal"] = signal;
    return values;
}

Site PlaceFinder::Impl::site(const Candidate& at) const {
    Site site;
    site.conflict_W = at.p_W;
    site.paths["ego"] = at.ego;
    if (at.other != kNone) site.paths["other"] = at.other_path;
    std::optional<SitePath> walk;
    if (at.crossing != kNone) {
        const Crossing& crossing = network.crossings[at.crossing];
        Vec2 a(crossing.a.x, crossing.a.y), b(crossing.b.x, crossing.b.y);
        const Vec2 far = side() * engine::math::perp(engine::math::direction(at.heading_rad));
        if (glm::dot(b - a, far) < 0) std::swap(a, b);
        const Vec2 along = glm::normalize(b - a);
        const double before = glm::dot(Vec2(at.p_W.x, at.p_W.y) - a, along);
        walk = SitePath(at.p_W, std::atan2(along.y, along.x), before, glm::length(b - a) - before,
                        network.left_hand);
    } else {
        walk = SitePath(at.p_W, wrap_angle(at.heading_rad + side() * kPi / 2),
                        -at.section.near_edge_m, at.section.far_edge_m, network.left_hand);
    }
    site.paths["walk"] = *walk;
    site.values = values(at, &*walk);
    const Lane& on = lane(at.lane);
    const auto place = geometry.project(on.road, at.p_W);
    site.description =
        fmt::format("road {} at s = {:.1f} m, lane {}, x = {:.1f}, y = {:.1f}",
                    model.roads[on.road].id, place.s_m, on.model_lane, at.p_W.x, at.p_W.y);
    return site;
}

PlaceFinder::PlaceFinder(const engine::world::RoadModel& model) : impl_(new Impl(model)) {}
PlaceFinder::~PlaceFinder() = default;
const RoadGeometry& PlaceFinder::geometry() const { return impl_->geometry; }
const RoadNetwork& PlaceFinder::network() const { return impl_->network; }

}  // namespace huntsman::scenarios::situations
