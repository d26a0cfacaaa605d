// People of the cast in a picture, and what the labels say of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/core/job_pool.h"
#include "engine/math/geometry.h"
#include "engine/render/renderer.h"
#include "engine/road/road_map.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/catalogue/catalogue.h"
#include "sensors/capture/capture.h"
#include "sensors/labels/audit.h"
#include "sensors/labels/labeller.h"
#include "sensors/lens/lens.h"
#include "tests/support/mesh_builder.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace math = engine::math;
namespace labels = sensors::labels;
using namespace engine::world;
using math::Vec2;
using math::Vec3;

constexpr int kColumns = 320, kRows = 240;

class CastInPictures : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (shipped_cast().empty()) return;
        auto created = engine::render::Renderer::create(engine::render::Quality::kStandard);
        ASSERT_TRUE(created.ok()) << created.error().text();
        renderer = std::move(created.value());
    }
    static void TearDownTestSuite() { renderer.reset(); }
    void SetUp() override {
        if (shipped_cast().empty()) GTEST_SKIP() << "built without the data of bodies";
        camera.X_BC = {math::camera_rotation(0, -0.05), {0, 0, 1.4}};
        camera.lens = {.fx = 260, .fy = 260, .cx = 160, .cy = 120, .max_angle_rad = 1.5};
    }

    // One person before the ego, which has no body.
    void make_world(const Model& model) {
        world = {};
        world.environment.cloud_cover = 0;
        world.size_m = 200;
        tests::support::MeshBuilder ground;
        ground.material(Material::kConcrete).quad({-400, -400, 0}, {800, 0, 0}, {0, 800, 0}, 1, 1);
        world.scene.meshes.push_back(tests::support::make_mesh("ground", {ground.lod(0)}));
        world.scene.instances.push_back({.mesh = 0, .semantic = Semantic::kRoad});
        world.archetypes.push_back({.name = "ego"});
        world.archetypes.push_back(archetype_of(model, world.scene));
        world.spawns = {{.id = 1, .archetype = 0},
                        {.id = 2, .archetype = 1, .X_WB = math::upright({4.5, 0.6, 0}, 1.9)}};
    }
    static State later(const World& world, const State& state, double dt_s) {
        State next = state;
        next.time_us += static_cast<engine::core::TimeUs>(dt_s * 1e6);
        ActorState& person = next.actors[1];
        hold_posture(world.archetypes[1], person, dt_s);
        person.X_WB.p += person.v_W * dt_s;
        return next;
    }
    std::vector<labels::Sample> label(const std::vector<State>& states) {
        EXPECT_TRUE(renderer->load(world).ok());
        const engine::road::RoadMap map(world);
        labels::Labeller labeller(world, map, pool, {.map = false});
        sensors::capture::Capture capture(pool);
        std::vector<labels::Sample> samples;
        const auto keep = [&](std::vector<labels::Sample> more) {
            for (labels::Sample& s : more) samples.push_back(std::move(s));
        };
        for (const State& one : states) {
            std::vector<sensors::capture::Shot> shots;
            const auto status =
                capture.take(*renderer, world, one, {.cameras = {&camera, 1}}, shots);
            EXPECT_TRUE(status.ok()) << status.error().text();
            labels::Moment moment{.scene = "s", .frame = samples.size(), .state = one};
            moment.pictures.push_back(
                {.camera = camera, .stated = camera, .shot = std::move(shots[0])});
            keep(labeller.add(std::move(moment)));
        }
        keep(labeller.finish());
        return samples;
    }

    // What labels say of one actor that nothing hides, moving in this way.
    void expect_agreement(const Model& model, const Vec3& v_W, double gait_rad) {
        make_world(model);
        const Archetype& archetype = world.archetypes[1];
        State state = initial_state(world);
        state.actors[1].v_W = v_W;
        state.actors[1].gait_rad = gait_rad;
        const auto samples = label({state, later(world, state, 0.05)});
        ASSERT_EQ(samples.size(), 2U);
        const labels::CameraSample& c = samples[0].cameras[0];
        std::set<std::uint32_t> parts;
        for (const std::uint32_t word : c.ids) {
            if (actor_of(word) != 2) continue;
            parts.insert(part_of(word));
            ASSERT_EQ(semantic_of(word), archetype.semantic);
        }
        EXPECT_GT(parts.size(), 8U) << model.name;
        const labels::ObjectInCamera* object = c.find(2);
        ASSERT_NE(object, nullptr) << model.name;
        EXPECT_GT(object->visible_px, 600U) << model.name;
        // Nothing stands before it: the mask that is drawn from the skin is what is seen.
        // Spokes and tubes are thinner than pixels.
        const double share = is_vehicle(archetype.semantic) ? 0.05 : 0.02;
        EXPECT_NEAR(object->amodal_px, object->visible_px, share * object->visible_px)
            << model.name;
        ASSERT_TRUE(object->has_keypoints) << model.name;
        int visible = 0;
        for (const labels::Keypoint& k : object->keypoints) {
            visible += k.seen == labels::Seen::kVisible;
            EXPECT_GT(k.pixel.x, object->amodal.x0 - 2) << model.name;
            EXPECT_LT(k.pixel.x, object->amodal.x1 + 2) << model.name;
            EXPECT_GT(k.pixel.y, object->amodal.y0 - 2) << model.name;
            EXPECT_LT(k.pixel.y, object->amodal.y1 + 2) << model.name;
        }
        EXPECT_GT(visible, 6) << model.name;
        for (std::size_t i = 0; i < 2; ++i) {
            for (const auto& violation :
                 labels::audit(samples[i], i == 0 ? &samples[1] : nullptr)) {
                ADD_FAILURE() << model.name << " " << violation.rule << ": " << violation.what;
            }
        }
        // The box holds each vertex of the skin.
        const auto own = std::ranges::find(samples[0].objects, 2U, &labels::ObjectLabel::id);
        ASSERT_NE(own, samples[0].objects.end()) << model.name;
        const auto rows = skinning_of(archetype, state.actors[1]);
        const MeshLod& skin = world.scene.meshes[archetype.figure->skin].lods.front();
        double most_m = 0;
        for (std::size_t v = 0; v < skin.vertices.size(); ++v) {
            const Vec3 p_W =
                state.actors[1].X_WB * skinned_point(rows, skin.vertices[v], skin.bindings[v]);
            const Vec3 out = glm::abs(own->X_WO.inverse() * p_W) - 0.5 * own->size_m;
            most_m = std::max({most_m, out.x, out.y, out.z});
        }
        EXPECT_LT(most_m, 1e-6) << model.name;
    }

    static std::unique_ptr<engine::render::Renderer> renderer;
    engine::core::JobPool pool{2};
    Camera camera{.name = "c", .width = kColumns, .height = kRows};
    World world;
};
std::unique_ptr<engine::render::Renderer> CastInPictures::renderer;

TEST_F(CastInPictures, PixelsMasksBoxesAndKeyPointsAgree) {
    const Catalogue catalogue = load_shipped().value();
    int seen = 0;
    for (const Model& model : catalogue.models) {
        if (!model.person || ++seen % 5 != 0) continue;
        expect_agreement(model, {-0.4, 1.2, 0}, 0.5 * seen);
    }
    EXPECT_GT(seen, 40);
}

TEST_F(CastInPictures, LabelsOfRidersAgree) {
    const Catalogue catalogue = load_shipped().value();
    int seen = 0;
    for (const Model& model : catalogue.for_stories) {
        if (model.members.empty()) continue;
        ++seen;
        expect_agreement(model, Vec3(-0.32, 0.95, 0) * (1.0 + seen % 4), 0.7 * seen);
    }
    EXPECT_GE(seen, 12);
}

// The flow of skin against where its vertices go.
TEST_F(CastInPictures, FlowIsThatOfTheSkin) {
    const Catalogue catalogue = load_shipped().value();
    int seen = 0;
    std::vector<double> errors;
    for (const Model& model : catalogue.models) {
        if (!model.person || ++seen % 9 != 0) continue;
        make_world(model);
        State state = initial_state(world);
        state.actors[1].v_W = {-0.4, 1.2, 0};
        state.actors[1].gait_rad = 0.4 * seen;
        const State next = later(world, state, 0.1);
        const auto samples = label({state, next});
        ASSERT_EQ(samples.size(), 2U);
        const labels::CameraSample &from = samples[0].cameras[0], &to = samples[1].cameras[0];
        const Archetype& a = world.archetypes[1];
        const MeshLod& skin = world.scene.meshes[a.figure->skin].lods.front();
        const auto rows_0 = skinning_of(a, state.actors[1]);
        const auto rows_1 = skinning_of(a, next.actors[1]);
        for (std::size_t v = 0; v < skin.vertices.size(); ++v) {
            const auto place = [&](const State& s, const auto& rows) {
                return s.actors[1].X_WB * skinned_point(rows, skin.vertices[v], skin.bindings[v]);
            };
            const Vec3 p_C0 = from.X_WC.inverse() * place(state, rows_0);
            const Vec3 p_C1 = to.X_WC.inverse() * place(next, rows_1);
            Vec2 pixel_0, pixel_1;
            if (!sensors::lens::project(from.camera.lens, p_C0, pixel_0) ||
                !sensors::lens::project(to.camera.lens, p_C1, pixel_1)) {
                continue;
            }
            const auto i = static_cast<std::size_t>(static_cast<int>(pixel_0.y) * kColumns +
                                                    static_cast<int>(pixel_0.x));
            // Vertices that are seen there.
            if (std::abs(static_cast<double>(from.depth_m[i]) - p_C0.z) > 0.01) continue;
            if (actor_of(from.ids[i]) != 2 || !std::isfinite(from.flow_next[2 * i])) continue;
            const Vec2 flow(static_cast<double>(from.flow_next[2 * i]),
                            static_cast<double>(from.flow_next[2 * i + 1]));
            errors.push_back(glm::length(flow - (pixel_1 - pixel_0)));
        }
        for (const auto& violation : labels::audit(samples[0], &samples[1])) {
            ADD_FAILURE() << model.name << " " << violation.rule << ": " << violation.what;
        }
    }
    ASSERT_GT(errors.size(), 1000U);
    std::sort(errors.begin(), errors.end());
    // A limb moves by up to ten pixels here.
    EXPECT_LT(errors[errors.size() / 2], 0.15);
    EXPECT_LT(errors[errors.size() * 95 / 100], 0.8);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
