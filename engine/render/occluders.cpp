#include "engine/render/occluders.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "engine/world/pose.h"

namespace huntsman::engine::render {

using math::Vec2;
using math::Vec3;

namespace {

constexpr double kTurn = 2 * math::kPi;
constexpr double kSmallest_m = 1.5;  // walls that are narrower or lower hide too little
// Where walls begin that stand on the ground, above their mesh's origin.
constexpr double kGround_m = 0.1;
constexpr double kUpright = 1e-3;  // largest upward part of the normal of an upright wall
// Walls farther away cover little, and nearer ones cover them.
constexpr double kReach_m = 220.0;
// A wall does not hide what touches it: its own building, shop signs.
constexpr double kBehind_m = 0.05;
// Walls that share a corner may differ there by rounding: a millimetre at 50 m.
constexpr double kJoint_rad = 2e-5;

std::int64_t millimetres(double metres) { return std::llround(metres * 1000); }

// A rectangle's place in millimetres: its two ends in plan, bottom and top.
using RectangleKey =
    std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

struct Rectangle {
    Vec2 a{0, 0}, b{0, 0};
    double bottom_m = 0, top_m = 0;
    double area_m2 = 0;  // that triangles fill
};
using Rectangles = std::map<RectangleKey, Rectangle>;

// Adds an upright triangle that has two upright or level sides to the rectangle that it halves.
void add_triangle(const std::array<Vec3, 3>& p, Rectangles& rectangles) {
    const Vec3 twice = glm::cross(p[1] - p[0], p[2] - p[0]);
    const double area_m2 = 0.5 * glm::length(twice);
    if (area_m2 < 0.1 || std::abs(twice.z) > kUpright * 2 * area_m2) return;
    // The front looks to the normal's side: seen from there a is to the left.
    const Vec2 right = glm::normalize(math::perp(math::xy(twice)));
    const auto along = [&](const Vec3& at) { return glm::dot(math::xy(at), right); };
    const auto [left_most, right_most] = std::minmax_element(
        p.begin(), p.end(), [&](const Vec3& x, const Vec3& y) { return along(x) < along(y); });
    const auto [lowest, highest] = std::minmax_element(
        p.begin(), p.end(), [](const Vec3& x, const Vec3& y) { return x.z < y.z; });
    const Rectangle r{math::xy(*left_most), math::xy(*right_most), lowest->z, highest->z, 0};
    const RectangleKey key(millimetres(r.a.x), millimetres(r.a.y), millimetres(r.b.x),
                           millimetres(r.b.y), millimetres(r.bottom_m), millimetres(r.top_m));
    rectangles.try_emplace(key, r).first->second.area_m2 += area_m2;
}

}  // namespace

Bounds bounds_of(const math::RigidTransform& X_WM, const Vec3& low_M, const Vec3& high_M) {
    const Vec3 x_W = X_WM.q * Vec3(1, 0, 0);
    const double yaw = std::atan2(x_W.y, x_W.x);
    const Vec2 along = math::direction(yaw), across = math::perp(along);
    Vec3 low(1e30), high(-1e30);
    for (unsigned i = 0; i < 8; ++i) {
        const Vec3 p =
            X_WM * Vec3((i & 1) != 0 ? high_M.x : low_M.x, (i & 2) != 0 ? high_M.y : low_M.y,
                        (i & 4) != 0 ? high_M.z : low_M.z);
        const Vec3 q(glm::dot(math::xy(p), along), glm::dot(math::xy(p), across), p.z);
        low = glm::min(low, q);
        high = glm::max(high, q);
    }
    const Vec3 middle = 0.5 * (low + high);
    return {.plan = {.centre = middle.x * along + middle.y * across,
                     .yaw_rad = yaw,
                     .half = 0.5 * math::xy(high - low)},
            .top_m = high.z};
}

Bounds bounds_of_sphere(const Vec3& centre_W, double radius_m) {
    return {.plan = {.centre = math::xy(centre_W), .half = Vec2(radius_m)},
            .top_m = centre_W.z + radius_m};
}

Occluders::Occluders(const world::World& world) {
    for (const world::Instance& instance : world.scene.instances) {
        if (instance.semantic != world::Semantic::kBuilding) continue;
        collect(world.scene.meshes[instance.mesh], instance.X_WM);
    }
}

void Occluders::collect(const world::Mesh& mesh, const math::RigidTransform& X_WM) {
    const world::MeshLod& lod = mesh.lods.front();
    Rectangles rectangles;
    for (const world::Submesh& submesh : lod.submeshes) {
        if (submesh.material == world::Material::kLeaves) continue;  // has holes
        const std::uint32_t end = submesh.first_index + submesh.index_count;
        for (std::uint32_t i = submesh.first_index; i + 2 < end; i += 3) {
            std::array<Vec3, 3> p;
            for (std::uint32_t k = 0; k < 3; ++k) {
                const auto& at = lod.vertices[lod.indices[i + k]].p;
                p[k] = X_WM * Vec3(at[0], at[1], at[2]);
            }
            add_triangle(p, rectangles);
        }
    }
    // Rectangles that are filled; those that stand on another one of the same ends are one with it.
    const std::size_t first = walls_.size();
    for (const auto& [key, r] : rectangles) {
        const double whole_m2 = glm::length(r.b - r.a) * (r.top_m - r.bottom_m);
        if (r.area_m2 < 0.999 * whole_m2 || glm::length(r.b - r.a) < kSmallest_m) continue;
        if (walls_.size() > first) {
            Wall& below = walls_.back();
            if (glm::length(below.a - r.a) < 1e-3 && glm::length(below.b - r.b) < 1e-3 &&
                std::abs(below.top_m - r.bottom_m) < 1e-3) {
                below.top_m = r.top_m;
                continue;
            }
        }
        walls_.push_back({r.a, r.b, r.bottom_m, r.top_m});
    }
    const auto begin = walls_.begin() + static_cast<std::ptrdiff_t>(first);
    walls_.erase(std::remove_if(begin, walls_.end(),
                                [&](const Wall& w) {
                                    return w.top_m - w.bottom_m < kSmallest_m ||
                                           w.bottom_m > X_WM.p.z + kGround_m;
                                }),
                 walls_.end());
}

void Occluders::look_from(const Vec3& p_W) {
    eye_ = p_W;
    facing_.clear();
    for (auto& sector : sectors_) sector.clear();
    const Vec2 eye = math::xy(p_W);
    for (const Wall& wall : walls_) {
        const Vec2 a = wall.a - eye, b = wall.b - eye;
        if (wall.top_m <= p_W.z) continue;
        if (std::min(glm::dot(a, a), glm::dot(b, b)) > kReach_m * kReach_m) continue;
        // From its front the left end lies counter-clockwise of the right one.
        const Vec2 inward = math::perp(glm::normalize(b - a));
        const double depth_m = glm::dot(a, inward);
        if (depth_m < 0.1) continue;
        const double far_m = std::sqrt(std::max(glm::dot(a, a), glm::dot(b, b)));
        const double from = std::atan2(b.y, b.x);
        const Facing facing{.inward = inward,
                            .depth_m = depth_m,
                            .from_rad = from,
                            .span_rad = math::wrap_angle(std::atan2(a.y, a.x) - from),
                            .rise = (wall.top_m - p_W.z) / far_m};
        const auto index = static_cast<std::uint32_t>(facing_.size());
        facing_.push_back(facing);
        const double step = kTurn / kSectors;
        const auto first = static_cast<std::int64_t>(std::floor((from - kJoint_rad) / step));
        const auto last = static_cast<std::int64_t>(std::floor((from + facing.span_rad) / step));
        for (std::int64_t s = first; s <= last; ++s) {
            sectors_[static_cast<std::size_t>(s + 2 * static_cast<std::int64_t>(kSectors)) %
                     kSectors]
                .push_back(index);
        }
    }
}

// Whether the wall stands between the eye and all of the box, as far as their sectors overlap.
bool Occluders::is_before(const Facing& wall, const std::array<Vec2, 4>& corners,
                          double rise) const {
    return rise < wall.rise && std::all_of(corners.begin(), corners.end(), [&](const Vec2& c) {
               return glm::dot(c, wall.inward) > wall.depth_m + kBehind_m;
           });
}

bool Occluders::hide(const Bounds& bounds) const {
    if (facing_.empty()) return false;
    std::array<Vec2, 4> corners = bounds.plan.corners();
    for (Vec2& corner : corners) corner -= math::xy(eye_);
    // The box's sector, and how steeply lines of sight to it rise at most.
    const Vec2 middle = bounds.plan.centre - math::xy(eye_);
    const double azimuth = std::atan2(middle.y, middle.x);
    double first = 0, last = 0, far_m = 0;
    for (const Vec2& corner : corners) {
        if (glm::dot(corner, middle) <= 0) return false;  // around the eye
        const double turn = math::wrap_angle(std::atan2(corner.y, corner.x) - azimuth);
        first = std::min(first, turn);
        last = std::max(last, turn);
        far_m = std::max(far_m, glm::length(corner));
    }
    const Vec2 x = math::direction(bounds.plan.yaw_rad);
    const Vec2 inside(std::abs(glm::dot(middle, x)), std::abs(math::cross(middle, x)));
    const double near_m = glm::length(glm::max(inside - bounds.plan.half, Vec2(0)));
    if (near_m < 0.5) return false;
    const double top = bounds.top_m - eye_.z;
    const double rise = top / (top > 0 ? near_m : far_m);

    // Walls before it, each of which begins where the ones so far end.
    double at = azimuth + first;
    const double end = azimuth + last;
    while (at < end) {
        const auto sector = static_cast<std::int64_t>(std::floor(at / (kTurn / kSectors)));
        double reached = at;
        for (const std::uint32_t index :
             sectors_[static_cast<std::size_t>(sector + 2 * static_cast<std::int64_t>(kSectors)) %
                      kSectors]) {
            const Facing& wall = facing_[index];
            const double begins = math::wrap_angle(wall.from_rad - at);
            const double ends = at + begins + wall.span_rad;
            if (begins > kJoint_rad || ends <= reached) continue;
            if (is_before(wall, corners, rise)) reached = ends;
        }
        if (reached <= at + kJoint_rad) return false;
        at = reached;
    }
    return true;
}

}  // namespace huntsman::engine::render
