// report.html: one self-contained page about a run.
#pragma once

#include <span>
#include <string>

#include "bridge/loop/run.h"

namespace huntsman::bridge::report {

struct ReportPicture {
    std::string caption;
    std::string jpeg;  // encoded bytes
};

struct ReportParts {
    std::string plan;                                    // SVG drawing of the drive from above
    std::string road_users;                              // of TopView::html
    std::span<const ReportPicture> sheets = {};          // contact sheets in the order of time
    std::span<const std::string> failure_pictures = {};  // of result.failures; empty: none
    bool has_video = false;
};

// `command` is the line that does the run again.
std::string report_html(const loop::RunResult& result, const std::string& command,
                        const ReportParts& parts);

}  // namespace huntsman::bridge::report
