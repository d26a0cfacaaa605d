// Lanes from pieces: which pieces make one lane, and the samples of their centre lines.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/check.h"
#include "engine/math/constants.h"
#include "engine/road/compile_parts.h"
#include "engine/road/lane_curve.h"

namespace huntsman::engine::road::parts {

using math::Vec2;
using math::Vec3;
using namespace world;

namespace {

constexpr double kShortStretch_m = 25.0;  // too short to change lanes: joins its neighbours
constexpr double kSagitta_m = 0.01;       // of a chord; queries on chords are that good
constexpr double kHermite_m = 1e-3;       // half of what is promised
constexpr double kHeight_m = 2e-3;        // heights are linear between samples
constexpr double kWidth_m = 0.01;
constexpr double kHeading_rad = 2e-3;
constexpr double kShortestStep_m = 0.2;
constexpr double kMergeGap_m = 0.05;  // pieces that are further apart are two lanes
constexpr double kMend_rad = 0.1;     // headings at a joint that differ more are the model's own
constexpr double kMendOver_m = 6.0;   // length over which a lane is drawn to its joint

// Chains. ---------------------------------------------------------------------------------------

double gap_m(const Draft& draft, const Piece& a, const Piece& b) {
    const auto end = [&](const Piece& p, bool high) {
        return lane_centre(draft.geometry, p.road, p.section, p.lane,
                           high ? p.high_m - 1e-9 : p.low_m + 1e-9);
    };
    return glm::length(end(a, a.forward) - end(b, !b.forward));
}

// The one piece that goes on from p on the same road, or kNone.
std::uint32_t sole_next(const Draft& draft, std::uint32_t p) {
    const Piece& piece = draft.pieces[p];
    if (piece.next.size() != 1) return kNone;
    const Piece& next = draft.pieces[piece.next[0]];
    if (next.before.size() != 1 || next.road != piece.road || next.forward != piece.forward) {
        return kNone;
    }
    return gap_m(draft, piece, next) <= kMergeGap_m ? piece.next[0] : kNone;
}

// Driven pieces of one direction on the stretch of p.
std::vector<std::uint32_t> companions(const Draft& draft, const Piece& piece) {
    std::vector<std::uint32_t> out;
    for (const std::uint32_t q : draft.stretches[piece.road][piece.stretch].pieces) {
        const Piece& other = draft.pieces[q];
        if (!other.vanished && other.kind == LaneKind::kDriving && other.forward == piece.forward &&
            other.type != LaneType::kBidirectional) {
            out.push_back(q);
        }
    }
    return out;
}

// Whether the way from p to the next piece of its road stays one lane.
bool goes_on(const Draft& draft, std::uint32_t p, std::uint32_t next) {
    const Piece &a = draft.pieces[p], &b = draft.pieces[next];
    if (a.kind != LaneKind::kDriving || draft.in_junction(a.road)) return true;
    // The two halves of a ring.
    if (a.section == b.section && (b.next == std::vector{p} || a.before == std::vector{next})) {
        return false;
    }
    if (a.type == LaneType::kBidirectional) return b.type == a.type;
    // All lanes of the direction go on together.
    const auto before = companions(draft, a), after = companions(draft, b);
    if (before.size() != after.size()) return false;
    const auto is_short = [](const Piece& q) { return q.high_m - q.low_m < kShortStretch_m; };
    const bool marks_count = !is_short(a) && !is_short(b);
    for (std::size_t i = 0; i < before.size(); ++i) {
        const Piece &x = draft.pieces[before[i]], &y = draft.pieces[after[i]];
        if (sole_next(draft, before[i]) != after[i]) return false;
        if (x.type != y.type || std::abs(x.limit_mps - y.limit_mps) > 0.01) return false;
        if (marks_count &&
            ((x.left == kNone) != (y.left == kNone) || (x.right == kNone) != (y.right == kNone))) {
            return false;
        }
    }
    return true;
}

// `before` is ordered left to right along s; for pieces against s the same holds of `after`, so the
// i-th belongs to the i-th in both.
void make_chains(Draft& draft) {
    std::vector<std::uint32_t> follower(draft.pieces.size(), kNone);
    std::vector<char> follows(draft.pieces.size(), 0);
    for (std::uint32_t p = 0; p < draft.pieces.size(); ++p) {
        if (draft.pieces[p].vanished) continue;
        const std::uint32_t next = sole_next(draft, p);
        if (next == kNone || next == p || !goes_on(draft, p, next)) continue;
        follower[p] = next;
        follows[next] = 1;
    }
    for (std::uint32_t p = 0; p < draft.pieces.size(); ++p) {
        if (draft.pieces[p].vanished || follows[p] != 0) continue;
        const auto lane = static_cast<LaneId>(draft.chains.size());
        std::vector<std::uint32_t> chain;
        for (std::uint32_t q = p; q != kNone; q = follower[q]) {
            chain.push_back(q);
            draft.pieces[q].net_lane = lane;
        }
        draft.chains.push_back(std::move(chain));
    }
    // Rings that are left have no first piece: cut them at their lowest.
    for (std::uint32_t p = 0; p < draft.pieces.size(); ++p) {
        if (draft.pieces[p].vanished || draft.pieces[p].net_lane != kNone) continue;
        const auto lane = static_cast<LaneId>(draft.chains.size());
        std::vector<std::uint32_t> chain;
        for (std::uint32_t q = p; draft.pieces[q].net_lane == kNone; q = follower[q]) {
            chain.push_back(q);
            draft.pieces[q].net_lane = lane;
        }
        draft.chains.push_back(std::move(chain));
    }
}

// Samples. --------------------------------------------------------------------------------------

// A lane's centre on a stretch where all its profiles are smooth.
class SmoothStretch {
  public:
    SmoothStretch(const RoadGeometry& geometry, const Piece& piece, double low, double high)
        : geometry_(geometry), piece_(piece) {
        const double tiny = std::min(1e-9, 0.1 * (high - low));
        low_ = low + tiny;
        high_ = high - tiny;
    }

    Vec3 at(double s) const {
        return lane_centre(geometry_, piece_.road, piece_.section, piece_.lane,
                           std::clamp(s, low_, high_));
    }
    double width(double s) const {
        return geometry_.width_m(piece_.road, piece_.section, piece_.lane,
                                 std::clamp(s, low_, high_));
    }
    // Heading in the direction of travel, by a central difference inside the stretch.
    double heading(double s) const {
        const double room = high_ - low_, h = std::min(1e-3, 0.5 * room);
        const double middle = std::clamp(s, low_ + h, high_ - h);
        Vec2 along = math::xy(at(middle + h) - at(middle - h));
        if (!piece_.forward) along = -along;
        double heading = std::atan2(along.y, along.x);
        // At an end the difference is centred a step inside.
        const double off = std::clamp(s, low_, high_) - middle;
        if (off != 0 && room > 4 * h) {
            const double inside = off > 0 ? middle - 2 * h : middle + 2 * h;
            Vec2 other = math::xy(at(inside + h) - at(inside - h));
            if (!piece_.forward) other = -other;
            const double turn = math::wrap_angle(heading - std::atan2(other.y, other.x));
            heading += turn * std::abs(off) / (2 * h);
        }
        return heading;
    }
    double curvature(double s) const {
        const double h = std::min(0.05, 0.5 * (high_ - low_));
        const double a = std::max(low_, std::clamp(s, low_, high_) - h);
        const double b = std::min(high_, a + 2 * h);
        const double length = glm::length(math::xy(at(b) - at(a)));
        if (length < 1e-9) return 0;
        const double turn = math::wrap_angle(heading(b) - heading(a));
        return (piece_.forward ? turn : -turn) / length;
    }
    // Length in the plane between two places, by Richardson's extrapolation of chords.
    double length(double a, double b) const {
        constexpr int kParts = 4;
        double fine = 0, coarse = 0;
        std::array<Vec2, kParts + 1> q;
        for (int i = 0; i <= kParts; ++i) {
            q[static_cast<std::size_t>(i)] = math::xy(at(a + (b - a) * i / kParts));
        }
        for (std::size_t i = 0; i < kParts; ++i) fine += glm::length(q[i + 1] - q[i]);
        for (std::size_t i = 0; i < kParts; i += 2) coarse += glm::length(q[i + 2] - q[i]);
        return fine + (fine - coarse) / 3.0;
    }

  private:
    const RoadGeometry& geometry_;
    const Piece& piece_;
    double low_ = 0, high_ = 0;
};

// A sample before its s along the lane is known.
struct Raw {
    Vec3 p{0, 0, 0};
    double heading_rad = 0, curvature_per_m = 0, width_m = 0;
    double step_m = 0;  // along the lane from the one before
};

// Whether one cubic between two places is good enough.
bool fine_enough(const SmoothStretch& line, const Raw& a, const Raw& b, double s_a, double s_b,
                 double length) {
    const double bend = std::max(std::abs(a.curvature_per_m), std::abs(b.curvature_per_m));
    if (bend * length * length / 8 > kSagitta_m) return false;
    if (bend > 0.01 && length > 1.0) return false;  // bends under 100 m: at most 1 m
    for (const double u : {0.25, 0.5, 0.75}) {
        const double s = s_a + u * (s_b - s_a);
        const Vec3 truth = line.at(s);
        const double u2 = u * u, u3 = u2 * u;
        const double ha = 2 * u3 - 3 * u2 + 1;
        const Vec2 guess = ha * math::xy(a.p) + (1 - ha) * math::xy(b.p) +
                           (u3 - 2 * u2 + u) * length * math::direction(a.heading_rad) +
                           (u3 - u2) * length * math::direction(b.heading_rad);
        // Only the error across counts: along the lane s may lag a little.
        const double heading = a.heading_rad + u * math::wrap_angle(b.heading_rad - a.heading_rad);
        const Vec2 miss = guess - math::xy(truth);
        if (std::abs(math::cross(math::direction(heading), miss)) > kHermite_m ||
            glm::length(miss) > 10 * kHermite_m) {
            return false;
        }
        if (std::abs(a.p.z + u * (b.p.z - a.p.z) - truth.z) > kHeight_m) return false;
        if (std::abs(a.width_m + u * (b.width_m - a.width_m) - line.width(s)) > kWidth_m) {
            return false;
        }
        if (u == 0.5 && std::abs(math::wrap_angle(line.heading(s) - heading)) > kHeading_rad) {
            return false;
        }
    }
    return true;
}

Raw raw_at(const SmoothStretch& line, double s) {
    return {line.at(s), line.heading(s), line.curvature(s), line.width(s), 0};
}

void subdivide(const SmoothStretch& line, const Raw& a, const Raw& b, double s_a, double s_b,
               double longest_m, std::vector<Raw>& out) {
    const double length = line.length(s_a, s_b);
    const bool can_split = length > 2 * kShortestStep_m;
    if (can_split && (length > longest_m || !fine_enough(line, a, b, s_a, s_b, length))) {
        const double middle = 0.5 * (s_a + s_b);
        const Raw m = raw_at(line, middle);
        subdivide(line, a, m, s_a, middle, longest_m, out);
        subdivide(line, m, b, middle, s_b, longest_m, out);
        return;
    }
    out.push_back(b);
    out.back().step_m = length;
}

// Places in a piece where a profile that shapes its centre line begins a new record.
std::vector<double> breaks(const Draft& draft, const Piece& piece) {
    const Road& road = draft.model.roads[piece.road];
    std::vector<double> out;
    const auto add = [&](double s) {
        if (s > piece.low_m + 1e-6 && s < piece.high_m - 1e-6) out.push_back(s);
    };
    for (const PlanPiece& g : road.plan) add(g.s_m);
    for (const Profile* profile : {&road.elevation, &road.superelevation, &road.lane_offset}) {
        for (const Cubic& c : *profile) add(c.s_m);
    }
    for (const Crossfall& fall : road.crossfall) add(fall.slope.s_m);
    for (const ShapePiece& shape : road.shape) add(shape.s_m);
    const LaneSection& section = road.sections[piece.section];
    for (const ModelLane& lane : section.lanes) {
        if ((lane.id > 0) != (piece.lane > 0) || std::abs(lane.id) > std::abs(piece.lane)) continue;
        for (const Profile* profile : {&lane.widths, &lane.borders}) {
            for (const Cubic& c : *profile) add(section.s_m + c.s_m);
        }
        if (lane.id == piece.lane) {
            for (const LaneHeight& height : lane.heights) add(section.s_m + height.s_offset_m);
        }
    }
    std::sort(out.begin(), out.end());
    // Records closer than a hand are one.
    std::vector<double> apart{piece.low_m};
    for (const double s : out) {
        if (s - apart.back() > 0.05 && piece.high_m - s > 0.05) apart.push_back(s);
    }
    apart.push_back(piece.high_m);
    return apart;
}

// Ends of two stretches that meet: halfway between them.
Raw meet(const Raw& a, const Raw& b) {
    Raw m = a;
    m.p = 0.5 * (a.p + b.p);
    m.heading_rad = a.heading_rad + 0.5 * math::wrap_angle(b.heading_rad - a.heading_rad);
    m.curvature_per_m = 0.5 * (a.curvature_per_m + b.curvature_per_m);
    m.width_m = 0.5 * (a.width_m + b.width_m);
    return m;
}

std::vector<LaneSample> sample_chain(const Draft& draft, const std::vector<std::uint32_t>& chain) {
    std::vector<Raw> raw;
    for (const std::uint32_t p : chain) {
        const Piece& piece = draft.pieces[p];
        std::vector<double> stations = breaks(draft, piece);
        if (!piece.forward) std::reverse(stations.begin(), stations.end());
        for (std::size_t i = 0; i + 1 < stations.size(); ++i) {
            const double s_a = stations[i], s_b = stations[i + 1];
            const SmoothStretch line(draft.geometry, piece, std::min(s_a, s_b), std::max(s_a, s_b));
            const Raw a = raw_at(line, s_a), b = raw_at(line, s_b);
            if (raw.empty()) {
                raw.push_back(a);
            } else {
                const double step = raw.back().step_m;
                raw.back() = meet(raw.back(), a);
                raw.back().step_m = step;
            }
            subdivide(line, a, b, s_a, s_b, draft.options.longest_step_m, raw);
        }
    }
    std::vector<LaneSample> samples;
    double s = 0;
    for (const Raw& q : raw) {
        s += q.step_m;
        if (!samples.empty() && s - samples.back().s_m < 1e-6) continue;
        samples.push_back({s, q.p, math::wrap_angle(q.heading_rad), q.curvature_per_m, q.width_m});
    }
    return samples;
}

// A lane that begins or ends beside another narrows there to nothing: it counts from where a car
// fits into it.
void trim(Lane& lane, bool begins, bool ends) {
    constexpr double kCarWidth_m = 2.2, kLeast_m = 10.0;
    const auto& q = lane.samples;
    const auto wide = [](const LaneSample& sample) { return sample.width_m >= kCarWidth_m; };
    const auto first = static_cast<std::size_t>(std::find_if(q.begin(), q.end(), wide) - q.begin());
    if (first == q.size()) return;
    const auto last =
        static_cast<std::size_t>(std::find_if(q.rbegin(), q.rend(), wide).base() - q.begin() - 1);
    // Where the width passes the car's between two samples.
    const auto pass = [&](std::size_t i, std::size_t j) {
        const double share = (kCarWidth_m - q[i].width_m) / (q[j].width_m - q[i].width_m);
        return q[i].s_m + share * (q[j].s_m - q[i].s_m);
    };
    const double from = begins && first > 0 ? pass(first - 1, first) : 0.0;
    const double to = ends && last + 1 < q.size() ? pass(last, last + 1) : lane.length_m;
    if (to - from < kLeast_m) return;
    constexpr double kApart_m = 0.01;
    std::vector<LaneSample> kept{lane_at(lane, from)};
    for (const LaneSample& sample : q) {
        if (sample.s_m > from + kApart_m && sample.s_m < to - kApart_m) kept.push_back(sample);
    }
    kept.push_back(lane_at(lane, to));
    for (LaneSample& sample : kept) sample.s_m -= from;
    lane.samples = std::move(kept);
    lane.length_m = to - from;
}

// Joints. ---------------------------------------------------------------------------------------

// Draws a lane's first or last samples to a point and heading: the offset fades as a cubic that
// starts with the wanted slope.
void draw_to(Lane& lane, bool end, const Vec3& p, double heading_rad) {
    auto& samples = lane.samples;
    const LaneSample tip = end ? samples.back() : samples.front();
    const Vec3 offset = p - tip.p;
    const double turn = math::wrap_angle(heading_rad - tip.heading_rad);
    if (glm::length(offset) < 1e-12 && std::abs(turn) < 1e-12) return;
    const double over = std::min(kMendOver_m, 0.5 * lane.length_m);
    for (LaneSample& q : samples) {
        const double from_tip = end ? lane.length_m - q.s_m : q.s_m;
        if (from_tip >= over) continue;
        const double u = from_tip / over;
        const double fade = 1 - u * u * (3 - 2 * u);
        const double slope = u * (1 - u) * (1 - u);     // of the cubic with unit slope at 0
        const double slope_1 = (1 - u) * (1 - 3 * u);   // its derivative by u
        const double fade_1 = -6 * u * (1 - u) / over;  // of `fade` by s
        const double sign = end ? -1.0 : 1.0;
        const Vec2 left = math::perp(math::direction(q.heading_rad));
        const double sideways = glm::dot(math::xy(offset), left);
        q.p += fade * offset + Vec3(sign * turn * over * slope * left, 0.0);
        q.heading_rad = math::wrap_angle(q.heading_rad + turn * slope_1 + sign * sideways * fade_1);
    }
    LaneSample& mended = end ? samples.back() : samples.front();
    mended.p = p;
    mended.heading_rad = heading_rad;
}

// Lengths after mending: chords corrected for their bend.
void measure(Lane& lane) {
    auto& q = lane.samples;
    double s = 0;
    for (std::size_t i = 0; i < q.size(); ++i) {
        if (i > 0) {
            const double chord = glm::length(math::xy(q[i].p - q[i - 1].p));
            const double turn = math::wrap_angle(q[i].heading_rad - q[i - 1].heading_rad);
            // chord = 2 R sin(turn / 2) on an arc.
            const double half = 0.5 * turn;
            s += chord * (std::abs(half) < 1e-4 ? 1 + half * half / 6 : half / std::sin(half));
        }
        q[i].s_m = s;
    }
    lane.length_m = s;
}

// All lane ends that are linked with each other meet in one point with one heading: that of the
// lane outside junctions with the lowest id.
void mend_joints(Draft& draft) {
    RoadNetwork& network = draft.network;
    const std::size_t count = network.lanes.size();
    // Union of ends: 2 lane for the start, 2 lane + 1 for the end.
    std::vector<std::uint32_t> parent(2 * count);
    for (std::uint32_t i = 0; i < parent.size(); ++i) parent[i] = i;
    const auto find = [&](std::uint32_t i) {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    };
    // Roots are the anchors: outside junctions before inside, lower lanes first.
    const auto rank = [&](std::uint32_t end) {
        const Lane& lane = network.lanes[end / 2];
        return std::pair(draft.in_junction(lane.road), end);
    };
    const auto tip = [&](std::uint32_t end) -> const LaneSample& {
        const Lane& lane = network.lanes[end / 2];
        return end % 2 == 1 ? lane.samples.back() : lane.samples.front();
    };
    for (const Lane& lane : network.lanes) {
        for (const LaneId next : lane.successors) {
            std::uint32_t a = find(2 * lane.id + 1), b = find(2 * next);
            if (glm::length(tip(2 * lane.id + 1).p - tip(2 * next).p) > kLargestMend_m) continue;
            if (a == b) continue;
            if (rank(b) < rank(a)) std::swap(a, b);
            parent[b] = a;
        }
    }
    std::vector<LaneSample> anchors(2 * count);
    for (std::uint32_t end = 0; end < 2 * count; ++end) anchors[end] = tip(end);
    std::vector<char> moved(count, 0);
    for (std::uint32_t end = 0; end < 2 * count; ++end) {
        const std::uint32_t root = find(end);
        if (root == end) continue;
        const LaneSample &own = anchors[end], &anchor = anchors[root];
        const bool same = glm::length(own.p - anchor.p) < 1e-9 &&
                          std::abs(math::wrap_angle(own.heading_rad - anchor.heading_rad)) < 1e-9;
        if (same) continue;
        if (glm::length(own.p - anchor.p) > kLargestMend_m) continue;
        const bool turns =
            std::abs(math::wrap_angle(own.heading_rad - anchor.heading_rad)) <= kMend_rad;
        draw_to(network.lanes[end / 2], end % 2 == 1, anchor.p,
                turns ? anchor.heading_rad : own.heading_rad);
        moved[end / 2] = 1;
    }
    for (Lane& lane : network.lanes) {
        if (moved[lane.id] != 0) measure(lane);
    }
}

// The speed at which a banked bend is driven without sliding down it, 0 where none is banked that
// much.
double banked_speed_mps(const Draft& draft, LaneId id) {
    constexpr double kSideways_mps2 = 4.0, kFastest_mps = 36.1;
    double speed = 0;
    for (const std::uint32_t p : draft.chains[id]) {
        const Piece& piece = draft.pieces[p];
        if (draft.model.roads[piece.road].superelevation.empty()) continue;
        for (double s = piece.low_m; s < piece.high_m; s += 5.0) {
            const double bend = draft.geometry.reference(piece.road, s).curvature_per_m;
            const double roll = draft.geometry.superelevation_rad(piece.road, s);
            // Down towards the inside of the bend.
            const double pull = math::kGravity_mps2 * std::sin(bend > 0 ? -roll : roll);
            if (std::abs(bend) < 1e-4 || pull <= kSideways_mps2) continue;
            speed = std::max(
                speed, std::sqrt((pull - kSideways_mps2) / (std::abs(bend) * std::cos(roll))));
        }
    }
    return std::min(speed, kFastest_mps);
}

}  // namespace

void make_lanes(Draft& draft) {
    make_chains(draft);
    RoadNetwork& network = draft.network;
    constexpr double kUsual_mps = 50.0 / 3.6;
    for (std::uint32_t i = 0; i < draft.chains.size(); ++i) {
        const auto& chain = draft.chains[i];
        const Piece& first = draft.pieces[chain.front()];
        Lane lane;
        lane.id = i;
        lane.road = first.road;
        lane.section = first.section;
        lane.model_lane = first.lane;
        lane.kind = first.kind;
        lane.junction = draft.model.roads[first.road].junction;
        lane.samples = sample_chain(draft, chain);
        HM_CHECK(lane.samples.size() >= 2, "road {} lane {} has {} samples",
                 draft.model.roads[first.road].id, first.lane, lane.samples.size());
        lane.length_m = lane.samples.back().s_m;
        if (lane.kind == LaneKind::kDriving && lane.junction == kNone) {
            trim(lane, first.before.empty(), draft.pieces[chain.back()].next.empty());
        }
        lane.speed_limit_mps = 0;
        for (const std::uint32_t p : chain) {
            lane.speed_limit_mps = std::max(lane.speed_limit_mps, draft.pieces[p].limit_mps);
        }
        network.lanes.push_back(std::move(lane));
    }
    // Links between chains, and neighbours that most of a lane allows.
    for (Lane& lane : network.lanes) {
        const auto& chain = draft.chains[lane.id];
        for (const std::uint32_t n : draft.pieces[chain.back()].next) {
            lane.successors.push_back(draft.pieces[n].net_lane);
        }
        for (const std::uint32_t n : draft.pieces[chain.front()].before) {
            lane.predecessors.push_back(draft.pieces[n].net_lane);
        }
        std::sort(lane.successors.begin(), lane.successors.end());
        std::sort(lane.predecessors.begin(), lane.predecessors.end());
        for (const bool left : {true, false}) {
            double allowed = 0, length = 0;
            LaneId neighbour = kNone;
            for (const std::uint32_t p : chain) {
                const Piece& piece = draft.pieces[p];
                const std::uint32_t side = left ? piece.left : piece.right;
                length += piece.high_m - piece.low_m;
                if (side == kNone || draft.pieces[side].net_lane == kNone) continue;
                allowed += piece.high_m - piece.low_m;
                neighbour = draft.pieces[side].net_lane;
            }
            if (allowed > 0.5 * length) (left ? lane.left : lane.right) = neighbour;
        }
    }
    // Limits that nothing gives: connections take those of the roads they join.
    for (int round = 0; round < 2; ++round) {
        for (Lane& lane : network.lanes) {
            if (lane.speed_limit_mps > 0) continue;
            double limit = 0;
            for (const auto* list : {&lane.predecessors, &lane.successors}) {
                for (const LaneId other : *list) {
                    const double theirs = network.lanes[other].speed_limit_mps;
                    if (theirs > 0 && (limit == 0 || theirs < limit)) limit = theirs;
                }
            }
            if (lane.in_junction() && limit > 0) lane.speed_limit_mps = limit;
            if (round == 1 && lane.speed_limit_mps <= 0) {
                lane.speed_limit_mps = std::max(kUsual_mps, banked_speed_mps(draft, lane.id));
            }
        }
    }
    mend_joints(draft);
}

}  // namespace huntsman::engine::road::parts
