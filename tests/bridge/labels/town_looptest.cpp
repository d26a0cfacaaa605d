// Labels of whole towns, with traffic, audited.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "bridge/loop/run.h"
#include "engine/road/road_map.h"
#include "sensors/labels/audit.h"
#include "sensors/labels/labeller.h"

namespace huntsman::sensors::labels {
namespace {

namespace fs = std::filesystem;
const fs::path kAssets = fs::path(HUNTSMAN_SOURCE_DIR) / "assets";

struct Audited {
    std::size_t samples = 0, objects = 0, violations = 0;
};

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
    bridge::loop::Runner runner(2);
    auto renderer = runner.renderer(engine::render::Quality::kStandard);
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
            audited.objects += audited_objects(sample);
            kept.push_back(std::move(sample));
        }
    };
    bridge::loop::RunCallbacks callbacks;
    callbacks.sink = [&](const bridge::loop::FrameView& view) -> engine::core::Status {
        if (!labeller) {
            HM_TRY((*renderer)->load(view.world));
            map.emplace(view.world);
            labeller.emplace(view.world, *map, pool, LabelOptions{});
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
    const auto result = runner.run(options, callbacks);
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
}

TEST(TownLabels, HoldThroughLensesAndRollingShutters) {
    const Audited a = drive("demonstration", "eight_cameras_automotive", 1003, 3, 10, 320, 200);
    EXPECT_GE(a.samples, 6U);
    EXPECT_GT(a.objects, 60U);
    EXPECT_EQ(a.violations, 0U);
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
    bridge::loop::RunCallbacks callbacks;
    callbacks.sink = [&](const bridge::loop::FrameView& view) -> engine::core::Status {
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
                for (const auto& v : placed.mesh->lods.front().vertices) {
                    const Vec3 p_O = X_OM * Vec3(v.p[0], v.p[1], v.p[2]);
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
    bridge::loop::Runner runner(2);
    const auto result = runner.run(options, callbacks);
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
