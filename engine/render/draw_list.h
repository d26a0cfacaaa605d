// Which items a camera or a shadow map sees, at which level of detail, in which order.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/render/occluders.h"
#include "engine/render/render_scene.h"
#include "engine/render/view.h"

namespace huntsman::engine::render {

// Laid out as VkDrawIndexedIndirectCommand.
struct DrawCommand {
    std::uint32_t index_count = 0, instance_count = 1, first_index = 0;
    std::int32_t vertex_offset = 0;
    std::uint32_t first_instance = 0;  // the draw record
};

struct DrawList {
    // Commands of one surface class stand together: [begin[c], begin[c + 1]), of which those from
    // figures[c] on take skinned vertices.
    std::vector<DrawCommand> commands;
    std::array<std::uint32_t, static_cast<std::size_t>(SurfaceClass::kCount) + 1> begin{};
    std::array<std::uint32_t, static_cast<std::size_t>(SurfaceClass::kCount)> figures{};
    std::uint64_t triangles = 0;
    std::uint64_t items = 0;
};

// A camera's frustum in C: side planes through the origin, far plane at infinity.
class Frustum {
  public:
    explicit Frustum(const View& view);
    // Whether a sphere may be seen; conservative.
    bool sees(const math::Vec3& centre_W, double radius_m) const;
    // The sphere's smallest distance along the camera's axis [m].
    double nearest_depth(const math::Vec3& centre_W, double radius_m) const;

  private:
    math::RigidTransform X_CW_;
    std::array<math::Vec3, 4> inward_;  // unit normals of the side planes, in C
};

// By how far an item counts as away from the view, for its level of detail [m].
double away_m(const View& view, const Frustum& frustum, const Item& item);

// The level of an item's mesh that is drawn, and where its vertices are, if level `wanted` is asked
// for: figures have no finer ones than they were given.
struct ChosenLod {
    const LodDraw* lod = nullptr;
    std::int32_t vertex_offset = 0;
};
ChosenLod lod_of(const RenderScene& scene, const Item& item, std::size_t wanted,
                 std::span<const PosedFigure> figures);

// Coarsest level whose error seen from `depth_m` stays below `error_px`; f in pixels.
std::size_t choose_lod(const MeshDraw& mesh, double depth_m, double f_px, double error_px);

// Fills `list` for a view; items are sorted front to back within a surface class. `occluders` is
// left looking from the view's place.
void build_draw_list(const View& view, double error_px, const RenderScene& scene,
                     std::span<const Item> actors, std::span<const PosedFigure> figures,
                     Occluders& occluders, DrawList& list);

}  // namespace huntsman::engine::render
