// write_mine mine FOLDER: what MAP-Elites archives on two benchmark functions, as FOLDER/mine.json,
// for pyribs to do the same.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>

#include "bridge/mine/search.h"

using namespace huntsman;
using namespace huntsman::bridge::mine;

namespace {

constexpr std::size_t kDimensions = 10, kBudget = 10'000, kGeneration = 20;
constexpr int kCells = 40;  // to a side of the archive
constexpr int kSeeds = 5;

struct Outcome {
    double severity, x, y;  // x, y: in [-1, 1]
};

// Sphere, and the means of its coordinates' halves [Fontaine et al. 2020, section 5, without its
// clipping].
Outcome sphere(const Point& u) {
    double squares = 0, x = 0, y = 0;
    for (std::size_t j = 0; j < u.size(); ++j) {
        const double v = 2 * u[j] - 1;
        squares += (v - 0.4) * (v - 0.4);
        (j < u.size() / 2 ? x : y) += 2 * v / static_cast<double>(u.size());
    }
    return {-squares, x, y};
}

// An arm of equal limbs: where its hand is; the less its joints differ the better [Vassiliades and
// Mouret 2018, section 5].
Outcome arm(const Point& u) {
    const double n = static_cast<double>(u.size());
    double mean = 0, variance = 0, angle = 0, x = 0, y = 0;
    for (const double v : u) mean += v / n;
    for (const double v : u) {
        variance += (v - mean) * (v - mean) / n;
        angle += (v - 0.5) * 2 * std::numbers::pi;
        x += std::cos(angle) / n;
        y += std::sin(angle) / n;
    }
    return {-variance, x, y};
}

int cell(double x) {
    return std::clamp(static_cast<int>(std::floor(0.5 * (x + 1) * kCells)), 0, kCells - 1);
}

nlohmann::json archive_of(Outcome (*function)(const Point&), std::uint64_t seed) {
    std::vector<Dimension> dimensions;
    for (std::size_t j = 0; j < kDimensions; ++j) {
        dimensions.push_back(
            {.name = fmt::format("x{}", j), .unit = "1", .nominal = 0.5, .low = 0, .high = 1});
    }
    const auto evaluate = [&](const std::vector<Point>& points) {
        std::vector<Evaluation> all;
        for (const Point& u : points) {
            const Outcome o = function(u);
            all.push_back({.severity = o.severity, .niche = {cell(o.x), cell(o.y)}});
        }
        return engine::core::Result<std::vector<Evaluation>>(all);
    };
    const auto found =
        search(Method::kMapElites, *Space::create(dimensions),
               {.seed = seed, .budget = kBudget, .generation = kGeneration}, evaluate)
            .value();
    std::map<std::vector<int>, const Found*> elites;
    for (const Found& f : found) {
        const Found*& elite = elites[f.e.niche];
        if (elite == nullptr || f.e.severity > elite->e.severity) elite = &f;
    }
    nlohmann::json json = nlohmann::json::array();
    for (const auto& [niche, f] : elites) {
        json.push_back({{"niche", niche}, {"severity", f->e.severity}, {"u", f->u}});
    }
    return json;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: write_mine mine FOLDER\n");
        return 2;
    }
    nlohmann::json json = {{"dimensions", kDimensions},
                           {"budget", kBudget},
                           {"generation", kGeneration},
                           {"cells", kCells}};
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        json["archives"]["sphere"].push_back(archive_of(sphere, seed));
        json["archives"]["arm"].push_back(archive_of(arm, seed));
    }
    const std::filesystem::path folder = argv[2];
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "mine.json") << json.dump() << "\n";
    return 0;
}

// [Fontaine et al. 2020] M. C. Fontaine, J. Togelius, S. Nikolaidis, A. K. Hoover, Covariance
// Matrix
//   Adaptation for the Rapid Illumination of Behavior Space, GECCO.
// [Vassiliades and Mouret 2018] V. Vassiliades, J.-B. Mouret, Discovering the Elite Hypervolume by
//   Leveraging Interspecies Correlation, GECCO.
