// Rules for long vehicles, whose bodies leave their lane in bends, and for those who meet them.
#pragma once

#include "agents/conduct/thought.h"

namespace huntsman::agents::conduct {

// Whether somebody comes towards a long vehicle so near that the boxes decide (see weigh_sweep):
// seen along the way, which takes a body that is not parallel to it for wider than it is, two of
// them would not pass in a bend in which they have room.
bool meets_closely(const Thought& t, const RoadUser& other);

// A long vehicle's body leaves its lane in turns: its boxes along the way against what is there.
void weigh_sweep(Thought& t);

// A long vehicle that is too fast for its steering runs wide: where its front would touch what
// stands beside the road it slows down, which keeps it nearer to its lane.
void weigh_posts(Thought& t);

// The ground that somebody else's long vehicle is about to cover is left to it.
void weigh_sweepers(Thought& t);

// Two long vehicles that cannot meet in a bend or in a junction: one waits before the ground that
// they share until the other has left it. If that ground lies beyond the next stop line, it waits
// at the line.
void weigh_long_meetings(Thought& t);

}  // namespace huntsman::agents::conduct
