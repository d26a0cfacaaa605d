// The moment's road users as bodies that are seen and that hide each other, and what an eye sees of
// them past what stands between.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/senses/sight_map.h"
#include "engine/world/state.h"

namespace huntsman::agents::senses {

struct Body {
    world::ActorId id = world::kNoActor;
    world::Semantic semantic = world::Semantic::kOther;
    std::uint32_t archetype = 0;
    math::RigidTransform X_WB;
    SightBox box;
    Silhouette points{};
    Vec3 middle_W{0, 0, 0};
    Vec2 v{0, 0};                // in W [m/s]
    double area_m2 = 0;          // of the silhouette, mean over directions
    double reflectance = 0;      // of paint or cloth, 0..1
    std::uint32_t lamps = 0;     // bits of world::Lamp
    double street_light_lx = 0;  // 0 unless asked for
};

// A body as it stands at a place; its colour, lamps and light are left out.
Body body_at(const world::World& world, world::ActorId id, std::uint32_t archetype,
             const math::RigidTransform& X_WB, const Vec2& v_mps);

// A body near an eye.
struct Neighbour {
    std::uint32_t body = 0;  // index into Bodies::all
    double distance_m = 0;   // on the plane, to its middle
};

class Bodies {
  public:
    // Takes the actors that traffic may see (see HiddenFrom). Buffers are kept: no allocation once
    // they have grown. With a map, the street lamps' light at each is computed too.
    void update(const world::World& world, std::span<const world::ActorState> actors,
                const SightMap* lit_by);

    std::span<const Body> all() const { return bodies_; }  // sorted by id
    const Body* find(world::ActorId id) const;             // nullptr when absent
    double largest_radius_m() const { return largest_radius_m_; }

    // Those whose middle is at most `radius_m` from p, but for `without`; nearest first, equal
    // distances by id.
    void near(const Vec2& p, double radius_m, world::ActorId without,
              std::vector<Neighbour>& out) const;

  private:
    struct Place {
        int x = 0, y = 0;
    };
    Place place_of(const Vec2& p) const;

    std::vector<Body> bodies_;
    double largest_radius_m_ = 0;
    // Bodies by the cell that holds their middle: those of cell i are items_[begin_[i]] to
    // items_[begin_[i + 1]].
    Vec2 low_{0, 0};
    double cell_m_ = 1;
    int columns_ = 0, rows_ = 0;
    std::vector<std::uint32_t> begin_, items_;
};

// What one eye sees. Made once for each thread, and placed for each observer.
class Sight {
  public:
    Sight(const SightMap& map, const Bodies& bodies) : map_(&map), bodies_(&bodies) {}

    // The eye of `own`, whose body hides nothing from it; sees bodies up to the horizon.
    void place(world::ActorId own, const Vec3& eye_W, double horizon_m);

    std::span<const Neighbour> neighbours() const { return near_; }
    const Body& body(const Neighbour& neighbour) const { return bodies_->all()[neighbour.body]; }

    // Points of a neighbour that are seen from `from_W`: the eye, or a mirror a step from it.
    // `open`: those that the observer's own vehicle does not hide.
    PointSet seen(const Neighbour& target, const Vec3& from_W, PointSet open = kAllPoints) const {
        return seen(body(target), target.distance_m, from_W, open);
    }
    // The same of a body that need not be among them, as one that is remembered.
    PointSet seen(const Body& target, double distance_m, const Vec3& from_W,
                  PointSet open = kAllPoints) const;
    // Whether nothing that never moves stands between the eye and a place.
    bool free_to(const Vec3& from_W, const Vec3& to_W) const;

  private:
    const SightMap* map_;
    const Bodies* bodies_;
    std::vector<Neighbour> near_;
};

// Share of the silhouette that a set of its points stands for, 0..1.
double share_of(PointSet points);

}  // namespace huntsman::agents::senses
