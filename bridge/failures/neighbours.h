// The neighbourhood of a failing run: the same encounter at another place, in other light and
// weather, among others, with parameters that are slightly off. And runs of the same situations
// that nobody chose for failing.
//
// Everything is drawn by keys from the run's key and a number: the same run and number give the
// same scenario, whatever else is asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "bridge/export/mix.h"
#include "bridge/loop/run.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

// What neighbours draw from.
struct Surroundings {
    exporting::Mix sky;                // light and weather
    std::vector<std::uint64_t> towns;  // seeds where the situation is known to have a place
};
// The sky of the shipped mix `default`.
engine::core::Result<exporting::Mix> default_sky();

struct Neighbour {
    loop::RunOptions options;
    sensors::dataset::Values drawn;  // by name: "town" → 2003, "light" → "dusk", ...
    std::string varied;              // in words: "town, light, weather, cross_speed"
};

// Neighbour `number` of a failing run, from 1 on; 0 is the run itself. Light and weather are drawn
// anew, each parameter that is no choice is moved by up to 5 % of its range, half of the neighbours
// are in a town drawn from those given, and half have traffic and people about. Errors: the run's
// situation cannot be read.
engine::core::Result<Neighbour> neighbour(const loop::RunOptions& failing, const std::string& key,
                                          std::uint64_t number, const Surroundings& around);

// The same with all parameters drawn from their declared distributions and any of the towns.
engine::core::Result<Neighbour> random_run(const loop::RunOptions& failing, const std::string& key,
                                           std::uint64_t number, const Surroundings& around);

}  // namespace huntsman::bridge::failures
