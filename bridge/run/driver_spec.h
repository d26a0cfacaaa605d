// Drivers by their names: one table says which there are, and parsing, help, messages and
// evaluation follow from it. A new driver is a row of it (docs/howto/driver.md).
#pragma once

#include <memory>
#include <span>
#include <string>

#include "bridge/driver/driver.h"
#include "bridge/loop/run.h"

namespace huntsman::bridge::run {

// Where a driver has its network, or what stands in for one, from.
enum class NetworkFile {
    kNone,    // it has none
    kOption,  // RunOptions::network
    kInName,  // the text after its name and a colon, as in torch:FILE.pt or errors:FILE.json
};

struct DriverKind {
    const char* name;
    const char* what;  // one phrase
    bool needs_images;
    NetworkFile network;
    const char* ending = "";  // of the file in its name
    // Perceives and plans in two steps, between which ideal parts can come in; and has a planner
    // other than the shared one.
    bool perceives = false, own_planner = false;
    // `network` is empty where it has none.
    engine::core::Result<std::unique_ptr<driver::Driver>> (*make)(
        const loop::RunOptions& options, const std::filesystem::path& network);
};
std::span<const DriverKind> driver_kinds();

// "oracle, network, torch:FILE.pt, errors:FILE.json, constant, r157, scripted or none".
std::string driver_names();
// Each with what it is, for help texts.
std::string driver_help();

// The kind of driver that has this name. An error says what was expected and begins with `what`,
// as in "--driver is".
engine::core::Result<const DriverKind*> find_driver(const std::string& what,
                                                    const std::string& driver);

// The file of the network that the options' driver runs; empty where it runs none.
std::filesystem::path network_file(const loop::RunOptions& options);

// The driver that the options name; nullptr where the scenario's story moves the ego.
engine::core::Result<std::unique_ptr<driver::Driver>> make_driver(const loop::RunOptions& options);

}  // namespace huntsman::bridge::run
