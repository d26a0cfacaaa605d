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

// `plan` is an SVG drawing of the drive from above; `sheets` are contact sheets in the order of
// time; `failure_pictures` go with result.failures, empty where there is none.
std::string report_html(const loop::RunResult& result, const std::string& command,
                        const std::string& plan, std::span<const ReportPicture> sheets,
                        std::span<const std::string> failure_pictures, bool has_video);

}  // namespace huntsman::bridge::report
