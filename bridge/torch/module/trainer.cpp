#include <algorithm>
#include <cmath>
#include <exception>
#include <sstream>
#include <thread>

#include "bridge/torch/module/module.h"
#include "engine/core/files.h"

namespace huntsman::bridge::torch {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.99, kEpsilon = 1e-8;
constexpr double kWeightDecay = 1e-4;      // decoupled [Loshchilov & Hutter 2019]
constexpr double kGradientNormLimit = 20;  // keeps the first steps sane
constexpr double kSignalShare = 0.5;
// Box terms: offsets and heading matter most for the 2 m match and for prediction.
constexpr float kBoxWeights[kChannels] = {0, 0, 1.0F, 1.0F, 0.3F, 0.3F, 0.2F, 0.5F, 0.5F, 0.2F};

struct Batch {
    at::Tensor pictures, maps, box_mask, heat_mask, crops, crop_classes;
};

Batch collect(std::span<const Sample* const> samples) {
    Batch batch;
    const auto frames = static_cast<std::int64_t>(samples.size());
    const auto cameras =
        static_cast<std::int64_t>(samples[0]->pictures.size()) / (3 * kInputHeight * kInputWidth);
    batch.pictures = at::empty({frames, cameras, 3, kInputHeight, kInputWidth}, at::kByte);
    batch.maps = at::empty({frames, kChannels, kRows, kColumns});
    batch.box_mask = at::empty({frames, 1, kRows, kColumns});
    batch.heat_mask = at::empty({frames, 2, kRows, kColumns});
    std::int64_t crop_count = 0;
    for (const Sample* sample : samples) {
        crop_count += static_cast<std::int64_t>(sample->crop_classes.size());
    }
    batch.crops = at::empty({crop_count, 3, kCropSide, kCropSide}, at::kByte);
    batch.crop_classes = at::empty({crop_count}, at::kLong);
    auto* crops = batch.crops.data_ptr<std::uint8_t>();
    auto* classes = batch.crop_classes.data_ptr<std::int64_t>();
    Target target;
    for (std::int64_t f = 0; f < frames; ++f) {
        const Sample& sample = *samples[static_cast<std::size_t>(f)];
        std::copy(sample.pictures.begin(), sample.pictures.end(),
                  batch.pictures[f].data_ptr<std::uint8_t>());
        make_target(sample.boxes, target);
        std::copy(target.maps.begin(), target.maps.end(), batch.maps[f].data_ptr<float>());
        std::copy(target.box_mask.begin(), target.box_mask.end(),
                  batch.box_mask[f].data_ptr<float>());
        std::copy(target.heat_mask.begin(), target.heat_mask.end(),
                  batch.heat_mask[f].data_ptr<float>());
        crops = std::copy(sample.crops.begin(), sample.crops.end(), crops);
        classes = std::copy(sample.crop_classes.begin(), sample.crop_classes.end(), classes);
    }
    return batch;
}

// Penalty-reduced focal loss of [Zhou et al. 2019], L1 on boxes, cross entropy on signals.
struct Losses {
    at::Tensor heat, box, signal;
};
Losses losses(::torch::jit::Module& module, const LiftTensors& lift, const Batch& batch,
              bool train) {
    const at::Tensor maps =
        module.get_method("ground")({batch.pictures, lift.index, lift.offset, lift.weight, train})
            .toTensor();
    const at::Tensor heat = maps.slice(1, 0, 2);
    const at::Tensor wanted = batch.maps.slice(1, 0, 2);
    const at::Tensor p = at::sigmoid(heat).clamp(1e-4, 1.0 - 1e-4);
    const at::Tensor positive = wanted.eq(1.0).to(at::kFloat) * batch.heat_mask;
    const at::Tensor negative = (1.0 - wanted).pow(4) * (1.0 - positive) * batch.heat_mask;
    const at::Tensor count = batch.box_mask.sum().clamp_min(1.0);
    Losses result;
    result.heat =
        -(positive * (1.0 - p).pow(2) * p.log() + negative * p.pow(2) * (1.0 - p).log()).sum() /
        count;
    const at::Tensor weights =
        at::from_blob(const_cast<float*>(kBoxWeights), {1, kChannels, 1, 1}).clone();
    result.box = ((maps - batch.maps).abs() * weights * batch.box_mask).sum() / count;
    if (batch.crops.size(0) > 0) {
        const at::Tensor logits = module.get_method("signals")({batch.crops, train}).toTensor();
        result.signal = kSignalShare * at::cross_entropy_loss(logits, batch.crop_classes);
    } else {
        result.signal = at::zeros({});
    }
    return result;
}

class TorchTrainer final : public Trainer {
  public:
    TorchTrainer(std::uint64_t seed, const Lift& lift, int replicas);
    Result<StepLoss> step(std::span<const Sample* const> batch, double learning_rate) override;
    Result<StepLoss> evaluate(std::span<const Sample* const> batch) override;
    const Network& network() const override { return *replicas_[0]; }
    Status save_checkpoint(const std::filesystem::path& path, std::int64_t mark) const override;
    Result<std::int64_t> load_checkpoint(const std::filesystem::path& path) override;

  private:
    std::vector<std::unique_ptr<TorchNetwork>> replicas_;  // the first is the one that counts
    std::vector<std::vector<at::Tensor>> parameters_;
    std::vector<at::Tensor> moment1_, moment2_;
    LiftTensors lift_;
    std::int64_t steps_ = 0;
};

TorchTrainer::TorchTrainer(std::uint64_t seed, const Lift& lift, int replicas) {
    settle_torch_thread();
    lift_ = to_tensors(lift);
    for (int r = 0; r < replicas; ++r) {
        replicas_.push_back(create_network(seed));
        replicas_.back()->set_lift(lift);
        parameters_.push_back(parameters_of(replicas_.back()->module));
        for (at::Tensor& tensor : parameters_.back()) tensor.requires_grad_(true);
    }
    for (const at::Tensor& tensor : parameters_[0]) {
        moment1_.push_back(at::zeros_like(tensor.detach()));
        moment2_.push_back(at::zeros_like(tensor.detach()));
    }
}

Result<StepLoss> TorchTrainer::step(std::span<const Sample* const> batch, double learning_rate) {
    const std::size_t replicas = std::min(replicas_.size(), batch.size());
    std::vector<StepLoss> loss(replicas);
    std::vector<std::string> failures(replicas);
    const auto work = [&](std::size_t r) {
        settle_torch_thread();
        try {
            const std::size_t begin = batch.size() * r / replicas;
            const std::size_t end = batch.size() * (r + 1) / replicas;
            const Batch part = collect(batch.subspan(begin, end - begin));
            for (at::Tensor& tensor : parameters_[r]) tensor.mutable_grad() = at::Tensor();
            const Losses result = losses(replicas_[r]->module, lift_, part, true);
            (result.heat + result.box + result.signal).backward();
            loss[r] = {result.heat.item<double>(), result.box.item<double>(),
                       result.signal.item<double>()};
        } catch (const std::exception& error) {
            failures[r] = error.what();
        }
    };
    {
        std::vector<std::jthread> workers;
        for (std::size_t r = 1; r < replicas; ++r) workers.emplace_back(work, r);
        work(0);
    }
    StepLoss mean;
    for (std::size_t r = 0; r < replicas; ++r) {
        if (!failures[r].empty()) return Error{.message = "a training step failed: " + failures[r]};
        mean.heat += loss[r].heat / static_cast<double>(replicas);
        mean.box += loss[r].box / static_cast<double>(replicas);
        mean.signal += loss[r].signal / static_cast<double>(replicas);
    }
    if (!std::isfinite(mean.total())) {
        return Error{.message = fmt::format("the loss is not finite after {} steps", steps_),
                     .kind = engine::core::ErrorKind::kInvalid};
    }

    // Adam on the mean gradient; then every replica takes over the new weights.
    const at::NoGradGuard guard;
    ++steps_;
    const double correction1 = 1.0 - std::pow(kBeta1, static_cast<double>(steps_));
    const double correction2 = 1.0 - std::pow(kBeta2, static_cast<double>(steps_));
    std::vector<at::Tensor> gradients;
    double norm2 = 0.0;
    for (std::size_t i = 0; i < parameters_[0].size(); ++i) {
        at::Tensor gradient = at::zeros_like(parameters_[0][i]);
        for (std::size_t r = 0; r < replicas; ++r) {
            const at::Tensor& part = parameters_[r][i].grad();
            if (part.defined()) gradient.add_(part, 1.0 / static_cast<double>(replicas));
        }
        norm2 += gradient.square().sum().item<double>();
        gradients.push_back(gradient);
    }
    const double scale = std::min(1.0, kGradientNormLimit / (std::sqrt(norm2) + 1e-12));
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const at::Tensor gradient = gradients[i] * scale;
        at::Tensor& weights = parameters_[0][i];
        moment1_[i].mul_(kBeta1).add_(gradient, 1.0 - kBeta1);
        moment2_[i].mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
        const at::Tensor spread = (moment2_[i] / correction2).sqrt().add_(kEpsilon);
        if (weights.dim() == 4) weights.mul_(1.0 - learning_rate * kWeightDecay);
        weights.addcdiv_(moment1_[i] / correction1, spread, -learning_rate);
        for (std::size_t r = 1; r < replicas_.size(); ++r) {
            parameters_[r][i].copy_(weights);
        }
    }
    return mean;
}

Result<StepLoss> TorchTrainer::evaluate(std::span<const Sample* const> batch) {
    settle_torch_thread();
    try {
        const at::NoGradGuard guard;
        const Losses result = losses(replicas_[0]->module, lift_, collect(batch), false);
        return StepLoss{result.heat.item<double>(), result.box.item<double>(),
                        result.signal.item<double>()};
    } catch (const std::exception& error) {
        return Error{.message = std::string("an evaluation failed: ") + error.what()};
    }
}

Status TorchTrainer::save_checkpoint(const std::filesystem::path& path, std::int64_t mark) const {
    // The weights as the network's own file, the moments beside it in one list of tensors.
    c10::impl::GenericDict content(c10::StringType::get(), c10::AnyType::get());
    std::ostringstream weights;
    replicas_[0]->module.save(weights);
    content.insert("weights", weights.str());
    content.insert("moment1", moment1_);
    content.insert("moment2", moment2_);
    content.insert("steps", steps_);
    content.insert("mark", mark);
    const std::vector<char> data = ::torch::jit::pickle_save(content);
    return engine::core::write_file(path, {data.data(), data.size()});
}

Result<std::int64_t> TorchTrainer::load_checkpoint(const std::filesystem::path& path) {
    settle_torch_thread();
    HM_TAKE(auto text, engine::core::read_file(path));
    try {
        const auto content = ::torch::jit::pickle_load({text.begin(), text.end()}).toGenericDict();
        std::istringstream weights(content.at("weights").toStringRef());
        const ::torch::jit::Module saved = ::torch::jit::load(weights);
        const std::vector<at::Tensor> from = parameters_of(saved);
        const auto moment1 = content.at("moment1").toTensorVector();
        const auto moment2 = content.at("moment2").toTensorVector();
        const at::NoGradGuard guard;
        for (std::size_t r = 0; r < replicas_.size(); ++r) {
            for (std::size_t i = 0; i < from.size(); ++i) {
                parameters_[r].at(i).copy_(from[i]);
            }
            for (const ConvLayer& layer : conv_layers()) {
                if (!layer.normalised) continue;
                for (const char* kind : {"_mean", "_variance"}) {
                    const std::string name = std::string(layer.name) + kind;
                    replicas_[r]->module.attr(name).toTensor().copy_(saved.attr(name).toTensor());
                }
            }
        }
        for (std::size_t i = 0; i < moment1_.size(); ++i) {
            moment1_[i].copy_(moment1.at(i));
            moment2_[i].copy_(moment2.at(i));
        }
        steps_ = content.at("steps").toInt();
        return content.at("mark").toInt();
    } catch (const std::exception&) {
        return Error{.message = "is not a checkpoint of this version; remove it to start anew",
                     .file = path.string()};
    }
}

}  // namespace

std::unique_ptr<Trainer> create_trainer(std::uint64_t seed, const Lift& lift, int replicas) {
    return std::make_unique<TorchTrainer>(seed, lift, replicas);
}

}  // namespace huntsman::bridge::torch
