// Calls the program as a user does.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace huntsman::tests {

struct Outcome {
    int code = -1;
    std::string out, err;
};

inline std::string text_of(const std::filesystem::path& file) {
    std::ostringstream content;
    content << std::ifstream(file).rdbuf();
    return content.str();
}

// The folder in which `call` runs the program, one a test program.
inline std::filesystem::path call_folder() {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("huntsman_cli_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    return folder;
}

// Runs a command line of a shell in the folder.
inline Outcome shell(const std::string& line) {
    const std::filesystem::path folder = call_folder();
    const std::string command =
        "cd " + folder.string() + " && " + line + " >out.txt 2>err.txt </dev/null";
    Outcome outcome;
    const int status = std::system(command.c_str());
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    outcome.out = text_of(folder / "out.txt");
    outcome.err = text_of(folder / "err.txt");
    return outcome;
}

inline Outcome call(const std::string& arguments) {
    return shell(HUNTSMAN_PROGRAM " " + arguments);
}

// Starts the program in the background; its process. What it prints goes to started.txt.
inline pid_t start(const std::string& arguments) {
    const std::string pid_file = (call_folder() / "pid.txt").string();
    const std::string line = "cd " + call_folder().string() + " && (exec " HUNTSMAN_PROGRAM " " +
                             arguments + " >started.txt 2>&1 </dev/null & echo $! >" + pid_file +
                             ")";
    EXPECT_EQ(std::system(line.c_str()), 0);
    return static_cast<pid_t>(std::stol(text_of(pid_file)));
}

// Exactly one line on stderr that names the program and holds `part`.
inline void expect_sentence(const Outcome& outcome, int code, const std::string& part) {
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("huntsman: ")) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
}

}  // namespace huntsman::tests
