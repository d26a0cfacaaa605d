// What needs LibTorch, behind an interface: a module that is opened at the first use, since merely
// linking LibTorch costs every start of the program a second.
//
// The module takes the messages' classes from the program that opens it, so that protobuf knows
// each of them once; programs export their symbols for this (ENABLE_EXPORTS).
#pragma once

#include <memory>

#include "bridge/torch/drivers.h"
#include "bridge/torch/network.h"

namespace huntsman::bridge::torch {

class Backend {
  public:
    virtual ~Backend() = default;
    virtual std::unique_ptr<Network> create_network(std::uint64_t seed) const = 0;
    virtual engine::core::Result<std::unique_ptr<Network>> load_network(
        const std::filesystem::path& path) const = 0;
    virtual std::unique_ptr<Trainer> create_trainer(std::uint64_t seed, const Lift& lift,
                                                    int replicas) const = 0;
    virtual engine::core::Result<std::unique_ptr<driver::Driver>> make_contract_driver(
        const std::filesystem::path& file, int cameras, int width, int height) const = 0;
    virtual std::string version() const = 0;
    virtual int threads() const = 0;
};

// The module's one symbol: its Backend, which lives as long as the program.
constexpr const char* kBackendSymbol = "huntsman_torch_backend";

// Opens the module at the first call; later calls and other threads get the same. Fails with
// ErrorKind::kMachine where LibTorch or the module cannot be loaded.
engine::core::Result<const Backend*> backend();

}  // namespace huntsman::bridge::torch
