#include "tests/support/reference/reference_scenes.h"

#include <cmath>

#include "engine/core/check.h"
#include "tests/support/mesh_builder.h"
#include "tests/support/street.h"

namespace huntsman::tests::support {

using engine::math::kPi;
using engine::math::upright;
using engine::math::Vec3;
namespace world = engine::world;
using world::Lamp;
using world::Material;
using world::Semantic;

namespace {

engine::render::View view_from(const Vec3& p, double yaw_rad, double pitch_rad, double f_px = 110) {
    return {.X_WC = {engine::math::camera_rotation(yaw_rad, pitch_rad), p},
            .width = 160,
            .height = 100,
            .fx = f_px,
            .fy = f_px,
            .cx = 80,
            .cy = 50};
}

void place(world::World& w, const MeshBuilder& b, const world::Instance& like = {}) {
    w.scene.meshes.push_back(make_mesh("part", {b.lod(0)}));
    world::Instance instance = like;
    instance.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1);
    w.scene.instances.push_back(instance);
}

world::World empty_world() {
    world::World w;
    w.size_m = 200;
    w.environment.turbidity = 3;
    w.environment.cloud_cover = 0;
    return w;
}

void add_ground(world::World& w, Material material) {
    MeshBuilder b;
    b.material(material).quad({-100, -100, 0}, {200, 0, 0}, {0, 200, 0}, 200, 200);
    place(w, b, {.semantic = Semantic::kRoad, .casts_shadow = false});
}

// A house of which one sees the wall that is to the left of `from` → `to`; it is 6 m deep.
void add_wall(world::World& w, const Vec3& from, const Vec3& to, double height, Material material,
              const Colour& colour = {1, 1, 1}) {
    MeshBuilder b;
    const double length = glm::length(to - from);
    b.material(material).colour(colour).box({0, -6, 0}, {length, 0, height});
    place(w, b,
          {.X_WM = upright(from, std::atan2(to.y - from.y, to.x - from.x)),
           .semantic = Semantic::kBuilding});
}

// The street's car as a parked one.
void add_car(world::World& w, const world::World& street, const Vec3& p, double yaw_rad,
             const Colour& paint, std::uint32_t lamps = 0) {
    const auto id = static_cast<world::ActorId>(world::kFirstStaticObject + w.objects.size());
    w.objects.push_back({.id = id,
                         .semantic = Semantic::kCar,
                         .X_WB = upright(p, yaw_rad),
                         .extent = street.archetypes[0].extent});
    w.scene.meshes.push_back(street.scene.meshes[street.archetypes[0].parts[0].mesh]);
    w.scene.instances.push_back({.mesh = static_cast<std::uint32_t>(w.scene.meshes.size() - 1),
                                 .X_WM = upright(p, yaw_rad),
                                 .tint = paint,
                                 .object = id,
                                 .semantic = Semantic::kCar,
                                 .lamps = lamps});
}

ReferenceScene street_scene(std::string name, std::string shows, const Vec3& p, double yaw_rad) {
    ReferenceScene s{.name = std::move(name), .shows = std::move(shows), .world = make_street()};
    s.world.environment.cloud_cover = 0;
    s.world.environment.turbidity = 3;
    s.state = world::initial_state(s.world);
    s.view = view_from(p, yaw_rad, -0.04);
    return s;
}

void light_street(ReferenceScene& s) {
    for (world::Instance& instance : s.world.scene.instances) {
        const world::Mesh& mesh = s.world.scene.meshes[instance.mesh];
        if (mesh.name == "street lamp") instance.lamps |= world::bit(Lamp::kStreet);
    }
    for (world::ActorState& actor : s.state.actors) {
        if (s.world.archetypes[actor.archetype].semantic == Semantic::kCar) {
            actor.lamps = world::bit(Lamp::kHead) | world::bit(Lamp::kTail);
        }
    }
}

ReferenceScene canyon() {
    ReferenceScene s{.name = "canyon",
                     .shows = "sky visibility and bounced light between high houses",
                     .world = empty_world()};
    s.world.environment.sun_azimuth_rad = 1.35;
    s.world.environment.sun_elevation_rad = 0.95;
    add_ground(s.world, Material::kAsphalt);
    for (const double side : {-1.0, 1.0}) {
        for (int i = 0; i < 5; ++i) {
            const double x = -10 + 14.0 * i, height = 14 + 3 * ((i * 2 + (side > 0 ? 1 : 0)) % 3);
            const Colour plaster = i % 2 ? Colour{0.95F, 0.85F, 0.6F} : Colour{0.9F, 0.9F, 0.9F};
            if (side > 0) {
                add_wall(s.world, {x + 14, 5, 0}, {x, 5, 0}, height, Material::kPlaster, plaster);
            } else {
                add_wall(s.world, {x, -5, 0}, {x + 14, -5, 0}, height, Material::kBrick, plaster);
            }
        }
    }
    s.view = view_from({0, 0, 1.5}, 0.1, 0.1);
    return s;
}

ReferenceScene courtyard() {
    ReferenceScene s{
        .name = "courtyard", .shows = "light that comes from above only", .world = empty_world()};
    s.world.environment.sun_azimuth_rad = 0.4;
    s.world.environment.sun_elevation_rad = 0.75;
    add_ground(s.world, Material::kPaving);
    const Vec3 corners[4] = {{-6, -6, 0}, {6, -6, 0}, {6, 6, 0}, {-6, 6, 0}};
    for (std::size_t i = 0; i < 4; ++i) {
        add_wall(s.world, corners[i], corners[(i + 1) % 4], 12, Material::kPlaster,
                 {0.9F, 0.88F, 0.8F});
    }
    MeshBuilder b;
    b.material(Material::kWood).box({-0.6, -0.6, 0}, {0.6, 0.6, 1.2});
    place(s.world, b, {.X_WM = upright({2, 1, 0}, 0.4)});
    s.view = view_from({-5, -3, 1.6}, 0.5, 0.0);
    return s;
}

ReferenceScene car_close() {
    ReferenceScene s{
        .name = "car", .shows = "paint, glass and the shade below a car", .world = empty_world()};
    s.world.environment.sun_azimuth_rad = -1.2;
    s.world.environment.sun_elevation_rad = 0.6;
    add_ground(s.world, Material::kAsphalt);
    const world::World street = make_street();
    add_car(s.world, street, {4.5, 0.8, 0}, 2.4, {0.35F, 0.02F, 0.02F});
    add_car(s.world, street, {9, -3, 0}, 0.2, {0.6F, 0.6F, 0.6F});
    s.view = view_from({0, 0, 1.3}, 0.05, -0.12);
    return s;
}

ReferenceScene bridge() {
    ReferenceScene s{.name = "bridge", .shows = "deep shade under a deck", .world = empty_world()};
    s.world.environment.sun_azimuth_rad = 0.9;
    s.world.environment.sun_elevation_rad = 0.8;
    add_ground(s.world, Material::kAsphalt);
    MeshBuilder b;
    b.material(Material::kConcrete).box({4, -25, 4.5}, {14, 25, 5.5});
    b.box({4.5, -8, 0}, {13.5, -7, 4.5});
    b.box({4.5, 7, 0}, {13.5, 8, 4.5});
    place(s.world, b, {.semantic = Semantic::kBuilding});
    add_car(s.world, make_street(), {8.5, -2, 0}, 0, {0.02F, 0.06F, 0.25F});
    s.view = view_from({-2, 0.5, 1.5}, 0, 0.05);
    return s;
}

ReferenceScene coloured_wall() {
    ReferenceScene s{.name = "red_wall",
                     .shows = "coloured light from a sunlit wall on a white one",
                     .world = empty_world()};
    s.world.environment.sun_azimuth_rad = -2.2;
    s.world.environment.sun_elevation_rad = 0.5;
    add_ground(s.world, Material::kConcrete);
    // The red one faces the sun; the white one stands across it and lies in its own shade.
    add_wall(s.world, {12, 5, 0}, {0, 5, 0}, 5, Material::kPlaster, {0.9F, 0.08F, 0.05F});
    add_wall(s.world, {0, 5, 0}, {0, 1, 0}, 5, Material::kPlaster, {0.95F, 0.95F, 0.95F});
    s.world.scene.instances[2].X_WM = upright({3, 5, 0}, -0.5 * kPi);
    s.view = view_from({8, -3, 1.6}, 2.2, 0.05);
    return s;
}

ReferenceScene lamps() {
    ReferenceScene s{.name = "lamps",
                     .shows = "street lamps and head lamps on a wall at night",
                     .world = empty_world()};
    s.world.environment.sun_elevation_rad = -0.35;
    add_ground(s.world, Material::kAsphalt);
    add_wall(s.world, {14, -12, 0}, {14, 12, 0}, 6, Material::kPlaster, {0.8F, 0.8F, 0.75F});
    const world::World street = make_street();
    for (const world::Mesh& mesh : street.scene.meshes) {
        if (mesh.name != "street lamp") continue;
        s.world.scene.meshes.push_back(mesh);
        const auto at = static_cast<std::uint32_t>(s.world.scene.meshes.size() - 1);
        for (const double y : {-6.0, 6.0}) {
            s.world.scene.instances.push_back({.mesh = at,
                                               .X_WM = upright({11, y, 0}, y > 0 ? -2.0 : 2.0),
                                               .semantic = Semantic::kPole,
                                               .lamps = world::bit(Lamp::kStreet)});
        }
        break;
    }
    add_car(s.world, street, {5.5, -1.2, 0}, 0.1, {0.6F, 0.6F, 0.6F},
            world::bit(Lamp::kHead) | world::bit(Lamp::kTail));
    s.view = view_from({0, 1.5, 1.6}, -0.08, 0.0);
    return s;
}

}  // namespace

ReferenceScene make_reference_scene(int index) {
    ReferenceScene s;
    switch (index) {
        case 0:
            s = street_scene("noon", "a busy street in sunlight", {0, -1.8, 1.4}, 0);
            s.world.environment.sun_elevation_rad = 1.05;
            break;
        case 1:
            s = street_scene("dusk", "light from the western sky only", {-30, -1.8, 1.4}, 0);
            s.world.environment.sun_azimuth_rad = 2.9;
            s.world.environment.sun_elevation_rad = -0.04;
            break;
        case 2:
            s = street_scene("night", "street lamps, head and tail lamps", {-12, -1.8, 1.4}, 0);
            s.world.environment.sun_elevation_rad = -0.35;
            light_street(s);
            break;
        case 3:
            s = street_scene("rain", "closed clouds over a wet road", {20, 1.8, 1.4}, kPi);
            s.world.environment.cloud_cover = 1;
            s.world.environment.wetness = 0.8;
            s.world.environment.rain_mm_h = 2;
            s.world.environment.fog_per_m = 0.001;
            break;
        case 4:
            s = canyon();
            break;
        case 5:
            s = courtyard();
            break;
        case 6:
            s = car_close();
            break;
        case 7:
            s = bridge();
            break;
        case 8:
            s = coloured_wall();
            break;
        case 9:
            s = lamps();
            break;
        default:
            HM_CHECK(false, "reference scene {}", index);
    }
    return s;
}

}  // namespace huntsman::tests::support
