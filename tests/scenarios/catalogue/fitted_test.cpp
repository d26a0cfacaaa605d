// Archetypes in the sizes that stories ask for.
#include "scenarios/catalogue/fitted.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "engine/core/random.h"
#include "engine/world/skin.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace math = engine::math;
using namespace engine::world;
using engine::core::Key;
using math::Vec3;

Catalogue shipped_catalogue() { return load_shipped().value(); }

struct Bounds {
    Vec3 low{1e9}, high{-1e9};
    void add(const Vec3& p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
};

Vec3 point(const Vertex& v) { return {v.p[0], v.p[1], v.p[2]}; }

// Of all that is shown, in the body's frame, at rest; of figures, as they stand, ride or lie.
Bounds bounds_of(const World& world, const Archetype& archetype) {
    Bounds bounds;
    if (archetype.figure) {
        const auto rows = skinning_of(archetype, ActorState{});
        const MeshLod& skin = world.scene.meshes[archetype.figure->skin].lods.front();
        for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
            bounds.add(skinned_point(rows, skin.vertices[i], skin.bindings[i]));
        }
    }
    for (const Part& part : archetype.parts) {
        if (of_skin(part)) continue;
        for (const Vertex& v : world.scene.meshes[part.mesh].lods.front().vertices) {
            bounds.add(part.p_BP + point(v));
        }
    }
    return bounds;
}

// Half width of what is no higher than mirrors are mounted.
double half_width_below_mirrors(const World& world, const Archetype& archetype) {
    double most = 0;
    for (const Part& part : archetype.parts) {
        for (const Vertex& v : world.scene.meshes[part.mesh].lods.front().vertices) {
            const Vec3 p = part.p_BP + point(v);
            if (p.z < 0.437 * archetype.extent.height_m) most = std::max(most, std::abs(p.y));
        }
    }
    return most;
}

// What a story says of a thing of a model's class.
Wanted wanted_like(const Model& model) {
    const Semantic semantic =
        std::visit([](const auto& own) { return own.semantic; }, model.of_kind);
    Wanted wanted{.kind = is_vehicle(semantic)             ? Wanted::Kind::kVehicle
                          : semantic == Semantic::kMovable ? Wanted::Kind::kObject
                                                           : Wanted::Kind::kPedestrian,
                  .name = "Thing",
                  .category = semantic == Semantic::kMotorcycle ? "motorbike"
                              : semantic == Semantic::kScooter  ? "bicycle"
                                                                : name(semantic),
                  .model = model.name};
    return wanted;
}

std::vector<Model> all_models(const Catalogue& catalogue) {
    std::vector<Model> models = catalogue.models;
    models.insert(models.end(), catalogue.for_stories.begin(), catalogue.for_stories.end());
    return models;
}

// Vehicles with mirrors, which stand out of their boxes.
bool has_mirrors(Semantic s) {
    return is_vehicle(s) && !is_two_wheeler(s) && s != Semantic::kTrailer;
}

TEST(Kinds, MeshesFillTheirBoxes) {
    constexpr double kOff_m = 0.007;  // stretched by 1.4 that is a centimetre
    for (const Model& model : shipped_catalogue().for_stories) {
        if (!model.members.empty()) continue;  // see riders_test.cpp
        World world;
        const Archetype a = archetype_of(model, world.scene);
        const Bounds b = bounds_of(world, a);
        EXPECT_NEAR(b.low.x, -a.extent.rear_m, kOff_m) << a.name;
        EXPECT_NEAR(b.high.x, a.extent.front_m, kOff_m) << a.name;
        EXPECT_NEAR(b.low.z, 0, kOff_m) << a.name;
        EXPECT_NEAR(b.high.z, a.extent.height_m, kOff_m) << a.name;
        const double half = has_mirrors(a.semantic) ? half_width_below_mirrors(world, a)
                                                    : std::max(b.high.y, -b.low.y);
        EXPECT_NEAR(half, 0.5 * a.extent.width_m, kOff_m) << a.name;
    }
}

TEST(Fitted, BoxOfTheMeshIsTheWantedOneAndWheelsAreRound) {
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    for (const Model& model : all_models(catalogue)) {
        const Extent own = extent_of(model);
        World world;
        for (int i = 0; i < 200; ++i) {
            const Key key = Key(77).with(model.name).with(static_cast<std::uint64_t>(i));
            Wanted wanted = wanted_like(model);
            wanted.box = {own.length_m() * key.uniform(0.7, 1.4, 0),
                          own.width_m * key.uniform(0.7, 1.4, 1),
                          own.height_m * key.uniform(0.7, 1.4, 2),
                          own.length_m() * key.uniform(-0.4, 0.4, 3)};
            world.archetypes.clear();
            world.scene.meshes.clear();
            const auto index = fitting.add(wanted, world);
            ASSERT_TRUE(index.ok()) << index.error().text();
            const Archetype& a = world.archetypes[*index];
            // People may be of another height, whom another model fits better.
            if (a.semantic != Semantic::kPedestrian) {
                ASSERT_EQ(a.name, model.name);
            }
            const Wanted::Box& box = *wanted.box;
            EXPECT_NEAR(a.extent.length_m(), box.length_m, 1e-12);
            EXPECT_NEAR(a.extent.centre_x_m(), box.centre_x_m, 1e-12);
            EXPECT_EQ(a.extent.width_m, box.width_m);
            EXPECT_EQ(a.extent.height_m, box.height_m);
            const Bounds b = bounds_of(world, a);
            const bool person = a.semantic == Semantic::kPedestrian, rides = a.figure && !person;
            if (rides) {
                // The box has room for each of the riders; limbs keep their length in long boxes.
                EXPECT_LT(b.high.z, 1.12 * box.height_m) << a.name;
                EXPECT_GT(b.high.z, 0.7 * box.height_m) << a.name;
                EXPECT_NEAR(b.low.z, 0, 0.01) << a.name;
            } else if (person) {
                // As tall as it is: other boxes than people's do not squash them. Posture, hair and
                // hats take some centimetres.
                EXPECT_NEAR(b.high.z, box.height_m, 0.06 * box.height_m) << a.name;
            } else {
                EXPECT_NEAR(b.low.x, -a.extent.rear_m, 0.01) << a.name;
                EXPECT_NEAR(b.high.x, a.extent.front_m, 0.01) << a.name;
                EXPECT_NEAR(b.high.z, box.height_m, 0.01) << a.name;
                EXPECT_NEAR(b.low.z, 0, 0.01) << a.name;
            }
            const double half = has_mirrors(a.semantic) ? half_width_below_mirrors(world, a)
                                                        : std::max(b.high.y, -b.low.y);
            if (person && (a.figure->mount || a.figure->companion)) {
                // Whoever it is: the kind's box has room for each of them.
                EXPECT_LT(half, 0.6 * own.width_m / own.height_m * box.height_m) << a.name;
            } else if (person) {
                // Arms hang at the sides, and things are carried there.
                EXPECT_LT(half, 0.34 * box.height_m) << a.name;
            } else if (!rides) {
                EXPECT_NEAR(half, 0.5 * box.width_m, 0.01) << a.name;
            }
            if (is_vehicle(a.semantic)) {
                // As physics asks for.
                const auto& wheels = a.vehicle.wheels;
                const auto ahead = [&](const Wheel& w) { return w.p_B.x > a.vehicle.cg_to_rear_m; };
                EXPECT_TRUE(std::any_of(wheels.begin(), wheels.end(), ahead)) << a.name;
                EXPECT_FALSE(std::all_of(wheels.begin(), wheels.end(), ahead)) << a.name;
            }
            for (const Part& part : a.parts) {
                if (part.motion != Motion::kWheel) continue;
                const Wheel& wheel = a.vehicle.wheels[part.wheel];
                EXPECT_EQ(part.p_BP, Vec3(wheel.p_B, wheel.radius_m)) << a.name;
                Bounds round;
                for (const Vertex& v : world.scene.meshes[part.mesh].lods.front().vertices) {
                    round.add(point(v));
                }
                // Wheels of imported models are as round as their makers left them.
                const double off_m = model.imported ? 0.01 * wheel.radius_m : 1e-6;
                EXPECT_NEAR(round.high.x, wheel.radius_m, off_m) << a.name;
                EXPECT_NEAR(round.high.z, wheel.radius_m, off_m) << a.name;
                EXPECT_NEAR(round.low.z, -wheel.radius_m, off_m) << a.name;
            }
        }
    }
}

TEST(Fitted, PersonWhoseBoxLiesLiesInIt) {
    // Hair and toes that are stretched stand out of the box of people.
    constexpr double kHair_m = 0.06;
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    World world;
    const Wanted upright{.kind = Wanted::Kind::kPedestrian,
                         .name = "up",
                         .category = "pedestrian",
                         .box = Wanted::Box{0.5, 0.6, 1.75, 0}};
    Wanted wanted = upright;
    wanted.box = Wanted::Box{1.75, 0.6, 0.5, 0.2};
    // Whether one of the same size stands in the world already or not.
    for (const bool stood_before : {false, true}) {
        world = {};
        if (stood_before) {
            ASSERT_TRUE(fitting.add(upright, world).ok());
        }
        const auto index = fitting.add(wanted, world);
        ASSERT_TRUE(index.ok()) << index.error().text();
        const Archetype& a = world.archetypes[*index];
        EXPECT_EQ(a.semantic, Semantic::kPedestrian);
        const Bounds b = bounds_of(world, a);
        EXPECT_NEAR(b.low.x, -a.extent.rear_m, kHair_m);
        EXPECT_NEAR(b.high.x, a.extent.front_m, kHair_m);
        EXPECT_GT(b.low.z, -0.01);
        EXPECT_LT(b.high.z, 0.51);
        EXPECT_GT(b.high.z - b.low.z, 0.15);
        EXPECT_EQ(*fitting.add(wanted, world), *index);
        const auto again = fitting.add(upright, world);
        EXPECT_NEAR(bounds_of(world, world.archetypes[*again]).high.z, 1.75, kHair_m);
    }
}

TEST(Fitted, WithoutABoxOrWithinACentimetreItIsTheKindItself) {
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    for (const Model& model : all_models(catalogue)) {
        World world;
        Wanted wanted = wanted_like(model);
        const auto plain = fitting.add(wanted, world);
        ASSERT_TRUE(plain.ok());
        EXPECT_EQ(world.archetypes[*plain].name, model.name);
        const Extent own = extent_of(model);
        wanted.box = {own.length_m() + 0.004, own.width_m, own.height_m - 0.004, own.centre_x_m()};
        const std::size_t meshes = world.scene.meshes.size();
        EXPECT_EQ(*fitting.add(wanted, world), *plain) << model.name;
        EXPECT_EQ(world.scene.meshes.size(), meshes);
        EXPECT_EQ(world.archetypes[*plain].extent.height_m, own.height_m);
    }
}

TEST(Fitted, EqualWishesShareOneArchetypeAndOthersDoNot) {
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    World world;
    world.archetypes = archetypes(catalogue, world.scene);
    const std::size_t before = world.archetypes.size();
    Wanted wanted{.name = "A", .category = "car", .model = "car_white"};
    wanted.box = {5.04, 2.0, 1.5, 1.4};
    const auto first = fitting.add(wanted, world);
    wanted.name = "B";
    EXPECT_EQ(*fitting.add(wanted, world), *first);
    EXPECT_EQ(world.archetypes.size(), before + 1);
    wanted.box->centre_x_m = 1.3;
    EXPECT_NE(*fitting.add(wanted, world), *first);
    // A kind that the world has is found there.
    EXPECT_EQ(*fitting.add({.name = "C", .category = "bus"}, world), archetype_named(world, "bus"));
}

TEST(Fitted, ChassisGrowsWithTheBox) {
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    World world;
    const Archetype sedan = archetype_of(catalogue.models[catalogue.ego], world.scene);
    Wanted wanted{.name = "A", .category = "car", .model = "sedan"};
    wanted.box = {2 * sedan.extent.length_m(), 2 * sedan.extent.width_m, 2 * sedan.extent.height_m,
                  2 * sedan.extent.centre_x_m()};
    const VehicleSpec twice = world.archetypes[*fitting.add(wanted, world)].vehicle;
    EXPECT_NEAR(twice.mass_kg, 8 * sedan.vehicle.mass_kg, 1e-6);
    EXPECT_NEAR(twice.yaw_inertia_kg_m2, 32 * sedan.vehicle.yaw_inertia_kg_m2, 1e-6);
    EXPECT_NEAR(twice.wheelbase_m, 2 * sedan.vehicle.wheelbase_m, 1e-9);
    EXPECT_NEAR(twice.track_m(), 2 * sedan.vehicle.track_m(), 1e-9);
    EXPECT_NEAR(twice.cg_to_rear_m, 2 * sedan.vehicle.cg_to_rear_m, 1e-9);
    EXPECT_NEAR(twice.wheels[0].radius_m, 2 * sedan.vehicle.wheels[0].radius_m, 1e-9);
    wanted.mass_kg = 1500;
    EXPECT_NEAR(world.archetypes[*fitting.add(wanted, world)].vehicle.mass_kg, 1500, 1e-9);
}

// "man" of "man_7".
std::string kind_of(const std::string& name) { return name.substr(0, name.find('_')); }

TEST(BestMatch, GoesByCategoryThenWordsThenSize) {
    const Catalogue catalogue = shipped_catalogue();
    using Kind = Wanted::Kind;
    const auto match = [&](Wanted wanted) { return best_match(catalogue, wanted)->name; };
    const auto vehicle = [&](const char* category, const char* model, const char* role = "") {
        return match({.kind = Kind::kVehicle, .category = category, .role = role, .model = model});
    };
    EXPECT_EQ(vehicle("bus", "bus_blue"), "bus");
    EXPECT_EQ(vehicle("van", "truck_yellow"), "van");
    EXPECT_EQ(vehicle("car", "car_police", "police"), "police_car");
    EXPECT_EQ(vehicle("van", "van_white", "ambulance"), "ambulance");
    EXPECT_EQ(vehicle("truck", "big", "fire"), "fire_engine");
    EXPECT_EQ(vehicle("bicycle", "bicycle"), "bicycle");
    EXPECT_EQ(vehicle("bicycle", "e_scooter"), "scooter");
    EXPECT_EQ(vehicle("motorbike", "scooter"), "motorcycle");
    EXPECT_EQ(vehicle("truck", "semi_tractor"), "tractor_unit");
    EXPECT_EQ(vehicle("trailer", "semi_trailer"), "semi_trailer");
    EXPECT_EQ(vehicle("semitrailer", "x"), "semi_trailer");
    EXPECT_EQ(vehicle("trailer", "car_trailer"), "trailer");
    EXPECT_EQ(vehicle("motorbike", "bike", "police"), "motorcycle");
    EXPECT_EQ(vehicle("tram", "line 9"), "tram");
    EXPECT_EQ(vehicle("train", "line 9"), "bus");
    // By size where words do not say more.
    Wanted car{.kind = Kind::kVehicle, .category = "car", .model = "car_red"};
    car.box = {3.9, 1.7, 1.5, 1.2};
    EXPECT_EQ(match(car), "hatchback");
    car.box = {4.6, 1.9, 1.75, 1.2};
    EXPECT_EQ(match(car), "suv");
    Wanted person{.kind = Kind::kPedestrian, .category = "pedestrian", .model = "Pedestrian1"};
    person.box = {0.25, 0.9, 1.8, 0};
    EXPECT_EQ(kind_of(match(person)), "man");
    person.box->height_m = 1.2;
    EXPECT_EQ(kind_of(match(person)), "child");
    EXPECT_EQ(match({.kind = Kind::kPedestrian, .category = "wheelchair"}), "wheelchair");
    EXPECT_EQ(match({.kind = Kind::kPedestrian, .category = "animal", .model = "moose"}), "stag");
    EXPECT_EQ(match({.kind = Kind::kPedestrian, .category = "animal", .model = "deer"}), "deer");
    EXPECT_EQ(match({.kind = Kind::kPedestrian, .category = "animal", .model = "terrier"}),
              "terrier");
    EXPECT_EQ(match({.kind = Kind::kPedestrian, .category = "animal", .model = "brown cow"}),
              "cow_brown");
    Wanted animal{.kind = Kind::kPedestrian, .category = "animal", .model = "x"};
    animal.box = {0.9, 0.3, 0.6, 0};
    EXPECT_EQ(match(animal), "dog");
    animal.box = {2.3, 0.7, 1.4, 0};
    EXPECT_EQ(match(animal), "cow");
    animal.box = {0.5, 0.15, 0.3, 0};
    EXPECT_EQ(match(animal), "cat");
    EXPECT_EQ(match({.kind = Kind::kObject, .category = "obstacle", .model = "box"}), "boxes");
    EXPECT_EQ(match({.kind = Kind::kObject, .category = "obstacle", .model = "cone-100"}), "cone");
    EXPECT_EQ(match({.kind = Kind::kObject, .category = "none", .model = "Ball"}), "ball");
    EXPECT_EQ(match({.kind = Kind::kObject, .category = "barrier", .model = "wall"}), "barrier");
    EXPECT_EQ(match({.kind = Kind::kObject, .category = "streetLamp"}), "barrier");
}

TEST(Fitted, AbsurdSizesAreErrorsThatNameTheEntity) {
    const Catalogue catalogue = shipped_catalogue();
    Fitting fitting(catalogue);
    World world;
    const auto message = [&](const Wanted::Box& box, double mass_kg = 0) {
        Wanted wanted{.name = "Lorry 7", .category = "truck", .mass_kg = mass_kg};
        wanted.box = box;
        const auto index = fitting.add(wanted, world);
        return index.ok() ? std::string() : index.error().message;
    };
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(message({0, 2, 3, 1}), "the length of \"Lorry 7\" is 0, expected 0.01 to 300 m");
    EXPECT_EQ(message({8, kNan, 3, 1}), "the width of \"Lorry 7\" is nan, expected 0.01 to 300 m");
    EXPECT_EQ(message({8, 2, 1000, 1}),
              "the height of \"Lorry 7\" is 1000, expected 0.01 to 300 m");
    EXPECT_NE(message({8, 2, 3, kNan}).find("the box's centre of \"Lorry 7\""), std::string::npos);
    EXPECT_NE(message({8, 2, 3, 1}, -5).find("the mass of \"Lorry 7\" is -5"), std::string::npos);
    EXPECT_TRUE(world.archetypes.empty());
    Catalogue towns = catalogue;
    towns.for_stories.clear();
    const auto none = Fitting(towns).add({.kind = Wanted::Kind::kObject, .name = "Box"}, world);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().message,
              "the list of actors has nothing for \"Box\", expected a movable_object among them");
    EXPECT_TRUE(world.scene.meshes.empty());
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
