#include "sensors/labels/minds.h"

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/world/pose.h"

namespace huntsman::sensors::labels {

using engine::world::ActorState;
using engine::world::State;
using engine::world::World;

namespace {

// What may stand in a line of sight: an upright box.
struct Occluder {
    ActorId id = engine::world::kNoActor;
    engine::math::Box2 box;
    Vec2 low{0, 0}, high{0, 0};  // of the rectangle
    double z_m = 0, top_m = 0;
};

Occluder occluder_of(ActorId id, const engine::world::Extent& extent, const RigidTransform& X_WB) {
    Occluder occluder{.id = id,
                      .box = engine::world::footprint(extent, X_WB),
                      .z_m = X_WB.p.z,
                      .top_m = X_WB.p.z + extent.height_m};
    const Vec2 reach(glm::length(occluder.box.half));
    occluder.low = occluder.box.centre - reach;
    occluder.high = occluder.box.centre + reach;
    return occluder;
}

// Whether a line of sight is cut: by a rectangle (slab test in its frame) that is higher than the
// line where it enters.
bool cuts(const Occluder& occluder, const Vec3& a, const Vec3& b) {
    const Vec2 low = glm::min(engine::math::xy(a), engine::math::xy(b));
    const Vec2 high = glm::max(engine::math::xy(a), engine::math::xy(b));
    if (occluder.low.x > high.x || occluder.high.x < low.x || occluder.low.y > high.y ||
        occluder.high.y < low.y) {
        return false;
    }
    const Vec2 ahead = engine::math::direction(occluder.box.yaw_rad),
               left = engine::math::perp(ahead);
    const auto local = [&](const Vec3& p) {
        const Vec2 d = engine::math::xy(p) - occluder.box.centre;
        return Vec2(glm::dot(d, ahead), glm::dot(d, left));
    };
    const Vec2 p = local(a), way = local(b) - p;
    double enter = 0, leave = 1;
    for (int axis = 0; axis < 2; ++axis) {
        if (std::abs(way[axis]) < 1e-12) {
            if (std::abs(p[axis]) > occluder.box.half[axis]) return false;
            continue;
        }
        double t0 = (-occluder.box.half[axis] - p[axis]) / way[axis];
        double t1 = (occluder.box.half[axis] - p[axis]) / way[axis];
        if (t0 > t1) std::swap(t0, t1);
        enter = std::max(enter, t0);
        leave = std::min(leave, t1);
    }
    if (enter >= leave) return false;
    const double z0 = a.z + (b.z - a.z) * enter, z1 = a.z + (b.z - a.z) * leave;
    return std::min(z0, z1) < occluder.top_m && std::max(z0, z1) > occluder.z_m;
}

// Where the origin of a body truly is; nothing where there is no such road user, or none that
// labels list.
struct Truth {
    bool labelled = true;
    std::optional<Vec3> p_W;
};
Truth truth_of(const State& state, ActorId id) {
    const ActorState* actor = state.find(id);
    if (actor == nullptr) return {};
    return {(actor->hidden_from & engine::world::kSensors) == 0, actor->X_WB.p};
}

BeliefLabel label_of(const engine::world::Track& track, const Truth& truth) {
    BeliefLabel belief{.id = track.id,
                       .exists = track.exists,
                       .p_W = track.p_W,
                       .v_W = track.v_W,
                       .yaw_rad = track.yaw_rad,
                       .place_sd_m = std::sqrt(track.place_variance_m2),
                       .speed_sd_mps = std::sqrt(track.speed_variance_m2ps2),
                       .unseen_s = track.unseen_s,
                       .error_m = {}};
    if (truth.p_W) belief.error_m = glm::length(engine::math::xy(track.p_W - *truth.p_W));
    return belief;
}

EgoMindLabel label_of(const engine::world::OtherMind& mind) {
    EgoMindLabel label{.has_seen_me = mind.has_seen_me};
    for (std::size_t goal = 0; goal < mind.goal.size(); ++goal) {
        double probability = 0;
        for (const double of_style : mind.goal[goal]) probability += of_style;
        if (probability <= label.goal_probability) continue;
        label.goal = static_cast<engine::world::Goal>(goal);
        label.goal_probability = std::min(1.0, probability);
    }
    return label;
}

// Scripts move bodies, not eyes.
double gaze_of(const ActorState& agent) {
    return agent.scripted ? agent.X_WB.yaw_rad() : agent.mind.gaze_rad();
}

}  // namespace

std::optional<double> goes_probability(const engine::world::Deliberation& deliberation) {
    if (deliberation.place == engine::world::kNone) return std::nullopt;
    if (deliberation.going) return 1;
    return std::clamp(0.5 * (1 + deliberation.evidence), 0.0, 1.0);
}

std::vector<BeliefLabel> beliefs_of(const State& state, const ActorState& agent) {
    std::vector<BeliefLabel> beliefs;
    for (const auto& track : agent.mind.beliefs.tracks) {
        const Truth truth = truth_of(state, track.id);
        if (truth.labelled) beliefs.push_back(label_of(track, truth));
    }
    return beliefs;
}

bool is_wrong(const BeliefLabel& belief) {
    return !belief.error_m || *belief.error_m > kWrong_m || belief.unseen_s > kStale_s;
}

MindLabel mind_of(const World& world, const State& state, const ActorState& agent,
                  std::span<const std::string> profiles) {
    const engine::world::Mind& mind = agent.mind;
    MindLabel label{.profile = agent.profile < profiles.size() ? profiles[agent.profile] : "",
                    .intention = mind.intention(),
                    .goes = goes_probability(mind.deliberation),
                    .gaze_W = Vec3(engine::math::direction(gaze_of(agent)), 0),
                    .looks_away = mind.glance.away,
                    .waited_s = mind.waited_s(),
                    .gesture = mind.signalled.gesture};
    if (label.gesture != engine::world::Gesture::kNothing) label.gesture_to = mind.signalled.to;
    if (mind.is_driver()) {
        label.yields_to = mind.driver().leader;
        label.wanted_speed_mps = mind.driver().target_speed_mps;
    }
    if (engine::world::is_person(world.archetypes[agent.archetype].semantic)) {
        label.wanted_speed_mps = glm::length(agent.walk.velocity_mps);
    }
    if (const auto* ego = mind.beliefs.find(engine::world::kEgo)) {
        label.has_seen_ego = true;
        if (ego->mind) label.believed_ego_mind = label_of(*ego->mind);
    }
    for (const BeliefLabel& belief : beliefs_of(state, agent)) {
        if (belief.id == engine::world::kEgo) {
            label.believed_ego = belief;
        } else if (is_wrong(belief)) {
            label.wrong_beliefs.push_back(belief);
        }
    }
    return label;
}

void label_minds(const World& world, const State& state, std::span<const std::string> profiles,
                 std::span<ObjectLabel> labels) {
    // Who may be seen, and who and what may stand before them.
    struct Onlooker {
        ActorId id;
        Vec3 eye, middle;
    };
    std::vector<Onlooker> people;
    std::vector<Occluder> occluders;
    for (const ActorState& actor : state.actors) {
        const auto& extent = world.archetypes[actor.archetype].extent;
        const bool labelled = std::any_of(labels.begin(), labels.end(),
                                          [&](const auto& l) { return l.id == actor.id; });
        if (!labelled && actor.id != engine::world::kEgo) continue;
        // Eyes: people's and riders' a little below the crown, drivers' where seats are.
        const auto semantic = world.archetypes[actor.archetype].semantic;
        const bool open =
            engine::world::is_person(semantic) || engine::world::is_two_wheeler(semantic);
        const Vec3 eye = open ? Vec3(0, 0, 0.93 * extent.height_m)
                              : Vec3(0.2 * extent.front_m, 0, 0.8 * extent.height_m);
        people.push_back(
            {actor.id, actor.X_WB * eye, engine::world::box_centre(extent, actor.X_WB)});
        occluders.push_back(occluder_of(actor.id, extent, actor.X_WB));
    }
    Vec2 low(1e30), high(-1e30);
    for (const Onlooker& s : people) {
        low = glm::min(low, engine::math::xy(s.middle) - kLook_m);
        high = glm::max(high, engine::math::xy(s.middle) + kLook_m);
    }
    for (const auto& object : world.objects) {
        const Vec2 p = engine::math::xy(object.X_WB.p);
        if (p.x < low.x || p.y < low.y || p.x > high.x || p.y > high.y) continue;
        if (object.extent.height_m < 1.0 || object.extent.width_m < 0.3) continue;  // poles
        occluders.push_back(occluder_of(object.id, object.extent, object.X_WB));
    }

    for (ObjectLabel& label : labels) {
        const ActorState* actor = state.find(label.id);
        if (actor == nullptr) continue;
        const double gaze = gaze_of(*actor);
        label.has_mind = true;
        label.mind = mind_of(world, state, *actor, profiles);
        const auto self = std::find_if(people.begin(), people.end(),
                                       [&](const Onlooker& s) { return s.id == label.id; });
        if (self == people.end()) continue;
        for (const Onlooker& other : people) {
            if (other.id == label.id) continue;
            const Vec2 d = engine::math::xy(other.middle - self->eye);
            const double away = glm::length(d);
            if (away > kLook_m || away < 1e-6) continue;
            if (glm::dot(d / away, engine::math::direction(gaze)) < std::cos(kHalfField_rad)) {
                continue;
            }
            const bool hidden =
                std::any_of(occluders.begin(), occluders.end(), [&](const Occluder& occluder) {
                    return occluder.id != label.id && occluder.id != other.id &&
                           cuts(occluder, self->eye, other.middle);
                });
            if (!hidden) label.mind.seen.push_back(other.id);
        }
    }
}

}  // namespace huntsman::sensors::labels
