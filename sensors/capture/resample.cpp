#include "sensors/capture/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/array_view.h"
#include "engine/world/pose.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::capture {

using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::render::Frame;

RigidTransform CameraMotion::at(double after_s) const {
    engine::world::ActorState body;
    body.X_WB = X_WC;
    body.v_W = v_W;
    body.w_W = w_W;
    return engine::world::advanced(body, after_s).X_WB;
}

namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();
constexpr double kFar_m = 1e7;  // stands for the sky's distance
// Largest change of a body's depth from pixel to pixel that is slant rather than an edge.
constexpr double kSteepest = 0.02;

// One view with what its pixels need.
struct Source {
    const Frame* frame = nullptr;
    PlannedView view;
    RigidTransform X_FW;  // at the view's moment
    Vec3 v_F{0, 0, 0};    // the camera's own motion, in F
    Vec3 w_F{0, 0, 0};
    Vec3 z_C{0, 0, 1};  // C's z axis, in F

    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(view.width) +
               static_cast<std::size_t>(x);
    }
    int column(double x) const {
        return std::clamp(static_cast<int>(std::floor(x)), 0, view.width - 1);
    }
    int row(double y) const {
        return std::clamp(static_cast<int>(std::floor(y)), 0, view.height - 1);
    }
    Vec3 ray_F(double x, double y) const {
        return {(x - view.cx) / view.fx, (y - view.cy) / view.fy, 1};
    }
};

// 1/z at (x, y) on the surface that pixel (column, row) shows. Along each axis the slope is that
// towards a neighbour of the same surface; of two the smaller, since an edge within the same thing
// makes the other large. Towards something farther away the surface ends, and keeps its last depth;
// towards something nearer it goes on behind it.
double inverse_depth(const Source& s, int column, int row, double x, double y) {
    const auto& depth = s.frame->depth_m;
    const auto& ids = s.frame->ids;
    const std::size_t here = s.index(column, row);
    if (depth[here] == kInfinite) return 0;
    const double w = 1.0 / static_cast<double>(depth[here]);
    const bool body = engine::world::actor_of(ids[here]) != engine::world::kNoActor;
    const auto change = [&](double d, bool low_exists, bool high_exists, std::size_t step) {
        if (std::abs(d) < 1e-6) return 0.0;
        const auto same = [&](std::size_t there) {
            return ids[there] == ids[here] && depth[there] != kInfinite;
        };
        const std::size_t low = here - (low_exists ? step : 0);
        const std::size_t high = here + (high_exists ? step : 0);
        const std::size_t towards = d > 0 ? high : low;
        if (!same(towards) && depth[towards] > depth[here]) return 0.0;
        double best = 0;
        bool any = false;
        const auto consider = [&](bool exists, std::size_t there, double sign) {
            if (!exists || !same(there)) return;
            const double g = sign * (1.0 / static_cast<double>(depth[there]) - w);
            // Bodies have edges before their own farther sides; ground and walls may be as slanted
            // as they like.
            if (body && std::abs(g) > kSteepest * w) return;
            if (!any || std::abs(g) < std::abs(best)) best = g;
            any = true;
        };
        consider(low_exists, low, -1);
        consider(high_exists, high, 1);
        return d * best;
    };
    const double value = w + change(x - (column + 0.5), column > 0, column + 1 < s.view.width, 1) +
                         change(y - (row + 0.5), row > 0, row + 1 < s.view.height,
                                static_cast<std::size_t>(s.view.width));
    return std::max(value, 1e-9);
}

// How everything with one word of the id buffer moves past a view: v_F = at_origin + turning × p_F.
struct MotionInView {
    Vec3 at_origin{0, 0, 0}, turning{0, 0, 0};
};

// Neighbours mostly show the same thing in the same view.
class KnownMotion {
  public:
    explicit KnownMotion(const SceneMotion& scene) : scene_(scene) {}
    const MotionInView& of(const Source& source, std::uint32_t word) {
        if (source_ == &source && word_ == word) return motion_;
        source_ = &source;
        word_ = word;
        const Twist& twist = scene_.of(word);
        const Vec3 w_F = source.X_FW.q * twist.w_W;
        motion_.turning = w_F - source.w_F;
        motion_.at_origin =
            source.X_FW.q * twist.v_W - glm::cross(w_F, source.X_FW * twist.p_W) - source.v_F;
        return motion_;
    }

  private:
    const SceneMotion& scene_;
    const Source* source_ = nullptr;
    std::uint32_t word_ = 0;
    MotionInView motion_;
};

// A point in F and how it moves there.
struct Moving {
    Vec3 p_F{0, 0, 1}, v_F{0, 0, 0};
    std::uint32_t word = 0;
    std::size_t pixel = 0;  // of the view
    bool sky = false;
};

Moving look_at(const Source& s, KnownMotion& motion, double x, double y) {
    const int column = s.column(x), row = s.row(y);
    Moving m{.pixel = s.index(column, row)};
    m.word = s.frame->ids[m.pixel];
    const double w = inverse_depth(s, column, row, x, y);
    m.sky = w == 0;
    m.p_F = s.ray_F(x, y) * (m.sky ? kFar_m : 1.0 / w);
    const MotionInView& moves = motion.of(s, m.word);
    m.v_F = moves.at_origin + glm::cross(moves.turning, m.p_F);
    return m;
}

// Speed of a moving point across the view [px/s].
Vec2 speed_in_view(const Source& s, const Moving& m) {
    const Vec3 &p = m.p_F, &v = m.v_F;
    const double z = std::max(p.z, 1e-3);
    return {s.view.fx * (v.x - p.x / z * v.z) / z, s.view.fy * (v.y - p.y / z * v.z) / z};
}

// What a pixel shows `late_s` after the view's moment: something that was at (x, y) minus its own
// way since then. Of several that arrive the nearest hides the others; where none does, what was
// hidden has come into sight, and what lies behind goes on there.
struct Arrival {
    Moving m;
    double x = 0, y = 0;  // where it was
};

Arrival arriving(const Source& s, KnownMotion& motion, double x, double y, double late_s) {
    const auto come_from = [&](const Moving& m) {
        const Vec2 way = late_s * speed_in_view(s, m);
        return Arrival{look_at(s, motion, x - way.x, y - way.y), x - way.x, y - way.y};
    };
    const Moving here = look_at(s, motion, x, y);
    Arrival first = come_from(here);
    bool arrives = first.m.word == here.word;
    if (arrives) {
        // Its speed where it was is a little another, which shows after more than a pixel.
        const double way = std::max(std::abs(first.x - x), std::abs(first.y - y));
        if (way > 1) {
            const Arrival again = come_from(first.m);
            if (again.m.word == here.word) first = again;
        }
    } else {
        Arrival second = come_from(first.m);
        arrives = second.m.word == first.m.word;
        if (arrives || second.m.p_F.z > first.m.p_F.z) first = second;
    }
    // Whoever comes from beside.
    constexpr int kSteps[][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1},
                                 {2, 0}, {-2, 0}, {0, 2}, {0, -2}};
    const std::size_t centre = s.index(s.column(x), s.row(y));
    std::uint32_t tried = s.frame->ids[centre];
    for (const auto& [dx, dy] : kSteps) {
        const std::uint32_t word = s.frame->ids[s.index(s.column(x + dx), s.row(y + dy))];
        if (word == tried || word == here.word) continue;
        tried = word;
        const Arrival other = come_from(look_at(s, motion, x + dx, y + dy));
        if (other.m.word != word) continue;
        if (!arrives || other.m.p_F.z < first.m.p_F.z) first = other;
        arrives = true;
    }
    return first;
}

// Speed across the picture [px/s] of what crosses a view with a speed, from how places in the view
// change from pixel to pixel of the picture.
Vec2 speed_in_picture(const CameraPlan& plan, int column, int row, const Vec2& in_view) {
    const engine::core::ArrayView<const PlannedPixel> pixels(plan.pixels, plan.camera.height,
                                                             plan.camera.width);
    const PlannedPixel here = pixels(row, column);
    // Both neighbours of the same view, else one, else nothing is known.
    const auto change = [&](int dx, int dy) {
        const auto neighbour = [&](int sign) {
            const int x = column + sign * dx, y = row + sign * dy;
            const bool inside = x >= 0 && y >= 0 && x < plan.camera.width && y < plan.camera.height;
            const PlannedPixel there = inside ? pixels(y, x) : PlannedPixel{.view = kNoView};
            return there.view == here.view ? there : here;
        };
        const PlannedPixel a = neighbour(-1), b = neighbour(1);
        const double steps = (a.x != here.x || a.y != here.y) + (b.x != here.x || b.y != here.y);
        return Vec2(b.x - a.x, b.y - a.y) / std::max(1.0, steps);
    };
    const Vec2 along_x = change(1, 0), along_y = change(0, 1);
    const double det = along_x.x * along_y.y - along_y.x * along_x.y;
    if (std::abs(det) < 1e-9) return Vec2(0);
    return {(along_y.y * in_view.x - along_y.x * in_view.y) / det,
            (along_x.x * in_view.y - along_x.y * in_view.x) / det};
}

void blend(const Source& s, double x, double y, float* rgb) {
    const double px = std::clamp(x - 0.5, 0.0, s.view.width - 1.0);
    const double py = std::clamp(y - 0.5, 0.0, s.view.height - 1.0);
    const int x0 = static_cast<int>(px), y0 = static_cast<int>(py);
    const int x1 = std::min(x0 + 1, s.view.width - 1), y1 = std::min(y0 + 1, s.view.height - 1);
    const auto tx = static_cast<float>(px - x0), ty = static_cast<float>(py - y0);
    const float* linear = s.frame->linear.data();
    const float *a = linear + 3 * s.index(x0, y0), *b = linear + 3 * s.index(x1, y0),
                *c = linear + 3 * s.index(x0, y1), *d = linear + 3 * s.index(x1, y1);
    for (std::size_t i = 0; i < 3; ++i) {
        const float top = a[i] + (b[i] - a[i]) * tx, bottom = c[i] + (d[i] - c[i]) * tx;
        rgb[i] = top + (bottom - top) * ty;
    }
}

}  // namespace

void mend_slivers(Frame& frame, int width) {
    const auto& ids = frame.ids;
    auto& depth = frame.depth_m;
    const auto w = static_cast<std::size_t>(width);
    if (w < 3 || ids.size() < 3 * w || depth.size() != ids.size()) return;
    constexpr float kStandsOut = 0.005F;
    for (std::size_t i = w + 1; i + w + 1 < ids.size(); ++i) {
        const auto actor = engine::world::actor_of(ids[i]);
        if (actor == engine::world::kNoActor) continue;
        int same = 0, nearer = 0, farther = 0;
        float closest = kInfinite;
        for (const std::size_t j : {i - 1, i + 1, i - w, i + w}) {
            if (engine::world::actor_of(ids[j]) != actor || !(depth[j] < kInfinite)) continue;
            ++same;
            nearer += depth[j] < depth[i] * (1 - kStandsOut);
            farther += depth[j] > depth[i] * (1 + kStandsOut);
            if (std::abs(depth[j] - depth[i]) < std::abs(closest - depth[i])) closest = depth[j];
        }
        if (same >= 3 && (nearer == same || farther == same)) depth[i] = closest;
    }
}

void resample_rows(const CameraPlan& plan, const CameraMotion& camera, const SceneMotion& motion,
                   std::span<const Frame> frames, const ShotParts& parts, int first, int last,
                   Shot& shot) {
    std::vector<Source> sources(plan.views.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const PlannedView& view = plan.views[i];
        RigidTransform X_WF = camera.at(view.after_s);
        X_WF.q = X_WF.q * view.R_CF;
        Source& source = sources[i];
        source = {.frame = &frames[i], .view = view, .X_FW = X_WF.inverse()};
        source.v_F = source.X_FW.q * camera.v_W;
        source.w_F = source.X_FW.q * camera.w_W;
        source.z_C = glm::conjugate(view.R_CF) * Vec3(0, 0, 1);
    }
    const bool along_z = lens::depth_along_z(plan.camera.lens);
    const auto readout = plan.camera.shutter.readout;
    const bool rolling = !plan.direct && readout != engine::world::Readout::kGlobal;
    KnownMotion known(motion);
    for (int row = first; row < last; ++row) {
        for (int column = 0; column < shot.width; ++column) {
            const std::size_t i =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(shot.width) +
                static_cast<std::size_t>(column);
            const PlannedPixel at = plan.direct ? PlannedPixel{static_cast<float>(column) + 0.5F,
                                                               static_cast<float>(row) + 0.5F, 0}
                                                : plan.pixels[i];
            if (at.view == kNoView) {
                if (parts.radiance) std::fill_n(shot.radiance.data() + 3 * i, 3, 0.0F);
                if (parts.labels) {
                    shot.ids[i] = 0;
                    shot.depth_m[i] = kInfinite;
                    shot.shape[i] = 0;
                }
                if (parts.velocity) std::fill_n(shot.velocity_px_s.data() + 2 * i, 2, 0.0F);
                continue;
            }
            const Source& s = sources[at.view];
            Arrival seen{.x = at.x, .y = at.y};
            double late_s = 0;
            if (rolling) {
                late_s = line_time_s(plan.camera, line_of(readout, column, row)) - s.view.after_s;
                seen = arriving(s, known, at.x, at.y, late_s);
            } else {
                seen.m = look_at(s, known, at.x, at.y);
            }
            const Moving& m = seen.m;
            if (parts.radiance) blend(s, seen.x, seen.y, shot.radiance.data() + 3 * i);
            if (parts.labels) {
                shot.ids[i] = m.word;
                shot.shape[i] = s.frame->shape[m.pixel];
                const Vec3 p_F = m.p_F + late_s * m.v_F;
                shot.depth_m[i] =
                    m.sky ? kInfinite
                          : static_cast<float>(along_z ? glm::dot(s.z_C, p_F) : glm::length(p_F));
            }
            if (parts.velocity) {
                const Vec2 in_view = speed_in_view(s, m);
                const Vec2 v = plan.direct ? in_view : speed_in_picture(plan, column, row, in_view);
                shot.velocity_px_s[2 * i] = static_cast<float>(v.x);
                shot.velocity_px_s[2 * i + 1] = static_cast<float>(v.y);
            }
        }
    }
}

}  // namespace huntsman::sensors::capture
