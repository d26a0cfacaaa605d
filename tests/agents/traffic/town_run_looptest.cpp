#include <chrono>

#include "agents/traffic/traffic.h"
#include "engine/physics/physics.h"
#include "engine/road/signals.h"
#include "engine/sim/simulation.h"
#include "engine/world/pose.h"
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
    return fmt::format("object {}", id);
}

}  // namespace

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

engine::core::Result<TownRun> run_world(world::World from, double time_s, bool drive_ego) {
    TownRun run;
    run.world = std::move(from);
    const world::World& w = run.world;
    const road::RoadMap map(w);
    world::State initial = world::initial_state(w);
    auto physics = engine::physics::Physics::create(w, map, initial);
    if (!physics.ok()) return physics.error();
    Traffic traffic(w, map, drive_ego);

    const auto phase = [](sim::PhaseOrder order, engine::core::TimeUs period, auto body) {
        return sim::Phase{order, period, [body](world::State& state) -> engine::core::Status {
                              body(state);
                              return {};
                          }};
    };
    sim::Simulation simulation(std::move(initial),
                               {phase(sim::PhaseOrder::kThink, Traffic::kThinkPeriod_us,
                                      [&](world::State& s) {
                                          road::signal_aspects(w.roads, s.time_us, s.signals);
                                          traffic.think(s);
                                      }),
                                phase(sim::PhaseOrder::kAct, Traffic::kActPeriod_us,
                                      [&](world::State& s) {
                                          traffic.act(s);
                                          if (!drive_ego) s.actors[0].vehicle.brake = 1.0;
                                      }),
                                phase(sim::PhaseOrder::kMove, engine::physics::Physics::kStep_us,
                                      [&](world::State& s) { (*physics)->step(s); })});

    double speed_sum = 0, walk_sum = 0;
    std::int64_t speed_count = 0, walk_count = 0;
    std::map<world::ActorId, double> stood_s;
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
        if (const char* tr = std::getenv("TRACE"); tr && tick % 60 == 0) {
            double a, b;
            int x, y, n;
            std::sscanf(tr, "%lf %lf%n", &a, &b, &n);
            if (now_s > a && now_s < b)
                for (const char* q = tr + n; std::sscanf(q, " %d%n", &x, &y) == 1; q += y) {
                    const auto& ac = *state.find(static_cast<world::ActorId>(x));
                    const auto& m = ac.mind;
                    fmt::print(
                        "{:.1f} {} p {:.1f} {:.1f} yaw {:.0f} v {:.1f} steer {:.2f} a {:.2f} int "
                        "{} lead {} wait {:.1f} route {} {} {} s {:.1f} t {:.2f} turn {} len "
                        "{:.1f} sig {}\n",
                        now_s, x, ac.X_WB.p.x, ac.X_WB.p.y, ac.X_WB.yaw_rad() * 57.3,
                        glm::length(ac.v_W), ac.steer_rad, m.acceleration_mps2, int(m.intention),
                        m.leader, m.waited_s, m.route[0], m.route[1], m.route[2], m.lane_s_m,
                        m.lane_t_m, int(w.roads.lanes[m.route[0]].turn),
                        w.roads.lanes[m.route[0]].length_m,
                        m.route[1] < 9999 && w.roads.lanes[m.route[1]].signal_group != world::kNone
                            ? int(state.signals[w.roads.lanes[m.route[1]].signal_group])
                            : -1);
                }
        }
        if (tick % 20 != 0) continue;

        // Ten times a second: speeds, waiting, places.
        for (const world::ActorState& actor : state.actors) {
            const world::Archetype& archetype = w.archetypes[actor.archetype];
            const double speed = glm::length(math::xy(actor.v_W));
            const world::Mind& mind = actor.mind;
            if (!world::is_vehicle(archetype.semantic)) {
                walk_sum += speed;
                ++walk_count;
                const auto before = intention_before.find(actor.id);
                if (mind.intention == world::Intention::kCrossRoad &&
                    (before == intention_before.end() || before->second != mind.intention)) {
                    ++run.crossings_begun;
                    const auto& walkway = w.roads.walkways[mind.walkway];
                    const auto group = w.roads.crossings[walkway.crossing].signal_group;
                    if (group != world::kNone && state.signals[group] != world::Aspect::kGreen) {
                        run.red.insert(
                            fmt::format("{} at {:.1f} s", label(w, state, actor.id), now_s));
                    }
                }
                intention_before[actor.id] = mind.intention;
                // A person who wants to walk must get on.
                double& stood = stood_s[actor.id];
                stood = speed < 0.1 ? stood + 0.1 : 0.0;
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
            speed_sum += speed;
            ++speed_count;
            if (lane_before.contains(actor.id) && lane_before[actor.id] != mind.route[0]) {
                ++run.laps;
            }
            lane_before[actor.id] = mind.route[0];
            // Standing is explained by a signal, or by somebody else who stands.
            double& stood = stood_s[actor.id];
            stood = speed < 0.1 ? stood + 0.1 : 0.0;
            run.longest_wait_s = std::max(run.longest_wait_s, stood);
            const auto* leader = state.find(mind.leader);
            const bool queue = leader != nullptr && mind.intention == world::Intention::kFollow;
            // Where a map ends, its traffic does.
            const world::Lane& lane = w.roads.lanes[mind.route[0]];
            const bool at_edge = lane.successors.empty() && lane.length_m - mind.lane_s_m < 25.0;
            if (stood > 60.0 && !queue && !at_edge) {
                run.stuck.insert(
                    fmt::format("{} lane {} s {:.1f} intention {} leader {} at ({:.1f}, {:.1f})",
                                label(w, state, actor.id), mind.route[0], mind.lane_s_m,
                                static_cast<int>(mind.intention), label(w, state, mind.leader),
                                actor.X_WB.p.x, actor.X_WB.p.y));
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
