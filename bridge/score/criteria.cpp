#include "bridge/score/criteria.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/check.h"
#include "engine/world/pose.h"

namespace huntsman::bridge::score {

using engine::core::seconds;
using engine::math::Vec2;
using engine::world::ActorId;
using engine::world::ActorState;
using engine::world::kEgo;
using engine::world::kNoActor;
using engine::world::State;
namespace story = scenarios::story;

namespace {

constexpr engine::core::TimeUs kSample_us = 50'000;   // others are looked at this often
constexpr engine::core::TimeUs kMotion_us = 100'000;  // the judge's samples of motion
constexpr double kConcern_m = 200;                    // whoever is further away concerns nobody
constexpr double kRest_mps = 0.1;

void lower(std::optional<double>& extreme, double value) {
    if (std::isfinite(value)) extreme = std::min(extreme.value_or(kInfinity), value);
}
void raise(std::optional<double>& extreme, double value) {
    if (std::isfinite(value)) extreme = std::max(extreme.value_or(-kInfinity), value);
}

std::size_t index_of(const std::vector<std::string>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    HM_CHECK(at != names.end(), "a criterion refers to \"{}\", which the story does not have",
             name);
    return static_cast<std::size_t>(at - names.begin());
}

std::string text_of(const story::Goal& goal) {
    if (goal.point) return fmt::format("({:g}, {:g})", goal.point->x_m, goal.point->y_m);
    return fmt::format("{:g} m of the route", *goal.route_m);
}

}  // namespace

const CriterionVerdict* Verdict::first_failure() const {
    const CriterionVerdict* first = nullptr;
    for (const CriterionVerdict& each : criteria) {
        if (each.passed || each.note) continue;
        if (first == nullptr || *each.tick < *first->tick) first = &each;
    }
    return first;
}

Moment moment_of(const Judge& judge) {
    const auto red =
        std::ranges::count(judge.infractions(), InfractionKind::kRedLight, &Infraction::kind);
    return {.route_s_m = judge.route_s_m(),
            .outside_lanes = judge.outside_lanes(),
            .red_lights = static_cast<int>(red)};
}

CriteriaWatch::CriteriaWatch(const engine::world::World& world,
                             std::vector<story::Criterion> criteria, CriteriaNames names)
    : world_(&world),
      criteria_(criteria.empty() ? story::default_criteria() : std::move(criteria)),
      names_(std::move(names)) {
    for (const story::Criterion& criterion : criteria_) {
        Progress& progress = progress_.emplace_back();
        progress.verdict.name = criterion.name;
        progress.verdict.kind = kind(criterion.rule);
        progress.verdict.note = criterion.severity == story::CriterionSeverity::kNote;
        const std::string_view who = entity_of(criterion.rule);
        if (!who.empty()) progress.entity = index_of(names_.entities, who);
        if (const auto* rule = std::get_if<story::MonitorIs>(&criterion.rule)) {
            progress.monitor = index_of(names_.monitors, rule->monitor);
        }
        const bool encroachment =
            std::holds_alternative<story::MinPostEncroachmentTime>(criterion.rule);
        needs_encroachments_ |= encroachment;
        needs_others_ |= encroachment ||
                         std::holds_alternative<story::MinTimeToCollision>(criterion.rule) ||
                         std::holds_alternative<story::MinGap>(criterion.rule);
    }
}

void CriteriaWatch::observe(const State& state, const Moment& moment) {
    HM_CHECK(!state.actors.empty() && state.actors.front().id == kEgo,
             "the first actor is the ego");
    const ActorState& ego = state.actors.front();
    state_ = &state;
    moment_ = &moment;
    own_ = engine::world::footprint(world_->archetypes[ego.archetype].extent, ego.X_WB);
    speed_mps_ = glm::length(engine::math::xy(ego.v_W));
    last_tick_ = state.tick;
    last_time_s_ = seconds(state.time_us);
    if (!first_motion_s_ && state.time_us % kMotion_us == 0) first_motion_s_ = last_time_s_;
    story_played_ = moment.story != nullptr;
    if (story_played_) {
        monitors_ = moment.story->monitors;
        story_finished_ = moment.story->finished;
    }
    sampled_ = needs_others_ && state.time_us % kSample_us == 0;
    if (sampled_) see_others();
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
        std::visit([&](const auto& rule) { watch(rule, progress_[i]); }, criteria_[i].rule);
    }
    state_ = nullptr;
    moment_ = nullptr;
}

Verdict CriteriaWatch::verdict(const std::vector<MotionSample>& motion) const {
    Verdict verdict;
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
        Progress progress = progress_[i];
        std::visit([&](const auto& rule) { conclude(rule, progress); }, criteria_[i].rule);
        if (const auto* comfort = std::get_if<story::Comfort>(&criteria_[i].rule)) {
            conclude_comfort(*comfort, motion, progress);
        }
        verdict.passed &= progress.verdict.passed || progress.verdict.note;
        verdict.criteria.push_back(std::move(progress.verdict));
    }
    return verdict;
}

void CriteriaWatch::fail(Progress& progress, double value, std::string reason) const {
    CriterionVerdict& verdict = progress.verdict;
    if (!verdict.passed) return;
    verdict.passed = false;
    verdict.tick = last_tick_;
    verdict.time_s = last_time_s_;
    if (std::isfinite(value)) verdict.value = value;
    verdict.reason = std::move(reason);
}

// ---- Others ------------------------------------------------------------------------------------

void CriteriaWatch::see_others() {
    const ActorState& ego = state_->actors.front();
    others_.clear();
    if (needs_encroachments_) encroachments_.see_ego(last_time_s_, {own_, ego.X_WB.p.z});
    for (const ActorState& actor : state_->actors) {
        if (actor.id == kEgo || glm::distance(actor.X_WB.p, ego.X_WB.p) > kConcern_m) continue;
        Other other{
            .actor = &actor,
            .box = engine::world::footprint(world_->archetypes[actor.archetype].extent, actor.X_WB),
            .encroachment_s = {}};
        if (needs_encroachments_) {
            other.encroachment_s =
                encroachments_.see_other(last_time_s_, actor.id, {other.box, actor.X_WB.p.z});
        }
        if (same_level(ego.X_WB.p, actor.X_WB.p)) others_.push_back(other);
    }
}

bool CriteriaWatch::concerns(const Progress& progress, ActorId other) const {
    if (!progress.entity) return true;
    return *progress.entity < moment_->actors.size() &&
           moment_->actors[*progress.entity] == other && other != kNoActor;
}

std::string CriteriaWatch::name_of(ActorId other) const {
    const auto at = std::ranges::find(moment_->actors, other);
    const auto entity = static_cast<std::size_t>(at - moment_->actors.begin());
    if (at != moment_->actors.end() && entity < names_.entities.size()) {
        return "\"" + names_.entities[entity] + "\"";
    }
    const ActorState* actor = state_->find(other);
    if (actor == nullptr) return "something that stands there";
    return fmt::format("the {} {}", name(world_->archetypes[actor->archetype].semantic), other);
}

void CriteriaWatch::watch(const story::NoCollision& rule, Progress& progress) {
    for (const auto& contact : state_->contacts) {
        if (contact.a != kEgo && contact.b != kEgo) continue;
        const ActorId other = contact.a == kEgo ? contact.b : contact.a;
        if (!concerns(progress, other)) continue;
        raise(progress.verdict.extreme, contact.closing_speed_mps);
        if (rule.above_mps && contact.closing_speed_mps <= *rule.above_mps) continue;
        fail(progress, contact.closing_speed_mps,
             fmt::format("the ego hit {} at a closing speed of {:.2f} m/s", name_of(other),
                         contact.closing_speed_mps));
    }
}

// As the judge: whoever comes from behind is not the ego's to avoid, nor is anybody where it
// stands.
void CriteriaWatch::watch(const story::MinTimeToCollision& rule, Progress& progress) {
    if (!sampled_ || speed_mps_ < kRest_mps) return;
    const Vec2 ahead = engine::math::direction(own_.yaw_rad);
    const Vec2 v = engine::math::xy(state_->actors.front().v_W);
    for (const Other& other : others_) {
        if (!concerns(progress, other.actor->id)) continue;
        if (glm::dot(other.box.centre - own_.centre, ahead) < 0.0) continue;
        const double time_s =
            contact_time_s(own_, v, other.box, engine::math::xy(other.actor->v_W));
        lower(progress.verdict.extreme, time_s);
        if (time_s >= rule.at_least_s) continue;
        fail(progress, time_s,
             fmt::format("the time to collision with {} fell to {:.2f} s, at least {:g} s is asked",
                         name_of(other.actor->id), time_s, rule.at_least_s));
    }
}

void CriteriaWatch::watch(const story::MinPostEncroachmentTime& rule, Progress& progress) {
    if (!sampled_) return;
    for (const Other& other : others_) {
        if (!other.encroachment_s || !concerns(progress, other.actor->id)) continue;
        lower(progress.verdict.extreme, *other.encroachment_s);
        if (*other.encroachment_s >= rule.at_least_s) continue;
        fail(progress, *other.encroachment_s,
             fmt::format("the ego and {} were at one place {:.2f} s after each other, at least "
                         "{:g} s is asked",
                         name_of(other.actor->id), *other.encroachment_s, rule.at_least_s));
    }
}

void CriteriaWatch::watch(const story::MinGap& rule, Progress& progress) {
    if (!sampled_) return;
    for (const Other& other : others_) {
        if (!concerns(progress, other.actor->id)) continue;
        double gap_m = 0;
        if (rule.direction == story::GapDirection::kAny) {
            gap_m = distance(own_, other.box);
        } else {
            const Gaps both = gaps(own_, other.box);
            gap_m = rule.direction == story::GapDirection::kLateral ? both.lateral_m
                                                                    : both.longitudinal_m;
        }
        lower(progress.verdict.extreme, gap_m);
        if (gap_m >= rule.at_least_m) continue;
        fail(progress, gap_m,
             fmt::format("the gap to {} fell to {:.2f} m, at least {:g} m is asked",
                         name_of(other.actor->id), gap_m, rule.at_least_m));
    }
}

// ---- The ego itself ----------------------------------------------------------------------------

bool CriteriaWatch::inside(const story::Zone& zone) const {
    const Vec2 p = engine::math::xy(state_->actors.front().X_WB.p);
    if (zone.circle &&
        glm::distance(p, Vec2(zone.circle->x_m, zone.circle->y_m)) > zone.circle->radius_m) {
        return false;
    }
    return !zone.stretch ||
           (moment_->route_s_m >= zone.stretch->from_m && moment_->route_s_m <= zone.stretch->to_m);
}

double CriteriaWatch::distance_m(const story::Goal& goal, double ahead_m) const {
    if (goal.route_m) return std::abs(*goal.route_m - moment_->route_s_m - ahead_m);
    const Vec2 p = engine::math::xy(state_->actors.front().X_WB.p) +
                   ahead_m * engine::math::direction(own_.yaw_rad);
    return glm::distance(p, Vec2(goal.point->x_m, goal.point->y_m));
}

void CriteriaWatch::watch(const story::SpeedBounds& rule, Progress& progress) {
    if (rule.zone && !inside(*rule.zone)) return;
    const double low = rule.at_least_mps.value_or(-kInfinity);
    const double high = rule.at_most_mps.value_or(kInfinity);
    // The speed closest to, or furthest beyond, one of the bounds.
    const auto excess = [&](double v) { return std::max(v - high, low - v); };
    auto& extreme = progress.verdict.extreme;
    if (!extreme || excess(speed_mps_) > excess(*extreme)) extreme = speed_mps_;
    if (excess(speed_mps_) <= 0.0) return;
    const bool fast = speed_mps_ > high;
    fail(progress, speed_mps_,
         fmt::format("the ego drove {:.2f} m/s, at {} {:g} m/s is asked", speed_mps_,
                     fast ? "most" : "least", fast ? high : low));
}

void CriteriaWatch::watch(const story::StopAt& rule, Progress& progress) {
    if (progress.met) return;
    const ActorState& ego = state_->actors.front();
    const double front = world_->archetypes[ego.archetype].extent.front_m;
    const double left_m =
        rule.at.route_m
            ? *rule.at.route_m - moment_->route_s_m - front
            : glm::dot(Vec2(rule.at.point->x_m, rule.at.point->y_m) - engine::math::xy(ego.X_WB.p),
                       engine::math::direction(own_.yaw_rad)) -
                  front;
    const double away_m = distance_m(rule.at, front);
    if (speed_mps_ < kRest_mps) {
        lower(progress.verdict.extreme, away_m);
        progress.met = away_m <= rule.within_m && (!rule.before || left_m >= 0.0);
    } else if (rule.before && rule.at.route_m && left_m < 0.0) {
        fail(progress, speed_mps_,
             fmt::format("the ego passed {} with {:.2f} m/s, a stop before it is asked",
                         text_of(rule.at), speed_mps_));
    }
}

void CriteriaWatch::conclude(const story::StopAt& rule, Progress& progress) const {
    if (progress.met) return;
    const auto& nearest = progress.verdict.extreme;
    fail(progress, nearest.value_or(kInfinity),
         nearest ? fmt::format("the ego's nearest stop was {:.2f} m from {}, at most {:g} m{} is "
                               "asked",
                               *nearest, text_of(rule.at), rule.within_m,
                               rule.before ? " before it" : "")
                 : fmt::format("the ego never stopped, at {} it had to", text_of(rule.at)));
}

void CriteriaWatch::watch(const story::Reach& rule, Progress& progress) {
    if (progress.met || !progress.verdict.passed) return;
    // Further along the route is there too.
    const double away_m = rule.at.route_m ? std::max(0.0, *rule.at.route_m - moment_->route_s_m)
                                          : distance_m(rule.at, 0.0);
    lower(progress.verdict.extreme, away_m);
    if (rule.within_s && last_time_s_ > *rule.within_s) {
        fail(progress, away_m,
             fmt::format("the ego was {:.2f} m from {} after {:g} s, at most {:g} m is asked",
                         away_m, text_of(rule.at), *rule.within_s, rule.tolerance_m));
    } else {
        progress.met = away_m <= rule.tolerance_m;
    }
}

void CriteriaWatch::conclude(const story::Reach& rule, Progress& progress) const {
    if (progress.met) return;
    const double nearest_m = progress.verdict.extreme.value_or(kInfinity);
    fail(progress, nearest_m,
         fmt::format("the ego came no nearer than {:.2f} m to {}, at most {:g} m is asked",
                     nearest_m, text_of(rule.at), rule.tolerance_m));
}

void CriteriaWatch::watch(const story::KeepLane& rule, Progress& progress) {
    if (!moment_->outside_lanes) {
        progress.since_s.reset();
        return;
    }
    if (!progress.since_s) progress.since_s = last_time_s_;
    const double off_s = last_time_s_ - *progress.since_s;
    raise(progress.verdict.extreme, off_s);
    // None at all is none in the first tick.
    if (off_s <= rule.for_at_most_s && rule.for_at_most_s > 0.0) return;
    fail(progress, off_s,
         fmt::format("the ego was off its lanes for more than {:g} s", rule.for_at_most_s));
}

void CriteriaWatch::watch(const story::NoRedLight&, Progress& progress) {
    if (moment_->red_lights == 0) return;
    raise(progress.verdict.extreme, moment_->red_lights);
    fail(progress, 1, "the ego ran a red light");
}

// ---- The end -----------------------------------------------------------------------------------

void CriteriaWatch::conclude(const story::MonitorIs& rule, Progress& progress) const {
    const bool value = progress.monitor < monitors_.size() && monitors_[progress.monitor] != 0;
    if (value == rule.value) return;
    fail(progress, value,
         fmt::format("the monitor \"{}\" is {} at the end, {} is asked", rule.monitor, value,
                     rule.value));
}

void CriteriaWatch::conclude(const story::StopCondition& rule, Progress& progress) const {
    const bool fired = story_played_ && story_finished_;
    if (fired == rule.fired) return;
    fail(progress, fired,
         fired ? "the story's stop trigger has fired, it must not"
               : "the story's stop trigger has not fired by the end");
}

void CriteriaWatch::conclude_comfort(const story::Comfort& rule,
                                     const std::vector<MotionSample>& motion,
                                     Progress& progress) const {
    struct Bound {
        const char* what;
        double ComfortSample::*value;
        double sign;  // of the side that it bounds; 0: both
        double most;
        const char* unit;
    };
    using S = ComfortSample;
    const Bound bounds[] = {
        {"deceleration", &S::longitudinal_mps2, -1, rule.max_deceleration_mps2, "m/s²"},
        {"acceleration", &S::longitudinal_mps2, 1, rule.max_acceleration_mps2, "m/s²"},
        {"lateral acceleration", &S::lateral_mps2, 0, rule.max_lateral_mps2, "m/s²"},
        {"jerk", &S::jerk_mps3, 0, rule.max_jerk_mps3, "m/s³"},
        {"longitudinal jerk", &S::longitudinal_jerk_mps3, 0, rule.max_longitudinal_jerk_mps3,
         "m/s³"},
        {"yaw rate", &S::yaw_rate_rad_s, 0, rule.max_yaw_rate_rad_s, "rad/s"},
        {"yaw acceleration", &S::yaw_acceleration_rad_s2, 0, rule.max_yaw_acceleration_rad_s2,
         "rad/s²"},
    };
    constexpr double kLeastBound = 1e-9;  // keeps shares of a bound of 0 finite
    const auto felt = comfort_samples(motion);
    for (std::size_t i = 0; i < felt.size(); ++i) {
        for (const Bound& bound : bounds) {
            const double given = felt[i].*bound.value;
            const double value = bound.sign == 0.0 ? std::abs(given) : bound.sign * given;
            raise(progress.verdict.extreme, value / std::max(kLeastBound, bound.most));
            if (value <= bound.most || !progress.verdict.passed) continue;
            fail(progress, value,
                 fmt::format("the ego's {} was {:.2f} {}, at most {:g} is asked", bound.what, value,
                             bound.unit, bound.most));
            const double time_s =
                first_motion_s_.value_or(0.0) + static_cast<double>(i) * kMotionStep_s;
            progress.verdict.time_s = time_s;
            progress.verdict.tick = last_tick_ - std::llround((last_time_s_ - time_s) /
                                                              seconds(engine::core::kTick_us));
        }
    }
}

}  // namespace huntsman::bridge::score
