// Riders hold and step on what they ride, whoever rides it.
#include "scenarios/catalogue/riders.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/fitted.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace figure = engine::figure;
namespace math = engine::math;
using engine::math::Vec3;
using figure::Joint;
using figure::Side;
using namespace engine::world;

constexpr double kReach_m = 0.03;
constexpr int kPhases = 24;

const RiderModel* rider_of(const Model& model) {
    return std::visit(
        [](const auto& own) -> const RiderModel* {
            if constexpr (requires { own.rider; }) {
                return own.rider ? &*own.rider : nullptr;
            } else {
                return nullptr;
            }
        },
        model.of_kind);
}

// All models with a rider, with each of the cast who may ride it and with small and tall figures.
struct Ridden {
    Model model;
    std::shared_ptr<const CastMember> member;
    std::string name;
};
std::vector<Ridden> all_ridden() {
    const Catalogue catalogue = load_shipped().value();
    std::vector<Ridden> ridden;
    for (const Model& model : catalogue.for_stories) {
        const RiderModel* rider = rider_of(model);
        if (rider == nullptr) continue;
        auto members = model.members;
        // Children's bicycles are for children.
        const bool small = rider->who == "schoolchild";
        // The frame of this one is tall.
        const double least_m = small ? 1.38 : model.name == "bicycle_city" ? 1.70 : 1.60;
        for (const double height_m : {least_m, small ? 1.45 : 1.78, small ? 1.55 : 1.95}) {
            members.push_back(plain_member(fmt::format("plain {}", height_m), height_m));
        }
        for (const auto& member : members) {
            Ridden one{model, member, model.name + " with " + member->name};
            one.model.members = {member};
            ridden.push_back(std::move(one));
        }
    }
    return ridden;
}

ActorState rolling(double phase_rad, double speed_mps) {
    ActorState actor;
    actor.id = 3;
    actor.gait_rad = phase_rad;
    actor.v_W = {speed_mps, 0, 0};
    return actor;
}

// The middle of what a fist encloses: between knuckles, fingertips and the tip of the thumb.
Vec3 fist(const JointFrames& frames, Side side) {
    const auto at = [&](Joint joint) { return frames[figure::index(figure::of(side, joint))].p; };
    return (at(Joint::kLeftFingers) + at(Joint::kLeftFingertips) + at(Joint::kLeftThumbTip)) / 3.0;
}
Vec3 mirrored(const Vec3& left, Side side) { return {left.x, figure::sign(side) * left.y, left.z}; }

TEST(Riders, EveryTwoWheelerAndWheelchairHasOne) {
    const Catalogue catalogue = load_shipped().value();
    std::set<std::string> ridden;
    for (const Model& model : catalogue.for_stories) {
        const Semantic semantic =
            std::visit([](const auto& own) { return own.semantic; }, model.of_kind);
        if (!is_two_wheeler(semantic) && semantic != Semantic::kWheelchair) continue;
        EXPECT_NE(rider_of(model), nullptr) << model.name;
        ASSERT_FALSE(model.members.empty()) << model.name;
        StaticScene scene;
        const Archetype a = archetype_of(model, scene);
        ASSERT_TRUE(a.figure) << model.name;
        EXPECT_EQ(a.body_points.size(), figure::kKeyPointCount) << model.name;
        EXPECT_LE(a.parts.size(), kMostParts) << model.name;
        ridden.insert(model.name);
    }
    EXPECT_GE(ridden.size(), 9U);
}

TEST(Riders, HandsStayOnGripsAndFeetOnPedalsAllAround) {
    double worst_hand_m = 0, worst_foot_m = 0;
    for (const Ridden& one : all_ridden()) {
        const RiderModel& rider = *rider_of(one.model);
        if (rider.activity != Riding::kRide) continue;
        StaticScene scene;
        const Archetype a = archetype_of(one.model, scene);
        const figure::Skeleton& s = *a.figure->skeleton;
        const figure::Mount& mount = *a.figure->mount;
        for (int k = 0; k < kPhases; ++k) {
            const ActorState actor = rolling(2 * math::kPi * k / kPhases, 5);
            const JointFrames frames = figure_frames(a, actor);
            for (const Side side : {Side::kLeft, Side::kRight}) {
                const double hand = glm::distance(fist(frames, side), mirrored(mount.grip, side));
                EXPECT_LT(hand, kReach_m) << one.name << " phase " << k;
                worst_hand_m = std::max(worst_hand_m, hand);
                const std::size_t foot = side == Side::kLeft ? 0 : 1;
                const Joint own_foot = figure::of(side, Joint::kLeftFoot);
                const auto X = frames[figure::index(own_foot)] *
                               math::RigidTransform{{1, 0, 0, 0}, -s.at(own_foot)};
                double off = 0;
                if (mount.circle) {
                    // The pedal that is drawn.
                    const auto pedal =
                        std::find_if(a.parts.begin(), a.parts.end(), [&](const Part& part) {
                            return part.motion == Motion::kPedal &&
                                   (part.swing > 0) == (side == Side::kLeft);
                        });
                    ASSERT_NE(pedal, a.parts.end()) << one.name;
                    off = glm::distance(X * s.balls[foot], part_pose(a, *pedal, actor).p);
                } else {
                    off = glm::distance(X * (0.5 * (s.heels[foot] + s.balls[foot])),
                                        mount.feet[foot]);
                }
                EXPECT_LT(off, kReach_m) << one.name << " phase " << k;
                worst_foot_m = std::max(worst_foot_m, off);
            }
        }
    }
    RecordProperty("worst_hand_mm", static_cast<int>(1000 * worst_hand_m));
    RecordProperty("worst_foot_mm", static_cast<int>(1000 * worst_foot_m));
}

TEST(Riders, WhoSitsSitsOnTheSeatAndLimbsBendAsLimbsDo) {
    for (const Ridden& one : all_ridden()) {
        const RiderModel& rider = *rider_of(one.model);
        if (rider.activity == Riding::kPush) continue;
        StaticScene scene;
        const Archetype a = archetype_of(one.model, scene);
        const figure::Skeleton& s = *a.figure->skeleton;
        for (int k = 0; k < kPhases; ++k) {
            const JointFrames f = figure_frames(a, rolling(2 * math::kPi * k / kPhases, 2));
            const auto at = [&](Joint joint) { return f[figure::index(joint)].p; };
            if (a.figure->mount->seat) {
                const Vec3 hips = 0.5 * (at(Joint::kLeftThigh) + at(Joint::kRightThigh));
                EXPECT_NEAR(hips.x, a.figure->mount->seat->x, 0.02) << one.name;
                EXPECT_NEAR(hips.z - a.figure->mount->seat->z, 0.055 * s.height_m, 0.01)
                    << one.name;
            }
            EXPECT_GT(at(Joint::kHead).z, at(Joint::kLeftThigh).z + 0.22 * s.height_m) << one.name;
            for (const Side side : {Side::kLeft, Side::kRight}) {
                const auto own = [&](Joint joint) { return at(figure::of(side, joint)); };
                const auto bent = [](const Vec3& from, const Vec3& middle, const Vec3& to) {
                    return math::kPi - std::acos(glm::dot(glm::normalize(from - middle),
                                                          glm::normalize(to - middle)));
                };
                const double knee =
                    bent(own(Joint::kLeftThigh), own(Joint::kLeftCalf), own(Joint::kLeftFoot));
                const double elbow = bent(own(Joint::kLeftUpperArm), own(Joint::kLeftLowerArm),
                                          own(Joint::kLeftHand));
                EXPECT_GT(knee, 0.1) << one.name << " phase " << k;
                EXPECT_LT(knee, 2.4) << one.name << " phase " << k;
                EXPECT_GT(elbow, 0.03) << one.name << " phase " << k;
                EXPECT_LT(elbow, 2.2) << one.name << " phase " << k;
                // Knees do not meet.
                EXPECT_GT(figure::sign(side) * own(Joint::kLeftCalf).y, 0.03) << one.name;
            }
        }
    }
}

TEST(Riders, PushedRimsCarryTheHands) {
    for (const Ridden& one : all_ridden()) {
        const RiderModel& rider = *rider_of(one.model);
        if (rider.activity != Riding::kWheelchair) continue;
        StaticScene scene;
        const Archetype a = archetype_of(one.model, scene);
        const figure::Mount& mount = *a.figure->mount;
        for (int k = 0; k < kPhases; ++k) {
            const double phase = 2 * math::kPi * k / kPhases;
            const JointFrames frames = figure_frames(a, rolling(phase, 1));
            for (const Side side : {Side::kLeft, Side::kRight}) {
                const Vec3 from = fist(frames, side) - mirrored(*mount.circle, side);
                const double off = std::hypot(from.x, from.z) - mount.circle_m;
                EXPECT_LT(std::abs(from.y), kReach_m) << one.name << " phase " << k;
                EXPECT_GT(off, -kReach_m) << one.name << " phase " << k;
                // Off the rim on the way back only.
                EXPECT_LT(off, kReach_m + (phase > math::kPi ? 0.06 : 0)) << one.name;
            }
        }
    }
}

TEST(Riders, HeadsTurnToWhatIsLookedAtAndHandsStay) {
    for (const Ridden& one : all_ridden()) {
        StaticScene scene;
        const Archetype a = archetype_of(one.model, scene);
        ActorState actor = rolling(1.0, 2);
        const JointFrames ahead = figure_frames(a, actor);
        actor.posture.head_rad = 0.9;
        const JointFrames aside = figure_frames(a, actor);
        const auto& head = aside[figure::index(Joint::kHead)];
        const auto& eye = aside[figure::index(Joint::kLeftEye)];
        EXPECT_GT(head.yaw_rad(), 0.5) << one.name;
        EXPECT_NEAR(eye.yaw_rad(), 0.9, 0.15) << one.name;
        for (const Joint joint : {Joint::kLeftHand, Joint::kRightHand, Joint::kLeftFoot}) {
            EXPECT_LT(glm::distance(ahead[figure::index(joint)].p, aside[figure::index(joint)].p),
                      1e-9)
                << one.name;
        }
    }
}

TEST(Riders, BoxesHoldWhoDoesNotMove) {
    const Catalogue catalogue = load_shipped().value();
    for (const Model& model : catalogue.for_stories) {
        if (rider_of(model) == nullptr) continue;
        double highest_m = 0;
        for (std::size_t k = 0; k < model.members.size(); ++k) {
            StaticScene scene;
            const Archetype a = archetype_of(model, scene, k);
            EXPECT_EQ(scene.meshes[a.figure->skin].name, model.members[k]->skin.name);
            const auto rows = skinning_of(a, rolling(0, 0));
            const MeshLod& skin = scene.meshes[a.figure->skin].lods.front();
            constexpr double kLevel_m = 0.02;  // between the levels of a skin
            for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
                const Vec3 p = skinned_point(rows, skin.vertices[i], skin.bindings[i]);
                ASSERT_LT(p.x, a.extent.front_m + kLevel_m) << model.name;
                ASSERT_GT(p.x, -a.extent.rear_m - kLevel_m) << model.name;
                ASSERT_LT(std::abs(p.y), 0.5 * a.extent.width_m + kLevel_m) << model.name;
                ASSERT_LT(p.z, a.extent.height_m + kLevel_m) << model.name;
                ASSERT_GT(p.z, -0.02) << model.name;
                highest_m = std::max(highest_m, p.z);
            }
        }
        EXPECT_NEAR(highest_m, extent_of(model).height_m, 0.02) << model.name;
    }
}

TEST(Riders, NamesOfEntitiesTellWhoRides) {
    if (shipped_cast().empty()) GTEST_SKIP() << "built without the data of bodies";
    const Catalogue catalogue = load_shipped().value();
    Fitting fitting(catalogue);
    World world;
    std::set<std::string> riders;
    for (int i = 0; i < 40; ++i) {
        const Wanted wanted{.name = fmt::format("Cyclist {}", i), .category = "bicycle"};
        const auto index = fitting.add(wanted, world);
        ASSERT_TRUE(index.ok());
        const Archetype& a = world.archetypes[*index];
        EXPECT_EQ(a.name, "bicycle");
        riders.insert(world.scene.meshes[a.figure->skin].name);
        EXPECT_EQ(*fitting.add(wanted, world), *index);
    }
    EXPECT_GE(riders.size(), 4U);
    EXPECT_EQ(world.archetypes.size(), riders.size());
}

TEST(Riders, CranksTurnWithGearsAndStandWhileBraking) {
    const Catalogue catalogue = load_shipped().value();
    StaticScene scene;
    const Archetype a = archetype_of(catalogue.for_stories.front(), scene);
    ASSERT_EQ(a.name, "bicycle");
    const auto rounds_a_minute = [&](const ActorState& actor) {
        return gait_rate_rad_s(a, actor) * 60 / (2 * math::kPi);
    };
    EXPECT_EQ(rounds_a_minute(rolling(0, 0)), 0);
    EXPECT_NEAR(rounds_a_minute(rolling(0, 5)), 300 / (1.6 + 3.1), 1e-9);
    EXPECT_LT(rounds_a_minute(rolling(0, 12)), 90);
    ActorState brakes = rolling(0, 5);
    brakes.a_W = {-2, 0, 0};
    EXPECT_EQ(rounds_a_minute(brakes), 0);
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
