// Everything a run leaves in its folder.
//
//   run.json        figures        recording.hmr   to replay and verify
//   report.html     for people, self-contained      run.mp4   the eight cameras over time
//   failures/N.jpg  the cameras at the failure      frames/   every picture, if asked for
//
// The video is encoded on a thread of its own. Each file appears whole or not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "bridge/loop/session.h"

namespace huntsman::bridge::report {

struct OutputOptions {
    bool frames = false;  // keep every picture as JPEG
    bool video = true;
    bool minds = false;  // the report shows what road users see, believe and intend
    engine::core::Trace* trace = nullptr;  // gets what the threads of encoding do
};

class Output {
  public:
    // `pool` encodes frames and must outlive the object.
    Output(std::filesystem::path folder, OutputOptions options, engine::core::JobPool* pool);
    ~Output();

    // Removes what a former run left in the folder and writes a run.json that says that the run has
    // not ended, which stays if the program dies.
    engine::core::Status begin(const loop::RunOptions& options);

    // Takes in each camera tick; at the end writes recording, run.json, video and report, and sets
    // the failures' pictures in the result. `command` is the line that does the run again. The
    // object must outlive the session.
    loop::Observer observer(std::string command);

    // In its place for a run that gave no result: a run.json that says why.
    engine::core::Status fail(const loop::RunOptions& options, const engine::core::Error& error);

  private:
    engine::core::Status frame(const loop::FrameView& view);
    engine::core::Status finish(loop::RunResult& result, const std::string& command);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The cameras of a frame in two rows with captions, at half size where they are wide, with what was
// perceived drawn over them in orange (people pink), and `truth` below it in green, darker where
// nothing of it is seen.
engine::core::Image camera_sheet(const engine::world::Rig& rig,
                                 std::span<const engine::render::Frame> frames,
                                 const messages::Perception& perceived,
                                 std::span<const sensors::labels::TrueObject> truth = {});

// The cameras at the moment where a session stands, whether it has pictures or not, as a JPEG
// sheet.
engine::core::Result<std::string> session_sheet(loop::Resources& resources,
                                                const loop::Session& session,
                                                engine::render::Quality quality);

}  // namespace huntsman::bridge::report
