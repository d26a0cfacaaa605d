// Distinct failures: failing runs grouped by their signatures.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "bridge/failures/runs.h"

namespace huntsman::bridge::failures {

struct Cluster {
    mine::Signature signature;
    // Failing runs: confirmations first, then the most severe. The first one stands for all.
    std::vector<JudgedRun> members;
    std::map<std::string, int> drivers, situations, places, lights, weathers;  // runs of each

    const JudgedRun& first() const { return members.front(); }
    double worst_severity() const;
};

// The most severe first, then those of most runs. Runs that pass are not looked at.
std::vector<Cluster> clusters_of(std::span<const JudgedRun> runs);

// For a terminal, and as JSON. `runs` are those that the clusters were made from.
std::string text(std::span<const Cluster> clusters, std::span<const JudgedRun> runs);
nlohmann::ordered_json to_json(std::span<const Cluster> clusters, std::span<const JudgedRun> runs);

// "day 12, night 5", the most frequent first.
std::string counts_text(const std::map<std::string, int>& counts);

}  // namespace huntsman::bridge::failures
