#include "tests/support/street.h"

#include <cmath>

#include "engine/core/random.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::tests::support {

using engine::core::Key;
using engine::math::kPi;
using engine::math::upright;
using engine::math::Vec3;
namespace world = engine::world;
using world::Lamp;
using world::Material;
using world::Semantic;

namespace {

constexpr double kHalfLength = 150, kRoadHalf = 6.0, kPavementHalf = 10.0;

world::MeshLod car_lod(int detail, float error_m) {
    MeshBuilder b;
    const int d = detail;
    b.material(Material::kCarPaint).colour({1, 1, 1});
    b.tapered_box({-0.95, -0.85, 0.32}, {3.35, 0.85, 0.85}, {0.10, 0.06, 0.04, 0.04});
    b.tapered_box({-0.88, -0.80, 0.85}, {3.20, 0.80, 0.93}, {0.6, 0.15, 0.06, 0.06});
    b.ellipsoid({3.05, 0, 0.60}, {0.42, 0.80, 0.30}, 4 * d, 8 * d);
    b.ellipsoid({-0.65, 0, 0.65}, {0.40, 0.80, 0.30}, 4 * d, 8 * d);
    b.tapered_box({-0.25, -0.62, 1.36}, {1.55, 0.62, 1.45}, {0.1, 0.1, 0.05, 0.05});
    // What is seen behind the panes: seats and lining.
    b.material(Material::kGlass).colour({0.06F, 0.06F, 0.065F});
    b.tapered_box({-0.70, -0.78, 0.90}, {2.25, 0.78, 1.40}, {0.75, 0.50, 0.18, 0.18});
    b.material(Material::kRubber).colour({1, 1, 1});
    for (const double x : {0.0, 2.58}) {
        for (const double y : {-0.76, 0.76}) b.wheel({x, y, 0.33}, 0.33, 0.20, 12 * d);
    }
    b.material(Material::kRim);
    for (const double x : {0.0, 2.58}) {
        for (const double y : {-0.86, 0.86}) b.wheel({x, y, 0.33}, 0.21, 0.02, 10 * d);
    }
    b.material(Material::kPlastic).colour({1, 1, 1});
    b.box({-0.98, -0.80, 0.25}, {3.38, 0.80, 0.36});
    b.box({3.36, -0.4, 0.42}, {3.44, 0.4, 0.60});
    b.material(Material::kLamp, Semantic::kNothing, Lamp::kHead).colour({1, 1, 1});
    for (const double y : {-0.62, 0.62})
        b.ellipsoid({3.33, y, 0.66}, {0.12, 0.16, 0.09}, 2 * d, 4 * d);
    for (const Lamp lamp : {Lamp::kTail, Lamp::kBrake}) {
        b.material(Material::kLamp, Semantic::kNothing, lamp).colour({0.8F, 0.02F, 0.02F});
        const double z = lamp == Lamp::kTail ? 0.68 : 0.80;
        for (const double y : {-0.68, 0.68}) {
            b.box({-1.03, y - 0.12, z - 0.05}, {-0.92, y + 0.12, z + 0.05});
        }
    }
    b.material(Material::kPlate).colour({1, 1, 1});
    b.box({-1.01, -0.26, 0.45}, {-0.95, 0.26, 0.57});
    return b.lod(error_m);
}

world::MeshLod tree_lod(int detail, float error_m) {
    MeshBuilder b;
    b.material(Material::kBark).colour({1, 1, 1});
    b.cylinder({0, 0, 0}, 3.2, 0.22, 0.12, 6 * detail);
    b.material(Material::kLeaves);
    const Vec3 clumps[] = {
        {0, 0, 4.9}, {0.9, 0.4, 4.2}, {-0.8, 0.6, 4.3}, {0.2, -0.9, 4.1}, {0.1, 0.2, 5.7}};
    for (const Vec3& c : clumps) b.ellipsoid(c, {1.5, 1.5, 1.15}, 4 * detail, 6 * detail);
    return b.lod(error_m);
}

world::Mesh house(double width, double depth, int storeys, bool shop) {
    MeshBuilder b;
    const double storey = 3.2, base = shop ? 3.8 : 0.6, height = base + storeys * storey;
    const double bays = std::round(width / 2.8), side_bays = std::round(depth / 2.8);
    const double x = 0.5 * width, y = depth;
    const auto wall = [&](const Vec3& from, const Vec3& along, double n_bays) {
        b.material(Material::kFacade).colour({1, 1, 1});
        b.quad(from + Vec3(0, 0, base), along, {0, 0, height - base}, n_bays, storeys);
        b.material(shop ? Material::kShop : Material::kConcrete);
        b.quad(from, along, {0, 0, base}, shop ? n_bays / 2 : width, shop ? 1 : base);
    };
    wall({-x, 0, 0}, {width, 0, 0}, bays);
    wall({x, 0, 0}, {0, y, 0}, side_bays);
    wall({x, y, 0}, {-width, 0, 0}, bays);
    wall({-x, y, 0}, {0, -y, 0}, side_bays);
    b.material(Material::kRoof);
    b.quad({-x, -0.4, height}, {width, 0, 0}, {0, 0.5 * y + 0.4, 2.4}, width, depth * 0.6);
    b.quad({x, y + 0.4, height}, {-width, 0, 0}, {0, -0.5 * y - 0.4, 2.4}, width, depth * 0.6);
    return make_mesh("house", {b.lod(0)});
}

world::Mesh street_lamp() {
    MeshBuilder b;
    b.material(Material::kMetal).colour({0.6F, 0.6F, 0.6F});
    b.cylinder({0, 0, 0}, 7, 0.09, 0.06, 10);
    b.box({0, -0.04, 6.9}, {1.6, 0.04, 7.0});
    b.material(Material::kLamp, Semantic::kNothing, Lamp::kStreet).colour({1, 1, 0.9F});
    b.box({1.0, -0.12, 6.84}, {1.6, 0.12, 6.9});
    return make_mesh("street lamp", {b.lod(0)});
}

world::Mesh signal() {
    MeshBuilder b;
    b.material(Material::kMetal, Semantic::kPole).colour({0.5F, 0.5F, 0.5F});
    b.cylinder({0, 0, 0}, 3.4, 0.07, 0.07, 10);
    b.material(Material::kPlastic).colour({1, 1, 1});
    b.box({-0.15, -0.18, 2.4}, {0.1, 0.18, 3.4});
    const Lamp lamps[] = {Lamp::kSignalGreen, Lamp::kSignalYellow, Lamp::kSignalRed};
    const Colour colours[] = {{0.02F, 0.5F, 0.2F}, {0.6F, 0.4F, 0}, {0.6F, 0.02F, 0.02F}};
    for (int i = 0; i < 3; ++i) {
        b.material(Material::kLamp, Semantic::kNothing, lamps[i])
            .colour(colours[static_cast<std::size_t>(i)]);
        b.ellipsoid({0.1, 0, 2.58 + 0.31 * i}, {0.05, 0.12, 0.12}, 6, 10);
    }
    return make_mesh("signal", {b.lod(0)});
}

enum class Limb { kHead, kTorso, kArm, kLeg };

world::Mesh person_part(Limb limb) {
    MeshBuilder b;
    switch (limb) {
        case Limb::kHead:
            b.material(Material::kSkin).colour({0.75F, 0.5F, 0.4F});
            b.ellipsoid({0, 0, 0.10}, {0.10, 0.08, 0.13}, 8, 12);
            b.material(Material::kHair).colour({0.08F, 0.05F, 0.03F});
            b.ellipsoid({-0.02, 0, 0.15}, {0.10, 0.09, 0.11}, 6, 10);
            break;
        case Limb::kTorso:
            b.material(Material::kCloth).colour({1, 1, 1});
            b.ellipsoid({0, 0, 1.15}, {0.15, 0.22, 0.36}, 8, 14);
            break;
        case Limb::kArm:
            b.material(Material::kCloth).colour({0.9F, 0.9F, 0.9F});
            b.ellipsoid({0, 0, -0.28}, {0.055, 0.055, 0.32}, 8, 8);
            break;
        case Limb::kLeg:
            b.material(Material::kCloth).colour({0.25F, 0.25F, 0.35F});
            b.ellipsoid({0, 0, -0.40}, {0.085, 0.085, 0.46}, 8, 8);
            b.material(Material::kRubber);
            b.box({-0.08, -0.05, -0.86}, {0.18, 0.05, -0.78});
            break;
    }
    return make_mesh("person part", {b.lod(0)});
}

// Road, marks, kerbs, pavements and a crossing.
void add_ground(world::World& w) {
    const auto add = [&](const MeshBuilder& b, Semantic semantic) {
        w.scene.meshes.push_back(make_mesh("ground", {b.lod(0)}));
        w.scene.instances.push_back({.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1),
                                     .semantic = semantic,
                                     .casts_shadow = false});
    };
    // In pieces, so that culling has something to do.
    for (double x = -kHalfLength; x < kHalfLength; x += 30) {
        MeshBuilder road, marks, pavement, kerb, grass;
        road.material(Material::kAsphalt)
            .quad({x, -kRoadHalf, 0}, {30, 0, 0}, {0, 2 * kRoadHalf, 0}, 30, 12);
        add(road, Semantic::kRoad);
        marks.material(Material::kRoadMark);
        for (double m = x; m < x + 30; m += 6) {
            marks.quad({m, -0.07, 0.004}, {3, 0, 0}, {0, 0.14, 0}, 3, 0.14);
        }
        for (const double y : {-3.7, 3.6})
            marks.quad({x, y, 0.004}, {30, 0, 0}, {0, 0.1, 0}, 30, 0.1);
        if (x == 0) {
            for (double y = -5.5; y < 5.5; y += 1) {
                marks.quad({21, y, 0.005}, {3, 0, 0}, {0, 0.5, 0}, 3, 0.5);
            }
            marks.quad({18.5, -3.6, 0.005}, {0.5, 0, 0}, {0, 3.5, 0}, 0.5, 3.5);
        }
        add(marks, Semantic::kRoadMark);
        for (const double side : {-1.0, 1.0}) {
            const double inner = side * kRoadHalf, outer = side * kPavementHalf;
            const double low = std::min(inner, outer) + (side > 0 ? 0.15 : 0.0);
            pavement.material(Material::kPaving)
                .quad({x, low, 0.12}, {30, 0, 0}, {0, 3.85, 0}, 30, 3.85);
            kerb.material(Material::kKerb)
                .box({x, std::min(inner, inner + 0.15 * side), -0.1},
                     {x + 30, std::max(inner, inner + 0.15 * side), 0.12});
            const double lawn = side > 0 ? kPavementHalf : -kPavementHalf - 60;
            grass.material(Material::kGrass).quad({x, lawn, 0.1}, {30, 0, 0}, {0, 60, 0}, 30, 60);
        }
        add(pavement, Semantic::kSidewalk);
        add(kerb, Semantic::kKerb);
        add(grass, Semantic::kTerrain);
    }
}

}  // namespace

world::World make_street() {
    world::World w;
    w.scenario = "street-1";
    w.size_m = 2 * kHalfLength;
    w.environment.sun_azimuth_rad = 2.3;
    w.environment.sun_elevation_rad = 0.75;
    w.environment.cloud_cover = 0.3;
    add_ground(w);
    auto& meshes = w.scene.meshes;
    auto& instances = w.scene.instances;
    const auto add_mesh = [&](world::Mesh mesh) {
        meshes.push_back(std::move(mesh));
        return static_cast<std::uint32_t>(meshes.size() - 1);
    };
    world::ActorId object = world::kFirstStaticObject;
    const auto add_object = [&](const Vec3& p, double yaw_rad, Semantic semantic,
                                const world::Extent& extent) {
        w.objects.push_back(
            {.id = object, .semantic = semantic, .X_WB = upright(p, yaw_rad), .extent = extent});
        return object++;
    };
    const Key key = Key(7).with("street");

    // Signals: two groups for cars, one for people.
    w.roads.signal_groups = {{}, {}, {.for_pedestrians = true}};
    const std::uint32_t signal_mesh = add_mesh(signal());
    for (int i = 0; i < 2; ++i) {
        const Vec3 p(19.5, i == 0 ? -6.6 : 6.6, 0.12);
        const auto id = add_object(p, kPi, Semantic::kTrafficSignal, {0.2, 0.2, 0.4, 3.4});
        instances.push_back({.mesh = signal_mesh,
                             .X_WM = upright(p, kPi),
                             .object = id,
                             .semantic = Semantic::kTrafficSignal,
                             .signal_group = static_cast<std::uint32_t>(i)});
    }

    // Houses along both sides.
    const std::uint32_t houses[] = {
        add_mesh(house(14, 10, 3, true)), add_mesh(house(11, 9, 4, false)),
        add_mesh(house(17, 11, 5, true)), add_mesh(house(11, 10, 2, false))};
    const double widths[] = {14, 11, 17, 11};
    const double depths[] = {10, 9, 11, 10};
    for (const double side : {-1.0, 1.0}) {
        double x = -kHalfLength;
        for (std::uint64_t i = 0; x < kHalfLength; ++i) {
            const auto kind = key.with("house").index(4, i * 2 + (side > 0 ? 1 : 0));
            const Vec3 p(x + 0.5 * widths[kind], side * (kPavementHalf + 0.5), 0.1);
            const double yaw = side > 0 ? 0 : kPi;
            const auto id =
                add_object(p + Vec3(0, side * 0.5 * depths[kind], 0), yaw, Semantic::kBuilding,
                           {0.5 * widths[kind], 0.5 * widths[kind], depths[kind], 12});
            const auto tone = static_cast<float>(key.with("tone").uniform(0.7, 1.0, i));
            instances.push_back({.mesh = houses[kind],
                                 .X_WM = upright(p, yaw),
                                 .tint = {tone, tone, tone},
                                 .object = id,
                                 .semantic = Semantic::kBuilding});
            x += widths[kind] + (i % 4 == 3 ? 8 : 0.02);
        }
    }

    // Trees and lamps.
    const std::uint32_t tree =
        add_mesh(make_mesh("tree", {tree_lod(3, 0), tree_lod(2, 0.06F), tree_lod(1, 0.22F)}));
    const std::uint32_t lamp = add_mesh(street_lamp());
    for (int i = 0; i < 200; ++i) {
        const double side = i % 2 ? 1 : -1;
        const double x = -kHalfLength + 3 * (i / 2) +
                         key.with("tree").uniform(0, 2, static_cast<std::uint64_t>(i));
        const bool row = i % 6 < 2;
        const double y =
            side * (row ? 7.2 : 27 + 20 * key.with("y").uniform(static_cast<std::uint64_t>(i)));
        const auto id = add_object({x, y, 0.1}, 0, Semantic::kVegetation, {0.2, 0.2, 0.4, 6});
        instances.push_back({.mesh = tree,
                             .X_WM = upright({x, y, 0.1}, i),
                             .object = id,
                             .semantic = Semantic::kVegetation});
    }
    for (int i = 0; i < 24; ++i) {
        const double side = i % 2 ? 1 : -1;
        const Vec3 p(-kHalfLength + 12.5 * i, side * 6.6, 0.12);
        const auto id = add_object(p, 0, Semantic::kPole, {0.1, 0.1, 0.2, 7});
        instances.push_back({.mesh = lamp,
                             .X_WM = upright(p, side > 0 ? -0.5 * kPi : 0.5 * kPi),
                             .object = id,
                             .semantic = Semantic::kPole});
    }

    // Parked cars.
    const std::uint32_t car =
        add_mesh(make_mesh("car", {car_lod(4, 0), car_lod(2, 0.02F), car_lod(1, 0.06F)}));
    const Colour paints[] = {{0.35F, 0.36F, 0.38F}, {0.02F, 0.02F, 0.025F}, {0.6F, 0.6F, 0.6F},
                             {0.30F, 0.02F, 0.02F}, {0.02F, 0.06F, 0.25F},  {0.05F, 0.12F, 0.06F}};
    world::Archetype& of_cars = w.archetypes.emplace_back();
    of_cars.name = "car";
    of_cars.extent = {3.44, 1.03, 1.7, 1.45};
    of_cars.parts.push_back({.mesh = car});
    for (int i = 0; i < 90; ++i) {
        const double side = i % 2 ? 1 : -1;
        const double x = -kHalfLength + 6.2 * (i / 2) + 8;
        if (x > 15 && x < 27) continue;
        const Vec3 p(x, side * 4.9, 0);
        const double yaw = side > 0 ? kPi : 0;
        const auto id = add_object(p, yaw, Semantic::kCar, w.archetypes[0].extent);
        instances.push_back(
            {.mesh = car,
             .X_WM = upright(p, yaw),
             .tint = paints[key.with("paint").index(6, static_cast<std::uint64_t>(i))],
             .object = id,
             .semantic = Semantic::kCar});
    }

    // Actors: the ego without a body to look at, cars on both lanes, people on the pavements.
    w.archetypes.push_back(
        {.name = "ego", .semantic = Semantic::kCar, .extent = {3.44, 1.03, 1.7, 1.45}});
    world::Archetype person{
        .name = "person", .semantic = Semantic::kPedestrian, .extent = {0.25, 0.25, 0.5, 1.75}};
    struct Hung {
        Limb limb;
        Vec3 p_BP;
        double swing;
    };
    for (const auto& [limb, p_BP, swing] : {Hung{Limb::kTorso, {0, 0, 0}, 0},
                                            {Limb::kHead, {0, 0, 1.5}, 0},
                                            {Limb::kArm, {0, 0.24, 1.42}, 1},
                                            {Limb::kArm, {0, -0.24, 1.42}, -1},
                                            {Limb::kLeg, {0, 0.1, 0.86}, -1},
                                            {Limb::kLeg, {0, -0.1, 0.86}, 1}}) {
        person.parts.push_back(
            {.motion = swing == 0 ? world::Motion::kFixed : world::Motion::kSwing,
             .mesh = add_mesh(person_part(limb)),
             .p_BP = p_BP,
             .swing = swing});
    }
    w.archetypes.push_back(person);
    w.spawns.push_back({.id = world::kEgo, .archetype = 1, .X_WB = upright({0, -1.8, 0}, 0)});
    for (world::ActorId i = 0; i < 10; ++i) {
        const bool oncoming = i % 2;
        const double x = oncoming ? 9 + 13.0 * i : 12.5 + 11.0 * i - (i == 0 ? 1 : 0);
        w.spawns.push_back(
            {.id = 2 + i,
             .archetype = 0,
             .X_WB = upright({i == 8 ? -14 : x, oncoming ? 1.8 : -1.8, 0}, oncoming ? kPi : 0),
             .speed_mps = 8,
             .tint = paints[(i * 5 + 3) % 6]});
    }
    for (world::ActorId i = 0; i < 14; ++i) {
        const double side = i % 2 ? 1 : -1;
        Vec3 p(-20 + 6.5 * i, side * 8.6, 0.12);
        double yaw = i % 3 ? 0 : kPi;
        if (i == 6) {
            p = {22.5, -1.0, 0};
            yaw = 0.5 * kPi;
        }
        const auto r = static_cast<float>(key.with("r").uniform(0.05, 0.6, i));
        const auto g = static_cast<float>(key.with("g").uniform(0.05, 0.5, i));
        w.spawns.push_back({.id = 20 + i,
                            .archetype = 2,
                            .X_WB = upright(p, yaw),
                            .speed_mps = 1.3,
                            .tint = {r, g, 0.3F}});
    }
    w.rig = {.name = "eight", .cameras = eight_cameras(640, 400)};
    return w;
}

std::vector<world::Camera> eight_cameras(int width, int height) {
    struct Mount {
        const char* name;
        Vec3 p_BC;
        double yaw_deg, fov_deg;
    };
    // The layout of an eight-camera car; horizontal fields of view as pinholes allow.
    const Mount mounts[] = {{"main", {1.9, 0, 1.35}, 0, 50},
                            {"wide", {1.9, 0.05, 1.35}, 0, 110},
                            {"narrow", {1.9, -0.05, 1.35}, 0, 35},
                            {"left pillar", {1.3, 0.8, 1.25}, 60, 90},
                            {"right pillar", {1.3, -0.8, 1.25}, -60, 90},
                            {"left rear", {2.4, 0.9, 0.95}, 140, 75},
                            {"right rear", {2.4, -0.9, 0.95}, -140, 75},
                            {"rear", {-1.0, 0, 1.0}, 180, 110}};
    std::vector<world::Camera> cameras;
    for (const Mount& m : mounts) {
        const double f = 0.5 * width / std::tan(0.5 * m.fov_deg * kPi / 180);
        cameras.push_back(
            {.name = m.name,
             .X_BC = {engine::math::camera_rotation(m.yaw_deg * kPi / 180, -0.04), m.p_BC},
             .width = width,
             .height = height,
             .lens = {.fx = f, .fy = f, .cx = 0.5 * width, .cy = 0.5 * height}});
    }
    return cameras;
}

}  // namespace huntsman::tests::support
