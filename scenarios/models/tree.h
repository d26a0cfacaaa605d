// Triangles in a tree of boxes: what a ray meets first, and how far a point is from the surface.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/math/transform.h"

namespace huntsman::scenarios::models {

class Tree {
  public:
    using Vec3 = engine::math::Vec3;
    // Three points each.
    explicit Tree(std::vector<std::array<Vec3, 3>> triangles);

    struct Hit {
        double t = 0;  // along the ray
        std::uint32_t triangle = 0;
    };
    // The first triangle that the ray meets from either side, between `from` and `to`.
    std::optional<Hit> first_hit(const Vec3& origin, const Vec3& direction, double from,
                                 double to) const;
    // Infinite where there are no triangles.
    double distance(const Vec3& p) const;

  private:
    struct Node {
        Vec3 low, high;
        std::uint32_t first = 0, count = 0;  // leaves: triangles; others: count 0
        std::uint32_t right = 0;             // the left child follows its parent
    };
    void split(std::uint32_t first, std::uint32_t last);

    std::vector<std::array<Vec3, 3>> triangles_;
    std::vector<std::uint32_t> order_;
    std::vector<Node> nodes_;
};

}  // namespace huntsman::scenarios::models
