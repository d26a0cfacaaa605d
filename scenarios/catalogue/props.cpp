#include "scenarios/catalogue/props.h"

#include <algorithm>

#include "scenarios/catalogue/mesh_builder.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Mesh;
using engine::world::MeshLod;

namespace {

constexpr Colour kOrange{0.85F, 0.16F, 0.02F}, kRed{0.6F, 0.03F, 0.02F},
    kWhite{0.85F, 0.85F, 0.85F}, kBlack{0.03F, 0.03F, 0.03F}, kSteel{0.55F, 0.57F, 0.58F},
    kDark{0.10F, 0.11F, 0.12F};

}  // namespace

Mesh traffic_cone(double h) {
    const auto level = [&](int sides, bool bands) {
        MeshBuilder builder;
        const double foot = 0.24 * h, top = 0.04 * h;
        builder.use(Material::kRubber, {1.5F, 1.5F, 1.5F});
        builder.box({0, 0, 0.02}, {foot, foot, 0.02});
        const auto radius = [&](double z) { return 0.8 * foot + (top - 0.8 * foot) * z / h; };
        const double stops[] = {0.04, 0.35 * h, 0.55 * h, 0.7 * h, 0.85 * h, h};
        for (int i = 0; i < 5; ++i) {
            if (!bands && i > 0) break;
            const bool white = bands && i % 2 == 1;
            builder.use(Material::kReflector, white ? kWhite : kOrange);
            const double to = bands ? stops[i + 1] : h;
            builder.tube({0, 0, stops[i]}, {0, 0, to}, radius(stops[i]), radius(to), sides,
                         to >= h);
        }
        return builder.finish();
    };
    return make_mesh("cone", {level(10, true), level(5, false)});
}

Mesh works_barrier(double width, double height) {
    const auto level = [&](bool stripes) {
        MeshBuilder builder;
        builder.use(Material::kPlastic, {1, 1, 1});
        const double half = 0.5 * width;
        for (const double y : {-0.7 * half, 0.7 * half}) {
            builder.box({0, y, 0.04}, {0.35, 0.1, 0.04});
            builder.box({0, y, 0.5 * height}, {0.025, 0.025, 0.5 * height});
        }
        // The board: stripes from end to end.
        const int count = stripes ? std::max(2, static_cast<int>(std::lround(width / 0.25))) : 1;
        for (int i = 0; i < count; ++i) {
            const double y0 = -half + width * i / count, y1 = -half + width * (i + 1) / count;
            builder.use(Material::kSign, i % 2 == 0 ? kRed : kWhite);
            builder.box({0, 0.5 * (y0 + y1), height - 0.125}, {0.02, 0.5 * (y1 - y0), 0.125}, 0,
                        true);
        }
        return builder.finish();
    };
    Mesh mesh = make_mesh("works barrier", {level(true), level(false)});
    mesh.lods[1].error_m = 0.06F;  // stripes are a quarter of a metre wide
    return mesh;
}

Mesh bollard(double height, double radius) {
    const auto level = [&](int sides) {
        MeshBuilder builder;
        builder.use(Material::kMetal, kDark);
        builder.tube({0, 0, -0.1}, {0, 0, height}, radius, radius, sides, true);
        builder.use(Material::kSign, kWhite);
        builder.tube({0, 0, 0.8 * height}, {0, 0, 0.9 * height}, 1.04 * radius, 1.04 * radius,
                     sides, false);
        return builder.finish();
    };
    return make_mesh("bollard", {level(10), level(5)});
}

Mesh guide_post(double height) {
    const auto level = [&](bool band) {
        MeshBuilder builder;
        builder.use(Material::kSign, kWhite);
        builder.box({0, 0, 0.5 * height - 0.1}, {0.05, 0.06, 0.5 * height + 0.1});
        if (band) {
            builder.use(Material::kSign, kBlack);
            builder.box({0, 0, 0.8 * height}, {0.052, 0.062, 0.11 * height});
            builder.use(Material::kSign, {0.9F, 0.6F, 0.1F});
            builder.box({0, 0, 0.82 * height}, {0.055, 0.025, 0.06 * height});
        }
        return builder.finish();
    };
    Mesh mesh = make_mesh("guide post", {level(true), level(false)});
    mesh.lods[1].error_m = 0.05F;
    return mesh;
}

Mesh bus_shelter(double length, double width, double height) {
    MeshBuilder builder;
    const double x = 0.5 * length, y = 0.5 * width;
    builder.use(Material::kMetal, kDark);
    for (const double px : {-x + 0.04, x - 0.04}) {
        for (const double py : {-y + 0.04, y - 0.04}) {
            builder.box({px, py, 0.5 * height}, {0.04, 0.04, 0.5 * height});
        }
    }
    builder.box({0, 0, height}, {x + 0.1, y + 0.1, 0.05}, 0, true);
    // Panes behind and at one side; a panel with a timetable at the other.
    builder.use(Material::kGlass);
    builder.box({0, -y + 0.03, 0.55 * height}, {x - 0.1, 0.01, 0.38 * height}, 0, true);
    builder.box({-x + 0.03, 0, 0.55 * height}, {0.01, y - 0.1, 0.38 * height}, 0, true);
    builder.use(Material::kSign, kWhite);
    builder.box({x - 0.03, 0, 0.58 * height}, {0.03, 0.5 * y, 0.25 * height}, 0, true);
    builder.use(Material::kWood, {0.8F, 0.7F, 0.55F});
    builder.box({-0.1 * length, -y + 0.3, 0.45}, {0.3 * length, 0.18, 0.03}, 0, true);
    builder.use(Material::kMetal, kDark);
    for (const double side : {-0.35 * length, 0.15 * length}) {
        builder.box({side, -y + 0.3, 0.21}, {0.03, 0.12, 0.21});
    }
    return make_mesh("bus shelter", {builder.finish()});
}

Mesh plain_pole(double height, double radius, bool wood) {
    const auto level = [&](int sides) {
        MeshBuilder builder;
        builder.use(wood ? Material::kWood : Material::kMetal,
                    wood ? Colour{0.45F, 0.36F, 0.28F} : kSteel);
        builder.tube({0, 0, -0.2}, {0, 0, height}, radius, (wood ? 0.7 : 0.9) * radius, sides,
                     true);
        return builder.finish();
    };
    return make_mesh("pole", {level(8), level(4)});
}

Mesh bush(double height, double width) {
    const auto level = [&](int rings, int sides) {
        MeshBuilder builder;
        builder.use(Material::kLeaves, {0.62F, 0.85F, 0.6F});
        builder.blob({0, 0, 0.48 * height}, {0.5 * width, 0.5 * width, 0.52 * height}, rings, sides,
                     [](const Vec3& d) {
                         return 1.0 + 0.12 * std::sin(5.0 * d.x + 3.0 * d.z) +
                                0.08 * std::sin(7.0 * d.y - 4.0 * d.z);
                     });
        return builder.finish();
    };
    return make_mesh("bush", {level(6, 9), level(4, 6)});
}

Mesh heap(double length, double width, double height) {
    MeshBuilder builder;
    builder.use(Material::kSoil, {0.9F, 0.82F, 0.7F});
    std::vector<std::vector<Vec3>> rings;
    for (const double level : {0.0, 0.5, 0.85, 1.0}) {
        std::vector<Vec3> ring;
        const double shrink = 1.0 - 0.75 * level * level;
        for (int i = 0; i < 10; ++i) {
            const double a = 2 * math::kPi * i / 10;
            const double bump = 1.0 + 0.06 * std::sin(3.1 * i + 5.0 * level);
            ring.emplace_back(0.5 * length * shrink * bump * std::cos(a),
                              0.5 * width * shrink * bump * std::sin(a), height * level);
        }
        rings.push_back(std::move(ring));
    }
    builder.loft(rings, true, false, true);
    return make_mesh("heap", {builder.finish()});
}

}  // namespace huntsman::scenarios::catalogue
