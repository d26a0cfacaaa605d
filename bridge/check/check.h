// Whether a driver keeps to its contract: it is given moments of a run, blank ones and damaged
// ones, and what it answers is looked at.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bridge/driver/driver.h"
#include "bridge/loop/resources.h"
#include "bridge/loop/run.h"

namespace huntsman::bridge::check {

// What a driver is given at one camera tick, kept.
struct Moment {
    messages::Observation observation;
    std::vector<std::vector<std::uint8_t>> pictures;  // of the rig's cameras; none without pictures
    messages::Perception truth;
};

// The camera ticks of the first `count` that a run by the options has while its ego keeps lane and
// speed, with pictures unless the options switch them off. Errors: those of the run.
engine::core::Result<std::vector<Moment>> record_moments(loop::Resources& resources,
                                                         const loop::RunOptions& options,
                                                         std::size_t count);

// What another driver answers to the same moments.
struct Reference {
    std::string driver;
    std::vector<messages::Action> answers;
    double tolerance = 1e-4;  // of every number
};
struct Comparison {
    std::string driver;
    double most = 0;          // difference of two numbers, where the answers have the same parts
    std::string field;        // whose numbers those are
    std::size_t moments = 0;  // of these,
    std::size_t other = 0;    // have answers of other parts: more objects, another class
};

struct Report {
    std::string driver;
    bool pictures = false, truth = false;  // that it asks for
    std::size_t answers = 0;
    double min_ms = 0, median_ms = 0, p95_ms = 0, max_ms = 0;  // of the recorded moments
    // Its processes' memory, or this one's growth by a driver in it; none where it was not started
    // here.
    std::optional<double> memory_mb, growth_mb;
    bool same_twice = true;  // the same answers after a reset
    std::optional<Comparison> comparison;
    std::vector<std::string> violations;  // a sentence each
    std::vector<std::string> notes;       // what is odd but no violation
};

struct Trial {
    const engine::world::Rig& rig;
    const std::vector<Moment>& moments;
    double period_s = 0.1;  // of camera ticks
    // The driver's memory at present [MB]; nothing where it is not known.
    std::function<std::optional<double>()> memory_mb = {};
    const Reference* reference = nullptr;     // answers that are expected
    const std::atomic<bool>* stop = nullptr;  // set: an error says so
};

// The answers to the recorded moments after a reset. Errors: the driver's; interrupted.
engine::core::Result<Reference> reference_of(driver::Driver& driver, const Trial& trial);

// Recorded moments twice with a reset between, then blank and damaged ones: pictures black, white,
// of noise and frozen, no route, at a stand, at 60 m/s, after a gap of 2 s, at the same time again.
// Error: interrupted.
engine::core::Result<Report> check_driver(driver::Driver& driver, const Trial& trial);

// Resident memory of the processes that this one has started, with theirs; nothing where it has
// none.
std::optional<double> children_memory_mb();
double own_memory_mb();

}  // namespace huntsman::bridge::check
