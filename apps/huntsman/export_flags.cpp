#include "apps/huntsman/export_flags.h"

#include <algorithm>
#include <cstdio>

namespace huntsman::apps {

void add_content_flags(CLI::App& command, sensors::dataset::Options& content) {
    command.add_option("--jpeg-quality", content.jpeg_quality, "1 to 100")->capture_default_str();
    command.add_flag("--lossless", content.lossless_images, "PNG instead of JPEG; not for video");
    const auto leave_out = [&](const char* flag, bool& part, const char* what) {
        command.add_flag_callback(
            flag, [&part] { part = false; }, what);
    };
    leave_out("--no-depth", content.depth, "Leave out depth");
    leave_out("--no-normals", content.normals, "Leave out normals");
    leave_out("--no-flow", content.flow, "Leave out optical flow");
    leave_out("--no-birds-eye", content.birds_eye, "Leave out the grid from above");
    leave_out("--no-keypoints", content.keypoints, "Leave out people's key points");
    leave_out("--no-lidar", content.lidar, "Leave out lidar sweeps");
}

double share_of(const bridge::exporting::ExportProgress& progress) {
    const auto left = static_cast<double>(progress.frames_total - progress.frames);
    const auto made = static_cast<double>(progress.frames_made);
    return made / std::max(1.0, made + left);
}

void print_caveats(const bridge::exporting::ExportOptions& options) {
    for (const std::string& caveat : bridge::exporting::caveats(options)) {
        std::fprintf(stderr, "huntsman: note: %s\n", caveat.c_str());
    }
}

bool report_end(const bridge::exporting::ExportResult& result) {
    for (const auto& failure : result.failed) {
        std::fprintf(stderr, "huntsman: %s failed: %s\n", failure.name.c_str(),
                     failure.reason.c_str());
    }
    if (result.incomplete) {
        std::fprintf(stderr,
                     "huntsman: interrupted; what is finished stays, and the same command goes on "
                     "from there\n");
    }
    return !result.incomplete && result.failed.empty();
}

}  // namespace huntsman::apps
