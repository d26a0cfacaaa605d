#include "scenarios/models/tree.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace huntsman::scenarios::models {

namespace {

using engine::math::Vec3;
constexpr std::uint32_t kLeaf = 4;
constexpr double kFar = std::numeric_limits<double>::infinity();

// [Moeller and Trumbore 1997]; infinite where the ray misses.
double meets(const std::array<Vec3, 3>& t, const Vec3& origin, const Vec3& direction) {
    const Vec3 e1 = t[1] - t[0], e2 = t[2] - t[0], p = glm::cross(direction, e2);
    const double det = glm::dot(e1, p);
    if (std::abs(det) < 1e-14) return kFar;
    const Vec3 s = origin - t[0];
    const double u = glm::dot(s, p) / det;
    if (u < 0 || u > 1) return kFar;
    const Vec3 q = glm::cross(s, e1);
    const double v = glm::dot(direction, q) / det;
    if (v < 0 || u + v > 1) return kFar;
    return glm::dot(e2, q) / det;
}

// [Ericson 2005, section 5.1.5].
Vec3 closest(const std::array<Vec3, 3>& t, const Vec3& p) {
    const auto& [a, b, c] = t;
    const Vec3 ab = b - a, ac = c - a, ap = p - a;
    const double d1 = glm::dot(ab, ap), d2 = glm::dot(ac, ap);
    if (d1 <= 0 && d2 <= 0) return a;
    const Vec3 bp = p - b;
    const double d3 = glm::dot(ab, bp), d4 = glm::dot(ac, bp);
    if (d3 >= 0 && d4 <= d3) return b;
    const double vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + d1 / (d1 - d3) * ab;
    const Vec3 cp = p - c;
    const double d5 = glm::dot(ab, cp), d6 = glm::dot(ac, cp);
    if (d6 >= 0 && d5 <= d6) return c;
    const double vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + d2 / (d2 - d6) * ac;
    const double va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 >= d3 && d5 >= d6) return b + (d4 - d3) / ((d4 - d3) + (d5 - d6)) * (c - b);
    const double sum = va + vb + vc;
    return sum > 0 ? a + vb / sum * ab + vc / sum * ac : a;
}

}  // namespace

Tree::Tree(std::vector<std::array<Vec3, 3>> triangles) : triangles_(std::move(triangles)) {
    order_.resize(triangles_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    nodes_.reserve(triangles_.size() + 1);
    if (!triangles_.empty()) split(0, static_cast<std::uint32_t>(triangles_.size()));
}

void Tree::split(std::uint32_t first, std::uint32_t last) {
    const std::size_t self = nodes_.size();
    nodes_.push_back({Vec3(kFar, kFar, kFar), Vec3(-kFar, -kFar, -kFar), first, 0, 0});
    Vec3 low(kFar, kFar, kFar), high = -low;  // of the middles
    for (std::uint32_t i = first; i < last; ++i) {
        const auto& t = triangles_[order_[i]];
        for (const Vec3& p : t) {
            nodes_[self].low = glm::min(nodes_[self].low, p);
            nodes_[self].high = glm::max(nodes_[self].high, p);
        }
        const Vec3 middle = (t[0] + t[1] + t[2]) / 3.0;
        low = glm::min(low, middle);
        high = glm::max(high, middle);
    }
    if (last - first <= kLeaf) {
        nodes_[self].count = last - first;
        return;
    }
    const Vec3 size = high - low;
    const int axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2;
    const std::uint32_t half = first + (last - first) / 2;
    const auto along = [&](std::uint32_t i) {
        const auto& t = triangles_[i];
        return t[0][axis] + t[1][axis] + t[2][axis];
    };
    std::nth_element(order_.begin() + first, order_.begin() + half, order_.begin() + last,
                     [&](std::uint32_t a, std::uint32_t b) {
                         const double at_a = along(a), at_b = along(b);
                         return at_a != at_b ? at_a < at_b : a < b;
                     });
    split(first, half);
    nodes_[self].right = static_cast<std::uint32_t>(nodes_.size());
    split(half, last);
}

std::optional<Tree::Hit> Tree::first_hit(const Vec3& origin, const Vec3& direction, double from,
                                         double to) const {
    std::optional<Hit> best;
    if (nodes_.empty()) return best;
    const Vec3 inverse(1 / direction.x, 1 / direction.y, 1 / direction.z);
    std::uint32_t open[96];
    int count = 0;
    open[count++] = 0;
    while (count > 0) {
        const std::uint32_t self = open[--count];
        const Node& node = nodes_[self];
        const Vec3 a = (node.low - origin) * inverse, b = (node.high - origin) * inverse;
        const Vec3 near = glm::min(a, b), far = glm::max(a, b);
        const double enter = std::max({near.x, near.y, near.z, from});
        const double leave = std::min({far.x, far.y, far.z, to});
        if (enter > leave) continue;
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            const double t = meets(triangles_[order_[i]], origin, direction);
            if (t < from || t > to || (best && t == best->t && order_[i] > best->triangle))
                continue;
            to = t;
            best = Hit{t, order_[i]};
        }
        if (node.count == 0) {
            open[count++] = node.right;
            open[count++] = self + 1;
        }
    }
    return best;
}

double Tree::distance(const Vec3& p) const {
    double best = kFar;
    if (nodes_.empty()) return best;
    const auto to_box = [&](const Node& node) {
        const Vec3 d = glm::max(glm::max(node.low - p, p - node.high), Vec3(0, 0, 0));
        return glm::length(d);
    };
    std::uint32_t open[96];
    int count = 0;
    open[count++] = 0;
    while (count > 0) {
        const std::uint32_t self = open[--count];
        const Node& node = nodes_[self];
        if (to_box(node) >= best) continue;
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            best = std::min(best, glm::length(closest(triangles_[order_[i]], p) - p));
        }
        if (node.count == 0) {
            // The nearer child is taken from the stack first.
            const std::uint32_t left = self + 1, right = node.right;
            const bool left_first = to_box(nodes_[left]) < to_box(nodes_[right]);
            open[count++] = left_first ? right : left;
            open[count++] = left_first ? left : right;
        }
    }
    return best;
}

}  // namespace huntsman::scenarios::models
