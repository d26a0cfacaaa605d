// Who comes and goes does so out of sight, and there are as many about as at the start.
#include "agents/population/population.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <sstream>

#include "engine/core/time.h"
#include "engine/math/geometry.h"
#include "engine/road/foot_places.h"
#include "engine/road/vehicle_pose.h"
#include "engine/world/pose.h"
#include "scenarios/town/town.h"

namespace huntsman::agents::population {
namespace {

using engine::core::Key;
using math::Box2;

// What stands between two places, asked of every thing by itself: an oracle for `Sight`.
class Eyes {
  public:
    explicit Eyes(const world::World& world) {
        for (const world::StaticObject& object : world.objects) {
            if (object.extent.height_m < 0.5) continue;
            boxes_.push_back({world::footprint(object.extent, object.X_WB), object.X_WB.p.z,
                              object.X_WB.p.z + object.extent.height_m});
        }
    }
    // Whether some corner or the middle of the body's box is seen from the eye.
    bool see(const Vec3& eye, const world::Extent& extent, const math::RigidTransform& X_WB) const {
        for (const double along : {-extent.rear_m, extent.centre_x_m(), extent.front_m}) {
            for (const double across : {-0.5, 0.0, 0.5}) {
                for (const double up : {0.1, 0.5, 1.0}) {
                    const Vec3 p =
                        X_WB * Vec3(along, across * extent.width_m, up * extent.height_m);
                    if (free(eye, p)) return true;
                }
            }
        }
        return false;
    }

  private:
    struct Solid {
        Box2 plan;
        double low_m, high_m;
        bool holds(const Vec3& p) const {
            const Vec2 d = math::xy(p) - plan.centre, x = math::direction(plan.yaw_rad);
            return p.z > low_m && p.z < high_m && std::abs(glm::dot(d, x)) < plan.half.x &&
                   std::abs(math::cross(x, d)) < plan.half.y;
        }
    };
    bool free(const Vec3& a, const Vec3& b) const {
        for (const Solid& solid : boxes_) {
            const auto near = math::closest_on_segment(solid.plan.centre, math::xy(a), math::xy(b));
            if (near.distance_m > glm::length(solid.plan.half)) continue;
            const int steps = static_cast<int>(glm::length(b - a) / 0.1) + 1;
            for (int i = 1; i < steps; ++i) {
                if (solid.holds(a + (b - a) * (static_cast<double>(i) / steps))) return false;
            }
        }
        return true;
    }
    std::vector<Solid> boxes_;
};

constexpr std::array kCameras{Vec3(1.5, 0, 1.42), Vec3(0.6, 0.9, 1.2), Vec3(0.6, -0.9, 1.2),
                              Vec3(-1, 0, 0.9)};

world::World town(std::uint64_t seed) {
    scenarios::town::TownParameters parameters;
    parameters.seed = seed;
    auto made = scenarios::town::generate(parameters);
    EXPECT_TRUE(made.ok()) << made.error().text();
    for (const Vec3& p : kCameras) {
        world::Camera camera;
        camera.X_BC.p = p;
        made->rig.cameras.push_back(camera);
    }
    return std::move(*made);
}

// A run in which the ego drives along its route and back to its start; all others stand still.
class Drive {
  public:
    explicit Drive(std::uint64_t seed)
        : world(town(seed)),
          map(world),
          book(world, map),
          population(world, book),
          state(world::initial_state(world)) {}

    // One update, `dt_s` later.
    void step(double dt_s) {
        constexpr double kSpeed_mps = 9.0;
        const world::Lane* lane = &world.roads.lanes[world.ego_route[at_]];
        s_m_ += kSpeed_mps * dt_s;
        if (s_m_ > lane->length_m) {
            s_m_ = 0;
            at_ = at_ + 1 < world.ego_route.size() ? at_ + 1 : 0;
            lane = &world.roads.lanes[world.ego_route[at_]];
        }
        world::ActorState& ego = state.actors.front();
        ego.X_WB = road::vehicle_pose(map, world.archetypes[ego.archetype].vehicle,
                                      map.at(lane->id, s_m_));
        population.update(state, Key(world.seed));
        state.tick += static_cast<std::int64_t>(dt_s * 200);
        state.time_us += engine::core::from_seconds(dt_s);
    }
    std::size_t people_within(double radius_m) const {
        const Vec2 middle = road::FootPlaces::middle(state.actors.front().X_WB);
        std::size_t count = 0;
        for (const auto& actor : state.actors) {
            count +=
                !actor.mind.is_driver() && glm::length(math::xy(actor.X_WB.p) - middle) < radius_m;
        }
        return count;
    }

    world::World world;
    road::RoadMap map;
    LaneBook book;
    Population population;
    world::State state;

  private:
    std::size_t at_ = 0;
    double s_m_ = 0;
};

bool seen_by_ego(const Drive& drive, const Eyes& eyes, const world::ActorState& actor) {
    const auto& X_WE = drive.state.actors.front().X_WB;
    const auto& kind = drive.world.archetypes[actor.archetype];
    const double far_m = world::is_vehicle(kind.semantic) ? Sight::kVehicle_m : Sight::kPerson_m;
    if (glm::length(math::xy(actor.X_WB.p - X_WE.p)) > far_m) return false;
    return std::any_of(kCameras.begin(), kCameras.end(), [&](const Vec3& eye_E) {
        return eyes.see(X_WE * eye_E, kind.extent, actor.X_WB);
    });
}

// Seeds and seconds of a survey: "FIRST LAST SECONDS" in HUNTSMAN_POPULATION, else a few.
struct Survey {
    std::uint64_t first = 1, last = 4;
    double time_s = 60;
    Survey() {
        if (const char* text = std::getenv("HUNTSMAN_POPULATION")) {
            std::istringstream(text) >> first >> last >> time_s;
        }
    }
};

TEST(Population, NobodyAppearsOrVanishesInSightOrInsideOthersAndNoIdReturns) {
    const Survey survey;
    int came = 0, went = 0, appeared_in_sight = 0, vanished_in_sight = 0, overlaps = 0;
    for (std::uint64_t seed = survey.first; seed <= survey.last; ++seed) {
        Drive drive(seed);
        const Eyes eyes(drive.world);
        std::set<world::ActorId> gone;
        for (double t = 0; t < survey.time_s; t += 0.05) {
            const auto before = drive.state.actors;
            drive.step(0.05);
            for (const auto& actor : before) {
                if (drive.state.find(actor.id) != nullptr) continue;
                ++went;
                vanished_in_sight += seen_by_ego(drive, eyes, actor);
                gone.insert(actor.id);
            }
            for (const auto& actor : drive.state.actors) {
                EXPECT_FALSE(gone.contains(actor.id)) << "seed " << seed;
                if (actor.id <= before.back().id) continue;
                ++came;
                appeared_in_sight += seen_by_ego(drive, eyes, actor);
                const Box2 box =
                    world::footprint(drive.world.archetypes[actor.archetype].extent, actor.X_WB);
                for (const auto& other : drive.state.actors) {
                    if (other.id == actor.id || other.id == world::kEgo) continue;
                    if (std::abs(other.X_WB.p.z - actor.X_WB.p.z) > 2.5) continue;
                    overlaps += math::overlap(
                        box, world::footprint(drive.world.archetypes[other.archetype].extent,
                                              other.X_WB));
                }
            }
            ASSERT_EQ(drive.state.actors.size(), drive.world.spawns.size()) << "seed " << seed;
        }
    }
    EXPECT_GT(came, 0);
    EXPECT_EQ(came, went);
    EXPECT_EQ(appeared_in_sight, 0);
    EXPECT_EQ(vanished_in_sight, 0);
    EXPECT_EQ(overlaps, 0);
    std::printf("%d came, %d went; in sight %d and %d; %d overlaps\n", came, went,
                appeared_in_sight, vanished_in_sight, overlaps);
}

TEST(Population, AsManyPeopleAreAroundTheEgoAllTheTime) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 5U}) {
        Drive drive(seed);
        const double at_start = static_cast<double>(drive.people_within(Walkers::kLeave_m));
        EXPECT_GT(at_start, 40) << "seed " << seed;
        // Where there are pavements: on a motorway nobody walks.
        constexpr std::size_t kPavements = 300;
        const road::FootPlaces places(drive.world, drive.map);
        double sum = 0;
        int moments = 0;
        for (double t = 0; t < 85; t += 0.05) {
            drive.step(0.05);
            const Vec2 middle = road::FootPlaces::middle(drive.state.actors.front().X_WB);
            const auto here = std::count_if(
                places.all().begin(), places.all().end(), [&](const road::FootPlace& place) {
                    return glm::length(math::xy(place.p_W) - middle) < road::FootPlaces::kPresent_m;
                });
            if (static_cast<std::size_t>(here) < kPavements) continue;
            sum += static_cast<double>(drive.people_within(Walkers::kLeave_m));
            ++moments;
        }
        std::printf("seed %d: %.0f at the start, %.1f in the mean of %d moments\n",
                    static_cast<int>(seed), at_start, sum / moments, moments);
        EXPECT_GT(sum / moments, 0.7 * at_start) << "seed " << seed;
    }
}

TEST(Population, TheMedianMomentShowsThreePeopleWithin40Metres) {
    const Survey survey;
    std::vector<int> near, seen;
    for (std::uint64_t seed = survey.first; seed <= survey.last; ++seed) {
        Drive drive(seed);
        const Eyes eyes(drive.world);
        for (int i = 0; i < 1600; ++i) {
            drive.step(0.05);
            if (i % 80 != 0) continue;
            const auto& X_WE = drive.state.actors.front().X_WB;
            near.push_back(0);
            seen.push_back(0);
            for (const auto& actor : drive.state.actors) {
                if (actor.mind.is_driver()) continue;
                if (glm::length(math::xy(actor.X_WB.p - X_WE.p)) > 40) continue;
                ++near.back();
                seen.back() += seen_by_ego(drive, eyes, actor);
            }
        }
    }
    const auto median = [](std::vector<int>& counts) {
        std::nth_element(counts.begin(),
                         counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2),
                         counts.end());
        return counts[counts.size() / 2];
    };
    double sum = 0;
    for (const int n : seen) sum += n;
    EXPECT_GE(median(seen), 3);
    std::printf("%zu moments; within 40 m: median %d; seen: median %d, mean %.2f\n", seen.size(),
                median(near), median(seen), sum / static_cast<double>(seen.size()));
}

TEST(Population, NobodyComesNearWhoeverLooksThere) {
    Drive drive(2);
    const Sight sight(drive.world);
    const world::ActorState person =
        *std::find_if(drive.state.actors.begin(), drive.state.actors.end(), [&](const auto& actor) {
            return !actor.mind.is_driver() &&
                   !sight.of_ego(drive.state, drive.world.archetypes[actor.archetype], actor.X_WB);
        });
    const auto& kind = drive.world.archetypes[person.archetype];
    const Vec2 gaze = math::direction(person.mind.gaze_rad());
    // Nobody but this one is about.
    std::erase_if(drive.state.actors, [&](const auto& actor) {
        return actor.id != world::kEgo && actor.id != person.id;
    });
    for (const double ahead_m : {3.0, 12.0, 20.0, -3.0}) {
        auto there = person.X_WB;
        there.p += Vec3(ahead_m * gaze, 0);
        if (sight.of_ego(drive.state, kind, there)) continue;
        EXPECT_EQ(sight.of_anyone(drive.state, kind, there, world::kNoActor),
                  ahead_m > 0 && ahead_m < Sight::kOthers_m)
            << ahead_m;
        EXPECT_FALSE(sight.of_anyone(drive.state, kind, there, person.id));
    }
}

TEST(Population, ScriptedPeopleStay) {
    Drive drive(1);
    std::set<world::ActorId> scripted;
    for (auto& actor : drive.state.actors) {
        if (actor.id == world::kEgo) continue;
        actor.scripted = world::ScriptedMotion{.X_WB = actor.X_WB};
        scripted.insert(actor.id);
    }
    for (double t = 0; t < 60; t += 0.05) drive.step(0.05);
    for (const world::ActorId id : scripted) EXPECT_NE(drive.state.find(id), nullptr);
}

TEST(Population, TheSameRunGivesTheSameBits) {
    const auto hash = [] {
        Drive drive(4);
        for (double t = 0; t < 30; t += 0.05) drive.step(0.05);
        return world::hash(drive.state);
    };
    EXPECT_EQ(hash(), hash());
}

}  // namespace
}  // namespace huntsman::agents::population
