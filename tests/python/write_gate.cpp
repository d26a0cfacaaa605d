// write_gate gate FOLDER: differences of clusters and what the gate's statistics make of them, as
// FOLDER/gate.json, for scipy to compute again.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bridge/gate/sequential.h"
#include "bridge/gate/statistics.h"

using namespace huntsman;
using namespace huntsman::bridge::gate;

namespace {

constexpr int kResamples = 20000;

std::vector<Cluster> clusters(int count, const engine::core::Key& key) {
    std::vector<Cluster> all;
    for (int c = 0; c < count; ++c) {
        const auto of = key.with(static_cast<std::uint64_t>(c));
        const auto cells = static_cast<std::size_t>(1 + of.with("cells").index(6));
        double sum = 0;
        for (std::size_t i = 0; i < cells; ++i) sum += 0.4 + of.normal(i);
        all.push_back({fmt::format("{:03}", c), sum, cells});
    }
    return all;
}

nlohmann::json of_clusters(int count, const engine::core::Key& key) {
    const auto all = clusters(count, key);
    nlohmann::json json;
    for (const Cluster& c : all) {
        json["sums"].push_back(c.sum);
        json["cells"].push_back(c.cells);
    }
    const Estimate e = estimate(all);
    const Interval interval = mean_interval(all, 0.95, key.with("bootstrap"), kResamples);
    json["mean"] = e.mean;
    json["standard_error"] = e.standard_error;
    json["interval"] = {interval.lower, interval.upper};
    json["p_value"] = sign_flip_p(all, key.with("sign flip"), kResamples);
    const double bound = t_bound(e.clusters, 0.95);
    json["power_of_1"] = power(1.0, e.standard_error, e.clusters, bound);
    json["detectable_loss"] = *detectable_loss(e.standard_error, e.clusters, bound, 0.8);
    return json;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: write_gate gate FOLDER\n");
        return 2;
    }
    const engine::core::Key key(3);
    nlohmann::json json;
    for (const int count : {8, 12, 40}) {
        json["clusters"].push_back(of_clusters(count, key.with(static_cast<std::uint64_t>(count))));
    }
    std::vector<double> p;
    for (std::uint64_t i = 0; i < 30; ++i) p.push_back(std::pow(key.with("p").uniform(i), 3));
    json["p_values"] = p;
    json["adjusted"] = benjamini_hochberg(p);
    const std::vector<double> shares = {0.3, 0.55, 0.8, 1.0};
    json["shares"] = shares;
    json["levels"]["obrien_fleming"] = *look_levels(Spending::kObrienFleming, shares, 0.05);
    json["levels"]["pocock"] = *look_levels(Spending::kPocock, shares, 0.05);
    const std::filesystem::path folder = argv[2];
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "gate.json") << json.dump(1) << "\n";
    return 0;
}
