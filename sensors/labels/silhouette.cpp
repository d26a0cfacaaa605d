#include "sensors/labels/silhouette.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/world/skin.h"
#include "sensors/capture/plan.h"
#include "sensors/lens/lens.h"

namespace huntsman::sensors::labels {

using engine::world::Camera;
using engine::world::LensModel;
using engine::world::Readout;

namespace {

constexpr double kNear_m = 0.05;  // the renderer's near plane
// Edges longer than this are cut in two where lines bend: a chord of 24 pixels is off by less than
// a tenth of one for the lenses shipped.
constexpr double kChord_px = 24;
constexpr int kMostCuts = 12;

// A point that moves across the picture while its lines are read: three steps bring the moment of
// its line within a microsecond for all but the fastest.
bool settle(const Camera& camera, const lens::Model& lens, const Vec3& p_C, const Vec3& v_C,
            bool rolling, Vec2& pixel) {
    if (!lens::project(lens, p_C, pixel)) return false;
    if (!rolling) return true;
    const Readout readout = camera.shutter.readout;
    const bool columns = capture::line_of(readout, 1, 0) == 1;
    const int lines = columns ? camera.width : camera.height;
    const double last_s = capture::line_time_s(camera, lines - 1);
    for (int step = 0; step < 3; ++step) {
        // Lines beyond the picture's border go on at the same pace, up to one picture.
        const double line = (columns ? pixel.x : pixel.y) - 0.5;
        const double share = std::clamp(2 * line / std::max(1, lines - 1) - 1, -3.0, 3.0);
        if (!lens::project(lens, p_C + v_C * (last_s * share), pixel)) return false;
    }
    return true;
}

bool rolls(const Camera& camera) {
    return camera.shutter.readout != Readout::kGlobal && camera.shutter.readout_us > 0;
}

// Covers every pixel whose centre a triangle holds, within limits.
void fill(const std::vector<std::array<Vec2, 3>>& triangles, const PixelBox& limits, Mask& mask) {
    mask.box = {};
    mask.inside.clear();
    if (triangles.empty()) return;
    double low_x = 1e30, low_y = 1e30, high_x = -1e30, high_y = -1e30;
    for (const auto& triangle : triangles) {
        for (const Vec2& p : triangle) {
            low_x = std::min(low_x, p.x);
            high_x = std::max(high_x, p.x);
            low_y = std::min(low_y, p.y);
            high_y = std::max(high_y, p.y);
        }
    }
    const auto within = [](double x, int low, int high) {
        return static_cast<int>(std::clamp(x, double(low), double(high)));
    };
    PixelBox& box = mask.box;
    box = {within(std::floor(low_x), limits.x0, limits.x1),
           within(std::floor(low_y), limits.y0, limits.y1),
           within(std::ceil(high_x), limits.x0, limits.x1),
           within(std::ceil(high_y), limits.y0, limits.y1)};
    if (box.empty()) return;
    const auto width = static_cast<std::size_t>(box.width());
    mask.inside.assign(width * static_cast<std::size_t>(box.height()), 0);
    for (const auto& t : triangles) {
        const double top = std::min({t[0].y, t[1].y, t[2].y});
        const double bottom = std::max({t[0].y, t[1].y, t[2].y});
        const int first = std::max(box.y0, static_cast<int>(std::ceil(std::max(top, -1e6) - 0.5)));
        const int last =
            std::min(box.y1 - 1, static_cast<int>(std::floor(std::min(bottom, 1e6) - 0.5)));
        for (int y = first; y <= last; ++y) {
            const double line = y + 0.5;
            double from = 1e30, to = -1e30;
            for (std::size_t i = 0; i < 3; ++i) {
                const Vec2 &p = t[i], &q = t[(i + 1) % 3];
                if ((p.y <= line) == (q.y <= line)) continue;
                const double x = p.x + (q.x - p.x) * ((line - p.y) / (q.y - p.y));
                from = std::min(from, x);
                to = std::max(to, x);
            }
            const int x0 =
                std::max(box.x0, static_cast<int>(std::ceil(std::max(from, -1e6) - 0.5)));
            const int x1 =
                std::min(box.x1 - 1, static_cast<int>(std::ceil(std::min(to, 1e6) - 0.5)) - 1);
            if (x1 < x0) continue;
            const auto row =
                mask.inside.begin() +
                static_cast<std::ptrdiff_t>(static_cast<std::size_t>(y - box.y0) * width);
            std::fill(row + (x0 - box.x0), row + (x1 - box.x0 + 1), std::uint8_t{1});
        }
    }
}

// A vertex in the placed mesh's frame.
Vec3 point_of(const PlacedMesh& placed, const engine::world::MeshLod& lod, std::size_t vertex) {
    const engine::world::Vertex& v = lod.vertices[vertex];
    if (!placed.joints) return {v.p[0], v.p[1], v.p[2]};
    return engine::world::skinned_point(*placed.joints, v, lod.bindings[vertex]);
}

// Where a point of F falls in a view.
Vec2 in_view(const capture::PlannedView& view, const Vec3& p_F) {
    return {view.fx * p_F.x / p_F.z + view.cx, view.fy * p_F.y / p_F.z + view.cy};
}

}  // namespace

bool project_moving(const Camera& camera, const lens::Model& lens,
                    const capture::CameraMotion& motion, const Vec3& p_W, const Vec3& v_W,
                    Vec2& pixel, Vec3& p_C) {
    const auto R_CW = glm::conjugate(motion.X_WC.q);
    p_C = motion.X_WC.inverse() * p_W;
    const Vec3 v_C = R_CW * (v_W - motion.v_W) - glm::cross(R_CW * motion.w_W, p_C);
    return settle(camera, lens, p_C, v_C, rolls(camera), pixel);
}

Silhouettes::Silhouettes(const Camera& camera, const capture::CameraMotion& motion,
                         double lod_error_px, const capture::CameraPlan* plan)
    : camera_(camera),
      lens_(camera.lens),
      motion_(motion),
      X_CW_(motion.X_WC.inverse()),
      w_C_(glm::conjugate(motion.X_WC.q) * motion.w_W),
      lod_error_px_(lod_error_px),
      straight_(lens::plain_pinhole(camera.lens)),
      rolling_(rolls(camera)),
      plan_(plan != nullptr && !plan->direct && !rolling_ ? plan : nullptr),
      levels_by_distance_(plan != nullptr && plan->joined) {}

Silhouettes::Corner Silhouettes::corner(const Vec3& p_C, const Vec3& v_C) const {
    Corner c{.p_C = p_C, .v_C = v_C};
    // Pinholes see what lies before the near plane; others all that their field holds.
    c.seen = !(camera_.lens.model == LensModel::kPinhole && p_C.z < kNear_m) &&
             settle(camera_, lens_, p_C, v_C, rolling_, c.pixel);
    return c;
}

// A triangle, cut where it leaves the field and where its edges bend.
void Silhouettes::add(const Corner& a, const Corner& b, const Corner& c, int depth) {
    const int seen = a.seen + b.seen + c.seen;
    const auto halve = [&](const Corner& p, const Corner& q) {
        return corner(0.5 * (p.p_C + q.p_C), 0.5 * (p.v_C + q.v_C));
    };
    // Cuts the longest of the edges, in the scene or in the picture.
    const auto cut = [&](double ab, double bc, double ca) {
        if (ab >= bc && ab >= ca) {
            const Corner m = halve(a, b);
            add(a, m, c, depth + 1);
            add(m, b, c, depth + 1);
        } else if (bc >= ca) {
            const Corner m = halve(b, c);
            add(a, b, m, depth + 1);
            add(a, m, c, depth + 1);
        } else {
            const Corner m = halve(c, a);
            add(a, b, m, depth + 1);
            add(m, b, c, depth + 1);
        }
    };
    if (seen < 3) {
        if (straight_) {
            // Sutherland–Hodgman at the near plane.
            if (seen == 0) return;
            const Corner* in[3] = {&a, &b, &c};
            std::vector<Corner> out;
            for (std::size_t i = 0; i < 3; ++i) {
                const Corner &p = *in[i], &q = *in[(i + 1) % 3];
                if (p.seen) out.push_back(p);
                if (p.seen == q.seen) continue;
                const double t = (kNear_m * 1.000001 - p.p_C.z) / (q.p_C.z - p.p_C.z);
                out.push_back(corner(p.p_C + (q.p_C - p.p_C) * t, p.v_C + (q.v_C - p.v_C) * t));
            }
            for (std::size_t i = 2; i < out.size(); ++i) {
                if (out[0].seen && out[i - 1].seen && out[i].seen) {
                    triangles_.push_back({out[0].pixel, out[i - 1].pixel, out[i].pixel});
                }
            }
            return;
        }
        const double ab = glm::length(a.p_C - b.p_C), bc = glm::length(b.p_C - c.p_C),
                     ca = glm::length(c.p_C - a.p_C);
        // What lies wholly outside may still reach inside if it is large for its distance.
        const double nearest =
            std::min({glm::length(a.p_C), glm::length(b.p_C), glm::length(c.p_C)});
        if (depth >= kMostCuts || std::max({ab, bc, ca}) < 0.05 * nearest) return;
        cut(ab, bc, ca);
        return;
    }
    if (!straight_) {
        const double ab = glm::length(a.pixel - b.pixel), bc = glm::length(b.pixel - c.pixel),
                     ca = glm::length(c.pixel - a.pixel);
        if (std::max({ab, bc, ca}) > kChord_px && depth < kMostCuts) {
            cut(ab, bc, ca);
            return;
        }
        // Behind one's back a map of the globe ends on one side and begins on the other.
        if (std::max({ab, bc, ca}) > 0.5 * camera_.width) return;
    }
    triangles_.push_back({a.pixel, b.pixel, c.pixel});
}

// The renderer's rule for levels of detail.
const engine::world::MeshLod& Silhouettes::level_of(const PlacedMesh& placed) const {
    const Vec3 centre = X_CW_ * (placed.X_WM * placed.mesh->centre);
    const double depth =
        (levels_by_distance_ ? glm::length(centre) : centre.z) - placed.mesh->radius_m;
    const double focal =
        plan_ != nullptr ? plan_->views.front().fx : std::max(camera_.lens.fx, camera_.lens.fy);
    const double allowed_m = lod_error_px_ * std::max(depth, 0.5) / focal;
    const auto& lods = placed.mesh->lods;
    std::size_t level = 0;
    while (level + 1 < lods.size() && static_cast<double>(lods[level + 1].error_m) <= allowed_m) {
        ++level;
    }
    return lods[level];
}

void Silhouettes::draw(std::span<const PlacedMesh> meshes, std::span<const capture::Twist> twists,
                       Mask& mask) {
    triangles_.clear();
    const auto R_CW = X_CW_.q;
    for (const PlacedMesh& placed : meshes) {
        const RigidTransform X_CM = X_CW_ * placed.X_WM;
        // Out of sight as a whole?
        const Vec3 centre = X_CM * placed.mesh->centre;
        const double radius = placed.mesh->radius_m;
        if (camera_.lens.model == LensModel::kPinhole && centre.z < -radius) continue;
        const auto& lod = level_of(placed);
        corners_.clear();
        for (std::size_t i = 0; i < lod.vertices.size(); ++i) {
            const Vec3 p_M = point_of(placed, lod, i);
            const Vec3 p_C = X_CM * p_M;
            Vec3 v_C(0);
            if (rolling_) {
                const std::uint32_t own = placed.joints ? lod.bindings[i].part : 0U;
                const capture::Twist& twist = twists[placed.part + own];
                v_C = R_CW * (twist.velocity_at(placed.X_WM * p_M) - motion_.v_W) -
                      glm::cross(w_C_, p_C);
            }
            corners_.push_back(corner(p_C, v_C));
        }
        for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
            const Corner &a = corners_[lod.indices[i]], &b = corners_[lod.indices[i + 1]],
                         &c = corners_[lod.indices[i + 2]];
            // Faces that look away add nothing to a closed body.
            if (glm::dot(glm::cross(b.p_C - a.p_C, c.p_C - a.p_C), a.p_C) >= 0) continue;
            add(a, b, c, 0);
        }
    }
    const PixelBox limits{-camera_.width, -camera_.height, 2 * camera_.width, 2 * camera_.height};
    fill(triangles_, limits, mask);
    if (plan_ != nullptr) draw_in_views(meshes, mask);
}

// Draws the object into the views that the picture was read from, and reads it as the picture was.
void Silhouettes::draw_in_views(std::span<const PlacedMesh> meshes, Mask& mask) {
    // A pixel around it, since the view's pixels may round outwards.
    const PixelBox box{std::max(0, mask.box.x0 - 1), std::max(0, mask.box.y0 - 1),
                       std::min(camera_.width, mask.box.x1 + 1),
                       std::min(camera_.height, mask.box.y1 + 1)};
    if (box.empty()) return;
    view_masks_.resize(plan_->views.size());
    for (std::size_t v = 0; v < plan_->views.size(); ++v) {
        const capture::PlannedView& view = plan_->views[v];
        triangles_.clear();
        for (const PlacedMesh& placed : meshes) {
            const RigidTransform X_FM =
                RigidTransform{glm::conjugate(view.R_CF), Vec3(0)} * X_CW_ * placed.X_WM;
            const Vec3 centre = X_FM * placed.mesh->centre;
            if (centre.z < -placed.mesh->radius_m) continue;
            const auto& lod = level_of(placed);
            corners_.clear();
            for (std::size_t i = 0; i < lod.vertices.size(); ++i) {
                Corner c{.p_C = X_FM * point_of(placed, lod, i)};
                c.seen = c.p_C.z >= kNear_m;
                if (c.seen) c.pixel = in_view(view, c.p_C);
                corners_.push_back(c);
            }
            for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
                const std::array<const Corner*, 3> in{&corners_[lod.indices[i]],
                                                      &corners_[lod.indices[i + 1]],
                                                      &corners_[lod.indices[i + 2]]};
                const Vec3 &a = in[0]->p_C, &b = in[1]->p_C, &c = in[2]->p_C;
                if (glm::dot(glm::cross(b - a, c - a), a) >= 0) continue;
                if (in[0]->seen && in[1]->seen && in[2]->seen) {
                    triangles_.push_back({in[0]->pixel, in[1]->pixel, in[2]->pixel});
                    continue;
                }
                // Cut at the near plane.
                std::array<Vec2, 4> out;
                std::size_t count = 0;
                for (std::size_t k = 0; k < 3; ++k) {
                    const Corner &p = *in[k], &q = *in[(k + 1) % 3];
                    if (p.seen) out[count++] = p.pixel;
                    if (p.seen == q.seen) continue;
                    const double t = (kNear_m - p.p_C.z) / (q.p_C.z - p.p_C.z);
                    out[count++] = in_view(view, p.p_C + (q.p_C - p.p_C) * t);
                }
                for (std::size_t k = 2; k < count; ++k) {
                    triangles_.push_back({out[0], out[k - 1], out[k]});
                }
            }
        }
        fill(triangles_, {0, 0, view.width, view.height}, view_masks_[v]);
    }
    // Widen the mask where needed, then ask for each pixel.
    Mask wide{.box = {std::min(mask.box.x0, box.x0), std::min(mask.box.y0, box.y0),
                      std::max(mask.box.x1, box.x1), std::max(mask.box.y1, box.y1)}};
    wide.inside.resize(static_cast<std::size_t>(wide.box.width()) *
                       static_cast<std::size_t>(wide.box.height()));
    const engine::core::ArrayView<const capture::PlannedPixel> planned(
        plan_->pixels, camera_.height, camera_.width);
    std::uint8_t* out = wide.inside.data();
    for (int y = wide.box.y0; y < wide.box.y1; ++y) {
        for (int x = wide.box.x0; x < wide.box.x1; ++x, ++out) {
            if (x < 0 || y < 0 || x >= camera_.width || y >= camera_.height) {
                *out = mask.at(x, y);
                continue;
            }
            const auto& from = planned(y, x);
            if (from.view == capture::kNoView) continue;
            *out = view_masks_[from.view].at(static_cast<int>(std::floor(from.x)),
                                             static_cast<int>(std::floor(from.y)));
        }
    }
    mask = std::move(wide);
}

}  // namespace huntsman::sensors::labels
