// How close road users come to each other in towns, by who they are.
//
// A near miss is an encroachment by less than 1 s: somebody enters ground that another, whose path
// crosses its own, left less than 1 s before. A collision is a contact. At least one of the two is
// a vehicle. docs/agents.md states what is expected and reports a long run.
//   HUNTSMAN_ENCOUNTERS="FIRST LAST SECONDS"   towns of these seeds, for so long each
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <unordered_map>

#include "agents/traffic/traffic.h"
#include "engine/physics/physics.h"
#include "engine/road/signals.h"
#include "engine/world/pose.h"
#include "scenarios/town/town.h"

namespace huntsman::agents::traffic {
namespace {

namespace core = engine::core;
namespace math = engine::math;
namespace world = engine::world;

constexpr double kNearMiss_s = 1.0, kClose_s = 3.0;
constexpr core::TimeUs kEvery_us = 50'000;

// The ground in cells, and who was on each last.
class Ground {
  public:
    explicit Ground(const world::World& w) : world_(&w) {}

    // Calls met(id, other, time) for each cell that somebody enters less than kClose_s after
    // another left it who came another way.
    template <typename Met>
    void take(const world::State& state, Met met) {
        for (const world::ActorState& actor : state.actors) {
            const world::Archetype& kind = world_->archetypes[actor.archetype];
            const bool vehicle = world::is_vehicle(kind.semantic);
            visit_cells(world::footprint(kind.extent, actor.X_WB), [&](std::uint64_t cell) {
                const Visit now{actor.id, vehicle, state.time_us, actor.X_WB.yaw_rad(),
                                actor.X_WB.p.z};
                auto [at, is_new] = last_.try_emplace(cell, now);
                const Visit before = at->second;
                at->second = now;
                if (is_new || before.id == actor.id || !(vehicle || before.vehicle)) return;
                const double since_s = core::seconds(state.time_us - before.time_us);
                if (since_s < kClose_s && crosses(before, now)) met(actor.id, before.id, since_s);
            });
        }
    }

  private:
    struct Visit {
        world::ActorId id = world::kNoActor;
        bool vehicle = false;
        core::TimeUs time_us = 0;
        double yaw_rad = 0, z_m = 0;
    };
    // Who comes the same way follows.
    static bool crosses(const Visit& a, const Visit& b) {
        constexpr double kSameWay_rad = 0.6, kLevel_m = 2.0;
        return std::abs(math::wrap_angle(a.yaw_rad - b.yaw_rad)) > kSameWay_rad &&
               std::abs(a.z_m - b.z_m) < kLevel_m;
    }
    template <typename Visitor>
    static void visit_cells(const math::Box2& box, Visitor visit) {
        constexpr double kCell_m = 0.4;
        const math::Vec2 x = math::direction(box.yaw_rad);
        const math::Vec2 reach{std::abs(x.x) * box.half.x + std::abs(x.y) * box.half.y,
                               std::abs(x.y) * box.half.x + std::abs(x.x) * box.half.y};
        const auto cell = [&](double m) {
            return static_cast<std::int32_t>(std::floor(m / kCell_m));
        };
        for (auto i = cell(box.centre.x - reach.x); i <= cell(box.centre.x + reach.x); ++i) {
            for (auto j = cell(box.centre.y - reach.y); j <= cell(box.centre.y + reach.y); ++j) {
                const math::Vec2 off = kCell_m * math::Vec2(i + 0.5, j + 0.5) - box.centre;
                if (std::abs(glm::dot(off, x)) > box.half.x ||
                    std::abs(math::cross(x, off)) > box.half.y) {
                    continue;
                }
                visit((static_cast<std::uint64_t>(static_cast<std::uint32_t>(i)) << 32U) |
                      static_cast<std::uint32_t>(j));
            }
        }
    }
    const world::World* world_;
    std::unordered_map<std::uint64_t, Visit> last_;
};

struct Tally {
    double hours = 0;
    int close = 0, near_misses = 0, collisions = 0;
};
struct Encounters {
    std::map<std::string, Tally> by_profile;  // each encounter counts for both
    Tally all;                                // and here once
};

// Encounters of the same two within some seconds are one.
class Pairs {
  public:
    bool is_new(world::ActorId a, world::ActorId b, core::TimeUs now_us) {
        constexpr core::TimeUs kOne_us = 5'000'000;
        auto [at, first] = last_.try_emplace(std::minmax(a, b), now_us);
        const bool again = !first && now_us - at->second < kOne_us;
        at->second = now_us;
        return !again;
    }

  private:
    std::map<std::pair<world::ActorId, world::ActorId>, core::TimeUs> last_;
};

void add_town(const std::string& mix, std::uint64_t seed, double time_s, Encounters& encounters) {
    scenarios::town::TownParameters parameters;
    parameters.seed = seed;
    parameters.vehicles = 30;
    parameters.pedestrians = 40;
    auto made = scenarios::town::generate(parameters);
    ASSERT_TRUE(made.ok()) << made.error().text();
    const world::World& w = *made;
    const engine::road::RoadMap map(w);
    world::State state = world::initial_state(w);
    auto physics = engine::physics::Physics::create(w, map, state);
    ASSERT_TRUE(physics.ok()) << physics.error().text();
    auto cast = profiles::load_cast(mix);
    ASSERT_TRUE(cast.ok()) << cast.error().text();
    std::vector<std::string> names;
    for (const auto& profile : cast->profiles) names.push_back(profile.name);
    Traffic traffic(w, map, std::move(*cast), {.drive_ego = true});

    Ground ground(w);
    Pairs close, near, touching;
    const auto is_vehicle = [&](const world::ActorState* actor) {
        return actor != nullptr && world::is_vehicle(w.archetypes[actor->archetype].semantic);
    };
    const auto count = [&](world::ActorId a, world::ActorId b, int Tally::*what) {
        ++(encounters.all.*what);
        for (const auto id : {a, b}) {
            const world::ActorState* actor = state.find(id);
            if (actor == nullptr || actor->profile >= names.size()) continue;
            ++(encounters.by_profile[names[actor->profile]].*what);
        }
    };
    const auto end_us = core::from_seconds(time_s);
    while (state.time_us < end_us) {
        engine::road::signal_aspects(w.roads, state.time_us, state.signals);
        if (state.time_us % Traffic::kThinkPeriod_us == 0) traffic.think(state);
        if (state.time_us % Traffic::kPopulatePeriod_us == 0) traffic.populate(state);
        if (state.time_us % Traffic::kActPeriod_us == 0) traffic.act(state);
        (*physics)->step(state);
        state.time_us += core::kTick_us;
        ++state.tick;
        for (const auto& contact : state.contacts) {
            if (!is_vehicle(state.find(contact.a)) && !is_vehicle(state.find(contact.b))) continue;
            if (touching.is_new(contact.a, contact.b, state.time_us)) {
                count(contact.a, contact.b, &Tally::collisions);
                near.is_new(contact.a, contact.b, state.time_us);
            }
        }
        if (state.time_us % kEvery_us != 0) continue;
        ground.take(state, [&](world::ActorId a, world::ActorId b, double since_s) {
            if (close.is_new(a, b, state.time_us)) count(a, b, &Tally::close);
            if (since_s >= kNearMiss_s) return;
            if (near.is_new(a, b, state.time_us)) count(a, b, &Tally::near_misses);
        });
        for (const world::ActorState& actor : state.actors) {
            const double hours = core::seconds(kEvery_us) / 3600;
            encounters.all.hours += hours;
            if (actor.profile < names.size()) {
                encounters.by_profile[names[actor.profile]].hours += hours;
            }
        }
    }
}

Encounters encounters_of(const std::string& mix) {
    std::uint64_t first = 3001, last = 3002;
    double time_s = 40;
    if (const char* asked = std::getenv("HUNTSMAN_ENCOUNTERS")) {
        std::istringstream in(asked);
        in >> first >> last >> time_s;
        EXPECT_FALSE(in.fail()) << "HUNTSMAN_ENCOUNTERS=\"" << asked
                                << "\", expected two seeds and seconds";
    }
    Encounters encounters;
    for (std::uint64_t seed = first; seed <= last; ++seed) add_town(mix, seed, time_s, encounters);
    const auto print = [&](const std::string& who, const Tally& tally) {
        fmt::print("{},{},{:.2f},{},{:.2f},{},{:.2f},{},{:.2f}\n", mix, who, tally.hours,
                   tally.close, tally.close / tally.hours, tally.near_misses,
                   tally.near_misses / tally.hours, tally.collisions,
                   tally.collisions / tally.hours);
    };
    fmt::print("mix,profile,hours,under 3 s,per hour,near misses,per hour,collisions,per hour\n");
    for (const auto& [name, tally] : encounters.by_profile) print(name, tally);
    print("all", encounters.all);
    return encounters;
}

// The ranges of docs/agents.md, with room for the few hours of an ordinary test.
TEST(Encounters, NearMissesLieWhereTheyWereExpected) {
    constexpr double kAttentive_per_h = 0.2, kRisky_per_h = 1.0;
    constexpr double kChance = 2;
    const Tally attentive = encounters_of("attentive").all;
    const Tally risky = encounters_of("risky").all;
    EXPECT_EQ(attentive.collisions, 0);
    EXPECT_LE(attentive.near_misses, kAttentive_per_h * attentive.hours + kChance);
    EXPECT_LE(risky.near_misses, kRisky_per_h * risky.hours + kChance);
}

// A car drives east at 10 m/s; another passes its way from the south, or follows, some time later.
int cells_met(double heading_rad, double later_s) {
    world::World w;
    world::Archetype car;
    car.semantic = world::Semantic::kCar;
    car.extent = {3.5, 1.0, 1.6, 1.45};
    w.archetypes = {car};
    world::State state;
    state.actors.resize(2);
    Ground ground(w);
    int cells = 0;
    for (int k = 0; k < 200; ++k) {
        const double t = 0.05 * k;
        state.time_us = core::from_seconds(t);
        const auto set = [&](std::size_t i, double yaw_rad, double along_m) {
            const math::Vec2 p = along_m * math::direction(yaw_rad);
            state.actors[i].id = static_cast<world::ActorId>(2 + i);
            state.actors[i].X_WB = math::upright({p.x, p.y, 0}, yaw_rad);
        };
        set(0, 0, 10 * (t - 3));
        set(1, heading_rad, 10 * (t - 3 - later_s));
        ground.take(state, [&](world::ActorId, world::ActorId, double since_s) {
            cells += since_s < kNearMiss_s ? 1 : 0;
        });
    }
    return cells;
}

TEST(Encounters, WhoCrossesSoonAfterAnotherComesNearAndWhoFollowsDoesNot) {
    EXPECT_GT(cells_met(0.5 * math::kPi, 1.2), 0);  // lengths of bodies take 0.6 s
    EXPECT_EQ(cells_met(0.5 * math::kPi, 2.5), 0);
    EXPECT_EQ(cells_met(0.0, 1.0), 0);
}

}  // namespace
}  // namespace huntsman::agents::traffic
