#include "scenarios/models/surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "engine/import/import.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Findings;
using engine::core::Result;
using engine::core::Severity;

namespace {

Vec3 direction(Axis axis) {
    Vec3 d{0, 0, 0};
    d[static_cast<int>(axis) / 2] = static_cast<int>(axis) % 2 == 0 ? 1 : -1;
    return d;
}

// One number for each name, in the order of their first use.
class Names {
  public:
    explicit Names(std::vector<std::string>& names) : names_(names) {}
    std::uint32_t of(const std::string& name) {
        const auto [found, is_new] =
            numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
        if (is_new) names_.push_back(name);
        return found->second;
    }

  private:
    std::vector<std::string>& names_;
    std::map<std::string, std::uint32_t> numbers_;
};

// Points on a lattice of kWeld_m.
class Welder {
  public:
    explicit Welder(std::vector<Vec3>& points) : points_(points) {}
    std::uint32_t add(const Vec3& p) {
        const std::array<std::int64_t, 3> cell{
            std::llround(p.x / kWeld_m), std::llround(p.y / kWeld_m), std::llround(p.z / kWeld_m)};
        const auto [found, is_new] =
            numbers_.try_emplace(cell, static_cast<std::uint32_t>(points_.size()));
        if (is_new) points_.push_back(p);
        return found->second;
    }

  private:
    struct Hash {
        std::size_t operator()(const std::array<std::int64_t, 3>& c) const {
            return static_cast<std::size_t>(c[0] * 73856093 ^ c[1] * 19349663 ^ c[2] * 83492791);
        }
    };
    std::vector<Vec3>& points_;
    std::unordered_map<std::array<std::int64_t, 3>, std::uint32_t, Hash> numbers_;
};

}  // namespace

void find_pieces(Surface& surface) {
    // Faces of one object and material that share a corner are of one piece.
    std::vector<std::uint32_t> of(surface.faces.size());
    std::iota(of.begin(), of.end(), 0U);
    const auto root = [&of](std::uint32_t i) {
        while (of[i] != i) i = of[i] = of[of[i]];
        return i;
    };
    std::map<std::array<std::uint32_t, 3>, std::uint32_t> first;
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        const Face& face = surface.faces[f];
        for (const std::uint32_t corner : face.corner) {
            const auto [found, is_new] = first.try_emplace({face.object, face.material, corner}, f);
            if (!is_new) of[root(f)] = root(found->second);
        }
    }
    std::map<std::uint32_t, std::size_t> number;
    std::vector<Piece> pieces;
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        const Face& face = surface.faces[f];
        const auto [found, is_new] = number.try_emplace(root(f), pieces.size());
        if (is_new) {
            pieces.push_back({.material = face.material,
                              .object = face.object,
                              .faces = {},
                              .low = surface.point(face, 0),
                              .high = surface.point(face, 0)});
        }
        Piece& piece = pieces[found->second];
        piece.faces.push_back(f);
        piece.area_m2 += 0.5 * glm::length(surface.cross(face));
        for (std::size_t k = 0; k < 3; ++k) {
            piece.low = glm::min(piece.low, surface.point(face, k));
            piece.high = glm::max(piece.high, surface.point(face, k));
        }
    }
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const Piece& a, const Piece& b) { return a.area_m2 > b.area_m2; });
    for (std::uint32_t i = 0; i < pieces.size(); ++i) {
        for (const std::uint32_t f : pieces[i].faces) surface.faces[f].piece = i;
    }
    surface.pieces = std::move(pieces);
}

Result<Surface> surface_of(const engine::import::Model& model, const Description& d,
                           Findings& findings) {
    const Vec3 ahead = direction(d.forward), up = direction(d.up), left = glm::cross(up, ahead);
    const auto meshes = engine::import::placed_meshes(model);
    const auto turned = [&](const engine::import::Point& p) {
        const Vec3 v(p[0], p[1], p[2]);
        return Vec3(glm::dot(v, ahead), glm::dot(v, left), glm::dot(v, up));
    };
    // The box of all that is used.
    Vec3 low(1e30, 1e30, 1e30), high = -low;
    for (const auto& mesh : meshes) {
        for (const std::uint32_t index : mesh.indices) {
            const Vec3 p = turned(mesh.positions[index]);
            low = glm::min(low, p);
            high = glm::max(high, p);
        }
    }
    const double span = high.x - low.x;
    const double unit_m = d.length_m && span > 0 ? *d.length_m / span
                          : d.unit_m             ? *d.unit_m
                          : model.unit_m > 0     ? model.unit_m
                                                 : 1.0;
    const Vec3 size = (high - low) * unit_m;
    const double largest = std::max({size.x, size.y, size.z});
    if (!(largest >= 0.05 && largest <= 60)) {
        return Error{.message = fmt::format("is {:.3g} x {:.3g} x {:.3g} m large with a unit of "
                                            "{:g} m, expected 0.05 to 60 m; set unit_m or length_m",
                                            size.x, size.y, size.z, unit_m)};
    }
    const Vec3 origin(0.5 * (low.x + high.x), 0.5 * (low.y + high.y), low.z);
    Surface surface;
    for (const auto& material : model.materials) {
        surface.materials.push_back(material.name);
        surface.textured.push_back(!material.texture.empty());
    }
    Names objects(surface.objects);
    Welder welder(surface.points);
    std::size_t flat = 0;
    for (const auto& mesh : meshes) {
        const std::uint32_t object = objects.of(mesh.name);
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            Face face{.material = mesh.material, .object = object};
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t index = mesh.indices[i + k];
                face.corner[k] = welder.add((turned(mesh.positions[index]) - origin) * unit_m);
                if (!mesh.uvs.empty()) face.uv[k] = mesh.uvs[index];
            }
            face.has_uv = !mesh.uvs.empty();
            // Less than a hundredth of a square millimetre is no area.
            const bool same = face.corner[0] == face.corner[1] ||
                              face.corner[1] == face.corner[2] || face.corner[2] == face.corner[0];
            if (same || glm::length(surface.cross(face)) < 2e-8) {
                ++flat;
                continue;
            }
            face.colour.fill(model.materials[mesh.material].colour);
            surface.faces.push_back(face);
        }
    }
    if (surface.faces.empty()) return Error{.message = "has no face with an area"};
    if (flat > 0) {
        findings.add(Severity::kNote, 0, "model.flat",
                     fmt::format("{} faces without an area are left out", flat));
    }
    find_pieces(surface);
    return surface;
}

}  // namespace huntsman::scenarios::models
