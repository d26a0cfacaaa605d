#include "agents/senses/bodies.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "engine/world/pose.h"

namespace huntsman::agents::senses {

namespace {

constexpr double kBodyCell_m = 32;
constexpr int kMostCells = 128;  // along each axis: larger cells hold bodies that are spread wider

// People fill about three quarters of their box, vehicles nearly all of it. The mean over
// directions of a box's width is 2/pi of half its circumference.
double silhouette_area_m2(const Body& body, const world::Extent& extent) {
    const double width = 2 / math::kPi * (extent.length_m() + extent.width_m);
    return (world::is_vehicle(body.semantic) ? 0.9 : 0.75) * width * extent.height_m;
}

}  // namespace

Body body_at(const world::World& world, world::ActorId id, std::uint32_t archetype,
             const math::RigidTransform& X_WB, const Vec2& v_mps) {
    const world::Archetype& kind = world.archetypes[archetype];
    Body body{.id = id, .semantic = kind.semantic, .archetype = archetype};
    body.X_WB = X_WB;
    body.box = sight_box(kind.extent, X_WB);
    body.points = silhouette(kind.semantic, kind.extent, X_WB);
    body.middle_W = world::box_centre(kind.extent, X_WB);
    body.v = v_mps;
    body.area_m2 = silhouette_area_m2(body, kind.extent);
    return body;
}

void Bodies::update(const world::World& world, std::span<const world::ActorState> actors,
                    const SightMap* lit_by) {
    bodies_.clear();
    largest_radius_m_ = 0;
    Vec2 high{0, 0};
    for (const world::ActorState& actor : actors) {
        if ((actor.hidden_from & world::kTraffic) != 0) continue;
        Body body = body_at(world, actor.id, actor.archetype, actor.X_WB, math::xy(actor.v_W));
        body.reflectance = (actor.tint[0] + actor.tint[1] + actor.tint[2]) / 3.0;
        body.lamps = actor.lamps;
        if (lit_by != nullptr) body.street_light_lx = lit_by->street_light_lx(body.middle_W);
        const Vec2 p = math::xy(body.middle_W);
        low_ = bodies_.empty() ? p : glm::min(low_, p);
        high = bodies_.empty() ? p : glm::max(high, p);
        largest_radius_m_ = std::max(largest_radius_m_, body.box.radius_m);
        bodies_.push_back(body);
    }

    // Count each cell's bodies, then list them.
    const Vec2 size = high - low_;
    cell_m_ = std::max({kBodyCell_m, size.x / kMostCells, size.y / kMostCells});
    columns_ = static_cast<int>(size.x / cell_m_) + 1;
    rows_ = static_cast<int>(size.y / cell_m_) + 1;
    const auto cell_of = [&](const Body& body) {
        const Place at = place_of(math::xy(body.middle_W));
        return static_cast<std::size_t>(at.y * columns_ + at.x);
    };
    begin_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
    items_.resize(bodies_.size());
    for (const Body& body : bodies_) ++begin_[cell_of(body)];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    // From the last body on, so that each cell's come out in ascending order.
    for (auto i = static_cast<std::uint32_t>(bodies_.size()); i-- > 0;) {
        items_[--begin_[cell_of(bodies_[i])]] = i;
    }
}

Bodies::Place Bodies::place_of(const Vec2& p) const {
    const Vec2 cell = (p - low_) / cell_m_;
    return {static_cast<int>(std::clamp(cell.x, 0.0, columns_ - 1.0)),
            static_cast<int>(std::clamp(cell.y, 0.0, rows_ - 1.0))};
}

const Body* Bodies::find(world::ActorId id) const {
    const auto at = std::ranges::lower_bound(bodies_, id, {}, &Body::id);
    return at != bodies_.end() && at->id == id ? &*at : nullptr;
}

void Bodies::near(const Vec2& p, double radius_m, world::ActorId without,
                  std::vector<Neighbour>& out) const {
    out.clear();
    if (bodies_.empty()) return;
    const Place low = place_of(p - radius_m), high = place_of(p + radius_m);
    for (int y = low.y; y <= high.y; ++y) {
        const auto row = static_cast<std::size_t>(y * columns_);
        const std::uint32_t last = begin_[row + static_cast<std::size_t>(high.x) + 1];
        for (std::uint32_t i = begin_[row + static_cast<std::size_t>(low.x)]; i < last; ++i) {
            const Body& body = bodies_[items_[i]];
            const Vec2 d = math::xy(body.middle_W) - p;
            const double square = glm::dot(d, d);
            if (square > radius_m * radius_m || body.id == without) continue;
            out.push_back({items_[i], std::sqrt(square)});
        }
    }
    std::ranges::sort(out, {}, [](const Neighbour& n) { return std::tuple(n.distance_m, n.body); });
}

void Sight::place(world::ActorId own, const Vec3& eye_W, double horizon_m) {
    bodies_->near(math::xy(eye_W), horizon_m, own, near_);
}

PointSet Sight::seen(const Body& body, double distance_m, const Vec3& from_W, PointSet open) const {
    const Fan fan(from_W, body.points);
    // Other bodies first, which are few. One whose middle is farther away may still hide.
    const double farthest = distance_m + body.box.radius_m + bodies_->largest_radius_m();
    for (const Neighbour& other : near_) {
        if (open == 0 || other.distance_m > farthest) break;
        if (this->body(other).id == body.id) continue;
        const SightBox& box = this->body(other).box;
        if (fan.may_meet(box)) open &= ~hidden_by(box, from_W, body.points, open);
    }
    if (open != 0) open &= ~map_->hidden(from_W, body.points, open);
    return open;
}

bool Sight::free_to(const Vec3& from_W, const Vec3& to_W) const {
    Silhouette points;
    points.fill(to_W);
    return map_->hidden(from_W, points, 1U) == 0;
}

double share_of(PointSet points) {
    return std::popcount(points) / static_cast<double>(kSilhouettePoints);
}

}  // namespace huntsman::agents::senses
