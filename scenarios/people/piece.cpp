#include "scenarios/people/piece.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "engine/core/random.h"

namespace huntsman::scenarios::people {

using engine::figure::Joint;
using engine::figure::kJointCount;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

std::uint64_t edge_key(std::uint32_t a, std::uint32_t b) {
    return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b);
}

Point between(const Point& a, const Point& b, double share, std::uint32_t weld) {
    Point point = a;
    point.p = glm::mix(a.p, b.p, share);
    point.n = glm::mix(a.n, b.n, share);
    point.uv = glm::mix(a.uv, b.uv, share);
    point.colour = glm::mix(a.colour, b.colour, share);
    point.carried = mixed(a.carried, b.carried, share);
    point.importance = a.importance + (b.importance - a.importance) * share;
    point.weld = weld;
    return point;
}

// Makes points on edges once for each pair of points, with one weld for each pair of welds.
class EdgePoints {
  public:
    explicit EdgePoints(Piece& piece) : piece_(piece) {
        for (const Point& point : piece.points) next_ = std::max(next_, point.weld + 1);
    }
    std::uint32_t on(std::uint32_t a, std::uint32_t b, double share) {
        // Always measured from the same end, so that both faces of an edge agree.
        const bool turned = piece_.points[a].weld > piece_.points[b].weld;
        if (turned) {
            std::swap(a, b);
            share = 1 - share;
        }
        const auto [at, added] = points_.try_emplace(edge_key(a, b), 0U);
        if (!added) return at->second;
        const auto [weld, fresh] =
            welds_.try_emplace(edge_key(piece_.points[a].weld, piece_.points[b].weld), next_);
        if (fresh) ++next_;
        at->second = static_cast<std::uint32_t>(piece_.points.size());
        piece_.points.push_back(between(piece_.points[a], piece_.points[b], share, weld->second));
        return at->second;
    }

  private:
    Piece& piece_;
    std::uint32_t next_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> points_, welds_;
};

// Directed border edges of welds: of the face that has them, with their points.
std::vector<std::array<std::uint32_t, 2>> borders(const Piece& piece) {
    std::unordered_map<std::uint64_t, int> count;
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            ++count[edge_key(piece.points[f[k]].weld, piece.points[f[(k + 1) % 3]].weld)];
        }
    }
    std::vector<std::array<std::uint32_t, 2>> found;
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = f[k], b = f[(k + 1) % 3];
            if (count[edge_key(piece.points[a].weld, piece.points[b].weld)] == 1) {
                found.push_back({a, b});
            }
        }
    }
    return found;
}

double lattice(std::int64_t x, std::int64_t y, std::int64_t z) {
    return engine::core::Key(static_cast<std::uint64_t>(x * 73856093) ^
                             static_cast<std::uint64_t>(y * 19349663) ^
                             static_cast<std::uint64_t>(z * 83492791))
        .uniform(-1, 1, 0);
}

}  // namespace

Influences mixed(const Influences& a, const Influences& b, double share) {
    std::array<float, kJointCount> sum{};
    for (std::size_t k = 0; k < 4; ++k) {
        sum[index(a.joints[k])] += a.shares[k] * static_cast<float>(1 - share);
        sum[index(b.joints[k])] += b.shares[k] * static_cast<float>(share);
    }
    std::array<std::size_t, kJointCount> order{};
    for (std::size_t j = 0; j < kJointCount; ++j) order[j] = j;
    std::partial_sort(
        order.begin(), order.begin() + 4, order.end(),
        [&](std::size_t i, std::size_t j) { return sum[i] != sum[j] ? sum[i] > sum[j] : i < j; });
    float total = 0;
    for (std::size_t k = 0; k < 4; ++k) total += sum[order[k]];
    Influences kept;
    for (std::size_t k = 0; k < 4; ++k) {
        kept.joints[k] = static_cast<Joint>(order[k]);
        kept.shares[k] = sum[order[k]] / std::max(total, 1e-9F);
    }
    return kept;
}

Influences carried_by(Joint joint) {
    Influences own;
    own.joints.fill(joint);
    return own;
}

double share_of(const Influences& influences, std::initializer_list<Joint> joints) {
    double sum = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        if (influences.shares[k] <= 0) continue;
        if (std::find(joints.begin(), joints.end(), influences.joints[k]) != joints.end()) {
            sum += influences.shares[k];
        }
    }
    return sum;
}

void add_quad(Piece& piece, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    const auto gap = [&](std::uint32_t i, std::uint32_t j) {
        const Vec3 way = piece.points[i].p - piece.points[j].p;
        return glm::dot(way, way);
    };
    if (gap(a, c) <= gap(b, d)) {
        piece.faces.push_back({a, b, c});
        piece.faces.push_back({a, c, d});
    } else {
        piece.faces.push_back({a, b, d});
        piece.faces.push_back({b, c, d});
    }
}

Piece take(const BodyData& data, const Body& body, const std::string& group,
           const std::function<bool(const Quad&)>& keep) {
    Piece piece;
    piece.name = group;
    std::unordered_map<std::uint64_t, std::uint32_t> made;
    const auto point = [&](const Corner& corner) {
        const std::uint64_t key = (static_cast<std::uint64_t>(corner.vertex) << 32) | corner.uv;
        const auto [at, added] =
            made.try_emplace(key, static_cast<std::uint32_t>(piece.points.size()));
        if (added) {
            Point fresh;
            fresh.p = body.vertices[corner.vertex];
            fresh.uv = data.uvs()[corner.uv];
            fresh.carried = data.influences()[corner.vertex];
            fresh.weld = corner.vertex;
            piece.points.push_back(fresh);
        }
        return at->second;
    };
    for (const Quad& quad : data.group(group)) {
        if (keep && !keep(quad)) continue;
        const std::uint32_t a = point(quad[0]), b = point(quad[1]), c = point(quad[2]),
                            d = point(quad[3]);
        add_quad(piece, a, b, c, d);
    }
    add_normals(piece);
    return piece;
}

void subdivide(Piece& piece) {
    EdgePoints edges(piece);
    std::vector<Face> faces;
    faces.reserve(4 * piece.faces.size());
    for (const auto& [a, b, c] : piece.faces) {
        const std::uint32_t ab = edges.on(a, b, 0.5), bc = edges.on(b, c, 0.5),
                            ca = edges.on(c, a, 0.5);
        faces.insert(faces.end(), {Face{a, ab, ca}, {ab, b, bc}, {ca, bc, c}, {ab, bc, ca}});
    }
    piece.faces = std::move(faces);
}

void clip(Piece& piece, const std::vector<double>& field) {
    HM_CHECK(field.size() == piece.points.size(), "one value for each point");
    EdgePoints edges(piece);
    std::vector<Face> faces;
    // A value at 0 would make faces without area.
    const auto value = [&](std::uint32_t i) { return std::abs(field[i]) < 1e-5 ? 1e-5 : field[i]; };
    for (const Face& f : piece.faces) {
        std::vector<std::uint32_t> ring;
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = f[k], b = f[(k + 1) % 3];
            const double fa = value(a), fb = value(b);
            if (fa > 0) ring.push_back(a);
            if ((fa > 0) != (fb > 0)) {
                ring.push_back(edges.on(a, b, std::clamp(fa / (fa - fb), 0.02, 0.98)));
            }
        }
        for (std::size_t k = 2; k < ring.size(); ++k) {
            faces.push_back({ring[0], ring[k - 1], ring[k]});
        }
    }
    piece.faces = std::move(faces);
    tidy(piece);
}

void add_normals(Piece& piece) {
    std::unordered_map<std::uint32_t, Vec3> sums;
    for (const Face& f : piece.faces) {
        const Vec3 &a = piece.points[f[0]].p, &b = piece.points[f[1]].p, &c = piece.points[f[2]].p;
        const Vec3 n = glm::cross(b - a, c - a);
        for (const std::uint32_t i : f) sums[piece.points[i].weld] += n;
    }
    for (Point& point : piece.points) {
        const Vec3 n = sums[point.weld];
        if (glm::dot(n, n) > 0) point.n = glm::normalize(n);
    }
}

void smooth(Piece& piece, int rounds, double strength, bool keep_borders) {
    std::unordered_map<std::uint32_t, char> fixed;
    if (keep_borders) {
        for (const auto& edge : borders(piece)) {
            for (const std::uint32_t i : edge) fixed[piece.points[i].weld] = 1;
        }
    }
    struct Mean {
        Vec3 sum{0, 0, 0};
        double count = 0;
    };
    for (int round = 0; round < rounds; ++round) {
        std::unordered_map<std::uint32_t, Mean> means;
        for (const Face& f : piece.faces) {
            for (std::size_t k = 0; k < 3; ++k) {
                Mean& mean = means[piece.points[f[k]].weld];
                mean.sum += piece.points[f[(k + 1) % 3]].p + piece.points[f[(k + 2) % 3]].p;
                mean.count += 2;
            }
        }
        for (Point& point : piece.points) {
            const auto at = means.find(point.weld);
            if (at == means.end() || fixed.count(point.weld) != 0) continue;
            point.p = glm::mix(point.p, at->second.sum / at->second.count, strength);
        }
    }
}

void add_rims(Piece& piece, double thickness_m, double depth_m) {
    const auto edges = borders(piece);
    std::unordered_map<std::uint64_t, Vec3> inner;  // the third corner of each directed edge
    std::uint32_t next = 0;
    for (const Point& point : piece.points) next = std::max(next, point.weld + 1);
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            const Point &a = piece.points[f[k]], &b = piece.points[f[(k + 1) % 3]],
                        &c = piece.points[f[(k + 2) % 3]];
            inner[(static_cast<std::uint64_t>(a.weld) << 32) | b.weld] = c.p;
        }
    }
    // Into the cloth: away from the border, along the faces, no further than these reach.
    struct Inward {
        Vec3 way{0, 0, 0};
        double reach_m = 1e9;
    };
    std::unordered_map<std::uint32_t, Inward> inward;
    for (const auto& [a, b] : edges) {
        const Point &pa = piece.points[a], &pb = piece.points[b];
        const Vec3 along = pb.p - pa.p;
        Vec3 in = inner[(static_cast<std::uint64_t>(pa.weld) << 32) | pb.weld] - pa.p;
        in -= along * (glm::dot(in, along) / std::max(1e-12, glm::dot(along, along)));
        const double size = glm::length(in);
        if (size < 1e-9) continue;
        for (const std::uint32_t weld : {pa.weld, pb.weld}) {
            inward[weld].way += in / size;
            inward[weld].reach_m = std::min(inward[weld].reach_m, 0.8 * size);
        }
    }
    // Both ends of the lining face inwards.
    std::unordered_map<std::uint32_t, std::array<std::uint32_t, 2>> lining;
    std::unordered_map<std::uint32_t, std::uint32_t> welds;
    const auto copies = [&](std::uint32_t i) {
        const auto [at, added] = lining.try_emplace(i, std::array<std::uint32_t, 2>{});
        if (!added) return at->second;
        Point edge = piece.points[i];
        const Inward& in = inward[edge.weld];
        Point deep = edge;
        edge.n = deep.n = -edge.n;
        edge.colour *= 0.85;
        deep.colour *= 0.5;  // little light gets inside
        if (glm::dot(in.way, in.way) > 0) {
            // It leans inwards, so that it stays inside where the cloth curves.
            const double depth = std::min(depth_m, in.reach_m);
            deep.p += glm::normalize(in.way) * depth + edge.n * (thickness_m + 0.25 * depth);
        }
        const auto [weld, fresh] = welds.try_emplace(edge.weld, next);
        if (fresh) ++next;
        deep.weld = weld->second;
        at->second = {static_cast<std::uint32_t>(piece.points.size()),
                      static_cast<std::uint32_t>(piece.points.size() + 1)};
        piece.points.push_back(edge);
        piece.points.push_back(deep);
        return at->second;
    };
    for (const auto& [a, b] : edges) {
        const auto la = copies(a), lb = copies(b);
        piece.faces.push_back({lb[0], la[0], la[1]});
        piece.faces.push_back({lb[0], la[1], lb[1]});
    }
}

void thicken(Piece& piece, double thickness_m) {
    std::uint32_t next = 0;
    for (const Point& point : piece.points) next = std::max(next, point.weld + 1);
    const auto count = static_cast<std::uint32_t>(piece.points.size());
    std::unordered_map<std::uint64_t, int> sides;
    const auto key = [&](std::uint32_t a, std::uint32_t b) {
        a = piece.points[a].weld;
        b = piece.points[b].weld;
        return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b);
    };
    for (const Face& f : piece.faces) {
        for (std::size_t k = 0; k < 3; ++k) ++sides[key(f[k], f[(k + 1) % 3])];
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        Point inner = piece.points[i];
        inner.p -= inner.n * thickness_m;
        inner.n = -inner.n;
        inner.weld += next;
        inner.colour *= 0.7;
        piece.points.push_back(inner);
    }
    const std::vector<Face> faces = piece.faces;
    for (const Face& f : faces) {
        piece.faces.push_back({f[0] + count, f[2] + count, f[1] + count});
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = f[k], b = f[(k + 1) % 3];
            if (sides[key(a, b)] != 1) continue;
            piece.faces.push_back({b, a, a + count});
            piece.faces.push_back({b, a + count, b + count});
        }
    }
}

void tidy(Piece& piece) {
    std::vector<std::uint32_t> place(piece.points.size(), 0xffffffffU);
    std::vector<Point> kept;
    for (Face& f : piece.faces) {
        for (std::uint32_t& i : f) {
            if (place[i] == 0xffffffffU) {
                place[i] = static_cast<std::uint32_t>(kept.size());
                kept.push_back(piece.points[i]);
            }
            i = place[i];
        }
    }
    piece.points = std::move(kept);
}

void append(Piece& piece, const Piece& more) {
    const auto first = static_cast<std::uint32_t>(piece.points.size());
    std::uint32_t weld = 0;
    for (const Point& point : piece.points) weld = std::max(weld, point.weld + 1);
    for (Point point : more.points) {
        point.weld += weld;
        piece.points.push_back(point);
    }
    for (const auto& [a, b, c] : more.faces) {
        piece.faces.push_back({a + first, b + first, c + first});
    }
}

void metric_uv(Piece& piece) {
    double surface = 0, layout = 0;
    for (const Face& f : piece.faces) {
        const Point &a = piece.points[f[0]], &b = piece.points[f[1]], &c = piece.points[f[2]];
        surface += 0.5 * glm::length(glm::cross(b.p - a.p, c.p - a.p));
        layout += 0.5 * std::abs(engine::math::cross(b.uv - a.uv, c.uv - a.uv));
    }
    const double scale = layout > 0 ? std::sqrt(surface / layout) : 1.0;
    for (Point& point : piece.points) point.uv *= scale;
}

double smooth_step(double low, double high, double x) {
    const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

double noise(const Vec3& p) {
    const Vec3 cell = glm::floor(p);
    const Vec3 f = p - cell;
    const Vec3 s(smooth_step(0, 1, f.x), smooth_step(0, 1, f.y), smooth_step(0, 1, f.z));
    const auto x = static_cast<std::int64_t>(cell.x), y = static_cast<std::int64_t>(cell.y),
               z = static_cast<std::int64_t>(cell.z);
    double sum = 0;
    for (int k = 0; k < 8; ++k) {
        const int i = k & 1, j = (k >> 1) & 1, l = k >> 2;
        sum += (i ? s.x : 1 - s.x) * (j ? s.y : 1 - s.y) * (l ? s.z : 1 - s.z) *
               lattice(x + i, y + j, z + l);
    }
    return sum;
}

}  // namespace huntsman::scenarios::people
