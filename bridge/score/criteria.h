// The verdict on a run by its criteria: which of them were broken, first when, and why.
//
// Contacts, speeds, stops, places, lanes and red lights are looked at in every tick; times to
// collision, post-encroachment times and gaps twenty times a second. Others are the actors of the
// state: what stands about in the world counts for collisions alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bridge/score/encounter.h"
#include "bridge/score/judge.h"
#include "engine/world/state.h"
#include "engine/world/story_state.h"
#include "scenarios/story/criteria.h"

namespace huntsman::bridge::score {

struct CriterionVerdict {
    std::string name, kind;
    bool note = false;  // breaking it does not fail the run
    bool passed = true;
    // The furthest that the run went towards breaking it, or beyond: the shortest time or gap, the
    // fastest impact, the largest share of a bound of comfort, ... in the criterion's unit; nothing
    // where there was nothing to measure.
    std::optional<double> extreme;
    // Where it was broken: first when, by which value, and why in one sentence.
    std::optional<std::int64_t> tick;
    std::optional<double> time_s, value;
    std::string reason;
};

struct Verdict {
    bool passed = true;
    std::vector<CriterionVerdict> criteria;  // in the order of the story

    // The broken one of the earliest tick, notes aside; nullptr where the run passed.
    const CriterionVerdict* first_failure() const;
};

// What a tick shows beside the state.
struct Moment {
    double route_s_m = 0;  // of the ego's reference point
    bool outside_lanes = false;
    int red_lights = 0;                                // run so far
    const engine::world::StoryState* story = nullptr;  // null: none is played
    std::span<const engine::world::ActorId> actors;    // of the story's entities, by their
                                                       // index; kNoActor: not in the world
};
// As the judge, who has observed the tick already, knows it.
Moment moment_of(const Judge& judge);

// Names that criteria refer to, by their index in the story.
struct CriteriaNames {
    std::vector<std::string> entities, monitors;
};

class CriteriaWatch {
  public:
    // `world` must outlive the object. Criteria without any: default_criteria(). Entities and
    // monitors that criteria refer to must be among the names.
    CriteriaWatch(const engine::world::World& world,
                  std::vector<scenarios::story::Criterion> criteria, CriteriaNames names = {});

    // After each tick's move phase.
    void observe(const engine::world::State& state, const Moment& moment);

    // What the run so far comes to if it ends now. `motion`: the judge's.
    Verdict verdict(const std::vector<MotionSample>& motion) const;

  private:
    struct Progress {                       // of one criterion
        std::optional<std::size_t> entity;  // that it is about; nothing: anybody
        std::size_t monitor = 0;
        bool met = false;               // of those that ask for something to happen
        std::optional<double> since_s;  // since when the ego is off its lanes
        CriterionVerdict verdict;
    };
    // Another road user at this moment.
    struct Other {
        const engine::world::ActorState* actor = nullptr;
        engine::math::Box2 box;
        std::optional<double> encroachment_s;
    };

    void watch(const scenarios::story::NoCollision& rule, Progress& progress);
    void watch(const scenarios::story::MinTimeToCollision& rule, Progress& progress);
    void watch(const scenarios::story::MinPostEncroachmentTime& rule, Progress& progress);
    void watch(const scenarios::story::MinGap& rule, Progress& progress);
    void watch(const scenarios::story::SpeedBounds& rule, Progress& progress);
    void watch(const scenarios::story::StopAt& rule, Progress& progress);
    void watch(const scenarios::story::Reach& rule, Progress& progress);
    void watch(const scenarios::story::KeepLane& rule, Progress& progress);
    void watch(const scenarios::story::NoRedLight& rule, Progress& progress);
    void watch(const scenarios::story::Comfort&, Progress&) {}        // judged at the end
    void watch(const scenarios::story::MonitorIs&, Progress&) {}      // judged at the end
    void watch(const scenarios::story::StopCondition&, Progress&) {}  // judged at the end

    // What was still to happen when the run ended.
    void conclude(const auto&, Progress&) const {}
    void conclude(const scenarios::story::StopAt& rule, Progress& progress) const;
    void conclude(const scenarios::story::Reach& rule, Progress& progress) const;
    void conclude(const scenarios::story::MonitorIs& rule, Progress& progress) const;
    void conclude(const scenarios::story::StopCondition& rule, Progress& progress) const;
    void conclude_comfort(const scenarios::story::Comfort& rule,
                          const std::vector<MotionSample>& motion, Progress& progress) const;

    void see_others();
    bool concerns(const Progress& progress, engine::world::ActorId other) const;
    std::string name_of(engine::world::ActorId other) const;
    bool inside(const scenarios::story::Zone& zone) const;
    // Distance to a place: of a point of the ego that lies `ahead_m` before its reference point.
    double distance_m(const scenarios::story::Goal& goal, double ahead_m) const;
    // Marks the criterion as broken now, unless it is already.
    void fail(Progress& progress, double value, std::string reason) const;

    const engine::world::World* world_;
    std::vector<scenarios::story::Criterion> criteria_;
    CriteriaNames names_;
    std::vector<Progress> progress_;
    bool needs_others_ = false, needs_encroachments_ = false;
    Encroachments encroachments_;
    std::optional<double> first_motion_s_;  // when the judge took its first sample of motion

    // Of the tick that is observed, for the steps above.
    const engine::world::State* state_ = nullptr;
    const Moment* moment_ = nullptr;
    engine::math::Box2 own_;
    double speed_mps_ = 0;
    bool sampled_ = false;  // others are looked at in this tick
    std::vector<Other> others_;

    // What the end is judged by.
    std::int64_t last_tick_ = 0;
    double last_time_s_ = 0;
    std::vector<std::uint8_t> monitors_;
    bool story_played_ = false, story_finished_ = false;
};

}  // namespace huntsman::bridge::score
