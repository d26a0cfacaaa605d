#include <algorithm>

#include "bridge/driver/driver.h"

namespace huntsman::bridge::driver {

void add_cameras(std::span<const CameraPicture> pictures, messages::Observation& observation) {
    for (const CameraPicture& picture : pictures) {
        const engine::world::Camera& camera = *picture.camera;
        auto* message = observation.add_cameras();
        message->set_name(camera.name);
        message->set_width(static_cast<std::uint32_t>(camera.width));
        message->set_height(static_cast<std::uint32_t>(camera.height));
        message->set_rgb(picture.rgb.data(), picture.rgb.size());
        message->set_fx(camera.lens.fx);
        message->set_fy(camera.lens.fy);
        message->set_cx(camera.lens.cx);
        message->set_cy(camera.lens.cy);
        message->set_lens_model(static_cast<messages::LensModel>(camera.lens.model));
        const auto add = [](const auto& from, auto* to) {
            if (std::any_of(from.begin(), from.end(), [](double x) { return x != 0; })) {
                to->Add(from.begin(), from.end());
            }
        };
        add(camera.lens.k, message->mutable_lens_k());
        add(camera.lens.p, message->mutable_lens_p());
        add(camera.lens.s, message->mutable_lens_s());
        message->set_max_angle_rad(camera.lens.max_angle_rad);
        auto* pose = message->mutable_x_bc();
        pose->set_qw(camera.X_BC.q.w);
        pose->set_qx(camera.X_BC.q.x);
        pose->set_qy(camera.X_BC.q.y);
        pose->set_qz(camera.X_BC.q.z);
        pose->set_x(camera.X_BC.p.x);
        pose->set_y(camera.X_BC.p.y);
        pose->set_z(camera.X_BC.p.z);
    }
}

}  // namespace huntsman::bridge::driver
