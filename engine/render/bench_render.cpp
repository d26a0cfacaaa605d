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

Result<RenderBenchRow> measure(Renderer& renderer, world::State state,
                               const math::RigidTransform& X_WB,
                               std::span<const world::Camera> cameras, const RenderBenchCase& wish,
                               const Encode& encode) {
    RenderBenchRow row{.cameras = wish.cameras,
                       .width = wish.width,
                       .height = wish.height,
                       .quality = wish.quality,
                       .min_ms = std::numeric_limits<double>::max()};
    std::vector<double> times;
    std::vector<Frame> frames;
    double encode_ms = std::numeric_limits<double>::max();
    for (int i = 0; i < wish.repetitions + kUnmeasured; ++i) {
        math::RigidTransform X_WB_now = X_WB;
        X_WB_now.p += X_WB.rotate({static_cast<double>(i), 0, 0});
        std::vector<View> views;
        for (const world::Camera& camera : cameras.first(static_cast<std::size_t>(wish.cameras))) {
            views.push_back(view_of(camera, X_WB_now, wish.width, wish.height));
        }
        state.time_us += 100'000;
        const auto start = Clock::now();
        if (const auto status = renderer.render(state, {.views = views, .ids = true}, frames);
            !status.ok()) {
            return status.error();
        }
        const double total = milliseconds_since(start);
        if (i < kUnmeasured) continue;
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
            if (const auto status = encode(frame.image); !status.ok()) return status.error();
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

View view_of(const world::Camera& camera, const math::RigidTransform& X_WB, int width, int height) {
    const double sx = static_cast<double>(width) / camera.width;
    const double sy = static_cast<double>(height) / camera.height;
    return {.X_WC = X_WB * camera.X_BC,
            .width = width,
            .height = height,
            .fx = camera.fx * sx,
            .fy = camera.fy * sy,
            .cx = camera.cx * sx,
            .cy = camera.cy * sy};
}

Result<std::vector<RenderBenchRow>> bench_render(const world::World& world,
                                                 const world::State& state,
                                                 const math::RigidTransform& X_WB,
                                                 std::span<const world::Camera> cameras,
                                                 std::span<const RenderBenchCase> cases,
                                                 const Encode& encode) {
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
            auto created = Renderer::create(wish.quality);
            if (!created.ok()) return created.error();
            renderer = std::move(created.value());
            if (const auto loaded = renderer->load(world); !loaded.ok()) return loaded.error();
        }
        auto row = measure(*renderer, state, X_WB, cameras, wish, encode);
        if (!row.ok()) return row.error();
        rows.push_back(row.value());
    }
    return rows;
}

}  // namespace huntsman::engine::render
