// What `export` and `failures export` have in common.
#pragma once

#include "apps/huntsman/common.h"
#include "bridge/export/export.h"

namespace huntsman::apps {

// How pictures are written, and labels that are left out.
void add_content_flags(CLI::App& command, sensors::dataset::Options& content);

// The share of this call that is done: the time left follows from it.
double share_of(const bridge::exporting::ExportProgress& progress);

// Notes of what the options cannot give, to stderr.
void print_caveats(const bridge::exporting::ExportOptions& options);

// Says to stderr which scenes failed and whether the export was interrupted; whether all is well.
bool report_end(const bridge::exporting::ExportResult& result);

}  // namespace huntsman::apps
