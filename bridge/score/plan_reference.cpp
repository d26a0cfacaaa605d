#include "bridge/score/plan_reference.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "bridge/score/centre_line.h"
#include "bridge/score/encounter.h"
#include "engine/driving/car_following.h"
#include "engine/driving/motion.h"

namespace huntsman::bridge::score {

using engine::math::Vec2;
using engine::math::Vec3;

namespace {

constexpr std::array kSpeedShares = {1.0, 0.8, 0.6, 0.4, 0.2};  // the fastest first
constexpr double kUnlimited_mps = 15;
constexpr engine::driving::Idm kIdm{
    .headway_s = 1.5, .acceleration_mps2 = 1.5, .braking_mps2 = 3.0, .jam_gap_m = 1.0};

// What stands or moves in the corridor of the line, at one step.
struct Obstacle {
    double rear_s_m = 0, middle_s_m = 0;  // along the line
    double speed_mps = 0;                 // in its direction
};
using Obstacles = std::array<std::vector<Obstacle>, kPlanStates>;

// Boxes that reach into the strip of the ego's width around the line, each taken as long and wide
// as it is along the line where its middle is.
void add_others(const PlanScene& scene, const CentreLine& line, const PlanState& ego,
                Obstacles& obstacles) {
    const auto own = plan_box(scene.extent, ego);
    for (const PlanOther& other : scene.others) {
        const bool touches = !other.moments.empty() && other.moments.front() &&
                             overlap(own, other.moments.front()->box);
        if (touches) continue;
        // Nothing is to be found before it has moved by as much as it was too far from the line.
        Vec2 seen_W{0, 0};
        double clear_m = -1;
        for (std::size_t i = 0; i < std::min(kPlanStates, other.moments.size()); ++i) {
            const auto& moment = other.moments[i];
            if (!moment || !same_level(Vec3(0, 0, scene.z_m), Vec3(0, 0, moment->z_m))) continue;
            const Vec2 centre = moment->box.centre;
            if (clear_m > 0 && glm::length(centre - seen_W) < clear_m) continue;
            const LinePlace place = line.project(centre);
            seen_W = centre;
            clear_m = place.distance_m - glm::length(moment->box.half) - scene.extent.width_m;
            if (clear_m > 0) continue;
            const double turn = moment->box.yaw_rad - line.heading_rad(place.s_m);
            const double c = std::abs(std::cos(turn)), s = std::abs(std::sin(turn));
            const Vec2 half = moment->box.half;
            if (std::abs(place.t_m) > s * half.x + c * half.y + 0.5 * scene.extent.width_m) {
                continue;
            }
            obstacles[i].push_back({.rear_s_m = place.s_m - (c * half.x + s * half.y),
                                    .middle_s_m = place.s_m,
                                    .speed_mps = moment->speed_mps * std::cos(turn)});
        }
    }
}

// Connections that show red, as far as the ego's front is before them.
void add_red_lights(const PlanScene& scene, const CentreLine& line, double front_s_m,
                    Obstacles& obstacles) {
    for (std::size_t i = 0; i < std::min(kPlanStates, scene.red.size()); ++i) {
        for (const auto lane : scene.red[i]) {
            const auto& samples = scene.map->lane(lane).samples;
            const double s_m = line.project(engine::math::xy(samples.front().p)).s_m;
            if (s_m > front_s_m) obstacles[i].push_back({.rear_s_m = s_m, .middle_s_m = s_m});
        }
    }
}

// The allowed speed at each point of the line, from which slower stretches ahead are reached by
// comfortable braking.
std::vector<double> speeds_ahead(const PlanScene& scene, const CentreLine& line) {
    constexpr double kApproach_mps2 = 2;
    std::vector<double> speed = scene.allowed_mps;
    speed.resize(scene.centre_line.size(), kUnlimited_mps);
    for (std::size_t i = speed.size() - 1; i > 0; --i) {
        const double way_m = line.s_m(i) - line.s_m(i - 1);
        speed[i - 1] =
            std::min(speed[i - 1], std::sqrt(speed[i] * speed[i] + 2 * kApproach_mps2 * way_m));
    }
    return speed;
}

// From where the ego is onto the line: a cubic that begins at its distance and heading.
struct Approach {
    double offset_m = 0, slope = 0, length_m = 0;

    Approach(const CentreLine& line, const LinePlace& place, const PlanState& ego) {
        constexpr double kShortest_m = 10, kTime_s = 2, kSteepest_rad = 1;
        const Vec2 left =
            engine::math::direction(line.heading_rad(place.s_m) + 0.5 * engine::math::kPi);
        offset_m = glm::dot(ego.p_W - line.point(place.s_m), left);
        slope =
            std::tan(std::clamp(engine::math::wrap_angle(ego.yaw_rad - line.heading_rad(place.s_m)),
                                -kSteepest_rad, kSteepest_rad));
        length_m = std::max(kShortest_m, kTime_s * std::abs(ego.speed_mps));
    }
    PlanState state(const CentreLine& line, double from_s_m, double s_m, double speed_mps) const {
        const double u = std::min(1.0, (s_m - from_s_m) / length_m);
        const double rest = (1 - u) * (1 - u);
        const double t_m = rest * ((1 + 2 * u) * offset_m + u * length_m * slope);
        const double turn =
            std::atan(-6 * u * (1 - u) * offset_m / length_m + (1 - u) * (1 - 3 * u) * slope);
        const double heading = line.heading_rad(s_m);
        return {.p_W = line.point(s_m) +
                       t_m * engine::math::direction(heading + 0.5 * engine::math::kPi),
                .yaw_rad = engine::math::wrap_angle(heading + turn),
                .speed_mps = speed_mps};
    }
};

// Follows the line behind whoever is ahead on it. Where the line ends it stays.
std::vector<PlanState> follow(const PlanScene& scene, const CentreLine& line, const PlanState& ego,
                              const std::vector<double>& allowed_mps, double share,
                              const Obstacles& obstacles) {
    const LinePlace place = line.project(ego.p_W);
    const Approach approach(line, place, ego);
    std::vector<PlanState> states = {ego};
    double s_m = place.s_m, v = std::max(0.0, ego.speed_mps);
    for (std::size_t i = 1; i < kPlanStates; ++i) {
        const double wanted_mps = share * line.interpolate(allowed_mps, s_m);
        double a = engine::driving::free_acceleration(kIdm, v, wanted_mps);
        for (const Obstacle& obstacle : obstacles[i]) {
            if (obstacle.middle_s_m <= s_m) continue;
            const double gap_m = obstacle.rear_s_m - (s_m + scene.extent.front_m);
            a = std::min(a, engine::driving::follow_acceleration(kIdm, v, wanted_mps, gap_m,
                                                                 obstacle.speed_mps));
        }
        const double before_mps = v;
        v = std::max(0.0, v + a * kPlanStep_s);
        // By itself the model comes to a lower speed late, and into a bend too fast.
        v = std::min(v, std::max(wanted_mps, before_mps - kIdm.braking_mps2 * kPlanStep_s));
        s_m += 0.5 * (before_mps + v) * kPlanStep_s;
        if (s_m >= line.length_m()) {
            s_m = line.length_m();
            v = 0;
        }
        states.push_back(approach.state(line, place.s_m, s_m, v));
    }
    return states;
}

}  // namespace

ReferencePlan reference_plan(const PlanScene& scene, const PlanState& ego) {
    const CentreLine line(scene.centre_line);
    Obstacles obstacles;
    add_others(scene, line, ego, obstacles);
    const double from_s_m = line.project(ego.p_W).s_m;
    add_red_lights(scene, line, from_s_m + scene.extent.front_m, obstacles);
    const std::vector<double> allowed_mps = speeds_ahead(scene, line);

    std::vector<ReferencePlan> proposals;
    double furthest_m = 0, best = 0;
    const auto score = [&](const ReferencePlan& proposal) {
        const double multipliers = pdms_multipliers(proposal.terms);
        return pdms(proposal.terms,
                    progress_share(proposal.terms.progress_m, multipliers, furthest_m, 1.0));
    };
    for (const double share : kSpeedShares) {
        ReferencePlan proposal{.states = follow(scene, line, ego, allowed_mps, share, obstacles),
                               .terms = {}};
        // This and the slower ones cannot be better than those before if they lacked nothing else.
        const double way_m = line.project(proposal.states.back().p_W).s_m - from_s_m;
        if (!proposals.empty() &&
            best >= pdms(PlanTerms(), progress_share(way_m, 1.0, furthest_m, 1.0))) {
            break;
        }
        proposal.terms = plan_terms(scene, proposal.states);
        furthest_m =
            std::max(furthest_m, proposal.terms.progress_m * pdms_multipliers(proposal.terms));
        proposals.push_back(std::move(proposal));
        best = score(*std::ranges::max_element(proposals, {}, score));
    }
    return *std::ranges::max_element(proposals, {}, score);
}

}  // namespace huntsman::bridge::score
