#include "sensors/dataset/kitti/convert.h"

#include <gtest/gtest.h>

#include <cmath>

namespace huntsman::sensors::dataset::kitti {
namespace {

using engine::math::kPi;
using engine::math::RigidTransform;
using engine::math::Vec3;

// A camera at W's origin that looks along x, 1.65 m above the ground.
const RigidTransform kX_WC{engine::math::camera_rotation(0, 0), {0, 0, 1.65}};

Label label_of(const Vec3& p_W, double yaw_rad, const labels::ObjectInCamera& in) {
    labels::ObjectLabel object{.id = 5, .semantic = engine::world::Semantic::kCar};
    object.size_m = {4, 1.8, 1.5};
    object.X_WO = engine::math::upright(p_W + Vec3(0, 0, 0.75), yaw_rad);
    return *to_label(object, in, 1242, 375, kX_WC.inverse());
}
labels::ObjectInCamera seen() {
    labels::ObjectInCamera in{.id = 5, .visible = {100, 50, 200, 90}, .amodal = {100, 50, 200, 90}};
    in.visible_px = in.amodal_px = in.amodal_inside_px = 4000;
    return in;
}

TEST(KittiLabel, PlaceIsTheMiddleOfTheFootInTheCamerasFrame) {
    const Label label = label_of({20, 3, 0}, 0, seen());
    EXPECT_NEAR(label.p_C.x, -3, 1e-12);  // to the left
    EXPECT_NEAR(label.p_C.y, 1.65, 1e-12);
    EXPECT_NEAR(label.p_C.z, 20, 1e-12);
    EXPECT_EQ(label.height, 1.5);
    EXPECT_EQ(label.width, 1.8);
    EXPECT_EQ(label.length, 4);
}

TEST(KittiLabel, RotationIsZeroToTheRightAndNegativeAhead) {
    EXPECT_NEAR(label_of({20, 0, 0}, -0.5 * kPi, seen()).rotation_y, 0, 1e-12);
    EXPECT_NEAR(label_of({20, 0, 0}, 0, seen()).rotation_y, -0.5 * kPi, 1e-12);
    EXPECT_NEAR(std::abs(label_of({20, 0, 0}, 0.5 * kPi, seen()).rotation_y), kPi, 1e-12);
    // Straight ahead alpha is the same; to the right it is less by the direction.
    EXPECT_NEAR(label_of({20, 0, 0}, 0, seen()).alpha, -0.5 * kPi, 1e-12);
    EXPECT_NEAR(label_of({20, -20, 0}, 0, seen()).alpha, -0.75 * kPi, 1e-12);
}

TEST(KittiLabel, BoxesNameTheFirstAndTheLastPixel) {
    labels::ObjectInCamera in = seen();
    Label label = label_of({20, 0, 0}, 0, in);
    EXPECT_EQ(label.left, 100);
    EXPECT_EQ(label.right, 199);
    EXPECT_EQ(label.top, 50);
    EXPECT_EQ(label.bottom, 89);
    in.amodal = {-30, -5, 2000, 500};
    label = label_of({20, 0, 0}, 0, in);
    EXPECT_EQ(label.left, 0);
    EXPECT_EQ(label.right, 1241);
    EXPECT_EQ(label.top, 0);
    EXPECT_EQ(label.bottom, 374);
}

TEST(KittiLabel, OcclusionAndTruncationAreShares) {
    labels::ObjectInCamera in = seen();
    in.amodal_px = 8000;
    EXPECT_EQ(label_of({20, 0, 0}, 0, in).truncated, 0.5);
    for (const auto& [visible, level] : {std::pair{3700U, 0}, {3000U, 1}, {2100U, 1}, {1500U, 2}}) {
        in.visible_px = visible;
        EXPECT_EQ(label_of({20, 0, 0}, 0, in).occluded, level) << visible;
    }
}

TEST(KittiLabel, TextAndPoseComeBack) {
    const Label label = label_of({18, -4, 0}, 0.7, seen());
    const auto back = label_of_text(text_of(label));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->type, "Car");
    EXPECT_NEAR(back->rotation_y, label.rotation_y, 1e-6);
    const RigidTransform X_WO = kX_WC * pose_of(*back);
    EXPECT_NEAR(X_WO.yaw_rad(), 0.7, 1e-6);
    EXPECT_LT(glm::length(X_WO.p - Vec3(18, -4, 0.75)), 2e-4);  // four decimals
    for (const char* bad :
         {"", "Car", "Car 0 0 0 1 2 3 4 1 1 1 0 0 x 0", "Car 0.00 0 0 10 10 5 20 1 1 1 0 0 9 0",
          "Car 0.00 7 0 1 2 3 4 1 1 1 0 0 9 0", "Car 0.00 0 0 1 2 3 4 1 1 1 0 0 9 0 0.5 junk"}) {
        EXPECT_FALSE(label_of_text(bad)) << bad;
    }
}

TEST(KittiScan, XIsAheadAndYToTheLeft) { EXPECT_EQ(to_velodyne({1, 2, 3}), Vec3(2, -1, 3)); }

TEST(KittiType, EveryActorHasOneAndRidersAreCyclists) {
    using engine::world::Semantic;
    EXPECT_STREQ(type_of(Semantic::kBicycle), "Cyclist");
    EXPECT_STREQ(type_of(Semantic::kWheelchair), "Person_sitting");
    EXPECT_EQ(semantic_of_type("Person_sitting"), Semantic::kWheelchair);
    for (const Semantic s : {Semantic::kScooter, Semantic::kTrailer, Semantic::kAnimal,
                             Semantic::kMovable, Semantic::kMotorcycle}) {
        EXPECT_STREQ(type_of(s), "Misc");
    }
    for (int k = 0; k < engine::world::kSemantics; ++k) {
        const auto semantic = static_cast<Semantic>(k);
        EXPECT_EQ(type_of(semantic) != nullptr, engine::world::is_actor(semantic));
    }
}

}  // namespace
}  // namespace huntsman::sensors::dataset::kitti
