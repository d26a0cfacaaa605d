#include "bridge/route/ego_route.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/check.h"
#include "engine/math/geometry.h"

namespace huntsman::bridge::route {

using engine::math::cross;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Control;
using engine::world::kNone;
using engine::world::Lane;
using engine::world::LaneId;
using engine::world::LaneSample;

namespace {

constexpr double kSpacing_m = 1.0;
constexpr double kChangeLength_m = 30.0;  // over which a lane change moves from lane to lane
constexpr double kChangeLead_m = 5.0;     // driven straight before it begins

bool neighbours(const Lane& a, LaneId b) { return a.left == b || a.right == b; }

double smoothstep(double x) {
    x = std::clamp(x, 0.0, 1.0);
    return x * x * (3.0 - 2.0 * x);
}

// A lane of the route and the route's s at which the lane's s = 0 lies.
struct LaneStart {
    double s_m;
    LaneId lane;
};

// Goes along the lanes of the route; s counts steps of kSpacing_m, whatever their true length.
class LineSampler {
  public:
    LineSampler(const engine::world::World& world, const engine::road::RoadMap& map);

    std::vector<RouteSample> samples;
    std::vector<LaneStart> lane_starts;
    double goal_s_m = 0;

  private:
    void add(const Vec3& p, const LaneSample& lane_sample, LaneId lane);
    void add(LaneId lane, double lane_s) {
        const LaneSample sample = map_.at(lane, lane_s);
        add(sample.p, sample, lane);
    }
    double change_lane(const Lane& lane, LaneId next, double lane_s);

    const engine::world::World& world_;
    const engine::road::RoadMap& map_;
    double s_ = 0.0;
};

LineSampler::LineSampler(const engine::world::World& world, const engine::road::RoadMap& map)
    : world_(world), map_(map) {
    double lane_s = world.spawns.empty() ? 0.0 : world.spawns.front().lane_s_m;
    for (std::size_t i = 0; i < world.ego_route.size(); ++i) {
        const LaneId id = world.ego_route[i];
        const Lane& lane = map.lane(id);
        const bool last = i + 1 == world.ego_route.size();
        const LaneId next = last ? kNone : world.ego_route[i + 1];
        lane_starts.push_back({s_ - lane_s, id});
        if (last) {
            goal_s_m = std::max(1.0, s_ + world.ego_goal_s_m - lane_s);
            // Go on to the lane's end, so that the driver sees road beyond the goal.
            for (; lane_s <= lane.length_m; lane_s += kSpacing_m) add(id, lane_s);
        } else if (neighbours(lane, next)) {
            lane_s = change_lane(lane, next, lane_s);
        } else {
            for (; lane_s < lane.length_m; lane_s += kSpacing_m) add(id, lane_s);
            lane_s -= lane.length_m;
        }
    }
}

void LineSampler::add(const Vec3& p, const LaneSample& lane_sample, LaneId lane) {
    RouteSample sample;
    sample.s_m = s_;
    sample.p = engine::math::xy(p);
    sample.z_m = p.z;
    if (!world_.road_model.empty()) {
        const Vec3 normal = map_.surface(p + Vec3(0, 0, 0.3)).normal;
        sample.bank =
            cross(engine::math::direction(lane_sample.heading_rad), engine::math::xy(normal));
    }
    sample.heading_rad = lane_sample.heading_rad;
    sample.curvature_per_m = lane_sample.curvature_per_m;
    sample.speed_limit_mps = map_.lane(lane).speed_limit_mps;
    sample.width_m = lane_sample.width_m;
    sample.lane = lane;
    samples.push_back(sample);
    s_ += kSpacing_m;
}

// A lead, then a smooth ramp onto the neighbour; gives the s on the neighbour.
double LineSampler::change_lane(const Lane& lane, LaneId next, double lane_s) {
    const double begin = lane_s;
    const double room = std::max(1.0, lane.length_m - begin);
    const double lead = std::min(kChangeLead_m, 0.1 * room);
    const double ramp = std::min(kChangeLength_m, 0.7 * room);
    for (; lane_s < begin + lead + ramp && lane_s < lane.length_m; lane_s += kSpacing_m) {
        const LaneSample from = map_.at(lane.id, lane_s);
        const auto beside = map_.project(next, engine::math::xy(from.p));
        const LaneSample to = map_.at(next, beside.s_m);
        const double share = smoothstep((lane_s - begin - lead) / ramp);
        add(glm::mix(from.p, to.p, share), from, share < 0.5 ? lane.id : next);
    }
    return map_.project(next, engine::math::xy(map_.at(lane.id, lane_s).p)).s_m;
}

// The spacing of the samples becomes true, which the ramps stretch a little.
class TrueSpacing {
  public:
    explicit TrueSpacing(std::vector<RouteSample>& samples) : samples_(samples) {
        nominal_.resize(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            nominal_[i] = samples[i].s_m;
            if (i > 0) travelled_ += glm::length(samples[i].p - samples[i - 1].p);
            samples[i].s_m = travelled_;
        }
    }
    double travelled_m() const { return travelled_; }
    // The true s of an s that counts steps.
    double operator()(double nominal_s) const {
        const auto above = std::lower_bound(nominal_.begin(), nominal_.end(), nominal_s);
        if (above == nominal_.end()) return travelled_;
        const auto i = static_cast<std::size_t>(above - nominal_.begin());
        if (i == 0) return nominal_s;
        const double share = (nominal_s - nominal_[i - 1]) / (nominal_[i] - nominal_[i - 1]);
        return samples_[i - 1].s_m + share * (samples_[i].s_m - samples_[i - 1].s_m);
    }

  private:
    const std::vector<RouteSample>& samples_;
    std::vector<double> nominal_;
    double travelled_ = 0.0;
};

// Headings of the line as it is driven, lane changes included.
void turn_along_line(std::vector<RouteSample>& samples) {
    for (std::size_t i = 0; i + 1 < samples.size(); ++i) {
        const Vec2 step = samples[i + 1].p - samples[i].p;
        if (glm::length(step) > 1e-6) samples[i].heading_rad = std::atan2(step.y, step.x);
    }
    if (samples.size() > 1) samples.back().heading_rad = samples[samples.size() - 2].heading_rad;
}

// Ramps bend the line where its lanes are straight; elsewhere the lanes' own curvature is exact.
void bend_along_ramps(std::vector<RouteSample>& samples) {
    for (std::size_t i = 3; i + 3 < samples.size(); ++i) {
        const double driven =
            engine::math::wrap_angle(samples[i + 3].heading_rad - samples[i - 3].heading_rad) /
            std::max(1e-6, samples[i + 3].s_m - samples[i - 3].s_m);
        double& curvature = samples[i].curvature_per_m;
        if (std::abs(driven) > std::abs(curvature)) curvature = driven;
    }
}

void look_beside(const engine::road::RoadMap& map, std::vector<RouteSample>& samples) {
    for (RouteSample& sample : samples) {
        const auto place = map.project(sample.lane, sample.p);
        sample.offset_m = place.t_m;
        sample.left = engine::road::lane_beside(map, sample.lane, place.s_m, 1.0);
        sample.right = engine::road::lane_beside(map, sample.lane, place.s_m, -1.0);
    }
}

// What guards a connection: its signal, stop line or give-way line; none where nothing does.
std::optional<RouteEvent> guard_of(const Lane& lane, const Lane& before, double start,
                                   const engine::world::RoadNetwork& network,
                                   const TrueSpacing& true_s) {
    RouteEvent event;
    event.connection = lane.id;
    event.group = lane.signal_group;
    event.s_m = true_s(start - (before.length_m - lane.stop_s_m));
    event.s_end_m = true_s(start + lane.length_m);
    for (const auto& conflict : lane.conflicts) {
        event.turns_across = event.turns_across || conflict.yields;
    }
    bool guarded = true;
    switch (lane.control) {
        case Control::kSignal:
            event.kind = RouteEventKind::kSignal;
            break;
        case Control::kStop:
            event.kind = RouteEventKind::kStop;
            break;
        case Control::kYield:
            event.kind = RouteEventKind::kYield;
            break;
        case Control::kUncontrolled:
            event.kind = RouteEventKind::kYield;
            guarded = event.turns_across;
            break;
    }
    for (std::uint32_t h = 0; h < network.signal_heads.size(); ++h) {
        const auto& governs = network.signal_heads[h].governs;
        if (std::find(governs.begin(), governs.end(), lane.id) != governs.end()) {
            event.heads.push_back(h);
        }
    }
    if (!guarded || event.s_m <= 0.0) return std::nullopt;
    return event;
}

// Crossings that lie on a lane, each once.
void add_crossings(const LaneStart& at, const engine::world::RoadNetwork& network,
                   const TrueSpacing& true_s, std::vector<RouteEvent>& events) {
    for (const auto& crossing : network.crossings) {
        for (const auto& span : crossing.lanes) {
            if (span.lane != at.lane) continue;
            const double begin = true_s(at.s_m + span.s_begin_m);
            const double end = true_s(at.s_m + span.s_end_m);
            const bool known =
                std::any_of(events.begin(), events.end(), [&](const RouteEvent& event) {
                    return event.kind == RouteEventKind::kCrossing &&
                           std::abs(event.s_m - begin) < 2.0;
                });
            if (known || end <= 0.0) continue;
            events.push_back({.kind = RouteEventKind::kCrossing, .s_m = begin, .s_end_m = end});
        }
    }
}

}  // namespace

EgoRoute::EgoRoute(const engine::world::World& world, const engine::road::RoadMap& map) {
    HM_CHECK(!world.ego_route.empty(), "the world has no route for the ego");
    LineSampler line(world, map);
    samples_ = std::move(line.samples);
    turn_along_line(samples_);
    const TrueSpacing true_s(samples_);
    goal_s_m_ = std::min(true_s(line.goal_s_m), true_s.travelled_m());
    bend_along_ramps(samples_);
    look_beside(map, samples_);

    // Stop lines and give-way lines guard connections; crossings lie on lanes.
    for (std::size_t i = 0; i < line.lane_starts.size(); ++i) {
        const LaneStart& at = line.lane_starts[i];
        const Lane& lane = map.lane(at.lane);
        if (lane.in_junction() && i > 0) {
            const Lane& before = map.lane(line.lane_starts[i - 1].lane);
            if (auto event = guard_of(lane, before, at.s_m, world.roads, true_s)) {
                events_.push_back(std::move(*event));
            }
        }
        add_crossings(at, world.roads, true_s, events_);
    }
    events_.push_back({.kind = RouteEventKind::kGoal, .s_m = goal_s_m_, .s_end_m = goal_s_m_});
    std::stable_sort(events_.begin(), events_.end(),
                     [](const RouteEvent& a, const RouteEvent& b) { return a.s_m < b.s_m; });
}

const RouteSample& EgoRoute::at(double s_m) const {
    const auto above =
        std::lower_bound(samples_.begin(), samples_.end(), s_m,
                         [](const RouteSample& sample, double s) { return sample.s_m < s; });
    return above == samples_.end() ? samples_.back() : *above;
}

EgoRoute::Projection EgoRoute::project(const Vec2& p, double near_s_m) const {
    constexpr double kBehind_m = 10.0, kAhead_m = 40.0;
    Projection best;
    double best_distance = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + 1 < samples_.size(); ++i) {
        const RouteSample &a = samples_[i], &b = samples_[i + 1];
        if (b.s_m < near_s_m - kBehind_m) continue;
        if (a.s_m > near_s_m + kAhead_m) break;
        const auto hit = engine::math::closest_on_segment(p, a.p, b.p);
        if (hit.distance_m < best_distance) {
            best_distance = hit.distance_m;
            best = {a.s_m + hit.along * (b.s_m - a.s_m),
                    std::copysign(hit.distance_m, cross(b.p - a.p, p - a.p))};
        }
    }
    return best;
}

messages::Route EgoRoute::message(const engine::world::RoadNetwork& network,
                                  const engine::math::RigidTransform& X_WB, double s_m,
                                  double ahead_m) const {
    constexpr double kBehind_m = 6.0;
    const auto X_BW = X_WB.inverse();
    const double yaw = X_WB.yaw_rad();
    messages::Route route;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
        const RouteSample& sample = samples_[i];
        const double s = sample.s_m - s_m;
        if (s < -kBehind_m || s > ahead_m) continue;
        const Vec3 p_B = X_BW * Vec3(sample.p, sample.z_m);
        auto* point = route.add_points();
        point->set_s_m(s);
        point->set_x_m(p_B.x);
        point->set_y_m(p_B.y);
        point->set_z_m(p_B.z);
        point->set_bank(sample.bank);
        point->set_heading_rad(engine::math::wrap_angle(sample.heading_rad - yaw));
        point->set_curvature_per_m(sample.curvature_per_m);
        point->set_speed_limit_mps(sample.speed_limit_mps);
        point->set_width_m(sample.width_m);
        point->set_in_junction(network.lanes[sample.lane].in_junction());
        point->set_offset_m(sample.offset_m);
        const auto tell = [](const engine::road::LaneBeside& side, auto* message) {
            message->set_width_m(side.width_m);
            message->set_oncoming(side.oncoming);
        };
        if (sample.left.width_m > 0) tell(sample.left, point->mutable_left());
        if (sample.right.width_m > 0) tell(sample.right, point->mutable_right());
    }
    for (const RouteEvent& known : events_) {
        if (known.s_end_m < s_m - kBehind_m || known.s_m > s_m + ahead_m) continue;
        auto* event = route.add_events();
        switch (known.kind) {
            case RouteEventKind::kSignal:
                event->set_kind(messages::EVENT_SIGNAL);
                break;
            case RouteEventKind::kStop:
                event->set_kind(messages::EVENT_STOP);
                break;
            case RouteEventKind::kYield:
                event->set_kind(messages::EVENT_YIELD);
                break;
            case RouteEventKind::kCrossing:
                event->set_kind(messages::EVENT_CROSSING);
                break;
            case RouteEventKind::kGoal:
                event->set_kind(messages::EVENT_GOAL);
                break;
        }
        event->set_s_m(known.s_m - s_m);
        event->set_s_end_m(known.s_end_m - s_m);
        event->set_turns_across(known.turns_across);
        for (const std::uint32_t h : known.heads) {
            const auto& head = network.signal_heads[h];
            const Vec3 p_B = X_BW * head.p;
            auto* place = event->add_heads();
            place->set_head(h);
            place->set_x_m(p_B.x);
            place->set_y_m(p_B.y);
            place->set_z_m(p_B.z);
            place->set_height_m(head.height_m);
            place->set_heading_rad(engine::math::wrap_angle(head.heading_rad - yaw));
        }
    }
    return route;
}

}  // namespace huntsman::bridge::route
