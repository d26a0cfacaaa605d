// Traces: a run as messages that other tools read, written while it goes on.
//
//   --trace-osi FILE.osi   OSI SensorView, each after its length (docs/traces.md)
//   --trace-osi FILE.mcap  OSI GroundTruth, SensorView and HostVehicleData
//   --mcap FILE            pictures, boxes, map, plan and log in Foxglove's schemas
//
// Both are written at camera ticks, with the simulated time. They are functions of what a FrameView
// shows: the same run gives the same bytes, and the OSI trace of its replay is the same too. The
// definitions of the messages are fetched before the build (cmake/fetch_definitions.py); a program
// without them writes no traces.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "bridge/loop/session.h"
#include "engine/core/job_pool.h"
#include "engine/core/result.h"

namespace huntsman::bridge::trace {

struct TraceFiles {
    std::filesystem::path osi, mcap;  // empty: not written
    bool any() const { return !osi.empty() || !mcap.empty(); }
};

// One file; it has its name only once it is whole. Without `end` it is removed.
class Writer {
  public:
    virtual ~Writer() = default;
    // Each camera tick, and a last time for failures that were found after it. Errors: the disk is
    // full.
    virtual engine::core::Status add(const loop::FrameView& view) = 0;
    // At the end, with what came of the run.
    virtual engine::core::Status end(const loop::RunResult& result) = 0;
};

// Whether the view is of a camera tick: pictures, observation and action are of its moment. A last
// view after it shows failures alone.
inline bool at_camera_tick(const loop::FrameView& view) {
    return view.observation.time_us() == view.state.time_us;
}

class Traces {
  public:
    // `pool` encodes pictures and must outlive the object. Errors: the ending of a file is unknown,
    // both files are the same one, a file cannot be written, the program has no definitions.
    static engine::core::Result<Traces> create(const TraceFiles& files,
                                               engine::core::JobPool* pool);

    // The object must outlive the session.
    loop::Observer observer();

  private:
    std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace huntsman::bridge::trace
