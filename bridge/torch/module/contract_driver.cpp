#include <torch/script.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "bridge/torch/bev.h"
#include "bridge/torch/module/module.h"
#include "engine/core/files.h"

namespace huntsman::bridge::torch {

using engine::core::Error;
using engine::core::Result;
using engine::core::Status;

namespace {

constexpr std::int64_t kRoutePoints = 80;
constexpr const char* kInputs =
    "images uint8 [cameras, 3, height, width], intrinsics float32 [cameras, 4], extrinsics float32 "
    "[cameras, 4, 4], motion float32 [5], route float32 [80, 5]";

std::string shape_text(const at::Tensor& tensor) {
    std::ostringstream text;
    text << c10::toString(tensor.scalar_type()) << " " << tensor.sizes();
    return text.str();
}

class ContractDriver final : public driver::Driver {
  public:
    ContractDriver(const ::torch::jit::Module& module, std::string file)
        : module_(module), file_(std::move(file)) {}

    std::string name() const override { return "torch:" + file_; }
    bool needs_images() const override { return true; }
    void reset() override { notes_.clear(); }
    std::vector<std::string> notes() const override {
        std::vector<std::string> texts;
        for (const auto& [what, text] : notes_) texts.push_back(file_ + ": " + text);
        return texts;
    }

    Result<messages::Action> drive(const driver::DriverInput& input) override {
        settle_torch_thread();
        const c10::InferenceMode guard;
        std::vector<c10::IValue> inputs = to_inputs(input);
        c10::IValue output;
        try {
            output = module_.forward(std::move(inputs));
        } catch (const std::exception& error) {
            // The first line that says something; LibTorch puts a traceback around it.
            std::string text = error.what();
            std::istringstream lines(text);
            for (std::string line; std::getline(lines, line);) {
                if (line.find("Error") != std::string::npos ||
                    line.find("xpected") != std::string::npos) {
                    text = line;
                }
            }
            return problem(fmt::format("refused its inputs ({}); it is called with {}",
                                       text.substr(0, 300), kInputs));
        }
        auto action = to_action(output);
        if (action && action->has_pedals()) note_excess(*action, input.observation.vehicle());
        return action;
    }

  private:
    Error problem(const std::string& what) const { return {.message = what, .file = file_}; }

    // Values so far beyond their range that degrees, percent or a raw logit may be meant; the first
    // of each kind is kept.
    void note_excess(const messages::Action& action, const messages::EgoVehicle& vehicle) {
        constexpr double kSlack = 0.2;  // a network need not saturate exactly
        const auto& pedals = action.pedals();
        const double most = vehicle.max_steer_rad();
        if (most > 0 && std::abs(pedals.steer_rad()) > (1 + kSlack) * most) {
            notes_.try_emplace("steer", fmt::format("steers {:g} rad, expected the angle of the "
                                                    "road wheels from {:.3g} to {:.3g} rad; it is "
                                                    "cut",
                                                    pedals.steer_rad(), -most, most));
        }
        for (const auto& [what, value] :
             {std::pair("throttle", pedals.throttle()), std::pair("brake", pedals.brake())}) {
            if (value >= -kSlack && value <= 1 + kSlack) continue;
            notes_.try_emplace(what, fmt::format("presses the {} to {:g}, expected 0 to 1; it is "
                                                 "cut",
                                                 what, value));
        }
    }

    static std::vector<c10::IValue> to_inputs(const driver::DriverInput& input) {
        const auto cameras = static_cast<std::int64_t>(input.pictures.size());
        HM_CHECK(cameras > 0, "no picture was given");
        const std::int64_t height = input.pictures.front().camera->height;
        const std::int64_t width = input.pictures.front().camera->width;
        at::Tensor images = at::empty({cameras, height, width, 3}, at::kByte);
        at::Tensor intrinsics = at::empty({cameras, 4});
        at::Tensor extrinsics = at::zeros({cameras, 4, 4});
        for (std::int64_t c = 0; c < cameras; ++c) {
            const auto& [camera, rgb] = input.pictures[static_cast<std::size_t>(c)];
            std::copy(rgb.begin(), rgb.end(), images[c].data_ptr<std::uint8_t>());
            const auto& lens = camera->lens;
            const double values[4] = {lens.fx, lens.fy, lens.cx, lens.cy};
            for (int k = 0; k < 4; ++k) {
                intrinsics[c].data_ptr<float>()[k] = static_cast<float>(values[k]);
            }
            const engine::math::Mat3 R = glm::mat3_cast(camera->X_BC.q);
            float* X = extrinsics[c].data_ptr<float>();
            for (int row = 0; row < 3; ++row) {
                for (int column = 0; column < 3; ++column) {
                    X[row * 4 + column] = static_cast<float>(R[column][row]);
                }
                X[row * 4 + 3] = static_cast<float>(camera->X_BC.p[row]);
            }
            X[15] = 1.0F;
        }
        const auto& m = input.observation.motion();
        at::Tensor motion = at::tensor({m.speed_mps(), m.yaw_rate_rad_s(), m.acceleration_x_mps2(),
                                        m.acceleration_y_mps2(), m.steer_rad()},
                                       at::kDouble)
                                .to(at::kFloat);
        at::Tensor route = at::zeros({kRoutePoints, 5});
        float* row = route.data_ptr<float>();
        std::int64_t count = 0;
        for (const auto& point : input.observation.route().points()) {
            if (point.s_m() < 0.0 || count >= kRoutePoints) continue;
            *row++ = static_cast<float>(point.x_m());
            *row++ = static_cast<float>(point.y_m());
            *row++ = static_cast<float>(point.heading_rad());
            *row++ = static_cast<float>(point.speed_limit_mps());
            *row++ = point.in_junction() ? 1.0F : 0.0F;
            ++count;
        }
        return {images.permute({0, 3, 1, 2}).contiguous(), intrinsics, extrinsics, motion, route};
    }

    Result<messages::Action> to_action(const c10::IValue& output) const {
        c10::IValue control = output, objects;
        if (output.isTuple()) {
            const auto& elements = output.toTupleRef().elements();
            if (elements.empty() || elements.size() > 2) {
                return problem(
                    fmt::format("returned a tuple of {}, expected control or (control, objects)",
                                elements.size()));
            }
            control = elements[0];
            if (elements.size() == 2) objects = elements[1];
        }
        messages::Action action;
        HM_TRY(read_control(control, action));
        if (!objects.isNone()) HM_TRY(read_objects(objects, action));
        return action;
    }

    // Pedals or a trajectory.
    Status read_control(const c10::IValue& control, messages::Action& action) const {
        if (!control.isTensor()) {
            return problem("returned a " + control.tagKind() +
                           " as control, expected a tensor float32 [3] or [T, 5]");
        }
        const at::Tensor c = control.toTensor().to(at::kCPU).contiguous();
        const bool pedals = c.dim() == 1 && c.size(0) == 3;
        const bool trajectory = c.dim() == 2 && c.size(0) >= 2 && c.size(1) == 5;
        if (c.scalar_type() != at::kFloat || (!pedals && !trajectory)) {
            return problem("returned control as " + shape_text(c) +
                           ", expected float32 [3] (steering, throttle, brake) or [T, 5] with "
                           "T >= 2 (t, x, y, heading, speed)");
        }
        if (!at::isfinite(c).all().item<bool>()) {
            return problem("returned control that is not finite, expected numbers");
        }
        if (trajectory) return read_trajectory(c, *action.mutable_trajectory());
        // The controller cuts them to what the car can.
        const float* v = c.data_ptr<float>();
        action.mutable_pedals()->set_steer_rad(v[0]);
        action.mutable_pedals()->set_throttle(v[1]);
        action.mutable_pedals()->set_brake(v[2]);
        return {};
    }

    Status read_trajectory(const at::Tensor& rows, messages::Trajectory& trajectory) const {
        const float* v = rows.data_ptr<float>();
        for (std::int64_t i = 0; i < rows.size(0); ++i, v += 5) {
            if (i > 0 && v[0] <= v[-5]) {
                return problem(fmt::format(
                    "returned a trajectory whose time falls from {} to {} at point {}, expected "
                    "times that increase strictly",
                    v[-5], v[0], i));
            }
            auto* point = trajectory.add_points();
            point->set_t_s(v[0]);
            point->set_x_m(v[1]);
            point->set_y_m(v[2]);
            point->set_heading_rad(v[3]);
            point->set_speed_mps(v[4]);
        }
        return {};
    }

    Status read_objects(const c10::IValue& objects, messages::Action& action) const {
        if (!objects.isTensor()) {
            return problem("returned a " + objects.tagKind() +
                           " as objects, expected a tensor float32 [N, 10]");
        }
        const at::Tensor o = objects.toTensor().to(at::kCPU).contiguous();
        if (o.scalar_type() != at::kFloat || o.dim() != 2 || o.size(1) != 10) {
            return problem("returned objects as " + shape_text(o) + ", expected float32 [N, 10]");
        }
        if (!at::isfinite(o).all().item<bool>()) {
            return problem("returned objects that are not finite, expected numbers");
        }
        const float* b = o.data_ptr<float>();
        for (std::int64_t i = 0; i < o.size(0); ++i, b += 10) {
            auto* object = action.mutable_perception()->add_objects();
            object->set_object_class(b[0] > 1.5F ? messages::OBJECT_PEDESTRIAN
                                                 : messages::OBJECT_VEHICLE);
            object->set_score(b[1]);
            object->set_x_m(b[2]);
            object->set_y_m(b[3]);
            object->set_z_m(b[4]);
            object->set_length_m(b[5]);
            object->set_width_m(b[6]);
            object->set_height_m(b[7]);
            object->set_yaw_rad(b[8]);
            object->set_velocity_x_mps(b[9] * std::cos(b[8]));
            object->set_velocity_y_mps(b[9] * std::sin(b[8]));
        }
        return {};
    }

    ::torch::jit::Module module_;
    std::string file_;
    std::map<std::string, std::string> notes_;  // by what they are about
};

}  // namespace

Result<std::unique_ptr<driver::Driver>> open_contract_driver(const std::filesystem::path& file,
                                                             int cameras, int width, int height) {
    settle_torch_thread();
    HM_TAKE(auto content, engine::core::read_file(file));
    ::torch::jit::Module module;
    try {
        std::istringstream stream(content);
        module = ::torch::jit::load(stream);
        module.eval();
    } catch (const std::exception&) {
        return Error{.message =
                         "is not a TorchScript file, expected one written by "
                         "torch.jit.save(torch.jit.script(net))",
                     .file = file.string()};
    }
    const auto method = module.find_method("forward");
    if (!method) return Error{.message = "has no method forward", .file = file.string()};
    const auto& arguments = method->function().getSchema().arguments();
    if (arguments.size() != 6) {
        return Error{.message = fmt::format("has a forward with {} arguments, expected 5: {}",
                                            arguments.size() - 1, kInputs),
                     .file = file.string()};
    }
    auto result = std::make_unique<ContractDriver>(std::move(module), file.string());

    // Blank pictures show a mismatch before the run begins.
    const engine::world::Camera camera{
        .width = width,
        .height = height,
        .lens = {.fx = static_cast<double>(width), .fy = static_cast<double>(width)}};
    const std::vector<std::uint8_t> black(3 * static_cast<std::size_t>(width) *
                                          static_cast<std::size_t>(height));
    const std::vector<driver::CameraPicture> pictures(static_cast<std::size_t>(cameras),
                                                      {&camera, black});
    const messages::Observation blank;
    if (auto tried = result->drive({.observation = blank, .pictures = pictures}); !tried) {
        return tried.error();
    }
    result->reset();
    return std::unique_ptr<driver::Driver>(std::move(result));
}

}  // namespace huntsman::bridge::torch
