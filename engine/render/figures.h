// People whose meshes bend, in a call of render: posed and skinned on the host, so that pictures
// and labels have the same skin to the bit, whatever the device.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/figure/motion.h"
#include "engine/render/shader_types.h"
#include "engine/render/view.h"
#include "engine/world/scene.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

class RenderScene;
struct Item;

constexpr std::size_t kMostSkinLevels = 4;

// A level of a skin at rest.
struct SkinLevel {
    std::vector<shader::GpuVertex> rest;
    std::vector<world::Binding> bindings;
};

struct PosedFigure {
    const world::Figure* own = nullptr;
    figure::Movement movement;
    std::uint32_t mesh = 0;
    // The finest level that a view wants, and where it and the coarser ones lie among the skinned
    // vertices.
    std::size_t finest = kMostSkinLevels;
    std::array<std::int32_t, kMostSkinLevels> vertex_offset{};
};

// Makes the levels of the figures as fine as the view wants those that it may see.
void want_levels(const View& view, double error_px, const RenderScene& scene,
                 std::span<const Item> items, std::vector<PosedFigure>& figures);

// Gives each figure's wanted levels their places; returns the number of vertices of all.
std::size_t place_skins(const RenderScene& scene, std::vector<PosedFigure>& figures);

// Poses the figures and writes their vertices to their places.
void skin_figures(const RenderScene& scene, const std::vector<PosedFigure>& figures,
                  core::JobPool& pool, shader::GpuVertex* out);

}  // namespace huntsman::engine::render
