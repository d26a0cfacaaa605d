#include <gtest/gtest.h>

#include <cstring>
#include <new>

#include "bridge/train/train.h"
#include "engine/core/files.h"

namespace huntsman::bridge::train {
namespace {

using torch::Sample;
using torch::TrainingBox;

std::filesystem::path shard_file(const char* name) {
    return std::filesystem::path(testing::TempDir()) / (std::string("huntsman_") + name + ".shard");
}

// A sample whose box is made in memory that is full of `garbage`.
Sample sample_over(unsigned char garbage) {
    alignas(TrainingBox) unsigned char memory[sizeof(TrainingBox)];
    std::memset(memory, garbage, sizeof memory);
    const TrainingBox* box =
        new (memory) TrainingBox{.person = true, .x_m = 3, .yaw_rad = 0.5F, .ignore = true};
    Sample sample{.pictures = {1, 2, 3}, .boxes = {}, .crops = {4, 5}, .crop_classes = {6}};
    sample.boxes.push_back(*box);
    return sample;
}

TEST(Shard, GivesBackWhatWasWritten) {
    const auto path = shard_file("round_trip");
    ASSERT_TRUE(write_shard(path, {sample_over(0), Sample{}}));
    const auto read = read_shard(path);
    ASSERT_TRUE(read) << read.error().text();
    ASSERT_EQ(read->size(), 2);
    const Sample& first = read->front();
    EXPECT_EQ(first.pictures, (std::vector<std::uint8_t>{1, 2, 3}));
    EXPECT_EQ(first.crops, (std::vector<std::uint8_t>{4, 5}));
    EXPECT_EQ(first.crop_classes, (std::vector<std::uint8_t>{6}));
    ASSERT_EQ(first.boxes.size(), 1);
    EXPECT_TRUE(first.boxes[0].person);
    EXPECT_EQ(first.boxes[0].x_m, 3);
    EXPECT_EQ(first.boxes[0].yaw_rad, 0.5F);
    EXPECT_TRUE(first.boxes[0].ignore);
    EXPECT_TRUE((*read)[1].boxes.empty());
}

TEST(Shard, OfTheSameSamplesHasTheSameBytes) {
    const auto one = shard_file("one"), other = shard_file("other");
    ASSERT_TRUE(write_shard(one, {sample_over(0x00)}));
    ASSERT_TRUE(write_shard(other, {sample_over(0xAB)}));
    EXPECT_EQ(*engine::core::read_file(one), *engine::core::read_file(other));
}

TEST(Shard, ADamagedOneIsAnErrorThatNamesTheFile) {
    const auto path = shard_file("damaged");
    ASSERT_TRUE(write_shard(path, {sample_over(0)}));
    std::string content = *engine::core::read_file(path);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    ASSERT_TRUE(engine::core::write_file(path, content));
    const auto read = read_shard(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().file, path.string());
}

}  // namespace
}  // namespace huntsman::bridge::train
