// write_detection detection FOLDER: boxes of one class, true and perceived, and their scores, as
// FOLDER/detection.json, for the nuScenes devkit to compute again.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bridge/score/formulas.h"
#include "engine/core/random.h"

using namespace huntsman;
using namespace huntsman::bridge::score;
using engine::core::Key;
using engine::math::Vec2;
using engine::math::Vec3;

namespace {

nlohmann::json to_json(const DetectionBox& box) {
    return {{"frame", box.frame},
            {"centre", {box.centre.x, box.centre.y}},
            {"size", {box.size_m.x, box.size_m.y, box.size_m.z}},
            {"yaw", box.yaw_rad},
            {"velocity", {box.velocity_mps.x, box.velocity_mps.y}},
            {"score", box.score}};
}

// Thirty frames of eight true boxes; of each `found` are perceived, somewhat off, and some others.
nlohmann::json scene(const Key& key, double found) {
    nlohmann::json json;
    std::vector<DetectionBox> truths, detections;
    std::vector<DetectionTruth> centres;
    std::vector<Detection> detected;
    const auto perceive = [&](DetectionBox box, double score) {
        box.score = score;
        json["detections"].push_back(to_json(box));
        detections.push_back(box);
        detected.push_back({box.frame, box.centre, box.score});
    };
    for (std::uint32_t frame = 0; frame < 30; ++frame) {
        for (std::uint64_t i = 0; i < 8; ++i) {
            const Key k = key.with(frame).with(i);
            const DetectionBox truth{.frame = frame,
                                     .centre = {k.uniform(-40, 40, 0), k.uniform(-40, 40, 1)},
                                     .size_m = {k.uniform(3, 6, 2), 1.9, k.uniform(1.4, 2, 3)},
                                     .yaw_rad = k.uniform(-3, 3, 4),
                                     .velocity_mps = {k.uniform(-9, 9, 5), k.uniform(-9, 9, 6)}};
            truths.push_back(truth);
            centres.push_back({frame, truth.centre});
            json["truths"].push_back(to_json(truth));
            if (k.uniform(7) < found) {
                DetectionBox box = truth;
                box.centre += Vec2(k.normal(8), k.normal(9)) * 0.7;
                box.size_m *= 1 + 0.2 * k.uniform(10);
                box.yaw_rad += 0.3 * k.normal(11);
                box.velocity_mps += Vec2(k.normal(12), k.normal(13));
                perceive(box, k.uniform(0.3, 1, 14));
            }
            if (k.uniform(15) < 0.3) {
                DetectionBox box = truth;
                box.centre += Vec2(7, 7);
                perceive(box, k.uniform(0, 0.8, 16));
            }
        }
    }
    for (const double match_m : kMatchDistances_m) {
        json["average_precision"].push_back(average_precision(detected, centres, match_m));
    }
    const TruePositiveErrors e = true_positive_errors(detections, truths);
    json["errors"] = {{"trans_err", e.translation_m},
                      {"scale_err", e.scale},
                      {"orient_err", e.orientation_rad},
                      {"vel_err", e.velocity_mps}};
    return json;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: write_detection detection FOLDER\n");
        return 2;
    }
    nlohmann::json json;
    for (const double found : {0.9, 0.5, 0.05}) {
        json.push_back(scene(Key(5).with(static_cast<std::uint64_t>(100 * found)), found));
    }
    const std::filesystem::path folder = argv[2];
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "detection.json") << json.dump(1) << "\n";
    return 0;
}
