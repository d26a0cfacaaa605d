#include "bridge/run/driver_spec.h"

#include <algorithm>
#include <array>

#include "bridge/error_model/errors.h"
#include "bridge/rpc/alpasim_driver.h"
#include "bridge/rpc/remote.h"
#include "bridge/torch/drivers.h"
#include "sensors/rig/rig.h"

namespace huntsman::bridge::run {

using engine::core::Error;
using engine::core::Result;
using loop::RunOptions;
namespace fs = std::filesystem;

namespace {

using MadeDriver = Result<std::unique_ptr<driver::Driver>>;

MadeDriver make_torch(const RunOptions& options, const fs::path& network) {
    HM_TAKE(const engine::world::Rig rig,
            sensors::rig::load(options.rig, options.width, options.height));
    return torch::make_contract_driver(network, static_cast<int>(rig.cameras.size()), options.width,
                                       options.height);
}

MadeDriver make_errors(const RunOptions& options, const fs::path& file) {
    HM_TAKE(auto model, error_model::load(file));
    return error_model::make_errors_driver(std::move(model), options.scenario.town.seed);
}

rpc::RemoteSettings remote_settings(const RunOptions& options) {
    return {.link = options.remote.value_or(driver::RemoteLink{}),
            .images = options.images && options.image_stride == 1};
}

// In another process.
MadeDriver make_remote(const RunOptions& options, const fs::path&) {
    HM_TAKE(const engine::world::Rig rig,
            sensors::rig::load(options.rig, options.width, options.height));
    return rpc::make_remote_driver(options.driver, remote_settings(options), rig);
}

MadeDriver make_alpasim(const RunOptions& options, const fs::path&) {
    HM_TAKE(const engine::world::Rig rig,
            sensors::rig::load(options.rig, options.width, options.height));
    return rpc::make_alpasim_driver(
        options.driver, remote_settings(options),
        {.seed = options.scenario.town.seed, .scene = options.scenario.name}, rig);
}

constexpr std::array kKinds = {
    DriverKind{.name = "oracle",
               .what = "the planner on what is truly there",
               .needs_images = false,
               .network = NetworkFile::kNone,
               .perceives = true,
               .make = [](const RunOptions&, const fs::path&) -> MadeDriver {
                   return driver::make_oracle_driver();
               }},
    DriverKind{.name = "network",
               .what = "the perception network and the planner",
               .needs_images = true,
               .network = NetworkFile::kOption,
               .perceives = true,
               .make = [](const RunOptions&, const fs::path& network) -> MadeDriver {
                   return torch::make_network_driver(network);
               }},
    DriverKind{.name = "torch",
               .what = "your own TorchScript network",
               .needs_images = true,
               .network = NetworkFile::kInName,
               .ending = ".pt",
               .own_planner = true,
               .make = make_torch},
    DriverKind{.name = "errors",
               .what = "the planner on true perception with the errors of a model",
               .needs_images = false,
               .network = NetworkFile::kInName,
               .ending = ".json",
               .perceives = true,
               .make = make_errors},
    DriverKind{.name = "grpc",
               .what = "your driver in another process, also grpc:unix:/PATH",
               .needs_images = true,
               .network = NetworkFile::kRemote,
               .ending = "HOST:PORT",
               .own_planner = true,
               .make = make_remote},
    DriverKind{.name = "exec",
               .what = "your driver as a command that is started",
               .needs_images = true,
               .network = NetworkFile::kRemote,
               .ending = "COMMAND",
               .own_planner = true,
               .make = make_remote},
    DriverKind{.name = "alpasim",
               .what = "a driver made for AlpaSim, which serves its EgodriverService",
               .needs_images = true,
               .network = NetworkFile::kRemote,
               .ending = "HOST:PORT",
               .own_planner = true,
               .make = make_alpasim},
    DriverKind{.name = "constant",
               .what = "keeps lane and speed and reacts to nobody",
               .needs_images = false,
               .network = NetworkFile::kNone,
               .make = [](const RunOptions&, const fs::path&) -> MadeDriver {
                   return driver::make_constant_driver();
               }},
    DriverKind{.name = "r157",
               .what = "the careful human driver of UN R157",
               .needs_images = false,
               .network = NetworkFile::kNone,
               .perceives = true,
               .own_planner = true,
               .make = [](const RunOptions&, const fs::path&) -> MadeDriver {
                   return driver::make_r157_driver();
               }},
    DriverKind{.name = loop::kScripted,
               .what = "the scenario's story moves its ego",
               .needs_images = false,
               .network = NetworkFile::kNone,
               .make = [](const RunOptions&, const fs::path&) -> MadeDriver {
                   return std::unique_ptr<driver::Driver>();
               }},
    DriverKind{.name = "none",
               .what = "brakes gently",
               .needs_images = false,
               .network = NetworkFile::kNone,
               .make = [](const RunOptions&, const fs::path&) -> MadeDriver {
                   return driver::make_none_driver();
               }},
};

// As it is written on the command line.
std::string spelling(const DriverKind& kind) {
    if (!kind.takes_text()) return kind.name;
    const bool with_file = kind.network == NetworkFile::kInName;
    return std::string(kind.name) + (with_file ? ":FILE" : ":") + kind.ending;
}

// What follows the name and a colon; empty where nothing does.
std::string after_colon(const std::string& driver) {
    const std::size_t colon = driver.find(':');
    return colon == std::string::npos ? "" : driver.substr(colon + 1);
}

const DriverKind* kind_of(const std::string& driver) {
    const auto is_this = [&](const DriverKind& kind) {
        if (!kind.takes_text()) return driver == kind.name;
        return driver.starts_with(std::string(kind.name) + ":") && !after_colon(driver).empty();
    };
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), is_this);
    return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace

std::span<const DriverKind> driver_kinds() { return kKinds; }

std::string driver_names() {
    std::string names;
    for (const DriverKind& kind : kKinds) {
        names += &kind == kKinds.data() ? "" : &kind == &kKinds.back() ? " or " : ", ";
        names += spelling(kind);
    }
    return names;
}

std::string driver_help() {
    std::string help;
    for (const DriverKind& kind : kKinds) {
        help += fmt::format("{}{} ({})", help.empty() ? "" : ", ", spelling(kind), kind.what);
    }
    return help;
}

Result<const DriverKind*> find_driver(const std::string& what, const std::string& driver) {
    if (const DriverKind* kind = kind_of(driver)) {
        if (kind->network != NetworkFile::kRemote) return kind;
        if (const auto target = rpc::parse_target(driver); !target) {
            return Error{.message = what + " " + driver + ", " + target.error().message};
        }
        return kind;
    }
    return Error{.message = what + " " + driver + ", expected " + driver_names()};
}

fs::path network_file(const RunOptions& options) {
    const DriverKind* kind = kind_of(options.driver);
    if (kind == nullptr) return {};
    if (kind->network == NetworkFile::kOption) return options.network;
    return kind->network == NetworkFile::kInName ? fs::path(after_colon(options.driver))
                                                 : fs::path();
}

std::vector<fs::path> driver_files(const RunOptions& options) {
    const fs::path network = network_file(options);
    if (!network.empty()) return {network};
    std::vector<fs::path> files;
    const auto target =
        options.driver.starts_with("exec:") ? rpc::parse_target(options.driver) : Error{};
    if (!target) return {};
    std::error_code ignored;
    for (const std::string& word : target->command) {
        if (fs::is_regular_file(word, ignored)) files.emplace_back(word);
    }
    return files;
}

MadeDriver make_driver(const RunOptions& options) {
    HM_TAKE(const DriverKind* kind, find_driver("driver is", options.driver));
    return kind->make(options, network_file(options));
}

}  // namespace huntsman::bridge::run
