// A renderer, small worlds and cameras for its tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "engine/render/renderer.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::engine::render {

using math::kPi;
using math::Vec3;
using tests::support::make_mesh;
using tests::support::MeshBuilder;
using world::Material;
using world::Semantic;

// A camera at `p` that looks along yaw and pitch.
inline View camera(const Vec3& p, double yaw_rad, double pitch_rad, int width = 128,
                   int height = 96) {
    return {.X_WC = {math::camera_rotation(yaw_rad, pitch_rad), p},
            .width = width,
            .height = height,
            .fx = 100,
            .fy = 100,
            .cx = 0.5 * width,
            .cy = 0.5 * height};
}

inline world::World world_of(world::Mesh mesh, const math::RigidTransform& X_WM, Semantic semantic,
                             world::ActorId id = world::kNoActor) {
    world::World w;
    w.environment.cloud_cover = 0;
    w.environment.turbidity = 2;
    w.scene.meshes.push_back(std::move(mesh));
    w.scene.instances.push_back({.mesh = 0, .X_WM = X_WM, .object = id, .semantic = semantic});
    w.size_m = 200;
    return w;
}

inline world::Mesh ground(Material material) {
    MeshBuilder b;
    b.material(material).quad({-400, -400, 0}, {800, 0, 0}, {0, 800, 0}, 800, 800);
    return make_mesh("ground", {b.lod(0)});
}

class RendererTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        setenv("HUNTSMAN_VALIDATION", "1", 1);
        auto created = Renderer::create(Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
    }
    static void TearDownTestSuite() {
        EXPECT_EQ(renderer->validation_messages(), 0U);
        renderer.reset();
    }

    // Loads and renders once; ids and depth included.
    static Frame picture(const world::World& w, const View& view, const world::State& state = {}) {
        EXPECT_TRUE(renderer->load(w).ok());
        return again(view, state);
    }
    static Frame again(const View& view, const world::State& state) {
        std::vector<Frame> frames;
        const auto status =
            renderer->render(state, {.views = {&view, 1}, .ids = true, .depth = true}, frames);
        EXPECT_TRUE(status.ok()) << status.error().text();
        return frames.at(0);
    }

    inline static std::unique_ptr<Renderer> renderer;
};

inline double grey(const Frame& f, int x, int y) {
    const std::uint8_t* p = f.image.row(y) + 3 * x;
    return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
}
inline double mean_grey(const Frame& f) {
    double sum = 0;
    for (int y = 0; y < f.image.height; ++y) {
        for (int x = 0; x < f.image.width; ++x) sum += grey(f, x, y);
    }
    return sum / (f.image.width * f.image.height);
}
inline std::size_t index(const Frame& f, int x, int y) {
    return static_cast<std::size_t>(y * f.image.width + x);
}

}  // namespace huntsman::engine::render
