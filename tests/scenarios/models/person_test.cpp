// People that others made: what is known of a doll comes out of its file, whoever named its bones.
#include "scenarios/models/person.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/figure/motion.h"
#include "scenarios/catalogue/cast.h"
#include "scenarios/models/propose.h"
#include "tests/scenarios/models/doll.h"
#include "tests/support/mutation.h"

namespace huntsman::scenarios::models {
namespace {

namespace figure = engine::figure;
namespace fs = std::filesystem;
using engine::math::Vec3;
using figure::Joint;
using testing::HasSubstr;

constexpr DollNames kUnreal{.hips = "pelvis",
                            .spine = "spine_01",
                            .chest = "spine_02",
                            .neck = "neck_01",
                            .head = "head",
                            .shoulder = "clavicle_%",
                            .arm = "upperarm_%",
                            .forearm = "lowerarm_%",
                            .hand = "hand_%",
                            .finger = "index_01_%",
                            .thigh = "thigh_%",
                            .calf = "calf_%",
                            .foot = "foot_%",
                            .toes = "ball_%",
                            .left = "l",
                            .right = "r"};
constexpr DollNames kVrm{.hips = "J_Bip_C_Hips",
                         .spine = "J_Bip_C_Spine",
                         .chest = "J_Bip_C_Chest",
                         .neck = "J_Bip_C_Neck",
                         .head = "J_Bip_C_Head",
                         .shoulder = "J_Bip_%_Shoulder",
                         .arm = "J_Bip_%_UpperArm",
                         .forearm = "J_Bip_%_LowerArm",
                         .hand = "J_Bip_%_Hand",
                         .finger = "J_Bip_%_Index1",
                         .thigh = "J_Bip_%_UpperLeg",
                         .calf = "J_Bip_%_LowerLeg",
                         .foot = "J_Bip_%_Foot",
                         .toes = "J_Bip_%_ToeBase",
                         .left = "L",
                         .right = "R"};
constexpr DollNames kBiped{.hips = "Bip01 Pelvis",
                           .spine = "Bip01 Spine",
                           .chest = "Bip01 Spine1",
                           .neck = "Bip01 Neck",
                           .head = "Bip01 Head",
                           .shoulder = "Bip01 % Clavicle",
                           .arm = "Bip01 % UpperArm",
                           .forearm = "Bip01 % Forearm",
                           .hand = "Bip01 % Hand",
                           .finger = "Bip01 % Finger1",
                           .thigh = "Bip01 % Thigh",
                           .calf = "Bip01 % Calf",
                           .foot = "Bip01 % Foot",
                           .toes = "Bip01 % Toe0",
                           .left = "L",
                           .right = "R"};
constexpr DollNames kDaz{.hips = "hip",
                         .spine = "abdomenLower",
                         .chest = "chestUpper",
                         .neck = "neckLower",
                         .head = "head",
                         .shoulder = "%Collar",
                         .arm = "%ShldrBend",
                         .forearm = "%ForearmBend",
                         .hand = "%Hand",
                         .finger = "%Index1",
                         .thigh = "%ThighBend",
                         .calf = "%Shin",
                         .foot = "%Foot",
                         .toes = "%Toe",
                         .left = "l",
                         .right = "r"};

class Doll : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "huntsman_people" /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    Description description(const std::string& glb) const {
        std::ofstream(folder_ / "doll.glb") << glb;
        return {.name = "doll",
                .folder = folder_,
                .semantic = engine::world::Semantic::kPedestrian,
                .source = {.file = "doll.glb"}};
    }
    static engine::core::Result<BuiltPerson> build(const Description& d) {
        engine::core::Findings findings;
        return build_person(d, findings);
    }

    fs::path folder_;
};

TEST_F(Doll, StandsInTheRestPoseWhoeverNamedItsBones) {
    for (const DollNames& names : {DollNames{}, kUnreal, kVrm, kBiped, kDaz}) {
        SCOPED_TRACE(names.arm);
        const auto person = build(description(doll_glb(names)));
        ASSERT_TRUE(person) << person.error().text();
        const figure::Skeleton& s = person->model.skeleton;
        EXPECT_NEAR(s.height_m, 1.8, 0.002);
        const figure::Skeleton mean = figure::mean_skeleton(1.8);
        for (const Joint left :
             {Joint::kLeftUpperArm, Joint::kLeftLowerArm, Joint::kLeftThigh, Joint::kLeftCalf}) {
            for (const Joint joint : {left, figure::mirrored(left)}) {
                const auto end = static_cast<Joint>(figure::index(joint) + 1);
                const Vec3 way = glm::normalize(s.at(end) - s.at(joint));
                const Vec3 wanted = glm::normalize(mean.at(end) - mean.at(joint));
                EXPECT_GT(glm::dot(way, wanted), 0.99999) << figure::name(joint);
            }
        }
        // Lengths of bones stay.
        EXPECT_NEAR(glm::distance(s.at(Joint::kRightUpperArm), s.at(Joint::kRightLowerArm)), 0.28,
                    1e-4);
        EXPECT_NEAR(glm::distance(s.at(Joint::kRightThigh), s.at(Joint::kRightCalf)), 0.43, 1e-4);
        EXPECT_NEAR(s.at(Joint::kLeftUpperArm).y, 0.19, 0.002);
        EXPECT_NEAR(s.at(Joint::kPelvis).z, 0.95, 0.01);
        for (std::size_t foot = 0; foot < 2; ++foot) {
            EXPECT_NEAR(s.tips[foot].x, 0.2, 0.03);
            EXPECT_LT(s.heels[foot].x, 0.05);
            EXPECT_GT(s.balls[foot].x, s.heels[foot].x);
        }
        for (const auto& level : person->model.levels) {
            for (const figure::Vertex& v : level.vertices) {
                EXPECT_EQ(v.weights[0] + v.weights[1] + v.weights[2] + v.weights[3], 255);
                EXPECT_EQ(v.matter, figure::Matter::kPicture);
            }
        }
    }
}

// Each vertex of the doll is rigid with its bone, so what a joint carries keeps its distance to it
// in any pose.
TEST_F(Doll, IsMovedByTheProgramsMotion) {
    const auto person = build(description(doll_glb()));
    ASSERT_TRUE(person) << person.error().text();
    const auto member = catalogue::cast_member(person->model, person->pictures);
    for (const double speed : {0.0, 1.4, 3.5}) {
        for (int i = 0; i < 12; ++i) {
            const figure::Movement movement{.phase_rad = 0.5 * i, .speed_mps = speed};
            const figure::Pose pose = figure::pose_of(*member->skeleton, movement);
            const figure::Frames frames = figure::forward(*member->skeleton, pose);
            double low = 1e9, high = -1e9;
            for (const figure::Vertex& v : person->model.levels[0].vertices) {
                const auto X = figure::skinning_transform(*member->skeleton, frames,
                                                          static_cast<Joint>(v.joints[0]));
                const Vec3 p = X * Vec3(v.p[0], v.p[1], v.p[2]);
                low = std::min(low, p.z);
                high = std::max(high, p.z);
            }
            EXPECT_NEAR(low, 0, 0.05) << speed << " m/s, " << i;
            EXPECT_NEAR(high, 1.78, 0.15) << speed << " m/s, " << i;
        }
    }
}

TEST_F(Doll, WearsItsTexture) {
    const auto person = build(description(doll_glb({}, 1, true)));
    ASSERT_TRUE(person) << person.error().text();
    ASSERT_EQ(person->pictures.size(), 1U);
    const engine::world::Picture& picture = *person->pictures[0];
    EXPECT_EQ(picture.size_px, 8);
    EXPECT_NEAR(picture.roughness, 0.7, 0.01);
    // sRGB 200 is 0.578 linear, and half of it 0.289; 30 is 0.0130.
    const std::uint8_t* last = picture.texels.data() + picture.texels.size() - 4;
    EXPECT_NEAR(last[0], 255 * std::sqrt(0.289), 1);
    EXPECT_NEAR(last[1], 255 * std::sqrt(0.0130), 1);
    EXPECT_EQ(last[3], 255);
    EXPECT_LT(picture.texels[3], 8);
    const auto member = catalogue::cast_member(person->model, person->pictures);
    for (const auto& lod : member->skin.lods) {
        ASSERT_EQ(lod.submeshes.size(), 1U);
        EXPECT_EQ(lod.submeshes[0].material, engine::world::Material::kPicture);
        EXPECT_EQ(lod.submeshes[0].picture, 0U);
    }
    EXPECT_EQ(member->pieces.size(), 17U);
}

TEST_F(Doll, WithoutFingersToesAndCollarsIsCompleted) {
    DollNames plain;
    plain.finger = plain.toes = plain.shoulder = "";
    const auto person = build(description(doll_glb(plain)));
    // A box for a hand has no corner between wrist and tips that fingers could begin at.
    ASSERT_TRUE(person) << person.error().text();
    const figure::Skeleton& s = person->model.skeleton;
    EXPECT_GT(glm::distance(s.at(Joint::kLeftFingers), s.at(Joint::kLeftHand)), 0.04);
    EXPECT_GT(s.at(Joint::kLeftToes).x, s.at(Joint::kLeftFoot).x);
    EXPECT_GT(s.at(Joint::kLeftClavicle).y, 0);
}

TEST_F(Doll, ComesInAnyUnitAndIsScaledToAHeight) {
    Description d = description(doll_glb({}, 100));
    EXPECT_THAT(build(d).error().text(), HasSubstr("is 180 m high with a unit of 1 m, expected 0.5 "
                                                   "to 2.5 m; set unit_m or height_m"));
    d.unit_m = 0.01;
    const auto metric = build(d);
    ASSERT_TRUE(metric) << metric.error().text();
    EXPECT_NEAR(metric->model.skeleton.height_m, 1.8, 0.002);
    d.unit_m.reset();
    d.height_m = 1.2;
    const auto child = build(d);
    ASSERT_TRUE(child) << child.error().text();
    EXPECT_NEAR(child->model.skeleton.height_m, 1.2, 0.002);
}

TEST_F(Doll, IsProposedAsAPerson) {
    std::ofstream(folder_ / "doll.glb") << doll_glb({}, 100);
    engine::core::Findings findings;
    const auto proposal =
        propose({.file = (folder_ / "doll.glb").string()}, "doll", folder_, findings);
    ASSERT_TRUE(proposal) << proposal.error().text();
    EXPECT_TRUE(is_person(proposal->description));
    EXPECT_EQ(proposal->description.forward, Axis::kZ);
    EXPECT_EQ(proposal->description.up, Axis::kY);
    EXPECT_EQ(proposal->description.unit_m, 0.01);
    std::ofstream(folder_ / "doll.json") << to_json(proposal->description);
    const auto read = load_description(folder_ / "doll.json");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(build(*read));
}

// Unreal's skeletons have a root on the ground.
TEST_F(Doll, ARootOnTheGroundIsNotThePelvis) {
    DollNames with_root = kUnreal;
    with_root.root = "root";
    const auto person = build(description(doll_glb(with_root)));
    ASSERT_TRUE(person) << person.error().text();
    EXPECT_NEAR(person->model.skeleton.at(Joint::kPelvis).z, 0.95, 0.01);
}

TEST_F(Doll, NamesWhatIsMissing) {
    DollNames other;
    other.forearm = "thing %";
    Description d = description(doll_glb(other));
    EXPECT_THAT(build(d).error().text(),
                HasSubstr("has no node that is known for left_lower_arm, right_lower_arm"));
    d.joints = {{"left_lower_arm", "thing Left"}, {"right_lower_arm", "thing Right"}};
    EXPECT_TRUE(build(d));
    d.joints = {{"left_lower_arm", "nothing"}};
    EXPECT_THAT(build(d).error().text(), HasSubstr("joints[0]: the file has no node 'nothing'"));
    d.joints = {{"elbow", "thing Left"}};
    EXPECT_THAT(build(d).error().text(),
                HasSubstr("joints[0]: there is no joint 'elbow', expected one of: pelvis"));
}

TEST_F(Doll, DamagedFilesAreErrors) {
    const std::string whole = doll_glb();
    int read = 0;
    const std::uint64_t files = tests::mutations(40);
    for (std::uint64_t seed = 0; seed < files; ++seed) {
        const engine::core::Dice dice(engine::core::Key(seed).with("doll"));
        const auto person = build(description(tests::mutated(whole, dice)));
        read += person.ok();
        if (!person) EXPECT_FALSE(person.error().text().empty());
    }
    std::printf("%d of %d damaged files are read\n", read, static_cast<int>(files));
}

TEST(JointNames, AreKnown) {
    const std::pair<const char*, std::optional<Joint>> kKnown[] = {
        {"mixamorig:LeftHandThumb2", Joint::kLeftThumbTip},
        {"mixamorig1:RightForeArm", Joint::kRightLowerArm},
        {"LeftHandPinky3", Joint::kLeftFingertips},
        {"thumb_01_r", Joint::kRightThumb},
        {"index_metacarpal_l", std::nullopt},
        {"upperarm_twist_01_l", std::nullopt},
        {"ik_hand_l", std::nullopt},
        {"Bip01 R Finger0", Joint::kRightThumb},
        {"Bip01 R Finger01", Joint::kRightThumbTip},
        {"Bip01 L Finger2", Joint::kLeftFingers},
        {"Bip01 L Finger21", Joint::kLeftFingertips},
        {"LeftHandMiddleProximal", Joint::kLeftFingers},
        {"LeftRingDistal", Joint::kLeftFingertips},
        {"CC_Base_L_Thigh", Joint::kLeftThigh},
        {"DEF-shin.R", Joint::kRightCalf},
        {"lEye", Joint::kLeftEye},
        {"spine_02", std::nullopt},
        {"HeadTop_End", std::nullopt},
        {"neck_02", std::nullopt},
        {"Character1_LeftUpLeg", Joint::kLeftThigh},
        {"", std::nullopt},
        {"L", std::nullopt},
        {"9999999999999999_l", std::nullopt}};
    for (const auto& [name, joint] : kKnown) EXPECT_EQ(joint_named(name), joint) << name;
}

}  // namespace
}  // namespace huntsman::scenarios::models
