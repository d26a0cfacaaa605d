// Makes people.
//
//   huntsman_bake_people cast COUNT FILE
//       the first COUNT people and those in roles, as a cast file
//   huntsman_bake_people obj FIRST LAST PREFIX [KEY=VALUE ...]
//       people of these seeds as PREFIX<seed>.obj, with colours at the vertices. Keys: level, act
//       (number of an Activity; none: as at rest), phase (in cycles), speed, turn, haste, time,
//       gesture, wave (its phase), seat, steer, kerb (ahead), rise, look_x, look_y, look_z
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "engine/core/files.h"
#include "engine/figure/cast_file.h"
#include "engine/figure/motion.h"
#include "scenarios/people/cast.h"

namespace {

namespace figure = huntsman::engine::figure;
namespace math = huntsman::engine::math;
namespace core = huntsman::engine::core;
using namespace huntsman::scenarios::people;

int failed(const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 3;
}

// Threads share the people out; each has data of its own, and each person depends on its seed
// alone.
core::Result<std::vector<figure::Model>> models_of(const BodyData& data,
                                                   const std::vector<Person>& cast) {
    std::vector<figure::Model> models(cast.size());
    std::vector<core::Status> status(cast.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        BodyData own = data;
        for (std::size_t k = next++; k < cast.size(); k = next++) {
            auto model = make_model(own, cast[k]);
            if (model.ok()) {
                models[k] = std::move(model.value());
            } else {
                status[k] = model.error();
            }
        }
    };
    std::vector<std::thread> threads;
    for (unsigned k = 0; k < std::max(1U, std::thread::hardware_concurrency()); ++k) {
        threads.emplace_back(work);
    }
    for (std::thread& thread : threads) thread.join();
    for (const core::Status& one : status) {
        if (!one.ok()) return one.error();
    }
    return models;
}

using Options = std::map<std::string, double>;

figure::Movement movement_of(Options& o) {
    figure::Movement m;
    m.activity = static_cast<figure::Activity>(static_cast<int>(o["act"]));
    m.phase_rad = 2 * math::kPi * o["phase"];
    m.speed_mps = o["speed"];
    m.turn_rad_s = o["turn"];
    m.haste = o["haste"];
    m.time_s = o["time"];
    m.gesture = static_cast<figure::Gesture>(static_cast<int>(o["gesture"]));
    m.gesture_phase = o["wave"];
    m.steer_rad = o["steer"];
    if (o.count("seat") != 0) m.seat_m = o["seat"];
    if (o.count("kerb") != 0) m.kerb = figure::Kerb{o["kerb"], o["rise"]};
    if (o.count("look_x") != 0) m.look_at_B = math::Vec3(o["look_x"], o["look_y"], o["look_z"]);
    return m;
}

std::string obj_of(const figure::Model& model, const figure::Level& level,
                   const figure::Pose& pose) {
    const auto rows = skinning_rows(model.skeleton, forward(model.skeleton, pose));
    std::string text;
    for (const figure::Vertex& v : level.vertices) {
        double p[3] = {0, 0, 0}, n[3] = {0, 0, 0}, colour[3];
        for (std::size_t k = 0; k < 4; ++k) {
            const auto& row = rows[v.joints[k]];
            const double share = v.weights[k] / 255.0;
            for (std::size_t i = 0; i < 3; ++i) {
                p[i] += share * static_cast<double>(row[4 * i + 3]);
                for (std::size_t j = 0; j < 3; ++j) {
                    p[i] += share * static_cast<double>(row[4 * i + j] * v.p[j]);
                    n[i] += share * static_cast<double>(row[4 * i + j] * v.n[j]);
                }
            }
        }
        for (std::size_t c = 0; c < 3; ++c) {
            colour[c] = v.colour[c] / 65535.0;
            if (v.tint == figure::Tint::kTop) colour[c] *= static_cast<double>(model.tints[0][c]);
            if (v.tint == figure::Tint::kBottom) {
                colour[c] *= static_cast<double>(model.tints[1][c]);
            }
        }
        text +=
            fmt::format("v {:.5f} {:.5f} {:.5f} {:.4f} {:.4f} {:.4f}\nvn {:.4f} {:.4f} {:.4f}\n",
                        p[0], p[1], p[2], colour[0], colour[1], colour[2], n[0], n[1], n[2]);
    }
    for (std::size_t i = 0; i + 2 < level.indices.size(); i += 3) {
        text += fmt::format("f {0}//{0} {1}//{1} {2}//{2}\n", level.indices[i] + 1,
                            level.indices[i + 1] + 1, level.indices[i + 2] + 1);
    }
    return text;
}

int write_obj(BodyData& data, int first, int last, const std::string& prefix, Options options) {
    for (int seed = first; seed <= last; ++seed) {
        const auto id = static_cast<std::uint64_t>(seed);
        const Person person = random_person(id, season_of(id));
        auto model = make_model(data, person);
        if (!model.ok()) return failed(model.error());
        const auto k = std::min<std::size_t>(static_cast<std::size_t>(options["level"]),
                                             model->levels.size() - 1);
        figure::Movement movement = movement_of(options);
        if (options.count("gesture") == 0 || options["gesture"] == 0)
            movement.gesture = model->hold;
        const figure::Pose pose = options.count("act") != 0 ? pose_of(model->skeleton, movement)
                                                            : rest_pose(model->skeleton);
        const auto status = core::write_file(fmt::format("{}{}.obj", prefix, seed),
                                             obj_of(*model, model->levels[k], pose));
        if (!status.ok()) return failed(status.error());
        fmt::print("{}: {:.0f} years, {:.2f} m, {:.0f} kg;", person.name, person.body.age_years,
                   person.body.height_m, person.body.mass_kg);
        for (const auto& level : model->levels) fmt::print(" {}", level.indices.size() / 3);
        fmt::print(" triangles\n");
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (!(command == "cast" && argc == 4) && !(command == "obj" && argc >= 5)) {
        std::fprintf(stderr,
                     "expected: cast COUNT FILE, or obj FIRST LAST PREFIX [KEY=VALUE ...]\n");
        return 2;
    }
    auto data = BodyData::read(data_folder());
    if (!data.ok()) return failed(data.error());
    if (command == "cast") {
        auto cast = random_cast(static_cast<std::size_t>(std::atoi(argv[2])));
        for (Person& person : role_cast()) cast.push_back(std::move(person));
        const auto models = models_of(*data, cast);
        if (!models.ok()) return failed(models.error());
        const auto status = figure::write_cast(argv[3], *models);
        return status.ok() ? 0 : failed(status.error());
    }
    Options options;
    for (int k = 5; k < argc; ++k) {
        const std::string text = argv[k];
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) return failed({.message = "expected KEY=VALUE: " + text});
        options[text.substr(0, equals)] = std::atof(text.c_str() + equals + 1);
    }
    return write_obj(*data, std::atoi(argv[2]), std::atoi(argv[3]), argv[4], options);
}
