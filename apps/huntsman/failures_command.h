// What the parts of `huntsman failures` have in common.
#pragma once

#include <filesystem>
#include <vector>

#include "apps/huntsman/common.h"
#include "bridge/failures/runs.h"

namespace huntsman::apps {

// --results and the filters.
void add_run_filter(CLI::App& command, std::vector<std::filesystem::path>& files,
                    bridge::failures::RunFilter& filter);

// Subcommands that read results files.
void add_failures_of_results(CLI::App& command, Body& chosen);
void add_failures_export(CLI::App& command, Body& chosen);

}  // namespace huntsman::apps
