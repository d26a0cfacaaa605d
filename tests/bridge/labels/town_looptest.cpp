// Labels of whole towns, with traffic, audited.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "bridge/run/runner.h"
#include "engine/road/road_map.h"
#include "engine/world/skin.h"
#include "sensors/labels/audit.h"
#include "sensors/labels/labeller.h"

namespace huntsman::sensors::labels {
namespace {

namespace fs = std::filesystem;
const fs::path kAssets = fs::path(HUNTSMAN_SOURCE_DIR) / "assets";

struct Audited {
    std::size_t samples = 0, objects = 0, violations = 0;
    std::size_t road_pixels = 0, cells_inside = 0;
};

// Pixels of the road near the ego lie in cells that count as seen, and the insides of houses, three
// cells behind their walls, do not.
void check_birds_eye(const Sample& sample, std::size_t& road, std::size_t& inside) {
    const BirdsEye& view = sample.birds_eye;
    const double half_m = 0.5 * view.cells * view.cell_m;
    const RigidTransform X_BW =
        engine::math::upright(sample.ego.X_WB.p, sample.ego.X_WB.yaw_rad()).inverse();
    std::size_t unseen = 0, all = 0;
    for (const CameraSample& camera : sample.cameras) {
        if (camera.camera.shutter.readout != engine::world::Readout::kGlobal) continue;
        for (int y = 0; y < camera.camera.height; y += 2) {
            for (int x = 0; x < camera.camera.width; x += 2) {
                const auto i = static_cast<std::size_t>(y * camera.camera.width + x);
                if (engine::world::semantic_of(camera.ids[i]) != engine::world::Semantic::kRoad ||
                    !(camera.depth_m[i] < 40)) {
                    continue;
                }
                const auto& lens = camera.camera.lens;
                const double z = static_cast<double>(camera.depth_m[i]);
                const Vec3 p_C((x + 0.5 - lens.cx) / lens.fx * z, (y + 0.5 - lens.cy) / lens.fy * z,
                               z);
                const Vec3 p_B = X_BW * (camera.X_WC * p_C);
                const int row = static_cast<int>(std::floor((half_m - p_B.x) / view.cell_m));
                const int column = static_cast<int>(std::floor((half_m - p_B.y) / view.cell_m));
                if (row < 0 || column < 0 || row >= view.cells || column >= view.cells) continue;
                const auto cell = static_cast<std::size_t>(row * view.cells + column);
                ++all;
                // Under road users' boxes the ground may show.
                unseen += view.seen[cell] == 0 && view.occupied[cell] == 0;
            }
        }
    }
    if (all > 0) {
        EXPECT_LT(static_cast<double>(unseen) / static_cast<double>(all), 0.01)
            << "of the road's pixels lie in cells that count as unseen";
    }
    road += all;
    constexpr int kDeep = 6;
    for (int row = kDeep; row + kDeep < view.cells; ++row) {
        for (int column = kDeep; column + kDeep < view.cells; ++column) {
            bool deep = true;
            for (int j = -kDeep; j <= kDeep && deep; ++j) {
                for (int i = -kDeep; i <= kDeep && deep; ++i) {
                    deep = view.occupied[static_cast<std::size_t>((row + j) * view.cells + column +
                                                                  i)] != 0;
                }
            }
            if (!deep) continue;
            ++inside;
            EXPECT_EQ(view.seen[static_cast<std::size_t>(row * view.cells + column)], 0)
                << "row " << row << ", column " << column << " of sample " << sample.frame;
        }
    }
}

// Drives through a scenario and audits a sample every so many camera ticks.
Audited drive(const std::string& scenario, const std::string& rig, std::uint64_t seed,
              double seconds, int stride, int width, int height) {
    Audited audited;
    auto loaded = scenarios::model::load(kAssets / "scenarios" / (scenario + ".json"));
    EXPECT_TRUE(loaded.ok());
    bridge::loop::RunOptions options{.scenario = *loaded, .driver = "oracle"};
    options.scenario.town.seed = seed;
    options.scenario.duration_s = seconds;
    options.rig = kAssets / "rigs" / (rig + ".json");
    options.width = width;
    options.height = height;
    options.images = false;
    options.threads = 2;
    bridge::run::Runner runner(2);
    auto renderer = runner.resources().renderer(engine::render::Quality::kStandard);
    EXPECT_TRUE(renderer.ok()) << renderer.error().text();
    engine::core::JobPool pool(2);
    capture::Capture capture(pool);
    std::optional<engine::road::RoadMap> map;
    std::optional<Labeller> labeller;
    std::vector<Sample> kept;
    const auto check = [&](std::vector<Sample> samples) {
        for (Sample& sample : samples) {
            if (!kept.empty()) {
                for (const Violation& v : audit(kept.back(), &sample)) {
                    ++audited.violations;
                    ADD_FAILURE() << scenario << " " << kept.back().frame << " " << v.camera << " "
                                  << v.rule << ": " << v.what;
                }
                kept.clear();
            }
            ++audited.samples;
            check_birds_eye(sample, audited.road_pixels, audited.cells_inside);
            audited.objects += audited_objects(sample);
            kept.push_back(std::move(sample));
        }
    };
    const auto look = [&](const bridge::loop::FrameView& view) -> engine::core::Status {
        if (!labeller) {
            HM_TRY((*renderer)->load(view.world));
            map.emplace(view.world);
            LabelOptions label_options;
            label_options.profiles = {view.profiles.begin(), view.profiles.end()};
            labeller.emplace(view.world, *map, pool, label_options);
        }
        // Pairs of neighbouring ticks, so that flow has its usual length.
        if (view.frame % static_cast<std::uint64_t>(stride) > 1) return {};
        std::vector<capture::Shot> shots;
        const auto& cameras = view.world.rig.cameras;
        HM_TRY(capture.take(**renderer, view.world, view.state, {.cameras = cameras}, shots));
        Moment moment{.scene = scenario, .frame = view.frame, .state = view.state};
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            engine::core::Image image = shots[c].picture;
            moment.pictures.push_back({.camera = cameras[c],
                                       .stated = cameras[c],
                                       .shot = std::move(shots[c]),
                                       .image = std::move(image)});
        }
        check(labeller->add(std::move(moment)));
        return {};
    };
    const auto result = runner.run(options, {.observers = {{.frame = look}}});
    EXPECT_TRUE(result.ok()) << result.error().text();
    check(labeller->finish());
    if (!kept.empty()) {
        audited.violations += audit(kept.back()).size();
    }
    std::printf("%s, rig %s: %zu samples, %zu objects in cameras, %zu violations\n",
                scenario.c_str(), rig.c_str(), audited.samples, audited.objects,
                audited.violations);
    return audited;
}

TEST(TownLabels, HoldInATownThroughPinholes) {
    const Audited a = drive("demonstration", "eight_cameras", 1003, 6, 10, 320, 200);
    EXPECT_GE(a.samples, 12U);
    EXPECT_GT(a.objects, 150U);
    EXPECT_EQ(a.violations, 0U);
    EXPECT_GT(a.road_pixels, 10000U);
    EXPECT_GT(a.cells_inside, 100U);
}

TEST(TownLabels, HoldThroughLensesAndRollingShutters) {
    const Audited a = drive("demonstration", "eight_cameras_automotive", 1003, 3, 10, 320, 200);
    EXPECT_GE(a.samples, 6U);
    EXPECT_GT(a.objects, 60U);
    EXPECT_EQ(a.violations, 0U);
}

// Where a vehicle's box goes from one tick to the next is where its velocity leads.
TEST(TownLabels, VelocitiesAreThoseOfTheCentresOfBoxes) {
    auto scenario = scenarios::model::load(kAssets / "scenarios" / "demonstration.json");
    ASSERT_TRUE(scenario.ok());
    scenario->duration_s = 20;
    bridge::loop::RunOptions options{.scenario = *scenario, .driver = "oracle"};
    options.rig = kAssets / "rigs" / "eight_cameras.json";
    options.images = false;
    std::map<ActorId, ObjectLabel> before;
    engine::core::TimeUs before_us = 0;
    std::size_t turning = 0;
    double worst = 0;
    const auto look = [&](const bridge::loop::FrameView& view) -> engine::core::Status {
        const Bodies bodies(view.world);
        std::map<ActorId, ObjectLabel> now;
        const double dt_s = engine::core::seconds(view.state.time_us - before_us);
        for (const ObjectLabel& label : label_objects(bodies, view.state, 1e6)) {
            if (!engine::world::is_vehicle(label.semantic) || label.parked) continue;
            const auto last = before.find(label.id);
            if (last != before.end() && std::abs(label.w_W.z) > 0.3) {
                const Vec3 way = label.X_WO.p - last->second.X_WO.p;
                const Vec3 meant = 0.5 * dt_s * (label.v_W + last->second.v_W);
                worst = std::max(worst, glm::length(engine::math::xy(way - meant)) / dt_s);
                ++turning;
            }
            now.emplace(label.id, label);
        }
        before = std::move(now);
        before_us = view.state.time_us;
        return {};
    };
    bridge::run::Runner runner(2);
    const auto result = runner.run(options, {.observers = {{.frame = look}}});
    ASSERT_TRUE(result.ok()) << result.error().text();
    std::printf("%zu pairs of turning vehicles, off by up to %.3f m/s\n", turning, worst);
    EXPECT_GT(turning, 20U);
    // A trapezoid over 0.1 s; the rear axle's velocity would be off by up to 0.7 m/s.
    EXPECT_LT(worst, 0.15);
}

// Every box holds every vertex of its body and touches it on all six sides.
TEST(TownLabels, BoxesHoldTheMeshesOfAllRoadUsersTightly) {
    auto scenario = scenarios::model::load(kAssets / "scenarios" / "demonstration.json");
    ASSERT_TRUE(scenario.ok());
    scenario->duration_s = 4;
    bridge::loop::RunOptions options{.scenario = *scenario, .driver = "oracle"};
    options.rig = kAssets / "rigs" / "eight_cameras.json";
    options.images = false;
    std::size_t checked = 0;
    double outside = 0, loose = 0;
    const auto look = [&](const bridge::loop::FrameView& view) -> engine::core::Status {
        if (view.frame % 13 != 12) return {};  // once they walk, steer and roll
        const Bodies bodies(view.world);
        for (const ObjectLabel& label : label_objects(bodies, view.state, 1e6)) {
            std::vector<PlacedMesh> meshes;
            if (const auto* actor = view.state.find(label.id)) {
                meshes = bodies.meshes_of(*actor);
            } else {
                for (const auto& object : view.world.objects) {
                    if (object.id == label.id) meshes = bodies.meshes_of(object);
                }
            }
            Vec3 low(1e9), high(-1e9);
            for (const PlacedMesh& placed : meshes) {
                const RigidTransform X_OM = label.X_WO.inverse() * placed.X_WM;
                const engine::world::MeshLod& lod = placed.mesh->lods.front();
                for (std::size_t i = 0; i < lod.vertices.size(); ++i) {
                    const auto& v = lod.vertices[i];
                    const Vec3 p_O = X_OM * (placed.joints ? engine::world::skinned_point(
                                                                 *placed.joints, v, lod.bindings[i])
                                                           : Vec3(v.p[0], v.p[1], v.p[2]));
                    low = glm::min(low, p_O);
                    high = glm::max(high, p_O);
                }
            }
            const Vec3 half = 0.5 * label.size_m;
            for (int axis = 0; axis < 3; ++axis) {
                outside = std::max({outside, -half[axis] - low[axis], high[axis] - half[axis]});
                loose = std::max({loose, low[axis] + half[axis], half[axis] - high[axis]});
            }
            ++checked;
        }
        return {};
    };
    bridge::run::Runner runner(2);
    const auto result = runner.run(options, {.observers = {{.frame = look}}});
    ASSERT_TRUE(result.ok()) << result.error().text();
    std::printf("%zu boxes: vertices outside by up to %.2g m, sides loose by up to %.2g m\n",
                checked, outside, loose);
    EXPECT_GT(checked, 100U);
    EXPECT_LT(outside, 1e-3);
    // Wheels are polygons within their cylinders.
    EXPECT_LT(loose, 0.02);
}

}  // namespace
}  // namespace huntsman::sensors::labels
