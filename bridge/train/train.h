// Trains the perception network: renders frames from training towns, learns from them, writes the
// network file.
//
// Work goes to a folder: one shard of samples a town (written whole or not at all) and a checkpoint
// after each epoch, so that an interrupted training goes on where it was. Training towns have seeds
// below kFirstTestSeed; runs, results and tests use seeds from there on.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "bridge/loop/session.h"
#include "bridge/torch/network.h"

namespace huntsman::bridge::train {

constexpr std::uint64_t kFirstTestSeed = 1000;

struct TrainOptions {
    std::filesystem::path rig;
    std::filesystem::path work;     // shards and checkpoint
    std::filesystem::path network;  // written at the end
    int first_town = 1;             // seeds first_town .. first_town + towns - 1
    int towns = 40;
    double seconds = 60;  // driven in each town
    double samples_per_s = 2;
    int width = 640, height = 400;  // of the rendered pictures
    int epochs = 12;
    int batch = 8;
    double learning_rate = 2e-3;  // at the peak of the schedule
    std::uint64_t seed = 1;       // of weights, shuffling and augmentation
    int threads = 0;
};

struct TrainCallbacks {
    // What is being done ("town 3 of 40", "epoch 2 of 12, loss ..."), and the share of the whole.
    std::function<void(const std::string& what, double share)> progress;
    const std::atomic<bool>* stop = nullptr;
};

struct TrainResult {
    bool complete = false;  // false: interrupted, to be resumed
    int samples = 0, validation_samples = 0;
    int epochs = 0;
    double training_loss = 0, validation_loss = 0;
    std::int64_t parameters = 0;
};

engine::core::Result<TrainResult> train(const TrainOptions& options,
                                        const TrainCallbacks& callbacks);

// One sample from a camera tick with pictures and ids: reduced pictures, boxes of visible objects,
// crops of all signal heads in reach.
torch::Sample make_sample(const loop::FrameView& view);

// Shards of samples; a damaged or foreign file is an error.
engine::core::Status write_shard(const std::filesystem::path& path,
                                 const std::vector<torch::Sample>& samples);
engine::core::Result<std::vector<torch::Sample>> read_shard(const std::filesystem::path& path);

// For each camera the one that sees the mirrored world (itself, or its partner on the other side);
// empty where the rig is not symmetric within 0.2 m and 2 degrees.
std::vector<std::size_t> mirror_partners(const engine::world::Rig& rig);
// The sample of the world mirrored left to right.
torch::Sample mirrored(const torch::Sample& sample, const std::vector<std::size_t>& partners);

}  // namespace huntsman::bridge::train
