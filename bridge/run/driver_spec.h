// Drivers by their names: one table says which there are, and parsing, help, messages and
// evaluation follow from it. A new driver is a row of it (docs/howto/driver.md).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/loop/run.h"

namespace huntsman::bridge::run {

// Where a driver has its network, or what stands in for one, from.
enum class NetworkFile {
    kNone,    // it has none
    kOption,  // RunOptions::network
    kInName,  // the text after its name and a colon, as in torch:FILE.pt or errors:FILE.json
    kRemote,  // in another process: the text says where that is or how it is started
};

struct DriverKind {
    const char* name;
    const char* what;   // one phrase
    bool needs_images;  // of another process: it may, and says so itself
    NetworkFile network;
    // Of the file in its name; of another process how it is written after the colon.
    const char* ending = "";
    // Perceives and plans in two steps, between which ideal parts can come in; and has a planner
    // other than the shared one.
    bool perceives = false, own_planner = false;
    // Named with a text of the user's after a colon.
    bool takes_text() const {
        return network == NetworkFile::kInName || network == NetworkFile::kRemote;
    }
    // `network` is empty where it has none.
    engine::core::Result<std::unique_ptr<driver::Driver>> (*make)(
        const loop::RunOptions& options, const std::filesystem::path& network);
};
std::span<const DriverKind> driver_kinds();

// "oracle, network, torch:FILE.pt, errors:FILE.json, grpc:HOST:PORT, exec:COMMAND,
// alpasim:HOST:PORT, constant, r157,
// scripted or none".
std::string driver_names();
// Each with what it is, for help texts.
std::string driver_help();

// The kind of driver that has this name. An error says what was expected and begins with `what`,
// as in "--driver is". The text of a remote driver is checked, but nobody is asked.
engine::core::Result<const DriverKind*> find_driver(const std::string& what,
                                                    const std::string& driver);

// The file of the network that the options' driver runs; empty where it runs none, or in another
// process.
std::filesystem::path network_file(const loop::RunOptions& options);

// The files that the options' driver is made of, as far as its name tells: that one, or the words
// of a command that are files.
std::vector<std::filesystem::path> driver_files(const loop::RunOptions& options);

// The driver that the options name; nullptr where the scenario's story moves the ego.
engine::core::Result<std::unique_ptr<driver::Driver>> make_driver(const loop::RunOptions& options);

}  // namespace huntsman::bridge::run
