// A gallery of distinct failures: one self-contained page for people, with pictures, what each
// failure needs, what it is blamed on, and the command that drives it again.
//
// What a failure needs and what it is blamed on are findings of the results files (bridge/suite/
// store.h); without a finding its part of the page is left out.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bridge/failures/clusters.h"
#include "bridge/failures/pictures.h"
#include "engine/core/result.h"

namespace huntsman::bridge::failures {

struct GallerySettings {
    std::vector<std::filesystem::path> files;  // results files
    RunFilter filter;
    std::filesystem::path html;  // page to write
    std::int64_t pictures = 12;  // failures that are driven again for pictures at most
};

// What "shrink" has found; empty where nobody has looked.
struct Needs {
    std::string sentence;
    std::string command;  // drives the minimal scenario
};

// What "blame" has found.
struct Blame {
    std::string sentence;
    std::vector<std::pair<std::string, double>> parts;  // with their shares, 0..1
    std::vector<std::pair<std::string, bool>> world;    // changes, and whether it passes then
    std::vector<std::filesystem::path> pictures;
};

struct GalleryEntry {
    Cluster cluster;
    std::string scenario, minimal;  // scenario files as text; empty: cannot be had
    std::string command;            // drives the first run again
    Needs needs;
    Blame blame;
    Shown shown;
    std::string trouble;  // why it cannot be driven or shown, in a sentence
};

struct Gallery {
    std::vector<std::filesystem::path> files;
    std::size_t runs = 0, failed = 0;
    std::vector<GalleryEntry> entries;
};

struct GalleryCallbacks {
    std::function<void(double share, const std::string& what)> progress;
    const std::atomic<bool>* stop = nullptr;
};

// Reads the failures, drives again those that have no pictures, and writes the page, which is
// there, without the pictures that are missing, from the beginning on. Scenario files go to a
// folder beside the page that has its name: gallery/1.json, gallery/1_minimal.json. What is wrong
// with one failure is said in its place. Errors: a results file cannot be read; the page cannot be
// written; no device to make pictures with; `stop` was set.
engine::core::Result<Gallery> make_gallery(const GallerySettings& settings,
                                           const GalleryCallbacks& callbacks);

std::string html(const Gallery& gallery);

}  // namespace huntsman::bridge::failures
