#include "scenarios/catalogue/solids.h"

#include <algorithm>
#include <cmath>

#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;

const char* name(SolidShape shape) {
    static constexpr const char* kNames[] = {"box", "tube", "limb", "ball", "pod", "hood"};
    return kNames[static_cast<std::size_t>(shape)];
}

const char* name(Finish finish) {
    static constexpr const char* kNames[] = {"paint",     "livery",     "cloth",     "matt",
                                             "skin",      "metal",      "plastic",   "rubber",
                                             "glass",     "concrete",   "reflector", "head_lamp",
                                             "tail_lamp", "brake_lamp", "turn_lamp", "blue_lamp"};
    return kNames[static_cast<std::size_t>(finish)];
}

namespace {

// What a finish is made of. Unlit lamps show the colour of their glass.
void use_finish(const Solid& solid, bool left, MeshBuilder& builder) {
    const Colour own{solid.colour[0], solid.colour[1], solid.colour[2]};
    const auto use = [&](Material material) { builder.use(material, own); };
    const auto lamp = [&](Lamp which, const Colour& glass) {
        builder.use(Material::kLamp, glass, Semantic::kNothing, which);
    };
    switch (solid.finish) {
        case Finish::kPaint:
            return use(Material::kCarPaint);
        case Finish::kLivery:
            return use(Material::kLivery);
        case Finish::kCloth:
            return use(Material::kCloth);
        case Finish::kMatt:
            return use(Material::kHair);
        case Finish::kSkin:
            return use(Material::kSkin);
        case Finish::kMetal:
            return use(Material::kMetal);
        case Finish::kPlastic:
            return use(Material::kPlastic);
        case Finish::kRubber:
            return use(Material::kRubber);
        case Finish::kGlass:
            return use(Material::kGlass);
        case Finish::kConcrete:
            return use(Material::kConcrete);
        case Finish::kReflector:
            return use(Material::kReflector);
        case Finish::kHeadLamp:
            return lamp(Lamp::kHead, {1, 1, 1});
        case Finish::kTailLamp:
            return lamp(Lamp::kTail, {1.0F, 0.10F, 0.08F});
        case Finish::kBrakeLamp:
            return lamp(Lamp::kBrake, {1.0F, 0.10F, 0.08F});
        case Finish::kTurnLamp:
            return lamp(left ? Lamp::kTurnLeft : Lamp::kTurnRight, {1.0F, 0.45F, 0.08F});
        case Finish::kBlueLamp:
            return lamp(Lamp::kBlue, {0.12F, 0.25F, 1.0F});
    }
}

// Rings about the axis from a to b: a limb ends in half balls, a tube in flat caps.
void add_round(const Vec3& a, const Vec3& b, double radius_a, double radius_b, bool limb, int sides,
               MeshBuilder& builder) {
    const Vec3 axis = glm::normalize(b - a);
    const Vec3 x =
        glm::normalize(glm::cross(axis, std::abs(axis.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0)));
    const Vec3 y = glm::cross(axis, x);
    std::vector<std::vector<Vec3>> rings;
    const auto ring = [&](const Vec3& centre, double radius, double polar) {
        std::vector<Vec3>& points = rings.emplace_back();
        for (int i = 0; i < sides; ++i) {
            const double turn = 2 * math::kPi * i / sides;
            points.push_back(centre + radius * std::sin(polar) * axis +
                             radius * std::cos(polar) * (std::cos(turn) * x + std::sin(turn) * y));
        }
    };
    const int steps = limb ? std::max(2, sides / 3) : 0;  // of each half ball
    for (int i = 0; i < steps; ++i) ring(a, radius_a, 0.5 * math::kPi * (i - steps) / steps);
    ring(a, radius_a, 0);
    ring(b, radius_b, 0);
    for (int i = 1; i <= steps; ++i) ring(b, radius_b, 0.5 * math::kPi * i / steps);
    builder.loft(rings, true, !limb, !limb);
}

double bent(double v, double exponent) { return std::copysign(std::pow(std::abs(v), exponent), v); }

// A superellipsoid: rings across x, nearly boxes, that narrow fast at both ends.
void add_pod(const Vec3& middle, const Vec3& half, int sides, MeshBuilder& builder) {
    constexpr double kBoxy = 2.0 / 5;  // 2 over the superellipse's exponent
    const int steps = std::max(4, sides), around = std::max(8, 2 * sides);
    std::vector<std::vector<Vec3>> rings;
    for (int r = 0; r <= steps; ++r) {
        const double polar = math::kPi * r / steps;
        const double out = r == 0 || r == steps ? 0.35 : bent(std::sin(polar), kBoxy);
        std::vector<Vec3>& ring = rings.emplace_back();
        for (int k = 0; k < around; ++k) {
            const double turn = 2 * math::kPi * (k + 0.5) / around;
            ring.push_back(middle + half * Vec3(-bent(std::cos(polar), kBoxy),
                                                out * bent(std::cos(turn), kBoxy),
                                                out * bent(std::sin(turn), kBoxy)));
        }
    }
    builder.loft(rings, true, true, true);
}

// Cloth over four bows, thin, seen from both sides.
void add_hood(const Vec3& from, const Vec3& to, int sides, MeshBuilder& builder) {
    constexpr double kBoxy = 0.6, kThick = 0.97, kSinks = 0.035;
    constexpr int kBows = 3;         // beside the first
    constexpr double kOpen = 0.985;  // bows end before they would all meet
    const double ahead = from.x > to.x ? 1 : -1;
    const Vec3 half(std::abs(from.x - to.x), 0.5 * std::abs(from.y - to.y), to.z - from.z);
    const int steps = 2 * kBows * std::max(1, sides / 4), around = std::max(4, sides);
    const auto surface = [&](double scale, bool inside) {
        std::vector<std::vector<Vec3>> rings;
        for (int r = 0; r <= steps; ++r) {
            const double u = static_cast<double>(r) / steps, up = 0.5 * math::kPi * u;
            // Cloth sinks between the bows.
            const double out = scale * (1 - kSinks * std::abs(std::sin(kBows * math::kPi * u)));
            std::vector<Vec3>& ring = rings.emplace_back();
            for (int k = 0; k <= around; ++k) {
                double turn = kOpen * math::kPi * (static_cast<double>(k) / around - 0.5);
                if (inside != (ahead < 0)) turn = -turn;
                const double along = out * bent(std::cos(turn), kBoxy);
                ring.push_back(
                    {to.x + ahead * half.x * along * std::cos(up),
                     0.5 * (from.y + to.y) + scale * half.y * bent(std::sin(turn), kBoxy),
                     from.z + half.z * along * std::sin(up)});
            }
        }
        builder.loft(rings, false);
    };
    surface(1, false);
    surface(kThick, true);
}

void add_solid(const Solid& solid, double side, int sides, MeshBuilder& builder) {
    const Vec3 a(solid.from_m[0], side * solid.from_m[1], solid.from_m[2]);
    const Vec3 b(solid.to_m[0], side * solid.to_m[1], solid.to_m[2]);
    const Vec3 middle = 0.5 * (a + b), half = 0.5 * glm::abs(b - a);
    const double radius = solid.radius_m, end_radius = solid.end_radius_m.value_or(radius);
    use_finish(solid, middle.y > 0, builder);
    switch (solid.shape) {
        case SolidShape::kBox:
            return builder.box(middle, half, 0, true);
        case SolidShape::kBall:
            return builder.ellipsoid(middle, half, std::max(4, sides * 2 / 3), sides);
        case SolidShape::kPod:
            return add_pod(middle, half, sides, builder);
        case SolidShape::kHood:
            return add_hood(a, b, sides, builder);
        case SolidShape::kTube:
        case SolidShape::kLimb:
            return add_round(a, b, radius, end_radius, solid.shape == SolidShape::kLimb, sides,
                             builder);
    }
}

}  // namespace

void add_solids(const std::vector<Solid>& solids, int sides, MeshBuilder& builder) {
    for (const Solid& solid : solids) {
        add_solid(solid, 1, sides, builder);
        if (solid.mirrored) add_solid(solid, -1, sides, builder);
    }
}

}  // namespace huntsman::scenarios::catalogue
