// What each road user sees and hears at a moment: the way from the state to what minds may know.
//
//   Senses senses(world);                    // once
//   senses.begin(state);                     // at each think
//   auto scratch = senses.scratch();          // one for each thread
//   senses.look(id, {.yaw_rad = gaze_rad, .attention = attention}, scratch, sightings);
//
// Results depend on the world, the state and the question alone, not on the order of questions.
#pragma once

#include <optional>
#include <vector>

#include "agents/senses/bodies.h"
#include "agents/senses/eyes.h"
#include "agents/senses/hearing.h"
#include "agents/senses/look.h"

namespace huntsman::agents::senses {

// How an observer looks.
struct Gaze {
    double yaw_rad = 0;                        // of the line of sight, in W
    double down_rad = 0;                       // of the line of sight below the horizon
    double attention = 1;                      // 0..1: what distraction leaves
    double horizon_m = 120;                    // bodies whose middle is farther away are not seen
    double people_m = 120;                     // nor are people beyond this, who are not looked for
    std::span<const world::ActorId> expected;  // known to be about, sorted by id
};

// Something that a look has detected.
struct Sighting {
    std::uint32_t body = 0;  // index into bodies().all()
    double distance_m = 0;   // from the eye to its middle, on the plane
    double share = 0;        // of its silhouette that is seen, over 0 to 1
    double probability = 0;  // with which this look detected it
    bool in_mirror = false;
};

// How somebody listens. Whether they sit in a closed vehicle follows from their kind.
struct Ears {
    bool headphones = false;
};

class Senses {
  public:
    // The world must outlive it.
    explicit Senses(const world::World& world);

    const SightMap& map() const { return map_; }
    const Bodies& bodies() const { return bodies_; }

    // Takes the state's actors, light and tick. No allocation once buffers have grown.
    void begin(const world::State& state);

    using Scratch = Sight;
    Scratch scratch() const { return {map_, bodies_}; }

    // What the observer detects, nearest first; nothing where it has no eyes or is absent.
    void look(world::ActorId observer, const Gaze& gaze, Scratch& scratch,
              std::vector<Sighting>& out) const;

    // Probability with which a look that found nothing there would have detected a body at a place
    // where it is remembered. The same scratch as for the look just before.
    double detection(world::ActorId observer, const Gaze& gaze, const Body& remembered,
                     const Scratch& scratch) const;
    // What can be seen of a target, detected or not: share of its silhouette through windows and
    // mirrors, past everything else. For tests, labels and the reasons in reports.
    double visible_share(world::ActorId observer, world::ActorId target, Scratch& scratch) const;

    // The sirens of the moment: vehicles whose blue lamps are lit. Horns come from whoever
    // sounds them.
    void sirens(std::vector<Sound>& out) const;

    // The sounds that the listener notices; `onset` as in hears().
    void listen(world::ActorId listener, const Ears& ears, std::span<const Sound> sounds,
                std::int64_t onset, const Scratch& scratch, std::vector<Heard>& out) const;

  private:
    // An observer's pose as its eyes need it.
    struct Stance {
        const Body* body = nullptr;
        const Eyes* eyes = nullptr;
        Vec3 eye_W{0, 0, 0};
        double yaw_rad = 0;
        bool sun_free = false;  // the low sun is in view, if there is one
    };
    // How something is looked at: directly or in a mirror.
    struct Line {
        Vec3 from_W{0, 0, 0};
        double aside_rad = 0;  // of the direct view or the mirror, from the observer's heading
        double scale = 1;      // of its apparent size
        PointSet open = kAllPoints;  // that the own vehicle does not hide
        bool in_mirror = false;
    };

    std::optional<Stance> stance(world::ActorId observer) const;
    static bool head_turned(const Stance& stance, const Gaze& gaze);
    // `head_turned`: see Eyes::free.
    std::optional<Line> line_to(const Stance& stance, const Body& target, bool head_turned) const;
    LookFactors factors(const Stance& stance, const Gaze& gaze, const Line& line,
                        const Body& target) const;

    const world::World* world_;
    SightMap map_;
    std::vector<Eyes> eyes_;  // by archetype
    Bodies bodies_;
    Daylight light_;
    engine::core::Key key_;
    std::int64_t tick_ = 0;
};

}  // namespace huntsman::agents::senses
