// What a situation needs, as checks of candidates.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "scenarios/situations/finder_parts.h"

namespace huntsman::scenarios::situations {

using engine::math::kPi;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::math::wrap_angle;
using engine::world::Control;
using engine::world::Turn;

namespace {

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
void add(std::vector<Check>& checks, std::string what,
         std::function<bool(const Candidate&)> holds) {
    checks.push_back({std::move(what), std::move(holds)});
}
bool one_of(const std::vector<std::string>& words, const char* word) {
    return words.empty() || std::ranges::find(words, word) != words.end();
}

}  // namespace

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

const Lane& PlaceFinder::Impl::connection(const Candidate& at) const {
    const bool behind = !lane(at.lane).in_junction() && at.conflict > 0;
    return lane(behind ? at.ego.lanes()[at.conflict - 1] : at.lane);
}

void PlaceFinder::Impl::check_way(const Needs& needs, std::vector<Check>& checks) const {
    add(checks, fmt::format("{} m of way before and {} m behind", needs.before_m, needs.after_m),
        [&](const Candidate& at) {
            return at.ego.first_s_m() <= -needs.before_m && at.ego.last_s_m() >= needs.after_m;
        });
    if (needs.pass == Pass::kLane) {
        add(checks,
            fmt::format("no junction for {} m before and {} m behind", needs.clear_before_m,
                        needs.clear_after_m),
            [&](const Candidate& at) {
                const auto& lanes = at.ego.lanes();
                for (std::size_t i = 0; i < lanes.size(); ++i) {
                    const double begin = at.ego.lane_begin_m(i);
                    const double end = begin + lane(lanes[i]).length_m;
                    if (lane(lanes[i]).in_junction() && begin < needs.clear_after_m &&
                        end > -needs.clear_before_m) {
                        return false;
                    }
                }
                return true;
            });
    }
    add(checks,
        fmt::format("a speed limit of {} to {} m/s", needs.speed_limit_mps.low,
                    needs.speed_limit_mps.high),
        [&](const Candidate& at) {
            const double limit = lane(at.lane).speed_limit_mps;
            return limit >= needs.speed_limit_mps.low - 1e-9 &&
                   limit <= needs.speed_limit_mps.high + 1e-9;
        });
}

void PlaceFinder::Impl::check_junction(const Needs& needs, std::vector<Check>& checks) const {
    if (!needs.turn.empty()) {
        add(checks, "the ego going " + needs.turn,
            [&](const Candidate& at) { return turn(connection(at).id) == needs.turn; });
    }
    if (!needs.other.empty() && needs.pass == Pass::kJunction) {
        add(checks, "traffic from the side \"" + needs.other + "\"",
            [&](const Candidate& at) { return comes_from(at.lane, at.other) == needs.other; });
    }
    if (!needs.other_turn.empty()) {
        add(checks, "the other going " + needs.other_turn,
            [&](const Candidate& at) { return turn(at.other) == needs.other_turn; });
    }
    if (needs.other_before_m > 0) {
        add(checks,
            fmt::format("{} m of the other's way before the conflict point", needs.other_before_m),
            [&](const Candidate& at) {
                return at.other_path.first_s_m() <= -needs.other_before_m;
            });
    }
    if (!needs.control.empty()) {
        add(checks, fmt::format("control by {}", fmt::join(needs.control, " or ")),
            [&](const Candidate& at) {
                return one_of(needs.control, name_of(connection(at).control));
            });
    }
    if (needs.pass == Pass::kCrossing || needs.pass == Pass::kTurnCrossing) {
        add(checks,
            needs.signalled_crossing ? "lights at the crossing" : "no lights at the crossing",
            [&](const Candidate& at) {
                return (network.crossings[at.crossing].signal_group != kNone) ==
                       needs.signalled_crossing;
            });
    }
}

void PlaceFinder::Impl::check_shape(const Needs& needs, std::vector<Check>& checks) const {
    if (needs.curvature_per_m.low > 0 || needs.curvature_per_m.high < 1) {
        add(checks,
            fmt::format("a curvature of {} to {} 1/m", needs.curvature_per_m.low,
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
        add(checks, fmt::format("{} m of straight way before", needs.sight_m),
            [&](const Candidate& at) { return is_straight(at.ego, needs.sight_m); });
    }
    if (needs.bridge) {
        add(checks, "a bridge above or below",
            [&](const Candidate& at) { return near_bridge(at); });
    }
}

void PlaceFinder::Impl::check_beside(const Needs& needs, std::vector<Check>& checks) const {
    if (!needs.far.empty()) {
        add(checks, fmt::format("at the far side: {}", fmt::join(needs.far, " or ")),
            [&](const Candidate& at) { return one_of(needs.far, name_of(at.section.far)); });
    }
    if (!needs.near.empty()) {
        add(checks, fmt::format("at the near side: {}", fmt::join(needs.near, " or ")),
            [&](const Candidate& at) { return one_of(needs.near, name_of(at.section.near)); });
    }
    if (needs.parking) {
        add(checks, "parking at the near side",
            [&](const Candidate& at) { return at.section.parking.has_value(); });
    }
    if (needs.cycle_lane) {
        add(checks, "a cycle lane at the near side",
            [&](const Candidate& at) { return at.section.cycle.has_value(); });
    }
    if (needs.pavement) {
        add(checks, "a pavement at the near side",
            [&](const Candidate& at) { return at.section.pavement.has_value(); });
    }
    if (needs.kerb_m.low > 0 || needs.kerb_m.high < 1e3) {
        add(checks,
            fmt::format("{} to {} m between lane centre and near kerb", needs.kerb_m.low,
                        needs.kerb_m.high),
            [&](const Candidate& at) {
                return -at.section.near_edge_m >= needs.kerb_m.low &&
                       -at.section.near_edge_m <= needs.kerb_m.high;
            });
    }
}

std::vector<Check> PlaceFinder::Impl::checks(const Needs& needs) const {
    std::vector<Check> result;
    check_way(needs, result);
    check_junction(needs, result);
    check_shape(needs, result);
    check_beside(needs, result);
    return result;
}

}  // namespace huntsman::scenarios::situations
