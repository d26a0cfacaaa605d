#include "scenarios/catalogue/mesh_builder.h"

#include <algorithm>

#include "engine/core/check.h"

namespace huntsman::scenarios::catalogue {

namespace math = engine::math;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Submesh;
using engine::world::Vertex;

void MeshBuilder::use(Material material, Colour colour, Semantic semantic, Lamp lamp) {
    colour_ = colour;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        const Submesh& key = buckets_[i].key;
        if (key.material == material && key.lamp == lamp && key.semantic == semantic) {
            current_ = i;
            return;
        }
    }
    current_ = buckets_.size();
    buckets_.push_back({{material, lamp, semantic, 0, 0}, {}, {}});
}

std::uint32_t MeshBuilder::vertex(const Vec3& p, const Vec3& n, const Vec2& uv) {
    const Vec3 q = X_MP_ * p, m = X_MP_.rotate(n);
    auto& vertices = buckets_[current_].vertices;
    const auto f = [](double x) { return static_cast<float>(x); };
    const Colour shade = shade_ ? shade_(p, n) : Colour{};
    vertices.push_back({{f(q.x), f(q.y), f(q.z)},
                        {f(m.x), f(m.y), f(m.z)},
                        {f(uv.x), f(uv.y)},
                        {colour_.r * shade.r, colour_.g * shade.g, colour_.b * shade.b}});
    return static_cast<std::uint32_t>(vertices.size() - 1);
}

void MeshBuilder::triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    auto& indices = buckets_[current_].indices;
    indices.insert(indices.end(), {a, b, c});
}

void MeshBuilder::face(std::span<const Vec3> corners) {
    HM_CHECK(corners.size() >= 3, "a face of {} corners", corners.size());
    const Vec3 x = glm::normalize(corners[1] - corners[0]);
    Vec3 n(0);
    for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
        n += glm::cross(corners[i] - corners[0], corners[i + 1] - corners[0]);
    }
    n = glm::normalize(n);
    const Vec3 y = glm::cross(n, x);
    std::uint32_t first = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec3 d = corners[i] - corners[0];
        const auto v = vertex(corners[i], n, {glm::dot(d, x), glm::dot(d, y)});
        if (i == 0) first = v;
        if (i >= 2) triangle(first, v - 1, v);
    }
}

void MeshBuilder::quad(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d, const Vec2& uv_a,
                       const Vec2& uv_c) {
    const Vec3 n = glm::normalize(glm::cross(b - a, d - a));
    const auto first = vertex(a, n, uv_a);
    vertex(b, n, {uv_c.x, uv_a.y});
    vertex(c, n, uv_c);
    vertex(d, n, {uv_a.x, uv_c.y});
    triangle(first, first + 1, first + 2);
    triangle(first, first + 2, first + 3);
}

void MeshBuilder::box(const Vec3& centre, const Vec3& half, double yaw_rad, bool bottom) {
    const Vec3 x = Vec3(math::direction(yaw_rad), 0) * half.x;
    const Vec3 y = Vec3(math::perp(math::direction(yaw_rad)), 0) * half.y;
    const Vec3 z(0, 0, half.z);
    const auto side = [&](const Vec3& out, const Vec3& along, const Vec3& up) {
        const Vec3 corners[] = {centre + out - along - up, centre + out + along - up,
                                centre + out + along + up, centre + out - along + up};
        face(corners);
    };
    side(x, y, z);
    side(-x, -y, z);
    side(y, -x, z);
    side(-y, x, z);
    side(z, x, y);
    if (bottom) side(-z, x, -y);
}

void MeshBuilder::tube(const Vec3& a, const Vec3& b, double radius_a, double radius_b, int sides,
                       bool cap_b) {
    const Vec3 axis = glm::normalize(b - a);
    const Vec3 x =
        glm::normalize(glm::cross(axis, std::abs(axis.z) < 0.9 ? Vec3(0, 0, 1) : Vec3(1, 0, 0)));
    const Vec3 y = glm::cross(axis, x);
    std::vector<std::vector<Vec3>> rings(2);
    for (int i = 0; i < sides; ++i) {
        const double turn = 2 * math::kPi * i / sides;
        const Vec3 out = std::cos(turn) * x + std::sin(turn) * y;
        rings[0].push_back(a + radius_a * out);
        rings[1].push_back(b + radius_b * out);
    }
    loft(rings, true, false, cap_b);
}

void MeshBuilder::grid_normals(const std::vector<std::vector<Vec3>>& rings, bool closed,
                               std::vector<std::vector<Vec3>>& normals) const {
    // Sum of the normals of the quads around each point, weighted by area.
    const std::size_t count = rings[0].size();
    normals.assign(rings.size(), std::vector<Vec3>(count, Vec3(0)));
    const std::size_t quads = closed ? count : count - 1;
    for (std::size_t r = 0; r + 1 < rings.size(); ++r) {
        for (std::size_t i = 0; i < quads; ++i) {
            const std::size_t j = (i + 1) % count;
            const Vec3 n = glm::cross(rings[r + 1][j] - rings[r][i], rings[r + 1][i] - rings[r][j]);
            normals[r][i] += n;
            normals[r][j] += n;
            normals[r + 1][i] += n;
            normals[r + 1][j] += n;
        }
    }
    for (std::size_t r = 0; r < rings.size(); ++r) {
        // A ring that is one point has one normal.
        Vec3 centre(0), sum(0);
        for (std::size_t i = 0; i < count; ++i) {
            centre += rings[r][i];
            sum += normals[r][i];
        }
        centre = centre / static_cast<double>(count);
        const bool pole = glm::length(rings[r][0] - centre) < 1e-6;
        for (Vec3& n : normals[r]) {
            if (pole) n = sum;
            const double length = glm::length(n);
            n = length > 1e-12 ? n / length : Vec3(0, 0, 1);
        }
    }
}

void MeshBuilder::loft(const std::vector<std::vector<Vec3>>& rings, bool closed, bool cap_first,
                       bool cap_last) {
    const std::size_t count = rings[0].size();
    std::vector<std::vector<Vec3>> normals;
    grid_normals(rings, closed, normals);
    // Texture: u around, v along, both in metres; the seam doubles the first point. Closed rings
    // share the u of the longest one: texture narrows towards a pole instead of shearing.
    double girth = 0;
    for (const auto& ring : rings) {
        double length = 0;
        for (std::size_t i = 0; i < count; ++i) {
            length += glm::length(ring[(i + 1) % count] - ring[i]);
        }
        girth = std::max(girth, length);
    }
    const std::size_t columns = closed ? count + 1 : count;
    std::uint32_t first = 0;
    double v = 0;
    for (std::size_t r = 0; r < rings.size(); ++r) {
        if (r > 0) v += glm::length(rings[r][0] - rings[r - 1][0]);
        double u = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = c % count;
            if (closed) {
                u = girth * static_cast<double>(c) / static_cast<double>(count);
            } else if (c > 0) {
                u += glm::length(rings[r][i] - rings[r][c - 1]);
            }
            const auto index = vertex(rings[r][i], normals[r][i], {u, v});
            if (r == 0 && c == 0) first = index;
        }
    }
    const auto at = [&](std::size_t r, std::size_t c) {
        return first + static_cast<std::uint32_t>(r * columns + c);
    };
    const auto same = [](const Vec3& a, const Vec3& b) { return glm::length(a - b) < 1e-9; };
    for (std::size_t r = 0; r + 1 < rings.size(); ++r) {
        for (std::size_t c = 0; c + 1 < columns; ++c) {
            const std::size_t i = c % count, j = (c + 1) % count;
            if (!same(rings[r][i], rings[r][j])) triangle(at(r, c), at(r, c + 1), at(r + 1, c + 1));
            if (!same(rings[r + 1][i], rings[r + 1][j])) {
                triangle(at(r, c), at(r + 1, c + 1), at(r + 1, c));
            }
        }
    }
    if (cap_last) face(rings.back());
    if (cap_first) {
        std::vector<Vec3> back(rings.front().rbegin(), rings.front().rend());
        face(back);
    }
}

MeshLod MeshBuilder::finish() const {
    MeshLod lod;
    for (const Bucket& bucket : buckets_) {
        if (bucket.indices.empty()) continue;
        const auto base = static_cast<std::uint32_t>(lod.vertices.size());
        Submesh submesh = bucket.key;
        submesh.first_index = static_cast<std::uint32_t>(lod.indices.size());
        submesh.index_count = static_cast<std::uint32_t>(bucket.indices.size());
        lod.vertices.insert(lod.vertices.end(), bucket.vertices.begin(), bucket.vertices.end());
        for (const std::uint32_t i : bucket.indices) lod.indices.push_back(base + i);
        lod.submeshes.push_back(submesh);
    }
    return lod;
}

namespace {

Vec3 point(const Vertex& v) { return {v.p[0], v.p[1], v.p[2]}; }

// Distance from a point to a triangle [Ericson 2005, 5.1.5].
double distance(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
    const Vec3 ab = b - a, ac = c - a, ap = p - a;
    const double d1 = glm::dot(ab, ap), d2 = glm::dot(ac, ap);
    if (d1 <= 0 && d2 <= 0) return glm::length(ap);
    const Vec3 bp = p - b;
    const double d3 = glm::dot(ab, bp), d4 = glm::dot(ac, bp);
    if (d3 >= 0 && d4 <= d3) return glm::length(bp);
    const double vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) return glm::length(ap - d1 / (d1 - d3) * ab);
    const Vec3 cp = p - c;
    const double d5 = glm::dot(ab, cp), d6 = glm::dot(ac, cp);
    if (d6 >= 0 && d5 <= d6) return glm::length(cp);
    const double vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0) return glm::length(ap - d2 / (d2 - d6) * ac);
    const double va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
        return glm::length(bp - (d4 - d3) / ((d4 - d3) + (d5 - d6)) * (c - b));
    }
    const Vec3 n = glm::cross(ab, ac);
    return std::abs(glm::dot(ap, n)) / glm::length(n);
}

// Largest distance of a's vertices from b's surface, over at most some hundred vertices.
double farthest(const MeshLod& a, const MeshLod& b) {
    constexpr std::size_t kVertices = 250;
    // Triangles with spheres about them: most are too far off to be the nearest.
    struct Triangle {
        Vec3 a{0, 0, 0}, b{0, 0, 0}, c{0, 0, 0}, middle{0, 0, 0};
        double radius_m = 0;
    };
    std::vector<Triangle> triangles;
    for (std::size_t t = 0; t + 2 < b.indices.size(); t += 3) {
        Triangle triangle{.a = point(b.vertices[b.indices[t]]),
                          .b = point(b.vertices[b.indices[t + 1]]),
                          .c = point(b.vertices[b.indices[t + 2]])};
        triangle.middle = (triangle.a + triangle.b + triangle.c) * (1.0 / 3.0);
        for (const Vec3& corner : {triangle.a, triangle.b, triangle.c}) {
            triangle.radius_m =
                std::max(triangle.radius_m, glm::length(corner - triangle.middle) + 1e-9);
        }
        triangles.push_back(triangle);
    }
    const std::size_t stride = std::max<std::size_t>(1, a.vertices.size() / kVertices);
    double worst = 0;
    for (std::size_t i = 0; i < a.vertices.size(); i += stride) {
        const Vec3 p = point(a.vertices[i]);
        double best = 1e30;
        for (std::size_t t = 0; t < triangles.size() && best > worst; ++t) {
            const Triangle& triangle = triangles[t];
            const Vec3 away = p - triangle.middle;
            const double reach = best + triangle.radius_m;
            if (glm::dot(away, away) > reach * reach) continue;
            best = std::min(best, distance(p, triangle.a, triangle.b, triangle.c));
        }
        worst = std::max(worst, best);
    }
    return worst;
}

}  // namespace

Mesh make_mesh(const char* name, std::vector<MeshLod> lods) {
    Mesh mesh;
    mesh.name = name;
    mesh.lods = std::move(lods);
    for (std::size_t i = 1; i < mesh.lods.size(); ++i) {
        const double error =
            std::max(farthest(mesh.lods[0], mesh.lods[i]), farthest(mesh.lods[i], mesh.lods[0]));
        mesh.lods[i].error_m = std::max(mesh.lods[i - 1].error_m, static_cast<float>(error));
    }
    engine::world::update_bounds(mesh);
    return mesh;
}

void append(MeshLod& to, const MeshLod& from, const math::RigidTransform& X_AB) {
    const auto base_vertex = static_cast<std::uint32_t>(to.vertices.size());
    const auto base_index = static_cast<std::uint32_t>(to.indices.size());
    for (Vertex v : from.vertices) {
        const Vec3 p = X_AB * point(v), n = X_AB.rotate({v.n[0], v.n[1], v.n[2]});
        for (int k = 0; k < 3; ++k) {
            v.p[k] = static_cast<float>(p[k]);
            v.n[k] = static_cast<float>(n[k]);
        }
        to.vertices.push_back(v);
    }
    for (const std::uint32_t index : from.indices) to.indices.push_back(base_vertex + index);
    for (Submesh submesh : from.submeshes) {
        submesh.first_index += base_index;
        // A run of one material stays one submesh.
        if (!to.submeshes.empty()) {
            Submesh& last = to.submeshes.back();
            if (last.material == submesh.material && last.lamp == submesh.lamp &&
                last.semantic == submesh.semantic) {
                last.index_count += submesh.index_count;
                continue;
            }
        }
        to.submeshes.push_back(submesh);
    }
    to.error_m = std::max(to.error_m, from.error_m);
}

std::uint32_t add_mesh(engine::world::StaticScene& scene, Mesh mesh) {
    scene.meshes.push_back(std::move(mesh));
    return static_cast<std::uint32_t>(scene.meshes.size() - 1);
}

}  // namespace huntsman::scenarios::catalogue
