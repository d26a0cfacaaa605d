#include "scenarios/catalogue/furniture.h"

#include <algorithm>

#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::MeshLod;

namespace {

constexpr Colour kSteel{0.55F, 0.57F, 0.58F}, kDark{0.05F, 0.05F, 0.055F};

// A disc (or any regular polygon) facing +x.
void disc(MeshBuilder& builder, const Vec3& centre, double radius, int sides) {
    std::vector<Vec3> points;
    for (int i = 0; i < sides; ++i) {
        const double a = 2 * math::kPi * i / sides;
        points.push_back(centre + radius * Vec3(0, std::cos(a), std::sin(a)));
    }
    builder.face(points);
}
MeshLod lamp_level(int sides) {
    MeshBuilder builder;
    builder.use(Material::kMetal, {0.25F, 0.27F, 0.27F});
    const double top = kStreetLampHeight_m;
    builder.tube({0, 0, -0.1}, {0, 0, 1.0}, 0.085, 0.085, sides, true);
    builder.tube({0, 0, 1.0}, {0, 0, top}, 0.065, 0.04, sides, true);
    builder.tube({0, 0, top - 0.05}, {1.5, 0, top + 0.12}, 0.035, 0.03, sides, false);
    builder.box({1.75, 0, top + 0.13}, {0.33, 0.13, 0.05});
    builder.use(Material::kLamp, {1, 1, 1}, Semantic::kNothing, Lamp::kStreet);
    // The lit face looks down.
    const Vec3 under[] = {{1.47, -0.1, top + 0.079},
                          {1.47, 0.1, top + 0.079},
                          {2.03, 0.1, top + 0.079},
                          {2.03, -0.1, top + 0.079}};
    builder.face(under);
    return builder.finish();
}

// Housing with lamps, each under a small visor.
Mesh head(const char* name, double width, double height, std::initializer_list<Lamp> lamps,
          double radius) {
    const auto level = [&](int sides, bool visors) {
        MeshBuilder builder;
        builder.use(Material::kPlastic, kDark);
        builder.box({-0.06, 0, 0}, {0.10, 0.5 * width, 0.5 * height}, 0, true);
        const double step = height / static_cast<double>(lamps.size());
        double z = 0.5 * height - 0.5 * step;
        for (const Lamp lamp : lamps) {
            const bool red = lamp == Lamp::kSignalRed || lamp == Lamp::kDontWalk;
            const Colour glass = red                           ? Colour{0.55F, 0.10F, 0.08F}
                                 : lamp == Lamp::kSignalYellow ? Colour{0.55F, 0.35F, 0.06F}
                                                               : Colour{0.08F, 0.40F, 0.22F};
            builder.use(Material::kLamp, glass, Semantic::kNothing, lamp);
            disc(builder, {0.046, 0, z}, radius, sides);
            if (visors) {
                builder.use(Material::kPlastic, kDark);
                // An arched sheet over the lamp, seen from both sides.
                constexpr int kArc = 5;
                for (int i = 0; i < kArc; ++i) {
                    const double a0 = math::kPi * i / kArc, a1 = math::kPi * (i + 1) / kArc;
                    const double r = radius + 0.012;
                    const Vec3 p(0.04, r * std::cos(a0), z + r * std::sin(a0));
                    const Vec3 q(0.04, r * std::cos(a1), z + r * std::sin(a1));
                    const Vec3 out(0.16, 0, 0);
                    const Vec3 top[] = {p, p + out, q + out, q}, under[] = {q, q + out, p + out, p};
                    builder.face(top);
                    builder.face(under);
                }
            }
            z -= step;
        }
        return builder.finish();
    };
    return make_mesh(name, {level(14, true), level(8, false)});
}

}  // namespace

Mesh street_lamp() { return make_mesh("street lamp", {lamp_level(8), lamp_level(4)}); }

Mesh signal_head() {
    return head("signal head", 0.35, 1.0,
                {Lamp::kSignalRed, Lamp::kSignalYellow, Lamp::kSignalGreen}, 0.105);
}

Mesh walk_head() { return head("walk head", 0.3, 0.6, {Lamp::kDontWalk, Lamp::kWalk}, 0.10); }

Mesh signal_pole(double height_m, double reach_m) {
    const auto level = [&](int sides) {
        MeshBuilder builder;
        builder.use(Material::kMetal, kSteel);
        builder.tube({0, 0, -0.1}, {0, 0, height_m}, 0.07, 0.06, sides, true);
        if (reach_m > 0) {
            builder.tube({0, 0, height_m - 0.3}, {reach_m + 0.2, 0, height_m - 0.15}, 0.05, 0.04,
                         sides, true);
        }
        return builder.finish();
    };
    return make_mesh("signal pole", {level(8), level(4)});
}

Mesh bench() {
    MeshBuilder builder;
    builder.use(Material::kWood, {0.8F, 0.7F, 0.55F});
    for (int i = 0; i < 3; ++i)
        builder.box({0.05 + 0.15 * i, 0, 0.45}, {0.06, 0.85, 0.02}, 0, true);
    for (int i = 0; i < 2; ++i)
        builder.box({-0.08, 0, 0.62 + 0.16 * i}, {0.02, 0.85, 0.055}, 0, true);
    builder.use(Material::kMetal, kDark);
    for (const double y : {-0.7, 0.7}) {
        builder.box({0.2, y, 0.21}, {0.24, 0.03, 0.22});
        builder.box({-0.06, y, 0.45}, {0.03, 0.03, 0.42});
    }
    return make_mesh("bench", {builder.finish()});
}

Mesh bin() {
    const auto level = [](int sides) {
        MeshBuilder builder;
        builder.use(Material::kMetal, {0.10F, 0.16F, 0.12F});
        builder.tube({0, 0, 0.05}, {0, 0, 0.85}, 0.2, 0.24, sides, true);
        return builder.finish();
    };
    return make_mesh("bin", {level(12), level(5)});
}

Mesh hedge(double length_m) {
    const auto level = [&](int steps, int around) {
        MeshBuilder builder;
        builder.use(Material::kLeaves, {0.62F, 0.85F, 0.6F});
        std::vector<std::vector<Vec3>> rings;
        for (int i = 0; i <= steps; ++i) {
            const double x = length_m * (static_cast<double>(i) / steps - 0.5);
            std::vector<Vec3> ring;
            for (int k = 0; k < around; ++k) {
                // A box with round shoulders and a ragged skin; counter-clockwise about +x.
                const double a = -0.25 * math::kPi + 1.5 * math::kPi * k / (around - 1);
                const double c = std::cos(a), s = std::sin(a);
                const double square = 1.0 / std::max(std::abs(c), std::abs(s));
                const double rough =
                    1.0 + 0.06 * std::sin(5.3 * x + 4.0 * a) + 0.04 * std::sin(11.0 * x - 7.0 * a);
                const double r = (0.75 * square + 0.25) * rough;
                ring.push_back({x, 0.5 * kHedgeWidth_m * r * c,
                                0.5 * kHedgeHeight_m + 0.5 * kHedgeHeight_m * r * s});
            }
            rings.push_back(std::move(ring));
        }
        builder.loft(rings, false, true, true);
        return builder.finish();
    };
    const int steps = std::max(2, static_cast<int>(length_m / 0.5));
    return make_mesh("hedge", {level(steps, 9), level(std::max(2, steps / 5), 5)});
}

Mesh fence(double length_m) {
    MeshBuilder builder;
    builder.use(Material::kWood, {0.75F, 0.66F, 0.52F});
    const int posts = std::max(2, static_cast<int>(length_m / 2.0) + 1);
    for (int i = 0; i < posts; ++i) {
        builder.box({length_m * (static_cast<double>(i) / (posts - 1) - 0.5), 0, 0.5},
                    {0.05, 0.05, 0.55});
    }
    for (const double z : {0.3, 0.62, 0.94}) {
        builder.box({0, 0, z}, {0.5 * length_m, 0.02, 0.07}, 0, true);
    }
    return make_mesh("fence", {builder.finish()});
}

}  // namespace huntsman::scenarios::catalogue
