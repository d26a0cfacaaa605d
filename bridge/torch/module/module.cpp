#include "bridge/torch/module/module.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <sstream>

#include "engine/core/random.h"

namespace huntsman::bridge::torch {

// The script: pictures → features at stride 8 and 4 → lift → U-Net over the ground → maps.
const std::vector<ConvLayer>& conv_layers() {
    static const std::vector<ConvLayer> kLayers = {
        // Each camera's picture.
        {"c1", 3, 16, 3, 2, true},
        {"c2", 16, 32, 3, 2, true},
        {"c3", 32, 32, 3, 1, true},
        {"c4", 32, 64, 3, 2, true},
        {"c5", 64, 64, 3, 1, true},
        {"c6", 64, 64, 3, 1, true},
        {"c7", 96, 32, 1, 1, true},
        {"c8", 32, 32, 3, 1, true},
        // The ground.
        {"b1", 128, 48, 1, 1, true},
        {"b2", 48, 48, 3, 1, true},
        {"d1", 48, 64, 3, 2, true},
        {"d2", 64, 64, 3, 1, true},
        {"d3", 64, 96, 3, 2, true},
        {"d4", 96, 96, 3, 1, true},
        {"u1", 160, 64, 1, 1, true},
        {"u2", 64, 64, 3, 1, true},
        {"u3", 112, 48, 1, 1, true},
        {"u4", 48, 48, 3, 1, true},
        {"h1", 48, 48, 3, 1, true},
        {"h2", 48, kChannels, 1, 1, false},
        // Signal crops.
        {"s1", 3, 16, 3, 2, true},
        {"s2", 16, 32, 3, 2, true},
        {"s3", 32, 32, 3, 2, true},
        {"s4", 32, kSignalClasses, 4, 1, false},
    };
    return kLayers;
}

namespace {

std::string script() {
    std::ostringstream out;
    // One method a layer: convolution, batch normalisation, ReLU.
    for (const ConvLayer& layer : conv_layers()) {
        const std::string n = layer.name;
        const int padding = layer.kernel == 3 ? 1 : 0;
        out << "def " << n << "(self, x: Tensor, train: bool) -> Tensor:\n";
        out << "    y = torch.conv2d(x, self." << n << "_weight, self." << n << "_bias, ["
            << layer.stride << ", " << layer.stride << "], [" << padding << ", " << padding
            << "])\n";
        if (layer.normalised) {
            out << "    y = torch.batch_norm(y, self." << n << "_scale, self." << n
                << "_shift, self." << n << "_mean, self." << n
                << "_variance, train, 0.05, 1e-5, False)\n";
            out << "    y = torch.relu(y)\n";
        }
        out << "    return y\n\n";
    }
    out << "def ground(self, pictures: Tensor, index: Tensor, offset: Tensor, weight: Tensor, "
           "train: bool) -> Tensor:\n"
           "    frames = pictures.size(0)\n"
           "    cameras = pictures.size(1)\n"
           "    x = pictures.flatten(0, 1).to(6) / 64.0 - 2.0\n"
           "    x = self.c2(self.c1(x, train), train)\n"
           "    fine = x + self.c3(x, train)\n"
           "    y = self.c4(fine, train)\n"
           "    y = y + self.c5(y, train)\n"
           "    y = y + self.c6(y, train)\n"
           "    y = torch.upsample_nearest2d(y, [fine.size(2), fine.size(3)])\n"
           "    y = self.c7(torch.cat([fine, y], 1), train)\n"
           "    y = y + self.c8(y, train)\n"
           // frames, cameras, channels, h, w → frames, (camera, y, x), channels
           "    rows = y.reshape(frames, cameras, 32, -1).permute(0, 1, 3, 2).reshape(frames, -1, "
           "32)\n"
           "    lifted: List[Tensor] = []\n"
           "    for f in range(frames):\n"
           "        bags, a, b, c = torch.embedding_bag(rows[f].contiguous(), index, offset, "
           "False, 0, False, weight, True)\n"
           "        lifted.append(bags)\n"
        << "    g = torch.stack(lifted).reshape(frames, " << kRows << ", " << kColumns
        << ", 128).permute(0, 3, 1, 2).contiguous()\n"
           "    g = self.b1(g, train)\n"
           "    g0 = g + self.b2(g, train)\n"
           "    g1 = self.d1(g0, train)\n"
           "    g1 = g1 + self.d2(g1, train)\n"
           "    g2 = self.d3(g1, train)\n"
           "    g2 = g2 + self.d4(g2, train)\n"
           "    v = torch.upsample_nearest2d(g2, [g1.size(2), g1.size(3)])\n"
           "    v = self.u1(torch.cat([g1, v], 1), train)\n"
           "    v = v + self.u2(v, train)\n"
           "    v = torch.upsample_nearest2d(v, [g0.size(2), g0.size(3)])\n"
           "    v = self.u3(torch.cat([g0, v], 1), train)\n"
           "    v = v + self.u4(v, train)\n"
           "    return self.h2(self.h1(v, train), train)\n\n"
           "def signals(self, crops: Tensor, train: bool) -> Tensor:\n"
           "    x = crops.to(6) / 64.0 - 2.0\n"
           "    x = self.s3(self.s2(self.s1(x, train), train), train)\n"
           "    return self.s4(x, train).flatten(1)\n\n"
           // What a plain call does: single frame, heat maps and signal classes as probabilities.
           "def forward(self, pictures: Tensor, index: Tensor, offset: Tensor, weight: Tensor, "
           "crops: Tensor) -> Tuple[Tensor, Tensor]:\n"
           "    maps = self.ground(pictures.unsqueeze(0), index, offset, weight, False)[0]\n"
           "    maps = torch.cat([torch.sigmoid(maps[:2]), maps[2:]], 0)\n"
           "    states = torch.softmax(self.signals(crops, False), 1)\n"
           "    return maps, states\n";
    return out.str();
}

at::Tensor drawn(const engine::core::Key& key, at::IntArrayRef shape, double deviation) {
    at::Tensor tensor = at::empty(shape, at::kFloat);
    float* data = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        data[i] = static_cast<float>(deviation * key.normal(static_cast<std::uint64_t>(i)));
    }
    return tensor;
}

}  // namespace

::torch::jit::Module make_module(std::uint64_t seed) {
    ::torch::jit::Module module("HuntsmanPerception");
    module.register_attribute("version", c10::IntType::get(), kNetworkVersion);
    for (const ConvLayer& layer : conv_layers()) {
        const engine::core::Key key = engine::core::Key(seed).with(layer.name);
        const std::string n = layer.name;
        // He initialisation for ReLU; the last layers start small.
        const double fan_in = layer.in * layer.kernel * layer.kernel;
        const double gain = layer.normalised ? std::sqrt(2.0) : 0.1;
        module.register_parameter(
            n + "_weight",
            drawn(key, {layer.out, layer.in, layer.kernel, layer.kernel}, gain / std::sqrt(fan_in)),
            false);
        at::Tensor bias = at::zeros({layer.out});
        // Heat starts at a probability of about 0.02 [Lin et al. 2017, focal loss].
        if (n == "h2") bias.slice(0, 0, 2).fill_(-4.0F);
        module.register_parameter(n + "_bias", bias, false);
        if (layer.normalised) {
            module.register_parameter(n + "_scale", at::ones({layer.out}), false);
            module.register_parameter(n + "_shift", at::zeros({layer.out}), false);
            module.register_buffer(n + "_mean", at::zeros({layer.out}));
            module.register_buffer(n + "_variance", at::ones({layer.out}));
        }
    }
    module.define(script());
    return module;
}

std::vector<at::Tensor> parameters_of(const ::torch::jit::Module& module) {
    std::vector<at::Tensor> parameters;
    for (const ConvLayer& layer : conv_layers()) {
        const std::string n = layer.name;
        parameters.push_back(module.attr(n + "_weight").toTensor());
        parameters.push_back(module.attr(n + "_bias").toTensor());
        if (layer.normalised) {
            parameters.push_back(module.attr(n + "_scale").toTensor());
            parameters.push_back(module.attr(n + "_shift").toTensor());
        }
    }
    return parameters;
}

void settle_torch_thread() {
    // OpenMP's number of threads is a property of the calling thread.
    at::set_num_threads(1);
    ::torch::jit::setGraphExecutorOptimize(false);
}

LiftTensors to_tensors(const Lift& lift) {
    LiftTensors tensors;
    tensors.index = at::empty({static_cast<std::int64_t>(lift.index.size())}, at::kLong);
    tensors.offset = at::empty({static_cast<std::int64_t>(lift.offset.size())}, at::kLong);
    tensors.weight = at::empty({static_cast<std::int64_t>(lift.weight.size())}, at::kFloat);
    std::copy(lift.index.begin(), lift.index.end(), tensors.index.data_ptr<std::int64_t>());
    std::copy(lift.offset.begin(), lift.offset.end(), tensors.offset.data_ptr<std::int64_t>());
    std::copy(lift.weight.begin(), lift.weight.end(), tensors.weight.data_ptr<float>());
    return tensors;
}

}  // namespace huntsman::bridge::torch
