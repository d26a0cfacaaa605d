// What the commands share: where assets are, progress on the terminal, Ctrl-C, errors to exit
// codes.
#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bridge/loop/run.h"
#include "engine/core/assets.h"
#include "engine/core/result.h"

namespace huntsman::apps {

using engine::core::assets_folder;

// The first SIGINT or SIGTERM sets the flag. What looks at it ends cleanly; what has not ended 1.5
// s later is ended by the signal, as at once by a second one. Files are renamed to their names when
// they are whole, so that nothing is half-written then either.
const std::atomic<bool>& stop_flag();
void catch_signals();

// Remembers the words of the command line for the two functions below.
void keep_command_line(int argc, const char* const* argv);
// The line that calls this program once more as it was called.
std::string command_to_repeat();
// What calls this program, in a shell.
std::string program_word();
// A program and its words that are those of this process, with more after the command's name.
std::vector<std::string> worker_command(const std::vector<std::string>& more);

// Says the error on stderr in one line and gives the exit code for it.
int fail(const engine::core::Error& error);

// A bar with the time left on stderr: redrawn in place on a terminal, a line every 10 % elsewhere.
class Progress {
  public:
    explicit Progress(std::string what);
    ~Progress();
    void show(double share, const std::string& detail = {});
    // A line of text that stays, above the bar.
    void print(const std::string& line);

  private:
    void draw(double share, const std::string& detail);
    std::string what_;
    std::chrono::steady_clock::time_point start_, last_;
    bool terminal_ = false;
    bool drawn_ = false;
    int last_tenth_ = -1;
};

// Registers a command; `body` returns the exit code.
using Body = std::function<int()>;
void add_run(CLI::App& app, Body& chosen);
void add_replay(CLI::App& app, Body& chosen);
void add_serve(CLI::App& app, Body& chosen);
void add_driver(CLI::App& app, Body& chosen);
void add_edit(CLI::App& app, Body& chosen);
void add_evaluate(CLI::App& app, Body& chosen);
void add_suite(CLI::App& app, Body& chosen);
void add_hunt(CLI::App& app, Body& chosen);
void add_rate(CLI::App& app, Body& chosen);
void add_shrink(CLI::App& app, Body& chosen);
void add_blame(CLI::App& app, Body& chosen);
void add_run_worker(CLI::App& app, Body& chosen);
void add_compare(CLI::App& app, Body& chosen);
void add_error_model(CLI::App& app, Body& chosen);
void add_train(CLI::App& app, Body& chosen);
void add_bench(CLI::App& app, Body& chosen);
void add_failures(CLI::App& app, Body& chosen);
void add_road(CLI::App& app, Body& chosen);
void add_scenario(CLI::App& app, Body& chosen);
void add_doctor(CLI::App& app, Body& chosen);
void add_look(CLI::App& app, Body& chosen);
void add_rig(CLI::App& app, Body& chosen);
void add_model(CLI::App& app, Body& chosen);
void add_export(CLI::App& app, Body& chosen);
void add_audit(CLI::App& app, Body& chosen);
void add_develop(CLI::App& app, Body& chosen);
void add_inspect(CLI::App& app, Body& chosen);

}  // namespace huntsman::apps
