// The perception network: eight reduced pictures in, maps over the ground out, and the aspects of
// signal heads from crops. Defined in TorchScript, so that a trained file runs in any LibTorch.
//
// Inference and training use exactly one thread per call, so that results keep their bits whatever
// the machine and whatever `--threads` says.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "bridge/torch/bev.h"
#include "engine/core/result.h"

namespace huntsman::bridge::torch {

// Classes of the signal crops, in the order of the network's outputs.
enum SignalClass { kSignalUnknown, kSignalRed, kSignalYellow, kSignalGreen, kSignalClasses };

struct Inference {
    std::vector<float> maps;  // kChannels × kRows × kColumns; the heat maps after the sigmoid
    std::vector<std::array<float, kSignalClasses>> signals;  // probabilities, one row a crop
};

// A frame to learn from.
struct Sample {
    std::vector<std::uint8_t> pictures;  // cameras × 3 × kInputHeight × kInputWidth
    std::vector<TrainingBox> boxes;
    std::vector<std::uint8_t> crops;         // n × 3 × kCropSide × kCropSide
    std::vector<std::uint8_t> crop_classes;  // n of SignalClass
};

class Network {
  public:
    // A fresh network with weights drawn from the seed.
    static engine::core::Result<std::unique_ptr<Network>> create(std::uint64_t seed);
    // Errors say what is missing where the file is no network of ours.
    static engine::core::Result<std::unique_ptr<Network>> load(const std::filesystem::path& path);
    virtual ~Network() = default;
    virtual engine::core::Status save(const std::filesystem::path& path) const = 0;

    virtual std::int64_t parameter_count() const = 0;
    virtual void set_lift(const Lift& lift) = 0;
    // `pictures` is cameras × 3 × kInputHeight × kInputWidth, `crops` n × 3 × kCropSide ×
    // kCropSide.
    virtual engine::core::Status infer(std::span<const std::uint8_t> pictures,
                                       std::span<const std::uint8_t> crops, Inference& out) = 0;
};

struct StepLoss {
    double heat = 0, box = 0, signal = 0;
    double total() const { return heat + box + signal; }
};

// Adam [Kingma & Ba 2015] over replicas, each on its own thread; gradients are added in a fixed
// order.
class Trainer {
  public:
    static engine::core::Result<std::unique_ptr<Trainer>> create(std::uint64_t seed,
                                                                 const Lift& lift, int replicas);
    virtual ~Trainer() = default;

    // One update from a batch, which is split evenly over the replicas.
    virtual engine::core::Result<StepLoss> step(std::span<const Sample* const> batch,
                                                double learning_rate) = 0;
    // Loss without an update.
    virtual engine::core::Result<StepLoss> evaluate(std::span<const Sample* const> batch) = 0;

    virtual const Network& network() const = 0;
    // Weights, moments and the number of steps made; `mark` is the caller's own counter.
    virtual engine::core::Status save_checkpoint(const std::filesystem::path& path,
                                                 std::int64_t mark) const = 0;
    virtual engine::core::Result<std::int64_t> load_checkpoint(
        const std::filesystem::path& path) = 0;
};

// [Kingma & Ba 2015] D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, ICLR.
// [Zhou et al. 2019] X. Zhou, D. Wang, P. Krähenbühl, Objects as points, arXiv:1904.07850.
// [Philion & Fidler 2020] J. Philion, S. Fidler, Lift, splat, shoot, ECCV. The lift here is fixed
//   instead of learned: features are pulled to known points, as in M. Harley et al., Simple-BEV,
//   2022.
}  // namespace huntsman::bridge::torch
