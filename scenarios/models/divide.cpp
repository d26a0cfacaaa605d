#include "scenarios/models/divide.h"

#include <cmath>

namespace huntsman::scenarios::models {

namespace {

// What a face has at one place of its edge.
struct Place {
    std::uint32_t point = 0;
    std::array<float, 2> uv{};
    Rgb colour{};
    Vec3 normal{0, 0, 0};
};

Place corner_of(const Face& face, std::size_t k) {
    return {face.corner[k], face.uv[k], face.colour[k], face.normal[k]};
}

Place between(const Face& face, std::size_t i, std::size_t j, const EdgeCut& cut) {
    const double to_j = face.corner[i] < face.corner[j] ? cut.share : 1 - cut.share;
    const auto mixed = [&](float a, float b) {
        return static_cast<float>((1 - to_j) * a + to_j * b);
    };
    Place place{.point = cut.point};
    for (std::size_t k = 0; k < 2; ++k) place.uv[k] = mixed(face.uv[i][k], face.uv[j][k]);
    for (std::size_t k = 0; k < 3; ++k) {
        place.colour[k] = mixed(face.colour[i][k], face.colour[j][k]);
    }
    const Vec3 normal = (1 - to_j) * face.normal[i] + to_j * face.normal[j];
    // Surfaces whose normals are not known yet have none.
    if (glm::length(normal) > 1e-9) place.normal = glm::normalize(normal);
    return place;
}

void divide(const Face& face, const EdgeCuts& cuts, std::vector<Face>& to) {
    std::array<const EdgeCut*, 3> cut{};
    std::size_t count = 0, start = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        const auto found = cuts.find(edge_of(face.corner[k], face.corner[(k + 1) % 3]));
        cut[k] = found == cuts.end() ? nullptr : &found->second;
        count += cut[k] != nullptr;
    }
    if (count == 0) return to.push_back(face);
    // Corners 0 to 2 and the cuts after them, 3 to 5, turned so that the pattern fits.
    while ((count == 1 && cut[start] == nullptr) ||
           (count == 2 && cut[(start + 2) % 3] != nullptr)) {
        ++start;
    }
    const auto part = [&](std::initializer_list<std::size_t> places) {
        Face piece = face;
        std::size_t k = 0;
        for (const std::size_t c : places) {
            const std::size_t i = (c % 3 + start) % 3, j = (i + 1) % 3;
            const Place place = c < 3 ? corner_of(face, i) : between(face, i, j, *cut[i]);
            piece.corner[k] = place.point;
            piece.uv[k] = place.uv;
            piece.colour[k] = place.colour;
            piece.normal[k] = place.normal;
            ++k;
        }
        to.push_back(piece);
    };
    if (count == 1) {
        part({0, 3, 2}), part({3, 1, 2});
    } else if (count == 2) {
        part({0, 3, 2}), part({3, 4, 2}), part({3, 1, 4});
    } else {
        part({0, 3, 5}), part({3, 1, 4}), part({5, 4, 2}), part({3, 4, 5});
    }
}

}  // namespace

void divide_at(EdgeCuts& cuts, Surface& surface) {
    if (cuts.empty()) return;
    for (auto& [edge, cut] : cuts) {
        cut.point = static_cast<std::uint32_t>(surface.points.size());
        surface.points.push_back((1 - cut.share) * surface.points[edge.first] +
                                 cut.share * surface.points[edge.second]);
    }
    std::vector<Face> faces;
    for (const Face& face : surface.faces) divide(face, cuts, faces);
    surface.faces = std::move(faces);
}

bool reaches_into(const Surface& surface, const Face& face, const Vec3& low, const Vec3& high) {
    Vec3 own_low = surface.point(face, 0), own_high = own_low;
    for (std::size_t k = 1; k < 3; ++k) {
        own_low = glm::min(own_low, surface.point(face, k));
        own_high = glm::max(own_high, surface.point(face, k));
    }
    for (int axis = 0; axis < 3; ++axis) {
        if (own_high[axis] < low[axis] || own_low[axis] > high[axis]) return false;
    }
    return true;
}

void mark_plane(const Surface& surface, const Face& face, int axis, double at, EdgeCuts& cuts) {
    // What is nearer to the plane lies in it, so that no sliver comes about.
    constexpr double kIn_m = 5e-4;
    for (std::size_t k = 0; k < 3; ++k) {
        const Edge edge = edge_of(face.corner[k], face.corner[(k + 1) % 3]);
        const double a = surface.points[edge.first][axis] - at;
        const double b = surface.points[edge.second][axis] - at;
        if (a * b >= 0 || std::abs(a) < kIn_m || std::abs(b) < kIn_m) continue;
        cuts[edge] = {.share = a / (a - b)};
    }
}

}  // namespace huntsman::scenarios::models
