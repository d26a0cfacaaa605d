#include "engine/render/bench_render.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>

namespace huntsman::engine::render {

using core::Error;
using core::Result;

namespace {

using Clock = std::chrono::steady_clock;
double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

constexpr int kUnmeasured = 2;
constexpr int kTimedPasses = 3;  // calls that measure the device's passes

// The view of a camera on a body, scaled to another picture size.
View view_of(const world::Camera& camera, const math::RigidTransform& X_WB, int width, int height) {
    const double sx = static_cast<double>(width) / camera.width;
    const double sy = static_cast<double>(height) / camera.height;
    return {.X_WC = X_WB * camera.X_BC,
            .width = width,
            .height = height,
            .fx = camera.lens.fx * sx,
            .fy = camera.lens.fy * sy,
            .cx = camera.lens.cx * sx,
            .cy = camera.lens.cy * sy};
}

// The call with its stages on one track, the device's passes on another.
void trace_call(core::Trace* trace, const Timing& timing) {
    if (trace == nullptr) return;
    trace->add("loop", {"render", timing.stages.front().start, timing.stages.back().end});
    for (const core::Span& stage : timing.stages) trace->add("loop", stage);
    for (const core::Span& pass : timing.passes) trace->add("device", pass);
}

Result<RenderBenchRow> measure(Renderer& renderer, world::State state,
                               const math::RigidTransform& X_WB,
                               std::span<const world::Camera> cameras, const RenderBenchCase& wish,
                               const Encode& encode, core::Trace* trace) {
    RenderBenchRow row{.cameras = wish.cameras,
                       .width = wish.width,
                       .height = wish.height,
                       .quality = wish.quality,
                       .min_ms = std::numeric_limits<double>::max()};
    std::vector<double> times;
    std::vector<Frame> frames;
    double encode_ms = std::numeric_limits<double>::max();
    double fastest_passes_ms = std::numeric_limits<double>::max();
    for (int i = 0; i < wish.repetitions + kUnmeasured + kTimedPasses; ++i) {
        const bool time_passes = i >= wish.repetitions + kUnmeasured;
        math::RigidTransform X_WB_now = X_WB;
        X_WB_now.p += X_WB.rotate({static_cast<double>(i), 0, 0});
        std::vector<View> views;
        for (const world::Camera& camera : cameras.first(static_cast<std::size_t>(wish.cameras))) {
            views.push_back(view_of(camera, X_WB_now, wish.width, wish.height));
        }
        state.time_us += 100'000;
        const auto start = Clock::now();
        HM_TRY(renderer.render(state, {.views = views, .ids = true, .time_passes = time_passes},
                               frames));
        const double total = milliseconds_since(start);
        if (i < kUnmeasured) continue;
        if (time_passes) {
            const Timing& timing = renderer.timing();
            trace_call(trace, timing);
            if (timing.gpu_ms >= fastest_passes_ms) continue;
            fastest_passes_ms = timing.gpu_ms;
            row.passes.clear();
            for (const core::Span& pass : timing.passes) {
                row.passes.emplace_back(pass.name, core::milliseconds(pass.end - pass.start));
            }
            continue;
        }
        times.push_back(total);
        if (total < row.min_ms) {
            const Timing& timing = renderer.timing();
            row.min_ms = total;
            row.record_ms = timing.record_ms;
            row.gpu_ms = timing.gpu_ms;
            row.readback_ms = timing.readback_ms;
            row.triangles = timing.triangles;
            row.draws = timing.draws;
        }
        if (!encode) continue;
        const auto encoding = Clock::now();
        for (const Frame& frame : frames) {
            HM_TRY(encode(frame.image));
        }
        encode_ms = std::min(encode_ms, milliseconds_since(encoding));
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    row.median_ms = times[times.size() / 2];
    row.mpix_per_s =
        static_cast<double>(wish.cameras) * wish.width * wish.height / 1e3 / row.min_ms;
    if (encode) row.encode_ms = encode_ms;
    return row;
}

}  // namespace

Result<std::vector<RenderBenchRow>> bench_render(const world::World& world,
                                                 const world::State& state,
                                                 const math::RigidTransform& X_WB,
                                                 std::span<const world::Camera> cameras,
                                                 std::span<const RenderBenchCase> cases,
                                                 const Encode& encode, core::Trace* trace) {
    std::map<Quality, std::unique_ptr<Renderer>> renderers;
    std::vector<RenderBenchRow> rows;
    for (const RenderBenchCase& wish : cases) {
        if (wish.cameras < 1 || static_cast<std::size_t>(wish.cameras) > cameras.size() ||
            wish.repetitions < 1) {
            return Error{.message = fmt::format("cannot measure {} cameras {} times; there are {} "
                                                "cameras",
                                                wish.cameras, wish.repetitions, cameras.size())};
        }
        std::unique_ptr<Renderer>& renderer = renderers[wish.quality];
        if (!renderer) {
            HM_TAKE(renderer, Renderer::create(wish.quality));
            HM_TRY(renderer->load(world));
        }
        HM_TAKE(RenderBenchRow row, measure(*renderer, state, X_WB, cameras, wish, encode, trace));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace huntsman::engine::render
