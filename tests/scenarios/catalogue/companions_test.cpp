// People with prams, suitcases, dogs and balls: hands hold, wheels and paws stand, boxes hold all.
#include "scenarios/catalogue/companions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/figure/gestures.h"
#include "engine/figure/quadruped.h"
#include "engine/world/pose.h"
#include "engine/world/skin.h"
#include "scenarios/catalogue/catalogue.h"
#include "scenarios/catalogue/fitted.h"
#include "scenarios/catalogue/riders.h"

namespace huntsman::scenarios::catalogue {
namespace {

namespace figure = engine::figure;
namespace math = engine::math;
using engine::math::Vec3;
using figure::Joint;
using figure::Side;
using namespace engine::world;

constexpr int kPhases = 24;
constexpr double kWalk_mps = 1.3;

const SolidModel* carried(const Model& model) {
    const auto* solid = std::get_if<SolidModel>(&model.of_kind);
    return solid != nullptr && solid->rider && on_foot(solid->rider->activity) ? solid : nullptr;
}

// Those who walk in towns with something, each with its archetype.
struct Walker {
    Model model;
    RiderModel rider;
    Archetype archetype;
    StaticScene scene;
};
std::vector<Walker> walkers(Riding activity) {
    const Catalogue catalogue = load_shipped().value();
    std::vector<Walker> all;
    for (const Model& model : catalogue.models) {
        const SolidModel* solid = carried(model);
        if (solid == nullptr || solid->rider->activity != activity) continue;
        Walker& one = all.emplace_back();
        one.model = model;
        one.rider = *solid->rider;
        one.archetype = archetype_of(model, one.scene);
    }
    return all;
}

ActorState walking(double phase_rad, double speed_mps = kWalk_mps) {
    ActorState actor;
    actor.id = 3;
    actor.gait_rad = phase_rad;
    actor.v_W = {speed_mps, 0, 0};
    return actor;
}

Vec3 fist(const JointFrames& frames, Side side) {
    const auto at = [&](Joint joint) { return frames[figure::index(figure::of(side, joint))].p; };
    return (at(Joint::kLeftFingers) + at(Joint::kLeftFingertips) + at(Joint::kLeftThumbTip)) / 3.0;
}

TEST(Walkers, HandsHoldTheBarAtEachPhaseOfTheWalk) {
    constexpr double kOn_m = 0.005;
    for (const Riding activity : {Riding::kPushBefore, Riding::kPull}) {
        const auto all = walkers(activity);
        EXPECT_GE(all.size(), 1U) << name(activity);
        for (const Walker& one : all) {
            const Vec3 grip(one.rider.grip_m[0], one.rider.grip_m[1], one.rider.grip_m[2]);
            for (int k = 0; k < kPhases; ++k) {
                const auto frames =
                    figure_frames(one.archetype, walking(2 * math::kPi * k / kPhases));
                for (const Side side : {Side::kLeft, Side::kRight}) {
                    if (activity == Riding::kPull && side == Side::kLeft) continue;
                    const Vec3 bar(grip.x, figure::sign(side) * grip.y, grip.z);
                    EXPECT_LT(glm::distance(fist(frames, side), bar), kOn_m)
                        << one.archetype.name << " phase " << k;
                }
            }
        }
    }
}

// Whoever is of a usual height pushes the pram: 200 of them.
TEST(Walkers, PramsAndSuitcasesSuitPeopleOfUsualHeights) {
    for (const char* actor : {"pram", "suitcase"}) {
        const Catalogue catalogue = load_shipped().value();
        const auto found =
            std::ranges::find_if(catalogue.models, [&](const Model& m) { return m.name == actor; });
        ASSERT_NE(found, catalogue.models.end()) << actor;
        const RiderModel& rider = *std::get<SolidModel>(found->of_kind).rider;
        for (int i = 0; i < 200; ++i) {
            const double height_m = 1.55 + 0.0018 * i;
            EXPECT_LT(most_off_m(*plain_member("plain", height_m), rider), 0.005)
                << actor << " at " << height_m;
        }
    }
}

TEST(Walkers, WheelsOfPramsStandOnTheGroundAndTurn) {
    for (const Walker& one : walkers(Riding::kPushBefore)) {
        int wheels = 0;
        for (const Part& part : one.archetype.parts) {
            if (part.motion != Motion::kWheel) continue;
            ++wheels;
            double low = 1e9;
            for (const Vertex& v : one.scene.meshes[part.mesh].lods.front().vertices) {
                low = std::min(low, part.p_BP.z + static_cast<double>(v.p[2]));
            }
            EXPECT_NEAR(low, 0, 0.002) << one.archetype.name;
        }
        EXPECT_EQ(wheels, 4) << one.archetype.name;
        ActorState actor = walking(0);
        actor.wheels.assign(4, WheelState{.angle_rad = 0.7});
        const auto hub = std::ranges::find_if(
            one.archetype.parts, [](const Part& part) { return part.motion == Motion::kWheel; });
        const Vec3 up = part_pose(one.archetype, *hub, actor).rotate({0, 0, 1});
        EXPECT_NEAR(std::atan2(up.x, up.z), 0.7, 1e-9);
    }
}

TEST(Walkers, BoxesHoldThemOverTheWalk) {
    for (const Riding activity : {Riding::kPushBefore, Riding::kPull, Riding::kLead}) {
        for (const Walker& one : walkers(activity)) {
            const Extent& e = one.archetype.extent;
            Vec3 low(1e9), high(-1e9);
            const auto add = [&](const Vec3& p) {
                low = glm::min(low, p);
                high = glm::max(high, p);
            };
            const MeshLod& skin = one.scene.meshes[one.archetype.figure->skin].lods[1];
            for (int k = 0; k < kPhases; ++k) {
                const auto rows = skinning_of(one.archetype, walking(2 * math::kPi * k / kPhases));
                for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
                    add(skinned_point(rows, skin.vertices[i], skin.bindings[i]));
                }
            }
            for (const Part& part : one.archetype.parts) {
                if (of_skin(part)) continue;
                for (const Vertex& v : one.scene.meshes[part.mesh].lods.front().vertices) {
                    add(part.p_BP + Vec3(v.p[0], v.p[1], v.p[2]));
                }
            }
            // Sway depends on the time, which adds some millimetres.
            constexpr double kSlack_m = 0.001, kSway_m = 0.012;
            EXPECT_LT(high.x, e.front_m + kSway_m) << one.archetype.name;
            EXPECT_LT(-low.x, e.rear_m + kSway_m) << one.archetype.name;
            EXPECT_LT(std::max(high.y, -low.y), 0.5 * e.width_m + kSway_m) << one.archetype.name;
            EXPECT_LT(high.z, e.height_m + kSway_m) << one.archetype.name;
            EXPECT_GT(low.z, -0.035) << one.archetype.name;
            // And have no more room than they need.
            EXPECT_GT(high.z, e.height_m - 0.03) << one.archetype.name;
            EXPECT_GE(std::max(high.x, -low.x), e.front_m - 0.03 - kSlack_m) << one.archetype.name;
        }
    }
}

// ---- Dogs on leads -----------------------------------------------------------------------------

TEST(Companions, LeadRunsFromTheHandToTheCollarInAnyPose) {
    const auto all = walkers(Riding::kLead);
    EXPECT_GE(all.size(), 2U);
    for (const Walker& one : all) {
        const MeshLod& skin = one.scene.meshes[one.archetype.figure->skin].lods.front();
        constexpr auto kNeck =
            static_cast<std::uint8_t>(figure::kJointCount + figure::index(Joint::kNeck));
        for (const double speed : {0.0, 0.7, 1.3, 1.8}) {
            for (int k = 0; k < kPhases; ++k) {
                const ActorState actor = walking(2 * math::kPi * k / kPhases, speed);
                const auto rows = skinning_of(one.archetype, actor);
                const auto frames = figure_frames(one.archetype, actor);
                Vec3 held(0);
                double nearest_m = 1e9, lowest_m = 1e9, longest_m = 0;
                int corners = 0;
                Vec3 before(0);
                const Vec3 neck = frames[kNeck].p;
                for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
                    const Binding& b = skin.bindings[i];
                    if (b.joints[0] != static_cast<std::uint8_t>(Joint::kRightHand) ||
                        b.joints[1] != kNeck) {
                        continue;
                    }
                    const Vec3 p = skinned_point(rows, skin.vertices[i], b);
                    if (b.weights[0] == 255) {
                        held += p;
                        ++corners;
                    } else if (b.weights[1] < 255 && before != Vec3(0)) {
                        longest_m = std::max(longest_m, glm::distance(p, before));
                    }
                    if (b.weights[1] == 255) {
                        nearest_m = std::min(nearest_m, glm::distance(p, neck));
                    } else {
                        before = p;
                    }
                    lowest_m = std::min(lowest_m, p.z);
                }
                ASSERT_EQ(corners, 4) << one.archetype.name;
                EXPECT_LT(glm::distance(held / 4.0, fist(frames, Side::kRight)), 0.001)
                    << one.archetype.name << " at " << speed << " phase " << k;
                EXPECT_LT(nearest_m, 0.12) << one.archetype.name;
                EXPECT_GT(lowest_m, 0.05) << one.archetype.name;
                // No part of the strap is torn away.
                EXPECT_LT(longest_m, 0.15) << one.archetype.name << " at " << speed;
            }
        }
    }
}

TEST(Companions, PawsDoNotSlideThoughTheDogKeepsStep) {
    for (const Walker& one : walkers(Riding::kLead)) {
        const engine::world::Figure& own = *one.archetype.figure;
        ASSERT_TRUE(own.companion) << one.archetype.name;
        const figure::Skeleton& dog = *own.companion->skeleton;
        EXPECT_TRUE(figure::four_legged(dog));
        constexpr double kStep_s = 0.002;
        int stances = 0;
        for (const double speed : {0.6, 1.0, 1.3, 1.7}) {
            for (int k = 0; k < 60; ++k) {
                ActorState now = walking(2 * math::kPi * k / 60, speed);
                ActorState then = now;
                then.gait_rad += gait_rate_rad_s(one.archetype, now) * kStep_s;
                const auto first = companion_movement(own, movement_of(one.archetype, now));
                const auto second = companion_movement(own, movement_of(one.archetype, then));
                EXPECT_NEAR(first.speed_mps, speed, 1e-12);
                for (int f = 0; f < static_cast<int>(figure::Foot::kCount); ++f) {
                    const auto foot = static_cast<figure::Foot>(f);
                    const auto a = figure::animal_foot(dog, first, foot);
                    const auto b = figure::animal_foot(dog, second, foot);
                    if (!a.stands || !b.stands) continue;
                    ++stances;
                    EXPECT_LT(glm::distance(a.place_B, b.place_B + Vec3(speed * kStep_s, 0, 0)),
                              1e-9)
                        << one.archetype.name << " at " << speed;
                }
            }
        }
        EXPECT_GT(stances, 200);
    }
}

// A dog on the inside of a bend goes less far.
TEST(Companions, GoTheWayOfTheirSideInBends) {
    const auto all = walkers(Riding::kLead);
    ASSERT_FALSE(all.empty());
    const Archetype& a = all.front().archetype;
    ActorState actor = walking(0, 1.0);
    actor.w_W = {0, 0, -0.5};
    const figure::Movement person = movement_of(a, actor);
    EXPECT_NEAR(person.speed_mps, 1.0 + 0.5 * a.figure->p_BF.y, 1e-12);
    const double dog_y = a.figure->p_BF.y + a.figure->companion->p_FC.y;
    EXPECT_NEAR(companion_movement(*a.figure, person).speed_mps, 1.0 + 0.5 * dog_y, 1e-12);
    EXPECT_LT(dog_y, 0);
}

TEST(Companions, PiecesOfTheLeadLieOnTheSkinAndPartsFitTheIds) {
    for (const Walker& one : walkers(Riding::kLead)) {
        EXPECT_LE(one.archetype.parts.size(), kMostParts);
        EXPECT_EQ(one.archetype.body_points.size(), figure::kKeyPointCount);
        const Mesh& skin = one.scene.meshes[one.archetype.figure->skin];
        std::size_t of_pieces = 0;
        for (const Part& part : one.archetype.parts) {
            if (!of_skin(part)) continue;
            of_pieces += one.scene.meshes[part.mesh].lods.front().indices.size();
        }
        EXPECT_EQ(of_pieces, skin.lods[1].indices.size()) << one.archetype.name;
        for (const MeshLod& lod : skin.lods) {
            ASSERT_EQ(lod.bindings.size(), lod.vertices.size());
            for (const Binding& b : lod.bindings) {
                ASSERT_LT(one.archetype.figure->first_part + b.part, one.archetype.parts.size());
                int sum = 0;
                for (const std::uint8_t weight : b.weights) sum += weight;
                ASSERT_EQ(sum, 255);
            }
        }
    }
}

// Stories ask for a size: dog, lead and person grow together.
TEST(Companions, GrowWithTheBoxThatIsWanted) {
    const Catalogue catalogue = load_shipped().value();
    World world;
    Fitting fitting(catalogue);
    const Wanted own{.kind = Wanted::Kind::kPedestrian,
                     .name = "a",
                     .category = "pedestrian",
                     .model = "dog_walker"};
    const auto as_is = fitting.add(own, world);
    ASSERT_TRUE(as_is.ok());
    const Extent e = world.archetypes[*as_is].extent;
    Wanted larger = own;
    larger.box = {1.1 * e.length_m(), 1.1 * e.width_m, 1.1 * e.height_m, 0};
    const auto grown = fitting.add(larger, world);
    ASSERT_TRUE(grown.ok());
    const engine::world::Figure& a = *world.archetypes[*as_is].figure;
    const engine::world::Figure& b = *world.archetypes[*grown].figure;
    ASSERT_TRUE(a.companion && b.companion);
    EXPECT_NEAR(b.companion->skeleton->height_m, 1.1 * a.companion->skeleton->height_m, 1e-9);
    EXPECT_NEAR(b.companion->p_FC.y, 1.1 * a.companion->p_FC.y, 1e-9);
}

// ---- Balls -------------------------------------------------------------------------------------

TEST(BallChildren, HoldTheBallBetweenTheirHands) {
    int children = 0;
    for (const auto& member : shipped_cast()) {
        if (member->kind() != "ballchild") continue;
        ++children;
        EXPECT_EQ(member->hold, figure::Gesture::kBall);
        EXPECT_LT(member->skeleton->age_years, 12);
        const engine::world::Figure own{.skeleton = member->skeleton, .hold = member->hold};
        for (int k = 0; k < kPhases; ++k) {
            const figure::Movement movement{.phase_rad = 2 * math::kPi * k / kPhases,
                                            .speed_mps = 1.1,
                                            .gesture = member->hold};
            const auto frames = figure_frames(own, movement);
            const auto rows = skinning_of(own, frames);
            const Vec3 ball =
                frames[figure::index(Joint::kSpine3)] *
                (figure::ball_place(*member->skeleton) - member->skeleton->at(Joint::kSpine3));
            const double radius_m = figure::ball_radius_m(*member->skeleton);
            const MeshLod& skin = member->skin.lods.front();
            for (const Side side : {Side::kLeft, Side::kRight}) {
                double nearest_m = 1e9;
                for (std::size_t i = 0; i < skin.vertices.size(); ++i) {
                    const Binding& b = skin.bindings[i];
                    const auto hand = static_cast<std::uint8_t>(figure::of(side, Joint::kLeftHand));
                    const auto fingers =
                        static_cast<std::uint8_t>(figure::of(side, Joint::kLeftFingers));
                    if ((b.joints[0] != hand && b.joints[0] != fingers) || b.weights[0] < 128) {
                        continue;
                    }
                    const Vec3 p = skinned_point(rows, skin.vertices[i], b);
                    nearest_m = std::min(nearest_m, glm::distance(p, ball) - radius_m);
                }
                EXPECT_LT(nearest_m, 0.005) << member->name << " phase " << k;
                EXPECT_GT(nearest_m, -0.02) << member->name << " phase " << k;
            }
        }
    }
    if (!shipped_cast().empty()) {
        EXPECT_GE(children, 2);
    }
}

// ---- How often ---------------------------------------------------------------------------------

TEST(Walkers, OccurAsOftenAsInTowns) {
    const Catalogue catalogue = load_shipped().value();
    std::map<std::string, double> share;
    double all = 0;
    for (std::uint32_t i = 0; i < catalogue.models.size(); ++i) {
        const double weight = catalogue.walking.of(i);
        all += weight;
        const SolidModel* solid = carried(catalogue.models[i]);
        if (solid != nullptr) share[name(solid->rider->activity)] += weight;
        const Model& model = catalogue.models[i];
        if (model.name.starts_with("ballchild")) share["ball"] += weight;
    }
    EXPECT_NEAR(share["push_before"] / all, 0.02, 0.003);
    EXPECT_NEAR(share["lead"] / all, 0.03, 0.003);
    EXPECT_NEAR(share["pull"] / all, 0.01, 0.003);
    EXPECT_NEAR(share["ball"] / all, 0.01, 0.003);
}

TEST(Walkers, HaveNoFacesWithoutAnArea) {
    for (const Riding activity : {Riding::kPushBefore, Riding::kPull, Riding::kLead}) {
        for (const Walker& one : walkers(activity)) {
            for (const Part& part : one.archetype.parts) {
                for (const MeshLod& lod : one.scene.meshes[part.mesh].lods) {
                    for (std::size_t t = 0; t + 2 < lod.indices.size(); t += 3) {
                        const auto at = [&](std::size_t k) {
                            const Vertex& v = lod.vertices[lod.indices[t + k]];
                            return Vec3(v.p[0], v.p[1], v.p[2]);
                        };
                        const Vec3 cross = glm::cross(at(1) - at(0), at(2) - at(0));
                        ASSERT_GT(glm::length(cross), 1e-10)
                            << one.archetype.name << ": " << one.scene.meshes[part.mesh].name;
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace huntsman::scenarios::catalogue
