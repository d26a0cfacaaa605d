#include "scenarios/people/levels.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "scenarios/people/simplify.h"

namespace huntsman::scenarios::people {

using engine::figure::Level;
using engine::figure::Model;
using engine::figure::Vertex;
using engine::math::Vec3;

namespace {

// One point for each weld; the copies of layout seams come back in `with_layout`.
Piece welded(const Piece& piece) {
    Piece whole = piece;
    std::unordered_map<std::uint32_t, std::uint32_t> first;
    for (std::uint32_t i = 0; i < piece.points.size(); ++i) {
        first.try_emplace(piece.points[i].weld, i);
    }
    whole.faces.clear();
    for (const Face& f : piece.faces) {
        const Face face{first[piece.points[f[0]].weld], first[piece.points[f[1]].weld],
                        first[piece.points[f[2]].weld]};
        if (face[0] != face[1] && face[1] != face[2] && face[2] != face[0]) {
            whole.faces.push_back(face);
        }
    }
    return whole;
}

// Gives the corners of each face the copies of their points that lie nearest to each other in the
// layout.
void with_layout(const Piece& source, Piece& done) {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> copies;
    for (std::uint32_t i = 0; i < source.points.size(); ++i) {
        copies[source.points[i].weld].push_back(i);
    }
    done.points = source.points;
    for (Face& f : done.faces) {
        const auto& a = copies[source.points[f[0]].weld];
        const auto& b = copies[source.points[f[1]].weld];
        const auto& c = copies[source.points[f[2]].weld];
        if (a.size() + b.size() + c.size() == 3) continue;
        double least = 1e9;
        Face best = f;
        for (const std::uint32_t i : a) {
            for (const std::uint32_t j : b) {
                for (const std::uint32_t k : c) {
                    const auto &u = source.points[i].uv, &v = source.points[j].uv,
                               &w = source.points[k].uv;
                    const double size =
                        glm::distance(u, v) + glm::distance(v, w) + glm::distance(w, u);
                    if (size >= least) continue;
                    least = size;
                    best = {i, j, k};
                }
            }
        }
        f = best;
    }
    tidy(done);
}

bool degenerate(const Piece& piece, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const Vec3 n =
        glm::cross(piece.points[b].p - piece.points[a].p, piece.points[c].p - piece.points[a].p);
    return glm::dot(n, n) < 1e-18;
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
    const double size = glm::length(point.n);
    const Vec3 n = size > 1e-9 ? point.n / size : Vec3(0, 0, 1);
    for (int k = 0; k < 3; ++k) {
        v.p[k] = static_cast<float>(point.p[k]);
        v.n[k] = static_cast<float>(n[k]);
        v.colour[k] =
            static_cast<std::uint16_t>(std::lround(65535 * std::clamp(point.colour[k], 0.0, 1.0)));
    }
    v.uv[0] = static_cast<float>(point.uv.x);
    v.uv[1] = static_cast<float>(point.uv.y);
    v.matter = point.matter;
    v.tint = point.tint;
    set_weights(v, point.carried);
    return v;
}

// The simplified piece with its copies along seams and its edges.
Piece finished(const Piece& source, const Piece& simple, bool edges) {
    Piece piece = simple;
    with_layout(source, piece);
    if (edges && piece.rim_m > 0) add_rims(piece, piece.rim_m, piece.lining_m);
    if (edges && piece.inner_side_m > 0) thicken(piece, piece.inner_side_m);
    return piece;
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

void add_levels(Model& model, const std::vector<Piece>& pieces, const Budgets& budgets) {
    static constexpr float kErrors_m[] = {0.0F, 0.006F, 0.03F};
    std::vector<Piece> simple;  // each level goes on from the one before
    for (const Piece& piece : pieces) simple.push_back(welded(piece));
    for (std::size_t k = 0; k < budgets.size(); ++k) {
        // The coarsest level is seen from afar: no edges.
        const bool edges = k + 1 < budgets.size();
        double wanted = 1;
        for (const Piece& piece : pieces) {
            wanted += static_cast<double>(std::min(piece.most[k], piece.faces.size())) *
                      (edges ? with_edges(piece) : 1.0);
        }
        // What is left over the budget is taken from all in further rounds.
        double scale = static_cast<double>(budgets[k]) / wanted;
        Level level;
        for (int round = 0; round < 16; ++round) {
            level = Level{};
            level.error_m = kErrors_m[k];
            for (std::size_t i = 0; i < pieces.size(); ++i) {
                if (pieces[i].most[k] == 0) continue;
                simplify(simple[i],
                         static_cast<std::size_t>(scale * static_cast<double>(pieces[i].most[k])),
                         !edges);
                add_piece(level, finished(pieces[i], simple[i], edges));
            }
            const double got = static_cast<double>(level.indices.size()) / 3;
            if (got <= static_cast<double>(budgets[k])) break;
            scale *= 0.985 * static_cast<double>(budgets[k]) / got;
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
