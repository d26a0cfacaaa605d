// How far drivers can see along the lanes to which they must give way: from before a junction, past
// what never moves.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "agents/conduct/lane_book.h"
#include "agents/senses/sight_map.h"

namespace huntsman::agents::conduct {

class SightLines {
  public:
    // Both must outlive it.
    SightLines(const LaneBook& book, const senses::SightMap& map);

    // Time that somebody at the speed limit needs from where it comes into view to where the paths
    // meet, the shortest over all lanes that have way over the connection [s]. `before_m`: from the
    // driver's front to the stop line, negative beyond it. Large where nobody has way. Looked up
    // once for each connection; not for several threads at a time.
    double shortest_s(world::LaneId connection, double before_m) const;

  private:
    static constexpr std::array<double, 9> kBefore_m{-16, -12, -8, -4, 0, 3, 7, 14, 25};
    using Times = std::array<double, kBefore_m.size()>;
    Times look(world::LaneId connection) const;
    double visible_m(const math::Vec3& eye_W, const world::Lane& other, double meet_m) const;

    const LaneBook* book_;
    const senses::SightMap* map_;
    mutable std::vector<std::optional<Times>> known_;
};

}  // namespace huntsman::agents::conduct
