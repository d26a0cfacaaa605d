#include "bridge/trace/trace.h"

#include "bridge/trace/writers.h"

namespace huntsman::bridge::trace {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

Status check(const TraceFiles& files) {
    const auto ending = files.osi.extension();
    if (!files.osi.empty() && ending != ".osi" && ending != ".mcap") {
        return Error{.message = "--trace-osi is a file of another ending, expected .osi or .mcap",
                     .file = files.osi.string()};
    }
    if (!files.mcap.empty() && files.mcap.extension() != ".mcap") {
        return Error{.message = "--mcap is a file of another ending, expected .mcap",
                     .file = files.mcap.string()};
    }
    // Files that are not there yet are compared by their names.
    std::error_code ignored;
    const auto whole_name = [&](const std::filesystem::path& file) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(file, ignored), ignored);
    };
    if (!files.osi.empty() && !files.mcap.empty() &&
        (whole_name(files.osi) == whole_name(files.mcap) ||
         std::filesystem::equivalent(files.osi, files.mcap, ignored))) {
        return Error{.message = "--trace-osi and --mcap are the same file, expected two",
                     .file = files.osi.string()};
    }
    return {};
}

}  // namespace

Result<Traces> Traces::create(const TraceFiles& files, engine::core::JobPool* pool) {
    HM_TRY(check(files));
    Traces traces;
    if (!files.osi.empty()) {
        HM_TAKE(auto writer, make_osi_writer(files.osi));
        traces.writers_.push_back(std::move(writer));
    }
    if (!files.mcap.empty()) {
        HM_TAKE(auto writer, make_foxglove_writer(files.mcap, pool));
        traces.writers_.push_back(std::move(writer));
    }
    return traces;
}

loop::Observer Traces::observer() {
    return {.sense = {},
            .frame = [this](const loop::FrameView& view) -> Status {
                for (const auto& writer : writers_) HM_TRY(writer->add(view));
                return {};
            },
            .finished = [this](loop::RunResult& result) -> Status {
                for (const auto& writer : writers_) HM_TRY(writer->end(result));
                return {};
            }};
}

}  // namespace huntsman::bridge::trace
