// Measures the renderer as a run uses it: one call per tick for all cameras, with ids.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/render/renderer.h"

namespace huntsman::engine::render {

struct RenderBenchCase {
    int cameras = 8;  // the first ones of the list of views; 1..16
    int width = 640, height = 400;
    Quality quality = Quality::kStandard;
    int repetitions = 20;  // measured, after two that are not
};

struct RenderBenchRow {
    int cameras = 0, width = 0, height = 0;
    Quality quality = Quality::kStandard;
    // Wall time of a call of render, by the smallest and the median of the repetitions.
    double min_ms = 0, median_ms = 0;
    double mpix_per_s = 0;  // of the smallest
    // Of the repetition with the smallest time.
    double record_ms = 0, gpu_ms = 0, readback_ms = 0;
    double encode_ms = 0;  // smallest time of encoding all views; 0 without an encoder
    std::uint64_t triangles = 0, draws = 0;
    // The device's passes in order [ms], of the fastest of a few calls that are measured apart,
    // since measuring passes may slow a call down.
    std::vector<std::pair<std::string, double>> passes;
};

// Encodes one picture; called for each view of a tick one after another.
using Encode = std::function<core::Status(const core::Image&)>;

// Renders `state` of `world` again and again while its body moves forward by 1 m per tick from
// `X_WB`, so that culling, shadow maps and exposure have their usual work. `cameras` say where the
// views are on the body; their size and intrinsics are scaled to the case's. A trace gets the calls
// whose passes are measured.
core::Result<std::vector<RenderBenchRow>> bench_render(
    const world::World& world, const world::State& state, const math::RigidTransform& X_WB,
    std::span<const world::Camera> cameras, std::span<const RenderBenchCase> cases,
    const Encode& encode = {}, core::Trace* trace = nullptr);

}  // namespace huntsman::engine::render
