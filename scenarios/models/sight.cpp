#include "scenarios/models/sight.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "scenarios/models/pick.h"

namespace huntsman::scenarios::models {

namespace {

constexpr int kRays = 24;               // from each side of a face
constexpr double kSeen = 0.02;          // a share of rays that is more than none
constexpr double kSeenFromBoth = 0.14;  // of rays behind a face that wants a far side
constexpr double kLift_m = 2e-4;        // of a ray's start above its face

// Uniform in [0, 1): the fraction of a counter times the plastic number's powers
// [Roberts 2018, the R2 sequence], shifted by a hash of the seed.
struct Sequence {
    std::uint64_t seed;
    double at(int index, int dimension) const {
        constexpr double kSteps[4] = {0.8566748838545029, 0.733891856627126, 0.6287067210378087,
                                      0.5385972572236101};
        std::uint64_t h = (seed + 1) * 0x9e3779b97f4a7c15ULL +
                          static_cast<std::uint64_t>(dimension) * 0xbf58476d1ce4e5b9ULL;
        h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
        h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
        const double shift = static_cast<double>(h >> 11) * 0x1.0p-53;
        const double x = shift + index * kSteps[dimension];
        return x - std::floor(x);
    }
};

// Cosine-distributed about the normal.
Vec3 direction_about(const Vec3& normal, double u, double v) {
    const Vec3 helper = std::abs(normal.x) < 0.7 ? Vec3(1, 0, 0) : Vec3(0, 1, 0);
    const Vec3 a = glm::normalize(glm::cross(normal, helper)), b = glm::cross(normal, a);
    const double r = std::sqrt(u), phi = 2 * engine::math::kPi * v;
    return r * std::cos(phi) * a + r * std::sin(phi) * b + std::sqrt(std::max(0.0, 1 - u)) * normal;
}

// Whether a ray that nothing holds up reaches a place from which people and cameras look: it
// leaves the vehicle's surroundings above the ground.
bool reaches_eyes(const Vec3& origin, const Vec3& d, const Vec3& low, const Vec3& high) {
    if (d.z >= 0) return true;
    constexpr double kAround_m = 1.0, kLowest_m = 0.15;
    double leave = 1e9;
    for (int k = 0; k < 2; ++k) {
        if (d[k] > 0) leave = std::min(leave, (high[k] + kAround_m - origin[k]) / d[k]);
        if (d[k] < 0) leave = std::min(leave, (low[k] - kAround_m - origin[k]) / d[k]);
    }
    return origin.z + leave * d.z > kLowest_m;
}

struct Seen {
    double open = 0, through_glass = 0;  // shares of the rays
    double any() const { return open + through_glass; }
};

struct Scene {
    Tree tree;
    std::vector<std::uint32_t> faces;  // of the surface, by triangle
    Vec3 low, high;
    bool ground;
};

class Looker {
  public:
    Looker(const Surface& surface, const Scene& scene) : surface_(surface), scene_(scene) {}

    Seen from(std::uint32_t f, double side) const {
        const Face& face = surface_.faces[f];
        const Vec3 normal = side * glm::normalize(surface_.cross(face));
        const Sequence sequence{2ULL * f + (side > 0 ? 1 : 0)};
        Seen seen;
        for (int i = 0; i < kRays; ++i) {
            double u = sequence.at(i, 0), v = sequence.at(i, 1);
            if (u + v > 1) u = 1 - u, v = 1 - v;
            // Kept off the edges, where neighbours begin.
            u = 0.02 + 0.94 * u, v = 0.02 + 0.94 * v;
            const Vec3 p = surface_.point(face, 0) +
                           u * (surface_.point(face, 1) - surface_.point(face, 0)) +
                           v * (surface_.point(face, 2) - surface_.point(face, 0));
            const Vec3 d = direction_about(normal, sequence.at(i, 2), sequence.at(i, 3));
            const int way = trace(p + kLift_m * normal, d);
            if (way == 1) seen.open += 1.0 / kRays;
            if (way == 2) seen.through_glass += 1.0 / kRays;
        }
        return seen;
    }

  private:
    // 0: held up; 1: gets away; 2: through glass.
    int trace(Vec3 origin, const Vec3& d) const {
        if (scene_.ground && !reaches_eyes(origin, d, scene_.low, scene_.high)) return 0;
        int way = 1;
        double from = 0;
        for (int panes = 0; panes < 8; ++panes) {
            const auto hit = scene_.tree.first_hit(origin, d, from, 1e9);
            if (!hit) return way;
            if (surface_.faces[scene_.faces[hit->triangle]].kind != Kind::kGlass) return 0;
            way = 2;
            from = hit->t + kLift_m;
        }
        return 0;
    }

    const Surface& surface_;
    const Scene& scene_;
};

Scene scene_of(const Surface& surface, std::int32_t wheel) {
    std::vector<std::array<Vec3, 3>> triangles;
    std::vector<std::uint32_t> faces;
    Vec3 low(1e9, 1e9, 1e9), high = -low;
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        const Face& face = surface.faces[f];
        if (wheel >= 0 && face.wheel != wheel) continue;
        faces.push_back(f);
        triangles.push_back(
            {surface.point(face, 0), surface.point(face, 1), surface.point(face, 2)});
        for (const Vec3& p : triangles.back()) low = glm::min(low, p), high = glm::max(high, p);
    }
    return {Tree(std::move(triangles)), std::move(faces), low, high, wheel < 0};
}

void turn(Face& face) {
    std::swap(face.corner[1], face.corner[2]);
    std::swap(face.uv[1], face.uv[2]);
    std::swap(face.colour[1], face.colour[2]);
}

// Faces of a piece that agree along shared edges, and whether each is against the first.
struct Patches {
    std::vector<std::uint32_t> of;  // patch of each face of the piece
    std::vector<bool> against;
    std::uint32_t count = 0;
};

Patches patches_of(const Surface& surface, const Piece& piece) {
    struct Use {
        std::uint32_t face;
        bool forward;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Use>> edges;
    for (std::uint32_t i = 0; i < piece.faces.size(); ++i) {
        const Face& face = surface.faces[piece.faces[i]];
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t a = face.corner[k], b = face.corner[(k + 1) % 3];
            edges[std::minmax(a, b)].push_back({i, a < b});
        }
    }
    std::vector<std::vector<std::pair<std::uint32_t, bool>>> next(piece.faces.size());
    for (const auto& [edge, uses] : edges) {
        if (uses.size() != 2) continue;
        const bool agree = uses[0].forward != uses[1].forward;
        next[uses[0].face].emplace_back(uses[1].face, agree);
        next[uses[1].face].emplace_back(uses[0].face, agree);
    }
    Patches patches{std::vector<std::uint32_t>(piece.faces.size(), 0xffffffff),
                    std::vector<bool>(piece.faces.size())};
    for (std::uint32_t start = 0; start < piece.faces.size(); ++start) {
        if (patches.of[start] != 0xffffffff) continue;
        std::vector<std::uint32_t> open{start};
        patches.of[start] = patches.count;
        while (!open.empty()) {
            const std::uint32_t i = open.back();
            open.pop_back();
            for (const auto& [other, agree] : next[i]) {
                if (patches.of[other] != 0xffffffff) continue;
                patches.of[other] = patches.count;
                patches.against[other] = patches.against[i] != !agree;
                open.push_back(other);
            }
        }
        ++patches.count;
    }
    return patches;
}

// Turns the faces of a piece, and swaps what was seen from their sides.
std::size_t turn_piece(Surface& surface, const Piece& piece,
                       std::vector<std::array<Seen, 2>>& seen) {
    const Patches patches = patches_of(surface, piece);
    std::vector<double> balance(patches.count);
    const auto weight = [](const Seen& s) { return s.open + 0.5 * s.through_glass; };
    for (std::size_t i = 0; i < piece.faces.size(); ++i) {
        const std::uint32_t f = piece.faces[i];
        const double area = glm::length(surface.cross(surface.faces[f]));
        const double own = area * (weight(seen[f][0]) - weight(seen[f][1]));
        balance[patches.of[i]] += patches.against[i] ? -own : own;
    }
    std::size_t turned = 0;
    for (std::size_t i = 0; i < piece.faces.size(); ++i) {
        const std::uint32_t f = piece.faces[i];
        bool flip = patches.against[i] != (balance[patches.of[i]] < 0);
        // A face that is seen clearly from the wrong side only.
        const auto& ahead = seen[f][flip ? 1 : 0];
        const auto& behind = seen[f][flip ? 0 : 1];
        if (weight(ahead) < kSeen && weight(behind) > 0.3) flip = !flip;
        if (!flip) continue;
        turn(surface.faces[f]);
        std::swap(seen[f][0], seen[f][1]);
        ++turned;
    }
    return turned;
}

// Two faces on the same corners are a surface that its file has on both sides: they look apart, and
// neither needs a far side.
void part_twins(Surface& surface) {
    std::map<std::array<std::uint32_t, 3>, std::uint32_t> known;
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        Face& face = surface.faces[f];
        std::array<std::uint32_t, 3> sorted = face.corner;
        std::sort(sorted.begin(), sorted.end());
        const auto [found, is_new] = known.try_emplace(sorted, f);
        if (is_new) continue;
        Face& twin = surface.faces[found->second];
        if (glm::dot(surface.cross(face), surface.cross(twin)) > 0) turn(face);
        face.backing = twin.backing = false;
    }
}

}  // namespace

Tree tree_of(const Surface& surface) { return scene_of(surface, -1).tree; }

double openness(const Tree& tree, const Vec3& p, const Vec3& normal, std::uint64_t seed) {
    constexpr int kSky = 32;
    constexpr double kNear_m = 0.012;  // away from the surface that the point was thinned from
    const Sequence sequence{seed};
    int open = 0;
    for (int i = 0; i < kSky; ++i) {
        const Vec3 d = direction_about(normal, sequence.at(i, 2), sequence.at(i, 3));
        const Vec3 from = p + kNear_m * normal;
        // What looks at the ground sees light from it where it is not far below the vehicle.
        if (d.z < -0.35 && from.z / -d.z < 0.6) continue;
        if (!tree.first_hit(from, d, 0, 2.5)) ++open;
    }
    return static_cast<double>(open) / kSky;
}

bool seen_from_around(const Tree& tree, const Vec3& p, const Vec3& normal) {
    constexpr int kAround = 16, kEnough = 2;
    constexpr double kLifts_m = 0.012;
    int seen = 0;
    for (const double elevation : {0.1, 0.6}) {
        for (int i = 0; i < kAround && seen < kEnough; ++i) {
            const double azimuth = 2 * engine::math::kPi * i / kAround;
            const Vec3 d(std::cos(elevation) * std::cos(azimuth),
                         std::cos(elevation) * std::sin(azimuth), std::sin(elevation));
            if (glm::dot(d, normal) < 0.1) continue;
            seen += !tree.first_hit(p + kLifts_m * normal, d, 0, 1e3);
        }
    }
    return seen >= kEnough;
}

SightCount turn_outwards(Surface& surface, engine::core::JobPool& pool) {
    SightCount count;
    std::int32_t wheels = 0;
    for (const Face& face : surface.faces) wheels = std::max(wheels, face.wheel + 1);
    std::vector<std::array<Seen, 2>> seen(surface.faces.size());
    for (std::int32_t wheel = -1; wheel < wheels; ++wheel) {
        const Scene scene = scene_of(surface, wheel);
        const Looker looker(surface, scene);
        pool.run(scene.faces.size(), [&](std::size_t i) {
            const std::uint32_t f = scene.faces[i];
            if (surface.faces[f].wheel != wheel) return;
            seen[f] = {looker.from(f, 1), looker.from(f, -1)};
        });
    }
    for (const Piece& piece : surface.pieces) count.turned += turn_piece(surface, piece, seen);
    // A face next to one that is seen may be seen between two rays.
    std::vector<bool> near_seen(surface.points.size()), near_open(surface.points.size());
    for (std::size_t f = 0; f < surface.faces.size(); ++f) {
        for (const std::uint32_t corner : surface.faces[f].corner) {
            if (seen[f][0].any() + seen[f][1].any() > kSeen) near_seen[corner] = true;
            if (seen[f][0].open + seen[f][1].open > kSeen) near_open[corner] = true;
        }
    }
    std::vector<bool> hidden(surface.faces.size());
    for (std::size_t f = 0; f < surface.faces.size(); ++f) {
        Face& face = surface.faces[f];
        const auto has = [&](const std::vector<bool>& flags) {
            return std::any_of(face.corner.begin(), face.corner.end(),
                               [&](std::uint32_t corner) { return flags[corner]; });
        };
        const bool lens = face.kind == Kind::kGlass || is_lamp(face.kind);
        hidden[f] = !lens && !has(near_seen);
        const double open = seen[f][0].open + seen[f][1].open;
        const double glass = seen[f][0].through_glass + seen[f][1].through_glass;
        const bool of_cabin = face.kind == Kind::kInterior || face.kind == Kind::kSteeringWheel;
        face.inside = !hidden[f] && !lens && face.wheel < 0 &&
                      (of_cabin ? glass > open : open <= kSeen && !has(near_open));
        face.backing = face.kind != Kind::kGlass && seen[f][1].open > kSeenFromBoth;
        count.hidden += hidden[f];
        count.inside += face.inside;
        count.from_both += face.backing && !hidden[f];
    }
    part_twins(surface);
    std::size_t f = 0;
    remove_faces(surface, [&](const Face&) { return hidden[f++]; });
    return count;
}

void smooth_normals(Surface& surface, double crease_deg) {
    const double least = std::cos(crease_deg * engine::math::kPi / 180);
    std::vector<std::vector<std::pair<std::uint32_t, std::size_t>>> around(surface.points.size());
    std::vector<Vec3> flat(surface.faces.size());
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        flat[f] = glm::normalize(surface.cross(surface.faces[f]));
        for (std::size_t k = 0; k < 3; ++k) {
            around[surface.faces[f].corner[k]].emplace_back(f, k);
        }
    }
    const auto angle_at = [&](std::uint32_t f, std::size_t k) {
        const Face& face = surface.faces[f];
        const Vec3 a = surface.point(face, (k + 1) % 3) - surface.point(face, k);
        const Vec3 b = surface.point(face, (k + 2) % 3) - surface.point(face, k);
        const double cosine = glm::dot(a, b) / (glm::length(a) * glm::length(b));
        return std::acos(std::clamp(cosine, -1.0, 1.0));
    };
    for (std::uint32_t f = 0; f < surface.faces.size(); ++f) {
        Face& face = surface.faces[f];
        for (std::size_t k = 0; k < 3; ++k) {
            Vec3 sum(0, 0, 0);
            for (const auto& [other, corner] : around[face.corner[k]]) {
                if (surface.faces[other].wheel != face.wheel) continue;
                if (glm::dot(flat[f], flat[other]) < least) continue;
                sum += angle_at(other, corner) * flat[other];
            }
            face.normal[k] = glm::length(sum) > 1e-9 ? glm::normalize(sum) : flat[f];
        }
    }
}

}  // namespace huntsman::scenarios::models
