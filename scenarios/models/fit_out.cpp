#include "scenarios/models/fit_out.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "engine/world/world.h"

namespace huntsman::scenarios::models {

using engine::world::Cabin;
using engine::world::Material;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Submesh;

namespace {

constexpr double kPillar_m = 0.08;  // what a wall reaches beyond its windows
constexpr double kLeastBehind_m = 0.75;
constexpr std::size_t kLeastTriangles = 700;  // of a level that is near enough to show a cabin

void make_plain(MeshLod& lod) {
    for (Submesh& submesh : lod.submeshes) {
        if (submesh.material == Material::kWindow) submesh.material = Material::kGlass;
    }
}

// Calls `visit` with each vertex of the windows.
template <typename Lod, typename Visit>
void visit_windows(Lod& lod, const Visit& visit) {
    for (const Submesh& submesh : lod.submeshes) {
        if (submesh.material != Material::kWindow) continue;
        for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
            visit(lod.vertices[lod.indices[submesh.first_index + i]]);
        }
    }
}

}  // namespace

void set_cabin(Mesh& body, const engine::math::Vec3& eye_B, engine::world::Semantic semantic) {
    if (engine::world::is_two_wheeler(semantic)) {
        for (MeshLod& lod : body.lods) make_plain(lod);
        return;
    }
    double rear = eye_B.x, side = std::abs(eye_B.y) + 0.25;
    visit_windows(body.lods.front(), [&](const engine::world::Vertex& v) {
        rear = std::min(rear, static_cast<double>(v.p[0]));
        side = std::max(side, std::abs(static_cast<double>(v.p[1])));
    });
    const Cabin cabin{.eye = eye_B,
                      .half_width_m = side,
                      .behind_m = std::max(eye_B.x - rear + kPillar_m, kLeastBehind_m)};
    const std::array<float, 3> colour = engine::world::cabin_colour(cabin);
    for (MeshLod& lod : body.lods) {
        if (lod.indices.size() < 3 * kLeastTriangles) {
            make_plain(lod);
            continue;
        }
        visit_windows(lod, [&](engine::world::Vertex& v) {
            v.uv[0] = static_cast<float>(eye_B.x);
            v.uv[1] = static_cast<float>(eye_B.z);
            std::copy(colour.begin(), colour.end(), v.colour);
        });
    }
}

namespace {

// The plates of a level: sets of vertices that triangles join, or that lie in the same place.
std::vector<std::vector<std::uint32_t>> plates_of(const MeshLod& lod) {
    std::map<std::array<float, 3>, std::uint32_t> at;
    std::vector<std::uint32_t> group(lod.vertices.size());
    std::iota(group.begin(), group.end(), 0U);
    const auto root = [&](std::uint32_t i) {
        while (group[i] != i) i = group[i];
        return i;
    };
    std::set<std::uint32_t> used;
    for (const Submesh& submesh : lod.submeshes) {
        if (submesh.material != Material::kPlate) continue;
        for (std::uint32_t i = 0; i < submesh.index_count; ++i) {
            const std::uint32_t* corner = lod.indices.data() + submesh.first_index + i;
            const float(&p)[3] = lod.vertices[*corner].p;
            const auto same = at.try_emplace({p[0], p[1], p[2]}, *corner).first->second;
            group[root(*corner)] = root(same);
            if (i % 3 != 0) group[root(*corner)] = root(corner[-1]);
            used.insert(*corner);
        }
    }
    std::map<std::uint32_t, std::vector<std::uint32_t>> groups;
    for (const std::uint32_t i : used) groups[root(i)].push_back(i);
    std::vector<std::vector<std::uint32_t>> plates;
    for (auto& [first, members] : groups) plates.push_back(std::move(members));
    return plates;
}

}  // namespace

void set_plates(Mesh& body) {
    using engine::math::Vec3;
    constexpr double kVOfHeight = 0.25;  // see Material::kPlate
    for (MeshLod& lod : body.lods) {
        for (const std::vector<std::uint32_t>& plate : plates_of(lod)) {
            Vec3 n(0, 0, 0);
            for (const std::uint32_t i : plate) {
                const float(&own)[3] = lod.vertices[i].n;
                n += Vec3(own[0], own[1], own[2]);
            }
            // To the right as seen from outside.
            const Vec3 level(-n.y, n.x, 0);
            const Vec3 right = glm::length(level) > 1e-6 ? glm::normalize(level) : Vec3(0, 1, 0);
            const auto place = [&](std::uint32_t i) {
                const float(&p)[3] = lod.vertices[i].p;
                return engine::math::Vec2(glm::dot(Vec3(p[0], p[1], p[2]), right), p[2]);
            };
            engine::math::Vec2 low(1e9), high(-1e9);
            for (const std::uint32_t i : plate) {
                low = glm::min(low, place(i));
                high = glm::max(high, place(i));
            }
            const engine::math::Vec2 size = glm::max(high - low, engine::math::Vec2(1e-3));
            for (const std::uint32_t i : plate) {
                const engine::math::Vec2 share = (place(i) - low) / size;
                lod.vertices[i].uv[0] = static_cast<float>(share.x);
                lod.vertices[i].uv[1] = static_cast<float>(kVOfHeight * share.y);
            }
        }
    }
}

}  // namespace huntsman::scenarios::models
