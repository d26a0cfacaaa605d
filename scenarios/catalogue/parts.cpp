// Parts that show wheels or solids.
#include <algorithm>
#include <cmath>

#include "engine/core/check.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Archetype;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Motion;
using engine::world::StaticScene;

namespace {

// A profile of (radius, y) turned about y.
void revolve(MeshBuilder& builder, int sides, std::initializer_list<Vec2> profile) {
    std::vector<std::vector<Vec3>> rings;
    for (const Vec2& p : profile) {
        std::vector<Vec3> ring;
        for (int i = 0; i < sides; ++i) {
            const double a = 2 * math::kPi * i / sides;
            ring.push_back({p.x * std::sin(a), p.y, p.x * std::cos(a)});
        }
        rings.push_back(std::move(ring));
    }
    builder.loft(rings, true);
}

MeshLod disc_wheel(double radius, double width, double rim_share, int sides, bool spokes) {
    MeshBuilder builder;
    const double h = 0.5 * width, rim = rim_share * radius;
    builder.use(Material::kRubber, {0.03F, 0.03F, 0.03F});
    revolve(builder, sides,
            {{rim, -0.9 * h},
             {0.9 * radius, -h},
             {radius, -0.7 * h},
             {radius, 0.7 * h},
             {0.9 * radius, h},
             {rim, 0.9 * h}});
    for (const double side : {1.0, -1.0}) {
        const auto disc = [&](double y, double r, int n) {
            std::vector<Vec3> points;
            for (int i = 0; i < n; ++i) {
                const double a = side * 2 * math::kPi * i / n;
                points.push_back({r * std::sin(a), side * y, r * std::cos(a)});
            }
            builder.face(points);
        };
        if (!spokes) {
            builder.use(Material::kRim, {0.5F, 0.5F, 0.52F});
            disc(0.72 * h, rim, sides);
            continue;
        }
        builder.use(Material::kPlastic, {0.02F, 0.02F, 0.02F});
        disc(0.45 * h, rim, sides);
        builder.use(Material::kRim, {0.62F, 0.63F, 0.65F});
        constexpr int kSpokes = 5;
        for (int i = 0; i < kSpokes; ++i) {
            const double a = 2 * math::kPi * i / kSpokes, half = 0.16 * rim;
            const Vec3 out(std::sin(a), 0, std::cos(a));
            const Vec3 across = side * Vec3(std::cos(a), 0, -std::sin(a));
            const Vec3 y0(0, side * 0.82 * h, 0), y1(0, side * 0.7 * h, 0);
            const Vec3 corners[] = {y0 - half * across, y0 + half * across,
                                    y1 + rim * out + 0.8 * half * across,
                                    y1 + rim * out - 0.8 * half * across};
            const Vec3 flipped[] = {corners[1], corners[0], corners[3], corners[2]};
            // Whichever winding looks outwards.
            const Vec3 n = glm::cross(corners[1] - corners[0], corners[2] - corners[0]);
            if (n.y * side > 0) {
                builder.face(corners);
            } else {
                builder.face(flipped);
            }
        }
        disc(0.84 * h, 0.24 * rim, 10);
    }
    return builder.finish();
}

// A tyre and a rim, both open inside, and spokes from the hub.
MeshLod wire_wheel(double radius, double width, double rim_share, int sides) {
    MeshBuilder builder;
    const double h = 0.5 * width, rim = rim_share * radius, inner = rim - 0.03 * radius;
    builder.use(Material::kRubber, {0.03F, 0.03F, 0.03F});
    revolve(builder, sides, {{rim, -h}, {radius, -0.5 * h}, {radius, 0.5 * h}, {rim, h}});
    builder.use(Material::kRim, {0.5F, 0.5F, 0.52F});
    revolve(builder, sides, {{inner, 0.6 * h}, {inner, -0.6 * h}, {rim, -h}});
    revolve(builder, sides, {{rim, h}, {inner, 0.6 * h}});
    const int spokes = sides >= 20 ? 14 : sides >= 10 ? 8 : 5;
    for (int i = 0; i < spokes; ++i) {
        const double a = 2 * math::kPi * i / spokes;
        builder.tube({0, 0, 0}, {inner * std::sin(a), 0, inner * std::cos(a)}, 0.012 * radius,
                     0.008 * radius, 3, false);
    }
    const double hub = 0.09 * radius;
    builder.tube({0, -1.2 * h, 0}, {0, 1.2 * h, 0}, hub, hub, 6);
    return builder.finish();
}

}  // namespace

Mesh wheel_mesh(const std::string& name, const Axle& axle) {
    const double radius = axle.wheel_radius_m, width = axle.tyre_width_m, rim = axle.rim_share;
    const auto level = [&](int sides) {
        return disc_wheel(radius, width, rim, sides, sides == 24);
    };
    // What is seen of wire wheels is their outline, which wants more corners.
    const auto wire = [&](int sides) { return wire_wheel(radius, width, rim, sides); };
    return make_mesh((name + " wheel").c_str(), axle.wire_spokes
                                                    ? std::vector{wire(28), wire(16), wire(11)}
                                                    : std::vector{level(24), level(12), level(7)});
}

PartBuilder::PartBuilder(const std::vector<Axle>& axles, Archetype& archetype, StaticScene& scene)
    : archetype_(archetype), scene_(scene) {
    for (const Axle& axle : axles) {
        axle_of_.insert(axle_of_.end(), axle.track_m > 0 ? 2 : 1, &axle);
    }
}

void PartBuilder::add_wheel(std::size_t wheel) {
    const Axle& axle = *axle_of_.at(wheel);
    const auto same = [&](const auto& known) {
        return known.first->wheel_radius_m == axle.wheel_radius_m &&
               known.first->tyre_width_m == axle.tyre_width_m &&
               known.first->rim_share == axle.rim_share &&
               known.first->wire_spokes == axle.wire_spokes;
    };
    auto found = std::find_if(wheel_meshes_.begin(), wheel_meshes_.end(), same);
    if (found == wheel_meshes_.end()) {
        wheel_meshes_.emplace_back(&axle, add_mesh(scene_, wheel_mesh(archetype_.name, axle)));
        found = std::prev(wheel_meshes_.end());
    }
    const engine::world::Wheel& own = archetype_.vehicle.wheels[wheel];
    archetype_.parts.push_back({.motion = Motion::kWheel,
                                .mesh = found->second,
                                .p_BP = {own.p_B, own.radius_m},
                                .wheel = static_cast<std::uint32_t>(wheel)});
}

void PartBuilder::add_solids(const PartModel& part) {
    std::vector<MeshLod> lods;
    for (const int sides : kSides) {
        MeshBuilder level;
        catalogue::add_solids(part.solids, sides, level);
        MeshLod lod = level.finish();
        // What has corners only is the same at each level.
        if (lods.empty() || lod.indices.size() < lods.back().indices.size()) {
            lods.push_back(std::move(lod));
        }
    }
    const std::string name = archetype_.name + " " + std::to_string(archetype_.parts.size());
    archetype_.parts.push_back({.motion = part.swing ? Motion::kSwing : Motion::kFixed,
                                .mesh = add_mesh(scene_, make_mesh(name.c_str(), std::move(lods))),
                                .p_BP = {part.at_m[0], part.at_m[1], part.at_m[2]},
                                .swing = part.swing.value_or(1)});
}

std::vector<const char*> solid_meshes() { return {kSolidsMesh, kWheelMesh}; }

void add_solid_parts(const SolidModel& model, Archetype& archetype, StaticScene& scene) {
    PartBuilder builder(model.axles, archetype, scene);
    for (const PartModel& part : model.parts) {
        if (part.wheel) {
            builder.add_wheel(static_cast<std::size_t>(*part.wheel));
        } else {
            builder.add_solids(part);
        }
    }
}

}  // namespace huntsman::scenarios::catalogue
