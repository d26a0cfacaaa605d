#include "engine/render/shadow_fit.h"

#include <algorithm>

namespace huntsman::engine::render {

using math::Vec2;
using math::Vec3;

namespace {

// Reach of each cascade around the rig [m]: the car's surroundings, the street, the quarter.
constexpr std::array<double, shader::kCascades> kReach = {15.0, 52.0, 190.0};
// Share of a map's half that the resolve looks at before it takes the next cascade (resolve.comp).
constexpr double kShown = 0.99;
// Error of a caster's outline [texels].
constexpr double kOutlineError = 2.5;
// Share of the reach by which the rig may move before a cascade is drawn anew.
constexpr double kSlack = 0.25;

bool touches(const Cascade& cascade, const Vec2& centre, double radius_m) {
    return std::abs(centre.x - cascade.centre.x) < cascade.half_m + radius_m &&
           std::abs(centre.y - cascade.centre.y) < cascade.half_m + radius_m;
}

// Whether no point outside of the finer cascades, which look into this one, can lie in the shadow.
bool shown_by_finer(const ShadowFit& fit, std::size_t index, const Item& item) {
    const Vec2 centre = fit.across(item.centre);
    // What look-ups reach beyond the point itself: lift along the normal, blur, soft edges.
    const double beyond_m = 1.0 + 4 * fit.cascades[index].texel_m;
    return std::any_of(fit.cascades.begin(), fit.cascades.begin() + static_cast<int>(index),
                       [&](const Cascade& finer) {
                           const Vec2 away = glm::abs(centre - finer.centre);
                           return std::max(away.x, away.y) + item.radius_m + beyond_m <
                                  kShown * finer.half_m;
                       });
}

}  // namespace

ShadowFit fit_shadows(const Vec3& sun_direction, const Vec3& rig_W, int map_size,
                      double world_radius_m) {
    ShadowFit fit;
    fit.z = -sun_direction;
    const Vec3 helper = std::abs(fit.z.z) < 0.99 ? Vec3(0, 0, 1) : Vec3(1, 0, 0);
    fit.x = glm::normalize(glm::cross(helper, fit.z));
    fit.y = glm::cross(fit.z, fit.x);
    fit.depth_scale = 0.5 / world_radius_m;
    const Vec2 rig = fit.across(rig_W);
    for (std::size_t i = 0; i < shader::kCascades; ++i) {
        Cascade& cascade = fit.cascades[i];
        cascade.half_m = kReach[i] * (1 + 0.5 * kSlack);
        cascade.texel_m = 2 * cascade.half_m / map_size;
        const double step = kReach[i] * kSlack;
        cascade.centre = {std::round(rig.x / step) * step, std::round(rig.y / step) * step};
    }
    return fit;
}

void shadow_draws(const ShadowFit& fit, std::size_t index, const RenderScene& scene,
                  std::span<const Item> items, Casters casters,
                  std::span<const PosedFigure> figures, std::vector<DrawCommand>& commands) {
    const Cascade& cascade = fit.cascades[index];
    for (const Item& item : items) {
        if ((item.figure == kNoFigure) != figures.empty()) continue;
        if (!item.casts_shadow || item.radius_m < cascade.texel_m) continue;
        if (!touches(cascade, fit.across(item.centre), item.radius_m)) continue;
        if (casters == Casters::kMoving && shown_by_finer(fit, index, item)) continue;
        const MeshDraw& mesh = scene.meshes()[item.mesh];
        const std::size_t level = choose_lod(mesh, 1.0, 1.0, kOutlineError * cascade.texel_m);
        const auto [lod, vertex_offset] = lod_of(scene, item, level, figures);
        commands.push_back({.index_count = lod->index_count,
                            .first_index = lod->first_index,
                            .vertex_offset = vertex_offset,
                            .first_instance = item.first_record + lod->first_record});
    }
}

void DirtyTiles::mark(const ShadowFit& fit, std::size_t index, std::span<const Item> items) {
    const Cascade& cascade = fit.cascades[index];
    for (const Item& item : items) {
        const Vec2 centre = fit.across(item.centre);
        if (!item.casts_shadow || !touches(cascade, centre, item.radius_m) ||
            shown_by_finer(fit, index, item)) {
            continue;
        }
        // A texel's border on each side takes what rasterisation may add.
        const double r = item.radius_m + cascade.texel_m;
        const auto tile = [&](double l, double origin) {
            const double texel = (l - origin + cascade.half_m) / cascade.texel_m;
            return std::clamp(static_cast<int>(std::floor(texel / kTile)), 0, side_ - 1);
        };
        const int x0 = tile(centre.x - r, cascade.centre.x);
        const int x1 = tile(centre.x + r, cascade.centre.x);
        const int y0 = tile(centre.y - r, cascade.centre.y);
        const int y1 = tile(centre.y + r, cascade.centre.y);
        for (int y = y0; y <= y1; ++y) {
            for (int x = x0; x <= x1; ++x) marks_[static_cast<std::size_t>(y * side_ + x)] = 1;
        }
    }
}

std::vector<DirtyTiles::Run> DirtyTiles::runs() const {
    std::vector<Run> runs;
    for (int y = 0; y < side_; ++y) {
        for (int x = 0; x < side_; ++x) {
            if (!marks_[static_cast<std::size_t>(y * side_ + x)]) continue;
            int end = x;
            while (end < side_ && marks_[static_cast<std::size_t>(y * side_ + end)]) ++end;
            runs.push_back({x * kTile, y * kTile, (end - x) * kTile});
            x = end;
        }
    }
    return runs;
}

}  // namespace huntsman::engine::render
