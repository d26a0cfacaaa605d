#include "bridge/torch/network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/core/random.h"

namespace huntsman::bridge::torch {
namespace {

CameraGeometry camera(double yaw_rad, double fov_rad = 2.0) {
    const double f = 64 / std::tan(fov_rad / 2);
    return {128,
            80,
            {.fx = f, .fy = f, .cx = 64, .cy = 40},
            {engine::math::camera_rotation(yaw_rad, 0), {1, 0, 1.3}}};
}

std::vector<CameraGeometry> four_cameras() {
    std::vector<CameraGeometry> cameras;
    for (const double yaw : {0.0, 1.57, 3.14, -1.57}) cameras.push_back(camera(yaw));
    return cameras;
}

Sample random_sample(std::uint64_t seed, std::size_t cameras) {
    const engine::core::Key key(seed);
    Sample sample;
    sample.pictures.resize(cameras * 3 * kInputHeight * kInputWidth);
    for (std::size_t i = 0; i < sample.pictures.size(); ++i) {
        sample.pictures[i] = static_cast<std::uint8_t>(key.index(256, i));
    }
    sample.boxes = {{.x_m = 8,
                     .y_m = 2,
                     .z_m = 0.7F,
                     .length_m = 4.4F,
                     .width_m = 1.8F,
                     .height_m = 1.5F,
                     .yaw_rad = 0.4F},
                    {.person = true,
                     .x_m = -5,
                     .y_m = -3,
                     .z_m = 0.9F,
                     .length_m = 0.5F,
                     .width_m = 0.5F,
                     .height_m = 1.8F}};
    sample.crops.assign(3 * kCropSide * kCropSide, static_cast<std::uint8_t>(40 + 20 * seed));
    sample.crop_classes = {kSignalGreen};
    return sample;
}

TEST(Lift, APointStraightAheadComesFromTheMiddleOfTheFrontCamera) {
    const std::vector<CameraGeometry> cameras = {camera(0.0)};
    const Lift lift = make_lift(cameras);
    ASSERT_EQ(lift.offset.size(), static_cast<std::size_t>(kRows * kColumns) * 4 + 1);
    double strongest_row = 0;
    // The cell at x = 30, y = ±0.6 (two columns beside the axis), z = 0.9.
    const int i = static_cast<int>((30.0 - kX0_m) / kCell_m);
    const std::size_t bag = static_cast<std::size_t>(i * kColumns + kColumns / 2) * 4 + 1;
    double sum = 0, column = 0;
    for (auto k = lift.offset[bag]; k < lift.offset[bag + 1]; ++k) {
        const auto at = static_cast<std::size_t>(k);
        sum += lift.weight[at];
        column += lift.weight[at] * static_cast<double>(lift.index[at] % 32);
        strongest_row += lift.weight[at] * static_cast<double>(lift.index[at] / 32);
    }
    EXPECT_NEAR(sum, 1.0, 1e-6);
    // u = 64 − fx·0.6/29.6 → feature column (u/4 − 0.5).
    const double fx = 64 / std::tan(1.0);
    const double x = kX0_m + (i + 0.5) * kCell_m - 1.0;
    const double y = kY0_m + (kColumns / 2 + 0.5) * kCell_m;
    EXPECT_NEAR(column, (64 - fx * y / x) / 4 - 0.5, 1e-5);
    EXPECT_NEAR(strongest_row, (40 + fx * (1.3 - 0.9) / x) / 4 - 0.5, 1e-5);
    // Behind the camera nothing is seen.
    EXPECT_EQ(lift.offset[0], lift.offset[4]);
}

TEST(Target, DecodingATargetGivesTheBoxesBack) {
    Target target;
    const Sample sample = random_sample(1, 1);
    make_target(sample.boxes, target);
    messages::Perception perception;
    decode_boxes(target.maps, 0.9, perception);
    ASSERT_EQ(perception.objects_size(), 2);
    for (const auto& object : perception.objects()) {
        const bool person = object.object_class() == messages::OBJECT_PEDESTRIAN;
        const TrainingBox& box = sample.boxes[person ? 1 : 0];
        EXPECT_NEAR(object.x_m(), box.x_m, 1e-4);
        EXPECT_NEAR(object.y_m(), box.y_m, 1e-4);
        EXPECT_NEAR(object.length_m(), box.length_m, 1e-4);
        EXPECT_NEAR(object.yaw_rad(), box.yaw_rad, 1e-4);
    }
}

TEST(ReducePicture, WholeBlocksAndOddSizesKeepTheMean) {
    for (const auto& [width, height] :
         {std::pair{640, 400}, std::pair{256, 160}, std::pair{200, 130}, std::pair{64, 40}}) {
        std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width * height) * 3);
        for (std::size_t i = 0; i < rgb.size(); ++i) {
            rgb[i] = static_cast<std::uint8_t>(i % 3 == 0 ? 200 : i % 3 == 1 ? 100 : 50);
        }
        std::vector<std::uint8_t> planes(3 * kInputWidth * kInputHeight);
        reduce_picture(rgb.data(), width, height, planes.data());
        EXPECT_EQ(planes.front(), 200);
        EXPECT_EQ(planes[kInputWidth * kInputHeight], 100);
        EXPECT_EQ(planes.back(), 50);
    }
}

TEST(Crop, HeadFacingTheCameraIsFoundAndFromBehindIsNot) {
    const std::vector<CameraGeometry> cameras = four_cameras();
    messages::SignalPlace head;
    head.set_x_m(9);
    head.set_y_m(0);
    head.set_z_m(1.3);
    head.set_height_m(1.0);
    head.set_heading_rad(engine::math::kPi);  // shines back at us
    CropPlace place;
    ASSERT_TRUE(place_crop(head, cameras, place));
    EXPECT_EQ(place.camera, 0);
    EXPECT_NEAR(place.u, 64, 1e-6);
    EXPECT_NEAR(place.height_px, cameras[0].lens.fy / 8.0, 1e-6);
    head.set_heading_rad(0);
    EXPECT_FALSE(place_crop(head, cameras, place));
}

TEST(Network, TrainingLowersTheLossIsRepeatableAndSurvivesACheckpoint) {
    const auto cameras = four_cameras();
    const Lift lift = make_lift(cameras);
    const Sample a = random_sample(1, 4), b = random_sample(2, 4);
    const std::vector<const Sample*> batch = {&a, &b};
    const auto folder = std::filesystem::temp_directory_path() / "huntsman_network_test";
    std::filesystem::create_directories(folder);
    double first = 0, last = 0;
    auto created = Trainer::create(7, lift, 2);
    ASSERT_TRUE(created.ok()) << created.error().text();
    Trainer& trainer = **created;
    for (int i = 0; i < 12; ++i) {
        const auto loss = trainer.step(batch, 2e-3);
        ASSERT_TRUE(loss.ok()) << loss.error().text();
        if (i == 0) first = loss->total();
        last = loss->total();
        if (i == 5) {
            ASSERT_TRUE(trainer.save_checkpoint(folder / "c.pt", 6));
        }
    }
    EXPECT_LT(last, 0.6 * first);

    // From the checkpoint the second half comes out the same.
    auto second = Trainer::create(99, lift, 2);
    ASSERT_TRUE(second.ok());
    Trainer& resumed = **second;
    const auto mark = resumed.load_checkpoint(folder / "c.pt");
    ASSERT_TRUE(mark.ok()) << mark.error().text();
    EXPECT_EQ(*mark, 6);
    double again = 0;
    for (int i = 6; i < 12; ++i) again = resumed.step(batch, 2e-3)->total();
    EXPECT_EQ(again, last);

    // A saved network answers with the same bits.
    ASSERT_TRUE(trainer.network().save(folder / "n.pt"));
    auto loaded = Network::load(folder / "n.pt");
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    (*loaded)->set_lift(lift);
    auto loaded_again = Network::load(folder / "n.pt");
    (*loaded_again)->set_lift(lift);
    Inference one, two;
    ASSERT_TRUE((*loaded)->infer(a.pictures, a.crops, one));
    ASSERT_TRUE((*loaded_again)->infer(a.pictures, a.crops, two));
    EXPECT_EQ(one.maps, two.maps);
    ASSERT_EQ(one.signals.size(), 1U);
    EXPECT_NEAR(one.signals[0][0] + one.signals[0][1] + one.signals[0][2] + one.signals[0][3], 1.0,
                1e-5);

    // Damaged files are refused in one sentence.
    std::ofstream(folder / "bad.pt") << "no network";
    EXPECT_FALSE(Network::load(folder / "bad.pt").ok());
    EXPECT_FALSE(Network::load(folder / "none.pt").ok());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace huntsman::bridge::torch
