#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/mesh_builder.h"
#include "scenarios/catalogue/meshes.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Archetype;
using engine::world::MeshLod;
using engine::world::PartRole;
using engine::world::StaticScene;

namespace {

// Proportions as shares of the body height.
struct Figure {
    double hip = 0.505, shoulder = 0.815, head = 0.935, head_radius = 0.058;
    double shoulder_half = 0.118, chest = 0.098, waist = 0.083, hips = 0.092;
    double limb = 1.0;  // thickness of limbs
    double lean = 0.0;  // of the shoulders before the hips
    bool long_hair = false;
    Colour hair{0.06F, 0.035F, 0.02F}, skin{0.60F, 0.38F, 0.27F};
    Colour trousers{0.35F, 0.37F, 0.45F}, shoes{0.04F, 0.03F, 0.03F};
};

Figure figure_of(std::uint32_t kind) {
    Figure f;
    switch (kind) {
        case kWoman:
            f.shoulder_half = 0.104;
            f.chest = 0.092;
            f.waist = 0.072;
            f.hips = 0.098;
            f.limb = 0.9;
            f.long_hair = true;
            f.hair = {0.16F, 0.08F, 0.03F};
            f.skin = {0.66F, 0.44F, 0.33F};
            break;
        case kChild:
            f.hip = 0.47;
            f.shoulder = 0.775;
            f.head = 0.905;
            f.head_radius = 0.082;
            f.limb = 0.95;
            f.hair = {0.30F, 0.19F, 0.08F};
            f.trousers = {0.22F, 0.26F, 0.5F};
            break;
        case kElder:
            f.lean = 0.035;
            f.chest = 0.104;
            f.waist = 0.104;
            f.hips = 0.100;
            f.hair = {0.55F, 0.55F, 0.54F};
            f.trousers = {0.42F, 0.40F, 0.36F};
            break;
        default:
            break;
    }
    return f;
}

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
    builder.use(Material::kCloth, f.trousers);
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
    builder.use(Material::kSkin, f.skin);
    builder.tube(at(1.08), Vec3(f.lean * h * 1.2, 0, (f.head - 0.6 * f.head_radius) * h), 0.029 * h,
                 0.027 * h, sides, false);
    return builder.finish();
}

MeshLod head(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    const double r = f.head_radius * h;
    builder.use(Material::kSkin, f.skin);
    builder.ellipsoid({0, 0, 0}, {0.92 * r, 0.78 * r, 1.12 * r}, sides, sides);
    // Nose, and hair that leaves the face free.
    builder.ellipsoid({0.92 * r, 0, -0.12 * r}, {0.16 * r, 0.11 * r, 0.18 * r}, 3, 4);
    builder.use(Material::kHair, f.hair);
    builder.ellipsoid({-0.17 * r, 0, 0.25 * r}, {0.92 * r, 0.86 * r, 0.98 * r}, sides, sides);
    if (f.long_hair) {
        builder.ellipsoid({-0.36 * r, 0, -0.45 * r}, {0.62 * r, 0.98 * r, 1.25 * r}, sides, sides);
    }
    return builder.finish();
}

MeshLod leg(const Figure& f, double h, int sides) {
    MeshBuilder builder;
    const double length = f.hip * h, t = f.limb * h;
    builder.use(Material::kCloth, f.trousers);
    limb(builder,
         {{0.93 * length, 0.029 * t},
          {0.72 * length, 0.036 * t},
          {0.5 * length, 0.036 * t},
          {0.25 * length, 0.047 * t},
          {0.0, 0.052 * t},
          {-0.04 * length, 0.04 * t}},
         0.0, sides);
    // Shoe: longer to the front, flat below.
    builder.use(Material::kRubber, f.shoes);
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
    builder.use(Material::kSkin, f.skin);
    builder.ellipsoid({0.095 * length, 0, -0.94 * length}, {0.024 * h, 0.016 * h, 0.042 * h},
                      std::max(3, sides - 3), sides);
    return builder.finish();
}

}  // namespace

namespace {

// Where the joints and the points of the face are; the figure says where its parts begin and end.
std::vector<engine::world::BodyPoint> body_points_of(const Figure& f, double h) {
    enum : std::uint32_t { kBody, kHead, kArmLeft, kArmRight, kLegLeft, kLegRight };
    const double r = f.head_radius * h, arm = 0.40 * h, leg = f.hip * h;
    std::vector<engine::world::BodyPoint> points{{kHead, {1.02 * r, 0, -0.12 * r}, 0.03}};
    const auto pair = [&](std::uint32_t left, std::uint32_t right, const Vec3& p, double side,
                          double depth_m) {
        points.push_back({left, {p.x, p.y + side, p.z}, depth_m});
        points.push_back({right, {p.x, p.y - side, p.z}, depth_m});
    };
    pair(kHead, kHead, {0.80 * r, 0, 0.12 * r}, 0.32 * r, 0.03);        // eyes
    pair(kHead, kHead, {0.0, 0, 0.0}, 0.78 * r, 0.05);                  // ears
    pair(kArmLeft, kArmRight, {0, 0, 0}, 0, 0.09);                      // shoulders
    pair(kArmLeft, kArmRight, {0.047 * arm, 0, -0.47 * arm}, 0, 0.08);  // elbows
    pair(kArmLeft, kArmRight, {0.086 * arm, 0, -0.86 * arm}, 0, 0.07);  // wrists
    pair(kBody, kBody, {0, 0, f.hip * h}, 0.050 * h, 0.14);             // hips
    pair(kLegLeft, kLegRight, {0, 0, -0.50 * leg}, 0, 0.09);            // knees
    pair(kLegLeft, kLegRight, {0, 0, -0.94 * leg}, 0, 0.08);            // ankles
    return points;
}

}  // namespace

void add_person_parts(std::uint32_t kind, Archetype& archetype, StaticScene& scene) {
    const Figure f = figure_of(kind);
    const double h = archetype.extent.height_m;
    constexpr int kSides[] = {12, 7, 4};
    const auto part = [&](PartRole role, const char* name, const Vec3& pivot, auto make) {
        std::vector<MeshLod> lods;
        for (const int sides : kSides) lods.push_back(make(f, h, sides));
        const auto mesh =
            add_mesh(scene, make_mesh((archetype.name + " " + name).c_str(), std::move(lods)));
        archetype.parts.push_back({role, mesh, pivot});
        return mesh;
    };
    part(PartRole::kBody, "body", {0, 0, 0}, torso);
    part(PartRole::kHead, "head", {(1.25 * f.lean + 0.008) * h, 0, f.head * h}, head);
    // Left and right share a mesh.
    const auto arm_mesh =
        part(PartRole::kArmLeft, "arm",
             {f.lean * h, (f.shoulder_half - 0.004) * h, (f.shoulder - 0.022) * h}, arm);
    archetype.parts.push_back(
        {PartRole::kArmRight,
         arm_mesh,
         {f.lean * h, -(f.shoulder_half - 0.004) * h, (f.shoulder - 0.022) * h}});
    const auto leg_mesh = part(PartRole::kLegLeft, "leg", {0, 0.050 * h, f.hip * h}, leg);
    archetype.parts.push_back({PartRole::kLegRight, leg_mesh, {0, -0.050 * h, f.hip * h}});
    archetype.body_points = body_points_of(f, h);
}

}  // namespace huntsman::scenarios::catalogue
