#include "scenarios/town/polygon.h"

#include <algorithm>
#include <numeric>

#include "engine/core/check.h"
#include "engine/math/geometry.h"

namespace huntsman::scenarios::town {

namespace math = engine::math;
using math::Vec2;

std::vector<Vec2> resample(const std::vector<Vec2>& line, std::size_t count) {
    HM_CHECK(line.size() >= 2 && count >= 2, "{} points to {}", line.size(), count);
    std::vector<double> s{0};
    for (std::size_t i = 1; i < line.size(); ++i) {
        s.push_back(s.back() + glm::length(line[i] - line[i - 1]));
    }
    std::vector<Vec2> out;
    std::size_t k = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double at = s.back() * static_cast<double>(i) / static_cast<double>(count - 1);
        while (k + 2 < line.size() && s[k + 1] < at) ++k;
        const double step = s[k + 1] - s[k];
        const double u = step > 0 ? std::clamp((at - s[k]) / step, 0.0, 1.0) : 0.0;
        out.push_back(line[k] + u * (line[k + 1] - line[k]));
    }
    return out;
}

double area_m2(const std::vector<Vec2>& polygon) {
    double twice = 0;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        twice += math::cross(polygon[j], polygon[i]);
    }
    return 0.5 * twice;
}

std::vector<Vec2> simplify(const std::vector<Vec2>& polygon, double tolerance_m) {
    std::vector<Vec2> out;
    const std::size_t n = polygon.size();
    for (std::size_t i = 0; i < n; ++i) {
        const Vec2& before = out.empty() ? polygon[(i + n - 1) % n] : out.back();
        const Vec2& next = polygon[(i + 1) % n];
        if (glm::length(polygon[i] - before) < 0.05) continue;
        if (math::closest_on_segment(polygon[i], before, next).distance_m < tolerance_m) continue;
        out.push_back(polygon[i]);
    }
    return out;
}

std::vector<std::uint32_t> triangulate(const std::vector<Vec2>& polygon) {
    std::vector<std::uint32_t> open(polygon.size()), out;
    std::iota(open.begin(), open.end(), 0U);
    const auto inside = [](const Vec2& p, const Vec2& a, const Vec2& b, const Vec2& c) {
        return math::cross(b - a, p - a) >= 0 && math::cross(c - b, p - b) >= 0 &&
               math::cross(a - c, p - c) >= 0;
    };
    std::size_t start = 0;
    while (open.size() > 3) {
        bool clipped = false;
        for (std::size_t k = 0; k < open.size() && !clipped; ++k) {
            const std::size_t i = (start + k) % open.size();
            const std::size_t h = (i + open.size() - 1) % open.size(), j = (i + 1) % open.size();
            const Vec2 &a = polygon[open[h]], &b = polygon[open[i]], &c = polygon[open[j]];
            if (math::cross(b - a, c - b) <= 0) continue;
            const bool blocked = std::any_of(open.begin(), open.end(), [&](std::uint32_t v) {
                const Vec2& p = polygon[v];
                return p != a && p != b && p != c && inside(p, a, b, c);
            });
            if (blocked) continue;
            out.insert(out.end(), {open[h], open[i], open[j]});
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
            start = i;  // go on around, so that ears spread and triangles stay fat
            clipped = true;
        }
        // What is left has no area: drop a point.
        if (!clipped) open.pop_back();
    }
    if (open.size() == 3) out.insert(out.end(), open.begin(), open.end());
    return out;
}

}  // namespace huntsman::scenarios::town
