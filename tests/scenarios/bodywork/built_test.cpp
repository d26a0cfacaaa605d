// The shipped vehicles as they are drawn.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/job_pool.h"
#include "engine/core/json_file.h"
#include "scenarios/models/levels.h"
#include "scenarios/models/store.h"
#include "scenarios/models/tree.h"
#include "tests/scenarios/bodywork/shipped.h"

namespace huntsman::scenarios::bodywork {
namespace {

using engine::math::Vec3;
using models::BuiltModel;

BuiltModel built(const models::Description& description) {
    engine::core::JobPool pool(0);
    engine::core::Findings findings;
    auto model = models::build_model(description, pool, findings);
    EXPECT_TRUE(model.ok()) << model.error().text();
    for (const auto& f : findings.take()) {
        EXPECT_NE(f.severity, engine::core::Severity::kError) << f.message;
    }
    return model.ok() ? std::move(*model) : BuiltModel{};
}

void add(const engine::world::MeshLod& lod, const Vec3& at,
         std::vector<std::array<Vec3, 3>>& faces) {
    for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
        std::array<Vec3, 3> p;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto& v = lod.vertices[lod.indices[i + k]];
            p[k] = at + Vec3(v.p[0], v.p[1], v.p[2]);
        }
        faces.push_back(p);
    }
}

void expect_normals(const engine::world::Mesh& mesh) {
    for (const auto& lod : mesh.lods) {
        std::size_t against = 0;
        for (const auto& v : lod.vertices) {
            EXPECT_NEAR(std::hypot(v.n[0], v.n[1], v.n[2]), 1, 1e-3);
        }
        for (std::size_t i = 0; i + 2 < lod.indices.size(); i += 3) {
            std::array<Vec3, 3> p;
            Vec3 n(0, 0, 0);
            for (std::size_t k = 0; k < 3; ++k) {
                const auto& v = lod.vertices[lod.indices[i + k]];
                p[k] = {v.p[0], v.p[1], v.p[2]};
                n += Vec3(v.n[0], v.n[1], v.n[2]);
            }
            against += glm::dot(n, glm::cross(p[1] - p[0], p[2] - p[0])) < 0;
        }
        EXPECT_EQ(against, 0U) << mesh.name;
    }
}

// The share of rays from around the vehicle that meet the back of a face.
double backs_seen(const BuiltModel& model) {
    std::vector<std::array<Vec3, 3>> faces;
    add(model.body.lods.front(), {0, 0, 0}, faces);
    if (model.has_interior) add(model.interior.lods.front(), {0, 0, 0}, faces);
    for (const auto& wheel : model.wheels) {
        add(model.wheel_meshes[wheel.mesh].lods.front(), {wheel.p_B, wheel.radius_m}, faces);
    }
    const auto kept = faces;
    const models::Tree tree(std::move(faces));
    const Vec3 middle(model.extent.centre_x_m(), 0, 0.5 * model.extent.height_m);
    const Vec3 half(0.5 * model.extent.length_m(), 0.5 * model.extent.width_m,
                    0.5 * model.extent.height_m);
    int hits = 0, backs = 0;
    constexpr int kRays = 6000;
    for (int i = 0; i < kRays; ++i) {
        // From eyes around it, at most 40 degrees above the ground, to places in its box.
        const double a = 2.39996 * i, e = 0.7 * std::fmod(0.618034 * i, 1.0);
        const Vec3 d(std::cos(e) * std::cos(a), std::cos(e) * std::sin(a), std::sin(e));
        const auto share = [&](double step) { return 2 * std::fmod(step * (i + 1), 1.0) - 1; };
        const Vec3 to = middle + Vec3(half.x * share(0.754878), half.y * share(0.569840),
                                      half.z * share(0.430160));
        const auto hit = tree.first_hit(to + 40.0 * d, -d, 0, 100);
        if (!hit) continue;
        ++hits;
        const auto& p = kept[hit->triangle];
        backs += glm::dot(glm::cross(p[1] - p[0], p[2] - p[0]), d) < 0;
    }
    return static_cast<double>(backs) / std::max(1, hits);
}

TEST(BuiltBodies, KeepBudgetsAndShowNoBacks) {
    for (const auto& description : shipped_bodies()) {
        SCOPED_TRACE(description.name);
        const BuiltModel model = built(description);
        ASSERT_FALSE(model.body.lods.empty());
        ASSERT_GE(model.body.lods.size(), 3U);
        for (std::size_t k = 0; k < std::min<std::size_t>(2, model.body.lods.size()); ++k) {
            EXPECT_LE(static_cast<double>(models::triangles(model.body.lods[k])),
                      1.5 * description.budgets.body[k]);
        }
        expect_normals(model.body);
        for (const auto& mesh : model.wheel_meshes) expect_normals(mesh);
        EXPECT_LT(backs_seen(model), 0.01);
        for (const auto& wheel : model.wheels) {
            const auto& axle = description.body->axles[wheel.axle];
            EXPECT_NEAR(wheel.radius_m, axle.wheel_radius_m, 0.01 * axle.wheel_radius_m);
            EXPECT_NEAR(wheel.p_B.x, axle.x_m, 0.01);
            EXPECT_NEAR(std::abs(wheel.p_B.y), 0.5 * axle.track_m, 0.01);
        }
    }
}

TEST(BuiltBodies, AgreeWithTheirActors) {
    for (const auto& description : shipped_bodies()) {
        SCOPED_TRACE(description.name);
        const auto path = engine::core::assets_folder() / "actors" / (description.name + ".json");
        const auto file = engine::core::JsonFile::read(path);
        ASSERT_TRUE(file.ok()) << file.error().text();
        const auto root = (*file)->root();
        const Body& b = *description.body;
        EXPECT_EQ(root.text("model"), description.name);
        if (engine::world::is_two_wheeler(description.semantic)) continue;
        EXPECT_NEAR(root.number("length_m", 0, 30), b.length_m, 0.01 * b.length_m);
        EXPECT_NEAR(root.number("width_m", 0, 30), b.width_m, 0.01 * b.width_m);
        EXPECT_NEAR(root.number("height_m", 0, 30), b.height_m, 0.01 * b.height_m);
        EXPECT_NEAR(root.number("front_overhang_m", 0, 30), b.front_overhang_m, 0.01 * b.length_m);
    }
}

TEST(BuiltBodies, TheSameDescriptionGivesTheSameBytes) {
    const auto bodies = shipped_bodies();
    ASSERT_FALSE(bodies.empty());
    const auto& one = bodies.front();
    EXPECT_EQ(models::pack(built(one)), models::pack(built(one)));
}

}  // namespace
}  // namespace huntsman::scenarios::bodywork
