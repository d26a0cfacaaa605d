#include "engine/road/signals.h"

#include <algorithm>
#include <limits>

namespace huntsman::engine::road {
namespace {

core::TimeUs cycle_us(const world::SignalProgram& program) {
    core::TimeUs cycle = 0;
    for (const auto& phase : program.phases) cycle += phase.duration_us;
    return cycle;
}

}  // namespace

PhaseAt phase_at(const world::SignalProgram& program, core::TimeUs time_us) {
    const core::TimeUs cycle = cycle_us(program);
    if (cycle <= 0) return {};
    core::TimeUs t = (time_us + program.offset_us) % cycle;
    if (t < 0) t += cycle;
    PhaseAt m;
    while (t >= program.phases[m.phase].duration_us) {
        t -= program.phases[m.phase].duration_us;
        ++m.phase;
    }
    m.in_phase_us = t;
    return m;
}

void signal_aspects(const world::RoadNetwork& network, core::TimeUs time_us,
                    std::vector<world::Aspect>& aspects) {
    aspects.assign(network.signal_groups.size(), world::Aspect::kOff);
    for (const world::SignalProgram& program : network.programs) {
        if (program.phases.empty()) continue;
        const auto& phase = program.phases[phase_at(program, time_us).phase];
        for (std::size_t i = 0; i < program.groups.size(); ++i) {
            aspects[program.groups[i]] = phase.aspects[i];
        }
    }
}

double time_to_change_s(const world::RoadNetwork& network, world::SignalGroupId group,
                        core::TimeUs time_us) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    const std::uint32_t index = network.signal_groups[group].program;
    if (index >= network.programs.size() || network.programs[index].phases.empty()) return kNever;
    const world::SignalProgram& program = network.programs[index];
    const auto at = std::find(program.groups.begin(), program.groups.end(), group);
    if (at == program.groups.end()) return kNever;
    const auto column = static_cast<std::size_t>(at - program.groups.begin());

    // Phases ahead until one shows another aspect; after a whole cycle there is none.
    const PhaseAt now = phase_at(program, time_us);
    const world::Aspect aspect = program.phases[now.phase].aspects[column];
    core::TimeUs wait = program.phases[now.phase].duration_us - now.in_phase_us;
    for (std::size_t step = 1; step < program.phases.size(); ++step) {
        const auto& phase = program.phases[(now.phase + step) % program.phases.size()];
        if (phase.aspects[column] != aspect && phase.duration_us > 0) return core::seconds(wait);
        wait += phase.duration_us;
    }
    return kNever;
}

}  // namespace huntsman::engine::road
