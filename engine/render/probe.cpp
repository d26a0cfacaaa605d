#include "engine/render/probe.h"

#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

std::array<View, kProbeViews> probe_views(const math::Vec3& p_W, double after_s) {
    std::array<View, kProbeViews> views;
    for (std::size_t face = 0; face < kProbeViews; ++face) {
        const int axis = static_cast<int>(face / 2);
        const double sign = face % 2 == 0 ? 1 : -1;
        // x of the camera is the next axis of W, y the one after it, towards where z points.
        math::Mat3 R_WC(0);
        R_WC[0][(axis + 1) % 3] = 1;
        R_WC[1][(axis + 2) % 3] = sign;
        R_WC[2][axis] = sign;
        View& view = views[face];
        view.X_WC = {glm::quat_cast(R_WC), p_W};
        view.width = view.height = shader::kProbeSide;
        view.fx = view.fy = view.cx = view.cy = 0.5 * shader::kProbeSide;
        view.after_s = after_s;
    }
    return views;
}

}  // namespace huntsman::engine::render
