// Driving by hand: keys or a gamepad become pedals and steering of the ego or another vehicle.
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

namespace {

constexpr double kMostSteer_rad = 0.55;
constexpr double kSteerRate_rad_s = 0.9;   // towards where the keys want it
constexpr double kReturnRate_rad_s = 1.4;  // back to straight
constexpr double kPedalRate_per_s = 2.5;
constexpr double kDeadZone = 0.08;  // of sticks

double approach(double value, double target, double step) {
    return value + std::clamp(target - value, -step, step);
}

// Sticks and triggers of the first gamepad; nothing without one.
struct Pad {
    bool there = false;
    double steer = 0, throttle = 0, brake = 0;
    bool reverse = false;
};

Pad read_pad(const Ui& ui) {
    Pad pad;
    if (ui.window->handle() == nullptr) return pad;
    for (int i = GLFW_JOYSTICK_1; i <= GLFW_JOYSTICK_LAST; ++i) {
        GLFWgamepadstate state;
        if (glfwJoystickIsGamepad(i) != GLFW_TRUE || glfwGetGamepadState(i, &state) != GLFW_TRUE) {
            continue;
        }
        const auto axis = [&](int which) { return static_cast<double>(state.axes[which]); };
        const double x = axis(GLFW_GAMEPAD_AXIS_LEFT_X);
        pad.there = true;
        pad.steer = std::abs(x) < kDeadZone ? 0 : -x;
        pad.throttle = 0.5 * (axis(GLFW_GAMEPAD_AXIS_RIGHT_TRIGGER) + 1);
        pad.brake = 0.5 * (axis(GLFW_GAMEPAD_AXIS_LEFT_TRIGGER) + 1);
        pad.reverse = state.buttons[GLFW_GAMEPAD_BUTTON_B] == GLFW_PRESS;
        return pad;
    }
    return pad;
}

}  // namespace

void handle_driving(Ui& ui) {
    const auto& status = ui.editor.status();
    std::vector<engine::world::ActorId> driven = status.by_hand;
    const bool ego = std::ranges::find(driven, engine::world::kEgo) != driven.end();
    if (status.driver == bridge::live::kByHand && !ego) driven.push_back(engine::world::kEgo);
    if (!status.playing || driven.empty()) {
        ui.driving = {};
        return;
    }
    const ImGuiIO& io = ImGui::GetIO();
    const auto held = [&](int a, int b) {
        return !io.WantTextInput && !io.KeyCtrl && (ImGui::IsKeyDown(a) || ImGui::IsKeyDown(b));
    };
    const double dt = static_cast<double>(io.DeltaTime);
    engine::world::VehicleCommand& c = ui.driving;
    const Pad pad = read_pad(ui);
    const double left = held(GLFW_KEY_A, GLFW_KEY_LEFT) ? 1 : 0;
    const double right = held(GLFW_KEY_D, GLFW_KEY_RIGHT) ? 1 : 0;
    double wanted = kMostSteer_rad * (left - right);
    if (pad.there && std::abs(pad.steer) > 0) wanted = kMostSteer_rad * pad.steer;
    const double rate = wanted == 0 ? kReturnRate_rad_s : kSteerRate_rad_s;
    c.steer_rad = approach(c.steer_rad, wanted, rate * dt);
    const bool forward = held(GLFW_KEY_W, GLFW_KEY_UP), back = held(GLFW_KEY_S, GLFW_KEY_DOWN);
    c.throttle =
        approach(c.throttle, std::max(forward ? 0.8 : 0.0, pad.throttle), kPedalRate_per_s * dt);
    c.brake = approach(c.brake, std::max(back ? 0.8 : 0.0, pad.brake), kPedalRate_per_s * dt);
    c.reverse = held(GLFW_KEY_R, GLFW_KEY_R) || pad.reverse;
    // A command that hardly differs is not sent again: each is kept with the run.
    const auto& last = ui.driven;
    const bool same = std::abs(last.steer_rad - c.steer_rad) < 0.005 &&
                      std::abs(last.throttle - c.throttle) < 0.02 &&
                      std::abs(last.brake - c.brake) < 0.02 && last.reverse == c.reverse;
    if (same) return;
    ui.driven = c;
    for (const auto actor : driven) ui.editor.run().drive(actor, c);
}

}  // namespace huntsman::apps::editor
