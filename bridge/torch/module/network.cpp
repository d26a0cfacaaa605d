#include <algorithm>
#include <sstream>

#include "bridge/torch/module/module.h"
#include "engine/core/files.h"

namespace huntsman::bridge::torch {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::int64_t kPicture = 3 * kInputHeight * kInputWidth;
constexpr std::int64_t kCrop = 3 * kCropSide * kCropSide;

at::Tensor bytes(std::span<const std::uint8_t> data, at::IntArrayRef shape) {
    at::Tensor tensor = at::empty(shape, at::kByte);
    std::copy(data.begin(), data.end(), tensor.data_ptr<std::uint8_t>());
    return tensor;
}

}  // namespace

std::unique_ptr<TorchNetwork> create_network(std::uint64_t seed) {
    settle_torch_thread();
    auto network = std::make_unique<TorchNetwork>();
    network->module = make_module(seed);
    return network;
}

Result<std::unique_ptr<Network>> load_network(const std::filesystem::path& path) {
    settle_torch_thread();
    HM_TAKE(auto content, engine::core::read_file(path));
    auto network = std::make_unique<TorchNetwork>();
    try {
        std::istringstream stream(content);
        network->module = ::torch::jit::load(stream);
    } catch (const std::exception&) {
        return Error{.message =
                         "is not a TorchScript file, expected a network written by "
                         "'huntsman train'",
                     .file = path.string()};
    }
    const auto wrong = [&](const std::string& what) {
        return Error{.message = "is a TorchScript file but " + what +
                                ", expected a network written by 'huntsman train'",
                     .file = path.string()};
    };
    if (!network->module.hasattr("version")) return wrong("has no version");
    const auto version = network->module.attr("version");
    if (!version.isInt() || version.toInt() != kNetworkVersion) {
        return wrong(fmt::format("is not of version {}", kNetworkVersion));
    }
    const ::torch::jit::Module reference = make_module(0);
    for (const ConvLayer& layer : conv_layers()) {
        const std::string name = std::string(layer.name) + "_weight";
        if (!network->module.hasattr(name) || !network->module.attr(name).isTensor() ||
            network->module.attr(name).toTensor().sizes() !=
                reference.attr(name).toTensor().sizes()) {
            return wrong("lacks the layer " + std::string(layer.name) + " in its known shape");
        }
    }
    return std::unique_ptr<Network>(std::move(network));
}

Status TorchNetwork::save(const std::filesystem::path& path) const {
    std::ostringstream stream;
    try {
        module.save(stream);
    } catch (const std::exception& error) {
        return Error{.message = std::string("the network cannot be written: ") + error.what(),
                     .file = path.string()};
    }
    return engine::core::write_file(path, stream.str());
}

std::int64_t TorchNetwork::parameter_count() const {
    std::int64_t count = 0;
    for (const at::Tensor& tensor : parameters_of(module)) count += tensor.numel();
    return count;
}

Status TorchNetwork::infer(std::span<const std::uint8_t> pictures,
                           std::span<const std::uint8_t> crops, Inference& out) {
    settle_torch_thread();
    HM_CHECK(lift.index.defined(), "set_lift comes before infer");
    const auto cameras = static_cast<std::int64_t>(pictures.size()) / kPicture;
    const auto count = static_cast<std::int64_t>(crops.size()) / kCrop;
    HM_CHECK(cameras * kPicture == static_cast<std::int64_t>(pictures.size()),
             "{} bytes are no whole pictures", pictures.size());
    try {
        const c10::InferenceMode guard;
        // Crops are never empty for the network: one grey crop stands in and its answer is dropped.
        at::Tensor crop_tensor = count > 0 ? bytes(crops, {count, 3, kCropSide, kCropSide})
                                           : at::full({1, 3, kCropSide, kCropSide}, 128, at::kByte);
        const auto result = module
                                .forward({bytes(pictures, {cameras, 3, kInputHeight, kInputWidth}),
                                          lift.index, lift.offset, lift.weight, crop_tensor})
                                .toTuple();
        const at::Tensor maps = result->elements()[0].toTensor().contiguous();
        const at::Tensor states = result->elements()[1].toTensor().contiguous();
        const float* values = maps.data_ptr<float>();
        out.maps.assign(values, values + maps.numel());
        out.signals.resize(static_cast<std::size_t>(count));
        for (std::size_t i = 0; i < out.signals.size(); ++i) {
            for (std::size_t k = 0; k < kSignalClasses; ++k) {
                out.signals[i][k] = states.data_ptr<float>()[i * kSignalClasses + k];
            }
        }
    } catch (const std::exception& error) {
        const std::string text = error.what();
        return Error{.message = "the network failed: " + text.substr(0, text.find('\n'))};
    }
    return {};
}

}  // namespace huntsman::bridge::torch
