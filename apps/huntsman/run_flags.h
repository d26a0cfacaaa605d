// The flags that describe a run, shared by several commands.
#pragma once

#include <CLI/CLI.hpp>

#include "bridge/run/settings.h"
#include "bridge/trace/trace.h"

namespace huntsman::apps {

// Those that describe the world and the cameras, and all.
void add_world_flags(CLI::App& command, bridge::run::RunSettings& flags);
void add_run_flags(CLI::App& command, bridge::run::RunSettings& flags);
// What a run makes of the scenario's story.
void add_story_flags(CLI::App& command, bridge::run::RunSettings& flags);
// Where the ego starts and goes to.
void add_way_flags(CLI::App& command, bridge::run::RunSettings& flags);

// Files for other tools to read what goes on.
void add_trace_flags(CLI::App& command, bridge::trace::TraceFiles& files);

}  // namespace huntsman::apps
