#include "tests/support/mesh_builder.h"

#include <cmath>

namespace huntsman::tests::support {

using engine::math::kPi;
using engine::math::Vec3;
namespace world = engine::world;

MeshBuilder& MeshBuilder::material(world::Material material, world::Semantic semantic,
                                   world::Lamp lamp) {
    lod_.submeshes.push_back({.material = material,
                              .lamp = lamp,
                              .semantic = semantic,
                              .first_index = static_cast<std::uint32_t>(lod_.indices.size())});
    return *this;
}

MeshBuilder& MeshBuilder::colour(const Colour& linear) {
    colour_ = linear;
    return *this;
}

std::uint32_t MeshBuilder::vertex(const Vec3& p, const Vec3& n, double u, double v) {
    world::Vertex out{};
    for (int i = 0; i < 3; ++i) {
        out.p[i] = static_cast<float>(p[i]);
        out.n[i] = static_cast<float>(n[i]);
        out.colour[i] = colour_[static_cast<std::size_t>(i)];
    }
    out.uv[0] = static_cast<float>(u);
    out.uv[1] = static_cast<float>(v);
    lod_.vertices.push_back(out);
    return static_cast<std::uint32_t>(lod_.vertices.size() - 1);
}

void MeshBuilder::triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    lod_.indices.insert(lod_.indices.end(), {a, b, c});
    lod_.submeshes.back().index_count += 3;
}

MeshBuilder& MeshBuilder::quad(const Vec3& origin, const Vec3& a, const Vec3& b, double u,
                               double v) {
    const Vec3 n = glm::normalize(glm::cross(a, b));
    const auto i = vertex(origin, n, 0, 0), j = vertex(origin + a, n, u, 0);
    const auto k = vertex(origin + a + b, n, u, v), l = vertex(origin + b, n, 0, v);
    triangle(i, j, k);
    triangle(i, k, l);
    return *this;
}

void MeshBuilder::side_quad(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d) {
    const Vec3 n = glm::normalize(glm::cross(b - a, d - a));
    const double u = glm::length(b - a), v = glm::length(d - a);
    const auto i = vertex(a, n, 0, 0), j = vertex(b, n, u, 0);
    const auto k = vertex(c, n, u, v), l = vertex(d, n, 0, v);
    triangle(i, j, k);
    triangle(i, k, l);
}

MeshBuilder& MeshBuilder::box(const Vec3& low, const Vec3& high) {
    return tapered_box(low, high, {0, 0, 0, 0});
}

MeshBuilder& MeshBuilder::tapered_box(const Vec3& low, const Vec3& high,
                                      const std::array<double, 4>& inset) {
    const Vec3 f[4] = {{low.x, low.y, low.z},
                       {high.x, low.y, low.z},
                       {high.x, high.y, low.z},
                       {low.x, high.y, low.z}};
    const Vec3 t[4] = {{low.x + inset[1], low.y + inset[3], high.z},
                       {high.x - inset[0], low.y + inset[3], high.z},
                       {high.x - inset[0], high.y - inset[2], high.z},
                       {low.x + inset[1], high.y - inset[2], high.z}};
    for (int i = 0; i < 4; ++i) {
        const int j = (i + 1) % 4;
        side_quad(f[i], f[j], t[j], t[i]);
    }
    side_quad(t[0], t[1], t[2], t[3]);
    side_quad(f[3], f[2], f[1], f[0]);
    return *this;
}

MeshBuilder& MeshBuilder::cylinder(const Vec3& foot, double height, double radius_foot,
                                   double radius_top, int sides) {
    const auto top = vertex(foot + Vec3(0, 0, height), {0, 0, 1}, 0, 0);
    const auto bottom = vertex(foot, {0, 0, -1}, 0, 0);
    for (int i = 0; i < sides; ++i) {
        std::uint32_t ring[2][4];
        for (int j = 0; j < 2; ++j) {
            const double angle = 2 * kPi * (i + j) / sides;
            const Vec3 d(std::cos(angle), std::sin(angle), 0);
            const double u = radius_foot * angle;
            const Vec3 low = foot + d * radius_foot;
            const Vec3 high = foot + d * radius_top + Vec3(0, 0, height);
            ring[j][0] = vertex(low, d, u, 0);
            ring[j][1] = vertex(high, d, u, height);
            ring[j][2] = vertex(high, {0, 0, 1}, u, 0);
            ring[j][3] = vertex(low, {0, 0, -1}, u, 0);
        }
        triangle(ring[0][0], ring[1][0], ring[1][1]);
        triangle(ring[0][0], ring[1][1], ring[0][1]);
        triangle(top, ring[0][2], ring[1][2]);
        triangle(bottom, ring[1][3], ring[0][3]);
    }
    return *this;
}

MeshBuilder& MeshBuilder::wheel(const Vec3& centre, double radius, double width, int sides) {
    for (const double side : {-1.0, 1.0}) {
        const Vec3 n(0, side, 0), hub = centre + n * (0.5 * width);
        const auto middle = vertex(hub, n, 0, 0);
        for (int i = 0; i < sides; ++i) {
            const double a = 2 * kPi * i / sides, b = 2 * kPi * (i + 1) / sides;
            const Vec3 da(std::cos(a), 0, std::sin(a)), db(std::cos(b), 0, std::sin(b));
            const auto ia = vertex(hub + da * radius, n, 0, 0);
            const auto ib = vertex(hub + db * radius, n, 0, 0);
            if (side > 0) {
                triangle(middle, ib, ia);
                const Vec3 back = Vec3(0, -width, 0);
                const auto ta = vertex(hub + da * radius, da, 0, 0);
                const auto tb = vertex(hub + db * radius, db, 0, 0);
                const auto tc = vertex(hub + db * radius + back, db, 0, 0);
                const auto td = vertex(hub + da * radius + back, da, 0, 0);
                triangle(ta, tb, tc);
                triangle(ta, tc, td);
            } else {
                triangle(middle, ia, ib);
            }
        }
    }
    return *this;
}

MeshBuilder& MeshBuilder::ellipsoid(const Vec3& centre, const Vec3& half, int rings, int sides) {
    std::vector<std::uint32_t> grid;
    for (int r = 0; r <= rings; ++r) {
        const double polar = kPi * r / rings;
        for (int s = 0; s <= sides; ++s) {
            const double around = 2 * kPi * s / sides;
            const Vec3 d(std::sin(polar) * std::cos(around), std::sin(polar) * std::sin(around),
                         std::cos(polar));
            grid.push_back(vertex(centre + d * half, glm::normalize(d / half),
                                  around * std::max(half.x, half.y), polar * half.z));
        }
    }
    const auto at = [&](int r, int s) {
        return grid[static_cast<std::size_t>(r * (sides + 1) + s)];
    };
    for (int r = 0; r < rings; ++r) {
        for (int s = 0; s < sides; ++s) {
            if (r > 0) triangle(at(r, s), at(r + 1, s), at(r, s + 1));
            if (r + 1 < rings) triangle(at(r, s + 1), at(r + 1, s), at(r + 1, s + 1));
        }
    }
    return *this;
}

world::MeshLod MeshBuilder::lod(float error_m) const {
    world::MeshLod result = lod_;
    result.error_m = error_m;
    return result;
}

world::Mesh make_mesh(std::string name, std::vector<world::MeshLod> lods) {
    world::Mesh mesh{.name = std::move(name), .lods = std::move(lods)};
    world::update_bounds(mesh);
    return mesh;
}

}  // namespace huntsman::tests::support
