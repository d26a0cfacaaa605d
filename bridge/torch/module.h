// The TorchScript module behind Network: its layers, script and initial weights. LibTorch inside;
// only this room's sources include it.
#pragma once

#include <torch/script.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/torch/network.h"

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

struct Network::Impl {
    ::torch::jit::Module module;
    LiftTensors lift;
};

}  // namespace huntsman::bridge::torch
