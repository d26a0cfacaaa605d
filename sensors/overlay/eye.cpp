#include "sensors/overlay/eye.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "sensors/capture/plan.h"
#include "sensors/labels/silhouette.h"

namespace huntsman::sensors::overlay {

using engine::core::ArrayView;

Eye::Eye(const Sample& sample, const CameraSample& camera)
    : camera_(camera),
      lens_(camera.camera.lens),
      along_z_(lens::depth_along_z(camera.camera.lens)),
      rolling_(camera.camera.shutter.readout != engine::world::Readout::kGlobal &&
               camera.camera.shutter.readout_us > 0) {
    // The camera is fixed to the ego.
    const auto& ego = sample.ego;
    motion_.X_WC = camera.X_WC;
    motion_.w_W = ego.X_WB.rotate(ego.w_B);
    motion_.v_W = ego.X_WB.rotate(ego.v_B) + glm::cross(motion_.w_W, camera.X_WC.p - ego.X_WB.p);
}

bool Eye::within(const Vec2& pixel) const {
    return pixel.x >= 0 && pixel.y >= 0 && pixel.x < camera_.camera.width &&
           pixel.y < camera_.camera.height;
}

bool Eye::place(const Vec3& p_W, const Vec3& v_W, Spot& spot) const {
    Vec3 p_C;
    if (!labels::project_moving(camera_.camera, lens_, motion_, p_W, v_W, spot.pixel, p_C)) {
        return false;
    }
    constexpr double kNearest_m = 0.05;
    if (glm::dot(p_C, p_C) < kNearest_m * kNearest_m) return false;
    const double reach = 2.0 * std::max(camera_.camera.width, camera_.camera.height);
    if (!(std::abs(spot.pixel.x) < reach && std::abs(spot.pixel.y) < reach)) return false;
    if (rolling_ && within(spot.pixel)) {
        const double after_s =
            capture::line_time_s(camera_.camera, capture::line_of(camera_.camera.shutter.readout,
                                                                  static_cast<int>(spot.pixel.x),
                                                                  static_cast<int>(spot.pixel.y)));
        p_C = motion_.at(after_s).inverse() * (p_W + after_s * v_W);
    }
    spot.depth_m = along_z_ ? p_C.z : glm::length(p_C);
    return true;
}

bool Eye::hidden(const Spot& spot, labels::ActorId own) const {
    if (camera_.depth_m.empty() || !within(spot.pixel)) return false;
    const int width = camera_.camera.width, height = camera_.camera.height;
    const int x = static_cast<int>(spot.pixel.x), y = static_cast<int>(spot.pixel.y);
    if (own != engine::world::kNoActor && camera_.ids.empty()) return false;
    const ArrayView<const float> depth_m(camera_.depth_m, height, width);
    const ArrayView<const std::uint32_t> ids =
        own == engine::world::kNoActor ? ArrayView<const std::uint32_t>()
                                       : ArrayView<const std::uint32_t>(camera_.ids, height, width);
    double farthest = 0;
    for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 1); ++v) {
        for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 1); ++u) {
            farthest = std::max(farthest, static_cast<double>(depth_m(v, u)));
            if (own != engine::world::kNoActor && engine::world::actor_of(ids(v, u)) == own) {
                return false;
            }
        }
    }
    return spot.depth_m > farthest + tolerance_m(spot.depth_m);
}

void Eye::draw(Canvas& canvas, std::span<const Vec3> path, bool closed, const Stroke& stroke,
               const capture::Twist& twist) const {
    // Steps of a quarter of a metre near by and of a share of the distance far away.
    constexpr int kMostSteps = 256;
    const std::size_t count = path.size() < 2 ? 0 : closed ? path.size() : path.size() - 1;
    for (std::size_t i = 0; i < count; ++i) {
        const Vec3 &a = path[i], &b = path[(i + 1) % path.size()];
        const double step = std::max(0.25, 0.04 * glm::length(0.5 * (a + b) - p_W()));
        const int steps =
            std::clamp(static_cast<int>(std::ceil(glm::length(b - a) / step)), 1, kMostSteps);
        Vec3 last_W = a;
        Spot last;
        bool seen_last = place(a, twist.velocity_at(a), last);
        for (int k = 1; k <= steps; ++k) {
            const Vec3 p = a + (b - a) * (static_cast<double>(k) / steps);
            Spot spot;
            const bool seen = place(p, twist.velocity_at(p), spot);
            if (seen && seen_last) {
                draw_piece(canvas, last_W, last, p, spot, stroke, twist);
            } else if (seen != seen_last) {
                // To the border of what the lens sees.
                Vec3 in = seen ? p : last_W, out = seen ? last_W : p;
                Spot border = seen ? spot : last;
                for (int halving = 0; halving < 8; ++halving) {
                    const Vec3 middle = 0.5 * (in + out);
                    Spot there;
                    if (place(middle, twist.velocity_at(middle), there)) {
                        in = middle;
                        border = there;
                    } else {
                        out = middle;
                    }
                }
                draw_piece(canvas, in, border, seen ? p : last_W, seen ? spot : last, stroke,
                           twist);
            }
            seen_last = seen;
            last = spot;
            last_W = p;
        }
    }
}

void Eye::draw_piece(Canvas& canvas, const Vec3& a_W, const Spot& a, const Vec3& b_W, const Spot& b,
                     const Stroke& stroke, const capture::Twist& twist) const {
    const double length = glm::length(b.pixel - a.pixel);
    // A jump across the picture is the seam of a lens that sees all round.
    if (length > 0.5 * camera_.camera.width &&
        lens_.lens.model == engine::world::LensModel::kEquirectangular) {
        return;
    }
    // Nothing of it in the picture.
    const Vec2 low = glm::min(a.pixel, b.pixel), high = glm::max(a.pixel, b.pixel);
    if (high.x < 0 || high.y < 0 || low.x > camera_.camera.width || low.y > camera_.camera.height) {
        return;
    }
    constexpr double kPiece_px = 2;
    const int pieces = std::clamp(static_cast<int>(std::ceil(length / kPiece_px)), 1, 4096);
    Spot from = a;
    for (int k = 1; k <= pieces; ++k) {
        const double share = static_cast<double>(k) / pieces;
        const Vec3 p = a_W + (b_W - a_W) * share;
        Spot to = b;
        if (k < pieces && !place(p, twist.velocity_at(p), to)) return;
        const bool covered =
            stroke.behind != Behind::kDrawn && hidden(from, stroke.own) && hidden(to, stroke.own);
        if (!covered || stroke.behind == Behind::kFaint) {
            canvas.line(from.pixel, to.pixel, stroke.colour, stroke.width, covered || stroke.faint);
        }
        from = to;
    }
}

}  // namespace huntsman::sensors::overlay
