#include "engine/physics/sweep.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/math/geometry.h"
#include "engine/world/pose.h"

namespace huntsman::engine::physics {

using math::Vec2;
using math::Vec3;

namespace {

constexpr double kCell_m = 8.0;
constexpr double kFarthest_m = 2.0;  // in a step: 400 m/s

// Whether the axis separates b from a, which moves by `slide` towards the end of the step.
bool separated(const Vec2& axis, const Vec2& between, const Vec2& slide, const Vec2& ax,
               const Vec2& ay, const Vec2& bx, const Vec2& by) {
    const double reach = std::abs(glm::dot(ax, axis)) + std::abs(glm::dot(ay, axis)) +
                         std::abs(glm::dot(bx, axis)) + std::abs(glm::dot(by, axis));
    const double end = glm::dot(between, axis);
    const double begin = end + glm::dot(slide, axis);
    return std::min(begin, end) > reach || std::max(begin, end) < -reach;
}

}  // namespace

bool swept_overlap(const SweptBox& a, const SweptBox& b) {
    if (a.low_m > b.high_m || b.low_m > a.high_m) return false;
    const Vec2 ax = a.x * a.half.x, ay = math::perp(a.x) * a.half.y;
    const Vec2 bx = b.x * b.half.x, by = math::perp(b.x) * b.half.y;
    const Vec2 between = b.centre - a.centre;
    const Vec2 slide = a.motion - b.motion;  // where b was, seen from a, relative to where it is
    const auto apart = [&](const Vec2& axis) {
        return separated(axis, between, slide, ax, ay, bx, by);
    };
    if (apart(a.x) || apart(math::perp(a.x)) || apart(b.x) || apart(math::perp(b.x))) return false;
    return slide == Vec2(0, 0) || !apart(math::perp(slide));
}

Sweep::Sweep(const world::World& world) : world_(&world) {
    // Static boxes that can be hit.
    for (const world::StaticObject& object : world.objects) {
        if (!object.collides) continue;
        Item item;
        const math::Box2 box = world::footprint(object.extent, object.X_WB);
        item.swept.centre = box.centre;
        item.swept.x = math::direction(box.yaw_rad);
        item.swept.half = box.half;
        item.swept.low_m = object.X_WB.p.z;
        item.swept.high_m = object.X_WB.p.z + object.extent.height_m;
        item.bounds = bounds_of(item.swept);
        statics_.push_back(item);
        static_ids_.push_back(object.id);
    }
    std::vector<math::Bounds2> bounds;
    for (const Item& item : statics_) bounds.push_back(item.bounds);
    statics_near_ = math::GridIndex(bounds, kCell_m);
}

SweptBox Sweep::plan_box(const world::ActorState& actor) const {
    const world::Extent& extent = world_->archetypes[actor.archetype].extent;
    const math::Quat& q = actor.X_WB.q;
    SweptBox box;
    // The body's x axis, seen from above.
    const Vec2 x(1.0 - 2.0 * (q.y * q.y + q.z * q.z), 2.0 * (q.x * q.y + q.w * q.z));
    const double length = glm::length(x);
    box.x = length > 1e-9 ? x / length : Vec2(1, 0);
    box.low_m = actor.X_WB.p.z;
    box.high_m = actor.X_WB.p.z + extent.height_m;
    const double up = 1.0 - 2.0 * (q.x * q.x + q.y * q.y);  // body z over W z
    if (up > 0.8) {
        // Upright bodies: the footprint, untouched by small pitch and roll.
        box.centre = math::xy(actor.X_WB.p) + extent.centre_x_m() * x;
        box.half = {0.5 * extent.length_m(), 0.5 * extent.width_m};
        return box;
    }
    // Fallen ones: the rectangle around the box's shadow, and its true vertical span.
    const math::Mat3 R = glm::mat3_cast(q);
    const Vec3 centre = world::box_centre(extent, actor.X_WB);
    const Vec3 along(box.x, 0.0), across(math::perp(box.x), 0.0);
    const Vec3 half(0.5 * extent.length_m(), 0.5 * extent.width_m, 0.5 * extent.height_m);
    double rise = 0.0;
    for (int i = 0; i < 3; ++i) {
        box.half.x += std::abs(glm::dot(R[i], along)) * half[i];
        box.half.y += std::abs(glm::dot(R[i], across)) * half[i];
        rise += std::abs(R[i].z) * half[i];
    }
    box.centre = math::xy(centre);
    box.low_m = centre.z - rise;
    box.high_m = centre.z + rise;
    return box;
}

math::Bounds2 Sweep::bounds_of(const SweptBox& swept) {
    const Vec2& d = swept.x;
    const double x = std::abs(d.x) * swept.half.x + std::abs(d.y) * swept.half.y;
    const double y = std::abs(d.y) * swept.half.x + std::abs(d.x) * swept.half.y;
    const Vec2 end = swept.centre, begin = end - swept.motion;
    return {glm::min(begin, end) - Vec2(x, y), glm::max(begin, end) + Vec2(x, y)};
}

void Sweep::remember(const world::State& state) {
    before_.clear();
    for (const world::ActorState& actor : state.actors) {
        before_.push_back({actor.id, plan_box(actor).centre});
    }
}

void Sweep::forget(world::ActorId actor) {
    std::erase_if(before_, [&](const Before& before) { return before.id == actor; });
}

// Where each box went.
void Sweep::move_boxes(const world::State& state) {
    items_.resize(state.actors.size());
    now_.clear();
    auto earlier = before_.begin();
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const world::ActorId id = state.actors[i].id;
        Item& item = items_[i];
        item.swept = plan_box(state.actors[i]);
        while (earlier != before_.end() && earlier->id < id) ++earlier;
        const bool was_there = earlier != before_.end() && earlier->id == id;
        item.swept.motion = was_there ? item.swept.centre - earlier->centre : Vec2(0, 0);
        // A script's jump passes nothing on its way.
        if (state.actors[i].scripted && glm::length(item.swept.motion) > kFarthest_m) {
            item.swept.motion = Vec2(0, 0);
        }
        now_.push_back({id, item.swept.centre});
        item.bounds = bounds_of(item.swept);
    }
    std::swap(before_, now_);
}

// Insertion sort: the order hardly changes from step to step. Ties go by index, which is by id.
void Sweep::sort_boxes() {
    if (order_.size() != items_.size()) {
        order_.resize(items_.size());
        std::iota(order_.begin(), order_.end(), 0U);
    }
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        const double xa = items_[a].bounds.low.x, xb = items_[b].bounds.low.x;
        return xa < xb || (xa == xb && a < b);
    };
    for (std::size_t i = 1; i < order_.size(); ++i) {
        const std::uint32_t moved = order_[i];
        std::size_t j = i;
        for (; j > 0 && before(moved, order_[j - 1]); --j) order_[j] = order_[j - 1];
        order_[j] = moved;
    }
}

void Sweep::find_actors(const world::State& state) {
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const Item& a = items_[order_[i]];
        for (std::size_t j = i + 1; j < order_.size(); ++j) {
            const Item& b = items_[order_[j]];
            if (b.bounds.low.x > a.bounds.high.x) break;
            if (b.bounds.low.y > a.bounds.high.y || a.bounds.low.y > b.bounds.high.y) continue;
            if (!swept_overlap(a.swept, b.swept)) continue;
            const world::ActorId first = state.actors[order_[i]].id;
            const world::ActorId second = state.actors[order_[j]].id;
            found_.emplace_back(std::min(first, second), std::max(first, second));
        }
    }
}

void Sweep::find_statics(const world::State& state) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const Item& a = items_[i];
        statics_near_.each(a.bounds, [&](std::uint32_t k) {
            const Item& b = statics_[k];
            if (b.bounds.low.x > a.bounds.high.x || a.bounds.low.x > b.bounds.high.x ||
                b.bounds.low.y > a.bounds.high.y || a.bounds.low.y > b.bounds.high.y) {
                return;
            }
            if (swept_overlap(a.swept, b.swept)) {
                found_.emplace_back(state.actors[i].id, static_ids_[k]);
            }
        });
    }
}

void Sweep::check(world::State& state) {
    move_boxes(state);
    sort_boxes();
    found_.clear();
    find_actors(state);
    find_statics(state);
    // A static box can be found in several cells.
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    state.swept_overlaps.clear();
    for (const auto& [first, second] : found_) {
        state.swept_overlaps.push_back(first);
        state.swept_overlaps.push_back(second);
    }
}

}  // namespace huntsman::engine::physics
