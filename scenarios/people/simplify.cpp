#include "scenarios/people/simplify.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <unordered_map>

namespace huntsman::scenarios::people {

using engine::math::Vec3;

namespace {

// How much steps weigh against shape: a step from black to white like 4.5 cm, all of the joints'
// shares exchanged like 5 cm.
constexpr double kColour_m = 0.045;
constexpr double kCarried_m = 0.05;
constexpr double kBorder = 3.0;  // of a border's own planes, over those of faces

// The squared distances to planes, as a symmetric 4 by 4 matrix.
struct Quadric {
    std::array<double, 10> q{};
    double area = 0;
    void add_plane(const Vec3& n, double d, double weight) {
        q[0] += weight * n.x * n.x;
        q[1] += weight * n.x * n.y;
        q[2] += weight * n.x * n.z;
        q[3] += weight * n.x * d;
        q[4] += weight * n.y * n.y;
        q[5] += weight * n.y * n.z;
        q[6] += weight * n.y * d;
        q[7] += weight * n.z * n.z;
        q[8] += weight * n.z * d;
        q[9] += weight * d * d;
    }
    void add(const Quadric& other) {
        for (std::size_t k = 0; k < q.size(); ++k) q[k] += other.q[k];
        area += other.area;
    }
    double at(const Vec3& p) const {
        return q[0] * p.x * p.x + q[4] * p.y * p.y + q[7] * p.z * p.z +
               2 * (q[1] * p.x * p.y + q[2] * p.x * p.z + q[5] * p.y * p.z + q[3] * p.x +
                    q[6] * p.y + q[8] * p.z) +
               q[9];
    }
};

struct Collapse {
    double cost;
    std::uint32_t from, to;
    std::uint32_t stamp;
    bool operator<(const Collapse& other) const {
        if (cost != other.cost) return cost > other.cost;
        return std::pair(from, to) > std::pair(other.from, other.to);
    }
};

class Simplifier {
  public:
    Simplifier(Piece& piece, bool rough)
        : piece_(piece),
          narrowest_(rough ? 0.002 : 0.035),
          least_facing_(rough ? 0.05 : 0.25),
          quadrics_(piece.points.size()),
          around_(piece.points.size()),
          stamps_(piece.points.size(), 0),
          alive_(piece.faces.size(), true),
          left_(piece.faces.size()) {
        for (std::uint32_t f = 0; f < piece.faces.size(); ++f) {
            for (const std::uint32_t i : piece.faces[f]) around_[i].push_back(f);
        }
        add_quadrics();
        for (std::uint32_t i = 0; i < piece.points.size(); ++i) offer(i);
    }

    void run(std::size_t most) {
        while (left_ > most && !queue_.empty()) {
            const Collapse next = queue_.top();
            queue_.pop();
            if (stamps_[next.from] + stamps_[next.to] != next.stamp || !allowed(next)) continue;
            collapse(next.from, next.to);
        }
        std::vector<Face> kept;
        for (std::size_t f = 0; f < piece_.faces.size(); ++f) {
            if (alive_[f]) kept.push_back(piece_.faces[f]);
        }
        piece_.faces = std::move(kept);
    }

  private:
    const Vec3& p(std::uint32_t i) const { return piece_.points[i].p; }

    void add_quadrics() {
        std::unordered_map<std::uint64_t, int> sides;
        const auto key = [](std::uint32_t a, std::uint32_t b) {
            return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b);
        };
        for (const Face& f : piece_.faces) {
            const Vec3 cross = glm::cross(p(f[1]) - p(f[0]), p(f[2]) - p(f[0]));
            const double length = glm::length(cross);
            for (std::size_t k = 0; k < 3; ++k) ++sides[key(f[k], f[(k + 1) % 3])];
            if (length < 1e-14) continue;
            const Vec3 n = cross / length;
            for (const std::uint32_t i : f) {
                const double weight = piece_.points[i].importance * piece_.points[i].importance;
                quadrics_[i].add_plane(n, -glm::dot(n, p(f[0])), length / 6 * weight);
                quadrics_[i].area += length / 6 * weight;
            }
            add_gradients(f, cross, length);
        }
        for (const Face& f : piece_.faces) {
            const Vec3 n = glm::cross(p(f[1]) - p(f[0]), p(f[2]) - p(f[0]));
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t a = f[k], b = f[(k + 1) % 3];
                if (sides[key(a, b)] == 2) continue;
                const Vec3 along = p(b) - p(a);
                const Vec3 out = glm::cross(along, n);
                if (glm::dot(out, out) < 1e-28) continue;
                const Vec3 wall = glm::normalize(out);
                const double weight = kBorder * glm::dot(along, along);
                for (const std::uint32_t i : {a, b}) {
                    quadrics_[i].add_plane(wall, -glm::dot(wall, p(a)), weight);
                }
            }
        }
    }

    // Where colour changes over a face, moving a point along the change blurs it: a plane across.
    void add_gradients(const Face& f, const Vec3& cross, double length) {
        for (int channel = 0; channel < 3; ++channel) {
            Vec3 gradient(0);
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec3 opposite = p(f[(k + 2) % 3]) - p(f[(k + 1) % 3]);
                gradient += glm::cross(cross, opposite) * piece_.points[f[k]].colour[channel];
            }
            gradient /= length * length;
            const double steep = glm::length(gradient);
            if (steep * kColour_m < 1e-3) continue;
            const Vec3 n = gradient / steep;
            for (const std::uint32_t i : f) {
                const double weight = piece_.points[i].importance * piece_.points[i].importance;
                quadrics_[i].add_plane(n, -glm::dot(n, p(i)),
                                       length / 6 * weight * steep * steep * kColour_m * kColour_m);
            }
        }
    }

    double cost(std::uint32_t from, std::uint32_t to) const {
        const Point &a = piece_.points[from], &b = piece_.points[to];
        double shape = quadrics_[from].at(b.p) + quadrics_[to].at(b.p);
        const Vec3 colour = a.colour - b.colour;
        double carried = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            double other = 0;
            for (std::size_t l = 0; l < 4; ++l) {
                if (b.carried.joints[l] == a.carried.joints[k]) {
                    other += static_cast<double>(b.carried.shares[l]);
                }
            }
            carried += std::max(0.0, static_cast<double>(a.carried.shares[k]) - other);
        }
        const double way = glm::dot(a.p - b.p, a.p - b.p);
        return std::max(0.0, shape) +
               quadrics_[from].area * (glm::dot(colour, colour) * kColour_m * kColour_m +
                                       carried * carried * kCarried_m * kCarried_m + 1e-4 * way);
    }

    // The points that share a face with this one.
    std::vector<std::uint32_t> neighbours(std::uint32_t i) const {
        std::vector<std::uint32_t> found;
        for (const std::uint32_t f : around_[i]) {
            if (!alive_[f]) continue;
            for (const std::uint32_t j : piece_.faces[f]) {
                if (j != i && std::find(found.begin(), found.end(), j) == found.end()) {
                    found.push_back(j);
                }
            }
        }
        return found;
    }

    void offer(std::uint32_t i) {
        for (const std::uint32_t j : neighbours(i)) {
            const std::uint32_t stamp = stamps_[i] + stamps_[j];
            queue_.push({cost(i, j), i, j, stamp});
            queue_.push({cost(j, i), j, i, stamp});
        }
    }

    int faces_of_edge(std::uint32_t a, std::uint32_t b) const {
        int count = 0;
        for (const std::uint32_t f : around_[a]) {
            if (!alive_[f]) continue;
            const Face& face = piece_.faces[f];
            count += std::find(face.begin(), face.end(), b) != face.end() ? 1 : 0;
        }
        return count;
    }

    bool on_border(std::uint32_t i) const {
        for (const std::uint32_t j : neighbours(i)) {
            if (faces_of_edge(i, j) != 2) return true;
        }
        return false;
    }

    bool allowed(const Collapse& way) const {
        const int shared = faces_of_edge(way.from, way.to);
        if (shared == 0 || shared > 2) return false;
        if (on_border(way.from) && shared != 1) return false;
        // As many common neighbours as faces at the edge, else the surface would fold onto itself.
        const auto a = neighbours(way.from), b = neighbours(way.to);
        int common = 0;
        for (const std::uint32_t i : a) {
            common += std::find(b.begin(), b.end(), i) != b.end() ? 1 : 0;
        }
        if (common != shared) return false;
        for (const std::uint32_t f : around_[way.from]) {
            if (!alive_[f]) continue;
            Face face = piece_.faces[f];
            if (std::find(face.begin(), face.end(), way.to) != face.end()) continue;
            const Shape before = shape(face);
            std::replace(face.begin(), face.end(), way.from, way.to);
            const Shape after = shape(face);
            // No face turns over, none becomes a sliver or turns against its points' normals
            // unless it was worse before.
            const bool sound = before.width > narrowest_;
            if (sound && glm::dot(before.n, after.n) < least_facing_) return false;
            if (after.width < std::min(narrowest_, before.width)) return false;
            if (after.facing < std::min(least_facing_, before.facing)) return false;
        }
        return true;
    }

    struct Shape {
        Vec3 n;         // of length 1
        double width;   // over its longest side
        double facing;  // cosine against its points' normals
    };
    Shape shape(const Face& f) const {
        const Vec3 e1 = p(f[1]) - p(f[0]), e2 = p(f[2]) - p(f[0]), e3 = p(f[2]) - p(f[1]);
        const Vec3 cross = glm::cross(e1, e2);
        const double area = std::max(1e-30, glm::length(cross));
        const Vec3 own = piece_.points[f[0]].n + piece_.points[f[1]].n + piece_.points[f[2]].n;
        const double longest = std::max({glm::dot(e1, e1), glm::dot(e2, e2), glm::dot(e3, e3)});
        return {cross / area, area / std::max(1e-30, longest),
                glm::dot(cross / area, own) / std::max(1e-9, glm::length(own))};
    }

    void collapse(std::uint32_t from, std::uint32_t to) {
        for (const std::uint32_t f : around_[from]) {
            if (!alive_[f]) continue;
            Face& face = piece_.faces[f];
            if (std::find(face.begin(), face.end(), to) != face.end()) {
                alive_[f] = false;
                --left_;
            } else {
                std::replace(face.begin(), face.end(), from, to);
                around_[to].push_back(f);
            }
        }
        around_[from].clear();
        std::erase_if(around_[to], [&](std::uint32_t f) { return !alive_[f]; });
        quadrics_[to].add(quadrics_[from]);
        ++stamps_[from];
        ++stamps_[to];
        offer(to);
    }

    Piece& piece_;
    double narrowest_, least_facing_;
    std::vector<Quadric> quadrics_;
    std::vector<std::vector<std::uint32_t>> around_;
    std::vector<std::uint32_t> stamps_;
    std::vector<bool> alive_;
    std::size_t left_;
    std::priority_queue<Collapse> queue_;
};

}  // namespace

void simplify(Piece& piece, std::size_t most, bool rough) {
    if (piece.faces.size() > most) Simplifier(piece, rough).run(most);
}

}  // namespace huntsman::scenarios::people
