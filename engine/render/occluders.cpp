#include "engine/render/occluders.h"

#include <algorithm>
#include <cmath>

#include "engine/world/pose.h"

namespace huntsman::engine::render {

using math::Vec2;
using math::Vec3;

namespace {

// The label box may hold sills, balconies and roofs that hide nothing.
constexpr double kMargin_m = 1.0;
constexpr double kSolidShare = 0.6;
// Far buildings cover little, and nearer ones cover them.
constexpr double kReach_m = 160.0;
constexpr std::size_t kMost = 24;

}  // namespace

Occluders::Occluders(std::span<const world::StaticObject> objects) {
    for (const world::StaticObject& object : objects) {
        if (object.semantic != world::Semantic::kBuilding) continue;
        math::Box2 box = world::footprint(object.extent, object.X_WB);
        box.half -= Vec2(kMargin_m);
        if (std::min(box.half.x, box.half.y) < 1.0) continue;
        buildings_.push_back({.box = box,
                              .top_m = object.X_WB.p.z + kSolidShare * object.extent.height_m,
                              .reach_m = glm::length(box.half)});
    }
}

void Occluders::look_from(const Vec3& p_W) {
    eye_ = p_W;
    wedges_.clear();
    const Vec2 eye = math::xy(p_W);
    std::vector<std::pair<double, const Building*>> near_ones;
    for (const Building& b : buildings_) {
        const double distance = glm::length(b.box.centre - eye) - b.reach_m;
        if (distance < kReach_m && b.top_m > p_W.z) near_ones.emplace_back(distance, &b);
    }
    // Stable, so that equal distances keep the objects' order.
    std::stable_sort(near_ones.begin(), near_ones.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    near_ones.resize(std::min(near_ones.size(), kMost));
    for (const auto& [distance, b] : near_ones) {
        // The two corners that are outermost as seen from the eye.
        const auto corners = b->box.corners();
        const Vec2 middle = b->box.centre - eye;
        Vec2 right = corners[0] - eye, left = right;
        double nearest = 1e9, farthest = 0;
        bool in_front = true;
        for (const Vec2& corner : corners) {
            const Vec2 d = corner - eye;
            in_front = in_front && glm::dot(d, middle) > 0;
            if (math::cross(right, d) < 0) right = d;
            if (math::cross(left, d) > 0) left = d;
            nearest = std::min(nearest, glm::length(d));
            farthest = std::max(farthest, glm::length(d));
        }
        // Beside or inside of a building the wedge is no wedge.
        if (!in_front || nearest < 0.5) continue;
        wedges_.push_back({.right = glm::normalize(math::perp(right)),
                           .left = glm::normalize(-math::perp(left)),
                           .beyond_m = farthest,
                           .slope = (b->top_m - p_W.z) / farthest});
    }
}

bool Occluders::hide(const Vec3& centre_W, double radius_m) const {
    const Vec2 d = math::xy(centre_W - eye_);
    const double distance = glm::length(d) - radius_m;
    const double top = centre_W.z + radius_m - eye_.z;
    return std::any_of(wedges_.begin(), wedges_.end(), [&](const Wedge& w) {
        return distance > w.beyond_m && glm::dot(d, w.right) > radius_m &&
               glm::dot(d, w.left) > radius_m && top < w.slope * distance;
    });
}

}  // namespace huntsman::engine::render
