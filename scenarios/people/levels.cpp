#include "scenarios/people/levels.h"

#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace huntsman::scenarios::people {

using engine::figure::Level;
using engine::figure::Model;
using engine::figure::Vertex;
using engine::math::Vec3;

namespace {

// The library weighs shape alone. Where detail matters more the mesh is enlarged, and borders of
// colour stand out as steps, so that both are kept longer.
constexpr double kStep_m = 0.012;  // for a step from black to white

std::vector<float> weighed(const Piece& piece) {
    // Each point's own scale would tear the mesh where importance changes quickly, but changes
    // are smooth: scaling about the origin keeps neighbours neighbours.
    std::vector<float> positions;
    positions.reserve(3 * piece.points.size());
    for (const Point& point : piece.points) {
        const double light = (point.colour.x + point.colour.y + point.colour.z) / 3;
        const Vec3 p = (point.p + point.n * (light * kStep_m)) * point.importance;
        for (int k = 0; k < 3; ++k) positions.push_back(static_cast<float>(p[k]));
    }
    return positions;
}

std::vector<std::uint32_t> indices_of(const Piece& piece) {
    std::vector<std::uint32_t> indices;
    indices.reserve(3 * piece.faces.size());
    for (const Face& f : piece.faces) indices.insert(indices.end(), f.begin(), f.end());
    return indices;
}

bool degenerate(const Piece& piece, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const Vec3 n = glm::cross(piece.points[b].p - piece.points[a].p,
                              piece.points[c].p - piece.points[a].p);
    return glm::dot(n, n) < 1e-18;
}

std::vector<std::uint32_t> simplified(const Piece& piece, std::size_t most) {
    std::vector<std::uint32_t> indices = indices_of(piece);
    if (most == 0) return {};
    if (indices.size() > 3 * most) {
        const std::vector<float> positions = weighed(piece);
        std::vector<std::uint32_t> fewer(indices.size());
        fewer.resize(meshopt_simplify(fewer.data(), indices.data(), indices.size(),
                                      positions.data(), piece.points.size(), 12, 3 * most, 1e9F,
                                      0, nullptr));
        if (fewer.size() > 4 * most) {  // stuck at seams: topology gives way
            std::vector<std::uint32_t> rough(indices.size());
            rough.resize(meshopt_simplifySloppy(rough.data(), indices.data(), indices.size(),
                                                positions.data(), piece.points.size(), 12, 3 * most,
                                                1e9F, nullptr));
            if (rough.size() >= 12) fewer = std::move(rough);
        }
        indices = std::move(fewer);
    }
    std::vector<std::uint32_t> sound;
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        if (degenerate(piece, indices[i], indices[i + 1], indices[i + 2])) continue;
        sound.insert(sound.end(), indices.begin() + static_cast<std::ptrdiff_t>(i),
                     indices.begin() + static_cast<std::ptrdiff_t>(i + 3));
    }
    return sound;
}

// Shares as bytes that sum to 255.
void set_weights(Vertex& vertex, const Influences& carried) {
    int left = 255;
    for (std::size_t k = 0; k < 4; ++k) {
        vertex.joints[k] = static_cast<std::uint8_t>(carried.joints[k]);
        const int weight = std::clamp(
            static_cast<int>(std::lround(255 * static_cast<double>(carried.shares[k]))), 0, left);
        vertex.weights[k] = static_cast<std::uint8_t>(weight);
        left -= weight;
    }
    vertex.weights[0] = static_cast<std::uint8_t>(vertex.weights[0] + left);
}

Vertex packed(const Point& point) {
    Vertex v{};
    for (int k = 0; k < 3; ++k) {
        v.p[k] = static_cast<float>(point.p[k]);
        v.n[k] = static_cast<float>(point.n[k]);
        v.colour[k] = static_cast<std::uint16_t>(
            std::lround(65535 * std::clamp(point.colour[k], 0.0, 1.0)));
    }
    v.uv[0] = static_cast<float>(point.uv.x);
    v.uv[1] = static_cast<float>(point.uv.y);
    v.matter = point.matter;
    v.tint = point.tint;
    set_weights(v, point.carried);
    return v;
}

// The simplified piece with its edges.
Piece finished(const Piece& piece, const std::vector<std::uint32_t>& indices, bool edges) {
    Piece done;
    done.points = piece.points;
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        done.faces.push_back({indices[i], indices[i + 1], indices[i + 2]});
    }
    tidy(done);
    if (edges && piece.rim_m > 0) add_rims(done, piece.rim_m, piece.lining_m);
    if (edges && piece.inner_side_m > 0) thicken(done, piece.inner_side_m);
    return done;
}

void add_piece(Level& level, const Piece& piece) {
    const std::size_t first = level.vertices.size();
    HM_CHECK(first + piece.points.size() < 65536, "indices of 16 bits cannot name all vertices");
    for (const Point& point : piece.points) level.vertices.push_back(packed(point));
    for (const Face& f : piece.faces) {
        if (degenerate(piece, f[0], f[1], f[2])) continue;
        for (const std::uint32_t i : f) {
            level.indices.push_back(static_cast<std::uint16_t>(first + i));
        }
    }
}

// Triangles that the edges of a piece add, and the inner side, for one on its surface.
double with_edges(const Piece& piece) {
    return piece.inner_side_m > 0 ? 2.3 : piece.rim_m > 0 ? 1.25 : 1.0;
}

}  // namespace

void add_levels(Model& model, const std::vector<Piece>& pieces) {
    static constexpr float kErrors_m[] = {0.0F, 0.006F, 0.03F};
    for (std::size_t k = 0; k < kBudgets.size(); ++k) {
        // The coarsest level is seen from afar: no edges.
        const bool edges = k + 1 < kBudgets.size();
        double wanted = 1;
        for (const Piece& piece : pieces) {
            wanted += static_cast<double>(std::min(piece.most[k], piece.faces.size())) *
                      (edges ? with_edges(piece) : 1.0);
        }
        // What simplification leaves over the budget is taken from all in a second round.
        double scale = static_cast<double>(kBudgets[k]) / wanted;
        Level level;
        for (int round = 0; round < 4; ++round) {
            level = {.error_m = kErrors_m[k]};
            for (const Piece& piece : pieces) {
                const auto most =
                    static_cast<std::size_t>(scale * static_cast<double>(piece.most[k]));
                add_piece(level, finished(piece, simplified(piece, most), edges));
            }
            const double got = static_cast<double>(level.indices.size()) / 3;
            if (got <= static_cast<double>(kBudgets[k])) break;
            scale *= 0.985 * static_cast<double>(kBudgets[k]) / got;
        }
        model.levels.push_back(std::move(level));
    }
    // An outstretched arm or leg reaches as far as a standing body's half, and a little.
    double radius = 0;
    const Vec3 middle = model.skeleton.at(engine::figure::Joint::kPelvis);
    for (const Vertex& v : model.levels.front().vertices) {
        radius = std::max(radius, glm::distance(middle, Vec3(v.p[0], v.p[1], v.p[2])));
    }
    model.radius_m = static_cast<float>(1.2 * radius);
}

}  // namespace huntsman::scenarios::people
