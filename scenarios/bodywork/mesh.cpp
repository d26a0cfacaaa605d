#include "scenarios/bodywork/mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace huntsman::scenarios::bodywork {

std::uint32_t Mesh::add(const Vec3& p) {
    points.push_back(p);
    return static_cast<std::uint32_t>(points.size() - 1);
}

std::uint32_t Mesh::index_of(const Stuff& what) {
    const auto found = std::find(stuffs.begin(), stuffs.end(), what);
    if (found != stuffs.end()) return static_cast<std::uint32_t>(found - stuffs.begin());
    stuffs.push_back(what);
    return static_cast<std::uint32_t>(stuffs.size() - 1);
}

void Mesh::tri(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t what,
               std::uint32_t object) {
    if (a == b || b == c || c == a) return;
    const Tri t{{a, b, c}, what, object};
    // Less than a hundredth of a square millimetre is no area.
    if (glm::length(cross(t)) < 2e-8) return;
    tris.push_back(t);
}

void Mesh::quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d,
                std::uint32_t what, std::uint32_t object) {
    const auto far = [&](std::uint32_t i, std::uint32_t k) {
        return glm::length(points[i] - points[k]);
    };
    if (far(a, c) <= far(b, d) + 1e-9) {
        tri(a, b, c, what, object);
        tri(a, c, d, what, object);
    } else {
        tri(a, b, d, what, object);
        tri(b, c, d, what, object);
    }
}

void append(Mesh& to, const Mesh& part, const Vec3& offset) {
    const auto base = static_cast<std::uint32_t>(to.points.size());
    for (const Vec3& p : part.points) to.points.push_back(p + offset);
    std::vector<std::uint32_t> what;
    for (const Stuff& s : part.stuffs) what.push_back(to.index_of(s));
    for (Tri t : part.tris) {
        for (auto& c : t.corner) c += base;
        t.stuff = what[t.stuff];
        t.object += to.objects;
        to.tris.push_back(t);
    }
    to.objects += part.objects;
}

Mesh mirrored(const Mesh& part) {
    Mesh mesh = part;
    for (Vec3& p : mesh.points) p.y = -p.y;
    for (Tri& t : mesh.tris) std::swap(t.corner[1], t.corner[2]);
    return mesh;
}

void add_mirrored(Mesh& mesh) {
    constexpr double kMiddle_m = 1e-6;
    std::vector<std::uint32_t> twin(mesh.points.size());
    const std::size_t count = mesh.points.size(), faces = mesh.tris.size();
    for (std::uint32_t i = 0; i < count; ++i) {
        Vec3& p = mesh.points[i];
        if (std::abs(p.y) < kMiddle_m) {
            p.y = 0;
            twin[i] = i;
        } else {
            const Vec3 q(p.x, -p.y, p.z);
            twin[i] = mesh.add(q);
        }
    }
    // Faces with a corner at y = 0 stay of one object.
    std::vector<bool> joined(mesh.objects);
    for (std::size_t f = 0; f < faces; ++f) {
        const Tri& t = mesh.tris[f];
        for (const auto c : t.corner) {
            if (twin[c] == c) joined[t.object] = true;
        }
    }
    const std::uint32_t objects = mesh.objects;
    for (std::size_t f = 0; f < faces; ++f) {
        Tri t = mesh.tris[f];
        for (auto& c : t.corner) c = twin[c];
        std::swap(t.corner[1], t.corner[2]);
        if (!joined[t.object]) t.object += objects;
        mesh.tris.push_back(t);
    }
    mesh.objects *= 2;
}

void deform(Mesh& mesh, const std::function<Vec3(const Vec3&)>& move) {
    for (Vec3& p : mesh.points) p = move(p);
}

Mesh turned(Mesh part, const Vec3& centre, const Vec3& axis, double angle_rad) {
    const glm::dquat q = glm::angleAxis(angle_rad, glm::normalize(axis));
    deform(part, [&](const Vec3& p) { return centre + q * (p - centre); });
    return part;
}

engine::import::Model to_import(const Mesh& mesh) {
    engine::import::Model model;
    for (std::size_t i = 0; i < mesh.stuffs.size(); ++i) {
        engine::import::Material material;
        const Stuff& s = mesh.stuffs[i];
        material.name = s.colour ? fmt::format("{}:{}", s.kind, i) : s.kind;
        if (s.colour) material.colour = *s.colour;
        model.materials.push_back(material);
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::size_t>> parts;
    const auto rounded = [&](std::uint32_t c) {
        const Vec3& p = mesh.points[c];
        return Vec3(static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z));
    };
    for (std::size_t f = 0; f < mesh.tris.size(); ++f) {
        const Tri& t = mesh.tris[f];
        const Vec3 a = rounded(t.corner[0]);
        const Vec3 cross = glm::cross(rounded(t.corner[1]) - a, rounded(t.corner[2]) - a);
        // Less than a hundredth of a square millimetre is no area.
        if (glm::length(cross) >= 2e-8) parts[{t.object, t.stuff}].push_back(f);
    }
    for (const auto& [key, faces] : parts) {
        engine::import::Mesh part;
        part.name = fmt::format("part {}", key.first);
        part.material = key.second;
        std::map<std::uint32_t, std::uint32_t> known;
        for (const std::size_t f : faces) {
            for (const std::uint32_t c : mesh.tris[f].corner) {
                const auto [found, is_new] =
                    known.try_emplace(c, static_cast<std::uint32_t>(part.positions.size()));
                if (is_new) {
                    const Vec3& p = mesh.points[c];
                    part.positions.push_back({static_cast<float>(p.x), static_cast<float>(p.y),
                                              static_cast<float>(p.z)});
                }
                part.indices.push_back(found->second);
            }
        }
        engine::import::Node node;
        node.name = part.name;
        node.meshes.push_back(static_cast<std::uint32_t>(model.meshes.size()));
        model.nodes.push_back(std::move(node));
        model.meshes.push_back(std::move(part));
    }
    return model;
}

}  // namespace huntsman::scenarios::bodywork
