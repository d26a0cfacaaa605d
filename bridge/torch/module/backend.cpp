// The module's entry: LibTorch behind the Backend interface.
#include <ATen/Parallel.h>
#include <torch/version.h>

#include "bridge/torch/module/module.h"

namespace huntsman::bridge::torch {
namespace {

class TorchBackend final : public Backend {
  public:
    std::unique_ptr<Network> create_network(std::uint64_t seed) const override {
        return torch::create_network(seed);
    }
    engine::core::Result<std::unique_ptr<Network>> load_network(
        const std::filesystem::path& path) const override {
        return torch::load_network(path);
    }
    std::unique_ptr<Trainer> create_trainer(std::uint64_t seed, const Lift& lift,
                                            int replicas) const override {
        return torch::create_trainer(seed, lift, replicas);
    }
    engine::core::Result<std::unique_ptr<driver::Driver>> make_contract_driver(
        const std::filesystem::path& file, int cameras, int width, int height) const override {
        return open_contract_driver(file, cameras, width, height);
    }
    std::string version() const override { return TORCH_VERSION; }
    int threads() const override {
        settle_torch_thread();
        return at::get_num_threads();
    }
};

}  // namespace
}  // namespace huntsman::bridge::torch

extern "C" const huntsman::bridge::torch::Backend* huntsman_torch_backend() {
    static const huntsman::bridge::torch::TorchBackend backend;
    return &backend;
}
