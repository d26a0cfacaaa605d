// People start where the ego can meet them, and where a place draws them.
#include <cstdlib>
#include <map>
#include <sstream>

#include "engine/math/geometry.h"
#include "engine/road/foot_places.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/journey/journey.h"
#include "scenarios/town/town.h"
#include "tests/scenarios/town/towns.h"

namespace huntsman::scenarios::town {
namespace {

namespace math = engine::math;
using engine::road::FootPlaces;
using math::Box2;
using namespace engine::world;

bool is_person(const World& world, const Spawn& spawn) {
    return world.archetype_of(spawn).semantic == Semantic::kPedestrian;
}

// The seeds of a survey: "FIRST LAST" in HUNTSMAN_CROWDS, else a few.
std::vector<std::uint64_t> seeds() {
    std::uint64_t first = 1, last = 4;
    if (const char* text = std::getenv("HUNTSMAN_CROWDS")) {
        std::istringstream(text) >> first >> last;
    }
    std::vector<std::uint64_t> list;
    for (std::uint64_t seed = first; seed <= last; ++seed) list.push_back(seed);
    return list;
}

// What a survey counts over all towns.
struct Faults {
    int people = 0, overlaps = 0, in_things = 0, on_road = 0, too_close = 0;
};

void count_faults(const World& world, Faults& faults) {
    const engine::road::RoadMap map(world);
    std::vector<Box2> boxes;
    for (const Spawn& spawn : world.spawns) {
        boxes.push_back(footprint(world.archetype_of(spawn).extent, spawn.X_WB));
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const math::Vec3 p = world.spawns[i].X_WB.p;
        const bool person = is_person(world, world.spawns[i]);
        faults.people += person;
        faults.on_road += person && map.on_road(p);
        for (std::size_t j = i + 1; j < boxes.size(); ++j) {
            const math::Vec3 q = world.spawns[j].X_WB.p;
            if (std::abs(p.z - q.z) > 2.5) continue;
            faults.overlaps += math::overlap(boxes[i], boxes[j]);
            faults.too_close += person && is_person(world, world.spawns[j]) &&
                                glm::length(p - q) < FootPlaces::kApart_m - 1e-9;
        }
        if (!person) continue;
        for (const StaticObject& object : world.objects) {
            if (!object.collides || std::abs(object.X_WB.p.z - p.z) > 2.5) continue;
            faults.in_things += math::overlap(boxes[i], footprint(object.extent, object.X_WB));
        }
    }
}

TEST(TownPeople, StandApartClearOfThingsAndOffTheRoad) {
    Faults faults;
    for (const std::uint64_t seed : seeds()) {
        TownParameters parameters;
        parameters.seed = seed;
        parameters.pedestrians = 300;
        const auto world = generate(parameters);
        ASSERT_TRUE(world.ok()) << world.error().text();
        const Faults before = faults;
        count_faults(*world, faults);
        EXPECT_EQ(faults.overlaps, before.overlaps) << "seed " << seed;
        EXPECT_EQ(faults.in_things, before.in_things) << "seed " << seed;
        EXPECT_EQ(faults.on_road, before.on_road) << "seed " << seed;
        EXPECT_EQ(faults.too_close, before.too_close) << "seed " << seed;
    }
    std::printf("%d people: %d overlap, %d in things, %d on the road, %d too close\n",
                faults.people, faults.overlaps, faults.in_things, faults.on_road, faults.too_close);
}

TEST(TownPeople, AreWhereTheEgoCanMeetThem) {
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        const math::Vec2 middle = FootPlaces::middle(world.spawns.front().X_WB);
        int near = 0, people = 0;
        for (const Spawn& spawn : world.spawns) {
            if (!is_person(world, spawn)) continue;
            ++people;
            near += glm::length(math::xy(spawn.X_WB.p) - middle) < FootPlaces::kPresent_m;
        }
        EXPECT_EQ(people, 60) << "seed " << seed;
        EXPECT_GT(near, 30) << "seed " << seed;
    }
}

TEST(TownPeople, ComeToCrossingsBusStopsAndShops) {
    using engine::road::Draw;
    std::map<Draw, double> places_of, people_at;
    for (const std::uint64_t seed : kSeeds) {
        const World& world = town(seed);
        const engine::road::RoadMap map(world);
        const FootPlaces places(world, map);
        const math::Vec2 middle = FootPlaces::middle(world.spawns.front().X_WB);
        std::map<Draw, double> near;
        for (const auto& place : places.all()) {
            const double distance = glm::length(math::xy(place.p_W) - middle);
            near[place.draw] += FootPlaces::presence(distance);
        }
        // What would be there if nothing drew anybody.
        double sum = 0;
        for (const auto& [draw, weight] : near) sum += weight;
        for (const auto& [draw, weight] : near) places_of[draw] += weight / sum;
        for (const Spawn& spawn : world.spawns) {
            if (!is_person(world, spawn)) continue;
            const auto nearest = std::min_element(
                places.all().begin(), places.all().end(), [&](const auto& a, const auto& b) {
                    return glm::length(a.p_W - spawn.X_WB.p) < glm::length(b.p_W - spawn.X_WB.p);
                });
            people_at[nearest->draw] += 1;
        }
    }
    const double plain = people_at[Draw::kNothing] / places_of[Draw::kNothing];
    for (const Draw draw : {Draw::kCrossing, Draw::kBusStop, Draw::kShop}) {
        ASSERT_GT(places_of[draw], 0);
        std::printf("%d: %.0f people, %.2f times as dense as plain\n", static_cast<int>(draw),
                    people_at[draw], people_at[draw] / places_of[draw] / plain);
    }
    EXPECT_GT(people_at[Draw::kCrossing] / places_of[Draw::kCrossing], 2 * plain);
    EXPECT_GT(people_at[Draw::kShop] / places_of[Draw::kShop], 2 * plain);
    EXPECT_GT(people_at[Draw::kBusStop] / places_of[Draw::kBusStop], 4 * plain);
}

TEST(TownPeople, WhoWaitForTheBusStandAndFaceTheRoad) {
    int standing = 0, facing = 0;
    for (const std::uint64_t seed : kSeeds) {
        const engine::road::RoadMap map(town(seed));
        const FootPlaces places(town(seed), map);
        for (std::uint32_t i = 0; i < places.all().size(); ++i) {
            const auto& place = places.all()[i];
            if (place.draw != engine::road::Draw::kBusStop) continue;
            Spawn spawn;
            places.put(i, engine::core::Key(i), spawn);
            if (spawn.walkway != kNone) continue;
            ++standing;
            const auto ahead =
                place.p_W + math::Vec3(4.0 * math::direction(spawn.X_WB.yaw_rad()), 0);
            facing += map.on_road(ahead, 2.0);
        }
    }
    EXPECT_GT(standing, 10);
    EXPECT_GT(facing, 0.9 * standing);
}

// A world with an ego and one short pavement.
World short_pavement(const catalogue::Catalogue& catalogue) {
    World world;
    world.archetypes = catalogue::archetypes(catalogue, world.scene);
    Walkway walkway;
    walkway.id = 0;
    walkway.points = {{0, 5, 0}, {13, 5, 0}};
    walkway.length_m = 13;
    world.roads.walkways = {walkway};
    Spawn ego;
    ego.id = kEgo;
    ego.archetype = catalogue.ego;
    world.spawns = {ego};
    return world;
}

TEST(TownPeople, MoreThanTheWalkwaysHoldAreRefusedWithTheNumberThatFits) {
    const auto catalogue = catalogue::load_shipped();
    ASSERT_TRUE(catalogue.ok());
    const engine::core::Key key(1);
    World world = short_pavement(*catalogue);
    const auto refused = journey::add_people(100, *catalogue, key, world);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message,
              "\"pedestrians\" is 100, expected at most 9: the walkways do not hold more people "
              "at once");
    ASSERT_TRUE(journey::add_people(9, *catalogue, key, world).ok());
    EXPECT_EQ(world.spawns.size(), 10U);
    // Who asks for no number gets as many as fit.
    World usual = short_pavement(*catalogue);
    ASSERT_TRUE(journey::add_people({}, *catalogue, key, usual).ok());
    EXPECT_EQ(usual.spawns.size(), 10U);
}

TEST(TownPeople, NobodyWalksWhereThereAreNoPavements) {
    const auto catalogue = catalogue::load_shipped();
    ASSERT_TRUE(catalogue.ok());
    World world = short_pavement(*catalogue);
    world.roads.walkways.clear();
    ASSERT_TRUE(journey::add_people(100, *catalogue, engine::core::Key(1), world).ok());
    EXPECT_EQ(world.spawns.size(), 1U);
}

}  // namespace
}  // namespace huntsman::scenarios::town
