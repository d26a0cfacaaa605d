#include "bridge/torch/backend.h"

#include <dlfcn.h>

#include "bridge/driver/perceiving.h"

namespace huntsman::bridge::torch {

using engine::core::Error;
using engine::core::ErrorKind;
using engine::core::Result;

namespace {

Result<const Backend*> open_module() {
    const auto problem = [](const char* what) {
        return Error{.message = fmt::format("LibTorch's module cannot be opened ({}); "
                                            "./huntsman builds it and installs what it needs",
                                            what != nullptr ? what : "no reason given"),
                     .kind = ErrorKind::kMachine};
    };
    // Left open for good: LibTorch does not survive being unloaded.
    void* module = dlopen(HUNTSMAN_TORCH_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) return problem(dlerror());
    using Entry = const Backend* (*)();
    const auto entry = reinterpret_cast<Entry>(dlsym(module, kBackendSymbol));
    if (entry == nullptr) return problem(dlerror());
    return entry();
}

}  // namespace

Result<const Backend*> backend() {
    static const Result<const Backend*> opened = open_module();
    return opened;
}

Result<std::unique_ptr<Network>> Network::create(std::uint64_t seed) {
    HM_TAKE(const auto torch, backend());
    return torch->create_network(seed);
}

Result<std::unique_ptr<Network>> Network::load(const std::filesystem::path& path) {
    HM_TAKE(const auto torch, backend());
    return torch->load_network(path);
}

Result<std::unique_ptr<Trainer>> Trainer::create(std::uint64_t seed, const Lift& lift,
                                                 int replicas) {
    HM_TAKE(const auto torch, backend());
    return torch->create_trainer(seed, lift, replicas);
}

Result<std::unique_ptr<driver::Driver>> make_contract_driver(const std::filesystem::path& file,
                                                             int cameras, int width, int height) {
    HM_TAKE(const auto torch, backend());
    HM_TAKE(auto driver, torch->make_contract_driver(file, cameras, width, height));
    return driver::with_ideal_planning(std::move(driver));
}

Result<TorchReport> torch_report() {
    HM_TAKE(const auto torch, backend());
    return TorchReport{torch->version(), torch->threads()};
}

}  // namespace huntsman::bridge::torch
