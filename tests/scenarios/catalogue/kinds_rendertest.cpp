// Every kind of actor as a camera sees it from some metres away: what its pixels say it is.
// HUNTSMAN_PICTURES names a folder for the pictures, to look at.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/core/files.h"
#include "engine/render/renderer.h"
#include "engine/render/shader_types.h"
#include "engine/world/pose.h"
#include "scenarios/catalogue/catalogue.h"
#include "sensors/encode/image_file.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace math = engine::math;
namespace render = engine::render;
using namespace engine::world;
using math::Vec3;

constexpr int kWidth = 480, kHeight = 320;
constexpr double kFocal_px = 400;

// Actor 2 is of the kind, on open ground; the ego has no body.
World world_with(const Model& model) {
    World w;
    w.environment.cloud_cover = 0;
    w.environment.turbidity = 2;
    w.size_m = 200;
    tests::support::MeshBuilder ground;
    ground.material(Material::kAsphalt).quad({-400, -400, 0}, {800, 0, 0}, {0, 800, 0}, 800, 800);
    w.scene.meshes.push_back(tests::support::make_mesh("ground", {ground.lod(0)}));
    w.scene.instances.push_back({.mesh = 0, .semantic = Semantic::kRoad});
    w.archetypes.push_back({.name = "ego"});
    w.archetypes.push_back(archetype_of(model, w.scene));
    w.spawns = {{.id = 1, .archetype = 0, .X_WB = math::upright({-50, 0, 0}, 0)},
                {.id = 2, .archetype = 1, .tint = {0.30F, 0.32F, 0.38F}}};
    return w;
}

// Looks at the middle of a box from ahead and the left.
render::View view_of(const Extent& extent, double azimuth_rad) {
    const Vec3 middle(extent.centre_x_m(), 0, 0.5 * extent.height_m);
    const double away_m = std::max(8.0, 1.1 * extent.length_m() + 2.0);
    const Vec3 eye = middle + Vec3(away_m * math::direction(azimuth_rad), 1.0);
    const Vec3 ahead = middle - eye;
    const double down = std::atan2(ahead.z, std::hypot(ahead.x, ahead.y));
    return {.X_WC = {math::camera_rotation(std::atan2(ahead.y, ahead.x), down), eye},
            .width = kWidth,
            .height = kHeight,
            .fx = kFocal_px,
            .fy = kFocal_px,
            .cx = 0.5 * kWidth,
            .cy = 0.5 * kHeight};
}

struct Rectangle {
    double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9;
    void add(double x, double y) {
        x0 = std::min(x0, x), y0 = std::min(y0, y);
        x1 = std::max(x1, x), y1 = std::max(y1, y);
    }
};

// Where the corners of a box appear that is wider by `more_m` on either side.
Rectangle projected(const Extent& e, const render::View& view, double more_m) {
    Rectangle rectangle;
    const auto X_CW = view.X_WC.inverse();
    for (const double x : {-e.rear_m, e.front_m}) {
        for (const double y : {-0.5 * e.width_m - more_m, 0.5 * e.width_m + more_m}) {
            for (const double z : {0.0, e.height_m}) {
                const Vec3 p = X_CW * Vec3(x, y, z);
                rectangle.add(view.fx * p.x / p.z + view.cx, view.fy * p.y / p.z + view.cy);
            }
        }
    }
    return rectangle;
}

class Kinds : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto created = render::Renderer::create(render::Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
    }
    static void TearDownTestSuite() { renderer.reset(); }
    static inline std::unique_ptr<render::Renderer> renderer;
};

TEST_F(Kinds, PixelsShowTheirClassWithinTheirBox) {
    const Catalogue catalogue = load_shipped().value();
    std::vector<const Model*> models;
    for (const Model& model : catalogue.models) models.push_back(&model);
    for (const Model& model : catalogue.for_stories) models.push_back(&model);
    const char* folder = std::getenv("HUNTSMAN_PICTURES");
    for (const Model* model : models) {
        const World w = world_with(*model);
        State state = initial_state(w);
        if (folder != nullptr) state.actors[1].lamps = bit(Lamp::kBlue);
        const Archetype& archetype = w.archetypes[1];
        ASSERT_TRUE(renderer->load(w).ok());
        for (const double azimuth_rad : {0.6, -1.5, 2.6}) {
            const render::View views[] = {view_of(archetype.extent, azimuth_rad)};
            std::vector<render::Frame> frames;
            // The exposure settles.
            for (int i = 0; i < (folder != nullptr ? 8 : 1); ++i) {
                ASSERT_TRUE(renderer->render(state, {.views = views, .ids = true}, frames).ok());
            }
            const render::Frame& frame = frames.front();
            Rectangle seen;
            int pixels = 0;
            for (int i = 0; i < kWidth * kHeight; ++i) {
                const std::uint32_t word = frame.ids[static_cast<std::size_t>(i)];
                if (actor_of(word) != 2) continue;
                ++pixels;
                seen.add(i % kWidth + 0.5, i / kWidth + 0.5);
                ASSERT_EQ(semantic_of(word), archetype.semantic) << model->name;
            }
            EXPECT_GT(pixels, 50) << model->name;
            // Mirrors stand out at the sides. People's feet reach beyond no box when they stand.
            const Rectangle box = projected(archetype.extent, views[0], 0.2);
            // Some carry things beside them.
            const double edge_px = archetype.figure ? 12 : 2;
            EXPECT_GT(seen.x0, box.x0 - edge_px) << model->name;
            EXPECT_LT(seen.x1, box.x1 + edge_px) << model->name;
            EXPECT_GT(seen.y0, box.y0 - edge_px) << model->name;
            EXPECT_LT(seen.y1, box.y1 + edge_px) << model->name;
            if (folder == nullptr) continue;
            const std::string file = std::string(folder) + "/" + model->name +
                                     std::to_string(static_cast<int>(10 * azimuth_rad)) + ".png";
            const auto png = sensors::encode::encode_png(frame.image);
            ASSERT_TRUE(png.ok());
            EXPECT_TRUE(engine::core::write_file(file, *png).ok());
        }
    }
}

// Half of the time, 2.5 times a second, and not without their bit.
TEST_F(Kinds, BlueLampsFlashWhileTheirBitIsSet) {
    const Catalogue catalogue = load_shipped().value();
    int emergency = 0;
    for (const Model& model : catalogue.for_stories) {
        if (model.name != "police_car" && model.name != "ambulance" &&
            model.name != "fire_engine") {
            continue;
        }
        ++emergency;
        const World w = world_with(model);
        State state = initial_state(w);
        ASSERT_TRUE(renderer->load(w).ok());
        const render::View views[] = {view_of(w.archetypes[1].extent, 0.4)};
        const auto shines = [&](double time_s, std::uint32_t lamps) {
            state.time_us = static_cast<engine::core::TimeUs>(1e6 * time_s + 0.5);
            state.actors[1].lamps = lamps;
            std::vector<render::Frame> frames;
            EXPECT_TRUE(
                renderer->render(state, {.views = views, .ids = true, .shape = true}, frames).ok());
            namespace shader = render::shader;
            return std::any_of(frames[0].shape.begin(), frames[0].shape.end(),
                               [](std::uint32_t word) {
                                   return (word >> shader::kKindShift & 7U) == shader::kKindEmitter;
                               });
        };
        int lit = 0, changes = 0;
        bool before = shines(0, bit(Lamp::kBlue));
        for (int i = 1; i <= 40; ++i) {
            const bool now = shines(0.05 * i, bit(Lamp::kBlue));
            lit += now;
            changes += now != before;
            before = now;
        }
        EXPECT_EQ(lit, 20) << model.name;
        EXPECT_EQ(changes, 10) << model.name;  // in two seconds
        EXPECT_FALSE(shines(0.15, bit(Lamp::kBlue) << 1)) << model.name;
    }
    EXPECT_EQ(emergency, 3);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
