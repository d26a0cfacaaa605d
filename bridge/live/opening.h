// What a file is and how it is shown: a run, a recording, a failure, a scenario, a map.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "bridge/failures/catalogue.h"
#include "bridge/loop/run.h"
#include "engine/core/result.h"
#include "engine/sim/recording.h"

namespace huntsman::bridge::live {

struct Opened {
    std::string title;
    loop::RunOptions options;
    std::optional<engine::sim::Recording> recording;  // of a run: LiveRun::load, else prepare
    std::int64_t tick = 0;                            // to show
    std::filesystem::path file;                       // the scenario's; empty: a run
    std::string note;  // a sentence where something is odd, as a recording that was altered
};

// A run's folder, a recording, a scenario (.json), a story (.xosc), a map (.xodr), the name of a
// shipped scenario or situation, or FILE.db#ID of a catalogue. Errors say what was expected.
engine::core::Result<Opened> open(const std::string& what);

// The run of a failure, a second before it.
engine::core::Result<Opened> open_failure(const failures::Row& row);
engine::core::Result<Opened> open_failure(const std::filesystem::path& catalogue, std::int64_t id);

}  // namespace huntsman::bridge::live
