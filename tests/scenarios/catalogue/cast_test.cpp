#include "scenarios/catalogue/cast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/catalogue.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace figure = engine::figure;
using engine::math::Vec3;
using namespace engine::world;

class CastOfPeople : public ::testing::Test {
  protected:
    void SetUp() override {
        if (shipped_cast().empty()) GTEST_SKIP() << "built without the data of bodies";
    }
    // A world of one archetype that walks at this speed.
    static ActorState walker(double speed_mps, double phase_rad) {
        ActorState actor;
        actor.id = 7;
        actor.v_W = {speed_mps, 0, 0};
        actor.gait_rad = phase_rad;
        return actor;
    }
};

std::vector<Vec3> posed(const Archetype& archetype, const StaticScene& scene,
                        const ActorState& actor, std::size_t level) {
    const auto rows = skinning_of(archetype, actor);
    const MeshLod& lod = scene.meshes[archetype.figure->skin].lods[level];
    std::vector<Vec3> points;
    for (std::size_t i = 0; i < lod.vertices.size(); ++i) {
        points.push_back(actor.X_WB * skinned_point(rows, lod.vertices[i], lod.bindings[i]));
    }
    return points;
}

TEST_F(CastOfPeople, StandsInThePlaceOfTheKindsOfPeople) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    const auto all = archetypes(catalogue, scene);
    std::size_t people = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].semantic != Semantic::kPedestrian) continue;
        ++people;
        ASSERT_TRUE(all[i].figure) << all[i].name;
        EXPECT_GT(catalogue.walking.of(static_cast<std::uint32_t>(i)), 0) << all[i].name;
        EXPECT_EQ(all[i].body_points.size(), figure::kKeyPointCount);
    }
    // Those in other roles do not walk in towns.
    const auto walks = [](const auto& member) {
        const std::string kind = member->kind();
        return kind == "man" || kind == "woman" || kind == "child" || kind == "elder" ||
               kind == "ballchild";
    };
    const auto walking = std::ranges::count_if(shipped_cast(), walks);
    const auto with_things = std::ranges::count_if(catalogue.models, [](const Model& model) {
        return std::holds_alternative<SolidModel>(model.of_kind);
    });
    EXPECT_GE(with_things, 5);
    EXPECT_EQ(people, static_cast<std::size_t>(walking + with_things));
    EXPECT_GE(people, 40U);
    EXPECT_GE(shipped_cast().size(), static_cast<std::size_t>(walking) + 15);
}

TEST_F(CastOfPeople, LevelsKeepTheirBudgetsAndTrianglesSayTheirPiece) {
    const std::size_t budgets[] = {5200, 1600, 300};
    for (const auto& member : shipped_cast()) {
        ASSERT_EQ(member->skin.lods.size(), 3U) << member->name;
        for (std::size_t level = 0; level < 3; ++level) {
            const MeshLod& lod = member->skin.lods[level];
            EXPECT_LE(lod.indices.size() / 3, budgets[level]) << member->name;
            ASSERT_EQ(lod.bindings.size(), lod.vertices.size()) << member->name;
            std::size_t covered = 0;
            for (const Submesh& submesh : lod.submeshes) covered += submesh.index_count;
            EXPECT_EQ(covered, lod.indices.size()) << member->name;
            for (const Binding& b : lod.bindings) {
                ASSERT_EQ(std::accumulate(b.weights, b.weights + 4, 0), 255) << member->name;
                ASSERT_LT(b.part, member->parts.size()) << member->name;
            }
            // Splitting vertices by piece adds few.
            EXPECT_LT(lod.vertices.size(), lod.indices.size() / 3) << member->name;
        }
        // The pieces are the second level, each triangle once.
        std::size_t of_pieces = 0;
        for (const Mesh& piece : member->pieces) of_pieces += piece.lods.front().indices.size();
        EXPECT_EQ(of_pieces, member->skin.lods[1].indices.size()) << member->name;
    }
}

TEST_F(CastOfPeople, SkinStaysInItsSphereAndStandsOnTheGround) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    for (const Archetype& a : archetypes(catalogue, scene)) {
        if (!a.figure) continue;
        const Mesh& skin = scene.meshes[a.figure->skin];
        for (const double speed : {0.0, 0.8, 1.4, 2.2, 4.0}) {
            for (int k = 0; k < 8; ++k) {
                double low = 1e9, high = -1e9;
                for (const Vec3& p : posed(a, scene, walker(speed, 0.785 * k), 1)) {
                    ASSERT_LT(glm::length(p - skin.centre), skin.radius_m + 0.02) << a.name;
                    low = std::min(low, p.z);
                    high = std::max(high, p.z);
                }
                // Those who run fly a little.
                EXPECT_GT(low, -0.035) << a.name << " at " << speed;
                EXPECT_LT(low, speed > 2 ? 0.15 : 0.03) << a.name << " at " << speed;
                if (speed == 0) {
                    EXPECT_NEAR(high, a.extent.height_m, 0.12) << a.name;
                }
            }
        }
    }
}

// Where one joint alone carries a vertex, the rigid piece shows it where the skin does.
TEST_F(CastOfPeople, PiecesLieOnTheSkin) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    for (const Archetype& a : archetypes(catalogue, scene)) {
        if (!a.figure) continue;
        const ActorState actor = walker(1.4, 1.0);
        const auto X_WP = part_poses(a, actor);
        const auto rows = skinning_of(a, actor);
        const MeshLod& lod = scene.meshes[a.figure->skin].lods[1];
        double sum = 0;
        std::size_t far = 0;
        std::size_t count = 0;
        for (const Submesh& s : lod.submeshes) {
            for (std::uint32_t t = s.first_index; t < s.first_index + s.index_count; t += 3) {
                const std::uint32_t i = lod.indices[t];
                const std::uint32_t part = a.figure->first_part + lod.bindings[i].part;
                const Vertex& v = lod.vertices[i];
                const Binding& b = lod.bindings[i];
                // Leads hang between two figures, see companions_test.cpp.
                if (b.joints[1] >= figure::kJointCount && b.joints[0] < figure::kJointCount) {
                    continue;
                }
                // At rest each figure stands at its own origin.
                Vec3 rest = Vec3(v.p[0], v.p[1], v.p[2]) + a.figure->p_BF;
                if (a.parts[part].motion == Motion::kCompanion) rest += a.figure->companion->p_FC;
                const Vec3 skin = skinned_point(rows, v, lod.bindings[i]);
                const Vec3 piece = X_WP[part] * (rest - a.parts[part].p_BP);
                const double off = glm::length(skin - piece);
                sum += off;
                far += off > 0.05;
                ++count;
            }
        }
        EXPECT_LT(sum / static_cast<double>(count), 0.012) << a.name;
        // Skirts and the tails of coats hang between the legs.
        EXPECT_LT(far, count / 20) << a.name;
    }
}

// Feet that stand do not slide while physics moves the body and the gait.
TEST_F(CastOfPeople, FeetStayWhereTheyStand) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    for (const Archetype& a : archetypes(catalogue, scene)) {
        if (!a.figure || a.name.find('5') == std::string::npos) continue;
        for (const double speed : {0.7, 1.3, 1.8}) {
            ActorState actor = walker(speed, 0);
            constexpr double kStep_s = 0.01;
            double slid = 0, most = 0;
            bool stood = false;
            Vec3 before(0);
            for (int i = 0; i < 300; ++i) {
                const auto frames = figure_frames(a, actor);
                const auto foot = figure::foot_state(*a.figure->skeleton, movement_of(a, actor),
                                                     figure::Side::kLeft);
                // The toes' joint stays, also while the heel rises.
                const Vec3 toes = actor.X_WB * frames[figure::index(figure::Joint::kLeftToes)].p;
                if (foot.stands && foot.pitch_rad <= 0) {
                    if (stood) slid += glm::length(engine::math::xy(toes - before));
                    before = toes;
                    stood = true;
                } else {
                    most = std::max(most, slid);
                    slid = 0;
                    stood = false;
                }
                hold_posture(a, actor, kStep_s);
                actor.X_WB.p += actor.v_W * kStep_s;
            }
            EXPECT_LT(std::max(most, slid), 0.02) << a.name << " at " << speed << " m/s";
        }
    }
}

TEST_F(CastOfPeople, HeadsTurnToWhatIsLookedAtAndNoFasterThanHeadsDo) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    const auto all = archetypes(catalogue, scene);
    const auto a = std::find_if(all.begin(), all.end(), [](const auto& x) { return x.figure; });
    ActorState actor = walker(0, 0);
    actor.mind.own = PedestrianMind{};
    actor.mind.thought_us = 0;
    actor.mind.pedestrian().gaze_rad = 1.0;
    const auto ahead_of = [&](figure::Joint joint) {
        const auto frames = figure_frames(*a, actor);
        return frames[figure::index(joint)].rotate({1, 0, 0});
    };
    hold_posture(*a, actor, 0.05);
    EXPECT_NEAR(actor.posture.head_rad, 0.2, 1e-9);
    for (int i = 0; i < 40; ++i) hold_posture(*a, actor, 0.05);
    EXPECT_NEAR(actor.posture.head_rad, 1.0, 1e-9);
    const Vec3 eye = ahead_of(figure::Joint::kLeftEye);
    EXPECT_NEAR(std::atan2(eye.y, eye.x), 1.0, 0.12);
    const Vec3 head = ahead_of(figure::Joint::kHead);
    EXPECT_GT(std::atan2(head.y, head.x), 0.5);
    // A waved hand rises above the elbow, and falls again.
    const auto hand_m = [&] {
        const auto frames = figure_frames(*a, actor);
        return std::max(frames[figure::index(figure::Joint::kRightHand)].p.z,
                        frames[figure::index(figure::Joint::kLeftHand)].p.z);
    };
    const double low_m = hand_m();
    actor.mind.signalled = {Gesture::kWave, 3, 1.0};
    for (int i = 0; i < 10; ++i) hold_posture(*a, actor, 0.05);
    EXPECT_GT(hand_m(), low_m + 0.2);
    actor.mind.signalled = {};
    for (int i = 0; i < 10; ++i) hold_posture(*a, actor, 0.05);
    EXPECT_NEAR(hand_m(), low_m, 0.05);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
