#include <algorithm>
#include <map>

#include "engine/core/check.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Archetype;
using engine::world::MeshLod;
using engine::world::Motion;
using engine::world::StaticScene;

namespace {

Colour colour_of(const Rgb& rgb) { return {rgb[0], rgb[1], rgb[2]}; }

// A ring of an ellipse about z.
std::vector<Vec3> ellipse(const Vec3& centre, double half_x, double half_y, int sides) {
    std::vector<Vec3> ring;
    for (int i = 0; i < sides; ++i) {
        const double a = 2 * math::kPi * i / sides;
        ring.push_back(centre + Vec3(half_x * std::cos(a), half_y * std::sin(a), 0));
    }
    return ring;
}

// A limb hanging down from its pivot: rings of (depth, radius) from the lowest up.
void limb(MeshBuilder& builder, std::initializer_list<Vec2> profile, double forward, int sides) {
    std::vector<std::vector<Vec3>> rings;
    for (const Vec2& p : profile) {
        rings.push_back(ellipse({forward * p.x, 0, -p.x}, 1.05 * p.y, p.y, sides));
    }
    builder.loft(rings, true, true, true);
}

MeshLod torso(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    // Seat in trousers, then the jacket.
    builder.use(Material::kCloth, colour_of(f.trousers));
    builder.loft({ellipse({0, 0, (f.hip - 0.06) * h}, 0.035 * h, 0.05 * h, sides),
                  ellipse({0, 0, (f.hip - 0.035) * h}, 0.062 * h, 0.95 * f.hips * h, sides),
                  ellipse({0, 0, (f.hip + 0.03) * h}, 0.062 * h, f.hips * h, sides)},
                 true);
    builder.use(Material::kCloth);
    const double rise = f.shoulder - f.hip;
    const auto at = [&](double share) {
        return Vec3(f.lean * h * share, 0, (f.hip + share * rise) * h);
    };
    builder.loft({ellipse(at(-0.08), 0.066 * h, 1.06 * f.hips * h, sides),
                  ellipse(at(0.05), 0.066 * h, 1.03 * f.hips * h, sides),
                  ellipse(at(0.32), 0.060 * h, f.waist * h, sides),
                  ellipse(at(0.65), 0.068 * h, f.chest * h, sides),
                  ellipse(at(0.88), 0.060 * h, 0.96 * f.shoulder_half * h, sides),
                  ellipse(at(1.0), 0.046 * h, 0.80 * f.shoulder_half * h, sides),
                  ellipse(at(1.12), 0.032 * h, 0.036 * h, sides)},
                 true, true, true);
    builder.use(Material::kSkin, colour_of(f.skin));
    builder.tube(at(1.08), Vec3(f.lean * h * 1.2, 0, (f.head - 0.6 * f.head_radius) * h), 0.029 * h,
                 0.027 * h, sides, false);
    return builder.finish();
}

MeshLod head(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    const double r = f.head_radius * h;
    builder.use(Material::kSkin, colour_of(f.skin));
    builder.ellipsoid({0, 0, 0}, {0.92 * r, 0.78 * r, 1.12 * r}, sides, sides);
    // Nose, and hair that leaves the face free.
    builder.ellipsoid({0.92 * r, 0, -0.12 * r}, {0.16 * r, 0.11 * r, 0.18 * r}, 3, 4);
    builder.use(Material::kHair, colour_of(f.hair));
    builder.ellipsoid({-0.17 * r, 0, 0.25 * r}, {0.92 * r, 0.86 * r, 0.98 * r}, sides, sides);
    if (f.long_hair) {
        builder.ellipsoid({-0.36 * r, 0, -0.45 * r}, {0.62 * r, 0.98 * r, 1.25 * r}, sides, sides);
    }
    return builder.finish();
}

MeshLod leg(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    const double length = f.hip * h, t = f.limb * h;
    builder.use(Material::kCloth, colour_of(f.trousers));
    limb(builder,
         {{0.93 * length, 0.029 * t},
          {0.72 * length, 0.036 * t},
          {0.5 * length, 0.036 * t},
          {0.25 * length, 0.047 * t},
          {0.0, 0.052 * t},
          {-0.04 * length, 0.04 * t}},
         0.0, sides);
    // Shoe: longer to the front, flat below.
    builder.use(Material::kRubber, colour_of(f.shoes));
    const double z = -length;
    std::vector<std::vector<Vec3>> rings;
    rings.push_back(ellipse({0.030 * h, 0, z + 0.001}, 0.074 * h, 0.028 * h, sides));
    rings.push_back(ellipse({0.030 * h, 0, z + 0.018 * h}, 0.074 * h, 0.029 * h, sides));
    rings.push_back(ellipse({0.004 * h, 0, z + 0.048 * h}, 0.034 * h, 0.026 * h, sides));
    builder.loft(rings, true, true, true);
    return builder.finish();
}

MeshLod arm(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    const double length = 0.40 * h, t = f.limb * h;
    builder.use(Material::kCloth, {0.94F, 0.94F, 0.94F});
    // A slight bend forward at rest.
    limb(builder,
         {{0.86 * length, 0.021 * t},
          {0.5 * length, 0.027 * t},
          {0.12 * length, 0.030 * t},
          {-0.03 * length, 0.025 * t},
          {-0.07 * length, 0.012 * t}},
         0.10, sides);
    builder.use(Material::kSkin, colour_of(f.skin));
    builder.ellipsoid({0.095 * length, 0, -0.94 * length}, {0.024 * h, 0.016 * h, 0.042 * h},
                      std::max(3, sides - 3), sides);
    return builder.finish();
}

}  // namespace

namespace {

// Where a part hangs: by the joint's name.
struct Joint {
    const char* name;
    engine::math::Vec3 (*pivot)(const Figure& f, double h);
};
constexpr Joint kJoints[] = {
    {"ground", [](const Figure&, double) { return Vec3(0, 0, 0); }},
    {"neck",
     [](const Figure& f, double h) { return Vec3((1.25 * f.lean + 0.008) * h, 0, f.head * h); }},
    {"left_shoulder",
     [](const Figure& f, double h) {
         return Vec3(f.lean * h, (f.shoulder_half - 0.004) * h, (f.shoulder - 0.022) * h);
     }},
    {"right_shoulder",
     [](const Figure& f, double h) {
         return Vec3(f.lean * h, -(f.shoulder_half - 0.004) * h, (f.shoulder - 0.022) * h);
     }},
    {"left_hip", [](const Figure& f, double h) { return Vec3(0, 0.050 * h, f.hip * h); }},
    {"right_hip", [](const Figure& f, double h) { return Vec3(0, -0.050 * h, f.hip * h); }}};

struct Limb {
    const char* name;
    MeshLod (*level)(const Figure& f, double h, int sides);
};
constexpr Limb kLimbs[] = {{"torso", torso}, {"head", head}, {"arm", arm}, {"leg", leg}};

template <typename Table>
const auto& named(const Table& table, const std::string& name) {
    const auto at = std::find_if(std::begin(table), std::end(table),
                                 [&](const auto& entry) { return name == entry.name; });
    HM_CHECK(at != std::end(table), "there is no {}", name);
    return *at;
}

template <typename Table>
std::vector<const char*> names_in(const Table& table) {
    std::vector<const char*> names;
    for (const auto& entry : table) names.push_back(entry.name);
    return names;
}

// Where the joints and the points of the face are; the figure says where its parts begin and end.
// Points of parts that a model lacks are left out.
std::vector<engine::world::BodyPoint> body_points_of(const PersonModel& model) {
    const Figure& f = model.figure;
    const double h = model.height_m;
    const double r = f.head_radius * h, arm = 0.40 * h, leg = f.hip * h;
    std::vector<engine::world::BodyPoint> points;
    const auto point = [&](const char* joint, const Vec3& p, double depth_m) {
        const auto part = std::find_if(model.parts.begin(), model.parts.end(),
                                       [&](const PartModel& own) { return own.at == joint; });
        if (part == model.parts.end()) return;
        points.push_back({static_cast<std::uint32_t>(part - model.parts.begin()), p, depth_m});
    };
    const auto pair = [&](const char* left, const char* right, const Vec3& p, double side,
                          double depth_m) {
        point(left, {p.x, p.y + side, p.z}, depth_m);
        point(right, {p.x, p.y - side, p.z}, depth_m);
    };
    const char *const left_arm = "left_shoulder", *const right_arm = "right_shoulder";
    const char *const left_leg = "left_hip", *const right_leg = "right_hip";
    point("neck", {1.02 * r, 0, -0.12 * r}, 0.03);                      // nose
    pair("neck", "neck", {0.80 * r, 0, 0.12 * r}, 0.32 * r, 0.03);      // eyes
    pair("neck", "neck", {0.0, 0, 0.0}, 0.78 * r, 0.05);                // ears
    pair(left_arm, right_arm, {0, 0, 0}, 0, 0.09);                      // shoulders
    pair(left_arm, right_arm, {0.047 * arm, 0, -0.47 * arm}, 0, 0.08);  // elbows
    pair(left_arm, right_arm, {0.086 * arm, 0, -0.86 * arm}, 0, 0.07);  // wrists
    pair("ground", "ground", {0, 0, f.hip * h}, 0.050 * h, 0.14);       // hips
    pair(left_leg, right_leg, {0, 0, -0.50 * leg}, 0, 0.09);            // knees
    pair(left_leg, right_leg, {0, 0, -0.94 * leg}, 0, 0.08);            // ankles
    return points;
}

}  // namespace

std::vector<const char*> person_meshes() { return names_in(kLimbs); }
std::vector<const char*> person_joints() { return names_in(kJoints); }

void add_person_parts(const PersonModel& model, Archetype& archetype, StaticScene& scene) {
    const Figure& f = model.figure;
    const double h = model.height_m;
    std::map<std::string, std::uint32_t> meshes;  // left and right share one
    for (const PartModel& part : model.parts) {
        const auto [at, added] = meshes.try_emplace(part.mesh, 0U);
        if (added) {
            std::vector<MeshLod> lods;
            for (const int sides : kSides) {
                lods.push_back(named(kLimbs, part.mesh).level(f, h, sides));
            }
            at->second = add_mesh(
                scene, make_mesh((archetype.name + " " + part.mesh).c_str(), std::move(lods)));
        }
        archetype.parts.push_back({.motion = part.swing ? Motion::kSwing : Motion::kFixed,
                                   .mesh = at->second,
                                   .p_BP = named(kJoints, *part.at).pivot(f, h),
                                   .swing = part.swing.value_or(1)});
    }
    archetype.body_points = body_points_of(model);
}

}  // namespace huntsman::scenarios::catalogue
