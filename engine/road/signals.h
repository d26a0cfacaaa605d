// Aspects of fixed-time signal programmes: a pure function of time.
#pragma once

#include <vector>

#include "engine/world/road_network.h"

namespace huntsman::engine::road {

// Aspect of every signal group at a time; groups without a programme are off.
void signal_aspects(const world::RoadNetwork& network, core::TimeUs time_us,
                    std::vector<world::Aspect>& aspects);

// Where in its cycle a programme is. Precondition: it has phases.
struct PhaseAt {
    std::size_t phase = 0;  // its index
    core::TimeUs in_phase_us = 0;
};
PhaseAt phase_at(const world::SignalProgram& program, core::TimeUs time_us);

// Time until the group's aspect next changes [s]; infinity without a programme.
double time_to_change_s(const world::RoadNetwork& network, world::SignalGroupId group,
                        core::TimeUs time_us);

}  // namespace huntsman::engine::road
