#include "engine/render/figures.h"

#include <algorithm>
#include <cmath>

#include "engine/render/draw_list.h"
#include "engine/render/render_scene.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"

namespace huntsman::engine::render {

namespace {

constexpr float kUnit = 32767.0F;  // of signed normalised numbers of 16 bits

void skin_level(const world::SkinRows& rows, const SkinLevel& level, std::uint32_t first_part,
                shader::GpuVertex* out) {
    for (std::size_t i = 0; i < level.rest.size(); ++i) {
        const shader::GpuVertex& v = level.rest[i];
        const world::Binding& binding = level.bindings[i];
        const std::array<float, 12> m = world::blended_rows(rows, binding);
        shader::GpuVertex moved = v;
        float n[3], square = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const float* row = m.data() + 4 * k;
            moved.p[k] = row[0] * v.p[0] + row[1] * v.p[1] + row[2] * v.p[2] + row[3];
            n[k] = row[0] * static_cast<float>(v.normal[0]) +
                   row[1] * static_cast<float>(v.normal[1]) +
                   row[2] * static_cast<float>(v.normal[2]);
            square += n[k] * n[k];
        }
        const float scale = square > 0 ? kUnit / std::sqrt(square) : 0.0F;
        for (std::size_t k = 0; k < 3; ++k) {
            moved.normal[k] = static_cast<std::int16_t>(std::lrint(n[k] * scale));
        }
        moved.normal[3] = static_cast<std::int16_t>(first_part + binding.part);
        out[i] = moved;
    }
}

}  // namespace

void want_levels(const View& view, double error_px, const RenderScene& scene,
                 std::span<const Item> items, std::vector<PosedFigure>& figures) {
    const Frustum frustum(view);
    for (const Item& item : items) {
        if (item.figure == kNoFigure || !frustum.sees(item.centre, item.radius_m)) continue;
        PosedFigure& figure = figures[item.figure];
        const std::size_t level = choose_lod(scene.meshes()[item.mesh], away_m(view, frustum, item),
                                             std::max(view.fx, view.fy), error_px);
        figure.finest = std::min(figure.finest, level);
    }
}

std::size_t place_skins(const RenderScene& scene, std::vector<PosedFigure>& figures) {
    std::size_t count = 0;
    for (PosedFigure& figure : figures) {
        const auto& levels = scene.meshes()[figure.mesh].skin;
        // Shadows take the coarsest of those that no view sees.
        figure.finest = std::min(figure.finest, levels.size() - 1);
        for (std::size_t i = figure.finest; i < levels.size(); ++i) {
            figure.vertex_offset[i] = static_cast<std::int32_t>(count);
            count += levels[i].rest.size();
        }
    }
    return count;
}

void skin_figures(const RenderScene& scene, const std::vector<PosedFigure>& figures,
                  core::JobPool& pool, shader::GpuVertex* out) {
    pool.run(figures.size(), [&](std::size_t i) {
        const PosedFigure& posed = figures[i];
        const world::SkinRows rows =
            world::skinning_of(*posed.own, world::figure_frames(*posed.own, posed.movement));
        const auto& levels = scene.meshes()[posed.mesh].skin;
        for (std::size_t k = posed.finest; k < levels.size(); ++k) {
            skin_level(rows, levels[k], posed.own->first_part, out + posed.vertex_offset[k]);
        }
    });
}

}  // namespace huntsman::engine::render
