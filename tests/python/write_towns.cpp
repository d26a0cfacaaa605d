// write_towns opendrive FOLDER: fifty generated towns as OpenDRIVE files, those of the shipped
// scenarios in turn, for validators in other languages.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/assets.h"
#include "scenarios/model/scenario.h"
#include "scenarios/opendrive/opendrive.h"

using namespace huntsman;

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: write_towns opendrive FOLDER\n");
        return 2;
    }
    constexpr std::uint64_t kTowns = 50;
    const std::filesystem::path folder = argv[2];
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const std::vector<std::string> scenarios = engine::core::shipped("scenarios");
    for (std::uint64_t seed = 1; seed <= kTowns; ++seed) {
        auto scenario = scenarios::model::load(engine::core::assets_folder() / "scenarios" /
                                               (scenarios[seed % scenarios.size()] + ".json"));
        if (!scenario) {
            std::fprintf(stderr, "write_towns: %s\n", scenario.error().text().c_str());
            return 2;
        }
        scenario->town.seed = seed;
        const auto model = scenarios::town::generate_roads(scenario->town);
        if (!model) {
            std::fprintf(stderr, "write_towns: seed %d: %s\n", static_cast<int>(seed),
                         model.error().text().c_str());
            return 2;
        }
        const auto file = folder / fmt::format("{}_{}.xodr", scenario->name, seed);
        if (auto saved = scenarios::opendrive::save(*model, file); !saved) {
            std::fprintf(stderr, "write_towns: %s\n", saved.error().text().c_str());
            return 2;
        }
    }
    return 0;
}
