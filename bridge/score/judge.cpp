#include "bridge/score/judge.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bridge/score/encounter.h"
#include "engine/core/check.h"
#include "engine/driving/motion.h"
#include "engine/world/pose.h"

namespace huntsman::bridge::score {

using engine::core::seconds;
using engine::core::TimeUs;
using engine::math::Box2;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::ActorId;
using engine::world::ActorState;
using engine::world::Aspect;
using engine::world::kEgo;
using engine::world::State;

namespace {

constexpr TimeUs kSlow_us = 100'000;     // motion, lanes and TTC are judged ten times a second
constexpr TimeUs kRearm_us = 2'000'000;  // contacts closer in time are the same collision
constexpr TimeUs kNearMissRearm_us = 3'000'000;
constexpr TimeUs kAgreement_us = 100'000;  // Bullet and the swept boxes may differ by this
constexpr double kOffRoute_m = 30;
constexpr double kBlockedSpeed_mps = 0.1;
constexpr double kBlocked_s = 60;  // as Bench2Drive
constexpr double kNearMissTtc_s = 1.0;
constexpr double kTtcBound_s = 0.95;  // nuPlan
constexpr double kReach_m = 60;

}  // namespace

const char* name(InfractionKind kind) {
    switch (kind) {
        case InfractionKind::kCollisionPedestrian:
            return "collision_pedestrian";
        case InfractionKind::kCollisionVehicle:
            return "collision_vehicle";
        case InfractionKind::kCollisionStatic:
            return "collision_static";
        case InfractionKind::kRedLight:
            return "red_light";
        case InfractionKind::kStopSign:
            return "stop_sign";
        case InfractionKind::kOutsideLanes:
            return "outside_lanes";
        case InfractionKind::kNearMiss:
            return "near_miss";
        case InfractionKind::kBlocked:
            return "blocked";
        case InfractionKind::kOffRoute:
            return "off_route";
        case InfractionKind::kMissedObject:
            return "missed_object";
        case InfractionKind::kInventedObject:
            return "invented_object";
    }
    return "?";
}

double time_to_collision_s(const Box2& a, const Vec2& v_a, const Box2& b, const Vec2& v_b) {
    Box2 moved = a;
    for (int step = 0; step <= 30; ++step) {
        moved.centre = a.centre + (v_a - v_b) * (0.1 * step);
        if (overlap(moved, b)) return 0.1 * step;
    }
    return kInfinity;
}

double undisturbed_mps(const route::RouteSample& sample) {
    const double bend =
        engine::driving::bend_speed_mps(2.2, std::max(1e-4, std::abs(sample.curvature_per_m)));
    return std::min(sample.speed_limit_mps, bend);
}

Judge::Judge(const engine::world::World& world, const engine::road::RoadMap& map,
             const route::EgoRoute& route)
    : world_(&world), map_(&map), route_(&route) {}

void Judge::add(InfractionKind kind, const State& state, ActorId other, double value) {
    const ActorState& ego = state.actors.front();
    Infraction infraction{.kind = kind,
                          .tick = state.tick,
                          .time_us = state.time_us,
                          .other = other,
                          .p_W = ego.X_WB.p,
                          .ego_speed_mps = glm::length(engine::math::xy(ego.v_W)),
                          .value = value};
    const auto& extent = world_->archetypes[ego.archetype].extent;
    const Box2 own = engine::world::footprint(extent, ego.X_WB);
    if (const ActorState* actor = state.find(other)) {
        const Box2 box =
            engine::world::footprint(world_->archetypes[actor->archetype].extent, actor->X_WB);
        infraction.distance_m = distance(own, box);
        const Vec2 off = box.centre - own.centre;
        infraction.bearing_rad = engine::math::wrap_angle(std::atan2(off.y, off.x) - own.yaw_rad);
        infraction.heading_rad = engine::math::wrap_angle(box.yaw_rad - own.yaw_rad);
        const auto before =
            std::ranges::find(speeds_mps_, other, [](const auto& one) { return one.first; });
        infraction.other_speed_mps = before != speeds_mps_.end()
                                         ? before->second
                                         : glm::length(engine::math::xy(actor->v_W));
    }
    infractions_.push_back(infraction);
}

void Judge::observe(const State& state) {
    HM_CHECK(!state.actors.empty() && state.actors.front().id == kEgo,
             "the first actor is the ego");
    const ActorState& ego = state.actors.front();
    const double front = world_->archetypes[ego.archetype].extent.front_m;
    const double dt = 0.005;
    const double speed = glm::length(engine::math::xy(ego.v_W));

    observe_contacts(state);

    // Progress and lines.
    const auto place = route_->project(engine::math::xy(ego.X_WB.p), route_s_m_);
    observe_lines(state, route_s_m_ + front, place.s_m + front);
    route_s_m_ = place.s_m;
    best_s_m_ = std::max(best_s_m_, route_s_m_);
    driven_m_ += speed * dt;
    duration_s_ += dt;

    // Standing still.
    if (speed < 0.3) last_stop_s_m_ = route_s_m_ + front;
    blocked_s_ = speed < kBlockedSpeed_mps ? blocked_s_ + dt : 0.0;

    const Vec2 ahead = engine::math::direction(ego.X_WB.yaw_rad());
    const Vec2 a = engine::math::xy(ego.a_W);
    a_sum_mps2_ += Vec2(glm::dot(a, ahead), engine::math::cross(ahead, a));
    ++a_count_;
    if (state.time_us % kSlow_us == 0) {
        observe_lanes(state, speed * seconds(kSlow_us));
        observe_motion(state);
    }

    speeds_mps_.clear();
    for (const ActorState& actor : state.actors) {
        speeds_mps_.emplace_back(actor.id, glm::length(engine::math::xy(actor.v_W)));
    }

    // Ends of the run.
    if (!end_reason_.empty()) return;
    if (best_s_m_ >= route_->length_m() - 3.0) {
        end_reason_ = "route completed";
    } else if (std::abs(place.t_m) > kOffRoute_m) {
        add(InfractionKind::kOffRoute, state);
        end_reason_ = "more than 30 m off the route";
    } else if (blocked_s_ > kBlocked_s) {
        add(InfractionKind::kBlocked, state);
        end_reason_ = "stood still for 60 s";
    }
}

void Judge::observe_contacts(const State& state) {
    const ActorState& ego = state.actors.front();
    for (const auto& contact : state.contacts) {
        auto& touch = touches_[{contact.a, contact.b}];
        if (touch.bullet_us < 0 || touch.bullet_us < state.time_us - kRearm_us) {
            touch.bullet_since_us = state.time_us;
            touch.counted = false;
        }
        touch.bullet_us = state.time_us;
        if (contact.a != kEgo && contact.b != kEgo) continue;
        const ActorId other = contact.a == kEgo ? contact.b : contact.a;
        const auto last = last_contact_us_.find(other);
        const bool fresh =
            last == last_contact_us_.end() || state.time_us - last->second > kRearm_us;
        last_contact_us_[other] = state.time_us;
        if (!fresh) continue;

        // What was hit, and whose fault it was: not ours when we stood, or were hit from behind.
        InfractionKind kind = InfractionKind::kCollisionStatic;
        bool other_moving = false;
        if (const ActorState* actor = state.find(other)) {
            const auto semantic = world_->archetypes[actor->archetype].semantic;
            if (is_vulnerable(semantic)) {
                kind = InfractionKind::kCollisionPedestrian;
            } else if (is_vehicle(semantic)) {
                kind = InfractionKind::kCollisionVehicle;
            }
            other_moving = glm::length(engine::math::xy(actor->v_W)) > 0.5;
        } else {
            const auto found = std::lower_bound(
                world_->objects.begin(), world_->objects.end(), other,
                [](const engine::world::StaticObject& a, ActorId b) { return a.id < b; });
            if (found != world_->objects.end() && is_vehicle(found->semantic)) {
                kind = InfractionKind::kCollisionVehicle;
            }
        }
        const double speed = glm::length(engine::math::xy(ego.v_W));
        const Vec3 p_B = ego.X_WB.inverse() * contact.p_W;
        const auto& extent = world_->archetypes[ego.archetype].extent;
        const bool from_behind = other_moving && p_B.x < -extent.rear_m + 0.4;
        add(kind, state, other, contact.impulse_ns);
        infractions_.back().at_fault = speed > 0.05 && !from_behind;
    }

    // The second check: the pairs whose swept boxes overlap.
    for (std::size_t i = 0; i + 1 < state.swept_overlaps.size(); i += 2) {
        auto& touch = touches_[{state.swept_overlaps[i], state.swept_overlaps[i + 1]}];
        if (touch.swept_us < 0 || touch.swept_us < state.time_us - kRearm_us) {
            touch.swept_since_us = state.time_us;
            touch.counted = false;
        }
        touch.swept_us = state.time_us;
    }
    // Two people who brush past each other are round to one check and boxes to the other.
    const auto on_foot = [&](ActorId id) {
        const auto* actor = state.find(id);
        return actor != nullptr &&
               !engine::world::is_vehicle(world_->archetypes[actor->archetype].semantic);
    };
    for (auto& [pair, touch] : touches_) {
        if (touch.counted || (on_foot(pair.first) && on_foot(pair.second))) continue;
        // Each touch waits for the other check's word for the agreed time.
        const TimeUs since = std::max(touch.bullet_since_us, touch.swept_since_us);
        if (since < 0 || state.time_us - since < kAgreement_us) continue;
        const bool agree = touch.bullet_us >= 0 && touch.swept_us >= 0 &&
                           std::min(touch.bullet_us, touch.swept_us) + kAgreement_us >= since;
        if (!agree) ++disagreements_;
        touch.counted = true;
    }
}

int Judge::collision_disagreements() const { return disagreements_; }

void Judge::observe_lines(const State& state, double front_before, double front_now) {
    if (front_now <= front_before) return;
    for (const auto& event : route_->events()) {
        if (!(event.s_m > front_before && event.s_m <= front_now)) continue;
        if (event.kind == route::RouteEventKind::kSignal && event.group < state.signals.size()) {
            const Aspect aspect = state.signals[event.group];
            if (aspect == Aspect::kRed || aspect == Aspect::kRedYellow) {
                add(InfractionKind::kRedLight, state);
            }
        }
        // Within 5 m before the line the car must have stood.
        if (event.kind == route::RouteEventKind::kStop && event.s_m - last_stop_s_m_ > 5.0) {
            add(InfractionKind::kStopSign, state);
        }
    }
}

void Judge::observe_lanes(const State& state, double moved_m) {
    const ActorState& ego = state.actors.front();
    const auto& extent = world_->archetypes[ego.archetype].extent;
    const double yaw = ego.X_WB.yaw_rad();
    const Box2 box = engine::world::footprint(extent, ego.X_WB);

    // CARLA: outside where the middle is on no lane of our direction.
    const auto lane = map_->nearest_lane(Vec3(box.centre, ego.X_WB.p.z), yaw, 0.5);
    bool outside = true;
    double against = 0.0;
    if (lane) {
        const auto sample = map_->at(lane->lane, lane->s_m);
        const double along = std::cos(sample.heading_rad - yaw);
        outside = std::abs(lane->t_m) > 0.5 * sample.width_m + 0.3 || along < 0.0;
        if (along < 0.0) against = moved_m;
    }
    if (outside) outside_m_ += moved_m;
    if (outside && !was_outside_ && moved_m > 0.0) add(InfractionKind::kOutsideLanes, state);
    was_outside_ = outside;

    // nuPlan: a corner more than 0.3 m off the carriageway.
    for (const Vec2& corner : box.corners()) {
        if (!map_->on_road(Vec3(corner, ego.X_WB.p.z), 0.3)) left_drivable_area_ = true;
    }
    against_m_.push_back(against);
    if (against_m_.size() > 10) against_m_.pop_front();
    double sum = 0.0;
    for (const double m : against_m_) sum += m;
    worst_against_m_ = std::max(worst_against_m_, sum);
}

void Judge::observe_motion(const State& state) {
    const ActorState& ego = state.actors.front();
    const double dt = seconds(kSlow_us);
    const Vec2 v = engine::math::xy(ego.v_W);
    const double speed = glm::length(v);
    const double yaw = ego.X_WB.yaw_rad();
    const Box2 own = engine::world::footprint(world_->archetypes[ego.archetype].extent, ego.X_WB);

    // Time to collision with everybody who is not behind us.
    double ttc = kInfinity;  // things included
    double others_speed = 0.0;
    int others = 0;
    for (const ActorState& actor : state.actors) {
        if (actor.id == kEgo) continue;
        const auto& archetype = world_->archetypes[actor.archetype];
        const Vec2 between = engine::math::xy(actor.X_WB.p) - own.centre;
        if (glm::length(between) > kReach_m) continue;
        if (!same_level(ego.X_WB.p, actor.X_WB.p)) continue;
        const Vec2 v_other = engine::math::xy(actor.v_W);
        if (is_vehicle(archetype.semantic)) {
            others_speed += glm::length(v_other);
            ++others;
        }
        if (speed < 0.05) continue;
        const Box2 box = engine::world::footprint(archetype.extent, actor.X_WB);
        if (glm::dot(box.centre - own.centre, engine::math::direction(yaw)) < 0.0) continue;
        const double t = time_to_collision_s(own, v, box, v_other);
        ttc = std::min(ttc, t);
        smallest_ttc_s_ = std::min(smallest_ttc_s_, contact_time_s(own, v, box, v_other));
        smallest_gap_m_ = std::min(smallest_gap_m_, distance(own, box));
        if (t < kNearMissTtc_s) {
            const auto last = last_near_miss_us_.find(actor.id);
            if (last == last_near_miss_us_.end() ||
                state.time_us - last->second > kNearMissRearm_us) {
                add(InfractionKind::kNearMiss, state, actor.id, t);
            }
            last_near_miss_us_[actor.id] = state.time_us;
        }
    }
    for (const auto& fixed : world_->objects) {
        if (!fixed.collides || speed < 0.05) continue;
        const Box2 box = engine::world::footprint(fixed.extent, fixed.X_WB);
        const Vec2 between = box.centre - own.centre;
        if (glm::length(between) - glm::length(box.half) > 3.0 * speed + 5.0) continue;
        if (!same_level(ego.X_WB.p, fixed.X_WB.p)) continue;
        if (glm::dot(between, engine::math::direction(yaw)) < 0.0) continue;
        ttc = std::min(ttc, time_to_collision_s(own, v, box, Vec2(0)));
    }
    if (ttc < kTtcBound_s) ++low_ttc_samples_;

    // Speed against the limit, and a reference car that knows only limits.
    const auto& sample = route_->at(route_s_m_);
    overspeed_m_ += std::max(0.0, speed - sample.speed_limit_mps) * dt;
    const auto& reference = route_->at(reference_s_m_);
    reference_mps_ = std::min(reference_mps_ + 1.5 * dt, undisturbed_mps(reference));
    reference_s_m_ = std::min(reference_s_m_ + reference_mps_ * dt, route_->length_m());

    // Comfort is judged at the end, as its filters look ahead too.
    motion_.push_back({a_sum_mps2_.x / a_count_, a_sum_mps2_.y / a_count_, yaw});
    a_sum_mps2_ = Vec2(0);
    a_count_ = 0;

    // Own speed against the traffic's, at each quarter of the route.
    minimum_speed_own_ += speed;
    minimum_speed_others_ += others > 0 ? others_speed / others : speed;
    if (route_->length_m() > 0.0 && best_s_m_ / route_->length_m() >= next_checkpoint_) {
        minimum_speed_percent_.push_back(minimum_speed_others_ > 0.0
                                             ? 100.0 * minimum_speed_own_ / minimum_speed_others_
                                             : 100.0);
        minimum_speed_own_ = minimum_speed_others_ = 0.0;
        next_checkpoint_ += 0.25;
    }

    timeline_.push_back({.time_s = seconds(state.time_us),
                         .p_W = engine::math::xy(ego.X_WB.p),
                         .speed_mps = speed,
                         .ttc_s = ttc});
}

CarlaCounts Judge::carla() const {
    CarlaCounts counts;
    for (const Infraction& infraction : infractions_) {
        switch (infraction.kind) {
            case InfractionKind::kCollisionPedestrian:
                ++counts.pedestrian_collisions;
                break;
            case InfractionKind::kCollisionVehicle:
                ++counts.vehicle_collisions;
                break;
            case InfractionKind::kCollisionStatic:
                ++counts.static_collisions;
                break;
            case InfractionKind::kRedLight:
                ++counts.red_lights;
                break;
            case InfractionKind::kStopSign:
                ++counts.stop_signs;
                break;
            case InfractionKind::kBlocked:
                ++counts.blocked;
                break;
            default:
                break;
        }
    }
    counts.outside_lanes_share = driven_m_ > 1.0 ? outside_m_ / driven_m_ : 0.0;
    counts.route_completion =
        route_->length_m() > 0.0 ? std::clamp(best_s_m_ / route_->length_m(), 0.0, 1.0) : 0.0;
    if (end_reason_ == "route completed") counts.route_completion = 1.0;
    counts.minimum_speed_percent = minimum_speed_percent_;
    return counts;
}

NuplanTerms Judge::nuplan() const {
    NuplanTerms terms;
    int people = 0, vehicles = 0, objects = 0;
    for (const Infraction& infraction : infractions_) {
        if (!infraction.at_fault) continue;
        people += infraction.kind == InfractionKind::kCollisionPedestrian;
        vehicles += infraction.kind == InfractionKind::kCollisionVehicle;
        objects += infraction.kind == InfractionKind::kCollisionStatic;
    }
    terms.no_at_fault_collision =
        std::min({nuplan_collision_term(people, 0), nuplan_collision_term(vehicles, 0),
                  nuplan_collision_term(objects, 1)});
    terms.drivable_area = left_drivable_area_ ? 0.0 : 1.0;
    // Below 2 m of reference progress nuPlan's own floor of 0.1 m makes the ratio meaningless.
    terms.progress = reference_s_m_ > 2.0 ? std::clamp(best_s_m_ / reference_s_m_, 0.0, 1.0) : 1.0;
    terms.making_progress = terms.progress >= 0.2 ? 1.0 : 0.0;
    terms.driving_direction = nuplan_direction_term(worst_against_m_);
    terms.time_to_collision = low_ttc_samples_ == 0 ? 1.0 : 0.0;
    terms.speed_limit = nuplan_speed_term(overspeed_m_, duration_s_);
    const auto felt = comfort_samples(motion_);
    terms.comfort = std::all_of(felt.begin(), felt.end(), comfortable) ? 1.0 : 0.0;
    return terms;
}

}  // namespace huntsman::bridge::score
