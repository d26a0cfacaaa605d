// Second, independent collision check: oriented boxes swept in the plane over one step.
//
// Shares nothing with the rigid-body engine: own broad phase (grid index for static boxes,
// sort-and-sweep for actors) and separating axes for the narrow one. Boxes are the archetypes'
// extents, with their vertical spans.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/math/grid_index.h"
#include "engine/math/vec.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::physics {

// A box in the plane where it ended, and how it moved over the step.
struct SweptBox {
    math::Vec2 centre{0, 0};
    math::Vec2 x{1, 0};     // unit vector along its length
    math::Vec2 half{0, 0};  // half length, half width
    math::Vec2 motion{0, 0};
    double low_m = 0, high_m = 0;  // vertical span, over the step
};

// Whether two boxes touched during the step. Exact for boxes that do not turn: the separating axes
// of two convex shapes in relative translation are their sides' normals and the normal of the
// motion.
bool swept_overlap(const SweptBox& a, const SweptBox& b);

class Sweep {
  public:
    explicit Sweep(const world::World& world);

    // Remembers where everybody is; the next `check` sweeps from here. Who was not there then is
    // taken not to have moved.
    void remember(const world::State& state);
    // The actor has come to where it is by no way.
    void forget(world::ActorId actor);
    // Fills state.swept_overlaps with sorted pairs (a < b), then remembers.
    void check(world::State& state);

  private:
    struct Item {
        SweptBox swept;
        math::Bounds2 bounds;
    };

    // The actor's box without its motion.
    SweptBox plan_box(const world::ActorState& actor) const;
    static math::Bounds2 bounds_of(const SweptBox& swept);
    void move_boxes(const world::State& state);
    void sort_boxes();
    // Both add to found_.
    void find_actors(const world::State& state);
    void find_statics(const world::State& state);

    const world::World* world_;
    std::vector<Item> statics_;
    std::vector<world::ActorId> static_ids_;
    math::GridIndex statics_near_;

    // Where each actor was, in order of id.
    struct Before {
        world::ActorId id = world::kNoActor;
        math::Vec2 centre{0, 0};
    };
    std::vector<Before> before_, now_;
    std::vector<Item> items_;           // by actor
    std::vector<std::uint32_t> order_;  // actors by lower x
    std::vector<std::pair<world::ActorId, world::ActorId>> found_;
};

}  // namespace huntsman::engine::physics
