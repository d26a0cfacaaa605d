// Makes animals.
//
//   huntsman_bake_animals pack OUT FILE ...      animals of these files, as a file of figures
//   huntsman_bake_animals obj FILE OUT [KEY=VALUE ...]
//       one with colours at the vertices. Keys: level, act (0 stands, 1 on foot; none: as at rest),
//       speed, phase (in cycles), turn, time
#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>
#include <thread>

#include "engine/core/files.h"
#include "engine/figure/cast_file.h"
#include "engine/figure/motion.h"
#include "scenarios/animals/animal.h"

namespace {

namespace core = huntsman::engine::core;
namespace figure = huntsman::engine::figure;
namespace math = huntsman::engine::math;
using namespace huntsman::scenarios::animals;

int failed(const core::Error& error) {
    std::fprintf(stderr, "bake_animals: %s\n", error.text().c_str());
    return core::exit_code(error.kind);
}

// Threads share the files out; each animal depends on its file alone.
int pack(const std::filesystem::path& out, const std::vector<std::filesystem::path>& files) {
    std::vector<Animal> animals;
    for (const auto& file : files) {
        auto animal = read_animal(file);
        if (!animal) return failed(animal.error());
        animals.push_back(std::move(*animal));
    }
    std::vector<figure::Model> models(files.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t k = next++; k < files.size(); k = next++) {
            models[k] = make_model(animals[k], files[k].stem().string());
        }
    };
    std::vector<std::thread> threads;
    for (unsigned k = 0; k < std::max(1U, std::thread::hardware_concurrency()); ++k) {
        threads.emplace_back(work);
    }
    for (std::thread& thread : threads) thread.join();
    const auto status = figure::write_cast(out, models);
    return status.ok() ? 0 : failed(status.error());
}

std::string obj_of(const figure::Model& model, const figure::Level& level,
                   const figure::Pose& pose) {
    const auto rows = figure::skinning_rows(model.skeleton, forward(model.skeleton, pose));
    std::string text;
    for (const figure::Vertex& v : level.vertices) {
        double p[3] = {};
        for (std::size_t k = 0; k < 4; ++k) {
            const auto& row = rows[v.joints[k]];
            const double share = v.weights[k] / 255.0;
            for (std::size_t i = 0; i < 3; ++i) {
                p[i] += share * static_cast<double>(row[4 * i + 3]);
                for (std::size_t j = 0; j < 3; ++j) {
                    p[i] += share * static_cast<double>(row[4 * i + j] * v.p[j]);
                }
            }
        }
        text += fmt::format("v {:.5f} {:.5f} {:.5f} {:.4f} {:.4f} {:.4f}\n", p[0], p[1], p[2],
                            v.colour[0] / 65535.0, v.colour[1] / 65535.0, v.colour[2] / 65535.0);
    }
    for (std::size_t i = 0; i + 2 < level.indices.size(); i += 3) {
        text += fmt::format("f {} {} {}\n", level.indices[i] + 1, level.indices[i + 1] + 1,
                            level.indices[i + 2] + 1);
    }
    return text;
}

int write_obj(const char* file, const char* out, std::map<std::string, double> options) {
    const auto animal = read_animal(file);
    if (!animal) return failed(animal.error());
    const figure::Model model = make_model(*animal, std::filesystem::path(file).stem().string());
    for (const auto& level : model.levels) fmt::print("{} ", level.indices.size() / 3);
    const auto& v = model.levels.front().vertices;
    double low[3] = {1e9, 1e9, 1e9}, high[3] = {-1e9, -1e9, -1e9};
    for (const auto& one : v) {
        for (int k = 0; k < 3; ++k) {
            low[k] = std::min(low[k], static_cast<double>(one.p[k]));
            high[k] = std::max(high[k], static_cast<double>(one.p[k]));
        }
    }
    fmt::print("triangles; {:.3f} x {:.3f} x {:.3f} m\n", high[0] - low[0], high[1] - low[1],
               high[2] - low[2]);
    const figure::Movement movement{.phase_rad = 2 * math::kPi * options["phase"],
                                    .speed_mps = options["speed"],
                                    .turn_rad_s = options["turn"],
                                    .time_s = options["time"]};
    const auto pose = options.count("act") != 0 ? figure::pose_of(model.skeleton, movement)
                                                : figure::rest_pose(model.skeleton);
    const auto k =
        std::min<std::size_t>(static_cast<std::size_t>(options["level"]), model.levels.size() - 1);
    const auto status = core::write_file(out, obj_of(model, model.levels[k], pose));
    return status.ok() ? 0 : failed(status.error());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "pack" && argc >= 4) return pack(argv[2], {argv + 3, argv + argc});
    if (command == "obj" && argc >= 4) {
        std::map<std::string, double> options;
        for (int k = 4; k < argc; ++k) {
            const std::string text = argv[k];
            const std::size_t equals = text.find('=');
            if (equals == std::string::npos) {
                return failed({.message = "expected KEY=VALUE: " + text});
            }
            options[text.substr(0, equals)] = std::atof(text.c_str() + equals + 1);
        }
        return write_obj(argv[2], argv[3], std::move(options));
    }
    std::fprintf(stderr, "expected: pack OUT FILE ..., or obj FILE OUT [KEY=VALUE ...]\n");
    return 2;
}
