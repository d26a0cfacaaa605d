// The road users around the ego over time, for the report: a view from above with a slider that
// goes along with the ego, over the plan of the drive. Optionally with what they believe.
//
// Size: at most kMostMoments moments of kMostShown road users within kReach_m, each with at most
// kMostGhosts wrong beliefs: some 2 MB at worst, 6 MB with minds. Every second moment is
// dropped whenever there are too many, so that they stay evenly spread over a run of any length.
#pragma once

#include <string>
#include <vector>

#include "bridge/loop/session.h"

namespace huntsman::bridge::report {

class TopView {
  public:
    static constexpr std::size_t kMostMoments = 400, kMostShown = 80, kMostGhosts = 4;
    static constexpr double kReach_m = 70;
    static constexpr double kGhost_m = 1;  // error from which a belief is drawn as a ghost

    explicit TopView(bool minds) : minds_(minds) {}

    // The moments of camera ticks, in the order of time.
    void add(const loop::FrameView& view);

    // Elements of a page, after one of the id "plan" that holds scenarios::town::plan_svg of the
    // same world; empty without any moment.
    std::string html() const;

    std::size_t moments() const { return moments_.size(); }

  private:
    std::size_t shape_of(const engine::world::World& world, std::uint32_t archetype);
    std::string agent_row(const loop::FrameView& view, const engine::world::ActorState& actor);
    std::string ghost_rows(const loop::FrameView& view, const engine::world::ActorState& agent);
    std::string mind_row(const loop::FrameView& view, const engine::world::ActorState& agent);

    bool minds_;
    double side_m_ = 0;                  // of the plan
    std::vector<std::uint32_t> shapes_;  // archetypes in the order of their appearance
    std::string shape_rows_;             // as JSON
    std::vector<std::string> profiles_;
    std::vector<std::string> moments_;  // as JSON
    std::uint64_t stride_ = 1, seen_ = 0;
};

}  // namespace huntsman::bridge::report
