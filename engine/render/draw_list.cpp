#include "engine/render/draw_list.h"

#include <algorithm>

#include "engine/render/shader_types.h"

namespace huntsman::engine::render {

using math::Vec3;

Frustum::Frustum(const View& view) : X_CW_(view.X_WC.inverse()) {
    // The picture's borders as slopes x/z and y/z.
    const double left = -view.cx / view.fx, right = (view.width - view.cx) / view.fx;
    const double top = -view.cy / view.fy, bottom = (view.height - view.cy) / view.fy;
    inward_ = {glm::normalize(Vec3(1, 0, -left)), glm::normalize(Vec3(-1, 0, right)),
               glm::normalize(Vec3(0, 1, -top)), glm::normalize(Vec3(0, -1, bottom))};
}

bool Frustum::sees(const Vec3& centre_W, double radius_m) const {
    const Vec3 c = X_CW_ * centre_W;
    if (c.z + radius_m < shader::kNearPlane) return false;
    return std::all_of(inward_.begin(), inward_.end(),
                       [&](const Vec3& n) { return glm::dot(n, c) >= -radius_m; });
}

double Frustum::nearest_depth(const Vec3& centre_W, double radius_m) const {
    return (X_CW_ * centre_W).z - radius_m;
}

std::size_t choose_lod(const MeshDraw& mesh, double depth_m, double f_px, double error_px) {
    const double allowed_m = error_px * std::max(depth_m, 0.5) / f_px;
    std::size_t level = 0;
    while (level + 1 < mesh.lods.size() && mesh.lods[level + 1].error_m <= allowed_m) ++level;
    return level;
}

double away_m(const View& view, const Frustum& frustum, const Item& item) {
    return view.joined ? glm::length(item.centre - view.X_WC.p) - item.radius_m
                       : frustum.nearest_depth(item.centre, item.radius_m);
}

ChosenLod lod_of(const RenderScene& scene, const Item& item, std::size_t wanted,
                 std::span<const PosedFigure> figures) {
    const MeshDraw& mesh = scene.meshes()[item.mesh];
    if (item.figure == kNoFigure) return {&mesh.lods[wanted], mesh.lods[wanted].vertex_offset};
    const PosedFigure& figure = figures[item.figure];
    const std::size_t level = std::max(wanted, figure.finest);
    return {&mesh.lods[level], figure.vertex_offset[level]};
}

void build_draw_list(const View& view, double error_px, const RenderScene& scene,
                     std::span<const Item> actors, std::span<const PosedFigure> figures,
                     Occluders& occluders, DrawList& list) {
    list = DrawList{.commands = std::move(list.commands)};
    list.commands.clear();
    const Frustum frustum(view);
    occluders.look_from(view.X_WC.p);
    const double f_px = std::max(view.fx, view.fy);
    const double least_px = std::max(1.5, 0.5 * error_px);  // across

    // Collect what is seen, nearest first.
    struct Seen {
        double depth = 0;
        const Item* item = nullptr;
        std::uint32_t order = 0;  // makes the order of equal depths definite
    };
    std::vector<Seen> seen;
    const auto consider = [&](std::span<const Item> items) {
        for (const Item& item : items) {
            if (!frustum.sees(item.centre, item.radius_m)) continue;
            const double depth = frustum.nearest_depth(item.centre, item.radius_m);
            // What is smaller than this is not worth its triangles.
            const double away = away_m(view, frustum, item);
            if (2 * item.radius_m * f_px < least_px * std::max(away, 0.5)) continue;
            if (occluders.hide(item.bounds)) continue;
            seen.push_back({depth, &item, static_cast<std::uint32_t>(seen.size())});
        }
    };
    consider(scene.static_items());
    consider(actors);
    std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
        return a.depth != b.depth ? a.depth < b.depth : a.order < b.order;
    });
    list.items = seen.size();

    // One command a submesh, class by class.
    using Classes =
        std::array<std::vector<DrawCommand>, static_cast<std::size_t>(SurfaceClass::kCount)>;
    Classes classes, of_figures;
    for (const Seen& s : seen) {
        const MeshDraw& mesh = scene.meshes()[s.item->mesh];
        const std::size_t level = choose_lod(mesh, away_m(view, frustum, *s.item), f_px, error_px);
        const auto [lod, vertex_offset] = lod_of(scene, *s.item, level, figures);
        std::uint32_t record = s.item->first_record + lod->first_record;
        Classes& into = s.item->figure == kNoFigure ? classes : of_figures;
        for (const SubmeshDraw& submesh : lod->submeshes) {
            into[static_cast<std::size_t>(submesh.surface)].push_back(
                {.index_count = submesh.index_count,
                 .first_index = submesh.first_index,
                 .vertex_offset = vertex_offset,
                 .first_instance = record++});
            list.triangles += submesh.index_count / 3;
        }
    }
    for (std::size_t c = 0; c < classes.size(); ++c) {
        list.begin[c] = static_cast<std::uint32_t>(list.commands.size());
        list.commands.insert(list.commands.end(), classes[c].begin(), classes[c].end());
        list.figures[c] = static_cast<std::uint32_t>(list.commands.size());
        list.commands.insert(list.commands.end(), of_figures[c].begin(), of_figures[c].end());
    }
    list.begin.back() = static_cast<std::uint32_t>(list.commands.size());
}

}  // namespace huntsman::engine::render
