#include "bridge/failures/clusters.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace huntsman::bridge::failures {

using nlohmann::ordered_json;

namespace {

void count(const JudgedRun& run, Cluster& cluster) {
    ++cluster.drivers[run.driver];
    ++cluster.situations[run.situation];
    ++cluster.places[run.place];
    if (!run.light.empty()) ++cluster.lights[run.light];
    if (!run.weather.empty()) ++cluster.weathers[run.weather];
}

std::size_t failed_of(std::span<const JudgedRun> runs) {
    return static_cast<std::size_t>(std::ranges::count_if(runs, &JudgedRun::failed));
}

// Confirmed before unconfirmed, more severe before less, keys as the last resort.
bool stands_before(const JudgedRun& a, const JudgedRun& b) {
    const auto rank = [](const JudgedRun& run) {
        return std::tuple(!run.confirmation, -run.facts.evaluation.severity, run.key);
    };
    return rank(a) < rank(b);
}

ordered_json member_json(const JudgedRun& run) {
    return {{"run", run.key},
            {"results", run.file.string()},
            {"driver", run.driver},
            {"situation", run.situation},
            {"place", run.place},
            {"light", run.light},
            {"weather", run.weather},
            {"severity", run.facts.evaluation.severity},
            {"failed_at_s", run.facts.failed_at_s},
            {"confirmation", run.confirmation},
            {"reason", run.facts.reason}};
}

}  // namespace

double Cluster::worst_severity() const {
    double worst = 0;
    for (const JudgedRun& run : members) worst = std::max(worst, run.facts.evaluation.severity);
    return worst;
}

std::vector<Cluster> clusters_of(std::span<const JudgedRun> runs) {
    std::map<mine::Signature, Cluster> found;
    for (const JudgedRun& run : runs) {
        if (!run.failed()) continue;
        Cluster& cluster = found[run.facts.signature];
        cluster.signature = run.facts.signature;
        count(run, cluster);
        cluster.members.push_back(run);
    }
    std::vector<Cluster> clusters;
    for (auto& [signature, cluster] : found) {
        std::ranges::sort(cluster.members, stands_before);
        clusters.push_back(std::move(cluster));
    }
    std::ranges::stable_sort(clusters, [](const Cluster& a, const Cluster& b) {
        return std::pair(a.worst_severity(), a.members.size()) >
               std::pair(b.worst_severity(), b.members.size());
    });
    return clusters;
}

std::string counts_text(const std::map<std::string, int>& counts) {
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater<>(), &std::pair<std::string, int>::second);
    std::string text;
    for (const auto& [what, number] : sorted) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, number);
    }
    return text;
}

std::string text(std::span<const Cluster> clusters, std::span<const JudgedRun> runs) {
    std::string out = fmt::format("{} of {} runs failed, {} distinct failure{}\n", failed_of(runs),
                                  runs.size(), clusters.size(), clusters.size() == 1 ? "" : "s");
    int number = 0;
    for (const Cluster& cluster : clusters) {
        const JudgedRun& first = cluster.first();
        const auto row = [&](const char* what, const std::string& value) {
            if (!value.empty()) out += fmt::format("   {:<11}{}\n", what, value);
        };
        out += fmt::format("\n{}. {} ({} run{})\n", ++number, mine::text(cluster.signature),
                           cluster.members.size(), cluster.members.size() == 1 ? "" : "s");
        row("severity", fmt::format("up to {:.2f}", cluster.worst_severity()));
        row("drivers", counts_text(cluster.drivers));
        row("situations", counts_text(cluster.situations));
        row("places", counts_text(cluster.places));
        row("light", counts_text(cluster.lights));
        row("weather", counts_text(cluster.weathers));
        row("example", first.facts.reason);
        row("run", fmt::format("{} in {}{}", first.key.substr(0, 12), first.file.string(),
                               first.confirmation ? " (confirmed)" : ""));
    }
    return out;
}

ordered_json to_json(std::span<const Cluster> clusters, std::span<const JudgedRun> runs) {
    ordered_json list = ordered_json::array();
    for (const Cluster& cluster : clusters) {
        ordered_json members = ordered_json::array();
        for (const JudgedRun& run : cluster.members) members.push_back(member_json(run));
        list.push_back({{"signature", mine::text(cluster.signature)},
                        {"kind", cluster.signature.kind},
                        {"other", cluster.signature.other},
                        {"geometry", cluster.signature.geometry},
                        {"cause", cluster.signature.cause},
                        {"count", cluster.members.size()},
                        {"worst_severity", cluster.worst_severity()},
                        {"drivers", cluster.drivers},
                        {"situations", cluster.situations},
                        {"places", cluster.places},
                        {"lights", cluster.lights},
                        {"weathers", cluster.weathers},
                        {"first", member_json(cluster.first())},
                        {"members", std::move(members)}});
    }
    return {{"schema_version", 1},
            {"runs", runs.size()},
            {"failed", failed_of(runs)},
            {"clusters", std::move(list)}};
}

}  // namespace huntsman::bridge::failures
