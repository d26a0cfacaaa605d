#include "bridge/score/perceived.h"

#include <gtest/gtest.h>

namespace huntsman::bridge::score {
namespace {

using engine::world::Semantic;
using sensors::labels::TrueObject;

messages::Perception seen(messages::ObjectClass c, double x_m, double score) {
    messages::Perception perception;
    auto& object = *perception.add_objects();
    object.set_object_class(c);
    object.set_x_m(x_m);
    object.set_score(score);
    return perception;
}

TEST(PerceivedLately, IsTheShareOfTheLastTenFrames) {
    const std::vector<TrueObject> truth{
        {.id = 5, .semantic = Semantic::kPedestrian, .centre_B = {20, 0, 1}}};
    const auto near = seen(messages::OBJECT_PEDESTRIAN, 21.5, 0.9);
    PerceivedLately lately;
    EXPECT_FALSE(lately.share(5)) << "nothing was perceived yet";
    for (int i = 0; i < 3; ++i) lately.observe(near, truth);
    EXPECT_DOUBLE_EQ(*lately.share(5), 0.3);
    for (int i = 0; i < 9; ++i) lately.observe({}, truth);
    EXPECT_DOUBLE_EQ(*lately.share(5), 0.1);
    lately.observe({}, truth);
    EXPECT_DOUBLE_EQ(*lately.share(5), 0.0);
    lately.observe(near, {});
    EXPECT_FALSE(lately.share(5)) << "it is gone";
}

TEST(PerceivedLately, AsksForClassPlaceAndScore) {
    const std::vector<TrueObject> truth{
        {.id = 5, .semantic = Semantic::kPedestrian, .centre_B = {20, 0, 1}},
        {.id = 6, .semantic = Semantic::kCar, .centre_B = {40, 0, 1}},
        {.id = 7, .semantic = Semantic::kAnimal, .centre_B = {20, 0, 1}}};
    const auto share = [&](const messages::Perception& perception, engine::world::ActorId id) {
        PerceivedLately lately;
        lately.observe(perception, truth);
        return lately.share(id);
    };
    EXPECT_DOUBLE_EQ(*share(seen(messages::OBJECT_PEDESTRIAN, 22.1, 0.9), 5), 0) << "too far";
    EXPECT_DOUBLE_EQ(*share(seen(messages::OBJECT_PEDESTRIAN, 20, 0.2), 5), 0) << "unsure";
    EXPECT_DOUBLE_EQ(*share(seen(messages::OBJECT_VEHICLE, 20, 0.9), 5), 0) << "another class";
    EXPECT_DOUBLE_EQ(*share(seen(messages::OBJECT_VEHICLE, 42.5, 0.9), 6), 0.1);
    EXPECT_FALSE(share({}, 7)) << "animals have no class";
}

}  // namespace
}  // namespace huntsman::bridge::score
