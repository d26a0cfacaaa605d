#include <chrono>

#include "agents/traffic/traffic.h"
#include "engine/physics/physics.h"
#include "engine/road/rings.h"
#include "engine/road/signals.h"
#include "engine/sim/simulation.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/town/town.h"
#include "tests/agents/traffic/town_run.h"

namespace huntsman::agents::traffic {

namespace math = engine::math;
namespace road = engine::road;
namespace sim = engine::sim;
namespace world = engine::world;

namespace {

std::string label(const world::World& w, const world::State& state, world::ActorId id) {
    if (const world::ActorState* actor = state.find(id)) {
        return fmt::format("{} {}", w.archetypes[actor->archetype].name, id);
    }
    for (const world::StaticObject& object : w.objects) {
        if (object.id == id) return fmt::format("{} {}", world::name(object.semantic), id);
    }
    return fmt::format("nothing {}", id);
}

// A red light and a queue behind it are over by then.
constexpr double kLongestStand_s = 100.0;

struct Standing {
    enum Cause { kExplained, kBlocked, kStuck } cause = kExplained;
    std::string text;
};

// Follows the chain of those who are waited for to whoever began it.
Standing why_standing(const world::World& w, const world::State& state, world::ActorId id) {
    std::set<world::ActorId> chain;
    std::string text = "waits for";
    while (true) {
        const world::ActorState* actor = state.find(id);
        if (actor == nullptr) return {Standing::kBlocked, text};
        if (!chain.insert(id).second) return {Standing::kStuck, text};
        if (!actor->mind.is_driver()) return {Standing::kStuck, text + " nobody"};
        const world::DriverMind& mind = actor->mind.driver();
        // Where a map ends, its traffic does.
        const world::Lane& lane = w.roads.lanes[mind.route[0]];
        const auto ends = [&](world::LaneId l) {
            return l == world::kNone || w.roads.lanes[l].successors.empty();
        };
        const bool dead_end = ends(lane.id) && ends(lane.left) && ends(lane.right);
        if (dead_end && lane.length_m - mind.lane_s_m < 25.0) return {};
        for (const world::LaneId next : mind.route) {
            if (next == world::kNone) break;
            const auto group = w.roads.lanes[next].signal_group;
            if (next == mind.route[0] || !w.roads.lanes[next].in_junction()) continue;
            if (group != world::kNone && state.signals[group] != world::Aspect::kGreen &&
                mind.intention == world::Intention::kStopAtLine) {
                return {};
            }
            break;
        }
        if (mind.leader == world::kNoActor) return {Standing::kStuck, text + " nobody"};
        id = mind.leader;
        text += fmt::format(" {}{}", label(w, state, id),
                            mind.intention == world::Intention::kYield ? " (yields)" : "");
    }
}

}  // namespace

void mix_kinds(world::World& w) {
    std::vector<math::Box2> standing;
    for (const auto& object : w.objects) {
        if (object.collides) standing.push_back(world::footprint(object.extent, object.X_WB));
    }
    const auto fits = road::lanes_for_buses(w.roads, road::lanes_on_rings(w.roads));
    for (std::size_t i = 0; i < w.spawns.size(); ++i) {
        world::Spawn& spawn = w.spawns[i];
        if (spawn.id == world::kEgo || spawn.lane == world::kNone || i % 4 != 0) continue;
        // Who starts fast is on a road, or a bank, that long ones may be too slow for.
        if (spawn.speed_mps > 0) continue;
        const bool bus = i % 8 == 0 && fits[spawn.lane] != 0;
        const std::uint32_t kind = world::archetype_named(w, bus ? "bus" : "truck");
        const auto& extent = w.archetypes[kind].extent;
        const world::Lane& lane = w.roads.lanes[spawn.lane];
        math::Box2 box = world::footprint(extent, spawn.X_WB);
        box.half += math::Vec2(2.0, 0.1);
        bool free = spawn.lane_s_m > extent.rear_m && lane.length_m - spawn.lane_s_m > 20.0 &&
                    lane.samples.front().width_m > extent.width_m + 0.3;
        for (const auto& other : standing) free = free && !math::overlap(box, other);
        for (const auto& other : w.spawns) {
            free = free && (other.id == spawn.id ||
                            !math::overlap(
                                box, world::footprint(w.archetype_of(other).extent, other.X_WB)));
        }
        if (free) spawn.archetype = kind;
    }
}

engine::core::Result<TownRun> run_town(std::uint64_t seed, double time_s, int vehicles, int people,
                                       bool drive_ego) {
    scenarios::town::TownParameters parameters;
    parameters.seed = seed;
    parameters.vehicles = vehicles;
    parameters.pedestrians = people;
    auto made = scenarios::town::generate(parameters);
    if (!made.ok()) return made.error();
    return run_world(std::move(made).value(), time_s, drive_ego);
}

// HUNTSMAN_WATCH="77 78 6 18": prints two agents and what the first believes of the second.
void watch(const world::State& state) {
    const char* wanted = std::getenv("HUNTSMAN_WATCH");
    if (wanted == nullptr) return;
    double from = 0, to = 0;
    unsigned a = 0, b = 0;
    if (std::sscanf(wanted, "%lf %lf %u %u", &from, &to, &a, &b) != 4) return;
    const double t = engine::core::seconds(state.time_us);
    if (t < from || t > to) return;
    for (const auto& [id, other] : {std::pair(a, b), std::pair(b, a)}) {
        const auto* actor = state.find(id);
        if (actor == nullptr) continue;
        const auto* track = actor->mind.beliefs.find(other);
        fmt::print(
            "{:.2f} {} at ({:.1f}, {:.1f}) v {:.2f} yaw {:.2f} gaze {:.2f}{} intention {} evidence "
            "{:.2f}{} tracks {}",
            t, id, actor->X_WB.p.x, actor->X_WB.p.y, glm::length(math::xy(actor->v_W)),
            actor->X_WB.yaw_rad(), actor->mind.gaze_rad(), actor->mind.glance.away ? " away" : "",
            static_cast<int>(actor->mind.intention()), actor->mind.deliberation.evidence,
            actor->mind.deliberation.going ? " going" : "", actor->mind.beliefs.tracks.size());
        if (actor->mind.is_driver()) {
            const auto& mind = actor->mind.driver();
            fmt::print(" lane {} s {:.1f} a {:.2f} leader {} waited {:.1f}", mind.route[0],
                       mind.lane_s_m, mind.acceleration_mps2,
                       mind.leader == world::kNoActor ? -1 : static_cast<int>(mind.leader),
                       mind.waited_s);
        }
        if (track != nullptr) {
            fmt::print(
                " | believes {} at ({:.1f}, {:.1f}) v {:.2f} e {:.2f} unseen {:.2f} lane {} s "
                "{:.1f} stood {:.1f}",
                other, track->p_W.x, track->p_W.y, glm::length(track->v_W), track->exists,
                track->unseen_s, static_cast<int>(track->lane), track->lane_s_m, track->standing_s);
            if (track->mind) fmt::print(" seen me {:.2f}", track->mind->has_seen_me);
        }
        fmt::print("\n");
    }
}

engine::core::Result<TownRun> run_world(world::World from, double time_s, bool drive_ego) {
    TownRun run;
    run.world = std::move(from);
    const world::World& w = run.world;
    const road::RoadMap map(w);
    world::State initial = world::initial_state(w);
    auto physics = engine::physics::Physics::create(w, map, initial);
    if (!physics.ok()) return physics.error();
    const char* minds = std::getenv("HUNTSMAN_MINDS");
    auto cast = profiles::load_cast(minds != nullptr ? minds : "attentive");
    if (!cast.ok()) return cast.error();
    Traffic traffic(
        w, map, std::move(*cast),
        {.drive_ego = drive_ego, .all_knowing = std::getenv("HUNTSMAN_ALL_KNOWING") != nullptr});

    const auto phase = [](sim::PhaseOrder order, engine::core::TimeUs period, auto body) {
        return sim::Phase{order, period, world::kWholeState,
                          [body](world::State& state) -> engine::core::Status {
                              body(state);
                              return {};
                          }};
    };
    sim::Simulation simulation(std::move(initial),
                               {phase(sim::PhaseOrder::kThink, Traffic::kThinkPeriod_us,
                                      [&](world::State& s) {
                                          road::signal_aspects(w.roads, s.time_us, s.signals);
                                          traffic.think(s);
                                          watch(s);
                                      }),
                                phase(sim::PhaseOrder::kStory, Traffic::kPopulatePeriod_us,
                                      [&](world::State& s) { traffic.populate(s); }),
                                phase(sim::PhaseOrder::kAct, Traffic::kActPeriod_us,
                                      [&](world::State& s) {
                                          traffic.act(s);
                                          if (!drive_ego) s.actors[0].vehicle.brake = 1.0;
                                      }),
                                phase(sim::PhaseOrder::kMove, engine::core::kTick_us,
                                      [&](world::State& s) { (*physics)->step(s); })});

    double speed_sum = 0, walk_sum = 0;
    std::int64_t speed_count = 0, walk_count = 0;
    std::map<world::ActorId, double> stood_s;  // people
    struct Anchor {                            // vehicles: since when they are near a place
        math::Vec3 p_W;
        double stood_s;
    };
    std::map<world::ActorId, Anchor> anchors;
    std::set<world::ActorId> known_stuck;
    std::map<world::ActorId, world::LaneId> lane_before;
    std::map<world::ActorId, world::Intention> intention_before;
    const auto ticks = static_cast<std::int64_t>(time_s / 0.005 + 0.5);
    double wall = 0;
    for (std::int64_t tick = 0; tick < ticks; ++tick) {
        const auto start = std::chrono::steady_clock::now();
        HM_TRY(simulation.tick());
        wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const world::State& state = simulation.state();
        const double now_s = engine::core::seconds(state.time_us);
        // Collisions: anything that involves a vehicle.
        const auto collide = [&](world::ActorId a, world::ActorId b, const char* by) {
            const auto* first = state.find(a);
            const auto* second = state.find(b);
            const auto is_vehicle = [&](const world::ActorState* actor) {
                return actor != nullptr &&
                       world::is_vehicle(w.archetypes[actor->archetype].semantic);
            };
            if (!is_vehicle(first) && !is_vehicle(second)) return;
            const std::string pair =
                fmt::format("{} and {} ({})", label(w, state, a), label(w, state, b), by);
            for (const auto& known : run.collisions) {
                if (known.starts_with(pair)) return;
            }
            run.collisions.insert(fmt::format("{} at {:.2f} s, ({:.1f}, {:.1f}), {:.1f} m/s", pair,
                                              now_s, first->X_WB.p.x, first->X_WB.p.y,
                                              glm::length(first->v_W)));
        };
        for (const auto& contact : state.contacts) collide(contact.a, contact.b, "contact");
        for (std::size_t i = 0; i + 1 < state.swept_overlaps.size(); i += 2) {
            // Seen from above, neighbours on a steep bank overlap.
            const auto* first = state.find(state.swept_overlaps[i]);
            constexpr double kSteep = 0.9;
            if (first != nullptr && first->X_WB.rotate({0, 0, 1}).z < kSteep) continue;
            collide(state.swept_overlaps[i], state.swept_overlaps[i + 1], "swept");
        }
        if (tick % 20 != 0) continue;

        // Ten times a second: speeds, waiting, places.
        for (const world::ActorState& actor : state.actors) {
            const world::Archetype& archetype = w.archetypes[actor.archetype];
            const double speed = glm::length(math::xy(actor.v_W));
            if (!world::is_vehicle(archetype.semantic)) {
                const world::PedestrianMind& mind = actor.mind.pedestrian();
                walk_sum += speed;
                ++walk_count;
                const auto before = intention_before.find(actor.id);
                if (mind.intention == world::Intention::kCrossRoad &&
                    (before == intention_before.end() || before->second != mind.intention)) {
                    ++run.crossings_begun;
                    const auto crossing = w.roads.walkways[mind.walkway].crossing;
                    const auto group = crossing != world::kNone
                                           ? w.roads.crossings[crossing].signal_group
                                           : world::kNone;
                    if (group != world::kNone && state.signals[group] != world::Aspect::kGreen) {
                        run.red.insert(
                            fmt::format("{} at {:.1f} s", label(w, state, actor.id), now_s));
                    }
                }
                intention_before[actor.id] = mind.intention;
                // A person who wants to walk must get on; others wait for a bus.
                double& stood = stood_s[actor.id];
                stood = speed < 0.1 && mind.walkway != world::kNone ? stood + 0.1 : 0.0;
                run.longest_stand_s = std::max(run.longest_stand_s, stood);
                if (stood > 60.0 && mind.intention != world::Intention::kWaitToCross) {
                    run.stuck.insert(
                        fmt::format("{} walkway {} s {:.1f} t {:.2f} at ({:.1f}, {:.1f})",
                                    label(w, state, actor.id), mind.walkway, mind.lane_s_m,
                                    mind.lane_t_m, actor.X_WB.p.x, actor.X_WB.p.y));
                }
                continue;
            }
            if (actor.id == world::kEgo && !drive_ego) continue;
            const world::DriverMind& mind = actor.mind.driver();
            speed_sum += speed;
            ++speed_count;
            if (lane_before.contains(actor.id) && lane_before[actor.id] != mind.route[0]) {
                ++run.laps;
            }
            lane_before[actor.id] = mind.route[0];
            // Creeping is standing.
            constexpr double kCreep_m = 3.0;
            Anchor& anchor = anchors.try_emplace(actor.id, Anchor{actor.X_WB.p, 0}).first->second;
            anchor.stood_s += 0.1;
            if (glm::length(actor.X_WB.p - anchor.p_W) > kCreep_m) anchor = {actor.X_WB.p, 0};
            run.longest_wait_s = std::max(run.longest_wait_s, anchor.stood_s);
            if (anchor.stood_s > kLongestStand_s && !known_stuck.contains(actor.id)) {
                const Standing why = why_standing(w, state, actor.id);
                const std::string text =
                    fmt::format("{} at {:.0f} s lane {} s {:.1f} at ({:.1f}, {:.1f}), {}",
                                label(w, state, actor.id), now_s, mind.route[0], mind.lane_s_m,
                                actor.X_WB.p.x, actor.X_WB.p.y, why.text);
                if (why.cause != Standing::kExplained) known_stuck.insert(actor.id);
                if (why.cause == Standing::kStuck) run.stuck.insert(text);
                if (why.cause == Standing::kBlocked) run.blocked.insert(text);
            }
            // The middle of the car on the carriageway; long ones cut corners with their ends.
            const math::Vec2 centre = world::footprint(archetype.extent, actor.X_WB).centre;
            if (!map.on_road(math::Vec3(centre, actor.X_WB.p.z), 0.5)) {
                const std::string who = label(w, state, actor.id);
                const bool known =
                    std::any_of(run.off_road.begin(), run.off_road.end(),
                                [&](const auto& text) { return text.starts_with(who + " "); });
                if (!known) {
                    run.off_road.insert(fmt::format("{} at {:.1f} s, ({:.1f}, {:.1f}), lane {}",
                                                    who, now_s, centre.x, centre.y, mind.route[0]));
                }
            }
        }
    }
    run.simulated_s = time_s;
    run.wall_s = wall;
    run.phase_seconds = simulation.phase_seconds();
    run.state_hash = simulation.state_hash();
    run.mean_speed_mps = speed_sum / static_cast<double>(std::max<std::int64_t>(1, speed_count));
    run.mean_walk_mps = walk_sum / static_cast<double>(std::max<std::int64_t>(1, walk_count));
    return run;
}

}  // namespace huntsman::agents::traffic
