// The TorchScript module behind Network: its layers, script and initial weights. LibTorch inside;
// only this folder's sources include it.
#pragma once

#include <torch/script.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/torch/backend.h"

namespace huntsman::bridge::torch {

// Version of the network's format, written into the file and checked when it is read.
constexpr std::int64_t kNetworkVersion = 1;

struct ConvLayer {
    const char* name;
    int in, out, kernel, stride;
    bool normalised;  // followed by batch normalisation and ReLU
};
const std::vector<ConvLayer>& conv_layers();

::torch::jit::Module make_module(std::uint64_t seed);

// Trainable tensors in fixed order.
std::vector<at::Tensor> parameters_of(const ::torch::jit::Module& module);

// Keeps LibTorch on one thread and without graph rewriting on the calling thread.
void settle_torch_thread();

struct LiftTensors {
    at::Tensor index, offset, weight;
};
LiftTensors to_tensors(const Lift& lift);

struct TorchNetwork final : Network {
    ::torch::jit::Module module;
    LiftTensors lift;

    engine::core::Status save(const std::filesystem::path& path) const override;
    std::int64_t parameter_count() const override;
    void set_lift(const Lift& from) override { lift = to_tensors(from); }
    engine::core::Status infer(std::span<const std::uint8_t> pictures,
                               std::span<const std::uint8_t> crops, Inference& out) override;
};

// The backend's functions, each in the file of its subject.
std::unique_ptr<TorchNetwork> create_network(std::uint64_t seed);
engine::core::Result<std::unique_ptr<Network>> load_network(const std::filesystem::path& path);
std::unique_ptr<Trainer> create_trainer(std::uint64_t seed, const Lift& lift, int replicas);
engine::core::Result<std::unique_ptr<driver::Driver>> open_contract_driver(
    const std::filesystem::path& file, int cameras, int width, int height);

}  // namespace huntsman::bridge::torch
