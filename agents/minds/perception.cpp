#include "agents/minds/perception.h"

#include <algorithm>
#include <cmath>

#include "agents/conduct/passing.h"
#include "agents/conduct/periods.h"
#include "agents/minds/inference.h"
#include "agents/senses/agent.h"

namespace huntsman::agents::minds {

using core::Key;
using math::Vec2;
using math::Vec3;
using world::kNone;

namespace {

constexpr double kHorizon_m = 120;        // beyond it nobody is noticed
constexpr double kOnFoot_m = 100;         // nor by people on foot [facts: fixations from 100 m]
constexpr double kPeople_m = 80;          // up to which drivers look for people,
constexpr double kPeopleOnFoot_m = 15;    // and people for each other
constexpr double kFace_m = 40;            // up to which it is seen where a person looks,
constexpr double kBehindGlass_m = 20;     // and a driver
constexpr double kFaceTurned_rad = 1.75;  // a face that is turned further away is not seen
constexpr double kWave_m = 25;            // up to which a waved hand is seen
constexpr double kSirenFades_s = 4;       // after which a siren is forgotten
constexpr double kStartled_s = 2;         // for which somebody looks up who hears a horn
constexpr double kThink_s = core::seconds(conduct::kThinkPeriod_us);
constexpr double kPostponed_s = 0.5;  // for which the careful put off a look away
constexpr double kBeforeJunction_m = 15.0;
constexpr double kRecent_s = 1.0;    // since when a track is thought of
constexpr int kOldEvery = 4;         // only at every fourth think
constexpr double kExpected_s = 3.0;  // after which what was seen is found as if new
// Unseen for so long, a track is looked for. What was there just now has not vanished; where the
// fast ones are one soon does not know.
constexpr double kSurelyGone_s = 1.0, kFastGone_s = 0.3, kFast_mps = 15.0;
constexpr double kMoves_mps = 1.3, kPersonMissed = 0.15;  // of detections; see find_missed
constexpr double kAwayAttention =
    0.03;  // of the attention, while the eyes are elsewhere [Hyman 2010],
constexpr double kAwayDown_rad = 0.7;  // and how far down they look then
constexpr double kHeadphones = 0.6;    // hearing below which ears are covered
constexpr double kStillLost_m = 6.0;   // from a lane, within which a vehicle belongs to it

}  // namespace

Perception::Perception(const world::World& world, const conduct::LaneBook& book, bool ego_is_agent,
                       const PerceptionOptions& options)
    : world_(&world),
      book_(&book),
      ego_is_agent_(ego_is_agent),
      options_(options),
      senses_(world),
      key_(Key(world.seed).with("perception")),
      scratch_(senses_.scratch()) {
    groups_.resize(book.roads().junctions.size());
    for (const world::Junction& junction : book.roads().junctions) {
        auto& groups = groups_[junction.id];
        for (const world::LaneId lane : junction.connections) {
            const world::SignalGroupId group = book.roads().lanes[lane].signal_group;
            if (group != kNone) groups.push_back(group);
            // Lights of people, on the road that one turns into.
            for (const world::LaneId after : book.roads().lanes[lane].successors) {
                for (const conduct::CrossingOnLane& c : book.crossings(after)) {
                    const auto on_foot = book.roads().crossings[c.crossing].signal_group;
                    if (on_foot != kNone) groups.push_back(on_foot);
                }
            }
        }
        std::ranges::sort(groups);
        const auto rest = std::ranges::unique(groups);
        groups.erase(rest.begin(), rest.end());
    }
}

// The lane that a vehicle is seen to drive along.
road::LanePlace Perception::place_of(const world::ActorState& actor) const {
    if (senses::is_agent(actor, ego_is_agent_)) {
        const world::DriverMind& mind = actor.mind.driver();
        return {mind.route[0], mind.lane_s_m, mind.lane_t_m};
    }
    const double yaw_rad = actor.X_WB.yaw_rad();
    const auto place = book_->map().nearest_lane(actor.X_WB.p, yaw_rad, kStillLost_m);
    if (!place) return {};
    return conduct::own_lane(book_->map(), *place, math::xy(actor.X_WB.p), yaw_rad);
}

void Perception::begin(const world::State& state) {
    state_ = &state;
    senses_.begin(state);
    senses_.sirens(sounds_);
    for (const world::ActorState& actor : state.actors) {
        if (actor.mind.signalled.gesture != world::Gesture::kHorn) continue;
        sounds_.push_back({senses::SoundKind::kHorn, actor.id, actor.X_WB.p});
    }
    shown_.clear();
    auto actor = state.actors.begin();
    for (const senses::Body& body : senses_.bodies().all()) {
        while (actor->id != body.id) ++actor;
        shown_.push_back({&*actor, {}});
        if (world::is_vehicle(body.semantic)) shown_.back().place = place_of(*actor);
    }
}

beliefs::Seen Perception::seen(const world::ActorState& agent, std::uint32_t index, double share,
                               double distance_m) const {
    const Vec3& eye_W = agent.X_WB.p;
    const senses::Body& body = senses_.bodies().all()[index];
    const world::ActorState& actor = *shown_[index].actor;
    const bool vehicle = world::is_vehicle(body.semantic);
    const double yaw_rad = body.X_WB.yaw_rad();
    beliefs::Seen seen{.id = body.id,
                       .kind = body.semantic,
                       .archetype = body.archetype,
                       .p_W = body.X_WB.p,
                       .v_W = body.v,
                       .yaw_rad = yaw_rad,
                       .a_mps2 = glm::dot(math::xy(actor.a_W), math::direction(yaw_rad)),
                       .lamps = body.lamps,
                       .share = share,
                       .place = shown_[index].place};
    const world::Signalled& signalled = actor.mind.signalled;
    const bool shows = signalled.gesture == world::Gesture::kFlash ||
                       (signalled.gesture == world::Gesture::kWave && distance_m < kWave_m);
    if (shows && signalled.to == agent.id) seen.gesture = signalled.gesture;
    // A face, where there is one. Whoever drives the ego is not seen.
    const bool face = !vehicle || world::is_two_wheeler(body.semantic);
    if (distance_m > (face ? kFace_m : kBehindGlass_m) || !senses::is_agent(actor, ego_is_agent_)) {
        return seen;
    }
    const Vec2 to_me = math::xy(eye_W - body.middle_W);
    const double gaze_rad = actor.mind.gaze_rad();
    const double off_rad = math::wrap_angle(gaze_rad - std::atan2(to_me.y, to_me.x));
    if (std::abs(off_rad) < kFaceTurned_rad) seen.gaze_rad = gaze_rad;
    return seen;
}

void Perception::look_at_all(const world::ActorState& agent) {
    const Vec2 p = math::xy(agent.X_WB.p);
    const auto& bodies = senses_.bodies().all();
    for (std::uint32_t i = 0; i < bodies.size(); ++i) {
        const double distance = glm::length(math::xy(bodies[i].middle_W) - p);
        if (bodies[i].id == agent.id || distance > kHorizon_m) continue;
        seen_.push_back(seen(agent, i, 1.0, distance));
    }
}

// How many steps a track takes at this think: 0 for one that is left alone this time. Those who
// think less often anyhow take each.
int Perception::rhythm(const world::Track& track, double dt_s) const {
    if (dt_s > kThink_s + 1e-9 || track.unseen_s < kRecent_s) return 1;
    const std::int64_t think = state_->time_us / conduct::kThinkPeriod_us;
    return (think + track.id) % kOldEvery == 0 ? kOldEvery : 0;
}

// Who is believed to be where nobody is.
void Perception::find_missed(const world::ActorState& agent, const senses::Gaze& gaze,
                             const world::Beliefs& beliefs) {
    for (const world::Track& track : beliefs.tracks) {
        const bool fast = glm::length(track.v_W) > kFast_mps;
        if (track.unseen_s < (fast ? kFastGone_s : kSurelyGone_s)) continue;
        const int every = rhythm(track, dt_s_);
        if (every == 0) continue;
        const bool found = std::ranges::any_of(
            seen_, [&](const beliefs::Seen& seen) { return seen.id == track.id; });
        if (found) continue;
        const senses::Body body = senses::body_at(
            *world_, track.id, track.archetype, math::upright(track.p_W, track.yaw_rad), track.v_W);
        double each = senses_.detection(agent.id, gaze, body, scratch_);
        // People soon are somewhere else than they are believed to be.
        if (!world::is_vehicle(track.kind)) {
            const double moved_m = kMoves_mps * track.unseen_s;
            each *= kPersonMissed / (1 + moved_m * moved_m);
        }
        if (each > 0) missed_.push_back({track.id, 1 - std::pow(1 - each, every)});
    }
}

// Whether an agent is in a junction or decides about one, or is on the road on foot or about to be.
bool Perception::others_cross(const world::ActorState& agent) const {
    const world::Mind& mind = agent.mind;
    if (mind.deliberation.since_s > 0) return true;
    if (!mind.is_driver()) return mind.pedestrian().intention == world::Intention::kCrossRoad;
    const world::DriverMind& driver = mind.driver();
    const auto& lanes = book_->roads().lanes;
    const auto in_junction = [&](world::LaneId lane) {
        return lane != kNone && lanes[lane].in_junction();
    };
    if (in_junction(driver.route[0])) return true;
    return in_junction(driver.route[1]) &&
           lanes[driver.route[0]].length_m - driver.lane_s_m < kBeforeJunction_m;
}

// Looks at the road and away from it take turns.
void Perception::turn_glance(const world::ActorState& agent, const conduct::Traits& traits,
                             world::Glance& glance) const {
    if (state_->time_us < glance.until_us) return;
    const Key key =
        key_.with(agent.id).with("glance").with(static_cast<std::uint64_t>(state_->tick));
    const profiles::Glances& g = traits.glances;
    // At first everybody looks ahead, for a part of a look's time.
    const bool first = glance.until_us == 0;
    // Who is careful does not look away where others cross its way.
    if (!first && !glance.away && traits.careful() && others_cross(agent)) {
        glance.until_us = state_->time_us + core::from_seconds(kPostponed_s);
        return;
    }
    glance.away = !first && !glance.away;
    double length_s = glance.away ? profiles::draw_log_normal(g.away_s, g.away_log_sd, key)
                                  : profiles::draw_log_normal(g.towards_s, g.towards_log_sd, key);
    if (first) length_s *= key.with("first").uniform();
    glance.until_us = state_->time_us + core::from_seconds(length_s);
}

void Perception::look_at_signals(const world::Mind& mind, world::Beliefs& beliefs) const {
    if (state_->signals.empty()) return;
    const auto& roads = book_->roads();
    const auto take = [&](world::SignalGroupId group) {
        if (group >= state_->signals.size()) return;
        beliefs.signals.resize(state_->signals.size(), world::Aspect::kOff);
        beliefs.signals[group] = state_->signals[group];
    };
    if (!mind.is_driver()) {
        const world::WalkwayId walkway = mind.pedestrian().walkway;
        if (walkway >= roads.walkways.size()) return;
        const world::CrossingId crossing = roads.walkways[walkway].crossing;
        if (crossing != kNone) take(roads.crossings[crossing].signal_group);
        return;
    }
    // From the signals of the next junction a driver tells which arms have green.
    const world::DriverMind& driver = mind.driver();
    double ahead_m = -driver.lane_s_m;
    for (const world::LaneId id : driver.route) {
        if (id == kNone || ahead_m > kHorizon_m) break;
        const world::Lane& lane = roads.lanes[id];
        if (lane.in_junction() && !groups_[lane.junction].empty()) {
            for (const world::SignalGroupId group : groups_[lane.junction]) take(group);
            break;
        }
        ahead_m += lane.length_m;
    }
}

void Perception::look(const world::ActorState& agent, const conduct::Traits& traits,
                      const world::Mind& mind) {
    const bool vehicle = mind.is_driver();
    senses::Gaze gaze{.yaw_rad = mind.gaze_rad(),
                      .attention = traits.attention,
                      .horizon_m = vehicle ? kHorizon_m : kOnFoot_m,
                      .people_m = vehicle ? kPeople_m : kPeopleOnFoot_m};
    if (mind.glance.away) {
        gaze.down_rad = kAwayDown_rad;
        gaze.attention *= kAwayAttention;
    }
    expected_.clear();
    for (const world::Track& track : mind.beliefs.tracks) {
        if (track.unseen_s < kExpected_s && !mind.glance.away) expected_.push_back(track.id);
    }
    gaze.expected = expected_;
    senses_.look(agent.id, gaze, scratch_, sightings_);
    for (const senses::Sighting& sighting : sightings_) {
        seen_.push_back(seen(agent, sighting.body, sighting.share, sighting.distance_m));
    }
    find_missed(agent, gaze, mind.beliefs);
}

// Sirens are remembered for a while. Who hears a horn looks up, and knows that whoever sounded it
// has seen somebody near.
void Perception::listen(const world::ActorState& agent, const conduct::Traits& traits, double dt_s,
                        world::Mind& mind) {
    auto& siren = mind.beliefs.siren;
    if (siren) siren->ago_s += dt_s;
    if (siren && siren->ago_s > kSirenFades_s) siren.reset();
    if (sounds_.empty()) return;
    const bool headphones = traits.hearing < kHeadphones;
    // One error of direction for each stretch of time in which a sound is followed.
    const std::int64_t onset = state_->time_us / core::from_seconds(kSirenFades_s);
    senses_.listen(agent.id, {.headphones = headphones}, sounds_, onset, scratch_, heard_);
    for (const senses::Heard& heard : heard_) {
        if (heard.kind == senses::SoundKind::kSiren) {
            siren = world::Siren{heard.source, heard.bearing_rad, 0};
            continue;
        }
        if (world::Track* track = mind.beliefs.find(heard.source)) {
            track->gesture = world::Gesture::kHorn;
        }
        if (!mind.glance.away) continue;
        mind.glance = {false, state_->time_us + core::from_seconds(kStartled_s)};
    }
}

void Perception::perceive(const world::ActorState& agent, const conduct::Traits& traits,
                          double dt_s, world::Mind& mind) {
    beliefs::TrackModel model;
    if (options_.all_knowing) model.most_tracks = 1000;
    seen_.clear();
    missed_.clear();
    dt_s_ = dt_s;
    turn_glance(agent, traits, mind.glance);
    // What was seen some time ago is thought of less often.
    for (world::Track& track : mind.beliefs.tracks) {
        const int every = rhythm(track, dt_s);
        if (every > 0) beliefs::predict(track, every * dt_s, &book_->map(), model);
    }
    if (options_.all_knowing) {
        look_at_all(agent);
    } else {
        look(agent, traits, mind);
    }
    beliefs::observe(
        mind.beliefs, {agent.X_WB.p, seen_, missed_}, model,
        key_.with(agent.id).with("drop").with(static_cast<std::uint64_t>(state_->tick)));
    if (options_.all_knowing) {
        std::erase_if(mind.beliefs.tracks, [](const auto& track) { return track.unseen_s > 0; });
    }
    listen(agent, traits, dt_s, mind);
    if (options_.other_minds && traits.level > 0) {
        const std::int64_t think = state_->time_us / conduct::kThinkPeriod_us;
        constexpr double kStarts_mps = 0.5;
        const Observer me{.id = agent.id,
                          .X_WB = agent.X_WB,
                          .vehicle = mind.is_driver(),
                          .starts = mind.is_driver() && mind.waited_s() > 0 &&
                                    glm::length(agent.v_W) > kStarts_mps};
        infer_minds(me, *book_, dt_s, think, mind.beliefs);
    }
    if (!mind.glance.away || options_.all_knowing) look_at_signals(mind, mind.beliefs);
}

}  // namespace huntsman::agents::minds
