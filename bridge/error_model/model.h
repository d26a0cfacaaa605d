// A model of what a perception gets wrong: whom it misses, what it invents, how far off it is.
//
// It turns true perception into one such as a network has, without pictures; docs/formats.md has
// its file. A model is fitted to a driver's measured errors (fit.h) or written by hand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/describe.h"
#include "engine/core/result.h"

namespace huntsman::bridge::error_model {

// Of a class, between the end of the band before (or 0) and `to_m` from the car.
struct Band {
    double to_m = 0;
    double miss = 0;             // probability
    double position_sd_m = 0;    // along each axis
    double false_per_frame = 0;  // mean number of objects that are not there
    // What these stand on; 0 in models that are written by hand.
    std::int64_t truths = 0, pairs = 0, false_objects = 0;
};

struct ClassErrors {
    std::vector<Band> bands;  // rising; beyond the last one nothing is seen
    // Mean time after which it is drawn again whether an object is missed, where it is seen, and
    // whether a false one goes on; 0: at each frame.
    double persistence_s = 0.5;
    // Odds of a miss are multiplied: at night, and for what is hidden wholly (by the hidden share).
    double night_odds = 1, hidden_odds = 1;
    double velocity_sd_mps = 0;  // along each axis
    double heading_sd_deg = 0;
    double size_sd_share = 0;                  // of length and width together
    std::int64_t night_truths = 0, links = 0;  // that night_odds and persistence_s stand on
};

struct Model {
    std::string summary;
    std::string not_measured;  // what the samples do not say
    double latency_ms = 0;     // perception is so old; not corrected for the ego's motion since
    bool sees_things = true;   // standing things and animals, which have no class
    ClassErrors vehicle, pedestrian;
};

// A class without bands is perceived as it is.
Model perfect();

engine::core::Result<Model> load(const std::filesystem::path& path);
// The same from a text; `name` stands for it in errors.
engine::core::Result<Model> parse(const std::string& text, const std::string& name);
std::string to_json(const Model& model);

}  // namespace huntsman::bridge::error_model
